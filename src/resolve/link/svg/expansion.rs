//! Limits on the expansion of SVGs. `use` elements repeat other elements, which can contain `use` elements themselves, so a small
//! file can draw any number of elements.

use std::collections::BTreeMap;

use roxmltree::{Document, Node};

/// Maximum number of drawn elements, including repetitions.
const MAX_ELEMENTS: u64 = 200_000;
/// Maximum depth of nested elements, and of `use` elements.
const MAX_DEPTH: usize = 100;

/// Returns whether elements are nested at most [`MAX_DEPTH`] deep. Runs before the document is parsed, and counts tags, which
/// gives an upper bound of the depth.
pub fn is_shallow(text: &str) -> bool {
    let mut depth = 0_usize;
    text.split('<').skip(1).all(|tag| {
        match tag.as_bytes().first() {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(b'!' | b'?') | None => {}
            Some(_) if tag.split('>').next().is_some_and(|inside| inside.ends_with('/')) => {}
            Some(_) => depth += 1,
        }
        depth <= MAX_DEPTH
    })
}

/// Returns whether a document draws at most [`MAX_ELEMENTS`] elements.
pub fn is_finite(document: &Document<'_>) -> bool {
    let nodes = document.root_element().descendants();
    let named = nodes.filter_map(|node| Some((node.attribute("id")?, node))).collect();
    drawn(document.root_element(), &named, &mut BTreeMap::new(), 0).is_some_and(|count| count <= MAX_ELEMENTS)
}

/// Returns the number of elements that a node draws, including repetitions, or `None` if `use` elements are nested too deeply or
/// refer to themselves; `depth` is the number of `use` elements around the node.
fn drawn<'a>(
    node: Node<'a, 'a>,
    named: &BTreeMap<&str, Node<'a, 'a>>,
    known: &mut BTreeMap<u32, u64>,
    depth: usize,
) -> Option<u64> {
    if let Some(count) = known.get(&node.id().get()) {
        return Some(*count);
    }
    if depth > MAX_DEPTH {
        return None;
    }
    let mut count = 0_u64;
    for inner in node.descendants().filter(Node::is_element) {
        count = count.saturating_add(1);
        let mut addresses = inner.attributes().filter(|attribute| attribute.name() == "href");
        let target = addresses.find_map(|attribute| attribute.value().trim().strip_prefix('#'));
        if let Some(target) = target.filter(|_| inner.tag_name().name() != "a").and_then(|id| named.get(id)) {
            count = count.saturating_add(drawn(*target, named, known, depth + 1)?);
        }
    }
    known.insert(node.id().get(), count);
    Some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finite(inside: &str) -> bool {
        let text = format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inside}</svg>");
        is_shallow(&text) && is_finite(&Document::parse(&text).unwrap())
    }

    #[test]
    fn accepts_repeated_elements() {
        assert!(finite(&format!("<g id=\"a\"><rect/></g>{}", "<use href=\"#a\"/>".repeat(1000))));
        assert!(finite(&"<g>".repeat(99).replace('>', "/>")));
    }

    #[test]
    fn rejects_exponential_growth_and_cycles() {
        let laughs: String =
            (1..30).map(|n| format!("<g id=\"l{n}\">{}</g>", format!("<use href=\"#l{}\"/>", n - 1).repeat(10))).collect();
        assert!(!finite(&format!("<g id=\"l0\"><rect/></g>{laughs}")));
        assert!(!finite("<g id=\"a\"><use href=\"#b\"/></g><g id=\"b\"><use href=\"#a\"/></g>"));
        assert!(!finite("<g id=\"a\"><use href=\"#a\"/></g>"));
        assert!(!finite(&format!("{}{}", "<g>".repeat(1_000_000), "</g>".repeat(1_000_000))));
        assert!(!finite(&"<rect/>".repeat(200_000)));
    }
}
