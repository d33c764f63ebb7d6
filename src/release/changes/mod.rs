//! The changes between two releases of a publication: texts by section and block, links, credits, rights, resources and pages.

mod blocks;
mod facts;
mod files;
mod markdown;
mod pages;
mod words;

pub use self::markdown::{left_out, lists, markdown, place, start_of_moved, state_of};
pub use self::words::{Word, WordChange};

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use super::manifest::{FORMAT, ReleaseManifest};
use crate::snapshot::{ForeignPart, TextKind};

/// The changes between two releases.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Changes {
    /// Version of this format.
    pub format: u32,
    /// Slug of the publication.
    pub publication: String,
    /// Title of the publication.
    pub title: String,
    /// Language of the publication (BCP 47).
    pub language: String,
    /// The earlier edition.
    pub old: EditionReference,
    /// The later edition.
    pub new: EditionReference,
    /// The changes that the publication itself declares; for a corrected release of the same edition, its errata.
    pub declared: Vec<String>,
    /// Changed metadata.
    pub metadata: Vec<ValueChange>,
    /// Sections that changed, in the order of the later edition; removed ones come last.
    pub sections: Vec<SectionChange>,
    /// Links.
    pub links: ListChange,
    /// Credits.
    pub credits: ListChange,
    /// Licence and third-party material.
    pub rights: ListChange,
    /// Resources.
    pub resources: ListChange,
    /// Image files, by their paths.
    #[serde(default)]
    pub images: ListChange,
    /// Files of products and records with their claims, without the name of the publication and the edition.
    #[serde(default)]
    pub files: ListChange,
    /// Pages of the PDF.
    pub pages: PageChanges,
}

/// An edition.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct EditionReference {
    /// Its id.
    pub id: String,
    /// Its date (ISO 8601).
    pub date: String,
    /// Its label, or its id if it has no label.
    pub label: String,
}

/// A value that changed.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ValueChange {
    /// Name of the value.
    pub name: String,
    /// The earlier value.
    pub old: Option<String>,
    /// The later value.
    pub new: Option<String>,
}

/// A section that changed.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SectionChange {
    /// Its id in the later edition, or in the earlier edition if the section was removed.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The parts of the title in other languages than the publication.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub title_languages: Vec<ForeignPart>,
    /// The change of the section itself.
    pub change: SectionState,
    /// Blocks that changed, in reading order.
    pub blocks: Vec<BlockChange>,
}

/// A change of a section itself.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SectionState {
    /// Added.
    Added,
    /// Removed.
    Removed,
    /// The position changed.
    Moved,
    /// Neither added, removed nor moved.
    Kept,
}

/// A block that changed.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct BlockChange {
    /// The change.
    pub change: BlockState,
    /// Kind of the block.
    pub kind: TextKind,
    /// Id of a heading or of a resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Words of the block. All are added in a new block, and all are removed in a removed block.
    pub words: Vec<Word>,
    /// The section that contained it, if it came from another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<SectionReference>,
    /// Text of the following block in the earlier edition, if it moved inside its section.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// Language of that text (BCP 47), if it is not the language of the publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_lang: Option<String>,
}

/// A section of the earlier edition.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SectionReference {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Language of the title (BCP 47), if it is not the language of the publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
}

/// A change of a block.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlockState {
    /// Added.
    Added,
    /// Removed.
    Removed,
    /// It has the same words at another place.
    Moved,
    /// Its words changed.
    Reworded,
    /// Its words and its place changed.
    MovedAndReworded,
}

/// The changes of a list.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ListChange {
    /// Added entries, in the order of the later edition.
    pub added: Vec<String>,
    /// Removed entries, in the order of the earlier edition.
    pub removed: Vec<String>,
    /// Files with the same path and other contents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaced: Vec<String>,
    /// Languages (BCP 47) of the entries in other languages than the publication.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub languages: BTreeMap<String, String>,
}

impl ListChange {
    /// Returns whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.replaced.is_empty()
    }
}

/// The pages of the PDF, by their position from 1.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PageChanges {
    /// Number of pages of the earlier edition.
    pub old: usize,
    /// Number of pages of the later edition.
    pub new: usize,
    /// Pages that look different: the earlier position and the later one.
    pub changed: Vec<[usize; 2]>,
    /// Pages on which only a running head or a folio looks different: the earlier position and the later one.
    pub only_heads: Vec<[usize; 2]>,
    /// Pages of the later edition that have no counterpart.
    pub added: Vec<usize>,
    /// Pages of the earlier edition that have no counterpart.
    pub removed: Vec<usize>,
}

impl Changes {
    /// Compares two releases.
    pub fn between(old: &ReleaseManifest, new: &ReleaseManifest) -> Self {
        let inspection = &new.edition.inspection;
        let reference = |manifest: &ReleaseManifest| {
            let edition = &manifest.edition.inspection.edition;
            EditionReference { id: edition.id.clone(), date: edition.date.clone(), label: manifest.edition.label().to_owned() }
        };
        let (before, after) = (&old.edition, &new.edition);
        Self {
            format: FORMAT,
            publication: inspection.publication.clone(),
            title: inspection.title.clone(),
            language: inspection.language.clone(),
            old: reference(old),
            new: reference(new),
            declared: match old.edition.inspection.edition.id == inspection.edition.id {
                true => inspection.edition.errata.clone(),
                false => inspection.edition.changes.clone(),
            },
            metadata: facts::metadata(before, after),
            sections: blocks::sections(&before.sections, &after.sections),
            links: facts::links(before, after),
            credits: facts::credits(before, after),
            rights: facts::rights(before, after),
            resources: facts::resources(before, after),
            images: files::images(&old.inputs, &new.inputs),
            files: files::files(old, new),
            pages: pages::pages(&old.pages, &new.pages),
        }
    }

    /// Returns whether texts, metadata, images and lists are equal. The appearance of pages and the claims of files may differ.
    pub fn has_same_content(&self) -> bool {
        let lists = [&self.links, &self.credits, &self.rights, &self.resources, &self.images];
        self.metadata.is_empty() && self.sections.is_empty() && lists.iter().all(|list| list.is_empty())
    }
}

/// Returns the JSON Schema of changes.
pub fn changes_schema() -> Schema {
    SchemaSettings::default().for_serialize().into_generator().into_root_schema_for::<Changes>()
}
