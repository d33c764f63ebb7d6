//! The blocks of a section as text.

use super::generated;
use super::{TextBlock, TextKind};
use crate::model::{
    Block, BlockKind, Inline, InlineKind, Linked, ListItem, ResourceCard, Table, TableCell, image_names, plain_text, visit_run,
};
use crate::resolve::Resolved;

/// The blocks of a section, collected in reading order.
pub struct BlockList<'a> {
    edition: &'a Resolved,
    list: Vec<TextBlock>,
}

impl<'a> BlockList<'a> {
    /// Creates an empty list.
    pub fn new(edition: &'a Resolved) -> Self {
        Self { edition, list: Vec::new() }
    }

    /// Returns the blocks.
    pub fn finish(self) -> Vec<TextBlock> {
        self.list
    }

    /// Adds a block, unless it has neither text nor id.
    pub fn push(&mut self, kind: TextKind, id: Option<&str>, text: &str) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() || id.is_some() {
            self.list.push(TextBlock { kind, id: id.map(str::to_owned), text });
        }
    }

    /// Adds blocks. Their paragraphs get `kind`.
    pub fn blocks(&mut self, blocks: &[Block<Linked>], kind: TextKind) {
        blocks.iter().for_each(|block| self.block(block, kind));
    }

    /// Adds the notes that a run of text contains.
    pub fn notes_of(&mut self, inlines: &[Inline<Linked>]) {
        let mut bodies = Vec::new();
        visit_run(inlines, &mut |inline| {
            if let InlineKind::Note(note) = &inline.kind {
                bodies.push(note.body.clone());
            }
        });
        bodies.iter().for_each(|body| self.blocks(body, TextKind::Note));
    }

    fn text(&mut self, kind: TextKind, id: Option<&str>, inlines: &[Inline<Linked>]) {
        self.push(kind, id, &run(inlines));
        self.notes_of(inlines);
    }

    fn block(&mut self, block: &Block<Linked>, kind: TextKind) {
        match &block.kind {
            BlockKind::Paragraph(text) => self.text(kind, None, text),
            BlockKind::Heading { text, .. } => self.text(TextKind::Heading, block.id.as_deref(), text),
            BlockKind::List { items, .. } => items.iter().for_each(|item| self.item(item)),
            BlockKind::Definitions(items) => {
                for item in items {
                    self.text(TextKind::Term, None, &item.term);
                    item.details.iter().for_each(|body| self.blocks(body, kind));
                }
            }
            BlockKind::Code { text, .. } => self.list.push(TextBlock { kind: TextKind::Code, id: None, text: text.clone() }),
            BlockKind::Table(table) => self.table(table),
            BlockKind::Figure(image) => {
                let caption = Some(run(&image.caption)).filter(|_| !image.caption.is_empty());
                let parts = [image.alt.as_deref(), caption.as_deref(), image.credit.as_deref()];
                self.push(TextKind::Figure, None, &parts.into_iter().flatten().collect::<Vec<_>>().join(" — "));
                self.notes_of(&image.caption);
            }
            BlockKind::Callout { title, body, .. } | BlockKind::Aside { title, body } => {
                self.text(TextKind::Label, None, title);
                self.blocks(body, kind);
            }
            BlockKind::Details { summary, body, .. } => {
                self.text(TextKind::Label, None, summary);
                self.blocks(body, kind);
            }
            BlockKind::Epigraph { source, body, .. } => {
                self.blocks(body, kind);
                self.push(TextKind::Attribution, None, &source.line().unwrap_or_default());
            }
            BlockKind::FigureRow(body) | BlockKind::Quote(body) | BlockKind::Passage(_, body) => self.blocks(body, kind),
            BlockKind::Resources(group) => group.cards.iter().for_each(|card| self.card(card)),
            BlockKind::Video { title, .. } => self.push(TextKind::Video, None, title),
            BlockKind::Credits | BlockKind::Licence(_) | BlockKind::ImageCredits | BlockKind::Imprint | BlockKind::Changes => {
                for line in generated::lines(self.edition, &block.kind) {
                    self.push(TextKind::Generated, None, &line);
                }
            }
            BlockKind::Rule | BlockKind::PageBreak(_) => {}
            BlockKind::Only(never, _) => match *never {},
        }
    }

    fn item(&mut self, item: &ListItem<Linked>) {
        let (first, rest) = item.body.split_at(item.body.len().min(1));
        self.blocks(first, TextKind::Item);
        self.blocks(rest, TextKind::Paragraph);
    }

    fn table(&mut self, table: &Table<Linked>) {
        self.text(TextKind::Caption, None, &table.caption);
        for row in table.header.iter().chain(&table.rows) {
            let mut notes = Vec::new();
            let cells: Vec<String> = row.iter().map(|cell| self.cell(cell, &mut notes)).collect();
            if cells.iter().any(|cell| !cell.trim().is_empty()) {
                self.push(TextKind::Row, None, &cells.join(" | "));
            }
            self.list.append(&mut notes);
        }
    }

    /// Returns the text of a cell, and adds its notes to `notes`.
    fn cell(&self, cell: &TableCell<Linked>, notes: &mut Vec<TextBlock>) -> String {
        let mut own = Self::new(self.edition);
        let texts = cell.body.iter().map(|block| match &block.kind {
            BlockKind::Paragraph(text) => {
                own.notes_of(text);
                run(text)
            }
            _ => {
                let mut inner = Self::new(self.edition);
                inner.block(block, TextKind::Paragraph);
                let (noted, inner): (Vec<_>, Vec<_>) = inner.list.into_iter().partition(|block| block.kind == TextKind::Note);
                own.list.extend(noted);
                inner.iter().map(|block| block.text.as_str()).collect::<Vec<_>>().join(" ")
            }
        });
        let text = texts.collect::<Vec<_>>().join(" ");
        notes.append(&mut own.list);
        text
    }

    fn card(&mut self, card: &ResourceCard) {
        let badge = card.badge.as_ref().map(|badge| &badge.label);
        let parts = [card.kind.as_ref(), Some(&card.title), card.subtitle.as_ref(), badge, card.statement.as_ref()];
        let text = parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" — ");
        self.push(TextKind::Resource, Some(&card.id), &text);
    }
}

/// Returns the text of a run, with the alternative texts of its images.
fn run(inlines: &[Inline<Linked>]) -> String {
    let images = image_names(inlines);
    let text = plain_text(inlines);
    if images.is_empty() { text } else { format!("{text} [{images}]") }
}
