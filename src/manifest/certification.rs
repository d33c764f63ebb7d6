//! `[editions.certification]`: who assessed the accessibility of an edition, and the result.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::Date;

/// `[editions.certification]`: the assessment of the EPUB of an edition by a person or an organisation.
///
/// An edition does not inherit it from the edition that it is based on, because an assessment applies to one text only.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CertificationManifest {
    /// Id of the person or organisation that certifies the conformance.
    #[schemars(with = "String")]
    pub by: Spanned<String>,
    /// Month or day of the assessment.
    #[schemars(with = "String")]
    pub date: Spanned<Date>,
    /// Version of WCAG.
    pub wcag: WcagVersion,
    /// Level of conformance.
    pub level: WcagLevel,
    /// Address of the report.
    #[schemars(with = "Option<String>")]
    pub report: Option<Spanned<String>>,
    /// Name or address of the credential of the certifier.
    pub credential: Option<String>,
}

/// Version of the Web Content Accessibility Guidelines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
pub enum WcagVersion {
    /// WCAG 2.0.
    #[serde(rename = "2.0")]
    V20,
    /// WCAG 2.1.
    #[serde(rename = "2.1")]
    V21,
    /// WCAG 2.2.
    #[serde(rename = "2.2")]
    V22,
}

impl WcagVersion {
    /// Returns the number: `2.2`.
    pub fn number(self) -> &'static str {
        match self {
            Self::V20 => "2.0",
            Self::V21 => "2.1",
            Self::V22 => "2.2",
        }
    }
}

/// Level of conformance with WCAG.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum WcagLevel {
    /// Level A.
    A,
    /// Level AA.
    Aa,
    /// Level AAA.
    Aaa,
}

impl WcagLevel {
    /// Returns the letters: `AA`.
    pub fn letters(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::Aa => "AA",
            Self::Aaa => "AAA",
        }
    }
}
