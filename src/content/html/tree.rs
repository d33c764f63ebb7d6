//! The tree of elements: HTML tags, and the Markdown between them.

use super::token::{HtmlToken, Tag};
use super::{Lowering, TagFault, VOID, is_known};
use crate::content::spans::SpanPiece;
use crate::diagnostic::{Diagnostic, Span, code};
use crate::model::{Authored, Block};

/// Maximum nesting of elements.
const MAX_OPEN: usize = 48;

/// Elements whose end tag may be left out (HTML §13.1.2.4).
const OPTIONAL_END: [&str; 10] = ["dd", "dt", "li", "p", "tbody", "td", "tfoot", "th", "thead", "tr"];

/// Elements that do not add a nesting level to the model.
const WITHOUT_LEVEL: [&str; 23] = [
    "address",
    "article",
    "caption",
    "center",
    "dd",
    "div",
    "dt",
    "figcaption",
    "footer",
    "header",
    "hgroup",
    "li",
    "main",
    "nav",
    "picture",
    "section",
    "summary",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
];

/// A child of an element.
#[derive(Debug)]
pub enum HtmlNode {
    /// An element.
    Element(Element),
    /// Text of the HTML.
    Text(String, Span),
    /// An inline of the Markdown between tags.
    Piece(SpanPiece),
    /// A block of the Markdown between tags.
    Block(Block<Authored>),
}

impl HtmlNode {
    /// Creates an empty element with an id.
    pub fn anchor(id: String, span: Span) -> Self {
        Self::Element(Element { name: "a".into(), attributes: vec![("id".into(), id)], span, nodes: Vec::new() })
    }
}

/// An element.
#[derive(Debug)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// Its attributes.
    pub attributes: Vec<(String, String)>,
    /// Its start tag.
    pub span: Span,
    /// Its children.
    pub nodes: Vec<HtmlNode>,
}

impl Element {
    /// Returns the value of an attribute.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == key).map(|(_, value)| value.trim())
    }

    fn has_optional_end(&self) -> bool {
        OPTIONAL_END.contains(&self.name.as_str())
    }
}

/// Builds the tree from tokens and Markdown nodes.
#[derive(Debug, Default)]
pub struct Builder {
    open: Vec<Element>,
    nodes: Vec<HtmlNode>,
    /// Names of elements that are nested too deeply. Their tags are ignored.
    skipped: Vec<String>,
}

impl Builder {
    /// Returns the number of nesting levels of the open elements in the model.
    pub fn depth(&self) -> usize {
        self.open.iter().filter(|element| !WITHOUT_LEVEL.contains(&element.name.as_str()) && is_known(&element.name)).count()
    }

    /// Adds a node to the innermost open element.
    pub fn push(&mut self, node: HtmlNode) {
        match self.open.last_mut() {
            Some(element) => element.nodes.push(node),
            None => self.nodes.push(node),
        }
    }

    /// Returns the last node that is not white space, in the innermost open element.
    pub fn last(&mut self) -> Option<&mut HtmlNode> {
        let nodes = self.open.last_mut().map_or(&mut self.nodes, |element| &mut element.nodes);
        nodes.iter_mut().rev().find(|node| !super::block::is_blank(node))
    }

    /// Adds a token. `room` is the number of further nesting levels that are allowed.
    pub fn token(&mut self, token: HtmlToken, room: usize, lowering: &mut Lowering<'_>) {
        match token {
            HtmlToken::Open(tag, span) => self.start(tag, span, room, lowering),
            HtmlToken::Close(name, span) => self.end(&name, span, lowering),
            HtmlToken::Text(text, span) => self.push(HtmlNode::Text(text, span)),
            HtmlToken::Comment(..) => {}
            HtmlToken::Declaration(span) => {
                let message = "a declaration or processing instruction is not allowed here".to_owned();
                let hint = "delete it, or put a backslash before the < to print it";
                lowering.report(TagFault { message, hint, fallback: "only the words of a CDATA section are kept" }, span);
            }
        }
    }

    fn start(&mut self, tag: Tag, span: Span, room: usize, lowering: &mut Lowering<'_>) {
        while self.open.last().is_some_and(|open| ends(&tag.name, &open.name)) {
            self.close();
        }
        let void = VOID.contains(&tag.name.as_str()) || tag.self_closing && !is_known(&tag.name);
        let element = Element { name: tag.name, attributes: tag.attributes, span, nodes: Vec::new() };
        if void {
            self.push(HtmlNode::Element(element));
        } else if self.open.len() >= MAX_OPEN || self.depth() >= room {
            if self.skipped.is_empty() {
                let message = format!("<{}> is nested too deeply here", element.name);
                lowering.found.push(Diagnostic::new(code::NESTING, message).at(span).hint("remove some of the nesting"));
            }
            self.skipped.push(element.name);
        } else {
            self.open.push(element);
        }
    }

    fn end(&mut self, name: &str, span: Span, lowering: &mut Lowering<'_>) {
        if let Some(at) = self.skipped.iter().rposition(|skipped| skipped == name) {
            self.skipped.truncate(at);
            return;
        }
        let Some(at) = self.open.iter().rposition(|element| element.name == name) else {
            if name == "br" || name == "p" {
                return; // Browsers insert a line break or an empty paragraph here.
            }
            let message = format!("</{name}> has no start tag");
            let hint = "delete it, or put its start tag into the same paragraph or block";
            lowering.report(TagFault { message, hint, fallback: "it is left out" }, span);
            return;
        };
        while self.open.len() > at + 1 {
            self.close_unclosed(lowering);
        }
        self.close();
    }

    /// Ends the innermost element and reports its missing end tag.
    fn close_unclosed(&mut self, lowering: &mut Lowering<'_>) {
        // An element that is not supported is reported later.
        if let Some(element) = self.open.last().filter(|element| !element.has_optional_end() && is_known(&element.name)) {
            let message = format!("<{}> has no end tag", element.name);
            let hint = format!("write </{}> in the same paragraph or block", element.name);
            let (hint, span) = (hint.as_str(), element.span);
            lowering.report(TagFault { message, hint, fallback: "it ends with the text that contains it" }, span);
        }
        self.close();
    }

    fn close(&mut self) {
        if let Some(element) = self.open.pop() {
            self.push(HtmlNode::Element(element));
        }
    }

    /// Ends all open elements and returns the tree.
    pub fn finish(mut self, lowering: &mut Lowering<'_>) -> Vec<HtmlNode> {
        while !self.open.is_empty() {
            self.close_unclosed(lowering);
        }
        self.nodes
    }
}

/// Returns whether a start tag implicitly ends the innermost open element (HTML §13.1.2.4).
fn ends(starting: &str, open: &str) -> bool {
    match open {
        "li" => starting == "li",
        "dt" | "dd" => matches!(starting, "dt" | "dd"),
        "td" | "th" => matches!(starting, "td" | "th" | "tr" | "tbody" | "tfoot"),
        "tr" => matches!(starting, "tr" | "tbody" | "tfoot"),
        "thead" | "tbody" => matches!(starting, "tbody" | "tfoot"),
        "p" => {
            let blocks = [
                "address",
                "article",
                "aside",
                "blockquote",
                "center",
                "details",
                "div",
                "dl",
                "figcaption",
                "figure",
                "footer",
                "header",
                "hgroup",
                "hr",
                "main",
                "nav",
                "ol",
                "p",
                "pre",
                "section",
                "table",
                "ul",
            ];
            blocks.contains(&starting) || matches!(starting, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
        }
        _ => false,
    }
}
