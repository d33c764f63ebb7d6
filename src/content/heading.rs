//! Headings inside a section, from Markdown or HTML.

use super::html::is_blank;
use crate::diagnostic::Strictness;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::model::{Authored, BlockKind, Inline, plain_text};

/// Maximum length of a title in characters. Typst cannot tag a heading that does not fit on one page.
const MAX_TITLE: usize = 2_000;

/// Reports a title or a heading that is too long.
pub fn validate_length(text: &[Inline<Authored>], span: Span, found: &mut Diagnostics) {
    let length = plain_text(text).chars().count();
    if length > MAX_TITLE {
        let long = Diagnostic::new(code::LIMIT, format!("this title has {length} characters, more than {MAX_TITLE}")).at(span);
        found.push(long.hint("shorten it, and move the rest into a paragraph"));
    }
}

/// Creates a heading. Returns `None` after reporting an error. In lenient mode, a heading of level 1 becomes level 2, and a
/// heading without words, such as an image, becomes a paragraph.
pub fn of(
    level: u8,
    text: Vec<Inline<Authored>>,
    span: Span,
    strictness: Strictness,
    found: &mut Diagnostics,
) -> Option<BlockKind<Authored>> {
    if level == 1 {
        let first = Diagnostic::new(code::HEADING, "a section cannot contain a heading of level 1").at(span);
        let first = first.hint("start at ##: the section's title comes from its front matter");
        found.push(strictness.soften(first, "it is set as level 2"));
        if !strictness.is_lenient() {
            return None;
        }
    }
    if plain_text(&text).trim().is_empty() {
        let shown = text.iter().any(|inline| !is_blank(inline));
        let (message, fallback) = match shown {
            true => ("this heading has no words", "it is set as text"),
            false => ("this heading is empty", "it is left out"),
        };
        let empty = Diagnostic::new(code::HEADING, message).at(span).hint("write its text, or delete it");
        found.push(strictness.soften(empty, fallback));
        return (shown && strictness.is_lenient()).then(|| BlockKind::of_inlines(text));
    }
    validate_length(&text, span, found);
    Some(BlockKind::Heading { level: level.max(2), text })
}
