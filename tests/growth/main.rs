//! No stage takes quadratic memory: an input of twice the size allocates about twice as many bytes. Allocations are counted
//! instead of time, so that the load of the machine has no effect. The test has its own process, because allocations of other
//! tests would be counted too.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::alloc::System;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use reliure::diagnostic::Strictness;
use reliure::report::Silent;
use reliure::stages::{SharedIndex, Workspace};
use reliure::{Product, Request, build};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static MEMORY: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// A kind of content, the number of items, and a function that returns names and texts of sections with that many items. `salt`
/// changes the words of each size, because Typst caches layouts.
type Kind = (&'static str, usize, fn(&Path, usize, &str) -> Vec<(String, String)>);

fn section(body: &str) -> String {
    format!("+++\ntitle = \"Text\"\n+++\n\n{body}\n")
}

fn one(body: String) -> Vec<(String, String)> {
    vec![("text".into(), section(&body))]
}

fn each(number: usize, write: impl Fn(&mut String, usize)) -> Vec<(String, String)> {
    let mut body = String::new();
    (0..number).for_each(|n| write(&mut body, n));
    one(body)
}

const KINDS: [Kind; 10] = [
    ("sections", 150, |_, number, salt| {
        (0..number)
            .map(|n| (format!("s{n}"), format!("+++\ntitle = \"The {salt} lock {n}\"\n+++\n\nIt has {n} gates of {salt}.\n")))
            .collect()
    }),
    ("paragraphs", 400, |_, number, salt| each(number, |out, n| write!(out, "The {salt} water of lock {n} rises.\n\n").unwrap())),
    ("headings", 200, |_, number, salt| each(number, |out, n| write!(out, "## The {salt} gate\n\nNumber {n}.\n\n").unwrap())),
    ("ids", 200, |_, number, salt| each(number, |out, n| write!(out, "## Gate {n} {{#{salt}-{n}}}\n\nWords.\n\n").unwrap())),
    ("links", 400, |_, number, salt| {
        let mut all =
            each(number, |out, n| write!(out, "See [the {salt} {n}](#text) and <https://example.org/{salt}/{n}>.\n\n").unwrap());
        all.push(("more".into(), section("Words.").replace("\"Text\"", "\"More\"")));
        all
    }),
    ("notes", 200, |_, number, salt| {
        each(number, |out, n| write!(out, "Of {salt} {n}[^n{n}].\n\n[^n{n}]: A note of {salt} {n}.\n\n").unwrap())
    }),
    ("items", 400, |_, number, salt| each(number, |out, n| writeln!(out, "- gate {n} of {salt}").unwrap())),
    ("rows", 600, |_, number, salt| {
        let mut body = String::from("| a | b |\n|---|---|\n");
        (0..number).for_each(|n| writeln!(body, "| {salt} {n} | x |").unwrap());
        one(body)
    }),
    ("words of a paragraph", 1500, |_, number, salt| each(number, |out, n| write!(out, "water {salt} *{n}* ").unwrap())),
    ("images", 40, |folder, number, salt| {
        let picture = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/checks/R602/good/heron.png")).unwrap();
        for n in 0..number {
            fs::write(folder.join(format!("{salt}{n}.png")), [&picture[..], format!("{salt}{n}").as_bytes()].concat()).unwrap();
            fs::write(folder.join(format!("{salt}{n}.png.toml")), "credit = \"Ruth Hale\"\nlicence = \"CC-BY-4.0\"\n").unwrap();
        }
        each(number, |out, n| write!(out, "![The {salt} heron {n}]({salt}{n}.png)\n\n").unwrap())
    }),
];

/// Builds a number of items of a kind, and returns the number of allocated bytes.
fn allocated_bytes(kind: &Kind, number: usize, salt: &str) -> usize {
    let folder = tempfile::TempDir::new().unwrap();
    let source = folder.path().join("sources/note");
    fs::create_dir_all(&source).unwrap();
    let mut sections = kind.2(&source, number, salt);
    sections.push(("colophon".into(), "+++\ntitle = \"Colophon\"\n+++\n\n::: licence\n:::\n\n::: image-credits\n:::\n".into()));
    let names: Vec<String> = sections.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    for (name, text) in &sections {
        fs::write(source.join(format!("{name}.md")), text).unwrap();
    }
    let manifest = format!(
        "title = \"A note\"\nlang = \"en\"\nuuid = \"4d1b4f0e-4a8c-4b8e-9c57-0f4b8f1d2a10\"\nsections = [{}]\npublisher = \"us\"\n\
         description = \"A note.\"\nkeywords = [\"canal\"]\n\n[organisations.us]\nname = \"Us\"\n\n[[editions]]\nid = \"1\"\ndate = \"2024-05\"\n",
        names.join(", ")
    );
    fs::write(source.join("publication.toml"), manifest).unwrap();
    let region = Region::new(MEMORY);
    let outcome = build(&Request { root: folder.path().to_owned(), ..Request::default() }, Arc::new(Silent));
    let taken = region.change().bytes_allocated;
    let messages: Vec<&str> = outcome.diagnostics.sorted().iter().map(|diagnostic| diagnostic.message.as_str()).take(3).collect();
    assert_eq!(outcome.artefacts.len(), 2, "{}: {messages:?}", kind.0);
    taken
}

/// Locked during a measurement, because the tests share the allocator.
static COUNTING: Mutex<()> = Mutex::new(());

#[test]
fn memory_grows_linearly_with_text() {
    let _alone = COUNTING.lock().unwrap();
    allocated_bytes(&KINDS[1], 1, "warm");
    for kind in &KINDS {
        let bare = allocated_bytes(kind, 1, "elm");
        let (once, twice) = (allocated_bytes(kind, kind.1, "oak") - bare, allocated_bytes(kind, kind.1 * 2, "ash") - bare);
        let ratio = twice as f64 / once as f64;
        println!("{:22} {:5} {:7} KiB, twice as many {:.2} times", kind.0, kind.1, once / 1024, ratio);
        assert!(ratio < 2.5, "{}: {once} bytes, twice as many take {twice}", kind.0);
    }
}

/// Writes a workspace of linked publications: each links to the one before it.
fn catalogue(number: usize) -> tempfile::TempDir {
    let folder = tempfile::TempDir::new().unwrap();
    for n in 0..number {
        let source = folder.path().join(format!("sources/note{n}"));
        fs::create_dir_all(&source).unwrap();
        let before =
            n.checked_sub(1).map_or(String::new(), |before| format!("See [the one before](publication:note{before}#text).\n"));
        fs::write(source.join("text.md"), section(&format!("The water of lock {n} rises. {before}\n## A gate\n"))).unwrap();
        fs::write(source.join("colophon.md"), section("::: licence\n:::\n").replace("Text", "Colophon")).unwrap();
        let manifest = format!(
            "title = \"Note {n}\"\nlang = \"en\"\nuuid = \"4d1b4f0e-4a8c-4b8e-9c57-{n:012}\"\nsections = [\"text\", \"colophon\"]\n\
             publisher = \"us\"\ndescription = \"A note.\"\nkeywords = [\"canal\"]\n\n[organisations.us]\nname = \"Us\"\n\n[[editions]]\n\
             id = \"1\"\ndate = \"2024-05\"\n"
        );
        fs::write(source.join("publication.toml"), manifest).unwrap();
    }
    folder
}

/// Asserts that twice as many publications allocate at most a fixed multiple of the bytes.
fn assert_linear(what: &str, counts: [usize; 2]) {
    let [once, twice] = counts;
    let ratio = twice as f64 / once as f64;
    println!("{what:22} {:7} KiB, twice as many {ratio:.2} times", once / 1024);
    assert!(ratio < 2.5, "{what}: {once} bytes, twice as many take {twice}");
}

#[test]
fn memory_grows_linearly_with_publications() {
    let _alone = COUNTING.lock().unwrap();
    let indexed = |number: usize| {
        let folder = catalogue(number);
        let region = Region::new(MEMORY);
        let workspace = Workspace::open(folder.path()).0;
        let index = SharedIndex::new(&workspace, None);
        for home in workspace.homes() {
            let publication = workspace.read(home, Strictness::Full).publication.unwrap();
            let own = index.of(&workspace, &publication);
            assert_eq!(own.publications.len(), if home.slug == "note0" { 1 } else { 2 });
        }
        region.change().bytes_allocated
    };
    assert_linear("index", [indexed(40), indexed(80)]);
    let idle = |number: usize| {
        let folder = catalogue(number);
        let request = Request { root: folder.path().to_owned(), products: vec![Product::Epub], ..Request::default() };
        let outcome = build(&request, Arc::new(Silent));
        assert_eq!(outcome.artefacts.len(), number, "{:?}", outcome.diagnostics);
        let region = Region::new(MEMORY);
        let outcome = build(&request, Arc::new(Silent));
        assert_eq!((outcome.artefacts.len(), outcome.current), (0, number));
        region.change().bytes_allocated
    };
    assert_linear("nothing to do", [idle(12), idle(24)]);
}
