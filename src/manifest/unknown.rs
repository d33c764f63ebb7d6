//! Unknown keys of a TOML file, found with the JSON Schema that editors also use.

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
}

/// Maximum depth of nested tables.
const DEPTH: usize = 64;

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
                found.push(Unknown { key: name.to_owned(), span: key.span(), known });
            }
            None => {}
        }
    }
}

fn walk_value(root: &Value, schema: &Value, value: &DeValue<'_>, depth: usize, found: &mut Vec<Unknown>) {
    match value {
        DeValue::Table(table) if depth < DEPTH => walk_table(root, schema, table, depth, found),
        DeValue::Array(items) if depth < DEPTH => {
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
    for _ in 0..DEPTH {
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
    depth < DEPTH && table.iter_mut().any(|(_, value)| remove_in_value(value.get_mut(), span, depth + 1))
}

fn remove_in_value(value: &mut DeValue<'_>, span: &Range<usize>, depth: usize) -> bool {
    match value {
        DeValue::Table(table) => remove(table, span, depth),
        DeValue::Array(items) => depth < DEPTH && items.iter_mut().any(|item| remove_in_value(item.get_mut(), span, depth + 1)),
        _ => false,
    }
}
