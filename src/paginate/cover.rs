//! The cover image (the first page, rendered), and the rendering of any page.
//!
//! If the layout exports a function for the cover page, the image is always rendered from it, so that the image does not depend
//! on whether the other pages are laid out.

use std::io::{Cursor, Write};

use png::{ColorType, DeflateCompression, Encoder, EncodingError, Filter};
use typst::foundations::{Label, Selector};
use typst::introspection::Introspector;
use typst::utils::PicoStr;
use typst_layout::Page;
use typst_render::RenderOptions;

use super::markup::{NO_COVER, generate_cover};
use super::{Paginated, Setting, compile, pictures};
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::disk::Digest;
use crate::resolve::{Asset, Resolved};

/// A rendered page as PNG.
#[derive(Clone, Debug)]
pub struct PageImage {
    /// The PNG file.
    pub png: Vec<u8>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// Longer side of the cover image in pixels: stores require 1,400 or more.
const LONG_SIDE: f64 = 1600.0;

/// Lays out and renders the cover page without the other pages. Returns `None` if the layout does not export a cover page.
///
/// # Errors
///
/// Returns the errors of Typst, or an internal error if the page cannot be rendered.
pub fn cover(setting: Setting<'_>, edition: &Resolved) -> Result<Option<(PageImage, Diagnostics)>, Diagnostics> {
    let (pages, warnings) = compile(setting, edition, &|| Ok(generate_cover(setting.layout, edition)))?;
    let missing = Label::new(PicoStr::intern(NO_COVER)).map(Selector::Label);
    let missing = missing.is_some_and(|label| !pages.document.introspector().query(&label).is_empty());
    if missing { Ok(None) } else { Ok(Some((pages.cover()?, warnings))) }
}

/// Returns the digest of the inputs of [`cover`]: sources, images that they name, layouts, fonts and the build of the tool.
pub fn cover_key(setting: Setting<'_>, edition: &Resolved) -> Digest {
    let generated = generate_cover(setting.layout, edition);
    let named = |asset: &&Asset| generated.files.iter().any(|file| file.text.contains(&pictures::own_path(asset)));
    let images = edition.assets.iter().filter(named).map(|asset| asset.bytes.digest().to_string());
    let sets = [setting.layouts.digest, setting.fonts.digest].map(|digest| digest.to_string());
    let lenient = edition.strictness.is_lenient().to_string();
    let mut inputs: Vec<String> = ["cover".into(), lenient].into_iter().chain(sets).chain(images).collect();
    inputs.extend(generated.files.into_iter().flat_map(|file| [file.path, file.text]));
    Digest::of_list(inputs.iter().map(String::as_str))
}

impl PageImage {
    /// Reads an image that was rendered before. Returns `None` if it is not a PNG.
    pub fn from_png(png: Vec<u8>) -> Option<Self> {
        let (width, height) = png::Decoder::new(Cursor::new(&png)).read_info().ok()?.info().size();
        Some(Self { png, width, height })
    }
}

impl Paginated {
    /// Renders the first page as the cover image.
    ///
    /// # Errors
    ///
    /// Returns an internal error if there is no page or the PNG cannot be encoded.
    pub fn cover(&self) -> Result<PageImage, Diagnostics> {
        let page = self.document.pages().first().ok_or_else(failed)?;
        let size = page.frame.size();
        draw(page, LONG_SIDE / size.x.to_pt().max(size.y.to_pt()).max(1.0), false)
    }
}

fn failed() -> Diagnostics {
    Diagnostic::new(code::INTERNAL, "the image of a page cannot be rendered").into()
}

/// Renders a page with `scale` pixels per point.
///
/// # Errors
///
/// Returns an internal error if the PNG cannot be encoded.
pub fn draw(page: &Page, scale: f64, with_bleed: bool) -> Result<PageImage, Diagnostics> {
    // Higher levels take three to six times as long and save only about 30 kB.
    render(page, scale, with_bleed, (DeflateCompression::Level(1), Filter::NoFilter))
}

/// Renders a page without its bleed, with `scale` pixels per point, as a small file.
///
/// # Errors
///
/// Returns an internal error if the PNG cannot be encoded.
pub fn draw_small(page: &Page, scale: f64) -> Result<PageImage, Diagnostics> {
    render(page, scale, false, (DeflateCompression::Level(9), Filter::Adaptive))
}

fn render(page: &Page, scale: f64, with_bleed: bool, encoding: (DeflateCompression, Filter)) -> Result<PageImage, Diagnostics> {
    let pixels = typst_render::render(page, &RenderOptions { pixel_per_pt: scale.into(), render_bleed: with_bleed });
    let (width, height) = (pixels.width(), pixels.height());
    let png = encoded(pixels.data(), [width, height], encoding).map_err(|_| failed())?;
    Ok(PageImage { png, width, height })
}

/// Encodes RGBA pixels as an RGB PNG, row by row. The alpha channel is dropped, because the page is opaque.
fn encoded(
    pixels: &[u8],
    [width, height]: [u32; 2],
    (compression, filter): (DeflateCompression, Filter),
) -> Result<Vec<u8>, EncodingError> {
    let mut png = Vec::new();
    let mut encoder = Encoder::new(&mut png, width, height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_deflate_compression(compression);
    encoder.set_filter(filter);
    let mut writer = encoder.write_header()?;
    let mut rows = writer.stream_writer()?;
    let mut row = vec![0; width as usize * 3];
    for pixels in pixels.chunks_exact((width as usize * 4).max(1)) {
        for (colour, [r, g, b, _]) in row.as_chunks_mut().0.iter_mut().zip(pixels.as_chunks().0) {
            *colour = [*r, *g, *b];
        }
        rows.write_all(&row)?;
    }
    rows.finish()?;
    writer.finish()?;
    Ok(png)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_pixels_in_order() {
        let pixels = [1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 255, 10, 11, 12, 255];
        for encoding in [(DeflateCompression::Level(1), Filter::NoFilter), (DeflateCompression::Level(9), Filter::Adaptive)] {
            let png = encoded(&pixels, [2, 2], encoding).unwrap();
            let read = image::load_from_memory(&png).unwrap();
            assert_eq!((read.width(), read.height()), (2, 2));
            assert_eq!(read.into_rgb8().into_raw(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        }
    }
}
