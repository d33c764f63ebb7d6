//! The words of artefacts, for comparison with those of their sources. Case is ignored, because layouts set labels in capitals, and
//! ligatures are written out.

use std::io::{Cursor, Read};

use roxmltree::{Document, Node, ParsingOptions};
use unicode_normalization::UnicodeNormalization;
use zip::ZipArchive;

use super::words::{WordCount, count};

/// Elements within a line of text, which do not end a word.
const IN_LINE: &[&str] =
    &["em", "strong", "del", "sup", "sub", "span", "a", "cite", "code", "kbd", "abbr", "wbr", "i", "b", "bdi"];

/// Elements with generated text.
const GENERATED: &[&str] = &["section-number", "noteref", "backlink", "task-state"];

/// Returns the words of the documents of an EPUB, including those of attributes.
pub fn of_epub(bytes: &[u8]) -> WordCount {
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
        let body = document.descendants().filter(is_section).last();
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
    node.children().for_each(|child| text(child, out));
    out.push_str(edge);
}

/// Returns the words that the text of a PDF contains less often. A word that a line end divides is found in the text without spaces.
pub fn missing_in_pdf(words: &WordCount, pdf: &str) -> WordCount {
    let pdf = normal(pdf);
    let mut known = WordCount::new();
    count(&pdf, &mut known);
    let squeezed: String = pdf.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut missing = super::words::without(words.clone(), &known);
    missing.retain(|word, _| squeezed.matches(word.as_str()).count() < words.get(word).copied().unwrap_or_default());
    missing
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
