//! Changes of a text at word level.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation;

use crate::characters::has_no_word_spaces;
use crate::snapshot::{TextBlock, language_parts};

/// Words in a row that were kept, removed or added.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Word {
    /// The change.
    pub change: WordChange,
    /// The words, with the spaces after them.
    pub text: String,
    /// Their language (BCP 47), if it is not the language of the publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
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

/// A word of a text with its language; `None` for the language of the publication.
type TextWord<'a> = (&'a str, Option<&'a str>);

/// Returns the words of a block. A word in two languages has the language of its start.
fn text_words(block: &TextBlock) -> Vec<TextWord<'_>> {
    let mut at = 0;
    let word = |word: &str| {
        let start = at;
        at += word.len();
        block.languages.iter().find(|part| (part.start..part.end).contains(&start)).map(|part| part.lang.as_str())
    };
    let words = split(&block.text);
    let languages: Vec<Option<&str>> = words.iter().copied().map(word).collect();
    words.into_iter().zip(languages).collect()
}

/// The words of a changed text, collected in order.
#[derive(Default)]
struct ChangedWords(Vec<Word>);

impl ChangedWords {
    /// Adds words that follow each other in their text.
    fn push(&mut self, change: WordChange, words: Option<&[TextWord<'_>]>) {
        for (at, (text, lang)) in words.unwrap_or_default().iter().enumerate() {
            // The last word of a text has no space after it, but another word may follow here.
            if let Some(last) = self.0.last_mut().filter(|_| at == 0)
                && last.text.ends_with(is_spaced)
                && text.starts_with(is_spaced)
            {
                last.text.push(' ');
            }
            match self.0.last_mut() {
                Some(last) if last.change == change && last.lang.as_deref() == *lang => last.text.push_str(text),
                _ => self.0.push(Word { change, text: (*text).to_owned(), lang: lang.map(str::to_owned) }),
            }
        }
    }
}

/// Compares the texts of two blocks word by word. Spaces at the end of words are not compared.
pub fn compare(old: &TextBlock, new: &TextBlock) -> Vec<Word> {
    let (before, after) = (text_words(old), text_words(new));
    let keys = |words: &[TextWord<'_>]| -> Vec<String> { words.iter().map(|(word, _)| word.trim_end().to_owned()).collect() };
    let mut out = ChangedWords::default();
    for operation in capture_diff_slices(Algorithm::Myers, &keys(&before), &keys(&after)) {
        match operation {
            DiffOp::Equal { new_index, len, .. } => out.push(WordChange::Kept, after.get(new_index..new_index + len)),
            DiffOp::Delete { old_index, old_len, .. } => {
                out.push(WordChange::Removed, before.get(old_index..old_index + old_len));
            }
            DiffOp::Insert { new_index, new_len, .. } => out.push(WordChange::Added, after.get(new_index..new_index + new_len)),
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                out.push(WordChange::Removed, before.get(old_index..old_index + old_len));
                out.push(WordChange::Added, after.get(new_index..new_index + new_len));
            }
        }
    }
    out.0
}

/// Returns the whole text of a block with the same change, divided by language.
pub fn whole(change: WordChange, block: &TextBlock) -> Vec<Word> {
    let word = |(text, lang): (&str, Option<&str>)| Word { change, text: text.to_owned(), lang: lang.map(str::to_owned) };
    language_parts(&block.text, &block.languages).map(word).collect()
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
    use crate::snapshot::{ForeignPart, TextKind};

    fn block(text: &str) -> TextBlock {
        TextBlock { kind: TextKind::Paragraph, id: None, text: text.to_owned(), languages: Vec::new() }
    }

    fn shown(old: &str, new: &str) -> String {
        let mark = |word: &Word| match word.change {
            WordChange::Kept => word.text.clone(),
            WordChange::Removed => format!("[-{}-]", word.text),
            WordChange::Added => format!("[+{}+]", word.text),
        };
        compare(&block(old), &block(new)).iter().map(mark).collect()
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

    #[test]
    fn words_keep_the_language_of_their_part() {
        let of = |text: &str, foreign: &str| {
            let start = text.find(foreign).unwrap();
            let languages = vec![ForeignPart { start, end: start + foreign.len(), lang: "fr".into() }];
            TextBlock { languages, ..block(text) }
        };
        let changes = compare(&of("The word mer here.", "mer"), &of("The word haute mer, here.", "haute mer"));
        let shown: Vec<(WordChange, &str, Option<&str>)> =
            changes.iter().map(|word| (word.change, word.text.as_str(), word.lang.as_deref())).collect();
        use WordChange::{Added, Kept};
        assert_eq!(
            shown,
            [
                (Kept, "The word ", None),
                (Added, "haute ", Some("fr")),
                (Kept, "mer", Some("fr")),
                (Added, ", ", None),
                (Kept, "here.", None),
            ]
        );
        let words = whole(Added, &of("The word mer here.", "mer"));
        assert_eq!(words.iter().map(|word| word.lang.as_deref()).collect::<Vec<_>>(), [None, Some("fr"), None]);
    }
}
