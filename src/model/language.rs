//! The direction of a language.

use unicode_bidi::{BidiClass, bidi_class};

/// The direction of the lines of a language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From left to right.
    #[default]
    LeftToRight,
    /// From right to left.
    RightToLeft,
}

/// Languages of the IANA registry whose default script is one of [`SCRIPTS`]. A script in the language tag takes precedence.
const LANGUAGES: [&str; 27] = [
    "ar", "arc", "arz", "azb", "bal", "bqi", "ckb", "dv", "fa", "glk", "he", "khw", "ks", "lrc", "mzn", "nqo", "pnb", "prs",
    "ps", "sam", "sd", "skr", "syr", "ug", "ur", "yi", "yid",
];

/// Scripts that are written from right to left (ISO 15924).
const SCRIPTS: [&str; 12] = ["adlm", "arab", "aran", "armi", "hebr", "mand", "mend", "nkoo", "rohg", "samr", "syrc", "thaa"];

impl Direction {
    /// Returns the direction of a language tag (BCP 47), from its script if it has one.
    pub fn of(tag: &str) -> Self {
        let lower = tag.to_ascii_lowercase();
        let mut parts = lower.split('-');
        let language = parts.next().unwrap_or_default();
        let right = match parts.find(|part| part.len() == 4 && part.bytes().all(|b| b.is_ascii_alphabetic())) {
            Some(script) => SCRIPTS.contains(&script),
            None => LANGUAGES.contains(&language),
        };
        if right { Self::RightToLeft } else { Self::LeftToRight }
    }

    /// Returns its name in Typst and XHTML.
    pub fn name(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }

    /// Returns whether words of this direction are displayed correctly in a line of the other direction without markup: they
    /// start and end with a letter of this direction and contain none of the other (Unicode Standard Annex 9).
    pub fn is_plain(self, text: &str) -> bool {
        let own = |c: char| match (self, bidi_class(c)) {
            (Self::LeftToRight, class) => class == BidiClass::L,
            (Self::RightToLeft, class) => matches!(class, BidiClass::R | BidiClass::AL),
        };
        let strong = |c: char| matches!(bidi_class(c), BidiClass::L | BidiClass::R | BidiClass::AL);
        let ends = text.chars().next().is_some_and(own) && text.chars().next_back().is_some_and(own);
        ends && text.chars().filter(|c| strong(*c)).all(own)
    }
}

/// Returns whether a text has letters of a script that is written from right to left.
pub fn has_right_to_left(text: &str) -> bool {
    // These letters are at or above U+0590, and most texts are ASCII.
    !text.is_ascii() && text.chars().any(|c| c >= '\u{590}' && matches!(bidi_class(c), BidiClass::R | BidiClass::AL))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_takes_precedence_over_the_language() {
        use Direction::*;
        for (tag, wanted) in [
            ("ar", RightToLeft),
            ("he-IL", RightToLeft),
            ("az", LeftToRight),
            ("az-Arab", RightToLeft),
            ("ar-Latn", LeftToRight),
            ("pa-Arab-PK", RightToLeft),
            ("fr", LeftToRight),
            ("ja", LeftToRight),
        ] {
            assert_eq!(Direction::of(tag), wanted, "{tag}");
        }
    }

    #[test]
    fn words_need_no_markup_if_all_letters_have_one_direction() {
        assert!(Direction::RightToLeft.is_plain("מים, שלום"));
        assert!(!Direction::RightToLeft.is_plain("שלום!"), "the exclamation mark would move to the other side");
        assert!(!Direction::RightToLeft.is_plain("שלום abc שלום"));
        assert!(!Direction::RightToLeft.is_plain(""));
    }
}
