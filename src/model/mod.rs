//! The document model, independent of Markdown and of the outputs.
//!
//! The same tree has two phases: [`Authored`], where links and images are still words, and [`Linked`], where they are resolved.
//! Writers accept only the second, so that they cannot receive a dangling link or an image without a decided alternative text.

mod block;
mod breaks;
mod code;
mod colour;
mod inline;
mod language;
mod linked;
mod walk;

pub use block::{
    Align, Attribution, Block, BlockKind, CalloutKind, DefinitionItem, ListItem, NoticeForm, QuotationForm, ResourceStyle, Table,
};
pub use breaks::{breakable, breakable_code, endless};
pub use code::{Token, TokenKind, lines};
pub use colour::{BLACK, Colour, WHITE};
pub use inline::{Inline, InlineKind, Note, has_note, image_names, plain_text, says_something};
pub use language::Direction;
pub use linked::{Badge, BadgeKind, Elsewhere, Image, Linked, LinkedResources, ReferencePart, ResourceCard, Spot, Target, Title};

pub use walk::{Seen, visit, visit_inlines, walk_blocks, walk_calls, within};

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
    /// The id of a heading.
    type Id: Clone + Debug + Hash;
    /// A condition on the edition.
    type Condition: Clone + Debug + Hash;

    /// Returns the text of a reference to a target; empty if it is not resolved.
    fn name(target: &Self::Target) -> String;
}

/// The phase of the sources: targets are words, ids may be missing.
#[derive(Clone, Debug, Hash)]
pub struct Authored;

impl Phase for Authored {
    type Target = AuthoredTarget;
    type Image = AuthoredImage;
    type Resources = AuthoredResources;
    type Id = Option<(String, Span)>;
    type Condition = Condition;

    fn name(_: &AuthoredTarget) -> String {
        String::new()
    }
}

impl Phase for Linked {
    type Target = Target;
    type Image = Image;
    type Resources = LinkedResources;
    type Id = String;
    type Condition = Infallible;

    fn name(target: &Target) -> String {
        target.name()
    }
}

/// A link's target as written: `#id`, `publication:slug#anchor`, or an address.
#[derive(Clone, Debug, Hash)]
pub struct AuthoredTarget {
    /// The words.
    pub text: String,
    /// Place of the link.
    pub span: Span,
}

/// An image as written.
#[derive(Clone, Debug, Hash)]
pub struct AuthoredImage {
    /// Path relative to the Markdown file.
    pub path: String,
    /// Alternative text; may be empty.
    pub alt: String,
    /// Caption, from the image's title.
    pub caption: Option<String>,
    /// Share of the text width, in percent.
    pub width: Option<u8>,
    /// Place of the image.
    pub span: Span,
}

/// A `resources` container as written.
#[derive(Clone, Debug, Hash)]
pub struct AuthoredResources {
    /// Ids of the resources.
    pub ids: Vec<(String, Span)>,
    /// One badge for the group.
    pub shared_badge: bool,
    /// Their style.
    pub style: ResourceStyle,
    /// Place of the container.
    pub span: Span,
}

/// A comment, which is not printed and may contain an allowance.
#[derive(Clone, Debug, Hash)]
pub struct Remark {
    /// Its text, without the delimiters.
    pub text: String,
    /// Its place, including the delimiters.
    pub span: Span,
}

/// The editions of a passage as written: those of `edition` and `since` (all if neither is set), except those of `except`.
#[derive(Clone, Debug, Default, Hash)]
pub struct Condition {
    /// These editions.
    pub edition: Option<Vec<(String, Span)>>,
    /// These, and all editions based on them.
    pub since: Option<Vec<(String, Span)>>,
    /// Not these.
    pub except: Option<Vec<(String, Span)>>,
}

impl Condition {
    /// Sets the place of each id to a place whose parts are unknown.
    pub fn settle(&mut self, span: Span) {
        let lists = [&mut self.edition, &mut self.since, &mut self.except].into_iter().flatten();
        lists.flatten().for_each(|(_, place)| *place = span);
    }
}

/// A section as written.
#[derive(Clone, Debug, Hash)]
pub struct AuthoredSection {
    /// Name of its file, without extension: `sections` lists it.
    pub file: String,
    /// Id that links use.
    pub id: String,
    /// Title.
    pub title: String,
    /// Place of the title.
    pub title_span: Span,
    /// Label in navigation and contents, if it differs.
    pub nav: Option<String>,
    /// Lead.
    pub lead: Vec<Inline<Authored>>,
    /// Language, if it differs from the publication's.
    pub lang: Option<String>,
    /// The body.
    pub body: Vec<Block<Authored>>,
    /// The comments in the body.
    pub remarks: Vec<Remark>,
}
