//! The JSON Schema of each file, made from the same types that read it.

use schemars::{Schema, schema_for};

use super::{AssetManifest, LayoutManifest, PublicationManifest, SeriesManifest, WorkspaceManifest};
use crate::content::FrontMatter;

/// A file format that has a schema.
pub struct SchemaFile {
    /// Name on the command line and in the file name `<name>.schema.json`.
    pub name: &'static str,
    /// The file that it describes.
    pub file: &'static str,
    schema: fn() -> Schema,
}

/// All of them.
pub const SCHEMAS: &[SchemaFile] = &[
    SchemaFile { name: "workspace", file: "reliure.toml", schema: || schema_for!(WorkspaceManifest) },
    SchemaFile { name: "series", file: "series.toml", schema: || schema_for!(SeriesManifest) },
    SchemaFile { name: "publication", file: "publication.toml", schema: || schema_for!(PublicationManifest) },
    SchemaFile { name: "layout", file: "layout.toml", schema: || schema_for!(LayoutManifest) },
    SchemaFile { name: "asset", file: "image.png.toml", schema: || schema_for!(AssetManifest) },
    SchemaFile { name: "front-matter", file: "front matter of a section", schema: || schema_for!(FrontMatter) },
];

impl SchemaFile {
    /// Writes the schema as JSON (draft 2020-12), with a newline at the end.
    pub fn json(&self) -> String {
        let mut text = serde_json::to_string_pretty((self.schema)().as_value()).unwrap_or_default();
        text.push('\n');
        text
    }
}
