//! The start of the text of each page, for page lists.
//!
//! The start is the first character of the body on the page: running heads, folios, notes and repeated table headers do not
//! count. Text that reaches a layout as a value has no position in the model, so `generated` infers the block that contains it
//! from the text around it.

mod generated;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use typst::model::Numbering;
use typst::text::TextItem;
use typst_layout::Page;

use self::generated::{GeneratedBlocks, PageText};
use super::lines::{SAME_LINE, is_right_to_left};
use super::markup::NodeForm;
use super::{PageItem, PageMap, Paginated, What};
use crate::model::TextPosition;
use crate::resolve::Resolved;

/// The start of the text of a page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct PageStart {
    /// Position of the page in the document, from 1.
    pub page: usize,
    /// The printed page number. For a page without one, the value of the page counter.
    pub label: String,
    /// The first character of the body on the page; `None` if there is none, or if its position is unknown.
    pub text: Option<TextPosition>,
}

/// Returns the start of each page, in order. The positions increase from page to page.
pub fn page_starts(pages: &Paginated, map: &PageMap<'_>, edition: &Resolved) -> Vec<PageStart> {
    let finder = Finder::new(map, edition);
    let found: Vec<Option<TextPosition>> = (0..map.pages.len()).map(|page| finder.start(page)).collect();
    let kept = increasing(&found);
    let labels = pages.document.pages().iter().map(label);
    labels.zip(kept).enumerate().map(|(index, (label, text))| PageStart { page: index + 1, label, text }).collect()
}

/// Returns the first text of a section on the first page; `None` if the first page is only a cover or a title page.
pub fn text_on_cover(map: &PageMap<'_>, edition: &Resolved) -> Option<TextPosition> {
    let finder = Finder::new(map, edition);
    finder.body(0).find_map(|(item, text)| match finder.place(item, text) {
        TextPlace::Text(position, _) => Some(position).filter(|position| *position != TextPosition::TITLE_PAGE),
        TextPlace::Value => None,
    })
}

fn label(page: &Page) -> String {
    let pattern = match &page.numbering {
        Some(Numbering::Pattern(pattern)) => pattern.apply(None, &[page.number]).ok().map(|label| label.to_string()),
        Some(Numbering::Func(_)) | None => None,
    };
    pattern.unwrap_or_else(|| page.number.to_string())
}

/// Finds the text at the start of pages.
struct Finder<'a> {
    map: &'a PageMap<'a>,
    /// Numbers of the sections, by id.
    sections: BTreeMap<&'a str, usize>,
    generated: GeneratedBlocks<'a>,
}

/// The position of a text on a page.
enum TextPlace {
    /// The position of a character, or of a block with text of its own, such as the title of a callout.
    Text(TextPosition, NodeForm),
    /// Unknown: the layout receives the text as a value.
    Value,
}

/// Label of the heading with the title of the publication.
const COVER: &str = "cover";

impl<'a> Finder<'a> {
    fn new(map: &'a PageMap<'a>, edition: &'a Resolved) -> Self {
        let sections = edition.sections.iter().map(|section| (section.id.as_str(), section.number)).collect();
        Self { map, sections, generated: GeneratedBlocks::of(edition) }
    }

    /// Returns the texts of the body on a page, in drawing order.
    fn body(&self, page: usize) -> impl DoubleEndedIterator<Item = (&'a PageItem<'a>, &'a TextItem)> + use<'a> {
        let items = self.map.pages.get(page).map(|page| page.items.as_slice()).unwrap_or_default();
        let body = items.iter().filter(|item| item.artifact.is_none() && !item.note && !item.repeated);
        body.filter_map(|item| match item.what {
            What::Text(text) if !text.text.trim().is_empty() => Some((item, text)),
            What::Text(_) | What::Image(..) | What::Shape(_) => None,
        })
    }

    fn place(&self, item: &PageItem<'_>, text: &TextItem) -> TextPlace {
        if let Some(label) = item.heading.and_then(|heading| heading.label()) {
            let label = label.resolve();
            if let Some(number) = self.sections.get(label.as_str()) {
                return TextPlace::Text(TextPosition::section(*number), NodeForm::Inline);
            }
            if label.as_str() == COVER {
                return TextPlace::Text(TextPosition::TITLE_PAGE, NodeForm::Inline);
            }
        }
        match self.map.positions(text).next() {
            // Lines of code are always values.
            Some((position, NodeForm::Block)) if self.generated.contains(position) => TextPlace::Value,
            Some((position, form)) => TextPlace::Text(position, form),
            None => TextPlace::Value,
        }
    }

    /// Returns the position of the first text of a page that has one.
    fn start(&self, page: usize) -> Option<TextPosition> {
        let mut values = String::new();
        for (item, text) in self.body(page) {
            match self.place(item, text) {
                TextPlace::Value => values.push_str(&text.text),
                TextPlace::Text(next, form) => {
                    let next = if is_right_to_left(&text.text) { self.first_of_line(page, item, next) } else { next };
                    let generated = if values.is_empty() { None } else { self.generated_start(page, &values, Some(next)) };
                    let is_start = form != NodeForm::Block || self.before(page).0.is_none_or(|before| before < next);
                    match generated.or(is_start.then_some(next)) {
                        Some(start) => return Some(start),
                        None => values.clear(),
                    }
                }
            }
        }
        let next = (page + 1..self.map.pages.len()).find_map(|page| {
            self.body(page).find_map(|(item, text)| match self.place(item, text) {
                TextPlace::Text(next, _) => Some(next),
                TextPlace::Value => None,
            })
        });
        if values.is_empty() { None } else { self.generated_start(page, &values, next) }
    }

    /// Returns the first position on the line of an item. Text that is read from right to left is drawn from left to right.
    fn first_of_line(&self, page: usize, item: &PageItem<'_>, found: TextPosition) -> TextPosition {
        let baseline = item.to_page.ty.to_pt();
        let line = self.body(page).filter(|(other, _)| (other.to_page.ty.to_pt() - baseline).abs() < SAME_LINE);
        let positions = line.flat_map(|(_, text)| self.map.positions(text)).map(|(position, _)| position);
        positions.filter(|position| (position.section, position.part) == (found.section, found.part)).min().unwrap_or(found)
    }

    /// Returns the position of the text at the start of a page that the layout received as values.
    fn generated_start(&self, page: usize, values: &str, next: Option<TextPosition>) -> Option<TextPosition> {
        let (before, earlier) = self.before(page);
        self.generated.find(before?, next, &PageText { earlier: &earlier, own: values })
    }

    /// Returns the last known position before a page, and the text of values between it and the page.
    fn before(&self, page: usize) -> (Option<TextPosition>, String) {
        let mut values = Vec::new();
        for (item, text) in (0..page).rev().flat_map(|page| self.body(page).rev()) {
            match self.place(item, text) {
                TextPlace::Text(position, _) => {
                    values.reverse();
                    return (Some(position), values.concat());
                }
                TextPlace::Value => values.push(text.text.as_str()),
            }
        }
        (None, String::new())
    }
}

/// Keeps a longest sequence of increasing positions. A layout may draw a text out of order, such as a repeated heading.
fn increasing(found: &[Option<TextPosition>]) -> Vec<Option<TextPosition>> {
    // For each length, the index of the last element of the best sequence; for each element, its predecessor.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; found.len()];
    let at = |index: usize| found.get(index).copied().flatten();
    for (index, position) in found.iter().enumerate().filter_map(|(index, position)| Some((index, (*position)?))) {
        let length = ends.partition_point(|end| at(*end) < Some(position));
        // Of equal positions, the first is kept.
        if ends.get(length).is_some_and(|end| at(*end) == Some(position)) {
            continue;
        }
        if let Some(slot) = before.get_mut(index) {
            *slot = length.checked_sub(1).and_then(|length| ends.get(length)).copied();
        }
        match ends.get_mut(length) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut kept = vec![None; found.len()];
    let mut next = ends.last().copied();
    while let Some(index) = next {
        if let Some(slot) = kept.get_mut(index) {
            *slot = at(index);
        }
        next = before.get(index).copied().flatten();
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_that_do_not_increase_are_dropped() {
        let list = |numbers: &[usize]| -> Vec<Option<TextPosition>> {
            numbers.iter().map(|number| (*number > 0).then(|| TextPosition::section(*number))).collect()
        };
        assert_eq!(increasing(&list(&[0, 1, 9, 2, 0, 3, 3, 4])), list(&[0, 1, 0, 2, 0, 3, 0, 4]).as_slice());
        assert_eq!(increasing(&list(&[5, 6, 1, 7])), list(&[5, 6, 0, 7]).as_slice());
        assert!(increasing(&[]).is_empty());
    }
}
