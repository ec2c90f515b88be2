//! What cannot be had by light or lens is painted, as soberly as possible: closed lids, eyes that look aside, an open
//! mouth, lamps in glasses, red pupils.

use caiying::portrait::{Eye, Point};

use super::{
    canvas::{Canvas, Light, light, luminance, mixed},
    sitters::Sitter,
};

/// An eye with axes of its own: along the corners, and down.
struct Opening {
    middle: Point,
    along: (f64, f64),
    /// From the middle to a corner, and to a lid.
    half: (f64, f64),
}

impl Opening {
    fn of(sitter: &Sitter, which: usize) -> Self {
        let eye = &sitter.face.features.eyes[which];
        let [outer, inner] = eye.corners;
        let (left, right) = if outer.x < inner.x { (outer, inner) } else { (inner, outer) };
        let length = left.distance(right);
        let along = ((right.x - left.x) / length, (right.y - left.y) / length);
        let between = Point { x: f64::midpoint(left.x, right.x), y: f64::midpoint(left.y, right.y) };
        // The corners lie lower than the middle of an open eye.
        let up = 0.3 * ((eye.iris.x - between.x) * along.1 - (eye.iris.y - between.y) * along.0);
        let middle = Point { x: between.x + up * along.1, y: between.y - up * along.0 };
        let unit = sitter.face.head.chin - sitter.face.head.eye_line;
        Self { middle, along, half: (length / 2.0, sitter.face.features.lid_gaps[which] * unit / 2.0) }
    }

    /// Along and down, in pixels.
    fn inside(&self, at: Point) -> (f64, f64) {
        let (x, y) = (at.x - self.middle.x, at.y - self.middle.y);
        (x * self.along.0 + y * self.along.1, y * self.along.0 - x * self.along.1)
    }

    fn place(&self, along: f64, down: f64) -> Point {
        Point {
            x: self.middle.x + along * self.along.0 - down * self.along.1,
            y: self.middle.y + along * self.along.1 + down * self.along.0,
        }
    }
}

/// Both eyes, one after the other.
fn both_eyes(sitter: &Sitter, paint: impl Fn(&Canvas, usize) -> Canvas) -> Canvas {
    paint(&paint(&sitter.canvas, 0), 1)
}

/// Closed: skin from above and below meets where the opening was, and the lashes lie on its lower rim.
pub(super) fn lids_closed(sitter: &Sitter) -> Vec<Canvas> {
    let close = |canvas: &Canvas, which: usize| {
        let eye = Opening::of(sitter, which);
        let (half_length, half_height) = (1.1 * eye.half.0, 2.5 * eye.half.1 + 0.12 * eye.half.0);
        let lash = light([40, 25, 20]);
        canvas.painted(|at, seen| {
            let (along, down) = eye.inside(at);
            let out = (along / half_length).hypot(down / half_height);
            if out >= 1.0 {
                return seen;
            }
            let reach = half_height * (1.0 - (along / half_length).powi(2)).sqrt();
            let (above, below) =
                (canvas.sharp(eye.place(along, -1.15 * reach)), canvas.sharp(eye.place(along, 1.15 * reach)));
            let skin = mixed(above, below, ((down / reach + 1.0) / 2.0) as f32);
            let rim = 0.8 * eye.half.1 * (1.0 - (along / half_length).powi(2));
            let line = 1.0 - ((down - rim) / (0.14 * eye.half.0)).abs();
            let skin = mixed(skin, lash, line.clamp(0.0, 1.0) as f32);
            mixed(seen, skin, (6.0 * (1.0 - out)) as f32)
        })
    };
    vec![both_eyes(sitter, close)]
}

/// The iris as it is, so many of its radii aside, and the white of the eye where it was.
fn irises_moved(sitter: &Sitter, radii: f64) -> Canvas {
    both_eyes(sitter, |canvas, which| {
        let eye = Opening::of(sitter, which);
        let Eye { iris, iris_radius, .. } = sitter.face.features.eyes[which];
        let white = white_of(canvas, &eye, iris, iris_radius);
        let shift = (radii * iris_radius * eye.along.0, radii * iris_radius * eye.along.1);
        let disc = |at: Point, middle: Point| {
            let out = at.distance(middle) / iris_radius;
            ((1.15 - out) / 0.2).clamp(0.0, 1.0) as f32
        };
        canvas.painted(|at, seen| {
            let (along, down) = eye.inside(at);
            let open = (1.0 - (along / eye.half.0).hypot(down / eye.half.1)) / 0.15;
            let back = Point { x: at.x - shift.0, y: at.y - shift.1 };
            let empty = mixed(seen, white, disc(at, iris));
            let moved = mixed(empty, canvas.sharp(back), disc(back, iris));
            mixed(seen, moved, open.clamp(0.0, 1.0) as f32)
        })
    })
}

/// The brightest third of what lies between the lids outside of the iris.
fn white_of(canvas: &Canvas, eye: &Opening, iris: Point, iris_radius: f64) -> Light {
    let steps = || (-15..=15).map(|n| f64::from(n) / 20.0);
    let mut seen: Vec<Light> = steps()
        .flat_map(|y| steps().map(move |x| (x, y)))
        .map(|(x, y)| eye.place(x * eye.half.0, y * eye.half.1))
        .filter(|at| at.distance(iris) > iris_radius)
        .map(|at| canvas.sharp(at))
        .collect();
    seen.sort_by(|a, b| luminance(*b).total_cmp(&luminance(*a)));
    let kept = (seen.len() / 3).max(1);
    let sum = seen.iter().take(kept).fold([0.0; 3], |sum, one| [0, 1, 2].map(|n| sum[n] + one[n]));
    sum.map(|channel| channel / kept as f32)
}

/// Both eyes look aside, to either side.
pub(super) fn looking_aside(sitter: &Sitter, radii: f64) -> Vec<Canvas> {
    vec![irises_moved(sitter, radii), irises_moved(sitter, -radii)]
}

/// The jaw dropped by this share of the way from the eyes to the chin, dark between the lips. Where the mouth is, is
/// guessed: at 0.56 of that way.
pub(super) fn mouth_open(sitter: &Sitter, share: f64) -> Vec<Canvas> {
    let head = &sitter.face.head;
    let unit = head.chin - head.eye_line;
    let lean = head.roll_deg.to_radians();
    let (mouth, lips, gap) = (0.56 * unit, 0.12 * unit, share * unit);
    // Along and down from the middle between the eyes, with the face's own lean.
    let eyes = sitter.face.features.eyes.map(|eye| eye.iris);
    let middle = Point { x: f64::midpoint(eyes[0].x, eyes[1].x), y: f64::midpoint(eyes[0].y, eyes[1].y) };
    let (sin, cos) = lean.sin_cos();
    let inside = |at: Point| {
        let (x, y) = (at.x - middle.x, at.y - middle.y);
        (x * cos + y * sin, y * cos - x * sin - mouth)
    };
    let place = |along: f64, down: f64| {
        let down = down + mouth;
        Point { x: middle.x + along * cos - down * sin, y: middle.y + along * sin + down * cos }
    };
    let dropped = sitter.canvas.bent(|at| {
        let (along, down) = inside(at);
        let fade = (1.6 - 2.0 * (along / head.face_width).abs() * 1.4).clamp(0.0, 1.0);
        let gap = gap * fade;
        if down <= 0.0 || gap <= 0.0 {
            return at;
        }
        // Below the clothes' rim nothing moves.
        let still = ((down - 0.8 * unit) / (0.4 * unit)).clamp(0.0, 1.0);
        let from = if down < lips + gap { down * lips / (lips + gap) } else { down - gap * (1.0 - still) };
        place(along, from)
    });
    let (dark, lip) = (light([45, 15, 15]), light([150, 75, 70]));
    let wide = 0.17 * head.face_width;
    vec![dropped.painted(|at, seen| {
        let (along, down) = inside(at);
        let out = (along / wide).hypot((down - gap / 2.0) / (gap / 2.0 + 0.02 * unit));
        let rim = mixed(seen, lip, ((1.25 - out) / 0.1).clamp(0.0, 1.0) as f32);
        mixed(rim, dark, ((1.0 - out) / 0.1).clamp(0.0, 1.0) as f32)
    })]
}

/// Lamps in both glasses: light is added in an ellipse of this share of the eye's length, half as high.
pub(super) fn lamps_in_glasses(sitter: &Sitter, share: f64) -> Vec<Canvas> {
    let lamp = |canvas: &Canvas, which: usize| {
        let eye = Opening::of(sitter, which);
        let half = (2.0 * share * eye.half.0, share * eye.half.0);
        canvas.painted(|at, seen| {
            let (along, down) = eye.inside(at);
            let out = ((along - 0.3 * half.0) / half.0).hypot((down + 0.3 * half.1) / half.1);
            let added = 1.1 * ((1.1 - out) / 0.2).clamp(0.0, 1.0) as f32;
            seen.map(|channel| channel + added)
        })
    };
    vec![both_eyes(sitter, lamp)]
}

/// A flash beside the lens: the pupils, 0.7 of the irises wide, glow in this colour.
pub(super) fn red_pupils(sitter: &Sitter, glow: [u8; 3]) -> Vec<Canvas> {
    let paint = |canvas: &Canvas, which: usize| {
        let Eye { iris, iris_radius, .. } = sitter.face.features.eyes[which];
        let opening = Opening::of(sitter, which);
        canvas.painted(|at, seen| {
            let (along, down) = opening.inside(at);
            let open = (along / opening.half.0).hypot(down / opening.half.1) < 1.0;
            let pupil = ((0.75 - at.distance(iris) / iris_radius) / 0.1).clamp(0.0, 1.0);
            if open { mixed(seen, light(glow), pupil as f32) } else { seen }
        })
    };
    vec![both_eyes(sitter, paint)]
}
