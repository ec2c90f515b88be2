//! Heads that lean or turn, shoulders that hang, hair that stands out, lenses and hands that are not still.

use caiying::portrait::Point;

use super::{canvas::Canvas, sitters::Sitter};

/// The sign of a number; zero counts as positive.
fn side(value: f64) -> f64 {
    if value < 0.0 { -1.0 } else { 1.0 }
}

/// The picture turned about the face, clockwise for positive angles.
fn turned(sitter: &Sitter, deg: f64) -> Canvas {
    let middle = Point { x: sitter.face.head.center_x, y: sitter.face.head.eye_line };
    let (sin, cos) = deg.to_radians().sin_cos();
    sitter.canvas.bent(|at| {
        let (x, y) = (at.x - middle.x, at.y - middle.y);
        Point { x: middle.x + x * cos + y * sin, y: middle.y + y * cos - x * sin }
    })
}

/// Leans by at least so many degrees to either side: what the head leans already comes on top.
pub(super) fn leaning(sitter: &Sitter, deg: f64) -> Vec<Canvas> {
    let lean = sitter.face.head.roll_deg;
    [1.0, -1.0].map(|way| turned(sitter, way * deg + if side(lean) == way { 0.0 } else { -lean })).into()
}

/// The head as an ellipsoid around its middle, as deep as it is wide: where the surface that is seen at `at` lies
/// before it turns. What is outside of it stays, and between the two the picture stretches.
fn on_turned_ellipsoid(sitter: &Sitter, at: Point, yaw: f64, pitch: f64) -> Point {
    let head = &sitter.face.head;
    let middle = Point { x: head.center_x, y: f64::midpoint(head.hair_top, head.chin) };
    let (half_width, half_height) = (0.6 * head.face_width, 0.52 * sitter.head());
    let (x, y) = (at.x - middle.x, at.y - middle.y);
    let out = (x / half_width).hypot(y / half_height);
    let depth = half_width * (1.0 - out * out).max(0.0).sqrt();
    // From the ellipsoid to half its size beyond, the turn fades out.
    let share = (3.0 - 2.0 * out).clamp(0.0, 1.0);
    let turn = |along: f64, deg: f64| {
        let (sin, cos) = deg.to_radians().sin_cos();
        along * (1.0 + share * (cos - 1.0)) - depth * sin
    };
    Point { x: middle.x + turn(x, yaw), y: middle.y + turn(y, -pitch) }
}

/// Turned aside by so many degrees beyond what the head is turned already.
pub(super) fn turned_aside(sitter: &Sitter, deg: f64) -> Vec<Canvas> {
    let yaw = deg * side(sitter.face.features.yaw_deg);
    vec![sitter.canvas.bent(|at| on_turned_ellipsoid(sitter, at, yaw, 0.0))]
}

/// The chin up and the chin down by so many degrees.
pub(super) fn nodding(sitter: &Sitter, deg: f64) -> Vec<Canvas> {
    [deg, -deg].map(|pitch| sitter.canvas.bent(|at| on_turned_ellipsoid(sitter, at, 0.0, pitch))).into()
}

/// One shoulder lower than the other: from the chin on the picture is sheared.
pub(super) fn hanging_shoulder(sitter: &Sitter, deg: f64) -> Vec<Canvas> {
    let head = &sitter.face.head;
    let shear = |slope: f64| {
        sitter.canvas.bent(|at| {
            let share = ((at.y - head.chin) / (0.15 * sitter.head())).clamp(0.0, 1.0);
            Point { x: at.x, y: at.y - share * slope * (at.x - head.center_x) }
        })
    };
    let slope = deg.to_radians().tan();
    vec![shear(slope), shear(-slope)]
}

/// Hair that reaches out to so many portrait pixels beside the face's middle: what lies beyond the face is stretched.
/// Nobody whose hair does not stand out at all.
pub(super) fn wide_hair(sitter: &Sitter, reach_px: f64) -> Vec<Canvas> {
    let head = &sitter.face.head;
    let half = 0.45 * head.face_width;
    let widest = |way: f64| {
        let row = head.eye_line;
        let places = (0..400).map(|n| f64::from(n) * 0.5);
        let hair = places.filter(|out| sitter.person(Point { x: head.center_x + way * out, y: row }) > 0.5);
        hair.fold(0.0, f64::max)
    };
    let reach = reach_px * sitter.unit();
    let stretch = [-1.0, 1.0].map(|way| (reach - half) / (widest(way) - half).max(1.0));
    if stretch.iter().any(|stretch| *stretch > 2.5) {
        return Vec::new();
    }
    vec![sitter.canvas.bent(|at| {
        let (x, way) = ((at.x - head.center_x).abs(), side(at.x - head.center_x));
        let stretch = stretch[usize::from(way > 0.0)].max(1.0);
        let from = if x > half { half + (x - half) / stretch } else { x };
        Point { x: head.center_x + way * from, y: at.y }
    })]
}

/// A bun of so many heads on top of the hair, of the hair's own texture.
pub(super) fn bun(sitter: &Sitter, heads: f64) -> Vec<Canvas> {
    let head = &sitter.face.head;
    let (half_width, high) = (0.28 * sitter.head(), heads * sitter.head());
    let foot = head.hair_top + 0.04 * sitter.head();
    vec![sitter.canvas.bent(|at| {
        let up = (foot - at.y) / high;
        let aside = (at.x - head.center_x) / half_width;
        let inside = (0.0..1.0).contains(&up) && aside.abs() < (1.0 - up * up).sqrt();
        // The hair below the foot, upside down and pressed together so that no forehead comes along.
        if inside { Point { x: at.x, y: foot + 0.06 * sitter.head() * up } } else { at }
    })]
}

/// A lens out of focus: every point becomes a disc of so many portrait pixels in radius.
pub(super) fn defocused(sitter: &Sitter, radius_px: f64) -> Vec<Canvas> {
    let radius = radius_px * sitter.unit();
    let steps = || (-4..=4).map(|n| f64::from(n) / 4.0);
    let disc: Vec<(f64, f64)> = steps()
        .flat_map(|y| steps().map(move |x| (x, y)))
        .filter(|(x, y)| x.hypot(*y) <= 1.0)
        .map(|(x, y)| (radius * x, radius * y))
        .collect();
    vec![sitter.canvas.smeared(&disc)]
}

/// Moved by so many portrait pixels while the shutter was open, in each of these directions.
pub(super) fn shaken(sitter: &Sitter, length_px: f64, directions_deg: &[f64]) -> Vec<Canvas> {
    let length = length_px * sitter.unit();
    let ways = directions_deg.iter().map(|deg| {
        let (sin, cos) = deg.to_radians().sin_cos();
        let steps = (0..16).map(|n| length * ((f64::from(n) + 0.5) / 16.0 - 0.5));
        sitter.canvas.smeared(&steps.map(|far| (far * cos, far * sin)).collect::<Vec<_>>())
    });
    ways.collect()
}

/// The same face mirrored, so many times as large, behind the sitter's left shoulder.
pub(super) fn second_face(sitter: &Sitter, size: f64) -> Vec<Canvas> {
    let head = &sitter.face.head;
    let canvas = &sitter.canvas;
    let middle = Point {
        x: head.center_x + 0.55 * sitter.head() + 0.75 * size * sitter.head(),
        y: f64::midpoint(head.hair_top, head.chin),
    };
    let own = Point { x: head.center_x, y: middle.y };
    let wider = canvas.width + (1.2 * sitter.head()) as usize;
    let wide = canvas.cut((0, 0), (wider, canvas.height));
    vec![wide.bent(|at| {
        let (x, y) = ((at.x - middle.x) / size, (at.y - middle.y) / size);
        let inside = (x / (0.45 * sitter.head())).hypot(y / (0.6 * sitter.head())) < 1.0;
        if inside { Point { x: own.x - x, y: own.y + y } } else { at }
    })]
}

/// The frame's edge cuts into the hair, through the cheeks on either side, below the chin.
pub(super) fn out_of_frame(sitter: &Sitter) -> Vec<Canvas> {
    let (head, canvas) = (&sitter.face.head, &sitter.canvas);
    let (width, height) = (canvas.width as f64, canvas.height as f64);
    let top = head.hair_top + 0.1 * sitter.head();
    let (left, right) = (head.center_x - 0.4 * head.face_width, head.center_x + 0.4 * head.face_width);
    let bottom = head.chin + 0.03 * sitter.head();
    let cut = |x: f64, y: f64, end_x: f64, end_y: f64| {
        canvas.cut((x as i64, y as i64), ((end_x - x) as usize, (end_y - y) as usize))
    };
    vec![
        cut(0.0, top, width, height),
        cut(left, 0.0, width, height),
        cut(0.0, 0.0, right, height),
        cut(0.0, 0.0, width, bottom),
    ]
}

/// So small that the pupils are so many pixels apart.
pub(super) fn far_away(sitter: &Sitter, pupils_px: f64) -> Vec<Canvas> {
    let factor = pupils_px / sitter.face.features.pupils_px;
    if factor < 1.0 { vec![sitter.canvas.smaller(factor)] } else { Vec::new() }
}
