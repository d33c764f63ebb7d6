//! The targets of links.

use super::{Authored, AuthoredSection, Block, BlockKind, Inline, Linked, label};

/// A target of links.
#[derive(Clone, Debug)]
pub struct Anchor {
    /// Its kind.
    pub kind: AnchorKind,
    /// Its number among the targets of this kind in the edition, in reading order, from 1. Blocks without an id are counted.
    pub number: usize,
    /// Its title, without links, notes and images; empty if it has none. The title of a figure or table is its caption.
    pub title: Vec<Inline<Linked>>,
}

/// The kinds of target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnchorKind {
    /// A section.
    Section,
    /// A heading in a section.
    Heading,
    /// A figure.
    Figure,
    /// A table.
    Table,
    /// Another block, such as a callout or a list.
    Block,
}

impl AnchorKind {
    /// Returns its name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Section => "section",
            Self::Heading => "heading",
            Self::Figure => "figure",
            Self::Table => "table",
            Self::Block => "block",
        }
    }
}

impl Anchor {
    /// Creates the anchor of a section.
    pub fn of_section(section: &AuthoredSection, number: usize) -> Self {
        Self { kind: AnchorKind::Section, number, title: label(&section.title) }
    }
}

/// Numbers the targets of an edition by kind.
#[derive(Clone, Debug, Default)]
pub struct AnchorCounter {
    counts: [usize; 5],
}

impl AnchorCounter {
    /// Creates the anchor of a block. Blocks must be passed in reading order.
    pub fn next(&mut self, block: &Block<Authored>) -> Anchor {
        let (kind, title): (_, &[Inline<Authored>]) = match &block.kind {
            BlockKind::Heading { text, .. } => (AnchorKind::Heading, text),
            BlockKind::Figure(image) => (AnchorKind::Figure, &image.caption),
            BlockKind::Table(table) => (AnchorKind::Table, &table.caption),
            BlockKind::Callout { title, .. } | BlockKind::Aside { title, .. } => (AnchorKind::Block, title),
            BlockKind::Details { summary, .. } => (AnchorKind::Block, summary),
            _ => (AnchorKind::Block, &[]),
        };
        let mut number = 0;
        if let Some(count) = self.counts.get_mut(kind as usize) {
            *count += 1;
            number = *count;
        }
        Anchor { kind, number, title: label(title) }
    }
}
