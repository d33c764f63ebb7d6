//! UUIDs that two publications share, usually because a folder was copied. `build/identifiers.rs` compares DOIs and ISBNs.

use std::collections::{BTreeMap, BTreeSet};

use toml::de::{DeTable, DeValue};
use uuid::Uuid;

use super::reader::Reader;
use super::{Home, Workspace};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, Strictness, code};
use crate::disk::{MAX_TEXT, decode, read_regular};
use crate::manifest::PublicationManifest;

impl Workspace {
    /// Reports the UUIDs that one of these publications shares with another publication, at both places.
    ///
    /// Reading systems identify a publication by its UUID, so they would treat two publications with the same UUID as one.
    pub fn check_identities(&mut self, requested: &[Home]) -> Diagnostics {
        let requested: BTreeSet<&str> = requested.iter().map(|home| home.slug.as_str()).collect();
        let mut homes: BTreeMap<String, Vec<Home>> = BTreeMap::new();
        for home in self.homes() {
            if let Some(uuid) = self.uuid(home) {
                homes.entry(uuid).or_default().push(home.clone());
            }
        }
        homes.retain(|_, homes| homes.len() > 1 && homes.iter().any(|home| requested.contains(home.slug.as_str())));
        let mut found = Diagnostics::default();
        for homes in homes.into_values() {
            let places: Vec<Span> = homes.iter().filter_map(|home| self.uuid_place(home)).collect();
            for (at, span) in places.iter().enumerate() {
                let others = places.iter().enumerate().filter(|(other, _)| *other != at);
                let twice = Diagnostic::new(code::DUPLICATE, "two publications have the same uuid").at(*span);
                let twice = others.fold(twice, |twice, (_, other)| twice.related(*other, "the other one"));
                let new = Uuid::new_v4();
                found.push(twice.hint(format!("keep it in the older publication, and write in the copy: uuid = \"{new}\"")));
            }
        }
        found
    }

    /// Returns the UUID in the manifest of a publication; `None` if the manifest has errors, which are reported elsewhere.
    fn uuid(&self, home: &Home) -> Option<String> {
        let bytes = read_regular(&self.root.path().join(&home.folder).join("publication.toml"), MAX_TEXT)?;
        let text = decode(bytes).ok()?;
        // `uuid` is before the first table header, so the rest of the manifest, which is long, is not parsed.
        let end = text.find("\n[").map_or(text.len(), |at| at + 1);
        match DeTable::parse(text.get(..end)?).ok()?.get_ref().get("uuid")?.get_ref() {
            DeValue::String(value) => Some(value.trim().to_lowercase()).filter(|value| !value.is_empty()),
            _ => None,
        }
    }

    /// Returns the location of the UUID of a publication, and adds its manifest to the sources of the workspace.
    fn uuid_place(&mut self, home: &Home) -> Option<Span> {
        let mut reader = Reader::new(&self.root, home.group, Strictness::Full);
        let manifest = reader.toml::<PublicationManifest>(&format!("{}/publication.toml", home.folder), true)?;
        let sources = reader.sources;
        self.sources.extend(&sources);
        Some(manifest.span(&manifest.value.uuid))
    }
}
