//! Which characters a run holds: most rules have nothing to do in most runs, and this says so without reading them.

/// A set of characters that may also claim one that it does not hold, and never denies one that it does: it holds the bytes of
/// their UTF-8.
#[derive(Clone, Copy, Debug)]
pub struct Held([bool; 256]);

impl Default for Held {
    fn default() -> Self {
        Self([false; 256])
    }
}

impl Held {
    /// Adds a character. A digit of any script counts as `0` too.
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

    /// Tells whether a character may be held.
    pub fn has(&self, c: char) -> bool {
        c.encode_utf8(&mut [0; 4]).bytes().all(|byte| self.0[usize::from(byte)])
    }

    /// Tells whether one of these characters may be held.
    pub fn has_any(&self, chars: &str) -> bool {
        chars.chars().any(|c| self.has(c))
    }
}

#[cfg(test)]
mod tests {
    use super::Held;

    #[test]
    fn what_is_held_is_never_denied() {
        let mut held = Held::default();
        assert!(!held.has_any("a0é«"));
        "aé½".chars().for_each(|c| held.add(c));
        assert!(held.has('a') && held.has('é') && held.has('0') && !held.has('b') && !held.has('«'));
    }
}
