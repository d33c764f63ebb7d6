//! Page layout: compiles an edition with Typst once, for both the PDF and the cover image.

mod areas;
mod book;
mod bounds;
mod cover;
mod ink;
mod lines;
mod links;
mod map;
mod markup;
mod pictures;
mod press;
mod problem;
mod starts;
mod thumbnails;
mod world;

pub use self::areas::Area;
pub use self::book::{cover_sheet, half_title};
pub use self::bounds::Bounds;
pub use self::cover::{Cover, cover};
pub use self::links::PageLink;
pub use self::map::{MARK, MappedPage, NUMBER_MARK, PageMap, Piece, What};
pub use self::markup::{Generated, GeneratedFile, Node, NodeForm, Segment, address, generate};
pub use self::press::{Blanks, PrintPages, page_pictures};
pub use self::starts::{PageStart, page_starts};
pub use self::thumbnails::Thumbnail;
use self::world::World;

use typst::diag::Warned;
use typst_layout::PagedDocument;

use crate::diagnostic::{Diagnostic, Diagnostics, Sources, code};
use crate::resolve::Resolved;
use crate::workspace::{FontSet, Layout, LayoutSet, Publication};

/// An edition that was laid out.
pub struct Paginated {
    /// The pages.
    pub document: PagedDocument,
    world: World,
}

/// The inputs of a layout, apart from the edition, and the sources to which its diagnostics refer.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// All layouts: a layout may import files of another.
    pub layouts: &'a LayoutSet,
    /// The fonts.
    pub fonts: &'a FontSet,
    /// The layout of the publication.
    pub layout: &'a Layout,
    /// The publication before resolution.
    pub publication: &'a Publication,
    /// The texts that spans refer to.
    pub sources: &'a Sources,
    /// Space that is added to inner margins, in points: only a print product has one.
    pub gutter: f64,
}

/// Lays an edition out and returns its pages with warnings.
///
/// # Errors
///
/// Returns the errors of Typst, each at the line of the author or of the layout that caused it, or an error if the layout
/// produces no page.
pub fn paginate(setting: Setting<'_>, edition: &Resolved) -> Result<(Paginated, Diagnostics), Diagnostics> {
    compile(setting, edition, generate(setting.layout, edition, setting.gutter))
}

/// Compiles generated sources with Typst.
fn compile(setting: Setting<'_>, edition: &Resolved, generated: Generated) -> Result<(Paginated, Diagnostics), Diagnostics> {
    let world = World::new(setting, edition, generated);
    let Warned { output, warnings } = typst::compile::<PagedDocument>(&world);
    let mut found = problem::translate(&world, &warnings, setting, code::TYPST);
    match output {
        Ok(document) if document.pages().is_empty() => {
            found.push(
                Diagnostic::new(code::TYPST, format!("the layout \"{}\" produces no page", setting.layout.name))
                    .hint("check its main.typ"),
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
    /// Translates the errors of Typst's PDF export into diagnostics.
    pub fn export_errors(&self, setting: Setting<'_>, errors: &[typst::diag::SourceDiagnostic]) -> Diagnostics {
        problem::translate(&self.world, errors, setting, code::STANDARD)
    }
}
