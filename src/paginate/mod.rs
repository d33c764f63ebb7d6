//! Page layout: compiles an edition with Typst, and derives from its pages the pages of the PDF products, the cover image, the
//! thumbnails, and the positions of texts, links and images.

mod areas;
mod book;
mod bounds;
mod cover;
mod glyphs;
mod heads;
mod ink;
mod lines;
mod links;
mod map;
mod markup;
mod pictures;
mod plain_links;
mod press;
mod problem;
mod starts;
mod thumbnails;
mod world;

pub use self::areas::Area;
pub use self::book::{cover_sheet, half_title};
pub use self::bounds::Bounds;
pub use self::cover::{PageImage, cover, cover_key};
use self::glyphs::MissingGlyphs;
pub use self::links::PageLink;
pub use self::map::{MARK, MappedPage, NUMBER_MARK, PageItem, PageMap, What};
pub use self::markup::{Generated, GeneratedFile, Node, NodeForm, Segment, address, generate};
pub use self::press::{Blanks, PrintPages, page_pictures};
pub use self::starts::{PageStart, page_starts, text_on_cover};
pub use self::thumbnails::Thumbnail;
use self::world::World;

use rayon::prelude::*;
use typst::diag::Warned;
use typst_layout::PagedDocument;

use crate::diagnostic::{Diagnostic, Diagnostics, Sources, Span, code};
use crate::images::is_readable;
use crate::model::{Block, BlockKind, InlineKind, Linked, ModelNode, visit, visit_run};
use crate::resolve::{Asset, Resolved};
use crate::workspace::{FontSet, Layout, LayoutSet, Publication};

/// An edition that was laid out.
pub struct Paginated {
    /// The pages.
    pub document: PagedDocument,
    /// Whether the pages contain characters without a glyph. They then cannot be exported.
    pub lacks_glyphs: bool,
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
    /// The sources that spans refer to.
    pub sources: &'a Sources,
    /// Space that is added to inner margins, in points; 0 except for print products.
    pub gutter: f64,
}

/// Lays an edition out and returns its pages with warnings.
///
/// # Errors
///
/// Returns the errors of Typst, each at the line of the author or of the layout that caused it, or an error if the layout
/// produces no page.
pub fn paginate(setting: Setting<'_>, edition: &Resolved) -> Result<(Paginated, Diagnostics), Diagnostics> {
    compile(setting, edition, &|| Ok(generate(setting.layout, setting.fonts, edition, setting.gutter)))
}

/// Compiles generated sources with Typst. Characters without a glyph are errors. In a lenient build, they are warnings, and their
/// code points are printed instead.
fn compile(
    setting: Setting<'_>,
    edition: &Resolved,
    sources: &dyn Fn() -> Result<Generated, Diagnostics>,
) -> Result<(Paginated, Diagnostics), Diagnostics> {
    let first = compile_once(setting, World::new(setting, edition, sources()?, &[]));
    let (mut pages, mut found) = first.map_err(|found| named_images(setting, edition, found))?;
    let missing = MissingGlyphs::of(&pages.document, &pages.world);
    if missing.is_empty() {
        return Ok((pages, found));
    }
    let reported = missing.diagnostics(setting, edition);
    if edition.strictness.is_lenient() {
        let characters: Vec<char> = missing.characters().collect();
        drop(pages);
        (pages, found) = compile_once(setting, World::new(setting, edition, sources()?, &characters))?;
    } else {
        pages.lacks_glyphs = true;
    }
    found.extend(reported);
    Ok((pages, found))
}

/// Replaces errors of Typst about images, which name neither the file nor its location, with those of [`damaged_images`]. Returns
/// the errors of Typst if all images can be decoded.
fn named_images(setting: Setting<'_>, edition: &Resolved, found: Diagnostics) -> Diagnostics {
    if !found.iter().any(|problem| problem.message.starts_with("failed to ")) {
        return found;
    }
    let damaged = damaged_images(setting, edition, &|bytes| !is_readable(bytes));
    if damaged.is_empty() { found } else { damaged }
}

/// Returns a diagnostic for each raster image of an edition that `is_damaged` selects, at the first image that shows it.
pub fn damaged_images(
    setting: Setting<'_>,
    edition: &Resolved,
    is_damaged: &(dyn Fn(&bytes::Bytes) -> bool + Sync),
) -> Diagnostics {
    let is_damaged = |(_, asset): &(usize, &Asset)| !asset.is_drawing() && is_damaged(&asset.bytes);
    let damaged: Vec<(usize, &Asset)> = edition.assets.par_iter().enumerate().filter(is_damaged).collect();
    let damaged = damaged.into_iter().map(|(index, asset)| {
        let place = edition.sections.iter().find_map(|section| place_of_image(&section.body, index));
        let manifest = &setting.publication.manifest;
        let fault = Diagnostic::new(code::IMAGE, format!("\"{}\" is damaged", asset.path));
        fault.at(place.unwrap_or_else(|| manifest.span(&manifest.value.title))).hint("export it again")
    });
    damaged.collect()
}

/// Returns the location of the first image that shows an asset.
fn place_of_image(body: &[Block<Linked>], asset: usize) -> Option<Span> {
    let mut place = None;
    visit(body, &mut |node| match node {
        ModelNode::Block(Block { span, kind: BlockKind::Figure(image), .. }) if image.asset == asset => {
            place = place.or(Some(*span))
        }
        ModelNode::Text(text) | ModelNode::Title(text) => visit_run(text, &mut |inline| {
            if matches!(&inline.kind, InlineKind::Image(image) if image.asset == asset) {
                place = place.or(Some(inline.span));
            }
        }),
        ModelNode::Block(_) => {}
    });
    place
}

fn compile_once(setting: Setting<'_>, world: World) -> Result<(Paginated, Diagnostics), Diagnostics> {
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
        Ok(document) => Ok((Paginated { document, lacks_glyphs: false, world }, found)),
        Err(errors) => {
            found.extend(problem::translate(&world, &errors, setting, code::TYPST));
            Err(found)
        }
    }
}

impl Paginated {
    /// Translates the errors of Typst's PDF export into diagnostics.
    pub fn export_errors(
        &self,
        setting: Setting<'_>,
        edition: &Resolved,
        errors: &[typst::diag::SourceDiagnostic],
    ) -> Diagnostics {
        named_images(setting, edition, problem::translate(&self.world, errors, setting, code::STANDARD))
    }
}
