//! Images whose colours are neither grey nor sRGB: their colours in both outputs, and the diagnostics. `images/make.py` writes
//! the images and their colours according to LCMS.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use image::DynamicImage;
use zip::ZipArchive;

use crate::harness::{Project, Session, repository};
use crate::judges::judged_by;

/// Images that both outputs contain unchanged.
const UNCHANGED: [&str; 10] = [
    "rgb-wide.jpg",
    "rgb-parts.jpg",
    "rgb-wide.png",
    "rgb16.png",
    "rgb-gamma.png",
    "grey-srgb.png",
    "grey-alpha.png",
    "wide.webp",
    "moving.png",
    "moving.gif",
];

/// Images that are converted without a diagnostic, because their colours are known.
const CONVERTED: [&str; 15] = [
    "cmyk.jpg",
    "cmyk-progressive.jpg",
    "cmyk-profile.jpg",
    "cmyk-parts.jpg",
    "cmyk-turned.jpg",
    "cmyk-ycck.jpg",
    "rgb-adobe.jpg",
    "rgb-ids.jpg",
    "rgb-v2.4.jpg",
    "rgb-v4.4.jpg",
    "rgb16-wide.png",
    "rgb-linear.png",
    "rgb-primaries.png",
    "grey-rgb-profile.png",
    "v2.4.webp",
];

/// Images with unknown colours, and words of their diagnostics.
const UNKNOWN_COLOURS: [(&str, &str); 13] = [
    ("cmyk-unmarked.jpg", "is CMYK without the Adobe marker"),
    ("cmyk-rgb-profile.jpg", "has a colour profile for RGB, which its pixels are not: its inks are taken as if it had none"),
    ("rgb-part-missing.jpg", "has a damaged colour profile: its colours are taken as sRGB"),
    ("rgb-cmyk-profile.jpg", "has a colour profile for CMYK, which its pixels are not"),
    ("rgb-lab.png", "has a colour profile for Lab, which its pixels are not"),
    ("rgb-link.png", "has a colour profile that describes no device"),
    ("rgb-grey-profile.png", "has a colour profile for grey, which its pixels are not"),
    ("rgb-short.png", "has a damaged colour profile"),
    ("rgb-broken.png", "has a damaged colour profile"),
    ("rgb-unnamed.png", "has a damaged colour profile"),
    ("rgb-bright.png", "has colours for HDR"),
    ("alpha-lab.png", "has a colour profile for Lab"),
    ("lab.webp", "has a colour profile for Lab"),
];

fn folder() -> PathBuf {
    repository().join("tests/suite/images")
}

/// Builds a publication with these images, and returns its folder and the diagnostics.
fn built(names: &[&str]) -> (Project, Session) {
    let text: String = names.iter().map(|name| format!("![Patches of colour: {name}.]({name}){{width=\"100%\"}}\n\n")).collect();
    // Images are not scaled, because these tests compare colours.
    let mut project = Project::small(&text).file("reliure.toml", "fit-images = false\n");
    for name in names {
        fs::copy(folder().join(name), project.path(&format!("sources/note/{name}"))).expect("the image is copied");
        project = project.file(&format!("sources/note/{name}.toml"), "licence = \"CC0-1.0\"\n");
    }
    let session = project.run(&["build"]).succeeds();
    (project, session)
}

#[test]
fn a_cmyk_file_is_unchanged_in_print() {
    let (project, _) = built(&["cmyk.jpg"]);
    let coarse = "[checks]\nR701 = \"off\"\n\n[organisations.us]";
    let project = project.edit("sources/note/publication.toml", "[organisations.us]", coarse);
    project.run(&["build", "--format", "print", "--force"]).succeeds();
    let (file, print) = (fs::read(folder().join("cmyk.jpg")).unwrap(), project.read("build/note-1-print.pdf"));
    assert!(print.windows(file.len()).any(|bytes| bytes == file), "the inks of the file, not those of its sRGB version");
}

#[test]
fn files_that_screens_cannot_distinguish_keep_their_own_inks() {
    let inks =
        [("b0", [255, 255, 255, 255]), ("b1", [255, 255, 230, 255]), ("b2", [200, 200, 200, 255]), ("b3", [255, 230, 255, 255])];
    let text: String = inks.iter().map(|(name, _)| format!("![Black {name}.]({name}.jpg){{width=\"60%\"}}\n\n")).collect();
    let mut project = Project::small(&text).file("reliure.toml", "[print]\n[checks]\nR701 = \"off\"\nR702 = \"off\"\n");
    for (name, pixel) in inks {
        let mut file = Vec::new();
        jpeg_encoder::Encoder::new(&mut file, 95)
            .encode(&pixel.repeat(200 * 100), 200, 100, jpeg_encoder::ColorType::Cmyk)
            .unwrap();
        fs::write(project.path(&format!("sources/note/{name}.jpg")), file).unwrap();
        project = project.file(&format!("sources/note/{name}.jpg.toml"), "licence = \"CC0-1.0\"\n");
    }
    let session = project.run(&["build", "--format", "print", "--report", "report.json"]).succeeds();
    let report: serde_json::Value = serde_json::from_slice(&project.read("report.json")).unwrap();
    let images = report["products"][0]["images"].as_array().unwrap();
    let found: BTreeMap<&str, f64> =
        images.iter().map(|image| (image["file"].as_str().unwrap(), image["ink"].as_f64().unwrap())).collect();
    for (name, pixel) in inks {
        let sum: u32 = pixel.iter().map(|part| u32::from(*part)).sum();
        let wanted = f64::from(sum) / 2.55;
        let ink = found.get(format!("{name}.jpg").as_str()).unwrap_or_else(|| panic!("{name} is not in {found:?}"));
        assert!((ink - wanted).abs() < 2.0, "{name}: {ink}, not {wanted}");
        assert!(session.stderr.contains(&format!("\"{name}.jpg\" has pixels with")), "{}", session.stderr);
    }
}

#[test]
fn a_kept_file_has_no_profile_of_its_own() {
    let (project, _) = built(&["cmyk-profile.jpg"]);
    let coarse = "[checks]\nR701 = \"off\"\n\n[organisations.us]";
    let project = project.edit("sources/note/publication.toml", "[organisations.us]", coarse);
    project.run(&["build", "--format", "print", "--force"]).succeeds();
    let print = project.read("build/note-1-print.pdf");
    assert!(!print.windows(11).any(|bytes| bytes == b"ICC_PROFILE"), "the output intent alone has a profile");
}

/// Returns the images of an EPUB, by the stem of the source file.
fn images_of(epub: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut archive = ZipArchive::new(File::open(epub).unwrap()).unwrap();
    let mut images = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        if let Some((_, name)) = name.strip_prefix("OEBPS/images/").and_then(|name| name.split_once('-')) {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            images.insert(name.to_owned(), bytes);
        }
    }
    images
}

/// Returns the colour in the middle of each patch.
fn patches(picture: &DynamicImage) -> Vec<[u8; 3]> {
    let picture = picture.to_rgb8();
    let side = picture.width() / 4;
    (0..8).map(|at| picture.get_pixel(at % 4 * side + side / 2, at / 4 * side + side / 2).0).collect()
}

/// Returns the colours of the patches of each image according to LCMS.
fn expected() -> BTreeMap<String, Vec<[u8; 3]>> {
    let text = fs::read_to_string(folder().join("expected.txt")).unwrap();
    let colour = |word: &str| [0, 2, 4].map(|at| u8::from_str_radix(&word[at..at + 2], 16).unwrap());
    text.lines()
        .map(|line| {
            let mut words = line.split(' ');
            (words.next().unwrap().to_owned(), words.map(colour).collect())
        })
        .collect()
}

fn slug(name: &str) -> String {
    name.rsplit_once('.').unwrap().0.replace('.', "-")
}

/// Asserts that colours equal those of LCMS, with a tolerance of a few steps for JPEG compression and the tables of press profiles.
#[track_caller]
fn assert_close(name: &str, colours: &[[u8; 3]], wanted: &[[u8; 3]]) {
    let far = colours.iter().flatten().zip(wanted.iter().flatten()).map(|(one, other)| one.abs_diff(*other)).max().unwrap();
    assert!(far <= 6, "{name}: off by {far}\n{colours:?}\n{wanted:?}");
}

/// Renders the pages of a PDF, in order.
fn shown(pdf: &Path) -> Vec<DynamicImage> {
    let folder = pdf.with_extension("pages");
    fs::create_dir_all(&folder).unwrap();
    let done = Command::new("pdftoppm").args(["-r", "60", "-png"]).arg(pdf).arg(folder.join("page")).status();
    assert!(done.unwrap().success());
    let mut pages: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    pages.iter().map(|page| image::open(page).unwrap()).collect()
}

#[test]
fn images_that_screens_can_show_are_unchanged() {
    let (project, session) = built(&UNCHANGED);
    assert!(!session.stderr.contains("warning[R40"), "{}", session.stderr);
    let images = images_of(&project.path("build/note-1.epub"));
    for name in UNCHANGED {
        let file = fs::read(folder().join(name)).unwrap();
        assert!(images.values().any(|bytes| *bytes == file), "{name} is in {:?}", images.keys());
    }
}

#[test]
fn colours_that_screens_cannot_show_are_converted_without_a_warning() {
    let (project, session) = built(&CONVERTED);
    assert!(!session.stderr.contains("warning[R40"), "{}", session.stderr);
    colours_are_right(&project, &CONVERTED);
}

#[test]
fn unknown_colours_are_reported_at_their_line() {
    let (project, session) = built(&UNKNOWN_COLOURS.map(|(name, _)| name));
    for (line, (name, says)) in UNKNOWN_COLOURS.iter().enumerate() {
        let place = format!("text.md:{}:1", line * 2 + 4);
        assert!(session.stderr.contains(&format!("\"sources/note/{name}\" {says}")), "{name}: {}", session.stderr);
        assert!(session.stderr.contains(&place), "{place}: {}", session.stderr);
    }
    assert_eq!(session.stderr.matches("warning[R408]").count(), UNKNOWN_COLOURS.len(), "{}", session.stderr);
    colours_are_right(&project, &UNKNOWN_COLOURS.map(|(name, _)| name));
}

/// Asserts that an EPUB has each image once, in grey or RGB without a profile, with the colours according to LCMS.
#[track_caller]
fn colours_are_right(project: &Project, names: &[&str]) {
    let (images, expected) = (images_of(&project.path("build/note-1.epub")), expected());
    for name in names {
        let start = format!("{}.", slug(name));
        let (kept, bytes) = images.iter().find(|(kept, _)| kept.starts_with(&start)).unwrap_or_else(|| panic!("{name}"));
        for mark in [&b"ICC_PROFILE"[..], b"iCCP", b"ICCP", b"gAMA", b"cICP"] {
            assert!(!bytes.windows(mark.len()).any(|window| window == mark), "{name} as {kept} has a profile");
        }
        if let Some(wanted) = expected.get(*name) {
            assert_close(name, &patches(&image::load_from_memory(bytes).unwrap()), wanted);
        }
    }
}

#[test]
fn every_judge_accepts_every_image() {
    let names: Vec<&str> = UNCHANGED.iter().chain(&CONVERTED).copied().chain(UNKNOWN_COLOURS.map(|(name, _)| name)).collect();
    let (project, _) = built(&names);
    let said = judged_by(&project.path("build/note-1.pdf"), "judge-pdf", "verapdf-ua verapdf-a qpdf");
    assert!(said.contains("flavour=ua1 rules_failed=0") && said.contains("flavour=2a rules_failed=0"), "{said}");
    let said = judged_by(&project.path("build/note-1.epub"), "judge-epub", "epubcheck");
    assert!(said.contains("fatal=0 errors=0 warnings=0"), "{said}");
    // All images are on the pages, and none is CMYK.
    let list = Command::new("pdfimages").arg("-list").arg(project.path("build/note-1.pdf")).output().unwrap();
    let list = String::from_utf8_lossy(&list.stdout).into_owned();
    assert_eq!(list.lines().filter(|line| line.split_whitespace().nth(2) == Some("image")).count(), names.len(), "{list}");
    assert!(!list.contains("cmyk"), "{list}");
}

#[test]
fn the_pdf_shows_the_colours_of_the_epub() {
    for (name, wanted) in expected() {
        if !matches!(name.as_str(), "cmyk-profile.jpg" | "rgb-v2.4.jpg" | "rgb16-wide.png" | "rgb-lab.png" | "rgb-adobe.jpg") {
            continue;
        }
        let (project, _) = built(&[&name]);
        let pages = shown(&project.path("build/note-1.pdf"));
        for colour in &wanted {
            let near = |pixel: &image::Rgb<u8>| pixel.0.iter().zip(colour).all(|(one, other)| one.abs_diff(*other) <= 6);
            let found = pages.iter().map(|page| page.to_rgb8().pixels().filter(|pixel| near(pixel)).count()).sum::<usize>();
            assert!(found > 500, "{name}: {colour:?} is on {found} pixels");
        }
    }
}

#[test]
fn a_jpeg_that_few_programs_read_is_named() {
    let whole = fs::read(folder().join("rgb-wide.jpg")).unwrap();
    let frame = whole.windows(2).position(|window| window == b"\xFF\xC0").unwrap();
    for (at, value, says) in [
        (1, 0xC3, "is a JPEG without loss, which few programs show"),
        (1, 0xC9, "is a JPEG with arithmetic coding"),
        (1, 0xC5, "is a JPEG in layers"),
        (4, 12, "is a JPEG with more than 8 bits per colour"),
    ] {
        let mut bytes = whole.clone();
        bytes[frame + at] = value;
        let project = Project::small("![Patches of colour.](a.jpg)").file("sources/note/a.jpg.toml", "licence = \"CC0-1.0\"\n");
        fs::write(project.path("sources/note/a.jpg"), bytes).unwrap();
        project.run(&["build"]).fails_with(1).says("error[R401]").says(says).says("text.md:4:1");
    }
}

#[test]
fn a_jpeg_in_several_scans_is_rejected_if_it_must_be_converted() {
    // The decoder would return wrong colours, which the header alone reveals.
    let mut bytes = fs::read(folder().join("rgb-v2.4.jpg")).unwrap();
    let scan = bytes.windows(2).position(|window| window == b"\xFF\xDA").unwrap();
    bytes.splice(scan + 2..scan + 14, *b"\0\x08\x01\x01\0\0\x3F\0");
    let project = Project::small("![Patches of colour.](a.jpg)").file("sources/note/a.jpg.toml", "licence = \"CC0-1.0\"\n");
    fs::write(project.path("sources/note/a.jpg"), bytes).unwrap();
    project.run(&["build"]).fails_with(1).says("error[R401]").says("is a JPEG in several scans").says("text.md:4:1");
}

#[test]
fn a_converted_image_is_kept_for_later_builds() {
    let (project, _) = built(&["cmyk.jpg", "rgb-lab.png"]);
    let kept = || fs::read_dir(project.path("build/.reliure/images")).unwrap().count();
    assert_eq!(kept(), 3, "two images and the cover");
    let before = project.read("build/note-1.pdf");
    let project = project.edit("sources/note/text.md", "cmyk.jpg.](cmyk.jpg)", "other words.](cmyk.jpg)");
    project.run(&["build"]).succeeds();
    assert_ne!(before, project.read("build/note-1.pdf"));
    let project = project.edit("sources/note/text.md", "![Patches of colour: rgb-lab.png.](rgb-lab.png)", "Nothing.");
    project.run(&["build"]).succeeds();
    assert_eq!(fs::read_dir(project.path("build/.reliure/images")).unwrap().count(), 2, "what is not used is removed");
}

#[test]
fn a_damaged_row_of_a_png_is_reported_at_its_image() {
    let picture = image::RgbImage::from_fn(300, 200, |x, y| image::Rgb([x as u8, y as u8, (x * y) as u8]));
    let mut file = Vec::new();
    picture.write_to(&mut std::io::Cursor::new(&mut file), image::ImageFormat::Png).unwrap();
    let at = file.len() / 2;
    file[at] ^= 0xFF;
    let project = Project::small("Before.\n\n![A lock](flip.png)").file("sources/note/flip.png.toml", "licence = \"CC0-1.0\"\n");
    fs::write(project.path("sources/note/flip.png"), file).unwrap();
    let session = project.run(&["build", "--format", "pdf"]).fails_with(1);
    session.says("error[R401]: \"sources/note/flip.png\" is damaged").says("text.md:6:");
}

#[test]
fn publications_built_together_show_their_own_images() {
    let jpeg = |shade: u8| {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::RgbImage::from_pixel(640, 480, image::Rgb([shade; 3]))
            .write_to(&mut bytes, image::ImageFormat::Jpeg)
            .expect("a JPEG");
        bytes.into_inner()
    };
    let (first, second) = (jpeg(60), jpeg(200));
    let mut project = Project::small("![A heron](heron.jpg)").file("sources/note/heron.jpg.toml", "licence = \"CC0-1.0\"\n");
    for file in ["publication.toml", "text.md", "colophon.md", "heron.jpg.toml"] {
        let text = String::from_utf8(project.read(&format!("sources/note/{file}"))).expect("a text");
        project = project.file(&format!("sources/other/{file}"), &text.replace("4d1b4f0e", "5d1b4f0e"));
    }
    std::fs::write(project.path("sources/note/heron.jpg"), &first).expect("it is written");
    std::fs::write(project.path("sources/other/heron.jpg"), &second).expect("it is written");
    project.run(&["build", "--format", "pdf"]).succeeds().says("2 files written");
    let has = |name: &str, jpeg: &[u8]| {
        let document = lopdf::Document::load_mem(&project.read(&format!("build/{name}-1.pdf"))).expect("a PDF");
        document.objects.values().filter_map(|object| object.as_stream().ok()).any(|stream| stream.content == jpeg)
    };
    assert!(has("note", &first) && !has("note", &second), "the first publication has its own image");
    assert!(has("other", &second) && !has("other", &first), "the second publication has its own image");
}

#[test]
fn the_version_of_a_profile_does_not_change_the_inks() {
    let wide = fs::read(repository().join("tests/suite/images/rgb-wide.jpg")).expect("it is read");
    let profile = wide.windows(12).position(|bytes| bytes == b"ICC_PROFILE\0").expect("a profile") + 14;
    let printed = |version: [u8; 2]| {
        let mut image = wide.clone();
        image[profile + 8..profile + 10].copy_from_slice(&version);
        let project = Project::small("![Patches](wide.jpg)").file("sources/note/wide.jpg.toml", "licence = \"CC0-1.0\"\n");
        fs::write(project.path("sources/note/wide.jpg"), image).expect("it is written");
        let rules = "[print]\n\n[checks]\nR701 = \"off\"\nR702 = \"off\"\nR711 = \"off\"\nR712 = \"off\"\n";
        let manifest = String::from_utf8(project.read("sources/note/publication.toml")).expect("a text");
        let project = project.file("sources/note/publication.toml", &format!("{manifest}\n{rules}"));
        project.run(&["build", "--format", "print"]).succeeds();
        let pdf = lopdf::Document::load_mem(&project.read("build/note-1-print.pdf")).expect("a PDF");
        let streams = pdf.objects.values().filter_map(|object| object.as_stream().ok());
        let images = streams.filter(|stream| stream.dict.get(b"Subtype").and_then(lopdf::Object::as_name).ok() == Some(b"Image"));
        let found: Vec<Vec<u8>> = images.map(|stream| stream.content.clone()).collect();
        assert_eq!(found.len(), 1);
        found
    };
    let old = printed([2, 0x10]);
    for version in [[4, 0], [4, 0x10], [4, 0x20]] {
        assert!(printed(version) == old, "{version:?}");
    }
}
