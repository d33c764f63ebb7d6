#![no_main]
//! TOML to manifests.

libfuzzer_sys::fuzz_target!(|text: &str| reliure_fuzz::manifest::law(text));
