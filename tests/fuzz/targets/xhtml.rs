#![no_main]
//! The XHTML writer with a generated model.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reliure_fuzz::xhtml::law(bytes));
