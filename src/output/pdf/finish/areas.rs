//! Links over areas of a page: annotations and their structure elements (ISO 14289-1 §7.18.5).
//!
//! The drawings below the links are artifacts: they are the same on every page, and would interrupt the text. All areas with one
//! target are one `Link` element with an annotation on each page (ISO 32000-1 §14.8.4.4.2), so that they are read once. These
//! links are a list at the end of the reading order, and each names its target in `Alt` and `Contents`. An area that is joined to
//! a link in the text of its page, as in the wheel of the brochure, belongs to the element of that link.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId, dictionary, text_string};

use super::trees::leaves;
use super::{Area, Finish, FinishError, catalog, entry, resolved};

/// Adds a link over each area.
///
/// # Errors
///
/// Returns an error if there are areas and the structure tree or the media box of a page is missing or malformed.
pub(super) fn link(document: &mut Document, finish: &Finish) -> Result<(), FinishError> {
    if finish.areas.is_empty() {
        return Ok(());
    }
    let mut tree = Tree::read(document)?;
    let pages: Vec<ObjectId> = document.page_iter().collect();
    for (index, page) in pages.iter().enumerate() {
        let areas: Vec<&Area> = finish.areas.iter().filter(|area| area.page == index).collect();
        if !areas.is_empty() {
            page_links(document, *page, &areas, finish, &mut tree)?;
        }
    }
    tree.write(document)
}

/// The parts of the structure tree to which elements are added.
struct Tree {
    root: ObjectId,
    /// The element for the whole document.
    top: ObjectId,
    /// `StructParent` → element.
    parents: BTreeMap<i64, Object>,
    /// The links of the list, with their targets, in the order of their first area.
    links: Vec<(String, ObjectId)>,
}

impl Tree {
    fn read(document: &Document) -> Result<Self, FinishError> {
        let missing = || FinishError::Missing("structure tree");
        let root = catalog(document)?.get(b"StructTreeRoot").and_then(Object::as_reference).map_err(|_| missing())?;
        let dictionary = document.get_dictionary(root).map_err(|_| missing())?;
        let kids = dictionary.get(b"K").map_err(|_| missing())?;
        let first = match kids {
            Object::Array(kids) => kids.first(),
            kid => Some(kid),
        };
        let top = first.and_then(|kid| kid.as_reference().ok()).ok_or_else(missing)?;
        let tree = dictionary.get(b"ParentTree").map_err(|_| missing())?;
        let pairs = leaves(document, tree, "Nums")?;
        let parents = pairs.into_iter().filter_map(|(key, value)| Some((key.as_i64().ok()?, value.clone()))).collect();
        Ok(Self { root, top, parents, links: Vec::new() })
    }

    fn next_key(&self) -> i64 {
        self.parents.last_key_value().map_or(0, |(key, _)| key + 1)
    }

    /// Returns the `Link` element in the text of a page with this target.
    fn in_text(&self, document: &Document, page: ObjectId, target: &str) -> Option<ObjectId> {
        let Some(Object::Array(annotations)) = entry(document, document.get_dictionary(page).ok()?, b"Annots") else {
            return None;
        };
        let same = |annotation: &&Dictionary| {
            let destination = annotation.get(b"Dest").ok().and_then(|destination| resolved(document, destination));
            matches!(destination, Some(Object::String(name, _) | Object::Name(name)) if name == target.as_bytes())
        };
        let mut annotations = annotations.iter().filter_map(|annotation| resolved(document, annotation)?.as_dict().ok());
        let key = annotations.find(same)?.get(b"StructParent").and_then(Object::as_i64).ok()?;
        self.parents.get(&key)?.as_reference().ok()
    }

    /// Returns the `Link` element of the list with this target, and adds it if it is new.
    fn in_list(&mut self, document: &mut Document, target: &str, label: &Object) -> ObjectId {
        if let Some((_, link)) = self.links.iter().find(|(known, _)| known == target) {
            return *link;
        }
        let link = document.add_object(dictionary! { "Type" => "StructElem", "S" => "Link", "Alt" => label.clone() });
        self.links.push((target.to_owned(), link));
        link
    }

    /// Appends the list to the document element, and writes the parent tree with the new keys.
    fn write(mut self, document: &mut Document) -> Result<(), FinishError> {
        let unexpected = || FinishError::Unexpected("links cannot be added to its structure tree".into());
        let next = self.next_key();
        let list = self.list(document);
        let numbers: Vec<Object> = self.parents.into_iter().flat_map(|(key, value)| [key.into(), value]).collect();
        let root = document.get_dictionary_mut(self.root).map_err(|_| unexpected())?;
        root.set("ParentTree", dictionary! { "Nums" => numbers });
        root.set("ParentTreeNextKey", next);
        let top = document.get_dictionary_mut(self.top).map_err(|_| unexpected())?;
        append(top, list.map(Object::from));
        Ok(())
    }

    /// Adds the list of links; `None` if all areas are joined to links in the text.
    fn list(&mut self, document: &mut Document) -> Option<ObjectId> {
        if self.links.is_empty() {
            return None;
        }
        let list = document.new_object_id();
        let mut items = Vec::new();
        for (_, link) in std::mem::take(&mut self.links) {
            let [item, body] = [(); 2].map(|()| document.new_object_id());
            let element = |kind: &str, parent: ObjectId, kid: ObjectId| {
                dictionary! { "Type" => "StructElem", "S" => Object::Name(kind.into()), "P" => parent, "K" => vec![kid.into()] }
            };
            document.objects.insert(item, element("LI", list, body).into());
            document.objects.insert(body, element("LBody", item, link).into());
            if let Ok(link) = document.get_dictionary_mut(link) {
                link.set("P", body);
            }
            items.push(Object::Reference(item));
        }
        let attributes = dictionary! { "O" => "List", "ListNumbering" => "None" };
        let element = dictionary! {
            "Type" => "StructElem", "S" => "L", "P" => self.top, "A" => vec![attributes.into()], "K" => items,
        };
        document.objects.insert(list, element.into());
        Some(list)
    }
}

/// Appends kids to an element.
fn append(element: &mut Dictionary, more: impl IntoIterator<Item = Object>) {
    let mut kids = match element.get(b"K") {
        Ok(Object::Array(kids)) => kids.clone(),
        Ok(kid) => vec![kid.clone()],
        Err(_) => Vec::new(),
    };
    kids.extend(more);
    element.set("K", kids);
}

fn page_links(
    document: &mut Document,
    page: ObjectId,
    areas: &[&Area],
    finish: &Finish,
    tree: &mut Tree,
) -> Result<(), FinishError> {
    let [left, _, _, top] = media_box(document, page)?;
    let mut annotations = Vec::new();
    for area in areas {
        let name = finish.destinations.get(&area.target).map_or(area.target.as_str(), String::as_str);
        let label = text_string(&finish.sentences.section.replace("{}", name));
        let key = tree.next_key();
        let sides = [left + area.left, top - area.top - area.height, left + area.left + area.width, top - area.top];
        #[expect(clippy::cast_possible_truncation, reason = "a page is some thousand points wide")]
        let sides: Vec<Object> = sides.iter().map(|side| Object::Real(*side as f32)).collect();
        let annotation = document.add_object(dictionary! {
            "Type" => "Annot", "Subtype" => "Link", "Rect" => sides, "Border" => vec![0.into(), 0.into(), 0.into()],
            // ISO 19005-2 §6.3.2: the flag Print is set, Hidden is not.
            "F" => 4, "Dest" => Object::string_literal(area.target.as_str()), "Contents" => label.clone(), "StructParent" => key,
        });
        let in_text = if area.joined { tree.in_text(document, page, &area.target) } else { None };
        let link = in_text.unwrap_or_else(|| tree.in_list(document, &area.target, &label));
        if let Ok(link) = document.get_dictionary_mut(link) {
            append(link, [dictionary! { "Type" => "OBJR", "Obj" => annotation, "Pg" => page }.into()]);
        }
        tree.parents.insert(key, link.into());
        annotations.push(Object::Reference(annotation));
    }
    annotate(document, page, annotations)
}

/// Adds annotations to a page and sets its tab order to the structure order (ISO 14289-1 §7.18.3).
fn annotate(document: &mut Document, page: ObjectId, annotations: Vec<Object>) -> Result<(), FinishError> {
    let dictionary = document.get_dictionary(page).map_err(FinishError::Unreadable)?;
    let mut all = match entry(document, dictionary, b"Annots") {
        Some(Object::Array(present)) => present.clone(),
        _ => Vec::new(),
    };
    all.extend(annotations);
    let dictionary = document.get_dictionary_mut(page).map_err(FinishError::Unreadable)?;
    dictionary.set("Annots", all);
    dictionary.set("Tabs", "S");
    Ok(())
}

/// Returns the media box of a page, its own or inherited (ISO 32000-1 §7.7.3.4): left, bottom, right, top.
///
/// # Errors
///
/// Returns an error if neither the page nor an ancestor has a valid media box.
pub(super) fn media_box(document: &Document, page: ObjectId) -> Result<[f64; 4], FinishError> {
    let missing = || FinishError::Missing("media box of a page");
    let mut node: &Dictionary = document.get_dictionary(page).map_err(|_| missing())?;
    for _ in 0..32 {
        if let Some(Object::Array(sides)) = entry(document, node, b"MediaBox") {
            let sides: Vec<f64> = sides.iter().filter_map(|side| side.as_float().ok()).map(f64::from).collect();
            return sides.try_into().map_err(|_| missing());
        }
        node = entry(document, node, b"Parent").and_then(|parent| parent.as_dict().ok()).ok_or_else(missing)?;
    }
    Err(missing())
}
