//! The page map: what stands where on the pages, and which bytes it comes from.
//!
//! One walk over the compiled frames yields every run of text, image and shape in the order in which they are drawn, with its
//! place on the page after all shifts, turns and scalings, and where its ink is: a font is asked once about the outline of a
//! glyph. Only the place of a finding costs a look into the sources.

use typst::WorldExt;
use typst::foundations::{Content, StyleChain};
use typst::introspection::{Location, Tag};
use typst::layout::{Abs, Frame, FrameItem, GroupItem, Inherit, Point, Rect, Size, Transform};
use typst::model::HeadingElem;
use typst::pdf::{ArtifactElem, ArtifactKind};
use typst::text::{SubElem, SuperElem, TextItem};
use typst::visualize::{Image, Shape};

use super::Paginated;
use super::bounds::Bounds;
use super::ink::Outlines;
use crate::diagnostic::Span;

/// The pages of an edition, walked.
pub struct PageMap<'a> {
    /// Page by page.
    pub pages: Vec<MappedPage<'a>>,
    paginated: &'a Paginated,
}

/// One page.
pub struct MappedPage<'a> {
    /// From 1.
    pub number: usize,
    /// The trimmed page.
    pub trim: Bounds,
    /// What stands on it, in the order in which it is drawn.
    pub pieces: Vec<Piece<'a>>,
}

/// Something on a page.
pub struct Piece<'a> {
    /// What it is.
    pub what: What<'a>,
    /// Bounds of a text's ink, in its own coordinates; nothing for what is no text.
    pub ink: Rect,
    /// From its own coordinates to those of the page.
    pub to_page: Transform,
    /// Where it starts in the frame that holds it, and how wide that frame is, both in points before scaling.
    pub frame: (f64, f64),
    /// What shows of it: where several clips are nested, what they have in common.
    pub clip: Option<Bounds>,
    /// The kind of artifact that it is part of: it is there for the eye only. Running heads and feet are artifacts.
    pub artifact: Option<ArtifactKind>,
    /// Part of a note at the foot of the page.
    pub note: bool,
    /// The heading that it is part of.
    pub heading: Option<&'a Content>,
    /// Superscript or subscript.
    pub script: bool,
}

/// What can stand on a page.
pub enum What<'a> {
    /// Characters of one font, size and line.
    Text(&'a TextItem),
    /// A picture and the size at which it was set.
    Image(&'a Image, Size),
    /// A drawing.
    Shape(&'a Shape),
}

/// Where a text comes from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Origin {
    /// What the author wrote.
    pub author: Option<Span>,
    /// The line of the layout that sets it, when its characters came there as a value.
    pub layout: Option<Span>,
}

impl<'a> PageMap<'a> {
    /// Walks the pages.
    pub fn of(paginated: &'a Paginated) -> Self {
        let mut outlines = Outlines::default();
        let pages = paginated.document.pages().iter().enumerate().map(|(index, page)| {
            let mut walk = Walk { outlines: &mut outlines, open: Vec::new(), pieces: Vec::new() };
            walk.frame(&page.frame, FrameContext { to_page: Transform::identity(), clip: None, note: false });
            let (width, height) = (page.frame.width().to_pt(), page.frame.height().to_pt());
            MappedPage {
                number: index + 1,
                trim: Bounds { left: 0.0, top: 0.0, right: width, bottom: height },
                pieces: walk.pieces,
            }
        });
        Self { pages: pages.collect(), paginated }
    }

    /// Finds where a text comes from: the author's bytes of its first character that has any.
    pub fn origin(&self, text: &TextItem) -> Origin {
        let world = &self.paginated.world;
        let mut origin = Origin::default();
        for glyph in &text.glyphs {
            let (span, offset) = glyph.span;
            let (Some(id), Some(range)) = (span.id(), world.range(span)) else { continue };
            origin.layout = origin.layout.or_else(|| world.layout(id, range.clone()));
            let author = world.author(id, range.start + usize::from(offset)).or_else(|| world.author(id, range.start));
            if author.is_some() {
                return Origin { author, ..origin };
            }
        }
        origin
    }
}

impl PageMap<'_> {
    /// Finds which asset of the edition an image shows.
    pub fn asset(&self, image: &Image) -> Option<usize> {
        self.paginated.world.asset(image)
    }
}

impl Piece<'_> {
    /// How much larger it is on the page than in its own coordinates.
    pub fn scale(&self) -> f64 {
        let turn = self.to_page;
        (turn.sx.get() * turn.sy.get() - turn.kx.get() * turn.ky.get()).abs().sqrt()
    }

    /// The smallest upright rectangle of the page around one of its own coordinates: turned text by its true corners.
    pub fn on_page(&self, left: Abs, top: Abs, right: Abs, bottom: Abs) -> Bounds {
        Bounds::around(self.to_page, [(left, top), (right, top), (right, bottom), (left, bottom)])
    }
}

/// What an open tag makes of what follows.
enum Open<'a> {
    Artifact(ArtifactKind),
    Heading(&'a Content),
    Script,
}

struct Walk<'a, 'o> {
    outlines: &'o mut Outlines,
    open: Vec<(Location, Open<'a>)>,
    pieces: Vec<Piece<'a>>,
}

/// What the frames around a frame determine for its items.
#[derive(Clone, Copy)]
struct FrameContext {
    /// Maps coordinates of the frame to the page.
    to_page: Transform,
    /// The visible part of the page.
    clip: Option<Bounds>,
    /// The frame is part of a footnote.
    note: bool,
}

impl<'a> Walk<'a, '_> {
    fn frame(&mut self, frame: &'a Frame, context: FrameContext) {
        for (at, item) in frame.items() {
            match item {
                FrameItem::Group(group) => self.group(group, *at, context),
                FrameItem::Text(text) => self.piece(What::Text(text), *at, frame, context),
                FrameItem::Image(image, size, _) => self.piece(What::Image(image, *size), *at, frame, context),
                FrameItem::Shape(shape, _) => self.piece(What::Shape(shape), *at, frame, context),
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
                Some(context.clip.map_or(own, |outer| outer.common(own)))
            }
        };
        // A note at the foot is drawn where its page ends: it belongs to none of the elements that are open there.
        let note_here = group.parent.is_some_and(|parent| matches!(parent.inherit, Inherit::No));
        let outside = if note_here { std::mem::take(&mut self.open) } else { Vec::new() };
        self.frame(&group.frame, FrameContext { to_page, clip, note: context.note || note_here });
        if note_here {
            self.open = outside;
        }
    }

    fn piece(&mut self, what: What<'a>, at: Point, frame: &Frame, context: FrameContext) {
        let artifact = self.open.iter().find_map(|(_, open)| match open {
            Open::Artifact(kind) => Some(*kind),
            Open::Heading(_) | Open::Script => None,
        });
        let heading = self.open.iter().find_map(|(_, open)| match open {
            Open::Heading(heading) => Some(*heading),
            Open::Artifact(_) | Open::Script => None,
        });
        let script = self.open.iter().any(|(_, open)| matches!(open, Open::Script));
        let FrameContext { to_page, clip, note } = context;
        let to_page = to_page.pre_concat(Transform::translate(at.x, at.y));
        let frame = (at.x.to_pt(), frame.width().to_pt());
        let ink = match &what {
            What::Text(text) => self.outlines.ink(text),
            What::Image(..) | What::Shape(_) => Rect::new(Point::zero(), Point::zero()),
        };
        self.pieces.push(Piece { what, ink, to_page, frame, clip, artifact, note, heading, script });
    }

    fn tag(&mut self, tag: &'a Tag) {
        match tag {
            Tag::Start(element, _) => {
                let open = if let Some(artifact) = element.to_packed::<ArtifactElem>() {
                    Open::Artifact(artifact.kind.get(StyleChain::default()))
                } else if element.is::<HeadingElem>() {
                    Open::Heading(element)
                } else if element.is::<SuperElem>() || element.is::<SubElem>() {
                    Open::Script
                } else {
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
