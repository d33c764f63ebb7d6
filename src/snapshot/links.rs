//! The links and the resources of an edition.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{
    Block, BlockKind, Image, Inline, InlineKind, Linked, ModelNode, ResourceCard, Target, plain_text, visit, visit_inlines,
    visit_run,
};
use crate::resolve::Resolved;

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
        let id = section.id.as_str();
        visit_run(&section.lead, &mut |inline| links.extend(link(id, inline)));
        visit_inlines(&section.body, &mut |inline| links.extend(link(id, inline)));
        visit(&section.body, &mut |node| {
            if let ModelNode::Block(block) = node {
                match &block.kind {
                    BlockKind::Resources(group) => resources.extend(group.cards.iter().map(|card| resource(id, card))),
                    BlockKind::Video { url, title } => {
                        links.push(LinkSnapshot { section: id.to_owned(), text: title.clone(), target: url.clone() });
                    }
                    BlockKind::Figure(Image { link: Some(link), alt, .. }) => {
                        let text = alt.clone().unwrap_or_default();
                        links.push(LinkSnapshot { section: id.to_owned(), text, target: target(link) });
                    }
                    _ => links.extend(origin(id, block)),
                }
            }
        });
    }
    (links, resources)
}

fn link(section: &str, inline: &Inline<Linked>) -> Option<LinkSnapshot> {
    let (address, text) = match &inline.kind {
        InlineKind::Link(address, _, inner) => (address, plain_text(inner)),
        InlineKind::Reference(address) => (address, address.name()),
        _ => return None,
    };
    Some(LinkSnapshot { section: section.to_owned(), text, target: target(address) })
}

/// Returns the link of a quotation to its source.
fn origin(section: &str, block: &Block<Linked>) -> Option<LinkSnapshot> {
    let BlockKind::Epigraph { source, .. } = &block.kind else { return None };
    let text = source.line().unwrap_or_default();
    Some(LinkSnapshot { section: section.to_owned(), text, target: source.url.clone()? })
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
