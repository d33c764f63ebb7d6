//! The print PDF: turns what Typst exports with bleed into PDF/X-4 (ISO 15930-7).
//!
//! `finish` is a function from bytes to bytes. It reads the exported file, writes every object that the pages use into a new file,
//! and converts each colour on the way. An object that both a page and a luminosity mask use becomes two.
//!
//! | form in the export | in print | where |
//! |---|---|---|
//! | sRGB colour | token's ink, else black ink for greys, else the press's profile | `colour`, `content` |
//! | grey colour | black ink, by the lightness of black alone | `colour`, `content` |
//! | text in the foreground colour or in black | black ink alone, overprinted | `content` |
//! | gradient | ends converted; 17 samples where they are far apart | `shading` |
//! | PostScript function of a gradient | the same code for four inks | `postscript` |
//! | luminosity mask | grey, never through the press's profile | `colour` |
//! | transparency group | DeviceCMYK, in a luminosity mask DeviceGray | `walk` |
//! | image | profile of the image to the press's; greys to black ink | `image`, `pixels` |
//! | spot colour | kept, with inks as alternate | `space` |
//!
//! | required by ISO 15930-7 | where |
//! |---|---|
//! | §6.2 output intent with its profile | `identity` |
//! | §6.3 boxes | `page` |
//! | §6.4 no annotations in the page, no actions | `walk`: only what pages paint is copied |
//! | §6.7 metadata, §6.8 version and trapping | `identity` |

mod report;
mod image;

use std::collections::BTreeMap;

use bytes::Bytes;
use uuid::Uuid;

pub use self::image::{Converted, DirectImages, Encoding, Ground, PdfImage, PrintImages};
pub use self::report::{
    Blend, ConvertedColour, FontUse, ImageColour, ImageUse, PageReport, PrintReport, SmallText, Stroke,
};
use super::FinishError;
use crate::disk::Digest;
use crate::icc::OutputProfile;
use crate::manifest::Date;

/// A colour of the brand and the ink that prints it.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// Its value in sRGB, by which it is recognised.
    pub rgb: [u8; 3],
    /// What prints it.
    pub ink: Ink,
}

/// What prints a colour.
#[derive(Clone, Debug, PartialEq)]
pub enum Ink {
    /// Cyan, magenta, yellow and black, 0 to 1.
    Process([f32; 4]),
    /// An ink of its own.
    Spot {
        /// Its name in the ink maker's system: `PANTONE 286 C`.
        name: String,
        /// The process inks that come nearest, 0 to 1.
        cmyk: [f32; 4],
    },
}

/// In how many inks a publication is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColourMode {
    /// In four process inks, and in spot inks if tokens or the layout have them.
    #[default]
    Cmyk,
    /// In black alone.
    Gray,
}

/// Text that is printed in black alone, over what is under it, so that no plate has to be in register with another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BlackText {
    /// The foreground colour. Pure black text is always treated so.
    pub rgb: [u8; 3],
    /// The largest size, in points.
    pub largest: f32,
}

impl BlackText {
    /// The size up to which misregister is seen, in points.
    pub const LARGEST: f32 = 12.0;
}

/// How colours are converted.
#[derive(Clone, Copy, Debug)]
pub struct Press<'a> {
    /// The profile of the press.
    pub profile: &'a OutputProfile,
    /// Colours that have an ink of their own. The first of two with the same sRGB value counts.
    pub tokens: &'a [Token],
    /// The inks.
    pub mode: ColourMode,
    /// The text that is printed in black alone.
    pub black_text: Option<BlackText>,
    /// The colour of paper: where it is painted, nothing is printed.
    pub paper: Option<[u8; 3]>,
}

/// The line of text outside the trimmed page.
#[derive(Clone, Copy, Debug)]
pub struct Slug<'a> {
    /// One line for each page.
    pub lines: &'a [String],
    /// The font, whose glyphs are drawn as outlines: the bytes of a TrueType or OpenType file.
    pub font: &'a [u8],
}

/// What the pass needs beside the exported PDF.
#[derive(Clone, Copy)]
pub struct PrintJob<'a> {
    /// How colours are converted.
    pub press: Press<'a>,
    /// What is printed beyond the trim, in points: the bleed of the export.
    pub bleed: f32,
    /// Crop and registration marks are drawn.
    pub marks: bool,
    /// The line outside the page. It is drawn only with marks.
    pub slug: Option<Slug<'a>>,
    /// Title of the publication.
    pub title: &'a str,
    /// Its language (BCP 47).
    pub lang: &'a str,
    /// Date of the edition.
    pub created: Date,
    /// Date of the last change, if it is another.
    pub modified: Option<Date>,
    /// Identifier of this product of the edition.
    pub identifier: Uuid,
    /// The program: `reliure 0.1.0`.
    pub creator: &'a str,
    /// Label of the edition, for the metadata: `2`, `2023-05`.
    pub version: &'a str,
    /// Converts images.
    pub images: &'a dyn PrintImages,
    /// CMYK files that replace images, by the digest of the image as it is in the export.
    pub originals: &'a BTreeMap<Digest, Bytes>,
}

/// Returns the PDF/X-4 and what a preflight needs to know of it. Equal input gives equal bytes, on any number of threads.
///
/// # Errors
///
/// Returns an error if the bytes are no PDF, or if a form in them cannot be converted. The form is named, so that no RGB is left in
/// silence.
pub fn finish(_pdf: &[u8], _job: &PrintJob<'_>) -> Result<(Vec<u8>, PrintReport), FinishError> {
    Err(FinishError::Missing("pass"))
}
