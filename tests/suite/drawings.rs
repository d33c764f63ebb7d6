//! SVGs as drawing programs write them.

use std::fs;

use crate::epub::entries_of;
use crate::harness::Project;
use crate::judges::judged_by;

const START: &str =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"200\" height=\"100\">";

/// Returns the small publication with a drawing of these bytes.
fn drawing(bytes: &[u8]) -> Project {
    let project = Project::small("![A gate.](gate.svg)").file("sources/note/gate.svg.toml", "licence = \"CC0-1.0\"\n");
    fs::write(project.path("sources/note/gate.svg"), bytes).expect("it is written");
    project
}

/// Returns the drawing in the EPUB.
fn shown(project: &Project) -> String {
    project.run(&["build"]).succeeds();
    let mut archive =
        zip::ZipArchive::new(fs::File::open(project.path("build/note-1.epub")).expect("an EPUB")).expect("an archive");
    let mut text = String::new();
    let mut entry = archive.by_name("OEBPS/images/001-gate.svg").expect("the drawing");
    std::io::Read::read_to_string(&mut entry, &mut text).expect("UTF-8");
    text
}

/// Shortened drawings of common programs. `SVG_START` stands for [`START`].
const PROGRAMS: [(&str, &str); 6] = [
    // Graphviz, Matplotlib and Inkscape before version 1.
    (
        "doctype",
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\"\n \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\nSVG_START<a xlink:href=\"https://example.org/\" xlink:title=\"x\"><rect width=\"9\" height=\"9\"/></a></svg>",
    ),
    (
        "inkscape",
        "<?xml version=\"1.0\"?><!-- Created with Inkscape --><svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:inkscape=\"http://www.inkscape.org/namespaces/inkscape\" xmlns:sodipodi=\"http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd\" width=\"200\" height=\"100\" inkscape:export-filename=\"C:\\Users\\ada\\plan.png\" sodipodi:docname=\"plan.svg\"><sodipodi:namedview id=\"base\"/><g inkscape:label=\"Layer 1\"><rect width=\"200\" height=\"100\" fill=\"#cde\"/></g></svg>",
    ),
    (
        "illustrator",
        "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\" [<!ENTITY ns_svg \"http://www.w3.org/2000/svg\"><!ENTITY ns_ai \"http://ns.adobe.com/AdobeIllustrator/10.0/\">]><svg xmlns=\"&ns_svg;\" xmlns:i=\"&ns_ai;\" width=\"200\" height=\"100\"><switch><foreignObject requiredExtensions=\"&ns_ai;\" x=\"0\" y=\"0\" width=\"1\" height=\"1\"><i:pgfRef href=\"#adobe_illustrator_pgf\"></i:pgfRef></foreignObject><g i:extraneous=\"self\"><style type=\"text/css\">.st0{fill:#FFFFFF;}</style><rect class=\"st0\" width=\"200\" height=\"100\"/></g></switch></svg>",
    ),
    (
        "xmp",
        "SVG_START<metadata><?xpacket begin=\"x\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/><?xpacket end=\"w\"?></metadata><rect width=\"200\" height=\"100\" fill=\"#cde\"/></svg>",
    ),
    (
        "plantuml",
        "<?plantuml 1.2024.3?>SVG_START<defs/><g><line style=\"stroke:#181818;stroke-width:0.5;\" x1=\"0\" x2=\"9\" y1=\"0\" y2=\"9\"/></g></svg>",
    ),
    (
        "css",
        "SVG_START<style><![CDATA[@media print { rect { fill: #123 } } rect:hover { fill: url(#g) } text::before { content: \"\\201C\" }]]></style><rect width=\"200\" height=\"100\"/></svg>",
    ),
];

#[test]
fn accepts_drawings_of_common_programs() {
    for (name, text) in PROGRAMS {
        let project = drawing(text.replace("SVG_START", START).as_bytes());
        let shown = shown(&project);
        assert!(!shown.contains("<!DOCTYPE") && !shown.contains("&ns") && !shown.contains("foreignObject"), "{name}: {shown}");
        let report = judged_by(&project.path("build/note-1.epub"), "judge-epub", "epubcheck");
        assert!(report.contains("fatal=0 errors=0 warnings=0"), "{name}: {report}");
    }
}

#[test]
fn accepts_other_encodings() {
    let latin = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\" height=\"100\"><text x=\"9\" y=\"50\">mar\xE9e</text></svg>";
    let project = drawing(latin);
    assert!(shown(&project).contains(">marée</text>"));
    let printed =
        std::process::Command::new("pdftotext").arg(project.path("build/note-1.pdf")).arg("-").output().expect("pdftotext runs");
    assert!(String::from_utf8_lossy(&printed.stdout).contains("marée"));
    let marked = format!("\u{FEFF}{START}<rect width=\"200\" height=\"100\"/></svg>");
    assert!(shown(&drawing(marked.as_bytes())).starts_with("<svg"));
    let wide: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(shown(&drawing(&wide)).starts_with("<svg"));
}

#[test]
fn a_drawing_that_style_sheets_animate_is_not_free_of_motion() {
    let moving = format!(
        "{START}<style>@keyframes x {{ from {{ opacity: 0 }} }} rect {{ animation: x 1s infinite }}</style><rect width=\"200\" height=\"100\"/></svg>"
    );
    let hazard = |project: &Project| {
        project.run(&["build"]).succeeds();
        entries_of(&project.path("build/note-1.epub")).remove("OEBPS/content.opf").expect("the package")
    };
    let still = format!("{START}<rect width=\"200\" height=\"100\"/></svg>");
    assert!(hazard(&drawing(still.as_bytes())).contains("accessibilityHazard\">none<"));
    let package = hazard(&drawing(moving.as_bytes()));
    assert!(!package.contains("accessibilityHazard\">none<") && package.contains("accessibilityHazard"), "{package}");
}

#[test]
fn messages_name_the_refused_content() {
    for (inside, says) in [
        ("<rect onclick=\"x()\"/>", "contains the attribute \"onclick\" of <rect>, which runs a script"),
        (
            "<image xlink:href=\"photo.jpg\"/>",
            "the attribute \"xlink:href\" of <image>, which refers to another file: \"photo.jpg\"",
        ),
        ("<style>@import 'x.css';</style>", "contains a style with the rule @import"),
        ("<animate attributeName=\"x\"/>", "contains an animation, the element <animate>"),
        ("<foreignObject><p xmlns=\"http://www.w3.org/1999/xhtml\">x</p></foreignObject>", "the element <foreignObject>"),
        ("<g>", "is not well-formed: "),
    ] {
        drawing(format!("{START}{inside}</svg>").as_bytes()).run(&["build"]).fails_with(1).says("error[R401]").says(says);
    }
    let wrong = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><text>mar\xE9e</text></svg>";
    drawing(wrong).run(&["build"]).fails_with(1).says("is not in UTF-8, the encoding that it declares");
}

/// Returns a JPEG of one CMYK colour, 40 by 20 pixels; 255 is full ink.
fn inks(colour: [u8; 4]) -> Vec<u8> {
    let mut jpeg = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut jpeg, 95);
    encoder.encode(&colour.repeat(40 * 20), 40, 20, jpeg_encoder::ColorType::Cmyk).expect("it is encoded");
    jpeg
}

#[test]
fn images_in_cmyk_keep_their_inks_in_print() {
    // Two blacks of different inks, which look the same on screens.
    let files = [inks([255, 255, 255, 255]), inks([255, 230, 255, 255])];
    let images: Vec<String> = files
        .iter()
        .enumerate()
        .map(|(at, jpeg)| {
            let data = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, jpeg);
            format!("<image x=\"{}\" width=\"80\" height=\"40\" xlink:href=\"data:image/jpeg;base64,{data}\"/>", at * 90)
        })
        .collect();
    let project = drawing(format!("{START}{}</svg>", images.concat()).as_bytes())
        .file("reliure.toml", "[checks]\nR701 = \"off\"\nR711 = \"off\"\n");
    project.run(&["build", "--format", "pdf", "--format", "epub", "--format", "print"]).succeeds();
    let print = project.read("build/note-1-print.pdf");
    // Only the scans are compared, because the header of a JPEG may lose a comment.
    let scan = |jpeg: &[u8]| jpeg[jpeg.windows(2).position(|two| two == [0xFF, 0xDA]).expect("a scan")..].to_vec();
    for jpeg in &files {
        let scan = scan(jpeg);
        assert!(print.windows(scan.len()).any(|part| part == scan), "the print PDF has the inks of the file");
    }
    assert_ne!(scan(&files[0]), scan(&files[1]));
    let shown = shown(&project);
    assert_eq!(shown.matches("data:image/jpeg;base64,").count(), 2);
    let versions = shown.split("base64,").skip(1).map(|rest| rest.split('"').next().expect("an end"));
    for version in versions {
        let jpeg = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, version).expect("base64");
        assert_eq!(image::load_from_memory(&jpeg).expect("an image").color(), image::ColorType::Rgb8);
        // SOF0 with three components.
        let header = jpeg.windows(2).position(|two| two == [0xFF, 0xC0]).expect("a frame");
        assert_eq!(jpeg[header + 9], 3);
    }
}

#[test]
fn a_gradient_that_pdfs_cannot_repeat_is_reported_at_its_figure() {
    let gradient = |method: &str| {
        drawing(
            format!(
                "{START}<linearGradient id=\"g\" x2=\"0.2\" spreadMethod=\"{method}\"><stop stop-color=\"#C00\"/>\
                 <stop offset=\"1\" stop-color=\"#00C\"/></linearGradient><rect width=\"200\" height=\"100\" fill=\"url(#g)\"/></svg>"
            )
            .as_bytes(),
        )
    };
    for command in ["check", "build"] {
        let session = gradient("reflect").run(&[command]).fails_with(1);
        session
            .says("error[R401]: \"sources/note/gate.svg\" contains a gradient with spreadMethod=\"reflect\"")
            .says("text.md:4:1")
            .says("repeat its stops");
    }
    gradient("pad").run(&["build"]).succeeds();
}
