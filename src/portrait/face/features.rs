//! What the mesh tells of a face besides where it is: how it is held, how far eyes and mouth are open.
//!
//! Only these few numbers leave the room, not the 478 points: nothing about who a person is can be read from them.
//! Lengths are divided by the distance from the eyes to the chin (T in ISO/IEC 29794-5), so that they mean the same
//! for a child and a giant, near and far.

use super::{
    Expression, Point,
    mesh::{Mesh, at},
};

/// Points of the mesh that only these measures need; right and left are the sitter's own.
mod points {
    /// Outer and inner corner of the right and of the left eye.
    pub(super) const EYE_CORNERS: [[usize; 2]; 2] = [[33, 133], [263, 362]];
    /// Upper and lower lid over each other, three places of the right and of the left eye.
    pub(super) const LIDS: [[[usize; 2]; 3]; 2] =
        [[[160, 144], [159, 145], [158, 153]], [[387, 373], [386, 374], [385, 380]]];
    /// Inner edge of the upper and of the lower lip over each other.
    pub(super) const LIPS: [[usize; 2]; 3] = [[82, 87], [13, 14], [312, 317]];
    /// Between the eyes, where the nose begins.
    pub(super) const NOSE_ROOT: usize = 168;
}

/// How a face is held and how far eyes and mouth are open. A number that could not be measured is NaN.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Features {
    /// How far the face is turned aside, in degrees; positive towards the right of the picture.
    pub yaw_deg: f64,
    /// How far the face is tipped, in degrees of the mesh's own axes; positive when the chin comes forward. A face
    /// that looks straight into the lens does not read 0: see `checks.pitch_zero_deg` in the profile.
    pub pitch_deg: f64,
    /// The widest gap between the lids of the right and of the left eye, in T.
    pub lid_gaps: [f64; 2],
    /// The widest gap between the lips, in T.
    pub lip_gap: f64,
    /// From the top of the forehead to the top of the hair, in lengths from the top of the forehead to the chin.
    pub hair_height: f64,
    /// How far the root of the nose lies off the middle between the cheeks, in half widths of the face; positive to
    /// the right of the picture. Measured without the depth, so a second witness of `yaw_deg`.
    pub nose_aside: f64,
    /// From pupil to pupil, in pixels of the shot.
    pub pupils_px: f64,
    /// The right and the left eye.
    pub eyes: [Eye; 2],
    /// What the face does.
    pub expression: Expression,
}

/// Where an eye is, in pixels of the shot.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Eye {
    /// The outer and the inner corner.
    pub corners: [Point; 2],
    /// The middle of the iris.
    pub iris: Point,
    /// The iris' radius.
    pub iris_radius: f64,
}

impl Features {
    /// Measured on a mesh; `up` pixels of the shot per pixel of the picture the mesh was fitted in.
    pub(super) fn of(mesh: &Mesh, hair_top: f64, expression: Expression, up: f64) -> Self {
        let unit = eye_to_chin(mesh);
        let gap = |pairs: [[usize; 2]; 3]| {
            let gaps = pairs.map(|[upper, lower]| mesh.point(upper).distance(mesh.point(lower)));
            gaps.into_iter().fold(f64::NAN, f64::max) / unit
        };
        let eyes = [eye(mesh, 0, at::RIGHT_IRIS, up), eye(mesh, 1, at::LEFT_IRIS, up)];
        Self {
            yaw_deg: yaw(mesh).to_degrees(),
            pitch_deg: pitch(mesh).to_degrees(),
            lid_gaps: points::LIDS.map(gap),
            lip_gap: gap(points::LIPS),
            hair_height: (mesh.forehead().y - hair_top) / mesh.face_height(),
            nose_aside: nose_aside(mesh),
            pupils_px: mesh.mean(at::RIGHT_IRIS).distance(mesh.mean(at::LEFT_IRIS)) * up,
            eyes,
            expression,
        }
    }
}

impl Features {
    /// The same in a larger picture: `up` of its pixels for each, and where each point comes to lie.
    pub(super) fn placed(self, up: f64, at: impl Fn(f64, f64) -> Point) -> Self {
        let moved = |point: Point| at(point.x, point.y);
        let eyes = self.eyes.map(|eye| Eye {
            corners: eye.corners.map(moved),
            iris: moved(eye.iris),
            iris_radius: eye.iris_radius * up,
        });
        Self { pupils_px: self.pupils_px * up, eyes, ..self }
    }
}

/// T: from the middle between the eyes to the chin. NaN instead of zero, so that nothing is ever divided by it.
fn eye_to_chin(mesh: &Mesh) -> f64 {
    let corners = points::EYE_CORNERS.as_flattened().iter().map(|number| mesh.point(*number));
    let sum =
        corners.fold(Point::default(), |sum, corner| Point { x: sum.x + corner.x, y: sum.y + corner.y });
    let length = Point { x: sum.x / 4.0, y: sum.y / 4.0 }.distance(mesh.chin_point());
    if length > 0.0 { length } else { f64::NAN }
}

fn eye(mesh: &Mesh, which: usize, iris: std::ops::Range<usize>, up: f64) -> Eye {
    let scaled = |point: Point| Point { x: point.x * up, y: point.y * up };
    let corners = points::EYE_CORNERS.get(which).copied().unwrap_or_default();
    // The first point is the middle, the other four lie on the rim.
    let (middle, rim) = (mesh.point(iris.start), iris.skip(1));
    let radius = rim.map(|number| mesh.point(number).distance(middle)).sum::<f64>() / 4.0;
    Eye {
        corners: corners.map(|number| scaled(mesh.point(number))),
        iris: scaled(middle),
        iris_radius: radius * up,
    }
}

/// From one point to another: along the picture's axes and into its depth.
fn span(mesh: &Mesh, from: usize, to: usize) -> [f64; 3] {
    let (a, b) = (mesh.point(from), mesh.point(to));
    let depth = |number: usize| mesh.depths.get(number).copied().unwrap_or(f64::NAN);
    [b.x - a.x, b.y - a.y, depth(to) - depth(from)]
}

/// How far the line through the cheeks, and the one through the outer eye corners, goes into the depth. Measured
/// against the line's own length in the picture, so that a leaning head reads the same.
fn yaw(mesh: &Mesh) -> f64 {
    let lines = [at::CHEEKS, at::OUTER_EYES].map(|[right, left]| {
        let line = span(mesh, right, left);
        let length = line.iter().map(|part| part * part).sum::<f64>().sqrt();
        line.map(|part| part / length)
    });
    let [x, y, z] = [0, 1, 2].map(|axis| lines.iter().filter_map(|line| line.get(axis)).sum::<f64>());
    z.atan2(x.hypot(y))
}

/// How far the line from the forehead to the chin goes into the depth; positive when the chin is nearer.
fn pitch(mesh: &Mesh) -> f64 {
    let [x, y, z] = span(mesh, at::FOREHEAD, at::CHIN);
    (-z).atan2(x.hypot(y))
}

/// The nose root between the cheeks, measured along the line of the cheeks.
fn nose_aside(mesh: &Mesh) -> f64 {
    let [right, left] = at::CHEEKS.map(|number| mesh.point(number));
    let (x, y) = (left.x - right.x, left.y - right.y);
    let nose = mesh.point(points::NOSE_ROOT);
    // 0 at the right cheek, 1 at the left one.
    let share = ((nose.x - right.x) * x + (nose.y - right.y) * y) / (x * x + y * y);
    2.0 * share - 1.0
}

#[cfg(test)]
mod tests {
    use super::{super::mesh::POINTS, *};

    /// A made-up face in units of its own: x to the right of the picture, y downwards, z away from the lens.
    const PLACES: [(usize, [f64; 3]); 18] = [
        (at::FOREHEAD, [0.0, -60.0, 10.0]),
        (at::CHIN, [0.0, 80.0, 10.0]),
        (234, [-70.0, 0.0, 50.0]),
        (454, [70.0, 0.0, 50.0]),
        (168, [0.0, -20.0, 0.0]),
        (33, [-45.0, -20.0, 15.0]),
        (133, [-15.0, -20.0, 15.0]),
        (263, [45.0, -20.0, 15.0]),
        (362, [15.0, -20.0, 15.0]),
        (159, [-30.0, -25.0, 15.0]),
        (145, [-30.0, -17.0, 15.0]),
        (386, [30.0, -23.0, 15.0]),
        (374, [30.0, -19.0, 15.0]),
        (13, [0.0, 48.0, 5.0]),
        (14, [0.0, 50.0, 5.0]),
        (468, [-30.0, -20.0, 15.0]),
        (473, [30.0, -20.0, 15.0]),
        (469, [-24.0, -20.0, 15.0]),
    ];

    /// The face turned aside, tipped and leaning by so many degrees, so many times as large, in a picture's middle.
    fn face(yaw: f64, pitch: f64, roll: f64, size: f64) -> Mesh {
        let mut mesh = Mesh {
            points: vec![Point { x: 500.0, y: 400.0 }; POINTS],
            depths: vec![0.0; POINTS],
            presence_logit: 9.0,
        };
        let [yaw, pitch, roll] = [yaw, pitch, roll].map(f64::to_radians);
        // All of an iris lies in its middle, but for what the places say.
        let irises = [(468, 469..473), (473, 474..478)];
        let rims = irises.into_iter().flat_map(|(middle, rim)| rim.map(move |number| (number, middle)));
        let place = |number: usize| PLACES.iter().find(|(name, _)| *name == number).map(|(_, at)| *at);
        let of_rims = rims.filter_map(|(number, middle)| Some((number, place(number).or(place(middle))?)));
        for (number, [x, y, z]) in PLACES.into_iter().chain(of_rims) {
            let (x, z) = (x * yaw.cos() - z * yaw.sin(), z * yaw.cos() + x * yaw.sin());
            let (y, z) = (y * pitch.cos() + z * pitch.sin(), z * pitch.cos() - y * pitch.sin());
            let (x, y) = (x * roll.cos() - y * roll.sin(), y * roll.cos() + x * roll.sin());
            mesh.points[number] = Point { x: 500.0 + size * x, y: 400.0 + size * y };
            mesh.depths[number] = size * z;
        }
        mesh
    }

    const STILL: Expression = Expression {
        blink: [0.0; 2],
        look_left: 0.0,
        look_right: 0.0,
        look_up: 0.0,
        look_down: 0.0,
        jaw_open: 0.0,
        smile: 0.0,
    };

    fn measured(yaw: f64, pitch: f64, roll: f64) -> Features {
        Features::of(&face(yaw, pitch, roll, 1.0), 300.0, STILL, 1.0)
    }

    #[test]
    fn turns_are_read_in_degrees_and_leaning_changes_nothing() {
        for roll in [0.0, 12.0, -30.0] {
            for turn in [-25.0, -8.0, 0.0, 3.0, 25.0] {
                let (aside, tipped) = (measured(turn, 0.0, roll), measured(0.0, turn, roll));
                assert!((aside.yaw_deg - turn).abs() < 1e-9, "yaw {turn} reads {}", aside.yaw_deg);
                assert!((tipped.pitch_deg - turn).abs() < 1e-9, "pitch {turn} reads {}", tipped.pitch_deg);
            }
        }
    }

    /// Positive yaw is towards the right of the picture: there goes what is nearest to the lens, the nose.
    #[test]
    fn the_nose_goes_where_the_face_turns() {
        assert!(measured(0.0, 0.0, 5.0).nose_aside.abs() < 1e-9);
        assert!(measured(15.0, 0.0, 5.0).nose_aside > 0.1);
        assert!(measured(-15.0, 0.0, 5.0).nose_aside < -0.1);
    }

    #[test]
    fn gaps_are_in_lengths_from_eyes_to_chin_at_any_size() {
        for size in [0.5, 1.0, 3.0] {
            // One picture pixel is two of the shot's.
            let features = Features::of(&face(0.0, 0.0, 0.0, size), 400.0 - 120.0 * size, STILL, 2.0);
            let near =
                |value: f64, wanted: f64| assert!((value - wanted).abs() < 1e-9, "{value}, not {wanted}");
            near(features.lid_gaps[0], 8.0 / 100.0);
            near(features.lid_gaps[1], 4.0 / 100.0);
            near(features.lip_gap, 2.0 / 100.0);
            near(features.hair_height, 60.0 / 140.0);
            // The rims of the irises reach 6 to the right at one place of five: the mean of each eye counts.
            near(features.pupils_px, 2.0 * (60.0 - 6.0 / 5.0) * size);
            near(features.eyes[0].corners[0].x, 2.0 * (500.0 - 45.0 * size));
            near(features.eyes[0].iris_radius, 2.0 * 6.0 * size / 4.0);
        }
    }

    #[test]
    fn a_mesh_that_fell_into_one_point_is_not_known() {
        let features = Features::of(&face(0.0, 0.0, 0.0, 0.0), 300.0, STILL, 1.0);
        let lengths = [features.lid_gaps[0], features.lid_gaps[1], features.lip_gap, features.nose_aside];
        assert!(lengths.iter().all(|length| length.is_nan()), "{lengths:?}");
        assert!(features.yaw_deg.is_nan() && !features.hair_height.is_finite(), "{features:?}");
    }
}
