//! Properties of page breaks: the rest of the XHTML is unchanged, each break is at a permitted place, and the text of its node
//! follows it.

use reliure::stages::{NodeForm, PageStart, TextPosition, break_pages, markup, xhtml};
use roxmltree::Node;

use super::{edition, xhtml as writer};

/// Elements that contain no page break: the first five at any depth, the others as a direct child.
const CLOSED: &[&str] = &["a", "abbr", "kbd", "sup", "sub", "table", "thead", "tbody", "tr", "ul", "ol", "dl", "details"];

/// Inserts page breaks at some nodes of a generated edition.
pub fn law(bytes: &[u8]) {
    let edition = edition::drawn(bytes);
    let mut nodes = nodes(&edition);
    let step = 1 + usize::from(bytes.first().copied().unwrap_or_default() % 7);
    nodes = nodes.into_iter().step_by(step).collect();
    let starts: Vec<PageStart> = nodes
        .iter()
        .enumerate()
        .map(|(at, (position, _))| PageStart { page: at + 1, label: (at + 1).to_string(), text: Some(*position) })
        .collect();
    let mut broken = edition.clone();
    break_pages(&mut broken, &starts);
    writer::edition_law(&broken);
    let (plain, marked) = (xhtml(&edition).expect("it is written"), xhtml(&broken).expect("it is written"));
    for (plain, marked) in plain.iter().zip(&marked) {
        assert_eq!(without_breaks(&marked.text), plain.text.replace("\n", ""), "{}", marked.text);
        let xml = writer::well_formed(&marked.text);
        let breaks: Vec<Node<'_, '_>> =
            xml.descendants().filter(|node| node.attribute("role") == Some("doc-pagebreak")).collect();
        assert_eq!(breaks.iter().map(|node| page(node)).collect::<Vec<_>>(), marked.pages, "{}", marked.text);
        assert!(marked.pages.is_sorted_by(|one, other| one < other), "{}", marked.text);
        for node in &breaks {
            let around = |names: &[&str]| node.ancestors().any(|around| names.contains(&around.tag_name().name()));
            assert!(!around(&CLOSED[..5]) && node.parent().is_some_and(|parent| !CLOSED.contains(&parent.tag_name().name())));
            let (_, words) = &nodes[page(node) - 1];
            let after: String = xml
                .descendants()
                .filter(|text| text.is_text() && text.range().start > node.range().start)
                .filter_map(|text| text.text())
                .collect();
            assert!(visible(&after).contains(words.as_str()), "{words:?} is not after page {} in\n{}", page(node), marked.text);
        }
    }
}

/// Returns the positions of the texts in the bodies and leads, and the first characters of each, in order.
fn nodes(edition: &reliure::stages::Resolved) -> Vec<(TextPosition, String)> {
    let mut nodes = Vec::new();
    for file in markup(edition::layout(), edition::fonts(), edition, 0.0).files {
        for segment in &file.segments {
            let Some(node) = segment.node.filter(|node| node.form == NodeForm::Markup) else { continue };
            let text = file.text[segment.start..segment.end].replace("#h(0.001pt);", "");
            let mut escaped = false;
            let text: String = text
                .chars()
                .filter(|c| {
                    escaped = *c == '\\' && !escaped;
                    !escaped
                })
                .collect();
            let words: String = visible(&text).chars().take(12).collect();
            if !words.is_empty() {
                nodes.push((node.start, words));
            }
        }
    }
    nodes.sort();
    nodes
}

fn visible(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn page(node: &Node<'_, '_>) -> usize {
    node.attribute("id").and_then(|id| id.strip_prefix("_page-")?.parse().ok()).expect("a page break has an id")
}

/// Removes the page breaks and the line ends.
fn without_breaks(xhtml: &str) -> String {
    let mut out = String::new();
    let mut rest = xhtml;
    while let Some((before, after)) = rest.split_once("<span id=\"_page-") {
        out.push_str(before);
        rest = after.split_once("</span>").expect("a span is closed").1;
    }
    (out + rest).replace('\n', "")
}
