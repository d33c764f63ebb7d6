//! `publication.toml` and the sidecar file of an image.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::forms::{LanguageTag, RoleName, UuidText};
use super::{
    BrandManifest, Date, EditionManifest, Level, Organisation, PageListSource, Person, PrintManifest, PublicationKind,
    RecordsManifest, TypographyManifest,
};
use crate::product::PerProduct;

/// `publication.toml`: one publication, its sections and its editions.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PublicationManifest {
    /// Title.
    #[schemars(with = "String")]
    pub title: Spanned<String>,
    /// Subtitle.
    pub subtitle: Option<String>,
    /// Language (BCP 47); by default that of the series, otherwise French.
    #[schemars(with = "Option<LanguageTag>")]
    pub lang: Option<Spanned<String>>,
    /// Layout; by default that of the series, otherwise `simple`.
    #[schemars(with = "Option<String>")]
    pub layout: Option<Spanned<String>>,
    /// Id of the publishing organisation; by default that of the series.
    #[schemars(with = "Option<String>")]
    pub publisher: Option<Spanned<String>>,
    /// Description for catalogues, one or two sentences.
    pub description: Option<String>,
    /// Keywords for catalogues.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// Period that the publication covers, such as `2020-2022`.
    pub period: Option<String>,
    /// Kind of publication for catalogues: `"book"`, `"report"` or `"issue"`; by default as in the series, otherwise a book.
    pub kind: Option<PublicationKind>,
    /// Number in its series, such as `12`.
    pub number: Option<String>,
    /// UUID of the publication, from which the identifiers of each edition and format are derived.
    #[schemars(with = "UuidText")]
    pub uuid: Spanned<String>,
    /// DOI, without `https://doi.org/`.
    #[schemars(with = "Option<String>")]
    pub doi: Option<Spanned<String>>,
    /// ISBN of each product.
    #[serde(default)]
    #[schemars(with = "PerProduct<Option<String>>")]
    pub isbn: PerProduct<Spanned<String>>,
    /// Slugs of the sections, in order. The file of each is `slug.md` beside this file.
    #[schemars(with = "Vec<String>")]
    pub sections: Vec<Spanned<String>>,
    /// Options of the layout.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub options: BTreeMap<String, Spanned<toml::Value>>,
    /// Editions, in order of date.
    pub editions: Vec<EditionManifest>,
    /// Credits.
    #[serde(default)]
    pub credits: Vec<CreditManifest>,
    /// Licence of the publication.
    #[serde(default)]
    pub licence: LicenceManifest,
    /// Works that this publication draws on.
    #[serde(default)]
    pub sources: Vec<SourceManifest>,
    /// Documents that tiles and lists point to.
    #[serde(default)]
    pub resources: Vec<ResourceManifest>,
    /// Images and their descriptions and rights.
    #[serde(default)]
    pub assets: Vec<AssetManifest>,
    /// Rights of images that do not declare their own.
    #[serde(default)]
    pub assets_default: AssetDefaults,
    /// Organisations of this publication, in addition to those of the series.
    #[serde(default)]
    pub organisations: BTreeMap<String, Organisation>,
    /// People of this publication, in addition to those of the series.
    #[serde(default)]
    pub people: BTreeMap<String, Person>,
    /// Brand of this publication. Values that are not set come from the series.
    #[serde(default)]
    pub brand: BrandManifest,
    /// Options of micro-typography.
    #[serde(default)]
    pub typography: TypographyManifest,
    /// Settings of the print products. If the table is present, here, in the series or in the workspace, the print PDF is built
    /// too.
    pub print: Option<PrintManifest>,
    /// Records for catalogues that are written beside the artefacts: `true` for all, or a list. By default as in the series.
    pub records: Option<RecordsManifest>,
    /// The PDF whose pages the EPUB lists: `"pdf"`, `"print"` or `false` for none; by default that of the series, then of the workspace,
    /// otherwise `"print"` if the print PDF has a gutter, else `"pdf"`.
    #[schemars(with = "Option<PageListSource>")]
    pub page_list: Option<Spanned<PageListSource>>,
    /// Whether EPUBs contain images no larger than screens need; by default as in the series, then the workspace, otherwise `true`.
    pub fit_images: Option<bool>,
    /// Levels of findings, by code: `"error"`, `"warning"` or `"off"`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Level>")]
    pub checks: BTreeMap<String, Spanned<Level>>,
}

/// `[[credits]]`: a role and the people and organisations that have it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditManifest {
    /// Name of the role, or its MARC relator code.
    #[schemars(with = "RoleName")]
    pub role: Spanned<String>,
    /// Ids of people and organisations.
    #[schemars(with = "Vec<String>")]
    pub names: Vec<Spanned<String>>,
    /// Printed label that replaces that of the role.
    pub label: Option<String>,
    /// Ids of the editions that it applies to; by default all.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub editions: Vec<Spanned<String>>,
}

/// `[licence]`: terms of use of the publication.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LicenceManifest {
    /// SPDX id, or `etalab-2.0`; by default that of the series, otherwise `etalab-2.0`.
    #[schemars(with = "Option<String>")]
    pub id: Option<Spanned<String>>,
    /// Id of the organisation that grants the licence; by default the publisher.
    #[schemars(with = "Option<String>")]
    pub licensor: Option<Spanned<String>>,
    /// Date of the last update; by default the date of the edition.
    pub updated: Option<Date>,
    /// Items that are not under this licence.
    #[serde(default)]
    pub exceptions: Vec<ExceptionManifest>,
}

/// `[[licence.exceptions]]`: an item under other terms.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExceptionManifest {
    /// Description of the item.
    pub what: String,
    /// Holder of the rights.
    pub holder: Option<String>,
    /// Licence or terms: an SPDX id or words.
    #[schemars(with = "Option<String>")]
    pub licence: Option<Spanned<String>>,
    /// Further information.
    pub note: Option<String>,
    /// Ids of the editions that it applies to; by default all.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub editions: Vec<Spanned<String>>,
}

/// `[[sources]]`: a work that this publication draws on.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceManifest {
    /// Title of the work.
    #[schemars(with = "String")]
    pub title: Spanned<String>,
    /// Kind of work.
    #[serde(default)]
    pub kind: SourceKind,
    /// Publisher of the work.
    pub publisher: Option<String>,
    /// Date of publication.
    pub date: Option<String>,
    /// Licence: an SPDX id or words.
    #[schemars(with = "Option<String>")]
    pub licence: Option<Spanned<String>>,
    /// Address of the work online.
    #[schemars(with = "Option<String>")]
    pub url: Option<Spanned<String>>,
    /// Description of the parts that were used.
    pub note: Option<String>,
    /// Ids of the editions that it applies to; by default all.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub editions: Vec<Spanned<String>>,
}

/// Kind of work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// Book, article or report.
    #[default]
    Text,
    /// Data.
    Data,
    /// Picture, map or plate.
    Image,
    /// Film.
    Video,
    /// Software.
    Software,
}

/// `[[resources]]`: a document that tiles and lists link to.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResourceManifest {
    /// Id for `::: resources`.
    #[schemars(with = "String")]
    pub id: Spanned<String>,
    /// Title.
    pub title: String,
    /// Subtitle, which distinguishes similar titles.
    pub subtitle: Option<String>,
    /// Kind of document, such as `Bulletin`.
    pub kind: Option<String>,
    /// Reading format.
    pub format: Option<ReadingFormat>,
    /// Reading time in minutes.
    pub minutes: Option<u16>,
    /// Location of the document.
    #[schemars(with = "TargetManifest")]
    pub target: Spanned<TargetManifest>,
    /// Ids of the editions that it applies to; by default all.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub editions: Vec<Spanned<String>>,
}

/// Reading format of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReadingFormat {
    /// A few minutes.
    Short,
    /// Half an hour or more.
    Long,
}

/// Location of a resource: exactly one key.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TargetManifest {
    /// Slug of a publication of this workspace, or an id in it: `slug#id`.
    Publication(String),
    /// Address.
    Url(String),
    /// Id of an organisation on whose site the document is available.
    Organisation(String),
    /// Words that state that the document is not online.
    None(String),
}

/// `[assets-default]`: the rights of images that do not declare their own.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssetDefaults {
    /// Author of the images.
    pub credit: Option<String>,
    /// Licence: an SPDX id or words.
    #[schemars(with = "Option<String>")]
    pub licence: Option<Spanned<String>>,
    /// Origin of the images: an address, or words.
    pub source: Option<String>,
    /// Date of the images.
    pub date: Option<String>,
}

/// `[[assets]]`, or the sidecar file `image.png.toml` (without `path`): description and rights of an image or of the images of a folder.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssetManifest {
    /// Path of the image, relative to this file, or a pattern for several images, such as `images/*`; not used in a sidecar file.
    #[schemars(with = "Option<String>")]
    pub path: Option<Spanned<String>>,
    /// Alternative text, used where the Markdown has none.
    pub alt: Option<String>,
    /// Whether the image conveys no information and needs no alternative text.
    #[serde(default)]
    pub decorative: bool,
    /// Caption, used where the Markdown has none.
    pub caption: Option<String>,
    /// Author of the image.
    pub credit: Option<String>,
    /// Licence: an SPDX id or words. Every image needs one: its own, that of a pattern, or that of `[assets-default]`.
    #[schemars(with = "Option<String>")]
    pub licence: Option<Spanned<String>>,
    /// Origin of the image: an address, or words.
    pub source: Option<String>,
    /// Date of the image.
    pub date: Option<String>,
}
