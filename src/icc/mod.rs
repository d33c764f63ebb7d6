//! Colours of presses: ICC profiles, conversion into the inks of a press, and colour differences.
//!
//! `moxcms` parses profiles; the tables are evaluated here, because it has no black-point compensation. A single colour takes the
//! exact path, in `f32`, through the curves and grids of both profiles. Pixels are interpolated in a grid that samples this path:
//! 33 nodes per channel for RGB, 17 for CMYK, 256 for grey (`link`). The rendering intent is always relative colorimetric with
//! black-point compensation (ISO 18619).

mod black;
mod lab;
mod light;
mod link;
mod press;
mod screen;
mod source;
mod table;

use std::fmt;

pub use lab::Lab;
pub use light::{byte, luminosity, luminosity_of_ink, unit};
pub use link::DeviceLink;
pub use press::OutputProfile;
pub use source::{Channels, SourceProfile};

/// The reason why bytes cannot be used as a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileFault {
    /// Not an ICC profile, or a damaged one.
    Damaged,
    /// The profile is for another kind of device than a press: `display`, `scanner`, …
    Class(&'static str),
    /// The profile is for a printing device, but the colour space of the profile is not CMYK: `RGB`, `grey`, …
    Colours(&'static str),
    /// The profile lacks a table; the text names it: `B2A1`.
    Table(&'static str),
}

impl fmt::Display for ProfileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged => f.write_str("it is not an ICC profile, or it is damaged"),
            Self::Class(class) => write!(f, "it is the profile of a {class}, not of a press"),
            Self::Colours(colours) => write!(f, "its colours are {colours}, not CMYK"),
            Self::Table(table) => write!(f, "it has no table {table}"),
        }
    }
}

impl std::error::Error for ProfileFault {}

/// Maximum difference between the channels of an sRGB colour that is printed as a grey, in steps of 1/255.
pub const NEUTRAL: u8 = 3;

/// Returns the grey level of an sRGB colour that prints as black ink alone.
pub fn neutral(rgb: [u8; 3]) -> Option<u8> {
    let [red, green, blue] = rgb;
    (red.abs_diff(green) <= NEUTRAL && green.abs_diff(blue) <= NEUTRAL && red.abs_diff(blue) <= NEUTRAL).then_some(green)
}

#[cfg(test)]
mod tests;
