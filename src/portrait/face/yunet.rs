//! The detector: YuNet's grids of scores, boxes and points, read back into faces.
//!
//! Layout and arithmetic: `assets/models/README.md`; checked there against OpenCV's `FaceDetectorYN` to within
//! 2·10⁻⁴ px.

use super::{FaceBox, FinderError, Point, models::Net};
use crate::portrait::Picture;

/// The detector's grids, in pixels of its input.
const STRIDES: [usize; 3] = [8, 16, 32];

/// Its input's sides must be multiples of the coarsest stride.
const MULTIPLE: usize = 32;

/// Two boxes that share more than this are the same face (OpenCV's default for this network).
const SAME_FACE_OVERLAP: f64 = 0.3;

/// A face as the detector sees it, in pixels of its input.
#[derive(Debug, Clone, Copy)]
pub(super) struct Detection {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) score: f64,
    /// The sitter's right eye (on the left of the picture) and left eye.
    pub(super) eyes: [Point; 2],
}

impl Detection {
    /// The same in a picture `by` times as large.
    pub(super) fn scaled(&self, by: f64) -> Self {
        let point = |p: Point| Point { x: p.x * by, y: p.y * by };
        Self {
            x: self.x * by,
            y: self.y * by,
            width: self.width * by,
            height: self.height * by,
            score: self.score,
            eyes: self.eyes.map(point),
        }
    }

    /// Its box in a picture `by` times as large.
    pub(super) fn face_box(&self, by: f64) -> FaceBox {
        let Self { x, y, width, height, score, .. } = self.scaled(by);
        FaceBox { x, y, width, height, score }
    }

    fn area(&self) -> f64 {
        self.width * self.height
    }

    /// Intersection over union.
    fn overlap(&self, other: &Self) -> f64 {
        let across = (self.x + self.width).min(other.x + other.width) - self.x.max(other.x);
        let down = (self.y + self.height).min(other.y + other.height) - self.y.max(other.y);
        let shared = across.max(0.0) * down.max(0.0);
        shared / (self.area() + other.area() - shared)
    }
}

/// Every face in a picture whose longer side is some hundred pixels; the largest first.
pub(super) fn detect(net: &Net, picture: &Picture, min_score: f32) -> Result<Vec<Detection>, FinderError> {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let (across, down) = (width.next_multiple_of(MULTIPLE), height.next_multiple_of(MULTIPLE));
    let outputs = net.run(planes_bgr(picture, across, down), down, across)?;
    let (scores, rest) = outputs.split_at_checked(3).ok_or_else(|| net.bad_shape())?;
    let (objects, rest) = rest.split_at_checked(3).ok_or_else(|| net.bad_shape())?;
    let (boxes, points) = rest.split_at_checked(3).ok_or_else(|| net.bad_shape())?;
    let mut found = Vec::new();
    for ((((stride, scores), objects), boxes), points) in
        STRIDES.into_iter().zip(scores).zip(objects).zip(boxes).zip(points)
    {
        let cells = scores.iter().zip(objects).zip(boxes.chunks_exact(4)).zip(points.chunks_exact(10));
        let columns = across / stride;
        found.extend(cells.enumerate().filter_map(|(cell, (((score, object), size), points))| {
            let score = (score.clamp(0.0, 1.0) * object.clamp(0.0, 1.0)).sqrt();
            (score >= min_score).then(|| read_cell(cell, columns, stride, score, size, points)).flatten()
        }));
    }
    Ok(without_doubles(found))
}

/// Blue, green and red planes, 0 to 255, filled up with zeros at the right and below.
fn planes_bgr(picture: &Picture, across: usize, down: usize) -> Vec<f32> {
    let mut planes = vec![0.0; 3 * across * down];
    let (width, plane) = (picture.width as usize, across * down);
    for (row, line) in picture.pixels.chunks_exact(3 * width).enumerate() {
        for (colour, target) in [2, 1, 0].into_iter().zip(planes.chunks_exact_mut(plane)) {
            let target = target.iter_mut().skip(row * across);
            for (value, byte) in target.zip(line.iter().skip(colour).step_by(3)) {
                *value = f32::from(*byte);
            }
        }
    }
    planes
}

/// One cell of a grid: offsets and logarithmic sizes relative to the cell.
fn read_cell(
    cell: usize,
    columns: usize,
    stride: usize,
    score: f32,
    size: &[f32],
    points: &[f32],
) -> Option<Detection> {
    let stride = stride as f64;
    let (row, column) = ((cell / columns) as f64, (cell % columns) as f64);
    let &[dx, dy, log_width, log_height] = size else { return None };
    let &[right_x, right_y, left_x, left_y, ..] = points else { return None };
    let (width, height) = (f64::from(log_width).exp() * stride, f64::from(log_height).exp() * stride);
    let at = |x: f32, y: f32| Point { x: (f64::from(x) + column) * stride, y: (f64::from(y) + row) * stride };
    let centre = at(dx, dy);
    Some(Detection {
        x: centre.x - width / 2.0,
        y: centre.y - height / 2.0,
        width,
        height,
        score: f64::from(score),
        eyes: [at(right_x, right_y), at(left_x, left_y)],
    })
}

/// Keeps the best of every group of overlapping boxes; the largest face first.
fn without_doubles(mut found: Vec<Detection>) -> Vec<Detection> {
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<Detection> = Vec::new();
    for seen in found {
        if kept.iter().all(|other| seen.overlap(other) <= SAME_FACE_OVERLAP) {
            kept.push(seen);
        }
    }
    kept.sort_by(|a, b| b.area().total_cmp(&a.area()));
    kept
}
