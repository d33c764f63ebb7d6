//! What a workspace holds, told as it would be built.

use std::sync::Arc;

use super::{CheckOptions, Outcome, Progress, Purpose, Request, run};
use crate::product::Product;
use crate::resolve::{Edition, Item, Resolved, Standing, Terms};

/// Describes what the workspace holds, as it would be built.
pub fn inspect(request: &Request, progress: Arc<dyn Progress>) -> (Outcome, serde_json::Value) {
    let request = Request { products: vec![Product::ScreenPdf], ..request.clone() };
    let (outcome, values) = run(&request, CheckOptions::default(), progress, Purpose::Inspect);
    (outcome, serde_json::json!({ "publications": values }))
}

pub(super) fn summary(edition: &Resolved, pages: usize) -> serde_json::Value {
    let sections = edition
        .sections
        .iter()
        .map(|section| serde_json::json!({ "id": section.id, "title": section.title, "nav": section.nav }));
    let credits = edition.credits.iter().map(|credit| {
        let names: Vec<&str> = credit.parties.iter().map(|party| party.name.as_str()).collect();
        serde_json::json!({ "label": credit.label, "marc": credit.marc, "names": names })
    });
    let images = edition.assets.iter().map(|asset| {
        serde_json::json!({ "path": asset.path, "media-type": asset.media_type, "width": asset.width, "height": asset.height })
    });
    let exceptions: Vec<String> = edition.exceptions().iter().map(|line| line.line(edition.language)).collect();
    let entry = |item: &Item| {
        serde_json::json!({
            "kind": item.kind.name(),
            "what": item.what,
            "credit": item.credit,
            "licence": item.terms.as_ref().map(Terms::code),
            "licence-url": item.terms.as_ref().and_then(Terms::url),
            "source": item.source,
            "date": item.date,
            "note": item.note,
            "path": item.asset.and_then(|index| edition.assets.get(index)).map(|asset| &asset.path),
            "standing": item.standing.map(Standing::name),
            "exception": item.exception,
        })
    };
    serde_json::json!({
        "publication": edition.slug,
        "artefact": edition.stem,
        "title": edition.title,
        "subtitle": edition.subtitle,
        "series": edition.series,
        "language": edition.language.tag,
        "edition": edition_summary(&edition.edition),
        "identifiers": per_product(|product| edition.identifier(product).to_string().into()),
        "isbn": per_product(|product| edition.isbn(product).into()),
        "doi": edition.doi,
        "licence": { "id": edition.notice.licence.id, "url": edition.notice.licence.url, "exceptions": exceptions },
        "ledger": edition.ledger.items.iter().map(entry).collect::<Vec<_>>(),
        "pages": pages,
        "sections": sections.collect::<Vec<_>>(),
        "credits": credits.collect::<Vec<_>>(),
        "images": images.collect::<Vec<_>>(),
    })
}

fn per_product(value: impl Fn(Product) -> serde_json::Value) -> serde_json::Map<String, serde_json::Value> {
    Product::ALL.into_iter().map(|product| (product.id().to_owned(), value(product))).collect()
}

fn edition_summary(edition: &Edition) -> serde_json::Value {
    let Edition { id, date, label, based_on, changes, erratum, .. } = edition;
    serde_json::json!({
        "id": id,
        "date": date.iso(),
        "label": label,
        "based-on": based_on,
        "changes": changes.as_ref().map_or(&[][..], |changes| &changes.items),
        "modified": erratum.as_ref().map(|erratum| erratum.date.iso()),
        "errata": erratum.as_ref().map_or(&[][..], |erratum| &erratum.items),
    })
}
