//! Identifiers of editions, and duplicates among them. An ISBN or a DOI identifies one edition (ISO 2108, ISO 26324), so shops
//! and libraries cannot distinguish editions that share one.

use std::collections::BTreeMap;

use super::{bare_doi, isbn_digits};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::manifest::{Lineage, Manifest, PublicationManifest};

/// An identifier of an edition.
#[derive(Clone, Debug)]
pub struct Identifier {
    /// Its type and normalized value, for comparison: `ISBN 9782999999008`.
    pub key: String,
    /// Its holder: `the PDF of the edition "2025"`.
    pub owner: String,
    /// Location of its declaration.
    pub span: Span,
    /// Id of the edition, and its location.
    edition: (String, Span),
}

/// Returns the identifiers of all editions of a publication, including inherited ones. Invalid values are omitted.
pub fn identifiers(manifest: &Manifest<PublicationManifest>) -> Vec<Identifier> {
    let value = &manifest.value;
    let mut found = Vec::new();
    for edition in &value.editions {
        let lineage = Lineage::of(value, edition);
        let id = edition.id.get_ref();
        let place = (id.clone(), manifest.span(&edition.id));
        let isbns = lineage.pick(|edition| edition.isbn.as_ref()).unwrap_or(&value.isbn);
        for (product, written) in &isbns.0 {
            let Some(digits) = isbn_digits(written.get_ref()) else { continue };
            let owner = format!("the {} of the edition \"{id}\"", product.name());
            found.push(Identifier { key: format!("ISBN {digits}"), owner, span: manifest.span(written), edition: place.clone() });
        }
        let doi = lineage.pick(|edition| edition.doi.as_ref()).or(value.doi.as_ref());
        if let Some(doi) = doi.filter(|doi| !doi.get_ref().trim().is_empty()) {
            let key = format!("DOI {}", bare_doi(doi.get_ref()).to_ascii_lowercase());
            found.push(Identifier { key, owner: format!("the edition \"{id}\""), span: manifest.span(doi), edition: place });
        }
    }
    found
}

/// Reports identifiers that editions of a publication share. [`super::validate`] compares the formats of one edition.
pub fn shared_by_editions(manifest: &Manifest<PublicationManifest>) -> Diagnostics {
    let mut known: BTreeMap<String, Identifier> = BTreeMap::new();
    let mut found = Diagnostics::default();
    for identifier in identifiers(manifest) {
        let Some(first) = known.get(&identifier.key) else {
            known.insert(identifier.key.clone(), identifier);
            continue;
        };
        if first.edition.0 == identifier.edition.0 {
            continue;
        }
        let message = format!("{} has the same {} as {}", identifier.owner, identifier.key, first.owner);
        let (id, place) = &identifier.edition;
        let none = if identifier.key.starts_with("DOI") { "doi = \"\"" } else { "isbn = {}" };
        let hint = format!("give the edition \"{id}\" its own, or {none} if it has none yet");
        let twice = Diagnostic::new(code::IDENTIFIER_TWICE, message).hint(hint);
        found.push(match first.span == identifier.span {
            true => twice.at(*place).related(first.span, "inherited from here"),
            false => twice.at(identifier.span).related(first.span, "the same one"),
        });
    }
    found
}

/// Returns the diagnostic for an identifier that two publications share.
pub fn shared_by_publications(first: &Identifier, second: &Identifier, slugs: [&str; 2]) -> Diagnostic {
    let [one, two] = slugs;
    let message = format!("{} of \"{two}\" has the same {} as {} of \"{one}\"", second.owner, second.key, first.owner);
    let hint = "find out which of the publications it was registered for, and give the other one its own";
    Diagnostic::new(code::IDENTIFIER_TWICE, message).at(second.span).related(first.span, "the same one").hint(hint)
}
