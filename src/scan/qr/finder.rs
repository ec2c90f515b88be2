//! The finder patterns: squares in squares, whose sides are as 1 : 1 : 3 : 1 : 1 along any line through the
//! middle, however turned or tilted.

use std::f64::consts::TAU;

use super::{
    super::Luma,
    geometry::Point,
    light::{Thresholds, light},
};

/// How far from the middle of a finder pattern its three edges are along its axes, in modules.
pub(super) const EDGES: [f64; 3] = [1.5, 2.5, 3.5];

/// So many rays are sent from the middle of a pattern to its edges.
const RAYS: usize = 32;

/// So many of them must meet three edges in the right proportion.
const GOOD_RAYS: usize = 24;

/// More patterns than this in one picture are noise or wallpaper; the rest is not looked at.
const MOST: usize = 200;

/// So many of them are kept, those that most rays confirm.
const KEPT: usize = 40;

/// A finder pattern.
#[derive(Debug, Clone)]
pub(super) struct Finder {
    pub(super) centre: Point,
    /// The side of a module if the pattern were a square seen from the front, in pixels.
    pub(super) pitch: f64,
    /// Whether it is dark on light ground, as printed codes are.
    pub(super) dark: bool,
    /// Where rays from its middle meet its edges.
    pub(super) rays: Vec<Ray>,
}

impl Finder {
    /// The share of its rays that met no pattern.
    pub(super) fn doubt(&self) -> f64 {
        1.0 - self.rays.len() as f64 / RAYS as f64
    }
}

/// A line from the middle of a finder pattern outwards.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ray {
    pub(super) direction: Point,
    /// How far away the three edges are, in pixels.
    pub(super) edges: [f64; 3],
}

/// Ink and paper, for one pattern.
#[derive(Clone, Copy)]
struct Contrast {
    threshold: f32,
    dark: bool,
}

impl Contrast {
    /// Above nought on ink.
    fn ink(self, grey: f32) -> f32 {
        if self.dark { self.threshold - grey } else { grey - self.threshold }
    }
}

/// The finder patterns of a picture.
pub(super) fn finders(picture: &Luma, thresholds: &Thresholds) -> Vec<Finder> {
    let mut found: Vec<Finder> = Vec::new();
    let mut edges: Vec<f64> = Vec::new();
    for (row, pixels) in picture.pixels.chunks_exact(picture.width.max(1)).enumerate().step_by(2) {
        edges.clear();
        let first_is_ink = edges_of(pixels, thresholds.along(row), &mut edges);
        for (n, six) in edges.windows(6).enumerate() {
            let &[a, b, c, d, e, f] = six else { continue };
            let runs = [b - a, c - b, d - c, e - d, f - e];
            if !proportionate(runs) {
                continue;
            }
            // The run before edge n is ink if the row begins with ink and n is even; the one behind is not.
            let dark = first_is_ink != n.is_multiple_of(2);
            let middle = Point::new((c + d) / 2.0, row as f64 + 0.5);
            if is_known(&found, middle, dark) {
                continue;
            }
            let finder = confirm(picture, thresholds, middle, (f - a) / 7.0, dark);
            found.extend(finder.filter(|finder| !is_known(&found, finder.centre, dark)));
        }
        if found.len() >= MOST {
            break;
        }
    }
    found.sort_by(|a, b| a.doubt().total_cmp(&b.doubt()));
    found.truncate(KEPT);
    found
}

/// Whether a place lies in a pattern that was found already.
fn is_known(found: &[Finder], place: Point, dark: bool) -> bool {
    found.iter().any(|f| f.dark == dark && (f.centre - place).length() < 2.5 * f.pitch)
}

/// Where a row changes between ink and paper, between the pixels; tells whether it begins with ink.
fn edges_of(pixels: &[u8], thresholds: &[u8], edges: &mut Vec<f64>) -> bool {
    let is_ink = |pixel: Option<&u8>| matches!((pixel, thresholds.first()), (Some(p), Some(t)) if p < t);
    let first = is_ink(pixels.first());
    let (mut was_ink, mut last) = (first, pixels.first().copied().unwrap_or(0));
    for (n, (block, threshold)) in pixels.chunks(Thresholds::block()).zip(thresholds).enumerate() {
        for (m, pixel) in block.iter().enumerate() {
            if (pixel < threshold) != was_ink {
                was_ink = !was_ink;
                // Half a grey level, because ink is what lies below a threshold.
                let (to, step) =
                    (f64::from(*threshold) - 0.5 - f64::from(last), f64::from(*pixel) - f64::from(last));
                let part = if step == 0.0 { 0.5 } else { (to / step).clamp(0.0, 1.0) };
                edges.push((n * Thresholds::block() + m) as f64 - 0.5 + part);
            }
            last = *pixel;
        }
    }
    first
}

/// Whether five runs are as 1 : 1 : 3 : 1 : 1. Blur and a threshold off the middle widen ink and narrow paper, or
/// the other way round: from one edge to the next of its kind nothing changes, so those lengths are compared.
fn proportionate([a, b, c, d, e]: [f64; 5]) -> bool {
    let module = (a + b + c + d + e) / 7.0;
    let near = |length: f64, modules: f64, slack: f64| (length - modules * module).abs() < slack * module;
    module >= 1.0
        && near(a + b, 2.0, 0.75)
        && near(d + e, 2.0, 0.75)
        && near(b + c, 4.0, 0.9)
        && near(c + d, 4.0, 0.9)
        && [a, b, d, e].iter().all(|run| *run > 0.25 * module)
}

/// Looks at a place from all sides: is it the middle of a finder pattern?
fn confirm(picture: &Luma, thresholds: &Thresholds, seen: Point, module: f64, dark: bool) -> Option<Finder> {
    let contrast = Contrast { threshold: thresholds.at(seen), dark };
    let reach = 7.0 * module;
    let mut centre = seen;
    // A row may cut the pattern off its middle: go there along the column, then along the row.
    for axis in [Point::new(0.0, 1.0), Point::new(1.0, 0.0), Point::new(0.0, 1.0)] {
        let (ahead, behind) = (
            cast(picture, centre, axis, contrast, reach)?,
            cast(picture, centre, axis * -1.0, contrast, reach)?,
        );
        let ([a, b, c], [d, e, f]) = (ahead, behind);
        if !proportionate([c - b, b - a, a + d, e - d, f - e]) {
            return None;
        }
        centre = centre + axis * ((a + b + c - d - e - f) / 6.0);
    }
    let rays: Vec<Ray> = (0..RAYS)
        .filter_map(|n| {
            let (y, x) = (n as f64 / RAYS as f64 * TAU).sin_cos();
            let direction = Point::new(x, y);
            let edges = cast(picture, centre, direction, contrast, reach)?;
            let [a, b, c] = edges;
            let good = (0.2..0.65).contains(&(a / c)) && (0.5..0.9).contains(&(b / c));
            good.then_some(Ray { direction, edges })
        })
        .collect();
    if rays.len() < GOOD_RAYS {
        return None;
    }
    let area = rays.iter().map(|ray| ray.edges[2].powi(2)).sum::<f64>() / rays.len() as f64 * TAU / 2.0;
    Some(Finder { centre, pitch: area.sqrt() / 7.0, dark, rays })
}

/// How far it is from the middle of a pattern to its three edges in one direction.
fn cast(picture: &Luma, from: Point, direction: Point, contrast: Contrast, reach: f64) -> Option<[f64; 3]> {
    /// Pixels from one look to the next.
    const STEP: f64 = 0.75;
    let ink_at = |far: f64| contrast.ink(light(picture, from + direction * far));
    let mut edges = [0.0; 3];
    let (mut far, mut last) = (0.0, ink_at(0.0));
    if last <= 0.0 {
        return None;
    }
    for (n, edge) in edges.iter_mut().enumerate() {
        let leaving_ink = n != 1;
        loop {
            far += STEP;
            if far > reach {
                return None;
            }
            let ink = ink_at(far);
            if (ink <= 0.0) == leaving_ink {
                *edge = far - STEP + STEP * f64::from(last / (last - ink));
                last = ink;
                break;
            }
            last = ink;
        }
    }
    Some(edges)
}
