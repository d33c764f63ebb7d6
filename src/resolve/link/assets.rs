//! Images. Their first bytes determine the format. Each image has the same name in all outputs.

use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use super::background::TransparentBackground;
use super::svg::{self, ConvertedImage, SvgFault, ToScreen};
use crate::disk::{Digest, composed};
use crate::images::{Format, Header, ImageFault, NaturalWidth, ScreenVersion, colours_on_transparency, may_move};
use crate::model::slug;

/// The bytes of an image with their digest, which is computed once for all copies.
#[derive(Clone, Debug)]
pub struct ImageBytes {
    bytes: Bytes,
    digest: Arc<OnceLock<Digest>>,
}

impl ImageBytes {
    /// Returns the digest.
    pub fn digest(&self) -> Digest {
        *self.digest.get_or_init(|| Digest::of(&self.bytes))
    }

    /// Returns the bytes.
    pub fn into_bytes(self) -> Bytes {
        self.bytes
    }
}

impl<T: Into<Bytes>> From<T> for ImageBytes {
    fn from(bytes: T) -> Self {
        Self { bytes: bytes.into(), digest: Arc::default() }
    }
}

impl Deref for ImageBytes {
    type Target = Bytes;

    fn deref(&self) -> &Bytes {
        &self.bytes
    }
}

impl Hash for ImageBytes {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.digest().hash(state);
    }
}

/// An image file of the project.
#[derive(Clone, Debug)]
pub struct ImageFile {
    /// Path relative to the root of the project.
    pub path: String,
    /// The unmodified file.
    pub bytes: ImageBytes,
    /// Its header, read once for all editions.
    header: Arc<OnceLock<Result<Header, ImageFault>>>,
    /// The analysis of its transparent background, made once for all editions.
    background: Arc<OnceLock<TransparentBackground>>,
}

impl ImageFile {
    /// Creates a file. Its header is read on first use.
    pub fn new(path: impl Into<String>, bytes: impl Into<ImageBytes>) -> Self {
        Self { path: path.into(), bytes: bytes.into(), header: Arc::default(), background: Arc::default() }
    }

    /// Returns the header of a raster image.
    ///
    /// # Errors
    ///
    /// Returns the reason if the file cannot be used as a raster image.
    pub fn header(&self) -> Result<&Header, ImageFault> {
        self.header.get_or_init(|| Header::read(&self.bytes)).as_ref().map_err(|fault| *fault)
    }

    /// Decodes a raster image, and returns how it looks on light and dark pages if its background is transparent.
    pub fn background(&self) -> TransparentBackground {
        let examine = || colours_on_transparency(&self.bytes, self.header().ok()?);
        *self.background.get_or_init(|| examine().as_deref().map(TransparentBackground::of_colours).unwrap_or_default())
    }
}

/// An image that an edition uses.
#[derive(Clone, Debug, Hash)]
pub struct Asset {
    /// Path relative to the root of the project, with composed accents.
    pub path: String,
    /// File name in the outputs, ASCII and unique in the publication.
    pub name: String,
    /// Media type, determined by the content.
    pub media_type: &'static str,
    /// The version for screens: the unmodified file, or a conversion to sRGB.
    pub bytes: ImageBytes,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Maximum width at which it is shown unless the author sets one; `None` for a drawing that fills the available width.
    pub natural: Option<NaturalWidth>,
    /// How it looks on light and dark pages if its background is transparent.
    pub background: TransparentBackground,
    /// Whether it is an SVG with animations in its style sheet.
    pub is_moving_drawing: bool,
    /// Whether a PDF can contain the pixels without conversion: the image is upright and has 8 bits per channel.
    pub is_plain: bool,
    /// Whether the edition shows it more than once.
    pub is_repeated: bool,
    /// The unmodified file, if the version for screens differs.
    pub original: Option<Original>,
    /// The CMYK images of a drawing. The drawing itself contains their versions for screens.
    pub inner: Vec<InnerImage>,
}

/// A CMYK image in a drawing.
#[derive(Clone, Debug, Hash)]
pub struct InnerImage {
    /// The digest of its version for screens.
    pub version: Digest,
    /// The JPEG in CMYK.
    pub original: Original,
}

/// The reason why a file cannot be used as an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssetFault {
    /// It cannot be used as a raster image.
    Raster(ImageFault),
    /// It cannot be used as a drawing.
    Drawing(SvgFault),
}

impl From<ImageFault> for AssetFault {
    fn from(fault: ImageFault) -> Self {
        Self::Raster(fault)
    }
}

/// The file of an image that was converted for screens.
#[derive(Clone, Debug)]
pub struct Original {
    /// The unmodified file.
    pub bytes: Bytes,
    /// Its digest.
    pub digest: Digest,
}

impl InnerImage {
    fn of(image: ConvertedImage) -> Self {
        let ConvertedImage { file, version } = image;
        Self { version: Digest::of(&version.bytes), original: Original { digest: Digest::of(&file), bytes: file } }
    }
}

impl Hash for Original {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.digest.hash(state);
    }
}

const SVG: &str = "image/svg+xml";

/// Maximum length of the longer edge of an icon in running text, such as a key or a button, in CSS pixels.
const MAX_ICON: f64 = 128.0;

impl Asset {
    /// Reads the header of an image. The content determines the format, not the name. `number` makes the name unique. `to_screen`
    /// converts CMYK images in drawings.
    ///
    /// # Errors
    ///
    /// Returns the reason if the image cannot be used.
    pub fn new(file: &ImageFile, number: usize, to_screen: ToScreen<'_>) -> Result<Self, AssetFault> {
        let stem = file.path.rsplit('/').next().unwrap_or_default().rsplit_once('.').map_or("", |(stem, _)| stem);
        let name = |extension: &str| format!("{number:03}-{}.{extension}", slug(stem));
        let asset = Self {
            path: composed(&file.path),
            name: name("svg"),
            media_type: SVG,
            bytes: file.bytes.clone(),
            width: 0,
            height: 0,
            natural: None,
            background: TransparentBackground::default(),
            is_moving_drawing: false,
            is_plain: false,
            is_repeated: false,
            original: None,
            inner: Vec::new(),
        };
        match file.header() {
            Ok(header) => {
                let (width, height) = header.upright();
                Ok(Self {
                    name: name(header.format.extension()),
                    media_type: header.format.media_type(),
                    width,
                    height,
                    natural: Some(NaturalWidth::of_header(header)),
                    is_plain: header.is_plain,
                    ..asset
                })
            }
            Err(ImageFault::Format) => {
                let drawing = svg::read(&file.bytes, to_screen).map_err(AssetFault::Drawing)?;
                let (width, height) = drawing.size;
                Ok(Self {
                    width,
                    height,
                    natural: drawing.natural.map(|width| NaturalWidth::of_css_pixels(width.into())),
                    background: drawing.colours.as_deref().map(TransparentBackground::of_colours).unwrap_or_default(),
                    is_moving_drawing: drawing.animates,
                    bytes: drawing.text.map_or(asset.bytes, ImageBytes::from),
                    inner: drawing.inked.into_iter().map(InnerImage::of).collect(),
                    ..asset
                })
            }
            Err(fault) => Err(fault.into()),
        }
    }

    /// Replaces the file with its version for screens.
    ///
    /// # Errors
    ///
    /// Returns the reason if the version cannot be used.
    pub fn replace_for_screens(&mut self, version: ScreenVersion) -> Result<(), ImageFault> {
        let header = Header::read(&version.bytes)?;
        (self.width, self.height) = header.upright();
        self.is_plain = header.is_plain;
        let stem = self.name.rsplit_once('.').map_or(self.name.as_str(), |(stem, _)| stem);
        self.name = format!("{stem}.{}", version.format.extension());
        self.media_type = version.format.media_type();
        let bytes = std::mem::replace(&mut self.bytes, version.bytes.into());
        self.original = Some(Original { digest: bytes.digest(), bytes: bytes.into_bytes() });
        Ok(())
    }

    /// Returns whether it is an SVG, which has no pixels.
    pub fn is_drawing(&self) -> bool {
        self.media_type == SVG
    }

    /// Returns the natural width in running text, or `None` for an icon, which is as high as the line.
    pub fn natural_in_text(&self) -> Option<NaturalWidth> {
        let width = self.natural?;
        let height = width.css_pixels() * f64::from(self.height) / f64::from(self.width.max(1));
        (width.css_pixels().max(height) > MAX_ICON).then_some(width)
    }

    /// Returns whether the image may be animated.
    pub fn may_be_animated(&self) -> bool {
        self.is_moving_drawing || Format::of(&self.bytes).is_some_and(|format| may_move(format, &self.bytes))
    }
}
