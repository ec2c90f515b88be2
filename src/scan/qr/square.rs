//! How a finder pattern lies: the straight lines of its edges, to a fraction of a pixel.

use super::{
    finder::{EDGES, Finder},
    geometry::{Equation, Point, least_squares},
};

/// A finder pattern's place, turn, size and slant: modules from its middle to pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Square {
    pub(super) centre: Point,
    /// One module along the code's rows, and one along its columns, in pixels.
    pub(super) across: Point,
    pub(super) down: Point,
}

impl Square {
    /// Lays a square on a pattern whose axes point roughly this way.
    pub(super) fn on(finder: &Finder, across: Point, down: Point) -> Option<Self> {
        let axis = |along: Point| along * (reach(finder, along) / EDGES[2] / along.length());
        let mut square = Self { centre: finder.centre, across: axis(across), down: axis(down) };
        for _ in 0..4 {
            square = square.fitted(finder)?;
        }
        let (a, b) = (square.across.length(), square.down.length());
        let pitch = finder.pitch;
        let fits = (0.4 * pitch..2.5 * pitch).contains(&a) && (0.4 * pitch..2.5 * pitch).contains(&b);
        (fits && (square.centre - finder.centre).length() < 1.5 * pitch).then_some(square)
    }

    /// Where a place lies that is so many modules from the middle.
    pub(super) fn at(&self, x: f64, y: f64) -> Point {
        self.centre + self.across * x + self.down * y
    }

    /// Where a pixel lies, in modules from the middle.
    fn modules(&self, pixel: Point) -> Point {
        let (to, turn) = (pixel - self.centre, self.across.cross(self.down));
        Point::new(to.cross(self.down) / turn, self.across.cross(to) / turn)
    }

    /// Each point where a ray met an edge lies on the side that the present square says it lies on; the lines
    /// through those points make a better square. Points near the sides' ends are left out: blur rounds corners.
    fn fitted(&self, finder: &Finder) -> Option<Self> {
        let (mut sideways, mut upwards) = (Vec::new(), Vec::new());
        for ray in &finder.rays {
            for (far, edge) in ray.edges.iter().zip(EDGES) {
                let pixel = ray.direction * *far;
                let at = self.modules(finder.centre + pixel);
                let equation = |place: f64| {
                    let sum = edge.copysign(place);
                    Equation { factors: [pixel.x, pixel.y, 1.0], sum, weight: 1.0 }
                };
                if at.x.abs() > 1.2 * at.y.abs() {
                    sideways.push(equation(at.x));
                } else if at.y.abs() > 1.2 * at.x.abs() {
                    upwards.push(equation(at.y));
                }
            }
        }
        let [a, b, c] = least_squares(sideways.into_iter(), 1e-9)?;
        let [d, e, f] = least_squares(upwards.into_iter(), 1e-9)?;
        // Those lead from pixels to modules; turned round they are the square.
        let turn = a * e - b * d;
        if turn.abs() < 1e-9 {
            return None;
        }
        let (across, down) = (Point::new(e, -d) * (1.0 / turn), Point::new(-b, a) * (1.0 / turn));
        Some(Self { centre: finder.centre - across * c - down * f, across, down })
    }
}

/// How far the outermost edge is in the direction of an axis, in pixels: where it is nearest thereabouts.
fn reach(finder: &Finder, along: Point) -> f64 {
    let near = finder.rays.iter().filter(|ray| ray.direction.dot(along) > 0.95 * along.length());
    let least = near.map(|ray| ray.edges[2]).fold(f64::MAX, f64::min);
    if least < f64::MAX { least } else { finder.pitch * EDGES[2] }
}
