//! `records`: the records that are written beside the artefacts.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};

use crate::product::Product;

/// The records of a publication, in order of [`Product::ALL`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordsManifest(pub Vec<Product>);

impl<'de> Deserialize<'de> for RecordsManifest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RecordsVisitor)
    }
}

struct RecordsVisitor;

impl<'de> de::Visitor<'de> for RecordsVisitor {
    type Value = RecordsManifest;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "true, false or a list of {}", names())
    }

    fn visit_bool<E: de::Error>(self, all: bool) -> Result<RecordsManifest, E> {
        Ok(RecordsManifest(if all { Product::RECORDS.to_vec() } else { Vec::new() }))
    }

    fn visit_str<E: de::Error>(self, id: &str) -> Result<RecordsManifest, E> {
        let known = Product::from_id(id).filter(|product| product.is_record());
        let hint = known.map_or_else(|| format!("true, false or a list of {}", names()), |_| format!("records = [\"{id}\"]"));
        Err(E::custom(format!("this key takes true, false or a list, not the text \"{id}\"; write {hint}")))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<RecordsManifest, A::Error> {
        let mut named = Vec::new();
        while let Some(id) = list.next_element::<String>()? {
            let record = Product::from_id(&id).filter(|product| product.is_record());
            named.push(record.ok_or_else(|| de::Error::custom(format!("\"{id}\" is not a record; write {}", names())))?);
        }
        Ok(RecordsManifest(Product::RECORDS.into_iter().filter(|record| named.contains(record)).collect()))
    }
}

/// Lists the ids of all records.
fn names() -> String {
    Product::RECORDS.map(|record| format!("\"{record}\"")).join(", ")
}

impl JsonSchema for RecordsManifest {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Records".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let ids = Product::RECORDS.map(Product::id);
        json_schema!({ "anyOf": [{ "type": "boolean" }, { "type": "array", "items": { "type": "string", "enum": ids } }] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct RecordsFile {
        records: RecordsManifest,
    }

    fn read(value: &str) -> Result<Vec<Product>, String> {
        toml::from_str::<RecordsFile>(&format!("records = {value}"))
            .map(|file| file.records.0)
            .map_err(|error| error.message().to_owned())
    }

    #[test]
    fn reads_all_none_and_some() {
        assert_eq!(read("true"), Ok(Product::RECORDS.to_vec()));
        assert_eq!(read("false"), Ok(vec![]));
        assert_eq!(read("[\"ris\", \"onix\", \"ris\"]"), Ok(vec![Product::Onix, Product::Ris]));
        assert!(read("[\"pdf\"]").unwrap_err().starts_with("\"pdf\" is not a record; write \"onix\", "));
        assert!(
            read("\"all\"")
                .unwrap_err()
                .ends_with("write true, false or a list of \"onix\", \"cff\", \"bibtex\", \"ris\", \"datacite\", \"json-ld\"")
        );
        assert!(read("\"onix\"").unwrap_err().ends_with("write records = [\"onix\"]"));
    }
}
