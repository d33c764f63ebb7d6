//! Options of a layout: declared in `layout.toml`, with the values of the publication.

use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::manifest::{LayoutManifest, Manifest, OptionKind, OptionManifest, PageManifest, PublicationManifest};

/// A value of an option.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OptionValue {
    /// `true` or `false`.
    Bool(bool),
    /// Integer.
    Integer(i64),
    /// Text or choice.
    String(String),
    /// Section ids.
    Sections(Vec<String>),
    /// Groups of section ids.
    SectionGroups(Vec<Vec<String>>),
}

/// Determines the values of the options. `sections` are the ids that options of sections may contain.
pub fn options(
    manifest: &Manifest<PublicationManifest>,
    layout: &LayoutManifest,
    sections: &[String],
    found: &mut Diagnostics,
) -> Vec<(String, OptionValue)> {
    for (key, value) in &manifest.value.options {
        if !layout.options.contains_key(key) {
            let known = layout.options.keys().map(String::as_str);
            let message = format!("the layout has no option \"{key}\"");
            found.push(Diagnostic::new(code::OPTION, message).at(manifest.span(value)).suggest(key, known));
        }
    }
    let mut decided = Vec::new();
    for (key, option) in &layout.options {
        let set = manifest.value.options.get(key);
        let value = set.map_or(&option.default, |value| value.get_ref());
        let span = set.map(|value| manifest.span(value));
        if let Some(value) = typed(key, option, value, sections, span, found) {
            decided.push((key.clone(), value));
        }
    }
    decided
}

/// Returns the trim size of the pages: that of the first option whose value selects one, or else that of the layout.
pub fn page(layout: &LayoutManifest, options: &[(String, OptionValue)]) -> PageManifest {
    let selected = options.iter().find_map(|(key, value)| match value {
        OptionValue::String(value) => layout.options.get(key)?.pages.get(value),
        _ => None,
    });
    selected.copied().unwrap_or(layout.page)
}

fn typed(
    key: &str,
    option: &OptionManifest,
    value: &toml::Value,
    sections: &[String],
    span: Option<Span>,
    found: &mut Diagnostics,
) -> Option<OptionValue> {
    let typed = match option.kind {
        OptionKind::Bool => value.as_bool().map(OptionValue::Bool),
        OptionKind::Integer => value.as_integer().map(OptionValue::Integer),
        OptionKind::String => value.as_str().map(|text| OptionValue::String(text.into())),
        OptionKind::Choice => {
            value.as_str().filter(|text| option.choices.iter().any(|c| c == text)).map(|text| OptionValue::String(text.into()))
        }
        OptionKind::Sections => strings(value).map(OptionValue::Sections),
        OptionKind::SectionGroups => {
            value.as_array().and_then(|groups| groups.iter().map(strings).collect()).map(OptionValue::SectionGroups)
        }
    };
    let Some(typed) = typed else {
        let message = format!("the option \"{key}\" takes {}", option.kind.name());
        let choices = option.choices.iter().map(|c| format!("\"{c}\"")).collect::<Vec<_>>().join(", ");
        let hint = if choices.is_empty() { option.help.clone() } else { format!("use one of {choices}") };
        found.push(Diagnostic::new(code::OPTION, message).at(span).hint(hint));
        return None;
    };
    validate_sections(key, &typed, sections, span, found);
    Some(typed)
}

fn strings(value: &toml::Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}

fn validate_sections(key: &str, value: &OptionValue, sections: &[String], span: Option<Span>, found: &mut Diagnostics) {
    let named: Vec<&String> = match value {
        OptionValue::Sections(ids) => ids.iter().collect(),
        OptionValue::SectionGroups(groups) => groups.iter().flatten().collect(),
        OptionValue::Bool(_) | OptionValue::Integer(_) | OptionValue::String(_) => return,
    };
    for (at, id) in named.iter().enumerate() {
        if !sections.contains(id) {
            let message = format!("the option \"{key}\" names a section \"{id}\" that does not exist");
            found.push(Diagnostic::new(code::OPTION, message).at(span).suggest(id, sections.iter().map(String::as_str)));
        } else if named[..at].contains(id) {
            let message = format!("the option \"{key}\" names the section \"{id}\" twice");
            found.push(Diagnostic::new(code::OPTION, message).at(span).hint("name each section once"));
        }
    }
    if let OptionValue::SectionGroups(groups) = value
        && !groups.is_empty()
    {
        if groups.iter().any(Vec::is_empty) {
            let message = format!("the option \"{key}\" has an empty group");
            found.push(Diagnostic::new(code::OPTION, message).at(span).hint("remove the empty []"));
        }
        if named.iter().copied().ne(sections.iter()) && named.iter().all(|id| sections.contains(id)) {
            let message = format!("the option \"{key}\" must name every section, in reading order");
            let all = sections.iter().map(|id| format!("\"{id}\"")).collect::<Vec<_>>().join(", ");
            found.push(Diagnostic::new(code::OPTION, message).at(span).hint(format!("the sections are {all}")));
        }
    }
}
