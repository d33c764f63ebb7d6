//! Word lists of the prose checks, with one file per language.

mod english;
mod french;

/// The words of a language.
#[derive(Debug)]
pub struct CheckedWords {
    /// Primary subtag of the language.
    tag: &'static str,
    /// Words that are correctly written twice in a row.
    pub doubled: &'static [&'static str],
    /// Words that are often written without the accent of their capital, and their correct spellings.
    pub capitals: &'static [(&'static str, &'static str)],
    /// First bytes of `capitals`.
    pub initials: &'static [u8],
    /// Words before which « A » at the start of a sentence is the preposition « À ».
    pub after_a: &'static [&'static str],
    /// Frequent short words that do not occur in similar languages.
    pub small: &'static [&'static str],
}

const WORDS: [&CheckedWords; 2] = [&french::WORDS, &english::WORDS];

impl CheckedWords {
    /// Returns the words of a language, given its primary subtag.
    pub fn of(primary: &str) -> Option<&'static Self> {
        WORDS.into_iter().find(|words| words.tag == primary)
    }
}
