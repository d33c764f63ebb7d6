//! The words of artefacts, for comparison with those of their sources. Case is ignored, because layouts set labels in capitals, and
//! ligatures are written out.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use roxmltree::{Document, Node, ParsingOptions};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;
use zip::ZipArchive;

use super::words::{self, WordCount, count};

/// Elements within a line of text, which do not end a word.
const IN_LINE: &[&str] =
    &["em", "strong", "del", "sup", "sub", "span", "a", "cite", "code", "kbd", "abbr", "wbr", "i", "b", "bdi"];

/// Elements with generated text.
const GENERATED: &[&str] = &["section-number", "noteref", "backlink", "task-state"];

/// Returns the words that the documents of EPUBs contain less often than the sources. The scanner of the sources divides words at tags
/// and attributes that do not divide them in the EPUB, so occurrences inside longer words count too.
pub fn missing_in_epubs(sources: &WordCount, epubs: &[Vec<u8>]) -> WordCount {
    let (mut known, mut squeezed) = (WordCount::new(), String::new());
    for epub in epubs {
        words_of(epub, &mut |document, out| {
            text(document.root_element(), out);
            squeezed.extend(normal(out).chars().filter(|c| c.is_alphanumeric()));
            squeezed.push(' ');
        });
        of_epub(epub).into_iter().for_each(|(word, times)| *known.entry(word).or_default() += times);
    }
    let mut missing = words::without(sources.clone(), &known);
    missing.retain(|word, _| squeezed.matches(word.as_str()).count() < sources.get(word).copied().unwrap_or_default());
    missing
}

/// Returns the words of the documents of an EPUB, including those of attributes. For a word that an element divides, the whole word
/// and its parts count.
fn of_epub(bytes: &[u8]) -> WordCount {
    let mut words = stated_in_epub(bytes);
    let parts = words_of(bytes, &mut |document, out| {
        for node in document.descendants() {
            out.push('\n');
            out.push_str(node.text().filter(|_| node.is_text()).unwrap_or_default());
            node.attributes().for_each(|attribute| out.extend(["\n", attribute.value()]));
        }
    });
    for (word, times) in parts {
        let known = words.entry(word).or_default();
        *known = times.max(*known);
    }
    words
}

fn stated_in_epub(bytes: &[u8]) -> WordCount {
    words_of(bytes, &mut |document, out| {
        for node in document.descendants().filter(Node::is_element) {
            for attribute in node.attributes() {
                out.push('\n');
                out.push_str(attribute.value());
            }
        }
        out.push('\n');
        text(document.root_element(), out);
    })
}

/// Returns the words that a reader of an EPUB sees or hears in its sections.
pub fn printed_in_epub(bytes: &[u8]) -> WordCount {
    words_of(bytes, &mut |document, out| {
        let is_section = |node: &Node<'_, '_>| node.tag_name().name() == "main" || node.tag_name().name() == "body";
        let body = document.descendants().rfind(is_section);
        body.into_iter().for_each(|body| text(body, out));
    })
}

fn words_of(bytes: &[u8], read: &mut dyn FnMut(&Document<'_>, &mut String)) -> WordCount {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a ZIP");
    let mut words = WordCount::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("an entry");
        let name = entry.name().expect("a name").into_owned();
        let file = name.rsplit('/').next().unwrap_or_default();
        if !file.ends_with(".xhtml") || matches!(file, "nav.xhtml" | "title.xhtml" | "cover.xhtml") {
            continue;
        }
        let mut text = String::new();
        entry.read_to_string(&mut text).expect("a document is text");
        let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
        let mut out = String::new();
        read(&Document::parse_with_options(&text, options).expect("a document is well-formed"), &mut out);
        count(&normal(&out), &mut words);
    }
    words
}

fn text(node: Node<'_, '_>, out: &mut String) {
    if node.is_text() {
        out.push_str(node.text().unwrap_or_default());
    }
    let class = node.attribute("class").unwrap_or_default();
    if class.split(' ').any(|class| GENERATED.contains(&class)) {
        return;
    }
    let edge = if node.is_element() && !IN_LINE.contains(&node.tag_name().name()) { "\n" } else { "" };
    out.push_str(edge);
    out.push_str(node.attribute("alt").unwrap_or_default());
    let start = out.len();
    node.children().for_each(|child| text(child, out));
    if class.split(' ').any(|class| class == "video") {
        // The word before the dash is generated: "Video – title".
        let title = out[start..].split_once(" – ").map(|(_, title)| title.to_owned());
        title.into_iter().for_each(|title| out.replace_range(start.., &title));
    }
    out.push_str(edge);
}

/// Returns the words that occur less often in both texts of a PDF than in `words`. `spoken` is its structure tree as
/// `pdf_speech.py` prints it, without running heads and with glyphs in visual order. `plain` is the output of `pdftotext`, in
/// which right-to-left words are in logical order. A word that a line end divides is found in the text without spaces.
pub fn missing_in_pdf(words: &WordCount, spoken: &str, plain: &str) -> WordCount {
    let mut missing = missing_in(words, spoken);
    let unprinted = missing_in(words, plain);
    missing.retain(|word, _| unprinted.contains_key(word));
    missing
}

fn missing_in(words: &WordCount, pdf: &str) -> WordCount {
    let pdf = normal(&without_languages(pdf));
    let mut known = WordCount::new();
    count(&pdf, &mut known);
    let squeezed: String = pdf.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut missing = words::without(words.clone(), &known);
    missing.retain(|word, _| squeezed.matches(word.as_str()).count() < words.get(word).copied().unwrap_or_default());
    missing
}

/// Removes the marks of `pdf_speech.py` for languages and pages: `{de: ` before a passage, `--- page 3 ---` also in a word.
fn without_languages(pdf: &str) -> String {
    let mut pages = pdf.split("--- page ");
    let first = pages.next().unwrap_or_default().to_owned();
    let pdf = pages.fold(first, |out, page| out + page.split_once(" ---").map_or(page, |(_, text)| text));
    let mut parts = pdf.split('{');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let text = part
            .split_once(": ")
            .filter(|(tag, _)| tag.len() < 12 && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
        out.push_str(text.map_or(part, |(_, text)| text));
    }
    out
}

/// Adds the words of a source in the form of the words of artefacts.
pub fn add_normal(words: &WordCount, out: &mut WordCount) {
    for (word, times) in words {
        let mut parts = WordCount::new();
        count(&normal(word), &mut parts);
        parts.into_iter().for_each(|(part, number)| *out.entry(part).or_default() += number * times);
    }
}

/// Writes ligatures out, removes soft hyphens and invisible characters, and ignores case.
pub fn normal(text: &str) -> String {
    let visible = text
        .nfkc()
        .filter(|c| !matches!(c, '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{FE0E}' | '\u{FE0F}'));
    visible.collect::<String>().to_lowercase()
}

/// Start and end of a diagnostic: line and column in characters, from 1.
pub type Place = [(usize, usize); 2];

/// Returns the places of diagnostics by file. `lines` are those of `--message-format json`.
pub fn covered(lines: &str) -> BTreeMap<String, Vec<Place>> {
    let mut found: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    for record in lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        let number = |key: &str| record.get(key).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
        let (Some(file), Some(line), Some(column)) =
            (record.get("file").and_then(Value::as_str), number("line"), number("column"))
        else {
            continue;
        };
        let end = (number("end_line").unwrap_or(line), number("end_column").unwrap_or(column));
        found.entry(file.to_owned()).or_default().push([(line, column), end]);
    }
    found
}

/// Converts places in a text to ranges in bytes.
pub fn byte_ranges(text: &str, places: &[Place]) -> Vec<(usize, usize)> {
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let byte = |(line, column): (usize, usize)| {
        let start = starts.get(line - 1).copied().unwrap_or(text.len());
        start + text[start..].chars().take(column - 1).map(char::len_utf8).sum::<usize>()
    };
    places.iter().map(|[start, end]| (byte(*start), byte(*end))).collect()
}
