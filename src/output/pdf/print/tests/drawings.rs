//! Tests of colours in PDF drawings of a layout that Typst itself does not write.

use super::*;

const DRAWINGS: &[u8] = include_bytes!("../../../../../tests/fixtures/print/layouts/forms/images/drawings.pdf");

/// Returns the resources of a page in a category.
fn resources<'d>(document: &'d Document, page: usize, category: &[u8]) -> Vec<&'d Object> {
    let id = document.page_iter().nth(page).unwrap();
    let resources = entry(document, document.get_dictionary(id).unwrap(), b"Resources").unwrap().as_dict().unwrap();
    let entries = entry(document, resources, category).unwrap().as_dict().unwrap();
    entries.iter().map(|(_, value)| resolved(document, value).unwrap()).collect()
}

fn image(document: &Document, page: usize) -> &Stream {
    resources(document, page, b"XObject")[0].as_stream().unwrap()
}

/// Returns the inks of a pixel of a losslessly compressed image.
fn pixel(image: &Stream, x: usize, y: usize) -> Vec<u8> {
    let channels = if image.dict.get(b"ColorSpace").unwrap().as_name().unwrap() == b"DeviceCMYK" { 4 } else { 1 };
    let width = usize::try_from(image.dict.get(b"Width").unwrap().as_i64().unwrap()).unwrap();
    let start = (y * width + x) * channels;
    plain(image).unwrap()[start..start + channels].to_vec()
}

#[test]
fn all_forms_of_drawings_become_inks() {
    for mode in [InkSet::Cmyk, InkSet::Gray] {
        let (document, report) = finished(DRAWINGS, |job| job.press.mode = mode);
        assert_eq!(forbidden_colours(&document), BTreeSet::new());
        assert_eq!(report.pages.len(), 13);
        let filters: BTreeSet<&[u8]> =
            document.objects.values().filter_map(|object| object.as_stream().ok()?.filters().ok()).flatten().collect();
        // The stencil has no colour, so it keeps its compression.
        assert_eq!(filters.into_iter().collect::<Vec<_>>(), [&b"CCITTFaxDecode"[..], b"FlateDecode"]);
    }
}

#[test]
fn images_of_other_compressions_have_their_pixels() {
    let (document, report) = finished(DRAWINGS, |_| {});
    let near = |found: Vec<u8>, rgb: [u8; 3]| {
        let wanted = PROFILE.ink_of(rgb.map(|channel| f32::from(channel) / 255.0)).map(|ink| ink * 255.0);
        assert!(found.iter().zip(wanted).all(|(ink, wanted)| (f32::from(*ink) - wanted).abs() < 6.0), "{found:?} {wanted:?}");
    };
    let (clay, sand, leaf, slate) = ([184, 122, 94], [230, 215, 184], [110, 154, 124], [95, 127, 156]);
    for page in [0, 2] {
        near(pixel(image(&document, page), 120, 120), clay);
        near(pixel(image(&document, page), 2, 2), sand);
        near(pixel(image(&document, page), 2, 225), leaf);
    }
    near(pixel(image(&document, 4), 120, 120), slate);
    near(pixel(image(&document, 4), 2, 2), sand);
    for page in [3, 6] {
        let image = image(&document, page);
        assert_eq!((pixel(image, 120, 120), pixel(image, 2, 2)), (vec![0], vec![255]), "page {page}");
        assert!(report.images.iter().any(|image| image.page == page + 1 && image.bitonal));
    }
    assert_eq!(report.images.len(), 8);
}

#[test]
fn transparent_colours_and_own_opacity_become_masks() {
    let (document, report) = finished(DRAWINGS, |_| {});
    let opacity = entry(&document, &image(&document, 2).dict, b"SMask").unwrap().as_stream().unwrap();
    assert_eq!(opacity.dict.get(b"ColorSpace").unwrap().as_name().unwrap(), b"DeviceGray");
    assert!(pixel(opacity, 0, 9)[0] < 8 && pixel(opacity, 239, 9)[0] > 247);
    assert!(report.pages[2].media[2] > 0.0);
    for page in [7, 8] {
        let mask = entry(&document, &image(&document, page).dict, b"Mask").unwrap().as_stream().unwrap();
        assert!(mask.dict.get(b"ImageMask").unwrap().as_bool().unwrap());
        let bits = plain(mask).unwrap();
        let hidden = |x: usize, y: usize| bits[y * 30 + x / 8] >> (7 - x % 8) & 1 == 1;
        assert!(hidden(120, 120) && !hidden(2, 2) && !hidden(2, 225), "page {page}");
    }
}

#[test]
fn meshes_have_the_inks_of_their_corners() {
    let (document, report) = finished(DRAWINGS, |_| {});
    let wanted = PROFILE.ink_of([184.0 / 255.0, 122.0 / 255.0, 94.0 / 255.0]);
    for (page, kind) in (9..13).zip(4..) {
        let mesh = resources(&document, page, b"Shading")[0].as_stream().unwrap();
        let number = |key: &[u8]| mesh.dict.get(key).unwrap().as_i64().unwrap();
        assert_eq!((number(b"ShadingType"), number(b"BitsPerComponent")), (kind, 16));
        let data = plain(mesh).unwrap();
        let [flag, points] = match kind {
            4 => [1, 1],
            5 => [0, 1],
            6 => [1, 12],
            _ => [1, 16],
        };
        let start = flag + points * 2 * usize::try_from(number(b"BitsPerCoordinate") / 8).unwrap();
        let inks = data[start..start + 8].chunks_exact(2).map(|pair| f32::from(u16::from_be_bytes([pair[0], pair[1]])) / 65535.0);
        // The lattice has only 16 levels of each component.
        let near = if kind == 5 { 0.06 } else { 0.01 };
        assert!(inks.zip(wanted).all(|(ink, wanted)| (ink - wanted).abs() < near), "kind {kind}");
        assert!(
            report.pages[page].process == [true, true, true, false] || report.pages[page].ink > 0.5,
            "{:?}",
            report.pages[page]
        );
    }
}

#[test]
fn damaged_drawings_are_errors() {
    let (tokens, originals) = (tokens(), BTreeMap::new());
    let job = job(&tokens, &originals);
    // The images keep their own compression in the file, so the damage reaches their data.
    let mut seed = 7_u32;
    let mut next = |most: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        usize::try_from(seed >> 8).unwrap() % most
    };
    for _ in 0..60 {
        let mut damaged = DRAWINGS.to_vec();
        for _ in 0..1 + next(40) {
            let at = next(damaged.len());
            damaged[at] = u8::try_from(next(256)).unwrap();
        }
        let _ = finish(&damaged, &job).is_ok();
    }
}
