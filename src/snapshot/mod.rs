//! The record of an edition in an archived release, for comparison with later editions: its texts by block, links, resources,
//! credits and rights.
//!
//! Texts are recorded before micro-typography, so that a new typographic rule does not appear as a change of the text.

mod blocks;
mod generated;
mod languages;
mod links;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accessibility::AccessibilityFacts;
use crate::inspection::{EditionInspection, inspection};
use crate::resolve::{Resolved, Section};

pub use self::languages::{ForeignPart, language_parts, whole_language};
pub use self::links::{LinkSnapshot, ResourceSnapshot};

/// An edition as it was released.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct EditionSnapshot {
    /// Title, dates, identifiers, credits, licence, ledger and images, as `reliure inspect` shows them.
    pub inspection: EditionInspection,
    /// Description for catalogues.
    pub description: Option<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Period that the publication covers.
    pub period: Option<String>,
    /// Name of the publisher.
    pub publisher: Option<String>,
    /// Names of the authors for metadata.
    pub authors: Vec<String>,
    /// Statement of the licence, in the language of the publication.
    pub statement: String,
    /// Sections, in reading order.
    pub sections: Vec<SectionSnapshot>,
    /// Links of the text, in reading order.
    pub links: Vec<LinkSnapshot>,
    /// Resources that the text shows, in reading order.
    pub resources: Vec<ResourceSnapshot>,
}

/// The text of a section.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SectionSnapshot {
    /// Id of the section.
    pub id: String,
    /// Title.
    pub title: String,
    /// The parts of the title in other languages than the publication.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub title_languages: Vec<ForeignPart>,
    /// Blocks, in reading order: the first is the title.
    pub blocks: Vec<TextBlock>,
}

/// A block of text without markup.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TextBlock {
    /// Its kind.
    pub kind: TextKind,
    /// Id of a heading or of a resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its text, with single spaces.
    pub text: String,
    /// Its parts in other languages than the publication, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<ForeignPart>,
}

impl TextBlock {
    /// Returns the parts of its text with their languages; `None` for the language of the publication.
    pub fn parts(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        language_parts(&self.text, &self.languages)
    }
}

/// Kind of a block of text.
#[derive(Clone, Copy, Debug, Deserialize, Hash, JsonSchema, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextKind {
    /// Title of a section.
    Title,
    /// Lead of a section.
    Lead,
    /// Heading inside a section.
    Heading,
    /// Running text.
    Paragraph,
    /// First paragraph of an item of a list.
    Item,
    /// Term of a definition.
    Term,
    /// Title of a box, or summary of an expandable text.
    Label,
    /// Source of a quotation.
    Attribution,
    /// Code.
    Code,
    /// Caption of a table.
    Caption,
    /// Row of a table: its cells, separated by ` | `.
    Row,
    /// Figure: its alternative text and its caption.
    Figure,
    /// Paragraph of a note.
    Note,
    /// Card of a resource.
    Resource,
    /// Link to a video.
    Video,
    /// Line that is generated from declarations: date, changes, credits, licence.
    Generated,
}

impl EditionSnapshot {
    /// Describes an edition before micro-typography. `pages` is the number of pages of the PDF.
    pub fn of(edition: &Resolved, facts: &AccessibilityFacts, pages: usize) -> Self {
        let (links, resources) = links::links(edition);
        Self {
            inspection: inspection(edition, facts, pages),
            description: edition.description.clone(),
            keywords: edition.keywords.clone(),
            period: edition.period.clone(),
            publisher: edition.publisher.as_ref().map(|party| party.name.clone()),
            authors: edition.authors().into_iter().map(str::to_owned).collect(),
            statement: edition.notice.statement.clone(),
            sections: edition.sections.iter().map(|section| section_snapshot(edition, section)).collect(),
            links,
            resources,
        }
    }

    /// Returns the title with its subtitle.
    pub fn full_title(&self) -> String {
        let subtitle = self.inspection.subtitle.iter().map(|subtitle| format!(" – {subtitle}"));
        std::iter::once(self.inspection.title.clone()).chain(subtitle).collect()
    }

    /// Returns the printed label of the edition, or else its id.
    pub fn label(&self) -> &str {
        self.inspection.edition.label.as_deref().unwrap_or(&self.inspection.edition.id)
    }
}

fn section_snapshot(edition: &Resolved, section: &Section) -> SectionSnapshot {
    let mut out = blocks::BlockList::new(edition, section.lang.as_deref());
    let title = out.run(&section.title);
    out.add(TextKind::Title, None, title.clone());
    out.text(TextKind::Lead, None, &section.lead);
    out.blocks(&section.body, TextKind::Paragraph);
    let (id, title, title_languages) = (section.id.clone(), title.text, title.languages);
    SectionSnapshot { id, title, title_languages, blocks: out.finish() }
}
