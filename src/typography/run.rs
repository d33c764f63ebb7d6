//! A run: the characters of a block's inlines in one row, and the way back to where they stood.

use std::cell::OnceCell;

use super::bind::Gap;
use super::{Change, Rule, Style, address, maths, primary};
use crate::diagnostic::Span;
use crate::model::{Inline, InlineKind, Linked, plain_text};

/// Narrow no-break space.
pub const NARROW: char = '\u{202F}';
/// No-break space.
pub const NO_BREAK: char = '\u{A0}';
/// Stands for code or an image: neither letter nor space, but a word to what is around it.
pub const OBJECT: char = '\u{FFFC}';
/// What stands before the first character and after the last.
pub const END: char = '\n';

/// Whether a character may be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// It may.
    Free,
    /// Code, an image, another language: only there as a neighbour.
    Opaque,
    /// Part of an address.
    Address,
}

/// A character of a run.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// The character.
    pub c: char,
    /// Whether it may be changed.
    pub lock: Lock,
    /// Index of the leaf that it stands in; of no use when it is opaque.
    pub leaf: usize,
    /// Byte of the leaf's text that it starts at.
    byte: usize,
    /// How many bytes it took there, before any change.
    size: usize,
    /// It is a superscript or a subscript in the sources.
    shifted: bool,
    /// A rule made it a superscript.
    raised: bool,
}

/// The characters of a run, for rules to read.
pub struct Line<'a> {
    cells: &'a [Cell],
    /// The run can hold superscripts.
    pub inline: bool,
    /// Its gaps, once a rule asked for them.
    gaps: &'a OnceCell<Vec<Gap>>,
}

impl Line<'_> {
    /// How many characters there are.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// The character at an index; [`END`] outside the run.
    pub fn at(&self, index: usize) -> char {
        self.cells.get(index).map_or(END, |cell| cell.c)
    }

    /// The character before an index.
    pub fn before(&self, index: usize) -> char {
        index.checked_sub(1).map_or(END, |index| self.at(index))
    }

    /// Tells whether a character may be changed.
    pub fn free(&self, index: usize) -> bool {
        self.cells.get(index).is_some_and(|cell| cell.lock == Lock::Free)
    }

    /// Tells whether a character is part of an address.
    pub fn address(&self, index: usize) -> bool {
        self.cells.get(index).is_some_and(|cell| cell.lock == Lock::Address)
    }

    /// Tells whether this character stands here and may be changed.
    pub fn is(&self, index: usize, c: char) -> bool {
        self.at(index) == c && self.free(index)
    }

    /// Tells whether a character is a superscript already.
    pub fn shifted(&self, index: usize) -> bool {
        self.cells.get(index).is_some_and(|cell| cell.shifted)
    }

    /// Tells whether characters stand in one text.
    pub fn together(&self, range: std::ops::Range<usize>) -> bool {
        self.cells.get(range).is_some_and(|cells| cells.windows(2).all(|pair| pair[0].leaf == pair[1].leaf))
    }

    /// Tells whether a plain space stands here that may be changed.
    pub fn plain(&self, index: usize) -> bool {
        self.free(index) && matches!(self.at(index), ' ' | '\t' | '\u{2009}')
    }

    /// Tells whether a space of any kind stands here that may be changed.
    pub fn space(&self, index: usize) -> bool {
        self.plain(index) || self.free(index) && matches!(self.at(index), NO_BREAK | NARROW)
    }

    /// The spaces that may become no-break ones.
    pub fn gaps(&self) -> &[Gap] {
        self.gaps.get_or_init(|| Gap::all(self))
    }

    /// First index of the spaces that end before an index.
    pub fn spaces_before(&self, index: usize) -> usize {
        (0..index).rev().take_while(|at| self.space(*at)).last().unwrap_or(index)
    }

    /// One past the last of the spaces that start at an index.
    pub fn spaces_after(&self, index: usize) -> usize {
        (index..self.len()).find(|at| !self.space(*at)).unwrap_or(self.len())
    }

    /// How many times a character follows itself from an index.
    pub fn repeats(&self, index: usize) -> usize {
        let c = self.at(index);
        (index..self.len()).take_while(|at| self.at(*at) == c).count()
    }
}

/// A letter, a part of one, or what stands for a word.
pub fn is_letter(c: char) -> bool {
    c.is_alphabetic() || ('\u{300}'..='\u{36F}').contains(&c) || c == OBJECT
}

/// A letter or digit.
pub fn is_word(c: char) -> bool {
    is_letter(c) || c.is_numeric()
}

struct Edit {
    start: usize,
    end: usize,
    /// The character whose leaf takes the new one.
    home: usize,
    with: Option<char>,
    raise: bool,
}

/// What a rule wants changed.
#[derive(Default)]
pub struct Edits(Vec<Edit>);

impl Edits {
    /// Puts one character in place of several.
    pub fn replace(&mut self, range: std::ops::Range<usize>, with: char) {
        self.0.push(Edit { start: range.start, end: range.end, home: range.start, with: Some(with), raise: false });
    }

    /// Takes characters away.
    pub fn delete(&mut self, range: std::ops::Range<usize>) {
        self.0.push(Edit { start: range.start, end: range.end, home: range.start, with: None, raise: false });
    }

    /// Puts a character before another.
    pub fn insert_before(&mut self, index: usize, with: char) {
        self.0.push(Edit { start: index, end: index, home: index, with: Some(with), raise: false });
    }

    /// Puts a character after another.
    pub fn insert_after(&mut self, index: usize, with: char) {
        self.0.push(Edit { start: index + 1, end: index + 1, home: index, with: Some(with), raise: false });
    }

    /// Makes characters a superscript.
    pub fn raise(&mut self, range: std::ops::Range<usize>) {
        self.0.push(Edit { start: range.start, end: range.end, home: range.start, with: None, raise: true });
    }

    /// Makes spaces one space of a kind, unless the author typed one no-break space.
    pub fn bind(&mut self, line: &Line<'_>, range: std::ops::Range<usize>, with: char) {
        if range.len() > 1 || range.clone().any(|at| line.plain(at)) {
            self.replace(range, with);
        }
    }
}

/// A row of characters.
pub struct Run {
    cells: Vec<Cell>,
    spans: Vec<Option<Span>>,
    inline: bool,
}

/// Characters shown on each side of a change.
const CONTEXT: usize = 12;

impl Run {
    /// Makes a run of a string.
    pub fn of_text(text: &str, span: Option<Span>) -> Self {
        let mut run = Self { cells: Vec::with_capacity(text.len()), spans: Vec::new(), inline: false };
        run.leaf(text, span, false);
        run.guard();
        run
    }

    /// Makes a run of inlines. Notes are left out; other languages are only neighbours.
    pub fn of_inlines(inlines: &[Inline<Linked>], language: &str) -> Self {
        let mut run = Self { cells: Vec::new(), spans: Vec::new(), inline: true };
        run.gather(inlines, language, false);
        run.guard();
        run
    }

    fn leaf(&mut self, text: &str, span: Option<Span>, shifted: bool) {
        let leaf = self.spans.len();
        self.spans.push(span);
        self.cells.extend(text.char_indices().map(|(byte, c)| Cell {
            c,
            byte,
            size: c.len_utf8(),
            lock: if c == '\n' || c == '\r' { Lock::Opaque } else { Lock::Free },
            leaf,
            shifted,
            raised: false,
        }));
    }

    fn opaque(&mut self, text: &str) {
        let leaf = usize::MAX;
        self.cells.extend(text.chars().map(|c| Cell {
            c,
            lock: Lock::Opaque,
            leaf,
            byte: 0,
            size: 0,
            shifted: false,
            raised: false,
        }));
    }

    fn gather(&mut self, inlines: &[Inline<Linked>], language: &str, shifted: bool) {
        for inline in inlines {
            match &inline.kind {
                InlineKind::Text(text) => self.leaf(text, Some(inline.span), shifted),
                InlineKind::SoftBreak => self.leaf(" ", Some(inline.span), shifted),
                InlineKind::LineBreak => self.opaque("\n"),
                InlineKind::Emphasis(inner)
                | InlineKind::Strong(inner)
                | InlineKind::Strike(inner)
                | InlineKind::Link(_, inner) => self.gather(inner, language, shifted),
                InlineKind::Super(inner) | InlineKind::Sub(inner) => self.gather(inner, language, true),
                InlineKind::Lang(tag, inner) if same_language(tag, language) => self.gather(inner, language, shifted),
                InlineKind::Lang(_, inner) => self.opaque(&plain_text(inner)),
                InlineKind::Reference(target) => self.opaque(&target.name()),
                InlineKind::Code(_) | InlineKind::Image(_) => self.opaque(&OBJECT.to_string()),
                InlineKind::Only(never, _) => match *never {},
                InlineKind::Note(_) => {}
            }
        }
    }

    /// Locks addresses and formulae.
    fn guard(&mut self) {
        let chars: Vec<char> = self.cells.iter().map(|cell| cell.c).collect();
        for range in address::find(&chars).into_iter().chain(maths::find(&chars)) {
            for cell in self.cells.iter_mut().take(range.end).skip(range.start).filter(|cell| cell.lock == Lock::Free) {
                cell.lock = Lock::Address;
            }
        }
    }

    /// Applies rules in turn; tells whether anything changed.
    pub fn apply<'r>(&mut self, rules: impl Iterator<Item = &'r Rule>, style: &Style, changes: &mut Vec<Change>) -> bool {
        let before = changes.len();
        let mut gaps = OnceCell::new();
        for rule in rules {
            let mut edits = Edits::default();
            (rule.apply)(&Line { cells: &self.cells, inline: self.inline, gaps: &gaps }, style, &mut edits);
            if !edits.0.is_empty() {
                gaps = OnceCell::new();
                self.make(edits, rule.name, changes);
            }
        }
        changes.len() > before
    }

    fn make(&mut self, edits: Edits, rule: &'static str, changes: &mut Vec<Change>) {
        let old = std::mem::take(&mut self.cells);
        let mut new = Vec::with_capacity(old.len() + edits.0.len());
        let mut from = 0;
        for edit in edits.0 {
            let Some(range) = old.get(edit.start..edit.end) else { continue };
            let Some(home) = old.get(edit.home).filter(|home| home.lock == Lock::Free) else { continue };
            if edit.start < from || range.iter().any(|cell| cell.lock != Lock::Free) {
                continue;
            }
            changes.push(change(&old, &edit, rule, self.place(home)));
            new.extend_from_slice(&old[from..edit.start]);
            if edit.raise {
                new.extend(range.iter().map(|cell| Cell { raised: true, shifted: true, ..*cell }));
            }
            new.extend(edit.with.map(|c| Cell { c, ..*home }));
            from = edit.end;
        }
        new.extend_from_slice(old.get(from..).unwrap_or_default());
        self.cells = new;
    }

    /// Where a character of a Markdown text stands; of a string, where the string does. Character references before it in
    /// the same text are not counted.
    fn place(&self, cell: &Cell) -> Option<Span> {
        let span = self.spans.get(cell.leaf).copied().flatten()?;
        let start = span.start + cell.byte;
        Some(if self.inline { Span { start, end: start + cell.size, ..span } } else { span })
    }

    /// The characters of a run made of a string.
    pub fn text(&self) -> String {
        self.cells.iter().map(|cell| cell.c).collect()
    }

    /// Puts the characters back where they stood.
    pub fn scatter(&self, inlines: &mut Vec<Inline<Linked>>, language: &str) {
        let mut leaves = vec![Vec::new(); self.spans.len()];
        for cell in &self.cells {
            if let Some(leaf) = leaves.get_mut(cell.leaf) {
                leaf.push(*cell);
            }
        }
        refill(inlines, language, &mut leaves.into_iter());
    }
}

/// Tells whether two tags name one language, whatever the region.
pub fn same_language(one: &str, other: &str) -> bool {
    primary(one).eq_ignore_ascii_case(primary(other))
}

fn refill(inlines: &mut Vec<Inline<Linked>>, language: &str, leaves: &mut std::vec::IntoIter<Vec<Cell>>) {
    for mut inline in std::mem::take(inlines) {
        match &mut inline.kind {
            InlineKind::Text(text) => {
                let cells = leaves.next().unwrap_or_default();
                if cells.iter().any(|cell| cell.raised) || cells.is_empty() {
                    inlines.extend(parts(&cells, inline.span));
                    continue;
                }
                *text = cells.iter().map(|cell| cell.c).collect();
            }
            InlineKind::SoftBreak => {
                let cells = leaves.next().unwrap_or_default();
                if !matches!(cells.as_slice(), [Cell { c: ' ', .. }]) {
                    inlines.extend(parts(&cells, inline.span));
                    continue;
                }
            }
            InlineKind::Emphasis(inner)
            | InlineKind::Strong(inner)
            | InlineKind::Strike(inner)
            | InlineKind::Super(inner)
            | InlineKind::Sub(inner)
            | InlineKind::Link(_, inner) => refill(inner, language, leaves),
            InlineKind::Lang(tag, inner) if same_language(tag, language) => refill(inner, language, leaves),
            InlineKind::Only(never, _) => match *never {},
            InlineKind::LineBreak
            | InlineKind::Lang(..)
            | InlineKind::Code(_)
            | InlineKind::Reference(_)
            | InlineKind::Image(_)
            | InlineKind::Note(_) => {}
        }
        inlines.push(inline);
    }
}

/// Characters as texts and superscripts.
fn parts(cells: &[Cell], span: Span) -> impl Iterator<Item = Inline<Linked>> {
    cells.chunk_by(|one, other| one.raised == other.raised).map(move |part| {
        let text = InlineKind::Text(part.iter().map(|cell| cell.c).collect());
        let raised = part.first().is_some_and(|cell| cell.raised);
        Inline { span, kind: if raised { InlineKind::Super(vec![Inline { span, kind: text }]) } else { text } }
    })
}

fn change(cells: &[Cell], edit: &Edit, rule: &'static str, span: Option<Span>) -> Change {
    let text =
        |range: std::ops::Range<usize>| -> String { cells.get(range).unwrap_or_default().iter().map(|cell| cell.c).collect() };
    let left = text(edit.start.saturating_sub(CONTEXT)..edit.start);
    let old = text(edit.start..edit.end);
    let right = text(edit.end..(edit.end + CONTEXT).min(cells.len()));
    let new = if edit.raise { format!("^{old}^") } else { edit.with.map(String::from).unwrap_or_default() };
    Change { rule, span, before: format!("{left}{old}{right}"), after: format!("{left}{new}{right}") }
}
