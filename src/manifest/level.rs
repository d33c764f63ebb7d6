//! Levels of findings.

use schemars::JsonSchema;
use serde::Deserialize;

/// Level of a finding in a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// The finding stops the build.
    Error,
    /// The finding is reported, and the edition is built.
    Warning,
    /// The finding is not reported.
    Off,
}

impl Level {
    /// Returns its name in TOML.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Off => "off",
        }
    }
}
