//! HTML as a tree in normal form, and transformations that the rules of `differences.toml` apply to the expected HTML.

use std::collections::BTreeMap;

use html5gum::{Token, Tokenizer};

/// A node of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    Element(Element),
    Text(String),
}

/// An element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    pub nodes: Vec<Node>,
}

const VOID: [&str; 5] = ["br", "hr", "img", "input", "wbr"];
const BLOCK: [&str; 26] = [
    "aside",
    "blockquote",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figure",
    "h",
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
    "thead",
    "tr",
    "ul",
];

/// Parses HTML as browsers do. End tags without start tags are ignored, and so are comments and declarations.
pub fn parse(html: &str) -> Vec<Node> {
    let mut open = vec![Element { name: String::new(), attributes: BTreeMap::new(), nodes: Vec::new() }];
    let close = |open: &mut Vec<Element>| {
        let element = open.pop().expect("an open element");
        open.last_mut().expect("a parent").nodes.push(Node::Element(element));
    };
    let mut after_pre = false;
    for Ok(token) in Tokenizer::new(html) {
        let first = std::mem::replace(&mut after_pre, matches!(&token, Token::StartTag(tag) if *tag.name == b"pre"));
        match token {
            Token::StartTag(tag) => {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                let attributes = tag.attributes.iter().map(|(key, value)| (text(key), text(value))).collect();
                let name = text(&tag.name);
                let void = VOID.contains(&name.as_str());
                open.push(Element { name, attributes, nodes: Vec::new() });
                if void {
                    close(&mut open);
                }
            }
            Token::EndTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                if let Some(at) = open.iter().skip(1).rposition(|element| element.name == name) {
                    while open.len() > at + 1 {
                        close(&mut open);
                    }
                }
            }
            Token::String(text) => {
                let text = String::from_utf8_lossy(&text.value).into_owned();
                let text = if first { text.strip_prefix('\n').unwrap_or(&text).to_owned() } else { text };
                open.last_mut().expect("the document").nodes.push(Node::Text(text));
            }
            _ => {}
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().expect("the document").nodes
}

/// Writes a tree in normal form: collapsed white space, sorted attributes, one block per line.
pub fn show(nodes: &[Node]) -> String {
    let mut out = String::new();
    write(&tidy(nodes, true, false), &mut out);
    out.replace("\n\n", "\n").trim().to_owned()
}

fn write(nodes: &[Node], out: &mut String) {
    for node in nodes {
        match node {
            Node::Text(text) => out.push_str(&text.replace('&', "&amp;").replace('<', "&lt;")),
            Node::Element(element) => {
                let block = BLOCK.contains(&element.name.as_str());
                out.push_str(if block { "\n<" } else { "<" });
                out.push_str(&element.name);
                for (key, value) in &element.attributes {
                    out.push_str(&format!(" {key}={value:?}"));
                }
                out.push('>');
                write(&element.nodes, out);
                if !VOID.contains(&element.name.as_str()) {
                    out.push_str(&format!("</{}>", element.name));
                }
                if block {
                    out.push('\n');
                }
            }
        }
    }
}

/// Merges texts, and collapses white space as a browser does. `flow` is true where blocks are allowed.
fn tidy(nodes: &[Node], flow: bool, verbatim: bool) -> Vec<Node> {
    let mut tidied: Vec<Node> = Vec::new();
    for node in nodes {
        match (node, tidied.last_mut()) {
            (Node::Text(text), Some(Node::Text(before))) => before.push_str(text),
            (Node::Text(text), _) => tidied.push(Node::Text(text.clone())),
            (Node::Element(element), _) => {
                let verbatim = verbatim || element.name == "pre";
                let flow = BLOCK.contains(&element.name.as_str()) || matches!(element.name.as_str(), "td" | "th");
                let nodes = tidy(&element.nodes, flow, verbatim);
                tidied.push(Node::Element(Element { nodes, ..element.clone() }));
            }
        }
    }
    if verbatim {
        // The last line end of code is not displayed.
        if let Some(Node::Text(text)) = tidied.last_mut() {
            *text = text.strip_suffix('\n').unwrap_or(text).to_owned();
        }
        tidied.retain(|node| !matches!(node, Node::Text(text) if text.is_empty()));
        return tidied;
    }
    let edge = |node: Option<&Node>| match node {
        None => flow,
        Some(Node::Element(element)) => BLOCK.contains(&element.name.as_str()) || element.name == "br",
        Some(Node::Text(_)) => false,
    };
    let shown = tidied.iter().enumerate().map(|(at, node)| match node {
        Node::Element(_) => node.clone(),
        Node::Text(text) => {
            let mut text = squeezed(text);
            if edge(at.checked_sub(1).and_then(|at| tidied.get(at))) {
                text = text.trim_start_matches(' ').to_owned();
            }
            if edge(tidied.get(at + 1)) {
                text.truncate(text.trim_end_matches(' ').len());
            }
            Node::Text(text)
        }
    });
    shown.filter(|node| !matches!(node, Node::Text(text) if text.is_empty())).collect()
}

fn squeezed(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            ' ' | '\t' | '\n' | '\r' if out.ends_with(' ') => {}
            ' ' | '\t' | '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Removes generated markup: ids, classes, roles, and elements that only books need.
pub fn bare(nodes: Vec<Node>) -> Vec<Node> {
    map(nodes, &mut |mut element| {
        let class = element.attributes.remove("class").unwrap_or_default();
        // Lines and colours of code, and break opportunities in addresses.
        if element.name == "span" && (class == "line" || class.starts_with("token-")) {
            return element.nodes;
        }
        if element.name == "wbr" {
            return Vec::new();
        }
        if element.name == "code" && class.starts_with("language-") {
            element.attributes.insert("class".into(), class);
        } else if let Some(align) = class.strip_prefix("align-") {
            element.attributes.insert("align".into(), if align == "end" { "right".into() } else { align.to_owned() });
        }
        let kept = ["href", "src", "alt", "start", "align", "class", "title", "open"];
        element.attributes.retain(|key, _| kept.contains(&key.as_str()));
        vec![Node::Element(element)]
    })
}

/// Replaces every element, inner ones first.
pub fn map(nodes: Vec<Node>, change: &mut dyn FnMut(Element) -> Vec<Node>) -> Vec<Node> {
    let mut changed: Vec<Node> = Vec::new();
    for node in nodes {
        let put = match node {
            Node::Text(text) => vec![Node::Text(text)],
            Node::Element(element) => {
                let nodes = map(element.nodes, change);
                change(Element { nodes, ..element })
            }
        };
        for node in put {
            match (changed.last_mut(), node) {
                (Some(Node::Text(before)), Node::Text(text)) => before.push_str(&text),
                (_, node) => changed.push(node),
            }
        }
    }
    changed
}

/// Returns the text without white space.
pub fn words(nodes: &[Node]) -> String {
    let mut out = String::new();
    for node in nodes {
        match node {
            Node::Text(text) => out.extend(text.chars().filter(|c| !c.is_whitespace())),
            Node::Element(element) => out.push_str(&words(&element.nodes)),
        }
    }
    out
}

/// Wraps lines of text between blocks in paragraphs.
pub fn paragraphs(nodes: Vec<Node>) -> Vec<Node> {
    let mut done: Vec<Node> = Vec::new();
    let mut line: Vec<Node> = Vec::new();
    let end = |line: &mut Vec<Node>, done: &mut Vec<Node>| {
        let nodes = std::mem::take(line);
        if !words(&nodes).is_empty() {
            done.push(Node::Element(Element { name: "p".into(), attributes: BTreeMap::new(), nodes }));
        }
    };
    for node in nodes {
        match node {
            Node::Element(mut element) if BLOCK.contains(&element.name.as_str()) => {
                end(&mut line, &mut done);
                if element.name == "blockquote" {
                    element.nodes = paragraphs(element.nodes);
                }
                done.push(Node::Element(element));
            }
            node => line.push(node),
        }
    }
    end(&mut line, &mut done);
    done
}
