//! Patterns of strings for the JSON Schemas, so that editors report the same errors as `reliure check`. The types have no values.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::ROLES;
use super::role::Role;

/// Declares a form: its name and its schema.
macro_rules! form {
    ($(#[doc = $doc:literal])+ $name:ident, $schema:expr) => {
        $(#[doc = $doc])+
        pub enum $name {}

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    };
}

form!(
    /// A name, another name or a code of a role.
    RoleName,
    json_schema!({ "type": "string", "enum": ROLES.iter().flat_map(Role::words).collect::<Vec<_>>() })
);

form!(
    /// A colour of sRGB.
    Hex,
    json_schema!({ "type": "string", "pattern": "^#[0-9A-Fa-f]{6}$" })
);

form!(
    /// A colour of sRGB, or the name of a colour of the palette: it does not start with a digit, unlike a colour without its `#`.
    ColourName,
    json_schema!({ "type": "string", "pattern": "^(#[0-9A-Fa-f]{6}|[^#0-9].*)$" })
);

form!(
    /// The start of a language tag: the code of a language (BCP 47 §2.1).
    LanguageTag,
    json_schema!({ "type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$" })
);

form!(
    /// A UUID with hyphens (RFC 9562 §4).
    UuidText,
    json_schema!({ "type": "string", "pattern": "^[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$" })
);

form!(
    /// The id of an edition, which is part of file names.
    EditionId,
    json_schema!({ "type": "string", "pattern": "^[A-Za-z0-9_-][A-Za-z0-9._-]*$" })
);
