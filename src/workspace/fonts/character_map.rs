//! Limits of the `cmap` table (OpenType 1.9.1 §`cmap`).
//!
//! Typst iterates over every character of every range of this table. A damaged range can have four billion characters, so their
//! number is limited before a font is parsed.

/// The last character of Unicode.
const LAST: u64 = 0x10_FFFF;

/// Maximum total number of characters in all subtables. Several encodings of a font usually share a subtable, so four subtables
/// may contain all of Unicode.
const MAX_CHARACTERS: u64 = 4 * (LAST + 1);

/// Returns whether all ranges of a table are inside Unicode and their total number of characters is at most `MAX_CHARACTERS`.
pub fn is_bounded(table: &[u8]) -> bool {
    character_count(table).is_some_and(|count| count <= MAX_CHARACTERS)
}

/// Returns the total number of characters in the Unicode subtables; `None` if a range exceeds Unicode.
fn character_count(table: &[u8]) -> Option<u64> {
    let mut sum = 0;
    for record in 0..number(table, 2, 2).unwrap_or(0) {
        let at = 4 + 8 * record;
        let (Some(platform), Some(encoding), Some(start)) =
            (number(table, at, 2), number(table, at + 2, 2), number(table, at + 4, 4))
        else {
            break;
        };
        if platform == 0 || platform == 3 && matches!(encoding, 0 | 1 | 10) {
            let subtable = usize::try_from(start).ok().and_then(|start| table.get(start..)).unwrap_or_default();
            sum += subtable_size(subtable)?;
            if sum > MAX_CHARACTERS {
                return None;
            }
        }
    }
    Some(sum)
}

/// Returns the number of characters in a subtable; `None` if a range exceeds Unicode.
fn subtable_size(subtable: &[u8]) -> Option<u64> {
    let own = |at, size| number(subtable, at, size).unwrap_or(0);
    match own(0, 2) {
        0 => Some(256),
        // For each first byte, the second byte has its own range.
        2 => Some(1 << 16),
        4 => Some(segments(subtable)),
        6 => Some(own(8, 2)),
        10 => range_size(own(12, 4), own(12, 4) + own(16, 4)),
        12 | 13 => groups(subtable),
        // Format 8 is not read, and format 14 contains variation sequences.
        _ => Some(0),
    }
}

/// Returns the number of characters in a subtable of format 4.
fn segments(subtable: &[u8]) -> u64 {
    let twice = number(subtable, 6, 2).unwrap_or(0);
    let range = |segment: u64| {
        let end = number(subtable, 14 + 2 * segment, 2)?;
        let start = number(subtable, 16 + twice + 2 * segment, 2)?;
        Some((end + 1).saturating_sub(start))
    };
    (0..twice / 2).map_while(range).sum()
}

/// Returns the number of characters in a subtable of format 12 or 13; `None` if a range exceeds Unicode.
fn groups(subtable: &[u8]) -> Option<u64> {
    let mut sum = 0;
    for group in 0..number(subtable, 12, 4).unwrap_or(0) {
        let at = 16 + 12 * group;
        let (Some(start), Some(last)) = (number(subtable, at, 4), number(subtable, at + 4, 4)) else { break };
        sum += range_size(start, (last + 1).max(start))?;
    }
    Some(sum)
}

/// Returns the size of a range, whose end is exclusive; `None` if it exceeds Unicode.
fn range_size(start: u64, end: u64) -> Option<u64> {
    (end <= LAST + 1).then(|| end - start)
}

/// Reads an integer of `size` bytes; `None` beyond the end of the table.
fn number(bytes: &[u8], at: u64, size: u64) -> Option<u64> {
    let start = usize::try_from(at).ok()?;
    let end = usize::try_from(at.checked_add(size)?).ok()?;
    Some(bytes.get(start..end)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a table with one subtable for each of the `encodings` of platform 3.
    fn table(encodings: &[u16], subtable: &[u8]) -> Vec<u8> {
        let mut table = vec![0, 0];
        table.extend(u16::try_from(encodings.len()).unwrap().to_be_bytes());
        for encoding in encodings {
            table.extend([0, 3]);
            table.extend(encoding.to_be_bytes());
            table.extend(u32::try_from(4 + 8 * encodings.len()).unwrap().to_be_bytes());
        }
        table.extend(subtable);
        table
    }

    /// Returns a subtable of format 12.
    fn groups_of(ranges: &[(u32, u32)]) -> Vec<u8> {
        let mut subtable = vec![0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        subtable.extend(u32::try_from(ranges.len()).unwrap().to_be_bytes());
        for (start, last) in ranges {
            [*start, *last, 1].iter().for_each(|number| subtable.extend(number.to_be_bytes()));
        }
        subtable
    }

    #[test]
    fn ranges_end_in_unicode() {
        assert!(is_bounded(&table(&[10], &groups_of(&[(0x20, 0x7E), (0x1F600, 0x10_FFFF)]))));
        for ranges in [&[(0x20, 0x0800_007E)][..], &[(0x20, 0x11_0000)], &[(0x20, 0x30), (0xFFFF_FFFF, 0xFFFF_FFFF)]] {
            assert!(!is_bounded(&table(&[10], &groups_of(ranges))), "{ranges:?}");
        }
    }

    #[test]
    fn repeated_ranges_are_limited() {
        let all = groups_of(&[(0, 0x10_FFFF)]);
        assert!(is_bounded(&table(&[10; 4], &all)));
        assert!(!is_bounded(&table(&[10; 5], &all)));
        assert!(!is_bounded(&table(&[10], &groups_of(&[(0, 0x10_FFFF); 5]))));
        // 8,191 segments of all characters of the Basic Multilingual Plane.
        let mut segments = vec![0, 4, 0, 0, 0, 0, 0x3F, 0xFE, 0, 0, 0, 0, 0, 0];
        segments.extend([0xFF; 16_382]);
        segments.extend([0; 2]);
        segments.extend([0; 16_382]);
        assert!(!is_bounded(&table(&[1], &segments)));
    }

    #[test]
    fn damaged_tables_are_bounded() {
        for table in [&[][..], &[0, 0, 0xFF, 0xFF], &table(&[1], &[0, 4, 0, 0, 0, 0, 0xFF, 0xFF]), &table(&[10], &[0, 12])] {
            assert!(is_bounded(table), "{table:?}");
        }
    }
}
