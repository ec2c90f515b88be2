//! Square, possibly turned windows of a picture, resampled for a network that sees 256 × 256 pixels.

use super::Point;
use crate::portrait::Picture;

/// The side of what the mesh and the segmenter see, in pixels.
pub(super) const SIDE: usize = 256;

/// More samples than this per output pixel and axis gain nothing: the source is at most 1,600 px long.
const MOST_SAMPLES: usize = 6;

/// A square window of a picture, mapped onto `SIDE` × `SIDE` pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    centre: Point,
    /// Picture pixels per output pixel.
    step: f64,
    sin: f64,
    cos: f64,
}

impl Window {
    /// A window of `side` picture pixels around a centre, turned by `angle` (radians, clockwise on screen).
    pub(super) fn new(centre: Point, side: f64, angle: f64) -> Self {
        let (sin, cos) = angle.sin_cos();
        Self { centre, step: side / SIDE as f64, sin, cos }
    }

    /// Picture pixels per output pixel.
    pub(super) fn step(&self) -> f64 {
        self.step
    }

    /// Where a point of the window lies in the picture. The middle of the first output pixel is (0.5, 0.5),
    /// and so is the middle of the picture's first pixel.
    pub(super) fn to_picture(self, x: f64, y: f64) -> Point {
        let half = SIDE as f64 / 2.0;
        let (dx, dy) = ((x - half) * self.step, (y - half) * self.step);
        Point {
            x: self.centre.x + self.cos * dx - self.sin * dy,
            y: self.centre.y + self.sin * dx + self.cos * dy,
        }
    }

    /// Red, green and blue planes from 0 to 1. Where the window leaves the picture, the picture's edge goes
    /// on. Where the picture is finer than the window, several samples are averaged: without that, the
    /// hair top jumps by up to a hundredth of the head (facts/portrait.md section 2).
    pub(super) fn planes_rgb(&self, picture: &Picture) -> Vec<f32> {
        let per_axis = (self.step.ceil() as usize).clamp(1, MOST_SAMPLES);
        let plane = SIDE * SIDE;
        let mut planes = vec![0.0_f32; 3 * plane];
        let (red, rest) = planes.split_at_mut(plane);
        let (green, blue) = rest.split_at_mut(plane);
        let rows =
            red.chunks_exact_mut(SIDE).zip(green.chunks_exact_mut(SIDE)).zip(blue.chunks_exact_mut(SIDE));
        let scale = 1.0 / (255.0 * (per_axis * per_axis) as f32);
        let pixels = Pixels::of(picture);
        // One step along a row of output pixels, in the picture.
        let (right, down) = (self.cos * self.step, self.sin * self.step);
        let inside = |n: usize| (n as f64 + 0.5) / per_axis as f64;
        for (row, ((red, green), blue)) in rows.enumerate() {
            for sample in 0..per_axis * per_axis {
                let y = row as f64 + inside(sample / per_axis);
                let first = self.to_picture(inside(sample % per_axis), y);
                let targets = red.iter_mut().zip(green.iter_mut()).zip(blue.iter_mut());
                for (column, ((red, green), blue)) in targets.enumerate() {
                    let along = column as f64;
                    let [r, g, b] = pixels.between(first.x + right * along, first.y + down * along);
                    *red += r * scale;
                    *green += g * scale;
                    *blue += b * scale;
                }
            }
        }
        planes
    }
}

/// A picture's pixels, as they are asked for half a million times a face.
struct Pixels<'a> {
    pixels: &'a [u8],
    width: usize,
    /// The middles of the last column and row but one, beyond which the edge goes on.
    last: [usize; 2],
    /// The middles of the last column and row.
    edge: [f64; 2],
}

impl<'a> Pixels<'a> {
    fn of(picture: &'a Picture) -> Self {
        let (width, height) = (picture.width as usize, picture.height as usize);
        let edge = [width, height].map(|side| side.saturating_sub(1) as f64);
        let last = [width, height].map(|side| side.saturating_sub(2));
        Self { pixels: &picture.pixels, width, last, edge }
    }

    /// The colour at a point between pixel middles, 0 to 255; beyond the edge, the edge's. Black where a picture has but
    /// one column or row.
    #[inline(always)]
    fn between(&self, x: f64, y: f64) -> [f32; 3] {
        let [right_edge, lower_edge] = self.edge;
        let (x, y) = ((x - 0.5).max(0.0).min(right_edge), (y - 0.5).max(0.0).min(lower_edge));
        let [last_column, last_row] = self.last;
        let (column, row) = ((x as u32 as usize).min(last_column), (y as u32 as usize).min(last_row));
        let (right, below) = ((x - column as f64) as f32, (y - row as f64) as f32);
        let start = 3 * (row * self.width + column);
        let upper = self.pixels.get(start..start + 6);
        let start = start + 3 * self.width;
        let lower = self.pixels.get(start..start + 6);
        let (Some(&[a, b, c, d, e, f]), Some(&[g, h, i, j, k, l])) = (upper, lower) else { return [0.0; 3] };
        let mix = |a: f32, b: f32, share: f32| a + (b - a) * share;
        let mixed = |left: [u8; 3], next: [u8; 3]| {
            let [a, b, c] = left.map(f32::from);
            let [d, e, f] = next.map(f32::from);
            [mix(a, d, right), mix(b, e, right), mix(c, f, right)]
        };
        let ([a, b, c], [d, e, f]) = (mixed([a, b, c], [d, e, f]), mixed([g, h, i], [j, k, l]));
        [mix(a, d, below), mix(b, e, below), mix(c, f, below)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portrait::decode::Colours;

    /// Red grows to the right, green downwards, one step a pixel.
    fn ramp() -> Picture {
        let pixels = (0..256_u32 * 256).flat_map(|n| [(n % 256) as u8, (n / 256) as u8, 7]).collect();
        Picture { width: 256, height: 256, pixels, colours: Colours::Srgb }
    }

    #[test]
    fn a_straight_window_of_the_same_size_is_the_picture_itself() {
        let window = Window::new(Point { x: 128.0, y: 128.0 }, 256.0, 0.0);
        let planes = window.planes_rgb(&ramp());
        for place in [0, 255, 256 * 255, 256 * 255 + 255, 1000] {
            assert!((planes[place] * 255.0 - (place % 256) as f32).abs() < 1e-3);
            assert!((planes[256 * 256 + place] * 255.0 - (place / 256) as f32).abs() < 1e-3);
            assert!((planes[2 * 256 * 256 + place] * 255.0 - 7.0).abs() < 1e-3);
        }
    }

    #[test]
    fn a_turned_window_leads_back_to_the_picture() {
        let quarter = Window::new(Point { x: 100.0, y: 50.0 }, 512.0, std::f64::consts::FRAC_PI_2);
        let at = quarter.to_picture(SIDE as f64, 128.0);
        assert!((at.x - 100.0).abs() < 1e-9 && (at.y - 306.0).abs() < 1e-9, "{at:?}");
    }
}
