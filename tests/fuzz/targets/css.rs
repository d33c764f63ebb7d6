#![no_main]
//! Reading of style sheets.

libfuzzer_sys::fuzz_target!(|text: &str| reliure_fuzz::css::law(text));
