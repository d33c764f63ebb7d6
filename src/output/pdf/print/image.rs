//! What an image of the export is, and what becomes of it.

use std::sync::Arc;

use bytes::Bytes;

use super::{FinishError, Press};
use crate::disk::Digest;
use crate::icc::{Channels, SourceProfile};

/// Converts the images of an export. Implementations may keep results; `PdfImage::digest` decides them, with the press.
pub trait PrintImages: Sync {
    /// Converts an image. It is called from many threads.
    ///
    /// # Errors
    ///
    /// Returns an error if the image cannot be decoded.
    fn convert(&self, image: &PdfImage<'_>, press: &Press<'_>) -> Result<Converted, FinishError>;
}

/// How the bytes of an image are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// A JPEG file (`DCTDecode`).
    Jpeg,
    /// Samples, deflated (`FlateDecode`) without predictor.
    Flate,
}

/// Where an image is painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    /// On the page, in a group, or in a mask of opacity.
    Page,
    /// In a luminosity mask: it is light, not ink.
    Luminosity,
}

/// An image of the export.
pub struct PdfImage<'a> {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// What a pixel is.
    pub channels: Channels,
    /// The bytes as they are stored.
    pub stored: &'a [u8],
    /// How they are packed. Samples may be of any depth or indexed; see `pixels`.
    pub encoding: Encoding,
    /// The embedded profile; `None` for sRGB, its greys, and the inks of the press.
    pub profile: Option<(Digest, Arc<SourceProfile>)>,
    /// The values of a JPEG are stored from light to dark: 255 is no ink.
    pub inverted: bool,
    /// Where it is painted.
    pub ground: Ground,
    /// Digest of the stored bytes and of all of the above.
    pub digest: Digest,
}

/// An image for print.
#[derive(Clone, Debug, PartialEq)]
pub struct Converted {
    /// The values of a pixel: grey or inks.
    pub channels: Channels,
    /// How the bytes are packed.
    pub encoding: Encoding,
    /// The bytes.
    pub bytes: Bytes,
    /// The values are stored inverted: 255 is no ink.
    pub inverted: bool,
    /// The most ink of a pixel.
    pub ink: f32,
    /// Which of cyan, magenta, yellow and black a pixel has.
    pub process: [bool; 4],
}

/// Converts each image whenever it is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct DirectImages;

impl PrintImages for DirectImages {
    fn convert(&self, _image: &PdfImage<'_>, _press: &Press<'_>) -> Result<Converted, FinishError> {
        Err(FinishError::Missing("conversion"))
    }
}
