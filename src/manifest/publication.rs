//! `publication.toml` and the sidecar of an image.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::{BrandManifest, Date, EditionManifest, Level, Organisation, Person, TypographyManifest};
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
    /// Language, BCP 47; default the series', else French.
    #[schemars(with = "Option<String>")]
    pub lang: Option<Spanned<String>>,
    /// Layout; default the series', else `simple`.
    #[schemars(with = "Option<String>")]
    pub layout: Option<Spanned<String>>,
    /// Id of the publishing organisation; default the series'.
    #[schemars(with = "Option<String>")]
    pub publisher: Option<Spanned<String>>,
    /// One or two sentences for catalogues.
    pub description: Option<String>,
    /// Keywords for catalogues.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// Period that the publication covers, such as `2020-2022`.
    pub period: Option<String>,
    /// Identity of the publication; each edition and format derives its own from it.
    #[schemars(with = "String")]
    pub uuid: Spanned<String>,
    /// DOI, without `https://doi.org/`.
    #[schemars(with = "Option<String>")]
    pub doi: Option<Spanned<String>>,
    /// ISBN of each product.
    #[serde(default)]
    #[schemars(with = "PerProduct<Option<String>>")]
    pub isbn: PerProduct<Spanned<String>>,
    /// Slugs of the sections, in order; each is `slug.md` beside this file.
    #[schemars(with = "Vec<String>")]
    pub sections: Vec<Spanned<String>>,
    /// Options of the layout.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub options: BTreeMap<String, Spanned<toml::Value>>,
    /// Editions, in order of date.
    pub editions: Vec<EditionManifest>,
    /// Who did what.
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
    /// Images and what must be said of them.
    #[serde(default)]
    pub assets: Vec<AssetManifest>,
    /// Organisations of this publication, beside the series'.
    #[serde(default)]
    pub organisations: BTreeMap<String, Organisation>,
    /// People of this publication, beside the series'.
    #[serde(default)]
    pub people: BTreeMap<String, Person>,
    /// Brand of this publication; what it leaves out comes from the series.
    #[serde(default)]
    pub brand: BrandManifest,
    /// Choices in micro-typography.
    #[serde(default)]
    pub typography: TypographyManifest,
    /// How much the findings of checks matter, by code: `"error"`, `"warning"` or `"off"`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Level>")]
    pub checks: BTreeMap<String, Spanned<Level>>,
}

/// `[[credits]]`: a role and who holds it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditManifest {
    /// Name of the role, or its MARC relator code.
    #[schemars(with = "String")]
    pub role: Spanned<String>,
    /// Ids of people and organisations.
    #[schemars(with = "Vec<String>")]
    pub names: Vec<Spanned<String>>,
    /// Printed label in place of the role's own.
    pub label: Option<String>,
    /// Ids of the editions that it belongs to; default all.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub editions: Vec<Spanned<String>>,
}

/// `[licence]`: under which terms the publication may be used.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LicenceManifest {
    /// SPDX id, or `etalab-2.0`; default the series', else `etalab-2.0`.
    #[schemars(with = "Option<String>")]
    pub id: Option<Spanned<String>>,
    /// Id of the organisation that grants it; default the publisher.
    #[schemars(with = "Option<String>")]
    pub licensor: Option<Spanned<String>>,
    /// Date of last update; default the edition's date.
    pub updated: Option<Date>,
    /// What is not under this licence, item by item.
    #[serde(default)]
    pub exceptions: Vec<ExceptionManifest>,
}

/// `[[licence.exceptions]]`: something under other terms.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExceptionManifest {
    /// What it is.
    pub what: String,
    /// Who holds the rights.
    pub holder: Option<String>,
    /// Its licence or terms: an SPDX id or words.
    #[schemars(with = "Option<String>")]
    pub licence: Option<Spanned<String>>,
    /// Anything else to say.
    pub note: Option<String>,
    /// Ids of the editions that it belongs to; default all.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub editions: Vec<Spanned<String>>,
}

/// `[[sources]]`: a work that this publication draws on.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceManifest {
    /// Its title.
    #[schemars(with = "String")]
    pub title: Spanned<String>,
    /// What kind of work it is.
    #[serde(default)]
    pub kind: SourceKind,
    /// Who published it.
    pub publisher: Option<String>,
    /// When.
    pub date: Option<String>,
    /// Its licence: an SPDX id or words.
    #[schemars(with = "Option<String>")]
    pub licence: Option<Spanned<String>>,
    /// Where it is online.
    #[schemars(with = "Option<String>")]
    pub url: Option<Spanned<String>>,
    /// What was taken from it.
    pub note: Option<String>,
    /// Ids of the editions that it belongs to; default all.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub editions: Vec<Spanned<String>>,
}

/// Kind of work that a publication draws on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// A book, an article, a report.
    #[default]
    Text,
    /// Data.
    Data,
    /// A picture, a map, a plate.
    Image,
    /// A film.
    Video,
    /// A program.
    Software,
}

/// `[[resources]]`: a document that a tile or list points to.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResourceManifest {
    /// Id that `::: resources` names.
    #[schemars(with = "String")]
    pub id: Spanned<String>,
    /// Title.
    pub title: String,
    /// Subtitle, where titles are near identical.
    pub subtitle: Option<String>,
    /// Kind of document, such as `Bulletin`.
    pub kind: Option<String>,
    /// Reading format.
    pub format: Option<ReadingFormat>,
    /// Reading time in minutes.
    pub minutes: Option<u16>,
    /// Where the document is.
    #[schemars(with = "TargetManifest")]
    pub target: Spanned<TargetManifest>,
    /// Ids of the editions that it belongs to; default all.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub editions: Vec<Spanned<String>>,
}

/// Reading format of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReadingFormat {
    /// Minutes.
    Short,
    /// Half an hour or more.
    Long,
}

/// Where a resource is: exactly one key.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TargetManifest {
    /// A publication of this workspace, by slug, or a place in it: `slug#id`.
    Publication(String),
    /// An address.
    Url(String),
    /// The document is consulted at this organisation's site.
    Organisation(String),
    /// The document is not online; the words say so.
    None(String),
}

/// `[[assets]]`, or the sidecar `image.png.toml` (without `path`): what must be said of an image.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssetManifest {
    /// Path of the image from this file; left out in a sidecar.
    #[schemars(with = "Option<String>")]
    pub path: Option<Spanned<String>>,
    /// Alternative text, used where the Markdown gives none.
    pub alt: Option<String>,
    /// The image carries no information: it gets no alternative text.
    #[serde(default)]
    pub decorative: bool,
    /// Caption, used where the Markdown gives none.
    pub caption: Option<String>,
    /// Who made it.
    pub credit: Option<String>,
    /// Its licence: an SPDX id or words. Needed for every image.
    #[schemars(with = "Option<String>")]
    pub licence: Option<Spanned<String>>,
    /// Where it comes from: an address, or words.
    pub source: Option<String>,
    /// When it was made.
    pub date: Option<String>,
}
