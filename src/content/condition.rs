//! Conditions on the edition: the attributes `edition`, `since` and `except` of containers and bracketed spans.

use super::attributes::Attribute;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::model::Condition;

/// The attributes of a condition.
pub const KEYS: [&str; 3] = ["edition", "since", "except"];

/// Reads the condition of a passage. Returns `None` if none of [`KEYS`] is set. `text` is the location of the attributes, and
/// `code` the code of the diagnostic for an attribute without editions.
pub fn read(list: &[Attribute], text: Span, code: Code, found: &mut Diagnostics) -> Option<Condition> {
    let mut ids = |key: &str| {
        let attribute = list.iter().find(|attribute| attribute.key == key)?;
        let words = attribute.words(text);
        if words.is_empty() {
            let empty = Diagnostic::new(code, format!("the attribute {key} has no edition"));
            found.push(empty.at(attribute.span(text)).hint(format!("write {key}=\"…\" with the id of an edition")));
        }
        Some(words)
    };
    let [edition, since, except] = KEYS.map(&mut ids);
    let named = edition.is_some() || since.is_some() || except.is_some();
    named.then_some(Condition { edition, since, except })
}
