//! The document model, independent of Markdown and of the outputs.
//!
//! The same tree has two phases: in [`Authored`], links and images are as written; in [`Linked`], they are resolved. Writers
//! accept only the second phase, so they cannot receive a dead link or an image that lacks an alternative text.

mod anchor;
mod block;
mod breaks;
mod code;
mod colour;
mod figures;
mod fold;
mod id;
mod inline;
mod label;
mod language;
mod linked;
mod position;
mod table;
mod typst_language;
mod walk;

pub use anchor::{Anchor, AnchorCounter, AnchorKind};
pub use block::{Attribution, Block, BlockKind, CalloutKind, DefinitionItem, ListItem, NoticeForm, QuotationForm, ResourceStyle};
pub use breaks::{breakable, breakable_address, breakable_code, split_long_words};
pub use code::{Token, TokenKind, lines};
pub use colour::{BLACK, Colour, WHITE};
pub use figures::row_columns;
pub use fold::{Fold, TextLanguage, fold_block, fold_inline};
pub use id::{is_valid_id, slug};
pub use inline::{Inline, InlineKind, Note, TextMark, has_accessible_name, has_note, image_names, plain_text};
pub use label::{label, label_at};
pub use language::{Direction, has_right_to_left};
pub use linked::{
    AnchorTarget, Badge, BadgeKind, Image, Linked, LinkedResources, PublicationTarget, ReferencePart, ResourceCard, Target, Title,
};
pub use position::{PageBreak, SectionPart, TextPosition, count_inlines, numbered_blocks};
pub use table::{Align, PlacedCell, Table, TableCell, placed_cells, remove_row};
pub use typst_language::{TypstLanguage, TypstLanguages};
pub use walk::{ModelNode, visit, visit_inlines, visit_run, walk_blocks, walk_calls};

use std::convert::Infallible;
use std::fmt::Debug;
use std::hash::Hash;

use crate::diagnostic::Span;

/// The types that differ between the phases of the tree.
pub trait Phase: Clone + Debug + Hash + 'static {
    /// The target of a link.
    type Target: Clone + Debug + Hash;
    /// An image and its description.
    type Image: Clone + Debug + Hash;
    /// The resources of a tile group.
    type Resources: Clone + Debug + Hash;
    /// The optional id of a block.
    type Id: Clone + Debug + Default + Hash;
    /// A condition on the edition.
    type Condition: Clone + Debug + Hash;
    /// A page break of a PDF.
    type PageBreak: Clone + Debug + Hash;

    /// Returns the text of a reference to a target, or an empty text if the target is not resolved.
    fn name(target: &Self::Target) -> String;

    /// Returns the alternative text of an image; empty if it has none.
    fn alternative(image: &Self::Image) -> &str;

    /// Converts a page break to the linked phase.
    fn page_break(start: Self::PageBreak) -> PageBreak;

    /// Returns the caption of an image.
    fn caption(image: &Self::Image) -> &[Inline<Self>]
    where
        Self: Sized;

    /// Returns the caption of an image, mutably.
    fn caption_mut(image: &mut Self::Image) -> &mut [Inline<Self>]
    where
        Self: Sized;
}

/// The phase before resolution: targets are as written, and ids may be missing.
#[derive(Clone, Debug, Hash)]
pub struct Authored;

impl Phase for Authored {
    type Target = AuthoredTarget;
    type Image = AuthoredImage;
    type Resources = AuthoredResources;
    type Id = Option<(String, Span)>;
    type Condition = Condition;
    type PageBreak = Infallible;

    fn name(_: &AuthoredTarget) -> String {
        String::new()
    }

    fn alternative(image: &AuthoredImage) -> &str {
        &image.alt
    }

    fn page_break(never: Infallible) -> PageBreak {
        match never {}
    }

    fn caption(image: &AuthoredImage) -> &[Inline<Self>] {
        &image.caption
    }

    fn caption_mut(image: &mut AuthoredImage) -> &mut [Inline<Self>] {
        &mut image.caption
    }
}

impl Phase for Linked {
    type Target = Target;
    type Image = Image;
    type Resources = LinkedResources;
    type Id = Option<String>;
    type Condition = Infallible;
    type PageBreak = PageBreak;

    fn name(target: &Target) -> String {
        target.name()
    }

    fn alternative(image: &Image) -> &str {
        image.alt.as_deref().unwrap_or_default()
    }

    fn page_break(start: PageBreak) -> PageBreak {
        start
    }

    fn caption(image: &Image) -> &[Inline<Self>] {
        &image.caption
    }

    fn caption_mut(image: &mut Image) -> &mut [Inline<Self>] {
        &mut image.caption
    }
}

/// A link's target as written: `#id`, `publication:slug#anchor`, or an address.
#[derive(Clone, Debug, Hash)]
pub struct AuthoredTarget {
    /// The target as written.
    pub text: String,
    /// Location of the link.
    pub span: Span,
}

/// An image as written.
#[derive(Clone, Debug, Hash)]
pub struct AuthoredImage {
    /// Path relative to the Markdown file.
    pub path: String,
    /// Alternative text; may be empty.
    pub alt: String,
    /// Caption, from the image's title; empty if there is none.
    pub caption: Vec<Inline<Authored>>,
    /// Share of the text width, in percent.
    pub width: Option<u8>,
    /// Target of the link around a figure. The links around other images are inlines.
    pub link: Option<AuthoredTarget>,
    /// Location of the image.
    pub span: Span,
}

/// A `resources` container as written.
#[derive(Clone, Debug, Hash)]
pub struct AuthoredResources {
    /// Ids of the resources.
    pub ids: Vec<(String, Span)>,
    /// Whether the group has one badge.
    pub shared_badge: bool,
    /// Their style.
    pub style: ResourceStyle,
    /// Location of the container.
    pub span: Span,
}

/// A comment. It is not printed, and may contain an allowance, which exempts a passage from a diagnostic code.
#[derive(Clone, Debug, Hash)]
pub struct Remark {
    /// Its text, without the delimiters.
    pub text: String,
    /// Its location, including the delimiters.
    pub span: Span,
}

/// The editions that contain a passage: those of `edition` and `since` (all if neither is set), without those of `except`.
#[derive(Clone, Debug, Default, Hash)]
pub struct Condition {
    /// Ids of editions that contain the passage.
    pub edition: Option<Vec<(String, Span)>>,
    /// Ids of editions that contain the passage. All editions based on them contain it too.
    pub since: Option<Vec<(String, Span)>>,
    /// Ids of editions that do not contain the passage.
    pub except: Option<Vec<(String, Span)>>,
}

impl Condition {
    /// Replaces the location of each id with `span`, for a text whose parts have no separate locations.
    pub fn relocate(&mut self, span: Span) {
        let lists = [&mut self.edition, &mut self.since, &mut self.except].into_iter().flatten();
        lists.flatten().for_each(|(_, location)| *location = span);
    }
}

/// A section as written.
#[derive(Clone, Debug, Hash)]
pub struct AuthoredSection {
    /// Name of its file, without extension, as listed in `sections`.
    pub file: String,
    /// Id that links use.
    pub id: String,
    /// Title.
    pub title: Vec<Inline<Authored>>,
    /// Location of the title.
    pub title_span: Span,
    /// Label in navigation and contents, if it differs.
    pub nav: Option<Vec<Inline<Authored>>>,
    /// Lead.
    pub lead: Vec<Inline<Authored>>,
    /// Language, if it differs from the publication's.
    pub lang: Option<String>,
    /// The body.
    pub body: Vec<Block<Authored>>,
    /// The comments in the body.
    pub remarks: Vec<Remark>,
}
