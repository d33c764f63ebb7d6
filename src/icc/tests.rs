use bytes::Bytes;

use super::*;

fn profile() -> OutputProfile {
    let bytes = include_bytes!("../../layouts/common/print/ISOcoated_v2_300_bas.icc");
    OutputProfile::parse(Bytes::from_static(bytes)).unwrap()
}

/// sRGB colours and their inks for this profile as computed by LittleCMS 2, relative colorimetric with black-point compensation,
/// in steps of 1/255.
const REFERENCE: [([u8; 3], [u8; 4]); 32] = [
    ([165, 77, 202], [142, 191, 0, 0]),
    ([24, 37, 48], [211, 162, 119, 179]),
    ([187, 29, 109], [60, 244, 53, 14]),
    ([19, 44, 222], [253, 202, 0, 0]),
    ([214, 35, 123], [27, 237, 30, 2]),
    ([46, 217, 30], [158, 0, 245, 0]),
    ([63, 114, 31], [184, 66, 252, 73]),
    ([203, 25, 113], [40, 244, 47, 7]),
    ([23, 68, 148], [247, 196, 9, 3]),
    ([214, 73, 60], [26, 208, 190, 6]),
    ([157, 92, 52], [70, 160, 202, 65]),
    ([96, 190, 49], [161, 0, 245, 0]),
    ([32, 30, 105], [253, 248, 44, 35]),
    ([254, 218, 160], [4, 43, 111, 0]),
    ([238, 232, 185], [23, 14, 88, 0]),
    ([153, 127, 92], [89, 106, 156, 55]),
    ([124, 41, 153], [173, 235, 0, 0]),
    ([253, 175, 229], [22, 106, 0, 0]),
    ([147, 37, 60], [74, 235, 151, 71]),
    ([214, 84, 175], [65, 193, 0, 0]),
    ([77, 250, 215], [111, 0, 75, 0]),
    ([20, 39, 160], [254, 225, 0, 0]),
    ([174, 179, 254], [110, 75, 0, 0]),
    ([233, 35, 47], [3, 237, 203, 0]),
    ([138, 242, 33], [114, 0, 235, 0]),
    ([31, 158, 228], [189, 58, 0, 0]),
    ([145, 197, 177], [122, 14, 92, 1]),
    ([11, 236, 181], [133, 0, 107, 0]),
    ([86, 59, 252], [221, 190, 0, 0]),
    ([30, 111, 147], [210, 107, 61, 36]),
    ([66, 126, 203], [193, 115, 0, 0]),
    ([200, 254, 41], [64, 0, 224, 0]),
];

#[test]
fn reads_the_name_condition_and_version_of_a_profile() {
    let profile = profile();
    assert_eq!(profile.name(), "ISO Coated v2 300% (basICColor)");
    assert_eq!(profile.condition(), Some("FOGRA39"));
    assert_eq!(profile.version(), "2.1");
}

#[test]
fn rejects_other_and_damaged_profiles_with_the_reason() {
    let whole = profile().bytes().clone();
    let srgb = moxcms::ColorProfile::new_srgb().encode().unwrap();
    let fault = |bytes: &[u8]| OutputProfile::parse(Bytes::copy_from_slice(bytes)).unwrap_err();
    assert_eq!(fault(&srgb), ProfileFault::Class("display"));
    assert_eq!(fault(b"no profile"), ProfileFault::Damaged);
    for length in (0..whole.len()).step_by(9973) {
        assert!(OutputProfile::parse(whole.slice(..length)).is_err());
    }
    let mut rgb = whole.to_vec();
    rgb[16..20].copy_from_slice(b"RGB ");
    assert_eq!(fault(&rgb), ProfileFault::Colours("RGB"));
    assert_eq!(fault(&rgb).to_string(), "its colours are RGB, not CMYK");
}

#[test]
fn colours_match_the_reference_values() {
    let profile = profile();
    let link = profile.srgb_link();
    for (rgb, wanted) in REFERENCE {
        let wanted = profile.lab(unit(wanted));
        let exact = profile.ink_of(unit(rgb));
        let pixel: [u8; 4] = link.convert(&rgb).try_into().unwrap();
        let differences = [exact, unit(pixel)].map(|ink| profile.lab(ink).difference(wanted));
        // Over 1,000 random colours: at most 0.29 on the exact path, 0.35 for pixels, 0.09 and 0.04 on average.
        assert!(differences.iter().all(|difference| *difference < 1.0), "{rgb:?} {differences:?}");
    }
    assert!(profile.ink_of([1.0; 3]).iter().all(|ink| *ink < 1e-4));
    assert_eq!(link.convert(&[255, 255, 255, 1, 1]), [0; 4]);
}

#[test]
fn no_conversion_has_more_ink_than_the_profile_allows() {
    let profile = profile();
    let link = profile.srgb_link();
    let steps = (0..=255_u8).step_by(15);
    let pixels: Vec<u8> = steps
        .clone()
        .flat_map(|r| steps.clone().flat_map(move |g| (0..=255_u8).step_by(15).flat_map(move |b| [r, g, b])))
        .collect();
    let most = link.convert(&pixels).chunks_exact(4).map(|ink| ink.iter().map(|part| u16::from(*part)).sum::<u16>()).max();
    assert!(most.is_some_and(|most| (740..=765).contains(&most)), "{most:?} of 765");
}

#[test]
fn greys_are_black_ink_of_equal_lightness() {
    let profile = profile();
    let percent = |grey: u8| (profile.black_of(grey) * 100.0).round();
    assert_eq!([0, 64, 128, 192, 255].map(percent), [100.0, 86.0, 62.0, 33.0, 0.0]);
    assert!(profile.k_curve().windows(2).all(|pair| pair[0] > pair[1]));
    assert_eq!(profile.black_of_lab(Lab::of_srgb(unit([128; 3]))).mul_add(100.0, 0.5).floor(), 62.0);
    assert_eq!([neutral([10, 12, 13]), neutral([10, 14, 12])], [Some(12), None]);
}

#[test]
fn embedded_profiles_are_read_and_srgb_is_recognised() {
    let profile = profile();
    let srgb = SourceProfile::parse(&moxcms::ColorProfile::new_srgb().encode().unwrap()).unwrap();
    assert!(srgb.is_srgb() && srgb.channels() == Channels::Rgb);
    let adobe = SourceProfile::parse(&moxcms::ColorProfile::new_adobe_rgb().encode().unwrap()).unwrap();
    assert!(!adobe.is_srgb());
    // A green in Adobe RGB has more ink than the same values in sRGB.
    let green = [0.2, 0.8, 0.3, 0.0];
    assert!(profile.ink_from(&adobe, green)[0] > profile.ink_of([0.2, 0.8, 0.3])[0] + 0.05);
    let press = SourceProfile::parse(profile.bytes()).unwrap();
    assert_eq!(press.channels(), Channels::Cmyk);
    // From a press to itself, the colour stays nearly the same, but the separation may change.
    for ink in [[0.2, 0.5, 0.1, 0.0], [0.9, 0.7, 0.4, 0.6], [0.0, 0.0, 0.0, 1.0]] {
        let pixel = profile.link(&press).convert(&ink.map(|part: f32| (part * 255.0).round() as u8));
        let printed = profile.lab(unit(<[u8; 4]>::try_from(pixel).unwrap()));
        assert!(printed.difference(profile.lab(ink)) < 3.0, "{ink:?}");
    }
}

#[test]
fn colour_differences_match_the_published_pairs() {
    // Pairs of Sharma, Wu and Dalal (2005), table 1.
    let pairs = [
        ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
        ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
        ([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644),
        ([2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082),
    ];
    for ([l1, a1, b1], [l2, a2, b2], wanted) in pairs {
        let difference = Lab { l: l1, a: a1, b: b1 }.difference(Lab { l: l2, a: a2, b: b2 });
        assert!((difference - wanted).abs() < 1e-3, "{difference} {wanted}");
    }
}
