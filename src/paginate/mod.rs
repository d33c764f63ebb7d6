//! Lays a publication out once; the PDF and the cover picture both come from that one layout.

mod areas;
mod bounds;
mod cover;
mod ink;
mod map;
mod markup;
mod pictures;
mod problem;
mod starts;
mod world;

pub use self::areas::{Area, LinkName};
pub use self::bounds::Bounds;
pub use self::cover::{Cover, cover};
pub use self::map::{MappedPage, PageMap, Piece, What};
pub use self::markup::{Generated, GeneratedFile, Segment, address, generate};
pub use self::starts::{PageStart, page_starts};
use self::world::World;

use typst::diag::Warned;
use typst_layout::PagedDocument;

use crate::diagnostic::{Diagnostic, Diagnostics, Sources, code};
use crate::resolve::Resolved;
use crate::workspace::{FontSet, Layout, LayoutSet, Publication};

/// A publication, laid out.
pub struct Paginated {
    /// The pages.
    pub document: PagedDocument,
    world: World,
}

/// What an edition is laid out with, and where its problems are reported.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The layouts: one may use files of another.
    pub layouts: &'a LayoutSet,
    /// The fonts.
    pub fonts: &'a FontSet,
    /// The layout of the publication.
    pub layout: &'a Layout,
    /// The publication as it was read.
    pub publication: &'a Publication,
    /// Its texts.
    pub sources: &'a Sources,
}

/// Lays an edition out. The diagnostics that come with the pages are warnings.
///
/// # Errors
///
/// Fails with what Typst refuses, at the author's line or the layout's.
pub fn paginate(setting: Setting<'_>, edition: &Resolved) -> Result<(Paginated, Diagnostics), Diagnostics> {
    compile(setting, edition, generate(setting.layout, edition))
}

/// Lets Typst lay out what was generated.
fn compile(setting: Setting<'_>, edition: &Resolved, generated: Generated) -> Result<(Paginated, Diagnostics), Diagnostics> {
    let world = World::new(setting, edition, generated);
    let Warned { output, warnings } = typst::compile::<PagedDocument>(&world);
    let mut found = problem::translate(&world, &warnings, setting, code::TYPST);
    match output {
        Ok(document) if document.pages().is_empty() => {
            found.push(
                Diagnostic::new(code::TYPST, format!("the layout \"{}\" made no page", setting.layout.name))
                    .hint("look at its main.typ"),
            );
            Err(found)
        }
        Ok(document) => Ok((Paginated { document, world }, found)),
        Err(errors) => {
            found.extend(problem::translate(&world, &errors, setting, code::TYPST));
            Err(found)
        }
    }
}

impl Paginated {
    /// Says in the project's terms what the PDF export refused.
    pub fn refused(&self, setting: Setting<'_>, errors: &[typst::diag::SourceDiagnostic]) -> Diagnostics {
        problem::translate(&self.world, errors, setting, code::STANDARD)
    }
}
