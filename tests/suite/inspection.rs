//! The output of `inspect --json` conforms to its published schema.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::harness::{Project, Session, repository};

#[test]
fn inspections_conform_to_the_schema() {
    let schema = fs::read_to_string(repository().join("docs/schema/inspection.schema.json")).expect("the schema is kept");
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    for workspace in ["tests/fixtures/carnet", "tests/fixtures/leaflet"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reliure"));
        command.arg("--root").arg(repository().join(workspace)).args(["inspect", "--json"]);
        let inspection: Value = serde_json::from_str(&Session::of(&mut command).succeeds().stdout).expect("JSON");
        assert!(inspection["publications"].as_array().is_some_and(|list| !list.is_empty()), "{workspace}");
        validate(&schema, &schema, &inspection, workspace);
    }
}

#[test]
fn inspects_nothing_if_the_workspace_has_errors() {
    let session = Project::small("[dead](#dead)").run(&["inspect", "--json"]).fails_with(1);
    assert_eq!(session.stdout, "{\n  \"publications\": []\n}\n");
}

/// Asserts that `value` conforms to `schema`: types, references, items, required keys, and no other keys.
///
/// Crates that validate JSON Schema change the features of Typst's dependencies, which would then be compiled twice.
#[track_caller]
fn validate(root: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.strip_prefix('#').expect("a local reference");
        return validate(root, root.pointer(pointer).expect("a definition"), value, at);
    }
    let actual = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let types = match &schema["type"] {
        Value::Array(types) => types.clone(),
        one => vec![one.clone()],
    };
    assert!(types.contains(&actual.into()), "{at} is {actual}, not {types:?}");
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        validate(root, &schema["items"], item, &format!("{at}[{index}]"));
    }
    let Some(object) = value.as_object() else { return };
    for key in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        assert!(object.contains_key(key), "{at} has no {key:?}");
    }
    for (key, value) in object {
        let property = schema["properties"].get(key).unwrap_or_else(|| panic!("{at} has an undeclared {key:?}"));
        validate(root, property, value, &format!("{at}.{key}"));
    }
}
