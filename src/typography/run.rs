//! A run: the characters of a block's inlines in one row, and the way back to where they stood.

use std::cell::OnceCell;

use super::bind::Gaps;
use super::held::Held;
use super::{Change, Log, Rule, Style, address, maths, primary};
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
    /// Index of the leaf that it stands in; [`NO_LEAF`] when it is opaque.
    pub leaf: u32,
    /// Byte of the leaf's text that it starts at.
    byte: u32,
    /// How many bytes it took there, before any change.
    size: u8,
    /// It is a superscript or a subscript in the sources.
    shifted: bool,
    /// A rule made it a superscript.
    raised: bool,
}

/// The leaf of what stands in none.
const NO_LEAF: u32 = u32::MAX;

/// The characters of a run, for rules to read.
pub struct Line<'a> {
    cells: &'a [Cell],
    /// The run can hold superscripts.
    pub inline: bool,
    /// Its gaps, once a rule asked for them.
    gaps: &'a OnceCell<Gaps>,
}

impl<'a> Line<'a> {
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
    pub fn gaps(&self) -> &'a Gaps {
        self.gaps.get_or_init(|| Gaps::of(self))
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
    held: Held,
}

/// Characters shown on each side of a change.
const CONTEXT: usize = 12;

impl Run {
    /// Makes a run of a string.
    pub fn of_text(text: &str, span: Option<Span>) -> Self {
        let mut run = Self { cells: Vec::with_capacity(text.len()), spans: Vec::new(), inline: false, held: Held::default() };
        run.leaf(text, span, false);
        run.guard();
        run
    }

    /// Makes a run of inlines. Notes are left out; other languages are only neighbours.
    pub fn of_inlines(inlines: &[Inline<Linked>], language: &str) -> Self {
        let mut run = Self { cells: Vec::new(), spans: Vec::new(), inline: true, held: Held::default() };
        run.gather(inlines, language, false);
        run.guard();
        run
    }

    fn leaf(&mut self, text: &str, span: Option<Span>, shifted: bool) {
        let leaf = number(self.spans.len());
        self.spans.push(span);
        self.cells.reserve(text.len());
        for (byte, c) in text.char_indices() {
            self.held.add(c);
            let lock = if c == '\n' || c == '\r' { Lock::Opaque } else { Lock::Free };
            let size = u8::try_from(c.len_utf8()).unwrap_or_default();
            self.cells.push(Cell { c, byte: number(byte), size, lock, leaf, shifted, raised: false });
        }
    }

    fn opaque(&mut self, text: &str) {
        let opaque = Cell { c: END, lock: Lock::Opaque, leaf: NO_LEAF, byte: 0, size: 0, shifted: false, raised: false };
        for c in text.chars() {
            self.held.add(c);
            self.cells.push(Cell { c, ..opaque });
        }
    }

    fn gather(&mut self, inlines: &[Inline<Linked>], language: &str, shifted: bool) {
        for inline in inlines {
            match &inline.kind {
                InlineKind::Text(text) => self.leaf(text, Some(inline.span), shifted),
                InlineKind::SoftBreak => self.leaf(" ", Some(inline.span), shifted),
                InlineKind::LineBreak => self.opaque("\n"),
                InlineKind::Literal(text) => self.opaque(text),
                InlineKind::Emphasis(inner)
                | InlineKind::Strong(inner)
                | InlineKind::Strike(inner)
                | InlineKind::Abbr(_, inner)
                | InlineKind::Link(_, inner) => self.gather(inner, language, shifted),
                InlineKind::Super(inner) | InlineKind::Sub(inner) => self.gather(inner, language, true),
                InlineKind::Lang(tag, inner) if same_language(tag, language) => self.gather(inner, language, shifted),
                InlineKind::Lang(_, inner) => self.opaque(&plain_text(inner)),
                InlineKind::Reference(target) => self.opaque(&target.name()),
                InlineKind::Code(_) | InlineKind::Kbd(_) | InlineKind::Image(_) => self.opaque(&OBJECT.to_string()),
                InlineKind::Only(never, _) => match *never {},
                InlineKind::Note(_) => {}
            }
        }
    }

    /// Locks addresses and formulae.
    fn guard(&mut self) {
        if !self.held.has_any(address::SIGNS) && !self.held.has(maths::SIGN) {
            return;
        }
        let chars: Vec<char> = self.cells.iter().map(|cell| cell.c).collect();
        for range in address::find(&chars).into_iter().chain(maths::find(&chars)) {
            for cell in self.cells.iter_mut().take(range.end).skip(range.start).filter(|cell| cell.lock == Lock::Free) {
                cell.lock = Lock::Address;
            }
        }
    }

    /// Applies rules in turn; tells whether anything changed.
    pub fn apply<'r>(&mut self, rules: impl Iterator<Item = &'r Rule>, style: &Style, log: &mut Log) -> bool {
        let mut changed = false;
        let mut gaps = OnceCell::new();
        for rule in rules {
            if !self.wakes(rule) {
                continue;
            }
            let mut edits = Edits::default();
            (rule.apply)(&Line { cells: &self.cells, inline: self.inline, gaps: &gaps }, style, &mut edits);
            if !edits.0.is_empty() {
                gaps = OnceCell::new();
                changed |= self.make(edits, rule.name, log);
            }
        }
        changed
    }

    /// Tells whether a rule may have something to do here.
    pub fn wakes(&self, rule: &Rule) -> bool {
        rule.wakes.is_empty() || self.held.has_any(rule.wakes)
    }

    /// Tells whether a rule has something to do here, woken or not.
    #[cfg(test)]
    pub fn would_change(&self, rule: &Rule, style: &Style) -> bool {
        let mut edits = Edits::default();
        (rule.apply)(&Line { cells: &self.cells, inline: self.inline, gaps: &OnceCell::new() }, style, &mut edits);
        !edits.0.is_empty()
    }

    /// Makes edits, but for those of characters that may not be changed; tells whether any was made.
    fn make(&mut self, edits: Edits, rule: &'static str, log: &mut Log) -> bool {
        let old = std::mem::take(&mut self.cells);
        let mut new = Vec::with_capacity(old.len() + edits.0.len());
        let (mut from, mut changed) = (0, false);
        for edit in edits.0 {
            let Some(range) = old.get(edit.start..edit.end) else { continue };
            let Some(home) = old.get(edit.home).filter(|home| home.lock == Lock::Free) else { continue };
            if edit.start < from || range.iter().any(|cell| cell.lock != Lock::Free) {
                continue;
            }
            changed = true;
            log.add(|| change(&old, &edit, rule, self.place(home)));
            new.extend_from_slice(&old[from..edit.start]);
            if edit.raise {
                new.extend(range.iter().map(|cell| Cell { raised: true, shifted: true, ..*cell }));
            }
            edit.with.iter().for_each(|c| self.held.add(*c));
            new.extend(edit.with.map(|c| Cell { c, ..*home }));
            from = edit.end;
        }
        new.extend_from_slice(old.get(from..).unwrap_or_default());
        self.cells = new;
        changed
    }

    /// Where a character of a Markdown text stands; of a string, where the string does. Character references before it in
    /// the same text are not counted.
    fn place(&self, cell: &Cell) -> Option<Span> {
        let span = self.spans.get(cell.leaf as usize).copied().flatten()?;
        let start = span.start + cell.byte as usize;
        Some(if self.inline { Span { start, end: start + usize::from(cell.size), ..span } } else { span })
    }

    /// The characters of a run made of a string.
    pub fn text(&self) -> String {
        self.cells.iter().map(|cell| cell.c).collect()
    }

    /// Puts the characters back where they stood.
    pub fn scatter(&self, inlines: &mut Vec<Inline<Linked>>, language: &str) {
        refill(inlines, language, &mut Leaves { cells: &self.cells, next: 0 });
    }
}

/// A place in a text, or a number of a leaf; texts are read up to 32 MiB.
fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(NO_LEAF - 1)
}

/// The characters of each leaf in turn: they stand in the order of their leaves, with what has none in between.
struct Leaves<'a> {
    cells: &'a [Cell],
    next: u32,
}

impl<'a> Leaves<'a> {
    fn next(&mut self) -> &'a [Cell] {
        let opaque = self.cells.iter().take_while(|cell| cell.leaf == NO_LEAF).count();
        let rest = &self.cells[opaque..];
        let (leaf, rest) = rest.split_at(rest.iter().take_while(|cell| cell.leaf == self.next).count());
        (self.cells, self.next) = (rest, self.next + 1);
        leaf
    }
}

/// Tells whether two tags name one language, whatever the region.
pub fn same_language(one: &str, other: &str) -> bool {
    primary(one).eq_ignore_ascii_case(primary(other))
}

fn refill(inlines: &mut Vec<Inline<Linked>>, language: &str, leaves: &mut Leaves<'_>) {
    for mut inline in std::mem::take(inlines) {
        match &mut inline.kind {
            InlineKind::Text(text) => {
                let cells = leaves.next();
                if cells.iter().any(|cell| cell.raised) || cells.is_empty() {
                    inlines.extend(parts(cells, inline.span));
                    continue;
                }
                *text = cells.iter().map(|cell| cell.c).collect();
            }
            InlineKind::SoftBreak => {
                let cells = leaves.next();
                if !matches!(cells, [Cell { c: ' ', .. }]) {
                    inlines.extend(parts(cells, inline.span));
                    continue;
                }
            }
            InlineKind::Emphasis(inner)
            | InlineKind::Strong(inner)
            | InlineKind::Strike(inner)
            | InlineKind::Super(inner)
            | InlineKind::Sub(inner)
            | InlineKind::Abbr(_, inner)
            | InlineKind::Link(_, inner) => refill(inner, language, leaves),
            InlineKind::Lang(tag, inner) if same_language(tag, language) => refill(inner, language, leaves),
            InlineKind::Only(never, _) => match *never {},
            InlineKind::LineBreak
            | InlineKind::Literal(_)
            | InlineKind::Lang(..)
            | InlineKind::Code(_)
            | InlineKind::Kbd(_)
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
