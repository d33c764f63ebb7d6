//! Fonts: symbols and emoji without a font of the project, characters without a glyph, font collections, and font files that are
//! not used or refused.

use std::fs;
use std::fs::File;

use crate::epub::entries_of;
use crate::harness::{Project, repository};

/// Symbols and emoji that people type, with variation selectors and joiners.
const SYMBOLS: &str = "\u{263A} \u{263A}\u{FE0F} \u{2705} \u{23CE} \u{1D702} \u{2375} \u{1F469}\u{200D}\u{1F680} 1\u{FE0F}\u{20E3} \u{231A}\u{FE0E} \
                       \u{1F44D}\u{1F3FD} \u{1F1EB}\u{1F1F7} \u{2764}\u{FE0F}\u{200D}\u{1F525}";

/// Returns the paths of the fonts in the EPUB of a project.
fn embedded(project: &Project) -> Vec<String> {
    let entries = entries_of(&project.path("build/note-1.epub"));
    entries.into_keys().filter(|path| path.contains("/fonts/")).collect()
}

fn size(project: &Project, file: &str) -> u64 {
    fs::metadata(project.path(&format!("build/{file}"))).expect("it is written").len()
}

#[test]
fn symbols_and_emoji_need_no_font_of_the_project() {
    let body = format!(
        "{SYMBOLS}\n\n## About {SYMBOLS} {{#about}}\n\n```python\nprint(\"{SYMBOLS}\")\n```\n\n| {SYMBOLS} | b |\n|---|---|\n| **{SYMBOLS}** | \
         *{SYMBOLS}* |\n\n`{SYMBOLS}` and a note[^1].\n\n[^1]: {SYMBOLS}\n\n::: callout {{title=\"{SYMBOLS}\"}}\n{SYMBOLS}\n:::\n"
    );
    let project = Project::small(&body).edit("sources/note/publication.toml", "A note\"", &format!("A note {SYMBOLS}\""));
    let session = project.run(&["build"]).succeeds();
    assert!(!session.stderr.contains("R503"), "{}", session.stderr);
    let fonts = embedded(&project);
    for family in ["NotoSansSymbols-Regular", "NotoSansSymbols2-Regular", "NotoSansMath-Regular", "NotoEmoji-Regular"] {
        assert_eq!(fonts.iter().filter(|path| path.contains(family)).count(), 1, "{family} in {fonts:?}");
    }
}

#[test]
fn an_epub_has_only_the_symbols_of_its_text() {
    let made = |body: &str| {
        let project = Project::small(body);
        project.run(&["build"]).succeeds();
        project
    };
    let plain = made("A heron.");
    assert!(!embedded(&plain).iter().any(|path| path.contains("Noto")), "{:?}", embedded(&plain));
    let css = |project: &Project| entries_of(&project.path("build/note-1.epub"))["OEBPS/brand.css"].clone();
    assert!(!css(&plain).contains("Noto"), "a family that is not embedded is not named");
    let smile = made("A heron \u{263A}.");
    let fonts = embedded(&smile);
    assert_eq!(fonts.iter().filter(|path| path.contains("Noto")).count(), 1, "{fonts:?}");
    assert!(css(&smile).contains("\"Noto Sans Symbols\", serif"), "{}", css(&smile));
    let grown = size(&smile, "note-1.epub") - size(&plain, "note-1.epub");
    assert!(grown < 20_000, "{grown} bytes");
}

#[test]
fn fonts_of_symbols_are_credited_where_they_are_used() {
    let ledger = |body: &str| {
        let project = Project::small(body);
        project.run(&["inspect", "--json"]).succeeds().stdout
    };
    assert!(!ledger("A heron.").contains("Noto"));
    let used = ledger("A heron \u{2705}.");
    assert!(used.contains("Noto Emoji") && used.contains("Google LLC") && !used.contains("Noto Sans Math"), "{used}");
}

#[test]
fn lenient_builds_print_the_numbers_of_characters_without_a_glyph() {
    let project = Project::small("Text \u{3400} and \u{10000}.\n\n```\ncode \u{3401}\n```\n")
        .file(
            "sources/note/images/a.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\" height=\"90\"><text y=\"40\">\u{3402}</text></svg>",
        )
        .edit("sources/note/text.md", "Text ", "![A sign](images/a.svg)\n\nText ")
        .edit("sources/note/publication.toml", "A note\"", "A note \u{3403}\"")
        .edit(
            "sources/note/publication.toml",
            "[[editions]]",
            "[[assets]]\npath = \"images/a.svg\"\nlicence = \"CC0-1.0\"\ncredit = \"Us\"\n\n[[editions]]",
        );
    project.run(&["build"]).fails_with(1).says("5 errors");
    let session = project.run(&["build", "--lenient"]).succeeds();
    session.says("warning[R503]").says("until then [U+…] is printed instead");
    let text =
        std::process::Command::new("pdftotext").arg(project.path("build/note-1.pdf")).arg("-").output().expect("pdftotext runs");
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    for stand_in in ["Text [U+3400] and [U+10000]", "code [U+3401]", "[U+3402]", "A note [U+3403]"] {
        assert!(text.contains(stand_in), "{stand_in}\n{text}");
    }
    let epub = entries_of(&project.path("build/note-1.epub"));
    assert!(epub["OEBPS/text.xhtml"].contains("Text \u{3400} and"), "reading systems have fonts of their own");
}

/// Returns a collection of two fonts of the tool, renamed "Pair One" and "Pair Two". The names are as long as the original name
/// "Spectral", so that the offsets in the fonts remain valid.
fn collection() -> Vec<u8> {
    let (names, fonts) = (["Pair One", "Pair Two"], ["Regular", "Bold"]);
    let mut out = b"ttcf\0\x01\0\0\0\0\0\x02".to_vec();
    out.resize(20, 0);
    for (index, (name, style)) in names.into_iter().zip(fonts).enumerate() {
        let mut font = fs::read(repository().join(format!("fonts/spectral/Spectral-{style}.ttf"))).expect("a font");
        let wide = |text: &str| text.bytes().flat_map(|byte| [0, byte]).collect::<Vec<u8>>();
        let (from, to) = (wide("Spectral"), wide(name));
        while let Some(at) = font.windows(from.len()).position(|part| part == from) {
            font[at..at + to.len()].copy_from_slice(&to);
        }
        let base = u32::try_from(out.len()).expect("a small font");
        out[12 + 4 * index..16 + 4 * index].copy_from_slice(&base.to_be_bytes());
        for table in 0..usize::from(u16::from_be_bytes([font[4], font[5]])) {
            let place = 12 + 16 * table + 8..12 + 16 * table + 12;
            let offset = u32::from_be_bytes(font[place.clone()].try_into().expect("four bytes"));
            font[place].copy_from_slice(&(offset + base).to_be_bytes());
        }
        out.extend(font);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    out
}

#[test]
fn every_face_of_a_collection_can_be_used() {
    let fonts = "[brand.typography]\nbase = [\"Pair One\"]\nheadings = [\"Pair Two\"]\n\n[[editions]]";
    let project =
        Project::small("A heron.").edit("sources/note/publication.toml", "[[editions]]", fonts).file("fonts/terms.txt", "OFL");
    fs::write(project.path("fonts/pair.ttc"), collection()).expect("it is written");
    let session = project.run(&["build"]).succeeds();
    assert!(!session.stderr.contains("R118"), "{}", session.stderr);
    let listed = std::process::Command::new("pdffonts").arg(project.path("build/note-1.pdf")).output().expect("pdffonts runs");
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.contains("Pair"), "{listed}");
    let embedded = embedded(&project);
    for face in ["pair-1.ttf", "pair-2.ttf"] {
        assert!(embedded.iter().any(|path| path.ends_with(face)), "{face} in {embedded:?}");
    }
}

#[test]
fn files_that_are_not_used_are_reported() {
    let mut damaged = fs::read(repository().join("fonts/source-serif-4/SourceSerif4-BoldIt.otf")).expect("a font");
    // The last group of the table `cmap` then ends beyond the last code point of Unicode.
    damaged[13_444] = 8;
    let project =
        Project::small("A heron.").file("fonts/a.woff2", "wOF2").file("fonts/b.otf", "not a font").file("fonts/OFL.txt", "Terms");
    fs::write(project.path("fonts/c.otf"), damaged).expect("it is written");
    let session = project.run(&["check"]).succeeds();
    let session = session
        .says("\"fonts/a.woff2\" is not used: fonts in the format WOFF2 are not read")
        .says(".otf, .ttf, .otc and .ttc are read");
    let session = session.says("\"fonts/b.otf\" is not used: it is damaged, or not a font");
    let session =
        session.says("\"fonts/c.otf\" is not used: it is damaged: its character map (cmap) has code points beyond Unicode");
    assert!(!session.stderr.contains("OFL.txt"), "{}", session.stderr);
    project.run(&["check", "--strict"]).fails_with(1);
}

#[test]
fn a_font_over_the_limit_is_refused_without_being_read() {
    for folder in ["fonts", "layouts"] {
        let project = Project::small("A heron.").file(&format!("{folder}/huge.ttf"), "");
        // The file takes no space on the disk, but reading it would take minutes.
        File::options()
            .write(true)
            .open(project.path(&format!("{folder}/huge.ttf")))
            .expect("a file")
            .set_len(5 << 30)
            .expect("a sparse file");
        let start = std::time::Instant::now();
        let message = format!("error[R101]: \"{folder}/huge.ttf\" is larger than 256 MiB");
        project.run(&["build"]).fails_with(1).says(&message);
        assert!(start.elapsed().as_secs() < 2, "{:?}", start.elapsed());
    }
}

#[test]
fn long_sequences_of_emoji_keep_their_text() {
    // A family of four, a flag made of tag characters, a heart on fire.
    let sequences = [
        "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466}",
        "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
        "\u{2764}\u{FE0F}\u{200D}\u{1F525}",
    ];
    let project = Project::small(&format!("A {}.\n\n`{}`\n", sequences.join(" "), sequences.join(" ")));
    project.run(&["build", "--format", "pdf"]).succeeds();
    let read =
        std::process::Command::new("pdftotext").arg(project.path("build/note-1.pdf")).arg("-").output().expect("pdftotext runs");
    let text = String::from_utf8_lossy(&read.stdout).into_owned();
    for emoji in ['\u{1F468}', '\u{1F469}', '\u{1F467}', '\u{1F466}', '\u{1F3F4}', '\u{1F525}'] {
        assert_eq!(text.matches(emoji).count(), 2, "{emoji}\n{text}");
    }
}

#[test]
fn a_font_with_damaged_substitutions_is_named() {
    let mut bytes = fs::read(repository().join("fonts/source-serif-4/SourceSerif4-Regular.otf")).unwrap();
    // A count in the table `GSUB`, with which the shaper reads beyond the table.
    bytes[142_390] = 0xFF;
    let project = Project::small("The office.").file("fonts/source-serif-4/OFL.txt", "");
    fs::write(project.path("fonts/source-serif-4/SourceSerif4-Regular.otf"), bytes).unwrap();
    let session = project.run(&["check"]).fails_with(1);
    let session = session.says("error[R108]: the font \"SourceSerif4-Regular.otf\" (Source Serif 4) is damaged");
    assert!(!session.stderr.contains("R900"), "{}", session.stderr);
}
