//! Third-party material in the executable and in its output, with the texts of its licences.
//!
//! The list is generated from `Cargo.lock`, the sources of the crates and `third-party/other.toml` by a test of
//! `tests/suite/third_party.rs`, which also fails if the list no longer matches `Cargo.lock`.

use schemars::{JsonSchema, Schema, schema_for};
use serde::{Deserialize, Serialize};

/// The generated list.
const LIST: &str = include_str!("../third-party/components.json");

/// The third-party material of this version.
#[derive(Clone, Debug, Default, JsonSchema, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ThirdParty {
    /// The components: first those in artefacts, then data, then crates, each by name.
    pub components: Vec<Component>,
    /// Texts of licences and notices, each once.
    pub texts: Vec<String>,
}

/// A piece of third-party material.
#[derive(Clone, Debug, JsonSchema, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Component {
    /// Name.
    pub name: String,
    /// Version of a crate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Kind.
    pub kind: ComponentKind,
    /// Licences, as an SPDX expression.
    pub licence: String,
    /// Address of its source.
    pub source: Option<String>,
    /// What it is used for, unless it is compiled into the executable.
    #[serde(rename = "use", default, skip_serializing_if = "Option::is_none")]
    pub used: Option<String>,
    /// Whether artefacts contain it, so that its terms concern everyone who publishes them.
    pub passed: bool,
    /// Indices of the texts that must be passed on with it.
    pub texts: Vec<usize>,
}

/// Kind of a component.
#[derive(Clone, Copy, Debug, JsonSchema, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ComponentKind {
    /// A font family.
    Font,
    /// A colour profile.
    Profile,
    /// Data, such as grammars and hyphenation patterns.
    Data,
    /// A crate of Rust, with the C code and the data that it contains.
    Crate,
}

impl Component {
    /// Returns the name and the version.
    pub fn title(&self) -> String {
        match &self.version {
            Some(version) => format!("{} {version}", self.name),
            None => self.name.clone(),
        }
    }
}

/// Returns the third-party material of this version.
pub fn third_party() -> ThirdParty {
    serde_json::from_str(LIST).unwrap_or_default()
}

/// Returns the JSON Schema of the list.
pub fn third_party_schema() -> Schema {
    schema_for!(ThirdParty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_component_has_its_texts() {
        let list = third_party();
        assert!(!list.components.is_empty());
        for component in &list.components {
            assert!(!component.texts.is_empty(), "{} has no text", component.title());
            assert!(component.texts.iter().all(|index| *index < list.texts.len()), "{}", component.title());
        }
        let used = |index: usize| list.components.iter().any(|component| component.texts.contains(&index));
        assert!((0..list.texts.len()).all(used), "a text belongs to no component");
    }
}
