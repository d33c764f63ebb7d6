//! Turns structured TOML and Markdown into branded editions: an accessible PDF, a print PDF and an EPUB 3.3.
//!
//! The module [`mod@build`] runs the stages in order. Each stage is a function from its input to its output, without side
//! effects:
//!
//! `workspace` (reads files through `disk`) → `manifest` (TOML) → `content` (Markdown) → `model` → `resolve` → `check` →
//! `typography` → `paginate` (Typst) → `output::{pdf, epub}` → files. The module `report` formats diagnostics and results.

pub mod build;
pub mod check;
pub mod diagnostic;
pub mod inspection;
pub mod manifest;
pub mod product;
pub mod release;
pub mod report;
pub mod scaffold;
pub mod schema;
#[doc(hidden)]
pub mod stages;
pub mod third_party;
pub mod typography;

mod accessibility;
mod characters;
mod content;
mod css;
mod disk;
mod icc;
mod images;
mod model;
mod output;
mod paginate;
mod probe;
mod records;
mod resolve;
mod site;
mod snapshot;
mod terms;
mod workspace;

pub use build::{
    Artefact, CheckOptions, Extent, Interrupt, LeftOut, Outcome, Progress, Rebuild, Reporting, Request, build, check, clean,
    create, has_publication, inspect, layout_names, publication_names, source_folder, today, write_new,
};
pub use content::container_names;
pub use product::Product;
pub use workspace::built_in_layouts;
