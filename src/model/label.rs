//! Labels: texts for navigation and references, without the elements that are meaningful only in running text, such as notes.

use std::marker::PhantomData;

use super::{Block, BlockKind, Fold, Inline, InlineKind, Linked, Phase, fold_inline};
use crate::diagnostic::Span;

/// Returns a text as a label: emphasis, code, scripts and languages are kept; links and references become text, images become
/// their alternative texts, and line breaks become spaces; notes are left out. Conditions must have been applied.
pub fn label<P: Phase>(inlines: &[Inline<P>]) -> Vec<Inline<Linked>> {
    LabelFold { place: None, phase: PhantomData }.inlines(inlines.to_vec())
}

/// Returns a text as a label in which every inline has the location `place`, for a label that is shown elsewhere.
pub fn label_at<P: Phase>(inlines: &[Inline<P>], place: Span) -> Vec<Inline<Linked>> {
    LabelFold { place: Some(place), phase: PhantomData }.inlines(inlines.to_vec())
}

struct LabelFold<P> {
    place: Option<Span>,
    phase: PhantomData<P>,
}

impl<P: Phase> Fold for LabelFold<P> {
    type From = P;
    type To = Linked;

    fn inline(&mut self, mut inline: Inline<P>, out: &mut Vec<Inline<Linked>>) {
        inline.span = self.place.unwrap_or(inline.span);
        match inline.kind {
            InlineKind::Note(_) | InlineKind::PageBreak(_) => {}
            InlineKind::LineBreak => out.push(Inline { span: inline.span, kind: InlineKind::SoftBreak }),
            _ => fold_inline(self, inline, out),
        }
    }

    fn link(&mut self, _: P::Target, _: Option<String>, inner: Vec<Inline<P>>, _: Span, out: &mut Vec<Inline<Linked>>) {
        out.extend(self.inlines(inner));
    }

    fn reference(&mut self, target: P::Target, _: Span) -> Option<InlineKind<Linked>> {
        Some(P::name(&target)).filter(|name| !name.is_empty()).map(InlineKind::Text)
    }

    fn image(&mut self, image: P::Image, _: Span) -> Option<InlineKind<Linked>> {
        Some(P::alternative(&image)).filter(|alt| !alt.is_empty()).map(|alt| InlineKind::Text(alt.to_owned()))
    }

    fn only_inlines(&mut self, _: P::Condition, inner: Vec<Inline<P>>, out: &mut Vec<Inline<Linked>>) {
        out.extend(self.inlines(inner));
    }

    // A label contains no blocks.
    fn id(&mut self, _: P::Id) -> Option<String> {
        None
    }

    fn figure(&mut self, _: P::Image, _: Span) -> Option<BlockKind<Linked>> {
        None
    }

    fn resources(&mut self, _: P::Resources, _: Span) -> Option<super::LinkedResources> {
        None
    }

    fn only_blocks(&mut self, _: P::Condition, _: Vec<Block<P>>, _: &mut Vec<Block<Linked>>) {}

    fn page_break(&mut self, start: P::PageBreak) -> super::PageBreak {
        P::page_break(start)
    }
}
