//! Conversion of authored content to linked content.

use std::convert::Infallible;
use std::sync::Arc;

use super::LinkedSection;
use super::claim::{Claim, ClaimKind, Claims};
use super::images::{EditionImages, ResolvedImage};
use super::links::LinkResolver;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::manifest::page_address;
use crate::model::{
    Attribution, Authored, AuthoredImage, AuthoredResources, AuthoredSection, AuthoredTarget, Block, BlockKind, Condition, Fold,
    Image, Inline, InlineKind, Linked, LinkedResources, PageBreak, TextLanguage, fold_block, has_accessible_name, label,
    plain_text,
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
    /// Language of the current text.
    language: TextLanguage,
    /// The diagnostics.
    found: &'a mut Diagnostics,
}

impl<'a> Linker<'a> {
    /// Creates a linker. `images` and `claims` already contain the logos.
    pub fn new(resolver: LinkResolver<'a>, images: EditionImages<'a>, claims: Claims, found: &'a mut Diagnostics) -> Self {
        let language = TextLanguage::of_section(resolver.scope.language.tag);
        Self { resolver, images, claims, language, found }
    }

    /// Creates the versions of images for screens.
    pub fn convert_images(&mut self) {
        self.images.convert(self.found);
    }

    /// Converts a section.
    pub fn section(&mut self, section: AuthoredSection) -> LinkedSection {
        self.language = TextLanguage::of_section(section.lang.as_deref().unwrap_or(self.resolver.scope.language.tag));
        let title = self.line(section.title);
        let nav = section.nav.map_or_else(|| title.clone(), |nav| self.line(nav));
        LinkedSection {
            id: section.id,
            nav: label(&nav),
            title,
            lead: self.line(section.lead),
            lang: section.lang,
            body: self.blocks(section.body),
        }
    }

    /// Converts an image. If it cannot be used, the error is the text that replaces it in a lenient build, otherwise `None`.
    fn resolved(&mut self, image: AuthoredImage) -> Result<Image, Option<Vec<Inline<Linked>>>> {
        let (span, written) = (image.span, image.caption.clone());
        let ResolvedImage { mut image, caption, mut claim } = match self.images.image(image, self.found) {
            Ok(resolved) => resolved,
            Err(words) => return Err(words.map(|words| self.stand_in(words, written, span))),
        };
        image.caption = self.line(caption);
        if !image.caption.is_empty() {
            claim.name = plain_text(&image.caption);
        }
        self.claims.add(claim);
        Ok(image)
    }

    /// Resolves the link of a figure.
    fn linked(&mut self, image: Image, link: Option<AuthoredTarget>) -> Image {
        let Some(target) = link else { return image };
        if image.alt.is_none() {
            self.unnamed(&target);
            return image;
        }
        Image { link: self.resolver.target(&target, &self.lang(), self.found), ..image }
    }

    /// Returns the text that replaces an image: its alternative text, and its caption in brackets.
    fn stand_in(&mut self, words: String, caption: Vec<Inline<Authored>>, span: Span) -> Vec<Inline<Linked>> {
        let text = |words: &str| Inline { span, kind: InlineKind::Text(words.to_owned()) };
        let caption = self.line(caption);
        if caption.is_empty() {
            return vec![text(&words)];
        }
        [text(&words), text(" (")].into_iter().chain(caption).chain([text(")")]).collect()
    }

    /// Returns the text that replaces a figure, with its link. A dead link is reported even if there is no text.
    fn placeholder(
        &mut self,
        words: Option<Vec<Inline<Linked>>>,
        link: Option<AuthoredTarget>,
        span: Span,
    ) -> Option<Vec<Inline<Linked>>> {
        let target = link.and_then(|target| self.resolver.target(&target, &self.lang(), self.found));
        let words = words?;
        Some(match target {
            Some(target) => vec![Inline { span, kind: InlineKind::Link(target, None, words) }],
            None => words,
        })
    }

    /// Reports a link that has no accessible name.
    fn unnamed(&mut self, target: &AuthoredTarget) {
        let unnamed = Diagnostic::new(code::ALT, "this link is an image without alternative text").at(target.span);
        let unnamed = unnamed.hint("name the target of the link: add text beside the image, or an alternative text");
        self.found.push(self.resolver.scope.strictness.soften(unnamed, "the image is kept without a link"));
    }

    /// Returns the tag of the language of the current text.
    fn lang(&self) -> Arc<str> {
        self.language.tag()
    }

    fn is_lenient(&self) -> bool {
        self.resolver.scope.strictness.is_lenient()
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

impl Fold for Linker<'_> {
    type From = Authored;
    type To = Linked;

    fn language(&mut self) -> Option<&mut TextLanguage> {
        Some(&mut self.language)
    }

    fn id(&mut self, id: Option<(String, Span)>) -> Option<String> {
        id.map(|(id, _)| id)
    }

    fn block(&mut self, block: Block<Authored>, out: &mut Vec<Block<Linked>>) {
        let Block { id, span, kind } = block;
        match kind {
            BlockKind::Video { url, title } => {
                let url = page_address(&url, "a video", span, self.found);
                out.extend(url.map(|url| Block { id: self.id(id), span, kind: BlockKind::Video { url, title } }));
            }
            kind => fold_block(self, Block { id, span, kind }, out),
        }
    }

    fn figure(&mut self, mut image: AuthoredImage, span: Span) -> Option<BlockKind<Linked>> {
        let link = image.link.take();
        Some(match self.resolved(image) {
            Ok(image) => BlockKind::Figure(self.linked(image, link)),
            Err(words) => BlockKind::Paragraph(self.placeholder(words, link, span)?),
        })
    }

    fn image(&mut self, image: AuthoredImage, _: Span) -> Option<InlineKind<Linked>> {
        Some(match self.resolved(image) {
            Ok(image) => InlineKind::Image(image),
            Err(words) => InlineKind::Text(plain_text(&words?)),
        })
    }

    fn resources(&mut self, group: AuthoredResources, _: Span) -> Option<LinkedResources> {
        Some(self.resolver.resources(&group, self.found))
    }

    fn epigraph(
        &mut self,
        source: Attribution,
        body: Vec<Block<Authored>>,
        span: Span,
    ) -> Option<(Attribution, Vec<Block<Linked>>)> {
        let body = self.blocks(body);
        self.quotation(&source, &body, span);
        Some((source, body))
    }

    /// Converts a link. In a lenient build, the words of a dead link are kept.
    fn link(
        &mut self,
        target: AuthoredTarget,
        title: Option<String>,
        inner: Vec<Inline<Authored>>,
        span: Span,
        out: &mut Vec<Inline<Linked>>,
    ) {
        let count = inner.len();
        let inner = self.inlines(inner);
        let Some(resolved) = self.resolver.target(&target, &self.lang(), self.found) else {
            return out.extend(inner.into_iter().filter(|_| self.is_lenient()));
        };
        // If an inline was omitted, its error has already been reported.
        if inner.len() == count && !has_accessible_name(&inner) {
            self.unnamed(&target);
            return out.extend(inner.into_iter().filter(|_| self.is_lenient()));
        }
        out.push(Inline { span, kind: InlineKind::Link(resolved, title, inner) });
    }

    /// Converts a link without words. In a lenient build, the target of a dead link is printed as text.
    fn reference(&mut self, target: AuthoredTarget, _: Span) -> Option<InlineKind<Linked>> {
        match self.resolver.reference(&target, &self.lang(), self.found) {
            Some(target) => Some(InlineKind::Reference(target)),
            None if self.is_lenient() && !target.text.trim().is_empty() => Some(InlineKind::Code(target.text.trim().to_owned())),
            None => None,
        }
    }

    // Conditions have already been applied.
    fn only_blocks(&mut self, _: Condition, _: Vec<Block<Authored>>, _: &mut Vec<Block<Linked>>) {}

    fn only_inlines(&mut self, _: Condition, _: Vec<Inline<Authored>>, _: &mut Vec<Inline<Linked>>) {}

    fn page_break(&mut self, never: Infallible) -> PageBreak {
        match never {}
    }
}
