//! What an image of the export is, and what becomes of it.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use lopdf::Stream;

use super::colour::{Painter, byte};
use super::space::Space;
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
    /// Samples, deflated (`FlateDecode`). In the export they may have any other filter.
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
    /// How the bytes are packed.
    pub encoding: Encoding,
    /// The bytes as they are stored. For a JPEG, the file.
    pub stored: &'a [u8],
    /// The embedded profile; `None` for sRGB, its greys, and the inks of the press.
    pub profile: Option<Arc<SourceProfile>>,
    /// The values are stored from light to dark: 255 is no ink.
    pub inverted: bool,
    /// Where it is painted.
    pub ground: Ground,
    /// Digest of the stored bytes and of all that decides the colours of pixels.
    pub digest: Digest,
    pub(super) bits: usize,
    pub(super) table: Option<&'a [u8]>,
    pub(super) stream: Cow<'a, Stream>,
}

/// An image for print.
#[derive(Clone, Debug, PartialEq)]
pub struct Converted {
    /// The values of a pixel: grey or inks.
    pub channels: Channels,
    /// How the bytes are packed; samples are deflated, 8 bits each.
    pub encoding: Encoding,
    /// The bytes.
    pub bytes: Bytes,
    /// The values are stored inverted: 255 is no ink.
    pub inverted: bool,
    /// The most ink of a pixel.
    pub ink: f32,
    /// The most cyan, magenta and yellow of a pixel.
    pub colours: f32,
    /// Which of cyan, magenta, yellow and black a pixel has.
    pub process: [bool; 4],
}

/// What the samples of an image are.
pub(super) struct Layout {
    pub channels: Channels,
    pub profile: Option<(Digest, Arc<SourceProfile>)>,
    /// The colours of an indexed image.
    pub table: Option<Vec<u8>>,
}

impl Layout {
    /// Reads the colour space of an image. Colours that are neither grey, RGB nor CMYK become a table of inks.
    pub(super) fn new(space: &Space, painter: &mut Painter<'_>) -> Result<Self, FinishError> {
        let direct = |channels, profile| Ok(Self { channels, profile, table: None });
        match space {
            Space::Gray => direct(Channels::Gray, None),
            Space::Rgb => direct(Channels::Rgb, None),
            Space::Cmyk => direct(Channels::Cmyk, None),
            Space::Profiled(digest, profile) => direct(profile.channels(), Some((*digest, Arc::clone(profile)))),
            Space::Indexed(base, table) => match Self::new(base, painter) {
                Ok(layout) if layout.table.is_none() => Ok(Self { table: Some(table.clone()), ..layout }),
                _ => {
                    let count = table.len() / base.components().max(1);
                    let index = |at: usize| base.indexed(table, super::function::ratio(at, 1));
                    Ok(Self::inks((0..count).map(|at| base.solid(&index(at), painter).ink)))
                }
            },
            Space::Tint(tint) if tint.names.len() == 1 => {
                Ok(Self::inks((0..=255_u8).map(|tint| space.solid(&[f32::from(tint) / 255.0], painter).ink)))
            }
            _ => Err(FinishError::Unexpected("an image has colours that are neither grey, RGB nor CMYK".into())),
        }
    }

    fn inks(colours: impl Iterator<Item = [f32; 4]>) -> Self {
        Self { channels: Channels::Cmyk, profile: None, table: Some(colours.flatten().map(byte).collect()) }
    }
}
