//! `kind`: the type of a publication for catalogues and reference managers.

use schemars::JsonSchema;
use serde::Deserialize;

/// Kind of a publication.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PublicationKind {
    /// A book.
    #[default]
    Book,
    /// A report of an institution.
    Report,
    /// A numbered issue of a series.
    Issue,
}
