//! Sharpness: 99号 一 "对焦准确、层次清晰". Two measures inside the face, because they fail differently:
//! the variance of the Laplacian falls when the focus is off, the steepest gradients when something moved.
//!
//! Both are divided by the face's own contrast, so that dark skin and soft light are not taken for blur.

use super::{Answer, Check, Point, Subject};
use crate::{language::Phrase, profile::Profile};

/// Variance of the Laplacian over squared contrast (OFIQ's idea, calibrated in facts/portrait.md section 5).
pub(super) struct Focus;

/// 98th percentile of the Sobel gradient over contrast.
pub(super) struct Edges;

/// The share of gradients that are not steeper than the one we take.
const STEEPEST: f64 = 0.98;

impl Check for Focus {
    fn name(&self) -> &'static str {
        "focus"
    }

    fn title(&self) -> Phrase {
        Phrase::new("清晰度（对焦）", "sharpness (focus)")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let measured = FacePixels::of(subject).map_or(0.0, |face| face.focus());
        Answer::at_least(measured, profile.checks.sharpness.focus, "")
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new("照片不清晰：请重新对焦后重拍", "out of focus: focus again and shoot again")
    }

    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        Some(Phrase::new("请坐稳，看着镜头别动", "please sit still and look at the camera"))
    }
}

impl Check for Edges {
    fn name(&self) -> &'static str {
        "edges"
    }

    fn title(&self) -> Phrase {
        Phrase::new("清晰度（抖动）", "sharpness (motion)")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let measured = FacePixels::of(subject).map_or(0.0, |face| face.edges());
        Answer::at_least(measured, profile.checks.sharpness.edges, "")
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new("照片抖动模糊：请坐稳后重拍", "blurred by motion: sit still and shoot again")
    }

    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        Some(Phrase::new("请坐稳，先别动", "please sit still for a moment"))
    }
}

/// The luma of the portrait and which of its pixels lie in the face.
struct FacePixels {
    luma: Vec<f64>,
    width: usize,
    /// Pixels inside the outline of the face, as places in `luma`; none on the picture's rim.
    inside: Vec<usize>,
    /// Standard deviation of the luma inside.
    contrast: f64,
}

impl FacePixels {
    fn of(subject: &Subject<'_>) -> Option<Self> {
        let (width, height) = (subject.picture.width as usize, subject.picture.height as usize);
        // Rec. 601 luma, as in every JPEG.
        let luma: Vec<f64> = subject
            .picture
            .pixels
            .chunks_exact(3)
            .map(|pixel| {
                pixel.iter().zip([0.299, 0.587, 0.114]).map(|(byte, share)| f64::from(*byte) * share).sum()
            })
            .collect();
        let outline: Vec<Point> = subject.outline.iter().map(|point| subject.in_portrait(*point)).collect();
        // Only the box around the outline is looked at: a fifth of the picture.
        let columns = reach(outline.iter().map(|point| point.x), width);
        let rows = reach(outline.iter().map(|point| point.y), height);
        let inside: Vec<usize> = rows
            .flat_map(|row| columns.clone().map(move |column| (column, row)))
            .filter(|(column, row)| contains(&outline, *column as f64 + 0.5, *row as f64 + 0.5))
            .map(|(column, row)| row * width + column)
            .collect();
        let values = inside.iter().filter_map(|place| luma.get(*place).copied());
        let contrast = standard_deviation(values)?;
        (contrast > 0.0).then_some(Self { luma, width, inside, contrast })
    }

    fn at(&self, place: usize) -> f64 {
        self.luma.get(place).copied().unwrap_or_default()
    }

    fn focus(&self) -> f64 {
        let laplacians = self.inside.iter().map(|place| {
            let around = self.at(place - 1)
                + self.at(place + 1)
                + self.at(place - self.width)
                + self.at(place + self.width);
            around - 4.0 * self.at(*place)
        });
        standard_deviation(laplacians).map_or(0.0, |deviation| (deviation / self.contrast).powi(2))
    }

    /// The gradient by Sobel's operator, unscaled: eight times the change per pixel.
    fn sobel(&self, place: usize) -> f64 {
        let row = |place: usize| [self.at(place - 1), self.at(place), self.at(place + 1)];
        let [a, b, c] = row(place - self.width);
        let [d, _, f] = row(place);
        let [g, h, i] = row(place + self.width);
        let across = (c + 2.0 * f + i) - (a + 2.0 * d + g);
        let down = (g + 2.0 * h + i) - (a + 2.0 * b + c);
        across.hypot(down)
    }

    fn edges(&self) -> f64 {
        let gradients = self.inside.iter().map(|place| self.sobel(*place));
        let mut gradients: Vec<f64> = gradients.collect();
        gradients.sort_by(f64::total_cmp);
        let place = (gradients.len() as f64 * STEEPEST) as usize;
        gradients.get(place).map_or(0.0, |steep| steep / self.contrast)
    }
}

/// The pixels some coordinates reach over, none of them on the rim of a picture of this length.
fn reach(coordinates: impl Iterator<Item = f64> + Clone, length: usize) -> std::ops::Range<usize> {
    let least = coordinates.clone().fold(f64::INFINITY, f64::min);
    let most = coordinates.fold(f64::NEG_INFINITY, f64::max);
    (least.max(1.0) as usize)..(most.ceil().max(0.0) as usize).min(length.saturating_sub(1))
}

/// Whether a point lies inside a closed outline: an upright line from it crosses the outline oddly often.
fn contains(outline: &[Point], x: f64, y: f64) -> bool {
    let next = outline.iter().cycle().skip(1);
    let crossings = outline
        .iter()
        .zip(next)
        .filter(|(a, b)| (a.y > y) != (b.y > y) && x < (b.x - a.x) * (y - a.y) / (b.y - a.y) + a.x);
    crossings.count() % 2 == 1
}

fn standard_deviation(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for value in values {
        count += 1.0;
        sum += value;
        squares += value * value;
    }
    (count > 0.0).then(|| (squares / count - (sum / count).powi(2)).max(0.0).sqrt())
}
