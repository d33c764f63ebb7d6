//! Inlines.

use super::{Block, Phase};
use crate::diagnostic::Span;

/// An inline and where it starts in the sources.
#[derive(Clone, Debug)]
pub struct Inline<P: Phase> {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: InlineKind<P>,
}

/// The kinds of inline.
#[derive(Clone, Debug)]
pub enum InlineKind<P: Phase> {
    /// Characters.
    Text(String),
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
    /// A link.
    Link(P::Target, Vec<Inline<P>>),
    /// An image in a line of text.
    Image(P::Image),
    /// Text in another language (BCP 47).
    Lang(String, Vec<Inline<P>>),
    /// A call of a note.
    Note(Note<P>),
}

/// A call of a note. As authored, every call has the body and `number` only tells notes apart; once linked, numbers follow
/// the edition's reading order and the body stands at the first call.
#[derive(Clone, Debug)]
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
    inlines.iter().any(|inline| match &inline.kind {
        InlineKind::Note(_) => true,
        InlineKind::Emphasis(inner)
        | InlineKind::Strong(inner)
        | InlineKind::Strike(inner)
        | InlineKind::Super(inner)
        | InlineKind::Sub(inner)
        | InlineKind::Link(_, inner)
        | InlineKind::Lang(_, inner) => has_note(inner),
        InlineKind::Text(_) | InlineKind::SoftBreak | InlineKind::LineBreak | InlineKind::Code(_) | InlineKind::Image(_) => false,
    })
}

fn collect<P: Phase>(inlines: &[Inline<P>], out: &mut String) {
    for inline in inlines {
        match &inline.kind {
            InlineKind::Text(text) | InlineKind::Code(text) => out.push_str(text),
            InlineKind::SoftBreak | InlineKind::LineBreak => out.push(' '),
            InlineKind::Emphasis(inner)
            | InlineKind::Strong(inner)
            | InlineKind::Strike(inner)
            | InlineKind::Super(inner)
            | InlineKind::Sub(inner)
            | InlineKind::Link(_, inner)
            | InlineKind::Lang(_, inner) => collect(inner, out),
            InlineKind::Image(_) | InlineKind::Note(_) => {}
        }
    }
}
