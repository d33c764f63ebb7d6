//! The report of the print pass for the preflight.

use serde::{Deserialize, Serialize};

/// The contents of a print PDF. Pages are numbered from 1, lengths are in points, inks range from 0 to 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PrintReport {
    /// The pages in order.
    pub pages: Vec<PageReport>,
    /// The images of each page, each with its lowest resolution.
    pub images: Vec<ImageUse>,
    /// Colours that are not tokens and were converted by the profile of the press.
    pub converted: Vec<ConvertedColour>,
    /// Text under 12 pt in more than one ink.
    pub small_text: Vec<MultiInkText>,
    /// The fonts.
    pub fonts: Vec<FontUse>,
}

/// The contents of a printed page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PageReport {
    /// MediaBox: left, bottom, right, top.
    pub media: [f32; 4],
    /// BleedBox.
    pub bleed: [f32; 4],
    /// TrimBox.
    pub trim: [f32; 4],
    /// Maximum ink of a colour or a pixel that is not hidden by other paint: 2.62 is 262 %.
    pub painted: f32,
    /// Upper bound of the ink at a point, including overprinted black text. It may exceed the actual ink where text is near a
    /// colour, or where layers are blended.
    pub ink: f32,
    /// Whether cyan, magenta, yellow and black are printed.
    pub process: [bool; 4],
    /// The spot inks that are printed.
    pub spots: Vec<String>,
    /// Whether a drawing overprints white. It is then printed without overprint.
    pub white_overprint: bool,
    /// The spot inks that process inks replace in gradients.
    #[serde(default)]
    pub spot_gradients: Vec<String>,
    /// Colours that are blended with their backdrop.
    pub blends: Vec<Blend>,
    /// Inks of single colours that are set directly, in percent.
    #[serde(default)]
    pub given: Vec<[u8; 4]>,
    /// Size of the smallest text.
    pub smallest_text: Option<f32>,
    /// The thinnest line.
    pub thinnest: Option<Stroke>,
    /// Whether it has text in a Type 3 font, such as colour emoji.
    pub type3: bool,
}

impl PageReport {
    /// Returns whether the page has black ink only, or none.
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

/// A colour that is blended with its backdrop. A press blends inks, a screen blends light.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Blend {
    /// The blend mode: `Normal` is plain opacity.
    pub mode: String,
    /// Opacity, 0 to 1.
    pub alpha: f32,
    /// The colour, if it is a single one.
    pub rgb: Option<[u8; 3]>,
    /// Colour difference between print and screen over white (CIEDE2000), for a single colour in `Normal`.
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
    /// BLAKE3 digest of the exported image, 64 hexadecimal digits.
    pub digest: String,
    /// Width and height in pixels.
    pub pixels: [u32; 2],
    /// Width and height of its largest placement.
    pub placed: [f32; 2],
    /// The centre of that placement, from the top left corner of the trimmed page.
    pub centre: [f32; 2],
    /// Pixels per inch of that placement, the lower of the two directions.
    pub dpi: f32,
    /// Whether it has one bit per pixel.
    pub bitonal: bool,
    /// Its colours in the export.
    pub before: ImageColour,
    /// Its colours in print; grey is black ink.
    pub after: ImageColour,
    /// Its bytes in the print PDF.
    pub bytes: usize,
    /// Maximum ink of a pixel.
    pub ink: f32,
    /// Whether other paint hides the image wherever it is placed.
    #[serde(default)]
    pub hidden: bool,
}

/// An sRGB colour that the profile of the press converted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConvertedColour {
    /// The colour.
    pub rgb: [u8; 3],
    /// Its inks.
    pub ink: [f32; 4],
    /// Number of times that it is set.
    pub uses: usize,
    /// The pages that use it.
    pub pages: Vec<usize>,
}

/// Small text in more than one ink.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MultiInkText {
    /// The page.
    pub page: usize,
    /// Size.
    pub size: f32,
    /// Its inks.
    pub ink: [f32; 4],
    /// Number of runs of text.
    pub runs: usize,
}

impl MultiInkText {
    /// Returns whether the text is black with other inks.
    pub fn is_rich_black(&self) -> bool {
        let [cyan, magenta, yellow, black] = self.ink;
        black >= 0.5 && cyan + magenta + yellow >= 0.05
    }
}

/// A font.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FontUse {
    /// Its PostScript name, without the subset tag.
    pub name: String,
    /// Whether it is embedded.
    pub embedded: bool,
    /// Whether it is a subset.
    pub subset: bool,
    /// Whether it is a Type 3 font.
    pub type3: bool,
}
