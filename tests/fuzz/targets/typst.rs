#![no_main]
//! The Typst writer with a generated model.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reliure_fuzz::typst::law(bytes));
