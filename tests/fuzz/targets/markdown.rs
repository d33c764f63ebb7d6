#![no_main]
//! Markdown to model, and on to both outputs.

libfuzzer_sys::fuzz_target!(|text: &str| {
    reliure_fuzz::markdown::law(text);
    reliure_fuzz::markdown::body_law(text);
    reliure_fuzz::markdown::book_law(text);
});
