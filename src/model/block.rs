//! Blocks.

use super::{Inline, InlineKind, Phase, Token};
use crate::diagnostic::Span;

/// A block and where it starts in the sources.
#[derive(Clone, Debug, Hash)]
pub struct Block<P: Phase> {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: BlockKind<P>,
}

/// The kinds of block. Writers match them all: a new kind does not compile until every output has it.
#[derive(Clone, Debug, Hash)]
pub enum BlockKind<P: Phase> {
    /// Running text.
    Paragraph(Vec<Inline<P>>),
    /// A heading inside a section.
    Heading {
        /// Level as written, 2 to 6; the section's title is 1.
        level: u8,
        /// Its id.
        id: P::Id,
        /// Its text.
        text: Vec<Inline<P>>,
    },
    /// A list.
    List {
        /// First number of an ordered list.
        start: Option<u64>,
        /// No space between items.
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
        /// Language, when it is said.
        lang: Option<String>,
        /// The code, without a trailing newline.
        text: String,
        /// Its stretches that mean something in its language, in order; where no grammar is known, none.
        tokens: Vec<Token>,
    },
    /// A table.
    Table(Table<P>),
    /// A thematic break.
    Rule,
    /// An image that stands alone.
    Figure(P::Image),
    /// A note, tip or warning.
    Callout {
        /// What it is.
        kind: CalloutKind,
        /// Title as given.
        title: Option<String>,
        /// Its content.
        body: Vec<Block<P>>,
    },
    /// A box beside the text.
    Aside {
        /// Title as given.
        title: Option<String>,
        /// Its content.
        body: Vec<Block<P>>,
    },
    /// A text that a reader may open and close, under its summary.
    Details {
        /// What is seen while it is closed.
        summary: Vec<Inline<P>>,
        /// It is open at first.
        open: bool,
        /// Its content.
        body: Vec<Block<P>>,
    },
    /// A quotation with its source.
    Epigraph {
        /// How it stands in the text.
        form: QuotationForm,
        /// Where it comes from.
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
    /// The table of what is somebody's: images, quotations, data and fonts, with credit, licence and source.
    ImageCredits,
    /// The lines that date the edition, and its erratum.
    Imprint,
    /// What changed since the edition that this one is based on.
    Changes,
    /// Blocks in another language (BCP 47).
    Passage(String, Vec<Block<P>>),
    /// Content of some editions only.
    Only(P::Condition, Vec<Block<P>>),
}

impl<P: Phase> BlockKind<P> {
    /// Makes a paragraph of inlines; an image that is alone in it is a figure.
    pub fn of_inlines(mut inlines: Vec<Inline<P>>) -> Self {
        match inlines.pop() {
            Some(Inline { kind: InlineKind::Image(image), .. }) if inlines.is_empty() => Self::Figure(image),
            last => {
                inlines.extend(last);
                Self::Paragraph(inlines)
            }
        }
    }
}

/// Where a quotation comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Attribution {
    /// Who said it, and where.
    pub words: Option<String>,
    /// When.
    pub date: Option<String>,
    /// Where it is online.
    pub url: Option<String>,
    /// Its terms; without them it is a short quotation.
    pub licence: Option<String>,
}

impl Attribution {
    /// What stands under the quotation: who said it, and when, if the words do not say it already.
    pub fn line(&self) -> Option<String> {
        match (&self.words, &self.date) {
            (Some(words), Some(date)) if !words.contains(date) => Some(format!("{words}, {date}")),
            (Some(words), _) => Some(words.clone()),
            (None, date) => date.clone(),
        }
    }
}

/// How a quotation stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QuotationForm {
    /// Set apart, as a motto.
    Epigraph,
    /// In the course of the text.
    Quotation,
}

impl QuotationForm {
    /// Its name in containers, Typst and CSS.
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
    /// The statement, and where the exceptions are.
    Brief,
}

impl NoticeForm {
    /// Its name in containers and Typst.
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
    /// Of a task list: done or not.
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

/// A table: one header row, then rows of the same length.
#[derive(Clone, Debug, Hash)]
pub struct Table<P: Phase> {
    /// What stands over it.
    pub caption: Vec<Inline<P>>,
    /// The first cell of each row is its header.
    pub row_headers: bool,
    /// Alignment of each column.
    pub columns: Vec<Align>,
    /// Header cells.
    pub header: Vec<Vec<Inline<P>>>,
    /// Rows of cells.
    pub rows: Vec<Vec<Vec<Inline<P>>>>,
}

/// Alignment of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Align {
    /// As the text runs.
    Start,
    /// Centred.
    Center,
    /// Against the end.
    End,
}

/// Kind of callout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CalloutKind {
    /// By the way.
    Note,
    /// Advice.
    Tip,
    /// Not to be missed.
    Important,
    /// Take care.
    Warning,
    /// Danger.
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

    /// Its name in containers, Typst and CSS.
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
    /// Its name in containers, Typst and CSS.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tiles => "tiles",
            Self::List => "list",
        }
    }
}
