//! Markdown to model: whatever is read, every place is a place of the file.

use reliure::diagnostic::{Diagnostics, Sources, Span, Strictness};
use reliure::stages::{Authored, Block, Publication, Seen, parse, typeset, visit, within};

use super::{edition, typst, xhtml};

/// Reads a section's file; every diagnostic and every node has its place in it, between characters.
pub fn law(text: &str) {
    // The project reads every line end as a line feed.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.as_str();
    let source = Sources::default().add("drawn.md", text);
    let place = |span: Span| {
        let inside = span.source == source && span.start <= span.end && text.get(span.start..span.end).is_some();
        assert!(inside, "{span:?} is no place of {text:?}");
    };
    let told = |found: Diagnostics| {
        for diagnostic in found.into_list() {
            place(diagnostic.span.expect("a diagnostic of Markdown has a place"));
            diagnostic.related.iter().for_each(|(span, _)| place(*span));
            assert!(!diagnostic.hints.is_empty(), "{diagnostic:?} says what to do");
        }
    };
    match parse(source, "drawn", text, Strictness::Full) {
        Err(errors) => {
            assert!(errors.has_errors(), "what is refused has an error");
            told(errors);
        }
        Ok((section, warnings)) => {
            assert!(!warnings.has_errors(), "what has an error is refused");
            told(warnings);
            place(section.title_span);
            section.remarks.iter().for_each(|remark| place(remark.span));
            within(&section.lead, &mut |inline| place(inline.span));
            places(&section.body, &place);
        }
    }
}

/// The same for the body alone, in a file that has nothing wrong before it.
pub fn body_law(body: &str) {
    law(&format!("+++\ntitle = \"T\"\n+++\n{body}"));
}

/// Takes a body through all the stages; the laws of both outputs hold for it.
pub fn book_law(body: &str) {
    let text = format!("+++\ntitle = \"T\"\n+++\n{body}");
    let source = Sources::default().add("one.md", text.as_str());
    let Ok((section, _)) = parse(source, "one", &text, Strictness::Full) else { return };
    let entry = Publication { sections: vec![section], ..edition::publication() };
    let Some(mut edition) = edition::resolved(entry) else { return };
    typeset(&mut edition, false);
    xhtml::edition_law(&edition);
    typst::edition_law(&edition);
}

fn places(blocks: &[Block<Authored>], place: &dyn Fn(Span)) {
    visit(blocks, &mut |seen| match seen {
        Seen::Block(block) => place(block.span),
        Seen::Text(text) => within(text, &mut |inline| place(inline.span)),
    });
}
