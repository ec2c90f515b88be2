//! How a code lies in the picture: its version, and the plane laid through its finder, timing and alignment
//! patterns.

use super::{
    super::Luma,
    geometry::{Homography, Pair, Point},
    layout::{self, VERSIONS},
    light::light,
    square::Square,
    triple::Triple,
};

/// A code that was found in a picture, and not read yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plane {
    pub(super) version: usize,
    /// From modules to pixels.
    pub(super) place: Homography,
    /// Whether it is dark on light ground.
    pub(super) dark: bool,
    /// How much of the timing patterns is as it must be: a half by chance, 1 at best.
    timing: f64,
}

/// Less of a timing pattern than this is none.
const TIMING: f64 = 0.7;

/// So many versions are tried at most: the width of a blurred code is known to a few modules.
const VERSIONS_TRIED: usize = 2;

/// The middle of a finder pattern is so far from the code's corner, in modules.
const INSET: f64 = 3.5;

impl Plane {
    /// The four corners of the code in the picture: upper left, upper right, lower right, lower left.
    pub(super) fn corners(&self) -> [(i32, i32); 4] {
        let far = layout::side(self.version) as f64;
        let corners = [(0.0, 0.0), (far, 0.0), (far, far), (0.0, far)].map(|(x, y)| self.place.at(x, y));
        corners.map(|p| (p.x.round() as i32, p.y.round() as i32))
    }
}

/// The ways three finder patterns may be those of a code, the likeliest first.
pub(super) fn planes(picture: &Luma, triple: &Triple<'_>) -> Vec<Plane> {
    laid(picture, triple).unwrap_or_default()
}

fn laid(picture: &Luma, triple: &Triple<'_>) -> Option<Vec<Plane>> {
    let across = triple.right.centre - triple.corner.centre;
    let down = triple.below.centre - triple.corner.centre;
    let corner = Square::on(triple.corner, across, down)?;
    let right = Square::on(triple.right, across, down)?;
    let below = Square::on(triple.below, across, down)?;
    let modules = |way: Point, a: Point, b: Point| 2.0 * way.length() / (a.length() + b.length()) + 7.0;
    let wide = modules(right.centre - corner.centre, corner.across, right.across);
    let tall = modules(below.centre - corner.centre, corner.down, below.down);
    if !(0.7..1.4).contains(&(wide / tall)) {
        return None;
    }
    let guess = ((wide + tall) / 2.0 - 17.0) / 4.0;
    let mut found: Vec<Plane> = VERSIONS
        .filter(|version| (*version as f64 - guess).abs() <= 1.0 + 0.06 * guess)
        .filter_map(|version| {
            let pairs = on_finders(&[corner, right, below], version);
            let place = Homography::fit(&pairs)?;
            if !place.is_sound(layout::side(version) as f64) {
                return None;
            }
            let dark = triple.corner.dark;
            let timing = timing(picture, &place, version, dark);
            (timing >= TIMING).then(|| aligned(picture, Plane { version, place, dark, timing }, pairs))
        })
        .collect();
    found.sort_by(|a, b| b.timing.total_cmp(&a.timing));
    found.truncate(VERSIONS_TRIED);
    Some(found)
}

/// The corners and the middles of the three finder patterns.
fn on_finders([corner, right, below]: &[Square; 3], version: usize) -> Vec<Pair> {
    let far = layout::side(version) as f64 - INSET;
    let places = [(corner, INSET, INSET), (right, far, INSET), (below, INSET, far)];
    let points = [(0.0, 0.0), (-3.5, -3.5), (3.5, -3.5), (3.5, 3.5), (-3.5, 3.5)];
    let pair = |(square, x, y): (&Square, f64, f64), (dx, dy): (f64, f64)| Pair {
        module: Point::new(x + dx, y + dy),
        pixel: square.at(dx, dy),
        weight: 1.0,
    };
    places.into_iter().flat_map(|place| points.into_iter().map(move |point| pair(place, point))).collect()
}

/// How many neighbours along the two timing patterns differ the way they must.
fn timing(picture: &Luma, place: &Homography, version: usize, dark: bool) -> f64 {
    let last = layout::side(version) - 7;
    let line = |at: &dyn Fn(f64) -> Point| -> usize {
        let greys: Vec<f32> = (7..last).map(|n| light(picture, at(n as f64 + 0.5))).collect();
        let right = |(n, pair): (usize, &[f32])| match pair {
            // Module 7 is light, 8 is dark, and so on.
            [a, b] => (a > b) == (n.is_multiple_of(2) == dark),
            _ => false,
        };
        greys.windows(2).enumerate().filter(|found| right(*found)).count()
    };
    let good = line(&|n| place.at(n, 6.5)) + line(&|n| place.at(6.5, n));
    good as f64 / (2 * (last - 8)) as f64
}

/// The plane corrected by the alignment patterns, from those near the finder patterns to the far corner, each
/// looked for where the ones before it say.
fn aligned(picture: &Luma, plane: Plane, mut pairs: Vec<Pair>) -> Plane {
    let far = layout::side(plane.version) as f64;
    let corners = [(0.0, 0.0), (far, 0.0), (0.0, far)];
    let middle = |(x, y): (usize, usize)| Point::new(x as f64 + 0.5, y as f64 + 0.5);
    let distance =
        |at: Point| corners.iter().map(|(x, y)| (at - Point::new(*x, *y)).length()).fold(f64::MAX, f64::min);
    let mut patterns: Vec<Point> = layout::alignments(plane.version).into_iter().map(middle).collect();
    patterns.sort_by(|a, b| distance(*a).total_cmp(&distance(*b)));
    let finders = pairs.len();
    let mut place = plane.place;
    for pattern in &patterns {
        let reach = (1.0 + 0.06 * distance(*pattern)).min(6.0);
        if let Some(pixel) = seek(picture, &place, *pattern, reach, plane.dark) {
            pairs.push(Pair { module: *pattern, pixel, weight: 2.0 });
            place = Homography::fit(&pairs).filter(|place| place.is_sound(far)).unwrap_or(place);
        }
    }
    // Once more, now that all is near its place: whatever was a mistake is not found again.
    if patterns.len() > 1 {
        pairs.truncate(finders);
        for pattern in &patterns {
            if let Some(pixel) = seek(picture, &place, *pattern, 0.6, plane.dark) {
                pairs.push(Pair { module: *pattern, pixel, weight: 2.0 });
            }
        }
        place = Homography::fit(&pairs).filter(|place| place.is_sound(far)).unwrap_or(place);
    }
    Plane { place, timing: timing(picture, &place, plane.version, plane.dark), ..plane }
}

/// An alignment pattern must look like one at least so much: 1 is perfect, 0 is chance.
const LIKENESS: f32 = 0.6;

/// Looks for an alignment pattern around where it should be, up to `reach` modules away.
fn seek(picture: &Luma, place: &Homography, pattern: Point, reach: f64, dark: bool) -> Option<Point> {
    let expected = place.at(pattern.x, pattern.y);
    let steps = place.steps(pattern.x, pattern.y);
    let at = |x: f64, y: f64| expected + steps.0 * x + steps.1 * y;
    let look = |(x, y): (f64, f64)| (likeness(picture, at(x, y), steps, dark), x, y);
    let likelier = |a: &(f32, f64, f64), b: &(f32, f64, f64)| a.0.total_cmp(&b.0);
    let grid = |reach: f64, step: f64| {
        let count = (reach / step).round() as i32;
        let places = move |n: i32| f64::from(n) * step;
        (-count..=count).flat_map(move |y| (-count..=count).map(move |x| (places(x), places(y))))
    };
    let (mut best, mut x, mut y) = grid(reach, 0.5).map(look).max_by(likelier)?;
    for step in [0.25, 0.125, 0.0625] {
        (best, x, y) = grid(step, step).map(|(dx, dy)| look((x + dx, y + dy))).max_by(likelier)?;
    }
    (best >= LIKENESS).then(|| at(x, y))
}

/// How much a place looks like the middle of an alignment pattern: the correlation of its 25 modules with ink,
/// paper, ink from the outside in.
fn likeness(picture: &Luma, at: Point, (across, down): (Point, Point), dark: bool) -> f32 {
    let (mut ink, mut paper, mut squares) = (0.0, 0.0, 0.0);
    for row in -2..=2_i32 {
        for column in -2..=2_i32 {
            let grey = light(picture, at + across * f64::from(column) + down * f64::from(row));
            squares += grey * grey;
            if row.abs().max(column.abs()) == 1 { paper += grey } else { ink += grey }
        }
    }
    // 17 modules of ink, 8 of paper.
    let mean = (ink + paper) / 25.0;
    let spread = (squares - 25.0 * mean * mean).max(1.0).sqrt();
    let difference = (paper / 8.0 - ink / 17.0) * (8.0 * 17.0_f32 / 25.0).sqrt();
    if dark { difference / spread } else { -difference / spread }
}
