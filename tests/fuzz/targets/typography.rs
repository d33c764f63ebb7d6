#![no_main]
//! Typography of a generated model and of a plain text.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    reliure_fuzz::typography::law(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        reliure_fuzz::typography::text_law(text);
    }
});
