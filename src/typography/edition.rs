//! Applies the rules to every text of an edition, in its language. Ids, addresses, codes and file names are not changed.

use std::convert::Infallible;

use rayon::prelude::*;

use super::run::{Run, same_language};
use super::{Change, Log, Style, rules, string};
use crate::diagnostic::Span;
use crate::model::{
    Block, BlockKind, Fold, Image, Inline, InlineKind, Linked, LinkedResources, PageBreak, PublicationTarget, Target,
    TextLanguage, Title, fold_inline,
};
use crate::resolve::{Item, ItemKind, Party, Resolved, Section, Terms};

/// Applies the rules of its language to an edition in place. Returns the changes if `record` is set, and an empty list otherwise.
pub fn set(edition: &mut Resolved, record: bool) -> Vec<Change> {
    let own = edition.language.tag;
    let style = Style::of(edition.guillemet_space);
    let setter = || Setter::new(own, style, record);
    let mut front = setter();
    front.front(edition);
    let sections = edition.sections.par_iter_mut().map(|section| {
        let mut setter = setter();
        setter.section(section);
        setter.log.changes()
    });
    let sections: Vec<Vec<Change>> = sections.collect();
    front.log.changes().into_iter().chain(sections.into_iter().flatten()).collect()
}

/// Applies the rules to a run of inlines and to the texts inside it.
#[cfg(test)]
pub fn set_line(inlines: &mut Vec<Inline<Linked>>, language: &'static str) {
    let mut setter = Setter::new(language, Style::default(), false);
    *inlines = setter.line(std::mem::take(inlines));
}

struct Setter {
    /// Language of the publication.
    own: &'static str,
    language: TextLanguage,
    /// Whether inlines have the locations of their characters in the sources.
    located: bool,
    style: Style,
    log: Log,
}

impl Setter {
    fn new(own: &'static str, style: Style, record: bool) -> Self {
        Self { own, language: TextLanguage::of_section(own), located: true, style, log: Log::new(record) }
    }

    fn text(&mut self, text: &mut String, language: &str, span: Option<Span>) {
        if let Some(set) = string(text, language, &self.style, false, span, &mut self.log) {
            *text = set;
        }
    }

    fn texts<'t>(&mut self, texts: impl IntoIterator<Item = &'t mut String>, language: &str, span: Option<Span>) {
        texts.into_iter().for_each(|text| self.text(text, language, span));
    }

    /// Applies the rules for names: apostrophes, and no-break spaces next to titles and numbers.
    fn name(&mut self, name: &mut String) {
        if let Some(set) = string(name, self.own, &self.style, true, None, &mut self.log) {
            *name = set;
        }
    }

    fn names<'t>(&mut self, names: impl IntoIterator<Item = &'t mut String>) {
        names.into_iter().for_each(|name| self.name(name));
    }

    fn party(&mut self, party: &mut Party) {
        self.name(&mut party.name);
        self.names(&mut party.sort);
        self.names(&mut party.affiliation);
        self.names(&mut party.wordmark);
        self.names(party.logo.as_mut().map(|(_, alt)| alt));
    }

    fn front(&mut self, edition: &mut Resolved) {
        let own = self.own;
        self.text(&mut edition.title, own, None);
        self.texts(&mut edition.subtitle, own, None);
        self.texts(&mut edition.description, own, None);
        self.texts(&mut edition.keywords, own, None);
        self.texts(&mut edition.period, own, None);
        self.texts(&mut edition.series, own, None);
        self.texts(edition.print.cover.text.iter_mut().chain(&mut edition.print.cover.price), own, None);
        self.text(&mut edition.edition.date_label, own, None);
        self.texts(&mut edition.edition.label, own, None);
        if let Some(changes) = &mut edition.edition.changes {
            self.text(&mut changes.label, own, None);
            self.texts(&mut changes.items, own, None);
        }
        if let Some(erratum) = &mut edition.edition.erratum {
            self.text(&mut erratum.label, own, None);
            self.texts(&mut erratum.items, own, None);
        }
        let words = edition.sources.iter_mut().flatten().filter(|words| words.url.is_none());
        self.texts(words.map(|words| &mut words.text), own, None);
        self.text(&mut edition.notice.licence.name, own, None);
        self.text(&mut edition.notice.statement, own, None);
        self.names(&mut edition.notice.licensor);
        edition.ledger.items.iter_mut().for_each(|item| self.item(item));
        edition.publisher.iter_mut().for_each(|party| self.party(party));
        for credit in &mut edition.credits {
            self.text(&mut credit.label, own, None);
            credit.parties.iter_mut().for_each(|party| self.party(party));
        }
    }

    /// Applies the rules to the texts of a ledger item. Names of fonts and addresses are not changed.
    fn item(&mut self, item: &mut Item) {
        let own = self.own;
        if item.kind != ItemKind::Font {
            self.text(&mut item.what, own, None);
        }
        self.names(&mut item.credit);
        self.texts(&mut item.date, own, None);
        self.texts(&mut item.note, own, None);
        self.texts(item.source.as_mut().filter(|source| !source.contains("://")), own, None);
        match &mut item.terms {
            Some(Terms::Licence(licence)) => self.texts([&mut licence.name, &mut licence.short], own, None),
            Some(Terms::Words(words)) => self.text(words, own, None),
            None => {}
        }
    }

    fn section(&mut self, section: &mut Section) {
        self.language = TextLanguage::of_section(section.lang.as_deref().unwrap_or(self.own));
        for line in [&mut section.title, &mut section.nav, &mut section.lead] {
            *line = self.line(std::mem::take(line));
        }
        section.body = self.blocks(std::mem::take(&mut section.body));
    }

    /// Applies the rules to a run, across its markup. Nested texts in other languages are already processed and serve only as
    /// context.
    fn run(&mut self, inlines: &mut Vec<Inline<Linked>>, language: &str) {
        let Some(rules) = rules(language) else { return };
        let mut run = Run::of_inlines(inlines, language, self.located);
        if run.apply(rules.iter(), &self.style, &mut self.log) {
            run.scatter(inlines, language);
        }
    }

    /// Applies the rules to the title of a target, in its language. Its inlines have the location of the link.
    fn title(&mut self, title: &mut Title) {
        let around = std::mem::replace(&mut self.language, TextLanguage::of_section(&title.lang));
        let located = std::mem::replace(&mut self.located, false);
        title.text = self.line(std::mem::take(&mut title.text));
        (self.language, self.located) = (around, located);
    }

    /// Applies the rules to the titles in a target, so that they equal the titles shown at the target.
    fn target(&mut self, target: &mut Target) {
        match target {
            Target::Internal { title: place, .. } => self.title(place),
            Target::Publication(PublicationTarget { anchor, title: publication, .. }) => {
                anchor.iter_mut().for_each(|anchor| self.title(&mut anchor.title));
                self.title(publication);
            }
            Target::External(_) => {}
        }
    }

    fn set_image(&mut self, image: &mut Image, span: Span) {
        let language = self.language.tag();
        self.texts(&mut image.alt, &language, Some(span));
        image.caption = self.line(std::mem::take(&mut image.caption));
        self.texts(&mut image.credit, &language, Some(span));
    }
}

impl Fold for Setter {
    type From = Linked;
    type To = Linked;

    fn language(&mut self) -> Option<&mut TextLanguage> {
        Some(&mut self.language)
    }

    fn string(&mut self, mut text: String, span: Span) -> String {
        let language = self.language.tag();
        self.text(&mut text, &language, Some(span));
        text
    }

    /// Applies the rules to the texts inside a run, then to the run.
    fn line(&mut self, inlines: Vec<Inline<Linked>>) -> Vec<Inline<Linked>> {
        let mut inlines = self.inlines(inlines);
        let language = self.language.tag();
        self.run(&mut inlines, &language);
        inlines
    }

    fn inline(&mut self, inline: Inline<Linked>, out: &mut Vec<Inline<Linked>>) {
        fold_inline(self, inline, out);
        // Text in another language is a separate run.
        if let Some(Inline { kind: InlineKind::Lang(tag, inner), .. }) = out.last_mut()
            && !same_language(tag, &self.language.tag())
        {
            self.run(inner, tag);
        }
    }

    fn link(
        &mut self,
        mut target: Target,
        title: Option<String>,
        inner: Vec<Inline<Linked>>,
        span: Span,
        out: &mut Vec<Inline<Linked>>,
    ) {
        self.target(&mut target);
        let title = title.map(|title| self.string(title, span));
        let inner = self.inlines(inner);
        out.push(Inline { span, kind: InlineKind::Link(target, title, inner) });
    }

    fn reference(&mut self, mut target: Target, _: Span) -> Option<InlineKind<Linked>> {
        self.target(&mut target);
        Some(InlineKind::Reference(target))
    }

    fn figure(&mut self, mut image: Image, span: Span) -> Option<BlockKind<Linked>> {
        self.set_image(&mut image, span);
        image.link.iter_mut().for_each(|target| self.target(target));
        Some(BlockKind::Figure(image))
    }

    fn image(&mut self, mut image: Image, span: Span) -> Option<InlineKind<Linked>> {
        self.set_image(&mut image, span);
        Some(InlineKind::Image(image))
    }

    /// Applies the rules to resources, in the language of the publication.
    fn resources(&mut self, mut group: LinkedResources, span: Span) -> Option<LinkedResources> {
        let (own, span) = (self.own, Some(span));
        self.texts(group.badge.as_mut().map(|badge| &mut badge.label), own, span);
        for card in &mut group.cards {
            self.text(&mut card.title, own, span);
            self.texts(&mut card.subtitle, own, span);
            self.texts(&mut card.kind, own, span);
            self.texts(card.badge.as_mut().map(|badge| &mut badge.label), own, span);
            self.text(&mut card.alt, own, span);
            self.texts(&mut card.statement, own, span);
            card.target.iter_mut().for_each(|target| self.target(target));
        }
        Some(group)
    }

    fn id(&mut self, id: Option<String>) -> Option<String> {
        id
    }

    fn only_blocks(&mut self, never: Infallible, _: Vec<Block<Linked>>, _: &mut Vec<Block<Linked>>) {
        match never {}
    }

    fn only_inlines(&mut self, never: Infallible, _: Vec<Inline<Linked>>, _: &mut Vec<Inline<Linked>>) {
        match never {}
    }

    fn page_break(&mut self, start: PageBreak) -> PageBreak {
        start
    }
}
