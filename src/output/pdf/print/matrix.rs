//! Transformations and rectangles.

use lopdf::Object;

/// A transformation: the six operands of the PDF operator `cm`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Matrix(pub [f32; 6]);

impl Matrix {
    pub(super) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// Reads a matrix. Returns the identity if the object is not an array of six numbers.
    pub(super) fn of(object: Option<&Object>) -> Self {
        let numbers = object.and_then(|object| object.as_array().ok());
        let numbers = numbers.map(|list| list.iter().filter_map(|number| number.as_float().ok()).collect::<Vec<_>>());
        numbers.and_then(|numbers| <[f32; 6]>::try_from(numbers).ok()).map_or(Self::IDENTITY, Self)
    }

    /// Returns this transformation followed by another.
    pub(super) fn then(self, after: Self) -> Self {
        let ([a, b, c, d, e, f], [p, q, r, s, t, u]) = (self.0, after.0);
        Self([a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u])
    }

    pub(super) fn point(self, x: f32, y: f32) -> [f32; 2] {
        let [a, b, c, d, e, f] = self.0;
        [a * x + c * y + e, b * x + d * y + f]
    }

    /// Returns the geometric mean of the two scale factors.
    pub(super) fn scale(self) -> f32 {
        let [a, b, c, d, ..] = self.0;
        (a * d - b * c).abs().sqrt()
    }

    /// Returns whether axis-aligned rectangles remain axis-aligned.
    pub(super) fn is_straight(self) -> bool {
        let [a, b, c, d, ..] = self.0.map(f32::abs);
        (b < 1e-6 && c < 1e-6) || (a < 1e-6 && d < 1e-6)
    }

    /// Returns the transformed corners of a rectangle: bottom left, bottom right, top right, top left before the transformation.
    pub(super) fn corners(self, Rect([left, bottom, right, top]): Rect) -> [[f32; 2]; 4] {
        [(left, bottom), (right, bottom), (right, top), (left, top)].map(|(x, y)| self.point(x, y))
    }

    /// Returns the lengths of the sides of the unit square after the transformation.
    pub(super) fn sides(self) -> [f32; 2] {
        let [a, b, c, d, ..] = self.0;
        [a.hypot(b), c.hypot(d)]
    }
}

/// An axis-aligned rectangle: left, bottom, right, top.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rect(pub [f32; 4]);

impl Rect {
    pub(super) const EMPTY: Self = Self([f32::MAX, f32::MAX, f32::MIN, f32::MIN]);
    pub(super) const ALL: Self = Self([-1e6, -1e6, 1e6, 1e6]);

    /// Reads a rectangle, whose corners may be in any order.
    pub(super) fn of(object: Option<&Object>) -> Option<Self> {
        let numbers: Vec<f32> = object?.as_array().ok()?.iter().filter_map(|number| number.as_float().ok()).collect();
        let [a, b, c, d] = <[f32; 4]>::try_from(numbers).ok()?;
        Some(Self([a.min(c), b.min(d), a.max(c), b.max(d)]))
    }

    pub(super) fn add(&mut self, [x, y]: [f32; 2]) {
        let [left, bottom, right, top] = self.0;
        self.0 = [left.min(x), bottom.min(y), right.max(x), top.max(y)];
    }

    pub(super) fn is_empty(self) -> bool {
        let [left, bottom, right, top] = self.0;
        left > right || bottom > top
    }

    pub(super) fn transformed(self, matrix: Matrix) -> Self {
        let [left, bottom, right, top] = self.0;
        let mut moved = Self::EMPTY;
        if !self.is_empty() {
            let corners = [(left, bottom), (left, top), (right, bottom), (right, top)];
            corners.iter().for_each(|(x, y)| moved.add(matrix.point(*x, *y)));
        }
        moved
    }

    /// Returns the intersection, which may be empty.
    pub(super) fn intersection(self, other: Self) -> Self {
        let ([a, b, c, d], [p, q, r, s]) = (self.0, other.0);
        Self([a.max(p), b.max(q), c.min(r), d.min(s)])
    }

    pub(super) fn grown(self, by: f32) -> Self {
        let [left, bottom, right, top] = self.0;
        Self([left - by, bottom - by, right + by, top + by])
    }

    pub(super) fn object(self) -> Object {
        Object::Array(self.0.iter().map(|side| Object::Real((side * 1000.0).round() / 1000.0)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transformations_apply_in_order() {
        let (double, moved) = (Matrix([2.0, 0.0, 0.0, 2.0, 0.0, 0.0]), Matrix([1.0, 0.0, 0.0, 1.0, 5.0, 1.0]));
        assert_eq!(double.then(moved).point(1.0, 1.0), [7.0, 3.0]);
        assert_eq!(moved.then(double).point(1.0, 1.0), [12.0, 4.0]);
        assert_eq!(double.scale(), 2.0);
        assert_eq!(Rect([0.0, 0.0, 1.0, 2.0]).transformed(double), Rect([0.0, 0.0, 2.0, 4.0]));
        assert!(Rect([0.0, 0.0, 1.0, 1.0]).intersection(Rect([2.0, 0.0, 3.0, 1.0])).is_empty());
    }
}
