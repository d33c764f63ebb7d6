//! A filter that quickly excludes most rules for a run, by the characters that the run contains.

/// A set of characters that stores the bytes of their UTF-8 encodings. Lookups have false positives but no false negatives.
#[derive(Clone, Copy, Debug)]
pub struct CharacterFilter([bool; 256]);

impl Default for CharacterFilter {
    fn default() -> Self {
        Self([false; 256])
    }
}

impl CharacterFilter {
    /// Adds a character. For a digit of any script, also adds `0`.
    pub fn add(&mut self, c: char) {
        if c.is_ascii() {
            self.0[usize::from(c as u8)] = true;
        } else {
            c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| self.0[usize::from(byte)] = true);
        }
        if c.is_numeric() {
            self.0[usize::from(b'0')] = true;
        }
    }

    /// Returns whether the set may contain a character.
    pub fn has(&self, c: char) -> bool {
        c.encode_utf8(&mut [0; 4]).bytes().all(|byte| self.0[usize::from(byte)])
    }

    /// Returns whether the set may contain one of these characters.
    pub fn has_any(&self, chars: &str) -> bool {
        chars.chars().any(|c| self.has(c))
    }
}

#[cfg(test)]
mod tests {
    use super::CharacterFilter;

    #[test]
    fn has_no_false_negatives() {
        let mut filter = CharacterFilter::default();
        assert!(!filter.has_any("a0é«"));
        "aé½".chars().for_each(|c| filter.add(c));
        assert!(filter.has('a') && filter.has('é') && filter.has('0') && !filter.has('b') && !filter.has('«'));
    }
}
