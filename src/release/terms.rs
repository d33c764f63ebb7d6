//! Sentences of the report and of the list of changes.

use super::changes::{EditionReference, PageChanges};
use crate::resolve::Language;
use crate::terms::ReleaseTerms;

/// The names of the values in `metadata`, in the order of [`ReleaseTerms::values`].
const VALUES: [&str; 15] = [
    "title",
    "subtitle",
    "series",
    "publisher",
    "authors",
    "language",
    "description",
    "keywords",
    "period",
    "doi",
    "isbn-pdf",
    "isbn-epub",
    "isbn-print",
    "licence",
    "modified",
];

/// Returns the texts in the language of a publication; English for other languages.
pub fn terms(tag: &str) -> &'static ReleaseTerms {
    &Language::pages_of(tag).release
}

impl ReleaseTerms {
    /// Returns the displayed name of a metadata value.
    pub fn value(&self, name: &str) -> &'static str {
        VALUES.iter().zip(self.values).find(|(known, _)| **known == name).map_or("", |(_, shown)| shown)
    }

    /// Returns the sentence that names both editions.
    pub fn between(&self, old: &EditionReference, new: &EditionReference) -> String {
        let shown = |edition: &EditionReference| {
            let mut others = vec![edition.id.as_str(), edition.date.as_str()];
            others.dedup();
            others.retain(|other| *other != edition.label);
            if others.is_empty() { edition.label.clone() } else { format!("{} ({})", edition.label, others.join(", ")) }
        };
        match old.id == new.id {
            true => filled(self.corrected, &[&shown(new)]),
            false => filled(self.between, &[&shown(old), &shown(new)]),
        }
    }

    /// Returns the words for the changes since the earlier release, for a heading.
    pub fn since(&self, old: &EditionReference, new: &EditionReference) -> String {
        if old.id == new.id { self.since_replaced.to_owned() } else { filled(self.since_edition, &[&old.label]) }
    }

    /// Describes the changes of pages, a line for each kind.
    pub fn page_lines(&self, pages: &PageChanges) -> impl Iterator<Item = String> {
        let count = filled(self.pages_count, &[&pages.old.to_string(), &pages.new.to_string()]);
        let pairs = |pairs: &[[usize; 2]]| match pairs.len() == pages.new && pages.new == pages.old && pages.new > 1 {
            true => self.pages_all.to_owned(),
            false => ranges(pairs),
        };
        let numbers = |pages: &[usize]| ranges(&pages.iter().map(|page| [*page, *page]).collect::<Vec<_>>());
        let lines = [
            (self.pages_changed, pairs(&pages.changed)),
            (self.pages_only_heads, pairs(&pages.only_heads)),
            (self.pages_added, numbers(&pages.added)),
            (self.pages_removed, numbers(&pages.removed)),
        ];
        let changed: Vec<String> =
            lines.into_iter().filter(|(_, list)| !list.is_empty()).map(|(text, list)| filled(text, &[&list])).collect();
        let same = (changed.is_empty()).then(|| self.pages_same.to_owned());
        std::iter::once(count).chain(same).chain(changed)
    }

    /// Formats a size: `1,4 Mo`.
    pub fn bytes(&self, bytes: u64) -> String {
        let units = if self.tag == "fr" { ["o", "ko", "Mo"] } else { ["B", "kB", "MB"] };
        let [one, thousand, million] = units;
        match bytes {
            0..1_000 => format!("{bytes}\u{a0}{one}"),
            1_000..1_000_000 => format!("{}\u{a0}{thousand}", bytes.div_ceil(1_000)),
            _ => format!("{:.1}\u{a0}{million}", bytes as f64 / 1e6).replace('.', self.decimal),
        }
    }
}

/// Lists pages by their later position, with the earlier one in parentheses if it differs: `1, 4–9, 12–14 (11–13)`.
fn ranges(pairs: &[[usize; 2]]) -> String {
    let mut runs: Vec<([usize; 2], usize)> = Vec::new();
    for pair in pairs {
        match runs.last_mut() {
            Some(([old, new], length)) if [*old + *length, *new + *length] == *pair => *length += 1,
            _ => runs.push((*pair, 1)),
        }
    }
    let range = |start: usize, length: usize| match length {
        1 => start.to_string(),
        length => format!("{start}–{}", start + length - 1),
    };
    let shown = runs.iter().map(|([old, new], length)| match old == new {
        true => range(*new, *length),
        false => format!("{} ({})", range(*new, *length), range(*old, *length)),
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// Replaces each `{}` of a text with a value.
pub fn filled(text: &str, values: &[&str]) -> String {
    let mut values = values.iter();
    let mut parts = text.split("{}");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(values.next().copied().unwrap_or_default());
        out.push_str(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_listed_as_ranges() {
        let pages = |pairs: &[[usize; 2]]| ranges(pairs);
        assert_eq!(pages(&[[1, 1], [3, 3], [4, 4], [5, 5]]), "1, 3–5");
        assert_eq!(pages(&[[1, 1], [2, 2], [2, 3], [3, 4], [9, 9]]), "1–2, 3–4 (2–3), 9");
        assert_eq!(pages(&[]), "");
    }

    #[test]
    fn a_change_of_all_pages_is_one_line() {
        let all: Vec<[usize; 2]> = (1..=69).map(|page| [page, page]).collect();
        let pages = PageChanges { old: 69, new: 69, only_heads: all, ..PageChanges::default() };
        let lines: Vec<String> = terms("en").page_lines(&pages).collect();
        assert_eq!(lines, ["69 pages before, 69 now.", "Same content, another running head or folio: all pages."]);
    }
}
