//! The metadata of the package: identity, people, rights, and the accessibility properties of the content.

use super::{PackageItem, accessibility};
use crate::accessibility::AccessibilityFacts;
use crate::output::epub::page_list;
use crate::output::epub::xhtml::{Xml, address};
use crate::product::Product;
use crate::resolve::{Resolved, Words};

/// Id of the unique identifier.
pub const UNIQUE_ID: &str = "publication-id";

/// Returns the unique identifier of the EPUB of this edition.
pub fn identifier(edition: &Resolved) -> String {
    format!("urn:uuid:{}", edition.identifier(Product::Epub))
}

/// The scheme of CRediT roles, with the prefix that [`prefixes`] declares.
const CREDIT_SCHEME: &str = "credit:contributor-roles";

/// Returns the prefixes that the metadata use and EPUB does not reserve (EPUB 3.3 §D.1.4).
pub fn prefixes(edition: &Resolved) -> Option<&'static str> {
    let contributions = edition.credits.iter().any(|credit| credit.contribution.is_some());
    contributions.then_some("credit: https://credit.niso.org/")
}

/// Writes the `metadata` element. `source` is the PDF whose pages the page list contains.
pub fn write(xml: &mut Xml, edition: &Resolved, items: &[PackageItem<'_>], facts: &AccessibilityFacts, source: Option<Product>) {
    xml.open("metadata").attr("xmlns:dc", "http://purl.org/dc/elements/1.1/").line();
    identifiers(xml, edition);
    titles(xml, edition);
    languages(xml, edition);
    people(xml, edition);
    description(xml, edition);
    page_source(xml, edition, source);
    dates(xml, edition);
    rights(xml, edition);
    items.iter().for_each(|item| rights_of(xml, item));
    accessibility::write(xml, facts);
    // EPUB 2 reading systems identify the cover by this name.
    xml.open("meta").attr("name", "cover").attr("content", "cover-image").void().line();
    xml.close().line();
}

pub(super) fn meta(xml: &mut Xml, property: &str, value: &str) {
    xml.open("meta").attr("property", property).text(value).close().line();
}

pub(super) fn refine(xml: &mut Xml, id: &str, property: &str, scheme: Option<&str>, value: &str) {
    xml.open("meta").attr("refines", &format!("#{id}")).attr("property", property).attr_if("scheme", scheme);
    xml.text(value).close().line();
}

fn identifiers(xml: &mut Xml, edition: &Resolved) {
    xml.open("dc:identifier").attr("id", UNIQUE_ID).text(&identifier(edition)).close().line();
    let isbn = edition.isbn(Product::Epub).map(|isbn| ("isbn", "15", format!("urn:isbn:{}", isbn.replace([' ', '-'], ""))));
    let doi = edition.doi.as_ref().map(|doi| ("doi", "06", format!("doi:{doi}")));
    for (id, kind, value) in isbn.into_iter().chain(doi) {
        xml.open("dc:identifier").attr("id", id).text(&value).close().line();
        refine(xml, id, "identifier-type", Some("onix:codelist5"), kind);
    }
}

fn titles(xml: &mut Xml, edition: &Resolved) {
    let mut title = |id: &str, kind: &str, order: &str, text: &str| {
        xml.open("dc:title").attr("id", id).text(text).close().line();
        refine(xml, id, "title-type", None, kind);
        refine(xml, id, "display-seq", None, order);
    };
    title("title", "main", "1", &edition.title);
    if let Some(subtitle) = &edition.subtitle {
        title("subtitle", "subtitle", "2", subtitle);
    }
    if let Some(series) = &edition.series {
        xml.open("meta").attr("property", "belongs-to-collection").attr("id", "series").text(series).close().line();
        refine(xml, "series", "collection-type", None, "series");
    }
}

/// Writes the languages. The language of the publication is first, which makes it the default (EPUB 3.3 §5.5.3.2).
fn languages(xml: &mut Xml, edition: &Resolved) {
    for lang in edition.languages() {
        xml.leaf("dc:language", None, lang).line();
    }
}

fn people(xml: &mut Xml, edition: &Resolved) {
    for (index, credited) in edition.credited_parties().iter().enumerate() {
        let id = format!("party-{}", index + 1);
        xml.open(if credited.creator { "dc:creator" } else { "dc:contributor" })
            .attr("id", &id)
            .text(&credited.party.name)
            .close()
            .line();
        for role in &credited.roles {
            refine(xml, &id, "role", Some("marc:relators"), role);
        }
        for contribution in &credited.contributions {
            refine(xml, &id, "role", Some(CREDIT_SCHEME), contribution);
        }
        if let Some(sort) = &credited.party.sort {
            refine(xml, &id, "file-as", None, sort);
        }
        if let Some(authority) = &credited.party.authority {
            refine(xml, &id, "dcterms:identifier", None, authority);
        }
    }
    // EPUB 3.3 §5.5.4.1.
    for publisher in edition.publishers() {
        xml.leaf("dc:publisher", None, &publisher.name).line();
    }
}

fn description(xml: &mut Xml, edition: &Resolved) {
    if let Some(description) = &edition.description {
        xml.leaf("dc:description", None, description).line();
    }
    for keyword in &edition.keywords {
        xml.leaf("dc:subject", None, keyword).line();
    }
    for source in &edition.sources {
        xml.leaf("dc:source", None, &Words::joined(source)).line();
    }
}

/// Writes the source of the page breaks (EPUB Accessibility 1.1 §4.2.4, and the technique for `pageBreakSource` of
/// June 2024).
fn page_source(xml: &mut Xml, edition: &Resolved, source: Option<Product>) {
    if let Some(product) = source {
        let source = page_list::source(edition, product);
        xml.leaf("dc:source", None, &source).line();
        meta(xml, "pageBreakSource", &source);
    }
}

fn dates(xml: &mut Xml, edition: &Resolved) {
    xml.leaf("dc:date", None, &edition.edition.date.iso()).line();
    // The date of the last change (EPUB 3.3 §5.5.4) is the date of the edition or of its erratum, not the time of the build, so
    // that equal sources produce equal bytes.
    meta(xml, "dcterms:modified", &edition.edition.modified().instant());
}

fn rights(xml: &mut Xml, edition: &Resolved) {
    let notice = &edition.notice;
    xml.leaf("dc:rights", None, &notice.statement).line();
    if let Some(listed) = edition.ledger.exceptions_text(edition.language) {
        xml.leaf("dc:rights", None, &listed).line();
    }
    if let Some(licensor) = &notice.licensor {
        meta(xml, "dcterms:rightsHolder", licensor);
    }
    xml.open("link").attr("rel", "dcterms:license").attr("href", &notice.licence.url).void().line();
}

/// Writes the rights of a file from the ledger. `refines` may refer to an item of the manifest (EPUB 3.3 §5.5.5).
fn rights_of(xml: &mut Xml, item: &PackageItem<'_>) {
    let Some(rights) = item.rights else { return };
    if let Some(credit) = &rights.credit {
        refine(xml, &item.id, "dcterms:rightsHolder", None, credit);
    }
    let Some(terms) = rights.licence() else { return };
    refine(xml, &item.id, "dcterms:rights", None, &terms.text);
    if let Some(url) = &terms.url {
        xml.open("link").attr("refines", &format!("#{}", item.id)).attr("rel", "dcterms:license");
        xml.attr("href", &address(url)).void().line();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::manifest::Date;
    use crate::output::epub::sample;
    use crate::resolve::Erratum;

    fn metadata(edition: &Resolved) -> String {
        let mut xml = Xml::default();
        write(&mut xml, edition, &[], &AccessibilityFacts::of(edition, BTreeSet::new(), sample::presentation()), None);
        xml.finish()
    }

    #[test]
    fn writes_identity_title_and_date_of_the_edition() {
        let edition = sample::edition();
        let out = metadata(&edition);
        for wanted in [
            format!("<dc:identifier id=\"publication-id\">urn:uuid:{}</dc:identifier>", edition.identifier(Product::Epub)),
            "<dc:identifier id=\"isbn\">urn:isbn:9782999999015</dc:identifier>".into(),
            "<meta refines=\"#title\" property=\"title-type\">main</meta>".into(),
            "<dc:date>2023-05</dc:date>".into(),
            "<meta property=\"dcterms:modified\">2023-05-01T00:00:00Z</meta>".into(),
        ] {
            assert!(out.contains(&wanted), "{wanted}\n{out}");
        }
    }

    #[test]
    fn erratum_changes_only_the_modification_date() {
        let mut edition = sample::edition();
        let before = metadata(&edition);
        let date = Date { year: 2023, month: 6, day: Some(12) };
        edition.edition.erratum = Some(Erratum { date, label: "Version corrigée".into(), items: vec![] });
        let after = metadata(&edition);
        assert_eq!(after, before.replace(">2023-05-01T00:00:00Z<", ">2023-06-12T00:00:00Z<"));
        assert_ne!(after, before);
    }

    #[test]
    fn each_party_occurs_once_with_all_its_roles() {
        let out = metadata(&sample::edition());
        assert_eq!(out.matches(">Maud Le Garrec<").count(), 1, "{out}");
        assert!(out.contains("<dc:creator id=\"party-1\">Maud Le Garrec</dc:creator>"), "{out}");
        assert!(out.contains("<meta refines=\"#party-1\" property=\"role\" scheme=\"marc:relators\">pht</meta>"), "{out}");
        assert!(out.contains(">Observatoire</dc:contributor>"), "{out}");
        assert!(out.contains("<meta refines=\"#party-1\" property=\"file-as\">Le Garrec, Maud</meta>"), "{out}");
        assert_eq!(out.matches("file-as").count(), 1, "only one party has a sort name: {out}");
    }

    #[test]
    fn credit_roles_have_an_address_and_a_marc_code() {
        let mut edition = sample::edition();
        assert_eq!(prefixes(&edition), None);
        let address = "https://credit.niso.org/contributor-roles/visualization/";
        edition.credits[1].contribution = Some(address.into());
        let out = metadata(&edition);
        let refined =
            format!("<meta refines=\"#party-1\" property=\"role\" scheme=\"credit:contributor-roles\">{address}</meta>");
        assert!(out.contains(&refined) && out.contains(">pht</meta>"), "{out}");
        assert_eq!(prefixes(&edition), Some("credit: https://credit.niso.org/"));
    }
}
