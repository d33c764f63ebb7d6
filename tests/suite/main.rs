//! Tests of everything that users can see: the command, its artefacts, and the results of external validators.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::unwrap_used, reason = "a test fails by panicking")]

mod architecture;
mod artefacts;
mod brand;
mod brochures;
mod cache;
mod catalogue;
mod changes;
mod checks;
mod cli;
mod commonmark;
mod diagnostics;
mod editions;
mod epub;
mod everyday;
mod geometry;
mod harness;
mod hostile_disk;
mod hostile_images;
mod hostile_names;
mod hostile_paths;
mod hostile_size;
mod hostile_text;
mod hostile_typst;
mod html;
mod images;
mod inspection;
mod judges;
mod laws;
mod layouts;
mod lenient;
mod links;
mod messages;
mod pdf;
mod people;
mod pictures;
mod preflight;
mod print_cover;
mod print_judges;
mod releases;
mod reproducible;
mod rights;
mod sentences;
mod verified;
mod wheel;
