//! How much a finding of a check matters.

use schemars::JsonSchema;
use serde::Deserialize;

/// How much a finding matters in a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Nothing is written until it is mended.
    Error,
    /// It is told, and the edition is written.
    Warning,
    /// It is not looked for.
    Off,
}
