//! Pages without their running heads and feet.

use typst::foundations::StyleChain;
use typst::introspection::{Location, Tag};
use typst::layout::{Frame, FrameItem, GroupItem};
use typst::pdf::{ArtifactElem, ArtifactKind};
use typst_layout::Page;

/// Returns a copy of a page without the headers and footers that repeat on each page: running heads and folios.
pub fn without_running_heads(page: &Page) -> Page {
    let mut filter = Filter::default();
    Page { frame: filter.frame(&page.frame), ..page.clone() }
}

/// Copies frames without the items inside headers and footers.
#[derive(Default)]
struct Filter {
    /// The headers and footers that contain the current item.
    open: Vec<Location>,
}

impl Filter {
    fn frame(&mut self, frame: &Frame) -> Frame {
        let mut kept = Frame::new(frame.size(), frame.kind());
        for (at, item) in frame.items() {
            match item {
                FrameItem::Tag(tag) => self.tag(tag),
                FrameItem::Group(group) => {
                    let inner = self.frame(&group.frame);
                    kept.push(*at, FrameItem::Group(GroupItem { frame: inner, ..group.clone() }));
                }
                _ if self.open.is_empty() => kept.push(*at, item.clone()),
                _ => {}
            }
        }
        kept
    }

    fn tag(&mut self, tag: &Tag) {
        match tag {
            Tag::Start(element, _) => {
                let artifact = element.to_packed::<ArtifactElem>().map(|artifact| artifact.kind.get(StyleChain::default()));
                if matches!(artifact, Some(ArtifactKind::Header | ArtifactKind::Footer)) {
                    self.open.extend(element.location());
                }
            }
            Tag::End(location, ..) => self.open.retain(|open| open != location),
        }
    }
}
