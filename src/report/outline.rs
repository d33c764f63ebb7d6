//! Writes an inspection as an indented outline: one line per key, two spaces per level.

use std::io::{self, Write};

use serde_json::Value;

use super::visible;
use crate::inspection::Inspection;

/// Writes `inspection` as an outline, without its empty values.
///
/// # Errors
///
/// Fails if `out` cannot be written to.
pub fn outline(out: &mut dyn Write, inspection: &Inspection) -> io::Result<()> {
    entries(out, &serde_json::to_value(inspection)?, 0)
}

fn entries(out: &mut dyn Write, value: &Value, depth: usize) -> io::Result<()> {
    match value {
        Value::Object(map) => map.iter().try_for_each(|(key, value)| entry(out, key, value, depth)),
        Value::Array(items) => items.iter().try_for_each(|item| self::item(out, item, depth)),
        single => match words(single) {
            Some(text) => writeln!(out, "{:1$}{text}", "", depth * 2),
            None => Ok(()),
        },
    }
}

fn entry(out: &mut dyn Write, key: &str, value: &Value, depth: usize) -> io::Result<()> {
    let (indent, key) = (depth * 2, visible(key));
    if let Some(text) = words(value) {
        return writeln!(out, "{:indent$}{key}: {text}", "");
    }
    if is_empty(value) {
        return Ok(());
    }
    writeln!(out, "{:indent$}{key}:", "")?;
    entries(out, value, depth + 1)
}

/// Writes an item of an array: a dash, then its first key on the same line.
fn item(out: &mut dyn Write, value: &Value, depth: usize) -> io::Result<()> {
    if is_empty(value) {
        return Ok(());
    }
    let mut inner = Vec::new();
    entries(&mut inner, value, depth + 1)?;
    // The dash replaces a space of the indentation of the first line.
    if let Some(dash) = inner.get_mut(depth * 2) {
        *dash = b'-';
    }
    out.write_all(&inner)
}

/// Formats a value that fits on a line: a single value, or a short array of them.
fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(visible(text)),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        Value::Array(items) if !items.is_empty() => {
            let words: Option<Vec<String>> = items.iter().map(|item| if item.is_array() { None } else { words(item) }).collect();
            words.map(|words| words.join(", ")).filter(|line| line.chars().count() <= 80)
        }
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().all(is_empty),
        Value::Object(map) => map.values().all(is_empty),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::entries;

    #[test]
    fn indents_the_tree_and_omits_empty_values() {
        let value = serde_json::json!({
            "publications": [
                { "slug": "brochure", "title": "Réseaux\u{1b}", "editions": ["2023-05", "2023-12"], "doi": null, "assets": [] },
                { "slug": "étude", "online": true, "sections": [{ "id": "a", "number": 1 }, { "id": "b", "number": 2 }, {}] },
            ],
            "empty": {},
        });
        let mut out = Vec::new();
        entries(&mut out, &value, 0).unwrap();
        let shown = String::from_utf8(out).unwrap();
        // Whether serde_json sorts keys depends on a feature that any crate can enable, so the order of lines is not compared.
        let mut lines: Vec<&str> = shown.lines().map(|line| line.trim_start_matches([' ', '-'])).collect();
        lines.sort_unstable();
        let mut expected = [
            "publications:",
            "slug: brochure",
            "title: Réseaux<U+001B>",
            "editions: 2023-05, 2023-12",
            "slug: étude",
            "online: yes",
            "sections:",
            "id: a",
            "number: 1",
            "id: b",
            "number: 2",
        ];
        expected.sort_unstable();
        assert_eq!(lines, expected, "{shown}");
        assert!(
            shown.contains("\n  - id: a\n    number: 1\n") || shown.contains("\n      - id: a\n        number: 1\n"),
            "{shown}"
        );
    }
}
