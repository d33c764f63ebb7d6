//! Attributes and tags of HTML that only set the appearance or serve a web page. They are left out, and each kind is reported
//! once per file (R220).

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};

/// The attributes and tags of a file that are left out.
#[derive(Debug, Default)]
pub struct LeftOutHtml(BTreeMap<String, BTreeSet<Span>>);

/// Attributes that set the appearance.
const APPEARANCE: [&str; 21] = [
    "align",
    "background",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "class",
    "clear",
    "color",
    "face",
    "frame",
    "frameborder",
    "height",
    "hspace",
    "nowrap",
    "rules",
    "size",
    "style",
    "valign",
    "vspace",
    "width",
];

impl LeftOutHtml {
    /// Adds an attribute. All attributes `data-…` are one kind, as are all `aria-…`.
    pub fn attribute(&mut self, name: &str, span: Span) {
        let name =
            ["data-", "aria-"].iter().find(|prefix| name.starts_with(*prefix)).map_or(name.to_owned(), |it| format!("{it}…"));
        self.0.entry(format!("the attribute \"{name}\"")).or_default().insert(span);
    }

    /// Adds a tag. Its content is kept.
    pub fn tag(&mut self, name: &str, span: Span) {
        self.0.entry(format!("the tag <{name}>")).or_default().insert(span);
    }

    /// Adds the attributes and tags of another text of the file.
    pub fn extend(&mut self, other: Self) {
        for (kind, spans) in other.0 {
            self.0.entry(kind).or_default().extend(spans);
        }
    }

    /// Reports each kind once, at its first location.
    pub fn report(self, found: &mut Diagnostics) {
        for (kind, spans) in self.0 {
            let times = match spans.len() {
                1 => String::new(),
                times => format!(", {times} times in this file"),
            };
            let hint = hint(kind.split('"').nth(1));
            let message = format!("{kind} of HTML is left out{times}");
            found.push(Diagnostic::new(code::HTML_LEFT_OUT, message).at(spans.first().copied()).hint(hint));
        }
    }
}

/// Returns the hint for an attribute, or for a tag if `attribute` is `None`.
fn hint(attribute: Option<&str>) -> &'static str {
    match attribute {
        Some("target" | "rel" | "download" | "ping" | "referrerpolicy" | "hreflang") => {
            "delete it: readers decide how a link is opened"
        }
        Some("title") => "write its words in the text or in a note, and delete it",
        Some("hidden") => "delete it with its element: a book shows all of its text",
        Some("dir") => "delete it: the direction follows the language, for example <p lang=\"ar\">",
        Some("id" | "name") => "write an id of letters without accents, digits and hyphens, one in a block",
        Some(name) if !APPEARANCE.contains(&name) => "delete it: it has no effect in a book",
        _ => "delete it: the layout determines the appearance",
    }
}
