//! Blocks.

use super::{Inline, Phase, Table, Token};
use crate::diagnostic::Span;

/// A block, its id and its location in the sources.
#[derive(Clone, Debug, Hash)]
pub struct Block<P: Phase> {
    /// Its id, if links can lead to it. Every heading of the linked phase has one.
    pub id: P::Id,
    /// Its location in the sources.
    pub span: Span,
    /// Its kind.
    pub kind: BlockKind<P>,
}

/// The kinds of block. Writers match them exhaustively: a new kind does not compile until every output supports it.
#[derive(Clone, Debug, Hash)]
pub enum BlockKind<P: Phase> {
    /// Running text.
    Paragraph(Vec<Inline<P>>),
    /// A heading inside a section.
    Heading {
        /// Level as written, 2 to 6; the section's title is 1.
        level: u8,
        /// Its text.
        text: Vec<Inline<P>>,
    },
    /// A list.
    List {
        /// First number of an ordered list.
        start: Option<u64>,
        /// Whether there is no space between items.
        tight: bool,
        /// The items.
        items: Vec<ListItem<P>>,
    },
    /// Terms and their definitions.
    Definitions(Vec<DefinitionItem<P>>),
    /// A block quotation.
    Quote(Vec<Block<P>>),
    /// Code.
    Code {
        /// Language, if known.
        lang: Option<String>,
        /// The code, without a trailing newline.
        text: String,
        /// Its tokens, in order; empty if the language has no grammar.
        tokens: Vec<Token>,
    },
    /// A table.
    Table(Table<P>),
    /// A thematic break.
    Rule,
    /// An image as a figure.
    Figure(P::Image),
    /// Figures side by side.
    FigureRow(Vec<Block<P>>),
    /// A note, tip or warning.
    Callout {
        /// Its kind.
        kind: CalloutKind,
        /// Title as given; empty if there is none.
        title: Vec<Inline<P>>,
        /// Its content.
        body: Vec<Block<P>>,
    },
    /// A box outside the main text.
    Aside {
        /// Title as given; empty if there is none.
        title: Vec<Inline<P>>,
        /// Its content.
        body: Vec<Block<P>>,
    },
    /// A collapsible text with a summary.
    Details {
        /// The text that is shown while it is collapsed.
        summary: Vec<Inline<P>>,
        /// Whether it is initially expanded.
        open: bool,
        /// Its content.
        body: Vec<Block<P>>,
    },
    /// A quotation with its source.
    Epigraph {
        /// Whether it is set off from the text.
        form: QuotationForm,
        /// Its source.
        source: Attribution,
        /// Its content.
        body: Vec<Block<P>>,
    },
    /// Resource tiles or list.
    Resources(P::Resources),
    /// A link to a video.
    Video {
        /// Its address.
        url: String,
        /// Its title.
        title: String,
    },
    /// The credits of the edition.
    Credits,
    /// The licence notice.
    Licence(NoticeForm),
    /// The tables of images, quotations, data and fonts, with their credits, licences and sources.
    ImageCredits,
    /// The publication date and the erratum of the edition.
    Imprint,
    /// The changes since the edition that this one is based on.
    Changes,
    /// Blocks in another language (BCP 47).
    Passage(String, Vec<Block<P>>),
    /// Content for some editions.
    Only(P::Condition, Vec<Block<P>>),
    /// A page break of a PDF, before or in the next block. Only the copy of the content for the EPUB contains it.
    PageBreak(P::PageBreak),
}

impl<P: Phase> Block<P> {
    /// Creates a block without an id.
    pub fn new(kind: BlockKind<P>, span: Span) -> Self {
        Self { id: P::Id::default(), span, kind }
    }
}

/// The source of a quotation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Attribution {
    /// Author and work.
    pub words: Option<String>,
    /// Date.
    pub date: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// Its terms, or `None` for a short quotation.
    pub licence: Option<String>,
}

impl Attribution {
    /// Returns the line below the quotation: the source, followed by the date unless the source contains it.
    pub fn line(&self) -> Option<String> {
        match (&self.words, &self.date) {
            (Some(words), Some(date)) if !words.contains(date) => Some(format!("{words}, {date}")),
            (Some(words), _) => Some(words.clone()),
            (None, date) => date.clone(),
        }
    }
}

/// Whether a quotation is set off from the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QuotationForm {
    /// Set off, as a motto.
    Epigraph,
    /// Within the text.
    Quotation,
}

impl QuotationForm {
    /// Returns its name in containers, Typst and CSS.
    pub fn name(self) -> &'static str {
        match self {
            Self::Epigraph => "epigraph",
            Self::Quotation => "quotation",
        }
    }
}

/// How much of the licence notice is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum NoticeForm {
    /// The statement, the exceptions and the sources.
    #[default]
    Full,
    /// The statement, and a link to the exceptions.
    Brief,
}

impl NoticeForm {
    /// Returns its name in containers and Typst.
    pub fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Brief => "brief",
        }
    }
}

/// An item of a list.
#[derive(Clone, Debug, Hash)]
pub struct ListItem<P: Phase> {
    /// Whether a task is done, or `None` if the item is not a task.
    pub task: Option<bool>,
    /// Its content.
    pub body: Vec<Block<P>>,
}

/// A term and its definitions.
#[derive(Clone, Debug, Hash)]
pub struct DefinitionItem<P: Phase> {
    /// The term.
    pub term: Vec<Inline<P>>,
    /// Its definitions.
    pub details: Vec<Vec<Block<P>>>,
}

/// Kind of callout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CalloutKind {
    /// Additional information.
    Note,
    /// Advice.
    Tip,
    /// Essential information.
    Important,
    /// A warning.
    Warning,
    /// A danger.
    Caution,
}

impl CalloutKind {
    /// All kinds by name.
    pub const ALL: [(&'static str, Self); 5] = [
        ("note", Self::Note),
        ("tip", Self::Tip),
        ("important", Self::Important),
        ("warning", Self::Warning),
        ("caution", Self::Caution),
    ];

    /// Returns its name in containers, Typst and CSS.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("note", |(name, _)| name)
    }
}

/// How resources are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResourceStyle {
    /// A grid of tiles.
    Tiles,
    /// A plain list of links.
    List,
}

impl ResourceStyle {
    /// Returns its name in containers, Typst and CSS.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tiles => "tiles",
            Self::List => "list",
        }
    }
}
