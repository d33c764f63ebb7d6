//! Pages of brochures, a study and a bulletin as images, compared with their goldens in `tests/goldens/pages`.
//!
//! The tolerance accepts another version of the rasteriser but not a moved line: in no square of 8 pixels may the mean difference
//! of the channels exceed [`SQUARE`] of 255, and over the whole page it may be at most [`PAGE`]. If a page fails, an image is
//! saved with the golden, the page, and the differing squares in red.
//!
//! To accept a change: look at the images, then `SNAPSHOTS=overwrite cargo test --release --test suite pictures`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use image::imageops::{crop_imm, overlay};
use image::{Rgb, RgbImage};

use crate::artefacts::artefact;
use crate::harness::repository;

/// Dots per inch: a page of A4 is 468 by 331 pixels.
const RESOLUTION: &str = "40";
/// Pages are compared in squares with this side, in pixels.
const SIDE: u32 = 8;
/// The largest permitted mean difference of the channels, which have values up to 255, in a square.
const SQUARE: f64 = 18.0;
/// The largest permitted mean difference of the channels on a page.
const PAGE: f64 = 1.0;

fn rasterised(name: &str, folder: &Path) -> Vec<PathBuf> {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).expect("the folder is made");
    let pdf = artefact(&format!("{name}.pdf"));
    let done = Command::new("pdftoppm").args(["-r", RESOLUTION, "-png"]).arg(pdf).arg(folder.join("page")).status();
    assert!(done.expect("pdftoppm runs").success(), "{name} is rasterised");
    let mut pages: Vec<PathBuf> = fs::read_dir(folder).expect("pages").map(|entry| entry.expect("an entry").path()).collect();
    pages.sort();
    pages
}

/// Returns the mean difference of the channels of two images of the same size.
fn difference(one: &RgbImage, other: &RgbImage) -> f64 {
    let channels = one.as_raw().iter().zip(other.as_raw());
    channels.map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / one.as_raw().len().max(1) as f64
}

/// Returns the corners of the squares in which two images of the same size differ too much.
fn squares(golden: &RgbImage, page: &RgbImage) -> Vec<(u32, u32)> {
    let corners =
        (0..page.height()).step_by(SIDE as usize).flat_map(|y| (0..page.width()).step_by(SIDE as usize).map(move |x| (x, y)));
    let part = |picture: &RgbImage, (x, y): (u32, u32)| crop_imm(picture, x, y, SIDE, SIDE).to_image();
    corners.filter(|corner| difference(&part(golden, *corner), &part(page, *corner)) > SQUARE).collect()
}

/// Saves the golden, the page, and the page with the squares that differ in red, next to each other.
fn save_comparison(golden: &RgbImage, page: &RgbImage, squares: &[(u32, u32)], file: &Path) {
    let (width, height) = (golden.width().max(page.width()), golden.height().max(page.height()));
    let mut kept = RgbImage::from_pixel(3 * width, height, Rgb([255; 3]));
    for (place, picture) in [golden, page, page].into_iter().enumerate() {
        overlay(&mut kept, picture, i64::from(place as u32 * width), 0);
    }
    for (x, y) in squares {
        for (dx, dy) in (0..SIDE).flat_map(|dx| (0..SIDE).map(move |dy| (dx, dy))) {
            if x + dx < width && y + dy < height {
                kept.get_pixel_mut(2 * width + x + dx, y + dy).0 = [220, 20, 20];
            }
        }
    }
    kept.save(file).expect("the difference is saved");
}

/// Compares a page with its golden. Returns a message if they differ too much.
fn fault(golden: &Path, made: &Path, kept: &Path) -> Option<String> {
    let page = image::open(made).expect("a picture").to_rgb8();
    if std::env::var_os("SNAPSHOTS").is_some_and(|wanted| wanted == "overwrite") {
        fs::create_dir_all(golden.parent().expect("a folder")).expect("the folder is made");
        fs::copy(made, golden).expect("the golden is written");
        return None;
    }
    let Ok(golden) = image::open(golden).map(|picture| picture.to_rgb8()) else {
        return Some(format!("{} has no golden; it is in {}", golden.display(), made.display()));
    };
    let differ = if golden.dimensions() == page.dimensions() { squares(&golden, &page) } else { Vec::new() };
    if golden.dimensions() == page.dimensions() && differ.is_empty() && difference(&golden, &page) <= PAGE {
        return None;
    }
    save_comparison(&golden, &page, &differ, kept);
    Some(format!("{} squares differ: see {}", differ.len(), kept.display()))
}

fn compare(name: &str) {
    let short = name.rsplit('/').next().unwrap_or(name);
    let kept = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pictures");
    fs::create_dir_all(&kept).expect("the folder is made");
    let pages = rasterised(name, &kept.join(short));
    let goldens = repository().join("tests/goldens/pages");
    let mut faults = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        let file = format!("{short}-{}.png", index + 1);
        faults.extend(fault(&goldens.join(&file), page, &kept.join(&file)));
    }
    let beyond = goldens.join(format!("{short}-{}.png", pages.len() + 1));
    if beyond.exists() {
        faults.push(format!("{} is the golden of a page that no longer exists", beyond.display()));
    }
    assert!(faults.is_empty(), "{name}\n{}", faults.join("\n"));
}

#[test]
fn brochure_matches_the_goldens() {
    compare("reve/brochure-2023-12");
}

#[test]
fn brochure_with_another_brand_matches_the_goldens() {
    compare("canal-spring");
}

#[test]
fn study_matches_the_goldens() {
    compare("methode/enquete-2024-05");
}

#[test]
fn bulletin_matches_the_goldens() {
    compare("methode/notebook-2024-05");
}

#[test]
fn detects_moved_lines_but_tolerates_antialiasing() {
    let mut page = RgbImage::from_pixel(64, 32, Rgb([250; 3]));
    for x in 8..56 {
        page.get_pixel_mut(x, 12).0 = [40; 3];
        page.get_pixel_mut(x, 13).0 = [90; 3];
    }
    let (mut moved, mut softer) = (RgbImage::from_pixel(64, 32, Rgb([250; 3])), page.clone());
    overlay(&mut moved, &page, 0, 2);
    for x in 8..56 {
        softer.get_pixel_mut(x, 12).0 = [55; 3];
        softer.get_pixel_mut(x, 14).0 = [235; 3];
    }
    assert!(!squares(&page, &moved).is_empty());
    assert_eq!(squares(&page, &softer), []);
}
