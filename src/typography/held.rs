//! Which characters a run holds: most rules have nothing to do in most runs, and this says so without reading them.

/// A set of characters that may also claim one that it does not hold, and never denies one that it does.
#[derive(Clone, Copy, Debug, Default)]
pub struct Held {
    ascii: u128,
    /// The others, each by its number modulo 128.
    other: u128,
}

impl Held {
    /// Adds a character. A digit of any script counts as `0` too.
    pub fn add(&mut self, c: char) {
        *self.row(c) |= bit(c);
        if c.is_numeric() {
            self.ascii |= bit('0');
        }
    }

    /// Tells whether a character may be held.
    pub fn has(&self, c: char) -> bool {
        (if c.is_ascii() { self.ascii } else { self.other }) & bit(c) != 0
    }

    /// Tells whether one of these characters may be held.
    pub fn has_any(&self, chars: &str) -> bool {
        chars.chars().any(|c| self.has(c))
    }

    fn row(&mut self, c: char) -> &mut u128 {
        if c.is_ascii() { &mut self.ascii } else { &mut self.other }
    }
}

fn bit(c: char) -> u128 {
    1 << (u32::from(c) % 128)
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
