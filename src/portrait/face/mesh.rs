//! 478 points on a face: chin, cheeks, pupils, outline.
//!
//! The network wants an upright face, so its window (and only its window) is turned with the eyes. It is run
//! twice, the second time on the window the first result suggests (facts/portrait.md section 4b).

use super::{
    FinderError, Point,
    models::Net,
    sample::{SIDE, Window},
    yunet::Detection,
};
use crate::portrait::Picture;

/// The window's side in face sides (MediaPipe's own margin).
const MARGIN: f64 = 1.5;

/// The mesh's lowest chin point sits above the true chin by this share of the head (facts/portrait.md 4b).
const CHIN_BELOW_POINT: f64 = 0.005;

/// Points of the mesh, by MediaPipe's numbering; right and left are the sitter's own.
pub(super) mod at {
    pub(in crate::portrait::face) const CHIN: usize = 152;
    pub(in crate::portrait::face) const FOREHEAD: usize = 10;
    pub(in crate::portrait::face) const CHEEKS: [usize; 2] = [234, 454];
    pub(in crate::portrait::face) const OUTER_EYES: [usize; 2] = [33, 263];
    pub(in crate::portrait::face) const RIGHT_IRIS: std::ops::Range<usize> = 468..473;
    pub(in crate::portrait::face) const LEFT_IRIS: std::ops::Range<usize> = 473..478;
    pub(in crate::portrait::face) const OUTLINE: [usize; 36] = [
        10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148,
        176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
    ];
}

/// How many points there are.
pub(super) const POINTS: usize = 478;

/// A fitted mesh, in pixels of the picture it was fitted in.
pub(super) struct Mesh {
    pub(super) points: Vec<Point>,
    /// How far behind the middle of the head each point lies, on the same scale; smaller is nearer the lens.
    pub(super) depths: Vec<f64>,
    /// How sure the network is that there is a face, before the sigmoid.
    pub(super) presence_logit: f32,
}

/// Fits the mesh to a detected face.
pub(super) fn fit(net: &Net, picture: &Picture, face: &Detection) -> Result<Mesh, FinderError> {
    let rough = fit_roughly(net, picture, face)?;
    run(net, picture, rough.window())
}

/// The same in one go, on the window the detector suggests.
pub(super) fn fit_roughly(net: &Net, picture: &Picture, face: &Detection) -> Result<Mesh, FinderError> {
    let [right, left] = face.eyes;
    let centre = Point { x: face.x + face.width / 2.0, y: face.y + face.height / 2.0 };
    run(net, picture, Window::new(centre, MARGIN * face.width.max(face.height), angle(right, left)))
}

fn run(net: &Net, picture: &Picture, window: Window) -> Result<Mesh, FinderError> {
    let outputs = net.run(window.planes_rgb(picture), SIDE, SIDE)?;
    let [landmarks, presence, ..] = outputs.as_slice() else { return Err(net.bad_shape()) };
    let (points, depths): (Vec<Point>, Vec<f64>) = landmarks
        .chunks_exact(3)
        .filter_map(|point| match point {
            &[x, y, depth] => {
                Some((window.to_picture(f64::from(x), f64::from(y)), f64::from(depth) * window.step()))
            }
            _ => None,
        })
        .unzip();
    match (points.len(), presence.first()) {
        (POINTS, Some(presence_logit)) => Ok(Mesh { points, depths, presence_logit: *presence_logit }),
        _ => Err(net.bad_shape()),
    }
}

/// How far the line from the first to the second point is turned, in radians.
fn angle(from: Point, to: Point) -> f64 {
    (to.y - from.y).atan2(to.x - from.x)
}

impl Mesh {
    pub(super) fn point(&self, number: usize) -> Point {
        self.points.get(number).copied().unwrap_or_default()
    }

    /// The upright window around all points, turned with the eyes.
    fn window(&self) -> Window {
        let [right, left] = at::OUTER_EYES.map(|number| self.point(number));
        let turn = angle(right, left);
        let (sin, cos) = turn.sin_cos();
        let mut low = Point { x: f64::INFINITY, y: f64::INFINITY };
        let mut high = Point { x: f64::NEG_INFINITY, y: f64::NEG_INFINITY };
        for point in &self.points {
            let along = Point { x: cos * point.x + sin * point.y, y: cos * point.y - sin * point.x };
            low = Point { x: low.x.min(along.x), y: low.y.min(along.y) };
            high = Point { x: high.x.max(along.x), y: high.y.max(along.y) };
        }
        let middle = Point { x: f64::midpoint(low.x, high.x), y: f64::midpoint(low.y, high.y) };
        let centre = Point { x: cos * middle.x - sin * middle.y, y: sin * middle.x + cos * middle.y };
        Window::new(centre, MARGIN * (high.x - low.x).max(high.y - low.y), turn)
    }

    /// From the top of the forehead to the chin point.
    pub(super) fn face_height(&self) -> f64 {
        self.point(at::FOREHEAD).distance(self.point(at::CHIN))
    }

    /// The top of the forehead.
    pub(super) fn forehead(&self) -> Point {
        self.point(at::FOREHEAD)
    }

    /// The chin point itself, without the correction of [`Mesh::chin`].
    pub(super) fn chin_point(&self) -> Point {
        self.point(at::CHIN)
    }

    /// The lowest point of the chin, corrected for the mesh's habit.
    pub(super) fn chin(&self, hair_top: f64) -> f64 {
        let point = self.point(at::CHIN).y;
        CHIN_BELOW_POINT.mul_add(point - hair_top, point)
    }

    /// From cheek to cheek.
    pub(super) fn face_width(&self) -> f64 {
        let [right, left] = at::CHEEKS.map(|number| self.point(number));
        right.distance(left)
    }

    /// Middle between the cheeks.
    pub(super) fn center_x(&self) -> f64 {
        let [right, left] = at::CHEEKS.map(|number| self.point(number));
        f64::midpoint(right.x, left.x)
    }

    /// Mean height of the pupils.
    pub(super) fn eye_line(&self) -> f64 {
        f64::midpoint(self.mean(at::RIGHT_IRIS).y, self.mean(at::LEFT_IRIS).y)
    }

    /// How far the line of the pupils leans, in degrees.
    pub(super) fn roll_deg(&self) -> f64 {
        angle(self.mean(at::RIGHT_IRIS), self.mean(at::LEFT_IRIS)).to_degrees()
    }

    /// The outline of the face in a picture `up` times as large.
    pub(super) fn outline(&self, up: f64) -> Vec<Point> {
        let points = at::OUTLINE.into_iter().map(|number| self.point(number));
        points.map(|point| Point { x: point.x * up, y: point.y * up }).collect()
    }

    pub(super) fn mean(&self, numbers: std::ops::Range<usize>) -> Point {
        let count = numbers.len() as f64;
        let sum = numbers.fold(Point::default(), |sum, number| {
            let point = self.point(number);
            Point { x: sum.x + point.x, y: sum.y + point.y }
        });
        Point { x: sum.x / count, y: sum.y / count }
    }
}
