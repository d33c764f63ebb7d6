//! The parts of the graphics state that determine colours and positions (ISO 32000-1 §8.4).

use std::rc::Rc;

use super::super::colour::Solid;
use super::super::font::Font;
use super::super::matrix::{Matrix, Rect};
use super::super::space::Space;
use super::super::usage::Usage;

/// The paint of a fill or a stroke.
#[derive(Clone)]
pub(super) enum Paint {
    /// The colour at the start of the form, set by its caller.
    Inherited,
    Solid(Solid),
    /// A grey in a luminosity mask.
    Light,
    /// A pattern, a gradient or a tint that stays in its colour space.
    Other(Rc<Usage>),
}

/// The form in which a colour was last written.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Written {
    Nothing,
    Inks,
    /// An amount of black ink alone.
    Black(f32),
}

/// The kind of mark that is painted with a colour.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    SmallText,
    ThinLine,
    Other,
}

/// The current colour of fills or of strokes.
#[derive(Clone)]
pub(super) struct Slot {
    pub space: Rc<Space>,
    pub paint: Paint,
    pub written: Written,
}

/// The graphics state.
#[derive(Clone)]
pub(super) struct State {
    pub matrix: Matrix,
    pub clip: Rect,
    /// Whether the clipping path is an axis-aligned rectangle, so that `clip` is exact.
    pub straight_clip: bool,
    pub fill: Slot,
    pub stroke: Slot,
    /// Line width.
    pub width: f32,
    pub fill_alpha: f32,
    pub stroke_alpha: f32,
    /// Blend mode; `None` for `Normal`.
    pub mode: Option<Rc<str>>,
    /// Whether a soft mask is set.
    pub masked: bool,
    /// Whether overprint is on in the output.
    pub overprint: bool,
    /// Overprint of fills (`op`), of strokes (`OP`), and nonzero overprint mode (`OPM`) in the source (ISO 32000-1 §8.6.7).
    pub source_overprint: [bool; 3],
    pub font: Option<(Rc<Font>, Rc<Usage>)>,
    /// Font size.
    pub size: f32,
    pub char_spacing: f32,
    pub word_spacing: f32,
    pub horizontal_scale: f32,
    pub leading: f32,
    pub rise: f32,
    pub render_mode: f32,
}

impl State {
    pub(super) fn new() -> Self {
        let slot = Slot { space: Rc::new(Space::Gray), paint: Paint::Inherited, written: Written::Inks };
        Self {
            matrix: Matrix::IDENTITY,
            clip: Rect::ALL,
            straight_clip: true,
            fill: slot.clone(),
            stroke: slot,
            width: 1.0,
            fill_alpha: 1.0,
            stroke_alpha: 1.0,
            mode: None,
            masked: false,
            overprint: false,
            source_overprint: [false; 3],
            font: None,
            size: 0.0,
            char_spacing: 0.0,
            word_spacing: 0.0,
            horizontal_scale: 1.0,
            leading: 0.0,
            rise: 0.0,
            render_mode: 0.0,
        }
    }
}
