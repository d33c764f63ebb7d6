//! The safe subset of HTML: the elements that have an equivalent in the model.
//!
//! The Markdown parser yields raw HTML in pieces, with Markdown between them. [`Builder`] combines both into one tree, and
//! [`Lowering`] converts it to blocks and inlines. Other elements are errors (R204) and never reach an output: writers cannot
//! emit the tags of an author.

mod block;
mod inline;
mod left_out;
mod media;
mod table;
mod token;
mod tree;

pub use inline::{is_blank, link_of};
pub use left_out::LeftOutHtml;
pub use token::{HtmlToken, tokens};
pub use tree::{Builder, HtmlNode};

use crate::diagnostic::Strictness;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::model::{Authored, Block, is_valid_id, visit_inlines};
use tree::Element;

/// Inline elements.
const INLINE: [&str; 34] = [
    "a", "abbr", "acronym", "b", "bdi", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img", "ins",
    "kbd", "mark", "nobr", "picture", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
    "var",
];

/// Block elements, and elements inside them.
const BLOCK: [&str; 41] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "caption",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Block elements that only group others.
const GROUPS: [&str; 11] = ["address", "article", "center", "div", "footer", "header", "hgroup", "main", "nav", "p", "section"];

/// Elements that only set the appearance. They are left out, and their content is kept.
const STYLING: [&str; 4] = ["big", "center", "font", "nobr"];

/// Elements with scripts, embedded content or drawings. Their content is not text of the publication.
const ACTIVE: [&str; 26] = [
    "applet", "audio", "base", "canvas", "embed", "frame", "frameset", "iframe", "link", "math", "meta", "noembed", "noframes",
    "noscript", "object", "param", "script", "select", "source", "style", "svg", "template", "textarea", "title", "track",
    "video",
];

/// Elements whose content is not text for readers.
const WORDLESS: [&str; 2] = ["script", "style"];

/// Elements without an end tag (HTML §13.1.2).
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Returns whether an element is inline.
pub fn is_inline(name: &str) -> bool {
    INLINE.contains(&name) || name == "wbr"
}

/// Returns whether an element has no end tag.
pub fn is_void(name: &str) -> bool {
    VOID.contains(&name)
}

/// Returns whether an element belongs to the subset.
fn is_known(name: &str) -> bool {
    is_inline(name) || BLOCK.contains(&name)
}

/// An error in a tag, and its fallback in lenient mode.
struct TagFault<'a> {
    message: String,
    hint: &'a str,
    fallback: &'a str,
}

/// Converts elements to blocks and inlines of the model, and reports elements and attributes that cannot be converted.
pub struct Lowering<'d> {
    found: &'d mut Diagnostics,
    left_out: &'d mut LeftOutHtml,
    strictness: Strictness,
    /// Whether an enclosing element was reported. The elements inside it are then not reported.
    in_misplaced: bool,
    /// The pending id of an inline element or of an empty block. The next block gets it.
    id: Option<(String, Span)>,
}

impl<'d> Lowering<'d> {
    /// Creates a converter.
    pub fn new(found: &'d mut Diagnostics, left_out: &'d mut LeftOutHtml, strictness: Strictness) -> Self {
        Self { found, left_out, strictness, in_misplaced: false, id: None }
    }

    /// Takes the pending id.
    pub fn take_id(&mut self) -> Option<(String, Span)> {
        self.id.take()
    }

    fn report(&mut self, fault: TagFault<'_>, span: Span) {
        let diagnostic = Diagnostic::new(code::RAW_HTML, fault.message).at(span).hint(fault.hint);
        self.found.push(self.strictness.soften(diagnostic, fault.fallback));
    }

    /// Converts the content of a reported element. If `is_silent` is set, the elements inside it are not reported.
    fn without_reports(&mut self, is_silent: bool, convert: impl FnOnce(&mut Self)) {
        let around = self.in_misplaced;
        self.in_misplaced |= is_silent;
        convert(self);
        self.in_misplaced = around;
    }

    /// Reports an element that is not in the subset.
    fn report_unsupported(&mut self, element: &Element) {
        let name = &element.name;
        if self.in_misplaced {
            return;
        }
        let fault = if ACTIVE.contains(&name.as_str()) {
            TagFault {
                message: format!("<{name}> is not allowed in a publication: it runs, loads or draws something"),
                hint: "delete it, or write a link to what it shows",
                fallback: if WORDLESS.contains(&name.as_str()) { "it is left out" } else { "its text is kept without the tag" },
            }
        } else {
            TagFault {
                message: format!("<{name}> is not supported in both outputs"),
                hint: "write it in Markdown, or put a backslash before the < to print it",
                fallback: "its text is kept without the tag",
            }
        };
        self.report(fault, element.span);
    }

    /// Reports a misplaced tag.
    fn report_misplaced(&mut self, element: &Element, hint: &str) {
        let message = format!("<{}> is not allowed here", element.name);
        self.report(TagFault { message, hint, fallback: "its text is kept without the tag" }, element.span);
    }

    /// Reads the id of an element, and leaves out every attribute that is not allowed. Attributes that run scripts are reported.
    fn attributes(&mut self, element: &Element, allowed: &[&str]) {
        for (key, value) in element.attributes.iter().filter(|(key, _)| !allowed.contains(&key.as_str())) {
            let name = &element.name;
            if key.starts_with("on") {
                let fault = TagFault {
                    message: format!("the attribute \"{key}\" of <{name}> is not allowed in a publication: it runs a script"),
                    hint: "delete it",
                    fallback: "it is left out",
                };
                self.report(fault, element.span);
                continue;
            }
            let is_id = key == "id" || key == "name" && name == "a";
            match value.trim() {
                "" if is_id => {}
                id if is_id && !is_valid_anchor(id) => self.left_out.attribute(key, element.span),
                id if is_id && self.id.is_none() => self.id = Some((id.to_owned(), element.span)),
                id if is_id && self.id.as_ref().is_some_and(|(own, _)| own == id) => {}
                _ => self.left_out.attribute(key, element.span),
            }
        }
    }

    /// Removes the tag of an element that only sets the appearance, with its attributes.
    fn styling(&mut self, element: &Element) {
        self.left_out.tag(&element.name, element.span);
        let scripts: Vec<_> = element.attributes.iter().filter(|(key, _)| key.starts_with("on")).cloned().collect();
        self.attributes(&Element { attributes: scripts, name: element.name.clone(), span: element.span, nodes: Vec::new() }, &[]);
    }
}

/// Returns whether an id can be the target of links. Some ids are reserved for the outputs.
fn is_valid_anchor(id: &str) -> bool {
    is_valid_id(id) && !["cover", "nav", "title"].contains(&id)
}

/// Returns the location of the first text of a block, so that a diagnostic does not cover all of its text.
fn start_of(block: &Block<Authored>) -> Span {
    let mut end = None;
    visit_inlines(std::slice::from_ref(block), &mut |inline| end = end.or(Some(inline.span.end)));
    let end = end.filter(|end| (block.span.start..=block.span.end).contains(end));
    Span { end: end.unwrap_or(block.span.start), ..block.span }
}

#[cfg(test)]
mod tests;
