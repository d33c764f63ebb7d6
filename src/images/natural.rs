//! The natural size of images: the largest size at which they are shown, unless the author sets a width.

use super::header::Header;

/// Resolution of a CSS pixel, in pixels per inch (CSS Values 4 §6.2).
const CSS_RESOLUTION: f64 = 96.0;

/// The largest plausible resolution, in pixels per inch. Larger values in files are mistakes.
const MAX_RESOLUTION: f64 = 4800.0;

/// The natural width of an image, in hundredths of a CSS pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NaturalWidth(u32);

impl NaturalWidth {
    /// Creates a width from CSS pixels.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
    pub fn of_css_pixels(pixels: f64) -> Self {
        Self((pixels * 100.0).round().max(1.0) as u32)
    }

    /// Returns the width of a raster image: a pixel is at most one CSS pixel wide. Many programs write 72 pixels per inch by
    /// default, so only a higher resolution than that of CSS makes an image smaller.
    pub fn of_header(header: &Header) -> Self {
        let (width, _) = header.upright();
        let resolution = header.upright_density().map_or(CSS_RESOLUTION, |(across, _)| f64::from(across) * 0.0254);
        let resolution = if (CSS_RESOLUTION..=MAX_RESOLUTION).contains(&resolution) { resolution } else { CSS_RESOLUTION };
        Self::of_css_pixels(f64::from(width) * CSS_RESOLUTION / resolution)
    }

    /// Returns the width in CSS pixels.
    pub fn css_pixels(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    /// Returns the width in points of 1/72 inch.
    pub fn points(self) -> f64 {
        self.css_pixels() * 72.0 / CSS_RESOLUTION
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(density: Option<(u32, u32)>, bytes: &[u8]) -> Header {
        Header { density, ..Header::read(bytes).unwrap() }
    }

    #[test]
    fn only_a_high_resolution_makes_an_image_smaller() {
        let bytes = include_bytes!("../../tests/suite/images/rgb16.png");
        let pixels = f64::from(Header::read(bytes).unwrap().width);
        let width = |per_inch: f64| {
            let per_metre = (per_inch / 0.0254).round() as u32;
            NaturalWidth::of_header(&header(Some((per_metre, per_metre)), bytes)).css_pixels().round()
        };
        assert_eq!(NaturalWidth::of_header(&header(None, bytes)).css_pixels(), pixels);
        assert_eq!([width(72.0), width(96.0), width(192.0), width(9600.0)], [pixels, pixels, pixels / 2.0, pixels]);
        assert_eq!(NaturalWidth::of_css_pixels(96.0).points(), 72.0);
    }
}
