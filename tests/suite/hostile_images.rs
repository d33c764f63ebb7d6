//! Images whose content does not match their file extension, damaged images, decompression bombs and active content.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::harness::{Project, Session, repository};

fn heron() -> Vec<u8> {
    fs::read(repository().join("tests/fixtures/checks/R602/good/heron.png")).expect("the picture is read")
}

/// Returns the small publication with an image of these bytes.
fn image(name: &str, bytes: &[u8]) -> Project {
    let project = Project::small(&format!("![A heron]({name})"));
    fs::write(project.path(&format!("sources/note/{name}")), bytes).expect("it is written");
    project.file(&format!("sources/note/{name}.toml"), "licence = \"CC0-1.0\"\n")
}

/// Asserts that the image is rejected quickly at the line that names it, and that nothing is written.
#[track_caller]
fn assert_rejected(project: &Project, says: &str) -> Session {
    let start = Instant::now();
    let session = project.run(&["build"]).fails_with(1).says(says).says("text.md:4:1");
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    assert!(project.files("build").is_empty(), "nothing is written");
    session
}

#[test]
fn rejects_files_that_do_not_match_their_extension() {
    for (name, bytes, says) in [
        ("heron.png", &b"%PDF-1.7\n"[..], "has the file extension of PNG, but its content is PDF"),
        ("heron.jpg", b"<!DOCTYPE html><p>Not found", "has the file extension of JPEG, but its content is HTML"),
        ("heron.gif", b"no picture", "has the file extension of GIF, but its content is text"),
        ("heron.webp", b"PK\x03\x04", "has the file extension of WebP, but its content is ZIP"),
        ("heron.svg", b"\x7FELF\x02", "has the file extension of SVG, but its content is a program"),
        ("heron.png", b"", "has the file extension of PNG, but its content is empty"),
        ("heron.png", b"\x01\x02\x03\x04", "has the file extension of PNG, but its content is of an unknown format"),
        ("heron.tiff", b"II*\0", "is TIFF, which reliure does not read"),
    ] {
        assert_rejected(&image(name, bytes), "error[R401]").says(says);
    }
    // An image in another supported format is included with its actual format.
    for name in ["heron.jpg", "heron.gif", "heron.webp"] {
        let project = image(name, &heron());
        project
            .run(&["build"])
            .succeeds()
            .says("warning[R407]")
            .says(&format!("\"sources/note/{name}\" has the file extension of"));
        let package = &crate::epub::entries_of(&project.path("build/note-1.epub"))["OEBPS/content.opf"];
        assert!(package.contains("001-heron.png") && package.contains("image/png"), "{package}");
    }
}

#[test]
fn damaged_images_cause_no_internal_error() {
    let complete = heron();
    for length in [8, 20, 33, 60, complete.len() / 2] {
        let session = image("heron.png", &complete[..length]).run(&["build"]);
        assert!(
            session.stderr.contains("error[R401]") || session.stderr.contains("error[R50") || session.stderr.contains("2 files"),
            "{length}: {}",
            session.stderr
        );
        assert!(!session.stderr.contains("R900") && !session.stderr.contains("panicked"), "{}", session.stderr);
    }
}

#[test]
fn rejects_truncated_jpegs() {
    let path = "tests/fixtures/carnet/sources/carnet/images/soir-d-equinoxe.jpg";
    let complete = fs::read(repository().join(path)).expect("the picture is read");
    for length in [complete.len() / 2, complete.len() * 9 / 10, complete.len() - 2] {
        assert_rejected(&image("heron.jpg", &complete[..length]), "error[R401]");
    }
    // Cameras append data after the end.
    image("heron.jpg", &[&complete[..], b"more"].concat()).run(&["build"]).succeeds();
}

#[test]
fn a_damaged_row_is_reported_by_every_product() {
    // A row starts with its filter, 0 to 4 (PNG 9.2).
    let grey = |filter: u8| {
        let rows = [0, 10, 200, filter, 30, 90];
        let adler = rows.iter().fold((1u32, 0u32), |(a, b), byte| (a + u32::from(*byte), b + a + u32::from(*byte)));
        let stored = [&[0x78, 0x01, 1, 6, 0, !6, !0][..], &rows, &(adler.1 << 16 | adler.0).to_be_bytes()].concat();
        let header = [&b"IHDR"[..], &[0, 0, 0, 2, 0, 0, 0, 2, 8, 0, 0, 0, 0]].concat();
        [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(&header), chunk(&[b"IDAT", &stored[..]].concat()), chunk(b"IEND")].concat()
    };
    image("row.png", &grey(1)).run(&["build"]).succeeds();
    let project = image("row.png", &grey(118));
    for format in ["pdf", "epub", "print"] {
        let session = project.run(&["build", "--format", format]).fails_with(1);
        session.says("error[R401]: \"sources/note/row.png\" is damaged").says("text.md:4:1").says("hint: export it again");
        assert!(project.files("build").is_empty(), "nothing is written");
    }
    assert_rejected(&project, "\"sources/note/row.png\" is damaged");
}

/// Returns a chunk of a PNG, with its length and its checksum. `content` starts with its name.
fn chunk(content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len() - 4).expect("a short chunk");
    let mut crc = u32::MAX;
    for byte in content {
        crc ^= u32::from(*byte);
        (0..8).for_each(|_| crc = if crc & 1 == 1 { 0xEDB8_8320 ^ (crc >> 1) } else { crc >> 1 });
    }
    [&length.to_be_bytes()[..], content, &(!crc).to_be_bytes()].concat()
}

/// Returns a PNG of this size without pixel data: a valid header and an empty `IDAT` chunk.
fn png(width: u32, height: u32) -> Vec<u8> {
    let header = [&b"IHDR"[..], &width.to_be_bytes(), &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(&header), chunk(b"IDAT")].concat()
}

#[test]
fn rejects_images_with_too_many_pixels_without_decoding() {
    let limit = "has more than 100 million pixels";
    assert_rejected(&image("heron.png", &png(100_000, 100_000)), limit);
    assert_rejected(&image("heron.png", &png(10_001, 10_000)), limit);
    let gif = [&b"GIF89a\xFF\xFF\xFF\xFF\x80\0\0\0\0\0\xFF\xFF\xFF"[..], b",\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"].concat();
    assert_rejected(&image("heron.gif", &gif), limit);
    let jpeg = [
        &b"\xFF\xD8\xFF\xC0\0\x11\x08\xFF\xDC\xFF\xDC\x03\x01\x11\0\x02\x11\0\x03\x11\0"[..],
        &b"\xFF\xDA\0\x0C\x03\x01\0\x02\0\x03\0\0\x3F\0\xFF\xD9"[..],
    ]
    .concat();
    assert_rejected(&image("heron.jpg", &jpeg), limit);
}

#[test]
fn does_not_allocate_frames_larger_than_the_image() {
    let gif = [&b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF"[..], b",\0\0\0\0\xFF\xFF\xFF\xFF\0\x02\x02D\x01\0;"].concat();
    let project = image("heron.gif", &gif);
    // The address space is half a gigabyte larger than a small build needs, which is too small for a decoded frame.
    let limited = format!("ulimit -v 3000000; exec '{}' build", env!("CARGO_BIN_EXE_reliure"));
    let session =
        Session::of(Command::new("bash").args(["-c", &limited]).current_dir(project.path(".")).env("RAYON_NUM_THREADS", "1"));
    assert!(session.stderr.contains("error[R") || session.stderr.contains("2 files written"), "{}", session.stderr);
    assert!(
        !session.stderr.contains("R900") && !session.stderr.contains("panicked") && !session.stderr.contains("memory allocation"),
        "{}",
        session.stderr
    );
}

/// A Python script that inserts a chunk into a PNG which decompresses to 2 GiB.
const INSERT_BOMB: &str = r#"
import sys, zlib, struct
kind, source, target = sys.argv[1:]
data = open(source, 'rb').read()
packer = zlib.compressobj(9)
packed = b''.join(packer.compress(bytes(1 << 20)) for _ in range(2048)) + packer.flush()
body = {'zTXt': b'Comment\0\0', 'iTXt': b'Comment\0\1\0\0\0', 'iCCP': b'profile\0\0'}[kind] + packed
chunk = struct.pack('>I', len(body)) + kind.encode() + body + struct.pack('>I', zlib.crc32(kind.encode() + body))
open(target, 'wb').write(data[:33] + chunk + data[33:])
"#;

#[test]
fn does_not_decompress_metadata_of_images() {
    for kind in ["zTXt", "iTXt", "iCCP"] {
        let project = image("heron.png", &heron());
        let path = project.path("sources/note/heron.png");
        let made = Command::new("python3").args(["-c", INSERT_BOMB, kind]).arg(&path).arg(&path).status().expect("python3 runs");
        assert!(made.success());
        let limited = format!("ulimit -v 3000000; exec '{}' build", env!("CARGO_BIN_EXE_reliure"));
        let start = Instant::now();
        let session =
            Session::of(Command::new("bash").args(["-c", &limited]).current_dir(project.path(".")).env("RAYON_NUM_THREADS", "1"));
        assert!(session.stderr.contains("error[R") || session.stderr.contains("2 files written"), "{kind}: {}", session.stderr);
        assert!(
            !session.stderr.contains("R900")
                && !session.stderr.contains("panicked")
                && !session.stderr.contains("memory allocation"),
            "{kind}: {}",
            session.stderr
        );
        assert!(start.elapsed() < Duration::from_secs(30), "{kind}: {:?}", start.elapsed());
    }
}

fn svg(inside: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"40\" height=\"30\">{inside}</svg>"
    )
}

#[test]
fn rejects_svgs_with_scripts_or_external_references() {
    for inside in [
        "<script>alert(1)</script>",
        "<script href=\"https://example.org/x.js\"/>",
        "<rect onload=\"alert(1)\" width=\"9\" height=\"9\"/>",
        "<foreignObject><body xmlns=\"http://www.w3.org/1999/xhtml\">x</body></foreignObject>",
        "<animate attributeName=\"href\" values=\"javascript:alert(1)\"/>",
        "<set attributeName=\"href\" to=\"javascript:alert(1)\"/>",
        "<a href=\"javascript:alert(1)\"><rect width=\"9\" height=\"9\"/></a>",
        "<image href=\"https://example.org/x.png\"/>",
        "<image xlink:href=\"file:///etc/passwd\"/>",
        "<image href=\"heron.png\"/>",
        "<image href=\"data:image/svg+xml;base64,AAAA\"/>",
        "<use href=\"other.svg#a\"/>",
        "<style>@import url(x.css);</style>",
        "<rect style=\"fill: url(https://example.org/x#a)\"/>",
        "<rect fill=\"url('x.svg#a')\"/>",
        "<style>a { fill: u\\72l(x) }</style>",
        "<?xml-stylesheet href=\"x.css\"?>",
        "<g xml:base=\"https://example.org/\"/>",
    ] {
        assert_rejected(&image("heron.svg", svg(inside).as_bytes()), "error[R401]");
    }
}

#[test]
fn rejects_svgs_with_entities_or_too_many_elements() {
    let laughs: String = (1..12).map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10))).collect();
    for declared in [
        "<!ENTITY x SYSTEM \"file:///etc/passwd\">",
        "<!ENTITY % x SYSTEM \"https://example.org/x.dtd\"> %x;",
        "<!ENTITY x SYSTEM \"/layouts/canary.txt\">",
        &format!("<!ENTITY l0 \"ha\">{laughs}"),
    ] {
        let text = format!("<?xml version=\"1.0\"?><!DOCTYPE svg [{declared}]>{}", svg("<text>&x;&l11;</text>"));
        assert_rejected(&image("heron.svg", text.as_bytes()), "error[R401]");
    }
    // The same exponential expansion without entities, by nested `use` elements.
    let uses: String =
        (1..30).map(|n| format!("<g id=\"l{n}\">{}</g>", format!("<use href=\"#l{}\"/>", n - 1).repeat(10))).collect();
    assert_rejected(
        &image("heron.svg", svg(&format!("<g id=\"l0\"><rect width=\"1\" height=\"1\"/></g>{uses}")).as_bytes()),
        "error[R401]",
    );
    assert_rejected(
        &image("heron.svg", svg("<g id=\"a\"><use href=\"#b\"/></g><g id=\"b\"><use href=\"#a\"/></g>").as_bytes()),
        "error[R401]",
    );
    assert_rejected(
        &image("heron.svg", svg(&format!("{}{}", "<g>".repeat(500_000), "</g>".repeat(500_000))).as_bytes()),
        "error[R401]",
    );
    assert_rejected(&image("heron.svg", svg("<rect/>").replace("\"40\"", "\"1e9\"").as_bytes()), "error[R401]");
    assert_rejected(&image("heron.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"><g></svg>"), "error[R401]");
}
