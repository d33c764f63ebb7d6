//! Notes. Each is read where it is referenced.

use std::collections::{BTreeMap, BTreeSet};

use comrak::nodes::NodeValue;

use super::span_map::SpanMap;
use super::{MarkdownNode, MarkdownReader};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::model::{Authored, Block};

/// Maximum nesting of notes in notes.
const MAX_NOTE_DEPTH: usize = 3;

/// Maximum size of repeatedly referenced notes, in bytes per section. Each reference reads the note and the notes inside it again.
const MAX_REPEATED_BYTES: usize = 4 << 20;

/// The notes of a text, and the state of reading them.
pub struct Notes<'a> {
    /// The referenced notes, by name.
    written: BTreeMap<String, MarkdownNode<'a>>,
    /// Names of the notes that were read.
    read: BTreeSet<String>,
    depth: usize,
    /// Locations of references to notes that are nested too deeply.
    deep: BTreeSet<Span>,
    /// Size of notes that were read again, in bytes.
    repeated: usize,
    /// Whether the limit was reported.
    limit_reported: bool,
}

impl<'a> Notes<'a> {
    /// Finds the notes of a text.
    pub fn of(root: MarkdownNode<'a>) -> Self {
        let written = root.children().filter_map(|node| match &node.data().value {
            NodeValue::FootnoteDefinition(definition) => Some((definition.name.clone(), node)),
            _ => None,
        });
        Self {
            written: written.collect(),
            read: BTreeSet::new(),
            depth: 0,
            deep: BTreeSet::new(),
            repeated: 0,
            limit_reported: false,
        }
    }

    /// Warns of notes without a reference, which the parser removes.
    pub fn uncalled(&self, root: MarkdownNode<'_>, spans: &SpanMap<'_>, found: &mut Diagnostics) {
        let mut verbatim: Vec<(usize, usize)> = root
            .descendants()
            .filter(|node| matches!(node.data().value, NodeValue::CodeBlock(_) | NodeValue::HtmlBlock(_)))
            .map(|node| (node.data().sourcepos.start.line, node.data().sourcepos.end.line))
            .collect();
        // The parser moves notes to the end.
        verbatim.sort_unstable();
        let called: BTreeSet<String> = self.written.keys().map(|name| name.to_lowercase()).collect();
        let mut verbatim = verbatim.into_iter().peekable();
        let mut start = 0;
        for (index, line) in spans.text.split_inclusive('\n').enumerate() {
            while verbatim.next_if(|(_, last)| *last < index + 1).is_some() {}
            let defined = line.trim_start_matches([' ', '>']).strip_prefix("[^").and_then(|rest| rest.split_once("]:"));
            if let Some((name, _)) = defined
                && !name.contains([']', ' '])
                && !called.contains(&name.to_lowercase())
                && verbatim.peek().is_none_or(|(first, _)| *first > index + 1)
            {
                let message = format!("the note \"{name}\" is never called");
                let lost = Diagnostic::new(code::UNCALLED_NOTE, message).at(spans.range(start..start + line.trim_end().len()));
                found.push(lost.hint(format!("call it with [^{name}], or delete it: it is not printed")));
            }
            start += line.len();
        }
    }
}

impl<'a> MarkdownReader<'a, '_> {
    /// Reports references to missing notes, which the parser leaves as characters.
    pub(super) fn missing_notes(&mut self, text: &str, span: Span, exact: bool) {
        for (at, _) in text.match_indices("[^") {
            let rest = &text[at + 2..];
            let name = rest.find([']', ' ', '[']).and_then(|end| rest.get(..end).filter(|_| rest[end..].starts_with(']')));
            if let Some(name) = name.filter(|name| !name.is_empty()) {
                let location = Span { start: span.start + at, end: span.start + at + name.len() + 3, ..span };
                let location = if exact { location } else { span };
                let hint =
                    format!("define it on a line of its own, [^{name}]: …, or put a backslash before the bracket to print it");
                self.error(code::NOTE, format!("no note is named \"{name}\""), location, &hint);
            }
        }
    }

    /// Reads a note for one of its references.
    pub(super) fn note(&mut self, name: &str, span: Span) -> Vec<Block<Authored>> {
        let Some(definition) = self.notes.written.get(name).copied() else { return Vec::new() };
        if self.notes.depth == MAX_NOTE_DEPTH {
            // A note that references itself would recurse without end.
            if self.notes.deep.insert(span) {
                let message = format!("notes are nested more than {MAX_NOTE_DEPTH} deep here");
                self.error(code::NESTING, message, span, "move the text of the inner note into the outer one");
            }
            return Vec::new();
        }
        // Which reference is the first depends on the edition, so every reference contains the whole note until conditions are applied.
        if !self.notes.read.insert(name.to_owned()) {
            let span = self.spans.span(definition);
            self.notes.repeated += span.end - span.start;
        }
        if self.notes.repeated > MAX_REPEATED_BYTES {
            if !self.notes.limit_reported {
                let message = format!(
                    "the notes that this section calls repeatedly have more than {} MiB in total",
                    MAX_REPEATED_BYTES >> 20
                );
                self.error(code::LIMIT, message, span, "write the note once, in the text");
            }
            self.notes.limit_reported = true;
            return Vec::new();
        }
        self.notes.depth += 1;
        let body = self.children(definition, 0);
        self.notes.depth -= 1;
        body
    }
}
