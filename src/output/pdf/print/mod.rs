//! The print PDF: converts a PDF that Typst exports with bleed into PDF/X-4 (ISO 15930-7).
//!
//! `finish` is a pure function of bytes. It copies every object that the pages use into a new file and converts all colours. An
//! object that both a page and a luminosity mask use is copied twice.
//!
//! | form in the export | in print | where |
//! |---|---|---|
//! | sRGB colour | inks of the token, else black ink for greys, else conversion by the profile of the press | `colour`, `content` |
//! | grey colour | black ink, by the lightness of black alone | `colour`, `content` |
//! | small text in the foreground colour or in black | black ink alone, overprinted | `content` |
//! | small text in the colour of secondary text, small text and thin lines in near greys | black ink alone, of the same lightness | `content` |
//! | gradient | ends converted; 17 samples where they are far apart | `shading` |
//! | mixture of a token in a spot ink and white | a tint of the spot ink | `colour`, `spots` |
//! | mixture of a token in a spot ink and black | black ink over the spot ink | `colour`, `spots` |
//! | gradient from or to a token in a spot ink | the spot ink and the process inks, fading into each other | `spots` |
//! | PostScript function of a gradient | the same code for four inks | `postscript` |
//! | mesh gradient | the colours at its corners converted | `mesh` |
//! | luminosity mask | grey, not converted by the profile of the press | `colour` |
//! | transparency group | DeviceCMYK, in a luminosity mask DeviceGray | `walk` |
//! | image | from the profile of the image to the profile of the press; greys to black ink | `pixels`, `crate::images` |
//! | JPEG 2000, fax or JBIG2 image | decoded, then like other images | `unpack` |
//! | transparent colour of an image, opacity in JPEG 2000 | a separate mask | `pixels` |
//! | spot colour | kept, with DeviceCMYK as the alternate colour space | `space` |
//!
//! | required by ISO 15930-7 | where |
//! |---|---|
//! | §6.2 output intent with its profile | `identity` |
//! | §6.3 boxes | `page` |
//! | §6.4 no annotations in the page, no actions | `walk`: only painted objects are copied |
//! | §6.7 metadata, §6.8 version and trapping | `identity` |

mod colour;
mod content;
mod font;
mod function;
mod glyphs;
mod identity;
mod image;
mod layers;
mod marks;
mod matrix;
mod mesh;
mod outline;
mod page;
mod pixels;
mod postscript;
mod report;
mod shading;
mod space;
mod spots;
#[cfg(test)]
mod tests;
pub(super) mod token;
mod unpack;
mod usage;
mod walk;

use std::collections::BTreeMap;
use std::io::Write;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId, Stream};
use rayon::prelude::*;
use uuid::Uuid;

use self::image::PaintContext;
pub use self::marks::SEPARATOR;
pub use self::report::{Blend, ConvertedColour, FontUse, ImageColour, ImageUse, MultiInkText, PageReport, PrintReport, Stroke};
use self::walk::Walk;
use super::FinishError;
use super::finish::{entry, resolved, write};
use crate::disk::Digest;
use crate::icc::OutputProfile;
use crate::images::PressCache;
use crate::manifest::Date;

/// A colour of the brand with its inks.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenInks {
    /// Its sRGB value, which identifies it in the export.
    pub rgb: [u8; 3],
    /// Its inks.
    pub ink: Ink,
}

/// The inks of a colour.
#[derive(Clone, Debug, PartialEq)]
pub enum Ink {
    /// Cyan, magenta, yellow and black, 0 to 1.
    Process([f32; 4]),
    /// A spot ink.
    Spot {
        /// Its name in the system of its manufacturer: `PANTONE 286 C`.
        name: String,
        /// Its nearest process inks, 0 to 1.
        cmyk: [f32; 4],
    },
}

/// The inks of a print product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InkSet {
    /// Four process inks, and the spot inks of tokens and of the layout.
    #[default]
    Cmyk,
    /// Black alone.
    Gray,
}

/// Text that is printed in black alone, so that misregistration does not blur it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BlackText {
    /// The foreground colour. It is printed as solid black, which overprints its background. Pure black text is always included.
    pub foreground: [u8; 3],
    /// The colour of secondary text. It is printed as black of the same lightness.
    pub secondary: [u8; 3],
    /// The largest size, in points.
    pub largest: f32,
}

impl BlackText {
    /// The default maximum size, up to which misregistration is visible, in points.
    pub const LARGEST: f32 = 12.0;
}

/// The settings of the colour conversion.
#[derive(Clone, Copy, Debug)]
pub struct Press<'a> {
    /// The profile of the press.
    pub profile: &'a OutputProfile,
    /// Colours with declared inks. Of two with the same sRGB value, the first is used.
    pub tokens: &'a [TokenInks],
    /// The inks.
    pub mode: InkSet,
    /// The text that is printed in black alone.
    pub black_text: Option<BlackText>,
    /// The colour of unprinted paper. It is converted to no ink.
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

/// The parameters of the pass besides the exported PDF.
#[derive(Clone, Copy)]
pub struct PrintJob<'a> {
    /// The settings of the colour conversion.
    pub press: Press<'a>,
    /// The bleed of the export, in points.
    pub bleed: f32,
    /// Whether crop and registration marks are drawn.
    pub marks: bool,
    /// The folds of a sheet: their distances from the left edge of the trimmed page, in points, in order. They are drawn only
    /// with marks.
    pub folds: &'a [f32],
    /// The line outside the page. It is drawn only with marks.
    pub slug: Option<Slug<'a>>,
    /// Title of the publication.
    pub title: &'a str,
    /// Its language (BCP 47).
    pub lang: &'a str,
    /// Date of the edition.
    pub created: Date,
    /// Date of the last change, if it differs.
    pub modified: Option<Date>,
    /// Identifier of this product of the edition.
    pub identifier: Uuid,
    /// The program: `reliure 0.1.0`.
    pub creator: &'a str,
    /// Whether the PDF claims conformance to PDF/X-4.
    pub claims: bool,
    /// Label of the edition, for the metadata: `2`, `2023-05`.
    pub version: &'a str,
    /// The cache of converted images.
    pub images: &'a dyn PressCache,
    /// CMYK files that replace images, by the digest of the exported image.
    pub originals: &'a BTreeMap<Digest, Bytes>,
}

/// Returns the PDF/X-4 and the report for the preflight. Equal input gives equal bytes, on any number of threads.
///
/// # Errors
///
/// Returns an error if the bytes are not a PDF, or if a colour in them cannot be converted. The error names the object.
pub fn finish(pdf: &[u8], job: &PrintJob<'_>) -> Result<(Vec<u8>, PrintReport), FinishError> {
    let options = LoadOptions { strict: true, ..LoadOptions::default() };
    let document = Document::load_mem_with_options(pdf, options).map_err(FinishError::Unreadable)?;
    if document.is_encrypted() {
        return Err(FinishError::Unexpected("it is encrypted".into()));
    }
    let mut walk = Walk::new(&document, job.press);
    let tree = walk.new_id();
    let pages = page::convert(&mut walk, job, tree)?;
    let (root, info) = identity::write(&mut walk, job, tree)?;
    let pictures = std::mem::take(&mut walk.pictures);
    let images = pixels::convert(&pictures, job)?;
    for (picture, image) in pictures.iter().zip(&images) {
        walk.insert(picture.id, image.stream(picture));
        if let Some(mask) = &image.mask {
            walk.insert_plain(mask.0, mask.1.clone());
        }
    }
    let fonts = std::mem::take(&mut walk.fonts);
    let spots: Vec<String> = walk.painter.spots.iter().map(|(name, _)| (*name).to_owned()).collect();
    let report = page::report(&pages, &images, fonts, &spots);
    let plain = std::mem::take(&mut walk.plain);
    let mut print = Document::with_version("1.6");
    print.objects = walk.into_objects();
    deflate(&mut print, plain.into_iter().collect());
    print.trailer.set("Root", root);
    print.trailer.set("Info", info);
    print.trailer.set("ID", identity::file_id(&document, pdf));
    Ok((write(print, pdf.len())?, report))
}

/// Deflates streams, in parallel.
fn deflate(document: &mut Document, streams: Vec<ObjectId>) {
    let contents: Vec<(ObjectId, Vec<u8>)> = streams
        .into_iter()
        .filter_map(|id| match document.objects.get_mut(&id) {
            Some(Object::Stream(stream)) => Some((id, std::mem::take(&mut stream.content))),
            _ => None,
        })
        .collect();
    let packed: Vec<(ObjectId, Vec<u8>, bool)> = contents
        .into_par_iter()
        .map(|(id, plain)| match deflated(&plain) {
            Some(packed) if packed.len() < plain.len() => (id, packed, true),
            _ => (id, plain, false),
        })
        .collect();
    for (id, content, packed) in packed {
        if let Some(Object::Stream(stream)) = document.objects.get_mut(&id) {
            stream.set_content(content);
            if packed {
                stream.dict.set("Filter", "FlateDecode");
            }
        }
    }
}

fn deflated(plain: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(plain.len() / 2), Compression::default());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok()
}

/// Maximum size of an inflated stream in bytes.
const MAX_INFLATED: usize = 1 << 31;

/// Returns the content of a stream without filters.
fn plain(stream: &Stream) -> Result<Vec<u8>, FinishError> {
    stream.get_plain_content_with_limit(MAX_INFLATED).map_err(FinishError::Unreadable)
}

/// Returns the numbers of an array, or a single number.
fn numbers(document: &Document, object: &Object) -> Vec<f32> {
    match resolved(document, object) {
        Some(Object::Array(items)) => items.iter().filter_map(|item| resolved(document, item)?.as_float().ok()).collect(),
        Some(object) => object.as_float().ok().into_iter().collect(),
        None => Vec::new(),
    }
}

/// Returns an entry of a page, or of the nodes of the page tree above it (ISO 32000-1 §7.7.3.4).
fn inherited<'d>(document: &'d Document, page: &'d Dictionary, key: &[u8]) -> Option<&'d Object> {
    let mut node = page;
    for _ in 0..32 {
        if let Some(value) = entry(document, node, key) {
            return Some(value);
        }
        node = entry(document, node, b"Parent")?.as_dict().ok()?;
    }
    None
}
