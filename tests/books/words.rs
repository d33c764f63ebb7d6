//! Compares the words of a workspace with the texts of its artefacts: `words WORKSPACE DIAGNOSTICS EPUB SPOKEN PLAIN`.
//!
//! `DIAGNOSTICS` are the lines of `reliure build --message-format json`, and `SPOKEN` and `PLAIN` are the outputs of
//! `tests/judges/lib/pdf_speech.py` and of `pdftotext`. A word of the sources is lost if the EPUB contains it less often and no
//! diagnostic covers it; a word of the EPUB is lost if the PDF contains it less often. The exit code is 1 if a word is lost.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::exit,
    reason = "a tool for developers reports errors by panicking"
)]

use std::fs;
use std::path::Path;

#[path = "artefact_words.rs"]
mod artefact_words;
#[path = "../fuzz/src/words.rs"]
#[allow(dead_code, reason = "the laws are for the suite")]
mod words;

use words::WordCount;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [workspace, diagnostics, epub, spoken, plain] = arguments.as_slice() else {
        eprintln!("usage: words WORKSPACE DIAGNOSTICS EPUB SPOKEN PLAIN");
        std::process::exit(2);
    };
    let covered = artefact_words::covered(&fs::read_to_string(diagnostics).expect("the diagnostics are there"));
    let mut sources = WordCount::new();
    let folder = Path::new(workspace).join("sources/book");
    for entry in fs::read_dir(&folder).expect("the sources are there").flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "md") {
            let text = fs::read_to_string(&path).expect("a text");
            let name = format!("sources/book/{}", entry.file_name().to_string_lossy());
            let ranges = covered.get(&name).map(|places| artefact_words::byte_ranges(&text, places)).unwrap_or_default();
            artefact_words::add_normal(&words::typed(&text, ranges), &mut sources);
        }
    }
    let epub = fs::read(epub).expect("the EPUB is there");
    let lost = artefact_words::missing_in_epubs(&sources, std::slice::from_ref(&epub));
    let [spoken, plain] = [spoken, plain].map(|path| fs::read_to_string(path).expect("the text of the PDF is there"));
    let unprinted = artefact_words::missing_in_pdf(&artefact_words::printed_in_epub(&epub), &spoken, &plain);
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
