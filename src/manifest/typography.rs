//! Options of micro-typography.

use schemars::JsonSchema;
use serde::Deserialize;

/// `[typography]`: options within the rules of a language.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TypographyManifest {
    /// Space inside « »; by default `no-break`.
    pub guillemet_space: Option<GuillemetSpace>,
}

/// The space inside « ».
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum GuillemetSpace {
    /// U+00A0, as wide as a word space.
    #[default]
    NoBreak,
    /// U+202F, a narrow space.
    Narrow,
}
