//! Too much light, too little, from one side, of another colour; another cloth, other clothes.

use caiying::portrait::Point;

use super::{
    canvas::{Canvas, Light, light, luminance, mixed, scaled},
    sitters::Sitter,
};

/// The shutter open so many times as long.
pub(super) fn exposed(sitter: &Sitter, times: f32) -> Vec<Canvas> {
    vec![sitter.canvas.painted(|_, seen| scaled(seen, times))]
}

/// A lamp on one side: across the face the light falls to this share. It stands where the face is brighter already; on
/// the other side it would only even the light out.
pub(super) fn side_lit(sitter: &Sitter, share: f64) -> Vec<Canvas> {
    let head = &sitter.face.head;
    let half = |way: f64| {
        let places = (0..900).map(|n| (f64::from(n % 30) / 30.0, f64::from(n / 30) / 30.0));
        let seen = places.map(|(x, y)| {
            let x = head.center_x + way * (0.1 + 0.2 * x) * head.face_width;
            let y = head.eye_line + (0.2 + 0.3 * y) * (head.chin - head.eye_line);
            luminance(sitter.canvas.pixel(x as i64, y as i64))
        });
        seen.sum::<f32>()
    };
    let way = if half(-1.0) >= half(1.0) { 1.0 } else { -1.0 };
    vec![sitter.canvas.painted(|at, seen| {
        let across = (way * (at.x - head.center_x) / head.face_width + 0.5).clamp(0.0, 1.0);
        scaled(seen, share.powf(across) as f32)
    })]
}

/// White balance for other lamps: each channel times so much.
pub(super) fn balanced(sitter: &Sitter, times: Light) -> Vec<Canvas> {
    vec![sitter.canvas.painted(|_, seen| [0, 1, 2].map(|n| seen[n] * times[n]))]
}

/// No colour at all.
pub(super) fn grey(sitter: &Sitter) -> Vec<Canvas> {
    vec![sitter.canvas.painted(|_, seen| [luminance(seen); 3])]
}

/// How much of a place is cloth, softly along the outline.
fn cloth(sitter: &Sitter, at: Point) -> f32 {
    let person = sitter.person(at);
    ((0.6 - person) / 0.4).clamp(0.0, 1.0)
}

/// How much of a place is clothes, neck and all, softly along the outline.
fn clothes(sitter: &Sitter, at: Point) -> f32 {
    let below = (at.y - sitter.face.head.chin) / (0.12 * sitter.head());
    (1.0 - cloth(sitter, at)) * below.clamp(0.0, 1.0) as f32
}

/// The mean luminance of what a share is given of.
fn mean(sitter: &Sitter, of: impl Fn(Point) -> f32) -> f32 {
    let (mut sum, mut count) = (0.0, 0.0);
    for n in 0..4000_u32 {
        let place = |n: u32, steps: u32, length: usize| {
            (f64::from(n % steps) + 0.5) / f64::from(steps) * length as f64
        };
        let at = Point { x: place(n, 50, sitter.canvas.width), y: place(n / 50, 80, sitter.canvas.height) };
        let share = of(at);
        sum += share * luminance(sitter.canvas.pixel(at.x as i64, at.y as i64));
        count += share;
    }
    sum / count.max(1.0)
}

/// A cloth of another colour, with the light and the folds of the one that hung there.
pub(super) fn other_cloth(sitter: &Sitter, colour: [u8; 3]) -> Vec<Canvas> {
    let (colour, usual) = (light(colour), mean(sitter, |at| cloth(sitter, at)));
    vec![sitter.canvas.painted(|at, seen| {
        let shade = (luminance(seen) / usual).clamp(0.7, 1.3);
        mixed(seen, scaled(colour, shade), cloth(sitter, at))
    })]
}

/// The cloth in another light, which depends on the place.
fn cloth_lit(sitter: &Sitter, share: impl Fn(Point) -> f64) -> Vec<Canvas> {
    vec![sitter.canvas.painted(|at, seen| mixed(seen, scaled(seen, share(at) as f32), cloth(sitter, at)))]
}

/// Folds: every 40 portrait pixels the cloth's light falls by this share and comes back.
pub(super) fn folded(sitter: &Sitter, depth: f64) -> Vec<Canvas> {
    let length = 40.0 * sitter.unit();
    cloth_lit(sitter, |at| 1.0 - depth * (0.5 + 0.5 * (std::f64::consts::TAU * at.x / length).sin()))
}

/// A dark post behind the sitter, 60 portrait pixels wide.
pub(super) fn with_post(sitter: &Sitter) -> Vec<Canvas> {
    let (head, unit) = (&sitter.face.head, sitter.unit());
    let post = light([60, 45, 35]);
    let stands = |at: Point| (130.0..190.0).contains(&((head.center_x - at.x) / unit));
    vec![sitter.canvas.painted(
        |at, seen| {
            if stands(at) { mixed(seen, post, cloth(sitter, at)) } else { seen }
        },
    )]
}

/// The cloth's lamp on one side: the other side of the portrait gets this share of the light.
pub(super) fn cloth_side_lit(sitter: &Sitter, share: f64) -> Vec<Canvas> {
    let (head, unit) = (&sitter.face.head, sitter.unit());
    cloth_lit(sitter, |at| share.powf((0.5 + (at.x - head.center_x) / (480.0 * unit)).clamp(0.0, 1.0)))
}

/// The head's shadow, so many portrait pixels aside and a third of it lower, with this share of the light left; on each
/// side.
pub(super) fn with_shadow(sitter: &Sitter, aside_px: f64, share: f64) -> Vec<Canvas> {
    let unit = sitter.unit();
    let shaded = |way: f64| {
        cloth_lit(sitter, |at| {
            let thrown = Point { x: at.x - way * aside_px * unit, y: at.y - aside_px / 3.0 * unit };
            1.0 - (1.0 - share) * f64::from(sitter.person(thrown))
        })
    };
    [shaded(1.0), shaded(-1.0)].concat()
}

/// Clothes of another colour, with the folds of the ones that were worn.
pub(super) fn other_clothes(sitter: &Sitter, colour: Light) -> Vec<Canvas> {
    let usual = mean(sitter, |at| clothes(sitter, at)).max(0.01);
    vec![sitter.canvas.painted(|at, seen| {
        let shade = (luminance(seen) / usual).clamp(0.75, 1.25);
        mixed(seen, scaled(colour, shade), clothes(sitter, at))
    })]
}

/// Clothes of the cloth's own colour.
pub(super) fn clothes_of_cloth(sitter: &Sitter) -> Vec<Canvas> {
    let head = &sitter.face.head;
    let (mut sum, mut count) = ([0.0_f32; 3], 0.0_f32);
    for (x, y) in (-60..60).flat_map(|x| (0..60).map(move |y| (f64::from(x), f64::from(y)))) {
        let unit = sitter.unit();
        let at = Point { x: head.center_x + 4.0 * x * unit, y: head.hair_top + 6.0 * y * unit };
        let share = cloth(sitter, at);
        let seen = sitter.canvas.pixel(at.x as i64, at.y as i64);
        sum = [0, 1, 2].map(|n| sum[n] + share * seen[n]);
        count += share;
    }
    other_clothes(sitter, sum.map(|channel| channel / count.max(1.0)))
}
