//! Inlines as calls of Typst functions.

use super::block::{anchor, content, mark, write_block};
use super::images;
use super::text::{BREAK, escape, language, long, string, string_or_none};
use super::{MarkupWriter, NodeForm};
use crate::model::{
    Block, BlockKind, Direction, Inline, InlineKind, Linked, ModelNode, Note, ReferencePart, Target, breakable, breakable_code,
    plain_text, split_long_words, visit, visit_run,
};
use crate::resolve::Resolved;

/// Returns the address of a target for the PDF: a URL, a fragment, or the file name of another publication with a fragment.
pub fn address(target: &Target) -> String {
    match target {
        Target::External(url) => url.clone(),
        Target::Internal { id, .. } => format!("#{id}"),
        Target::Publication(elsewhere) => {
            let anchor = elsewhere.anchor.as_ref().map(|anchor| format!("#{}", anchor.destination)).unwrap_or_default();
            format!("{}.pdf{anchor}", elsewhere.file)
        }
    }
}

/// Writes inlines. Each call ends with a semicolon, so that the text after it is not parsed as part of it.
pub fn inlines(w: &mut MarkupWriter, inlines: &[Inline<Linked>], edition: &Resolved, scope: &str) {
    for inline in inlines {
        let form = match &inline.kind {
            InlineKind::Text(_) | InlineKind::Literal(_) if w.is_long_paragraph => NodeForm::Strings,
            InlineKind::Text(_) | InlineKind::Literal(_) => NodeForm::Markup,
            InlineKind::Abbr(..) => NodeForm::Abbreviation,
            _ => NodeForm::Inline,
        };
        w.node(inline.span, form, |w| self::inline(w, inline, edition, scope));
    }
}

fn inline(w: &mut MarkupWriter, inline: &Inline<Linked>, edition: &Resolved, scope: &str) {
    let call = |w: &mut MarkupWriter, head: &str, inner: &[Inline<Linked>]| {
        w.push(head);
        content(w, |w| inlines(w, inner, edition, scope));
        w.push(";");
    };
    match &inline.kind {
        InlineKind::Text(text) | InlineKind::Literal(text) if w.is_long_paragraph => long(text, &mut w.out),
        InlineKind::Text(text) | InlineKind::Literal(text) => broken(w, text),
        InlineKind::SoftBreak => w.push(" "),
        InlineKind::LineBreak => {
            w.push(SPOKEN_SPACE);
            w.push("#linebreak();");
        }
        InlineKind::Emphasis(inner) => call(w, "#emph", inner),
        InlineKind::Strong(inner) => call(w, "#strong", inner),
        InlineKind::Strike(inner) => {
            let is_alone = w.underlined == 0 && !has_underline(inner);
            call(w, if is_alone { "#strike" } else { "#struck" }, inner);
        }
        InlineKind::Super(inner) => call(w, "#super", inner),
        InlineKind::Sub(inner) => call(w, "#sub", inner),
        InlineKind::Code(text) => {
            let parts =
                breakable_code(text).into_iter().flat_map(split_long_words).map(|part| format!("#raw({});", string(part)));
            w.push(&parts.collect::<Vec<_>>().join(BREAK));
        }
        InlineKind::Marked(mark, inner) => {
            w.underlined += usize::from(mark.is_underlined());
            call(w, &format!("#marked({})", string(mark.name())), inner);
            w.underlined -= usize::from(mark.is_underlined());
        }
        InlineKind::Kbd(inner) => call(w, if w.is_value { "#key" } else { "#b.kbd(ctx)" }, inner),
        InlineKind::Abbr(long, inner) => {
            inlines(w, inner, edition, scope);
            if w.needs_expansion(&plain_text(inner), long) {
                escape(&format!(" ({long})"), &mut w.out);
            }
        }
        InlineKind::Link(target, _, inner) => {
            let place = match target {
                Target::Internal { id, .. } => format!("label({})", string(id)),
                Target::External(_) | Target::Publication(_) => string(&address(target)),
            };
            w.underlined += 1;
            call(w, &format!("#link({place})"), inner);
            w.underlined -= 1;
        }
        InlineKind::Reference(target) => reference(w, target, edition, scope),
        InlineKind::Image(image) => images::inline(w, image, edition),
        InlineKind::Lang(lang, inner) => {
            w.foreign += 1;
            let direction = Direction::of(lang);
            // Typst surrounds text of another direction with bidirectional control characters, which stay in the text of the
            // PDF. The direction is therefore set only if the text needs it.
            let needed = if direction.is_plain(&plain_text(inner)) { w.direction } else { direction };
            call(w, &format!("#text({}, dir: {})", language(edition, lang), needed.name()), inner);
            w.foreign -= 1;
        }
        InlineKind::Only(never, _) => match *never {},
        InlineKind::Note(note) => self::note(w, note, edition, scope),
        InlineKind::PageBreak(_) => {}
    }
}

/// Writes a cross-reference as a link. For a target in this document, the layout adds the page number.
fn reference(w: &mut MarkupWriter, target: &Target, edition: &Resolved, scope: &str) {
    match target {
        Target::Internal { id, .. } => {
            let page = string(edition.language.terms.on_page);
            w.push(&format!("#b.reference(ctx, target: {}, page: {page})", string(id)));
        }
        Target::External(_) | Target::Publication(_) => w.push(&format!("#link({})", string(&address(target)))),
    }
    w.underlined += 1;
    content(w, |w| target.reference_parts().iter().for_each(|part| reference_part(w, part, edition, scope)));
    w.underlined -= 1;
    w.push(";");
}

/// Returns whether a text contains links or other underlined words. Typst's check of PDF/UA-1 allows one decoration line per
/// text, so text that is both struck and underlined is drawn by a separate function.
fn has_underline(text: &[Inline<Linked>]) -> bool {
    let mut found = false;
    visit_run(text, &mut |inline| {
        found |= match &inline.kind {
            InlineKind::Link(..) | InlineKind::Reference(_) => true,
            InlineKind::Marked(mark, _) => mark.is_underlined(),
            _ => false,
        }
    });
    found
}

fn reference_part(w: &mut MarkupWriter, part: &ReferencePart<'_>, edition: &Resolved, scope: &str) {
    match part {
        ReferencePart::Words(words) => escape(words, &mut w.out),
        ReferencePart::Title(title) => {
            w.push("#emph");
            content(w, |w| match title.foreign_lang() {
                Some(lang) => {
                    w.push(&format!("#text({})", language(edition, lang)));
                    content(w, |w| w.within_node(|w| inlines(w, &title.text, edition, scope)));
                }
                None => w.within_node(|w| inlines(w, &title.text, edition, scope)),
            });
            w.push(";");
        }
    }
}

/// A space without width (`spoken-space` of the layouts), between two texts that would otherwise be one word in the text of
/// the PDF.
const SPOKEN_SPACE: &str = "#text(size: 0.0001pt, \" \");";

/// Writes a text with break opportunities in long words and at the zero width spaces of the author.
pub fn broken(w: &mut MarkupWriter, text: &str) {
    let words = text.split('\u{200B}').map(|words| breakable(words).into_iter().flat_map(split_long_words));
    for (at, part) in words.flatten().enumerate() {
        if at > 0 {
            w.push(BREAK);
        }
        escape(part, &mut w.out);
    }
}

/// Marks a note that `dress-notes` of `layouts/common/text.typ` styles as the text: `rich-note` of `layouts/common/content.typ`.
const RICH_NOTE: &str = "#metadata(\"rich-note\");";

/// Returns whether blocks contain only paragraphs of words.
fn is_plain(blocks: &[Block<Linked>]) -> bool {
    let is_words = |inline: &Inline<Linked>| {
        use InlineKind::{Emphasis, Lang, LineBreak, Literal, SoftBreak, Strong, Text};
        matches!(inline.kind, Emphasis(_) | Lang(..) | LineBreak | Literal(_) | SoftBreak | Strong(_) | Text(_))
    };
    let mut plain = true;
    visit(blocks, &mut |node| match node {
        ModelNode::Block(block) => plain &= matches!(block.kind, BlockKind::Paragraph(_)),
        ModelNode::Text(text) | ModelNode::Title(text) => visit_run(text, &mut |inline| plain &= is_words(inline)),
    });
    plain
}

/// Writes a reference to a note, and at the first reference the note itself.
pub fn note(w: &mut MarkupWriter, note: &Note<Linked>, edition: &Resolved, scope: &str) {
    if w.notes_as_marks {
        w.push(&format!("#[#metadata(none)#label({})];", mark(note, scope)));
        return;
    }
    let label = string(&format!("{scope}:note-{}", note.number));
    if note.call > 1 {
        w.push(&format!("#footnote(label({label}));"));
        return;
    }
    w.push("#[#footnote");
    w.without_nodes(|w| {
        content(w, |w| {
            if !is_plain(&note.body) {
                w.push(RICH_NOTE);
            }
            // A note is in the language of its section, wherever it is referenced.
            if w.foreign > 0 {
                w.push(&format!("#set text({});", section_language(edition, scope)));
            }
            for (at, block) in note.body.iter().enumerate() {
                match &block.kind {
                    _ if at > 0 => w.push("#parbreak();"),
                    // Separates the number of the note from its first word.
                    BlockKind::Paragraph(_) => w.push(SPOKEN_SPACE),
                    _ => {}
                }
                anchor(w, block);
                w.authored(block.span, |w| write_block(w, block, edition, scope));
            }
        });
    });
    w.push(&format!("#label({label})];"));
}

/// Returns the language of the section with the id `scope` as arguments of the Typst function `text`.
pub fn section_language(edition: &Resolved, scope: &str) -> String {
    let section = edition.sections.iter().find(|section| section.id == scope);
    let (tag, region) = (edition.language.tag, edition.language.region);
    match section.and_then(|section| section.lang.as_deref()) {
        Some(lang) => format!("{}, dir: {}", language(edition, lang), Direction::of(lang).name()),
        None => format!("lang: {}, region: {}, dir: {}", string(tag), string_or_none(region), Direction::of(tag).name()),
    }
}
