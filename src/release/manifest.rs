//! `manifest.json`: the files of a release, its inputs and its tool, and its texts for later comparison. It contains no times of
//! the build, so equal sources have equal manifests.

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use crate::disk::Sha256;
use crate::snapshot::EditionSnapshot;

/// Version of the format. It is incremented when the meaning of a key changes, but not when a key is added.
pub const FORMAT: u32 = 1;

/// The manifest of a release.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ReleaseManifest {
    /// Version of this format.
    pub format: u32,
    /// The tool that made the release.
    pub tool: Tool,
    /// The release before it, by date of the edition, with which its changes are compared.
    pub previous: Option<PreviousRelease>,
    /// The earlier release of the same edition that this one replaces, with which its changes are compared too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<PreviousRelease>,
    /// Files of the products and records.
    pub artefacts: Vec<ReleasedFile>,
    /// Picture of the cover.
    pub cover: Option<String>,
    /// Pictures of the pages of the PDF.
    pub pages: Vec<ReleasedPage>,
    /// Files that the build may read, relative to the root of the project.
    pub inputs: Vec<InputFile>,
    /// Fonts of the brand.
    pub fonts: Vec<ReleasedFont>,
    /// Press profile, if there are print products.
    pub profile: Option<ReleasedProfile>,
    /// Findings that were allowed, with the reason.
    pub allowances: Vec<ReleasedAllowance>,
    /// Levels of codes that the project sets: `error`, `warning` or `off`.
    pub levels: BTreeMap<String, String>,
    /// Texts, credits and rights of the edition.
    pub edition: EditionSnapshot,
}

/// The tool that made a release.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Id of its build: a digest of its sources, layouts, fonts and dependencies.
    pub build: String,
}

/// An earlier release.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PreviousRelease {
    /// Id of the edition, which is the name of its folder.
    pub edition: String,
    /// SHA-256 sum of its manifest.
    pub manifest: Sha256,
}

/// A file of a product or a record.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ReleasedFile {
    /// Its name in the folder of the release.
    pub path: String,
    /// Id of the product: `pdf`, `epub`, `print`, `cover`; `None` for a record.
    pub product: Option<String>,
    /// Media type.
    pub media_type: String,
    /// Size.
    pub bytes: u64,
    /// SHA-256 sum.
    pub sha256: Sha256,
    /// Conformance that the file itself claims.
    pub claims: Vec<String>,
}

/// A page of the PDF.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ReleasedPage {
    /// Printed page number.
    pub label: Option<String>,
    /// Name of its picture.
    pub picture: String,
    /// Digest of its pixels at 96 per inch.
    pub look: String,
    /// Digest of the page without running heads and folios; older releases do not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// A file that the build may read.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct InputFile {
    /// Path relative to the root of the project.
    pub path: String,
    /// SHA-256 sum.
    pub sha256: Sha256,
}

/// A font file.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ReleasedFont {
    /// Family.
    pub family: String,
    /// File name.
    pub file: String,
    /// SHA-256 sum.
    pub sha256: Sha256,
}

/// A press profile.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ReleasedProfile {
    /// Name.
    pub name: String,
    /// Printing condition: `FOGRA39`.
    pub condition: Option<String>,
    /// SHA-256 sum.
    pub sha256: Sha256,
}

/// A finding that did not stop the release.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ReleasedAllowance {
    /// Code of the finding.
    pub code: String,
    /// Why it was allowed.
    pub reason: String,
    /// `release` for `--allow`, otherwise file and line of the comment in the sources.
    pub source: String,
    /// The findings, each with its place.
    pub findings: Vec<String>,
}

/// `source` of the allowances of the command line.
pub const FROM_COMMAND: &str = "release";

impl Tool {
    /// Returns the running tool.
    pub fn this() -> Self {
        let (version, build) = (env!("CARGO_PKG_VERSION"), env!("RELIURE_BUILD"));
        Self { name: "reliure".to_owned(), version: version.to_owned(), build: build.to_owned() }
    }

    /// Returns its name with version and build: `reliure 0.1.0 (build 0123456789abcdef)`.
    pub fn described(&self) -> String {
        format!("{} {} (build {})", self.name, self.version, self.build)
    }
}

impl ReleaseManifest {
    /// Returns the manifest as JSON, with a newline at the end.
    pub fn json(&self) -> Vec<u8> {
        json(self)
    }
}

/// Returns a value as indented JSON, with a newline at the end.
pub fn json<T: Serialize>(value: &T) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// Returns the JSON Schema of manifests.
pub fn release_schema() -> Schema {
    SchemaSettings::default().for_serialize().into_generator().into_root_schema_for::<ReleaseManifest>()
}
