//! Conversions of pixels: tetrahedral interpolation in a grid that samples the exact path between two profiles.

use rayon::prelude::*;

use super::OutputProfile;
use super::source::{Channels, SourceProfile};

/// Number of grid nodes per channel of RGB. With this number, few colours differ from the exact path by more than 1/255.
const RGB_NODES: usize = 33;

/// Number of grid nodes per channel of CMYK.
const CMYK_NODES: usize = 17;

/// A conversion of 8-bit pixels, usually into the inks of a press.
///
/// Interpolation uses integers: weights are multiples of 1/255, inks at nodes multiples of 1/65535.
#[derive(Debug)]
pub struct DeviceLink {
    channels: Channels,
    /// The inks at each node, 0 to 65535; the last channel varies fastest.
    nodes: Vec<[u16; 4]>,
    /// For each value of a channel: the node before it, and the weight of the next node, 0 to 254.
    places: Box<[(u16, u8); 256]>,
}

impl DeviceLink {
    pub(super) fn new(press: &OutputProfile, source: &SourceProfile) -> Self {
        Self::of(source.channels(), |values| press.ink_from(source, values))
    }

    /// Prepares the conversion of values from 0 to 1 into values from 0 to 1.
    pub(super) fn of(channels: Channels, convert: impl Fn([f32; 4]) -> [f32; 4] + Sync) -> Self {
        let size = match channels {
            Channels::Gray => 256,
            Channels::Rgb => RGB_NODES,
            Channels::Cmyk => CMYK_NODES,
        };
        let count = size.pow(u32::try_from(channels.count()).unwrap_or(1));
        let node = |at: usize| {
            let mut values = [0.0; 4];
            let mut rest = at;
            for value in values.iter_mut().take(channels.count()).rev() {
                *value = share(rest % size, size - 1);
                rest /= size;
            }
            convert(values).map(sixteen_bits)
        };
        let place = |value: usize| {
            let scaled = value * (size - 1);
            (u16::try_from(scaled / 255).unwrap_or_default(), u8::try_from(scaled % 255).unwrap_or_default())
        };
        let places = Box::new(std::array::from_fn(place));
        Self { channels, nodes: (0..count).into_par_iter().map(node).collect(), places }
    }

    /// Returns the channels of the source pixels.
    pub fn channels(&self) -> Channels {
        self.channels
    }

    /// Returns the inks of pixels, four bytes each. Bytes after the last whole pixel are ignored.
    pub fn convert(&self, pixels: &[u8]) -> Vec<u8> {
        let mut inks = vec![0; pixels.len() / self.channels.count() * 4];
        self.convert_into(pixels, &mut inks);
        inks
    }

    /// Converts pixels until one of the slices ends.
    pub fn convert_into(&self, pixels: &[u8], inks: &mut [u8]) {
        let inks = inks.as_chunks_mut().0;
        match self.channels {
            Channels::Gray => each(pixels.as_chunks().0, inks, |&[grey]| self.node(usize::from(grey)).map(eight_bits)),
            Channels::Rgb => each(pixels.as_chunks().0, inks, |&rgb| self.between(0, RGB_NODES, rgb).map(rounded)),
            Channels::Cmyk => each(pixels.as_chunks().0, inks, |&inks| self.between_inks(inks)),
        }
    }

    /// Interpolates the first channel linearly, the other three in a tetrahedron.
    fn between_inks(&self, [first, others @ ..]: [u8; 4]) -> [u8; 4] {
        let cube = CMYK_NODES * CMYK_NODES * CMYK_NODES;
        let (low, share) = self.place(first);
        let below = self.between(low * cube, CMYK_NODES, others);
        if share == 0 {
            return below.map(rounded);
        }
        let above = self.between((low + 1) * cube, CMYK_NODES, others);
        let mut inks = [0; 4];
        for (ink, (below, above)) in inks.iter_mut().zip(below.into_iter().zip(above)) {
            *ink = rounded((below * (255 - share) + above * share + 127) / 255);
        }
        inks
    }

    /// Interpolates three channels in a tetrahedron. Returns inks as multiples of 1/(255 · 65535).
    fn between(&self, start: usize, size: usize, pixel: [u8; 3]) -> [u32; 4] {
        let [(x, fx), (y, fy), (z, fz)] = pixel.map(|value| self.place(value));
        let base = start + (x * size + y) * size + z;
        // Sorts the edges by weight, greatest first, without branches, which photographs make unpredictable.
        let edge = |share: u32, step: usize| (share << 16) | u32::try_from(step).unwrap_or_default();
        let (a, b, c) = (edge(fx, size * size), edge(fy, size), edge(fz, 1));
        let (a, b) = (a.max(b), a.min(b));
        let (b, c) = (b.max(c), b.min(c));
        let (a, b) = (a.max(b), a.min(b));
        let step = |edge: u32| (edge & 0xFFFF) as usize;
        let (second, third) = (base + step(a), base + step(a) + step(b));
        let corners = [base, second, third, third + step(c)].map(|at| self.node(at));
        let weights = [255 - (a >> 16), (a >> 16) - (b >> 16), (b >> 16) - (c >> 16), c >> 16];
        let mut sum = [0; 4];
        for (corner, weight) in corners.into_iter().zip(weights) {
            sum.iter_mut().zip(corner).for_each(|(sum, ink)| *sum += u32::from(ink) * weight);
        }
        sum
    }

    /// Returns the inks of a node. A node beyond the grid always has a weight of 0, so its value has no effect.
    fn node(&self, at: usize) -> [u16; 4] {
        self.nodes.get(at).copied().unwrap_or_default()
    }

    fn place(&self, value: u8) -> (usize, u32) {
        let (low, share) = self.places[usize::from(value)];
        (usize::from(low), u32::from(share))
    }
}

/// Converts pixels one by one. Converts each run of equal pixels only once.
fn each<const N: usize>(pixels: &[[u8; N]], inks: &mut [[u8; 4]], one: impl Fn(&[u8; N]) -> [u8; 4]) {
    let mut last = ([0; N], one(&[0; N]));
    for (pixel, ink) in pixels.iter().zip(inks) {
        if *pixel != last.0 {
            last = (*pixel, one(pixel));
        }
        *ink = last.1;
    }
}

/// Returns multiples of 1/(255 · 65535) as multiples of 1/255.
fn rounded(value: u32) -> u8 {
    // Divides by 65535: exact for products of 16 and 8 bits.
    let value = value + 0x8000;
    ((value + (value >> 16)) >> 16) as u8
}

fn eight_bits(value: u16) -> u8 {
    rounded(u32::from(value) * 255)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
fn sixteen_bits(value: f32) -> u16 {
    (value * 65535.0 + 0.5) as u16
}

#[expect(clippy::cast_precision_loss, reason = "at most 256")]
fn share(at: usize, of: usize) -> f32 {
    at as f32 / of as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A linear function, which tetrahedral interpolation reproduces exactly.
    fn plane([p, q, r, s]: [f32; 4]) -> [f32; 4] {
        [p, 0.5 * p + 0.5 * q, 0.25 * (p + q + r + s), 1.0 - q]
    }

    #[test]
    fn linear_functions_are_interpolated_exactly() {
        let levels = [0, 1, 7, 8, 15, 16, 100, 127, 128, 200, 247, 254, 255];
        let close = |link: &DeviceLink, pixel: &[u8]| {
            let mut values = [0.0; 4];
            values.iter_mut().zip(pixel).for_each(|(value, level)| *value = f32::from(*level) / 255.0);
            let inks = link.convert(pixel);
            for (ink, wanted) in inks.iter().zip(plane(values)) {
                assert!((f32::from(*ink) - wanted * 255.0).abs() < 0.51, "{pixel:?} {inks:?} {wanted}");
            }
        };
        let [grey, rgb, inks] = [Channels::Gray, Channels::Rgb, Channels::Cmyk].map(|channels| DeviceLink::of(channels, plane));
        for p in levels {
            close(&grey, &[p]);
            for (q, r) in levels.iter().flat_map(|q| levels.map(|r| (*q, r))) {
                close(&rgb, &[p, q, r]);
                levels.iter().for_each(|s| close(&inks, &[p, q, r, *s]));
            }
        }
    }

    #[test]
    fn repeated_pixels_have_the_inks_of_single_pixels() {
        let link = DeviceLink::of(Channels::Rgb, plane);
        let pixels = [[0, 0, 0], [0, 0, 0], [9, 8, 7], [9, 8, 7], [9, 8, 6], [0, 0, 0]].concat();
        let single: Vec<u8> = pixels.chunks(3).flat_map(|pixel| link.convert(pixel)).collect();
        assert_eq!(link.convert(&pixels), single);
    }
}
