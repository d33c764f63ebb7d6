//! Inserts the page breaks of a PDF into a copy of the text.
//!
//! A page break is inserted at the first character of the page. If the page begins inside a word, the break is moved to the start
//! of the word, because reading systems would read and search its parts separately. If it begins inside a link, an abbreviation,
//! a keyboard key, code, a superscript or a subscript, the break is moved before it.

use std::iter::Peekable;
use std::ops::Range;

use crate::characters::has_no_word_spaces;
use crate::model::{Block, BlockKind, Inline, InlineKind, Linked, PageBreak, SectionPart, TextPosition, count_inlines};
use crate::paginate::PageStart;
use crate::resolve::{Resolved, Section};

/// Inserts the page breaks of an edition into its sections. Of several page breaks at the same position, only the first is inserted.
pub fn insert(edition: &mut Resolved, starts: &[PageStart]) {
    for section in &mut edition.sections {
        let own = starts.iter().filter_map(|start| {
            let position = start.text.filter(|text| text.section == section.number)?;
            Some((position, PageBreak { page: start.page, label: start.label.clone(), offset: 0 }))
        });
        insert_into(section, &own.collect::<Vec<_>>());
    }
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
                Block::new(kind, block.span)
            }));
            self.contents(&mut block.kind);
            blocks.push(block);
        }
    }

    fn contents(&mut self, kind: &mut BlockKind<Linked>) {
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
                let cells = table.header.iter_mut().chain(&mut table.rows).flatten();
                cells.for_each(|cell| self.blocks(&mut cell.body));
            }
            BlockKind::Details { summary, body, .. } => {
                self.run(summary);
                self.blocks(body);
            }
            BlockKind::FigureRow(body)
            | BlockKind::Quote(body)
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
        let run = RunCharacters::of(inlines);
        let mut places: Vec<(usize, PageBreak)> = Vec::new();
        for (position, page_break) in own {
            let at = run.place(position.node - first, position.offset);
            if places.last().is_none_or(|(last, _)| *last < at) {
                places.push((at, page_break));
            }
        }
        let last = inlines.last().map(|inline| inline.span);
        let mut places = places.into_iter().peekable();
        insert_all(inlines, 0, &mut places);
        // The page breaks after all characters.
        let after = places.filter_map(|(_, page_break)| Some(Inline { span: last?, kind: InlineKind::PageBreak(page_break) }));
        inlines.extend(after);
    }

    /// Advances over nodes, and returns the page breaks at them.
    fn take(&mut self, nodes: u32) -> Vec<(TextPosition, PageBreak)> {
        self.next += nodes;
        let count = self.breaks.iter().take_while(|(position, _)| position.node < self.next).count();
        self.breaks.drain(..count).collect()
    }
}

/// The characters of a run of inlines. Notes contribute no characters.
#[derive(Default)]
struct RunCharacters {
    text: Vec<char>,
    /// The characters of each node, and whether the node is a text.
    nodes: Vec<(Range<usize>, bool)>,
    /// The ranges that cannot contain a page break.
    closed: Vec<Range<usize>>,
}

impl RunCharacters {
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

    /// Returns the position of a page break in the run, in characters, from an offset in a node.
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

    /// Returns the start of the word that contains the characters before and after `at`; without such a word, `at`.
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

/// Placeholder for an image, which is not part of a word.
const OBJECT: char = '\u{FFFC}';

/// Returns the characters of an inline without inner inlines.
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
            | InlineKind::Marked(..)
            | InlineKind::Lang(..)
    )
}

/// Returns whether a word ends between two characters.
fn is_boundary(before: char, after: char) -> bool {
    let is_end = |c: char| c.is_whitespace() || has_no_word_spaces(c) || matches!(c, OBJECT | '\u{200B}');
    is_end(before) || is_end(after) || matches!(before, '–' | '—' | '―')
}

/// Page breaks in order, each with the number of characters before it.
type BreakPlaces = Peekable<std::vec::IntoIter<(usize, PageBreak)>>;

/// Inserts each page break before its character, outside all inlines that start with the character. `start` is the number of
/// characters before the run. The run is traversed once, because a long paragraph may contain thousands of page breaks.
fn insert_all(inlines: &mut Vec<Inline<Linked>>, mut start: usize, places: &mut BreakPlaces) {
    for Inline { span, kind } in std::mem::take(inlines) {
        let end = start + length(&kind);
        let mut push = |kind| inlines.push(Inline { span, kind });
        while let Some((_, page_break)) = places.next_if(|(at, _)| *at < end && (*at <= start || !is_open(&kind))) {
            push(InlineKind::PageBreak(page_break));
        }
        let range = start..end;
        start = end;
        match kind {
            kind if places.peek().is_none_or(|(at, _)| *at >= end) => push(kind),
            InlineKind::Text(text) => split(&text, range, places, &mut |piece| push(piece.inline(InlineKind::Text))),
            InlineKind::Literal(text) => split(&text, range, places, &mut |piece| push(piece.inline(InlineKind::Literal))),
            mut kind => {
                if let InlineKind::Emphasis(inner)
                | InlineKind::Strong(inner)
                | InlineKind::Strike(inner)
                | InlineKind::Marked(_, inner)
                | InlineKind::Lang(_, inner) = &mut kind
                {
                    insert_all(inner, range.start, places);
                }
                push(kind);
            }
        }
    }
}

/// A part of a text, or a page break between two.
enum TextPiece {
    Text(String),
    Break(PageBreak),
}

impl TextPiece {
    fn inline(self, text: fn(String) -> InlineKind<Linked>) -> InlineKind<Linked> {
        match self {
            Self::Text(words) => text(words),
            Self::Break(page_break) => InlineKind::PageBreak(page_break),
        }
    }
}

/// Divides a text at page breaks. `range` contains its characters, counted from the start of the run. `push` receives the pieces,
/// and the page breaks between them.
fn split(text: &str, range: Range<usize>, places: &mut BreakPlaces, push: &mut dyn FnMut(TextPiece)) {
    let (mut rest, mut done) = (text, range.start);
    while let Some((at, page_break)) = places.next_if(|(at, _)| *at < range.end) {
        let byte = rest.char_indices().nth(at - done).map_or(rest.len(), |(byte, _)| byte);
        let (before, after) = rest.split_at(byte);
        push(TextPiece::Text(before.to_owned()));
        push(TextPiece::Break(page_break));
        (rest, done) = (after, at);
    }
    push(TextPiece::Text(rest.to_owned()));
}

/// Returns the number of characters of an inline, as [`RunCharacters`] counts them.
fn length(kind: &InlineKind<Linked>) -> usize {
    match kind {
        InlineKind::Note(_) | InlineKind::PageBreak(_) => 0,
        kind if kind.inner().is_empty() => characters(kind).len(),
        kind => kind.inner().iter().map(|inline| length(&inline.kind)).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ListItem, Target};
    use crate::output::epub::sample;

    fn text(words: &str) -> InlineKind<Linked> {
        InlineKind::Text(words.into())
    }

    fn link(words: &str) -> InlineKind<Linked> {
        InlineKind::Link(Target::External("https://example.org".into()), None, sample::inlines(vec![text(words)]))
    }

    /// Inserts page breaks at positions of a paragraph, and returns it with `|` in their places and brackets around its inlines.
    fn broken(kinds: Vec<InlineKind<Linked>>, positions: &[(u32, usize)]) -> String {
        let mut inlines = sample::inlines(kinds);
        let breaks = positions.iter().enumerate().map(|(at, (node, offset))| {
            let position = TextPosition { node: *node, offset: *offset, ..TextPosition::section(1) };
            (position, PageBreak { page: at + 2, label: String::new(), offset: 0 })
        });
        Inserter { breaks: breaks.collect(), next: 0 }.run(&mut inlines);
        shown(&inlines)
    }

    fn shown(inlines: &[Inline<Linked>]) -> String {
        let one = |inline: &Inline<Linked>| match &inline.kind {
            InlineKind::Text(text) | InlineKind::Code(text) => text.clone(),
            InlineKind::PageBreak(_) => "|".into(),
            InlineKind::Note(_) => "*".into(),
            InlineKind::SoftBreak => " ".into(),
            kind => format!("[{}]", shown(kind.inner())),
        };
        inlines.iter().map(one).collect()
    }

    #[test]
    fn a_break_is_before_a_divided_word() {
        let at = |words: &str, offset| broken(vec![text(words)], &[(0, offset)]);
        assert_eq!(at("La mer monte.", 7), "La mer |monte.");
        assert_eq!(at("La mer monte.", 9), "La mer |monte.");
        assert_eq!(at("Un arc-en-ciel", 7), "Un |arc-en-ciel", "after a hyphen of the author");
        assert_eq!(at("Il dit (inter\u{ad}national)", 14), "Il dit |(inter\u{ad}national)");
        assert_eq!(at("«\u{a0}Bonjour\u{a0}»", 5), "«\u{a0}|Bonjour\u{a0}»");
        assert_eq!(at("la mer—la terre", 7), "la mer—|la terre", "a dash ends a word");
        assert_eq!(at("Voir https://example.org/a", 18), "Voir |https://example.org/a");
        assert_eq!(at("潮は一日に二度", 3), "潮は一|日に二度", "no spaces between words");
        assert_eq!(at("La", 0), "|La");
    }

    #[test]
    fn a_word_may_consist_of_several_inlines() {
        let strong = InlineKind::Strong(sample::inlines(vec![text("natio")]));
        // The nodes are 0: "le inter", 1: strong, 2: "natio", 3: "nal".
        assert_eq!(broken(vec![text("le inter"), strong, text("nal jour")], &[(3, 1)]), "le |inter[natio]nal jour");
    }

    #[test]
    fn a_break_is_not_inside_links_notes_code_or_raised_text() {
        let code = InlineKind::Code("let x = 1".into());
        assert_eq!(broken(vec![text("voir "), link("le relevé de mai"), text(".")], &[(2, 10)]), "voir |[le relevé de mai].");
        assert_eq!(broken(vec![text("l’"), link("heure juste")], &[(2, 6)]), "|l’[heure juste]", "not between l’ and heure");
        assert_eq!(broken(vec![text("puis "), code, text(" fin")], &[(1, 0)]), "puis |let x = 1 fin");
        let raised = InlineKind::Super(sample::inlines(vec![text("er")]));
        assert_eq!(broken(vec![text("le 1"), raised, text(" mai")], &[(2, 1)]), "le |1[er] mai");
        let abbreviation = InlineKind::Abbr("long".into(), sample::inlines(vec![text("ABC")]));
        assert_eq!(
            broken(vec![text("l "), abbreviation, text(" x")], &[(1, 1)]),
            "l [ABC]| x",
            "the expansion is in the PDF only"
        );
        assert_eq!(broken(vec![text("mot"), sample::note(1, 1, "n"), text(" suite")], &[(2, 1)]), "mot* |suite");
    }

    #[test]
    fn a_break_is_inside_emphasis_but_not_before_its_first_word() {
        let emphasis = || InlineKind::Emphasis(sample::inlines(vec![text("la mer monte")]));
        assert_eq!(broken(vec![emphasis()], &[(1, 3)]), "[la |mer monte]");
        assert_eq!(broken(vec![emphasis()], &[(1, 0)]), "|[la mer monte]");
    }

    #[test]
    fn of_two_breaks_at_one_place_the_first_is_kept() {
        assert_eq!(broken(vec![link("un très long lien")], &[(1, 3), (1, 8)]), "|[un très long lien]");
        assert_eq!(broken(vec![text("un deux trois")], &[(0, 3), (0, 8)]), "un |deux |trois");
    }

    #[test]
    fn breaks_are_in_titles_leads_items_and_before_blocks() {
        let paragraph = |words: &str| sample::block(BlockKind::Paragraph(sample::inlines(vec![text(words)])));
        let items =
            vec![ListItem { task: None, body: vec![paragraph("un")] }, ListItem { task: None, body: vec![paragraph("deux")] }];
        let code = BlockKind::Code { lang: None, text: "a\nb\nc".into(), tokens: vec![] };
        let callout =
            BlockKind::Callout { kind: crate::model::CalloutKind::Note, title: vec![], body: vec![paragraph("Doucement.")] };
        let mut edition = sample::edition();
        edition.sections[0].lead = sample::inlines(vec![text("Un chapô de deux lignes")]);
        let kinds = [BlockKind::List { start: None, tight: true, items }, code, callout, BlockKind::Credits];
        edition.sections[0].body = kinds.into_iter().map(sample::block).collect();
        // The nodes of the body are 0: list, 1 and 2: first item, 3 and 4: second item, 5: code, 6: callout, 7 and 8: its
        // paragraph, 9.
        let places = [
            (SectionPart::Title, 0, 0),
            (SectionPart::Lead, 0, 9),
            (SectionPart::Body, 4, 0),
            (SectionPart::Body, 5, 1),
            (SectionPart::Body, 5, 2),
            (SectionPart::Body, 6, 0),
            (SectionPart::Body, 9, 2),
        ];
        let starts = places.iter().enumerate().map(|(at, (part, node, offset))| {
            let text = TextPosition { section: 1, part: *part, node: *node, offset: *offset };
            PageStart { page: at + 1, label: (at + 1).to_string(), text: Some(text) }
        });
        insert(&mut edition, &starts.collect::<Vec<_>>());
        let out = sample::written(&edition);
        let mark = |page| {
            format!("<span id=\"_page-{page}\" epub:type=\"pagebreak\" role=\"doc-pagebreak\" aria-label=\"{page}\"></span>")
        };
        for (page, before, after) in [
            (1, "<header class=\"section-header\">\n", "\n<p class=\"section-number\""),
            (2, "Un chapô ", "de deux lignes"),
            (3, "<li>", "deux</li>"),
            (4, "<span class=\"line\">a\n</span>", "<span class=\"line\">b\n"),
            (5, "<span class=\"line\">b\n</span>", "<span class=\"line\">c</span>"),
            (6, "role=\"note\" aria-label=\"Note\">", "\n<p class=\"callout-title\">Note</p>"),
            (7, "<dd>", "<span class=\"party\">Maud Le Garrec</span>"),
        ] {
            assert!(out.contains(&format!("{before}{}{after}", mark(page))), "page {page}\n{out}");
        }
    }
}
