//! The languages of the parts of a text.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Inline, InlineKind, Linked};

/// A part of a text in another language than the publication.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ForeignPart {
    /// Its first byte in the text, in UTF-8.
    pub start: usize,
    /// The byte after its last one.
    pub end: usize,
    /// Its language (BCP 47).
    pub lang: String,
}

/// Returns the language of a text, if all of it is in one language that is not the language of the publication.
pub fn whole_language<'a>(text: &str, languages: &'a [ForeignPart]) -> Option<&'a str> {
    match languages {
        [only] if only.start == 0 && only.end == text.len() => Some(&only.lang),
        _ => None,
    }
}

/// Divides a text into parts with their languages; `None` for the language of the publication. Ranges that are not in the text are
/// ignored, because someone may have edited the manifest of the release.
pub fn language_parts<'a>(text: &'a str, languages: &'a [ForeignPart]) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
    let mut at = 0;
    let mut parts = Vec::new();
    for ForeignPart { start, end, lang } in languages {
        if let (Some(before), Some(own)) = (text.get(at..*start), text.get(*start..*end)) {
            parts.extend([(before, None), (own, Some(lang.as_str()))]);
            at = *end;
        }
    }
    parts.push((text.get(at..).unwrap_or_default(), None));
    parts.into_iter().filter(|(part, _)| !part.is_empty())
}

/// A text with single spaces and the languages of its parts.
#[derive(Clone, Debug, Default)]
pub struct LanguageText {
    /// The text.
    pub text: String,
    /// The parts in other languages, in order.
    pub languages: Vec<ForeignPart>,
    /// Whether a space precedes the next word.
    space: bool,
}

impl LanguageText {
    /// Adds a text in a language; `None` for the language of the publication.
    pub fn push(&mut self, text: &str, lang: Option<&str>) {
        for part in text.split_inclusive(char::is_whitespace) {
            let word = part.trim_end();
            if !word.is_empty() {
                self.word(word, lang);
            }
            self.space |= word.len() < part.len() && !self.text.is_empty();
        }
    }

    fn word(&mut self, word: &str, lang: Option<&str>) {
        let end = self.text.len();
        if std::mem::take(&mut self.space) {
            self.text.push(' ');
        }
        let start = self.text.len();
        self.text.push_str(word);
        let Some(lang) = lang else { return };
        match self.languages.last_mut() {
            Some(last) if last.end == end && last.lang == lang => last.end = self.text.len(),
            _ => self.languages.push(ForeignPart { start, end: self.text.len(), lang: lang.to_owned() }),
        }
    }

    /// Adds the text of a run without markup and notes. `lang` is the language of its surroundings, and `own` that of the
    /// publication.
    pub fn run(&mut self, inlines: &[Inline<Linked>], lang: Option<&str>, own: &str) {
        for inline in inlines {
            match &inline.kind {
                InlineKind::Text(text) | InlineKind::Literal(text) | InlineKind::Code(text) => self.push(text, lang),
                InlineKind::SoftBreak | InlineKind::LineBreak => self.push(" ", lang),
                // As in the outputs, it has the language of its surroundings.
                InlineKind::Reference(target) => self.push(&target.name(), lang),
                InlineKind::Lang(tag, inner) => self.run(inner, Some(tag.as_str()).filter(|tag| *tag != own), own),
                kind => self.run(kind.inner(), lang, own),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(parts: &[(&str, Option<&str>)]) -> (String, Vec<(String, String)>) {
        let mut joined = LanguageText::default();
        parts.iter().for_each(|(text, lang)| joined.push(text, *lang));
        let LanguageText { text, languages, .. } = joined;
        let part = |part: &ForeignPart| (text[part.start..part.end].to_owned(), part.lang.clone());
        let parts = languages.iter().map(part).collect();
        (text, parts)
    }

    #[test]
    fn spaces_are_single_and_parts_keep_their_language() {
        let (text, parts) =
            joined(&[(" The  sea, ", None), ("la \n mer", Some("fr")), (" and ", None), ("das Meer", Some("de"))]);
        assert_eq!(text, "The sea, la mer and das Meer");
        let expected = [("la mer", "fr"), ("das Meer", "de")].map(|(text, lang)| (text.to_owned(), lang.to_owned()));
        assert_eq!(parts, expected);
        let (_, parts) = joined(&[("la ", Some("fr")), ("mer", Some("fr")), ("!", None)]);
        assert_eq!(parts, [("la mer".to_owned(), "fr".to_owned())]);
    }

    #[test]
    fn a_text_has_a_language_only_if_all_of_it_has() {
        let part = |end| [ForeignPart { start: 0, end, lang: "ar".to_owned() }];
        assert_eq!(whole_language("abc", &part(3)), Some("ar"));
        assert_eq!(whole_language("abc", &part(2)), None);
        assert_eq!(whole_language("abc", &[]), None);
    }
}
