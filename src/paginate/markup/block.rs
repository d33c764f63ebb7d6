//! Blocks as calls of Typst functions.

use super::images;
use super::inline::{self, address, broken, inlines};
use super::table::table;
use super::text::{array, escape, language, string, string_or_none};
use super::{MarkupWriter, NodeForm};
use crate::model::{
    Badge, Block, BlockKind, DefinitionItem, Direction, Inline, InlineKind, Linked, LinkedResources, ListItem, ModelNode, Note,
    NoticeForm, ResourceCard, Token, TokenKind, breakable_code, has_note, lines, plain_text, split_long_words, visit, visit_run,
};
use crate::resolve::{Resolved, Words};

/// Writes blocks with a blank line after each. `scope` is the id of the section; it makes the labels of notes unique.
pub fn blocks(w: &mut MarkupWriter, blocks: &[Block<Linked>], edition: &Resolved, scope: &str) {
    for block in blocks {
        anchor(w, block);
        w.node(block.span, NodeForm::Block, |w| write_block(w, block, edition, scope));
        w.push("\n\n");
    }
}

/// Writes the label of a block with an id. Headings write their own label.
pub fn anchor(w: &mut MarkupWriter, block: &Block<Linked>) {
    let is_heading = matches!(block.kind, BlockKind::Heading { .. });
    if let Some(id) = block.id.as_ref().filter(|_| !is_heading && !w.is_repeated) {
        // The layout chooses the elements of the block, so the label is attached to a metadata element before it.
        w.push(&format!("#[#metadata(none)#label({})]\n", string(id)));
    }
}

/// Writes the blocks of a section. A heading, or a paragraph that introduces the next block, is kept with what follows.
pub fn flow(w: &mut MarkupWriter, blocks: &[Block<Linked>], edition: &Resolved, scope: &str) {
    for (at, block) in blocks.iter().enumerate() {
        let next = blocks.get(at + 1).map(|next| &next.kind);
        let lead_in = introduces(&block.kind, next);
        anchor(w, block);
        w.node(block.span, NodeForm::Block, |w| {
            if lead_in {
                w.push("#breaks.lead-in(ctx)");
                content(w, |w| write_block(w, block, edition, scope));
            } else {
                write_block(w, block, edition, scope);
            }
        });
        w.push("\n\n");
        if let (BlockKind::Heading { .. }, Some(BlockKind::Paragraph(text))) = (&block.kind, next) {
            match early_notes(text) {
                0 => {}
                notes => w.push(&format!("#breaks.note-room(ctx, {notes})\n\n")),
            }
        }
    }
}

/// Maximum length in characters of a paragraph that is kept on one page with the next block.
const LEAD_IN: usize = 400;

/// Returns whether a short paragraph ends with a colon and introduces the next block.
fn introduces(kind: &BlockKind<Linked>, next: Option<&BlockKind<Linked>>) -> bool {
    let BlockKind::Paragraph(text) = kind else { return false };
    let is_introduced = matches!(
        next,
        Some(
            BlockKind::Code { .. }
                | BlockKind::List { .. }
                | BlockKind::Definitions(_)
                | BlockKind::Quote(_)
                | BlockKind::Table(_)
                | BlockKind::Figure(_)
                | BlockKind::Epigraph { .. }
                | BlockKind::Resources(_)
                | BlockKind::Video { .. }
        )
    );
    let text = if is_introduced { plain_text(text) } else { String::new() };
    text.trim_end().ends_with([':', '\u{FF1A}']) && text.chars().count() <= LEAD_IN
}

/// Number of characters that are in the first lines of a paragraph in every layout. These lines stay together.
const FIRST_LINES: usize = 120;

/// Returns the number of notes that the first lines of a paragraph reference.
fn early_notes(text: &[Inline<Linked>]) -> usize {
    let mut before = 0;
    let mut notes = 0;
    visit_run(text, &mut |inline| match &inline.kind {
        InlineKind::Note(_) if before < FIRST_LINES => notes += 1,
        InlineKind::Text(text) | InlineKind::Literal(text) | InlineKind::Code(text) => before += text.chars().count(),
        _ => {}
    });
    notes
}

/// Writes a block.
pub fn write_block(w: &mut MarkupWriter, block: &Block<Linked>, edition: &Resolved, scope: &str) {
    let body = |w: &mut MarkupWriter, inner: &[Block<Linked>]| content(w, |w| blocks(w, inner, edition, scope));
    match &block.kind {
        BlockKind::Paragraph(text) => paragraph(w, text, edition, scope),
        BlockKind::Heading { level, text } => {
            let id = block.id.as_deref().unwrap_or_default();
            // The publication's title is level 1 and section titles are level 2; PDF has six levels.
            let level = (level + 1).min(6);
            if has_note(text) {
                noted_heading(w, level, id, text, edition, scope);
            } else {
                heading(w, level, id, |w| inlines(w, text, edition, scope));
            }
        }
        BlockKind::List { start, tight, items } => list(w, *start, *tight, items, edition, scope),
        BlockKind::Definitions(items) => definitions(w, items, edition, scope),
        BlockKind::Quote(inner) => {
            w.push("#quote(block: true)");
            body(w, inner);
        }
        BlockKind::Code { lang, text, tokens } => code(w, lang.as_deref(), text, tokens),
        BlockKind::Table(inner) => {
            // The header of a table is repeated on its next pages, and a label must be unique.
            for cell in inner.header.iter().flatten() {
                visit(&cell.body, &mut |node| {
                    if let ModelNode::Block(block) = node {
                        anchor(w, block);
                    }
                });
            }
            w.push("#tables.data-table(ctx, mark: ");
            w.authored(block.span, |w| w.push("metadata(none)"));
            table(w, inner, edition, scope);
        }
        BlockKind::Rule => w.push("#b.rule(ctx)"),
        BlockKind::Figure(image) => images::figure(w, image, edition, scope),
        BlockKind::FigureRow(figures) => images::row(w, figures, edition, scope),
        BlockKind::Callout { kind, title, body: inner } => {
            let default = edition.language.terms.callout(*kind);
            w.push(&format!("#b.callout(ctx, kind: {}, title: ", string(kind.name())));
            content(w, |w| match title.as_slice() {
                [] => escape(default, &mut w.out),
                title => w.within_node(|w| inlines(w, title, edition, scope)),
            });
            w.push(")");
            body(w, inner);
        }
        BlockKind::Aside { title, body: inner } => {
            w.push("#b.aside(ctx, title: ");
            content_or_none(w, title, edition, scope);
            w.push(")");
            body(w, inner);
        }
        BlockKind::Details { summary, body: inner, .. } => {
            w.push("#b.details(ctx, summary: ");
            content(w, |w| inlines(w, summary, edition, scope));
            w.push(")");
            body(w, inner);
        }
        BlockKind::Passage(lang, inner) => {
            let (around, own) = (w.direction, Direction::of(lang));
            w.direction = own;
            w.foreign += 1;
            w.push(&format!("#[#set text({}, dir: {})\n", language(edition, lang), own.name()));
            blocks(w, inner, edition, scope);
            w.push("]");
            w.foreign -= 1;
            w.direction = around;
        }
        BlockKind::Epigraph { form, source, body: inner } => {
            w.push(&format!("#b.{}(ctx, attribution: ", form.name()));
            match source.line() {
                Some(line) => content(w, |w| words(w, &Words { text: line, url: source.url.clone() })),
                None => w.push("none"),
            }
            w.push(")");
            body(w, inner);
        }
        BlockKind::Resources(group) => resources(w, group),
        BlockKind::Video { url, title } => w.push(&format!("#b.video(ctx, url: {}, title: {})", string(url), string(title))),
        BlockKind::Credits => w.push("#b.credits(ctx)"),
        BlockKind::Licence(NoticeForm::Full) => w.push("#b.licence(ctx)"),
        BlockKind::Licence(NoticeForm::Brief) => w.push("#b.licence(ctx, form: \"brief\")"),
        BlockKind::ImageCredits => w.push("#b.image-credits(ctx)"),
        BlockKind::Imprint => w.push("#b.imprint(ctx)"),
        BlockKind::Changes => w.push("#b.changes(ctx)"),
        BlockKind::PageBreak(_) => {}
        BlockKind::Only(never, _) => match *never {},
    }
}

fn heading(w: &mut MarkupWriter, level: u8, id: &str, text: impl FnOnce(&mut MarkupWriter)) {
    w.push(&format!("#heading(level: {level})"));
    content(w, text);
    w.push(&format!(" #label({})", string(id)));
}

/// Writes a heading with note references. A note in the heading itself would also appear in the table of contents and in the
/// outline. The heading contains a mark instead, and a show rule around this heading replaces it with the note.
fn noted_heading(w: &mut MarkupWriter, level: u8, id: &str, text: &[Inline<Linked>], edition: &Resolved, scope: &str) {
    let mut notes = Vec::new();
    collect_notes(text, &mut notes);
    w.push("#[");
    for note in &notes {
        w.push(&format!("#show label({}): _ => ", mark(note, scope)));
        content(w, |w| inline::note(w, note, edition, scope));
        w.push("\n");
    }
    w.notes_as_marks = true;
    heading(w, level, id, |w| inlines(w, text, edition, scope));
    w.notes_as_marks = false;
    w.push("]");
}

/// Collects the notes that a text references.
fn collect_notes<'t>(inlines: &'t [Inline<Linked>], notes: &mut Vec<&'t Note<Linked>>) {
    for inline in inlines {
        match &inline.kind {
            InlineKind::Note(note) => notes.push(note),
            kind => collect_notes(kind.inner(), notes),
        }
    }
}

/// Returns the label of the mark that replaces a note reference in a heading.
pub fn mark(note: &Note<Linked>, scope: &str) -> String {
    string(&format!("{scope}:call-{}-{}", note.number, note.call))
}

/// Writes a code block with the kinds of its tokens. A `none` between two parts of a token is a break opportunity.
fn code(w: &mut MarkupWriter, lang: Option<&str>, text: &str, tokens: &[Token]) {
    w.push(&format!("#b.code(ctx, lang: {}, lines: (", string_or_none(lang)));
    for line in lines(text, tokens) {
        w.push("(");
        for (kind, token) in line {
            let kind = string_or_none(kind.map(TokenKind::name));
            let parts = breakable_code(token)
                .into_iter()
                .flat_map(split_long_words)
                .map(|part| format!("({kind}, {}), ", string_lines(part)));
            w.push(&parts.collect::<Vec<_>>().join("none, "));
        }
        w.push("), ");
    }
    w.push(&format!("), {})", string_lines(text)));
}

/// Length in bytes from which the lines of a paragraph are broken one by one. Optimizing them together takes ten times as long,
/// and the difference is visible only in short paragraphs.
const LONG_PARAGRAPH: usize = 50_000;

fn paragraph(w: &mut MarkupWriter, text: &[Inline<Linked>], edition: &Resolved, scope: &str) {
    if w.is_long_paragraph || plain_text(text).len() < LONG_PARAGRAPH {
        inlines(w, text, edition, scope);
        return;
    }
    w.is_long_paragraph = true;
    w.push("#[#set par(linebreaks: \"simple\")\n");
    inlines(w, text, edition, scope);
    w.push("]");
    w.is_long_paragraph = false;
}

/// Writes a content block: `[…]`.
pub fn content(w: &mut MarkupWriter, write: impl FnOnce(&mut MarkupWriter)) {
    w.push("[");
    write(w);
    w.push("]");
}

/// Writes a text, as a link if it has an address.
pub fn words(w: &mut MarkupWriter, words: &Words) {
    match &words.url {
        Some(url) => {
            w.push(&format!("#link({})", string(url)));
            content(w, |w| broken(w, &words.text));
            w.push(";");
        }
        None => escape(&words.text, &mut w.out),
    }
}

/// Writes the title or the caption of the current block, or `none` if it is empty.
pub fn content_or_none(w: &mut MarkupWriter, text: &[Inline<Linked>], edition: &Resolved, scope: &str) {
    match text {
        [] => w.push("none"),
        text => content(w, |w| w.within_node(|w| inlines(w, text, edition, scope))),
    }
}

/// Returns a string literal that keeps line ends and tabs.
fn string_lines(text: &str) -> String {
    string(text).replace("\\u{a}", "\\n").replace("\\u{9}", "\\t").replace("\\u{d}", "")
}

fn list(w: &mut MarkupWriter, start: Option<u64>, tight: bool, items: &[ListItem<Linked>], edition: &Resolved, scope: &str) {
    match start {
        Some(start) => w.push(&format!("#enum(start: {start}, tight: {tight}, ")),
        // The check box of a task replaces the bullet.
        None if items.iter().any(|item| item.task.is_some()) => {
            w.push(&format!("#list(marker: [], body-indent: 1.55em, tight: {tight}, "));
        }
        None => w.push(&format!("#list(tight: {tight}, ")),
    }
    for item in items {
        content(w, |w| {
            if let Some(done) = item.task {
                w.push(&format!("#b.task(ctx, done: {done});"));
            }
            blocks(w, &item.body, edition, scope);
        });
        w.push(", ");
    }
    w.push(")");
}

fn definitions(w: &mut MarkupWriter, items: &[DefinitionItem<Linked>], edition: &Resolved, scope: &str) {
    w.push("#terms(tight: false, ");
    for item in items {
        w.push("terms.item(");
        content(w, |w| inlines(w, &item.term, edition, scope));
        w.push(", ");
        content(w, |w| item.details.iter().for_each(|details| blocks(w, details, edition, scope)));
        w.push("), ");
    }
    w.push(")");
}

fn badge(badge: Option<&Badge>) -> String {
    badge.map_or_else(|| "none".into(), |badge| format!("(kind: {}, label: {})", string(badge.kind.name()), string(&badge.label)))
}

fn resources(w: &mut MarkupWriter, group: &LinkedResources) {
    let cards = array(group.cards.iter().map(card));
    let style = string(group.style.name());
    w.push(&format!("#b.resources(ctx, style: {style}, badge: {}, items: {cards})", badge(group.badge.as_ref())));
}

fn card(card: &ResourceCard) -> String {
    let url = card.target.as_ref().map(address);
    format!(
        "(id: {}, title: {}, subtitle: {}, kind: {}, badge: {}, url: {}, alt: {}, statement: {})",
        string(&card.id),
        string(&card.title),
        string_or_none(card.subtitle.as_deref()),
        string_or_none(card.kind.as_deref()),
        badge(card.badge.as_ref()),
        string_or_none(url.as_deref()),
        string(&card.alt),
        string_or_none(card.statement.as_deref()),
    )
}
