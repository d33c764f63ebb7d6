//! Positions in the text of an edition, and the page breaks of its PDF.
//!
//! The nodes of a body are its blocks and inlines. They are numbered from 0 in reading order, outer nodes before inner ones. The
//! bodies of notes are not numbered, because no page begins in a note. Titles and captions of blocks are not numbered either: a
//! page that begins with a title or caption begins with its block.

use serde::{Deserialize, Serialize};

use super::walk::walk;
use super::{Block, Inline, Linked, ModelNode};

/// A position in the text of an edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub struct TextPosition {
    /// Number of the section, from 1; 0 for the title page of the publication.
    pub section: usize,
    /// The part of the section.
    pub part: SectionPart,
    /// Number of the node in this part; 0 in a title.
    pub node: u32,
    /// In a text, the number of characters before the position. In a code block, the number of lines before it. In a block that
    /// is generated from data, the number of the item, from 1. Otherwise 0.
    pub offset: usize,
}

/// A part of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SectionPart {
    /// The title.
    Title,
    /// The lead.
    Lead,
    /// The body.
    Body,
}

impl TextPosition {
    /// The start of the title page of the publication.
    pub const TITLE_PAGE: Self = Self { section: 0, part: SectionPart::Title, node: 0, offset: 0 };

    /// Returns the start of a section, which is its title.
    pub fn section(number: usize) -> Self {
        Self { section: number, ..Self::TITLE_PAGE }
    }
}

/// A page break of a PDF in the text of an EPUB.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PageBreak {
    /// Position of the page in the PDF, from 1.
    pub page: usize,
    /// The printed page number.
    pub label: String,
    /// Offset of the page break in the next block; 0 if it is before the block. In a code block, the number of lines before the
    /// page break. In a block that is generated from data, the number of the item after the page break, from 1.
    pub offset: usize,
}

/// Counts inlines, including nested ones.
pub fn count_inlines(inlines: &[Inline<Linked>]) -> u32 {
    inlines.iter().map(|inline| 1 + count_inlines(inline.kind.inner())).sum()
}

/// Returns every block of a body with its number, outer blocks before inner ones.
pub fn numbered_blocks(blocks: &[Block<Linked>]) -> Vec<(u32, &Block<Linked>)> {
    let mut list = Vec::new();
    let mut next = 0;
    walk(blocks, &mut |node| match node {
        ModelNode::Block(block) => {
            list.push((next, block));
            next += 1;
        }
        ModelNode::Text(text) => next += count_inlines(text),
        ModelNode::Title(_) => {}
    });
    list
}
