//! The document as the author meant it, free of Markdown and of any output.
//!
//! One tree serves two phases: what was [`Authored`] (links and images are still words) and what is [`Linked`] (they are
//! decided). A writer takes the second only, so it cannot meet a dangling link or an image without a decided alternative.

mod block;
mod breaks;
mod code;
mod inline;
mod language;
mod linked;
mod walk;

pub use block::{
    Align, Attribution, Block, BlockKind, CalloutKind, DefinitionItem, ListItem, NoticeForm, QuotationForm, ResourceStyle, Table,
};
pub use breaks::{breakable, breakable_code, endless};
pub use code::{Token, TokenKind, lines};
pub use inline::{Inline, InlineKind, Note, has_note, image_names, plain_text, says_something};
pub use language::Direction;
pub use linked::{Badge, BadgeKind, Elsewhere, Image, Linked, LinkedResources, ResourceCard, Said, Spot, Target, Title};

pub use walk::{Seen, visit, visit_inlines, walk_blocks, walk_calls, within};

use std::convert::Infallible;
use std::fmt::Debug;
use std::hash::Hash;

use crate::diagnostic::Span;

/// What differs between the phases of the tree.
pub trait Phase: Clone + Debug + Hash + 'static {
    /// Where a link goes.
    type Target: Clone + Debug + Hash;
    /// An image and what is said of it.
    type Image: Clone + Debug + Hash;
    /// The resources of a tile group.
    type Resources: Clone + Debug + Hash;
    /// The id of a heading.
    type Id: Clone + Debug + Hash;
    /// A condition on the edition.
    type Condition: Clone + Debug + Hash;

    /// What a reference to a target says; nothing as long as it is not known.
    fn name(target: &Self::Target) -> String;
}

/// As written: targets are words, ids may be missing.
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
    /// Where the link stands.
    pub span: Span,
}

/// An image as written.
#[derive(Clone, Debug, Hash)]
pub struct AuthoredImage {
    /// Path from the Markdown file.
    pub path: String,
    /// Alternative text; empty when none was written.
    pub alt: String,
    /// Caption, from the image's title.
    pub caption: Option<String>,
    /// Share of the text width, in percent.
    pub width: Option<u8>,
    /// Where the image stands.
    pub span: Span,
}

/// A `resources` container as written.
#[derive(Clone, Debug, Hash)]
pub struct AuthoredResources {
    /// Ids of the resources.
    pub ids: Vec<(String, Span)>,
    /// One badge for the group.
    pub shared_badge: bool,
    /// How they are shown.
    pub style: ResourceStyle,
    /// Where the container stands.
    pub span: Span,
}

/// A comment: printed nowhere, but an author may say in it what is to be let pass.
#[derive(Clone, Debug, Hash)]
pub struct Remark {
    /// Its words, without the marks around them.
    pub text: String,
    /// Where it stands, marks included.
    pub span: Span,
}

/// Which editions a passage belongs to, as written: those that `edition` or `since` names (all where neither stands), without
/// those that `except` names.
#[derive(Clone, Debug, Default, Hash)]
pub struct Condition {
    /// These editions.
    pub edition: Option<Vec<(String, Span)>>,
    /// These, and every edition based on one of them.
    pub since: Option<Vec<(String, Span)>>,
    /// Not these.
    pub except: Option<Vec<(String, Span)>>,
}

impl Condition {
    /// Says of each id that it stands in a place, of which no part is known.
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
    /// Where the title stands.
    pub title_span: Span,
    /// Short label for navigation and contents, where it differs.
    pub nav: Option<String>,
    /// Lead.
    pub lead: Vec<Inline<Authored>>,
    /// Language, where it differs from the publication's.
    pub lang: Option<String>,
    /// The body.
    pub body: Vec<Block<Authored>>,
    /// The comments in the body.
    pub remarks: Vec<Remark>,
}
