#![no_main]
//! Highlighting of code, in a language that the first byte selects.

libfuzzer_sys::fuzz_target!(|text: &str| reliure_fuzz::highlighter::law(text));
