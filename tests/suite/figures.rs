//! Images in both outputs: figures, rows, links, natural sizes, orientation, backgrounds and credits.

use std::fs;
use std::io::Cursor;
use std::process::Command;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use crate::epub::entries_of;
use crate::harness::Project;
use crate::judges::judged_by;

const KEYWORDS: &str = "keywords = [\"canal\"]\n";

const DEFAULTS: &str = "keywords = [\"canal\"]\n\n[assets-default]\ncredit = \"Ada\"\nlicence = \"etalab-2.0\"\n";

/// Returns the small publication with images of these names, widths and heights, all by one author.
fn project(body: &str, images: &[(&str, u32, u32)]) -> Project {
    let project = Project::small(body).edit("sources/note/publication.toml", KEYWORDS, DEFAULTS);
    for (name, width, height) in images {
        let picture = RgbImage::from_fn(*width, *height, |x, y| Rgb([200, (x * 160 / width) as u8, (y * 160 / height) as u8]));
        fs::write(project.path(&format!("sources/note/{name}")), encoded(picture.into(), name)).expect("it is written");
    }
    project
}

fn encoded(picture: DynamicImage, name: &str) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::from_path(name).expect("a format")).expect("it is encoded");
    bytes.into_inner()
}

fn text(project: &Project) -> String {
    entries_of(&project.path("build/note-1.epub")).remove("OEBPS/text.xhtml").expect("the text")
}

/// Returns the width in pixels and the resolution of each image on the pages of the PDF.
fn printed(project: &Project) -> Vec<(u32, u32)> {
    let list = Command::new("pdfimages").arg("-list").arg(project.path("build/note-1.pdf")).output().expect("pdfimages runs");
    let list = String::from_utf8(list.stdout).expect("UTF-8");
    let rows = list.lines().skip(2).map(|row| row.split_whitespace().collect::<Vec<_>>());
    rows.filter(|row| row[2] == "image")
        .map(|row| (row[3].parse().expect("a width"), row[12].parse().expect("a resolution")))
        .collect()
}

#[test]
fn a_line_of_emphasis_below_an_image_is_its_caption() {
    let body = "![A lock.](a.png)\n*Its caption, by **day**.*\n\n> ![A lock.](a.png)\\\n> _Quoted._\n\n- ![A lock.](a.png)";
    let project = project(body, &[("a.png", 600, 300)]);
    project.run(&["build"]).succeeds();
    let text = text(&project);
    assert!(text.contains("<span class=\"caption\">Its caption, by <strong>day</strong>.</span>"), "{text}");
    assert!(
        text.contains("<blockquote>\n<figure class=\"illustration\">") && text.contains("<span class=\"caption\">Quoted.</span>")
    );
    assert_eq!(text.matches("<figure class=\"illustration\">").count(), 3, "{text}");
}

#[test]
fn images_of_one_paragraph_are_a_row() {
    let body = "![One.](a.png) ![Two.](b.png)\n\n![One.](a.png){width=\"30%\"}\n*First.*\n![Two.](b.png){width=\"60%\"}\n\n\
                ![1.](a.png) ![2.](a.png) ![3.](a.png) ![4.](a.png) ![5.](a.png)\n\nA picture ![One.](a.png) and a sign ![Three.](c.png) in a line.";
    let project = project(body, &[("a.png", 600, 300), ("b.png", 300, 600), ("c.png", 96, 96)]);
    project.run(&["build"]).succeeds();
    let text = text(&project);
    for part in [
        "<div class=\"figure-row row-2\">",
        "<figure class=\"illustration\" style=\"width: 30%; max-width: 30%\">",
        "<span class=\"caption\">First.</span>",
        "<div class=\"figure-row row-3 wrapped\">",
        "A picture <img src=\"images/001-a.png\" alt=\"One.\" class=\"inline-picture\"/>",
        "a sign <img src=\"images/003-c.png\" alt=\"Three.\" class=\"inline-image\"/>",
    ] {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
    // The image of 30 % is much narrower than the image of 60 % after it.
    let widths: Vec<u32> = printed(&project).iter().map(|(pixels, resolution)| pixels * 254 / resolution / 10).collect();
    assert!(widths.windows(2).any(|pair| pair[0] * 18 < pair[1] * 10), "{widths:?}");
}

#[test]
fn a_link_around_an_image_is_a_link_of_the_figure() {
    let body = "[![The plan of the lock.](a.png)](https://example.org/plan)\n\nThe lock.\n\nThe gates.\n\nThe quay.\n\nThe tide.\n\n\
                See [![The plan of the lock.](a.png)](#text) here.";
    let project = project(body, &[("a.png", 300, 200)]);
    project.run(&["build"]).succeeds();
    let text = text(&project);
    assert!(text.contains("<figure class=\"illustration\">\n<a href=\"https://example.org/plan\"><img"), "{text}");
    let report = judged_by(&project.path("build/note-1.pdf"), "judge-pdf", "verapdf-ua verapdf-a struct outloud");
    assert!(report.contains("verdict      PASS"), "{report}");
    let report = judged_by(&project.path("build/note-1.epub"), "judge-epub", "epubcheck ace");
    assert!(report.contains("verdict      PASS"), "{report}");
    let inspected = project.run(&["inspect", "note", "--json"]).succeeds().stdout;
    assert!(!inspected.is_empty());
}

#[test]
fn a_link_around_a_decorative_image_has_no_name() {
    let project = project("[![](a.png)](https://example.org/plan)", &[("a.png", 300, 200)]);
    let declared = "[[assets]]\npath = \"a.png\"\ndecorative = true\n\n[[editions]]";
    let project = project.edit("sources/note/publication.toml", "[[editions]]", declared);
    project.run(&["build"]).fails_with(1).says("error[R402]: this link is an image without alternative text");
}

/// Adds metadata after the start of a JPEG: an orientation, and a resolution in pixels per inch.
fn with_exif(jpeg: &[u8], orientation: u16, resolution: u32) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, value: u32| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &1_u32.to_be_bytes(), &value.to_be_bytes()].concat()
    };
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x04".to_vec();
    exif.extend(entry(0x112, 3, u32::from(orientation) << 16));
    // The value follows the header of eight bytes, the directory of four entries, and the offset of the next directory.
    exif.extend(entry(0x11A, 5, 62));
    exif.extend(entry(0x11B, 5, 62));
    exif.extend(entry(0x128, 3, 2 << 16));
    exif.extend([0; 4]);
    exif.extend(resolution.to_be_bytes());
    exif.extend(1_u32.to_be_bytes());
    let length = (exif.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &exif, &jpeg[2..]].concat()
}

/// Removes the JFIF marker, which JPEGs of cameras do not have.
fn without_jfif(jpeg: &[u8]) -> Vec<u8> {
    assert_eq!(jpeg[2..4], [0xFF, 0xE0]);
    let length = usize::from(u16::from_be_bytes([jpeg[4], jpeg[5]]));
    [&jpeg[..2], &jpeg[4 + length..]].concat()
}

#[test]
fn an_image_has_its_natural_size_unless_a_width_is_given() {
    let body = "![Small.](small.png)\n\n![Fine.](fine.jpg)\n\n![Large.](large.png)\n\n![Wide.](wide.png){width=\"100%\"}";
    let sizes = [("small.png", 64, 64), ("fine.jpg", 600, 300), ("large.png", 2000, 500), ("wide.png", 80, 40)];
    let project = project(body, &sizes);
    let fine = project.read("sources/note/fine.jpg");
    fs::write(project.path("sources/note/fine.jpg"), with_exif(&without_jfif(&fine), 1, 300)).expect("it is written");
    project.run(&["build"]).succeeds();
    let printed = printed(&project);
    let of = |pixels: u32| printed.iter().find(|(width, _)| *width == pixels).map(|(_, resolution)| *resolution);
    assert_eq!(of(64), Some(96), "{printed:?}");
    assert_eq!(of(600), Some(300), "{printed:?}");
    assert!(of(2000).is_some_and(|resolution| resolution > 300), "limited by the text: {printed:?}");
    assert!(of(80).is_some_and(|resolution| resolution < 30), "as wide as the text: {printed:?}");
    let text = text(&project);
    assert!(text.contains("fine.jpg\" alt=\"Fine.\" width=\"192\"/>"), "{text}");
    assert!(text.contains("small.png\" alt=\"Small.\"/>"), "{text}");
}

#[test]
fn turned_images_are_upright_in_every_product() {
    let project = project(
        "![Turned.](turned.jpg){width=\"60%\"}\n\nIn text ![Turned.](turned.jpg){width=\"50%\"}.",
        &[("turned.jpg", 1600, 800)],
    );
    let jpeg = project.read("sources/note/turned.jpg");
    fs::write(project.path("sources/note/turned.jpg"), with_exif(&jpeg, 6, 72)).expect("it is written");
    let project = project.file("reliure.toml", "[print]\n");
    project.run(&["build"]).succeeds();
    let entries = zip_entry(&project, "OEBPS/images/001-turned.jpg");
    let shown = image::load_from_memory(&entries).expect("a picture").to_rgb8();
    assert_eq!(shown.dimensions(), (800, 1600));
    // The first row of the file becomes the right edge.
    assert!(shown.get_pixel(795, 5).0[1] < 40 && shown.get_pixel(5, 1595).0[2] > 120, "{:?}", shown.get_pixel(795, 5));
    assert!(printed(&project).iter().all(|(width, _)| *width == 800), "{:?}", printed(&project));
}

fn zip_entry(project: &Project, name: &str) -> Vec<u8> {
    let mut archive =
        zip::ZipArchive::new(fs::File::open(project.path("build/note-1.epub")).expect("an EPUB")).expect("an archive");
    let mut bytes = Vec::new();
    std::io::copy(&mut archive.by_name(name).expect("the entry"), &mut bytes).expect("it is read");
    bytes
}

#[test]
fn dark_lines_on_a_transparent_background_get_a_light_background() {
    let project =
        project("![Lines.](lines.png)\n\n![Photograph.](opaque.png)\n\n![Drawing.](drawing.svg)", &[("opaque.png", 400, 300)]);
    let lines = RgbaImage::from_fn(400, 300, |x, y| if x / 10 == y / 10 { Rgba([0, 0, 0, 255]) } else { Rgba([0; 4]) });
    fs::write(project.path("sources/note/lines.png"), encoded(lines.into(), "lines.png")).expect("it is written");
    let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\" height=\"100\"><path d=\"M10 90L100 10L190 90\" stroke=\"#000\" fill=\"none\"/></svg>";
    let project = project.file("sources/note/drawing.svg", drawing);
    project.run(&["build"]).succeeds();
    let text = text(&project);
    assert!(text.contains("lines.png\" alt=\"Lines.\" class=\"on-light\"/>"), "{text}");
    assert!(text.contains("opaque.png\" alt=\"Photograph.\"/>"), "{text}");
    assert!(text.contains("drawing.svg\" alt=\"Drawing.\" class=\"on-light\"/>"), "{text}");
    let inspection = project.run(&["inspect", "--json"]).succeeds().stdout;
    assert_eq!(inspection.matches("\"light-ground\": true").count(), 2, "{inspection}");
}

#[test]
fn the_most_specific_declaration_applies_and_own_images_are_summed_up() {
    let body = "![One.](images/a.png)\n\n![Two.](images/b.png)\n\n![Three.](images/maps/c.png)\n\n![Four.](images/maps/d.png)\n\n::: image-credits\n:::";
    let project = Project::small(body).edit("sources/note/publication.toml", KEYWORDS, DEFAULTS).edit(
        "sources/note/publication.toml",
        "[[editions]]",
        "[[assets]]\npath = \"images/**\"\ncredit = \"Bo\"\n\n[[assets]]\npath = \"images/maps/*\"\ncredit = \"Map office\"\nlicence = \"CC0-1.0\"\n\n\
         [[assets]]\npath = \"images/maps/d.png\"\ncredit = \"Cy\"\nlicence = \"CC-BY-4.0\"\nsource = \"https://example.org/d\"\n\n[[editions]]",
    );
    for name in ["a", "b", "maps/c", "maps/d"] {
        let path = project.path(&format!("sources/note/images/{name}.png"));
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        fs::write(path, encoded(RgbImage::new(200, 100).into(), "a.png")).expect("it is written");
    }
    project.run(&["build"]).succeeds();
    let text = text(&project);
    for part in [
        "<th scope=\"row\">2 images</th><td>Bo</td>",
        "<th scope=\"row\">Three</th><td>Map office</td>",
        "<th scope=\"row\">Four</th><td>Cy</td>",
        "<th scope=\"col\">Source</th>",
    ] {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
    assert!(!text.contains("<th scope=\"row\">One</th>") && !text.contains("<span class=\"credit\">Bo"), "{text}");
    assert!(text.contains("<span class=\"credit\">Map office, Creative Commons Zero 1.0</span>"), "{text}");
    let fonts = text.rsplit("<table").next().expect("the table of fonts");
    assert!(fonts.contains("Source"), "fonts have sources");
}

#[test]
fn the_column_of_sources_is_left_out_if_it_is_empty() {
    let project =
        project("![One.](a.png)\n\n![Two.](b.png)\n\n::: image-credits\n:::", &[("a.png", 200, 100), ("b.png", 200, 100)]);
    project.run(&["build"]).succeeds();
    let text = text(&project);
    let images = text.split("<table").nth(1).expect("the table of images");
    assert!(images.contains("<th scope=\"row\">2 images</th><td>Ada</td>") && !images.contains("Source"), "{images}");
    let printed = Command::new("pdftotext")
        .args(["-layout"])
        .arg(project.path("build/note-1.pdf"))
        .arg("-")
        .output()
        .expect("pdftotext runs");
    assert!(String::from_utf8_lossy(&printed.stdout).contains("2 images"));
}

#[test]
fn reports_patterns_that_are_not_valid() {
    let project = project("![One.](a.png)", &[("a.png", 200, 100)]);
    let wrong = "[[assets]]\npath = \"images/a**\"\n\n[[editions]]";
    project
        .edit("sources/note/publication.toml", "[[editions]]", wrong)
        .run(&["build"])
        .fails_with(1)
        .says("error[R401]: \"images/a**\" is not a pattern of paths")
        .says("write * for any characters of a name");
}
