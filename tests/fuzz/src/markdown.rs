//! Properties of Markdown parsing: every location is in the file.

use reliure::diagnostic::{Diagnostics, Sources, Span, Strictness};
use reliure::stages::{Authored, Block, ModelNode, Publication, Resolved, parse, typeset, visit, visit_run};

use super::{edition, typst, xhtml};

/// Parses the file of a section. Asserts that every diagnostic and node has a location in it, at character boundaries.
pub fn law(text: &str) {
    // The tool normalises line ends to line feeds.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.as_str();
    let source = Sources::default().add("drawn.md", text);
    let place = |span: Span| {
        let inside = span.source == source && span.start <= span.end && text.get(span.start..span.end).is_some();
        assert!(inside, "{span:?} is outside {text:?}");
    };
    let check_diagnostics = |found: Diagnostics| {
        for diagnostic in found.into_list() {
            place(diagnostic.span.expect("a diagnostic of Markdown has a location"));
            diagnostic.related.iter().for_each(|(span, _)| place(*span));
            assert!(!diagnostic.hints.is_empty(), "{diagnostic:?} has a hint");
        }
    };
    match parse(source, "drawn", text, Strictness::Full) {
        Err(errors) => {
            assert!(errors.has_errors(), "a rejected text has an error");
            check_diagnostics(errors);
        }
        Ok((section, warnings)) => {
            assert!(!warnings.has_errors(), "a text with an error is rejected");
            check_diagnostics(warnings);
            place(section.title_span);
            section.remarks.iter().for_each(|remark| place(remark.span));
            visit_run(&section.lead, &mut |inline| place(inline.span));
            places(&section.body, &place);
        }
    }
}

/// Checks the same for a body, in a file with valid front matter.
pub fn body_law(body: &str) {
    law(&format!("+++\ntitle = \"T\"\n+++\n{body}"));
}

/// Resolves an edition whose only section has a body. Returns `None` if it has errors.
pub fn resolved(body: &str) -> Option<Resolved> {
    let text = format!("+++\ntitle = \"T\"\n+++\n{body}");
    let source = Sources::default().add("one.md", text.as_str());
    let (section, _) = parse(source, "one", &text, Strictness::Full).ok()?;
    edition::resolved(Publication { sections: vec![section], ..edition::publication() })
}

/// Runs a body through all stages, and checks the properties of both outputs.
pub fn book_law(body: &str) {
    let Some(mut edition) = resolved(body) else { return };
    typeset(&mut edition, false);
    xhtml::edition_law(&edition);
    typst::edition_law(&edition);
}

fn places(blocks: &[Block<Authored>], place: &dyn Fn(Span)) {
    visit(blocks, &mut |seen| match seen {
        ModelNode::Block(block) => place(block.span),
        ModelNode::Text(text) | ModelNode::Title(text) => visit_run(text, &mut |inline| place(inline.span)),
    });
}

/// Asserts that no diagnostic of a body covers a paragraph `sentinel` and more than that: a diagnostic can be about the paragraph itself.
pub fn extent_law(body: &str, sentinel: &str) {
    let text = format!("+++\ntitle = \"T\"\n+++\n{body}").replace("\r\n", "\n").replace('\r', "\n");
    let source = Sources::default().add("drawn.md", text.as_str());
    let (Ok((_, found)) | Err(found)) = parse(source, "drawn", &text, Strictness::Lenient);
    for diagnostic in found.into_list() {
        let covered = diagnostic.span.and_then(|span| text.get(span.start..span.end)).unwrap_or_default();
        let is_more = covered.contains(sentinel) && covered.trim() != sentinel;
        assert!(!is_more, "{} covers {covered:?} in {text:?}", diagnostic.message);
    }
}
