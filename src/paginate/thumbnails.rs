//! Thumbnails of the pages, and digests of the rendered pages, by which changes in their appearance are detected.

use rayon::prelude::*;
use typst_layout::Page;
use typst_render::RenderOptions;

use super::cover::draw_small;
use super::heads::without_running_heads;
use super::{PageImage, Paginated};
use crate::diagnostic::Diagnostics;
use crate::disk::Digest;

/// Resolution of the thumbnails in pixels per point: 54 per inch.
const THUMBNAIL_SCALE: f64 = 0.75;

/// Resolution at which pages are digested, in pixels per point: 96 per inch, so that a changed letter is detected.
const DIGEST_SCALE: f64 = 96.0 / 72.0;

/// A small image of a page, with digests of its appearance.
#[derive(Clone, Debug)]
pub struct Thumbnail {
    /// The picture, without bleed.
    pub picture: PageImage,
    /// Digest of the pixels at 96 per inch, equal for pages that look the same.
    pub look: Digest,
    /// Digest of the pixels of the page without running heads and folios.
    pub body: Digest,
}

impl Paginated {
    /// Renders each page without its bleed.
    ///
    /// # Errors
    ///
    /// Returns an internal error if a PNG cannot be encoded.
    pub fn thumbnails(&self) -> Result<Vec<Thumbnail>, Diagnostics> {
        let thumbnail = |page: &Page| {
            let (picture, look, body) = (draw_small(page, THUMBNAIL_SCALE)?, look(page), look(&without_running_heads(page)));
            Ok(Thumbnail { picture, look, body })
        };
        self.document.pages().par_iter().map(thumbnail).collect()
    }
}

/// Digests the size and the pixels of a page.
fn look(page: &Page) -> Digest {
    let pixels = typst_render::render(page, &RenderOptions { pixel_per_pt: DIGEST_SCALE.into(), render_bleed: false });
    let size = format!("{} {}", pixels.width(), pixels.height());
    Digest::of_list([size.as_str(), &Digest::of(pixels.data()).to_string()])
}
