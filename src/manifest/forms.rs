//! Types that give strings a pattern in the JSON Schemas, so that editors report the same errors as `reliure check`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::ROLES;
use super::role::Role;

/// Declares a type without values, with its JSON Schema.
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
    /// The name, an alternative name or the MARC code of a role.
    RoleName,
    json_schema!({ "type": "string", "enum": ROLES.iter().flat_map(Role::words).collect::<Vec<_>>() })
);

form!(
    /// An sRGB colour.
    Hex,
    json_schema!({ "type": "string", "pattern": "^#[0-9A-Fa-f]{6}$" })
);

form!(
    /// An sRGB colour, or the name of a colour of the palette. A name does not start with a digit, so a colour without its `#` is
    /// invalid.
    ColourName,
    json_schema!({ "type": "string", "pattern": "^(#[0-9A-Fa-f]{6}|[^#0-9].*)$" })
);

form!(
    /// A language tag that starts with a language code (BCP 47 §2.1).
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
