//! Image files: what is in them, and the versions of them that products contain.
//!
//! | file | subject |
//! |---|---|
//! | `container` | segments of JPEG, chunks of PNG and WebP, and the colour profile in them |
//! | `header` | everything that is read without decoding |
//! | `colour` | whether the colours of a file can be used as they are, must be converted, or are unknown |
//! | `decode`, `convert`, `encode` | pixels |
//! | `screen` | the version for the screen PDF and the EPUB |
//! | `press` | the version for the print PDF |
//! | `fit` | the version for the EPUB |
//! | `palette` | pictures of few colours |
//!
//! Screens get files that every reader shows alike: grey or RGB, with a profile that PDF/A permits or without one. A file that is so
//! already is never touched.

mod colour;
mod container;
mod convert;
mod decode;
mod encode;
mod fit;
mod header;
mod palette;
mod press;
mod screen;

pub use colour::{ColourFault, ScreenUse, Source};
pub use decode::jpeg_samples;
pub use fit::fitted;
pub use header::{Format, Header, ImageFault, MOST_PIXELS, may_move};
pub use palette::indexed_png;
pub use press::{PressCache, PressEncoding, PressSource, PressTarget, PressVersion, press_version, unchanged};
pub use screen::{ScreenVersion, screen_version};
