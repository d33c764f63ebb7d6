//! Reads style sheets (CSS Syntax Level 3): addresses and faults for the style sheets of layouts and for drawings, rules and
//! declarations for the EPUB.
//!
//! The crate `cssparser` divides the text into tokens, so that strings, comments, escapes and data URLs are read as reading
//! systems read them. Properties are not checked, because reading systems ignore unknown ones.

mod rules;
mod scan;
mod sheet;
mod token;

pub use rules::{Declaration, StyleRule, declarations, style_rules};
pub use scan::{CssAddressKind, CssFault, CssFaultKind, CssScan, scan};
pub use sheet::StyleSheet;
