//! The properties of the content of an edition that decide its accessibility metadata.

use crate::model::{Block, BlockKind, Image, InlineKind, Linked, ModelNode, visit, visit_run};
use crate::resolve::Resolved;

/// The properties of the content of an edition that decide its accessibility features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    /// Whether there are sections.
    pub sections: bool,
    /// Whether an image conveys information. The cover does not count: it repeats the title.
    pub images: bool,
    /// Whether any of these images is not a logo.
    pub pictures: bool,
    /// Whether no alternative text is the placeholder for a missing one.
    pub described: bool,
    /// Whether an image may be animated.
    pub animated: bool,
    /// Whether headings start below the title of the section and skip no level.
    pub ordered_headings: bool,
}

impl Content {
    /// Determines the properties of the content of an edition.
    pub fn of(edition: &Resolved) -> Self {
        let mut content = Self {
            sections: !edition.sections.is_empty(),
            images: false,
            pictures: false,
            described: true,
            animated: false,
            ordered_headings: true,
        };
        for section in &edition.sections {
            let mut level = 1;
            visit(&section.body, &mut |node| match node {
                ModelNode::Block(block) => content.block(edition, block, &mut level),
                ModelNode::Text(text) | ModelNode::Title(text) => visit_run(text, &mut |inline| {
                    if let InlineKind::Image(image) = &inline.kind {
                        content.image(edition, image);
                    }
                }),
            });
            visit_run(&section.lead, &mut |inline| {
                if let InlineKind::Image(image) = &inline.kind {
                    content.image(edition, image);
                }
            });
        }
        content
    }

    fn block(&mut self, edition: &Resolved, block: &Block<Linked>, level: &mut u8) {
        match &block.kind {
            BlockKind::Figure(image) => self.image(edition, image),
            BlockKind::Heading { level: own, .. } => {
                self.ordered_headings &= *own <= level.saturating_add(1);
                *level = *own;
            }
            BlockKind::Credits => {
                let parties = edition.credits.iter().flat_map(|credit| &credit.parties);
                for (asset, _) in parties.filter_map(|party| party.logo.as_ref()) {
                    self.images = true;
                    self.animated |= may_be_animated(edition, *asset);
                }
            }
            _ => {}
        }
    }

    fn image(&mut self, edition: &Resolved, image: &Image) {
        self.animated |= may_be_animated(edition, image.asset);
        if let Some(alt) = &image.alt {
            self.images = true;
            self.pictures = true;
            self.described &= alt != edition.language.terms.undescribed;
        }
    }
}

fn may_be_animated(edition: &Resolved, asset: usize) -> bool {
    edition.assets.get(asset).is_some_and(crate::resolve::Asset::may_be_animated)
}
