//! The same sentence is the same sequence of characters in both outputs.

use std::process::Command;

use crate::artefacts::{PUBLICATIONS, artefact};
use crate::epub::chapters;

/// Leaves out what may differ: soft hyphens, and spaces, since extractors make no-break spaces ordinary ones.
fn sequence(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{ad}').collect()
}

/// Text of a PDF in the order of its content.
fn pdf(name: &str) -> String {
    let output =
        Command::new("pdftotext").args(["-raw", "-nopgbrk"]).arg(artefact(name)).arg("-").output().expect("pdftotext runs");
    sequence(&String::from_utf8(output.stdout).expect("UTF-8"))
}

/// Sentences of an EPUB's plain paragraphs: those without a note or another element that is set apart in the PDF.
fn sentences(name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (_, text) in chapters(name) {
        let text = text.replace("\n</", "</");
        for paragraph in text.split("<p>").skip(1).filter_map(|rest| rest.split_once("</p>")) {
            if !paragraph.0.contains("noteref") && !paragraph.0.contains("<img") {
                let plain = untagged(paragraph.0);
                found.extend(
                    plain.split_inclusive(['.', '!', '?']).map(sequence).filter(|sentence| sentence.chars().count() > 12),
                );
            }
        }
    }
    found
}

fn untagged(markup: &str) -> String {
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
fn a_sentence_is_the_same_in_both_outputs() {
    for (_, names) in PUBLICATIONS {
        for name in names {
            let pdf = pdf(&format!("{name}.pdf"));
            let sentences = sentences(&format!("{name}.epub"));
            assert!(sentences.len() > 5, "{name} has sentences");
            let lost: Vec<&String> = sentences.iter().filter(|sentence| !pdf.contains(sentence.as_str())).collect();
            // A sentence that crosses a page is cut by running heads.
            assert!(lost.len() <= sentences.len() / 20, "{name}: {} of {}: {lost:#?}", lost.len(), sentences.len());
        }
    }
}
