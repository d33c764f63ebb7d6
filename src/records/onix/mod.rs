//! ONIX for Books 3.1, with reference tags: a message with one product for each format that has an ISBN.
//!
//! | part of a product | content |
//! |---|---|
//! | P.1, P.2 | record reference and identifiers |
//! | P.3 | form of the product, features, licence |
//! | P.5 to P.11 | series, title, contributors, edition, languages, extent, keywords |
//! | P.14 | description, statement of rights |
//! | P.19, P.20 | publishers, dates, copyright |
//! | P.22, P.23 | the work, and its other formats |
//! | P.26 | the price of a printed book |
//!
//! Suppliers and the prices of files are not known, so P.26 is left out for files.

mod accessibility;
mod form;
mod people;
mod supply;

use super::language::bibliographic;
use super::{Extents, Work};
use crate::manifest::Date;
use crate::output::epub::{Xml, address};
use crate::product::Product;

/// Namespace of messages with reference tags.
const NAMESPACE: &str = "http://ns.editeur.org/onix/3.1/reference";

/// Writes a message. Its date is the date of the edition or of its last correction.
pub fn write(work: &Work, extents: Extents) -> String {
    let mut xml = Xml::document();
    xml.open("ONIXMessage").attr("release", "3.1").attr("xmlns", NAMESPACE).line();
    xml.open("Header").line();
    if let Some(publisher) = work.publishers.first() {
        xml.open("Sender").leaf("SenderName", None, &publisher.name).close().line();
    }
    leaf(&mut xml, "SentDateTime", &day(work.modified));
    xml.close().line();
    let isbns: Vec<(Product, String)> = work.isbns().collect();
    for (form, isbn) in &isbns {
        xml.open("Product").line();
        identity(&mut xml, work, *form, isbn);
        description(&mut xml, work, *form, extents);
        texts(&mut xml, work);
        publishing(&mut xml, work);
        related(&mut xml, work, isbns.iter().filter(|(other, _)| other != form));
        supply::supply(&mut xml, work, *form);
        xml.close().line();
    }
    xml.close().line();
    xml.finish()
}

/// Writes an element that contains only text, on a separate line.
fn leaf(xml: &mut Xml, name: &'static str, text: &str) {
    xml.leaf(name, None, text).line();
}

fn identity(xml: &mut Xml, work: &Work, form: Product, isbn: &str) {
    leaf(xml, "RecordReference", work.urn_of(form).unwrap_or(isbn));
    // List 1: confirmed on publication.
    leaf(xml, "NotificationType", "03");
    // List 5: ISBN-13, and the same number as GTIN-13.
    for kind in ["15", "03"] {
        identifier(xml, "ProductIdentifier", "ProductIDType", kind, isbn);
    }
}

/// Writes an identifier; `kind` is a code of the list of its composite.
fn identifier(xml: &mut Xml, composite: &'static str, kind_name: &'static str, kind: &str, value: &str) {
    xml.open(composite).leaf(kind_name, None, kind).leaf("IDValue", None, value).close().line();
}

fn description(xml: &mut Xml, work: &Work, form: Product, extents: Extents) {
    xml.open("DescriptiveDetail").line();
    form::write(xml, work, form, extents);
    if let Some(series) = &work.series {
        // List 148: publisher collection. List 149: collection level.
        xml.open("Collection").line();
        leaf(xml, "CollectionType", "10");
        if let Some(number) = work.number.as_deref().filter(|number| number.bytes().all(|byte| byte.is_ascii_digit())) {
            // List 197: order of publication.
            xml.open("CollectionSequence").leaf("CollectionSequenceType", None, "03");
            xml.leaf("CollectionSequenceNumber", None, number).close().line();
        }
        title(xml, "02", series, None, None);
        xml.close().line();
    }
    title(xml, "01", &work.title, work.subtitle.as_deref(), work.languages.first().map(String::as_str));
    people::contributors(xml, work);
    if let Some(label) = &work.label {
        leaf(xml, "EditionStatement", label);
    }
    let mut known: Vec<&str> = Vec::new();
    for code in work.languages.iter().filter_map(|tag| bibliographic(tag)) {
        if !known.contains(&code) {
            known.push(code);
            // List 22: language of text.
            xml.open("Language").leaf("LanguageRole", None, "01").leaf("LanguageCode", None, code).close().line();
        }
    }
    form::extent(xml, form, extents);
    if !work.keywords.is_empty() {
        // List 27: keywords, separated by semicolons.
        xml.open("Subject").leaf("SubjectSchemeIdentifier", None, "20");
        xml.leaf("SubjectHeadingText", None, &work.keywords.join("; ")).close().line();
    }
    xml.close().line();
}

/// Writes a title; `level` is a code of list 149.
fn title(xml: &mut Xml, level: &str, text: &str, subtitle: Option<&str>, tag: Option<&str>) {
    let language = tag.and_then(bibliographic);
    // List 15: distinctive title.
    xml.open("TitleDetail").leaf("TitleType", None, "01").open("TitleElement").leaf("TitleElementLevel", None, level);
    xml.open("TitleText").attr_if("language", language).text(text).close();
    if let Some(subtitle) = subtitle {
        xml.open("Subtitle").attr_if("language", language).text(subtitle).close();
    }
    xml.close().close().line();
}

fn texts(xml: &mut Xml, work: &Work) {
    let language = work.languages.first().and_then(|tag| bibliographic(tag));
    xml.open("CollateralDetail").line();
    // List 153: description, open access statement.
    let description = work.description.as_deref().map(|text| ("03", text));
    for (kind, text) in description.into_iter().chain([("20", work.rights.as_str())]) {
        // List 154: unrestricted.
        xml.open("TextContent").leaf("TextType", None, kind).leaf("ContentAudience", None, "00");
        xml.open("Text").attr_if("language", language).text(text).close().close().line();
    }
    xml.close().line();
}

fn publishing(xml: &mut Xml, work: &Work) {
    xml.open("PublishingDetail").line();
    people::publishers(xml, work);
    // List 64: active.
    leaf(xml, "PublishingStatus", "04");
    // List 163: publication date. List 55: 00 for a day, 01 for a month.
    let (format, text) = match work.date.day {
        Some(_) => ("00", day(work.date)),
        None => ("01", format!("{:04}{:02}", work.date.year, work.date.month)),
    };
    xml.open("PublishingDate").leaf("PublishingDateRole", None, "01");
    xml.open("Date").attr("dateformat", format).text(&text).close().close().line();
    people::copyright(xml, work);
    xml.close().line();
}

/// Returns a date as `YYYYMMDD`.
fn day(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year, date.month, date.first_day())
}

fn related<'a>(xml: &mut Xml, work: &Work, others: impl Iterator<Item = &'a (Product, String)>) {
    xml.open("RelatedMaterial").line();
    // List 164: manifestation of the work. List 16: DOI, and a proprietary scheme.
    xml.open("RelatedWork").leaf("WorkRelationCode", None, "01").line();
    if let Some(doi) = &work.doi {
        identifier(xml, "WorkIdentifier", "WorkIDType", "06", doi);
    }
    xml.open("WorkIdentifier").leaf("WorkIDType", None, "01").leaf("IDTypeName", None, "UUID").leaf("IDValue", None, &work.urn);
    xml.close().line();
    xml.close().line();
    for (_, isbn) in others {
        // List 51: alternative format.
        xml.open("RelatedProduct").leaf("ProductRelationCode", None, "06").line();
        identifier(xml, "ProductIdentifier", "ProductIDType", "15", isbn);
        xml.close().line();
    }
    xml.close().line();
}

/// Writes the licence of a digital product (P.3.20).
fn licence(xml: &mut Xml, work: &Work) {
    // List 218: human-readable expression.
    xml.open("EpubLicense").leaf("EpubLicenseName", None, &work.licence_name).open("EpubLicenseExpression");
    xml.leaf("EpubLicenseExpressionType", None, "01").leaf("EpubLicenseExpressionLink", None, &address(&work.licence_url));
    xml.close().close().line();
}
