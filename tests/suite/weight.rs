//! The size of EPUBs: fonts, images, the cover, and their sizes in `inspect`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::process::Command;

use image::{ImageFormat, Rgb, RgbImage};
use serde_json::Value;
use ttf_parser::Face;
use ttf_parser::name::Table as Names;
use zip::ZipArchive;

use crate::harness::{Project, copy_folder, repository};
use crate::judges::judged;

/// Returns the files of an EPUB.
fn files(epub: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut archive = ZipArchive::new(File::open(epub).unwrap()).unwrap();
    let mut files = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        files.insert(entry.name().unwrap().into_owned(), bytes);
    }
    files
}

/// Returns the fonts of an EPUB by the names of their files without numbers.
fn fonts(epub: &Path) -> BTreeMap<String, Vec<u8>> {
    let fonts =
        files(epub).into_iter().filter_map(|(path, bytes)| Some((path.strip_prefix("OEBPS/fonts/")?[3..].to_owned(), bytes)));
    fonts.collect()
}

/// Decodes the tables of a WOFF2 whose tables are not transformed (WOFF2 §4 and §5).
fn woff2_tables(woff2: &[u8]) -> BTreeMap<String, Vec<u8>> {
    const KNOWN: &str =
        "cmapheadhheahmtxmaxpnameOS/2postcvt fpgmglyflocaprepCFF VORGEBDTEBLCgasphdmxkernLTSHPCLTVDMXvheavmtxBASEGDEFGPOSGSUB";
    assert_eq!(&woff2[..4], b"wOF2");
    assert_eq!(u32::from_be_bytes(woff2[8..12].try_into().unwrap()) as usize, woff2.len());
    assert_eq!(woff2[28..48], [0; 20], "no metadata and no private data");
    let mut at = 48;
    let mut lengths = Vec::new();
    for _ in 0..u16::from_be_bytes(woff2[12..14].try_into().unwrap()) {
        let flags = woff2[at];
        at += 1;
        let tag = match usize::from(flags & 63) {
            63 => {
                at += 4;
                String::from_utf8(woff2[at - 4..at].to_vec()).unwrap()
            }
            known => KNOWN[4 * known..4 * known + 4].to_owned(),
        };
        let null = if tag == "glyf" || tag == "loca" { 3 } else { 0 };
        assert_eq!(flags >> 6, null, "{tag} is transformed");
        let mut length = 0;
        loop {
            length = length << 7 | usize::from(woff2[at] & 0x7F);
            at += 1;
            if woff2[at - 1] & 0x80 == 0 {
                break;
            }
        }
        lengths.push((tag, length));
    }
    let compressed = u32::from_be_bytes(woff2[20..24].try_into().unwrap()) as usize;
    let mut data = Vec::new();
    brotli::BrotliDecompress(&mut &woff2[at..at + compressed], &mut data).unwrap();
    let mut tables = BTreeMap::new();
    let mut rest = data.as_slice();
    for (tag, length) in lengths {
        let (table, after) = rest.split_at(length);
        tables.insert(tag, table.to_vec());
        rest = after;
    }
    assert!(rest.is_empty());
    tables
}

/// Returns the tables of an OpenType font.
fn sfnt_tables(font: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let number = |at: usize| u32::from_be_bytes(font[at..at + 4].try_into().unwrap()) as usize;
    let table = |at: usize| {
        let tag = String::from_utf8(font[at..at + 4].to_vec()).unwrap();
        (tag, font[number(at + 8)..number(at + 8) + number(at + 12)].to_vec())
    };
    (0..usize::from(u16::from_be_bytes(font[4..6].try_into().unwrap()))).map(|index| table(12 + 16 * index)).collect()
}

fn names(table: &[u8]) -> Vec<(u16, String)> {
    let names = Names::parse(table).unwrap().names;
    names.into_iter().filter_map(|name| Some((name.name_id, name.to_string()?))).collect()
}

/// Assembles a font from its tables.
fn sfnt(tables: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let cff = tables.contains_key("CFF ");
    let mut head: Vec<u8> = if cff { b"OTTO".to_vec() } else { vec![0, 1, 0, 0] };
    head.extend((tables.len() as u16).to_be_bytes());
    head.extend([0; 6]);
    let mut data = Vec::new();
    for (tag, table) in tables {
        head.extend(tag.as_bytes());
        head.extend([0; 4]);
        head.extend(((12 + 16 * tables.len() + data.len()) as u32).to_be_bytes());
        head.extend((table.len() as u32).to_be_bytes());
        data.extend(table);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    [head, data].concat()
}

/// The outline of a glyph, as text.
#[derive(Default)]
struct Outline(String);

impl ttf_parser::OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0 += &format!("M{x} {y}");
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.0 += &format!("L{x} {y}");
    }
    fn quad_to(&mut self, a: f32, b: f32, x: f32, y: f32) {
        self.0 += &format!("Q{a} {b} {x} {y}");
    }
    fn curve_to(&mut self, a: f32, b: f32, c: f32, d: f32, x: f32, y: f32) {
        self.0 += &format!("C{a} {b} {c} {d} {x} {y}");
    }
    fn close(&mut self) {
        self.0.push('Z');
    }
}

/// Returns the outline and the width of a character.
fn drawn(face: &Face<'_>, c: char) -> Option<(String, Option<u16>)> {
    let glyph = face.glyph_index(c)?;
    let mut outline = Outline::default();
    face.outline_glyph(glyph, &mut outline);
    Some((outline.0, face.glyph_hor_advance(glyph)))
}

#[test]
fn latin_subsets_draw_their_characters_like_the_originals() {
    let fonts = fonts(&built("*A* **text** ***with*** `code`.").path("build/note-1.epub"));
    let originals =
        ["source-serif-4", "source-sans-3", "spectral", "ibm-plex-mono"].map(|family| repository().join("fonts").join(family));
    let mut compared = 0;
    for (name, woff2) in &fonts {
        let (stem, _) = name.split_once('.').unwrap();
        let stem = stem.replace("Screen", "Source").replace("NewText", "IBMPlex");
        let original = originals.iter().flat_map(|folder| ["otf", "ttf"].map(|end| folder.join(format!("{stem}.{end}"))));
        let original = fs::read(original.into_iter().find(|path| path.exists()).unwrap()).unwrap();
        let part = sfnt(&woff2_tables(woff2));
        let (part, original) = (Face::parse(&part, 0).unwrap(), Face::parse(&original, 0).unwrap());
        for c in (' '..='~').chain('\u{A0}'..='\u{17F}').chain("–—‘’“”…€→\u{202F}\u{2009}".chars()) {
            assert_eq!(drawn(&part, c), drawn(&original, c), "{name}: {c:?}");
            compared += usize::from(drawn(&part, c).is_some_and(|(outline, _)| !outline.is_empty()));
        }
        assert!(drawn(&part, 'я').is_none(), "{name} has no Cyrillic");
    }
    assert!(compared > 2_000, "{compared}");
}

const PLAIN: &str = "A text *with* emphasis, `code` and **weight**.";

fn built(text: &str) -> Project {
    let project = Project::small(text);
    project.run(&["build", "--format", "epub"]).succeeds();
    project
}

#[test]
fn brochures_weigh_less_than_500_kilobytes() {
    let project = Project::copy(repository());
    project.run(&["build", "--format", "epub"]).succeeds();
    for name in ["brochure-2023-05", "brochure-2023-12"] {
        let epub = project.path(&format!("build/reve/{name}.epub"));
        let size = fs::metadata(&epub).unwrap().len();
        assert!(size < 500_000, "{name}: {size}");
        let files = files(&epub);
        let cover = files.iter().find(|(path, _)| path.starts_with("OEBPS/images/cover.")).unwrap();
        assert!(cover.1.len() <= 120_000, "{}: {}", cover.0, cover.1.len());
        assert!(!fonts(&epub).keys().any(|font| font.contains("Mono")), "no code, no font for it");
    }
    let report = judged(&project.path("build/reve/brochure-2023-12.epub"), "judge-epub");
    let chromium = report.lines().find(|line| line.contains("chromium")).unwrap();
    let (loaded, declared) = chromium.split("fonts=").nth(1).and_then(|rest| rest.split(' ').next()?.split_once('/')).unwrap();
    // A face that is used only at some window sizes or by some engines may be declared but unused here.
    let (loaded, declared): (u32, u32) = (loaded.parse().unwrap(), declared.parse().unwrap());
    assert!(chromium.contains("PASS") && loaded >= 6 && declared <= loaded + 1, "{chromium}");
}

#[test]
fn only_faces_that_are_shown_are_embedded() {
    let few = fonts(&built("Plain.").path("build/note-1.epub"));
    assert!(!few.keys().any(|name| name.contains("Mono") || name.contains("BoldIt")), "{:?}", few.keys());
    let more = fonts(&built("***Bold and italic*** `code`.").path("build/note-1.epub"));
    for name in ["ScreenSerif4-BoldIt.woff2", "NewTextMono-Regular.woff2"] {
        assert!(more.contains_key(name) && !few.contains_key(name), "{name} in {:?}", more.keys());
    }
}

#[test]
fn fonts_for_other_scripts_are_whole_and_unchanged() {
    let fonts = fonts(
        &built("A text with Greek: \u{3b8}\u{3ac}\u{3bb}\u{3b1}\u{3c3}\u{3c3}\u{3b1}, `code \u{3b8}`.").path("build/note-1.epub"),
    );
    for (name, file) in [
        ("SourceSerif4-Regular.woff2", "source-serif-4/SourceSerif4-Regular.otf"),
        ("SourceSans3-Regular.woff2", "source-sans-3/SourceSans3-Regular.otf"),
    ] {
        let Some(woff2) = fonts.get(name) else { panic!("{name} in {:?}", fonts.keys()) };
        let original = fs::read(repository().join("fonts").join(file)).unwrap();
        assert_eq!(woff2_tables(woff2), sfnt_tables(&original), "{name}");
        assert!(woff2.len() < original.len() / 2);
    }
}

#[test]
fn latin_subsets_have_names_of_their_own_and_keep_their_notices() {
    let fonts = fonts(&built(PLAIN).path("build/note-1.epub"));
    for (name, file, reserved) in [
        ("ScreenSerif4-Regular.woff2", "source-serif-4/SourceSerif4-Regular.otf", "Source"),
        ("NewTextMono-Regular.woff2", "ibm-plex-mono/IBMPlexMono-Regular.ttf", "Plex"),
    ] {
        let tables = woff2_tables(&fonts[name]);
        let original = sfnt_tables(&fs::read(repository().join("fonts").join(file)).unwrap());
        let (own, before) = (names(&tables["name"]), names(&original["name"]));
        for id in [0, 7, 13, 14] {
            let of =
                |names: &[(u16, String)]| names.iter().filter(|name| name.0 == id).map(|name| name.1.clone()).collect::<Vec<_>>();
            assert_eq!(of(&own), of(&before), "{name}: name {id}");
        }
        for id in [1, 3, 4, 6, 16] {
            for (_, text) in own.iter().filter(|name| name.0 == id) {
                assert!(!text.contains(reserved), "{name}: {text}");
            }
        }
        assert!(before.iter().any(|(id, text)| *id == 1 && text.contains(reserved)), "{file}");
    }
    let spectral = fonts.keys().any(|name| name == "Spectral-Bold.woff2");
    assert!(spectral, "a name that is not reserved is kept: {:?}", fonts.keys());
    let css = String::from_utf8(files(&built(PLAIN).path("build/note-1.epub"))["OEBPS/brand.css"].clone()).unwrap();
    assert!(css.contains("--font-base: \"Screen Serif 4\", serif;") && css.contains("font-family: \"Screen Serif 4\";"), "{css}");
}

/// Writes a photograph of 3000 × 900 pixels.
fn photograph(path: &Path) {
    let noise = |x: u32, y: u32| ((x.wrapping_mul(374_761_393) ^ y.wrapping_mul(668_265_263)) >> 13) as u8 / 8;
    let pixel = |x: u32, y: u32| Rgb([(x / 12) as u8, (y / 4) as u8, noise(x / 2, y / 2)]);
    RgbImage::from_fn(3000, 900, pixel).save_with_format(path, ImageFormat::Jpeg).unwrap();
}

#[test]
fn images_are_fitted_to_screens_unless_disabled() {
    let asset = "[[assets]]\npath = \"boat.jpg\"\ncredit = \"Ruth Hale\"\nlicence = \"CC-BY-4.0\"\n\n[[editions]]";
    let project = Project::small("![A boat in a lock.](boat.jpg)").edit("sources/note/publication.toml", "[[editions]]", asset);
    photograph(&project.path("sources/note/boat.jpg"));
    let original = project.read("sources/note/boat.jpg");
    let build = |project: &Project| {
        project.run(&["build"]).succeeds();
        (files(&project.path("build/note-1.epub"))["OEBPS/images/001-boat.jpg"].clone(), project.read("build/note-1.pdf"))
    };
    // A photograph with too many pixels for reading systems is not reported if the EPUB contains a smaller version.
    let large = |x: u32, y: u32| Rgb([(x / 16) as u8, (y / 16) as u8, 90]);
    RgbImage::from_fn(2700, 2700, large).save_with_format(project.path("sources/note/boat.jpg"), ImageFormat::Jpeg).unwrap();
    assert!(!project.run(&["check"]).succeeds().stderr.contains("R653"));
    let whole = project.edit("sources/note/publication.toml", "lang =", "fit-images = false\nlang =");
    let session = whole.run(&["check"]).succeeds();
    session.says("warning[R653]").says("2700 by 2700 pixels");
    let project = whole.edit("sources/note/publication.toml", "fit-images = false\n", "");
    photograph(&project.path("sources/note/boat.jpg"));
    let (fitted, pdf) = build(&project);
    let size = image::load_from_memory(&fitted).unwrap();
    assert_eq!((size.width(), size.height()), (2048, 614));
    assert!(fitted.len() < original.len());
    let project = project.edit("sources/note/publication.toml", "lang =", "fit-images = false\nlang =");
    let (whole, same) = build(&project);
    assert!(whole == original, "the file itself: {} {}", whole.len(), original.len());
    assert!(pdf == same, "the same PDF");
    let project = project.edit("sources/note/publication.toml", "fit-images = false", "");
    assert!(build(&project).0 == fitted, "also from the store");
}

#[test]
fn inspect_shows_the_size_and_the_claims_of_each_file() {
    let project = built(PLAIN);
    let session = project.run(&["inspect", "--json"]).succeeds();
    let inspection: Value = serde_json::from_str(&session.stdout).unwrap();
    let edition = &inspection["publications"][0];
    let epub = &edition["epub"];
    assert_eq!(epub["bytes"], fs::metadata(project.path("build/note-1.epub")).unwrap().len());
    let files = epub["files"].as_array().unwrap();
    let sum: u64 = files.iter().map(|file| file["bytes"].as_u64().unwrap()).sum();
    assert!(sum < epub["bytes"].as_u64().unwrap());
    assert!(files.windows(2).all(|pair| pair[0]["bytes"].as_u64() >= pair[1]["bytes"].as_u64()), "{files:?}");
    assert!(
        files.iter().any(|file| file["path"] == "OEBPS/images/cover.png" && file["permille"].as_u64() > Some(0)),
        "{files:?}"
    );
    let accessibility = &edition["accessibility"];
    assert_eq!(accessibility["claim"], Value::Null);
    assert!(accessibility["features"].as_array().unwrap().contains(&"tableOfContents".into()), "{accessibility}");
}

#[test]
fn books_look_the_same_in_two_engines() {
    let project = Project::copy(repository());
    copy_folder(&repository().join("tests/fixtures/carnet/sources"), &project.path("sources"));
    project.run(&["build", "--format", "epub"]).succeeds();
    for (name, documents) in [("reve/brochure-2023-12", 8), ("carnet-2024-03", 9)] {
        let report = judged(&project.path(&format!("build/{name}.epub")), "judge-engines");
        assert!(report.contains(&format!("gecko        PASS   docs={documents} ")), "{name}: {report}");
        // The judge fails below 7:1 (WCAG 2.2, 1.4.6).
        assert!(report.contains(" badges=") && !report.contains("badges=Infinity"), "{name} has no badge: {report}");
    }
}

#[test]
fn a_text_that_is_too_wide_for_an_engine_is_found() {
    let project = Project::small(PLAIN).file("layouts/simple/epub.css", "p { min-width: 30em }\n");
    project.run(&["build", "--format", "epub"]).succeeds();
    let judge = Command::new(repository().join("tests/judges/judge-engines")).arg(project.path("build/note-1.epub")).output();
    let report = String::from_utf8_lossy(&judge.expect("the judge runs").stdout).into_owned();
    assert!(
        report.contains("gecko        FAIL") && report.contains("320 light: ") && report.contains("wider than the window"),
        "{report}"
    );
}

/// Returns a font of the fixtures, enlarged to more than a million bytes, like complete fonts for Japanese.
fn large_font(file: &str) -> Vec<u8> {
    let mut tables = sfnt_tables(&fs::read(repository().join("tests/fixtures/everyday/fonts").join(file)).unwrap());
    // A private table, which no program reads.
    tables.insert("zzzz".into(), vec![7; 1_500_000]);
    sfnt(&tables)
}

const JAPANESE: (&str, &str) = ("noto-serif-cjk-jp/NotoSerifCJKjp-Regular.otf", "Noto Serif CJK JP");
const WORDS: &str = "港の水位。ミナト";

/// Returns a project with a large font.
fn with_large_font((file, family): (&str, &str), text: &str) -> Project {
    let brand = ["base", "headings", "interface"].map(|list| format!("{list} = [\"Source Serif 4\", \"{family}\"]\n")).concat();
    let brand = format!("[brand.typography]\n{brand}\n[organisations.us]");
    let project = Project::small(text).edit("sources/note/publication.toml", "[organisations.us]", &brand);
    fs::create_dir_all(project.path("fonts")).unwrap();
    fs::write(project.path("fonts/Large.otf"), large_font(file)).unwrap();
    project
}

fn in_japanese() -> Project {
    with_large_font(JAPANESE, &format!("The harbour [{WORDS}]{{lang=ja}} waits."))
}

#[test]
fn a_large_font_is_replaced_by_a_subset_with_another_name() {
    let (original, project) = (large_font(JAPANESE.0), in_japanese());
    let session = project.run(&["build", "--format", "epub"]).succeeds();
    assert!(!session.stderr.contains("R120"), "{}", session.stderr);
    let epub = project.path("build/note-1.epub");
    let fonts = fonts(&epub);
    let part = fonts.get("TextPart1.otf").unwrap_or_else(|| panic!("{:?}", fonts.keys()));
    assert!(part.len() < 30_000 && !fonts.contains_key("Large.otf"), "{}", part.len());
    let (face, whole) = (Face::parse(part, 0).unwrap(), Face::parse(&original, 0).unwrap());
    for c in WORDS.chars() {
        let outline = drawn(&face, c).expect("the character");
        assert!(!outline.0.is_empty() && Some(outline) == drawn(&whole, c), "{c}");
    }
    assert!(face.number_of_glyphs() < 80, "{}", face.number_of_glyphs());
    let (tables, before) = (sfnt_tables(part), sfnt_tables(&original));
    let (own, before) = (names(&tables["name"]), names(&before["name"]));
    let notices = |names: &[(u16, String)]| -> BTreeMap<u16, String> {
        names.iter().filter(|(id, _)| [0, 7, 13, 14].contains(id)).cloned().collect()
    };
    assert_eq!(notices(&own), notices(&before), "the notices are kept");
    assert!(own.iter().filter(|(id, _)| [1, 3, 4, 6].contains(id)).all(|(_, name)| !name.contains("Noto")), "{own:?}");
    let text = String::from_utf8_lossy(part);
    assert!(!text.contains("NotoSerifCJKjp"), "not in the outlines either");
    let css = String::from_utf8(files(&epub)["OEBPS/brand.css"].clone()).unwrap();
    assert!(css.contains("font-family: \"Text Part 1\";") && !css.contains("Noto Serif CJK"), "{css}");
    let report = judged(&epub, "judge-engines");
    assert!(report.contains("PASS"), "{report}");
    // The same characters give the same bytes.
    let again = in_japanese().env("RAYON_NUM_THREADS", "1");
    again.run(&["build", "--format", "epub"]).succeeds();
    assert!(again.read("build/note-1.epub") == project.read("build/note-1.epub"));
}

#[test]
fn a_large_font_that_is_embedded_whole_is_reported_with_the_reason() {
    let project = in_japanese();
    let whole = |project: &Project| {
        let session =
            project.run(&["build", "--format", "epub"]).succeeds().says("warning[R120]: the EPUB contains the whole font");
        assert!(fonts(&project.path("build/note-1.epub")).contains_key("Large.otf"));
        session
    };
    let project = project.file("layouts/simple/epub.css", ".own { font-family: \"Noto Serif CJK JP\" }\n");
    whole(&project).says("because a style sheet of the layout names its family");
    let other = "[[brand.typography.fonts]]\nfamily = \"Noto Serif CJK JP\"\nlicence = \"members only\"\n\n[organisations.us]";
    let project = project.file("layouts/simple/epub.css", "").edit("sources/note/publication.toml", "[organisations.us]", other);
    whole(&project).says("its licence is not known to allow a subset").says("licence = \"OFL-1.1\"");
    // A build without changes reports it too, and the hint works.
    project.run(&["build", "--format", "epub"]).succeeds().says("warning[R120]");
    let project = project.edit("sources/note/publication.toml", "members only", "OFL-1.1");
    assert!(!project.run(&["build", "--format", "epub"]).succeeds().stderr.contains("R120"));
    let mut tables = sfnt_tables(&large_font(JAPANESE.0));
    tables.get_mut("OS/2").unwrap()[8] |= 1;
    fs::write(project.path("fonts/Large.otf"), sfnt(&tables)).unwrap();
    whole(&project).says("its file forbids subsets");
    // The forms of Arabic letters depend on their neighbours.
    let arabic = ("noto-naskh-arabic/NotoNaskhArabic-Regular.ttf", "Noto Naskh Arabic");
    whole(&with_large_font(arabic, "The harbour [البحر يرتفع]{lang=ar} waits.")).says("the text needs its rules for shaping");
}
