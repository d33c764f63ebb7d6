//! Conversion of authored content to linked content.

use super::LinkedSection;
use super::claim::{Claim, ClaimKind, Claims};
use super::images::EditionImages;
use super::links::LinkResolver;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::manifest::page_address;
use crate::model::{
    Attribution, Authored, AuthoredImage, AuthoredSection, AuthoredTarget, Block, BlockKind, DefinitionItem, Image, Inline,
    InlineKind, Linked, ListItem, Note, Table, has_accessible_name, plain_text,
};
use crate::resolve::licence;

/// Converts authored blocks to linked blocks.
pub struct Linker<'a> {
    /// The targets of links.
    pub resolver: LinkResolver<'a>,
    /// The images used so far.
    pub images: EditionImages<'a>,
    /// The claims so far.
    pub claims: Claims,
    /// Language of the current section.
    section_lang: String,
    /// Language of the current text. Passages and spans can change it.
    lang: String,
    /// The diagnostics.
    found: &'a mut Diagnostics,
}

impl<'a> Linker<'a> {
    /// Creates a linker. `images` and `claims` already contain the logos.
    pub fn new(resolver: LinkResolver<'a>, images: EditionImages<'a>, claims: Claims, found: &'a mut Diagnostics) -> Self {
        let lang = resolver.scope.language.tag.to_owned();
        Self { resolver, images, claims, section_lang: lang.clone(), lang, found }
    }

    /// Makes the versions of images for screens.
    pub fn convert_images(&mut self) {
        self.images.convert(self.found);
    }

    /// Converts a section.
    pub fn section(&mut self, section: AuthoredSection) -> LinkedSection {
        self.section_lang = section.lang.clone().unwrap_or_else(|| self.resolver.scope.language.tag.to_owned());
        self.lang.clone_from(&self.section_lang);
        LinkedSection {
            id: section.id,
            nav: section.nav.unwrap_or_else(|| section.title.clone()),
            title: section.title,
            lead: self.inlines(section.lead),
            lang: section.lang,
            body: self.blocks(section.body),
        }
    }

    /// Converts an image. Fails if it cannot be used: with the placeholder text in a lenient build, otherwise with `None`.
    fn image(&mut self, image: AuthoredImage) -> Result<Image, Option<String>> {
        let (image, claim) = self.images.image(image, self.found)?;
        self.claims.add(claim);
        Ok(image)
    }

    /// Converts blocks. Those that cannot be converted are reported and omitted.
    fn blocks(&mut self, blocks: Vec<Block<Authored>>) -> Vec<Block<Linked>> {
        blocks.into_iter().filter_map(|block| self.block(block)).collect()
    }

    fn block(&mut self, block: Block<Authored>) -> Option<Block<Linked>> {
        let span = block.span;
        let kind = match block.kind {
            BlockKind::Paragraph(text) => BlockKind::Paragraph(self.inlines(text)),
            BlockKind::Heading { level, id, text } => BlockKind::Heading { level, id: id?.0, text: self.inlines(text) },
            BlockKind::List { start, tight, items } => {
                let items = items.into_iter().map(|item| ListItem { task: item.task, body: self.blocks(item.body) }).collect();
                BlockKind::List { start, tight, items }
            }
            BlockKind::Definitions(items) => {
                BlockKind::Definitions(items.into_iter().map(|item| self.definition(item)).collect())
            }
            BlockKind::Quote(body) => BlockKind::Quote(self.blocks(body)),
            BlockKind::Code { lang, text, tokens } => BlockKind::Code { lang, text, tokens },
            BlockKind::Table(table) => BlockKind::Table(self.table(table)),
            BlockKind::Rule => BlockKind::Rule,
            BlockKind::Figure(image) => match self.image(image) {
                Ok(image) => BlockKind::Figure(image),
                Err(words) => BlockKind::Paragraph(vec![Inline { span, kind: InlineKind::Text(words?) }]),
            },
            BlockKind::Callout { kind, title, body } => BlockKind::Callout { kind, title, body: self.blocks(body) },
            BlockKind::Aside { title, body } => BlockKind::Aside { title, body: self.blocks(body) },
            BlockKind::Details { summary, open, body } => {
                BlockKind::Details { summary: self.inlines(summary), open, body: self.blocks(body) }
            }
            BlockKind::Epigraph { form, source, body } => {
                let body = self.blocks(body);
                self.quotation(&source, &body, span);
                BlockKind::Epigraph { form, source, body }
            }
            BlockKind::Passage(lang, body) => {
                let around = std::mem::replace(&mut self.lang, lang.clone());
                let body = self.blocks(body);
                self.lang = around;
                BlockKind::Passage(lang, body)
            }
            BlockKind::Resources(group) => BlockKind::Resources(self.resolver.resources(&group, self.found)),
            BlockKind::Video { url, title } => BlockKind::Video { url: page_address(&url, "a video", span, self.found)?, title },
            BlockKind::Credits => BlockKind::Credits,
            BlockKind::Licence(form) => BlockKind::Licence(form),
            BlockKind::ImageCredits => BlockKind::ImageCredits,
            BlockKind::Imprint => BlockKind::Imprint,
            BlockKind::Changes => BlockKind::Changes,
            // Conditions have already been applied.
            BlockKind::Only(..) => return None,
        };
        Some(Block { span, kind })
    }

    fn definition(&mut self, item: DefinitionItem<Authored>) -> DefinitionItem<Linked> {
        let term = self.inlines(item.term);
        DefinitionItem { term, details: item.details.into_iter().map(|details| self.blocks(details)).collect() }
    }

    fn table(&mut self, table: Table<Authored>) -> Table<Linked> {
        let caption = self.inlines(table.caption);
        let header = table.header.into_iter().map(|cell| self.inlines(cell)).collect();
        let rows = table.rows.into_iter().map(|row| row.into_iter().map(|cell| self.inlines(cell)).collect()).collect();
        Table { caption, row_headers: table.row_headers, columns: table.columns, header, rows }
    }

    /// Converts inline elements.
    fn inlines(&mut self, inlines: Vec<Inline<Authored>>) -> Vec<Inline<Linked>> {
        let mut linked = Vec::with_capacity(inlines.len());
        for Inline { span, kind } in inlines {
            match kind {
                InlineKind::Link(target, inner) => linked.extend(self.link(&target, inner, span)),
                InlineKind::Reference(target) => linked.extend(self.reference(&target, span)),
                kind => linked.extend(self.inline(kind).map(|kind| Inline { span, kind })),
            }
        }
        linked
    }

    fn inline(&mut self, kind: InlineKind<Authored>) -> Option<InlineKind<Linked>> {
        Some(match kind {
            InlineKind::Text(text) => InlineKind::Text(text),
            InlineKind::Literal(text) => InlineKind::Literal(text),
            InlineKind::SoftBreak => InlineKind::SoftBreak,
            InlineKind::LineBreak => InlineKind::LineBreak,
            InlineKind::Emphasis(inner) => InlineKind::Emphasis(self.inlines(inner)),
            InlineKind::Strong(inner) => InlineKind::Strong(self.inlines(inner)),
            InlineKind::Strike(inner) => InlineKind::Strike(self.inlines(inner)),
            InlineKind::Super(inner) => InlineKind::Super(self.inlines(inner)),
            InlineKind::Sub(inner) => InlineKind::Sub(self.inlines(inner)),
            InlineKind::Code(text) => InlineKind::Code(text),
            InlineKind::Kbd(inner) => InlineKind::Kbd(self.inlines(inner)),
            InlineKind::Abbr(long, inner) => InlineKind::Abbr(long, self.inlines(inner)),
            InlineKind::Image(image) => match self.image(image) {
                Ok(image) => InlineKind::Image(image),
                Err(words) => InlineKind::Text(words?),
            },
            InlineKind::Lang(lang, inner) => {
                let around = std::mem::replace(&mut self.lang, lang.clone());
                let inner = self.inlines(inner);
                self.lang = around;
                InlineKind::Lang(lang, inner)
            }
            // `inlines` converts links; conditions have already been applied.
            InlineKind::Link(..) | InlineKind::Reference(_) | InlineKind::Only(..) => return None,
            InlineKind::Note(note) => {
                // A note is in the language of its section, even if it is referenced in a passage in another language.
                let around = std::mem::replace(&mut self.lang, self.section_lang.clone());
                let body = self.blocks(note.body);
                self.lang = around;
                InlineKind::Note(Note { number: note.number, call: note.call, body })
            }
        })
    }

    /// Converts a link. In a lenient build, the words of a dead link are kept.
    fn link(&mut self, target: &AuthoredTarget, inner: Vec<Inline<Authored>>, span: Span) -> Vec<Inline<Linked>> {
        let count = inner.len();
        let inner = self.inlines(inner);
        let Some(resolved) = self.resolver.target(target, &self.lang, self.found) else {
            return if self.resolver.scope.strictness.is_lenient() { inner } else { Vec::new() };
        };
        // If an inline was omitted, its error has already been reported.
        if inner.len() == count && !has_accessible_name(&inner) {
            let unnamed = Diagnostic::new(code::ALT, "this link is an image without alternative text").at(target.span);
            let unnamed = unnamed.hint("name the target of the link: add text beside the image, or an alternative text");
            self.found.push(self.resolver.scope.strictness.soften(unnamed, "the image is kept without a link"));
            return if self.resolver.scope.strictness.is_lenient() { inner } else { Vec::new() };
        }
        vec![Inline { span, kind: InlineKind::Link(resolved, inner) }]
    }

    /// Converts a link without words. In a lenient build, the target of a dead link is printed as text.
    fn reference(&mut self, target: &AuthoredTarget, span: Span) -> Option<Inline<Linked>> {
        let kind = match self.resolver.reference(target, &self.lang, self.found) {
            Some(target) => InlineKind::Reference(target),
            None if self.resolver.scope.strictness.is_lenient() && !target.text.trim().is_empty() => {
                InlineKind::Code(target.text.trim().to_owned())
            }
            None => return None,
        };
        Some(Inline { span, kind })
    }

    /// Adds a claim for a quotation that has a source or licence.
    fn quotation(&mut self, source: &Attribution, body: &[Block<Linked>], span: Span) {
        if source.words.is_none() && source.licence.is_none() {
            return;
        }
        let first = body.iter().find_map(|block| match &block.kind {
            BlockKind::Paragraph(text) => Some(plain_text(text)),
            _ => None,
        });
        let terms = match &source.licence {
            None => None,
            Some(words) => match licence::terms(words, self.resolver.scope.language.tag, Some(span), self.found) {
                None => return,
                terms => terms,
            },
        };
        self.claims.add(Claim {
            kind: ClaimKind::Quotation,
            name: first.unwrap_or_default(),
            credit: source.words.clone(),
            source: source.url.clone(),
            date: source.date.clone().filter(|_| source.line() != source.words),
            asset: None,
            terms,
            span,
        });
    }
}
