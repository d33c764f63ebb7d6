//! The cover picture: the first page, rendered.
//!
//! Where the layout can make that page alone, the picture is always made of it, so that it is the same with and without the
//! other pages.

use std::io::Cursor;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use typst::foundations::{Label, Selector};
use typst::introspection::Introspector;
use typst::utils::PicoStr;
use typst_render::RenderOptions;

use super::markup::{NO_COVER, generate_cover};
use super::{Paginated, compile};
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::project::{Layout, Project};
use crate::resolve::Resolved;

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

/// Renders the cover page that the layout makes without the others; none when it makes none.
pub fn cover(project: &Project, layout: &Layout, edition: &Resolved) -> Result<Option<(Cover, Diagnostics)>, Diagnostics> {
    let (pages, warnings) = compile(project, layout, edition, generate_cover(layout, edition))?;
    let missing = Label::new(PicoStr::intern(NO_COVER)).map(Selector::Label);
    let missing = missing.is_some_and(|label| !pages.document.introspector().query(&label).is_empty());
    if missing { Ok(None) } else { Ok(Some((pages.cover()?, warnings))) }
}

impl Paginated {
    /// Renders the first page.
    pub fn cover(&self) -> Result<Cover, Diagnostics> {
        let failed = || Diagnostics::from(Diagnostic::error(code::INTERNAL, "the cover picture could not be made"));
        let page = self.document.pages().first().ok_or_else(failed)?;
        let size = page.frame.size();
        let scale = LONG_SIDE / size.x.to_pt().max(size.y.to_pt()).max(1.0);
        let pixels = typst_render::render(page, &RenderOptions { pixel_per_pt: scale.into(), render_bleed: false });
        let (width, height) = (pixels.width(), pixels.height());
        let rgb = colours(pixels.take());
        let mut png = Cursor::new(Vec::new());
        // The levels after the first take three to six times as long, for some thirty kilobytes.
        PngEncoder::new_with_quality(&mut png, CompressionType::Level(1), FilterType::NoFilter)
            .write_image(&rgb, width, height, ExtendedColorType::Rgb8)
            .map_err(|_| failed())?;
        Ok(Cover { png: png.into_inner(), width, height })
    }
}

/// The page is opaque: only the colours of its pixels are kept, in the memory that they stand in.
fn colours(mut pixels: Vec<u8>) -> Vec<u8> {
    let count = pixels.len() / 4;
    for at in 0..count {
        let [r, g, b] = [pixels[at * 4], pixels[at * 4 + 1], pixels[at * 4 + 2]];
        pixels[at * 3..at * 3 + 3].copy_from_slice(&[r, g, b]);
    }
    pixels.truncate(count * 3);
    pixels
}

#[cfg(test)]
mod tests {
    #[test]
    fn colours_stay_in_order_without_opacity() {
        assert_eq!(super::colours(vec![1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 255]), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
}
