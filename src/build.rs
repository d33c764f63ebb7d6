//! Has the crate compiled again when a layout or a font that it carries changes.

fn main() {
    println!("cargo::rerun-if-changed=layouts");
    println!("cargo::rerun-if-changed=fonts");
    println!("cargo::rerun-if-changed=src/build.rs");
}
