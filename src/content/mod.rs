//! From a section's file to the model: front matter, Markdown, containers.

mod attributes;
mod condition;
mod directive;
mod front_matter;
mod markdown;
mod spans;

pub use front_matter::FrontMatter;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, Span, code};
use crate::manifest::Manifest;
use crate::model::{Authored, AuthoredSection, BlockKind, Inline};

/// Reads a section. `slug` is the name of its file.
pub fn read(source: SourceId, slug: &str, text: &str) -> Result<(AuthoredSection, Diagnostics), Diagnostics> {
    let mut found = Diagnostics::default();
    characters(source, text, &mut found);
    if found.has_errors() {
        return Err(found);
    }
    let (front, body_start) = match front_matter::read(source, text) {
        Ok(front) => front,
        Err(errors) => {
            found.extend(errors);
            return Err(found);
        }
    };
    let body = markdown::read(source, text.get(body_start..).unwrap_or_default(), body_start, &mut found);
    let lead = lead(source, text, &front, &mut found);
    let section = AuthoredSection {
        file: slug.to_owned(),
        id: front.value.id.as_ref().map_or_else(|| slug.to_owned(), |id| id.get_ref().clone()),
        title: front.value.title.get_ref().trim().to_owned(),
        title_span: front.span(&front.value.title),
        nav: front.value.nav.clone(),
        lead,
        lang: front.value.lang.clone(),
        body: body.blocks,
        remarks: body.remarks,
    };
    if let Some(lang) = front.value.lang.as_deref().filter(|lang| !is_language(lang)) {
        found.push(not_a_language(lang).at(section.title_span));
    }
    if section.title.is_empty() {
        found.push(
            Diagnostic::error(code::FRONT_MATTER, "the title of this section is empty")
                .at(section.title_span)
                .hint("give it a title"),
        );
    }
    found.finish(section)
}

/// Reads the lead: inline Markdown, one paragraph.
fn lead(source: SourceId, text: &str, front: &Manifest<FrontMatter>, found: &mut Diagnostics) -> Vec<Inline<Authored>> {
    let Some(lead) = &front.value.lead else { return Vec::new() };
    let span = front.span(lead);
    let written = text.get(span.start..span.end).unwrap_or_default();
    // Without escapes the value stands in the file as it is, after its opening quotes.
    let start = written.find(lead.get_ref().as_str()).map_or(span.start, |at| span.start + at);
    let mut blocks = markdown::read(source, lead.get_ref(), start, found).blocks.into_iter();
    match (blocks.next().map(|block| block.kind), blocks.next()) {
        (Some(BlockKind::Paragraph(inlines)), None) => inlines,
        (None, _) => Vec::new(),
        _ => {
            found.push(
                Diagnostic::error(code::FRONT_MATTER, "the lead is more than one paragraph of text")
                    .at(span)
                    .hint("keep one paragraph in lead, and move the rest into the body"),
            );
            Vec::new()
        }
    }
}

/// Tells whether a text is a language tag that both outputs take: two or three letters, then subtags (BCP 47 §2.1).
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().is_some_and(|part| matches!(part.len(), 2 | 3) && part.bytes().all(|b| b.is_ascii_lowercase()));
    primary && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn not_a_language(tag: &str) -> Diagnostic {
    Diagnostic::error(code::ATTRIBUTES, format!("\"{tag}\" is not a language tag"))
        .hint("write the code of the language: fr, en, en-GB, …")
}

/// Refuses characters that XML and PDF cannot carry: control characters and the byte-order mark inside a text.
fn characters(source: SourceId, text: &str, found: &mut Diagnostics) {
    let wrong = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t' | '\r' | '\u{85}')) || matches!(c, '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
    };
    for (at, c) in text.char_indices().filter(|(_, c)| wrong(*c)).take(20) {
        found.push(
            Diagnostic::error(code::CHARACTER, format!("the character U+{:04X} cannot be printed", u32::from(c)))
                .at(Span::new(source, at..at + c.len_utf8()))
                .hint("delete this invisible character"),
        );
    }
}
