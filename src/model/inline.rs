//! Inlines.

use super::{Block, Linked, Phase};
use crate::diagnostic::Span;

/// An inline and its location in the sources.
#[derive(Clone, Debug, Hash)]
pub struct Inline<P: Phase> {
    /// Its location in the sources.
    pub span: Span,
    /// Its kind.
    pub kind: InlineKind<P>,
}

/// The kinds of inline.
#[derive(Clone, Debug, Hash)]
pub enum InlineKind<P: Phase> {
    /// Text.
    Text(String),
    /// Text that micro-typography does not change.
    Literal(String),
    /// A line end in the source, which is printed as a space.
    SoftBreak,
    /// A forced line break.
    LineBreak,
    /// Emphasised text.
    Emphasis(Vec<Inline<P>>),
    /// Text of strong importance.
    Strong(Vec<Inline<P>>),
    /// Struck-out text.
    Strike(Vec<Inline<P>>),
    /// Superscript.
    Super(Vec<Inline<P>>),
    /// Subscript.
    Sub(Vec<Inline<P>>),
    /// Code.
    Code(String),
    /// Underlined, highlighted, small or inserted text.
    Marked(TextMark, Vec<Inline<P>>),
    /// A key of a keyboard.
    Kbd(Vec<Inline<P>>),
    /// An abbreviation and its expansion.
    Abbr(String, Vec<Inline<P>>),
    /// A link and its optional title, which the EPUB writes as an attribute.
    Link(P::Target, Option<String>, Vec<Inline<P>>),
    /// A link without text of its own: it shows the title of its target.
    Reference(P::Target),
    /// An inline image.
    Image(P::Image),
    /// Text in another language (BCP 47).
    Lang(String, Vec<Inline<P>>),
    /// Content for some editions.
    Only(P::Condition, Vec<Inline<P>>),
    /// A reference to a note.
    Note(Note<P>),
    /// A page break of a PDF. Only the copy of the content for the EPUB contains it.
    PageBreak(P::PageBreak),
}

/// How a text is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextMark {
    /// Underlined, as the title of a work can be.
    Underline,
    /// Highlighted.
    Highlight,
    /// A remark in small print.
    Small,
    /// Inserted.
    Inserted,
}

impl TextMark {
    /// All marks.
    pub const ALL: [Self; 4] = [Self::Underline, Self::Highlight, Self::Small, Self::Inserted];

    /// Returns the name of its HTML element, which is also its name in Typst.
    pub fn name(self) -> &'static str {
        match self {
            Self::Underline => "u",
            Self::Highlight => "mark",
            Self::Small => "small",
            Self::Inserted => "ins",
        }
    }

    /// Returns whether layouts draw a line under it.
    pub fn is_underlined(self) -> bool {
        matches!(self, Self::Underline | Self::Inserted)
    }
}

/// A reference to a note. In the authored phase, every reference contains the body, and `number` only identifies the note; in the
/// linked phase, notes are numbered in reading order, and only the first reference contains the body.
#[derive(Clone, Debug, Hash)]
pub struct Note<P: Phase> {
    /// Number of the note in its section, from 1.
    pub number: u32,
    /// Number of this reference among those to the same note, from 1.
    pub call: u32,
    /// The body of the note, or nothing if another reference contains it.
    pub body: Vec<Block<P>>,
}

/// Returns the text without markup and notes, for titles, alternative texts and ids.
pub fn plain_text<P: Phase>(inlines: &[Inline<P>]) -> String {
    let mut out = String::new();
    collect(inlines, &mut out);
    out
}

/// Returns whether inlines contain a reference to a note.
pub fn has_note<P: Phase>(inlines: &[Inline<P>]) -> bool {
    inlines.iter().any(|inline| matches!(inline.kind, InlineKind::Note(_)) || has_note(inline.kind.inner()))
}

/// Returns whether inlines have an accessible name: text, or an image with an alternative text.
pub fn has_accessible_name(inlines: &[Inline<Linked>]) -> bool {
    !plain_text(inlines).trim().is_empty() || !image_names(inlines).is_empty()
}

/// Returns the alternative texts of the images, joined by spaces.
pub fn image_names(inlines: &[Inline<Linked>]) -> String {
    let names: Vec<String> = inlines
        .iter()
        .map(|inline| match &inline.kind {
            InlineKind::Image(image) => image.alt.clone().unwrap_or_default(),
            kind => image_names(kind.inner()),
        })
        .filter(|name| !name.trim().is_empty())
        .collect();
    names.join(" ")
}

fn collect<P: Phase>(inlines: &[Inline<P>], out: &mut String) {
    for inline in inlines {
        match &inline.kind {
            InlineKind::Text(text) | InlineKind::Literal(text) | InlineKind::Code(text) => out.push_str(text),
            InlineKind::SoftBreak | InlineKind::LineBreak => out.push(' '),
            InlineKind::Reference(target) => out.push_str(&P::name(target)),
            kind => collect(kind.inner(), out),
        }
    }
}

impl<P: Phase> InlineKind<P> {
    /// Returns the inlines that it contains directly. The body of a note is not included.
    pub fn inner(&self) -> &[Inline<P>] {
        match self {
            Self::Emphasis(inner)
            | Self::Strong(inner)
            | Self::Strike(inner)
            | Self::Super(inner)
            | Self::Sub(inner)
            | Self::Marked(_, inner)
            | Self::Kbd(inner)
            | Self::Abbr(_, inner)
            | Self::Link(_, _, inner)
            | Self::Lang(_, inner)
            | Self::Only(_, inner) => inner,
            Self::Text(_)
            | Self::Literal(_)
            | Self::SoftBreak
            | Self::LineBreak
            | Self::Code(_)
            | Self::Reference(_)
            | Self::Image(_)
            | Self::Note(_)
            | Self::PageBreak(_) => &[],
        }
    }

    /// Returns the inlines that it contains, mutably.
    pub fn inner_mut(&mut self) -> &mut [Inline<P>] {
        match self {
            Self::Emphasis(inner)
            | Self::Strong(inner)
            | Self::Strike(inner)
            | Self::Super(inner)
            | Self::Sub(inner)
            | Self::Marked(_, inner)
            | Self::Kbd(inner)
            | Self::Abbr(_, inner)
            | Self::Link(_, _, inner)
            | Self::Lang(_, inner)
            | Self::Only(_, inner) => inner,
            Self::Text(_)
            | Self::Literal(_)
            | Self::SoftBreak
            | Self::LineBreak
            | Self::Code(_)
            | Self::Reference(_)
            | Self::Image(_)
            | Self::Note(_)
            | Self::PageBreak(_) => &mut [],
        }
    }
}
