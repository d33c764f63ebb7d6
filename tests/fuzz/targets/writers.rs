#![no_main]
//! Both writers with a generated model: `xhtml` and `typst` in one target, for a shared corpus.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    reliure_fuzz::xhtml::law(bytes);
    reliure_fuzz::typst::law(bytes);
});
