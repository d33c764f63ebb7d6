//! `reliure.toml` and `series.toml`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::forms::LanguageTag;
use super::{
    AssetDefaults, BrandManifest, Level, Organisation, PageListSource, Person, PrintManifest, PublicationKind, RecordsManifest,
    TypographyManifest,
};

/// `reliure.toml`: folders and settings of a workspace. The file and every key are optional.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct WorkspaceManifest {
    /// Folder of the series and publications.
    #[serde(default = "sources")]
    pub sources: String,
    /// Folder of the project's own layouts.
    #[serde(default = "layouts")]
    pub layouts: String,
    /// Folder of the project's own fonts.
    #[serde(default = "fonts")]
    pub fonts: String,
    /// Folder of the artefacts.
    #[serde(default = "output")]
    pub output: String,
    /// URL at which the output folder is published. EPUBs then link to each other there.
    #[schemars(with = "Option<String>")]
    pub published_at: Option<Spanned<String>>,
    /// Settings of the print products of all publications.
    pub print: Option<PrintManifest>,
    /// Records for catalogues that are written beside the artefacts: `true` for all, or a list. By default none.
    pub records: Option<RecordsManifest>,
    /// Releases.
    #[serde(default)]
    pub release: ReleaseSettings,
    /// The PDF whose pages EPUBs list: `"pdf"`, `"print"` or `false` for none; by default `"print"` if the print PDF has a
    /// gutter, else `"pdf"`.
    #[schemars(with = "Option<PageListSource>")]
    pub page_list: Option<Spanned<PageListSource>>,
    /// Whether EPUBs contain images no larger than screens need; by default `true`.
    pub fit_images: Option<bool>,
    /// Levels of findings, by code: `"error"`, `"warning"` or `"off"`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Level>")]
    pub checks: BTreeMap<String, Spanned<Level>>,
}

/// `[release]`: where `reliure release` writes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ReleaseSettings {
    /// Folder of the releases; by default `releases` in the folder of the artefacts.
    pub folder: Option<String>,
}

impl Default for WorkspaceManifest {
    fn default() -> Self {
        Self {
            sources: sources(),
            layouts: layouts(),
            fonts: fonts(),
            output: output(),
            published_at: None,
            print: None,
            fit_images: None,
            records: None,
            release: ReleaseSettings::default(),
            page_list: None,
            checks: BTreeMap::new(),
        }
    }
}

fn sources() -> String {
    "sources".into()
}

fn layouts() -> String {
    "layouts".into()
}

fn fonts() -> String {
    "fonts".into()
}

fn output() -> String {
    "build".into()
}

/// `series.toml`: values that the publications of a series share.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SeriesManifest {
    /// Title of the series.
    pub title: String,
    /// Id of the organisation that publishes the series.
    #[schemars(with = "Option<String>")]
    pub publisher: Option<Spanned<String>>,
    /// Licence of its publications: an SPDX id, or `etalab-2.0`.
    #[schemars(with = "Option<String>")]
    pub licence: Option<Spanned<String>>,
    /// Language of its publications, BCP 47.
    #[schemars(with = "Option<LanguageTag>")]
    pub lang: Option<Spanned<String>>,
    /// Layout of its publications that do not set another one.
    #[schemars(with = "Option<String>")]
    pub layout: Option<Spanned<String>>,
    /// Kind of its publications for catalogues: `"book"`, `"report"` or `"issue"`; by default books.
    pub kind: Option<PublicationKind>,
    /// Rights of images that do not declare their own.
    #[serde(default)]
    pub assets_default: AssetDefaults,
    /// Organisations, by id.
    #[serde(default)]
    pub organisations: BTreeMap<String, Organisation>,
    /// People, by id.
    #[serde(default)]
    pub people: BTreeMap<String, Person>,
    /// Colours and fonts.
    #[serde(default)]
    pub brand: BrandManifest,
    /// Options of micro-typography.
    #[serde(default)]
    pub typography: TypographyManifest,
    /// Settings of the print products of its publications.
    pub print: Option<PrintManifest>,
    /// Records for catalogues that are written beside the artefacts: `true` for all, or a list. By default as in the workspace.
    pub records: Option<RecordsManifest>,
    /// The PDF whose pages the EPUBs of its publications list: `"pdf"`, `"print"` or `false` for none.
    #[schemars(with = "Option<PageListSource>")]
    pub page_list: Option<Spanned<PageListSource>>,
    /// Whether EPUBs contain images no larger than screens need.
    pub fit_images: Option<bool>,
    /// Levels of findings, by code: `"error"`, `"warning"` or `"off"`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Level>")]
    pub checks: BTreeMap<String, Spanned<Level>>,
}
