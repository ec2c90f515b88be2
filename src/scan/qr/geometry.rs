//! Points, least squares, and the plane seen in perspective.

use std::ops::{Add, Mul, Sub};

/// A place in a picture, in pixels (the middle of the first pixel is 0.5, 0.5), or on a code, in modules.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Point {
    pub(super) const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    pub(super) fn length(self) -> f64 {
        self.x.hypot(self.y)
    }

    pub(super) fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y
    }

    /// Positive when `other` lies clockwise of this one, as the screen shows it.
    pub(super) fn cross(self, other: Self) -> f64 {
        self.x * other.y - self.y * other.x
    }
}

impl Add for Point {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Point {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y)
    }
}

impl Mul<f64> for Point {
    type Output = Self;
    fn mul(self, factor: f64) -> Self {
        Self::new(self.x * factor, self.y * factor)
    }
}

/// One equation of a least squares problem: these factors of the unknowns should add up to this.
pub(super) struct Equation<const N: usize> {
    pub(super) factors: [f64; N],
    pub(super) sum: f64,
    pub(super) weight: f64,
}

/// The unknowns that fit the equations best; `ridge` pulls them towards nought (0 for not at all).
pub(super) fn least_squares<const N: usize>(
    equations: impl Iterator<Item = Equation<N>>,
    ridge: f64,
) -> Option<[f64; N]> {
    let mut rows = vec![([0.0; N], 0.0); N];
    for Equation { factors, sum, weight } in equations {
        for ((row, right), factor) in rows.iter_mut().zip(factors) {
            for (cell, other) in row.iter_mut().zip(factors) {
                *cell += weight * factor * other;
            }
            *right += weight * factor * sum;
        }
    }
    for (n, (row, _)) in rows.iter_mut().enumerate() {
        *row.get_mut(n)? += ridge;
    }
    solve(rows)
}

/// Gauss and Jordan's elimination, with the largest pivot of each column.
fn solve<const N: usize>(mut rows: Vec<([f64; N], f64)>) -> Option<[f64; N]> {
    for column in 0..N {
        let size = |(_, (row, _)): &(usize, &([f64; N], f64))| row.get(column).map_or(0.0, |v| v.abs());
        let (best, _) = rows.iter().enumerate().skip(column).max_by(|a, b| size(a).total_cmp(&size(b)))?;
        rows.swap(column, best);
        let &(pivot_row, pivot_right) = rows.get(column)?;
        let pivot = *pivot_row.get(column)?;
        if pivot.is_nan() || pivot.abs() < 1e-12 {
            return None;
        }
        for (n, (row, right)) in rows.iter_mut().enumerate().filter(|(n, _)| *n != column) {
            debug_assert_ne!(n, column);
            let factor = row.get(column)? / pivot;
            for (cell, other) in row.iter_mut().zip(pivot_row) {
                *cell -= factor * other;
            }
            *right -= factor * pivot_right;
        }
    }
    let mut solution = [0.0; N];
    for (n, (value, (row, right))) in solution.iter_mut().zip(&rows).enumerate() {
        *value = right / row.get(n)?;
    }
    Some(solution)
}

/// A place on the code and where it lies in the picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) module: Point,
    pub(super) pixel: Point,
    pub(super) weight: f64,
}

/// From modules of a flat code to pixels of its picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Homography([f64; 9]);

impl Homography {
    /// The one that fits the pairs best; at least four are needed, no three of them on a line.
    pub(super) fn fit(pairs: &[Pair]) -> Option<Self> {
        let (from, to) =
            (Frame::of(pairs.iter().map(|p| p.module))?, Frame::of(pairs.iter().map(|p| p.pixel))?);
        let equations = pairs.iter().flat_map(|pair| {
            let (m, p, weight) = (from.enter(pair.module), to.enter(pair.pixel), pair.weight);
            let across = [m.x, m.y, 1.0, 0.0, 0.0, 0.0, -m.x * p.x, -m.y * p.x];
            let down = [0.0, 0.0, 0.0, m.x, m.y, 1.0, -m.x * p.y, -m.y * p.y];
            [Equation { factors: across, sum: p.x, weight }, Equation { factors: down, sum: p.y, weight }]
        });
        let [a, b, c, d, e, f, g, h] = least_squares(equations, 0.0)?;
        Some(Self(product(&to.leave(), &product(&[a, b, c, d, e, f, g, h, 1.0], &from.entering()))))
    }

    /// Where a place on the code lies in the picture.
    pub(super) fn at(&self, x: f64, y: f64) -> Point {
        let [a, b, c, d, e, f, g, h, i] = self.0;
        let w = g * x + h * y + i;
        Point::new((a * x + b * y + c) / w, (d * x + e * y + f) / w)
    }

    /// How far, in pixels, one module goes along each axis of the code at this place.
    pub(super) fn steps(&self, x: f64, y: f64) -> (Point, Point) {
        let here = self.at(x, y);
        (self.at(x + 1.0, y) - here, self.at(x, y + 1.0) - here)
    }

    /// Whether a code of so many modules lies before the camera, not partly behind it, and is not turned inside
    /// out.
    pub(super) fn is_sound(&self, modules: f64) -> bool {
        let [.., g, h, i] = self.0;
        let corners = [(0.0, 0.0), (modules, 0.0), (modules, modules), (0.0, modules)];
        let depths = corners.map(|(x, y)| (g * x + h * y + i) / i);
        let [p, q, r, s] = corners.map(|(x, y)| self.at(x, y));
        let turns = [(p, q, r), (q, r, s), (r, s, p), (s, p, q)].map(|(a, b, c)| (b - a).cross(c - b));
        // A phone held aslant is at most some three times as far away at one end of the code as at the other.
        depths.iter().all(|depth| (0.3..3.5).contains(depth)) && turns.iter().all(|turn| *turn > 0.0)
    }
}

/// Coordinates about the middle of some points, about 1 in size: sums of squares stay exact so.
struct Frame {
    middle: Point,
    scale: f64,
}

impl Frame {
    fn of(points: impl Iterator<Item = Point> + Clone) -> Option<Self> {
        let count = points.clone().count() as f64;
        let middle = points.clone().fold(Point::default(), Point::add) * (1.0 / count);
        let size = points.map(|p| (p - middle).length()).sum::<f64>() / count;
        (size.is_finite() && size > 1e-9).then(|| Self { middle, scale: 1.0 / size })
    }

    fn enter(&self, point: Point) -> Point {
        (point - self.middle) * self.scale
    }

    fn entering(&self) -> [f64; 9] {
        let s = self.scale;
        [s, 0.0, -s * self.middle.x, 0.0, s, -s * self.middle.y, 0.0, 0.0, 1.0]
    }

    fn leave(&self) -> [f64; 9] {
        let s = 1.0 / self.scale;
        [s, 0.0, self.middle.x, 0.0, s, self.middle.y, 0.0, 0.0, 1.0]
    }
}

/// The product of two 3 x 3 matrices, row by row.
fn product(left: &[f64; 9], right: &[f64; 9]) -> [f64; 9] {
    let [a, b, c, d, e, f, g, h, i] = *left;
    let [j, k, l, m, n, o, p, q, r] = *right;
    let row = |x: f64, y: f64, z: f64| [x * j + y * m + z * p, x * k + y * n + z * q, x * l + y * o + z * r];
    let ([s, t, u], [v, w, x], [y, z, last]) = (row(a, b, c), row(d, e, f), row(g, h, i));
    [s, t, u, v, w, x, y, z, last]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Four corners give the plane back wherever one looks, and its inverse undoes it.
        #[test]
        fn a_homography_goes_there_and_back(
            corners in prop::array::uniform4((-40.0..40.0_f64, -40.0..40.0_f64)),
            (x, y) in (0.0..100.0_f64, 0.0..100.0_f64),
        ) {
            let on_code = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)];
            let in_picture = [(100.0, 100.0), (500.0, 100.0), (500.0, 500.0), (100.0, 500.0)];
            let mut pairs = Vec::new();
            for ((m, p), shift) in on_code.into_iter().zip(in_picture).zip(corners) {
                let pixel = Point::new(p.0 + shift.0, p.1 + shift.1);
                pairs.push(Pair { module: Point::new(m.0, m.1), pixel, weight: 1.0 });
            }
            let there = Homography::fit(&pairs).unwrap();
            for pair in &pairs {
                prop_assert!((there.at(pair.module.x, pair.module.y) - pair.pixel).length() < 1e-6);
            }
            prop_assert!(there.is_sound(100.0));
            let turned: Vec<Pair> =
                pairs.iter().map(|p| Pair { module: p.pixel, pixel: p.module, weight: 1.0 }).collect();
            let back = Homography::fit(&turned).unwrap();
            let seen = there.at(x, y);
            prop_assert!((back.at(seen.x, seen.y) - Point::new(x, y)).length() < 1e-5);
        }
    }

    #[test]
    fn three_points_on_a_line_are_no_plane() {
        let pair = |n: f64| Pair { module: Point::new(n, n), pixel: Point::new(n, n), weight: 1.0 };
        assert!(Homography::fit(&[pair(0.0), pair(1.0), pair(2.0), pair(3.0)]).is_none());
        assert!(Homography::fit(&[]).is_none());
    }
}
