//! Changes of metadata, links, credits, rights and resources.

use std::collections::BTreeMap;

use unicode_segmentation::UnicodeSegmentation;

use super::{ListChange, ValueChange};
use crate::inspection::LedgerEntry;
use crate::product::Product;
use crate::snapshot::{EditionSnapshot, LinkSnapshot};

/// Returns the metadata that changed. The id and the date of the edition are omitted, because they always differ.
pub fn metadata(old: &EditionSnapshot, new: &EditionSnapshot) -> Vec<ValueChange> {
    let (before, after) = (values(old), values(new));
    let pairs = before.into_iter().zip(after);
    pairs
        .filter(|((_, old), (_, new))| old != new)
        .map(|((name, old), (_, new))| ValueChange { name: name.to_owned(), old, new })
        .collect()
}

/// Returns the values that are compared, always the same ones in the same order.
fn values(edition: &EditionSnapshot) -> Vec<(&'static str, Option<String>)> {
    let inspection = &edition.inspection;
    let list = |list: &[String]| (!list.is_empty()).then(|| list.join(", "));
    let isbn = |product| inspection.isbn.get(product).cloned().flatten();
    vec![
        ("title", Some(inspection.title.clone())),
        ("subtitle", inspection.subtitle.clone()),
        ("series", inspection.series.clone()),
        ("publisher", edition.publisher.clone()),
        ("authors", list(&edition.authors)),
        ("language", Some(inspection.language.clone())),
        ("description", edition.description.clone()),
        ("keywords", list(&edition.keywords)),
        ("period", edition.period.clone()),
        ("doi", inspection.doi.clone()),
        ("isbn-pdf", isbn(Product::ScreenPdf)),
        ("isbn-epub", isbn(Product::Epub)),
        ("isbn-print", isbn(Product::PrintPdf)),
        ("licence", Some(inspection.licence.id.clone())),
        ("modified", inspection.edition.modified.clone()),
    ]
}

/// Compares the links by text and target, regardless of their position.
pub fn links(old: &EditionSnapshot, new: &EditionSnapshot) -> ListChange {
    let line = |link: &LinkSnapshot| format!("{} → {}", link.text.trim(), link.target);
    let links = |edition: &EditionSnapshot| -> Vec<String> { edition.links.iter().map(line).collect() };
    let mut changed = difference(&links(old), &links(new));
    let foreign = old.links.iter().chain(&new.links).filter_map(|link| Some((line(link), link.lang.clone()?)));
    changed.languages = foreign.filter(|(line, _)| changed.added.contains(line) || changed.removed.contains(line)).collect();
    changed
}

/// Compares the credits: a line for each role and holder, with the affiliation and the identifier of the holder if both releases
/// record them.
pub fn credits(old: &EditionSnapshot, new: &EditionSnapshot) -> ListChange {
    let is_detailed =
        |edition: &EditionSnapshot| edition.inspection.credits.iter().all(|credit| credit.holders.len() == credit.names.len());
    let detailed = is_detailed(old) && is_detailed(new);
    let lines = |edition: &EditionSnapshot| -> Vec<String> {
        let lines = edition.inspection.credits.iter().flat_map(|credit| match detailed {
            true => credit.holders.iter().map(|holder| format!("{} — {}", credit.label, holder.line())).collect::<Vec<_>>(),
            false => credit.names.iter().map(|name| format!("{} — {name}", credit.label)).collect(),
        });
        lines.collect()
    };
    difference(&lines(old), &lines(new))
}

/// Compares the rights: third-party material, and those sentences of the licence notice that no section shows. The other
/// sentences are compared as texts.
pub fn rights(old: &EditionSnapshot, new: &EditionSnapshot) -> ListChange {
    let rights = |edition: &EditionSnapshot| -> Vec<String> {
        let is_shown = |sentence: &&str| {
            // The text of a block has single spaces.
            let sentence = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
            edition.sections.iter().flat_map(|section| &section.blocks).any(|block| block.text.contains(&sentence))
        };
        let statement = edition.statement.unicode_sentences().map(str::trim).filter(|sentence| !is_shown(sentence));
        statement.map(str::to_owned).chain(edition.inspection.ledger.iter().map(ledger_line)).collect()
    };
    difference(&rights(old), &rights(new))
}

fn ledger_line(entry: &LedgerEntry) -> String {
    let parts = [Some(&entry.what), entry.credit.as_ref(), entry.date.as_ref(), entry.licence.as_ref(), entry.source.as_ref()];
    parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// Compares the resources with their targets.
pub fn resources(old: &EditionSnapshot, new: &EditionSnapshot) -> ListChange {
    let resources = |edition: &EditionSnapshot| -> Vec<String> {
        let line = |target: &Option<String>| target.as_ref().map(|target| format!(" → {target}")).unwrap_or_default();
        edition.resources.iter().map(|resource| format!("{}{}", resource.title, line(&resource.target))).collect()
    };
    difference(&resources(old), &resources(new))
}

/// Returns the difference of two multisets.
pub fn difference(old: &[String], new: &[String]) -> ListChange {
    let more = |list: &[String], other: &[String]| -> Vec<String> {
        let mut known: BTreeMap<&str, usize> = BTreeMap::new();
        other.iter().for_each(|entry| *known.entry(entry).or_default() += 1);
        let is_more = |entry: &&String| match known.get_mut(entry.as_str()).filter(|left| **left > 0) {
            Some(left) => {
                *left -= 1;
                false
            }
            None => true,
        };
        list.iter().filter(is_more).cloned().collect()
    };
    ListChange { added: more(new, old), removed: more(old, new), ..ListChange::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_compared_with_the_number_of_its_entries() {
        let list = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
        assert_eq!(
            difference(&list("a b b"), &list("b c a")),
            ListChange { added: list("c"), removed: list("b"), ..ListChange::default() }
        );
        assert!(difference(&list("a b"), &list("b a")).is_empty(), "another order is no change");
    }
}
