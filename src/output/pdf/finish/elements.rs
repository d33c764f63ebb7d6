//! Access to the elements of a structure tree (ISO 32000-1 §14.7.2).

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId, decode_text_string};

use super::{FinishError, catalog, entry};

/// The elements of a document that can be changed.
///
/// Only elements are moved, never the marked content in them: the parent tree refers to the element of each marked content.
pub(super) struct Elements<'d> {
    pub(super) document: &'d mut Document,
    roles: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl<'d> Elements<'d> {
    /// Returns the elements of a tagged document with the element at the top; `None` for an untagged document.
    ///
    /// # Errors
    ///
    /// Returns an error if the catalog is missing.
    pub(super) fn read(document: &'d mut Document) -> Result<Option<(Self, ObjectId)>, FinishError> {
        let Some(Object::Dictionary(root)) = entry(document, catalog(document)?, b"StructTreeRoot") else { return Ok(None) };
        let roles = roles(document, root);
        let top = match entry(document, root, b"K") {
            Some(Object::Array(kids)) => kids.first().and_then(|kid| kid.as_reference().ok()),
            Some(_) => root.get(b"K").and_then(Object::as_reference).ok(),
            None => None,
        };
        Ok(top.map(|top| (Self { document, roles }, top)))
    }

    fn element(&self, id: ObjectId) -> Option<&Dictionary> {
        self.document.get_dictionary(id).ok().filter(|element| element.has(b"S"))
    }

    /// Returns the standard structure type of an element; empty if the object is not an element.
    pub(super) fn kind(&self, id: ObjectId) -> &[u8] {
        let own = self.element(id).and_then(|element| element.get(b"S").and_then(Object::as_name).ok()).unwrap_or_default();
        self.roles.get(own).map_or(own, Vec::as_slice)
    }

    /// Returns whether an element is a heading.
    pub(super) fn is_heading(&self, id: ObjectId) -> bool {
        matches!(self.kind(id), [b'H', b'1'..=b'6'])
    }

    /// Returns the text of an entry, such as `Alt`.
    pub(super) fn text(&self, id: ObjectId, key: &[u8]) -> Option<String> {
        decode_text_string(entry(self.document, self.element(id)?, key)?).ok()
    }

    /// Returns the parent of an element.
    pub(super) fn parent(&self, id: ObjectId) -> Option<ObjectId> {
        self.element(id)?.get(b"P").and_then(Object::as_reference).ok()
    }

    /// Returns the kids of an element: elements, marked contents and object references.
    pub(super) fn kids(&self, id: ObjectId) -> Vec<Object> {
        match self.element(id).and_then(|element| entry(self.document, element, b"K")) {
            Some(Object::Array(kids)) => kids.clone(),
            Some(_) => self.element(id).and_then(|element| element.get(b"K").ok()).cloned().into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// Returns a kid as an element, if it is one.
    pub(super) fn as_element(&self, kid: &Object) -> Option<ObjectId> {
        let id = kid.as_reference().ok()?;
        self.element(id).map(|_| id)
    }

    /// Returns the kids that are elements.
    pub(super) fn children(&self, id: ObjectId) -> Vec<ObjectId> {
        self.kids(id).iter().filter_map(|kid| self.as_element(kid)).collect()
    }

    /// Returns the only kid of an element, if it is an element.
    pub(super) fn only_child(&self, id: ObjectId) -> Option<ObjectId> {
        match self.kids(id).as_slice() {
            [kid] => self.as_element(kid),
            _ => None,
        }
    }

    /// Sets the kids of an element, and makes it the parent of kids that are elements.
    pub(super) fn set_kids(&mut self, id: ObjectId, kids: Vec<Object>) {
        for child in kids.iter().filter_map(|kid| self.as_element(kid)).collect::<Vec<_>>() {
            self.set(child, "P", id);
        }
        self.set(id, "K", kids);
    }

    /// Sets an entry of an element.
    pub(super) fn set(&mut self, id: ObjectId, key: &str, value: impl Into<Object>) {
        if let Ok(element) = self.document.get_dictionary_mut(id) {
            element.set(key, value);
        }
    }

    /// Removes an entry of an element.
    pub(super) fn unset(&mut self, id: ObjectId, key: &str) {
        if let Ok(element) = self.document.get_dictionary_mut(id) {
            element.remove(key.as_bytes());
        }
    }

    /// Sets the only attribute object of an element (ISO 32000-1 §14.7.5).
    pub(super) fn set_attribute(&mut self, id: ObjectId, owner: &str, key: &str, value: &str) {
        let name = |name: &str| Object::Name(name.into());
        let attributes: Dictionary = [("O", name(owner)), (key, name(value))].into_iter().collect();
        self.set(id, "A", vec![Object::Dictionary(attributes)]);
    }

    /// Adds an element. Its parent is set when it becomes a kid.
    pub(super) fn add(&mut self, kind: &str, kids: Vec<Object>) -> ObjectId {
        let element: Dictionary =
            [("Type", "StructElem"), ("S", kind)].map(|(key, name)| (key, Object::Name(name.into()))).into_iter().collect();
        let id = self.document.add_object(element);
        self.set_kids(id, kids);
        id
    }
}

/// Returns the structure types that a document defines, with their standard types (ISO 32000-1 §14.7.3).
pub(super) fn roles(document: &Document, root: &Dictionary) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let Some(Object::Dictionary(roles)) = entry(document, root, b"RoleMap") else { return BTreeMap::new() };
    roles.iter().filter_map(|(own, role)| Some((own.clone(), role.as_name().ok()?.to_vec()))).collect()
}
