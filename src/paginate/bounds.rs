//! Axis-aligned rectangles on a page, in points from its top left corner.

use typst::layout::{Abs, Point, Transform};

/// An axis-aligned rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Left edge.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Bottom edge.
    pub bottom: f64,
}

impl Bounds {
    /// Returns the smallest rectangle that contains four points after a transformation.
    pub fn around(transform: Transform, corners: [(Abs, Abs); 4]) -> Self {
        let nothing = Self { left: f64::INFINITY, top: f64::INFINITY, right: f64::NEG_INFINITY, bottom: f64::NEG_INFINITY };
        corners.into_iter().fold(nothing, |bounds, (x, y)| {
            let point = Point::new(x, y).transform(transform);
            let (x, y) = (point.x.to_pt(), point.y.to_pt());
            Self { left: bounds.left.min(x), top: bounds.top.min(y), right: bounds.right.max(x), bottom: bounds.bottom.max(y) }
        })
    }

    /// Returns the intersection with another rectangle. Its area is 0 if they do not overlap.
    pub fn intersection(self, other: Self) -> Self {
        let (left, top) = (self.left.max(other.left), self.top.max(other.top));
        Self { left, top, right: self.right.min(other.right).max(left), bottom: self.bottom.min(other.bottom).max(top) }
    }

    /// Returns the smallest rectangle that contains this one and another.
    pub fn union(self, other: Self) -> Self {
        let (left, top) = (self.left.min(other.left), self.top.min(other.top));
        Self { left, top, right: self.right.max(other.right), bottom: self.bottom.max(other.bottom) }
    }

    /// Returns the width.
    pub fn width(self) -> f64 {
        self.right - self.left
    }

    /// Returns the height.
    pub fn height(self) -> f64 {
        self.bottom - self.top
    }

    /// Returns the centre.
    pub fn centre(self) -> (f64, f64) {
        (f64::midpoint(self.left, self.right), f64::midpoint(self.top, self.bottom))
    }

    /// Returns the area.
    pub fn area(self) -> f64 {
        self.width() * self.height()
    }

    /// Returns whether a point is inside.
    pub fn holds(self, x: f64, y: f64) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }

    /// Returns the rectangle with every side moved inwards, or outwards if `by` is negative.
    pub fn inset(self, by: f64) -> Self {
        Self { left: self.left + by, top: self.top + by, right: self.right - by, bottom: self.bottom - by }
    }

    /// Returns the largest distance by which a side lies outside of another rectangle. It is negative if all sides are inside.
    pub fn beyond(self, other: Self) -> f64 {
        let sides = [other.left - self.left, other.top - self.top, self.right - other.right, self.bottom - other.bottom];
        sides.into_iter().fold(f64::NEG_INFINITY, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use typst::layout::Angle;

    #[test]
    fn around_contains_the_rotated_corners() {
        let transform = Transform::rotate(Angle::deg(90.0));
        let point = |x: f64, y: f64| (Abs::pt(x), Abs::pt(y));
        let bounds = Bounds::around(transform, [point(0.0, 0.0), point(40.0, 0.0), point(40.0, 10.0), point(0.0, 10.0)]);
        let expected = Bounds { left: -10.0, top: 0.0, right: 0.0, bottom: 40.0 };
        assert!(bounds.beyond(expected).abs() < 1e-9 && expected.beyond(bounds).abs() < 1e-9, "{bounds:?}");
    }

    #[test]
    fn disjoint_boxes_have_no_common_area() {
        let left = Bounds { left: 0.0, top: 0.0, right: 10.0, bottom: 10.0 };
        let right = Bounds { left: 20.0, right: 30.0, ..left };
        assert!(left.intersection(right).area().abs() < 1e-9);
        assert!((right.beyond(left) - 20.0).abs() < 1e-9);
        assert!(left.beyond(Bounds { left: -1.0, top: -2.0, right: 13.0, bottom: 14.0 }) < 0.0);
    }
}
