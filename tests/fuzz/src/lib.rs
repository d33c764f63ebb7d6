//! Properties that hold for any input, and generated inputs. The fuzz targets and the property tests of the suite share them.
//!
//! A violated property panics with a description.

pub mod css;
pub mod draw;
pub mod edition;
pub mod expected;
pub mod highlighter;
pub mod manifest;
pub mod markdown;
pub mod page_breaks;
pub mod typography;
pub mod typst;
pub mod words;
pub mod xhtml;
