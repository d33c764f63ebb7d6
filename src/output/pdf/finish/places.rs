//! The destinations of links: pages with their labels, and headings with their positions.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document, Object, ObjectId, decode_text_string};

use super::trees::leaves;
use super::{FinishError, catalog, entry, resolved};

/// The position of a destination (ISO 32000-1 §12.3.2.2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct LinkPlace {
    /// Index of the page, from 0.
    pub(super) page: usize,
    /// Left and top in points from the lower left corner of the page; `None` for a whole page.
    pub(super) at: Option<(f32, f32)>,
}

/// A heading and its position.
struct PlacedHeading {
    left: f32,
    top: f32,
    title: String,
}

/// Maximum distance in points between two destinations that count as the same place.
const SAME_PLACE: f32 = 0.5;
/// Maximum horizontal distance in points between a heading and text in the same column.
const SAME_COLUMN: f32 = 36.0;

/// Pages, page labels, named destinations and headings of a document.
pub(super) struct LinkPlaces {
    pages: BTreeMap<ObjectId, usize>,
    labels: Vec<String>,
    named: BTreeMap<Vec<u8>, LinkPlace>,
    headings: BTreeMap<usize, Vec<PlacedHeading>>,
}

impl LinkPlaces {
    /// Reads the name tree, the outline and the page labels. `titles` are the titles of named destinations, which take
    /// precedence over the outline.
    ///
    /// # Errors
    ///
    /// Returns an error if the catalog is missing, if a tree is malformed, or if the outline contains a cycle or an item that
    /// is not a dictionary.
    pub(super) fn read(document: &Document, titles: &BTreeMap<String, String>) -> Result<Self, FinishError> {
        let pages: BTreeMap<_, _> = document.page_iter().enumerate().map(|(index, id)| (id, index)).collect();
        let labels = labels(document, pages.len())?;
        let mut places = Self { pages, labels, named: BTreeMap::new(), headings: BTreeMap::new() };
        places.read_names(document)?;
        for (name, title) in titles {
            if let Some(place) = places.named.get(name.as_bytes()) {
                places.add_heading(*place, title.clone());
            }
        }
        places.read_outline(document)?;
        Ok(places)
    }

    /// Returns the place of a destination: a name, an explicit array, or a dictionary that contains one (ISO 32000-1 §12.3.2).
    pub(super) fn place(&self, document: &Document, destination: &Object) -> Option<LinkPlace> {
        match resolved(document, destination)? {
            Object::String(name, _) | Object::Name(name) => self.named.get(name).copied(),
            Object::Array(explicit) => self.explicit(document, explicit),
            Object::Dictionary(around) => match entry(document, around, b"D")? {
                Object::Array(explicit) => self.explicit(document, explicit),
                _ => None,
            },
            _ => None,
        }
    }

    fn explicit(&self, document: &Document, explicit: &[Object]) -> Option<LinkPlace> {
        let page = *self.pages.get(&explicit.first()?.as_reference().ok()?)?;
        let number = |index: usize| explicit.get(index).and_then(|n| resolved(document, n)).and_then(|n| n.as_float().ok());
        let kind = explicit.get(1).and_then(|kind| kind.as_name().ok());
        let at = number(2).zip(number(3)).filter(|_| kind == Some(b"XYZ"));
        Some(LinkPlace { page, at })
    }

    /// Returns the title of the heading at this place.
    pub(super) fn title_at(&self, place: LinkPlace) -> Option<&str> {
        let (left, top) = place.at?;
        let near = |heading: &&PlacedHeading| (heading.left - left).abs() < SAME_PLACE && (heading.top - top).abs() < SAME_PLACE;
        self.headings.get(&place.page)?.iter().find(near).map(|heading| heading.title.as_str())
    }

    /// Returns the title of the lowest heading above this place on its page, preferring headings in the same column.
    pub(super) fn title_above(&self, place: LinkPlace) -> Option<&str> {
        let (left, top) = place.at?;
        let above = || self.headings.get(&place.page).into_iter().flatten().filter(move |it| it.top > top - SAME_PLACE);
        let by_height = |a: &&PlacedHeading, b: &&PlacedHeading| a.top.total_cmp(&b.top);
        let column = above().filter(|heading| (heading.left - left).abs() < SAME_COLUMN).min_by(by_height);
        column.or_else(|| above().min_by(by_height)).map(|heading| heading.title.as_str())
    }

    /// Returns the printed label of a page, or its number if it has none.
    pub(super) fn label(&self, page: usize) -> String {
        self.labels.get(page).filter(|label| !label.is_empty()).cloned().unwrap_or_else(|| (page + 1).to_string())
    }

    fn read_names(&mut self, document: &Document) -> Result<(), FinishError> {
        let Some(Object::Dictionary(names)) = entry(document, catalog(document)?, b"Names") else {
            return Ok(());
        };
        let Ok(root) = names.get(b"Dests") else {
            return Ok(());
        };
        for (name, destination) in leaves(document, root, "Names")? {
            if let (Ok(name), Some(place)) = (name.as_str(), self.place(document, destination)) {
                self.named.insert(name.to_vec(), place);
            }
        }
        Ok(())
    }

    /// Adds the headings of the outline (ISO 32000-1 §12.3.3), which contains every heading that is `bookmarked`, with or
    /// without a label.
    fn read_outline(&mut self, document: &Document) -> Result<(), FinishError> {
        let Some(Object::Dictionary(root)) = entry(document, catalog(document)?, b"Outlines") else {
            return Ok(());
        };
        let mut seen = BTreeSet::new();
        let mut waiting: Vec<ObjectId> = first(root, b"First").into_iter().collect();
        while let Some(id) = waiting.pop() {
            let Ok(item) = document.get_dictionary(id) else {
                return Err(FinishError::Unexpected(format!("outline item {} is not a dictionary", id.0)));
            };
            if !seen.insert(id) {
                return Err(FinishError::Unexpected(format!("the outline contains object {} twice", id.0)));
            }
            let place = item.get(b"Dest").ok().and_then(|destination| self.place(document, destination));
            let title = entry(document, item, b"Title").and_then(|title| decode_text_string(title).ok());
            if let (Some(place), Some(title)) = (place, title) {
                self.add_heading(place, title);
            }
            waiting.extend(first(item, b"Next").into_iter().chain(first(item, b"First")));
        }
        Ok(())
    }

    fn add_heading(&mut self, place: LinkPlace, title: String) {
        if let Some((left, top)) = place.at
            && self.title_at(place).is_none()
            && !title.trim().is_empty()
        {
            self.headings.entry(place.page).or_default().push(PlacedHeading { left, top, title });
        }
    }
}

fn first(item: &Dictionary, key: &[u8]) -> Option<ObjectId> {
    item.get(key).ok().and_then(|id| id.as_reference().ok())
}

/// Returns the label of each page (ISO 32000-1 §12.4.2); empty for pages without a number.
fn labels(document: &Document, pages: usize) -> Result<Vec<String>, FinishError> {
    let Ok(root) = catalog(document)?.get(b"PageLabels") else {
        return Ok(Vec::new());
    };
    let mut ranges = BTreeMap::new();
    for (start, range) in leaves(document, root, "Nums")? {
        if let (Some(start), Some(Object::Dictionary(range))) =
            (start.as_i64().ok().and_then(|start| usize::try_from(start).ok()), resolved(document, range))
        {
            ranges.insert(start, range);
        }
    }
    Ok((0..pages)
        .map(|page| ranges.range(..=page).next_back().map(|(start, range)| label(document, range, page - start)))
        .map(Option::unwrap_or_default)
        .collect())
}

/// Returns the label of the page at `offset` in a range.
fn label(document: &Document, range: &Dictionary, offset: usize) -> String {
    let prefix = entry(document, range, b"P").and_then(|prefix| decode_text_string(prefix).ok()).unwrap_or_default();
    let start = entry(document, range, b"St").and_then(|start| start.as_i64().ok()).and_then(|n| usize::try_from(n).ok());
    let number = start.unwrap_or(1).saturating_add(offset);
    let numeral = match entry(document, range, b"S").and_then(|style| style.as_name().ok()) {
        Some(b"D") => number.to_string(),
        Some(b"R") => roman(number),
        Some(b"r") => roman(number).to_lowercase(),
        Some(b"A") => letters(number),
        Some(b"a") => letters(number).to_lowercase(),
        _ => String::new(),
    };
    prefix + &numeral
}

/// Returns a Roman numeral, or decimal digits for 0 and from 4,000, which have none.
fn roman(number: usize) -> String {
    const NUMERALS: [(usize, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if number == 0 || number >= 4000 {
        return number.to_string();
    }
    let mut rest = number;
    let mut text = String::new();
    for (value, numeral) in NUMERALS {
        text.push_str(&numeral.repeat(rest / value));
        rest %= value;
    }
    text
}

/// Returns A to Z, then AA, BB to ZZ, AAA, BBB to ZZZ and so on (ISO 32000-1 table 159), with at most 26 letters. Returns decimal
/// digits for other numbers.
fn letters(number: usize) -> String {
    let Some(index) = number.checked_sub(1).filter(|index| *index < 26 * 26) else {
        return number.to_string();
    };
    let letter = u8::try_from(index % 26).map_or('?', |offset| char::from(b'A' + offset));
    std::iter::repeat_n(letter, index / 26 + 1).collect()
}

#[cfg(test)]
mod tests {
    use lopdf::dictionary;

    use super::*;

    #[test]
    fn formats_page_numbers() {
        assert_eq!([roman(1), roman(1994), roman(3999), roman(4000)], ["I", "MCMXCIV", "MMMCMXCIX", "4000"]);
        assert_eq!([letters(1), letters(26), letters(27), letters(0)], ["A", "Z", "AA", "0"]);
        assert_eq!(letters(54), "BBB");
    }

    #[test]
    fn rejects_a_cyclic_outline() {
        let mut document = Document::with_version("1.7");
        let item = document.new_object_id();
        document.objects.insert(item, dictionary! { "Next" => item }.into());
        let catalog = document.add_object(dictionary! { "Outlines" => dictionary! { "First" => item } });
        document.trailer.set("Root", catalog);
        assert!(matches!(LinkPlaces::read(&document, &BTreeMap::new()), Err(FinishError::Unexpected(_))));
    }
}
