//! The links and the resources of an edition.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::languages::{LanguageText, whole_language};
use crate::diagnostic::Span;
use crate::model::{
    Block, BlockKind, Image, Inline, InlineKind, Linked, ModelNode, ResourceCard, Target, visit, visit_inlines, visit_run,
};
use crate::resolve::{Resolved, Section};

/// A link of the text.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct LinkSnapshot {
    /// Id of the section that contains it.
    pub section: String,
    /// Its visible text.
    pub text: String,
    /// Its target: an address, `#id` in the publication, or the file of another publication with `#id`.
    pub target: String,
    /// Language of its text, if it is not the language of the publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
}

/// A resource that the text shows.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ResourceSnapshot {
    /// Its id.
    pub id: String,
    /// Id of the section that shows it.
    pub section: String,
    /// Title.
    pub title: String,
    /// Its target, like the target of a link; `None` if it is not online.
    pub target: Option<String>,
}

/// Returns the links and the resources of an edition, in reading order.
pub fn links(edition: &Resolved) -> (Vec<LinkSnapshot>, Vec<ResourceSnapshot>) {
    let (mut links, mut resources) = (Vec::new(), Vec::new());
    for section in &edition.sections {
        let list = SectionLinks { section, own: edition.language.tag, passages: passages(section) };
        visit_run(&section.lead, &mut |inline| links.extend(list.inline(inline)));
        visit_inlines(&section.body, &mut |inline| links.extend(list.inline(inline)));
        visit(&section.body, &mut |node| {
            if let ModelNode::Block(block) = node {
                if let BlockKind::Resources(group) = &block.kind {
                    resources.extend(group.cards.iter().map(|card| resource(&section.id, card)));
                }
                links.extend(list.block(block));
            }
        });
    }
    (links, resources)
}

/// Returns the location and the language of each passage and word of a section that is marked with a language.
fn passages(section: &Section) -> Vec<(Span, String)> {
    let mut passages = Vec::new();
    visit(&section.body, &mut |node| {
        if let ModelNode::Block(Block { kind: BlockKind::Passage(lang, _), span, .. }) = node {
            passages.push((*span, lang.clone()));
        }
    });
    visit_inlines(&section.body, &mut |inline| {
        if let InlineKind::Lang(lang, _) = &inline.kind {
            passages.push((inline.span, lang.clone()));
        }
    });
    passages
}

/// The links of a section.
struct SectionLinks<'a> {
    section: &'a Section,
    /// Language of the publication.
    own: &'a str,
    /// The passages in other languages, outer ones before inner ones.
    passages: Vec<(Span, String)>,
}

impl SectionLinks<'_> {
    fn inline(&self, inline: &Inline<Linked>) -> Option<LinkSnapshot> {
        let (address, mut inner) = match &inline.kind {
            InlineKind::Link(address, _, inner) => (address, inner.as_slice()),
            InlineKind::Reference(address) => (address, std::slice::from_ref(inline)),
            _ => return None,
        };
        // If all words of a link are marked with one language, it is the language of the link.
        let mut lang = self.language(inline.span);
        if let [Inline { kind: InlineKind::Lang(tag, words), .. }] = inner {
            (lang, inner) = (Some(tag.as_str()).filter(|tag| *tag != self.own), words);
        }
        let mut text = LanguageText::default();
        text.run(inner, lang, self.own);
        Some(self.link(text, target(address)))
    }

    /// Returns the link of a video or a figure, and of a quotation to its source.
    fn block(&self, block: &Block<Linked>) -> Option<LinkSnapshot> {
        let (text, target) = match &block.kind {
            BlockKind::Video { url, title } => (title.clone(), url.clone()),
            BlockKind::Figure(Image { link: Some(link), alt, .. }) => (alt.clone().unwrap_or_default(), target(link)),
            BlockKind::Epigraph { source, .. } => (source.line().unwrap_or_default(), source.url.clone()?),
            _ => return None,
        };
        let mut own = LanguageText::default();
        own.push(&text, self.language(block.span));
        Some(self.link(own, target))
    }

    fn link(&self, text: LanguageText, target: String) -> LinkSnapshot {
        let lang = whole_language(&text.text, &text.languages).map(str::to_owned);
        LinkSnapshot { section: self.section.id.clone(), text: text.text, target, lang }
    }

    /// Returns the language of a location, if it differs from that of the publication.
    fn language(&self, place: Span) -> Option<&str> {
        let contains = |outer: &Span| outer.source == place.source && outer.start <= place.start && place.end <= outer.end;
        let passage = self.passages.iter().rev().find(|(span, _)| contains(span)).map(|(_, lang)| lang.as_str());
        passage.or(self.section.lang.as_deref()).filter(|lang| *lang != self.own)
    }
}

fn resource(section: &str, card: &ResourceCard) -> ResourceSnapshot {
    let (id, title, target) = (card.id.clone(), card.title.clone(), card.target.as_ref().map(target));
    ResourceSnapshot { id, section: section.to_owned(), title, target }
}

fn target(target: &Target) -> String {
    match target {
        Target::Internal { id, .. } => format!("#{id}"),
        Target::External(address) => address.clone(),
        Target::Publication(elsewhere) => {
            let file = elsewhere.published.as_ref().unwrap_or(&elsewhere.file);
            elsewhere.anchor.as_ref().map_or_else(|| file.clone(), |anchor| format!("{file}#{}", anchor.id))
        }
    }
}
