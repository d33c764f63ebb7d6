#![no_main]
//! A drawn model to XHTML.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reliure_fuzz::xhtml::law(bytes));
