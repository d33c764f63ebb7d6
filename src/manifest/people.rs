//! People and organisations, declared once and named by id everywhere else.

use schemars::JsonSchema;
use serde::Deserialize;

/// A person: `[people.ID]`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Person {
    /// Name as it is printed.
    pub name: String,
    /// Name as catalogues sort it, such as `Le Garrec, Maud`.
    pub sort: Option<String>,
    /// ORCID iD, `0000-0000-0000-0000`, or its address.
    #[schemars(with = "Option<String>")]
    pub orcid: Option<toml::Spanned<String>>,
    /// The person's page.
    #[schemars(with = "Option<String>")]
    pub url: Option<toml::Spanned<String>>,
    /// Id of the organisation the person belongs to.
    #[schemars(with = "Option<String>")]
    pub affiliation: Option<toml::Spanned<String>>,
}

/// What an organisation is; the credits group by it.
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
    /// Its site.
    #[schemars(with = "Option<String>")]
    pub url: Option<toml::Spanned<String>>,
    /// What it is.
    #[serde(default)]
    pub kind: OrganisationKind,
    /// ROR identifier, `https://ror.org/…`, or what follows it.
    #[schemars(with = "Option<String>")]
    pub ror: Option<toml::Spanned<String>>,
    /// Short name set in type where no logo is given.
    pub wordmark: Option<String>,
    /// Path of the logo, from the file that declares it.
    #[schemars(with = "Option<String>")]
    pub logo: Option<toml::Spanned<String>>,
    /// Alternative text of the logo.
    pub logo_alt: Option<String>,
    /// Licence of the logo: an SPDX id, or words such as "all rights reserved".
    #[schemars(with = "Option<String>")]
    pub logo_licence: Option<toml::Spanned<String>>,
}
