//! People and organisations. Each is declared once and referred to by id.

use schemars::JsonSchema;
use serde::Deserialize;

/// A person: `[people.ID]`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Person {
    /// Name as it is printed.
    pub name: String,
    /// Name for sorting in catalogues, such as `Le Garrec, Maud`.
    pub sort: Option<String>,
    /// ORCID iD, as `0000-0000-0000-0000` or as a URL.
    #[schemars(with = "Option<String>")]
    pub orcid: Option<toml::Spanned<String>>,
    /// Web page of the person.
    #[schemars(with = "Option<String>")]
    pub url: Option<toml::Spanned<String>>,
    /// Id of the organisation that the person belongs to.
    #[schemars(with = "Option<String>")]
    pub affiliation: Option<toml::Spanned<String>>,
}

/// Kind of an organisation, by which credits are grouped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OrganisationKind {
    /// Ministry, agency, school district.
    PublicBody,
    /// Laboratory or research unit.
    ResearchUnit,
    /// Non-profit association.
    Association,
    /// Company.
    Company,
    /// City, department, region.
    LocalAuthority,
    /// Network of people or bodies.
    Network,
    /// Anything else.
    #[default]
    Other,
}

/// An organisation: `[organisations.ID]`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Organisation {
    /// Name as it is printed.
    pub name: String,
    /// Website.
    #[schemars(with = "Option<String>")]
    pub url: Option<toml::Spanned<String>>,
    /// Kind of organisation.
    #[serde(default)]
    pub kind: OrganisationKind,
    /// ROR identifier, with or without `https://ror.org/`.
    #[schemars(with = "Option<String>")]
    pub ror: Option<toml::Spanned<String>>,
    /// Short name, printed where there is no logo.
    pub wordmark: Option<String>,
    /// Path of the logo, relative to the file that declares it.
    #[schemars(with = "Option<String>")]
    pub logo: Option<toml::Spanned<String>>,
    /// Alternative text of the logo.
    pub logo_alt: Option<String>,
    /// Licence of the logo: an SPDX id, or words such as "all rights reserved".
    #[schemars(with = "Option<String>")]
    pub logo_licence: Option<toml::Spanned<String>>,
}
