//! Changes of a text at word level.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation;

use crate::characters::has_no_word_spaces;

/// Words in a row that were kept, removed or added.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Word {
    /// The change.
    pub change: WordChange,
    /// The words, with the spaces after them.
    pub text: String,
}

/// A change of words.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WordChange {
    /// They are in both texts.
    Kept,
    /// They are in the earlier text only.
    Removed,
    /// They are in the later text only.
    Added,
}

/// Splits a text into words, each with the spaces after it. Punctuation at the start and the end of a word is a separate word, so
/// that an added comma does not change the word before it.
pub fn split(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for token in text.split_inclusive(char::is_whitespace) {
        let is_word = |c: char| c.is_alphanumeric();
        let (Some(start), Some(last)) = (token.find(is_word), token.rfind(is_word)) else {
            words.push(token);
            continue;
        };
        let end = last + token.get(last..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let spaces_only = token.get(end..).is_none_or(|rest| rest.trim().is_empty());
        let end = if spaces_only { token.len() } else { end };
        words.extend(token.get(..start).filter(|part| !part.is_empty()));
        push_word(token.get(start..end).unwrap_or_default(), &mut words);
        words.extend(token.get(end..).filter(|part| !part.is_empty()));
    }
    words
}

/// Splits text of a script without spaces at the word boundaries of Unicode UAX #29.
fn push_word<'a>(text: &'a str, words: &mut Vec<&'a str>) {
    match text.contains(has_no_word_spaces) {
        true => words.extend(text.split_word_bounds()),
        false => words.push(text),
    }
}

/// Returns whether a character is part of a word that is separated from others by spaces.
fn is_spaced(c: char) -> bool {
    c.is_alphanumeric() && !has_no_word_spaces(c)
}

/// Compares two texts word by word. Spaces at the end of words are not compared.
pub fn compare(old: &str, new: &str) -> Vec<Word> {
    let (before, after) = (split(old), split(new));
    let (old_keys, new_keys): (Vec<&str>, Vec<&str>) =
        (before.iter().map(|word| word.trim_end()).collect(), after.iter().map(|word| word.trim_end()).collect());
    let mut out: Vec<Word> = Vec::new();
    let mut push = |change: WordChange, words: Option<&[&str]>| {
        let text = words.unwrap_or_default().concat();
        // The last word of a text has no space after it, but another word may follow here.
        if let Some(last) = out.last_mut()
            && last.text.ends_with(is_spaced)
            && text.starts_with(is_spaced)
        {
            last.text.push(' ');
        }
        match out.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.change == change => last.text.push_str(&text),
            _ => out.push(Word { change, text }),
        }
    };
    for operation in capture_diff_slices(Algorithm::Myers, &old_keys, &new_keys) {
        match operation {
            DiffOp::Equal { new_index, len, .. } => push(WordChange::Kept, after.get(new_index..new_index + len)),
            DiffOp::Delete { old_index, old_len, .. } => push(WordChange::Removed, before.get(old_index..old_index + old_len)),
            DiffOp::Insert { new_index, new_len, .. } => push(WordChange::Added, after.get(new_index..new_index + new_len)),
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                push(WordChange::Removed, before.get(old_index..old_index + old_len));
                push(WordChange::Added, after.get(new_index..new_index + new_len));
            }
        }
    }
    out
}

/// Returns a text as words of one kind.
pub fn whole(change: WordChange, text: &str) -> Vec<Word> {
    vec![Word { change, text: text.to_owned() }]
}

/// Returns the similarity of two texts, from 0 to 1: Dice's coefficient of their multisets of words.
pub fn likeness(old: &[&str], new: &[&str]) -> f64 {
    let (mut before, mut after) = (old.to_vec(), new.to_vec());
    before.sort_unstable();
    after.sort_unstable();
    let (mut common, mut left, mut right) = (0_usize, 0, 0);
    while let (Some(a), Some(b)) = (before.get(left), after.get(right)) {
        match a.cmp(b) {
            std::cmp::Ordering::Equal => {
                common += 1;
                left += 1;
                right += 1;
            }
            std::cmp::Ordering::Less => left += 1,
            std::cmp::Ordering::Greater => right += 1,
        }
    }
    let all = before.len() + after.len();
    if all == 0 { 1.0 } else { 2.0 * common as f64 / all as f64 }
}

/// Returns the words of a text for [`likeness`], without punctuation but with their case.
pub fn bag(text: &str) -> Vec<&str> {
    split(text).into_iter().map(str::trim).filter(|word| word.contains(char::is_alphanumeric)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> String {
        let mark = |word: &Word| match word.change {
            WordChange::Kept => word.text.clone(),
            WordChange::Removed => format!("[-{}-]", word.text),
            WordChange::Added => format!("[+{}+]", word.text),
        };
        compare(old, new).iter().map(mark).collect()
    }

    #[test]
    fn compares_words_and_not_the_punctuation_beside_them() {
        assert_eq!(shown("Parution : mai 2023", "Parution : décembre 2023"), "Parution : [-mai -][+décembre +]2023");
        assert_eq!(shown("le port, la nuit", "le port la nuit"), "le port [-, -]la nuit");
        assert_eq!(shown("« Estran »", "« Rivage »"), "« [-Estran -][+Rivage +]»");
        assert_eq!(shown("a b", "a b"), "a b");
        assert_eq!(shown("", "neuf"), "[+neuf+]");
        assert_eq!(shown("avant l’été prochain.", "avant l’été."), "avant l’été [-prochain-].");
        assert_eq!(shown("mardi 14", "mardi 41"), "mardi [-14 -][+41+]");
        assert_eq!(shown("港の人々が待つ。", "町の人々が待つ。"), "[-港-][+町+]の人々が待つ。");
        assert_eq!(shown("第3章", "第三章"), "第[-3-][+三+]章");
    }

    #[test]
    fn likeness_is_the_share_of_common_words() {
        let like = |old, new| (likeness(&bag(old), &bag(new)) * 100.0).round();
        assert_eq!(like("a b c d", "d c b a"), 100.0);
        assert_eq!(like("a b c d", "a b x y"), 50.0);
        assert_eq!(like("a, b.", "a b"), 100.0);
        assert_eq!(like("a", "b"), 0.0);
    }
}
