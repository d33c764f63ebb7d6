//! schema.org as JSON-LD: a `Book`, or a `Report`, whose `workExample`s are its formats.

use serde_json::{Map, Value, json};

use super::name::PersonName;
use super::{Extents, Work};
use crate::accessibility::AccessMode;
use crate::manifest::PublicationKind;
use crate::output::epub::address;
use crate::product::Product;
use crate::resolve::Party;

/// Writes the document of an edition.
pub fn write(work: &Work, extents: Extents) -> String {
    let mut book = Map::new();
    let mut set = |key: &str, value: Value| {
        let empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        if !empty {
            book.insert(key.to_owned(), value);
        }
    };
    let (authors, editors, translators) = (work.authors(), work.editors(), work.translators());
    let others = work.contributors.iter().map(|known| &known.party);
    let others = others.filter(|party| ![&authors, &editors, &translators].iter().any(|known| known.contains(party)));
    let others: Vec<&Party> = others.collect();
    set("@context", "https://schema.org".into());
    let is_report = work.kind == PublicationKind::Report;
    set("@type", if is_report { "Report" } else { "Book" }.into());
    set("reportNumber", work.number.as_deref().filter(|_| is_report).into());
    set("position", work.number.as_deref().filter(|_| !is_report).into());
    set("@id", work.doi_address().unwrap_or_else(|| work.urn.clone()).into());
    set("name", work.title.as_str().into());
    set("alternativeHeadline", work.subtitle.as_deref().into());
    set("abstract", work.description.as_deref().into());
    set("inLanguage", work.languages.as_slice().into());
    set("keywords", work.keywords.as_slice().into());
    set("author", authors.into_iter().map(party).collect());
    set("editor", editors.into_iter().map(party).collect());
    set("translator", translators.into_iter().map(party).collect());
    set("contributor", others.into_iter().map(party).collect());
    set("publisher", work.publishers.iter().map(party).collect());
    set("isPartOf", work.series.as_ref().map_or(Value::Null, |title| json!({ "@type": "BookSeries", "name": title })));
    // `Report` does not have this property.
    set("bookEdition", work.label.as_deref().filter(|_| !is_report).into());
    set("version", work.edition.as_str().into());
    set("datePublished", work.date.iso().into());
    set("dateModified", (work.modified != work.date).then(|| work.modified.iso()).into());
    set("identifier", identifiers(work));
    set("url", work.doi_address().into());
    set("license", address(&work.licence_url).into());
    set("copyrightNotice", work.rights.as_str().into());
    set("copyrightHolder", work.licensor.as_deref().map_or(Value::Null, |name| holder(work, name)));
    set("workExample", work.forms.iter().map(|form| format_of(work, *form, extents)).collect());
    let text = serde_json::to_string_pretty(&Value::Object(book)).unwrap_or_default();
    text + "\n"
}

/// Describes a format of the work.
fn format_of(work: &Work, form: Product, extents: Extents) -> Value {
    let mut example = Map::new();
    let mut set = |key: &str, value: Value| {
        if !value.is_null() {
            example.insert(key.to_owned(), value);
        }
    };
    let (kind, media_type, pages) = match form {
        Product::ScreenPdf => ("https://schema.org/EBook", Some("application/pdf"), extents.pages),
        Product::Epub => ("https://schema.org/EBook", Some("application/epub+zip"), None),
        _ => ("https://schema.org/Paperback", None, extents.print),
    };
    set("@type", "Book".into());
    set("@id", work.urn_of(form).into());
    set("name", work.title.as_str().into());
    set("bookFormat", kind.into());
    set("encodingFormat", media_type.into());
    set("isbn", work.isbns().find(|(known, _)| *known == form).map(|(_, isbn)| isbn).into());
    set("numberOfPages", pages.into());
    if form == Product::Epub {
        let facts = &work.accessibility;
        let listed = |modes: &Vec<AccessMode>| {
            let names: Vec<&str> = modes.iter().map(|mode| mode.name()).collect();
            json!({ "@type": "ItemList", "itemListElement": names })
        };
        set("accessMode", facts.modes.iter().map(|mode| mode.name()).collect());
        set("accessModeSufficient", facts.sufficient.iter().map(listed).collect());
        set("accessibilityFeature", facts.features.iter().map(|feature| feature.name()).collect());
        set("accessibilityHazard", facts.hazards.name().into());
        set("accessibilitySummary", facts.summary.as_str().into());
    }
    Value::Object(example)
}

fn party(party: &Party) -> Value {
    let mut value = Map::new();
    let kind = if party.organisation { "Organization" } else { "Person" };
    value.insert("@type".into(), kind.into());
    if let Some(authority) = &party.authority {
        value.insert("@id".into(), authority.as_str().into());
    }
    value.insert("name".into(), party.name.as_str().into());
    if !party.organisation {
        let name = PersonName::of(party);
        if !name.given.is_empty() {
            value.insert("givenName".into(), name.given.as_str().into());
            value.insert("familyName".into(), name.full_family().into());
        }
    }
    if let Some(affiliation) = &party.affiliation {
        value.insert("affiliation".into(), json!({ "@type": "Organization", "name": affiliation }));
    }
    if let Some(url) = &party.url {
        value.insert("url".into(), address(url).into());
    }
    Value::Object(value)
}

/// Describes the holder of the rights, with the details from the credits or the publisher if the holder is among them.
fn holder(work: &Work, name: &str) -> Value {
    let known = work.publishers.iter().chain(work.contributors.iter().map(|known| &known.party));
    let known = known.into_iter().find(|party| party.name == name);
    known.map_or_else(|| json!({ "name": name }), party)
}

fn identifiers(work: &Work) -> Value {
    let doi = work.doi.as_ref().map(|doi| json!({ "@type": "PropertyValue", "propertyID": "DOI", "value": doi }));
    let urn = json!({ "@type": "PropertyValue", "propertyID": "UUID", "value": work.urn });
    doi.into_iter().chain([urn]).collect()
}
