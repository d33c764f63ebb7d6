//! The TOML front matter of a section, between two lines of `+++`.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, Span, code};
use crate::manifest::{Manifest, parse_at};

/// Front matter of a section.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FrontMatter {
    /// Title of the section.
    #[schemars(with = "String")]
    pub title: Spanned<String>,
    /// Short label for navigation and contents, where it differs from the title.
    #[schemars(with = "Option<String>")]
    pub nav: Option<Spanned<String>>,
    /// Lead: one paragraph, inline Markdown.
    #[schemars(with = "Option<String>")]
    pub lead: Option<Spanned<String>>,
    /// Language, where it differs from the publication's.
    pub lang: Option<String>,
    /// Id that links use; by default the name of the file.
    #[schemars(with = "Option<String>")]
    pub id: Option<Spanned<String>>,
}

/// Reads the front matter. Returns it and the offset of the body in bytes.
///
/// # Errors
///
/// Fails if the front matter is missing, not closed or invalid.
pub fn read(source: SourceId, text: &str) -> Result<(Manifest<FrontMatter>, usize), Diagnostics> {
    let first = text.find('\n').map_or(text.len(), |end| end + 1);
    if text.get(..first).unwrap_or_default().trim_end() != "+++" {
        let missing = Diagnostic::new(code::FRONT_MATTER, "this section has no front matter");
        return Err(missing.at(Span::new(source, 0..0)).hint("start the file with:  +++  then  title = \"…\"  then  +++").into());
    }
    let mut at = first;
    for line in text.get(first..).unwrap_or_default().split_inclusive('\n') {
        if line.trim_end() == "+++" {
            let front = parse_at(source, text.get(first..at).unwrap_or_default(), first)?;
            return Ok((front, at + line.len()));
        }
        at += line.len();
    }
    let open = Diagnostic::new(code::FRONT_MATTER, "this front matter is not closed");
    Err(open.at(Span::new(source, 0..3)).hint("end it with a line  +++").into())
}
