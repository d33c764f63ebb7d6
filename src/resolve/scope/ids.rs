//! Ids derived from titles, and the anchors of a publication.

use std::collections::BTreeMap;

use super::notes;
use crate::diagnostic::Strictness;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::model::{Authored, AuthoredSection, BlockKind, Inline, is_valid_id, label, plain_text, slug, walk_blocks};
use crate::workspace::{Anchor, Anchors};

fn anchor(section: &AuthoredSection, number: usize, title: &[Inline<Authored>], span: Span) -> Anchor {
    Anchor { section: section.id.clone(), number, lang: section.lang.clone(), title: label(title), unnumbered: None, span }
}

/// Numbers the notes of an edition and assigns ids to its headings. Returns the sections and the anchors.
pub fn number(
    mut sections: Vec<AuthoredSection>,
    strictness: Strictness,
    found: &mut Diagnostics,
) -> (Vec<AuthoredSection>, Anchors) {
    sections.iter_mut().for_each(|section| notes::number(&mut section.body));
    let anchors = assign(&mut sections, strictness, found);
    (sections, anchors)
}

/// Assigns an id to every heading and returns the anchors. Explicit ids take precedence; repeated titles get a number.
fn assign(sections: &mut [AuthoredSection], strictness: Strictness, found: &mut Diagnostics) -> Anchors {
    let mut anchors = Anchors::new();
    for (at, section) in sections.iter().enumerate() {
        let place = anchor(section, at + 1, &section.title, section.title_span);
        claim(&mut anchors, &section.id, place, section.title_span, found);
    }
    for (at, section) in sections.iter_mut().enumerate() {
        let mut body = std::mem::take(&mut section.body);
        walk_blocks(&mut body, &mut |block| {
            if let (Some((id, span)), BlockKind::Heading { text, .. }) = (&block.id, &block.kind) {
                let place = anchor(section, at + 1, text, *span);
                claim(&mut anchors, id, place, *span, found);
            }
        });
        section.body = body;
    }
    let mut numbers = BTreeMap::new();
    for (at, section) in sections.iter_mut().enumerate() {
        let mut body = std::mem::take(&mut section.body);
        let mut level_before = 1;
        walk_blocks(&mut body, &mut |block| {
            let span = block.span;
            let id = &mut block.id;
            if let BlockKind::Heading { text, level } = &mut block.kind {
                check_level(level, &mut level_before, span, strictness, found);
                if id.is_none() {
                    let wanted = slug(&plain_text(text));
                    let free = free_id(&anchors, &wanted, &mut numbers);
                    let unnumbered = Some(wanted).filter(|wanted| *wanted != free);
                    anchors.insert(free.clone(), Anchor { unnumbered, ..anchor(section, at + 1, text, span) });
                    *id = Some((free, span));
                }
            }
        });
        section.body = body;
    }
    anchors
}

fn claim(anchors: &mut Anchors, id: &str, anchor: Anchor, span: Span, found: &mut Diagnostics) {
    if !is_valid_id(id) {
        let message = format!("\"{id}\" cannot be an id");
        let hint = format!("use letters without accents, digits and hyphens, such as \"{}\"", slug(id));
        found.push(Diagnostic::new(code::DUPLICATE_ID, message).at(span).hint(hint));
    }
    if RESERVED.contains(&id) {
        let message = format!("the id \"{id}\" is reserved");
        found.push(Diagnostic::new(code::DUPLICATE_ID, message).at(span).hint("choose another id"));
        return;
    }
    match anchors.get(id) {
        Some(first) => found.push(
            Diagnostic::new(code::DUPLICATE_ID, format!("the id \"{id}\" is taken"))
                .at(span)
                .related(first.span, "first given here")
                .hint("give one of them another id"),
        ),
        None => {
            anchors.insert(id.to_owned(), anchor);
        }
    }
}

/// Ids that the outputs use for their own pages.
const RESERVED: [&str; 3] = ["cover", "title", "nav"];

/// Returns an unused id; `numbers` contains the last number used for each id.
fn free_id(anchors: &Anchors, wanted: &str, numbers: &mut BTreeMap<String, u32>) -> String {
    let taken = |id: &str| anchors.contains_key(id) || RESERVED.contains(&id);
    if !taken(wanted) {
        return wanted.to_owned();
    }
    let last = numbers.entry(wanted.to_owned()).or_insert(1);
    loop {
        *last += 1;
        let id = format!("{wanted}-{last}");
        if !taken(&id) {
            return id;
        }
    }
}

fn check_level(level: &mut u8, before: &mut u8, span: Span, strictness: Strictness, found: &mut Diagnostics) {
    // PDF/UA-1 (ISO 14289-1) §7.4.2: headings do not skip a level.
    if *level > *before + 1 {
        let message = format!("a heading of level {level} follows level {before}");
        let next = *before + 1;
        let marks = "#".repeat(usize::from(next));
        let skipped = Diagnostic::new(code::HEADING, message).at(span);
        let skipped = skipped.hint(format!("write {marks} here: no level may be skipped"));
        found.push(strictness.soften(skipped, &format!("it is set as level {next}")));
        if strictness.is_lenient() {
            *level = next;
        }
    }
    *before = *level;
}
