#![no_main]
//! The reader of style sheets.

libfuzzer_sys::fuzz_target!(|text: &str| reliure_fuzz::css::law(text));
