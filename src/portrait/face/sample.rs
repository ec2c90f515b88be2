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
            x: self.cos.mul_add(dx, self.centre.x) - self.sin * dy,
            y: self.sin.mul_add(dx, self.centre.y) + self.cos * dy,
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
        let targets = red.iter_mut().zip(green).zip(blue);
        let scale = 1.0 / (255.0 * (per_axis * per_axis) as f32);
        for (place, ((red, green), blue)) in targets.enumerate() {
            let sum = self.sum_of_samples(picture, place % SIDE, place / SIDE, per_axis);
            [*red, *green, *blue] = sum.map(|channel| channel * scale);
        }
        planes
    }

    fn sum_of_samples(&self, picture: &Picture, column: usize, row: usize, per_axis: usize) -> [f32; 3] {
        let mut sum = [0.0_f32; 3];
        for sample in 0..per_axis * per_axis {
            let inside = |n: usize| (n as f64 + 0.5) / per_axis as f64;
            let x = column as f64 + inside(sample % per_axis);
            let y = row as f64 + inside(sample / per_axis);
            let pixel = bilinear(picture, self.to_picture(x, y));
            for (sum, channel) in sum.iter_mut().zip(pixel) {
                *sum += channel;
            }
        }
        sum
    }
}

/// The colour at a point between pixel middles, 0 to 255; beyond the edge, the edge's.
fn bilinear(picture: &Picture, at: Point) -> [f32; 3] {
    let (x, y) = (at.x - 0.5, at.y - 0.5);
    let (column, row) = (x.floor(), y.floor());
    let (right, below) = ((x - column) as f32, (y - row) as f32);
    let upper = mix(pixel(picture, column, row), pixel(picture, column + 1.0, row), right);
    let lower = mix(pixel(picture, column, row + 1.0), pixel(picture, column + 1.0, row + 1.0), right);
    mix(upper, lower, below)
}

fn mix(a: [f32; 3], b: [f32; 3], share_of_b: f32) -> [f32; 3] {
    let mut mixed = a;
    for (a, b) in mixed.iter_mut().zip(b) {
        *a += (b - *a) * share_of_b;
    }
    mixed
}

fn pixel(picture: &Picture, column: f64, row: f64) -> [f32; 3] {
    let column = column.clamp(0.0, f64::from(picture.width - 1)) as usize;
    let row = row.clamp(0.0, f64::from(picture.height - 1)) as usize;
    let start = 3 * (row * picture.width as usize + column);
    match picture.pixels.get(start..start + 3) {
        Some(&[red, green, blue]) => [f32::from(red), f32::from(green), f32::from(blue)],
        _ => [0.0; 3],
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
