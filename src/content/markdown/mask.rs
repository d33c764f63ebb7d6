//! Masking of characters that the parser does not accept.

/// Stand-in for a colon in the attributes of a container, which comrak 0.59 does not accept. Sources cannot contain this control
/// character.
const COLON: char = '\u{1F}';

/// Stand-in for a bar that would start a cell after the last column of a table. Sources cannot contain this control character.
const BAR: char = '\u{1E}';

/// Masks the bars at these byte offsets. The offsets of other characters do not change.
pub fn mask_bars(text: &str, bars: &[usize]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut from = 0;
    for bar in bars {
        masked.push_str(text.get(from..*bar).unwrap_or_default());
        masked.push(BAR);
        from = bar + 1;
    }
    masked.push_str(text.get(from..).unwrap_or_default());
    masked
}

/// Masks the colons after the fence of a container. Byte offsets do not change.
pub fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let fence = line.trim_start_matches([' ', '\t', '>']);
        let info = fence.trim_start_matches(':');
        if fence.len() - info.len() < 3 {
            masked.push_str(line);
            continue;
        }
        masked.push_str(&line[..line.len() - info.len()]);
        masked.push_str(&info.replace(':', COLON.encode_utf8(&mut [0; 4])));
    }
    masked
}

/// Restores the masked characters.
pub fn unmask(text: &str) -> String {
    text.replace(COLON, ":").replace(BAR, "|")
}
