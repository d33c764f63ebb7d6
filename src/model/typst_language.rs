//! Maps language tags to the languages of Typst, which have a two-letter region, but no script and no variant.

use std::collections::{BTreeMap, BTreeSet};

/// The language and the region of a text in Typst.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TypstLanguage {
    /// The language: `sr`.
    pub language: String,
    /// The region, in capitals: `RS`.
    pub region: Option<String>,
}

impl TypstLanguage {
    /// Returns the language and the region of a tag (BCP 47), without its other subtags.
    pub fn of(tag: &str) -> Self {
        let mut parts = tag.split('-');
        let language = parts.next().unwrap_or_default().to_ascii_lowercase();
        let region = parts.find(|part| part.len() == 2).map(str::to_ascii_uppercase);
        Self { language, region }
    }

    /// Returns the tag that Typst writes to a PDF.
    pub fn tag(&self) -> String {
        match &self.region {
            Some(region) => format!("{}-{region}", self.language),
            None => self.language.clone(),
        }
    }

    /// Returns whether a tag has no other subtags.
    fn is_whole(&self, tag: &str) -> bool {
        self.tag().eq_ignore_ascii_case(tag)
    }
}

/// The Typst languages of the tags that have more than a language and a two-letter region, such as `sr-Latn` and `es-419`.
///
/// Each Typst language is unique, so that the tags can be restored in the PDF. If another tag has the same language and region,
/// the region is a code that ISO 3166-1 reserves for private use.
#[derive(Clone, Debug, Default)]
pub struct TypstLanguages {
    tags: BTreeMap<String, TypstLanguage>,
    /// Whether some text is read from right to left.
    pub right_to_left: bool,
}

impl TypstLanguages {
    /// Assigns Typst languages to tags. The languages in `used` are already taken.
    pub fn new<'a>(tags: impl IntoIterator<Item = &'a str>, used: impl IntoIterator<Item = TypstLanguage>) -> Self {
        let (mut taken, mut long): (BTreeSet<TypstLanguage>, BTreeSet<&str>) = (used.into_iter().collect(), BTreeSet::new());
        for tag in tags {
            let language = TypstLanguage::of(tag);
            if language.is_whole(tag) {
                taken.insert(language);
            } else {
                long.insert(tag);
            }
        }
        let mut languages = BTreeMap::new();
        for tag in long {
            let plain = TypstLanguage::of(tag);
            let private = private_regions().map(|region| TypstLanguage { region: Some(region), ..plain.clone() });
            let free = std::iter::once(plain.clone()).chain(private).find(|language| !taken.contains(language));
            // If no private code is free, the tag loses its other subtags.
            if let Some(language) = free {
                taken.insert(language.clone());
                languages.insert(tag.to_owned(), language);
            }
        }
        Self { tags: languages, right_to_left: false }
    }

    /// Sets whether some text is read from right to left.
    pub fn with_right_to_left(self, right_to_left: bool) -> Self {
        Self { right_to_left, ..self }
    }

    /// Returns the language of a tag in Typst.
    pub fn get(&self, tag: &str) -> TypstLanguage {
        self.tags.get(tag).cloned().unwrap_or_else(|| TypstLanguage::of(tag))
    }

    /// Returns the tags that Typst writes to a PDF, with the tags that replace them.
    pub fn restored(&self) -> Vec<(String, &str)> {
        self.tags.iter().map(|(tag, language)| (language.tag(), tag.as_str())).collect()
    }
}

/// Returns the codes of regions that are reserved for private use (ISO 3166-1 §8.1.3).
fn private_regions() -> impl Iterator<Item = String> {
    let codes = |first: char, seconds: std::ops::RangeInclusive<char>| seconds.map(move |second| format!("{first}{second}"));
    codes('Q', 'M'..='Z').chain(codes('X', 'A'..='Z'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_with_the_same_language_and_region_are_distinguished() {
        let tags = ["sr", "sr-Latn", "sr-Cyrl-RS", "zh-Hant", "pt-BR", "es-419", "sr-Latn"];
        let languages = TypstLanguages::new(tags, [TypstLanguage::of("fr"), TypstLanguage::of("es")]);
        let found = |tag: &str| languages.get(tag).tag();
        let wanted = [("sr", "sr"), ("sr-Latn", "sr-QM"), ("sr-Cyrl-RS", "sr-RS"), ("zh-Hant", "zh"), ("pt-BR", "pt-BR")];
        for (tag, typst) in wanted.into_iter().chain([("es-419", "es-QM"), ("de-ch", "de-CH")]) {
            assert_eq!(found(tag), typst, "{tag}");
        }
        let restored = languages.restored();
        assert_eq!(restored.len(), 4);
        for (typst, tag) in restored {
            assert_eq!(found(tag), typst);
        }
    }

    #[test]
    fn more_tags_than_private_codes_lose_their_subtags() {
        let tags: Vec<String> = (0..60).map(|number| format!("sr-Latn-x-{number:03}")).collect();
        let languages = TypstLanguages::new(tags.iter().map(String::as_str), []);
        assert_eq!(languages.restored().len(), 41);
        assert_eq!(languages.get("sr-Latn-x-059").tag(), "sr");
    }
}
