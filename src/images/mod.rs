//! Image files: their contents, and their versions in the products.
//!
//! | file | subject |
//! |---|---|
//! | `container` | segments of JPEG, chunks of PNG and WebP, and the colour profile in them |
//! | `header` | properties that are read without decoding |
//! | `colour` | whether screens can use the colours of a file unchanged |
//! | `decode`, `convert`, `encode` | decoding, colour conversion and encoding of pixels |
//! | `screen` | the version for the screen PDF and the EPUB |
//! | `press` | the version for the print PDF |
//! | `fit` | the version for the EPUB |
//! | `background` | the colours of images with a transparent background |
//! | `exif`, `natural` | metadata of cameras, and the natural size of an image |
//! | `palette` | images of few colours as PNG with a palette |
//!
//! Files for screens look the same in every reader: grey or RGB, without a profile or with one that PDF/A permits. Files that
//! already do are not changed.

mod background;
mod colour;
mod container;
mod convert;
mod decode;
mod encode;
mod exif;
mod fit;
mod header;
mod natural;
mod palette;
mod press;
mod screen;

pub use background::{colours_on_transparency, may_be_transparent};
pub use colour::{ColourFault, ScreenUse, SourceSpace};
pub use container::jpeg_with_comment;
pub use decode::{is_damaged, is_readable, jpeg_samples};
pub use fit::{fitted, is_scaled};
pub use header::{Format, Header, ImageFault, MAX_PIXELS, may_move};
pub use natural::NaturalWidth;
pub use palette::indexed_png;
pub use press::{PressCache, PressEncoding, PressSource, PressTarget, PressVersion, press_version, unchanged};
pub use screen::{ScreenVersion, screen_version};
