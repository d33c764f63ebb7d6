//! The page map: the position of every text, image and shape on the pages, and the source bytes of texts.
//!
//! One walk over the frames returns the items in drawing order, with their positions after all transformations, and the bounds
//! of the glyph outlines of texts. Source positions are looked up only on request, by [`PageMap::origin`].

use typst::WorldExt;
use typst::foundations::{Content, Label, Selector, Smart, StyleChain};
use typst::introspection::{Introspector, Location, Tag};
use typst::layout::{Abs, Frame, FrameItem, GroupItem, Inherit, Point, Rect, Size, Transform};
use typst::model::{FigureElem, HeadingElem, OutlineElem, TableCell};
use typst::pdf::{ArtifactElem, ArtifactKind};
use typst::syntax::Span as SourceSpan;
use typst::text::{SubElem, SuperElem, TextItem};
use typst::utils::PicoStr;
use typst::visualize::{Image, Paint, Shape};
use typst_layout::PagedDocument;

use super::Paginated;
use super::bounds::Bounds;
use super::ink::Outlines;
use super::markup::NodeForm;
use crate::diagnostic::Span;
use crate::model::TextPosition;

/// The items on the pages of an edition.
pub struct PageMap<'a> {
    /// The pages, in order.
    pub pages: Vec<MappedPage<'a>>,
    paginated: &'a Paginated,
}

/// One page.
pub struct MappedPage<'a> {
    /// Position of the page in the document, from 1.
    pub number: usize,
    /// The trim box.
    pub trim: Bounds,
    /// The fill of the page, which also covers the bleed.
    pub background: Option<&'a Paint>,
    /// The items on the page, in drawing order.
    pub items: Vec<PageItem<'a>>,
}

/// An item on a page.
pub struct PageItem<'a> {
    /// The text, image or shape.
    pub what: What<'a>,
    /// The Typst span of an image or a shape; detached for texts, whose glyphs have their own spans.
    pub source: SourceSpan,
    /// Bounds of the glyph outlines of a text, in its own coordinates; empty for images and shapes.
    pub ink: Rect,
    /// Maps its coordinates to page coordinates.
    pub to_page: Transform,
    /// Its x position in the innermost frame, and the width of that frame, both in points before scaling.
    pub frame: (f64, f64),
    /// The visible part of the page: the intersection of all clips around the item. `None` if nothing clips it.
    pub clip: Option<Bounds>,
    /// The kind of the artifact that contains the item. Artifacts, such as running heads and feet, are not part of the tagged
    /// text. The number of a heading counts as an artifact, although it is tagged, so that a heading starts with its words.
    pub artifact: Option<ArtifactKind>,
    /// Whether the item is part of a footnote.
    pub note: bool,
    /// Whether the item repeats an earlier one, in a table header on a later page or in a table of contents.
    pub repeated: bool,
    /// The heading that contains the item.
    pub heading: Option<&'a Content>,
    /// Whether the item is a superscript or a subscript.
    pub script: bool,
}

/// The content of an item.
pub enum What<'a> {
    /// Characters of one font, size and line.
    Text(&'a TextItem),
    /// An image and its size in the frame.
    Image(&'a Image, Size),
    /// A shape.
    Shape(&'a Shape),
}

/// The source of a text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Origin {
    /// Location in the author's files.
    pub author: Option<Span>,
    /// The line of the layout that sets the text, if the text reached the layout as a value.
    pub layout: Option<Span>,
}

impl<'a> PageMap<'a> {
    /// Creates the map of all pages.
    pub fn of(paginated: &'a Paginated) -> Self {
        Self::of_document(paginated, &paginated.document)
    }

    /// Creates the map of a document derived from these pages, such as a print product.
    pub fn of_document(paginated: &'a Paginated, document: &'a PagedDocument) -> Self {
        let mut outlines = Outlines::default();
        let pages = document.pages().iter().enumerate().map(|(index, page)| {
            let mut walk = FrameWalk { outlines: &mut outlines, open: Vec::new(), is_number: false, items: Vec::new() };
            walk.frame(&page.frame, FrameContext { to_page: Transform::identity(), clip: None, note: false });
            let (width, height) = (page.frame.width().to_pt(), page.frame.height().to_pt());
            MappedPage {
                number: index + 1,
                trim: Bounds { left: 0.0, top: 0.0, right: width, bottom: height },
                background: match &page.fill {
                    Smart::Custom(fill) => fill.as_ref(),
                    Smart::Auto => None,
                },
                items: walk.items,
            }
        });
        Self { pages: pages.collect(), paginated }
    }

    /// Returns the source of a text, which is the location of its first character from an author's file.
    pub fn origin(&self, text: &TextItem) -> Origin {
        let mut origin = Origin::default();
        for glyph in &text.glyphs {
            let (span, offset) = glyph.span;
            let own = self.at(span, usize::from(offset));
            origin.layout = origin.layout.or(own.layout);
            if own.author.is_some() {
                return Origin { author: own.author, ..origin };
            }
        }
        origin
    }

    /// Returns the model position of each glyph that has one, with the form of its node. Glyphs are in drawing order, from left
    /// to right.
    pub fn positions(&self, text: &TextItem) -> impl Iterator<Item = (TextPosition, NodeForm)> {
        let world = &self.paginated.world;
        text.glyphs.iter().filter_map(|glyph| {
            let (span, offset) = glyph.span;
            world.position(span.id()?, world.range(span)?, usize::from(offset))
        })
    }

    /// Returns the source of an image or a shape.
    pub fn origin_of(&self, item: &PageItem<'_>) -> Origin {
        self.at(item.source, 0)
    }

    /// Returns the page, from 1, and the source of each element with a label, in order.
    pub fn marked(&self, label: &str) -> Vec<(usize, Origin)> {
        let Some(label) = Label::new(PicoStr::intern(label)) else { return Vec::new() };
        let introspector = self.paginated.document.introspector();
        let marks = introspector.query(&Selector::Label(label));
        let place = |mark: &Content| Some((introspector.position(mark.location()?)?.page.get(), self.at(mark.span(), 0)));
        marks.iter().filter_map(place).collect()
    }

    fn at(&self, span: SourceSpan, offset: usize) -> Origin {
        let world = &self.paginated.world;
        let (Some(id), Some(range)) = (span.id(), world.range(span)) else { return Origin::default() };
        let author = world.author(id, range.start + offset).or_else(|| world.author(id, range.start));
        Origin { author, layout: world.layout(id, range) }
    }
}

impl PageMap<'_> {
    /// Returns the index of the asset that an image shows.
    pub fn asset(&self, image: &Image) -> Option<usize> {
        self.paginated.world.asset(image)
    }
}

impl PageItem<'_> {
    /// Returns the scale factor from its own coordinates to the page.
    pub fn scale(&self) -> f64 {
        let matrix = self.to_page;
        (matrix.sx.get() * matrix.sy.get() - matrix.kx.get() * matrix.ky.get()).abs().sqrt()
    }

    /// Returns the smallest axis-aligned rectangle on the page that contains a rectangle in the coordinates of the item.
    /// Rotated text is bounded by its rotated corners.
    pub fn on_page(&self, left: Abs, top: Abs, right: Abs, bottom: Abs) -> Bounds {
        Bounds::around(self.to_page, [(left, top), (right, top), (right, bottom), (left, bottom)])
    }
}

/// Prefix of the `alt` text of the marks of `layouts/common/tags.typ`.
pub const MARK: &str = "reliure-tag ";
/// The mark before the drawn number of a heading.
pub const NUMBER_MARK: &str = "number";

/// Returns whether an element is the mark before the number of a heading.
fn is_number_mark(element: &Content) -> bool {
    let alt = element.to_packed::<FigureElem>().and_then(|figure| figure.alt.get_cloned(StyleChain::default()));
    alt.is_some_and(|alt| alt.strip_prefix(MARK) == Some(NUMBER_MARK))
}

/// Label of the header content that is repeated on each page of a rotated table.
const REPEATED: &str = "reliure-repeated";

/// The effect of an open tag on the items that follow.
enum OpenTag<'a> {
    Artifact(ArtifactKind),
    Heading(&'a Content),
    Repetition,
    Script,
}

struct FrameWalk<'a, 'o> {
    outlines: &'o mut Outlines,
    open: Vec<(Location, OpenTag<'a>)>,
    /// Whether the items are the number of the next heading.
    is_number: bool,
    items: Vec<PageItem<'a>>,
}

/// Properties that the items of a frame inherit from the frames around it.
#[derive(Clone, Copy)]
struct FrameContext {
    /// Maps coordinates of the frame to the page.
    to_page: Transform,
    /// The visible part of the page.
    clip: Option<Bounds>,
    /// Whether the frame is part of a footnote.
    note: bool,
}

impl<'a> FrameWalk<'a, '_> {
    fn frame(&mut self, frame: &'a Frame, context: FrameContext) {
        for (at, item) in frame.items() {
            match item {
                FrameItem::Group(group) => self.group(group, *at, context),
                FrameItem::Text(text) => self.item((What::Text(text), SourceSpan::detached()), *at, frame, context),
                FrameItem::Image(image, size, span) => self.item((What::Image(image, *size), *span), *at, frame, context),
                FrameItem::Shape(shape, span) => self.item((What::Shape(shape), *span), *at, frame, context),
                FrameItem::Tag(tag) => self.tag(tag),
                FrameItem::Link(..) => {}
            }
        }
    }

    fn group(&mut self, group: &'a GroupItem, at: Point, context: FrameContext) {
        let to_page = context.to_page.pre_concat(Transform::translate(at.x, at.y)).pre_concat(group.transform);
        let clip = match &group.clip {
            None => context.clip,
            Some(curve) => {
                let own = curve.bbox(None);
                let (min, max) = (own.min, own.max);
                let own = Bounds::around(to_page, [(min.x, min.y), (max.x, min.y), (max.x, max.y), (min.x, max.y)]);
                Some(context.clip.map_or(own, |outer| outer.intersection(own)))
            }
        };
        // A footnote is drawn at the end of its page, so the elements that are open there do not contain it.
        let note_here = group.parent.is_some_and(|parent| matches!(parent.inherit, Inherit::No));
        let outside = if note_here { std::mem::take(&mut self.open) } else { Vec::new() };
        self.frame(&group.frame, FrameContext { to_page, clip, note: context.note || note_here });
        if note_here {
            self.open = outside;
        }
    }

    fn item(&mut self, (what, source): (What<'a>, SourceSpan), at: Point, frame: &Frame, context: FrameContext) {
        let artifact = self.open.iter().find_map(|(_, open)| match open {
            OpenTag::Artifact(kind) => Some(*kind),
            OpenTag::Heading(_) | OpenTag::Repetition | OpenTag::Script => None,
        });
        let artifact = artifact.or(self.is_number.then_some(ArtifactKind::Other));
        let heading = self.open.iter().find_map(|(_, open)| match open {
            OpenTag::Heading(heading) => Some(*heading),
            OpenTag::Artifact(_) | OpenTag::Repetition | OpenTag::Script => None,
        });
        let repeated = self.open.iter().any(|(_, open)| matches!(open, OpenTag::Repetition));
        let script = self.open.iter().any(|(_, open)| matches!(open, OpenTag::Script));
        let FrameContext { to_page, clip, note } = context;
        let to_page = to_page.pre_concat(Transform::translate(at.x, at.y));
        let frame = (at.x.to_pt(), frame.width().to_pt());
        let ink = match &what {
            What::Text(text) => self.outlines.ink(text),
            What::Image(..) | What::Shape(_) => Rect::new(Point::zero(), Point::zero()),
        };
        self.items.push(PageItem { what, source, ink, to_page, frame, clip, artifact, note, repeated, heading, script });
    }

    fn tag(&mut self, tag: &'a Tag) {
        match tag {
            Tag::Start(element, _) => {
                let open = if let Some(artifact) = element.to_packed::<ArtifactElem>() {
                    OpenTag::Artifact(artifact.kind.get(StyleChain::default()))
                } else if element.is::<HeadingElem>() {
                    self.is_number = false;
                    OpenTag::Heading(element)
                } else if element.is::<OutlineElem>()
                    || element.to_packed::<TableCell>().is_some_and(|cell| cell.is_repeated.get(StyleChain::default()))
                    || element.label().is_some_and(|label| label.resolve().as_str() == REPEATED)
                {
                    OpenTag::Repetition
                } else if element.is::<SuperElem>() || element.is::<SubElem>() {
                    OpenTag::Script
                } else {
                    self.is_number |= is_number_mark(element);
                    return;
                };
                self.open.extend(element.location().map(|location| (location, open)));
            }
            Tag::End(location, ..) => {
                if let Some(at) = self.open.iter().rposition(|(open, _)| open == location) {
                    self.open.truncate(at);
                }
            }
        }
    }
}
