//! Words for the checks of English.

use super::CheckedWords;

pub const WORDS: CheckedWords = CheckedWords {
    tag: "en",
    doubled: &["had", "that", "is", "very"],
    capitals: &[],
    initials: &[],
    after_a: &[],
    small: &[
        "the", "and", "of", "to", "that", "was", "for", "it", "with", "as", "are", "this", "be", "not", "by", "have", "from",
    ],
};
