//! Image files for layouts. A large image is wrapped in an SVG, so that Typst does not decode it during layout.
//!
//! Typst decodes every raster image that it loads, and keeps three or four bytes per pixel in memory until the pages are dropped.
//! In an illustrated book, this takes most of the memory. For an image in an SVG, Typst reads only the header. On export, a JPEG
//! is copied into the PDF, and a PNG is decoded once. The output looks the same.

use typst::text::is_default_ignorable;

use crate::resolve::Asset;

/// Minimum number of pixels of a wrapped image. Smaller images need little memory.
const MIN_WRAPPED_PIXELS: u64 = 200_000;

/// Returns the path of an image in the world, for the Typst function `image`.
pub fn path(asset: &Asset) -> String {
    if is_wrapped(asset) { format!("/{}", wrapper_path(asset)) } else { format!("/{}", own_path(asset)) }
}

/// Returns the path of the image file itself, without a leading slash. It consists of the number and the extension of the asset:
/// Typst interns at most 65,535 paths per process, so the editions of a catalogue must share them.
pub fn own_path(asset: &Asset) -> String {
    let number = asset.name.split('-').next().unwrap_or_default();
    let extension = asset.name.rsplit('.').next().unwrap_or_default();
    format!("assets/{number}.{extension}")
}

/// Returns the path of the SVG that wraps an image, without a leading slash, and its text; `None` if the image is not wrapped.
///
/// Typst keeps an SVG with its linked images for the whole process, by its text. All publications use the same paths, so the text
/// contains the digest of the image.
pub fn wrapper(asset: &Asset) -> Option<(String, String)> {
    if !is_wrapped(asset) {
        return None;
    }
    let (width, height, path, digest) = (asset.width, asset.height, own_path(asset), asset.bytes.digest());
    let name = path.trim_start_matches("assets/");
    let text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\
         <!-- {digest} --><image href=\"{name}\" width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\"/></svg>"
    );
    Some((wrapper_path(asset), text))
}

/// Returns the SVG source of a drawing for layouts: without the variation selectors and joiners that the fonts of drawings lack,
/// and with code points instead of the characters in `replaced`. Returns `None` if nothing changes.
pub fn drawing(asset: &Asset, replaced: &[char]) -> Option<String> {
    let text = asset.is_drawing().then(|| std::str::from_utf8(&asset.bytes).ok())??;
    let mut out = String::with_capacity(text.len());
    let mut before = None;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if replaced.contains(&c) {
            out.push_str(&format!("[U+{:04X}]", u32::from(c)));
        } else if !c.is_ascii() && is_default_ignorable(c) && !(is_joiner(c) && joins(before) && joins(rest.clone().next())) {
            continue;
        } else {
            out.push(c);
        }
        before = Some(c);
    }
    (out != text).then_some(out)
}

/// Returns whether a character is a joiner or a non-joiner: U+200C and U+200D.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

/// Returns whether the form of a character may depend on joiners: letters of scripts such as Arabic and Devanagari, and emoji.
fn joins(c: Option<char>) -> bool {
    c.is_some_and(|c| c >= '\u{590}')
}

fn wrapper_path(asset: &Asset) -> String {
    format!("{}.svg", own_path(asset))
}

/// Returns whether an image is wrapped: if it is large and can be copied into a PDF unchanged, which excludes rotated images and
/// images with more than eight bits per channel. A wrapped PNG is decoded and compressed for each of its occurrences, so a
/// repeated PNG is not wrapped.
fn is_wrapped(asset: &Asset) -> bool {
    let large = u64::from(asset.width) * u64::from(asset.height) >= MIN_WRAPPED_PIXELS;
    let cheap = asset.media_type == "image/jpeg" || asset.media_type == "image/png" && !asset.is_repeated;
    large && cheap && asset.is_plain
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::resolve::ImageFile;

    fn asset(number: usize, name: &str, width: u32, height: u32, format: image::ImageFormat, sixteen: bool) -> Asset {
        let picture = image::DynamicImage::new_rgb8(width, height);
        let picture = if sixteen { picture.to_rgb16().into() } else { picture };
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        Asset::new(&ImageFile::new(name, bytes.into_inner()), number, &|_| None).unwrap()
    }

    #[test]
    fn wraps_only_large_plain_images() {
        let large = asset(1, "a.png", 500, 400, image::ImageFormat::Png, false);
        assert_eq!(path(&large), "/assets/001.png.svg");
        let (at, text) = wrapper(&large).unwrap();
        assert_eq!(at, "assets/001.png.svg");
        assert!(text.contains("href=\"001.png\" width=\"500\" height=\"400\""), "{text}");
        let small = asset(2, "b.png", 400, 400, image::ImageFormat::Png, false);
        let deep = asset(3, "c.png", 500, 400, image::ImageFormat::Png, true);
        let moving = asset(4, "d.gif", 500, 400, image::ImageFormat::Gif, false);
        let repeated = Asset { is_repeated: true, ..large };
        let photograph = Asset { is_repeated: true, ..asset(5, "e.jpg", 500, 400, image::ImageFormat::Jpeg, false) };
        assert!(wrapper(&photograph).is_some(), "a JPEG is never decoded");
        for other in [small, deep, moving, repeated] {
            assert!(wrapper(&other).is_none() && path(&other) == format!("/{}", own_path(&other)), "{}", other.name);
        }
    }
}
