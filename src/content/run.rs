//! Texts of one line with inline Markdown: titles and captions.

use super::markdown;
use crate::diagnostic::{Diagnostics, SourceId, Span, Strictness};
use crate::model::{Authored, Inline, InlineKind};

/// A text that is a value in a file.
pub struct Value<'a> {
    /// The file.
    pub source: SourceId,
    /// The text, without quotation marks and escapes.
    pub text: &'a str,
    /// Location of the value.
    pub span: Span,
    /// The source text at that location.
    pub written: &'a str,
}

/// Precedes a text while it is parsed, so that its first characters never start a list, a quotation or another block: "1. Gates"
/// is a valid title. Emphasis can follow a parenthesis (CommonMark 0.31 §6.2).
const GUARD: char = '(';

/// Reads inline Markdown. Line ends are spaces. Returns nothing for a blank text.
pub fn read(value: &Value<'_>, strictness: Strictness, found: &mut Diagnostics) -> Vec<Inline<Authored>> {
    let text = value.text.trim();
    if text.is_empty() {
        return Vec::new();
    }
    let guarded: String =
        std::iter::once(GUARD).chain(text.chars().map(|c| if c == '\n' || c == '\r' { ' ' } else { c })).collect();
    // A value without escapes occurs literally in the file.
    let start = value.written.find(text).map(|at| value.span.start + at);
    let exact = start.and_then(|start| start.checked_sub(GUARD.len_utf8()));
    let mut inlines = match exact {
        Some(offset) => markdown::read_run(value.source, &guarded, offset, strictness, found),
        None => markdown::read_run_within(value.span, &guarded, strictness, found),
    };
    without_guard(&mut inlines, exact.is_some());
    inlines
}

/// Removes the guard, which is the first character. `exact` is whether each inline has its own location instead of the location
/// of the whole value.
fn without_guard(inlines: &mut Vec<Inline<Authored>>, exact: bool) {
    let Some(Inline { span, kind: InlineKind::Text(text) }) = inlines.first_mut() else { return };
    if let Some(rest) = text.strip_prefix(GUARD) {
        *text = rest.to_owned();
        if exact {
            span.start += GUARD.len_utf8();
        }
    }
    if text.is_empty() {
        inlines.remove(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sources;
    use crate::model::plain_text;

    fn line(written: &str, text: &str) -> (Vec<Inline<Authored>>, Diagnostics) {
        let source = Sources::default().add("a.md", written);
        let mut found = Diagnostics::default();
        let value = Value { source, text, span: Span::new(source, 0..written.len()), written };
        (read(&value, Strictness::Full, &mut found), found)
    }

    #[test]
    fn the_first_characters_never_start_a_block() {
        for text in ["1. Gates", "- a", "+ b", "# C", "> d", "2024) e", "~~~ f", "--- g", "[^1]: h", "(i) j", "| k |", ": l"] {
            let (inlines, _) = line(&format!("\"{text}\""), text);
            assert_eq!(plain_text(&inlines), text);
        }
    }

    #[test]
    fn reads_markup_at_its_location() {
        let text = "About 10^3^, `x`, *vol.* 2 and [tide]{lang=en}";
        let written = format!("\"{text}\"");
        let (inlines, found) = line(&written, text);
        assert_eq!(found.sorted().len(), 0);
        assert_eq!(plain_text(&inlines), "About 103, x, vol. 2 and tide");
        let of = |wanted: fn(&InlineKind<Authored>) -> bool| {
            let span = inlines.iter().find(|inline| wanted(&inline.kind)).unwrap().span;
            &written[span.start..span.end]
        };
        assert_eq!(of(|kind| matches!(kind, InlineKind::Text(_))), "About 10");
        assert_eq!(of(|kind| matches!(kind, InlineKind::Super(_))), "^3^");
        assert_eq!(of(|kind| matches!(kind, InlineKind::Code(_))), "`x`");
        assert!(inlines.iter().any(|inline| matches!(&inline.kind, InlineKind::Lang(lang, _) if lang == "en")));
    }

    #[test]
    fn inlines_of_a_value_with_escapes_have_its_location() {
        let (inlines, _) = line("\"a \\u00e9 *b*\"", "a \u{e9} *b*");
        assert_eq!(plain_text(&inlines), "a \u{e9} b");
        assert!(inlines.iter().all(|inline| inline.span.start == 0), "{inlines:?}");
    }
}
