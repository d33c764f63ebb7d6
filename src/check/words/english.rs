//! English words.

use super::Words;

pub const WORDS: Words = Words {
    tag: "en",
    doubled: &["had", "that", "is", "very"],
    capitals: &[],
    initials: &[],
    after_a: &[],
    small: &[
        "the", "and", "of", "to", "that", "was", "for", "it", "with", "as", "are", "this", "be", "not", "by", "have", "from",
    ],
};
