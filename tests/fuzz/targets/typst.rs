#![no_main]
//! A drawn model to Typst markup.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reliure_fuzz::typst::law(bytes));
