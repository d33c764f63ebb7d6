//! Notes, which are read where they are referenced.

use std::collections::{BTreeMap, BTreeSet};

use comrak::nodes::{NodeFootnoteDefinition, NodeValue};

use super::span_map::SpanMap;
use super::{MarkdownNode, MarkdownReader};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, Strictness, code};
use crate::model::{Authored, Block};

/// Maximum nesting of notes in notes.
const MAX_NOTE_DEPTH: usize = 3;

/// Maximum size of repeatedly referenced notes, in bytes per section. Each reference reads the note and the notes inside it
/// again.
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
    /// Whether the text is between the tags of an HTML block, where notes cannot be referenced.
    outside: bool,
}

impl<'a> Notes<'a> {
    /// Finds the notes of a text.
    pub fn of(root: MarkdownNode<'a>) -> Self {
        // If several notes have the same name, the first is printed, although the parser refers to the last.
        let mut first: BTreeMap<String, MarkdownNode<'a>> = BTreeMap::new();
        for (definition, node) in definitions(root) {
            let known = first.entry(folded(&definition.name)).or_insert(node);
            if node.data().sourcepos.start < known.data().sourcepos.start {
                *known = node;
            }
        }
        let written = definitions(root).filter(|(definition, _)| definition.total_references > 0);
        let written =
            written.filter_map(|(definition, _)| Some((definition.name.clone(), *first.get(&folded(&definition.name))?)));
        Self {
            written: written.collect(),
            read: BTreeSet::new(),
            depth: 0,
            deep: BTreeSet::new(),
            repeated: 0,
            limit_reported: false,
            outside: false,
        }
    }

    /// Returns an empty set of notes, for a text between tags.
    pub fn outside() -> Self {
        Self {
            written: BTreeMap::new(),
            read: BTreeSet::new(),
            depth: 0,
            deep: BTreeSet::new(),
            repeated: 0,
            limit_reported: false,
            outside: true,
        }
    }

    /// Reports notes that are not printed: those that are never referenced, and those whose name is already used.
    pub fn report_unprinted(root: MarkdownNode<'a>, spans: &SpanMap<'_>, strictness: Strictness, found: &mut Diagnostics) {
        let mut first: BTreeMap<String, Span> = BTreeMap::new();
        let mut definitions: Vec<_> = definitions(root).collect();
        let called = called(root, &definitions);
        definitions.sort_by_key(|(_, node)| spans.start(node));
        for (definition, node) in &definitions {
            let name = folded(&definition.name);
            let at = spans.span(node);
            match first.get(&name) {
                Some(before) => {
                    let message = format!("another note is already named \"{}\"", definition.name);
                    let twice = Diagnostic::new(code::DUPLICATE_NOTE, message).at(at).related(*before, "the first one");
                    found.push(strictness.soften(twice.hint("rename it and its references"), "it is not printed"));
                }
                None if !called.contains(&name) => {
                    let is_open = |inner: &MarkdownNode<'a>| {
                        matches!(inner.data().value, NodeValue::BlockDirective(_)) && !spans.is_closed(inner)
                    };
                    if let Some(open) = node.descendants().find(is_open) {
                        let message =
                            "this container is not closed, so everything after it is in a note that is never referenced";
                        let open = Diagnostic::new(code::CONTAINER, message).at(spans.first_line(open));
                        found.push(open.hint("end it with a line of as many colons"));
                        continue;
                    }
                    let message = format!("the note \"{}\" is never referenced", definition.name);
                    let lost = Diagnostic::new(code::UNCALLED_NOTE, message).at(at);
                    found.push(lost.hint(format!("refer to it with [^{}], or delete it: it is not printed", definition.name)));
                }
                None => {}
            }
            first.entry(name).or_insert(at);
        }
    }
}

/// Returns the names of the notes that the text references, directly or through other notes. A note that only references itself
/// is not printed.
fn called<'a>(root: MarkdownNode<'a>, definitions: &[(NodeFootnoteDefinition, MarkdownNode<'a>)]) -> BTreeSet<String> {
    let printed = definitions.iter().filter(|(definition, _)| definition.total_references > 0);
    let bodies: BTreeMap<String, MarkdownNode<'a>> =
        printed.map(|(definition, node)| (folded(&definition.name), *node)).collect();
    let mut called = BTreeSet::new();
    let mut open = calls(root);
    while let Some(name) = open.pop() {
        if called.contains(&name) {
            continue;
        }
        if let Some(body) = bodies.get(&name) {
            open.extend(body.children().flat_map(calls));
        }
        called.insert(name);
    }
    called
}

/// Returns the names of the notes that a block references. Note definitions inside it and alternative texts are skipped.
fn calls(node: MarkdownNode<'_>) -> Vec<String> {
    let mut names = Vec::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        match &node.data().value {
            NodeValue::FootnoteReference(call) => names.push(folded(&call.name)),
            NodeValue::FootnoteDefinition(_) | NodeValue::Image(_) => {}
            _ => open.extend(node.children()),
        }
    }
    names
}

/// Returns the definitions of notes.
fn definitions<'a>(root: MarkdownNode<'a>) -> impl Iterator<Item = (NodeFootnoteDefinition, MarkdownNode<'a>)> {
    root.descendants().filter_map(|node| match &node.data().value {
        NodeValue::FootnoteDefinition(definition) => Some((definition.clone(), node)),
        _ => None,
    })
}

/// Normalizes a name for comparison.
fn folded(name: &str) -> String {
    name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

impl<'a> MarkdownReader<'a, '_> {
    /// Reports references to missing notes, which the parser leaves as text.
    pub(super) fn missing_notes(&mut self, text: &str, span: Span, exact: bool) {
        for (at, _) in text.match_indices("[^") {
            let rest = &text[at + 2..];
            let name = rest.find([']', ' ', '[']).and_then(|end| rest.get(..end).filter(|_| rest[end..].starts_with(']')));
            if let Some(name) = name.filter(|name| !name.is_empty()) {
                let location = Span { start: span.start + at, end: span.start + at + name.len() + 3, ..span };
                let location = if exact { location } else { span };
                if self.notes.outside {
                    let message = "a note reference cannot be between the tags of an HTML block";
                    let hint = "leave a blank line after the tag before it and before the tag after it, or put a backslash before the bracket";
                    self.missing_note(message.to_owned(), location, hint);
                    continue;
                }
                let hint =
                    format!("define it on a line of its own, [^{name}]: …, or put a backslash before the bracket to print it");
                self.missing_note(format!("no note is named \"{name}\""), location, &hint);
            }
        }
    }

    fn missing_note(&mut self, message: String, span: Span, hint: &str) {
        let missing = Diagnostic::new(code::NOTE, message).at(span).hint(hint);
        self.found.push(self.strictness.soften(missing, "it is printed as typed"));
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
        // Which reference is the first depends on the edition, so every reference contains the whole note until conditions are
        // applied.
        if !self.notes.read.insert(name.to_owned()) {
            let span = self.spans.span(definition);
            self.notes.repeated += span.end - span.start;
        }
        if self.notes.repeated > MAX_REPEATED_BYTES {
            if !self.notes.limit_reported {
                let message = format!(
                    "the notes that this section refers to repeatedly have more than {} MiB in total",
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
