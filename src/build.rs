//! Has the crate compiled again when a layout or a font that it carries changes.

#![allow(clippy::print_stdout, reason = "a build script speaks to cargo this way")]

fn main() {
    println!("cargo::rerun-if-changed=layouts");
    println!("cargo::rerun-if-changed=fonts");
    println!("cargo::rerun-if-changed=src/build.rs");
}
