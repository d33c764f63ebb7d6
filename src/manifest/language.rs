//! The supported languages of publications.

/// Language tags (BCP 47), in the order of every table with a value for each language.
pub const LANGUAGES: [&str; 2] = ["fr", "en"];

/// Returns the value for a language from a table in the order of [`LANGUAGES`]; the first value for any other language.
pub fn localized<T: Copy>(values: [T; LANGUAGES.len()], tag: &str) -> T {
    let index = LANGUAGES.iter().position(|known| *known == tag);
    values[index.unwrap_or(0)]
}
