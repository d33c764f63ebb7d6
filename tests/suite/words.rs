//! No word of a source is lost: the words of the sources are in the EPUB, and those of the EPUB in the PDF.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::artefacts::{PUBLICATIONS, artefact};
use crate::epub::entries_of;
use crate::harness::{Project, repository};
use crate::laws::{SOUND, check_with, markdown_files, texts};
use crate::pdf::run_script;

#[path = "../books/artefact_words.rs"]
mod artefact_words;
use crate::laws::fuzz::{self, words};

use words::WordCount;

/// Returns the words in the Markdown files of a folder that no diagnostic covers. `messages` are lines of JSON.
fn words_of_sources(root: &Path, folder: &str, messages: &str) -> WordCount {
    let covered = artefact_words::covered(messages);
    let mut sources = WordCount::new();
    for path in markdown_files(&root.join(folder)) {
        let text = std::fs::read_to_string(&path).expect("a text");
        let name = path.strip_prefix(root).expect("a file of the workspace").to_string_lossy().into_owned();
        let ranges = covered.get(&name).map(|places| artefact_words::byte_ranges(&text, places)).unwrap_or_default();
        artefact_words::add_normal(&words::typed(&text, ranges), &mut sources);
    }
    sources
}

fn missing_in_pdf(name: &Path) -> WordCount {
    let epub = std::fs::read(name.with_extension("epub")).expect("the EPUB is there");
    let pdf = name.with_extension("pdf");
    let plain = Command::new("pdftotext").arg(&pdf).arg("-").output().expect("pdftotext runs").stdout;
    let spoken = run_script("pdf_speech.py", &[], &pdf);
    artefact_words::missing_in_pdf(&artefact_words::printed_in_epub(&epub), &spoken, &String::from_utf8_lossy(&plain))
}

#[test]
fn no_word_of_the_fixtures_is_lost_in_the_artefacts() {
    for (workspace, names) in PUBLICATIONS {
        let mut epubs = Vec::new();
        for name in names {
            let path = artefact(&format!("{name}.epub"));
            epubs.push(std::fs::read(&path).expect("the EPUB is there"));
            assert_eq!(missing_in_pdf(&path), WordCount::new(), "{name}.pdf");
        }
        // A passage that only some editions contain is in one of the artefacts.
        let sources = words_of_sources(&repository().join(workspace), "sources", "");
        assert_eq!(artefact_words::missing_in_epubs(&sources, &epubs), WordCount::new(), "{workspace}");
    }
}

/// Keys of TOML files whose values are printed or stated in the metadata.
const PRINTED: [&str; 15] = [
    "title",
    "subtitle",
    "nav",
    "description",
    "keywords",
    "period",
    "name",
    "label",
    "caption",
    "credit",
    "alt",
    "source",
    "changes",
    "errata",
    "statement",
];

#[test]
fn no_text_of_the_manifests_of_the_fixtures_is_lost() {
    for (workspace, names) in PUBLICATIONS {
        let mut known = WordCount::new();
        for name in names {
            let path = artefact(&format!("{name}.epub"));
            let texts = entries_of(&path).into_iter().filter(|(file, _)| file.ends_with(".xhtml") || file.ends_with(".opf"));
            texts.for_each(|(_, text)| words::count(&artefact_words::normal(&text), &mut known));
        }
        let mut files = Vec::new();
        toml_files(&repository().join(workspace).join("sources"), &mut files);
        assert!(!files.is_empty());
        for (file, text) in files {
            let mut printed = String::new();
            let table: toml::Table = text.parse().expect("the TOML is valid");
            collect_printed(&toml::Value::Table(table), false, &mut printed);
            let mut stated = WordCount::new();
            words::count(&artefact_words::normal(&printed), &mut stated);
            let lost: BTreeSet<&String> = stated.keys().filter(|word| !known.contains_key(*word)).collect();
            assert!(lost.is_empty(), "{file}: {lost:?}");
        }
    }
}

fn toml_files(folder: &Path, files: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).expect("the folder is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            toml_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.push((path.display().to_string(), std::fs::read_to_string(&path).expect("a text")));
        }
    }
}

/// Adds the texts of the keys in [`PRINTED`] to `out`. `printed` states whether `value` belongs to such a key.
fn collect_printed(value: &toml::Value, printed: bool, out: &mut String) {
    match value {
        toml::Value::String(text) if printed => {
            out.push('\n');
            out.push_str(text);
        }
        toml::Value::Array(items) => items.iter().for_each(|item| collect_printed(item, printed, out)),
        toml::Value::Table(table) => {
            table.iter().for_each(|(key, value)| collect_printed(value, PRINTED.contains(&key.as_str()), out))
        }
        _ => {}
    }
}

#[test]
fn no_word_of_random_books_is_lost_in_the_artefacts() {
    let built = std::cell::Cell::new(0);
    check_with(3, 0, &proptest::collection::vec(texts(SOUND, 25), 24), |bodies| {
        built.set(built.get() + usize::from(book_law(bodies)))
    });
    assert!(built.get() > 0, "no book was built");
}

/// Builds a book and compares its words. Returns whether it was built: a text can contain errors.
fn book_law(bodies: &[String]) -> bool {
    // Passages of other editions are in no artefact, and characters that no font has are not in the PDF.
    let has_glyph = |c: char| c < '\u{300}' || matches!(c, '🚀' | '…' | '’');
    let is_printed =
        |body: &&String| !body.contains("except=") && body.chars().all(has_glyph) && fuzz::markdown::resolved(body).is_some();
    let bodies: Vec<&String> = bodies.iter().filter(is_printed).collect();
    let names: Vec<String> = (0..bodies.len()).map(|number| format!("\"s{number}\"")).collect();
    let mut project = Project::small("Text.").edit("sources/note/publication.toml", "\"text\"", &names.join(", "));
    std::fs::remove_file(project.path("sources/note/text.md")).expect("the section is removed");
    for (number, body) in bodies.iter().enumerate() {
        // `SOUND` links to the section `one`.
        let text = format!(
            "+++\ntitle = \"Section {number}\"\n+++\n{}\n\n## One {{#one-{number}}}\n",
            body.replace("#one", &format!("#one-{number}"))
        );
        project = project.file(&format!("sources/note/s{number}.md"), &text);
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_reliure"));
    let session = command
        .args(["--message-format", "json", "build", "--lenient"])
        .current_dir(project.path("."))
        .output()
        .expect("it runs");
    if !session.status.success() {
        return false;
    }
    let messages = String::from_utf8_lossy(&session.stdout).into_owned() + &String::from_utf8_lossy(&session.stderr);
    assert!(messages.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{messages}");
    let sources = words_of_sources(&project.path(""), "sources", &messages);
    let epub = project.path("build/note-1.epub");
    let bytes = std::fs::read(&epub).expect("the EPUB is there");
    assert_eq!(artefact_words::missing_in_epubs(&sources, &[bytes]), WordCount::new(), "lost in the EPUB of {bodies:?}");
    assert_eq!(missing_in_pdf(&epub), WordCount::new(), "lost in the PDF of {bodies:?}");
    true
}
