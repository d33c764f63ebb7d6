//! The report of print products, and the findings of print checks that builds store.

use std::fs;
use std::sync::Arc;

use base64::Engine;
use reliure::report::Silent;
use reliure::{CheckOptions, Reporting, Request};
use serde_json::Value;

use crate::harness::{Project, repository};

/// A publication whose print PDF has a finding: five pages for a stitched booklet.
fn booklet() -> Project {
    let more = "+++\ntitle = \"More\"\n+++\n\nThe lock at night.\n";
    Project::small("The lock at noon.")
        .file("sources/note/more.md", more)
        .edit("sources/note/publication.toml", "\"colophon\"", "\"more\", \"colophon\"")
        .file("reliure.toml", "[print]\nbinding = \"saddle-stitch\"\n")
}

fn records(stdout: &str) -> Vec<Value> {
    stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn a_print_check_runs_only_for_print_products() {
    let project = booklet();
    project.run(&["check", "--format", "print"]).succeeds().says("warning[R761]").says("publication.toml:1");
    assert!(!project.run(&["check", "--format", "pdf", "--format", "epub"]).succeeds().stderr.contains("R761"));
    assert!(project.files("build").is_empty(), "a check writes nothing");
}

#[test]
fn an_up_to_date_build_repeats_its_print_findings() {
    let project = booklet();
    project.run(&["build"]).succeeds().says("R761");
    project.run(&["build"]).succeeds().says("R761").says("up to date");
    // Building one product keeps the stored findings of the others.
    project.run(&["build", "--format", "epub", "--force"]).succeeds();
    project.run(&["build"]).succeeds().says("R761").says("up to date");
    // Thresholds affect the findings, so a changed threshold requires a rebuild.
    let strict = project.file("reliure.toml", "[print.limits]\ntext = \"20pt\"\n[print]\nbinding = \"saddle-stitch\"\n");
    strict.run(&["build"]).succeeds().says("R722");
}

#[test]
fn print_findings_can_be_lowered_and_allowed() {
    let off = booklet().file("reliure.toml", "[checks]\nR761 = \"off\"\n[print]\nbinding = \"saddle-stitch\"\n");
    assert_eq!(off.run(&["check"]).succeeds().stderr, "no errors\n");
    let manifest = "sources/note/publication.toml";
    let allowed = booklet().edit(manifest, "title = ", "# allow R761: blank pages are for notes\ntitle = ");
    assert_eq!(allowed.run(&["check"]).succeeds().stderr, "no errors\n");
    // An allowance for a print check is not reported as unused if the check did not run.
    assert_eq!(allowed.run(&["check", "--format", "epub"]).succeeds().stderr, "no errors\n");
}

#[test]
fn records_have_the_figures_of_print_products() {
    let project = booklet();
    let session = project.run(&["--message-format", "json", "build"]).succeeds();
    let all = records(&session.stdout);
    let artefact = |format: &str| all.iter().find(|record| record["reason"] == "artefact" && record["format"] == format).unwrap();
    let print = artefact("print");
    assert_eq!(print["pages"].as_u64().unwrap() % 4, 0);
    assert!(print["blank_pages"].as_u64().unwrap() > 0 && print["black_only_pages"].is_u64() && print["peak_ink"].is_u64());
    assert!(artefact("pdf").get("pages").is_none());
    let finding = all.iter().find(|record| record["code"] == "R761").unwrap();
    assert!(finding["pages"][0]["page"].is_u64() && finding["pages"][0]["format"] == "print", "{finding}");
}

#[test]
fn the_report_is_one_page_in_the_language_of_the_publication() {
    let project = booklet();
    project.run(&["build"]).succeeds();
    // The report also contains products that are up to date.
    project.run(&["build", "--report", "out/report.html"]).succeeds().prints("out/report.html");
    let first = fs::read_to_string(project.path("out/report.html")).unwrap();
    assert!(
        first.contains("<html lang=\"en\">")
            && first.contains("The pictures show the colours of the screen")
            && first.contains("R761")
            && first.contains("saddle stitch"),
        "{}",
        &first[..400]
    );
    assert!(first.contains("sources/note/publication.toml:1"), "findings have their source line");
    let pictures = first.matches("data:image/png;base64,").count();
    assert!(pictures > 3 && pictures.is_multiple_of(4), "each page is shown: {pictures}");
    for fetched in ["http://", "https://", "<script", "<link", "url("] {
        assert!(!first.contains(fetched), "the report needs no {fetched:?}");
    }
    project.run(&["check", "--report", "again.html"]).succeeds();
    assert_eq!(fs::read_to_string(project.path("again.html")).unwrap(), first, "equal products have equal reports");
    let french = booklet().edit("sources/note/publication.toml", "lang = \"en\"", "lang = \"fr\"");
    french.run(&["check", "--report", "report.html"]).succeeds();
    let report = fs::read_to_string(french.path("report.html")).unwrap();
    assert!(report.contains("<html lang=\"fr\">") && report.contains("ajoutée"), "{}", &report[..400]);
    assert!(report.contains("piqûre à cheval") && !report.contains("blank page"));
}

#[test]
fn the_name_of_a_report_decides_its_form() {
    let project = booklet();
    for name in ["report", "report.pdf", ".html", "report.html.bak"] {
        let session = project.run(&["check", "--report", name]).fails_with(2);
        assert!(!session.stderr.contains("failed"), "{}", session.stderr);
        session.says("--report <FILE>").says("must end in .html, for a page, or in .json, for the figures alone");
    }
    project.run(&["check", "--report", "REPORT.HTML"]).succeeds();
    assert!(fs::read_to_string(project.path("REPORT.HTML")).unwrap().starts_with("<!doctype html>"));
    // An error names the file that was given, not a temporary one.
    let session = project.run(&["check", "--report", "sources/note/text.md/report.html"]).fails_with(3);
    assert!(!session.stderr.contains(".reliure-") && !session.stderr.contains(".part"), "{}", session.stderr);
    session.says("sources/note/text.md/report.html: ");
    fs::create_dir(project.path("folder.html")).unwrap();
    let session = project.run(&["check", "--report", "folder.html"]).fails_with(3);
    assert!(!session.stderr.contains(".reliure-"), "{}", session.stderr);
    session.says("reliure failed: folder.html: ");
}

#[test]
fn a_report_needs_a_print_product() {
    let project = Project::small("x");
    project.run(&["check", "--report", "report.html"]).fails_with(2).says("error: there is no print product");
    assert!(!project.path("report.html").exists());
    project.run(&["check", "--format", "print", "--report", "report.html"]).succeeds();
    // The report also contains errors that stop the build.
    let coarse = booklet().file("reliure.toml", "[checks]\nR761 = \"error\"\n[print]\nbinding = \"saddle-stitch\"\n");
    coarse.run(&["build", "--report", "report.html"]).fails_with(1).says("error[R761]");
    let report = fs::read_to_string(coarse.path("report.html")).unwrap();
    assert!(report.contains("class=\"error\""), "{}", &report[..400]);
}

#[test]
fn the_figures_of_a_report_need_no_pictures() {
    let project = booklet();
    let sheets = |reporting: Reporting| {
        let request = Request { root: project.path(""), reporting, ..Request::default() };
        reliure::check(&request, CheckOptions::default(), Arc::new(Silent)).sheets
    };
    let drawn = |reporting: Reporting| sheets(reporting).iter().map(|sheet| sheet.pictures.len()).collect::<Vec<_>>();
    assert_eq!((drawn(Reporting::None), drawn(Reporting::Figures), drawn(Reporting::Pictures)), (vec![], vec![0], vec![8]));
    project.run(&["check", "--report", "report.json"]).succeeds();
    let report: Value = serde_json::from_slice(&project.read("report.json")).unwrap();
    assert_eq!(report["products"][0]["pages"].as_array().unwrap().len(), 8);
}

#[test]
fn an_image_with_too_few_pixels_is_reported_once() {
    let image = image::RgbImage::from_fn(300, 200, |x, y| image::Rgb([x as u8, y as u8, 120]));
    let project = booklet().file("sources/note/lock.png.toml", "credit = \"Us\"\nlicence = \"CC0-1.0\"\n").edit(
        "sources/note/text.md",
        "The lock at noon.",
        "![A lock at noon](lock.png){width=\"100%\"}",
    );
    image.save(project.path("sources/note/lock.png")).unwrap();
    let found = |formats: &[&str]| {
        let formats = formats.iter().flat_map(|format| ["--format", format]);
        let stderr = project.run(&["check"].into_iter().chain(formats).collect::<Vec<_>>()).stderr;
        ["R651", "R701", "R702"].map(|code| stderr.matches(code).count())
    };
    assert_eq!(found(&["pdf"]), [1, 0, 0]);
    assert_eq!(found(&["print"]), [0, 1, 0]);
    assert_eq!(found(&["pdf", "print"]), [0, 1, 0], "the finding of the PDF for screens is the same fact");
    // Without the finding of the print check, that of the screen remains.
    let off = project.file("reliure.toml", "[checks]\nR701 = \"off\"\n[print]\nbinding = \"saddle-stitch\"\n");
    let stderr = off.run(&["check"]).succeeds().stderr;
    assert_eq!(["R651", "R701"].map(|code| stderr.matches(code).count()), [1, 0], "{stderr}");
    let manifest = "sources/note/text.md";
    let allowed = off.file("reliure.toml", "[print]\n").edit(manifest, "![A lock", "<!-- allow R701: a sketch -->\n\n![A lock");
    let stderr = allowed.run(&["check"]).succeeds().stderr;
    assert_eq!(["R651", "R701", "R213"].map(|code| stderr.matches(code).count()), [1, 0, 0], "{stderr}");
}

#[test]
fn a_coarse_logo_is_reported_at_its_line() {
    let manifest = "sources/note/publication.toml";
    let project = booklet().edit("sources/note/text.md", "The lock at noon.", "The lock at noon.\n\n::: credits\n:::\n");
    let text = String::from_utf8(project.read(manifest)).unwrap();
    let house = "[[credits]]\nrole = \"publisher\"\nnames = [\"house\"]\n\n[organisations.house]\nname = \"House\"\n\
        kind = \"association\"\nlogo = \"logo.png\"\nlogo-licence = \"CC0-1.0\"\n";
    let project = project.file(manifest, &format!("{text}\n{house}"));
    image::RgbImage::from_fn(40, 20, |x, y| image::Rgb([x as u8, y as u8, 90]))
        .save(project.path("sources/note/logo.png"))
        .unwrap();
    let text = String::from_utf8(project.read(manifest)).unwrap();
    let line = text.lines().position(|line| line.starts_with("logo = ")).unwrap() + 1;
    let session = project.run(&["check", "--format", "print"]).fails_with(1);
    let session = session.says("error[R701]: \"logo.png\" has 40 by 20 pixels").says(&format!("publication.toml:{line}:8"));
    session.says("use a logo at least");
    let found = project.run(&["check", "--format", "print"]).stderr;
    assert!(!found.contains("{width"), "a logo has no width: {found}");
    let allowed = project.edit(manifest, "logo = ", "# allow R701: the only file that there is\nlogo = ");
    let stderr = allowed.run(&["check", "--format", "print"]).succeeds().stderr;
    assert!(!stderr.contains("R701") && !stderr.contains("R213"), "{stderr}");
}

/// A project with two images of the same size in pixels and on paper, on one page.
fn twins(text: &str) -> Project {
    let mut project = booklet().edit("sources/note/text.md", "The lock at noon.", text);
    for (name, shade) in [("lock", 40), ("gate", 200)] {
        let image = image::RgbImage::from_fn(600, 200, |x, y| image::Rgb([x as u8, y as u8, shade]));
        image.save(project.path(&format!("sources/note/{name}.png"))).unwrap();
        project = project.file(&format!("sources/note/{name}.png.toml"), "credit = \"Us\"\nlicence = \"CC0-1.0\"\n");
    }
    project
}

const LOCK: &str = "![A lock](lock.png){width=\"60%\"}\n\n";
const GATE: &str = "![A gate](gate.png){width=\"60%\"}\n\n";

#[test]
fn images_of_one_size_are_distinguished() {
    let project = twins(&format!("{LOCK}{GATE}"));
    let check = |project: &Project| project.run(&["check", "--format", "print", "--report", "r.json"]).stderr;
    let found = check(&project);
    assert!(found.contains("R702]: \"lock.png\" has") && found.contains("R702]: \"gate.png\" has"), "{found}");
    let report: Value = serde_json::from_slice(&project.read("r.json")).unwrap();
    let mut files: Vec<&str> =
        report["products"][0]["images"].as_array().unwrap().iter().filter_map(|image| image["file"].as_str()).collect();
    files.sort_unstable();
    assert_eq!(files, ["gate.png", "lock.png"]);
    // An allowance for one of them leaves the finding of the other.
    for (text, left) in [
        (format!("<!-- allow R702: a sketch -->\n\n{LOCK}{GATE}"), "gate.png"),
        (format!("{LOCK}<!-- allow R702: a sketch -->\n\n{GATE}"), "lock.png"),
    ] {
        let found = check(&twins(&text));
        assert_eq!(found.matches("R702]").count(), 1, "{found}");
        assert!(found.contains(&format!("\"{left}\"")) && !found.contains("R213"), "{found}");
    }
}

#[test]
fn a_finding_is_at_the_place_where_an_image_is_too_large() {
    let small = "![A lock](lock.png){width=\"30%\"}\n\n";
    let large = "![A lock](lock.png){width=\"100%\"}\n\n";
    let project = twins(&format!("{small}Between.\n\n{large}"));
    let line = String::from_utf8(project.read("sources/note/text.md")).unwrap();
    let line = line.lines().position(|line| line.contains("100%")).unwrap() + 1;
    let stderr = project.run(&["check", "--format", "print"]).stderr;
    let found = stderr.split("\n\n").find(|found| found.contains("\"lock.png\" has")).expect("a finding");
    assert!(found.contains(&format!("text.md:{line}:")), "{found}");
}

/// A project with drawings of 300 by 100 CSS pixels, 225 points wide on paper, each from its elements.
fn drawings(text: &str, drawings: &[(&str, &str)]) -> Project {
    let project = Project::small(text).file("reliure.toml", "[print]\n[checks]\nR683 = \"off\"\n");
    drawings.iter().fold(project, |project, (name, inner)| {
        let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"300\" height=\"100\">{inner}</svg>");
        let path = format!("sources/note/{name}.svg");
        project.file(&path, &svg).file(&format!("{path}.toml"), "credit = \"Us\"\nlicence = \"CC0-1.0\"\n")
    })
}

const PLAIN: &str = "<rect width=\"300\" height=\"100\" fill=\"#000\"/>";

/// Asserts that the finding of a drawing is at its figure, and that an allowance there suppresses it.
#[track_caller]
fn assert_at_figure(inner: &str, message: &str) {
    let plain = "![A plain drawing](plain.svg)\n\n";
    let figure = "![A drawing](drawn.svg)\n";
    let files = [("plain", PLAIN), ("drawn", inner)];
    let check = |text: &str| drawings(text, &files).run(&["check", "--format", "print"]);
    let found = check(&format!("{plain}{figure}")).succeeds().says(message).stderr;
    let finding = found.split("\n\n").find(|finding| finding.contains(message)).expect("a finding");
    assert!(finding.contains("text.md:6:1"), "{found}");
    let code = finding.split(['[', ']']).nth(1).expect("a code");
    let allowed = check(&format!("{plain}<!-- allow {code}: a sketch -->\n\n{figure}")).succeeds().stderr;
    assert!(!allowed.contains(code) && !allowed.contains("R213"), "{allowed}");
}

#[test]
fn text_of_drawings_has_the_size_on_paper() {
    assert_at_figure("<text y=\"50\" font-size=\"4\">Tiny words</text>", "R722]: \"Tiny words\" is set in 3.0 points");
    let scaled = "<g transform=\"scale(0.5)\"><text y=\"50\" font-size=\"12\" fill=\"#c00\">Half size</text></g>";
    assert_at_figure(scaled, "R722]: \"Half size\" is set in 4.5 points");
    let light = "<rect width=\"300\" height=\"100\" fill=\"#1B4F72\"/><text y=\"50\" font-size=\"7\" fill=\"#fff\">Light</text>";
    assert_at_figure(light, "R723]: \"Light\" is set in 5.2 points, light on dark");
    let red = "<text y=\"50\" font-size=\"8\" fill=\"#c00\">Red words</text>";
    assert_at_figure(red, "R723]: \"Red words\" is set in 6.0 points in several inks");
    let large = "<text y=\"50\" font-size=\"10\">Large</text><text y=\"80\" font-size=\"10\" fill=\"#c00\">Red</text>";
    let found = drawings("![A drawing](drawn.svg)", &[("drawn", large)]).run(&["check", "--format", "print"]);
    assert_eq!(found.succeeds().stderr, "no errors\n");
}

#[test]
fn findings_of_drawings_are_at_their_figure() {
    let rich = "<text y=\"50\" font-size=\"10\" fill=\"#3A2418\">Brown words</text>";
    assert_at_figure(rich, "R713]: \"Brown words\" is set in 7.5 points");
    let mask = "<mask id=\"m\"><rect width=\"300\" height=\"50\" fill=\"#fff\"/></mask>\
                <rect width=\"300\" height=\"100\" fill=\"#0000CC\" mask=\"url(#m)\"/>";
    assert_at_figure(mask, "R751]: #0000CC");
    assert_at_figure("<path d=\"M0 9h300\" stroke=\"#000\" stroke-width=\"0.2\"/>", "R721]: a line is 0.15 points thick");
}

#[test]
fn a_transparent_line_is_marked_beside_an_opaque_shape_of_its_colour() {
    let layout = "tests/fixtures/checks/R751/bad/layouts/simple/main.typ";
    let text = fs::read_to_string(repository().join(layout)).unwrap();
    let shapes = "rect(fill: rgb(\"#0030FF\"), width: 20mm, height: 9mm)\n    \
                  + line(length: 20mm, stroke: 4pt + rgb(\"#0030FF\").transparentize(45%))";
    let drawn = "block(width: 100%, height: 20mm, fill: rgb(\"#0030FF\").transparentize(45%))";
    assert!(text.contains(drawn));
    let text = text.replace(drawn, shapes);
    let line = text.lines().position(|line| line.contains("stroke: 4pt")).unwrap() + 1;
    let project = Project::small("Text.").file("layouts/simple/main.typ", &text).file("reliure.toml", "[print]\n");
    let found = project.run(&["check", "--format", "print"]).says("R751]: #0030FF at 55 % opacity").stderr;
    let finding = found.split("\n\n").find(|finding| finding.contains("R751")).expect("a finding");
    assert!(finding.contains(&format!("main.typ:{line}:")), "{finding}");
}

#[test]
fn a_transparent_colour_of_a_grey_product_is_compared_with_its_grey() {
    let red = "<rect width=\"300\" height=\"100\" fill=\"#C00000\" fill-opacity=\"0.95\"/>";
    let project = drawings("![A drawing](drawn.svg)", &[("drawn", red)]).file("reliure.toml", "[print]\ncolour = \"gray\"\n");
    assert_eq!(project.run(&["check", "--format", "print"]).succeeds().stderr, "no errors\n");
}

#[test]
fn an_image_with_the_pixels_of_the_hint_is_accepted() {
    for colour in [image::Rgb([90, 120, 140]), image::Rgb([0, 0, 0])] {
        let text = "![A lock at noon](lock.png){width=\"100%\"}";
        let project = booklet().file("sources/note/lock.png.toml", "credit = \"Us\"\nlicence = \"CC0-1.0\"\n");
        let project = project.edit("sources/note/text.md", "The lock at noon.", text);
        let save = |width: u32| {
            let shade = |x: u32, y: u32| if (x / 8 + y / 8).is_multiple_of(2) { colour } else { image::Rgb([255; 3]) };
            image::RgbImage::from_fn(width, width / 2, shade).save(project.path("sources/note/lock.png")).unwrap();
            project.run(&["check", "--format", "print"]).stderr
        };
        let found = save(200);
        let hint = found.split("at least ").nth(1).and_then(|rest| rest.split(' ').next()).expect("a hint");
        let found = save(hint.parse().expect("a number of pixels"));
        assert!(["R701", "R702", "R703"].iter().all(|code| !found.contains(code)), "{found}");
    }
}

#[test]
fn the_palette_entry_of_the_hint_lowers_the_ink_of_a_default_colour() {
    let limits = "[print]\nblack-text = \"0pt\"\n[print.limits]\nink = 240\n";
    let project = Project::small("Text.").file("reliure.toml", limits);
    let found =
        project.run(&["check", "--format", "print"]).fails_with(1).says("error[R711]: #1D2433 is printed with 265 % ink").stderr;
    assert!(!found.contains("`icc`"), "the profile does not convert a default colour: {found}");
    let entry = found.split("[brand.color.palette]: ").nth(1).and_then(|rest| rest.lines().next()).expect("an entry");
    let palette = format!("[brand.color.palette]\n{entry}\n\n[organisations.us]");
    let project = project.edit("sources/note/publication.toml", "[organisations.us]", &palette);
    project.run(&["check", "--format", "print"]).succeeds();
}

#[test]
fn hidden_paint_adds_no_ink() {
    let mut inked = Vec::new();
    let solid = [255; 64 * 64 * 4];
    jpeg_encoder::Encoder::new(&mut inked, 95).encode(&solid, 64, 64, jpeg_encoder::ColorType::Cmyk).expect("a JPEG");
    let address = format!("data:image/jpeg;base64,{}", base64::engine::general_purpose::STANDARD.encode(&inked));
    let picture = format!("<image width=\"300\" height=\"100\" preserveAspectRatio=\"none\" href=\"{address}\"/>");
    let dark = "<rect width=\"300\" height=\"100\" fill=\"#101820\"/>";
    let check = |inner: &str| {
        let settings = "[print]\nblack-text = \"0pt\"\n[print.limits]\ntext = \"0pt\"\nreversed-text = \"0pt\"\n";
        let project = drawings("![A drawing](drawn.svg)", &[("drawn", inner)]).file("reliure.toml", settings);
        let found = project.run(&["check", "--format", "print", "--report", "r.json"]).stderr;
        let report: Value = serde_json::from_slice(&project.read("r.json")).unwrap();
        let pages = report["products"][0]["pages"].as_array().unwrap().clone();
        (pages.iter().map(|page| page["ink"].as_f64().unwrap()).collect::<Vec<_>>(), found)
    };
    let cover = "<rect width=\"300\" height=\"100\" fill=\"#F2B544\"/>";
    let (alone, _) = check(cover);
    for below in [picture.as_str(), dark] {
        let (ink, found) = check(&format!("{below}{cover}"));
        assert!(ink == alone && !found.contains("R712"), "{ink:?}\n{found}");
        let (ink, _) = check(&format!("{below}{}", cover.replace("100", "99")));
        assert!(ink.iter().zip(&alone).any(|(ink, alone)| ink > alone), "a line of it is visible: {ink:?}");
    }
    let (ink, found) = check(&picture);
    assert!(ink.contains(&400.0) && found.contains("R712]: \"drawn.svg\" has pixels with 400 % ink"), "{ink:?}\n{found}");
}
