//! Encodes images of few colours as PNG with a palette.

use std::collections::BTreeMap;

use png::{BitDepth, ColorType, Compression, Encoder, Filter};

/// Maximum number of colours of an image. An image with more is a photograph.
const MAX_COLOURS: usize = 20_000;
/// Maximum distances between a colour and its replacement, tried in order: squared distances in RGB.
const DISTANCES: [u32; 5] = [9, 36, 100, 225, 400];
/// Maximum number of colours of a palette.
const MAX_ENTRIES: usize = 256;

type Rgb = [u8; 3];

/// Encodes RGB pixels as a PNG with a palette. Returns `None` if the picture has so many colours that one of them would change
/// visibly, or if the number of pixels does not match the size.
///
/// The most frequent colours are kept exactly. A colour is replaced by one that differs by at most 20 of 255.
pub fn indexed_png(pixels: &[u8], width: u32, height: u32) -> Option<Vec<u8>> {
    let mut counts: BTreeMap<Rgb, u32> = BTreeMap::new();
    for colour in pixels.as_chunks::<3>().0 {
        *counts.entry(*colour).or_default() += 1;
        if counts.len() > MAX_COLOURS {
            return None;
        }
    }
    let mut colours: Vec<(Rgb, u32)> = counts.into_iter().collect();
    colours.sort_by_key(|(colour, count)| (std::cmp::Reverse(*count), *colour));
    let palette = DISTANCES.into_iter().find_map(|distance| palette(&colours, distance))?;
    let nearest = |colour: Rgb| {
        let near = palette.iter().enumerate().min_by_key(|(_, other)| squared_distance(colour, **other));
        near.and_then(|(index, _)| u8::try_from(index).ok())
    };
    let indices: BTreeMap<Rgb, u8> =
        colours.iter().map(|(colour, _)| Some((*colour, nearest(*colour)?))).collect::<Option<_>>()?;
    let index = |colour: &Rgb| indices.get(colour).copied().unwrap_or_default();
    // Neighbouring pixels often have the same colour, so the last index is kept.
    let mut last = ([0; 3], index(&[0; 3]));
    let mut indexed = |colour: &Rgb| {
        if last.0 != *colour {
            last = (*colour, index(colour));
        }
        last.1
    };
    let data: Vec<u8> = pixels.as_chunks().0.iter().map(&mut indexed).collect();
    write(&data, &palette, width, height)
}

/// Returns a palette in which every colour has an entry within `distance`; `None` if it needs more than [`MAX_ENTRIES`] entries.
fn palette(colours: &[(Rgb, u32)], distance: u32) -> Option<Vec<Rgb>> {
    let mut palette: Vec<Rgb> = Vec::new();
    for (colour, _) in colours {
        if !palette.iter().any(|known| squared_distance(*known, *colour) <= distance) {
            palette.push(*colour);
        }
        if palette.len() > MAX_ENTRIES {
            return None;
        }
    }
    Some(palette)
}

/// Returns the square of the distance of two colours in RGB.
fn squared_distance(one: Rgb, other: Rgb) -> u32 {
    one.into_iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
}

fn write(data: &[u8], palette: &[Rgb], width: u32, height: u32) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_palette(palette.as_flattened());
    encoder.set_compression(Compression::Balanced);
    encoder.set_filter(Filter::NoFilter);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(data).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a white image with this number of shades of blue.
    fn picture(shades: u32) -> Vec<u8> {
        let shade = |at: u32| [(at % 256) as u8, (at / 256) as u8, 200];
        (0..shades).map(shade).chain((0..2 * shades).map(|_| [255; 3])).flatten().collect()
    }

    #[test]
    fn frequent_colours_are_exact_and_others_near() {
        let pixels = picture(2_000);
        let png = indexed_png(&pixels, 100, 60).unwrap();
        let read = image::load_from_memory(&png).unwrap().into_rgb8();
        assert_eq!((read.width(), read.height()), (100, 60));
        for (before, after) in pixels.as_chunks::<3>().0.iter().zip(read.pixels()) {
            assert!(squared_distance(*before, after.0) <= 400, "{before:?} {after:?}");
            assert!(*before != [255; 3] || after.0 == [255; 3]);
        }
    }

    #[test]
    fn photographs_have_no_palette() {
        assert!(indexed_png(&picture(21_000), 300, 210).is_none());
        assert!(indexed_png(&[0; 12], 3, 3).is_none(), "the pixels do not fit");
    }
}
