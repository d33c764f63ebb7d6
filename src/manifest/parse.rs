//! Parsing of TOML. Reports all syntax errors, all unknown keys and the first wrong value of a file at once.

use std::ops::Range;

use schemars::{JsonSchema, schema_for};
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

use super::unknown;
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
pub fn parse<T: DeserializeOwned + JsonSchema>(source: SourceId, text: &str) -> Result<Manifest<T>, Diagnostics> {
    parse_at(source, text, 0)
}

/// Parses TOML that starts `offset` bytes into its file.
///
/// # Errors
///
/// Returns the syntax errors, or the forbidden characters, or the unknown keys together with the first wrong value.
pub fn parse_at<T: DeserializeOwned + JsonSchema>(
    source: SourceId,
    text: &str,
    offset: usize,
) -> Result<Manifest<T>, Diagnostics> {
    let place = |range: Range<usize>| Span::new(source, range.start + offset..range.end + offset);
    let mut found = Diagnostics::default();
    let (mut table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        // The parser gives no location for values that are nested too deeply.
        let range = error.span().unwrap_or_else(|| deepest_line(text));
        found.push(not_toml(first_line(error.message())).at(place(range)));
    }
    if !found.is_empty() {
        return Err(found);
    }
    for (words, range) in words(&table) {
        characters::check_value(&words, place(range), &mut found);
    }
    if !found.is_empty() {
        return Err(found);
    }
    for unknown in unknown::keys(&schema_for!(T), &table) {
        let message = format!("no key is named \"{}\" here", unknown.key);
        let known = unknown.known.iter().map(String::as_str);
        found.push(Diagnostic::new(code::UNKNOWN_KEY, message).at(place(unknown.span.clone())).suggest(&unknown.key, known));
        unknown::remove(table.get_mut(), &unknown.span, 0);
    }
    match T::deserialize(Deserializer::from(table)) {
        Ok(value) if found.is_empty() => return Ok(Manifest { source, value, offset }),
        Ok(_) => {}
        Err(error) => {
            // A misspelt key has already been reported, so its absence is not.
            let reported = missing_field(error.message()).is_some_and(|field| is_suggested(&found, field));
            if !reported {
                found.push(wrong_value(error.message()).at(error.span().map(place)));
            }
        }
    }
    Err(found)
}

/// Returns every string value of a TOML text with its location, in order. Returns none if the text does not parse.
pub fn strings(source: SourceId, text: &str) -> Vec<(String, Span)> {
    let mut list = Vec::new();
    if let Ok(table) = DeTable::parse(text) {
        collect_table(table.get_ref(), 0, &mut |words, range, is_key| {
            if !is_key {
                list.push((words.to_owned(), Span::new(source, range)));
            }
        });
    }
    list.sort_by_key(|(_, span)| *span);
    list
}

/// Returns the keys and string values of a table, each with its range.
fn words(table: &Spanned<DeTable<'_>>) -> Vec<(String, Range<usize>)> {
    let mut list = Vec::new();
    collect_table(table.get_ref(), 0, &mut |words, range, _| list.push((words.to_owned(), range)));
    list
}

/// Calls `visit` with every key and string value, its range, and whether it is a key.
fn collect_table(table: &DeTable<'_>, depth: usize, visit: &mut dyn FnMut(&str, Range<usize>, bool)) {
    for (key, value) in table {
        visit(key.get_ref(), key.span(), true);
        collect_value(value, depth, visit);
    }
}

fn collect_value(value: &Spanned<DeValue<'_>>, depth: usize, visit: &mut dyn FnMut(&str, Range<usize>, bool)) {
    match value.get_ref() {
        DeValue::String(text) => visit(text, value.span(), false),
        DeValue::Array(items) if depth < 64 => items.iter().for_each(|item| collect_value(item, depth + 1, visit)),
        DeValue::Table(table) if depth < 64 => collect_table(table, depth + 1, visit),
        _ => {}
    }
}

fn first_line(message: &str) -> &str {
    message.lines().next().unwrap_or_default()
}

/// Returns the range of the line with the deepest nesting, estimated from its brackets, braces and dots.
fn deepest_line(text: &str) -> Range<usize> {
    let (mut open, mut most, mut deepest, mut start) = (0usize, 0, 0..0, 0);
    for line in text.split_inclusive('\n') {
        let (mut here, mut dots) = (open, 0);
        for c in line.chars() {
            match c {
                '[' | '{' => open += 1,
                ']' | '}' => open = open.saturating_sub(1),
                '.' => dots += 1,
                _ => {}
            }
            here = here.max(open + dots);
        }
        if here > most {
            (most, deepest) = (here, start..start + line.trim_end().len());
        }
        start += line.len();
    }
    deepest
}

fn missing_field(message: &str) -> Option<&str> {
    first_line(message).strip_prefix("missing field `")?.strip_suffix('`')
}

/// Returns whether a hint suggests the name of a field.
fn is_suggested(found: &Diagnostics, field: &str) -> bool {
    let hint = format!("did you mean \"{field}\"?");
    found.sorted().iter().any(|diagnostic| diagnostic.hints.contains(&hint))
}

fn not_toml(message: &str) -> Diagnostic {
    let error = Diagnostic::new(
        code::TOML_SYNTAX,
        format!("this is not TOML: {}", message.replace("`\"`", "a quotation mark").replace('`', "\"")),
    );
    match message {
        _ if message.contains("basic string") => error.hint("close the text with a quotation mark, on the line where it starts"),
        _ if message.contains("recursion limit") => error.hint("use fewer levels of tables and lists"),
        _ if message.contains("duplicate key") => error.hint("keep one of the two"),
        _ => error.hint("write texts between quotation marks and lists between brackets: key = [\"one\", \"two\"]"),
    }
}

/// Rewords a type error of serde, such as `invalid type: integer `12`, expected a string`.
fn wrong_type(message: &str) -> Option<Diagnostic> {
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
        "a string" | "a borrowed string" => ("a text", format!("write it between quotation marks: \"{value}\"")),
        "a length" => {
            ("a length", format!("write it with its unit, between quotation marks: \"{}mm\"", value.trim_start_matches('-')))
        }
        "f64" | "f32" => ("a number", "write a number without quotation marks".into()),
        "a sequence" => ("a list", "write it between brackets: [\"…\", \"…\"]".into()),
        "a boolean" => ("true or false", "write true or false, without quotation marks".into()),
        _ if wanted.starts_with("struct") || wanted == "a map" => ("a table", "write it between braces: { key = \"…\" }".into()),
        _ if wanted.starts_with('u') || wanted.starts_with('i') => {
            ("a whole number", "write a number without quotation marks".into())
        }
        other => (other, "run `reliure schema` to see the values of the key".into()),
    };
    Some(Diagnostic::new(code::TOML_VALUE, format!("this key takes {wanted}, not {given}")).hint(hint))
}

fn wrong_value(message: &str) -> Diagnostic {
    let message = first_line(message);
    if let Some(field) = missing_field(message) {
        return Diagnostic::new(code::TOML_VALUE, format!("the key \"{field}\" is missing")).hint(format!("add {field} = …"));
    }
    if let Some(rest) = message.strip_prefix("unknown variant `") {
        let mut words = rest.split('`');
        let typed = words.next().unwrap_or_default().to_owned();
        let known: Vec<&str> = words.skip(1).step_by(2).collect();
        return Diagnostic::new(code::TOML_VALUE, format!("\"{typed}\" is not a value of this key")).suggest(&typed, known);
    }
    if let Some(error) = wrong_type(message) {
        return error;
    }
    // The errors of the types in this module have a hint after a semicolon.
    let (fact, action) = message.split_once("; ").map_or((message, None), |(fact, action)| (fact, Some(action)));
    let error = Diagnostic::new(code::TOML_VALUE, fact.replace('`', "\""));
    action.into_iter().fold(error, Diagnostic::hint)
}

#[cfg(test)]
mod tests {
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
    fn syntax_errors_have_a_location() {
        let found = errors("title = \n");
        assert!(found[0].0.starts_with("this is not TOML"), "{found:?}");
        assert!(found[0].1.is_some());
    }

    #[test]
    fn too_deep_nesting_has_a_location() {
        let dots = format!("title = \"x\"\n{}a = 1\n", "a.".repeat(100));
        let lists = format!("title = \"x\"\nkeywords = {}\n", "[".repeat(5_000));
        for text in [dots, lists, "....cre".repeat(30)] {
            let found = errors(&text);
            assert!(found.iter().all(|(_, at, _)| at.is_some()), "{found:?}");
        }
        assert_eq!(deepest_line("a = 1\nb = [\n[[1]],\n]\n"), 12..18);
    }
}
