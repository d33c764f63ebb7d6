//! Links, references, images and resources: from words to what they lead to.
//!
//! What is somebody's in a linked text is returned as [`Claim`]s: what they mean for the publication is decided in `rights`.

mod assets;
mod claim;
mod expansion;
mod images;
mod links;
mod logos;
mod resources;
mod sniff;
mod svg;
mod tree;

pub use assets::{Asset, ImageFile};
pub use claim::{Claim, ClaimKind};
pub use images::{Images, ReadImage};
pub use logos::Logo;

use crate::diagnostic::Diagnostics;
use crate::model::{AuthoredSection, Block, Inline, Linked};
use crate::resolve::scope::Scope;
use crate::workspace::Index;
use claim::Claims;
use images::EditionImages;
use links::Reach;
use tree::Linker;

/// A section whose links and images are decided.
#[derive(Clone, Debug)]
pub struct LinkedSection {
    /// Id that links use; unique in the publication.
    pub id: String,
    /// Title.
    pub title: String,
    /// Label in tabs, wheel and contents.
    pub nav: String,
    /// Lead.
    pub lead: Vec<Inline<Linked>>,
    /// Language, where it differs from the publication's.
    pub lang: Option<String>,
    /// The body.
    pub body: Vec<Block<Linked>>,
}

/// The text of an edition with its links and images decided, and what it uses.
#[derive(Debug)]
pub struct LinkedText {
    /// The sections in reading order.
    pub sections: Vec<LinkedSection>,
    /// The images of the sections and the logos of the credits.
    pub assets: Vec<Asset>,
    /// The logos of the organisations that the credits name.
    pub logos: Vec<Logo>,
    /// What is somebody's, in order of appearance.
    pub claims: Vec<Claim>,
}

/// Links the sections of an edition. What cannot be linked is left out and reported.
pub fn link(
    scope: &Scope<'_>,
    sections: Vec<AuthoredSection>,
    index: &Index,
    images: &dyn Images,
    found: &mut Diagnostics,
) -> LinkedText {
    let mut images = EditionImages::new(scope, images, found);
    let mut claims = Claims::default();
    let logos = logos::read(scope, &mut images, &mut claims, found);
    let mut linker = Linker::new(Reach { scope, index }, images, claims, found);
    let sections = sections.into_iter().map(|section| linker.section(section)).collect();
    LinkedText { sections, assets: linker.images.assets, logos, claims: linker.claims.list }
}
