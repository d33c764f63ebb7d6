//! The output of `reliure inspect`, as types with a published JSON Schema.
//!
//! Fields are declared in alphabetical order, which is the order of the keys in the JSON output.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use crate::accessibility::AccessibilityFacts;
use crate::model::plain_text;
use crate::product::PerProduct;
use crate::resolve::{Asset, Certification, Compatibility, Credit, Edition, Item, Party, Resolved, Section, Terms};

/// The editions of a workspace as they would be built.
#[derive(Clone, Debug, Default, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Inspection {
    /// One entry per edition without errors, in the order of the publications and of their editions.
    pub publications: Vec<EditionInspection>,
}

/// One edition of one publication.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct EditionInspection {
    /// The accessibility of the EPUB.
    pub accessibility: InspectedAccessibility,
    /// File name of its artefacts, without extension.
    pub artefact: String,
    /// Credits, in the order of the sources.
    pub credits: Vec<InspectedCredit>,
    /// DOI, without the address of the resolver.
    pub doi: Option<String>,
    /// Id, dates and changes of the edition.
    pub edition: EditionRecord,
    /// Size of the EPUB and of the files in it; missing where no EPUB is made.
    #[serde(default, skip_serializing_if = "InspectedEpub::is_empty")]
    pub epub: InspectedEpub,
    /// Identifier of each output (UUID).
    pub identifiers: PerProduct<String>,
    /// Images that the sections and the credits use.
    pub images: Vec<InspectedImage>,
    /// ISBN of each output.
    pub isbn: PerProduct<Option<String>>,
    /// Language (BCP 47).
    pub language: String,
    /// Third-party material: one entry per image, logo, quotation, work, data set and font.
    pub ledger: Vec<LedgerEntry>,
    /// Licence of the publication.
    pub licence: InspectedLicence,
    /// Number of pages of the PDF.
    pub pages: usize,
    /// Slug of the publication: the name of its folder.
    pub publication: String,
    /// Sections, in reading order.
    pub sections: Vec<InspectedSection>,
    /// Title of the series.
    pub series: Option<String>,
    /// Subtitle.
    pub subtitle: Option<String>,
    /// Title.
    pub title: String,
}

/// The accessibility of an EPUB, as its metadata state it.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct InspectedAccessibility {
    /// The person or organisation that certifies the conformance; null if none is claimed.
    pub certified_by: Option<String>,
    /// The standard and level that are claimed, such as `WCAG 2.2 Level AA`.
    pub claim: Option<String>,
    /// Features of the content, in the vocabulary of schema.org.
    pub features: Vec<String>,
    /// The summary for readers.
    pub summary: String,
}

/// The size of an EPUB.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct InspectedEpub {
    /// Size in bytes.
    pub bytes: usize,
    /// Its files, the largest first.
    pub files: Vec<EpubFile>,
}

impl InspectedEpub {
    fn is_empty(&self) -> bool {
        self.bytes == 0
    }
}

/// A file in an EPUB.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct EpubFile {
    /// Size in the EPUB in bytes, compressed.
    pub bytes: usize,
    /// Path in the EPUB.
    pub path: String,
    /// Share of the size of the EPUB, in thousandths.
    pub permille: usize,
}

/// Id, dates and changes of an edition.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct EditionRecord {
    /// Id of the edition that it is based on.
    pub based_on: Option<String>,
    /// Changes since that edition.
    pub changes: Vec<String>,
    /// Date of publication (ISO 8601: year, month and, if known, day).
    pub date: String,
    /// Corrections after publication.
    pub errata: Vec<String>,
    /// Its id.
    pub id: String,
    /// Its printed label.
    pub label: Option<String>,
    /// Date of the correction (ISO 8601).
    pub modified: Option<String>,
}

/// A credit: a role and its holders.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct InspectedCredit {
    /// Its holders; older releases do not have them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holders: Vec<CreditHolder>,
    /// Printed label of the role.
    pub label: String,
    /// MARC relator code of the role.
    pub marc: String,
    /// Names of its holders.
    pub names: Vec<String>,
}

/// A holder of a credit.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CreditHolder {
    /// Name of the organisation that a person belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affiliation: Option<String>,
    /// Address of its ORCID iD or ROR identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// Name.
    pub name: String,
}

impl CreditHolder {
    /// Returns the name with the affiliation and the identifier: `Ann Author (Shore), https://orcid.org/0000-0002-1825-0097`.
    pub fn line(&self) -> String {
        let affiliation = self.affiliation.iter().map(|affiliation| format!(" ({affiliation})"));
        let identifier = self.identifier.iter().map(|identifier| format!(", {identifier}"));
        std::iter::once(self.name.clone()).chain(affiliation).chain(identifier).collect()
    }
}

/// An image file.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct InspectedImage {
    /// Height in pixels.
    pub height: u32,
    /// Whether the EPUB shows it on a light background when the reader prefers dark pages, because it has dark lines on a
    /// transparent background.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub light_ground: bool,
    /// Media type, detected from its content.
    pub media_type: String,
    /// Path from the root of the workspace.
    pub path: String,
    /// Width in pixels.
    pub width: u32,
}

/// The licence of a publication.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct InspectedLicence {
    /// Lines of the licence notice, one for each item under other terms.
    pub exceptions: Vec<String>,
    /// SPDX id.
    pub id: String,
    /// Address of the licence text.
    pub url: String,
}

/// Third-party material and its terms.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct LedgerEntry {
    /// Author or rights holder.
    pub credit: Option<String>,
    /// Date of creation, as the sources write it.
    pub date: Option<String>,
    /// Whether the licence notice lists it as an exception to the licence of the publication.
    pub exception: bool,
    /// `image`, `video`, `logo`, `quotation`, `text`, `data`, `software`, `font` or `other`.
    pub kind: String,
    /// SPDX id of its licence, or the terms in words.
    pub licence: Option<String>,
    /// Address of its licence.
    pub licence_url: Option<String>,
    /// Additional information.
    pub note: Option<String>,
    /// Path of its file from the root of the workspace, for an image or a logo.
    pub path: Option<String>,
    /// Address or description of its origin.
    pub source: Option<String>,
    /// Whether its terms are the `same` as the publication's, `compatible` with them, or `restricted`; null if unknown.
    pub standing: Option<String>,
    /// Its name or description.
    pub what: String,
}

/// A section.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct InspectedSection {
    /// Id that links use.
    pub id: String,
    /// Label in tables of contents and navigation.
    pub nav: String,
    /// Title.
    pub title: String,
}

/// Returns the JSON Schema of the serialized [`Inspection`], in which every key is required.
pub fn inspection_schema() -> Schema {
    SchemaSettings::default().for_serialize().into_generator().into_root_schema_for::<Inspection>()
}

/// Describes an EPUB. `files` are the paths of its files with their sizes.
pub fn inspected_epub(epub: &[u8], mut files: Vec<(String, usize)>) -> InspectedEpub {
    files.sort_by(|(path, bytes), (other_path, other)| other.cmp(bytes).then_with(|| path.cmp(other_path)));
    let permille = |bytes: usize| (bytes * 1000 + epub.len() / 2) / epub.len().max(1);
    let files = files.into_iter().map(|(path, bytes)| EpubFile { bytes, path, permille: permille(bytes) }).collect();
    InspectedEpub { bytes: epub.len(), files }
}

/// Describes an edition whose PDF has `pages` pages, without its EPUB, which [`inspected_epub`] describes.
pub fn inspection(edition: &Resolved, facts: &AccessibilityFacts, pages: usize) -> EditionInspection {
    EditionInspection {
        accessibility: InspectedAccessibility {
            certified_by: facts.claim.as_ref().map(|claim| claim.certifier.name.clone()),
            claim: facts.claim.as_ref().map(Certification::guidelines),
            features: facts.features.iter().map(|feature| feature.name().to_owned()).collect(),
            summary: facts.summary.clone(),
        },
        artefact: edition.stem.clone(),
        credits: edition.credits.iter().map(credit).collect(),
        doi: edition.doi.clone(),
        edition: record(&edition.edition),
        epub: InspectedEpub::default(),
        identifiers: PerProduct::all(|product| edition.identifier(product).to_string()),
        images: edition.assets.iter().map(image).collect(),
        isbn: PerProduct::all(|product| edition.isbn(product).map(str::to_owned)),
        language: edition.language.tag.to_owned(),
        ledger: edition.ledger.items.iter().map(|item| ledger_entry(edition, item)).collect(),
        licence: InspectedLicence {
            exceptions: edition.exceptions().iter().map(|line| line.line(edition.language)).collect(),
            id: edition.notice.licence.id.to_owned(),
            url: edition.notice.licence.url.clone(),
        },
        pages,
        publication: edition.slug.clone(),
        sections: edition.sections.iter().map(section).collect(),
        series: edition.series.clone(),
        subtitle: edition.subtitle.clone(),
        title: edition.title.clone(),
    }
}

fn record(edition: &Edition) -> EditionRecord {
    EditionRecord {
        based_on: edition.based_on.clone(),
        changes: edition.changes.as_ref().map(|changes| changes.items.clone()).unwrap_or_default(),
        date: edition.date.iso(),
        errata: edition.erratum.as_ref().map(|erratum| erratum.items.clone()).unwrap_or_default(),
        id: edition.id.clone(),
        label: edition.label.clone(),
        modified: edition.erratum.as_ref().map(|erratum| erratum.date.iso()),
    }
}

fn credit(credit: &Credit) -> InspectedCredit {
    let holder = |party: &Party| CreditHolder {
        affiliation: party.affiliation.clone(),
        identifier: party.authority.clone(),
        name: party.name.clone(),
    };
    InspectedCredit {
        holders: credit.parties.iter().map(holder).collect(),
        label: credit.label.clone(),
        marc: credit.marc.to_owned(),
        names: credit.parties.iter().map(|party| party.name.clone()).collect(),
    }
}

fn image(asset: &Asset) -> InspectedImage {
    InspectedImage {
        height: asset.height,
        light_ground: asset.background.needs_light,
        media_type: asset.media_type.to_owned(),
        path: asset.path.clone(),
        width: asset.width,
    }
}

fn ledger_entry(edition: &Resolved, item: &Item) -> LedgerEntry {
    LedgerEntry {
        credit: item.credit.clone(),
        date: item.date.clone(),
        exception: item.exception,
        kind: item.kind.name().to_owned(),
        licence: item.terms.as_ref().map(|terms| terms.code().to_owned()),
        licence_url: item.terms.as_ref().and_then(Terms::url).map(str::to_owned),
        note: item.note.clone(),
        path: item.asset.and_then(|index| edition.assets.get(index)).map(|asset| asset.path.clone()),
        source: item.source.clone(),
        standing: item.compatibility.map(|compatibility| Compatibility::name(compatibility).to_owned()),
        what: item.what.clone(),
    }
}

fn section(section: &Section) -> InspectedSection {
    InspectedSection { id: section.id.clone(), nav: plain_text(&section.nav), title: plain_text(&section.title) }
}
