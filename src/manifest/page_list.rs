//! `page-list`: the PDF whose pages an EPUB lists.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};

/// The PDF whose pages an EPUB lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageListSource {
    /// The PDF for screens.
    Pdf,
    /// The print PDF, whose pages differ from those of the PDF for screens if it has a gutter.
    Print,
    /// None.
    Off,
}

impl<'de> Deserialize<'de> for PageListSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = PageListSource;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"pdf\", \"print\" or false")
            }

            fn visit_str<E: de::Error>(self, value: &str) -> Result<Self::Value, E> {
                match value {
                    "pdf" => Ok(PageListSource::Pdf),
                    "print" => Ok(PageListSource::Print),
                    // the diagnostic names the value that was meant
                    _ if ["pdf", "print"].iter().any(|name| value.eq_ignore_ascii_case(name)) => {
                        Err(E::unknown_variant(value, &["pdf", "print"]))
                    }
                    _ => Err(E::custom(format!("page-list cannot be \"{value}\"; write \"pdf\", \"print\" or false"))),
                }
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Self::Value, E> {
                match value {
                    false => Ok(PageListSource::Off),
                    true => Err(E::custom(
                        "page-list cannot be true: it names the PDF whose pages are listed; write page-list = \"pdf\", or \"print\"",
                    )),
                }
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for PageListSource {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "PageListSource".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "enum": ["pdf", "print", false] })
    }
}
