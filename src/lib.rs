//! Turns structured TOML and Markdown into one branded edition: an accessible PDF and an EPUB 3.3.
//!
//! The stages stand in [`pipeline`]; each is a function from value to value:
//!
//! `project` (the only door to the disk) → `manifest` (TOML) → `content` (Markdown) → `model` → `resolve` → `check` → `typography` →
//! `paginate` (Typst) → `output::{pdf, epub}` → files. Only `report` writes for people.

pub mod check;
pub mod diagnostic;
pub mod inspection;
pub mod manifest;
pub mod pipeline;
pub mod report;
pub mod scaffold;
pub mod schema;
#[doc(hidden)]
pub mod stages;
pub mod typography;

mod characters;
mod content;
mod model;
mod output;
mod paginate;
mod probe;
mod project;
mod resolve;

pub use pipeline::{Artefact, Format, Outcome, Progress, Request, build, check, clean, create, inspect};
