//! Outlines of painted areas as polygons, and tests whether a small rectangle is inside, outside or at the edge.

use std::rc::Rc;

use super::matrix::{Matrix, Rect};

/// Number of line segments that approximate a curve.
const PIECES: u8 = 16;

/// Margin that is added to a rectangle before a comparison, in points. It exceeds the distance between a curve and its segments.
const TOLERANCE: f32 = 0.3;

/// Maximum number of points of an outline. For a longer path, only the bounds are known.
const MAX_POINTS: usize = 1024;

/// A path under construction.
#[derive(Clone, Debug, Default)]
pub(super) struct Path {
    lines: Vec<Vec<[f32; 2]>>,
    points: usize,
    bounds: Option<Rect>,
}

/// How a path is painted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum PaintRule {
    NonZero,
    EvenOdd,
    /// A stroke, with half its width.
    Stroke(f32),
}

/// The outline of a painted area.
#[derive(Clone, Debug)]
pub(super) struct Outline {
    lines: Rc<Vec<Vec<[f32; 2]>>>,
    rule: PaintRule,
}

/// The position of a rectangle relative to an outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Region {
    Outside,
    /// Partly inside, or unknown.
    Edge,
    Inside,
}

impl Path {
    pub(super) fn move_to(&mut self, at: [f32; 2]) {
        self.lines.push(Vec::new());
        self.push(at);
    }

    pub(super) fn line_to(&mut self, at: [f32; 2]) {
        if self.lines.is_empty() {
            self.lines.push(Vec::new());
        }
        self.push(at);
    }

    /// Adds a cubic curve. If `first` is `None`, the first control point is the current point.
    pub(super) fn curve_to(&mut self, first: Option<[f32; 2]>, second: [f32; 2], end: [f32; 2]) {
        let start = self.lines.last().and_then(|line| line.last()).copied().or(first).unwrap_or(end);
        let first = first.unwrap_or(start);
        for piece in 1..PIECES {
            let t = f32::from(piece) / f32::from(PIECES);
            let u = 1.0 - t;
            let weights = [u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t];
            let point = |axis: usize| {
                let values = [start, first, second, end].map(|point: [f32; 2]| if axis == 0 { point[0] } else { point[1] });
                values.iter().zip(weights).map(|(value, weight)| value * weight).sum::<f32>()
            };
            self.line_to([point(0), point(1)]);
        }
        self.line_to(end);
    }

    /// Adds a closed polygon.
    pub(super) fn polygon(&mut self, corners: [[f32; 2]; 4]) {
        let [first, ..] = corners;
        self.move_to(first);
        corners.into_iter().skip(1).chain([first]).for_each(|corner| self.line_to(corner));
    }

    pub(super) fn close(&mut self) {
        if let Some(first) = self.lines.last().and_then(|line| line.first()).copied() {
            self.push(first);
        }
    }

    fn push(&mut self, at: [f32; 2]) {
        let mut bounds = self.bounds.unwrap_or(Rect::EMPTY);
        bounds.add(at);
        self.bounds = Some(bounds);
        self.points += 1;
        if self.points <= MAX_POINTS
            && let Some(line) = self.lines.last_mut()
        {
            line.push(at);
        }
    }

    /// Returns the bounds; empty if the path has no points.
    pub(super) fn bounds(&self) -> Rect {
        self.bounds.unwrap_or(Rect::EMPTY)
    }

    /// Returns whether the path is a single axis-aligned rectangle.
    pub(super) fn is_rectangle(&self) -> bool {
        is_rectangle(&self.lines)
    }

    /// Returns the outline of the painted area; `None` if it has too many points, or if a stroke has a corner whose miter is
    /// long.
    pub(super) fn outline(self, rule: PaintRule) -> Option<Outline> {
        let known = self.points <= MAX_POINTS
            && (!matches!(rule, PaintRule::Stroke(_)) || !self.lines.iter().any(|line| has_spike(line)));
        known.then(|| Outline { lines: Rc::new(self.lines), rule })
    }
}

/// Returns whether lines are a single axis-aligned rectangle.
fn is_rectangle(lines: &[Vec<[f32; 2]>]) -> bool {
    let [line] = lines else { return false };
    let corners = match line.as_slice() {
        [corners @ .., last] if corners.len() == 4 && corners.first() == Some(last) => corners,
        corners => corners,
    };
    let [a, b, c, d] = corners else { return false };
    let turns = |p: &[f32; 2], q: &[f32; 2], axis: usize| (if axis == 0 { p[0] - q[0] } else { p[1] - q[1] }).abs() < 1e-3;
    let along = |first: usize| turns(a, b, first) && turns(b, c, 1 - first) && turns(c, d, first) && turns(d, a, 1 - first);
    along(0) || along(1)
}

/// Returns whether a line has a corner of less than 60 degrees.
fn has_spike(line: &[[f32; 2]]) -> bool {
    let mut known: Vec<[f32; 2]> = line.to_vec();
    known.dedup();
    // Repeats the second point for the corner at the start of a closed line.
    let second = known.get(1).copied();
    known.extend(second.filter(|_| known.first() == known.last()));
    known.windows(3).any(|corner| {
        let [a, b, c] = corner else { return false };
        let ([p, q], [r, s]) = ([b[0] - a[0], b[1] - a[1]], [c[0] - b[0], c[1] - b[1]]);
        p * r + q * s < -0.5 * p.hypot(q) * r.hypot(s)
    })
}

impl Outline {
    /// Returns the outline of a rectangle.
    pub(super) fn of(corners: [[f32; 2]; 4]) -> Option<Self> {
        let mut path = Path::default();
        path.polygon(corners);
        path.outline(PaintRule::NonZero)
    }

    /// Returns the outline after a transformation.
    pub(super) fn transformed(&self, matrix: Matrix) -> Self {
        if matrix == Matrix::IDENTITY {
            return self.clone();
        }
        let moved = self.lines.iter().map(|line| line.iter().map(|[x, y]| matrix.point(*x, *y)).collect());
        let rule = match self.rule {
            // The larger scale factor, for a stroke whose width depends on the direction.
            PaintRule::Stroke(half) => PaintRule::Stroke(half * matrix.sides().into_iter().fold(0.0, f32::max)),
            rule => rule,
        };
        Self { lines: Rc::new(moved.collect()), rule }
    }

    /// Returns whether the area is a single axis-aligned rectangle.
    pub(super) fn is_rectangle(&self) -> bool {
        !matches!(self.rule, PaintRule::Stroke(_)) && is_rectangle(&self.lines)
    }

    /// Returns the number of points, the cost of a comparison.
    pub(super) fn points(&self) -> usize {
        self.lines.iter().map(Vec::len).sum()
    }

    /// Returns the position of a rectangle; `Edge` if it cannot be determined.
    pub(super) fn region(&self, cell: Rect) -> Region {
        if let PaintRule::Stroke(half) = self.rule {
            // Without sharp corners, joins and caps extend up to twice the half width.
            let near = cell.grown(2.0 * half + TOLERANCE);
            let touches = self.lines.iter().any(|line| match line.as_slice() {
                [only] => crosses(near, *only, *only),
                line => line.windows(2).any(|piece| matches!(piece, [a, b] if crosses(near, *a, *b))),
            });
            return if touches { Region::Edge } else { Region::Outside };
        }
        let near = cell.grown(TOLERANCE);
        let [left, bottom, right, top] = cell.0;
        let middle = [(left + right) / 2.0, (bottom + top) / 2.0];
        let mut winding = 0_i32;
        for (a, b) in self.lines.iter().flat_map(|line| edges(line)) {
            if crosses(near, a, b) {
                return Region::Edge;
            }
            winding += turn(middle, a, b);
        }
        let inside = if self.rule == PaintRule::EvenOdd { winding % 2 != 0 } else { winding != 0 };
        if inside { Region::Inside } else { Region::Outside }
    }
}

/// Returns the edges of a polygon, including the closing edge.
fn edges(line: &[[f32; 2]]) -> impl Iterator<Item = ([f32; 2], [f32; 2])> + '_ {
    line.iter().copied().zip(line.iter().copied().skip(1).chain(line.first().copied()))
}

/// Returns the winding of an edge that crosses the ray to the right of a point: 1 upwards, -1 downwards, 0 without a crossing.
fn turn([x, y]: [f32; 2], a: [f32; 2], b: [f32; 2]) -> i32 {
    let at = |from: [f32; 2], to: [f32; 2]| from[0] + (y - from[1]) / (to[1] - from[1]) * (to[0] - from[0]);
    match (a[1] <= y, b[1] <= y) {
        (true, false) if at(a, b) > x => 1,
        (false, true) if at(a, b) > x => -1,
        _ => 0,
    }
}

/// Returns whether a line segment touches a rectangle (Liang and Barsky).
fn crosses(rect: Rect, a: [f32; 2], b: [f32; 2]) -> bool {
    let [left, bottom, right, top] = rect.0;
    let [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    let (mut from, mut to) = (0.0_f32, 1.0_f32);
    for (direction, distance) in [(-dx, a[0] - left), (dx, right - a[0]), (-dy, a[1] - bottom), (dy, top - a[1])] {
        if direction == 0.0 {
            if distance < 0.0 {
                return false;
            }
        } else if direction < 0.0 {
            from = from.max(distance / direction);
        } else {
            to = to.min(distance / direction);
        }
    }
    from <= to
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(x: f32, y: f32) -> Rect {
        Rect([x, y, x + 2.0, y + 2.0])
    }

    #[test]
    fn a_rectangle_has_an_inside_an_edge_and_an_outside() {
        let outline = Outline::of([[0.0, 0.0], [100.0, 0.0], [100.0, 50.0], [0.0, 50.0]]).unwrap();
        let region = |x, y| outline.region(cell(x, y));
        assert_eq!(
            (region(10.0, 10.0), region(99.0, 10.0), region(120.0, 10.0)),
            (Region::Inside, Region::Edge, Region::Outside)
        );
        let turned = outline.transformed(Matrix([0.0, 1.0, -1.0, 0.0, 0.0, 0.0]));
        assert_eq!((turned.region(cell(-30.0, 80.0)), turned.region(cell(30.0, 80.0))), (Region::Inside, Region::Outside));
    }

    #[test]
    fn a_disc_has_no_corners_and_a_ring_has_a_hole() {
        let disc = |path: &mut Path, r: f32| {
            let k = 0.552 * r;
            path.move_to([r, 0.0]);
            path.curve_to(Some([r, k]), [k, r], [0.0, r]);
            path.curve_to(Some([-k, r]), [-r, k], [-r, 0.0]);
            path.curve_to(Some([-r, -k]), [-k, -r], [0.0, -r]);
            path.curve_to(Some([k, -r]), [r, -k], [r, 0.0]);
            path.close();
        };
        let mut path = Path::default();
        disc(&mut path, 100.0);
        assert!(!path.is_rectangle());
        let whole = path.clone().outline(PaintRule::NonZero).unwrap();
        assert_eq!((whole.region(cell(0.0, 0.0)), whole.region(cell(90.0, 90.0))), (Region::Inside, Region::Outside));
        disc(&mut path, 50.0);
        let ring = path.outline(PaintRule::EvenOdd).unwrap();
        assert_eq!((ring.region(cell(0.0, 0.0)), ring.region(cell(70.0, 0.0))), (Region::Outside, Region::Inside));
    }

    #[test]
    fn a_line_paints_only_near_itself() {
        let mut path = Path::default();
        path.polygon([[0.0, 0.0], [100.0, 0.0], [100.0, 50.0], [0.0, 50.0]]);
        assert!(path.is_rectangle());
        let frame = path.outline(PaintRule::Stroke(1.0)).unwrap();
        assert_eq!((frame.region(cell(40.0, 20.0)), frame.region(cell(99.0, 20.0))), (Region::Outside, Region::Edge));
        let mut spike = Path::default();
        [[0.0, 0.0], [100.0, 0.0], [0.0, 5.0]].into_iter().for_each(|at| spike.line_to(at));
        assert!(spike.outline(PaintRule::Stroke(1.0)).is_none(), "its miter goes far");
    }
}
