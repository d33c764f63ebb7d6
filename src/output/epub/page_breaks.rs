//! Inserts the page breaks of a PDF into a copy of the text.
//!
//! A page break is inserted at the first character of the page. It is moved to the start of a word that is divided between two pages,
//! because reading systems read and search the parts of a divided word apart. It is moved before a link, an abbreviation, a key, code, a
//! superscript or a subscript, which must not contain one.

use std::ops::Range;

use crate::model::{Block, BlockKind, Inline, InlineKind, Linked, PageBreak, SectionPart, TextPosition, count_inlines};
use crate::paginate::PageStart;
use crate::resolve::{Resolved, Section};

/// Returns a copy of an edition with the page breaks of its sections. Of two page breaks at one place, the copy has the first.
pub fn insert(edition: &Resolved, starts: &[PageStart]) -> Resolved {
    let mut copy = edition.clone();
    for section in &mut copy.sections {
        let own = starts.iter().filter_map(|start| {
            let position = start.text.filter(|text| text.section == section.number)?;
            Some((position, PageBreak { page: start.page, label: start.label.clone(), offset: 0 }))
        });
        insert_into(section, &own.collect::<Vec<_>>());
    }
    copy
}

/// Returns the page break of the title page.
pub fn title_page(starts: &[PageStart]) -> Option<PageBreak> {
    let start = starts.iter().find(|start| start.text == Some(TextPosition::TITLE_PAGE))?;
    Some(PageBreak { page: start.page, label: start.label.clone(), offset: 0 })
}

fn insert_into(section: &mut Section, breaks: &[(TextPosition, PageBreak)]) {
    let of = |part: SectionPart| breaks.iter().filter(move |(position, _)| position.part == part).cloned().collect();
    let title: Vec<(TextPosition, PageBreak)> = of(SectionPart::Title);
    section.page_break = title.into_iter().next().map(|(_, page_break)| page_break);
    Inserter { breaks: of(SectionPart::Lead), next: 0 }.run(&mut section.lead);
    let mut body = Inserter { breaks: of(SectionPart::Body), next: 0 };
    if !body.breaks.is_empty() {
        body.blocks(&mut section.body);
    }
}

/// A walk over the nodes of a lead or a body, in the order of their numbers.
struct Inserter {
    breaks: Vec<(TextPosition, PageBreak)>,
    /// Number of the next node.
    next: u32,
}

impl Inserter {
    fn blocks(&mut self, blocks: &mut Vec<Block<Linked>>) {
        for mut block in std::mem::take(blocks) {
            let own = self.take(1);
            blocks.extend(own.into_iter().map(|(position, page_break)| {
                let kind = BlockKind::PageBreak(PageBreak { offset: position.offset, ..page_break });
                Block { span: block.span, kind }
            }));
            self.within(&mut block.kind);
            blocks.push(block);
        }
    }

    fn within(&mut self, kind: &mut BlockKind<Linked>) {
        match kind {
            BlockKind::Paragraph(text) | BlockKind::Heading { text, .. } => self.run(text),
            BlockKind::List { items, .. } => items.iter_mut().for_each(|item| self.blocks(&mut item.body)),
            BlockKind::Definitions(items) => {
                for item in items {
                    self.run(&mut item.term);
                    item.details.iter_mut().for_each(|details| self.blocks(details));
                }
            }
            BlockKind::Table(table) => {
                self.run(&mut table.caption);
                table.header.iter_mut().chain(table.rows.iter_mut().flatten()).for_each(|cell| self.run(cell));
            }
            BlockKind::Details { summary, body, .. } => {
                self.run(summary);
                self.blocks(body);
            }
            BlockKind::Quote(body)
            | BlockKind::Callout { body, .. }
            | BlockKind::Aside { body, .. }
            | BlockKind::Epigraph { body, .. }
            | BlockKind::Passage(_, body) => self.blocks(body),
            BlockKind::Only(never, _) => match *never {},
            BlockKind::Code { .. }
            | BlockKind::Rule
            | BlockKind::Figure(_)
            | BlockKind::Resources(_)
            | BlockKind::Video { .. }
            | BlockKind::Credits
            | BlockKind::Licence(_)
            | BlockKind::ImageCredits
            | BlockKind::Imprint
            | BlockKind::Changes
            | BlockKind::PageBreak(_) => {}
        }
    }

    fn run(&mut self, inlines: &mut Vec<Inline<Linked>>) {
        let first = self.next;
        let own = self.take(count_inlines(inlines));
        if own.is_empty() {
            return;
        }
        let run = Run::of(inlines);
        let mut places: Vec<(usize, PageBreak)> = Vec::new();
        for (position, page_break) in own {
            let at = run.place(position.node - first, position.offset);
            if places.last().is_none_or(|(last, _)| *last < at) {
                places.push((at, page_break));
            }
        }
        // From the last to the first, so that the earlier places are still valid.
        places.into_iter().rev().for_each(|(at, page_break)| insert_at(inlines, at, page_break));
    }

    /// Passes over nodes, and returns the page breaks at them.
    fn take(&mut self, nodes: u32) -> Vec<(TextPosition, PageBreak)> {
        self.next += nodes;
        let count = self.breaks.iter().take_while(|(position, _)| position.node < self.next).count();
        self.breaks.drain(..count).collect()
    }
}

/// The characters of a run of inlines. Notes have none.
#[derive(Default)]
struct Run {
    text: Vec<char>,
    /// The characters of each node, and whether the node is a text.
    nodes: Vec<(Range<usize>, bool)>,
    /// The characters between which there can be no page break.
    closed: Vec<Range<usize>>,
}

impl Run {
    fn of(inlines: &[Inline<Linked>]) -> Self {
        let mut run = Self::default();
        run.gather(inlines);
        run
    }

    fn gather(&mut self, inlines: &[Inline<Linked>]) {
        for inline in inlines {
            let (node, start) = (self.nodes.len(), self.text.len());
            self.nodes.push((start..start, false));
            match &inline.kind {
                InlineKind::Note(_) | InlineKind::PageBreak(_) => {}
                kind if kind.inner().is_empty() => self.text.extend(characters(kind)),
                kind => self.gather(kind.inner()),
            }
            let range = start..self.text.len();
            if !is_open(&inline.kind) {
                self.closed.push(range.clone());
            }
            if let Some(slot) = self.nodes.get_mut(node) {
                *slot = (range, matches!(inline.kind, InlineKind::Text(_) | InlineKind::Literal(_)));
            }
        }
    }

    /// Returns the place of a page break, as a number of characters, from a position in a node.
    fn place(&self, node: u32, offset: usize) -> usize {
        let (range, is_text) = self.nodes.get(node as usize).cloned().unwrap_or_default();
        let mut at = match offset {
            0 => range.start,
            _ if is_text => (range.start + offset).min(range.end),
            _ => range.end,
        };
        loop {
            let word = self.word_start(at);
            let around = self.closed.iter().filter(|closed| closed.start < word && word < closed.end);
            let outside = around.map(|closed| closed.start).min().unwrap_or(word);
            if outside == at {
                return at;
            }
            at = outside;
        }
    }

    /// Returns the start of the word that contains the characters on both sides of a place, or the place if there is none.
    fn word_start(&self, mut at: usize) -> usize {
        while let Some(before) = at.checked_sub(1).and_then(|before| self.text.get(before)) {
            match self.text.get(at) {
                Some(after) if !is_boundary(*before, *after) => at -= 1,
                _ => break,
            }
        }
        at
    }
}

/// Stands for an image, which is no part of a word.
const OBJECT: char = '\u{FFFC}';

/// Returns the characters of an inline that contains no others.
fn characters(kind: &InlineKind<Linked>) -> Vec<char> {
    match kind {
        InlineKind::Text(text) | InlineKind::Literal(text) | InlineKind::Code(text) => text.chars().collect(),
        InlineKind::SoftBreak | InlineKind::LineBreak => vec![' '],
        InlineKind::Reference(target) => target.name().chars().collect(),
        InlineKind::Image(_) => vec![OBJECT],
        _ => Vec::new(),
    }
}

/// Returns whether a page break can be inside an inline.
fn is_open(kind: &InlineKind<Linked>) -> bool {
    matches!(
        kind,
        InlineKind::Text(_)
            | InlineKind::Literal(_)
            | InlineKind::Emphasis(_)
            | InlineKind::Strong(_)
            | InlineKind::Strike(_)
            | InlineKind::Lang(..)
    )
}

/// Returns whether a word ends between two characters.
fn is_boundary(before: char, after: char) -> bool {
    let is_end = |c: char| c.is_whitespace() || is_unspaced(c) || matches!(c, OBJECT | '\u{200B}');
    is_end(before) || is_end(after) || matches!(before, '–' | '—' | '―')
}

/// Returns whether a character is part of a script that is written without spaces between words: Thai, Lao, Burmese, Khmer, Chinese and
/// Japanese.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{2E80}'..='\u{312F}' | '\u{31A0}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FF9F}' | '\u{20000}'..='\u{3FFFF}')
}

/// Inserts a page break before a character of a run, outside all inlines that start there.
fn insert_at(inlines: &mut Vec<Inline<Linked>>, at: usize, page_break: PageBreak) {
    let mut start = 0;
    for index in 0..inlines.len() {
        let Some(inline) = inlines.get_mut(index) else { return };
        let length = Run::of(std::slice::from_ref(inline)).text.len();
        if start + length <= at {
            start += length;
            continue;
        }
        let span = inline.span;
        let own = |page_break| Inline { span, kind: InlineKind::PageBreak(page_break) };
        if start == at {
            inlines.insert(index, own(page_break));
            return;
        }
        let rest = match &mut inline.kind {
            InlineKind::Emphasis(inner) | InlineKind::Strong(inner) | InlineKind::Strike(inner) | InlineKind::Lang(_, inner) => {
                insert_at(inner, at - start, page_break);
                return;
            }
            InlineKind::Text(text) => InlineKind::Text(split(text, at - start)),
            InlineKind::Literal(text) => InlineKind::Literal(split(text, at - start)),
            _ => {
                inlines.insert(index, own(page_break));
                return;
            }
        };
        inlines.splice(index + 1..index + 1, [own(page_break), Inline { span, kind: rest }]);
        return;
    }
    let span = inlines.last().map(|inline| inline.span);
    inlines.extend(span.map(|span| Inline { span, kind: InlineKind::PageBreak(page_break) }));
}

/// Removes the text after a number of characters, and returns it.
fn split(text: &mut String, characters: usize) -> String {
    let at = text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at);
    text.split_off(at)
}
