//! What was converted and what will be printed, for the preflight.

use serde::{Deserialize, Serialize};

/// What is in a print PDF. Pages are numbered from 1, lengths are in points, inks go from 0 to 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PrintReport {
    /// The pages in order.
    pub pages: Vec<PageReport>,
    /// The images of each page, the smallest resolution of each.
    pub images: Vec<ImageUse>,
    /// Colours that no token names, so that the profile of the press decided.
    pub converted: Vec<ConvertedColour>,
    /// Text under 12 pt in more than one ink.
    pub small_text: Vec<SmallText>,
    /// The fonts.
    pub fonts: Vec<FontUse>,
}

/// What is printed on a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PageReport {
    /// MediaBox: left, bottom, right, top.
    pub media: [f32; 4],
    /// BleedBox.
    pub bleed: [f32; 4],
    /// TrimBox.
    pub trim: [f32; 4],
    /// The most ink of a colour or a pixel: 2.62 is 262 %.
    pub painted: f32,
    /// The most ink at a point, with the black text that is overprinted there. It is never less than on paper. It may be more, where text
    /// is near a colour but not over it, or where layers are blended.
    pub ink: f32,
    /// Which of cyan, magenta, yellow and black are printed.
    pub process: [bool; 4],
    /// The spot inks that are printed.
    pub spots: Vec<String>,
    /// A drawing overprints white. It is printed without overprint.
    pub white_overprint: bool,
    /// The spot inks that process inks replace in gradients.
    #[serde(default)]
    pub spot_gradients: Vec<String>,
    /// Colours that are mixed with what is under them.
    pub blends: Vec<Blend>,
    /// Size of the smallest text.
    pub smallest_text: Option<f32>,
    /// The thinnest line.
    pub thinnest: Option<Stroke>,
    /// Text of fonts whose glyphs are drawings (Type 3), such as colour emoji.
    pub type3: bool,
}

impl PageReport {
    /// The page has black ink alone, or nothing.
    pub fn is_black_only(&self) -> bool {
        let [cyan, magenta, yellow, _] = self.process;
        !cyan && !magenta && !yellow && self.spots.is_empty()
    }
}

/// A line.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stroke {
    /// Its width.
    pub width: f32,
    /// Its inks.
    pub ink: [f32; 4],
}

/// A colour that is mixed with what is under it. The press mixes inks, the screen mixes light.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Blend {
    /// The blend mode: `Normal` is plain opacity.
    pub mode: String,
    /// Opacity, 0 to 1.
    pub alpha: f32,
    /// The colour, if it is a single one.
    pub rgb: Option<[u8; 3]>,
    /// How far the mixture with white paper is from that on screen (CIEDE2000), for a single colour in `Normal`.
    pub difference: Option<f32>,
}

/// The colours of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImageColour {
    /// Grey.
    Gray,
    /// Red, green and blue.
    Rgb,
    /// Cyan, magenta, yellow and black.
    Cmyk,
}

/// An image on a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImageUse {
    /// The page.
    pub page: usize,
    /// BLAKE3 digest of the image as the export has it, 64 hexadecimal digits.
    pub digest: String,
    /// Width and height in pixels.
    pub pixels: [u32; 2],
    /// Width and height where it is placed largest.
    pub placed: [f32; 2],
    /// Pixels in an inch there, the lower of the two directions.
    pub dpi: f32,
    /// Each pixel is one bit.
    pub bitonal: bool,
    /// Its colours in the export.
    pub before: ImageColour,
    /// Its colours in print; grey is black ink.
    pub after: ImageColour,
    /// Its bytes in the print PDF.
    pub bytes: usize,
    /// The most ink of a pixel.
    pub ink: f32,
}

/// An sRGB colour that the profile of the press converted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConvertedColour {
    /// The colour.
    pub rgb: [u8; 3],
    /// Its inks.
    pub ink: [f32; 4],
    /// How often it is set.
    pub uses: usize,
    /// On which pages.
    pub pages: Vec<usize>,
}

/// Small text in more than one ink.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SmallText {
    /// The page.
    pub page: usize,
    /// Size.
    pub size: f32,
    /// Its inks.
    pub ink: [f32; 4],
    /// How many runs of text.
    pub runs: usize,
}

impl SmallText {
    /// The text is black with other inks under it.
    pub fn is_rich_black(&self) -> bool {
        let [cyan, magenta, yellow, black] = self.ink;
        black >= 0.5 && cyan + magenta + yellow >= 0.05
    }
}

/// A font.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FontUse {
    /// Its PostScript name, without the letters that mark a subset.
    pub name: String,
    /// Its file is in the PDF.
    pub embedded: bool,
    /// The file has only the glyphs that are used.
    pub subset: bool,
    /// Its glyphs are drawings of the PDF (Type 3).
    pub type3: bool,
}
