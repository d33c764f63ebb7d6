//! The cover picture: the first page, rendered.

use std::io::Cursor;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use typst_render::RenderOptions;

use super::Paginated;
use crate::diagnostic::{Diagnostic, Diagnostics, code};

/// The cover picture: the first page, rendered.
#[derive(Clone, Debug)]
pub struct Cover {
    /// The picture as PNG.
    pub png: Vec<u8>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// Long side of the picture in pixels: stores ask for 1,400 or more.
const LONG_SIDE: f64 = 1600.0;

impl Paginated {
    /// Renders the first page.
    pub fn cover(&self) -> Result<Cover, Diagnostics> {
        let failed = || Diagnostics::from(Diagnostic::error(code::INTERNAL, "the cover picture could not be made"));
        let page = self.document.pages().first().ok_or_else(failed)?;
        let size = page.frame.size();
        let scale = LONG_SIDE / size.x.to_pt().max(size.y.to_pt()).max(1.0);
        let pixels = typst_render::render(page, &RenderOptions { pixel_per_pt: scale.into(), render_bleed: false });
        let (width, height) = (pixels.width(), pixels.height());
        // The page is opaque: only the colour channels are kept.
        let rgb: Vec<u8> = pixels.data().chunks_exact(4).flat_map(|pixel| pixel.iter().take(3).copied()).collect();
        let mut png = Cursor::new(Vec::new());
        PngEncoder::new_with_quality(&mut png, CompressionType::Default, FilterType::Adaptive)
            .write_image(&rgb, width, height, ExtendedColorType::Rgb8)
            .map_err(|_| failed())?;
        Ok(Cover { png: png.into_inner(), width, height })
    }
}
