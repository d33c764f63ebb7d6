//! Conversion of the file of a section to the model: front matter, Markdown, containers.

mod attributes;
mod condition;
mod directive;
mod foreign;
mod front_matter;
mod heading;
mod highlight;
mod html;
mod leaf;
mod markdown;
mod mistyped;
mod run;
mod spans;
mod typed;

pub use directive::names as container_names;
pub use front_matter::FrontMatter;

use toml::Spanned;

use crate::characters;
use crate::diagnostic::Strictness;
use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, Span, code};
use crate::manifest::Manifest;
use crate::model::{Authored, AuthoredSection, BlockKind, Inline, InlineKind, is_valid_id, plain_text};
use foreign::ForeignMarkup;
use html::LeftOutHtml;

/// Reads a section, and returns it with its warnings. `slug` is the name of its file; `strictness` determines whether it may be
/// unfinished.
///
/// # Errors
///
/// Returns all errors of the section if it has any.
pub fn read(
    source: SourceId,
    slug: &str,
    text: &str,
    strictness: Strictness,
) -> Result<(AuthoredSection, Diagnostics), Diagnostics> {
    let mut found = Diagnostics::default();
    let text = &*characters::accepted(source, text, strictness, &mut found);
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
    let mut body = markdown::read(source, text.get(body_start..).unwrap_or_default(), body_start, strictness, &mut found);
    let lead = lead(source, text, &front, strictness, (&mut body.foreign, &mut body.left_out), &mut found);
    body.foreign.report(&mut found);
    body.left_out.report(&mut found);
    let mut line = |value: &Spanned<String>| {
        let span = front.span(value);
        let written = text.get(span.start..span.end).unwrap_or_default();
        run::read(&run::Value { source, text: value.get_ref(), span, written }, strictness, &mut found)
    };
    let title = line(&front.value.title);
    let nav = front.value.nav.as_ref().map(line).filter(|nav| !nav.is_empty());
    heading::validate_length(&title, front.span(&front.value.title), &mut found);
    if let (Some(text), Some(value)) = (&nav, &front.value.nav) {
        heading::validate_length(text, front.span(value), &mut found);
    }
    let section = AuthoredSection {
        file: slug.to_owned(),
        id: front.value.id.as_ref().map_or_else(|| id_of_file(slug), |id| id.get_ref().clone()),
        title,
        title_span: front.span(&front.value.title),
        nav,
        lead,
        lang: front.value.lang.clone(),
        body: body.blocks,
        remarks: body.remarks,
    };
    if let Some(lang) = front.value.lang.as_deref().filter(|lang| !is_language(lang)) {
        found.push(not_a_language(lang).at(section.title_span));
    }
    let nav = section.nav.as_ref().zip(front.value.nav.as_ref());
    for (text, span) in [(&section.title, section.title_span)].into_iter().chain(nav.map(|(text, nav)| (text, front.span(nav)))) {
        found.extend(untitled(text, span).into_iter().collect());
    }
    found.finish(section)
}

/// Returns an error if a title or a label has no text, which the table of contents and screen readers need to name the section.
fn untitled(text: &[Inline<Authored>], span: Span) -> Option<Diagnostic> {
    let message = match text {
        [] => "the title of this section is empty",
        text if plain_text(text).trim().is_empty() => "this title has no words of its own, only images, links or notes",
        _ => return None,
    };
    Some(Diagnostic::new(code::FRONT_MATTER, message).at(span).hint("give it a title"))
}

/// Returns the default id of a section: the name of its file, or an id derived from it, such as `s-01-intro`.
fn id_of_file(name: &str) -> String {
    if is_valid_id(name) { name.to_owned() } else { crate::model::slug(name) }
}

/// Reads the lead: inline Markdown, one paragraph.
fn lead(
    source: SourceId,
    text: &str,
    front: &Manifest<FrontMatter>,
    strictness: Strictness,
    (foreign, left_out): (&mut ForeignMarkup, &mut LeftOutHtml),
    found: &mut Diagnostics,
) -> Vec<Inline<Authored>> {
    let Some(lead) = &front.value.lead else { return Vec::new() };
    let span = front.span(lead);
    let written = text.get(span.start..span.end).unwrap_or_default();
    // A value without escapes occurs literally in the file, after its opening quotation marks.
    let body = match written.find(lead.get_ref().as_str()) {
        Some(at) => markdown::read(source, lead.get_ref(), span.start + at, strictness, found),
        None => markdown::read_within(span, lead.get_ref(), strictness, found),
    };
    foreign.extend(body.foreign);
    left_out.extend(body.left_out);
    body.blocks.iter().filter_map(|block| block.id.as_ref()).for_each(|(_, span)| left_out.attribute("id", *span));
    let mut blocks = body.blocks.into_iter();
    match (blocks.next().map(|block| block.kind), blocks.next()) {
        (Some(BlockKind::Paragraph(inlines)), None) => inlines,
        (None, _) => Vec::new(),
        _ => {
            found.push(
                Diagnostic::new(code::FRONT_MATTER, "the lead is more than one paragraph of text")
                    .at(span)
                    .hint("keep one paragraph in lead, and move the rest into the body"),
            );
            Vec::new()
        }
    }
}

/// Converts a string to a run of text, which is empty for an empty string.
fn words(words: &str, span: Span) -> Vec<Inline<Authored>> {
    let text = Some(words).filter(|words| !words.is_empty());
    text.map(|words| Inline { span, kind: InlineKind::Text(words.to_owned()) }).into_iter().collect()
}

/// Returns whether a text is a language tag that both outputs support: two or three letters, then subtags (BCP 47 §2.1).
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().is_some_and(|part| matches!(part.len(), 2 | 3) && part.bytes().all(|b| b.is_ascii_lowercase()));
    primary && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn not_a_language(tag: &str) -> Diagnostic {
    Diagnostic::new(code::ATTRIBUTES, format!("\"{tag}\" is not a language tag"))
        .hint("write the code of the language: fr, en, en-GB, …")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sources;
    use crate::model::InlineKind;

    fn section(front: &str, body: &str) -> (String, Result<(AuthoredSection, Diagnostics), Diagnostics>) {
        let text = format!("+++\ntitle = \"T\"\n{front}+++\n{body}");
        let read = read(Sources::default().add("a.md", text.as_str()), "a", &text, Strictness::Full);
        (text, read)
    }

    /// Returns the source text at each diagnostic of a section.
    fn located(front: &str, body: &str) -> Vec<String> {
        let (text, read) = section(front, body);
        let found = read.map_or_else(|errors| errors, |(_, warnings)| warnings);
        found.sorted().iter().map(|d| text[d.span.unwrap().start..d.span.unwrap().end].to_owned()).collect()
    }

    #[test]
    fn locations_after_a_character_reference_are_exact() {
        assert_eq!(located("", "&lt;« [^1] and [^2]\n"), ["[^1]", "[^2]"]);
        assert_eq!(located("", "é &eacute; [x]{lang=EN!} y\n"), ["{lang=EN!}"]);
        assert_eq!(located("", "| a |\n|---|\n| \\| &amp; é [x]{colour=red} |\n").len(), 1, "a cell with an escaped bar");
    }

    #[test]
    fn brackets_written_as_references_are_literal() {
        let (_, read) = section("", "&#91;x&#93;{lang=en} &lbrack;^1&rbrack;\n");
        let (section, found) = read.unwrap();
        assert!(found.is_empty(), "{found:?}");
        let BlockKind::Paragraph(text) = &section.body[0].kind else { panic!("{:?}", section.body) };
        assert!(matches!(&text[..], [Inline { kind: InlineKind::Text(text), .. }] if text == "[x]{lang=en} [^1]"), "{text:?}");
    }

    #[test]
    fn an_unknown_attribute_has_a_hint() {
        let (_, read) = section("", "::: imprint {kind=x}\n:::\n");
        let errors = read.unwrap_err();
        assert!(errors.sorted().iter().all(|error| !error.hints.is_empty()), "{errors:?}");
    }

    #[test]
    fn diagnostics_of_a_lead_with_escapes_have_the_location_of_the_lead() {
        let lead = "lead = \"é \\\"x\\\" [^1] [y]{edition=\\\"1\\\"} \\u00e9é\"";
        let front = format!("{lead}\n");
        assert_eq!(located(&front, ""), [lead.strip_prefix("lead = ").unwrap()]);
        assert_eq!(located("lead = 'é [^1]'\n", ""), ["[^1]"]);
    }

    #[test]
    fn ids_with_a_backslash_have_the_location_of_the_attribute() {
        let (text, read) = section("", "::: resources {ids=\"é\\\"x b\"}\n:::\n");
        let (section, _) = read.unwrap();
        let BlockKind::Resources(group) = &section.body[0].kind else { panic!("{:?}", section.body) };
        let words: Vec<_> = group.ids.iter().map(|(id, span)| (id.as_str(), &text[span.start..span.end])).collect();
        assert_eq!(words, [("é\"x", "ids=\"é\\\"x b\""), ("b", "ids=\"é\\\"x b\"")]);
    }
}
