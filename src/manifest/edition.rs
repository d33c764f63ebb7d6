//! `[[editions]]`: dated versions of a publication, with the values that each overrides.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::forms::EditionId;
use super::{CertificationManifest, Date};
use crate::product::PerProduct;

/// `[[editions]]`: a dated version of the publication.
///
/// The keys from `title` on override those of the publication. An edition inherits them from the edition that it is based on.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct EditionManifest {
    /// Short id, used in file names and in conditions.
    #[schemars(with = "EditionId")]
    pub id: Spanned<String>,
    /// Month or day of publication.
    #[schemars(with = "Date")]
    pub date: Spanned<Date>,
    /// Printed label, by default « Édition de mai 2023 »; `""` for none.
    pub label: Option<String>,
    /// Id of the edition that this one is based on.
    #[schemars(with = "Option<String>")]
    pub based_on: Option<Spanned<String>>,
    /// Changes since that edition, one line each.
    #[serde(default)]
    pub changes: Vec<String>,
    /// Month or day of a corrected reissue of the same edition.
    #[schemars(with = "Option<Date>")]
    pub modified: Option<Spanned<Date>>,
    /// Corrections of that reissue, one line each.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub errata: Vec<Spanned<String>>,
    /// Title of this edition.
    #[schemars(with = "Option<String>")]
    pub title: Option<Spanned<String>>,
    /// Subtitle of this edition; `""` for none.
    pub subtitle: Option<String>,
    /// Description of this edition; `""` for none.
    pub description: Option<String>,
    /// Keywords of this edition.
    pub keywords: Option<Vec<String>>,
    /// Period that this edition covers; `""` for none.
    pub period: Option<String>,
    /// Sections of this edition, in order.
    #[schemars(with = "Option<Vec<String>>")]
    pub sections: Option<Vec<Spanned<String>>>,
    /// Layout options of this edition. Each overrides that of the publication.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub options: BTreeMap<String, Spanned<toml::Value>>,
    /// DOI of this edition; `""` for none.
    #[schemars(with = "Option<String>")]
    pub doi: Option<Spanned<String>>,
    /// ISBN of each product of this edition.
    #[schemars(with = "Option<PerProduct<Option<String>>>")]
    pub isbn: Option<PerProduct<Spanned<String>>>,
    /// Date of the last update in the licence notice.
    pub updated: Option<Date>,
    /// Certification of the accessibility of the EPUB of this edition, which no other edition inherits.
    #[schemars(with = "Option<CertificationManifest>")]
    pub certification: Option<Spanned<CertificationManifest>>,
}
