//! Each sentence has the same characters in both outputs, narrow no-break spaces included.
//!
//! A PDF contains glyphs, and some characters cannot be distinguished. In most fonts the no-break space U+00A0 has the glyph of
//! the space, so both are treated as equal. The hyphen at a line break has the glyph of any hyphen, so hyphens are ignored
//! together with line breaks. A line may also break inside a long word or between Chinese or Japanese characters, where spaces
//! are ignored. Right-to-left text is in visual order in a PDF and is not compared.

use std::process::Command;

use crate::artefacts::{PUBLICATIONS, artefact};
use crate::epub::chapters;

/// Returns the characters for comparison: white space as one space, none after a hyphen, and no hyphens.
fn sequence(text: &str) -> String {
    let text = text.replace('\u{a0}', " ").replace('\u{ad}', "-");
    let words: Vec<&str> = text.split([' ', '\n', '\r', '\t', '\u{c}']).filter(|word| !word.is_empty()).collect();
    words.join(" ").replace("- ", "").replace('-', "")
}

/// Returns the text of a PDF in content order, with its spaces.
fn pdf(name: &str) -> String {
    let out = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}.txt", name.replace('/', "-")));
    let mut command = Command::new("mutool");
    command.args(["convert", "-F", "text", "-O", "preserve-whitespace", "-o"]).arg(&out).arg(artefact(name));
    assert!(command.status().expect("mutool runs").success(), "{name} is read");
    let text = std::fs::read_to_string(out).expect("UTF-8");
    assert!(text.contains('\u{202f}') || !name.contains("brochure"), "{name}: narrow spaces are there");
    sequence(&text)
}

/// Returns the sentences of an EPUB's paragraphs that contain no note or other element that is set apart in the PDF.
fn sentences(name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (_, text) in chapters(name) {
        let text = text.replace("\n</", "</");
        for paragraph in text.split("<p>").skip(1).filter_map(|rest| rest.split_once("</p>")) {
            if !paragraph.0.contains("noteref") && !paragraph.0.contains("<img") {
                let plain = untagged(paragraph.0);
                found.extend(
                    plain
                        .split_inclusive(['.', '!', '?'])
                        .map(sequence)
                        .filter(|sentence| sentence.chars().count() > 12 && !sentence.contains(is_right_to_left)),
                );
            }
        }
    }
    found
}

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}')
}

/// Returns whether a line may break inside a word of the sentence without a hyphen.
fn may_break(sentence: &str) -> bool {
    sentence.split(' ').any(|word| word.chars().count() > 24) || sentence.chars().any(|c| matches!(c, '\u{3000}'..='\u{9fff}'))
}

/// Returns the text of an XHTML fragment.
pub fn untagged(markup: &str) -> String {
    let mut plain = String::new();
    let mut inside = false;
    for c in markup.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => plain.push(c),
            _ => {}
        }
    }
    plain.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'")
}

#[test]
fn sentences_are_the_same_in_both_outputs() {
    for (_, names) in PUBLICATIONS {
        for name in names {
            let pdf = pdf(&format!("{name}.pdf"));
            let sentences = sentences(&format!("{name}.epub"));
            assert!(sentences.len() > 5, "{name} has sentences");
            let joined = pdf.replace(' ', "");
            let is_in_pdf = |sentence: &&String| match may_break(sentence) {
                true => joined.contains(&sentence.replace(' ', "")),
                false => pdf.contains(sentence.as_str()),
            };
            let lost: Vec<&String> = sentences.iter().filter(|sentence| !is_in_pdf(sentence)).collect();
            // A sentence across a page break is interrupted by running headers and footers.
            assert!(lost.len() <= sentences.len() / 20, "{name}: {} of {}: {lost:#?}", lost.len(), sentences.len());
        }
    }
}
