//! The fold: rebuilds a tree of one phase as a tree of another.

use std::sync::Arc;

use super::{Attribution, Block, BlockKind, DefinitionItem, Inline, InlineKind, ListItem, Note, Phase, Table, TableCell};
use crate::diagnostic::Span;

/// The language of a text (BCP 47). Passages and spans change it; a note has the language of its section, wherever it is
/// referenced.
#[derive(Clone, Debug)]
pub struct TextLanguage {
    section: Arc<str>,
    current: Arc<str>,
}

impl TextLanguage {
    /// Returns the language at the start of a section.
    pub fn of_section(tag: &str) -> Self {
        let section: Arc<str> = tag.into();
        Self { current: Arc::clone(&section), section }
    }

    /// Returns the tag of the current language.
    pub fn tag(&self) -> Arc<str> {
        Arc::clone(&self.current)
    }
}

/// Rebuilds a tree. The default methods rebuild each node with its content. An implementation overrides those of the nodes that
/// it changes, and calls [`fold_block`] or [`fold_inline`] for the others.
pub trait Fold: Sized {
    /// The phase of the tree that is read.
    type From: Phase;
    /// The phase of the tree that is built.
    type To: Phase;

    /// Returns the state of the language, if the implementation needs it.
    fn language(&mut self) -> Option<&mut TextLanguage> {
        None
    }

    /// Converts the id of a block.
    fn id(&mut self, id: <Self::From as Phase>::Id) -> <Self::To as Phase>::Id;

    /// Converts a figure. Returns `None` to remove it.
    fn figure(&mut self, image: <Self::From as Phase>::Image, span: Span) -> Option<BlockKind<Self::To>>;

    /// Converts an inline image. Returns `None` to remove it.
    fn image(&mut self, image: <Self::From as Phase>::Image, span: Span) -> Option<InlineKind<Self::To>>;

    /// Converts resources. Returns `None` to remove them.
    fn resources(&mut self, group: <Self::From as Phase>::Resources, span: Span) -> Option<<Self::To as Phase>::Resources>;

    /// Converts a link, and adds its replacement to `out`.
    fn link(
        &mut self,
        target: <Self::From as Phase>::Target,
        title: Option<String>,
        inner: Vec<Inline<Self::From>>,
        span: Span,
        out: &mut Vec<Inline<Self::To>>,
    );

    /// Converts a link without text. Returns `None` to remove it.
    fn reference(&mut self, target: <Self::From as Phase>::Target, span: Span) -> Option<InlineKind<Self::To>>;

    /// Converts blocks with a condition on the edition, and adds their replacement to `out`.
    fn only_blocks(
        &mut self,
        condition: <Self::From as Phase>::Condition,
        body: Vec<Block<Self::From>>,
        out: &mut Vec<Block<Self::To>>,
    );

    /// Converts inlines with a condition on the edition, and adds their replacement to `out`.
    fn only_inlines(
        &mut self,
        condition: <Self::From as Phase>::Condition,
        inner: Vec<Inline<Self::From>>,
        out: &mut Vec<Inline<Self::To>>,
    );

    /// Converts a page break.
    fn page_break(&mut self, start: <Self::From as Phase>::PageBreak) -> <Self::To as Phase>::PageBreak;

    /// Converts a text without markup, such as the expansion of an abbreviation. `_span` is the location of its block or inline.
    fn string(&mut self, text: String, _span: Span) -> String {
        text
    }

    /// Converts blocks.
    fn blocks(&mut self, blocks: Vec<Block<Self::From>>) -> Vec<Block<Self::To>> {
        let mut out = Vec::with_capacity(blocks.len());
        blocks.into_iter().for_each(|block| self.block(block, &mut out));
        out
    }

    /// Converts a block, and adds its replacement to `out`.
    fn block(&mut self, block: Block<Self::From>, out: &mut Vec<Block<Self::To>>) {
        fold_block(self, block, out);
    }

    /// Converts a run of text of a block: a paragraph, a heading, a term, a title or a caption.
    fn line(&mut self, inlines: Vec<Inline<Self::From>>) -> Vec<Inline<Self::To>> {
        self.inlines(inlines)
    }

    /// Converts inlines, which may be a part of a run.
    fn inlines(&mut self, inlines: Vec<Inline<Self::From>>) -> Vec<Inline<Self::To>> {
        let mut out = Vec::with_capacity(inlines.len());
        inlines.into_iter().for_each(|inline| self.inline(inline, &mut out));
        out
    }

    /// Converts an inline, and adds its replacement to `out`.
    fn inline(&mut self, inline: Inline<Self::From>, out: &mut Vec<Inline<Self::To>>) {
        fold_inline(self, inline, out);
    }

    /// Converts the content of a block or note. Returns `None` to remove the block or note.
    fn body(&mut self, body: Vec<Block<Self::From>>) -> Option<Vec<Block<Self::To>>> {
        Some(self.blocks(body))
    }

    /// Converts the text of a block. Returns `None` to remove the block.
    fn block_text(&mut self, inlines: Vec<Inline<Self::From>>) -> Option<Vec<Inline<Self::To>>> {
        Some(self.line(inlines))
    }

    /// Converts the text of an inline. Returns `None` to remove the inline.
    fn inline_text(&mut self, inlines: Vec<Inline<Self::From>>) -> Option<Vec<Inline<Self::To>>> {
        Some(self.inlines(inlines))
    }

    /// Converts a table. Returns `None` to remove it.
    fn table(&mut self, table: Table<Self::From>) -> Option<Table<Self::To>> {
        let Table { caption, row_headers, columns, header, rows } = table;
        let caption = self.line(caption);
        let header = header.into_iter().map(|row| self.table_row(row)).collect();
        let rows = rows.into_iter().map(|row| self.table_row(row)).collect();
        Some(Table { caption, row_headers, columns, header, rows })
    }

    /// Converts a row of a table.
    fn table_row(&mut self, row: Vec<TableCell<Self::From>>) -> Vec<TableCell<Self::To>> {
        row.into_iter().map(|cell| TableCell { body: self.blocks(cell.body), columns: cell.columns, rows: cell.rows }).collect()
    }

    /// Converts the items of a list. Returns `None` to remove the list.
    fn items(&mut self, items: Vec<ListItem<Self::From>>) -> Option<Vec<ListItem<Self::To>>> {
        Some(items.into_iter().filter_map(|item| Some(ListItem { task: item.task, body: self.body(item.body)? })).collect())
    }

    /// Converts terms with their definitions. Returns `None` to remove all.
    fn definitions(&mut self, items: Vec<DefinitionItem<Self::From>>) -> Option<Vec<DefinitionItem<Self::To>>> {
        let items = items.into_iter().filter_map(|DefinitionItem { term, details }| {
            let term = self.block_text(term)?;
            Some(DefinitionItem { term, details: details.into_iter().filter_map(|details| self.body(details)).collect() })
        });
        Some(items.collect())
    }

    /// Converts a quotation with its source. Returns `None` to remove it.
    fn epigraph(
        &mut self,
        source: Attribution,
        body: Vec<Block<Self::From>>,
        span: Span,
    ) -> Option<(Attribution, Vec<Block<Self::To>>)> {
        let words = source.words.map(|words| self.string(words, span));
        let date = source.date.map(|date| self.string(date, span));
        Some((Attribution { words, date, ..source }, self.body(body)?))
    }
}

/// Rebuilds a block with its content, and adds it to `out`.
pub fn fold_block<F: Fold>(fold: &mut F, block: Block<F::From>, out: &mut Vec<Block<F::To>>) {
    let Block { id, span, kind } = block;
    if let BlockKind::Only(condition, body) = kind {
        return fold.only_blocks(condition, body, out);
    }
    if let Some(kind) = block_kind(fold, kind, span) {
        out.push(Block { id: fold.id(id), span, kind });
    }
}

fn block_kind<F: Fold>(fold: &mut F, kind: BlockKind<F::From>, span: Span) -> Option<BlockKind<F::To>> {
    Some(match kind {
        BlockKind::Paragraph(text) => BlockKind::Paragraph(fold.block_text(text)?),
        BlockKind::Heading { level, text } => BlockKind::Heading { level, text: fold.block_text(text)? },
        BlockKind::List { start, tight, items } => BlockKind::List { start, tight, items: fold.items(items)? },
        BlockKind::Definitions(items) => BlockKind::Definitions(fold.definitions(items)?),
        BlockKind::Quote(body) => BlockKind::Quote(fold.body(body)?),
        BlockKind::Code { lang, text, tokens } => BlockKind::Code { lang, text, tokens },
        BlockKind::Table(table) => BlockKind::Table(fold.table(table)?),
        BlockKind::Rule => BlockKind::Rule,
        BlockKind::Figure(image) => return fold.figure(image, span),
        BlockKind::FigureRow(figures) => BlockKind::FigureRow(fold.body(figures)?),
        BlockKind::Callout { kind, title, body } => {
            let title = fold.line(title);
            BlockKind::Callout { kind, title, body: fold.body(body)? }
        }
        BlockKind::Aside { title, body } => {
            let title = fold.line(title);
            BlockKind::Aside { title, body: fold.body(body)? }
        }
        BlockKind::Details { summary, open, body } => {
            let summary = fold.block_text(summary)?;
            BlockKind::Details { summary, open, body: fold.body(body)? }
        }
        BlockKind::Epigraph { form, source, body } => {
            let (source, body) = fold.epigraph(source, body, span)?;
            BlockKind::Epigraph { form, source, body }
        }
        BlockKind::Resources(group) => BlockKind::Resources(fold.resources(group, span)?),
        BlockKind::Video { url, title } => BlockKind::Video { url, title: fold.string(title, span) },
        BlockKind::Credits => BlockKind::Credits,
        BlockKind::Licence(form) => BlockKind::Licence(form),
        BlockKind::ImageCredits => BlockKind::ImageCredits,
        BlockKind::Imprint => BlockKind::Imprint,
        BlockKind::Changes => BlockKind::Changes,
        BlockKind::Passage(lang, body) => {
            let body = in_language(fold, LanguageChange::To(&lang), |fold| fold.body(body))?;
            BlockKind::Passage(lang, body)
        }
        BlockKind::PageBreak(start) => BlockKind::PageBreak(fold.page_break(start)),
        // `fold_block` handles this kind.
        BlockKind::Only(..) => return None,
    })
}

/// Rebuilds an inline with its content, and adds it to `out`.
pub fn fold_inline<F: Fold>(fold: &mut F, inline: Inline<F::From>, out: &mut Vec<Inline<F::To>>) {
    let Inline { span, kind } = inline;
    let kind = match kind {
        InlineKind::Link(target, title, inner) => return fold.link(target, title, inner, span, out),
        InlineKind::Only(condition, inner) => return fold.only_inlines(condition, inner, out),
        kind => inline_kind(fold, kind, span),
    };
    out.extend(kind.map(|kind| Inline { span, kind }));
}

fn inline_kind<F: Fold>(fold: &mut F, kind: InlineKind<F::From>, span: Span) -> Option<InlineKind<F::To>> {
    Some(match kind {
        InlineKind::Text(text) => InlineKind::Text(text),
        InlineKind::Literal(text) => InlineKind::Literal(text),
        InlineKind::SoftBreak => InlineKind::SoftBreak,
        InlineKind::LineBreak => InlineKind::LineBreak,
        InlineKind::Emphasis(inner) => InlineKind::Emphasis(fold.inline_text(inner)?),
        InlineKind::Strong(inner) => InlineKind::Strong(fold.inline_text(inner)?),
        InlineKind::Strike(inner) => InlineKind::Strike(fold.inline_text(inner)?),
        InlineKind::Super(inner) => InlineKind::Super(fold.inline_text(inner)?),
        InlineKind::Sub(inner) => InlineKind::Sub(fold.inline_text(inner)?),
        InlineKind::Code(text) => InlineKind::Code(text),
        InlineKind::Marked(mark, inner) => InlineKind::Marked(mark, fold.inline_text(inner)?),
        InlineKind::Kbd(inner) => InlineKind::Kbd(fold.inline_text(inner)?),
        InlineKind::Abbr(long, inner) => {
            let long = fold.string(long, span);
            InlineKind::Abbr(long, fold.inline_text(inner)?)
        }
        InlineKind::Reference(target) => return fold.reference(target, span),
        InlineKind::Image(image) => return fold.image(image, span),
        InlineKind::Lang(lang, inner) => {
            let inner = in_language(fold, LanguageChange::To(&lang), |fold| fold.inline_text(inner))?;
            InlineKind::Lang(lang, inner)
        }
        InlineKind::Note(Note { number, call, body }) => {
            let body = in_language(fold, LanguageChange::ToSection, |fold| fold.body(body))?;
            InlineKind::Note(Note { number, call, body })
        }
        InlineKind::PageBreak(start) => InlineKind::PageBreak(fold.page_break(start)),
        // `fold_inline` handles these kinds.
        InlineKind::Link(..) | InlineKind::Only(..) => return None,
    })
}

/// A change of the language of a text.
enum LanguageChange<'a> {
    /// To the language with this tag.
    To(&'a str),
    /// To the language of the section.
    ToSection,
}

/// Folds a part of a text in another language.
fn in_language<F: Fold, T>(fold: &mut F, change: LanguageChange<'_>, part: impl FnOnce(&mut F) -> T) -> T {
    let around = fold.language().map(|language| {
        let own = match change {
            LanguageChange::To(tag) => tag.into(),
            LanguageChange::ToSection => Arc::clone(&language.section),
        };
        std::mem::replace(&mut language.current, own)
    });
    let folded = part(fold);
    if let (Some(around), Some(language)) = (around, fold.language()) {
        language.current = around;
    }
    folded
}
