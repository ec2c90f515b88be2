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
        let per_axis = (self.step.round() as usize).clamp(1, MOST_SAMPLES);
        let plane = SIDE * SIDE;
        let mut planes = vec![0.0_f32; 3 * plane];
        let (red, rest) = planes.split_at_mut(plane);
        let (green, blue) = rest.split_at_mut(plane);
        let rows =
            red.chunks_exact_mut(SIDE).zip(green.chunks_exact_mut(SIDE)).zip(blue.chunks_exact_mut(SIDE));
        let scale = 1.0 / (255.0 * (per_axis * per_axis) as f32);
        let pixels = Pixels::of(picture);
        // One output pixel to the right, in the picture.
        let step = Place::of(self.cos * self.step, self.sin * self.step);
        let inside = |n: usize| (n as f64 + 0.5) / per_axis as f64;
        for (row, ((red, green), blue)) in rows.enumerate() {
            for sample in 0..per_axis * per_axis {
                let y = row as f64 + inside(sample / per_axis);
                let first = self.to_picture(inside(sample % per_axis), y);
                let mut place = Place::of(first.x - 0.5, first.y - 0.5);
                for ((red, green), blue) in red.iter_mut().zip(green.iter_mut()).zip(blue.iter_mut()) {
                    let [r, g, b] = pixels.between(place);
                    *red += r * scale;
                    *green += g * scale;
                    *blue += b * scale;
                    place = place.right_by(step);
                }
            }
        }
        planes
    }
}

/// A place counted from the middle of the first pixel, in 2³²nds of a pixel: whole numbers are split into pixel and
/// remainder at once, and a row of 256 steps goes astray by less than a ten-millionth.
#[derive(Clone, Copy)]
struct Place {
    x: i64,
    y: i64,
}

impl Place {
    fn of(x: f64, y: f64) -> Self {
        let fixed = |length: f64| (length * 4_294_967_296.0) as i64;
        Self { x: fixed(x), y: fixed(y) }
    }

    #[inline(always)]
    const fn right_by(self, step: Self) -> Self {
        Self { x: self.x.wrapping_add(step.x), y: self.y.wrapping_add(step.y) }
    }
}

/// A picture's pixels, as they are asked for half a million times a face.
struct Pixels<'a> {
    pixels: &'a [u8],
    /// Bytes of a row.
    row: usize,
    /// The last column and row but one: beyond the last ones the edge goes on.
    last: (i64, i64),
}

impl<'a> Pixels<'a> {
    fn of(picture: &'a Picture) -> Self {
        let last = |side: u32| i64::from(side.saturating_sub(2));
        let row = picture.width as usize * 3;
        Self { pixels: &picture.pixels, row, last: (last(picture.width), last(picture.height)) }
    }

    /// The colour at a place, 0 to 255, mixed from the four pixels around it; beyond the edge, the edge's. Black where a
    /// picture has but one column or row.
    #[inline(always)]
    fn between(&self, place: Place) -> [f32; 3] {
        let (column, right) = split(place.x, self.last.0);
        let (row, below) = split(place.y, self.last.1);
        let start = row.wrapping_mul(self.row).wrapping_add(column.wrapping_mul(3));
        let rest = self.pixels.get(start..).unwrap_or_default();
        let upper = rest.first_chunk::<6>();
        let lower = rest.get(self.row..).and_then(|rest| rest.first_chunk::<6>());
        let (Some(upper), Some(lower)) = (upper, lower) else { return [0.0; 3] };
        let mixed = |[a, b, c, d, e, f]: [u8; 6]| {
            let mix = |a: u8, b: u8| f32::from(a) + f32::from(i16::from(b) - i16::from(a)) * right;
            [mix(a, d), mix(b, e), mix(c, f)]
        };
        let (mut upper, lower) = (mixed(*upper), mixed(*lower));
        upper.iter_mut().zip(lower).for_each(|(upper, lower)| *upper += (lower - *upper) * below);
        upper
    }
}

/// The pixel at or before a place, at most `last`, and how far the place lies behind it, 0 to 1.
#[inline(always)]
fn split(place: i64, last: i64) -> (usize, f32) {
    let pixel = (place >> 32).clamp(0, last);
    let behind = place.wrapping_sub(pixel << 32).clamp(0, 1 << 32);
    // In 2¹⁶ths, which a float holds exactly.
    (pixel as usize, (behind >> 16) as i32 as f32 * (1.0 / 65_536.0))
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
