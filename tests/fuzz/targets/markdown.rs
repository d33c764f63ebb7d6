#![no_main]
//! Markdown parsing, and all stages up to both outputs.

libfuzzer_sys::fuzz_target!(|text: &str| {
    reliure_fuzz::markdown::law(text);
    reliure_fuzz::markdown::body_law(text);
    reliure_fuzz::markdown::book_law(text);
    reliure_fuzz::words::body_law(text);
});
