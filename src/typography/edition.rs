//! Applies the rules to every text of an edition, in its language. Ids, addresses, codes and file names are not changed.

use rayon::prelude::*;

use super::run::{Run, same_language};
use super::{Change, Log, Style, rules, string};
use crate::diagnostic::Span;
use crate::model::{Block, BlockKind, Image, Inline, InlineKind, Linked, LinkedResources, PublicationTarget, Target, Title};
use crate::resolve::{Item, ItemKind, Party, Resolved, Section, Terms};

/// Applies the rules of its language to an edition in place. Returns the changes if `record` is set, and an empty list otherwise.
pub fn set(edition: &mut Resolved, record: bool) -> Vec<Change> {
    let own = edition.language.tag;
    let style = Style::of(edition.guillemet_space);
    let setter = || Setter { own, section: own.to_owned(), style, log: Log::new(record) };
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
    let mut setter = Setter { own: language, section: language.to_owned(), style: Style::default(), log: Log::default() };
    setter.line(inlines, language);
}

struct Setter {
    /// Language of the publication.
    own: &'static str,
    /// Language of the section, and of its notes, wherever they are referenced.
    section: String,
    style: Style,
    log: Log,
}

impl Setter {
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
        let language = section.lang.clone().unwrap_or_else(|| self.own.to_owned());
        self.section.clone_from(&language);
        self.text(&mut section.title, &language, None);
        self.text(&mut section.nav, &language, None);
        self.line(&mut section.lead, &language);
        self.blocks(&mut section.body, &language);
    }

    fn blocks(&mut self, blocks: &mut [Block<Linked>], language: &str) {
        blocks.iter_mut().for_each(|block| self.block(block, language));
    }

    fn block(&mut self, block: &mut Block<Linked>, language: &str) {
        let span = Some(block.span);
        match &mut block.kind {
            BlockKind::Paragraph(text) | BlockKind::Heading { text, .. } => self.line(text, language),
            BlockKind::List { items, .. } => items.iter_mut().for_each(|item| self.blocks(&mut item.body, language)),
            BlockKind::Definitions(items) => {
                for item in items {
                    self.line(&mut item.term, language);
                    item.details.iter_mut().for_each(|details| self.blocks(details, language));
                }
            }
            BlockKind::Table(table) => {
                self.line(&mut table.caption, language);
                let cells = table.header.iter_mut().chain(table.rows.iter_mut().flatten());
                cells.for_each(|cell| self.line(cell, language));
            }
            BlockKind::Figure(image) => self.image(image, language, span),
            BlockKind::Quote(body) => self.blocks(body, language),
            BlockKind::Callout { title, body, .. } | BlockKind::Aside { title, body } => {
                self.texts(title, language, span);
                self.blocks(body, language);
            }
            BlockKind::Details { summary, body, .. } => {
                self.line(summary, language);
                self.blocks(body, language);
            }
            BlockKind::Passage(tag, body) => {
                let tag = tag.clone();
                self.blocks(body, &tag);
            }
            BlockKind::Epigraph { source, body, .. } => {
                self.texts(&mut source.words, language, span);
                self.texts(&mut source.date, language, span);
                self.blocks(body, language);
            }
            BlockKind::Resources(group) => self.resources(group, span),
            BlockKind::Video { title, .. } => self.text(title, language, span),
            BlockKind::Code { .. }
            | BlockKind::Rule
            | BlockKind::Credits
            | BlockKind::Licence(_)
            | BlockKind::ImageCredits
            | BlockKind::Imprint
            | BlockKind::Changes
            | BlockKind::PageBreak(_) => {}
            BlockKind::Only(never, _) => match *never {},
        }
    }

    /// Applies the rules to the texts inside a run, then to the run, in which these texts serve as context.
    fn line(&mut self, inlines: &mut Vec<Inline<Linked>>, language: &str) {
        self.within(inlines, language);
        self.inlines(inlines, language);
    }

    /// Applies the rules to a run, across its markup.
    fn inlines(&mut self, inlines: &mut Vec<Inline<Linked>>, language: &str) {
        let Some(rules) = rules(language) else { return };
        let mut run = Run::of_inlines(inlines, language);
        if run.apply(rules.iter(), &self.style, &mut self.log) {
            run.scatter(inlines, language);
        }
    }

    /// Applies the rules to the texts inside a run that are not part of it: notes, images, other languages.
    fn within(&mut self, inlines: &mut [Inline<Linked>], language: &str) {
        for inline in inlines {
            let span = Some(inline.span);
            match &mut inline.kind {
                InlineKind::Lang(tag, inner) => {
                    self.within(inner, tag);
                    if !same_language(tag, language) {
                        self.inlines(inner, tag);
                    }
                }
                InlineKind::Link(target, inner) => {
                    self.target(target, span);
                    self.within(inner, language);
                }
                InlineKind::Reference(target) => self.target(target, span),
                InlineKind::Abbr(long, inner) => {
                    self.text(long, language, span);
                    self.within(inner, language);
                }
                InlineKind::Emphasis(inner)
                | InlineKind::Strong(inner)
                | InlineKind::Strike(inner)
                | InlineKind::Super(inner)
                | InlineKind::Sub(inner)
                | InlineKind::Kbd(inner) => self.within(inner, language),
                InlineKind::Note(note) => {
                    let language = self.section.clone();
                    self.blocks(&mut note.body, &language);
                }
                InlineKind::Image(image) => self.image(image, language, span),
                InlineKind::Only(never, _) => match *never {},
                InlineKind::Text(_)
                | InlineKind::Literal(_)
                | InlineKind::SoftBreak
                | InlineKind::LineBreak
                | InlineKind::Code(_)
                | InlineKind::PageBreak(_) => {}
            }
        }
    }

    /// Applies the rules to the titles of a target as to the original titles, in the language of the target.
    fn target(&mut self, target: &mut Target, span: Option<Span>) {
        let mut title = |title: &mut Title| self.text(&mut title.text, &title.lang, span);
        match target {
            Target::Internal { title: place, .. } => title(place),
            Target::Publication(PublicationTarget { anchor, title: publication, .. }) => {
                anchor.iter_mut().for_each(|anchor| title(&mut anchor.title));
                title(publication);
            }
            Target::External(_) => {}
        }
    }

    fn image(&mut self, image: &mut Image, language: &str, span: Option<Span>) {
        self.texts(&mut image.alt, language, span);
        self.texts(&mut image.caption, language, span);
        self.texts(&mut image.credit, language, span);
    }

    /// Applies the rules to resources, in the language of the publication.
    fn resources(&mut self, group: &mut LinkedResources, span: Option<Span>) {
        let own = self.own;
        self.texts(group.badge.as_mut().map(|badge| &mut badge.label), own, span);
        for card in &mut group.cards {
            self.text(&mut card.title, own, span);
            self.texts(&mut card.subtitle, own, span);
            self.texts(&mut card.kind, own, span);
            self.texts(card.badge.as_mut().map(|badge| &mut badge.label), own, span);
            self.text(&mut card.alt, own, span);
            self.texts(&mut card.statement, own, span);
            card.target.iter_mut().for_each(|target| self.target(target, span));
        }
    }
}
