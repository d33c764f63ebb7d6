//! Spot inks in gradients and in tints.

use super::*;

const GREEN: &str = "rgb(\"#21694B\")";

/// Returns the print PDF and the report of one rectangle with a fill.
fn filled(fill: &str, mode: InkSet) -> (Document, PrintReport) {
    let text = format!("#set page(width: 100pt, height: 100pt)\n#rect(width: 60pt, height: 40pt, fill: {fill})");
    finished(&export(&text, Vec::new(), 0.0), |job| job.press.mode = mode)
}

/// Returns the colour spaces of the gradients: a family and its inks.
fn spaces(document: &Document) -> Vec<String> {
    let spaces = document.objects.values().filter_map(|object| {
        let dictionary = object.as_dict().ok().or(object.as_stream().ok().map(|stream| &stream.dict))?;
        dictionary.has(b"ShadingType").then(|| match entry(document, dictionary, b"ColorSpace") {
            Some(Object::Array(space)) => {
                let words = space.iter().take(2).flat_map(|part| match part {
                    Object::Name(name) => vec![String::from_utf8_lossy(name).into_owned()],
                    Object::Array(names) => {
                        names.iter().map(|name| String::from_utf8_lossy(name.as_name().unwrap()).into_owned()).collect()
                    }
                    _ => Vec::new(),
                });
                words.collect::<Vec<_>>().join(" ")
            }
            Some(Object::Name(name)) => String::from_utf8_lossy(name).into_owned(),
            other => panic!("{other:?}"),
        })
    });
    spaces.collect()
}

/// Returns the inks of a gradient at a position from 0 to 1.
fn inks(document: &Document, at: f32) -> Vec<f32> {
    let function = document.objects.values().find_map(|object| {
        let dictionary = object.as_dict().ok()?;
        dictionary.has(b"ShadingType").then(|| dictionary.get(b"Function").unwrap().clone())
    });
    function::Function::read(document, &function.unwrap()).unwrap().at(&[at])
}

#[test]
fn a_spot_ink_fades_alone_into_white() {
    for space in ["oklab", "rgb"] {
        let (document, report) = filled(&format!("gradient.linear(white, {GREEN}, space: {space})"), InkSet::Cmyk);
        assert_eq!(spaces(&document), ["Separation PANTONE 348 C"]);
        let tints = [0.0, 0.25, 0.5, 0.75, 1.0].map(|at| inks(&document, at)[0]);
        assert!(tints.is_sorted() && tints[0] == 0.0 && tints[4] == 1.0, "{tints:?}");
        // The middle has the mean lightness, for which an ink needs a tint below 50 %.
        assert!((0.2..0.5).contains(&tints[2]), "{tints:?}");
        let page = &report.pages[0];
        assert_eq!(
            (page.spots.as_slice(), page.process, page.spot_gradients.len()),
            (&["PANTONE 348 C".to_owned()][..], [false; 4], 0)
        );
        assert!((page.ink - 1.0).abs() < 0.01, "{}", page.ink);
        assert_eq!(forbidden_colours(&document), BTreeSet::new());
    }
}

#[test]
fn a_spot_ink_and_process_inks_fade_into_each_other() {
    let (document, report) = filled(&format!("gradient.linear({GREEN}, rgb(\"#1B5E8C\"))"), InkSet::Cmyk);
    assert_eq!(spaces(&document), ["DeviceN PANTONE 348 C Cyan Magenta Yellow Black"]);
    assert_eq!(inks(&document, 0.0), [1.0, 0.0, 0.0, 0.0, 0.0]);
    let end: Vec<f32> = inks(&document, 1.0);
    assert!(end.iter().zip([0.0, 0.88, 0.55, 0.2, 0.05]).all(|(ink, wanted)| (ink - wanted).abs() < 0.001), "{end:?}");
    let middle = inks(&document, 0.5);
    assert!((middle[0] - 0.5).abs() < 0.1 && (middle[1] - 0.44).abs() < 0.1, "{middle:?}");
    assert_eq!(report.pages[0].process, [true; 4]);
    assert!(report.pages[0].spot_gradients.is_empty());
}

#[test]
fn other_stops_of_a_gradient_with_a_spot_ink_print_in_process_inks() {
    let fill = format!("gradient.linear(rgb(\"#F0E0B0\"), rgb(\"#B04020\"), {GREEN}, white)");
    let (document, _) = filled(&fill, InkSet::Cmyk);
    assert_eq!(spaces(&document), ["DeviceN PANTONE 348 C Cyan Magenta Yellow Black"]);
    let tint = |at: f32| inks(&document, at)[0];
    assert!(tint(0.1) == 0.0 && tint(0.3) < 0.02, "the ink begins at the stop before its own: {}", tint(0.3));
    assert!(tint(0.5) > 0.3 && (tint(2.0 / 3.0) - 1.0).abs() < 0.05 && tint(1.0) == 0.0);
    assert_eq!(inks(&document, 0.9)[1..], [0.0; 4], "white adds no process ink");
}

#[test]
fn the_tint_transformation_of_several_inks_adds_their_process_inks() {
    let (document, _) = filled(&format!("gradient.linear({GREEN}, rgb(\"#1B5E8C\"))"), InkSet::Cmyk);
    let space = document.objects.values().find_map(|object| {
        let space = object.as_array().ok()?;
        (space.first()?.as_name().ok()? == b"DeviceN").then(|| space.clone())
    });
    let space = space.unwrap();
    let function = function::Function::read(&document, &space[3]).unwrap();
    let inks = function.at(&[0.5, 0.1, 0.2, 0.3, 0.4]);
    let wanted = [0.5 * 0.96 + 0.1, 0.5 * 0.02 + 0.2, 0.5 + 0.3, 0.5 * 0.12 + 0.4];
    assert!(inks.iter().zip(wanted).all(|(ink, wanted)| (ink - wanted).abs() < 0.001), "{inks:?}");
    let attributes = space[4].as_dict().unwrap().get(b"Colorants").unwrap().as_dict().unwrap();
    assert!(attributes.has(b"PANTONE 348 C"));
}

#[test]
fn conic_gradients_keep_their_spot_inks() {
    let (document, report) = filled(&format!("gradient.conic({GREEN}, white, {GREEN})"), InkSet::Cmyk);
    assert_eq!(spaces(&document), ["Separation PANTONE 348 C"]);
    assert!(report.pages[0].spot_gradients.is_empty() && report.pages[0].process == [false; 4]);
}

#[test]
fn a_spot_ink_that_a_gradient_cannot_keep_is_reported() {
    let (document, report) = filled(&format!("gradient.linear({GREEN}, rgb(\"#B04080\"), space: color.hsl)"), InkSet::Cmyk);
    assert_eq!(spaces(&document), ["DeviceCMYK"]);
    assert_eq!(report.pages[0].spot_gradients, ["PANTONE 348 C"]);
    for (fill, mode) in [(GREEN, InkSet::Gray), ("rgb(\"#1B5E8C\")", InkSet::Cmyk)] {
        let (document, report) = filled(&format!("gradient.linear({fill}, white)"), mode);
        assert_eq!(spaces(&document), ["DeviceCMYK"]);
        assert!(report.pages[0].spot_gradients.is_empty());
    }
}

#[test]
fn mixtures_of_a_spot_ink_and_white_are_tints_of_it() {
    // Shades that the brand derives from #21694B: with 88 % and 45 % of white in sRGB, and with 60 % in Oklab, as Typst mixes
    // colours.
    let mut tints = Vec::new();
    for fill in ["rgb(\"#E4EDE9\")", &format!("color.mix(({GREEN}, 40%), (white, 60%))"), "rgb(\"#85AD9C\")"] {
        let (document, report) = filled(fill, InkSet::Cmyk);
        let page = &report.pages[0];
        assert_eq!((page.spots.as_slice(), page.process), (&["PANTONE 348 C".to_owned()][..], [false; 4]), "{fill}");
        assert!(report.converted.is_empty());
        let content = page_content(&document, 0);
        let tint = content.split("/RelS0 cs ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
        tints.push(tint.parse::<f32>().unwrap());
        assert!((page.ink - tints[tints.len() - 1]).abs() < 0.01, "{fill}: {}", page.ink);
        assert_eq!(forbidden_colours(&document), BTreeSet::new());
    }
    assert!(tints.is_sorted() && tints[0] > 0.03 && tints[2] < 0.7, "{tints:?}");
    let (_, report) = filled("rgb(\"#E4E0E9\")", InkSet::Cmyk);
    assert!(report.pages[0].spots.is_empty());
    let (_, report) = filled("rgb(\"#85AD9C\")", InkSet::Gray);
    assert!(report.pages[0].is_black_only());
}

#[test]
fn mixtures_of_a_spot_ink_and_black_are_black_over_it() {
    // 20 % and 40 % of black in sRGB, and 50 % in Oklab.
    let mut blacks = Vec::new();
    for fill in ["rgb(\"#1A543C\")", "rgb(\"#143F2D\")", &format!("color.mix(({GREEN}, 50%), (black, 50%))")] {
        let (document, report) = filled(fill, InkSet::Cmyk);
        let page = &report.pages[0];
        let inks = (page.spots.as_slice(), page.process);
        assert_eq!(inks, (&["PANTONE 348 C".to_owned()][..], [false, false, false, true]), "{fill}");
        assert!(report.converted.is_empty());
        let content = page_content(&document, 0);
        let inks: Vec<f32> =
            content.split("/RelB0 cs ").nth(1).unwrap().split(' ').take(2).map(|ink| ink.parse().unwrap()).collect();
        assert_eq!(inks[0], 1.0);
        assert!((page.ink - 1.0 - inks[1]).abs() < 0.01, "{fill}: {}", page.ink);
        blacks.push(inks[1]);
        assert_eq!(forbidden_colours(&document), BTreeSet::new());
    }
    assert!(blacks.is_sorted() && blacks[0] > 0.1 && blacks[2] < 0.9, "{blacks:?}");
    // Near greys, other hues and a grey product have no spot ink.
    for (other, mode) in
        [("rgb(\"#060F0B\")", InkSet::Cmyk), ("rgb(\"#14402F\")", InkSet::Gray), ("rgb(\"#3F142D\")", InkSet::Cmyk)]
    {
        let (_, report) = filled(other, mode);
        assert!(report.pages[0].spots.is_empty(), "{other}");
    }
}

#[test]
fn the_tint_transformation_of_black_over_a_spot_ink_adds_black() {
    let (document, _) = filled("rgb(\"#143F2D\")", InkSet::Cmyk);
    let space = document.objects.values().find_map(|object| {
        let space = object.as_array().ok()?;
        (space.first()?.as_name().ok()? == b"DeviceN").then(|| space.clone())
    });
    let function = function::Function::read(&document, &space.unwrap()[3]).unwrap();
    for (inks, wanted) in
        [([1.0, 0.3], [0.96, 0.02, 1.0, 0.42]), ([0.5, 0.0], [0.48, 0.01, 0.5, 0.06]), ([1.0, 1.0], [0.96, 0.02, 1.0, 1.0])]
    {
        let found = function.at(&inks);
        assert!(found.iter().zip(wanted).all(|(ink, wanted)| (ink - wanted).abs() < 0.001), "{inks:?}: {found:?}");
    }
}
