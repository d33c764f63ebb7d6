//! Corrects the structure tree that Typst writes, for screen readers.
//!
//! | rule | Typst |
//! |---|---|
//! | a list in an item is part of the body of the item (ISO 32000-1 §14.8.4.3.3) | writes it after the item |
//! | a label is not empty; the check box of a task is its label | writes an empty label for a list without markers |
//! | a caption is part of its figure or table (ISO 32000-1 §14.8.4.2) | writes it beside them |
//! | a paragraph does not contain only a paragraph | nests paragraphs for lines of code |
//! | a link around images has their alternative texts | writes them on the images only |
//! | words of code are one element | writes one for each piece between two break opportunities |
//! | every `Note` has an `ID` (ISO 14289-1 §7.9) | writes none for the notes of `groups` |

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Document, Object, ObjectId, StringFormat};

use super::elements::Elements;
use super::trees::leaves;
use super::{FinishError, catalog, entry, groups};

/// Corrects the structure tree. `states` are the names of the check boxes of tasks.
///
/// # Errors
///
/// Returns an error if the structure tree contains an element twice, if a mark of a layout is misplaced, or if the tree of ids is
/// malformed.
pub(super) fn mend(document: &mut Document, states: [&str; 2]) -> Result<(), FinishError> {
    let Some((mut elements, top)) = Elements::read(document)? else { return Ok(()) };
    let mut seen = BTreeSet::new();
    let mut notes = Vec::new();
    let mut waiting = vec![top];
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            return Err(FinishError::Unexpected(format!("its structure tree contains object {} twice", id.0)));
        }
        groups::replace(&mut elements, id)?;
        unwrap_paragraphs(&mut elements, id);
        join_code(&mut elements, id);
        match elements.kind(id) {
            b"L" => list(&mut elements, id, states),
            b"Div" => caption(&mut elements, id),
            b"Link" => name_link(&mut elements, id),
            b"Note" if elements.text(id, b"ID").is_none() => notes.push(id),
            _ => {}
        }
        waiting.extend(elements.children(id).into_iter().rev());
    }
    identify(document, &notes)
}

/// Replaces each paragraph that contains only a paragraph with the inner one.
fn unwrap_paragraphs(elements: &mut Elements, id: ObjectId) {
    let mut kids = elements.kids(id);
    let mut changed = false;
    for kid in &mut kids {
        let Some(outer) = elements.as_element(kid).filter(|outer| elements.kind(*outer) == b"P") else { continue };
        let Some(inner) = elements.only_child(outer).filter(|inner| elements.kind(*inner) == b"P") else { continue };
        if let (Some(lang), None) = (elements.text(outer, b"Lang"), elements.text(inner, b"Lang")) {
            elements.set(inner, "Lang", lopdf::text_string(&lang));
        }
        *kid = inner.into();
        changed = true;
    }
    if changed {
        elements.set_kids(id, kids);
    }
}

/// Gives a link that contains only images their alternative texts. Typst writes the text of a figure on the element around the
/// link.
fn name_link(elements: &mut Elements, id: ObjectId) {
    if elements.text(id, b"Alt").is_some() {
        return;
    }
    let around = elements.parent(id).filter(|around| elements.kind(*around) == b"Figure");
    if let Some(alt) = around.and_then(|figure| elements.text(figure, b"Alt")) {
        return elements.set(id, "Alt", lopdf::text_string(&alt));
    }
    let kids = elements.kids(id);
    let is_annotation = |kid: &Object| matches!(kid, Object::Dictionary(kid) if kid.has(b"Obj"));
    let images = kids.iter().filter(|kid| !is_annotation(kid)).map(|kid| {
        let image = elements.as_element(kid).filter(|image| elements.kind(*image) == b"Figure")?;
        elements.text(image, b"Alt")
    });
    let Some(names) = images.collect::<Option<Vec<String>>>() else { return };
    if !names.is_empty() {
        elements.set(id, "Alt", lopdf::text_string(&names.join(" ")));
    }
}

/// Joins consecutive elements of inline code, which are pieces of one text. Separate texts of inline code are never adjacent.
fn join_code(elements: &mut Elements, id: ObjectId) {
    let is_piece = |elements: &Elements, kid: &Object| {
        elements.as_element(kid).filter(|kid| elements.kind(*kid) == b"Code" && elements.children(*kid).is_empty())
    };
    let kids = elements.kids(id);
    if !kids.iter().zip(kids.iter().skip(1)).any(|(a, b)| is_piece(elements, a).and(is_piece(elements, b)).is_some()) {
        return;
    }
    let mut joined: Vec<Object> = Vec::new();
    let mut pieces: Vec<Object> = Vec::new();
    for kid in kids {
        if is_piece(elements, &kid).is_some() {
            pieces.push(kid);
        } else {
            joined.extend(code(elements, std::mem::take(&mut pieces)));
            joined.push(kid);
        }
    }
    joined.extend(code(elements, pieces));
    elements.set_kids(id, joined);
}

/// Returns the element of pieces of code: the piece itself if there is only one.
fn code(elements: &mut Elements, pieces: Vec<Object>) -> Option<Object> {
    if pieces.len() < 2 {
        return pieces.into_iter().next();
    }
    for piece in pieces.iter().filter_map(|piece| elements.as_element(piece)).collect::<Vec<_>>() {
        elements.set(piece, "S", Object::Name("Span".into()));
    }
    Some(elements.add("Code", pieces).into())
}

/// Corrects a list: its items contain the lists after them, and no label is empty.
fn list(elements: &mut Elements, id: ObjectId, states: [&str; 2]) {
    let mut kids: Vec<Object> = Vec::new();
    for kid in elements.kids(id) {
        let inner = elements.as_element(&kid).filter(|kid| elements.kind(*kid) == b"L");
        let item = kids.last().and_then(|item| elements.as_element(item)).filter(|item| elements.kind(*item) == b"LI");
        match inner.zip(item) {
            Some((_, item)) => append_to_body(elements, item, kid),
            None => kids.push(kid),
        }
    }
    elements.set_kids(id, kids);
    let items: Vec<ObjectId> = elements.children(id).into_iter().filter(|item| elements.kind(*item) == b"LI").collect();
    for item in &items {
        label(elements, *item, states);
    }
    let has_label = |item: &ObjectId| part(elements, *item, b"Lbl").is_some();
    if !items.is_empty() && !items.iter().any(has_label) {
        elements.set_attribute(id, "List", "ListNumbering", "None");
    }
}

/// Returns the part of a list item with this structure type.
fn part(elements: &Elements, item: ObjectId, kind: &[u8]) -> Option<ObjectId> {
    elements.children(item).into_iter().find(|part| elements.kind(*part) == kind)
}

fn append_to_body(elements: &mut Elements, item: ObjectId, kid: Object) {
    match part(elements, item, b"LBody") {
        Some(body) => {
            let kids = elements.kids(body).into_iter().chain([kid]).collect();
            elements.set_kids(body, kids);
        }
        None => {
            let body = elements.add("LBody", vec![kid]);
            let kids = elements.kids(item).into_iter().chain([body.into()]).collect();
            elements.set_kids(item, kids);
        }
    }
}

/// Moves the check box of a task into its empty label, or removes a label that stays empty.
fn label(elements: &mut Elements, item: ObjectId, states: [&str; 2]) {
    let Some(label) = part(elements, item, b"Lbl").filter(|label| elements.kids(*label).is_empty()) else { return };
    let paragraph = part(elements, item, b"LBody").and_then(|body| elements.children(body).first().copied());
    let boxed = paragraph.and_then(|paragraph| {
        let first = elements.kids(paragraph).first().and_then(|kid| elements.as_element(kid))?;
        let state = elements.text(first, b"Alt").filter(|_| elements.kind(first) == b"Figure")?;
        states.contains(&state.as_str()).then_some((paragraph, first))
    });
    match boxed {
        Some((paragraph, state)) => {
            let rest = elements.kids(paragraph).into_iter().skip(1).collect();
            elements.set_kids(paragraph, rest);
            elements.set_kids(label, vec![state.into()]);
        }
        None => {
            let kids = elements.kids(item).into_iter().filter(|kid| elements.as_element(kid) != Some(label)).collect();
            elements.set_kids(item, kids);
        }
    }
}

/// Moves a caption into the figure or table beside it.
fn caption(elements: &mut Elements, id: ObjectId) {
    let kids = elements.kids(id);
    let children = elements.children(id);
    let [first, second] = children.as_slice() else { return };
    let (caption, other) = if elements.kind(*first) == b"Caption" { (*first, *second) } else { (*second, *first) };
    if kids.len() != 2 || elements.kind(caption) != b"Caption" {
        return;
    }
    let mut subject = other;
    while elements.kind(subject) == b"Div"
        && let Some(inner) = elements.only_child(subject)
    {
        subject = inner;
    }
    let own = elements.kids(subject).into_iter();
    let with_caption = match elements.kind(subject) {
        // The caption of a table is its first element (ISO 32000-1, table 337).
        b"Table" => [caption.into()].into_iter().chain(own).collect(),
        b"Figure" => own.chain([caption.into()]).collect(),
        _ => return,
    };
    elements.set_kids(subject, with_caption);
    elements.set_kids(id, vec![other.into()]);
}

/// Gives ids to notes, and adds them to the `IDTree` (ISO 32000-1, table 322).
fn identify(document: &mut Document, notes: &[ObjectId]) -> Result<(), FinishError> {
    if notes.is_empty() {
        return Ok(());
    }
    let missing = || FinishError::Missing("structure tree");
    let root = catalog(document)?.get(b"StructTreeRoot").and_then(Object::as_reference).map_err(|_| missing())?;
    let dictionary = document.get_dictionary(root).map_err(|_| missing())?;
    let mut ids: BTreeMap<Vec<u8>, Object> = BTreeMap::new();
    if entry(document, dictionary, b"IDTree").is_some()
        && let Ok(tree) = dictionary.get(b"IDTree")
    {
        for (id, element) in leaves(document, tree, "Names")? {
            ids.extend(id.as_str().ok().map(|id| (id.to_vec(), element.clone())));
        }
    }
    for (number, note) in notes.iter().enumerate() {
        let id = format!("Box {}", number + 1).into_bytes();
        if let Ok(element) = document.get_dictionary_mut(*note) {
            element.set("ID", Object::String(id.clone(), StringFormat::Literal));
        }
        ids.insert(id, (*note).into());
    }
    let names: Vec<Object> =
        ids.into_iter().flat_map(|(id, element)| [Object::String(id, StringFormat::Literal), element]).collect();
    let tree: lopdf::Dictionary = [("Names", Object::Array(names))].into_iter().collect();
    let dictionary = document.get_dictionary_mut(root).map_err(|_| missing())?;
    dictionary.set("IDTree", tree);
    Ok(())
}
