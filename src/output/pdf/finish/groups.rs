//! Marks of a layout in the structure tree (`layouts/common/tags.typ`), which become elements.
//!
//! A mark is a `Figure` without content whose `Alt` contains its meaning, because layouts cannot write other tags in Typst.

use lopdf::{Object, ObjectId};

use super::FinishError;
use super::elements::Elements;
use crate::paginate::{MARK, NUMBER_MARK};

/// The meaning of a mark.
enum GroupMark {
    /// The next siblings, up to the end mark, are one element.
    Begin(GroupRole),
    End(GroupRole),
    /// The next sibling is the number of the heading after it.
    Number,
}

/// The element of a group.
#[derive(Clone, Copy, PartialEq)]
enum GroupRole {
    Note,
    Quotation,
    Section,
    List,
    Item,
}

impl GroupRole {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "note" => Self::Note,
            "quotation" => Self::Quotation,
            "section" => Self::Section,
            "list" => Self::List,
            "item" => Self::Item,
            _ => return None,
        })
    }

    fn element(self, elements: &mut Elements, kids: Vec<Object>) -> ObjectId {
        match self {
            Self::Note => {
                let note = elements.add("Note", kids);
                // An inline-level element among block-level elements (ISO 32000-1 §14.8.5.4.2).
                elements.set_attribute(note, "Layout", "Placement", "Block");
                note
            }
            Self::Quotation => elements.add("BlockQuote", kids),
            Self::Section => elements.add("Sect", kids),
            Self::List => {
                let list = elements.add("L", kids);
                elements.set_attribute(list, "List", "ListNumbering", "None");
                list
            }
            Self::Item => {
                let body = elements.add("LBody", kids);
                elements.add("LI", vec![body.into()])
            }
        }
    }
}

/// Replaces the marks among the kids of an element.
///
/// # Errors
///
/// Returns an error if a mark is unknown, if a group does not end among the siblings of its beginning, or if a number is not
/// followed by a heading.
pub(super) fn replace(elements: &mut Elements, id: ObjectId) -> Result<(), FinishError> {
    let kids = elements.kids(id);
    if !kids.iter().any(|kid| elements.as_element(kid).is_some_and(|kid| words(elements, kid).is_some())) {
        return Ok(());
    }
    let mut open: Vec<(GroupRole, Vec<Object>)> = Vec::new();
    let mut done = Vec::new();
    let mut kids = kids.into_iter();
    while let Some(kid) = kids.next() {
        let element = elements.as_element(&kid);
        let Some(words) = element.and_then(|element| words(elements, element)) else {
            open.last_mut().map_or(&mut done, |(_, kids)| kids).push(kid);
            continue;
        };
        match mark(&words).ok_or_else(|| misplaced(&words))? {
            GroupMark::Begin(role) => open.push((role, Vec::new())),
            GroupMark::End(role) => {
                let (_, kids) = open.pop().filter(|(begun, _)| *begun == role).ok_or_else(|| misplaced(&words))?;
                let group = role.element(elements, kids);
                open.last_mut().map_or(&mut done, |(_, kids)| kids).push(group.into());
            }
            GroupMark::Number => {
                let heading = number(elements, kids.next(), kids.next()).ok_or_else(|| misplaced(&words))?;
                open.last_mut().map_or(&mut done, |(_, kids)| kids).push(heading);
            }
        }
    }
    match open.pop() {
        Some(_) => Err(misplaced("begin")),
        None => {
            elements.set_kids(id, done);
            Ok(())
        }
    }
}

/// Makes a number the first part of a heading, and returns the heading.
fn number(elements: &mut Elements, number: Option<Object>, heading: Option<Object>) -> Option<Object> {
    let (number, heading) = (number?, heading?);
    let (own, heading_id) = (elements.as_element(&number)?, elements.as_element(&heading)?);
    if !elements.is_heading(heading_id) {
        return None;
    }
    elements.set(own, "S", Object::Name("Span".into()));
    elements.unset(own, "A");
    let kids = std::iter::once(number).chain(elements.kids(heading_id)).collect();
    elements.set_kids(heading_id, kids);
    Some(heading)
}

/// Returns the words of a mark; `None` for any other element.
fn words(elements: &Elements, id: ObjectId) -> Option<String> {
    let alt = elements.text(id, b"Alt").filter(|_| elements.kind(id) == b"Figure")?;
    let words = alt.strip_prefix(MARK)?;
    elements.kids(id).is_empty().then(|| words.to_owned())
}

fn mark(words: &str) -> Option<GroupMark> {
    match words.split_once(' ') {
        Some(("begin", role)) => GroupRole::named(role).map(GroupMark::Begin),
        Some(("end", role)) => GroupRole::named(role).map(GroupMark::End),
        _ => (words == NUMBER_MARK).then_some(GroupMark::Number),
    }
}

fn misplaced(words: &str) -> FinishError {
    FinishError::MisplacedMark(words.to_owned())
}
