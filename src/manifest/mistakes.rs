//! Diagnostics for common mistakes in TOML. The errors of the parser state only what it expected.

mod line;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use line::Scanned;
use toml::de::Error;

use crate::diagnostic::{Diagnostic, code};
use crate::manifest::Date;
use crate::model::slug;

/// A mistake: its range in the text, the message, and the hint.
struct TomlMistake {
    range: Range<usize>,
    message: String,
    hint: String,
}

/// Returns one diagnostic for each line with syntax errors, with its range in bytes. An unclosed array is one mistake, although
/// the parser reports every line after it.
pub fn syntax_errors(text: &str, errors: &[Error]) -> Vec<(Diagnostic, Range<usize>)> {
    let (mistakes, unclosed) = find_mistakes(text);
    let mut mistakes: BTreeMap<usize, TomlMistake> =
        mistakes.into_iter().rev().map(|mistake| (line_start(text, mistake.range.start), mistake)).collect();
    let mut found: Vec<(Diagnostic, Range<usize>)> = Vec::new();
    let mut reported: Option<usize> = None;
    for error in errors {
        // The parser gives no location for values that are nested too deeply.
        let range = error.span().unwrap_or_else(|| deepest_line(text));
        let start = line_start(text, range.start);
        if reported == Some(start) || unclosed.as_ref().is_some_and(|list| range.start > list.range.start) {
            continue;
        }
        reported = Some(start);
        found.push(match mistakes.remove(&start) {
            Some(mistake) => mistake.diagnostic(),
            None => (other_error(error.message()), range),
        });
    }
    found.extend(unclosed.filter(|_| !errors.is_empty()).map(TomlMistake::diagnostic));
    found
}

impl TomlMistake {
    fn new(range: Range<usize>, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { range, message: message.into(), hint: hint.into() }
    }

    fn diagnostic(self) -> (Diagnostic, Range<usize>) {
        (Diagnostic::new(code::TOML_SYNTAX, self.message).hint(self.hint), self.range)
    }
}

/// Returns the byte offset of the start of the line that contains a byte.
fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
}

/// Returns the first mistake of each line, and the unclosed array, if there is one.
fn find_mistakes(text: &str) -> (Vec<TomlMistake>, Option<TomlMistake>) {
    let mut mistakes = Vec::new();
    let mut scanned = Scanned::default();
    let headers = Headers::of(text);
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let inside = scanned.is_inside();
        if inside && scanned.innermost_list().is_some() && starts_entry(line) {
            break;
        }
        let multiline = scanned.is_in_string();
        let misplaced = scanned.read(line, start);
        if !multiline {
            let entry = if inside { None } else { mistake_in_entry(line.trim_end(), start, &headers) };
            mistakes.extend(misplaced.or(entry));
        }
        start += line.len();
    }
    let unclosed = scanned.innermost_list().map(|at| {
        let key = text.get(line_start(text, at)..at).unwrap_or_default().trim().trim_end_matches('=').trim_end();
        let of = if key.is_empty() { String::new() } else { format!(" of \"{key}\"") };
        TomlMistake::new(at..at + 1, format!("the list{of} is not closed"), "put a ] after its last value")
    });
    (mistakes, unclosed)
}

/// Returns whether a line starts an entry of a table: `key = …` or the header of a table. An array value never looks like this.
fn starts_entry(line: &str) -> bool {
    let line = line.trim();
    let header = line.trim_start_matches('[');
    if header.len() < line.len() {
        let name = header.trim_end_matches(']');
        let values = ["true", "false", "inf", "nan"];
        return name.len() < header.len()
            && name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
            && !values.contains(&name);
    }
    line.split_once('=').is_some_and(|(key, _)| is_bare_key(key.trim()))
}

fn is_bare_key(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// Returns the mistake in a line that should be the header of a table or a key with its value.
fn mistake_in_entry(line: &str, start: usize, headers: &Headers<'_>) -> Option<TomlMistake> {
    let entry = line.trim_start();
    let start = start + (line.len() - entry.len());
    match entry.chars().next()? {
        '#' => None,
        '[' => mistake_in_header(entry, start, headers),
        _ => mistake_in_value(entry, start),
    }
}

/// The table headers of a file.
#[derive(Default)]
struct Headers<'a> {
    /// Names in `[[name]]` headers.
    double: BTreeSet<&'a str>,
    /// Names in `[name]` headers, each with the byte offset of its first header.
    single: BTreeMap<&'a str, usize>,
}

impl<'a> Headers<'a> {
    fn of(text: &'a str) -> Self {
        let mut headers = Self::default();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let header = line.trim();
            if let Some((name, _)) = header.strip_prefix("[[").and_then(|rest| rest.split_once("]]")) {
                headers.double.insert(name);
            } else if let Some(name) = header.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                headers.single.entry(name).or_insert(start);
            }
            start += line.len();
        }
        headers
    }
}

fn mistake_in_header(header: &str, start: usize, headers: &Headers<'_>) -> Option<TomlMistake> {
    let name = header.trim_start_matches('[').split(']').next()?;
    let (opening, closing) = (header.len() - header.trim_start_matches('[').len(), header.matches(']').count());
    let range = start..start + header.len();
    if let Some(part) = name.split('.').map(str::trim).find(|part| !part.is_ascii() && !part.starts_with(['"', '\''])) {
        let right = header.replace(part, &slug(part));
        let message = format!("the name \"{part}\" has characters other than unaccented letters, digits, - and _");
        return Some(TomlMistake::new(range, message, format!("write {right}, and the same name wherever it is used")));
    }
    if closing < opening && !header.contains('"') {
        let right = format!("{}{name}{}", "[".repeat(opening), "]".repeat(opening));
        return Some(TomlMistake::new(range, "the brackets of this header are not closed", format!("write {right}")));
    }
    let double = format!("[[{name}]]");
    if opening == 1 && headers.double.contains(name) {
        let message = format!("[{name}] and {double} are both in this file");
        return Some(TomlMistake::new(
            range,
            message,
            format!("write {double}, with two pairs of brackets, for each entry of the list"),
        ));
    }
    if opening == 2 {
        let single = format!("[{name}]");
        if headers.single.get(name).is_some_and(|first| *first < start) {
            let message = format!("{single} and {double} are both in this file");
            return Some(TomlMistake::new(range, message, format!("write {double} above too, instead of {single}")));
        }
    }
    None
}

fn mistake_in_value(entry: &str, start: usize) -> Option<TomlMistake> {
    let range = start..start + entry.len();
    let Some((key, value)) = entry.split_once('=').filter(|(key, _)| !key.contains(':') || key.contains('"')) else {
        let (key, value) = entry.split_once(':')?;
        let key = key.trim();
        let plain = is_bare_key(key).then(|| format!("write {key} = {}", literal(value.trim())));
        return Some(TomlMistake::new(range, "a key and its value must be separated by =, not by a colon", plain?));
    };
    let (key, value) = (key.trim(), value.trim());
    if !is_bare_key(key) {
        let plain = !key.is_ascii() && !key.contains(['"', '\'']);
        let message = format!("the key \"{key}\" has characters other than unaccented letters, digits, - and _");
        return plain.then(|| TomlMistake::new(start..start + key.len(), message, format!("write {}", slug(key))));
    }
    let fix = |message: &str, value: String| Some(TomlMistake::new(range.clone(), message, format!("write {key} = {value}")));
    let first = value.chars().next();
    match first {
        None | Some('#') => fix(&format!("the key \"{key}\" has no value"), "\"…\"".into()),
        Some('“' | '”' | '„' | '«' | '»' | '‘' | '’' | '‹' | '›') => {
            fix("a text must be between straight quotation marks, not curly ones or « »", literal(value))
        }
        Some(mark @ ('"' | '\'')) if !value.starts_with(&mark.to_string().repeat(3)) => {
            mistake_in_text(value, mark).and_then(|message| fix(message, literal(value)))
        }
        Some(c) if c.is_alphabetic() && !matches!(value, "true" | "false" | "inf" | "nan") => {
            let truth = match value.to_lowercase().as_str() {
                "true" | "yes" | "oui" | "vrai" => Some("true"),
                "false" | "no" | "non" | "faux" => Some("false"),
                _ => None,
            };
            match truth {
                Some(truth) => fix(&format!("\"{value}\" is written {truth}"), truth.into()),
                None => fix("this text is not between quotation marks", literal(value)),
            }
        }
        Some(c) if c.is_ascii_digit() => {
            let date = Date::parse_loosely(value.split('#').next().unwrap_or_default().trim());
            date.and_then(|date| {
                fix("a date must be between quotation marks, in the order year, month, day", literal(&date.iso()))
            })
        }
        Some(_) => None,
    }
}

/// Returns the mistake in a value that starts with a quotation mark.
fn mistake_in_text(value: &str, mark: char) -> Option<&'static str> {
    let inner = value.strip_prefix(mark)?;
    let is_escaped = |at: usize| mark == '"' && inner.get(..at).is_some_and(|before| before.ends_with('\\'));
    let end = inner.char_indices().find(|(at, c)| *c == mark && !is_escaped(*at));
    match end {
        None if inner.ends_with(['”', '“', '»', '’', '\'', '"']) => {
            Some("this text starts and ends with different quotation marks")
        }
        None => Some("this text has no quotation mark at its end"),
        Some((at, _)) => {
            let rest = inner.get(at + 1..).unwrap_or_default().trim_start();
            let more = !rest.is_empty() && !rest.starts_with('#') && rest.contains(mark);
            more.then_some("a quotation mark in the text ends the text")
        }
    }
}

/// Formats a value as TOML: replaces the quotation marks around a string with straight ones, and keeps those inside it.
fn literal(value: &str) -> String {
    let kept = value.parse::<i64>().is_ok() || matches!(value, "true" | "false") || value.starts_with(['[', '{']);
    if kept {
        return value.to_owned();
    }
    let marks = |c: char| matches!(c, '“' | '”' | '„' | '«' | '»' | '‘' | '’' | '‹' | '›' | '"' | '\'');
    let text = value.strip_prefix(marks).unwrap_or(value);
    let text = text.strip_suffix(marks).unwrap_or(text).trim_matches(|c: char| c.is_whitespace());
    toml::Value::String(text.to_owned()).to_string()
}

/// Returns the diagnostic for an error that is not a common mistake.
fn other_error(message: &str) -> Diagnostic {
    let message = message.lines().next().unwrap_or_default();
    let shown = message.replace("`\"`", "a quotation mark").replace('`', "\"");
    let error = Diagnostic::new(code::TOML_SYNTAX, format!("this is not TOML: {shown}"));
    match message {
        _ if message.contains("basic string") => error.hint("close the text with a quotation mark, on the line where it starts"),
        _ if message.contains("recursion limit") => error.hint("use fewer levels of tables and lists"),
        _ if message.contains("duplicate key") => error.hint("keep one of the two"),
        _ => error.hint("write texts between quotation marks and lists between brackets: key = [\"one\", \"two\"]"),
    }
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

#[cfg(test)]
mod tests {
    use toml::de::DeTable;

    use super::*;

    /// Returns the first line, the message and the hint of each diagnostic.
    fn errors(text: &str) -> Vec<(usize, String, String)> {
        let (_, errors) = DeTable::parse_recoverable(text);
        let line = |at: usize| text[..at].matches('\n').count() + 1;
        let found = syntax_errors(text, &errors).into_iter();
        found.map(|(error, range)| (line(range.start), error.message, error.hints.concat())).collect()
    }

    /// The line after "write" in a hint must parse.
    #[test]
    fn each_mistake_is_reported_once_and_its_hint_works() {
        for typed in [
            "title = “Eau”",
            "title = « L’eau »",
            "title = \"Eau”",
            "title = ‘Eau’",
            "title: \"Eau\"",
            "title: Eau",
            "minutes: 5",
            "title = Eau douce",
            "title = \"Le \"grand\" canal\"",
            "title = \"Eau",
            "title = 'Eau’",
            "title =",
            "fit-images = True",
            "fit-images = oui",
            "date = 15/03/2026",
            "date = 15.03.2026",
            "date = 2026/03/15",
            "[people.léa]",
            "[[editions]",
            "[people.a",
            "été = 1",
        ] {
            let found = errors(&format!("a = 1\n{typed}\nb = 2\n"));
            let [(line, message, hint)] = found.as_slice() else { panic!("{typed}: {found:?}") };
            assert_eq!(*line, 2, "{typed}: {message}");
            let right = hint.strip_prefix("write ").unwrap_or_else(|| panic!("{typed}: {message}: {hint}"));
            let right = right.split(", and ").next().unwrap();
            let right = if typed.starts_with("été") { "ete = 1" } else { right };
            assert!(DeTable::parse(right).is_ok(), "{typed}: {right}");
        }
    }

    #[test]
    fn hints_keep_what_was_typed() {
        let hint = |typed: &str| errors(typed).remove(0).2;
        assert_eq!(hint("date = 15/03/2026\n"), "write date = \"2026-03-15\"");
        assert_eq!(hint("title = « L’eau »\n"), "write title = \"L’eau\"");
        assert_eq!(hint("title = \"Le \"grand\" canal\"\n"), "write title = 'Le \"grand\" canal'");
        assert_eq!(hint("[people.léa]\n"), "write [people.lea], and the same name wherever it is used");
        assert_eq!(hint("title\u{a0}= \"x\"\n"), "replace it with an ordinary space");
        assert_eq!(hint("keywords = [“a”, “b”]\n"), "replace it with a straight quotation mark: \"");
    }

    #[test]
    fn an_open_list_is_one_mistake() {
        let entries = "[[credits]]\nrole = \"author\"\nnames = [\"a\"]\n".repeat(100);
        let found = errors(&format!("title = “x”\nkeywords = [\"a\",\n  \"b\"\nsections = [\"c\"]\n{entries}"));
        let places: Vec<_> = found.iter().map(|(line, message, _)| (*line, message.as_str())).collect();
        assert_eq!(
            places,
            [
                (1, "a text must be between straight quotation marks, not curly ones or « »"),
                (2, "the list of \"keywords\" is not closed")
            ]
        );
    }

    #[test]
    fn lists_and_texts_of_several_lines_are_not_mistakes() {
        let text =
            "a = \"\"\"\nb: c = “\n[x\n\"\"\"\nc = [\n  [1],\n  [true],\n  { d = \"]\" }, # [\n]\ne = '''\nx: y'''\nf = x\n";
        let found = errors(text);
        assert_eq!(found.iter().map(|(line, ..)| *line).collect::<Vec<_>>(), [12], "{found:?}");
    }

    #[test]
    fn a_table_and_a_list_of_tables_with_the_same_name_are_a_mistake() {
        for text in ["[editions]\nid = \"a\"\n[[editions]]\nid = \"b\"\n", "[[editions]]\nid = \"a\"\n[editions]\nid = \"b\"\n"] {
            let found = errors(text);
            assert_eq!((found.len(), found[0].1.as_str()), (1, "[editions] and [[editions]] are both in this file"), "{found:?}");
            assert!(found[0].2.starts_with("write [[editions]]"), "{found:?}");
        }
    }

    #[test]
    fn finds_the_deepest_line() {
        assert_eq!(deepest_line("a = 1\nb = [\n[[1]],\n]\n"), 12..18);
    }
}
