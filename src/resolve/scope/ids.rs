//! Ids derived from titles, and the anchors of a publication.

use std::collections::BTreeMap;

use super::notes;
use crate::diagnostic::Strictness;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::model::{Anchor, AnchorCounter, AuthoredSection, BlockKind, is_valid_id, plain_text, slug, walk_blocks};
use crate::workspace::{AnchorEntry, Anchors};

/// Returns the entry of a target in a section. `section_number` is counted from 1.
fn entry(section: &AuthoredSection, section_number: usize, anchor: Anchor, span: Span) -> AnchorEntry {
    AnchorEntry { anchor, section: section.id.clone(), section_number, lang: section.lang.clone(), unnumbered: None, span }
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
        let place = entry(section, at + 1, Anchor::of_section(section, at + 1), section.title_span);
        claim(&mut anchors, &section.id, place, Strictness::Full, found);
    }
    let mut counter = AnchorCounter::default();
    for (at, section) in sections.iter_mut().enumerate() {
        let mut body = std::mem::take(&mut section.body);
        walk_blocks(&mut body, &mut |block| {
            let anchor = counter.next(block);
            if let Some((id, span)) = &block.id
                && !claim(&mut anchors, id, entry(section, at + 1, anchor, *span), strictness, found)
                && strictness.is_lenient()
            {
                block.id = None;
            }
        });
        section.body = body;
    }
    let (mut numbers, mut counter) = (BTreeMap::new(), AnchorCounter::default());
    for (at, section) in sections.iter_mut().enumerate() {
        let mut body = std::mem::take(&mut section.body);
        let mut level_before = 1;
        walk_blocks(&mut body, &mut |block| {
            let span = block.span;
            let anchor = counter.next(block);
            let id = &mut block.id;
            if let BlockKind::Heading { text, level } = &mut block.kind {
                validate_level(level, &mut level_before, span, strictness, found);
                if id.is_none() {
                    let wanted = slug(&plain_text(text));
                    let free = free_id(&anchors, &wanted, &mut numbers);
                    let unnumbered = Some(wanted).filter(|wanted| *wanted != free);
                    anchors.insert(free.clone(), AnchorEntry { unnumbered, ..entry(section, at + 1, anchor, span) });
                    *id = Some((free, span));
                }
            }
        });
        section.body = body;
    }
    anchors
}

/// Adds a target. Returns whether its id can be used.
fn claim(anchors: &mut Anchors, id: &str, anchor: AnchorEntry, strictness: Strictness, found: &mut Diagnostics) -> bool {
    let fault = fault_of(anchors, id, anchor.span);
    let usable = fault.is_none();
    found.extend(fault.into_iter().map(|fault| strictness.soften(fault, "another id is used")).collect());
    // An invalid id is still a target, so that links to it are not reported as well.
    if usable || !strictness.is_lenient() && !RESERVED.contains(&id) {
        anchors.entry(id.to_owned()).or_insert(anchor);
    }
    usable
}

/// Returns the reason why an id cannot be used.
fn fault_of(anchors: &Anchors, id: &str, span: Span) -> Option<Diagnostic> {
    let fault = |message: String| Diagnostic::new(code::DUPLICATE_ID, message).at(span);
    if !is_valid_id(id) {
        let hint = format!("use letters without accents, digits and hyphens, such as \"{}\"", slug(id));
        return Some(fault(format!("\"{id}\" cannot be an id")).hint(hint));
    }
    if RESERVED.contains(&id) {
        return Some(fault(format!("the id \"{id}\" is reserved")).hint("choose another id"));
    }
    let first = anchors.get(id)?;
    let taken = fault(format!("the id \"{id}\" is taken")).related(first.span, "first given here");
    Some(taken.hint("give one of them another id"))
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

fn validate_level(level: &mut u8, before: &mut u8, span: Span, strictness: Strictness, found: &mut Diagnostics) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sources;
    use crate::model::AnchorKind;

    #[test]
    fn anchors_are_numbered_by_kind() {
        let table = |id: &str| format!("::: table {id}\n| a |\n|---|\n| b |\n\nCaption {id}\n:::\n\n");
        let first =
            format!("+++\ntitle = \"One\"\n+++\n## H\n\n{}{}![A.](a.png \"Plan\"){{#plan}}\n", table(""), table("{#second}"));
        let second =
            format!("+++\ntitle = \"Two\"\n+++\n- item\n\n  ![B.](b.png)\n\n{}## K\n\n![C.](c.png){{#c}}\n", table("{#third}"));
        let mut sources = Sources::default();
        let sections = [("one", first), ("two", second)].map(|(name, text)| {
            let source = sources.add(name, text.as_str());
            crate::content::read(source, name, &text, Strictness::Full).unwrap().0
        });
        let mut found = Diagnostics::default();
        let (_, anchors) = number(sections.into(), Strictness::Full, &mut found);
        let read: Vec<_> = anchors
            .iter()
            .map(|(id, entry)| {
                let Anchor { kind, number, title } = &entry.anchor;
                (id.as_str(), *kind, *number, plain_text(title), entry.section_number)
            })
            .collect();
        let expected = [
            ("c", AnchorKind::Figure, 3, "", 2),
            ("h", AnchorKind::Heading, 1, "H", 1),
            ("k", AnchorKind::Heading, 2, "K", 2),
            ("one", AnchorKind::Section, 1, "One", 1),
            ("plan", AnchorKind::Figure, 1, "Plan", 1),
            ("second", AnchorKind::Table, 2, "Caption", 1),
            ("third", AnchorKind::Table, 3, "Caption", 2),
            ("two", AnchorKind::Section, 2, "Two", 2),
        ];
        assert_eq!(read, expected.map(|(id, kind, number, title, section)| (id, kind, number, title.to_owned(), section)));
        assert!(found.is_empty(), "{found:?}");
    }
}
