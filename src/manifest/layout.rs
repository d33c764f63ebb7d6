//! `layout.toml`: the declarations of a layout.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};
use toml::Spanned;

use super::Length;

/// `layout.toml`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LayoutManifest {
    /// Description of the layout, in one line.
    pub description: String,
    /// Trim size of the pages.
    pub page: PageManifest,
    /// Whether the layout adds `edition.gutter` to its inner margins.
    #[serde(default)]
    pub gutter: bool,
    /// Order in which sections take the accents of the brand.
    #[serde(default)]
    pub accents: AccentOrder,
    /// CSS class of the list of section links on the title page of the EPUB, such as `wheel`. Without a class, there is no list.
    #[serde(default, deserialize_with = "class")]
    #[schemars(with = "Option<String>")]
    pub title_page_links: Option<String>,
    /// Style sheets for the EPUB that come before `epub.css`, such as `/layouts/common/portrait.css`, so that layouts can share rules.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub style_sheets: Vec<Spanned<String>>,
    /// Options that publications may set, by key.
    #[serde(default)]
    pub options: BTreeMap<String, OptionManifest>,
}

/// Trim size of the pages: lengths in mm, cm, in or pt, such as `297mm`, from 3pt to 14400pt.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageManifest {
    /// Width.
    #[serde(deserialize_with = "side")]
    #[schemars(with = "String")]
    pub width: Length,
    /// Height.
    #[serde(deserialize_with = "side")]
    #[schemars(with = "String")]
    pub height: Length,
}

/// Parses the width or height of a page, within the limits of PDF/A-2 (ISO 19005-2, 6.1.13).
fn side<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Length, D::Error> {
    let length = Length::deserialize(deserializer)?;
    if (3.0..=14_400.0).contains(&length.points()) {
        return Ok(length);
    }
    Err(de::Error::custom(format!("a page cannot be {length} wide or high; choose a length between 3pt and 14400pt")))
}

/// Order in which sections take the accents of the brand. Sections of a group share an accent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AccentOrder {
    /// In order, repeated.
    #[default]
    Cycle,
    /// In order, repeated, except that the last section, which is beside the first on a ring, takes the second accent instead of
    /// the first.
    Ring,
}

/// Parses a CSS class.
fn class<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let name = String::deserialize(deserializer)?;
    let is_class =
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if is_class {
        return Ok(Some(name));
    }
    Err(de::Error::custom(format!(
        "\"{name}\" is not a class; write a letter, then letters, digits and hyphens, such as \"wheel\""
    )))
}

/// An option of the layout.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OptionManifest {
    /// Type of its value.
    #[serde(rename = "type")]
    pub kind: OptionKind,
    /// Value if the publication does not set the option.
    #[schemars(with = "serde_json::Value")]
    pub default: toml::Value,
    /// Values of a `choice`.
    #[serde(default)]
    pub choices: Vec<String>,
    /// Trim sizes that values of a `choice` select, instead of `page`.
    #[serde(default)]
    pub pages: BTreeMap<String, PageManifest>,
    /// Description for the editor, in one line.
    pub help: String,
}

/// Type of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OptionKind {
    /// `true` or `false`.
    Bool,
    /// Integer.
    Integer,
    /// Text.
    String,
    /// One of `choices`.
    Choice,
    /// List of section ids.
    Sections,
    /// List of groups of section ids.
    SectionGroups,
}

impl OptionKind {
    /// Returns the description of the type for messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bool => "true or false",
            Self::Integer => "a whole number",
            Self::String => "a text",
            Self::Choice => "one of the layout's choices",
            Self::Sections => "an array of section ids",
            Self::SectionGroups => "an array of arrays of section ids",
        }
    }
}
