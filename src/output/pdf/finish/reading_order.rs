//! Puts texts that are read from right to left into reading order (ISO 32000-1 §14.8.2.3).
//!
//! Typst writes the runs of a line in reading order, but the words of a run in visual order, from left to right. If the spaces
//! use another font, each word is a separate marked content; otherwise, the words are in one text object.

use std::collections::BTreeMap;

use lopdf::{Document, Object, ObjectId};

use super::super::print::token::{Kind, PdfToken, Tokens, name, number, text};
use super::{FinishError, entry, resolved};
use crate::model::Direction;

/// Maximum size of an inflated content stream in bytes.
const MAX_INFLATED: usize = 1 << 31;

/// Maximum distance between baselines of the same line, in points.
const LINE: f32 = 0.5;

/// A marked content of a page.
#[derive(Clone, Debug, Default, PartialEq)]
struct MarkedText {
    /// The origin of its text on the page; `None` if it shows no text.
    origin: Option<[f32; 2]>,
    /// Whether it contains `ReversedChars`, which marks words that are read from right to left.
    is_reversed: bool,
    /// Number of character codes that it shows.
    codes: usize,
    /// Its language, if it has one of its own.
    lang: Option<String>,
}

/// Sorts the marked contents of each element, and the words of each text object.
///
/// # Errors
///
/// Returns an error if the content of a page is damaged.
pub(super) fn restore(document: &mut Document, lang: &str) -> Result<(), FinishError> {
    let mut pages: BTreeMap<ObjectId, BTreeMap<i64, MarkedText>> = BTreeMap::new();
    let ids: Vec<ObjectId> = document.page_iter().collect();
    for page in ids {
        let mut marks = BTreeMap::new();
        for id in document.get_page_contents(page) {
            let Ok(Object::Stream(stream)) = document.get_object_mut(id) else { continue };
            let plain = stream.get_plain_content_with_limit(MAX_INFLATED).map_err(FinishError::Unreadable)?;
            marks.extend(marked_texts(&plain));
            if let Some(sorted) = with_sorted_words(&plain) {
                stream.set_plain_content(sorted);
                stream.compress().map_err(FinishError::Unreadable)?;
            }
        }
        pages.insert(page, marks);
    }
    for (id, kids) in sorted_elements(document, &pages, lang) {
        if let Ok(element) = document.get_dictionary_mut(id) {
            element.set("K", kids);
        }
    }
    Ok(())
}

/// Returns the elements whose marked contents change their order, with their kids.
fn sorted_elements(
    document: &Document,
    pages: &BTreeMap<ObjectId, BTreeMap<i64, MarkedText>>,
    lang: &str,
) -> Vec<(ObjectId, Vec<Object>)> {
    let root = document.catalog().ok().and_then(|catalog| entry(document, catalog, b"StructTreeRoot")?.as_dict().ok());
    let Some(root) = root else { return Vec::new() };
    let mut waiting: Vec<(ObjectId, String)> =
        kids_of(root.get(b"K").ok()).filter_map(|kid| Some((kid.as_reference().ok()?, lang.to_owned()))).collect();
    let (mut sorted, mut left) = (Vec::new(), document.objects.len());
    while let Some((id, around)) = waiting.pop() {
        // Each element has one parent, so more visits than objects mean that there is a cycle.
        let Some(rest) = left.checked_sub(1) else { break };
        left = rest;
        let Ok(element) = document.get_dictionary(id) else { continue };
        let own = entry(document, element, b"Lang").and_then(|lang| lopdf::decode_text_string(lang).ok()).unwrap_or(around);
        let kids: Vec<Object> = kids_of(element.get(b"K").ok().and_then(|kids| resolved(document, kids))).cloned().collect();
        waiting.extend(kids.iter().filter_map(|kid| Some((kid.as_reference().ok()?, own.clone()))));
        let marks = element.get(b"Pg").and_then(Object::as_reference).ok().and_then(|page| pages.get(&page));
        if let Some(kids) = marks.and_then(|marks| sorted_kids(&kids, marks, &own)) {
            sorted.push((id, kids));
        }
    }
    sorted
}

fn kids_of(kids: Option<&Object>) -> impl Iterator<Item = &Object> {
    let kids = match kids {
        Some(Object::Array(kids)) => kids.as_slice(),
        Some(kid) => std::slice::from_ref(kid),
        None => &[],
    };
    kids.iter()
}

/// Reverses the runs of marked contents that are read from right to left, in an element with the language `lang`. Returns `None`
/// if no order changes.
fn sorted_kids(kids: &[Object], marks: &BTreeMap<i64, MarkedText>, lang: &str) -> Option<Vec<Object>> {
    let mut sorted = kids.to_vec();
    let mark = |kid: &Object| kid.as_i64().ok().and_then(|id| marks.get(&id));
    let mut start = 0;
    while start < kids.len() {
        let run = run_from(&kids[start..], mark);
        let texts: Vec<&MarkedText> = kids.iter().skip(start).take(run).filter_map(mark).collect();
        let (mut from, mut to) = (0, texts.len());
        let is_rtl = |tag: &str| Direction::of(tag) == Direction::RightToLeft;
        let own = texts.first().and_then(|text| text.lang.as_deref()).unwrap_or(lang);
        let line = |text: Option<&MarkedText>| text.and_then(|text| text.origin).map(|[_, line]| line);
        let next = line(kids.get(start + run).and_then(mark));
        let ends_line = next.zip(line(texts.last().copied())).is_some_and(|(next, line)| (next - line).abs() >= LINE);
        // Spaces and punctuation at the ends of a run may belong to the surrounding left-to-right text: at both ends of a run
        // without its own language, and at the end of a run that ends a line.
        if !is_rtl(own) {
            from = texts.iter().position(|text| text.is_reversed).unwrap_or(to);
        }
        if !is_rtl(own) || !is_rtl(lang) && ends_line {
            to = texts.iter().rposition(|text| text.is_reversed).map_or(from, |last| last + 1);
        }
        if let Some(run) = sorted.get_mut(start + from..start + to).filter(|run| run.len() > 1) {
            run.reverse();
        }
        start += run.max(1);
    }
    (sorted != kids).then_some(sorted)
}

/// Returns the number of kids in the first run, which is drawn from left to right on one line, and read from right to left.
fn run_from<'m>(kids: &[Object], mark: impl Fn(&Object) -> Option<&'m MarkedText>) -> usize {
    let mut before: Option<&MarkedText> = None;
    let mut count = 0;
    for kid in kids {
        let Some(text) = mark(kid).filter(|text| text.is_reversed || text.codes == 1) else { break };
        let follows = before.is_none_or(|before| match (before.origin, text.origin) {
            (Some([left, line]), Some([right, other])) => {
                (line - other).abs() < LINE && right >= left && before.lang == text.lang
            }
            _ => false,
        });
        if !follows {
            break;
        }
        before = Some(text);
        count += 1;
    }
    count
}

/// Reads the marked contents with an id in a content stream.
fn marked_texts(content: &[u8]) -> BTreeMap<i64, MarkedText> {
    let mut texts: BTreeMap<i64, MarkedText> = BTreeMap::new();
    // The open marked contents: their ids, and whether their characters are reversed.
    let mut open: Vec<(Option<i64>, bool)> = Vec::new();
    let (mut origin, mut saved) = ([0.0_f32; 2], Vec::new());
    let mut operands: Vec<PdfToken> = Vec::new();
    for token in Tokens::new(content) {
        if token.kind != Kind::Operator {
            operands.push(token);
            continue;
        }
        match bytes(content, &token) {
            b"q" => saved.push(origin),
            b"Q" => origin = saved.pop().unwrap_or_default(),
            // Typst moves and flips the coordinate system, and does not scale it.
            b"cm" => {
                if let [.., x, y] = operands.as_slice() {
                    origin = [origin[0] + number(bytes(content, x)), origin[1] + number(bytes(content, y))];
                }
            }
            b"BDC" | b"BMC" => {
                let tag = operands.first().map(|tag| name(bytes(content, tag))).unwrap_or_default();
                let id = property(content, &operands, b"MCID")
                    .and_then(|id| std::str::from_utf8(bytes(content, id)).ok()?.parse().ok());
                if let Some(id) = id {
                    let lang = property(content, &operands, b"Lang").map(|lang| bytes(content, lang));
                    let lang = lang.map(|lang| String::from_utf8_lossy(lang).trim_matches(['(', ')']).to_owned());
                    texts.insert(id, MarkedText { lang, ..MarkedText::default() });
                }
                open.push((id, tag == b"ReversedChars"));
            }
            b"EMC" => drop(open.pop()),
            b"Tj" | b"TJ" => {
                let Some(text) = open.iter().rev().find_map(|(id, _)| *id).and_then(|id| texts.get_mut(&id)) else { continue };
                text.origin = text.origin.or(Some(origin));
                text.is_reversed |= open.iter().any(|(_, reversed)| *reversed);
                let strings = operands.iter().filter(|operand| operand.kind == Kind::Text);
                text.codes += strings.map(|string| self::text(bytes(content, string)).len() / 2).sum::<usize>();
            }
            _ => {}
        }
        operands.clear();
    }
    texts
}

/// Returns the value of a property of a marked content.
fn property<'t>(content: &[u8], operands: &'t [PdfToken], key: &[u8]) -> Option<&'t PdfToken> {
    let at = operands.iter().position(|operand| operand.kind == Kind::Name && name(bytes(content, operand)) == key)?;
    operands.get(at + 1)
}

fn bytes<'c>(content: &'c [u8], token: &PdfToken) -> &'c [u8] {
    content.get(token.start..token.end).unwrap_or_default()
}

/// Reverses the order of the words in each text object that shows only words in reverse order. Returns `None` if there is none.
fn with_sorted_words(content: &[u8]) -> Option<Vec<u8>> {
    let mut objects: Vec<Vec<[usize; 2]>> = Vec::new();
    // The words of the open text object, and whether it shows something else.
    let (mut words, mut other): (Vec<[usize; 2]>, bool) = (Vec::new(), false);
    // The start of the open word, the number of marked contents in it, and whether it is reversed.
    let (mut word, mut depth, mut reversed) = (0, 0_usize, false);
    let mut start = None;
    for token in Tokens::new(content) {
        let from = *start.get_or_insert(token.start);
        if token.kind != Kind::Operator {
            continue;
        }
        start = None;
        match bytes(content, &token) {
            b"BT" => (words, other, depth) = (Vec::new(), false, 0),
            b"BDC" | b"BMC" => {
                if depth == 0 {
                    (word, reversed) = (from, false);
                }
                depth += 1;
                reversed |= content.get(from..token.start).is_some_and(|operands| operands.starts_with(b"/ReversedChars"));
            }
            b"EMC" => {
                depth = depth.saturating_sub(1);
                match depth {
                    0 if reversed => words.push([word, token.end]),
                    0 => other = true,
                    _ => {}
                }
            }
            b"ET" if !other && words.len() > 1 => objects.push(std::mem::take(&mut words)),
            _ => other |= depth == 0,
        }
    }
    let last = objects.last()?.last()?[1];
    let (mut out, mut copied) = (Vec::with_capacity(content.len()), 0);
    for words in &objects {
        for ([start, end], [from, to]) in words.iter().zip(words.iter().rev()) {
            out.extend_from_slice(content.get(copied..*start).unwrap_or_default());
            out.extend_from_slice(content.get(*from..*to).unwrap_or_default());
            copied = *end;
        }
    }
    out.extend_from_slice(content.get(last..).unwrap_or_default());
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(id: i64, x: i64, tag: &str, codes: &str) -> String {
        format!(
            "/Span << /MCID {id} >> BDC\nq\n1 0 0 -1 {x} 700 cm\nBT\n{tag}<{codes}> Tj\n{}ET\nQ\nEMC\n",
            if tag.is_empty() { "" } else { "EMC\n" }
        )
    }

    fn sorted(content: &str, kids: &[i64], lang: &str) -> Vec<i64> {
        let kids: Vec<Object> = kids.iter().map(|kid| Object::Integer(*kid)).collect();
        let sorted = sorted_kids(&kids, &marked_texts(content.as_bytes()), lang).unwrap_or(kids);
        sorted.iter().map(|kid| kid.as_i64().unwrap()).collect()
    }

    const REVERSED: &str = "/ReversedChars BMC\n";

    #[test]
    fn words_of_a_run_are_sorted_and_runs_are_not() {
        // A run of two words with spaces, a number at its left, and a word at the left of that.
        let content = [
            mark(0, 200, "", "0001"),
            mark(1, 203, REVERSED, "00020003"),
            mark(2, 230, "", "0001"),
            mark(3, 233, REVERSED, "00040005"),
            mark(4, 180, "", "000600070008"),
            mark(5, 150, REVERSED, "00040005"),
        ]
        .concat();
        assert_eq!(sorted(&content, &[0, 1, 2, 3, 4, 5], "ar"), [3, 2, 1, 0, 4, 5]);
        assert_eq!(sorted(&content, &[0, 1, 2, 3, 4, 5], "fr"), [0, 3, 2, 1, 4, 5], "the space may belong to the text around");
        assert_eq!(sorted(&content, &[4], "ar"), [4]);
    }

    #[test]
    fn words_of_other_lines_and_languages_are_apart() {
        let own = mark(1, 60, REVERSED, "00040005").replace("/MCID 1", "/Lang (he) /MCID 1");
        let content = [mark(0, 20, REVERSED, "00020003"), own, mark(2, 90, REVERSED, "0006").replace(" 700 ", " 680 ")].concat();
        assert_eq!(sorted(&content, &[0, 1, 2], "ar"), [0, 1, 2]);
    }

    #[test]
    fn words_of_a_text_object_are_sorted() {
        let word = |text: &str| format!("/ReversedChars BMC\n1 0 0 -1 0 0 Tm\n({text}) Tj\nEMC\n");
        let marked = format!("/Span << /ActualText (x) >> BDC\n{}EMC\n", word("b"));
        let object = |words: &[&str]| format!("BT\n{}ET\n", words.concat());
        let content = object(&[&word("EMC ET"), &marked, &word("c")]) + "BT (d) Tj ET\n";
        let found = String::from_utf8(with_sorted_words(content.as_bytes()).unwrap()).unwrap();
        assert_eq!(found, object(&[&word("c"), &marked, &word("EMC ET")]) + "BT (d) Tj ET\n");
        assert_eq!(with_sorted_words(object(&[&word("a"), "(b) Tj\n"]).as_bytes()), None, "other text is not moved");
        assert_eq!(with_sorted_words(object(&[&word("a")]).as_bytes()), None);
    }
}
