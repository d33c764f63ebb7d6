//! What a model says, in the order in which each output says it: what the outputs are held against.

use std::collections::VecDeque;

use reliure::stages::{
    Attribution, Badge, Block, BlockKind, CalloutKind, Image, Inline, InlineKind, Linked, LinkedResources, Note, Resolved,
    ResourceCard, Section, Target, plain_text,
};

/// The output that is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Typst markup: a note stands at its first call.
    Typst,
    /// XHTML: notes stand at the end, in the order of their calls.
    Xhtml,
}

/// Stands where a block, a cell, a title or an image begins or ends: as white space, none of which is told from another.
pub const EDGE: &str = "\n";

/// White space of any kind as one space, at the edges none.
pub fn level(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' | '\n' | '\t' if out.is_empty() || out.ends_with(' ') => {}
            ' ' | '\n' | '\t' => out.push(' '),
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end_matches(' ').len());
    out
}

/// What a section says in its file, [`level`]. What the edition says of itself is left out.
pub fn section(edition: &Resolved, section: &Section, output: Output) -> String {
    let mut reading = Reading::new(edition, output);
    // In Typst, the layout sets the title and the lead.
    if output == Output::Xhtml {
        reading.edge(&section.title);
        reading.cell(&section.lead);
    }
    reading.blocks(&section.body);
    while let Some(body) = reading.notes.pop_front() {
        reading.blocks(body);
    }
    level(&reading.out)
}

/// What the lead of a section says, [`level`].
pub fn lead(edition: &Resolved, section: &Section, output: Output) -> String {
    let mut reading = Reading::new(edition, output);
    reading.inlines(&section.lead);
    level(&reading.out)
}

/// Checks that an output says what it should; tells where the two part.
pub fn same(output: &str, model: &str, whole: &str) {
    if output == model {
        return;
    }
    let common: usize = output.chars().zip(model.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
    let before: String = output[..common].chars().rev().take(20).collect::<Vec<_>>().into_iter().rev().collect();
    let after = |text: &str| -> String { text[common..].chars().take(40).collect() };
    panic!("after {before:?} the output says {:?}, the model {:?}, in\n{whole}", after(output), after(model));
}

struct Reading<'a> {
    edition: &'a Resolved,
    output: Output,
    out: String,
    /// Notes called and not read yet.
    notes: VecDeque<&'a [Block<Linked>]>,
    /// A link stands around.
    linked: bool,
    /// Notes are marked only: they were read before.
    marked: bool,
}

impl<'a> Reading<'a> {
    fn new(edition: &'a Resolved, output: Output) -> Self {
        Self { edition, output, out: String::new(), notes: VecDeque::new(), linked: false, marked: false }
    }

    /// Reads characters as the output can carry them.
    fn text(&mut self, text: &str) {
        let typst = self.output == Output::Typst;
        self.out.extend(text.chars().filter_map(|c| match c {
            '\n' | '\t' => Some(c),
            // Typst would end the line there, as it does at these.
            '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' if typst => Some(' '),
            // XML 1.0 and HTML forbid them.
            c if !typst && (c.is_control() || is_noncharacter(c)) => None,
            c => Some(c),
        }));
    }

    /// Reads something that is set apart from what is around it.
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
                table.header.iter().chain(table.rows.iter().flatten()).for_each(|cell| self.cell(cell));
            }
            BlockKind::Quote(body) => self.blocks(body),
            BlockKind::Code { text, .. } => self.code(text),
            BlockKind::Figure(image) => {
                self.image(image);
                self.edges(&image.caption);
                self.strings(&image.credit);
            }
            BlockKind::Callout { kind, title, body } => {
                self.edge(title.as_deref().unwrap_or(self.callout(*kind)));
                self.blocks(body);
            }
            BlockKind::Aside { title, body } => {
                self.edges(title);
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
            | BlockKind::Changes => {}
            BlockKind::Only(never, _) => match *never {},
        }
    }

    /// Reads a heading. In Typst its notes are written before it, and marked in it.
    fn heading(&mut self, text: &'a [Inline<Linked>]) {
        if self.output == Output::Xhtml {
            return self.inlines(text);
        }
        self.calls(text);
        self.out.push_str(EDGE);
        self.marked = true;
        self.inlines(text);
        self.marked = false;
    }

    /// Reads the notes that are called in a run of text.
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
            // A string of Typst carries controls as they are.
            Output::Typst => self.out.push_str(&text.replace('\r', "")),
            Output::Xhtml => self.text(text),
        }
    }

    /// Reads characters that the writer gives to Typst as a string, which carries them all.
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
            InlineKind::Text(text) => self.text(text),
            InlineKind::SoftBreak | InlineKind::LineBreak => self.out.push(' '),
            InlineKind::Code(text) if self.output == Output::Typst => self.out.push_str(text),
            InlineKind::Code(text) => self.text(text),
            InlineKind::Emphasis(inner)
            | InlineKind::Strong(inner)
            | InlineKind::Strike(inner)
            | InlineKind::Super(inner)
            | InlineKind::Sub(inner)
            | InlineKind::Lang(_, inner) => self.inlines(inner),
            InlineKind::Link(target, inner) => self.link(target, inner),
            InlineKind::Reference(target) => self.text(&target.name()),
            InlineKind::Image(image) => self.image(image),
            InlineKind::Note(_) if self.marked => {}
            InlineKind::Note(note) => self.note(note),
            InlineKind::Only(never, _) => match *never {},
        }
    }

    /// Links do not nest. An EPUB has no way to a publication that is not online: its title follows, unless the words say it.
    fn link(&mut self, target: &Target, inner: &'a [Inline<Linked>]) {
        let lost = match target {
            Target::Publication(elsewhere) if elsewhere.published.is_none() => Some(elsewhere.title.text.as_str()),
            _ => None,
        };
        let around = self.linked;
        self.linked |= lost.is_none();
        self.inlines(inner);
        self.linked = around;
        let title = lost.filter(|title| self.output == Output::Xhtml && !around && !plain_text(inner).contains(title));
        if let Some(title) = title {
            self.text(&format!(" ({title})"));
        }
    }

    fn note(&mut self, note: &'a Note<Linked>) {
        match self.output {
            // The body stands at the first call.
            Output::Typst => {
                self.out.push_str(EDGE);
                self.blocks(&note.body);
                self.out.push_str(EDGE);
            }
            Output::Xhtml => self.notes.push_back(&note.body),
        }
    }
}

/// Code points that Unicode keeps from ever being characters.
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}') || u32::from(c) & 0xFFFE == 0xFFFE
}
