//! Identifiers that two publications share, usually because a folder was copied.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};
use uuid::Uuid;

use super::reader::Reader;
use super::{Home, Workspace};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, Strictness, code};
use crate::disk::{MAX_TEXT, decode};
use crate::manifest::PublicationManifest;

/// The key that an identifier has in `publication.toml`.
const KEYS: [&str; 2] = ["uuid", "doi"];

/// A key and its value in lower case.
type Identifier = (&'static str, String);

impl Workspace {
    /// Reports the UUIDs and DOIs that one of these publications shares with another publication, at both places.
    ///
    /// Reading systems identify files by UUID, so they would treat two publications with the same UUID as one.
    pub fn check_identities(&mut self, requested: &[Home]) -> Diagnostics {
        let mut homes: BTreeMap<Identifier, Vec<&Home>> = BTreeMap::new();
        for home in self.homes() {
            for identifier in self.identifiers(home) {
                homes.entry(identifier).or_default().push(home);
            }
        }
        let shared = homes.into_iter().filter(|(_, homes)| {
            homes.len() > 1 && homes.iter().any(|home| requested.iter().any(|requested| requested.slug == home.slug))
        });
        let shared: Vec<(Identifier, Vec<Home>)> =
            shared.map(|(identifier, homes)| (identifier, homes.into_iter().cloned().collect())).collect();
        let mut found = Diagnostics::default();
        for ((key, _), homes) in shared {
            let places: Vec<Span> = homes.iter().filter_map(|home| self.place(home, key)).collect();
            for (at, span) in places.iter().enumerate() {
                let others = places.iter().enumerate().filter(|(other, _)| *other != at);
                let twice = Diagnostic::new(code::DUPLICATE, format!("two publications have the same {key}")).at(*span);
                let twice = others.fold(twice, |twice, (_, other)| twice.related(*other, "the other one"));
                found.push(twice.hint(hint(key)));
            }
        }
        found
    }

    /// Returns the identifiers in the manifest of a publication. Files with errors, which are reported elsewhere, have none.
    fn identifiers(&self, home: &Home) -> Vec<Identifier> {
        let bytes = self.root.read(&format!("{}/publication.toml", home.folder), MAX_TEXT).ok();
        let Some(text) = bytes.and_then(|bytes| decode(bytes).ok()) else { return Vec::new() };
        // Only the part before the first table header is parsed, because the rest of a manifest may be long.
        let end = text.find("\n[").map_or(text.len(), |at| at + 1);
        let Some(Ok(table)) = text.get(..end).map(DeTable::parse) else { return Vec::new() };
        let value = |key: &'static str| match table.get_ref().get(key)?.get_ref() {
            DeValue::String(value) => Some((key, value.trim().to_lowercase())).filter(|(_, value)| !value.is_empty()),
            _ => None,
        };
        KEYS.iter().filter_map(|key| value(key)).collect()
    }

    /// Returns the location of an identifier, and adds the manifest to the sources of the workspace.
    fn place(&mut self, home: &Home, key: &str) -> Option<Span> {
        let mut reader = Reader::new(&self.root, home.group, Strictness::Full);
        let manifest = reader.toml::<PublicationManifest>(&format!("{}/publication.toml", home.folder), true);
        let sources = reader.sources;
        let manifest = manifest?;
        self.sources.extend(&sources);
        let value = match key {
            "doi" => manifest.value.doi.as_ref()?,
            _ => &manifest.value.uuid,
        };
        Some(manifest.span(value))
    }
}

fn hint(key: &str) -> String {
    match key {
        "doi" => "remove it from the copy: a DOI belongs to one publication".into(),
        _ => format!("keep it in the older publication, and write in the copy: uuid = \"{}\"", Uuid::new_v4()),
    }
}
