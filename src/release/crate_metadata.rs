//! `ro-crate-metadata.json`: the release as a research object (RO-Crate 1.2), which repositories read.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::manifest::{ReleaseManifest, json as to_json};
use crate::disk::Sha256;
use crate::resolve::doi_address;

/// Name of the file (RO-Crate 1.2 §Root Data Entity).
pub const CRATE: &str = "ro-crate-metadata.json";

/// Identifier of the version of RO-Crate.
const CONFORMS_TO: &str = "https://w3id.org/ro/crate/1.2";
const CONTEXT: &str = "https://w3id.org/ro/crate/1.2/context";

/// Describes a release and its files.
pub fn metadata(manifest: &ReleaseManifest, files: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let mut graph = vec![
        json!({
            "@id": CRATE,
            "@type": "CreativeWork",
            "about": { "@id": "./" },
            "conformsTo": { "@id": CONFORMS_TO },
        }),
        root(manifest, files),
        licence(manifest),
    ];
    graph.extend(publisher(manifest));
    graph.extend(files.iter().map(|(name, bytes)| file(name, bytes, manifest)));
    graph.extend(action(manifest));
    to_json(&json!({ "@context": CONTEXT, "@graph": graph }))
}

fn root(manifest: &ReleaseManifest, files: &BTreeMap<String, Vec<u8>>) -> Value {
    let (edition, inspection) = (&manifest.edition, &manifest.edition.inspection);
    let parts: Vec<Value> = files.keys().map(|name| json!({ "@id": encoded(name) })).collect();
    let description = edition.description.clone().unwrap_or_else(|| edition.full_title());
    let mut root = json!({
        "@id": "./",
        "@type": "Dataset",
        "name": edition.full_title(),
        "description": description,
        "datePublished": inspection.edition.date,
        "version": inspection.edition.id,
        "inLanguage": inspection.language,
        "license": { "@id": inspection.licence.url },
        "hasPart": parts,
        "mentions": { "@id": "#build" },
    });
    if let Value::Object(root) = &mut root {
        if edition.publisher.is_some() {
            root.insert("publisher".into(), json!({ "@id": "#publisher" }));
        }
        if !edition.keywords.is_empty() {
            root.insert("keywords".into(), json!(edition.keywords.join(", ")));
        }
        if let Some(doi) = &inspection.doi {
            root.insert("identifier".into(), json!(doi_address(doi)));
        }
    }
    root
}

fn licence(manifest: &ReleaseManifest) -> Value {
    let licence = &manifest.edition.inspection.licence;
    json!({
        "@id": licence.url,
        "@type": "CreativeWork",
        "name": licence.id,
        "description": manifest.edition.statement,
    })
}

fn publisher(manifest: &ReleaseManifest) -> Option<Value> {
    let name = manifest.edition.publisher.as_ref()?;
    Some(json!({ "@id": "#publisher", "@type": "Organization", "name": name }))
}

fn file(name: &str, bytes: &[u8], manifest: &ReleaseManifest) -> Value {
    let artefact = manifest.artefacts.iter().find(|file| file.path == name);
    let mut file = json!({
        "@id": encoded(name),
        "@type": "File",
        "name": name,
        "encodingFormat": media_type(name),
        "contentSize": bytes.len().to_string(),
        "sha256": Sha256::of(bytes).to_string(),
    });
    let claims = artefact.map(|file| file.claims.join("; ")).filter(|claims| !claims.is_empty());
    if let (Value::Object(file), Some(claims)) = (&mut file, claims) {
        file.insert("description".into(), json!(claims));
    }
    file
}

/// Describes the build: its tool and its output files.
fn action(manifest: &ReleaseManifest) -> [Value; 2] {
    let tool = &manifest.tool;
    let results: Vec<Value> = manifest.artefacts.iter().map(|file| json!({ "@id": encoded(&file.path) })).collect();
    [
        json!({
            "@id": "#build",
            "@type": "CreateAction",
            "name": format!("Build of {}", manifest.edition.inspection.artefact),
            "instrument": { "@id": "#tool" },
            "result": results,
        }),
        json!({
            "@id": "#tool",
            "@type": "SoftwareApplication",
            "name": tool.name,
            "version": tool.version,
            "softwareVersion": tool.described(),
        }),
    ]
}

/// Returns a name as a relative IRI: letters with accents are not encoded (RO-Crate 1.1, "Encoding file paths").
fn encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '.' | '~' | '/' => out.push(c),
            c if !c.is_ascii() => out.push(c),
            c => out.push_str(&format!("%{:02X}", u32::from(c))),
        }
    }
    out
}

/// Returns the media type of a file, by its extension.
pub fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("pdf") => "application/pdf",
        Some("epub") => "application/epub+zip",
        Some("png") => "image/png",
        Some("jpg") => "image/jpeg",
        Some("json") => "application/json",
        Some("jsonld") => "application/ld+json",
        Some("html") => "text/html",
        Some("md") => "text/markdown",
        Some("xml") => "application/xml",
        Some("cff") => "application/yaml",
        Some("bib") => "application/x-bibtex",
        Some("ris") => "application/x-research-info-systems",
        Some("txt") => "text/plain",
        _ => "application/octet-stream",
    }
}
