//! Parsing of TOML. Reports all syntax errors, all unknown keys and the first wrong value of a file at once.

use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use schemars::{JsonSchema, Schema, schema_for};
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

use super::{mistakes, unknown};
use crate::characters;
use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, Span, code};

/// A parsed value and its source.
#[derive(Clone, Debug)]
pub struct Manifest<T> {
    /// The text that the spans of `value` refer to.
    pub source: SourceId,
    /// The parsed value.
    pub value: T,
    /// Offset in bytes of the TOML in the text: front matter is part of a Markdown file.
    pub offset: usize,
}

impl<T> Manifest<T> {
    /// Returns the location of a spanned value.
    pub fn span<V>(&self, value: &Spanned<V>) -> Span {
        self.range(value.span())
    }

    /// Returns the location of a range of the TOML.
    pub fn range(&self, range: Range<usize>) -> Span {
        Span::new(self.source, range.start + self.offset..range.end + self.offset)
    }
}

/// Parses a TOML file.
///
/// # Errors
///
/// Returns the syntax errors, or the forbidden characters, or the unknown keys together with the first wrong value.
pub fn parse<T: DeserializeOwned + JsonSchema + 'static>(source: SourceId, text: &str) -> Result<Manifest<T>, Diagnostics> {
    parse_at(source, text, 0)
}

/// Parses TOML that starts `offset` bytes into its file.
///
/// # Errors
///
/// Returns the syntax errors, or the forbidden characters, or the unknown keys together with the first wrong value.
pub fn parse_at<T: DeserializeOwned + JsonSchema + 'static>(
    source: SourceId,
    text: &str,
    offset: usize,
) -> Result<Manifest<T>, Diagnostics> {
    let place = |range: Range<usize>| Span::new(source, range.start + offset..range.end + offset);
    let mut found = Diagnostics::default();
    let (mut table, errors) = DeTable::parse_recoverable(text);
    for (error, range) in mistakes::syntax_errors(text, &errors) {
        found.push(error.at(place(range)));
    }
    if !found.is_empty() {
        return Err(found);
    }
    for (words, range) in keys_and_strings(&table) {
        characters::check_value(&words, place(range), &mut found);
    }
    if !found.is_empty() {
        return Err(found);
    }
    let schema = schema::<T>();
    let mut reported = BTreeSet::new();
    for unknown in unknown::keys(&schema, &table) {
        let at = place(unknown.span.clone());
        reported.extend(unknown.belongs_to_top.then(|| unknown.key.clone()));
        found.push(unknown_key(&unknown).at(at));
        unknown::remove(table.get_mut(), &unknown.span, 0);
    }
    let mut complete = true;
    for missing in unknown::missing(&schema, &table) {
        complete = false;
        // A key that is misspelt or misplaced has already been reported, so its absence is not.
        let keys = missing.keys.iter().filter(|key| !reported.contains(*key) && !is_suggested(&found, key));
        let keys: Vec<&str> = keys.map(String::as_str).collect();
        if !keys.is_empty() {
            // The location is the first key, because the missing key has none.
            let start = text.find(|c: char| !c.is_whitespace()).unwrap_or_default();
            found.push(missing_keys(&keys).at(place(missing.span.unwrap_or(start..start))));
        }
    }
    match T::deserialize(Deserializer::from(table)) {
        Ok(value) if found.is_empty() => return Ok(Manifest { source, value, offset }),
        Ok(_) => {}
        Err(error) => {
            if complete || missing_field(error.message()).is_none() {
                let typed = error.span().and_then(|range| text.get(range)).unwrap_or_default();
                found.push(wrong_value(error.message(), typed).at(error.span().map(place)));
            }
        }
    }
    Err(found)
}

/// Returns the schema of a type. Each is generated once, because a catalogue has thousands of manifests.
fn schema<T: JsonSchema + 'static>() -> Arc<Schema> {
    static SCHEMAS: Mutex<BTreeMap<TypeId, Arc<Schema>>> = Mutex::new(BTreeMap::new());
    let mut schemas = SCHEMAS.lock().unwrap_or_else(PoisonError::into_inner);
    schemas.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(schema_for!(T))).clone()
}

/// Returns every string value of a TOML text with its location, in order. Returns none if the text does not parse.
pub fn strings(source: SourceId, text: &str) -> Vec<(String, Span)> {
    let mut list = Vec::new();
    if let Ok(table) = DeTable::parse(text) {
        visit_table(table.get_ref(), 0, &mut |words, range, is_key| {
            if !is_key {
                list.push((words.to_owned(), Span::new(source, range)));
            }
        });
    }
    list.sort_by_key(|(_, span)| *span);
    list
}

/// Returns the keys and string values of a table, each with its range.
fn keys_and_strings(table: &Spanned<DeTable<'_>>) -> Vec<(String, Range<usize>)> {
    let mut list = Vec::new();
    visit_table(table.get_ref(), 0, &mut |words, range, _| list.push((words.to_owned(), range)));
    list
}

/// Calls `visit` with every key and string value, its range, and whether it is a key.
fn visit_table(table: &DeTable<'_>, depth: usize, visit: &mut dyn FnMut(&str, Range<usize>, bool)) {
    for (key, value) in table {
        visit(key.get_ref(), key.span(), true);
        visit_value(value, depth, visit);
    }
}

fn visit_value(value: &Spanned<DeValue<'_>>, depth: usize, visit: &mut dyn FnMut(&str, Range<usize>, bool)) {
    match value.get_ref() {
        DeValue::String(text) => visit(text, value.span(), false),
        DeValue::Array(items) if depth < 64 => items.iter().for_each(|item| visit_value(item, depth + 1, visit)),
        DeValue::Table(table) if depth < 64 => visit_table(table, depth + 1, visit),
        _ => {}
    }
}

fn first_line(message: &str) -> &str {
    message.lines().next().unwrap_or_default()
}

/// Returns the diagnostic for an unknown key. A key after the header of a table belongs to that table.
fn unknown_key(unknown: &unknown::Unknown) -> Diagnostic {
    let key = &unknown.key;
    if unknown.belongs_to_top {
        let message = format!("the key \"{key}\" is in the table above it, which has no such key");
        let hint = format!("move the line of \"{key}\" to the top of the file, before the first line in brackets");
        return Diagnostic::new(code::UNKNOWN_KEY, message).hint(hint);
    }
    let known = unknown.known.iter().map(String::as_str);
    Diagnostic::new(code::UNKNOWN_KEY, format!("no key is named \"{key}\" here")).suggest(key, known)
}

/// Returns the diagnostic for the required keys that a table lacks, with a line for each that can be copied.
fn missing_keys(keys: &[&str]) -> Diagnostic {
    let names: Vec<String> = keys.iter().map(|key| format!("\"{key}\"")).collect();
    let message = match names.as_slice() {
        [one] => format!("the key {one} is missing"),
        [others @ .., last] => format!("the keys {} and {last} are missing", others.join(", ")),
        [] => String::new(),
    };
    let lines: Vec<String> = keys.iter().map(|key| example(key)).collect();
    Diagnostic::new(code::TOML_VALUE, message).hint(match lines.as_slice() {
        [line] if !line.contains('\n') => format!("add {line}"),
        lines => format!("add:\n    {}", lines.join("\n    ")),
    })
}

/// Returns example lines for a missing key, with a new UUID for `uuid`.
fn example(key: &str) -> String {
    match key {
        "uuid" => format!("uuid = \"{}\"", uuid::Uuid::new_v4()),
        "sections" | "names" => format!("{key} = [\"…\"]"),
        "date" => "date = \"2026-01\"".into(),
        "editions" => "[[editions]]\n    id = \"2026-01\"\n    date = \"2026-01\"".into(),
        "target" => "target = { url = \"https://…\" }".into(),
        "page" => "page = { width = \"210mm\", height = \"297mm\" }".into(),
        _ => format!("{key} = \"…\""),
    }
}

fn missing_field(message: &str) -> Option<&str> {
    first_line(message).strip_prefix("missing field `")?.strip_suffix('`')
}

/// Returns whether a hint suggests the name of a field.
fn is_suggested(found: &Diagnostics, field: &str) -> bool {
    let hint = format!("did you mean \"{field}\"?");
    found.sorted().iter().any(|diagnostic| diagnostic.hints.contains(&hint))
}

/// Rewords a type error of serde, such as `invalid type: integer `12`, expected a string`.
///
/// `typed` is the value as written.
fn wrong_type(message: &str, typed: &str) -> Option<Diagnostic> {
    let (given, wanted) = message.strip_prefix("invalid type: ")?.split_once(", expected ")?;
    let (kind, value) = given
        .split_once(' ')
        .map_or((given, ""), |(kind, value)| (kind, value.trim_start_matches("point ").trim_matches(['`', '"'])));
    let given = match kind {
        "string" => format!("the text \"{value}\""),
        "integer" | "floating" => format!("the number {value}"),
        "boolean" => value.to_owned(),
        "sequence" => "a list".into(),
        "map" => "a table".into(),
        other => other.to_owned(),
    };
    let (wanted, hint) = match wanted {
        "a string" | "a borrowed string" if given == "a table" && typed.starts_with(|c: char| c.is_ascii_digit()) => {
            let error = Diagnostic::new(code::TOML_VALUE, "a date is written as a text");
            return Some(error.hint(format!("write it between quotation marks: \"{typed}\"")));
        }
        "a string" | "a borrowed string" if matches!(kind, "map" | "sequence") => ("a text", "write one text: \"…\"".into()),
        "a sequence" if typed.starts_with('[') && kind == "map" => {
            let name = typed.trim_matches(['[', ']']);
            ("a list of tables", format!("write the header with two pairs of brackets: [[{name}]]"))
        }
        "a sequence" if kind == "string" => ("a list", format!("write it between brackets: [\"{value}\"]")),
        "a string" | "a borrowed string" => ("a text", format!("write it between quotation marks: \"{value}\"")),
        "a length" => {
            ("a length", format!("write it with its unit, between quotation marks: \"{}mm\"", value.trim_start_matches('-')))
        }
        "f64" | "f32" => ("a number", "write a number without quotation marks".into()),
        "a sequence" => ("a list", "write it between brackets: [\"…\", \"…\"]".into()),
        "a boolean" => ("true or false", "write true or false, without quotation marks".into()),
        _ if wanted.starts_with("struct") || wanted == "a map" => ("a table", "write it between braces: { key = \"…\" }".into()),
        _ if wanted.starts_with('u') || wanted.starts_with('i') => {
            ("a whole number", "write a whole number, without quotation marks".into())
        }
        other => {
            (other, "the schema of the file describes the values of the key: run `reliure schema` to list the schemas".into())
        }
    };
    Some(Diagnostic::new(code::TOML_VALUE, format!("this key takes {wanted}, not {given}")).hint(hint))
}

fn wrong_value(message: &str, typed: &str) -> Diagnostic {
    let message = first_line(message);
    if let Some(field) = missing_field(message) {
        return missing_keys(&[field]);
    }
    if let Some(rest) = message.strip_prefix("unknown variant `") {
        let mut words = rest.split('`');
        let typed = words.next().unwrap_or_default().to_owned();
        let known: Vec<&str> = words.skip(1).step_by(2).collect();
        return Diagnostic::new(code::TOML_VALUE, format!("\"{typed}\" is not a value of this key")).suggest(&typed, known);
    }
    if let Some(error) = wrong_type(message, typed) {
        return error;
    }
    // The errors of the types in this module have a hint after a semicolon.
    let (fact, action) = message.split_once("; ").map_or((message, None), |(fact, action)| (fact, Some(action)));
    let error = Diagnostic::new(code::TOML_VALUE, fact.replace('`', "\""));
    action.into_iter().fold(error, Diagnostic::hint)
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;
    use crate::diagnostic::Sources;
    use crate::manifest::SeriesManifest;

    fn errors(text: &str) -> Vec<(String, Option<usize>, Vec<String>)> {
        let mut sources = Sources::default();
        let id = sources.add("series.toml", text);
        let found = parse::<SeriesManifest>(id, text).map(|_| ()).unwrap_err();
        found.sorted().iter().map(|d| (d.message.clone(), d.span.map(|s| s.start), d.hints.clone())).collect()
    }

    #[test]
    fn reports_every_unknown_key_with_its_location() {
        let found =
            errors("titel = \"x\"\n[organisations.a]\nname = \"A\"\nkinds = \"company\"\n[brand.color]\nforground = \"x\"\n");
        let keys: Vec<_> = found.iter().map(|f| (f.0.as_str(), f.2.first().map(String::as_str))).collect();
        assert_eq!(
            keys,
            [
                ("no key is named \"titel\" here", Some("did you mean \"title\"?")),
                ("no key is named \"kinds\" here", Some("did you mean \"kind\"?")),
                ("no key is named \"forground\" here", Some("did you mean \"foreground\"?")),
            ]
        );
        assert_eq!(found[0].1, Some(0));
    }

    #[test]
    fn all_missing_keys_are_reported_at_once() {
        let text = "subtitle = \"x\"\n[[credits]]\nrole = \"author\"\n[[editions]]\nlabel = \"x\"\n";
        let mut sources = Sources::default();
        let id = sources.add("publication.toml", text);
        let found = parse::<crate::manifest::PublicationManifest>(id, text).map(|_| ()).unwrap_err();
        let messages: Vec<&str> = found.sorted().iter().map(|d| d.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "the keys \"title\", \"uuid\" and \"sections\" are missing",
                "the key \"names\" is missing",
                "the keys \"id\" and \"date\" are missing"
            ]
        );
        let hint = found.sorted()[0].hints[0].clone();
        let lines: String = hint.lines().skip(1).collect::<Vec<_>>().join("\n");
        assert!(toml::Table::from_str(&lines).is_ok(), "{hint}");
    }

    #[test]
    fn a_key_below_the_wrong_table_has_a_hint() {
        let found = errors("title = \"x\"\n[people.a]\nname = \"A\"\nlang = \"fr\"\n");
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].2, ["move the line of \"lang\" to the top of the file, before the first line in brackets"]);
    }

    #[test]
    fn values_of_another_type_have_a_hint_that_works() {
        let hint = |text: &str| errors(text).remove(0).2.concat();
        assert_eq!(hint("title = 2026-03-15\n"), "write it between quotation marks: \"2026-03-15\"");
        assert_eq!(hint("title = [\"a\"]\n"), "write one text: \"…\"");
    }

    #[test]
    fn syntax_errors_have_a_location() {
        for (text, message) in [("title = \n", "the key \"title\" has no value"), ("title = @\n", "this is not TOML")] {
            let found = errors(text);
            assert!(found[0].0.starts_with(message) && found[0].1.is_some(), "{found:?}");
        }
    }

    #[test]
    fn too_deep_nesting_has_a_location() {
        let dots = format!("title = \"x\"\n{}a = 1\n", "a.".repeat(100));
        let lists = format!("title = \"x\"\nkeywords = {}\n", "[".repeat(5_000));
        for text in [dots, lists, "....cre".repeat(30)] {
            let found = errors(&text);
            assert!(found.iter().all(|(_, at, _)| at.is_some()), "{found:?}");
        }
    }
}
