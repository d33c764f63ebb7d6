//! Conversions of pixels: a grid of the exact path between two profiles, interpolated in tetrahedra.

use super::OutputProfile;
use super::source::{Channels, SourceProfile};

/// Nodes of each channel of RGB. The largest difference from the exact path is then a step of 1/255 but for few colours.
const RGB_NODES: usize = 33;

/// Nodes of each channel of CMYK.
const CMYK_NODES: usize = 17;

/// A conversion of 8-bit pixels into the inks of a press, 0 to 255. It can be used by many threads at once.
#[derive(Debug)]
pub struct Link {
    channels: Channels,
    /// The inks at each node, 0 to 255; the last channel varies fastest.
    nodes: Vec<[f32; 4]>,
    /// The node before each value of a channel, and the share of the way to the next.
    places: Box<[(u32, f32); 256]>,
}

impl Link {
    pub(super) fn new(press: &OutputProfile, source: &SourceProfile) -> Self {
        Self::of(source.channels(), |values| press.ink_from(source, values).map(|ink| ink * 255.0))
    }

    /// Prepares the conversion of values from 0 to 1 into values from 0 to 255.
    pub(super) fn of(channels: Channels, convert: impl Fn([f32; 4]) -> [f32; 4]) -> Self {
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
            convert(values)
        };
        let mut places = Box::new([(0, 0.0); 256]);
        for (value, place) in (0..=255_u8).zip(places.iter_mut()) {
            let (low, share) = super::table::split(f32::from(value) / 255.0, size);
            *place = (u32::try_from(low).unwrap_or_default(), share);
        }
        Self { channels, nodes: (0..count).map(node).collect(), places }
    }

    /// Returns what the values of the pixels are that it takes.
    pub fn channels(&self) -> Channels {
        self.channels
    }

    /// Returns the inks of pixels, four bytes each. Bytes beyond the last whole pixel are left out.
    pub fn convert(&self, pixels: &[u8]) -> Vec<u8> {
        let mut inks = vec![0; pixels.len() / self.channels.count() * 4];
        self.convert_into(pixels, &mut inks);
        inks
    }

    /// Writes the inks of as many pixels as both slices have.
    pub fn convert_into(&self, pixels: &[u8], inks: &mut [u8]) {
        let mut last: ([u8; 4], [u8; 4]) = ([0; 4], self.one([0; 4]));
        for (pixel, ink) in pixels.chunks_exact(self.channels.count()).zip(inks.chunks_exact_mut(4)) {
            let mut key = [0; 4];
            key[..pixel.len()].copy_from_slice(pixel);
            if key != last.0 {
                last = (key, self.one(key));
            }
            ink.copy_from_slice(&last.1);
        }
    }

    fn one(&self, pixel: [u8; 4]) -> [u8; 4] {
        let [p, q, r, s] = pixel;
        let inks = match self.channels {
            Channels::Gray => self.node(usize::from(p)),
            Channels::Rgb => self.tetrahedron(0, RGB_NODES, [p, q, r]),
            Channels::Cmyk => {
                // The first channel linearly, the other three in a tetrahedron.
                let cube = CMYK_NODES * CMYK_NODES * CMYK_NODES;
                let (low, share) = self.place(p);
                let below = self.tetrahedron(low * cube, CMYK_NODES, [q, r, s]);
                if share == 0.0 {
                    return below.map(byte);
                }
                let above = self.tetrahedron((low + 1) * cube, CMYK_NODES, [q, r, s]);
                let mut inks = below;
                inks.iter_mut().zip(above).for_each(|(ink, above)| *ink += (above - *ink) * share);
                inks
            }
        };
        inks.map(byte)
    }

    fn tetrahedron(&self, start: usize, size: usize, pixel: [u8; 3]) -> [f32; 4] {
        let [(x, fx), (y, fy), (z, fz)] = pixel.map(|value| self.place(value));
        let (dx, dy, dz) = (size * size, size, 1);
        let base = start + x * dx + y * dy + z;
        // The edges in the order of their shares, greatest first.
        let (first, second, [one, two, three]) = match (fx >= fy, fy >= fz, fx >= fz) {
            (true, true, _) => (dx, dx + dy, [fx, fy, fz]),
            (true, false, true) => (dx, dx + dz, [fx, fz, fy]),
            (true, false, false) => (dz, dz + dx, [fz, fx, fy]),
            (false, true, true) => (dy, dy + dx, [fy, fx, fz]),
            (false, true, false) => (dy, dy + dz, [fy, fz, fx]),
            (false, false, _) => (dz, dz + dy, [fz, fy, fx]),
        };
        let corners = [self.node(base), self.node(base + first), self.node(base + second), self.node(base + dx + dy + dz)];
        let weights = [1.0 - one, one - two, two - three, three];
        let mut sum = [0.0; 4];
        for (corner, weight) in corners.into_iter().zip(weights) {
            sum.iter_mut().zip(corner).for_each(|(sum, ink)| *sum += ink * weight);
        }
        sum
    }

    /// Nodes beyond the grid are those of a share of 0, so their value does not count.
    fn node(&self, at: usize) -> [f32; 4] {
        self.nodes.get(at).copied().unwrap_or_default()
    }

    fn place(&self, value: u8) -> (usize, f32) {
        let (low, share) = self.places[usize::from(value)];
        (low as usize, share)
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
fn byte(value: f32) -> u8 {
    (value + 0.5) as u8
}

#[expect(clippy::cast_precision_loss, reason = "at most 256")]
fn share(at: usize, of: usize) -> f32 {
    at as f32 / of as f32
}
