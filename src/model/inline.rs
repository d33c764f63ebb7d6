//! Inlines.

use super::{Block, Linked, Phase};
use crate::diagnostic::Span;

/// An inline and where it starts in the sources.
#[derive(Clone, Debug, Hash)]
pub struct Inline<P: Phase> {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: InlineKind<P>,
}

/// The kinds of inline.
#[derive(Clone, Debug, Hash)]
pub enum InlineKind<P: Phase> {
    /// Characters.
    Text(String),
    /// Characters that stay as they were typed: micro-typography does not touch them.
    Literal(String),
    /// A line end of the source: a space.
    SoftBreak,
    /// A line end that stays.
    LineBreak,
    /// Stress.
    Emphasis(Vec<Inline<P>>),
    /// Strong importance.
    Strong(Vec<Inline<P>>),
    /// Struck out.
    Strike(Vec<Inline<P>>),
    /// Superscript.
    Super(Vec<Inline<P>>),
    /// Subscript.
    Sub(Vec<Inline<P>>),
    /// Code.
    Code(String),
    /// What is typed on a keyboard.
    Kbd(Vec<Inline<P>>),
    /// A short form, and what it stands for.
    Abbr(String, Vec<Inline<P>>),
    /// A link.
    Link(P::Target, Vec<Inline<P>>),
    /// A link without words of its own: it says the title of what it leads to.
    Reference(P::Target),
    /// An image in a line of text.
    Image(P::Image),
    /// Text in another language (BCP 47).
    Lang(String, Vec<Inline<P>>),
    /// Words of some editions only.
    Only(P::Condition, Vec<Inline<P>>),
    /// A call of a note.
    Note(Note<P>),
}

/// A call of a note. As authored, every call has the body and `number` only tells notes apart; once linked, numbers follow
/// the edition's reading order and the body stands at the first call.
#[derive(Clone, Debug, Hash)]
pub struct Note<P: Phase> {
    /// Number of the note in its section, from 1.
    pub number: u32,
    /// Which call of the same note this is, from 1.
    pub call: u32,
    /// The note.
    pub body: Vec<Block<P>>,
}

/// The characters alone, for titles, alternative texts and ids. Notes are left out.
pub fn plain_text<P: Phase>(inlines: &[Inline<P>]) -> String {
    let mut out = String::new();
    collect(inlines, &mut out);
    out
}

/// Tells whether a note is called here.
pub fn has_note<P: Phase>(inlines: &[Inline<P>]) -> bool {
    inlines.iter().any(|inline| matches!(inline.kind, InlineKind::Note(_)) || has_note(inline.kind.inner()))
}

/// Tells whether inlines have a name for those who do not see them: characters, or an image with an alternative text.
pub fn says_something(inlines: &[Inline<Linked>]) -> bool {
    !plain_text(inlines).trim().is_empty() || !image_names(inlines).is_empty()
}

/// The alternative texts of the images, joined by spaces.
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
    /// The inlines that it holds; a note's body is no part of the text that calls it.
    pub fn inner(&self) -> &[Inline<P>] {
        match self {
            Self::Emphasis(inner)
            | Self::Strong(inner)
            | Self::Strike(inner)
            | Self::Super(inner)
            | Self::Sub(inner)
            | Self::Kbd(inner)
            | Self::Abbr(_, inner)
            | Self::Link(_, inner)
            | Self::Lang(_, inner)
            | Self::Only(_, inner) => inner,
            Self::Text(_)
            | Self::Literal(_)
            | Self::SoftBreak
            | Self::LineBreak
            | Self::Code(_)
            | Self::Reference(_)
            | Self::Image(_)
            | Self::Note(_) => &[],
        }
    }

    /// The same, to be changed.
    pub fn inner_mut(&mut self) -> &mut [Inline<P>] {
        match self {
            Self::Emphasis(inner)
            | Self::Strong(inner)
            | Self::Strike(inner)
            | Self::Super(inner)
            | Self::Sub(inner)
            | Self::Kbd(inner)
            | Self::Abbr(_, inner)
            | Self::Link(_, inner)
            | Self::Lang(_, inner)
            | Self::Only(_, inner) => inner,
            Self::Text(_)
            | Self::Literal(_)
            | Self::SoftBreak
            | Self::LineBreak
            | Self::Code(_)
            | Self::Reference(_)
            | Self::Image(_)
            | Self::Note(_) => &mut [],
        }
    }
}
