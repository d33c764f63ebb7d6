//! Compares the words of a workspace with the texts of its artefacts: `words WORKSPACE DIAGNOSTICS EPUB PDF-TEXT`.
//!
//! `DIAGNOSTICS` are the lines of `reliure build --message-format json`, and `PDF-TEXT` is the output of `tests/judges/lib/pdf_speech.py`. A word
//! of the sources is lost if the EPUB contains it less often and no diagnostic covers it; a word of the EPUB is lost if the PDF contains
//! it less often. Exits with 1 if a word is lost.

#![allow(clippy::expect_used, clippy::print_stdout, clippy::exit, reason = "a tool for developers reports errors by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

#[path = "artefact_words.rs"]
mod artefact_words;
#[path = "../fuzz/src/words.rs"]
#[allow(dead_code, reason = "the laws are for the suite")]
mod words;

use words::WordCount;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [workspace, diagnostics, epub, pdf] = arguments.as_slice() else {
        eprintln!("usage: words WORKSPACE DIAGNOSTICS EPUB PDF-TEXT");
        std::process::exit(2);
    };
    let covered = covered(&fs::read_to_string(diagnostics).expect("the diagnostics are there"));
    let mut sources = WordCount::new();
    let folder = Path::new(workspace).join("sources/book");
    for entry in fs::read_dir(&folder).expect("the sources are there").flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "md") {
            let text = fs::read_to_string(&path).expect("a text");
            let name = format!("sources/book/{}", entry.file_name().to_string_lossy());
            let ranges = covered.get(&name).map(|places| byte_ranges(&text, places)).unwrap_or_default();
            artefact_words::add_normal(&words::typed(&text, ranges), &mut sources);
        }
    }
    let epub = fs::read(epub).expect("the EPUB is there");
    let lost = words::without(sources.clone(), &artefact_words::of_epub(&epub));
    let pdf = fs::read_to_string(pdf).expect("the text of the PDF is there");
    let unprinted = artefact_words::missing_in_pdf(&artefact_words::printed_in_epub(&epub), &pdf);
    println!("words in the sources: {}", sources.values().sum::<usize>());
    report("the EPUB", &lost);
    report("the PDF", &unprinted);
    if !lost.is_empty() || !unprinted.is_empty() {
        std::process::exit(1);
    }
}

fn report(place: &str, lost: &WordCount) {
    println!("words lost in {place}: {}", lost.values().sum::<usize>());
    for (word, times) in lost {
        println!("  {times} × {word}");
    }
}

/// Start and end of a diagnostic: line and column in characters, from 1.
type Place = [(usize, usize); 2];

/// Returns the places of the diagnostics, by file.
fn covered(lines: &str) -> BTreeMap<String, Vec<Place>> {
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

fn byte_ranges(text: &str, places: &[Place]) -> Vec<(usize, usize)> {
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let byte = |(line, column): (usize, usize)| {
        let start = starts.get(line - 1).copied().unwrap_or(text.len());
        start + text[start..].chars().take(column - 1).map(char::len_utf8).sum::<usize>()
    };
    places.iter().map(|[start, end]| (byte(*start), byte(*end))).collect()
}
