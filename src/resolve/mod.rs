//! Resolution of one edition of a publication.
//!
//! [`Resolved`] is the only input of the writers. [`resolve`] returns diagnostics instead if a link is dead, if an image that
//! is not decorative lacks an alternative text, or if a credit refers to an unknown party.
//!
//! Each submodule imports only from those above it. A test checks this.
//!
//! | module | subject |
//! |---|---|
//! | `licence` | licences and other terms, their compatibility, and the sentences of the notice |
//! | `language` | the texts of the interface, in each language |
//! | `identifiers` | ORCID, ROR, ISBN, DOI |
//! | `scope` | the content of one edition: conditions, declarations, ids, notes; its index entry |
//! | `link` | links, references, images and resources; claims for items with their own rights |
//! | `rights` | the ledger, the notice, works, credits, fonts |
//! | `assemble` | brand, options, syntax colours, and the assembled edition |

mod assemble;
mod identifiers;
mod language;
mod licence;
mod link;
mod rights;
mod scope;

pub use assemble::{
    Accent, Brand, CoverSettings, CreditedParty, ENHANCED, ExternalAddress, Fonts, OptionValue, PrintColour, PrintLimits,
    PrintSettings, Resolved, Section, TEXT, code, external_addresses, usual_products,
};
pub use identifiers::{doi_address, identifiers as identifiers_of, shared_by_editions, shared_by_publications};
pub use language::Language;
#[cfg(test)]
pub use licence::Licence;
pub use licence::{Compatibility, Terms};
pub use link::{Asset, ImageBytes, ImageFile, Images, ReadImage, TransparentBackground};
pub use rights::{Credit, Exception, Item, ItemKind, Words};
#[cfg(test)]
pub use rights::{Ledger, Notice};
pub use scope::{BrandLayer, Certification, Edition, Party, REPLACED, index, is_edition_id, layers, refused_id};
#[cfg(test)]
pub use scope::{EditionChanges, Erratum};

use crate::diagnostic::{Diagnostics, Strictness};
use crate::manifest::{EditionManifest, LayoutManifest, Manifest, WorkspaceManifest};
use crate::workspace::{Index, Publication, Typeface};

/// The input of [`resolve`].
pub struct EditionSource<'a> {
    /// The publication.
    pub publication: &'a Publication,
    /// The edition.
    pub edition: &'a EditionManifest,
    /// The layout of the publication.
    pub layout: &'a LayoutManifest,
    /// The index entries of this publication and of those that it links to. Other entries are not needed.
    pub index: &'a Index,
    /// Access to images.
    pub images: &'a dyn Images,
    /// The available font families.
    pub typefaces: &'a [Typeface],
    /// `reliure.toml`, for the print settings of all publications.
    pub workspace: Option<&'a Manifest<WorkspaceManifest>>,
    /// Whether the text may be unfinished.
    pub strictness: Strictness,
}

/// Resolves an edition, and returns it with the warnings.
///
/// # Errors
///
/// Returns all diagnostics if one of them is an error.
pub fn resolve(source: &EditionSource<'_>) -> Result<(Resolved, Diagnostics), Diagnostics> {
    let mut found = Diagnostics::default();
    let (scope, sections) = scope::scope(source.publication, source.edition, source.strictness, &mut found);
    let linked = link::link(&scope, sections, source.index, source.images, &mut found);
    let design = assemble::design(&scope, &linked.sections, source.layout, source.typefaces, source.workspace, &mut found);
    let mut families = design.brand.fonts.families();
    families.extend(rights::symbol_families(&scope, &linked, design.brand.fonts.lists(), source.typefaces));
    let rights = rights::rights(&scope, &linked, &families, source.typefaces, &mut found);
    found.finish(assemble::assemble(scope, linked, design, rights))
}
