//! Where links go: inside the publication, across the workspace, outside.

use std::collections::BTreeSet;

use super::ids::Anchors;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::model::{AuthoredTarget, Target};

/// Another publication, as links see it.
#[derive(Clone, Debug)]
pub struct Neighbour {
    /// Folder name.
    pub slug: String,
    /// File name of its artefacts, without extension.
    pub stem: String,
    /// Title.
    pub title: String,
    /// Its places.
    pub anchors: Anchors,
}

/// What links can reach.
pub struct Reach<'a> {
    /// Places of this publication.
    pub anchors: &'a Anchors,
    /// Id of this edition.
    pub edition: &'a str,
    /// Ids of the places that the other editions of this publication have.
    pub elsewhere: &'a BTreeSet<String>,
    /// The other publications.
    pub neighbours: &'a [Neighbour],
}

impl Reach<'_> {
    /// Decides a link, or says what is wrong with it.
    pub fn target(&self, link: &AuthoredTarget, found: &mut Diagnostics) -> Option<Target> {
        let text = link.text.trim();
        if let Some(id) = text.strip_prefix('#') {
            return self.internal(id, link.span, found);
        }
        if let Some(rest) = text.strip_prefix("publication:") {
            return self.publication(rest, link.span, found);
        }
        address(text, link.span, found).map(Target::External)
    }

    fn internal(&self, id: &str, span: Span, found: &mut Diagnostics) -> Option<Target> {
        if let Some(anchor) = self.anchors.get(id) {
            return Some(Target::Internal { section: anchor.section.clone(), id: id.to_owned(), title: anchor.title.clone() });
        }
        if self.elsewhere.contains(id) {
            let edition = self.edition;
            let message = format!("no section or heading has the id \"{id}\" in the edition \"{edition}\"");
            let hint = format!("leave the link out of that edition: [[words](#{id})]{{except=\"{edition}\"}}");
            found.push(Diagnostic::error(code::DEAD_LINK, message).at(span).hint(hint));
            return None;
        }
        let message = if id.is_empty() {
            "this link names no section".into()
        } else {
            format!("no section or heading has the id \"{id}\"")
        };
        found.push(Diagnostic::error(code::DEAD_LINK, message).at(span).suggest(id, self.anchors.keys().map(String::as_str)));
        None
    }

    /// Decides a link to `slug` or `slug#anchor`.
    pub fn publication(&self, rest: &str, span: Span, found: &mut Diagnostics) -> Option<Target> {
        let (slug, anchor) = rest.split_once('#').map_or((rest, None), |(slug, anchor)| (slug, Some(anchor)));
        let Some(neighbour) = self.neighbours.iter().find(|neighbour| neighbour.slug == slug) else {
            let message = format!("no publication is named \"{slug}\"");
            let known = self.neighbours.iter().map(|neighbour| neighbour.slug.as_str());
            found.push(Diagnostic::error(code::DEAD_LINK, message).at(span).suggest(slug, known));
            return None;
        };
        let anchor = match anchor.filter(|anchor| !anchor.is_empty()) {
            None => None,
            Some(id) => match neighbour.anchors.get(id) {
                Some(place) => Some((place.section.clone(), id.to_owned())),
                None => {
                    let message = format!("the publication \"{slug}\" has no section or heading \"{id}\"");
                    let known = neighbour.anchors.keys().map(String::as_str);
                    found.push(Diagnostic::error(code::DEAD_LINK, message).at(span).suggest(id, known));
                    return None;
                }
            },
        };
        Some(Target::Publication { stem: neighbour.stem.clone(), anchor, title: neighbour.title.clone() })
    }
}

/// Checks an address: `https`, `http` or `mailto`, whole, without spaces.
pub fn address(text: &str, span: Span, found: &mut Diagnostics) -> Option<String> {
    let wrong = |message: String, hint: String| Diagnostic::error(code::ADDRESS, message).at(span).hint(hint);
    let local = text.split('#').next().filter(|path| !path.contains(':'));
    if let Some(stem) = local.and_then(|path| path.strip_suffix(".md")) {
        let id = text.split_once('#').map_or_else(|| stem.rsplit('/').next().unwrap_or(stem), |(_, id)| id);
        found.push(wrong(
            format!("\"{text}\" is a source file, not a place of the publication"),
            format!("link to the section: #{id}"),
        ));
        return None;
    }
    let rest = ["https://", "http://", "mailto:"].iter().find_map(|scheme| text.strip_prefix(scheme));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let whole =
        host.is_some_and(|host| !host.is_empty() && (text.starts_with("mailto:") == host.contains('@') || host.contains('@')));
    if !whole {
        let hint = "write a whole address such as https://example.org, or #id for a place of this publication";
        found.push(wrong(format!("\"{text}\" is not an address"), hint.into()));
        return None;
    }
    if text.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '\\' | '^' | '`' | '{' | '}'))
    {
        found.push(wrong(
            format!("the address \"{text}\" has characters that an address cannot have"),
            "copy the address again".into(),
        ));
        return None;
    }
    Some(text.to_owned())
}
