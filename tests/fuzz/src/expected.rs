//! The expected text of a model in the order of each output, for comparison with the outputs.

use std::collections::{BTreeSet, VecDeque};

use reliure::stages::{
    Attribution, Badge, Block, BlockKind, CalloutKind, Image, Inline, InlineKind, Linked, LinkedResources, Note, Resolved,
    ResourceCard, Section, Target, plain_text,
};

/// An output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Typst markup, where a note follows its first call.
    Typst,
    /// XHTML, where notes are at the end of the section, in the order of their numbers.
    Xhtml,
}

/// Boundary of a block, a cell, a title or an image. It is equivalent to white space.
pub const EDGE: &str = "\n";

/// Replaces every run of spaces, tabs and line ends with one space, and trims the text.
pub fn normalise(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' | '\n' | '\t' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            // The writers turn it into a break opportunity.
            '\u{200B}' => {}
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end_matches(' ').len());
    out
}

/// Returns the text of a section in its file, normalised by [`normalise`], without the texts of the edition.
pub fn section(edition: &Resolved, section: &Section, output: Output) -> String {
    let mut reading = Reading::new(edition, output);
    // In Typst, the layout prints the title and the lead.
    if output == Output::Xhtml {
        reading.cell(&section.title);
        reading.cell(&section.lead);
    }
    reading.blocks(&section.body);
    while let Some((_, body)) = reading.notes.pop_front() {
        reading.blocks(body);
        reading.notes.make_contiguous().sort_by_key(|(number, _)| *number);
    }
    normalise(&reading.out)
}

/// Returns the text of the lead of a section, normalised by [`normalise`].
pub fn lead(edition: &Resolved, section: &Section, output: Output) -> String {
    let mut reading = Reading::new(edition, output);
    reading.inlines(&section.lead);
    normalise(&reading.out)
}

/// Asserts that the text of an output is that of the model, and shows the first difference.
pub fn same(output: &str, model: &str, whole: &str) {
    if output == model {
        return;
    }
    let common: usize = output.chars().zip(model.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
    let before: String = output[..common].chars().rev().take(20).collect::<Vec<_>>().into_iter().rev().collect();
    let after = |text: &str| -> String { text[common..].chars().take(40).collect() };
    panic!("after {before:?} the output contains {:?}, the model {:?}, in\n{whole}", after(output), after(model));
}

struct Reading<'a> {
    edition: &'a Resolved,
    output: Output,
    out: String,
    /// Notes that have been called but not added yet.
    notes: VecDeque<(u32, &'a [Block<Linked>])>,
    /// Whether a link encloses the current text.
    linked: bool,
    /// Whether calls of notes add nothing, because the bodies of the notes have been added before.
    skips_notes: bool,
    /// Short forms whose expansion Typst has printed.
    explained: BTreeSet<(String, String)>,
}

impl<'a> Reading<'a> {
    fn new(edition: &'a Resolved, output: Output) -> Self {
        Self {
            edition,
            output,
            out: String::new(),
            notes: VecDeque::new(),
            linked: false,
            skips_notes: false,
            explained: BTreeSet::new(),
        }
    }

    /// Adds characters in the form that the output supports.
    fn text(&mut self, text: &str) {
        let typst = self.output == Output::Typst;
        self.out.extend(text.chars().filter_map(|c| match c {
            '\n' | '\t' => Some(c),
            // At these characters Typst would end the line.
            '\r' if typst => Some(' '),
            '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
            // XML 1.0 and HTML do not allow these characters.
            c if !typst && (c.is_control() || is_noncharacter(c)) => None,
            c => Some(c),
        }));
    }

    /// Adds a text with boundaries around it.
    fn edge(&mut self, text: &str) {
        self.out.push_str(EDGE);
        self.text(text);
        self.out.push_str(EDGE);
    }

    fn edges<'t>(&mut self, texts: impl IntoIterator<Item = &'t String>) {
        texts.into_iter().for_each(|text| self.edge(text));
    }

    fn blocks(&mut self, blocks: &'a [Block<Linked>]) {
        for block in blocks {
            self.out.push_str(EDGE);
            self.block(&block.kind);
            self.out.push_str(EDGE);
        }
    }

    fn block(&mut self, kind: &'a BlockKind<Linked>) {
        match kind {
            BlockKind::Paragraph(text) => self.inlines(text),
            BlockKind::Heading { text, .. } => self.heading(text),
            BlockKind::List { items, .. } => items.iter().for_each(|item| self.blocks(&item.body)),
            BlockKind::Definitions(items) => {
                for item in items {
                    self.cell(&item.term);
                    item.details.iter().for_each(|details| self.blocks(details));
                }
            }
            BlockKind::Table(table) => {
                self.cell(&table.caption);
                table.header.iter().chain(&table.rows).flatten().for_each(|cell| self.blocks(&cell.body));
            }
            BlockKind::Quote(body) => self.blocks(body),
            BlockKind::Code { text, .. } => self.code(text),
            BlockKind::FigureRow(figures) => self.blocks(figures),
            BlockKind::Figure(image) => {
                self.image(image);
                match &image.link {
                    Some(Target::Publication(elsewhere)) if elsewhere.published.is_none() && self.output == Output::Xhtml => {
                        self.edge(&plain_text(&elsewhere.title.text));
                    }
                    _ => {}
                }
                self.cell(&image.caption);
                self.strings(&image.credit);
            }
            BlockKind::Callout { kind, title, body } => {
                match title.as_slice() {
                    [] => self.edge(self.callout(*kind)),
                    title => self.cell(title),
                }
                self.blocks(body);
            }
            BlockKind::Aside { title, body } => {
                self.cell(title);
                self.blocks(body);
            }
            BlockKind::Details { summary, body, .. } => {
                self.cell(summary);
                self.blocks(body);
            }
            BlockKind::Epigraph { source, body, .. } => self.epigraph(source, body),
            BlockKind::Passage(_, body) => self.blocks(body),
            BlockKind::Resources(group) => self.resources(group),
            BlockKind::Video { title, .. } => self.video(title),
            BlockKind::Rule
            | BlockKind::Credits
            | BlockKind::Licence(_)
            | BlockKind::ImageCredits
            | BlockKind::Imprint
            | BlockKind::Changes
            | BlockKind::PageBreak(_) => {}
            BlockKind::Only(never, _) => match *never {},
        }
    }

    /// Adds a heading. In Typst, the bodies of its notes precede it.
    fn heading(&mut self, text: &'a [Inline<Linked>]) {
        if self.output == Output::Xhtml {
            return self.inlines(text);
        }
        self.calls(text);
        self.out.push_str(EDGE);
        self.skips_notes = true;
        self.inlines(text);
        self.skips_notes = false;
    }

    /// Adds the bodies of the notes that inline elements call.
    fn calls(&mut self, inlines: &'a [Inline<Linked>]) {
        for inline in inlines {
            match &inline.kind {
                InlineKind::Note(note) => self.note(note),
                kind => self.calls(kind.inner()),
            }
        }
    }

    fn cell(&mut self, cell: &'a [Inline<Linked>]) {
        self.out.push_str(EDGE);
        self.inlines(cell);
        self.out.push_str(EDGE);
    }

    fn code(&mut self, text: &str) {
        match self.output {
            // A Typst string can contain control characters.
            Output::Typst => self.out.push_str(&text.replace('\r', "")),
            Output::Xhtml => self.text(text),
        }
    }

    /// Adds a text that the writer passes to Typst as a string, which can contain all characters.
    fn string(&mut self, text: &str) {
        self.out.push_str(EDGE);
        match self.output {
            Output::Typst => self.out.push_str(text),
            Output::Xhtml => self.text(text),
        }
        self.out.push_str(EDGE);
    }

    fn strings<'t>(&mut self, texts: impl IntoIterator<Item = &'t String>) {
        texts.into_iter().for_each(|text| self.string(text));
    }

    fn callout(&self, kind: CalloutKind) -> &'static str {
        let terms = self.edition.language.terms;
        match kind {
            CalloutKind::Note => terms.note,
            CalloutKind::Tip => terms.tip,
            CalloutKind::Important => terms.important,
            CalloutKind::Warning => terms.warning,
            CalloutKind::Caution => terms.caution,
        }
    }

    fn epigraph(&mut self, source: &Attribution, body: &'a [Block<Linked>]) {
        let line = source.line();
        if self.output == Output::Typst {
            self.edges(&line);
        }
        self.blocks(body);
        if self.output == Output::Xhtml {
            self.edges(&line);
        }
    }

    fn video(&mut self, title: &str) {
        let word = self.edition.language.terms.video;
        match self.output {
            Output::Xhtml if !title.to_lowercase().contains(&word.to_lowercase()) => self.edge(&format!("{word} – {title}")),
            _ => self.string(title),
        }
    }

    fn resources(&mut self, group: &LinkedResources) {
        self.badge(group.badge.as_ref());
        group.cards.iter().for_each(|card| self.card(card));
    }

    fn badge(&mut self, badge: Option<&Badge>) {
        self.strings(badge.map(|badge| &badge.label));
    }

    fn card(&mut self, card: &ResourceCard) {
        if self.output == Output::Xhtml {
            self.strings(&card.kind);
        }
        self.string(&card.title);
        self.strings(&card.subtitle);
        if self.output == Output::Typst {
            self.strings(&card.kind);
        }
        self.badge(card.badge.as_ref());
        if self.output == Output::Typst {
            self.string(&card.alt);
        }
        self.strings(&card.statement);
    }

    fn image(&mut self, image: &Image) {
        self.string(image.alt.as_deref().unwrap_or_default());
    }

    fn inlines(&mut self, inlines: &'a [Inline<Linked>]) {
        inlines.iter().for_each(|inline| self.inline(&inline.kind));
    }

    fn inline(&mut self, kind: &'a InlineKind<Linked>) {
        match kind {
            InlineKind::Text(text) | InlineKind::Literal(text) => self.text(text),
            InlineKind::SoftBreak | InlineKind::LineBreak => self.out.push(' '),
            InlineKind::Code(text) if self.output == Output::Typst => self.out.push_str(text),
            InlineKind::Code(text) => self.text(text),
            InlineKind::Emphasis(inner)
            | InlineKind::Strong(inner)
            | InlineKind::Strike(inner)
            | InlineKind::Super(inner)
            | InlineKind::Sub(inner)
            | InlineKind::Marked(_, inner)
            | InlineKind::Kbd(inner)
            | InlineKind::Lang(_, inner) => self.inlines(inner),
            InlineKind::Abbr(long, inner) => {
                self.inlines(inner);
                // The PDF prints the expansion once.
                if self.output == Output::Typst && self.explained.insert((plain_text(inner), long.clone())) {
                    self.text(&format!(" ({long})"));
                }
            }
            InlineKind::Link(target, _, inner) => self.link(target, inner),
            InlineKind::Reference(target) => self.text(&target.name()),
            InlineKind::Image(image) => self.image(image),
            InlineKind::Note(_) if self.skips_notes => {}
            InlineKind::PageBreak(_) => {}
            InlineKind::Note(note) => self.note(note),
            InlineKind::Only(never, _) => match *never {},
        }
    }

    /// Adds the text of a link. An EPUB cannot link to a publication that is not online, so its title is added unless the link
    /// text contains it. Inside another link, no title is added, because links cannot be nested.
    fn link(&mut self, target: &Target, inner: &'a [Inline<Linked>]) {
        let lost = match target {
            Target::Publication(elsewhere) if elsewhere.published.is_none() => Some(plain_text(&elsewhere.title.text)),
            _ => None,
        };
        let around = self.linked;
        self.linked |= lost.is_none();
        self.inlines(inner);
        self.linked = around;
        let title = lost.filter(|title| self.output == Output::Xhtml && !around && !plain_text(inner).contains(title.as_str()));
        if let Some(title) = title {
            self.text(&format!(" ({title})"));
        }
    }

    fn note(&mut self, note: &'a Note<Linked>) {
        match self.output {
            // The body is at the first call.
            Output::Typst => {
                self.out.push_str(EDGE);
                self.blocks(&note.body);
                self.out.push_str(EDGE);
            }
            Output::Xhtml => self.notes.push_back((note.number, &note.body)),
        }
    }
}

/// Returns whether a character is a Unicode noncharacter.
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}') || u32::from(c) & 0xFFFE == 0xFFFE
}
