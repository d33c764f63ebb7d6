//! The EPUB of an edition: its cover, its images and its fonts.

use std::collections::BTreeMap;

use bytes::Bytes;
use rayon::prelude::*;

use super::super::Plan;
use super::Stages;
use crate::accessibility::AccessibilityFacts;
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::output::{embedded_fonts, epub, symbol_fonts};
use crate::paginate::{PageImage, PageStart, cover, cover_key, damaged_images};
use crate::product::Product;
use crate::resolve::{Asset, Resolved};

impl Stages<'_> {
    /// Returns the image of the cover page of the layout, with its findings. An image without findings is kept for later builds.
    pub(super) fn own_cover(&self, edition: &Resolved) -> Result<Option<(PageImage, Diagnostics)>, Diagnostics> {
        let key = cover_key(self.setting(), edition);
        if let Some(kept) = self.job.images.cover(&key) {
            return Ok(Some((kept, Diagnostics::default())));
        }
        let made = cover(self.setting(), edition)?;
        if let Some((image, _)) = made.as_ref().filter(|(_, findings)| findings.is_empty()) {
            self.job.images.keep_cover(&key, image);
        }
        Ok(made)
    }

    /// Reports damaged images if no PDF is made: the EPUB contains the files, and only the export of a PDF decodes them.
    pub(super) fn intact_images(&self, edition: &Resolved, plan: &Plan) -> Result<(), Diagnostics> {
        if plan.makes(Product::ScreenPdf) || plan.press {
            return Ok(());
        }
        let damaged = damaged_images(self.setting(), edition, &|bytes| self.job.images.is_damaged(bytes));
        if damaged.is_empty() { Ok(()) } else { Err(damaged) }
    }

    /// Returns the versions of images for the EPUB, by the index of the asset.
    fn fitted_images(&self, edition: &Resolved) -> BTreeMap<usize, Bytes> {
        if !edition.fit_images {
            return BTreeMap::new();
        }
        let fitted = |(index, asset): (usize, &Asset)| Some((index, self.job.images.fitted(&asset.bytes)?));
        edition.assets.par_iter().enumerate().filter_map(fitted).collect()
    }

    /// Writes the EPUB. `starts` are the starts of the pages of its page list, whose page breaks the edition contains.
    pub(super) fn epub(
        &self,
        edition: &Resolved,
        facts: &AccessibilityFacts,
        cover: &PageImage,
        starts: Option<&[PageStart]>,
    ) -> Result<epub::WrittenEpub, Diagnostics> {
        let faces = &self.context.workspace.fonts().faces;
        let (fonts, symbols) = (embedded_fonts(&edition.brand.fonts, faces), symbol_fonts(faces));
        let layout = self.job.layout;
        let images = self.fitted_images(edition);
        let parts = epub::Parts {
            images: &images,
            cover,
            accessibility: facts,
            common_css: &layout.common_css,
            layout_css: &layout.css,
            title_page_links: layout.manifest.title_page_links.as_deref(),
            fonts: &fonts,
            symbols: &symbols,
            pages: edition.page_list.zip(starts).map(|(product, starts)| epub::PageSource { product, starts }),
        };
        epub::write(edition, &parts)
    }
}

/// Returns a warning for a large font that an EPUB contains whole.
pub fn heavy_font(font: &epub::WholeFont) -> Diagnostic {
    let epub::WholeFont { name, family, bytes, reason } = font;
    let (why, hint) = match reason {
        epub::WholeReason::Licence => (
            "its licence is not known to allow a subset",
            format!(
                "use a smaller font; if it has the Open Font License, declare it:  [[brand.typography.fonts]]  family = \"{family}\"  \
                 licence = \"OFL-1.1\""
            ),
        ),
        epub::WholeReason::Named => (
            "a style sheet of the layout names its family",
            "use var(--font-base) or another variable of the brand in the style sheet, or use a smaller font".to_owned(),
        ),
        epub::WholeReason::Forbidden => ("its file forbids subsets", "use a smaller font".to_owned()),
        epub::WholeReason::Shaping => ("the text needs its rules for shaping", "use a smaller font".to_owned()),
    };
    let message = format!("the EPUB contains the whole font \"{name}\" of {} MB, because {why}", bytes.div_ceil(1_000_000));
    Diagnostic::new(code::HEAVY_FONT, message).hint(hint)
}
