//! Lays a publication out once; the PDF and the cover picture both come from that one layout.

mod areas;
mod bounds;
mod cover;
mod ink;
mod map;
mod markup;
mod pictures;
mod problem;
mod world;

pub use self::areas::{Area, LinkName};
pub use self::bounds::Bounds;
pub use self::cover::{Cover, cover};
pub use self::map::{MappedPage, PageMap, Piece, What};
pub use self::markup::{Generated, GeneratedFile, Segment, address, generate};
use self::world::World;

use typst::diag::Warned;
use typst_layout::PagedDocument;

use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::project::{Layout, Project};
use crate::resolve::Resolved;

/// A publication, laid out.
pub struct Paginated {
    /// The pages.
    pub document: PagedDocument,
    world: World,
    slug: String,
}

/// Lays an edition out. The diagnostics that come with it are warnings.
pub fn paginate(project: &Project, layout: &Layout, edition: &Resolved) -> Result<(Paginated, Diagnostics), Diagnostics> {
    compile(project, layout, edition, generate(layout, edition))
}

/// Lets Typst lay out what was generated.
fn compile(
    project: &Project,
    layout: &Layout,
    edition: &Resolved,
    generated: Generated,
) -> Result<(Paginated, Diagnostics), Diagnostics> {
    let world = World::new(project, edition, generated);
    let Warned { output, warnings } = typst::compile::<PagedDocument>(&world);
    let mut found = problem::translate(&world, &warnings, project, &edition.slug, code::TYPST);
    match output {
        Ok(document) if document.pages().is_empty() => {
            found.push(
                Diagnostic::new(code::TYPST, format!("the layout \"{}\" made no page", layout.name)).hint("look at its main.typ"),
            );
            Err(found)
        }
        Ok(document) => Ok((Paginated { document, world, slug: edition.slug.clone() }, found)),
        Err(errors) => {
            found.extend(problem::translate(&world, &errors, project, &edition.slug, code::TYPST));
            Err(found)
        }
    }
}

impl Paginated {
    /// Says in the project's terms what the PDF export refused.
    pub fn refused(&self, project: &Project, errors: &[typst::diag::SourceDiagnostic]) -> Diagnostics {
        problem::translate(&self.world, errors, project, &self.slug, code::STANDARD)
    }
}
