//! Translates Typst's diagnostics, with the location in the Markdown, TOML or layout source that caused them.

use typst::WorldExt;
use typst::diag::{Severity, SourceDiagnostic};
use typst::syntax::{DiagSpan, FileId};

use super::glyphs::{first_in_sources, is_private, nearest};
use super::{Setting, World};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span, code};

/// Translates Typst's diagnostics.
pub fn translate(world: &World, problems: &[SourceDiagnostic], setting: Setting<'_>, code: Code) -> Diagnostics {
    let mut found = Diagnostics::default();
    for problem in problems {
        found.push(translate_one(world, problem, setting, code));
    }
    found
}

fn translate_one(world: &World, problem: &SourceDiagnostic, setting: Setting<'_>, code: Code) -> Diagnostic {
    let message = lower_first(&problem.message);
    let code = match problem.severity {
        Severity::Error => code,
        Severity::Warning => code::TYPST_WARNING,
    };
    let mut diagnostic = Diagnostic::new(code, message);
    let trace = problem.trace.iter().map(|point| DiagSpan::from(point.span));
    let places: Vec<DiagSpan> = std::iter::once(problem.span).chain(trace).collect();
    let author = places.iter().find_map(|place| author_span(world, *place));
    let layout = places.iter().find_map(|place| layout_span(world, *place));
    // The primary location is the author's text, and the line of the layout is related, unless Typst reports the layout itself.
    let at_layout = layout_span(world, problem.span).is_some();
    match (author, layout) {
        (Some(author), Some(layout)) if at_layout => {
            diagnostic = diagnostic.at(layout).related(author, "while setting this");
        }
        (Some(author), Some(layout)) => diagnostic = diagnostic.at(author).related(layout, "set by this line of the layout"),
        (author, layout) => diagnostic = diagnostic.at(author.or(layout)),
    }
    if let Some(missing) = missing_glyph(&problem.message) {
        return no_font(diagnostic, &missing, setting);
    }
    if let Some(refused) = codepoint(&problem.message) {
        return not_allowed(diagnostic, refused, setting);
    }
    if problem.message.contains("URL is too long") {
        diagnostic.message = "this address is too long for a PDF".into();
        return diagnostic.hint("shorten it to at most 8,000 bytes");
    }
    let hints: Vec<&str> = problem.hints.iter().map(|hint| hint.v.as_str()).collect();
    if diagnostic.span.is_none() {
        diagnostic.span = hints.iter().find_map(|hint| in_layout(hint, setting)).or_else(|| place_of(&problem.message, setting));
    }
    for hint in hints {
        diagnostic = diagnostic.hint(hint);
    }
    diagnostic
}

/// Returns a location for a message without one: a function of the layout from [`LAYOUT_FUNCTIONS`], the longest line if a text
/// is too long, the first occurrence of a name that the message quotes, such as a font, or else the title of the publication.
fn place_of(message: &str, setting: Setting<'_>) -> Option<Span> {
    let quoted = message.split('"').skip(1).step_by(2).filter(|name| name.len() > 1);
    let named = || quoted.into_iter().find_map(|name| first_in_sources(name, setting));
    let manifest = &setting.publication.manifest;
    let longest = || if message.contains("longer than") { longest_line(setting) } else { None };
    in_layout(message, setting).or_else(longest).or_else(named).or_else(|| Some(manifest.span(&manifest.value.title)))
}

/// Parts of messages about something that only a layout can draw, with the function that draws it.
const LAYOUT_FUNCTIONS: [(&str, &str); 3] = [("CMYK", "cmyk("), ("tiling", "tiling("), ("spot colorant", "color.spot")];

/// Returns the location of the function from [`LAYOUT_FUNCTIONS`] that a message is about.
fn in_layout(message: &str, setting: Setting<'_>) -> Option<Span> {
    let (_, function) = LAYOUT_FUNCTIONS.iter().find(|(part, _)| message.contains(part))?;
    setting.layouts.find_text(&setting.publication.layout().0, function)
}

/// Returns the longest line of the sources.
fn longest_line(setting: Setting<'_>) -> Option<Span> {
    let sections = setting.publication.sections.iter().map(|section| section.title_span.source);
    let files = sections.chain([setting.publication.manifest.source]);
    let lines = files.filter_map(|id| Some((id, &*setting.sources.get(id)?.text))).flat_map(|(id, text)| {
        text.split_inclusive('\n').scan(0, move |at, line| {
            let start = std::mem::replace(at, *at + line.len());
            Some(Span::new(id, start..start + line.trim_end().len()))
        })
    });
    lines.max_by_key(|span| span.end - span.start)
}

/// Extracts the character from "… contains the codepoint `"…"`" and "… the disallowed codepoint `"…"`".
fn codepoint(message: &str) -> Option<char> {
    let (_, rest) = message.split_once("codepoint `\"")?;
    let (text, _) = rest.split_once("\"`")?;
    unescape(text).chars().next()
}

/// Rewrites the diagnostic of a character that PDF/A-2a does not allow (ISO 19005-2, 6.2.11.7): for example, one of a private use
/// area.
fn not_allowed(mut diagnostic: Diagnostic, c: char, setting: Setting<'_>) -> Diagnostic {
    let why = if is_private(c) { "which has a meaning in one font only (private use area)" } else { "which is not a character" };
    diagnostic.message = format!("PDF/A-2a does not allow U+{:04X}, {why}", u32::from(c));
    at_character(diagnostic, c.encode_utf8(&mut [0; 4]), setting).hint("replace the character, or show the sign as an image")
}

/// Extracts the characters from "the text `"…"` could not be displayed with font …".
fn missing_glyph(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("the text `\"")?;
    let (text, rest) = rest.split_once("\"`")?;
    rest.contains("could not be displayed").then(|| unescape(text))
}

/// Decodes the escapes of a Rust string literal: `\u{94d}` is one character.
fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let code = after.strip_prefix("u{").and_then(|code| code.split_once('}'));
        match code.and_then(|(hex, rest)| Some((char::from_u32(u32::from_str_radix(hex, 16).ok()?)?, rest))) {
            Some((c, after)) => {
                out.push(c);
                rest = after;
            }
            None => {
                let mut chars = after.chars();
                out.extend(chars.next());
                rest = chars.as_str();
            }
        }
    }
    out.push_str(rest);
    out
}

/// Rewrites the diagnostic of a missing glyph: the message names the characters, and the span points at them.
fn no_font(mut diagnostic: Diagnostic, missing: &str, setting: Setting<'_>) -> Diagnostic {
    let points: Vec<String> = missing.chars().map(|c| format!("U+{:04X}", u32::from(c))).collect();
    diagnostic.message = format!("no font of the brand has the character \"{missing}\" ({})", points.join(" "));
    diagnostic = at_character(diagnostic, missing, setting);
    diagnostic
        .hint("replace the character")
        .hint("or add a font with this character to fonts/, and its family to the end of the lists in [brand.typography]")
}

/// Points a diagnostic at a text near its location, otherwise at its first occurrence in the sources, because titles, names and
/// code reach the layout as values without a location.
fn at_character(mut diagnostic: Diagnostic, text: &str, setting: Setting<'_>) -> Diagnostic {
    let is_layout = |span: Span| setting.layouts.sources.get(span.source).is_some();
    let near = diagnostic.span.filter(|span| !is_layout(*span));
    let own = near.zip(text.chars().next()).map(|(near, c)| nearest(c, near, setting));
    diagnostic.span = own.or_else(|| first_in_sources(text, setting)).or(diagnostic.span);
    diagnostic
}

fn located(world: &World, place: DiagSpan) -> Option<(FileId, std::ops::Range<usize>)> {
    Some((place.id()?, world.range(place)?))
}

fn author_span(world: &World, place: DiagSpan) -> Option<Span> {
    let (id, range) = located(world, place)?;
    world.author(id, range.start)
}

fn layout_span(world: &World, place: DiagSpan) -> Option<Span> {
    let (id, range) = located(world, place)?;
    world.layout(id, range)
}

fn lower_first(message: &str) -> String {
    let mut chars = message.chars();
    let first = chars.next().map(|c| c.to_lowercase().to_string()).unwrap_or_default();
    // An abbreviation keeps its capitals: "PDF/UA-1 error: …".
    let is_capital = chars.clone().next().is_some_and(char::is_uppercase);
    if is_capital { message.to_owned() } else { format!("{first}{}", chars.as_str()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_start_in_lower_case_except_abbreviations() {
        assert_eq!(lower_first("Unknown variable"), "unknown variable");
        assert_eq!(lower_first("PDF/UA-1 error: x"), "PDF/UA-1 error: x");
        assert_eq!(lower_first("URL is x"), "URL is x");
    }

    #[test]
    fn extracts_the_missing_character_from_the_message() {
        let message = "PDF/UA-1 error: the text `\"\\u{94d}\"` could not be displayed with font `\"X\"`";
        assert_eq!(missing_glyph(message).as_deref(), Some("\u{94d}"));
        assert_eq!(missing_glyph("the text `\"x\"` is fine"), None);
    }
}
