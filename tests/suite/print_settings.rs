//! Settings of print products: the output intent of a press profile, the inks of pages and cover, and thresholds.

use lopdf::content::Content;
use lopdf::{Dictionary, Document};

use crate::harness::{Project, repository};

const MANIFEST: &str = "sources/note/publication.toml";

fn with_print(tables: &str) -> Project {
    Project::small("Text with [a link](https://example.org/tides).").file("reliure.toml", tables)
}

fn load(project: &Project, name: &str) -> Document {
    Document::load(project.path(name)).expect("the PDF is read")
}

/// Returns a profile with a characterization target, as text.
fn with_target(profile: &[u8], target: &str) -> Vec<u8> {
    let number = |at: usize| u32::from_be_bytes(profile[at..at + 4].try_into().unwrap());
    let count = number(128);
    let table = 132 + 12 * count as usize;
    let mut out = profile[..128].to_vec();
    out.extend((count + 1).to_be_bytes());
    for entry in profile[132..table].chunks(12) {
        let offset = u32::from_be_bytes(entry[4..8].try_into().unwrap()) + 12;
        out.extend([&entry[..4], &offset.to_be_bytes(), &entry[8..]].concat());
    }
    let text = [b"text\0\0\0\0", target.as_bytes(), b"\0"].concat();
    out.extend([b"targ", &(profile.len() as u32 + 12).to_be_bytes()[..], &(text.len() as u32).to_be_bytes()].concat());
    out.extend(&profile[table..]);
    out.extend(&text);
    let size = out.len() as u32;
    out[..4].copy_from_slice(&size.to_be_bytes());
    out
}

/// Returns the output intent of a print PDF with this profile.
fn intent(profile: Option<&[u8]>) -> Dictionary {
    let project = with_print(if profile.is_some() { "[print]\nicc = \"press.icc\"\n" } else { "[print]\n" });
    if let Some(profile) = profile {
        std::fs::write(project.path("press.icc"), profile).expect("the profile is written");
    }
    project.run(&["build", "--format", "print"]).succeeds();
    let pdf = load(&project, "build/note-1-print.pdf");
    let intents = pdf.catalog().unwrap().get(b"OutputIntents").unwrap().as_array().unwrap().clone();
    intents[0].as_dict().unwrap().clone()
}

fn entry(intent: &Dictionary, key: &str) -> Option<String> {
    intent.get(key.as_bytes()).ok().map(|value| lopdf::decode_text_string(value).expect("a text"))
}

#[test]
fn an_output_intent_names_a_registry_only_for_registered_conditions() {
    let own = std::fs::read(repository().join("tests/fixtures/print/press.icc")).unwrap();
    let facts = |profile: Option<&[u8]>| {
        let intent = intent(profile);
        ["OutputConditionIdentifier", "RegistryName", "Info"].map(|key| entry(&intent, key).unwrap_or_default())
    };
    let registry = "http://www.color.org";
    assert_eq!(facts(None), ["FOGRA39", registry, "ISO Coated v2 300% (basICColor)"]);
    assert_eq!(facts(Some(&own)), ["Custom", "", "A press of a fixture"]);
    assert_eq!(facts(Some(&with_target(&own, "ICCHDAT FOGRA52"))), ["FOGRA52", registry, "A press of a fixture"]);
    assert_eq!(facts(Some(&with_target(&own, "BEGIN_DATA\nFOGRA52"))), ["Custom", "", "A press of a fixture"]);
}

/// Returns whether the pages of a PDF use cyan, magenta or yellow ink.
fn has_colours(pdf: &Document) -> bool {
    let uses = |page| {
        let content = Content::decode(&pdf.get_page_content(page)).expect("the content is read");
        let inks = content.operations.into_iter().filter(|operation| matches!(operation.operator.as_str(), "k" | "K"));
        inks.map(|operation| operation.operands).any(|inks| inks[..3].iter().any(|ink| ink.as_float().unwrap() > 0.0))
    };
    pdf.page_iter().any(uses)
}

#[test]
fn a_cover_has_inks_of_its_own() {
    let bound = "[print]\nbinding = \"perfect\"\ncolour = \"gray\"\n[print.stock]\nweight = 90\nbulk = 1.25\n";
    let built = |tables: &str| {
        let project = with_print(tables);
        project.run(&["build", "--format", "print", "--format", "cover", "--report", "report.json"]).succeeds();
        [has_colours(&load(&project, "build/note-1-print.pdf")), has_colours(&load(&project, "build/note-1-cover.pdf"))]
    };
    assert_eq!(built(bound), [false, false], "the cover has the inks of the pages");
    assert_eq!(built(&format!("{bound}[print.cover]\ncolour = \"cmyk\"\n")), [false, true]);
    let colour = bound.replace("\"gray\"", "\"cmyk\"");
    assert_eq!(built(&format!("{colour}[print.cover]\ncolour = \"gray\"\n")), [true, false]);
}

#[test]
fn a_changed_cover_colour_rebuilds_and_reports_the_colours_of_the_cover() {
    let bound = "[print]\nbinding = \"perfect\"\ncolour = \"gray\"\n[print.stock]\nweight = 90\nbulk = 1.25\n";
    let brand = "[brand.color.palette]\nlock = \"#1B4F72\"\n[brand.color]\nprimary = \"lock\"\naccents = [\"lock\"]\n";
    let project = with_print(bound);
    let manifest = String::from_utf8(project.read(MANIFEST)).unwrap();
    let project = project.file(MANIFEST, &format!("{manifest}\n{brand}"));
    assert!(!project.run(&["build"]).succeeds().stderr.contains("R752"));
    let coloured = project.file("reliure.toml", &format!("{bound}[print.cover]\ncolour = \"cmyk\"\n"));
    let found = coloured.run(&["build"]).succeeds().stderr;
    assert_eq!(found.matches("warning[R752]").count(), 1, "{found}");
    // If the pages are in colour too, the finding is still reported once.
    let both = coloured.file("reliure.toml", &bound.replace("\"gray\"", "\"cmyk\""));
    let found = both.run(&["build"]).succeeds().stderr;
    assert_eq!(found.matches("warning[R752]").count(), 1, "{found}");
}

#[test]
fn a_cover_colour_without_a_cover_is_reported() {
    let own = "[print]\nbinding = \"saddle-stitch\"\n[print.cover]\ncolour = \"gray\"\n";
    with_print(own).run(&["check"]).succeeds().says("warning[R110]: `colour` has no effect").says("reliure.toml:4:10");
}

#[test]
fn contradictory_limits_are_reported_at_the_key() {
    let check = |limits: &str| with_print(&format!("[print]\n\n[print.limits]\n{limits}")).run(&["check", "--format", "print"]);
    let least = check("image-dpi-least = 200\nimage-dpi = 100\n").fails_with(1);
    least.says("error[R105]: `image-dpi-least` cannot be 200").says("reliure.toml:4:19").says("choose a number up to 100");
    let text = check("text = \"9pt\"\nreversed-text = \"8pt\"\n").fails_with(1);
    text.says("error[R105]: `reversed-text` cannot be 8pt").says("reliure.toml:5:17").says("choose a length from 9pt");
    // A default is adjusted to a declared value.
    for limits in ["image-dpi = 100\n", "image-dpi-least = 400\n", "text = \"9pt\"\n", "reversed-text = \"4pt\"\n"] {
        assert!(!check(limits).stderr.contains("R105"), "{limits}");
    }
    // The values may be in different files.
    let project = with_print("[print.limits]\nimage-dpi = 100\n");
    let manifest = String::from_utf8(project.read(MANIFEST)).unwrap();
    let project = project.file(MANIFEST, &format!("{manifest}\n[print.limits]\nimage-dpi-least = 200\n"));
    project.run(&["check"]).fails_with(1).says("error[R105]").says("publication.toml:");
}

#[test]
fn limits_of_text_apply_up_to_their_largest_value() {
    let check = |limits: &str, size: &str| {
        let body = format!(
            "#let publication(edition, bodies) = {{
  set document(title: edition.title, author: edition.authors)
  set text(lang: edition.lang, font: edition.brand.font.base, fill: edition.brand.colour.foreground)
  set page(width: 110mm, height: 120mm, margin: 15mm, bleed: edition.bleed)
  [#heading(level: 1, edition.title) <cover>]
  let light(words) = block(fill: edition.brand.colour.foreground, inset: 4pt, text(fill: edition.brand.colour.background, size: {size}, words))
  for (section, body) in edition.sections.zip(bodies) {{
    pagebreak()
    [#heading(level: 2, section.title) #label(section.id)]
    body((edition: edition, section: section, image-limit: 60mm))
    light[The first lock.]
    block(text(fill: rgb(\"#0a7d3c\"), size: {size})[The second lock.])
  }}
}}
"
        );
        let project = with_print(&format!("[print]\n\n[print.limits]\n{limits}"));
        project.file("layouts/simple/main.typ", &body).run(&["check", "--format", "print"]).stderr
    };
    let said = check("reversed-text = \"24pt\"\n", "22pt");
    assert!(said.contains("\"The first lock.\" is set in 22.0 points, light on dark"), "{said}");
    assert!(said.contains("is set in 22.0 points in several inks"), "{said}");
    let said = check("", "22pt");
    assert!(!said.contains("R723") && !said.contains("R713"), "{said}");
}

/// Returns the indented blocks of `docs/print.md` that start with `[print]`.
fn examples() -> Vec<String> {
    let page = std::fs::read_to_string(repository().join("docs/print.md")).expect("the page");
    let mut blocks: Vec<String> = Vec::new();
    let mut is_open = false;
    for line in page.lines() {
        let text = line.trim_start();
        let is_inside = line.is_empty() || line.len() - text.len() >= 4;
        if text == "[print]" {
            blocks.push(String::new());
            is_open = true;
        }
        is_open &= is_inside;
        if is_open {
            blocks.last_mut().expect("a block").push_str(&format!("{text}\n"));
        }
    }
    blocks
}

#[test]
fn the_examples_of_the_page_can_be_built() {
    let examples = examples();
    assert!(examples.len() >= 2, "{examples:?}");
    for example in examples {
        let project = with_print(&example);
        std::fs::create_dir(project.path("profiles")).expect("the folder is made");
        let profile = project.path("profiles/PSOuncoated_v3.icc");
        std::fs::copy(repository().join("tests/fixtures/print/press.icc"), profile).expect("the profile is copied");
        let project = project
            .file("reliure.toml", &format!("{example}\n[print.stock]\nweight = 90\nbulk = 1.25\n\n[checks]\nR711 = \"off\"\n"));
        project.run(&["build"]).succeeds();
    }
}
