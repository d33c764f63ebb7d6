//! The lines that outputs generate from declarations: date, changes, credits, licence and rights.

use crate::model::{BlockKind, Linked, NoticeForm};
use crate::resolve::{Credit, Resolved, Words};

/// Returns the lines of a generated block; none for other blocks.
pub fn lines(edition: &Resolved, kind: &BlockKind<Linked>) -> Vec<String> {
    match kind {
        BlockKind::Imprint => imprint(edition),
        BlockKind::Changes => listed(edition.edition.changes.as_ref().map(|changes| (&changes.label, &changes.items))),
        BlockKind::Credits => edition.credits.iter().map(credit).collect(),
        BlockKind::Licence(form) => licence(edition, *form),
        BlockKind::ImageCredits => rights(edition),
        _ => Vec::new(),
    }
}

fn imprint(edition: &Resolved) -> Vec<String> {
    let mut lines = vec![format!("{} {}", edition.language.terms.published, edition.edition.date_label)];
    lines.extend(listed(edition.edition.erratum.as_ref().map(|erratum| (&erratum.label, &erratum.items))));
    lines
}

fn listed(list: Option<(&String, &Vec<String>)>) -> Vec<String> {
    list.into_iter().flat_map(|(label, items)| std::iter::once(label).chain(items)).cloned().collect()
}

fn credit(credit: &Credit) -> String {
    let names = credit.parties.iter().map(|party| match party.shown_affiliation() {
        Some(affiliation) => format!("{} ({affiliation})", party.name),
        None => party.name.clone(),
    });
    format!("{} — {}", credit.label, names.collect::<Vec<_>>().join(", "))
}

fn licence(edition: &Resolved, form: NoticeForm) -> Vec<String> {
    let mut lines = vec![edition.notice.statement.clone()];
    if form == NoticeForm::Full {
        lines.extend(edition.exceptions().iter().map(|exception| exception.line(edition.language)));
        lines.extend(edition.sources.iter().map(|source| Words::joined(source)));
    }
    lines
}

/// Returns a line for each item of the tables of credits.
fn rights(edition: &Resolved) -> Vec<String> {
    let items = edition.ledger.groups(edition.language).into_iter().flat_map(|(_, items)| items);
    let line = |item: crate::resolve::Item| {
        let licence = item.licence().map(|words| words.text);
        let parts = [Some(item.what.clone()), item.credit.clone(), item.date.clone(), licence, item.source.clone()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" | ")
    };
    items.map(line).collect()
}
