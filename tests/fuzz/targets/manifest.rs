#![no_main]
//! TOML parsing.

libfuzzer_sys::fuzz_target!(|text: &str| reliure_fuzz::manifest::law(text));
