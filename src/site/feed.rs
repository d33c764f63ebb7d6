//! The feed of all editions (Atom, RFC 4287).

use super::{FEED, PAGE, Site, SiteEdition, SitePublication, absolute};
use crate::output::epub::{Xml, address as address_of};
use crate::product::Product;

/// Writes the feed, the newest edition first. Its times are the dates of the editions, so that equal sources give equal bytes.
pub fn write(site: &Site<'_>, address: &str) -> String {
    let mut entries: Vec<(&SitePublication, &SiteEdition)> = site
        .publications
        .iter()
        .flat_map(|publication| publication.editions.iter().map(move |edition| (publication, edition)))
        .collect();
    // Editions of one date stay in the order of the workspace.
    entries.sort_by_key(|(_, edition)| std::cmp::Reverse(edition.work.modified.instant()));
    let newest = entries.first().map(|(_, edition)| *edition);
    let mut xml = Xml::document();
    xml.open("feed").attr("xmlns", "http://www.w3.org/2005/Atom");
    xml.attr("xml:lang", super::catalogue::language(site).tag).line();
    leaf(&mut xml, "title", &super::catalogue::title(site));
    leaf(&mut xml, "id", &absolute(address, PAGE));
    leaf(&mut xml, "updated", &newest.map(|edition| edition.work.modified.instant()).unwrap_or_default());
    link(&mut xml, "self", "application/atom+xml", &absolute(address, FEED), None);
    link(&mut xml, "alternate", "text/html", &absolute(address, PAGE), None);
    for (publication, edition) in entries {
        entry(&mut xml, address, publication, edition);
    }
    xml.close().line();
    xml.finish()
}

fn entry(xml: &mut Xml, address: &str, publication: &SitePublication, edition: &SiteEdition) {
    xml.open("entry").attr("xml:lang", edition.language.tag).line();
    let title = match &edition.label {
        Some(label) => format!("{} ({label})", edition.title),
        None => edition.title.clone(),
    };
    leaf(xml, "title", &title);
    leaf(xml, "id", &edition.work.urn);
    leaf(xml, "published", &edition.work.date.instant());
    leaf(xml, "updated", &edition.work.modified.instant());
    let authors = edition.work.responsible();
    // Every entry needs an author (RFC 4287, §4.1.2). If no one is declared, it is the publication itself.
    if authors.is_empty() {
        xml.open("author").leaf("name", None, &edition.title).close().line();
    }
    for party in authors {
        xml.open("author").leaf("name", None, &party.name);
        if let Some(page) = party.page() {
            xml.leaf("uri", None, &address_of(page));
        }
        xml.close().line();
    }
    edition.description.iter().for_each(|text| leaf(xml, "summary", text));
    leaf(xml, "rights", &edition.statement);
    for keyword in &edition.work.keywords {
        xml.open("category").attr("term", keyword).void().line();
    }
    link(xml, "alternate", "text/html", &absolute(address, &publication.page()), None);
    for file in edition.readable() {
        let media_type = if file.product == Product::Epub { "application/epub+zip" } else { "application/pdf" };
        link(xml, "enclosure", media_type, &absolute(address, &file.path), Some(file.bytes));
    }
    xml.close().line();
}

fn leaf(xml: &mut Xml, name: &'static str, text: &str) {
    xml.leaf(name, None, text).line();
}

fn link(xml: &mut Xml, relation: &str, media_type: &str, address: &str, bytes: Option<u64>) {
    xml.open("link").attr("rel", relation).attr("type", media_type).attr("href", address);
    xml.attr_if("length", bytes.map(|bytes| bytes.to_string()).as_deref()).void().line();
}
