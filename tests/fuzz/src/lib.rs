//! Laws that hold for any input, and inputs drawn from bytes. The fuzz targets and the property tests of the suite share them.
//!
//! A law panics when it is broken, and says how.

pub mod draw;
pub mod edition;
pub mod manifest;
pub mod markdown;
pub mod said;
pub mod typography;
pub mod typst;
pub mod xhtml;
