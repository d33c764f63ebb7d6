//! The safe subset of HTML: the elements that have an equivalent in the model.
//!
//! The Markdown parser yields raw HTML in pieces, with Markdown between them. [`Builder`] combines both into one tree, and
//! [`Lowering`] converts it to blocks and inlines. Other elements are errors (R204) and never reach an output: writers cannot emit
//! the tags of an author.

mod block;
mod inline;
mod table;
mod token;
mod tree;

pub use inline::link_of;
pub use token::{HtmlToken, tokens};
pub use tree::{Builder, HtmlNode};

use crate::diagnostic::Strictness;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::model::{Authored, Block, visit_inlines};
use tree::Element;

/// Inline elements.
const INLINE: [&str; 21] = [
    "a", "abbr", "b", "br", "cite", "code", "del", "dfn", "em", "i", "img", "kbd", "q", "s", "samp", "span", "strike", "strong",
    "sub", "sup", "var",
];

/// Block elements, and elements inside them.
const BLOCK: [&str; 29] = [
    "blockquote",
    "caption",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
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

/// Elements with scripts, embedded content or drawings. Their content is not text of the publication.
const ACTIVE: [&str; 26] = [
    "applet", "audio", "base", "canvas", "embed", "frame", "frameset", "iframe", "link", "math", "meta", "noembed", "noframes",
    "noscript", "object", "param", "script", "select", "source", "style", "svg", "template", "textarea", "title", "track",
    "video",
];

/// Elements without an end tag (HTML §13.1.2).
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Returns whether an element is inline.
pub fn is_inline(name: &str) -> bool {
    INLINE.contains(&name)
}

/// Returns whether an element has no end tag.
pub fn is_void(name: &str) -> bool {
    VOID.contains(&name)
}

/// Returns whether an element belongs to the subset.
fn is_known(name: &str) -> bool {
    INLINE.contains(&name) || BLOCK.contains(&name)
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
    strictness: Strictness,
    /// Whether an enclosing element was reported as misplaced. Its parts are then not reported again.
    in_misplaced: bool,
}

impl<'d> Lowering<'d> {
    /// Creates a conversion.
    pub fn new(found: &'d mut Diagnostics, strictness: Strictness) -> Self {
        Self { found, strictness, in_misplaced: false }
    }

    fn report(&mut self, fault: TagFault<'_>, span: Span) {
        let diagnostic = Diagnostic::new(code::RAW_HTML, fault.message).at(span).hint(fault.hint);
        self.found.push(self.strictness.soften(diagnostic, fault.fallback));
    }

    /// Reports an element that is not in the subset.
    fn report_unsupported(&mut self, element: &Element) {
        let name = &element.name;
        let fault = if ACTIVE.contains(&name.as_str()) {
            TagFault {
                message: format!("<{name}> is not allowed in a publication: it runs, loads or draws something"),
                hint: "delete it, or write a link to what it shows",
                fallback: "it is left out",
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

    /// Reports every attribute that is not in the subset.
    fn attributes(&mut self, element: &Element, allowed: &[&str]) {
        for (key, _) in element.attributes.iter().filter(|(key, _)| !allowed.contains(&key.as_str())) {
            let name = &element.name;
            let fault = if key.starts_with("on") {
                TagFault {
                    message: format!("the attribute \"{key}\" of <{name}> is not allowed in a publication: it runs a script"),
                    hint: "delete it",
                    fallback: "it is left out",
                }
            } else {
                TagFault {
                    message: format!("the attribute \"{key}\" of <{name}> is not supported in both outputs"),
                    hint: "delete it: the layout determines the appearance",
                    fallback: "it is left out",
                }
            };
            self.report(fault, element.span);
        }
    }
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
