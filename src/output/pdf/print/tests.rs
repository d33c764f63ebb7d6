//! Tests of the print pass on documents that Typst exports.

mod drawings;
mod sample;
mod spots;

use std::collections::{BTreeMap, BTreeSet};

use jpeg_encoder::ColorType;

use self::sample::{FONT, PROFILE, every_form, export, jpeg};
use super::token::{Kind, Tokens, number};
use super::*;

const FOREGROUND: [u8; 3] = [0x16, 0x26, 0x3F];
const SECONDARY: [u8; 3] = [0x55, 0x5E, 0x6E];
const PAPER: [u8; 3] = [0xFA, 0xF7, 0xF0];

fn job<'a>(tokens: &'a [TokenInks], originals: &'a BTreeMap<Digest, Bytes>) -> PrintJob<'a> {
    PrintJob {
        press: Press {
            profile: &PROFILE,
            tokens,
            mode: InkSet::Cmyk,
            black_text: Some(BlackText { foreground: FOREGROUND, secondary: SECONDARY, largest: BlackText::LARGEST }),
            paper: None,
        },
        bleed: 10.0,
        marks: false,
        folds: &[],
        slug: None,
        title: "Lumière & ombre",
        lang: "fr",
        created: Date { year: 2023, month: 5, day: None },
        modified: None,
        identifier: Uuid::from_u128(0x1234),
        creator: "reliure",
        claims: true,
        version: "2",
        images: &(),
        originals,
    }
}

fn tokens() -> Vec<TokenInks> {
    let process = |rgb: [u8; 3], ink: [f32; 4]| TokenInks { rgb, ink: Ink::Process(ink) };
    let green = Ink::Spot { name: "PANTONE 348 C".into(), cmyk: [0.96, 0.02, 1.0, 0.12] };
    vec![
        process(FOREGROUND, [0.9, 0.72, 0.4, 0.6]),
        process([0x1B, 0x5E, 0x8C], [0.88, 0.55, 0.2, 0.05]),
        TokenInks { rgb: [0x21, 0x69, 0x4B], ink: green },
    ]
}

fn finished(pdf: &[u8], change: impl FnOnce(&mut PrintJob<'_>)) -> (Document, PrintReport) {
    let (tokens, originals) = (tokens(), BTreeMap::new());
    let mut job = job(&tokens, &originals);
    change(&mut job);
    let (pdf, report) = finish(pdf, &job).unwrap();
    (Document::load_mem(&pdf).unwrap(), report)
}

/// Returns the colour spaces in objects and the colour operators in content streams that are not allowed in the print PDF.
fn forbidden_colours(document: &Document) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for object in document.objects.values() {
        names(object, &mut found);
        let Object::Stream(stream) = object else { continue };
        let is_content = !stream.dict.has(b"FunctionType")
            && !stream.dict.has(b"N")
            && !stream.dict.has(b"Length1")
            && !matches!(
                stream.dict.get(b"Subtype").and_then(Object::as_name),
                Ok(b"Image" | b"XML" | b"CIDFontType0C" | b"OpenType")
            );
        let bytes = plain(stream).unwrap_or_default();
        if !is_content
            || bytes.starts_with(b"/CIDInit")
            || !bytes.is_ascii() && !bytes.windows(3).any(|end| end == b" Q\n" || end == b"\nQ\n")
        {
            continue;
        }
        for token in Tokens::new(&bytes).filter(|token| token.kind == Kind::Operator) {
            let operator = &bytes[token.start..token.end];
            if matches!(operator, b"rg" | b"RG") {
                found.insert(String::from_utf8_lossy(operator).into_owned());
            }
        }
    }
    found
}

fn names(object: &Object, found: &mut BTreeSet<String>) {
    match object {
        Object::Name(name) if matches!(name.as_slice(), b"DeviceRGB" | b"CalRGB" | b"CalGray" | b"ICCBased" | b"Lab") => {
            found.insert(String::from_utf8_lossy(name).into_owned());
        }
        Object::Array(items) => items.iter().for_each(|item| names(item, found)),
        Object::Dictionary(dictionary) => dictionary.iter().for_each(|(_, value)| names(value, found)),
        Object::Stream(stream) => stream.dict.iter().for_each(|(_, value)| names(value, found)),
        _ => {}
    }
}

fn page_content(document: &Document, page: usize) -> String {
    let id = document.page_iter().nth(page).unwrap();
    let contents = entry(document, document.get_dictionary(id).unwrap(), b"Contents").unwrap();
    String::from_utf8_lossy(&plain(contents.as_stream().unwrap()).unwrap()).into_owned()
}

fn keys(document: &Document) -> BTreeSet<String> {
    let page = document.get_dictionary(document.page_iter().next().unwrap()).unwrap();
    let catalog = document.catalog().unwrap();
    page.iter().chain(catalog.iter()).map(|(key, _)| String::from_utf8_lossy(key).into_owned()).collect()
}

#[test]
fn no_object_is_left_in_screen_colours() {
    let pdf = every_form();
    assert!(forbidden_colours(&Document::load_mem(&pdf).unwrap()).contains("ICCBased"));
    for mode in [InkSet::Cmyk, InkSet::Gray] {
        let (document, report) = finished(&pdf, |job| job.press.mode = mode);
        assert_eq!(forbidden_colours(&document), BTreeSet::new());
        assert_eq!(report.pages[0].is_black_only(), mode == InkSet::Gray, "{:?}", report.pages[0]);
        assert_eq!(report.images.len(), 7);
    }
}

#[test]
fn the_file_has_pdf_x_metadata_and_no_entries_of_the_screen_pdf() {
    let (document, _) = finished(&every_form(), |_| {});
    let catalog = ["Lang", "Metadata", "OutputIntents", "Pages", "ViewerPreferences"];
    let page = ["BleedBox", "Contents", "Group", "MediaBox", "Parent", "Resources", "TrimBox", "Type"];
    assert_eq!(keys(&document), catalog.into_iter().chain(page).map(str::to_owned).collect());
    assert_eq!(document.version, "1.6");
    let metadata = document.catalog().unwrap().get(b"Metadata").unwrap().as_reference().unwrap();
    let packet = document.get_object(metadata).unwrap().as_stream().unwrap();
    assert!(!packet.dict.has(b"Filter"));
    let packet = String::from_utf8(packet.content.clone()).unwrap();
    for part in ["PDF/X-4</pdfxid", "uuid:00000000-0000-0000-0000-000000001234", "Lumière &amp; ombre", "<xmpMM:VersionID>2<"] {
        assert!(packet.contains(part), "{part}");
    }
    let info = document.trailer.get(b"Info").and_then(Object::as_reference).and_then(|id| document.get_dictionary(id)).unwrap();
    assert_eq!(info.get(b"Trapped").and_then(Object::as_name).unwrap(), b"False");
}

#[test]
fn luminosity_masks_are_grey_and_groups_are_inks() {
    let (document, _) = finished(&every_form(), |_| {});
    let mut spaces = BTreeMap::new();
    for object in document.objects.values() {
        let dictionaries = match object {
            Object::Dictionary(dictionary) => dictionary,
            Object::Stream(stream) => &stream.dict,
            _ => continue,
        };
        let group = dictionaries.get(b"Group").and_then(Object::as_dict).and_then(|group| group.get(b"CS"));
        if let Ok(space) = group.and_then(Object::as_name) {
            *spaces.entry(String::from_utf8_lossy(space).into_owned()).or_insert(0) += 1;
        }
    }
    assert_eq!(spaces.keys().map(String::as_str).collect::<Vec<_>>(), ["DeviceCMYK", "DeviceGray"]);
}

#[test]
fn tokens_print_in_their_inks_and_small_text_in_black() {
    let text = r##"#set page(width: 100pt, height: 100pt, margin: 5pt)
        #set text(font: "Source Serif 4", size: 9pt, fill: rgb("#16263F"))
        body #text(24pt)[big] #box(rect(width: 9pt, height: 9pt, fill: rgb("#1B5E8C"))) #box(circle(radius: 4pt, fill: rgb("#21694B")))
        #text(fill: rgb("#C02030"))[red]"##;
    let (document, report) = finished(&export(text, Vec::new(), 10.0), |_| {});
    let content = page_content(&document, 0);
    let count = |part: &str| content.matches(part).count();
    assert!(count("0 0 0 1 k /RelK gs") >= 1, "{content}");
    assert_eq!(count("0.9 0.72 0.4 0.6 k"), 1, "{content}");
    assert_eq!(count("0.88 0.55 0.2 0.05 k"), 1);
    assert_eq!(count("/RelS0 cs 1 scn"), 1);
    let page = &report.pages[0];
    assert_eq!(page.spots, ["PANTONE 348 C"]);
    assert!((page.ink - 2.62).abs() < 0.01, "{}", page.ink);
    assert_eq!(report.converted.iter().map(|colour| colour.rgb).collect::<Vec<_>>(), [[0xC0, 0x20, 0x30]]);
    assert_eq!(report.small_text.len(), 1);
    assert!(page.smallest_text.is_some_and(|size| (size - 9.0).abs() < 0.01));
    assert_eq!(
        report.fonts.iter().map(|font| (font.name.as_str(), font.embedded, font.subset)).collect::<Vec<_>>(),
        [("SourceSerif4-Regular", true, true)]
    );
    assert_eq!(forbidden_colours(&document), BTreeSet::new());
}

#[test]
fn secondary_text_and_near_greys_print_in_black_alone_if_they_are_small_or_thin() {
    let content = |body: &str, change: fn(&mut PrintJob<'_>)| {
        let text = format!(
            "#set page(width: 100pt, height: 100pt, margin: 5pt)\n#set text(font: \"Source Serif 4\", size: 9pt)\n{body}"
        );
        let (document, report) = finished(&export(&text, Vec::new(), 10.0), change);
        let page = &report.pages[0];
        let colours: Vec<[u8; 3]> = report.converted.iter().map(|colour| colour.rgb).collect();
        (page_content(&document, 0).contains("RelK"), page.is_black_only(), page.ink, colours)
    };
    let near = |ink: f32, wanted: f32| (ink - wanted).abs() < 0.02;
    let muted = "#text(fill: rgb(\"#555E6E\"))[muted]";
    let (overprints, black_only, ink, colours) = content(muted, |_| {});
    assert!(!overprints && black_only && colours.is_empty());
    // The grey 94 has the same lightness, 39.7.
    assert!(near(ink, PROFILE.black_of(94)), "{ink}");
    let (_, black_only, _, colours) = content("#text(size: 13pt, fill: rgb(\"#555E6E\"))[muted]", |_| {});
    assert!(!black_only && colours == [SECONDARY], "large text");
    assert!(!content(muted, |job| job.press.black_text = None).1, "without black text");
    for (colour, dark, grey) in
        [("#D8D9DE", false, true), ("#5A5550", true, true), ("#123E5C", true, false), ("#8C1A1A", true, false)]
    {
        let text = format!("#text(fill: rgb(\"{colour}\"))[text]");
        assert_eq!(content(&text, |_| {}).1, dark && grey, "text in {colour}");
        let line = |width: &str| format!("#line(length: 40pt, stroke: {width} + rgb(\"{colour}\"))");
        assert_eq!(content(&line("0.4pt"), |_| {}).1, grey, "a thin line in {colour}");
        assert!(!content(&line("1.5pt"), |_| {}).1, "a line in {colour}");
        let area = format!("#rect(width: 20pt, height: 20pt, fill: rgb(\"{colour}\"))");
        assert!(!content(&area, |_| {}).1, "an area in {colour}");
    }
    // Text in a light foreground colour is on a dark background.
    fn light(job: &mut PrintJob<'_>) {
        job.press.black_text = Some(BlackText { foreground: [0xF4, 0xEF, 0xE6], secondary: SECONDARY, largest: 12.0 });
    }
    let (overprints, _, ink, _) = content("#text(fill: rgb(\"#F4EFE6\"))[light]", light);
    assert!(!overprints && ink < 0.3, "{ink}");
    // A declared single ink is kept.
    fn declared(job: &mut PrintJob<'_>) {
        job.press.tokens = &[TokenInks { rgb: SECONDARY, ink: Ink::Process([0.0, 0.0, 0.0, 0.85]) }];
    }
    assert!(near(content(muted, declared).2, 0.85));
}

#[test]
fn black_overprint_adds_to_the_ink_below_and_the_paper_colour_is_not_printed() {
    let text = r##"#set page(width: 100pt, height: 100pt, margin: 5pt, fill: rgb("#FAF7F0"))
        #set text(font: "Source Serif 4", size: 9pt, fill: black)
        #rect(width: 60pt, fill: rgb("#1B5E8C"))[on blue]"##;
    let pdf = export(text, Vec::new(), 10.0);
    let (document, report) = finished(&pdf, |job| job.press.paper = Some(PAPER));
    assert!(page_content(&document, 0).contains("0 0 0 0 k"));
    assert!((report.pages[0].ink - 2.63).abs() < 0.01, "{}", report.pages[0].ink);
    let (_, grey) = finished(&pdf, |job| job.press.mode = InkSet::Gray);
    assert!((grey.pages[0].ink - 1.0).abs() < 0.01, "{}", grey.pages[0].ink);
}

#[test]
fn marks_are_outside_and_the_page_is_clipped() {
    let lines: &'static [String] = Box::leak(Box::new(["Titre, édition 2, p. 1".to_owned()]));
    let slug = Slug { lines, font: FONT };
    let (document, report) = finished(&export("#set page(width: 100pt, height: 80pt)\nA", Vec::new(), 8.0), |job| {
        job.bleed = 8.0;
        job.marks = true;
        job.slug = Some(slug);
    });
    let page = &report.pages[0];
    assert_eq!(page.trim, [8.0, 8.0, 108.0, 88.0]);
    assert_eq!(page.bleed, [0.0, 0.0, 116.0, 96.0]);
    assert!((page.media[0] + 28.346).abs() < 0.01 && (page.media[3] - 124.346).abs() < 0.01);
    let content = page_content(&document, 0);
    assert!(content.starts_with("q\n0.000 0.000 116.000 96.000 re W n\n") && content.contains("/RelA CS 1 SCN 0.25 w"));
    assert!(content.ends_with("f Q\n"), "the line is drawn");
}

#[test]
fn images_are_converted_or_kept() {
    let cmyk = jpeg(&[200, 100, 50, 20].repeat(32 * 32), 32, ColorType::Cmyk);
    let rgb = jpeg(&[200, 100, 50].repeat(32 * 32), 32, ColorType::Rgb);
    let text =
        "#set page(width: 100pt, height: 100pt, margin: 5pt)\n#image(\"a.jpg\", width: 20pt)\n#image(\"b.jpg\", width: 10pt)";
    let pdf = export(text, vec![("a.jpg", cmyk.clone()), ("b.jpg", rgb.clone())], 10.0);
    let (document, report) = finished(&pdf, |_| {});
    let kept = document.objects.values().any(|object| object.as_stream().is_ok_and(|stream| stream.content == cmyk));
    assert!(kept, "a CMYK file without a profile has the inks of the press");
    let [first, second] = &report.images[..] else { panic!("{:?}", report.images) };
    assert!((first.dpi - 32.0 * 72.0 / 20.0).abs() < 0.1 && (second.dpi - 230.4).abs() < 0.1);
    assert_eq!((second.before, second.after), (ImageColour::Rgb, ImageColour::Cmyk));
    assert!((first.ink - 370.0 / 255.0).abs() < 0.02, "{}", first.ink);
    // The CMYK original replaces the image that Typst received.
    let originals = BTreeMap::from([(Digest::of(&rgb), Bytes::from(cmyk.clone()))]);
    let tokens = tokens();
    let (bytes, report) = finish(&pdf, &job(&tokens, &originals)).unwrap();
    assert_eq!(forbidden_colours(&Document::load_mem(&bytes).unwrap()), BTreeSet::new());
    assert!(report.images.iter().all(|image| image.bytes == cmyk.len() && image.before == ImageColour::Cmyk));
}

#[test]
fn equal_input_gives_equal_bytes_on_any_number_of_threads() {
    let pdf = every_form();
    let (tokens, originals) = (tokens(), BTreeMap::new());
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| finish(&pdf, &job(&tokens, &originals)).unwrap())
    };
    let once = run(1);
    assert_eq!(once.0, run(4).0);
    assert_eq!(once.1, run(3).1);
}

#[test]
fn damaged_files_are_errors() {
    let pdf = every_form();
    let (tokens, originals) = (tokens(), BTreeMap::new());
    let job = job(&tokens, &originals);
    for part in 0..40 {
        let _ = finish(&pdf[..pdf.len() * part / 40], &job).is_ok();
    }
    // A fixed pseudo-random sequence (from Numerical Recipes) selects the damaged bytes.
    let mut seed = 1_u32;
    let mut next = |most: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        usize::try_from(seed >> 8).unwrap() % most
    };
    for _ in 0..60 {
        let mut damaged = pdf.clone();
        for _ in 0..1 + next(20) {
            let at = next(damaged.len());
            damaged[at] = u8::try_from(next(256)).unwrap();
        }
        let _ = finish(&damaged, &job).is_ok();
    }
    // Streams are deflated, so content streams are damaged as text.
    let mut document = Document::load_mem(&pdf).unwrap();
    document.decompress();
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    for _ in 0..120 {
        let mut damaged = bytes.clone();
        for _ in 0..1 + next(30) {
            let at = next(damaged.len());
            damaged[at] = if next(2) == 0 { u8::try_from(next(256)).unwrap() } else { b"0 []/()<>-.9kgQqnm"[next(18)] };
        }
        let _ = finish(&damaged, &job).is_ok();
    }
}

/// Returns a file with one page of 50 by 50 points.
fn raw(content: &[u8], resources: impl FnOnce(&mut Document) -> Dictionary) -> Vec<u8> {
    let mut document = Document::with_version("1.6");
    let resources = resources(&mut document);
    let contents = document.add_object(Stream::new(Dictionary::new(), content.to_vec()));
    let tree = document.new_object_id();
    let mut page = Dictionary::new();
    page.set("Type", "Page");
    page.set("Parent", tree);
    page.set("MediaBox", [0, 0, 50, 50].map(Object::Integer).to_vec());
    page.set("Contents", contents);
    page.set("Resources", resources);
    let page = document.add_object(page);
    let mut pages = Dictionary::new();
    pages.set("Type", "Pages");
    pages.set("Count", 1);
    pages.set("Kids", vec![Object::Reference(page)]);
    document.objects.insert(tree, pages.into());
    let mut catalog = Dictionary::new();
    catalog.set("Type", "Catalog");
    catalog.set("Pages", tree);
    let catalog = document.add_object(catalog);
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

/// Returns resources with one entry.
fn resource(category: &str, name: &str, value: impl Into<Object>) -> Dictionary {
    let mut entries = Dictionary::new();
    entries.set(name, value);
    let mut resources = Dictionary::new();
    resources.set(category, entries);
    resources
}

#[test]
fn only_white_that_would_vanish_is_reported_as_overprinted() {
    let found = |overprint: &[(&str, Object)], content: &str| {
        let pdf = raw(content.as_bytes(), |_| {
            let mut state = Dictionary::new();
            overprint.iter().for_each(|(key, value)| state.set(*key, value.clone()));
            resource("ExtGState", "g", state)
        });
        let (document, report) = finished(&pdf, |_| {});
        assert!(!page_content(&document, 0).contains("RelK"), "the pass overprints black text only");
        report.pages[0].white_overprint
    };
    let white = "1 0 0 0 k 0 0 50 50 re f /g gs 0 0 0 0 k 10 10 20 20 re f";
    let on = [("op", Object::Boolean(true)), ("OPM", Object::Integer(1))];
    assert!(found(&on, white));
    assert!(found(&[("OP", Object::Boolean(true)), ("OPM", Object::Integer(1))], white), "OP sets both");
    assert!(!found(&on, &white.replace("/g gs", "")));
    assert!(!found(&on[..1], white), "in mode 0, zero inks hide what is under them");
    assert!(!found(&on, &white.replace("0 0 0 0 k", "0 0 0 1 k")));
    assert!(!found(&on, &white.replace("0 0 0 0 k", "1 1 1 rg")), "white of RGB hides what is under it");
    let stroke = "/g gs 0 0 0 0 K 2 w 0 0 m 50 50 l S";
    assert!(!found(&on, stroke));
    assert!(found(&[("OP", Object::Boolean(true)), ("OPM", Object::Integer(1))], stroke));
}

#[test]
fn objects_that_cannot_be_converted_are_named_with_their_page() {
    let fault = |pdf: &[u8]| {
        let (tokens, originals) = (tokens(), BTreeMap::new());
        match finish(pdf, &job(&tokens, &originals)) {
            Err(FinishError::Unsupported { what, page: 1 }) => what,
            other => panic!("{:?}", other.map(|_| ())),
        }
    };
    let image = |entries: &[(&str, Object)]| {
        raw(b"/x Do", |document| {
            let mut image = Stream::new(Dictionary::new(), vec![0; 12]);
            let all = [
                ("Type", "XObject".into()),
                ("Subtype", "Image".into()),
                ("Width", 2.into()),
                ("Height", 2.into()),
                ("BitsPerComponent", 8.into()),
                ("ColorSpace", "DeviceRGB".into()),
            ];
            all.iter().chain(entries).for_each(|(key, value)| image.dict.set(*key, value.clone()));
            let id = document.add_object(image);
            resource("XObject", "x", id)
        })
    };
    assert!(finish(&image(&[]), &job(&[], &BTreeMap::new())).is_ok(), "the sample is sound");
    assert_eq!(fault(&image(&[("Filter", "JPXDecode".into())])), "an image in it is damaged");
    assert_eq!(fault(&image(&[("Filter", "CCITTFaxDecode".into())])), "an image in it is damaged");
    assert_eq!(fault(&image(&[("Filter", "JBIG2Decode".into())])), "an image in it is damaged");
    assert_eq!(fault(&image(&[("Filter", "OwnDecode".into())])), "it has an image with an unknown compression, \"OwnDecode\"");
    assert_eq!(fault(&image(&[("SMaskInData", 2.into())])), "an image in it is preblended with its background (SMaskInData 2)");
    assert_eq!(fault(&image(&[("Mask", Object::Array(vec![255.into(); 4]))])), "a mask of an image is damaged");
    let mesh = raw(b"/s sh", |document| {
        let mut mesh = Stream::new(Dictionary::new(), vec![0; 24]);
        mesh.dict.set("ShadingType", 4);
        mesh.dict.set("ColorSpace", "DeviceRGB");
        let id = document.add_object(mesh);
        resource("Shading", "s", id)
    });
    assert_eq!(fault(&mesh), "a mesh gradient in it is damaged");
}

#[test]
fn ink_under_black_text_is_the_visible_background() {
    let page = |body: &str| {
        let text = format!(
            "#set page(width: 100pt, height: 100pt, margin: 10pt, fill: rgb(\"#1B5E8C\"))\n#set text(font: \"Source Serif 4\", size: 9pt, fill: black)\n{body}"
        );
        let (_, report) = finished(&export(&text, Vec::new(), 10.0), |_| {});
        (report.pages[0].ink * 100.0).round()
    };
    let dark = (0.88_f32 + 0.55 + 0.2 + 0.05) * 100.0;
    assert!((page("text") - (dark - 5.0 + 100.0)).abs() < 1.5, "{}", page("text"));
    assert!((page("#rect(fill: white, radius: 3pt)[text]") - dark).abs() < 1.5, "the text is on white");
    assert!(
        (page("#rect(fill: white, inset: 0pt)[text]") - (dark + 95.0)).abs() < 1.5,
        "descenders or bearings reach the background"
    );
    assert!((page("#rect(fill: white.transparentize(50%))[text]") - (dark + 95.0)).abs() < 1.5, "the background shows through");
    assert!((page("#circle(radius: 30pt, fill: white, inset: 20pt)[text]") - dark).abs() < 1.5, "the text is on a white disc");
}

#[test]
fn inline_images_and_plain_operators_are_converted() {
    let content =
        b"1 0 0 rg 0 0 10 10 re f 0.5 G 0 0 m 5 5 l S q 10 0 0 10 0 0 cm BI /W 1 /H 1 /CS /RGB /BPC 8 ID \xFF\x00\x00 EI Q \
        BT (x) Tj ET BI /W 8 /H 1 /IM true ID \xAA EI";
    let bytes = raw(content, |_| Dictionary::new());
    let (print, report) = finished(&bytes, |_| {});
    let content = page_content(&print, 0);
    assert_eq!(forbidden_colours(&print), BTreeSet::new());
    assert_eq!(content.matches(" Do").count(), 2, "{content}");
    assert!(!content.contains("BI"), "{content}");
    assert_eq!(report.images.len(), 1);
    let black: Vec<f32> = content.split_whitespace().take(4).map(|part| number(part.as_bytes())).collect();
    assert!(black[1] > 0.9 && black[2] > 0.9, "{content}");
}

#[test]
fn opacity_of_groups_and_gradients_is_compared_like_that_of_fills() {
    let differences = |shape: &str| {
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"90\" height=\"40\"><defs><linearGradient id=\"g\"><stop offset=\"0\" \
             stop-color=\"#00c\" stop-opacity=\".5\"/><stop offset=\"1\" stop-color=\"#00c\" stop-opacity=\".4\"/></linearGradient></defs>{shape}</svg>"
        );
        let text = "#set page(width: 100pt, height: 100pt, margin: 5pt)\n#image(\"a.svg\")";
        let (_, report) = finished(&export(text, vec![("a.svg", svg.into_bytes())], 10.0), |_| {});
        let blends = report.pages[0].blends.iter().filter(|blend| blend.rgb == Some([0, 0, 0xCC]));
        blends.filter_map(|blend| blend.difference).fold(0.0, f32::max)
    };
    let rect = |attributes: &str| format!("<rect width=\"90\" height=\"40\" {attributes}/>");
    for shape in [
        rect("fill=\"#00c\" fill-opacity=\".5\""),
        rect("fill=\"#00c\" opacity=\".5\""),
        format!("<g opacity=\".5\">{}</g>", rect("fill=\"#00c\"")),
        rect("fill=\"url(#g)\""),
    ] {
        assert!(differences(&shape) > 6.0, "{}: {shape}", differences(&shape));
    }
    assert_eq!(differences(&rect("fill=\"#00c\"")), 0.0);
}

#[test]
fn inks_that_a_layout_sets_are_reported_and_invisible_text_is_left_out() {
    let text = "#set page(width: 100pt, height: 100pt, margin: 5pt)\n#set text(font: \"Source Serif 4\", size: 9pt)\n\
        #rect(width: 9pt, height: 9pt, fill: cmyk(100%, 90%, 80%, 70%)) seen #text(size: 0.0001pt)[ hidden]";
    let (document, report) = finished(&export(text, Vec::new(), 10.0), |_| {});
    assert!(report.pages[0].given.contains(&[100, 90, 80, 70]), "{:?}", report.pages[0].given);
    assert!(report.pages[0].smallest_text.is_some_and(|size| size > 8.0), "{:?}", report.pages[0].smallest_text);
    assert_eq!(page_content(&document, 0).matches("Tj").count() + page_content(&document, 0).matches("TJ").count(), 1);
}

#[test]
fn an_unfinished_text_claims_no_standard() {
    let pdf = export("#set page(width: 100pt, height: 80pt)\nA", Vec::new(), 0.0);
    for claims in [true, false] {
        let (document, _) = finished(&pdf, |job| job.claims = claims);
        let mut bytes = Vec::new();
        let mut document = document;
        document.save_to(&mut bytes).unwrap();
        assert_eq!(bytes.windows(15).any(|part| part == b"GTS_PDFXVersion"), claims);
    }
}
