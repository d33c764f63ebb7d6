//! The links on the pages with their visible text, from which the accessible names of the links in the PDF are derived.

use std::mem;

use typst::foundations::Value;
use typst::introspection::{Location, MetadataElem, Tag};
use typst::layout::{Abs, Frame, FrameItem, GridCell, GroupItem, Inherit, Point, Size, Transform};
use typst::model::{FigureElem, HeadingElem, LinkMarker, ParElem};
use typst::pdf::ArtifactElem;

use super::Paginated;
use super::bounds::Bounds;
use super::lines::{SAME_LINE, is_right_to_left};

/// A link on a page. A link that continues on another page becomes one for each page, with the same words.
#[derive(Clone, Debug, PartialEq)]
pub struct PageLink {
    /// Page, from 0.
    pub page: usize,
    /// The rectangle around all its lines on the page, in points from the upper left corner.
    pub bounds: Bounds,
    /// Its visible text; empty for an image.
    pub words: String,
    /// Its full name, if the layout sets one with `link-name`.
    pub name: Option<String>,
}

/// Label of the metadata element of `link-name` in `layouts/common/areas.typ`.
const NAME: &str = "reliure-name";

impl Paginated {
    /// Returns the links of all pages.
    pub fn links(&self) -> Vec<PageLink> {
        let mut walk = LinkWalk::default();
        for (page, laid_out) in self.document.pages().iter().enumerate() {
            walk.page = page;
            walk.frame(&laid_out.frame, Transform::identity());
        }
        walk.links.into_iter().flat_map(MarkedLink::on_pages).collect()
    }
}

/// A link element.
#[derive(Default)]
struct MarkedLink {
    words: LinkWords,
    name: Option<String>,
    /// The rectangle on each page.
    areas: Vec<(usize, Bounds)>,
}

impl MarkedLink {
    fn on_pages(self) -> impl Iterator<Item = PageLink> {
        let Self { words, name, areas } = self;
        let words = words.text();
        areas.into_iter().map(move |(page, bounds)| PageLink { page, bounds, words: words.clone(), name: name.clone() })
    }
}

/// The texts of a link, by line, in the order in which they are drawn.
#[derive(Default)]
struct LinkWords {
    lines: Vec<(f64, Vec<String>)>,
}

impl LinkWords {
    fn add(&mut self, baseline: f64, text: &str) {
        match self.lines.last_mut().filter(|(line, _)| (line - baseline).abs() < SAME_LINE) {
            Some((_, texts)) => texts.push(text.to_owned()),
            None => self.lines.push((baseline, vec![text.to_owned()])),
        }
    }

    /// Separates the words of two blocks.
    fn end_block(&mut self) {
        if !self.lines.is_empty() {
            self.lines.push((f64::INFINITY, vec![" ".to_owned()]));
        }
    }

    /// Returns the text in reading order. Texts of a line are drawn from left to right, even in scripts that are read from right
    /// to left.
    fn text(mut self) -> String {
        for (_, texts) in &mut self.lines {
            let is_rtl = |text: &String| is_right_to_left(text);
            if let (Some(first), Some(last)) = (texts.iter().position(is_rtl), texts.iter().rposition(is_rtl)) {
                texts.get_mut(first..=last).unwrap_or_default().reverse();
            }
        }
        self.lines.into_iter().flat_map(|(_, texts)| texts).collect()
    }
}

/// An open element that determines the link to which a text belongs.
#[derive(Clone, Copy)]
enum OpenElement {
    /// A link, by its index.
    Link(usize),
    /// An artifact, such as a running head between the two parts of a link. Its text belongs to no link.
    Artifact,
}

#[derive(Default)]
struct LinkWalk {
    page: usize,
    links: Vec<MarkedLink>,
    open: Vec<(Location, OpenElement)>,
}

impl LinkWalk {
    fn frame(&mut self, frame: &Frame, to_page: Transform) {
        for (at, item) in frame.items() {
            match item {
                FrameItem::Group(group) => self.group(group, *at, to_page),
                FrameItem::Text(text) => {
                    let baseline = Point::zero().transform(to_page.pre_concat(Transform::translate(at.x, at.y))).y.to_pt();
                    if let Some(link) = self.link() {
                        link.words.add(baseline, &text.text);
                    }
                }
                FrameItem::Link(_, size) => self.area(*at, *size, to_page),
                FrameItem::Tag(Tag::Start(element, _)) => self.start(element),
                FrameItem::Tag(Tag::End(location, ..)) => {
                    if let Some(at) = self.open.iter().rposition(|(open, _)| open == location) {
                        self.open.truncate(at);
                    }
                }
                FrameItem::Shape(..) | FrameItem::Image(..) => {}
            }
        }
    }

    fn group(&mut self, group: &GroupItem, at: Point, to_page: Transform) {
        let to_page = to_page.pre_concat(Transform::translate(at.x, at.y)).pre_concat(group.transform);
        // A footnote is drawn at the end of its page, so the elements that are open there do not contain it.
        let note_here = group.parent.is_some_and(|parent| matches!(parent.inherit, Inherit::No));
        let outside = if note_here { mem::take(&mut self.open) } else { Vec::new() };
        self.frame(&group.frame, to_page);
        if note_here {
            self.open = outside;
        }
    }

    /// Returns the innermost open link, unless an artifact is open inside it.
    fn link(&mut self) -> Option<&mut MarkedLink> {
        match self.open.last()?.1 {
            OpenElement::Link(at) => self.links.get_mut(at),
            OpenElement::Artifact => None,
        }
    }

    fn area(&mut self, at: Point, size: Size, to_page: Transform) {
        let page = self.page;
        let corners = [(Abs::zero(), Abs::zero()), (size.x, Abs::zero()), (size.x, size.y), (Abs::zero(), size.y)];
        let bounds = Bounds::around(to_page, corners.map(|(x, y)| (at.x + x, at.y + y)));
        let Some(link) = self.link() else { return };
        match link.areas.iter_mut().find(|(on, _)| *on == page) {
            Some((_, whole)) => *whole = whole.union(bounds),
            None => link.areas.push((page, bounds)),
        }
    }

    fn start(&mut self, element: &typst::foundations::Content) {
        if element.is::<LinkMarker>() {
            self.links.push(MarkedLink::default());
            let at = self.links.len() - 1;
            self.open.extend(element.location().map(|location| (location, OpenElement::Link(at))));
        } else if element.is::<ArtifactElem>() {
            self.open.extend(element.location().map(|location| (location, OpenElement::Artifact)));
        } else if element.is::<ParElem>() || element.is::<FigureElem>() || element.is::<HeadingElem>() || element.is::<GridCell>()
        {
            // Separates the words of two blocks.
            if let Some(link) = self.link() {
                link.words.end_block();
            }
        } else if let Some(mark) = element.to_packed::<MetadataElem>()
            && element.label().is_some_and(|label| label.resolve().as_str() == NAME)
            && let Value::Dict(values) = &mark.value
            && let Ok(Value::Str(name)) = values.get("name")
            && let Some(link) = self.link()
        {
            link.name = Some(name.as_str().to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_right_to_left_text_are_in_reading_order() {
        let mut words = LinkWords::default();
        for text in ["رحلة ", "سجل ", "(2) "] {
            words.add(10.0, text);
        }
        words.end_block();
        words.add(10.0, "14");
        assert_eq!(words.text(), "سجل رحلة (2)  14");
    }

    #[test]
    fn lines_keep_their_order() {
        let mut words = LinkWords::default();
        words.add(10.0, "lock ");
        words.add(10.2, "gates ");
        words.add(24.0, "of the flight");
        assert_eq!(words.text(), "lock gates of the flight");
    }
}
