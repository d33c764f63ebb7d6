//! From what was written to what is decided: one edition of one publication.
//!
//! [`Resolved`] is all that a writer sees. It cannot contain a dangling link, an image without a decided alternative text or
//! a credit without a party: [`resolve`] returns diagnostics instead.
//!
//! The submodules, each of which imports only from those above it (a test asserts it):
//!
//! | module | subject |
//! |---|---|
//! | `licence` | licences and other terms, and how they go together; the sentences of the notice |
//! | `language` | the words of the interface, in each language |
//! | `identifiers` | ORCID, ROR, ISBN, DOI |
//! | `scope` | what one edition has of a publication: conditions, declarations, ids, notes; its entry in the index |
//! | `link` | links, references, images and resources decided; what of them is somebody's, as claims |
//! | `rights` | the ledger made of the claims, the notice, works, credits, fonts |
//! | `assemble` | brand, options, colours of code, and all of it together |

mod assemble;
mod identifiers;
mod language;
mod licence;
mod link;
mod rights;
mod scope;

pub use assemble::{Accent, Brand, Colour, Fonts, OptionValue, Outside, Resolved, Section, code, outside};
#[cfg(test)]
pub use language::Language;
#[cfg(test)]
pub use licence::Licence;
pub use licence::{Standing, Terms};
pub use link::{Asset, ImageFile, Images, ReadImage};
pub use rights::{Credit, Exception, Item, ItemKind, Words};
#[cfg(test)]
pub use rights::{Ledger, Notice};
#[cfg(test)]
pub use scope::{Changes, Erratum};
pub use scope::{Edition, Layer, Party, index, is_edition_id, layers, slug};

use crate::diagnostic::{Diagnostics, Strictness};
use crate::manifest::{EditionManifest, LayoutManifest};
use crate::workspace::{Index, Publication, Typeface};

/// What one edition is resolved from.
pub struct Source<'a> {
    /// The publication.
    pub publication: &'a Publication,
    /// Which of its editions.
    pub edition: &'a EditionManifest,
    /// The layout that it names.
    pub layout: &'a LayoutManifest,
    /// What links need of this publication and of those that it names: no other has to be in it.
    pub index: &'a Index,
    /// Where the bytes of images come from.
    pub images: &'a dyn Images,
    /// Font families that can be used.
    pub typefaces: &'a [Typeface],
    /// How far the text may be unfinished.
    pub strictness: Strictness,
}

/// Decides an edition. The diagnostics that come with it are warnings.
///
/// # Errors
///
/// Returns all that was found if one of it is an error.
pub fn resolve(source: &Source<'_>) -> Result<(Resolved, Diagnostics), Diagnostics> {
    let mut found = Diagnostics::default();
    let (scope, sections) = scope::scope(source.publication, source.edition, source.strictness, &mut found);
    let linked = link::link(&scope, sections, source.index, source.images, &mut found);
    let design = assemble::design(&scope, &linked.sections, source.layout, source.typefaces, &mut found);
    let rights = rights::rights(&scope, &linked, &design.brand.fonts.families(), source.typefaces, &mut found);
    found.finish(assemble::assemble(scope, linked, design, rights))
}
