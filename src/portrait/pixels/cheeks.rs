//! Two squares of skin below the eyes, where neither beard nor glasses nor hair should be.

use super::luminance::Luminance;
use crate::portrait::{Subject, face::Point, lab::Lab};

/// A square's side, in distances of the pupils (OFIQ, `IlluminationUniformity`).
const SIDE: f64 = 0.3;

/// How far below the pupils the middle of a square lies, as a share of the way to the chin: half the way to the
/// mouth, beside the nose.
const BELOW: f64 = 0.36;

/// Light and colour of the cheeks.
#[derive(Debug)]
pub(in crate::portrait) struct Cheeks {
    /// The mean colour of both.
    pub(in crate::portrait) colour: Lab,
    /// The light of the darker one as a share of the brighter one's, 0 to 1.
    pub(in crate::portrait) evenness: f64,
}

impl Cheeks {
    pub(super) fn of(subject: &Subject<'_>) -> Option<Self> {
        let [one, other] = subject.features.eyes.map(|eye| subject.in_portrait(eye.iris));
        let (left, right) = if one.x <= other.x { (one, other) } else { (other, one) };
        let (across, lower) = (right.x - left.x, right.y - left.y);
        let apart = across.hypot(lower);
        // Straight down for a face that leans as this one does.
        let face = subject.face();
        let down = BELOW * (face.chin - face.eyes) / apart;
        let square = |pupil: Point| {
            let middle = (pupil.x - down * lower, pupil.y + down * across);
            rows(subject, middle, SIDE * apart)
        };
        let (left, right) = (square(left)?, square(right)?);
        let [one, other] = [&left, &right].map(|rows| Luminance::of(rows.iter().copied()).mean());
        // Two black cheeks are alike.
        let evenness = if one.max(other) > 0.0 { one.min(other) / one.max(other) } else { 1.0 };
        let colour = mean(left.iter().chain(&right).copied())?;
        Some(Self { colour: Lab::from_srgb(colour), evenness })
    }
}

/// The rows of a square, three bytes a pixel; `None` when it does not lie wholly inside the picture.
fn rows<'a>(subject: &Subject<'a>, (x, y): (f64, f64), side: f64) -> Option<Vec<&'a [u8]>> {
    let width = subject.picture.width as usize;
    let (left, top) = (x - side / 2.0, y - side / 2.0);
    if !(left >= 0.0 && top >= 0.0 && side >= 1.0 && left + side < width as f64) {
        return None;
    }
    let (left, top, side) = (left as usize, top as usize, side as usize);
    (top..top + side)
        .map(|row| {
            let start = 3 * (row * width + left);
            subject.picture.pixels.get(start..start + 3 * side)
        })
        .collect()
}

fn mean<'a>(rows: impl Iterator<Item = &'a [u8]>) -> Option<[f64; 3]> {
    let (mut sums, mut count) = ([0_u32; 3], 0_u32);
    for pixel in rows.flat_map(|row| row.chunks_exact(3)) {
        for (sum, byte) in sums.iter_mut().zip(pixel) {
            *sum += u32::from(*byte);
        }
        count += 1;
    }
    (count > 0).then(|| sums.map(|sum| f64::from(sum) / f64::from(count)))
}
