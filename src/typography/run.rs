//! A run: the characters of a sequence of inlines, and the mapping back to the inlines.

use std::cell::OnceCell;

use super::bind::Gaps;
use super::filter::CharacterFilter;
use super::{Change, Log, Rule, Style, address, maths, primary};
use crate::diagnostic::Span;
use crate::model::{Inline, InlineKind, Linked, plain_text};

/// Narrow no-break space.
pub const NARROW: char = '\u{202F}';
/// No-break space.
pub const NO_BREAK: char = '\u{A0}';
/// Placeholder for code or an image: neither a letter nor a space, but treated as a word.
pub const OBJECT: char = '\u{FFFC}';
/// Sentinel before the first character and after the last.
pub const END: char = '\n';

/// Whether a character may be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// It may be changed.
    Free,
    /// It is code, an image or text in another language, and serves only as context.
    Opaque,
    /// It is part of an address or a formula.
    Address,
}

/// A character of a run.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// The character.
    pub c: char,
    /// Whether it may be changed.
    pub lock: Lock,
    /// Index of its leaf, which is a text or a soft break; [`NO_LEAF`] if it is opaque.
    pub leaf: u32,
    /// Byte offset in the text of the leaf.
    byte: u32,
    /// Length in bytes in that text, before any change.
    size: u8,
    /// Whether it is a superscript or a subscript.
    shifted: bool,
    /// Whether a rule made it a superscript.
    raised: bool,
}

/// Leaf index of opaque characters.
const NO_LEAF: u32 = u32::MAX;

/// A read-only view of the characters of a run, for rules.
pub struct RunText<'a> {
    cells: &'a [Cell],
    /// Whether the run consists of inlines, so that it can contain superscripts.
    pub inline: bool,
    /// Gaps of the run, computed when a rule first needs them.
    gaps: &'a OnceCell<Gaps>,
}

impl<'a> RunText<'a> {
    /// Returns the number of characters.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Returns the character at an index; [`END`] outside the run.
    pub fn at(&self, index: usize) -> char {
        self.cells.get(index).map_or(END, |cell| cell.c)
    }

    /// Returns the character before an index.
    pub fn before(&self, index: usize) -> char {
        index.checked_sub(1).map_or(END, |index| self.at(index))
    }

    /// Returns whether a character may be changed.
    pub fn free(&self, index: usize) -> bool {
        self.cells.get(index).is_some_and(|cell| cell.lock == Lock::Free)
    }

    /// Returns whether a character is part of an address or a formula.
    pub fn address(&self, index: usize) -> bool {
        self.cells.get(index).is_some_and(|cell| cell.lock == Lock::Address)
    }

    /// Returns whether the character at an index is `c` and may be changed.
    pub fn is(&self, index: usize, c: char) -> bool {
        self.at(index) == c && self.free(index)
    }

    /// Returns whether a character is already a superscript or a subscript.
    pub fn shifted(&self, index: usize) -> bool {
        self.cells.get(index).is_some_and(|cell| cell.shifted)
    }

    /// Returns whether characters are in the same leaf.
    pub fn together(&self, range: std::ops::Range<usize>) -> bool {
        self.cells.get(range).is_some_and(|cells| cells.windows(2).all(|pair| pair[0].leaf == pair[1].leaf))
    }

    /// Returns whether a plain space that may be changed is at an index.
    pub fn plain(&self, index: usize) -> bool {
        self.free(index) && matches!(self.at(index), ' ' | '\t' | '\u{2009}')
    }

    /// Returns whether a space of any kind that may be changed is at an index.
    pub fn space(&self, index: usize) -> bool {
        self.plain(index) || self.free(index) && matches!(self.at(index), NO_BREAK | NARROW)
    }

    /// Returns the spaces that may become no-break spaces.
    pub fn gaps(&self) -> &'a Gaps {
        self.gaps.get_or_init(|| Gaps::of(self))
    }

    /// Returns the start of the spaces that end at an index.
    pub fn spaces_before(&self, index: usize) -> usize {
        (0..index).rev().take_while(|at| self.space(*at)).last().unwrap_or(index)
    }

    /// Returns the end of the spaces that start at an index.
    pub fn spaces_after(&self, index: usize) -> usize {
        (index..self.len()).find(|at| !self.space(*at)).unwrap_or(self.len())
    }

    /// Returns the number of consecutive equal characters from an index.
    pub fn repeats(&self, index: usize) -> usize {
        let c = self.at(index);
        (index..self.len()).take_while(|at| self.at(*at) == c).count()
    }
}

/// Returns whether a character is a letter, a combining mark or the placeholder for a word.
pub fn is_letter(c: char) -> bool {
    c.is_alphabetic() || ('\u{300}'..='\u{36F}').contains(&c) || c == OBJECT
}

/// Returns whether a character is a letter or a digit.
pub fn is_word(c: char) -> bool {
    is_letter(c) || c.is_numeric()
}

struct Edit {
    start: usize,
    end: usize,
    /// Index of the character whose leaf receives the new character.
    anchor: usize,
    with: Option<char>,
    raise: bool,
}

/// The changes that a rule requests.
#[derive(Default)]
pub struct Edits(Vec<Edit>);

impl Edits {
    /// Replaces characters with one character.
    pub fn replace(&mut self, range: std::ops::Range<usize>, with: char) {
        self.0.push(Edit { start: range.start, end: range.end, anchor: range.start, with: Some(with), raise: false });
    }

    /// Removes characters.
    pub fn delete(&mut self, range: std::ops::Range<usize>) {
        self.0.push(Edit { start: range.start, end: range.end, anchor: range.start, with: None, raise: false });
    }

    /// Inserts a character before another.
    pub fn insert_before(&mut self, index: usize, with: char) {
        self.0.push(Edit { start: index, end: index, anchor: index, with: Some(with), raise: false });
    }

    /// Inserts a character after another.
    pub fn insert_after(&mut self, index: usize, with: char) {
        self.0.push(Edit { start: index + 1, end: index + 1, anchor: index, with: Some(with), raise: false });
    }

    /// Makes characters a superscript.
    pub fn raise(&mut self, range: std::ops::Range<usize>) {
        self.0.push(Edit { start: range.start, end: range.end, anchor: range.start, with: None, raise: true });
    }

    /// Replaces spaces with one space, unless the author typed one no-break space.
    pub fn bind(&mut self, line: &RunText<'_>, range: std::ops::Range<usize>, with: char) {
        if range.len() > 1 || range.clone().any(|at| line.plain(at)) {
            self.replace(range, with);
        }
    }
}

/// A sequence of characters.
pub struct Run {
    cells: Vec<Cell>,
    spans: Vec<Option<Span>>,
    inline: bool,
    /// Whether the span of each leaf starts at its first character, so that characters can be located.
    located: bool,
    filter: CharacterFilter,
}

/// Characters shown on each side of a change.
const CONTEXT: usize = 12;

impl Run {
    /// Creates a run from a string.
    pub fn of_text(text: &str, span: Option<Span>) -> Self {
        let mut run = Self {
            cells: Vec::with_capacity(text.len()),
            spans: Vec::new(),
            inline: false,
            located: false,
            filter: CharacterFilter::default(),
        };
        run.leaf(text, span, false);
        run.guard();
        run
    }

    /// Creates a run from inlines. Notes are omitted; text in other languages serves only as context. `located` is whether the
    /// span of each inline starts at its first character.
    pub fn of_inlines(inlines: &[Inline<Linked>], language: &str, located: bool) -> Self {
        let mut run = Self { cells: Vec::new(), spans: Vec::new(), inline: true, located, filter: CharacterFilter::default() };
        run.gather(inlines, language, false);
        run.guard();
        run
    }

    fn leaf(&mut self, text: &str, span: Option<Span>, shifted: bool) {
        let leaf = number(self.spans.len());
        self.spans.push(span);
        self.cells.reserve(text.len());
        for (byte, c) in text.char_indices() {
            self.filter.add(c);
            let lock = if c == '\n' || c == '\r' { Lock::Opaque } else { Lock::Free };
            let size = u8::try_from(c.len_utf8()).unwrap_or_default();
            self.cells.push(Cell { c, byte: number(byte), size, lock, leaf, shifted, raised: false });
        }
    }

    fn opaque(&mut self, text: &str) {
        let opaque = Cell { c: END, lock: Lock::Opaque, leaf: NO_LEAF, byte: 0, size: 0, shifted: false, raised: false };
        for c in text.chars() {
            self.filter.add(c);
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
                | InlineKind::Marked(_, inner)
                | InlineKind::Abbr(_, inner)
                | InlineKind::Link(_, _, inner) => self.gather(inner, language, shifted),
                InlineKind::Super(inner) | InlineKind::Sub(inner) => self.gather(inner, language, true),
                InlineKind::Lang(tag, inner) if same_language(tag, language) => self.gather(inner, language, shifted),
                InlineKind::Lang(_, inner) => self.opaque(&plain_text(inner)),
                InlineKind::Reference(target) => self.opaque(&target.name()),
                InlineKind::Code(_) | InlineKind::Kbd(_) | InlineKind::Image(_) => self.opaque(&OBJECT.to_string()),
                InlineKind::Only(never, _) => match *never {},
                InlineKind::Note(_) | InlineKind::PageBreak(_) => {}
            }
        }
    }

    /// Excludes addresses and formulae from changes.
    fn guard(&mut self) {
        if !self.filter.has_any(address::SIGNS) && !self.filter.has(maths::SIGN) {
            return;
        }
        let chars: Vec<char> = self.cells.iter().map(|cell| cell.c).collect();
        for range in address::find(&chars).into_iter().chain(maths::find(&chars)) {
            for cell in self.cells.iter_mut().take(range.end).skip(range.start).filter(|cell| cell.lock == Lock::Free) {
                cell.lock = Lock::Address;
            }
        }
    }

    /// Applies rules in order, and returns whether anything changed.
    pub fn apply<'r>(&mut self, rules: impl Iterator<Item = &'r Rule>, style: &Style, log: &mut Log) -> bool {
        let mut changed = false;
        let mut gaps = OnceCell::new();
        for rule in rules {
            if !self.may_apply(rule) {
                continue;
            }
            let mut edits = Edits::default();
            (rule.apply)(&RunText { cells: &self.cells, inline: self.inline, gaps: &gaps }, style, &mut edits);
            if !edits.0.is_empty() {
                gaps = OnceCell::new();
                changed |= self.apply_edits(edits, rule.name, log);
            }
        }
        changed
    }

    /// Returns whether a rule may apply to this run.
    pub fn may_apply(&self, rule: &Rule) -> bool {
        rule.triggers.is_empty() || self.filter.has_any(rule.triggers)
    }

    /// Returns whether a rule changes this run, ignoring its `triggers`.
    #[cfg(test)]
    pub fn would_change(&self, rule: &Rule, style: &Style) -> bool {
        let mut edits = Edits::default();
        (rule.apply)(&RunText { cells: &self.cells, inline: self.inline, gaps: &OnceCell::new() }, style, &mut edits);
        !edits.0.is_empty()
    }

    /// Applies edits, except to characters that must not be changed, and returns whether any was applied.
    fn apply_edits(&mut self, edits: Edits, rule: &'static str, log: &mut Log) -> bool {
        let old = std::mem::take(&mut self.cells);
        let mut new = Vec::with_capacity(old.len() + edits.0.len());
        let (mut from, mut changed) = (0, false);
        for edit in edits.0 {
            let Some(range) = old.get(edit.start..edit.end) else { continue };
            let Some(anchor) = old.get(edit.anchor).filter(|anchor| anchor.lock == Lock::Free) else { continue };
            if edit.start < from || range.iter().any(|cell| cell.lock != Lock::Free) {
                continue;
            }
            changed = true;
            log.add(|| change(&old, &edit, rule, self.place(anchor)));
            new.extend_from_slice(&old[from..edit.start]);
            if edit.raise {
                new.extend(range.iter().map(|cell| Cell { raised: true, shifted: true, ..*cell }));
            }
            edit.with.iter().for_each(|c| self.filter.add(*c));
            new.extend(edit.with.map(|c| Cell { c, ..*anchor }));
            from = edit.end;
        }
        new.extend_from_slice(old.get(from..).unwrap_or_default());
        self.cells = new;
        changed
    }

    /// Returns the location of a character, or of the whole string if the run is not located. The location is too early if
    /// character references precede the character in the same leaf.
    fn place(&self, cell: &Cell) -> Option<Span> {
        let span = self.spans.get(cell.leaf as usize).copied().flatten()?;
        let start = span.start + cell.byte as usize;
        Some(if self.located { Span { start, end: start + usize::from(cell.size), ..span } } else { span })
    }

    /// Returns the characters of a run that was created from a string.
    pub fn text(&self) -> String {
        self.cells.iter().map(|cell| cell.c).collect()
    }

    /// Writes the characters back to the inlines.
    pub fn scatter(&self, inlines: &mut Vec<Inline<Linked>>, language: &str) {
        refill(inlines, language, &mut Leaves { cells: &self.cells, next: 0 });
    }
}

/// Converts a byte offset or a leaf index. Texts have at most 32 MiB, so both fit.
fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(NO_LEAF - 1)
}

/// Iterates over the characters of each leaf, in order. Skips opaque characters between leaves.
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

/// Returns whether two tags have the same primary language.
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
            | InlineKind::Marked(_, inner)
            | InlineKind::Abbr(_, inner)
            | InlineKind::Link(_, _, inner) => refill(inner, language, leaves),
            InlineKind::Lang(tag, inner) if same_language(tag, language) => refill(inner, language, leaves),
            InlineKind::Only(never, _) => match *never {},
            InlineKind::LineBreak
            | InlineKind::Literal(_)
            | InlineKind::Lang(..)
            | InlineKind::Code(_)
            | InlineKind::Kbd(_)
            | InlineKind::Reference(_)
            | InlineKind::Image(_)
            | InlineKind::Note(_)
            | InlineKind::PageBreak(_) => {}
        }
        inlines.push(inline);
    }
}

/// Splits characters into texts and superscripts.
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
