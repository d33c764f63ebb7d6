//! Links in print: a link that is underlined on screen is printed like the text around it.

use std::collections::BTreeMap;
use std::mem;

use typst::foundations::Content;
use typst::introspection::{Location, Tag};
use typst::layout::{Abs, Frame, FrameItem, GridCell, GroupItem, Inherit, Point};
use typst::model::{FigureCaption, HeadingElem, LinkMarker, ParElem, TableCell};
use typst::pdf::ArtifactElem;
use typst::visualize::{Color, Geometry, Paint};
use typst_layout::Page;

use crate::icc::byte;
use crate::model::Colour;

/// Returns the pages with underlined links in the colour of their paragraphs and without their lines. Positions do not change.
/// Links without a line, such as rows of a table of contents, keep their appearance.
///
/// A link without other text in its paragraph gets the colour `foreground` of the brand, unless that could reduce the contrast.
pub fn plain_links(pages: &[Page], foreground: [u8; 3]) -> Vec<Page> {
    let mut walk = UnderlineWalk::default();
    for page in pages {
        walk.pages.push(BTreeMap::new());
        walk.item = 0;
        walk.frame(&page.frame);
    }
    let looks: Vec<Option<Paint>> = walk.links.into_iter().map(|link| link.look(foreground)).collect();
    let changed = pages.iter().zip(walk.pages).map(|(page, found)| {
        let changes: BTreeMap<usize, ItemChange> =
            found.iter().filter_map(|(at, part)| Some((*at, part.change(&looks)?))).collect();
        let mut page = page.clone();
        if !changes.is_empty() {
            apply(&mut page.frame, &changes, &mut 0);
        }
        page
    });
    changed.collect()
}

/// An item that is part of a link, with the index of the link.
#[derive(Clone, Copy)]
enum UnderlinedPart {
    Text(usize),
    Underline(usize),
}

impl UnderlinedPart {
    /// Returns the change of the item; `None` if it does not change.
    fn change(self, looks: &[Option<Paint>]) -> Option<ItemChange> {
        let look = |link: usize| looks.get(link).and_then(Option::as_ref);
        match self {
            Self::Text(link) => look(link).cloned().map(ItemChange::Fill),
            Self::Underline(link) => look(link).map(|_| ItemChange::Drop),
        }
    }
}

/// A change of an item of a frame.
enum ItemChange {
    Fill(Paint),
    Drop,
}

/// A link that the walk has found.
#[derive(Default)]
struct FoundLink {
    /// The paint of its first text.
    own: Option<Paint>,
    /// The paint of the text around it, in its paragraph.
    around: Option<Paint>,
    is_underlined: bool,
}

impl FoundLink {
    /// Returns the paint of its text in print; `None` if the link keeps its appearance.
    fn look(self, foreground: [u8; 3]) -> Option<Paint> {
        let own = self.own.filter(|_| self.is_underlined)?;
        self.around.or_else(|| is_darker_or_lighter(foreground, &own).then(|| solid(foreground))).or(Some(own))
    }
}

fn solid([red, green, blue]: [u8; 3]) -> Paint {
    Color::from_u8(red, green, blue, 255).into()
}

/// Luminance of a colour with the same contrast to black and to white (WCAG 2.2).
const MIDDLE: f64 = 0.179;

/// Returns whether a colour is at least as dark as a dark paint, or at least as light as a light one. Its contrast with the
/// background, which is not known, is then at least as high.
fn is_darker_or_lighter(colour: [u8; 3], paint: &Paint) -> bool {
    let Paint::Solid(paint) = paint else { return false };
    let rgb = paint.to_rgb();
    let own = Colour::screen([rgb.red, rgb.green, rgb.blue].map(byte)).luminance();
    let other = Colour::screen(colour).luminance();
    if own < MIDDLE { other <= own } else { other >= own }
}

/// An open element.
#[derive(Clone, Copy)]
enum OpenPart {
    /// A link, by its index.
    Link(usize),
    /// An artifact, such as a running head between the two parts of a link. Its text belongs to no link.
    Artifact,
    /// A paragraph, a cell, a heading or a caption.
    Block,
}

#[derive(Default)]
struct UnderlineWalk {
    links: Vec<FoundLink>,
    open: Vec<(Location, OpenPart)>,
    /// The paint of the last text outside links, with the block that contains it.
    last: Option<(Location, Paint)>,
    /// Links in a block that has no other text so far, each with the block.
    waiting: Vec<(Location, usize)>,
    /// The parts of links on each page, by the position of the item among all items of the page.
    pages: Vec<BTreeMap<usize, UnderlinedPart>>,
    /// Number of items on this page before the current one.
    item: usize,
}

impl UnderlineWalk {
    fn frame(&mut self, frame: &Frame) {
        let baselines: Vec<Abs> =
            frame.items().filter(|(_, item)| matches!(item, FrameItem::Text(_))).map(|(at, _)| at.y).collect();
        for (at, item) in frame.items() {
            let position = self.item;
            self.item += 1;
            match item {
                FrameItem::Group(group) => self.group(group),
                FrameItem::Text(text) => self.text(position, &text.fill),
                FrameItem::Shape(shape, span) => {
                    let is_level = matches!(shape.geometry, Geometry::Line(end) if end.y.to_pt().abs() < 0.01);
                    if is_level && span.is_detached() && is_below_text(*at, &baselines) {
                        self.underline(position);
                    }
                }
                FrameItem::Tag(Tag::Start(element, _)) => self.start(element),
                FrameItem::Tag(Tag::End(location, ..)) => {
                    if let Some(at) = self.open.iter().rposition(|(open, _)| open == location) {
                        self.open.truncate(at);
                    }
                }
                FrameItem::Link(..) | FrameItem::Image(..) => {}
            }
        }
    }

    fn group(&mut self, group: &GroupItem) {
        // A footnote is drawn at the end of its page, so the elements that are open there do not contain it.
        let note_here = group.parent.is_some_and(|parent| matches!(parent.inherit, Inherit::No));
        let outside = if note_here { mem::take(&mut self.open) } else { Vec::new() };
        self.frame(&group.frame);
        if note_here {
            self.open = outside;
        }
    }

    fn start(&mut self, element: &Content) {
        let Some(location) = element.location() else { return };
        let is_block = element.is::<ParElem>()
            || element.is::<GridCell>()
            || element.is::<TableCell>()
            || element.is::<HeadingElem>()
            || element.is::<FigureCaption>();
        if element.is::<LinkMarker>() {
            let around = self.last.as_ref().filter(|(block, _)| Some(*block) == self.block()).map(|(_, paint)| paint.clone());
            let link = self.links.len();
            if around.is_none() {
                self.waiting.extend(self.block().map(|block| (block, link)));
            }
            self.links.push(FoundLink { around, ..FoundLink::default() });
            self.open.push((location, OpenPart::Link(link)));
        } else if element.is::<ArtifactElem>() {
            self.open.push((location, OpenPart::Artifact));
        } else if is_block {
            self.open.push((location, OpenPart::Block));
        }
    }

    /// Returns the innermost open paragraph, cell, heading or caption.
    fn block(&self) -> Option<Location> {
        self.open.iter().rev().find(|(_, part)| matches!(part, OpenPart::Block)).map(|(location, _)| *location)
    }

    /// Returns the innermost open link, unless an artifact is open inside it.
    fn link(&self) -> Option<usize> {
        let inner = self.open.iter().rev().find(|(_, part)| !matches!(part, OpenPart::Block));
        match inner?.1 {
            OpenPart::Link(link) => Some(link),
            OpenPart::Artifact | OpenPart::Block => None,
        }
    }

    fn add(&mut self, position: usize, part: UnderlinedPart) {
        if let Some(parts) = self.pages.last_mut() {
            parts.insert(position, part);
        }
    }

    fn text(&mut self, position: usize, paint: &Paint) {
        if let Some(link) = self.link() {
            self.add(position, UnderlinedPart::Text(link));
            if let Some(link) = self.links.get_mut(link) {
                link.own.get_or_insert_with(|| paint.clone());
            }
            return;
        }
        let Some(block) = self.block() else { return };
        for (_, link) in self.waiting.extract_if(.., |(waiting, _)| *waiting == block) {
            if let Some(link) = self.links.get_mut(link) {
                link.around = Some(paint.clone());
            }
        }
        self.last = Some((block, paint.clone()));
    }

    fn underline(&mut self, position: usize) {
        if let Some(link) = self.link() {
            self.add(position, UnderlinedPart::Underline(link));
            if let Some(link) = self.links.get_mut(link) {
                link.is_underlined = true;
            }
        }
    }
}

/// Returns whether a line is at or below the baseline of the nearest text of its frame. Lines above it strike the text through.
fn is_below_text(at: Point, baselines: &[Abs]) -> bool {
    let distance = |baseline: &Abs| (at.y - *baseline).abs();
    let nearest = baselines.iter().min_by(|a, b| distance(a).cmp(&distance(b)));
    nearest.is_some_and(|baseline| at.y >= *baseline)
}

/// Changes the items of a frame. `next` is the position of its first item among all items of the page.
fn apply(frame: &mut Frame, changes: &BTreeMap<usize, ItemChange>, next: &mut usize) {
    frame.retain(|item| {
        let change = changes.get(next);
        *next += 1;
        match item {
            FrameItem::Group(group) => apply(&mut group.frame, changes, next),
            FrameItem::Text(text) => {
                if let Some(ItemChange::Fill(paint)) = change {
                    text.fill = paint.clone();
                }
            }
            FrameItem::Shape(..) | FrameItem::Image(..) | FrameItem::Link(..) | FrameItem::Tag(_) => {}
        }
        !matches!(change, Some(ItemChange::Drop))
    });
}
