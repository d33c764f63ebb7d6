//! The tree of elements: tags and Markdown in one order become elements that hold what stands between their tags.

use super::token::{Tag, Token};
use super::{Fault, Lowering, VOID, is_known};
use crate::content::spans::Piece;
use crate::diagnostic::{Diagnostic, Span, code};
use crate::model::{Authored, Block};

/// Elements may stand this deep in each other, whatever they become.
const MAX_OPEN: usize = 48;

/// Elements whose end tag may be left out (HTML §13.1.2.4).
const LOOSE: [&str; 10] = ["dd", "dt", "li", "p", "tbody", "td", "tfoot", "th", "thead", "tr"];

/// Elements that are a part of the one around them, and no level of their own.
const PART: [&str; 13] =
    ["caption", "dd", "div", "dt", "figcaption", "li", "summary", "tbody", "td", "tfoot", "th", "thead", "tr"];

/// What stands in an element.
#[derive(Debug)]
pub enum Node {
    /// Another one.
    Element(Element),
    /// Characters of the HTML.
    Text(String, Span),
    /// An inline of the Markdown between tags.
    Piece(Piece),
    /// A block of the Markdown between tags.
    Block(Block<Authored>),
}

/// An element.
#[derive(Debug)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// Its attributes.
    pub attributes: Vec<(String, String)>,
    /// Its first tag.
    pub span: Span,
    /// What it holds.
    pub nodes: Vec<Node>,
}

impl Element {
    /// The value of an attribute.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == key).map(|(_, value)| value.trim())
    }

    fn can_end_unsaid(&self) -> bool {
        LOOSE.contains(&self.name.as_str())
    }
}

/// Builds the tree.
#[derive(Debug, Default)]
pub struct Builder {
    open: Vec<Element>,
    nodes: Vec<Node>,
    /// Names of elements that stood too deep: their end tags are awaited, and nothing else.
    skipped: Vec<String>,
}

impl Builder {
    /// How many levels of the model the open elements are.
    pub fn depth(&self) -> usize {
        self.open.iter().filter(|element| !PART.contains(&element.name.as_str()) && is_known(&element.name)).count()
    }

    /// Adds what stands here.
    pub fn push(&mut self, node: Node) {
        match self.open.last_mut() {
            Some(element) => element.nodes.push(node),
            None => self.nodes.push(node),
        }
    }

    /// Adds a token. `room` says how many levels there may still be around it.
    pub fn token(&mut self, token: Token, room: usize, lowering: &mut Lowering<'_>) {
        match token {
            Token::Open(tag, span) => self.start(tag, span, room, lowering),
            Token::Close(name, span) => self.end(&name, span, lowering),
            Token::Text(text, span) => self.push(Node::Text(text, span)),
            Token::Comment(..) => {}
            Token::Declaration(span) => {
                let message = "a declaration for a program stands here, and no publication runs one".to_owned();
                let hint = "delete it, or put a backslash before the < to print it";
                lowering.tell(Fault { message, hint, meanwhile: "it is left out" }, span);
            }
        }
    }

    fn start(&mut self, tag: Tag, span: Span, room: usize, lowering: &mut Lowering<'_>) {
        while self.open.last().is_some_and(|open| ends(&tag.name, &open.name)) {
            self.close();
        }
        let void = VOID.contains(&tag.name.as_str()) || tag.closes_itself && !is_known(&tag.name);
        let element = Element { name: tag.name, attributes: tag.attributes, span, nodes: Vec::new() };
        if void {
            self.push(Node::Element(element));
        } else if self.open.len() >= MAX_OPEN || self.depth() >= room {
            if self.skipped.is_empty() {
                let message = format!("<{}> is nested too deep here", element.name);
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
                return; // browsers print an empty line here, which says nothing
            }
            let message = format!("</{name}> ends nothing");
            let hint = "delete it, or put its first tag into the same paragraph or block";
            lowering.tell(Fault { message, hint, meanwhile: "it is left out" }, span);
            return;
        };
        while self.open.len() > at + 1 {
            self.unclosed(lowering);
        }
        self.close();
    }

    /// Ends the innermost element, whose end tag is not there.
    fn unclosed(&mut self, lowering: &mut Lowering<'_>) {
        // What is no element of the subset is told of once, as such.
        if let Some(element) = self.open.last().filter(|element| !element.can_end_unsaid() && is_known(&element.name)) {
            let message = format!("<{}> is not ended", element.name);
            let hint = format!("write </{}> in the same paragraph or block", element.name);
            let (hint, span) = (hint.as_str(), element.span);
            lowering.tell(Fault { message, hint, meanwhile: "it ends where the text around it ends" }, span);
        }
        self.close();
    }

    fn close(&mut self) {
        if let Some(element) = self.open.pop() {
            self.push(Node::Element(element));
        }
    }

    /// Ends what is open and gives the tree.
    pub fn finish(mut self, lowering: &mut Lowering<'_>) -> Vec<Node> {
        while !self.open.is_empty() {
            self.unclosed(lowering);
        }
        self.nodes
    }
}

/// Tells whether an element that starts ends the innermost open one, without a word (HTML §13.1.2.4).
fn ends(starting: &str, open: &str) -> bool {
    match open {
        "li" => starting == "li",
        "dt" | "dd" => matches!(starting, "dt" | "dd"),
        "td" | "th" => matches!(starting, "td" | "th" | "tr" | "tbody" | "tfoot"),
        "tr" => matches!(starting, "tr" | "tbody" | "tfoot"),
        "thead" | "tbody" => matches!(starting, "tbody" | "tfoot"),
        "p" => {
            let blocks = ["blockquote", "details", "div", "dl", "figure", "hr", "ol", "p", "pre", "table", "ul"];
            blocks.contains(&starting) || matches!(starting, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
        }
        _ => false,
    }
}
