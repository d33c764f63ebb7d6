//! The structure elements of links: their role in the text, and their text alternatives.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId, decode_text_string};

use super::elements::roles;
use super::trees::leaves;
use super::{FinishError, catalog, entry};

/// The role of a link in the text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum LinkPart {
    /// A footnote reference: Typst writes `Lbl > Link` in the running text.
    Call,
    /// A link from a footnote or a bibliography back to the text: `Note > Lbl > Link`, `Note > P > Lbl > Link` if the note has
    /// several paragraphs, `LI > Lbl > Link`. It is the beginning of the note.
    Back,
    /// Another link in a footnote.
    InNote,
    /// Any other link.
    Plain,
}

/// Maximum number of elements to visit above or below a link.
const MAX_VISITED: usize = 64;

/// The structure elements of links, by annotation.
pub(super) struct Tags {
    /// `StructParent` → element, from the parent tree (ISO 32000-1 §14.7.4.4).
    elements: BTreeMap<i64, ObjectId>,
    /// Structure types that Typst defines → standard types (ISO 32000-1 §14.7.3).
    roles: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl Tags {
    /// Reads the parent tree and the role map; both are empty for an untagged file.
    ///
    /// # Errors
    ///
    /// Returns an error if the catalog is missing or the parent tree is malformed.
    pub(super) fn read(document: &Document) -> Result<Self, FinishError> {
        let mut tags = Self { elements: BTreeMap::new(), roles: BTreeMap::new() };
        let Some(Object::Dictionary(root)) = entry(document, catalog(document)?, b"StructTreeRoot") else {
            return Ok(tags);
        };
        if let Ok(parents) = root.get(b"ParentTree") {
            for (key, element) in leaves(document, parents, "Nums")? {
                if let (Ok(key), Ok(element)) = (key.as_i64(), element.as_reference()) {
                    tags.elements.insert(key, element);
                }
            }
        }
        tags.roles = roles(document, root);
        Ok(tags)
    }

    /// Returns the role of a link, from its ancestors.
    pub(super) fn part(&self, document: &Document, annotation: &Dictionary) -> LinkPart {
        let Some(link) = self.element(document, annotation) else {
            return LinkPart::Plain;
        };
        // `Span` elements, such as superscripts, may be between a label and its link.
        let ancestors = Ancestors { document, below: link }.take(MAX_VISITED);
        let mut up = ancestors.filter(|element| self.kind(element) != b"Span");
        let in_note = |element: &Dictionary| matches!(self.kind(element), b"Note" | b"FENote");
        let Some(label) = up.next() else { return LinkPart::Plain };
        if self.kind(label) != b"Lbl" {
            return if in_note(label) || up.any(in_note) { LinkPart::InNote } else { LinkPart::Plain };
        }
        let mut up = up.peekable();
        match up.peek().map(|element| self.kind(element)) {
            Some(b"LI" | b"BibEntry") => return LinkPart::Back,
            Some(b"TOCI") => return LinkPart::Plain,
            _ => {}
        }
        let mut below = label;
        for above in up.take_while(|above| begins(document, above, std::mem::replace(&mut below, above))) {
            if in_note(above) {
                return LinkPart::Back;
            }
        }
        LinkPart::Call
    }

    /// Returns the alternative or actual text of the link, or of its first descendant that has one.
    pub(super) fn alternative(&self, document: &Document, annotation: &Dictionary) -> Option<String> {
        let mut waiting = vec![self.element(document, annotation)?];
        for _ in 0..MAX_VISITED {
            let element = waiting.pop()?;
            let text = [b"Alt".as_slice(), b"ActualText"].iter().find_map(|key| entry(document, element, key));
            if let Some(text) = text.and_then(|text| decode_text_string(text).ok()).filter(|text| !text.trim().is_empty()) {
                return Some(text);
            }
            let kids = match entry(document, element, b"K") {
                Some(Object::Array(kids)) => kids.as_slice(),
                Some(kid) => std::slice::from_ref(kid),
                None => &[],
            };
            let inside = kids.iter().rev().filter_map(|kid| super::resolved(document, kid)?.as_dict().ok());
            waiting.extend(inside.filter(|kid| kid.has(b"S")));
        }
        None
    }

    fn element<'d>(&self, document: &'d Document, annotation: &Dictionary) -> Option<&'d Dictionary> {
        let parent = entry(document, annotation, b"StructParent")?.as_i64().ok()?;
        document.get_dictionary(*self.elements.get(&parent)?).ok()
    }

    fn kind<'t>(&'t self, element: &'t Dictionary) -> &'t [u8] {
        let own = element.get(b"S").and_then(Object::as_name).unwrap_or_default();
        self.roles.get(own).map_or(own, Vec::as_slice)
    }
}

/// Returns whether an element is the first child of another.
fn begins(document: &Document, parent: &Dictionary, child: &Dictionary) -> bool {
    let first = match entry(document, parent, b"K") {
        Some(Object::Array(kids)) => kids.first().and_then(|kid| super::resolved(document, kid)),
        kid => kid,
    };
    first.and_then(|kid| kid.as_dict().ok()) == Some(child)
}

/// The ancestors of an element, nearest first.
struct Ancestors<'d> {
    document: &'d Document,
    below: &'d Dictionary,
}

impl<'d> Iterator for Ancestors<'d> {
    type Item = &'d Dictionary;

    fn next(&mut self) -> Option<Self::Item> {
        self.below = entry(self.document, self.below, b"P")?.as_dict().ok()?;
        Some(self.below)
    }
}
