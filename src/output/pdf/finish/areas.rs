//! Links over areas of a page: annotations and their structure elements (ISO 14289-1 §7.18.5).
//!
//! The drawings below the links are artifacts: they are the same on every page, and would interrupt the text. The links of a
//! page are one list at the end of the reading order, and each link names its target in `Alt` and `Contents`.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId, dictionary, text_string};

use super::trees::leaves;
use super::{Area, Finish, FinishError, catalog, entry};

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
    lists: Vec<Object>,
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
        Ok(Self { root, top, parents, lists: Vec::new() })
    }

    fn next_key(&self) -> i64 {
        self.parents.last_key_value().map_or(0, |(key, _)| key + 1)
    }

    /// Appends the new lists to the document element, and writes the parent tree with the new keys.
    fn write(self, document: &mut Document) -> Result<(), FinishError> {
        let unexpected = || FinishError::Unexpected("links cannot be added to its structure tree".into());
        let next = self.next_key();
        let numbers: Vec<Object> = self.parents.into_iter().flat_map(|(key, value)| [key.into(), value]).collect();
        let root = document.get_dictionary_mut(self.root).map_err(|_| unexpected())?;
        root.set("ParentTree", dictionary! { "Nums" => numbers });
        root.set("ParentTreeNextKey", next);
        let top = document.get_dictionary_mut(self.top).map_err(|_| unexpected())?;
        let mut kids = match top.get(b"K") {
            Ok(Object::Array(kids)) => kids.clone(),
            Ok(kid) => vec![kid.clone()],
            Err(_) => Vec::new(),
        };
        kids.extend(self.lists);
        top.set("K", kids);
        Ok(())
    }
}

fn page_links(
    document: &mut Document,
    page: ObjectId,
    areas: &[&Area],
    finish: &Finish,
    tree: &mut Tree,
) -> Result<(), FinishError> {
    let [left, _, _, top] = media_box(document, page)?;
    let list = document.new_object_id();
    let mut items = Vec::new();
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
        let [item, body, link] = [(); 3].map(|()| document.new_object_id());
        let element = |kind: &str, parent: ObjectId, kids: Object| {
            dictionary! { "Type" => "StructElem", "S" => Object::Name(kind.into()), "P" => parent, "K" => kids }
        };
        document.objects.insert(item, element("LI", list, vec![body.into()].into()).into());
        document.objects.insert(body, element("LBody", item, vec![link.into()].into()).into());
        let carried = dictionary! { "Type" => "OBJR", "Obj" => annotation, "Pg" => page };
        let mut link_element = element("Link", body, vec![carried.into()].into());
        link_element.set("Alt", label);
        link_element.set("Pg", page);
        document.objects.insert(link, link_element.into());
        tree.parents.insert(key, link.into());
        items.push(Object::Reference(item));
        annotations.push(Object::Reference(annotation));
    }
    let parent = tree.top;
    document.objects.insert(list, dictionary! { "Type" => "StructElem", "S" => "L", "P" => parent, "K" => items }.into());
    tree.lists.push(list.into());
    annotate(document, page, annotations)
}

/// Adds annotations to a page and sets its tab order to that of the structure (ISO 14289-1 §7.18.3).
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
