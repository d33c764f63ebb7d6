//! JSON Schemas of the source files, of the inspection, of the print report and of the JSON messages, generated from the Rust
//! types.

use std::io;
use std::path::{Path, PathBuf};

use schemars::{Schema, schema_for};

use crate::content::FrontMatter;
use crate::disk;
use crate::inspection::inspection_schema;
use crate::manifest::{AssetManifest, LayoutManifest, PublicationManifest, SeriesManifest, WorkspaceManifest};
use crate::release::{changes_schema, release_schema};
use crate::report;
use crate::third_party::third_party_schema;

/// A file format that has a schema.
pub struct SchemaFile {
    /// Name on the command line and in the file name `<name>.schema.json`.
    pub name: &'static str,
    /// Name or description of the files that it describes.
    pub file: &'static str,
    /// Whether authors write such files. A new project contains these schemas.
    pub written: bool,
    schema: fn() -> Schema,
}

/// All schemas, in the order in which `reliure schema` lists them.
pub const SCHEMAS: &[SchemaFile] = &[
    SchemaFile { name: "workspace", file: "reliure.toml", written: true, schema: || schema_for!(WorkspaceManifest) },
    SchemaFile { name: "series", file: "series.toml", written: true, schema: || schema_for!(SeriesManifest) },
    SchemaFile { name: "publication", file: "publication.toml", written: true, schema: || schema_for!(PublicationManifest) },
    SchemaFile { name: "layout", file: "layout.toml", written: true, schema: || schema_for!(LayoutManifest) },
    SchemaFile { name: "asset", file: "image.png.toml", written: true, schema: || schema_for!(AssetManifest) },
    SchemaFile { name: "front-matter", file: "front matter of a section", written: true, schema: || schema_for!(FrontMatter) },
    SchemaFile { name: "inspection", file: "output of inspect --json", written: false, schema: inspection_schema },
    SchemaFile { name: "release", file: "manifest.json of a release", written: false, schema: release_schema },
    SchemaFile { name: "changes", file: "changes.json of a release", written: false, schema: changes_schema },
    SchemaFile { name: "preflight", file: "output of --report FILE.json", written: false, schema: report::preflight_schema },
    SchemaFile { name: "third-party", file: "output of licences --json", written: false, schema: third_party_schema },
    SchemaFile { name: "messages", file: "a line of --message-format json", written: false, schema: report::messages },
];

/// Writes every schema to a folder, replacing existing files, and returns the paths.
///
/// # Errors
///
/// Fails if a file cannot be written. The error message contains its path.
pub fn write_all(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let write = |schema: &SchemaFile| {
        let name = format!("{}.schema.json", schema.name);
        let path = folder.join(&name);
        let written = disk::write_files(folder, &[(name, schema.json())]);
        written.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
        Ok(path)
    };
    SCHEMAS.iter().map(write).collect()
}

impl SchemaFile {
    /// Returns the schema as JSON (draft 2020-12), with a newline at the end.
    pub fn json(&self) -> String {
        let mut text = serde_json::to_string_pretty((self.schema)().as_value()).unwrap_or_default();
        text.push('\n');
        text
    }
}
