//! The TOML front matter of a section, between two lines of `+++`.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, Span, code};
use crate::manifest::{LanguageTag, Manifest, parse_at};

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
    #[schemars(with = "Option<LanguageTag>")]
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
        return Err(missing(source, text).into());
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

/// Returns the diagnostic for a file that does not start with `+++`. The message depends on the first line.
fn missing(source: SourceId, text: &str) -> Diagnostic {
    let start = text.len() - text.trim_start().len();
    let first = text.trim_start().lines().next().unwrap_or_default().trim_end();
    let at = Span::new(source, start..start + first.len());
    let error = |message: &str| Diagnostic::new(code::FRONT_MATTER, message).at(at);
    match first {
        "+++" => error("there are blank lines before the front matter")
            .hint("delete the lines above +++, so that it is the first line"),
        "---" => {
            let wrong = error("this front matter is YAML; a section has TOML between two lines of +++");
            let value = |key: &str| yaml_value(text.trim_start(), key);
            let title = value("title").unwrap_or_else(|| "\"…\"".into());
            let lang = value("lang").map(|lang| format!("\n    lang = {lang}")).unwrap_or_default();
            wrong.hint(format!("replace it with:\n    +++\n    title = {title}{lang}\n    +++"))
        }
        _ => {
            let heading = first.strip_prefix("# ").map(|title| toml::Value::String(title.trim().to_owned()).to_string());
            let hint = |title: &str| format!("start the file with:\n    +++\n    title = {title}\n    +++");
            let missing = Diagnostic::new(code::FRONT_MATTER, "this section has no front matter").at(Span::new(source, 0..0));
            match heading {
                Some(title) => missing.hint(format!("{}\nand delete the heading \"{first}\"", hint(&title))),
                None => missing.hint(hint("\"…\"")),
            }
        }
    }
}

/// Returns the value of a key in the YAML front matter, as TOML. Only strings on one line are supported.
fn yaml_value(text: &str, key: &str) -> Option<String> {
    let block = text.lines().skip(1).take_while(|line| line.trim_end() != "---");
    let mut values = block.filter_map(|line| line.strip_prefix(key)?.strip_prefix(':').map(str::trim));
    let text = values.next().filter(|value| !value.is_empty() && !value.starts_with(['|', '>', '[', '{', '&']))?;
    let quoted = |mark: char| text.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark));
    let text = quoted('"').or_else(|| quoted('\'')).unwrap_or(text);
    Some(toml::Value::String(text.to_owned()).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sources;

    fn hint(text: &str) -> (String, String) {
        let found = read(Sources::default().add("a.md", text), text).map(|_| ()).unwrap_err();
        let error = found.sorted()[0];
        (error.message.clone(), error.hints.concat())
    }

    #[test]
    fn reports_other_text_in_place_of_front_matter() {
        let (message, yaml) = hint("---\ntitle: 'L’eau: \"douce\"'\nlang: fr\n---\nText\n");
        assert!(message.contains("YAML"), "{message}");
        let front: String = yaml.lines().skip(1).map(|line| format!("{}\n", line.trim())).collect();
        let id = Sources::default().add("a.md", front.as_str());
        let read = read(id, &front).unwrap().0.value;
        assert_eq!((read.title.get_ref().as_str(), read.lang.as_deref()), ("L’eau: \"douce\"", Some("fr")));
        assert!(hint("\n\n+++\ntitle = \"x\"\n+++\n").0.contains("blank lines"));
        assert!(hint("# Les écluses\n\nText\n").1.contains("title = \"Les écluses\""));
        assert!(hint("Text\n").1.contains("title = \"…\""));
        assert_eq!(hint("").0, "this section has no front matter");
    }
}
