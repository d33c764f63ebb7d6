//! Settings and figures of print products: press profiles, each parsed once per build; page counts and inks; the gutter; and the
//! checks of a cover sheet.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::disk::Digest;
use crate::icc::OutputProfile;
use crate::manifest::Binding;
use crate::model::plain_text;
use crate::output::pdf::print::PrintReport;
use crate::paginate::Blanks;
use crate::product::Product;
use crate::resolve::{CoverSettings, Images, PrintSettings, Resolved};
use crate::workspace::{Layout, LayoutSet};

/// The default press profile, a file of the layouts: FOGRA39, coated paper.
const DEFAULT: &str = "layouts/common/print/ISOcoated_v2_300_bas.icc";

/// The profiles that were parsed, by the digest of their bytes.
#[derive(Default)]
pub struct PressProfiles(Mutex<BTreeMap<Digest, Arc<OutputProfile>>>);

impl PressProfiles {
    /// Returns the profile that an edition is printed with.
    ///
    /// # Errors
    ///
    /// Returns an error, at the location that names the profile, if the file is missing or not a CMYK output profile.
    pub fn of(
        &self,
        settings: &PrintSettings,
        images: &dyn Images,
        layouts: &LayoutSet,
    ) -> Result<Arc<OutputProfile>, Diagnostics> {
        let bytes = bytes(settings, images, layouts)?;
        let digest = Digest::of(&bytes);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(profile) = known.get(&digest) {
            return Ok(Arc::clone(profile));
        }
        let profile = OutputProfile::parse(bytes).map_err(|fault| {
            let (path, place) = settings.icc.clone().map_or((DEFAULT.to_owned(), None), |(path, place)| (path, Some(place)));
            Diagnostic::new(code::PRESS_PROFILE, format!("\"{path}\" cannot be used as a press profile: {fault}")).at(place).hint(
                "set `icc` to the CMYK output profile that your printer provides for the paper, or remove `icc` to use FOGRA39",
            )
        })?;
        let profile = Arc::new(profile);
        known.insert(digest, Arc::clone(&profile));
        Ok(profile)
    }
}

/// Returns the bytes of the profile that an edition is printed with.
///
/// # Errors
///
/// Returns an error, at the location that names the profile, if there is no such file.
pub fn bytes(settings: &PrintSettings, images: &dyn Images, layouts: &LayoutSet) -> Result<Bytes, Diagnostics> {
    let Some((path, place)) = &settings.icc else {
        return layouts
            .files
            .get(DEFAULT)
            .cloned()
            .ok_or_else(|| Diagnostic::new(code::INTERNAL, "the default press profile is missing").into());
    };
    match images.image(path) {
        Ok(Some(file)) => Ok(file.bytes.into_bytes()),
        Ok(None) => {
            let message = format!("there is no press profile \"{path}\"");
            let hint = "write the path from this file's folder, or remove `icc` for FOGRA39";
            Err(Diagnostic::new(code::FILE, message).at(*place).hint(hint).into())
        }
        Err(refused) => Err(refused.with_code(code::FILE).at(*place).into()),
    }
}

/// The page count, spine and inks of a print product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Extent {
    /// Number of pages; for a cover sheet, the number of pages of the book.
    pub pages: usize,
    /// How many of them are blank pages, added to reach a page count that the binding allows.
    pub blanks: usize,
    /// Whether the blank pages are at the end; otherwise they are before the last page, the outside of the back cover.
    pub ends_blank: bool,
    /// Width of the spine of a cover sheet, in hundredths of a millimetre.
    pub spine: Option<u32>,
    /// The inks on the pages.
    pub inks: PrintedInks,
}

/// The inks on the pages of a print product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct PrintedInks {
    /// Number of pages with black ink only, or with no ink.
    pub black_only: usize,
    /// Highest total ink coverage at any point, in percent.
    pub peak: u32,
}

impl PrintedInks {
    /// Returns the inks of a report.
    pub fn of(report: &PrintReport) -> Self {
        let black_only = report.pages.iter().filter(|page| page.is_black_only()).count();
        let peak = report.pages.iter().map(|page| page.ink).fold(0.0, f32::max);
        Self { black_only, peak: (peak * 100.0).round() as u32 }
    }
}

impl Extent {
    /// Returns the extent of a book or booklet with `pages` pages, including the blank pages.
    pub fn of_pages(pages: usize, blanks: Blanks) -> Self {
        let Blanks { count, before_back } = blanks;
        Self { pages, blanks: count, ends_blank: !before_back, spine: None, inks: PrintedInks::default() }
    }

    /// Returns the extent of the cover sheet of a book with `pages` pages. `spine` is its width in points.
    pub fn of_cover(pages: usize, spine: f64) -> Self {
        let hundredths = (spine * 2540.0 / 72.0).round();
        Self { pages, blanks: 0, ends_blank: false, spine: Some(hundredths as u32), inks: PrintedInks::default() }
    }

    /// Returns this extent with `inks`.
    pub fn with_inks(self, inks: PrintedInks) -> Self {
        Self { inks, ..self }
    }
}

/// Returns an error if an edition cannot have a cover sheet.
pub fn cover_fault(edition: &Resolved) -> Option<Diagnostic> {
    let settings = &edition.print;
    if settings.binding != Binding::Perfect {
        let fault = Diagnostic::new(code::COVER_SHEET, "only a book with perfect binding has a cover sheet");
        return Some(
            fault.at(settings.binding_at).hint("write `binding = \"perfect\"` under [print], or leave out `--format cover`"),
        );
    }
    let cover = &settings.cover;
    let missing = match (cover.spine, cover.weight, cover.bulk) {
        (Some(_), ..) | (None, Some(_), Some(_)) => return None,
        (None, None, None) => "`weight = 90` and `bulk = 1.25`",
        (None, None, Some(_)) => "`weight = 90`",
        (None, Some(_), None) => "`bulk = 1.25`",
    };
    let fault = Diagnostic::new(code::COVER_SHEET, "the width of the spine is not known: it depends on the paper of the pages");
    let stock = format!("add {missing} under [print.stock], with the numbers of your paper (g/m² and cm³/g)");
    let stated = "or add the width that your printer states under [print.cover]: `spine = \"12.5mm\"`";
    Some(fault.at(settings.binding_at).hint(stock).hint(stated))
}

/// Creates the error for a layout whose first page has text of a section, which would be printed on the cover.
pub fn text_on_cover(edition: &Resolved, layout: &str, section: usize) -> Diagnostic {
    let title = edition.sections.iter().find(|known| known.number == section).map(|section| plain_text(&section.title));
    let message = format!(
        "the layout \"{layout}\" has no cover page: its first page, which would be the front of the cover, has text of \"{}\"",
        title.unwrap_or_default()
    );
    Diagnostic::new(code::COVER_SHEET, message)
        .at(edition.print.binding_at)
        .hint("write another `binding` under [print], such as \"other\" or \"saddle-stitch\", or use a layout with a title page")
}

/// The widest spine that bookbinders usually glue, in points: 80 mm.
const WIDEST_SPINE: f64 = 80.0 * 72.0 / 25.4;

/// Maximum factor between a declared spine and the computed one. Papers of the same weight differ by less.
const SPINE_TOLERANCE: f64 = 2.0;

/// Warns about a declared spine that differs much from the computed one, and about a spine that is too wide to be bound.
pub fn spine_warning(edition: &Resolved, pages: usize) -> Option<Diagnostic> {
    let cover = &edition.print.cover;
    let mm = |points: f64| (points * 254.0 / 72.0).round() / 10.0;
    let Some(stated) = cover.spine else {
        let computed = cover.spine_width(pages).filter(|width| *width > WIDEST_SPINE)?;
        let message = format!("{pages} pages make a spine of {} mm, more than the usual maximum of 80 mm", mm(computed));
        let hint = "check `weight` (g/m²) and `bulk` (cm³/g) under [print.stock], or divide the publication into volumes";
        return Some(Diagnostic::new(code::SPINE, message).at(edition.print.binding_at).hint(hint));
    };
    // Missing data about the paper are replaced by the limits of papers used for books.
    let paper = |weight: f64, bulk: f64| {
        let (weight, bulk) = (cover.weight.unwrap_or(weight), cover.bulk.unwrap_or(bulk));
        CoverSettings { weight: Some(weight), bulk: Some(bulk), spine: None, ..cover.clone() }.spine_width(pages)
    };
    let (least, most) = match (cover.weight, cover.bulk) {
        (Some(_), Some(_)) => (paper(0.0, 0.0)? / SPINE_TOLERANCE, paper(0.0, 0.0)? * SPINE_TOLERANCE),
        _ => (paper(30.0, 0.7)?, paper(300.0, 2.5)?),
    };
    let message =
        format!("a spine of {} mm does not fit {pages} pages, which are {} to {} mm thick", mm(stated), mm(least), mm(most));
    let warning = Diagnostic::new(code::SPINE, message).at(cover.spine_at);
    let hint = "correct `spine`, or remove it and give `weight` and `bulk` under [print.stock], so that it is computed";
    (!(least..=most).contains(&stated)).then(|| warning.hint(hint))
}

/// Warns about a cover without a bar code.
pub fn bar_code_warning(edition: &Resolved) -> Option<Diagnostic> {
    let warning = Diagnostic::new(code::NO_BAR_CODE, "the back cover has no bar code: the printed book has no ISBN");
    let warning =
        warning.at(edition.print.binding_at).hint("add its own ISBN under [isbn] of publication.toml: `print = \"978-…\"`");
    edition.isbn(Product::PrintPdf).is_none().then_some(warning)
}

/// Returns the gutter of an edition with this number of pages, in points: the value in `[print]`, otherwise, for perfect binding,
/// 2 mm plus 1 mm per hundred pages, at most 10 mm. A thicker book opens less flat.
pub fn gutter(settings: &PrintSettings, pages: usize) -> f64 {
    settings.gutter.unwrap_or_else(|| {
        let hundreds = u32::try_from(pages.div_ceil(100)).unwrap_or(u32::MAX);
        (2.0 + f64::from(hundreds)).min(10.0) * 72.0 / 25.4
    })
}

/// Warns about a gutter that the layout does not add.
pub fn gutter_warning(settings: &PrintSettings, layout: &Layout, gutter: f64) -> Option<Diagnostic> {
    let (name, width) = (&layout.name, (gutter * 254.0 / 72.0).round() / 10.0);
    let message = format!("the layout \"{name}\" does not add the gutter of {width} mm to its inner margins");
    let warning = Diagnostic::new(code::NO_GUTTER, message).at(settings.gutter_at.or(settings.binding_at));
    let warning = warning
        .hint("write `gutter = \"0mm\"` under [print] if its margins are wide enough, or add `edition.gutter` to them in the layout and declare `gutter = true` in layout.toml");
    (gutter > 0.0 && !layout.manifest.gutter).then_some(warning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gutter_grows_with_the_number_of_pages() {
        let by_pages = PrintSettings { gutter: None, ..PrintSettings::default() };
        let mm = |pages: usize| (gutter(&by_pages, pages) * 25.4 / 72.0).round();
        assert_eq!([1, 100, 101, 300, 700, 701, 5000].map(mm), [3.0, 3.0, 4.0, 5.0, 9.0, 10.0, 10.0]);
        let declared = PrintSettings { gutter: Some(4.0), ..PrintSettings::default() };
        assert_eq!([1, 5000].map(|pages| gutter(&declared, pages)), [4.0, 4.0]);
        assert_eq!(gutter(&PrintSettings::default(), 300), 0.0);
    }

    #[test]
    fn a_spine_is_recorded_in_hundredths_of_a_millimetre() {
        assert_eq!(Extent::of_cover(200, 12.15 * 72.0 / 25.4).spine, Some(1215));
    }
}
