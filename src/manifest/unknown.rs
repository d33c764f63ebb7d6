//! Unknown and missing keys of a TOML file, found with the JSON Schema that editors also use.

use std::ops::Range;

use schemars::Schema;
use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A key that is unknown in its table.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// The key.
    pub key: String,
    /// Its range in the TOML text.
    pub span: Range<usize>,
    /// The known keys of the table.
    pub known: Vec<String>,
    /// Whether the key is in an inner table, but is known at the top of the file.
    pub belongs_to_top: bool,
}

/// The required keys that a table does not have.
#[derive(Clone, Debug)]
pub struct MissingKeys {
    /// The keys, in order of the schema.
    pub keys: Vec<String>,
    /// The range of the table, if it is not the file itself.
    pub span: Option<Range<usize>>,
}

/// Returns the required keys that a file and its tables do not have, in order of position.
pub fn missing(schema: &Schema, table: &Spanned<DeTable<'_>>) -> Vec<MissingKeys> {
    let mut found = Vec::new();
    let root = schema.as_value();
    missing_in_table(root, root, table.get_ref(), None, &mut found);
    found.sort_by_key(|missing| missing.span.as_ref().map_or(0, |span| span.start));
    found
}

fn missing_in_table(
    root: &Value,
    schema: &Value,
    table: &DeTable<'_>,
    place: Option<(&Range<usize>, usize)>,
    found: &mut Vec<MissingKeys>,
) {
    let schema = shape(root, schema, true);
    let depth = place.map_or(0, |(_, depth)| depth);
    let required = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let keys: Vec<String> = required.filter(|key| !table.contains_key(*key)).map(str::to_owned).collect();
    if !keys.is_empty() {
        found.push(MissingKeys { keys, span: place.map(|(span, _)| span.clone()) });
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    let open = schema.get("additionalProperties").filter(|open| open.is_object());
    for (key, value) in table {
        let name: &str = key.get_ref();
        if let Some(inner) = properties.and_then(|properties| properties.get(name)).or(open) {
            missing_in_value(root, inner, value, (&key.span(), depth + 1), found);
        }
    }
}

fn missing_in_value(
    root: &Value,
    schema: &Value,
    value: &Spanned<DeValue<'_>>,
    place: (&Range<usize>, usize),
    found: &mut Vec<MissingKeys>,
) {
    let (key, depth) = place;
    match value.get_ref() {
        DeValue::Table(table) if depth < MAX_DEPTH => missing_in_table(root, schema, table, Some((key, depth)), found),
        DeValue::Array(items) if depth < MAX_DEPTH => {
            let of = shape(root, schema, false).get("items");
            for (item, of) in items.iter().filter_map(|item| Some((item, of?))) {
                // The key of an array of tables has the location of its first header.
                let span = item.span();
                missing_in_value(root, of, item, (if span.is_empty() { key } else { &span }, depth + 1), found);
            }
        }
        _ => {}
    }
}

/// Maximum depth of nested tables.
const MAX_DEPTH: usize = 64;

/// Returns every unknown key of a table, in order of position.
pub fn keys(schema: &Schema, table: &Spanned<DeTable<'_>>) -> Vec<Unknown> {
    let mut found = Vec::new();
    let root = schema.as_value();
    walk_table(root, root, table.get_ref(), 0, &mut found);
    found.sort_by_key(|unknown| unknown.span.start);
    found
}

fn walk_table(root: &Value, schema: &Value, table: &DeTable<'_>, depth: usize, found: &mut Vec<Unknown>) {
    let schema = shape(root, schema, true);
    let open = schema.get("additionalProperties");
    let properties = schema.get("properties").and_then(Value::as_object);
    for (key, value) in table.iter() {
        let name: &str = key.get_ref();
        let inner = properties.and_then(|properties| properties.get(name));
        match inner.or_else(|| open.filter(|open| open.is_object())) {
            Some(inner) => walk_value(root, inner, value.get_ref(), depth + 1, found),
            None if open == Some(&Value::Bool(false)) => {
                let known = properties.map(|properties| properties.keys().cloned().collect()).unwrap_or_default();
                let top = root.pointer(&format!("/properties/{name}")).is_some();
                found.push(Unknown { key: name.to_owned(), span: key.span(), known, belongs_to_top: depth > 0 && top });
            }
            None => {}
        }
    }
}

fn walk_value(root: &Value, schema: &Value, value: &DeValue<'_>, depth: usize, found: &mut Vec<Unknown>) {
    match value {
        DeValue::Table(table) if depth < MAX_DEPTH => walk_table(root, schema, table, depth, found),
        DeValue::Array(items) if depth < MAX_DEPTH => {
            if let Some(of) = shape(root, schema, false).get("items") {
                items.iter().for_each(|item| walk_value(root, of, item.get_ref(), depth + 1, found));
            }
        }
        _ => {}
    }
}

/// Resolves the references of a schema. Among alternatives, returns that for tables if `table` is set, otherwise that for arrays.
fn shape<'s>(root: &'s Value, schema: &'s Value, table: bool) -> &'s Value {
    let mut schema = schema;
    for _ in 0..MAX_DEPTH {
        if let Some(path) = schema.get("$ref").and_then(Value::as_str) {
            let Some(target) = path.strip_prefix('#').and_then(|pointer| root.pointer(pointer)) else { return &Value::Null };
            schema = target;
        } else if let Some(options) = schema.get("anyOf").and_then(Value::as_array) {
            let wanted = if table { "properties" } else { "items" };
            let fits = |option: &&Value| shape_has(root, option, wanted);
            let Some(option) = options.iter().find(fits) else { return &Value::Null };
            schema = option;
        } else {
            break;
        }
    }
    schema
}

fn shape_has(root: &Value, schema: &Value, key: &str) -> bool {
    let target = schema.get("$ref").and_then(Value::as_str).and_then(|path| root.pointer(path.strip_prefix('#')?));
    target.unwrap_or(schema).get(key).is_some()
}

/// Removes the key at `span` from a table or its nested tables. Returns whether it was found.
pub fn remove(table: &mut DeTable<'_>, span: &Range<usize>, depth: usize) -> bool {
    let here = table.iter().find(|(key, _)| key.span() == *span).map(|(key, _)| key.clone());
    if let Some(key) = here {
        return table.remove(&key).is_some();
    }
    depth < MAX_DEPTH && table.iter_mut().any(|(_, value)| remove_in_value(value.get_mut(), span, depth + 1))
}

fn remove_in_value(value: &mut DeValue<'_>, span: &Range<usize>, depth: usize) -> bool {
    match value {
        DeValue::Table(table) => remove(table, span, depth),
        DeValue::Array(items) => {
            depth < MAX_DEPTH && items.iter_mut().any(|item| remove_in_value(item.get_mut(), span, depth + 1))
        }
        _ => false,
    }
}
