//! An image of the export, and the layout of its samples.

use std::sync::Arc;

use lopdf::Stream;

use super::FinishError;
use super::colour::Painter;
use super::space::Space;
use super::unpack::Coding;
use crate::disk::Digest;
use crate::icc::{Channels, SourceProfile, byte};

/// The encoding of an image of the export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// A JPEG file (`DCTDecode`).
    Jpeg,
    /// Samples, with lossless filters.
    Samples,
}

/// The context in which an image is painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PaintContext {
    /// On the page, in a group, or in a mask of opacity.
    Page,
    /// In a luminosity mask, where values are light, not ink.
    Luminosity,
}

/// An image of the export, or the file that replaces it.
pub(super) struct PdfImage<'a> {
    /// Width and height in pixels.
    pub size: [u32; 2],
    pub channels: Channels,
    pub encoding: Encoding,
    /// The stored bytes. For a JPEG, the file.
    pub stored: &'a [u8],
    /// The embedded profile; `None` for sRGB, its greys, and the inks of the press.
    pub profile: Option<Arc<SourceProfile>>,
    /// Whether the values are stored inverted: 255 is no ink.
    pub inverted: bool,
    pub context: PaintContext,
    /// Digest of the stored bytes and of the parameters that determine the colours.
    pub digest: Digest,
    pub bits: usize,
    pub table: Option<&'a [u8]>,
    pub stream: &'a Stream,
    pub coding: &'a Coding,
}

/// The layout of the samples of an image.
pub(super) struct SampleLayout {
    pub channels: Channels,
    pub profile: Option<(Digest, Arc<SourceProfile>)>,
    /// The colours of an indexed image.
    pub table: Option<Vec<u8>>,
}

impl SampleLayout {
    /// Reads the colour space of an image. Tints of one colorant, and indexed colours in spaces other than grey, RGB and CMYK,
    /// become a table of inks.
    ///
    /// # Errors
    ///
    /// Returns an error for any other colour space.
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
