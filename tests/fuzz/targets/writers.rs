#![no_main]
//! A drawn model to both outputs: `xhtml` and `typst` in one, for a corpus that serves both.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    reliure_fuzz::xhtml::law(bytes);
    reliure_fuzz::typst::law(bytes);
});
