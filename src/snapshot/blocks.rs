//! The blocks of a section as text.

use super::generated;
use super::languages::LanguageText;
use super::{TextBlock, TextKind};
use crate::model::{
    Block, BlockKind, Image, Inline, InlineKind, Linked, ListItem, ResourceCard, Table, TableCell, image_names, visit_run,
};
use crate::resolve::Resolved;

/// The blocks of a section, collected in reading order.
pub struct BlockList<'a> {
    edition: &'a Resolved,
    /// Language of the section, if it differs from that of the publication.
    section: Option<&'a str>,
    /// Language of the current passage, if it differs from that of the publication.
    lang: Option<String>,
    list: Vec<TextBlock>,
}

impl<'a> BlockList<'a> {
    /// Creates an empty list for a section, with the language of the section.
    pub fn new(edition: &'a Resolved, section: Option<&'a str>) -> Self {
        let section = section.filter(|lang| *lang != edition.language.tag);
        Self { edition, section, lang: section.map(str::to_owned), list: Vec::new() }
    }

    /// Returns the blocks.
    pub fn finish(self) -> Vec<TextBlock> {
        self.list
    }

    /// Adds a block, unless it has neither text nor id.
    pub fn add(&mut self, kind: TextKind, id: Option<&str>, text: LanguageText) {
        let LanguageText { text, languages, .. } = text;
        if !text.is_empty() || id.is_some() {
            self.list.push(TextBlock { kind, id: id.map(str::to_owned), text, languages });
        }
    }

    /// Adds a text in the current language.
    fn push(&mut self, kind: TextKind, id: Option<&str>, text: &str) {
        let mut own = LanguageText::default();
        own.push(text, self.lang.as_deref());
        self.add(kind, id, own);
    }

    /// Adds blocks. Their paragraphs get `kind`.
    pub fn blocks(&mut self, blocks: &[Block<Linked>], kind: TextKind) {
        blocks.iter().for_each(|block| self.block(block, kind));
    }

    /// Adds the notes that a run of text contains. They are in the language of the section, like the notes of the outputs.
    fn notes_of(&mut self, inlines: &[Inline<Linked>]) {
        let mut bodies = Vec::new();
        visit_run(inlines, &mut |inline| {
            if let InlineKind::Note(note) = &inline.kind {
                bodies.push(note.body.clone());
            }
        });
        let lang = std::mem::replace(&mut self.lang, self.section.map(str::to_owned));
        bodies.iter().for_each(|body| self.blocks(body, TextKind::Note));
        self.lang = lang;
    }

    /// Adds a run of text with its notes.
    pub fn text(&mut self, kind: TextKind, id: Option<&str>, inlines: &[Inline<Linked>]) {
        let text = self.run(inlines);
        self.add(kind, id, text);
        self.notes_of(inlines);
    }

    /// Returns the text of a run in the current language, with the alternative texts of its images.
    pub fn run(&self, inlines: &[Inline<Linked>]) -> LanguageText {
        let lang = self.lang.as_deref();
        let mut out = LanguageText::default();
        out.run(inlines, lang, self.edition.language.tag);
        let images = image_names(inlines);
        if !images.is_empty() {
            out.push(&format!(" [{images}]"), lang);
        }
        out
    }

    /// Adds the blocks of a passage in another language.
    fn passage(&mut self, lang: &str, body: &[Block<Linked>], kind: TextKind) {
        let own = Some(lang.to_owned()).filter(|lang| lang != self.edition.language.tag);
        let outer = std::mem::replace(&mut self.lang, own);
        self.blocks(body, kind);
        self.lang = outer;
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
            BlockKind::Code { text, .. } => {
                self.list.push(TextBlock { kind: TextKind::Code, id: None, text: text.clone(), languages: Vec::new() });
            }
            BlockKind::Table(table) => self.table(table),
            BlockKind::Figure(image) => {
                self.figure(image);
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
            BlockKind::FigureRow(body) | BlockKind::Quote(body) => self.blocks(body, kind),
            BlockKind::Passage(lang, body) => self.passage(lang, body, kind),
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

    /// Adds the alternative text, the caption and the credit of a figure.
    fn figure(&mut self, image: &Image) {
        let lang = self.lang.as_deref();
        let mut text = LanguageText::default();
        text.push(image.alt.as_deref().unwrap_or_default(), lang);
        if !image.caption.is_empty() {
            text.push(if text.text.is_empty() { "" } else { " — " }, None);
            text.run(&image.caption, lang, self.edition.language.tag);
        }
        if let Some(credit) = &image.credit {
            text.push(if text.text.is_empty() { "" } else { " — " }, None);
            text.push(credit, None);
        }
        self.add(TextKind::Figure, None, text);
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
            let mut cells = LanguageText::default();
            let mut has_text = false;
            for (at, cell) in row.iter().enumerate() {
                cells.push(if at > 0 { " | " } else { "" }, None);
                let before = cells.text.len();
                self.cell(cell, &mut cells, &mut notes);
                has_text |= cells.text.len() > before;
            }
            if has_text {
                self.add(TextKind::Row, None, cells);
            }
            self.list.append(&mut notes);
        }
    }

    /// Adds the text of a cell to `cells`, and its notes to `notes`.
    fn cell(&self, cell: &TableCell<Linked>, cells: &mut LanguageText, notes: &mut Vec<TextBlock>) {
        let mut own = Self { edition: self.edition, section: self.section, lang: self.lang.clone(), list: Vec::new() };
        own.blocks(&cell.body, TextKind::Paragraph);
        let (noted, texts): (Vec<_>, Vec<_>) = own.list.into_iter().partition(|block| block.kind == TextKind::Note);
        for (at, block) in texts.iter().enumerate() {
            cells.push(if at > 0 { " " } else { "" }, None);
            block.parts().for_each(|(text, lang)| cells.push(text, lang));
        }
        notes.extend(noted);
    }

    fn card(&mut self, card: &ResourceCard) {
        let badge = card.badge.as_ref().map(|badge| &badge.label);
        let parts = [card.kind.as_ref(), Some(&card.title), card.subtitle.as_ref(), badge, card.statement.as_ref()];
        let text = parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" — ");
        self.push(TextKind::Resource, Some(&card.id), &text);
    }
}
