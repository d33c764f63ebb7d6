//! Resolution of links, references, images and resources.
//!
//! Items with their own rights are returned as [`Claim`]s, which the module `rights` evaluates.

mod assets;
mod background;
mod claim;
mod declared;
mod images;
mod links;
mod logos;
mod resources;
mod sniff;
mod svg;
mod tree;

pub use assets::{Asset, ImageBytes, ImageFile};
pub use background::TransparentBackground;
pub use claim::{Claim, ClaimKind};
pub use images::{Images, ReadImage};
pub use logos::Logo;

use crate::diagnostic::Diagnostics;
use crate::model::{AuthoredSection, Block, Inline, Linked};
use crate::resolve::scope::Scope;
use crate::workspace::Index;
use claim::Claims;
use images::EditionImages;
use links::LinkResolver;
use tree::Linker;

/// A section with resolved links and images.
#[derive(Clone, Debug)]
pub struct LinkedSection {
    /// Id for links, unique in the publication.
    pub id: String,
    /// Title.
    pub title: Vec<Inline<Linked>>,
    /// Short label for navigation and the table of contents, without links, notes and images.
    pub nav: Vec<Inline<Linked>>,
    /// Lead.
    pub lead: Vec<Inline<Linked>>,
    /// Language, if it differs from that of the publication.
    pub lang: Option<String>,
    /// The body.
    pub body: Vec<Block<Linked>>,
}

/// The text of an edition with resolved links and images.
#[derive(Debug)]
pub struct LinkedText {
    /// The sections in reading order.
    pub sections: Vec<LinkedSection>,
    /// The images of the sections and the logos of the credits.
    pub assets: Vec<Asset>,
    /// The logos of the organisations in the credits.
    pub logos: Vec<Logo>,
    /// The items with their own rights, in order of appearance.
    pub claims: Vec<Claim>,
}

/// Resolves the links and images of sections. Reports and omits those that cannot be resolved.
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
    let mut linker = Linker::new(LinkResolver { scope, index }, images, claims, found);
    let sections = sections.into_iter().map(|section| linker.section(section)).collect();
    linker.convert_images();
    LinkedText { sections, assets: linker.images.assets, logos, claims: linker.claims.list }
}
