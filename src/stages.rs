//! Re-exports of the individual stages, for fuzzers, property tests and benchmarks.
//!
//! Not part of the public API: hidden from the documentation and subject to change without notice.

pub use crate::accessibility::{AccessibilityFacts, Presentation};
pub use crate::build::{ImageStore, SharedIndex};
pub use crate::content::read as parse;
pub use crate::css::{CssFaultKind, CssScan, StyleSheet, scan as scan_css, style_rules};
pub use crate::icc::{Channels, DeviceLink, Lab, OutputProfile, ProfileFault, SourceProfile};
pub use crate::model::*;
pub use crate::output::embedded_fonts;
pub use crate::output::epub::{Document, EmbeddedFont, PageSource, Parts, break_pages, chapters as xhtml, write as epub};
pub use crate::output::pdf::{print, write as pdf};
pub use crate::paginate::{
    Generated, GeneratedFile, Node, NodeForm, PageImage, PageStart, Paginated, Segment, Setting, generate as markup, paginate,
};
pub use crate::resolve::{
    Asset, EditionSource, ImageFile, Images, ReadImage, Resolved, Section, TransparentBackground, index, resolve,
};
pub use crate::typography::set as typeset;
pub use crate::workspace::{FontFace, FontSet, Index, Layout, LayoutSet, Publication, Slugs, Typeface, Workspace};
