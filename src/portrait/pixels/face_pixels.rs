//! The pixels inside the outline of the face: how sharp they are and how bright.

use std::ops::Range;

use super::{directions::Directions, luminance::Luminance};
use crate::portrait::{Subject, face::Point};

/// The share of gradients that are not steeper than the one we take.
const STEEPEST: f64 = 0.98;

/// So near to the picture's rim no pixel is looked at: it must have neighbours, and they theirs.
const RIM: usize = 2;

/// What there is to say of the face's pixels.
#[derive(Debug)]
pub(in crate::portrait) struct FacePixels {
    /// Variance of the Laplacian over squared contrast.
    pub(in crate::portrait) focus: f64,
    /// 98th percentile of Sobel's gradient over contrast.
    pub(in crate::portrait) edges: f64,
    /// Fine structure in the direction that has least, as a share of what a still face has there; 0 where there is
    /// none at all.
    pub(in crate::portrait) motion: f64,
    /// How bright they are.
    pub(in crate::portrait) luminance: Luminance,
}

impl FacePixels {
    pub(super) fn of(subject: &Subject<'_>) -> Option<Self> {
        let (width, height) = (subject.picture.width as usize, subject.picture.height as usize);
        let outline: Vec<Point> = subject.outline.iter().map(|point| subject.in_portrait(*point)).collect();
        // Only the box around the outline is looked at: a fifth of the picture.
        let columns = reach(outline.iter().map(|point| point.x), width);
        let rows = reach(outline.iter().map(|point| point.y), height);
        let spans: Vec<(usize, Range<usize>)> = rows
            .clone()
            .flat_map(|row| {
                spans(&outline, row as f64 + 0.5, &columns).into_iter().map(move |span| (row, span))
            })
            .collect();
        let bytes = |row: usize, from: usize, to: usize| {
            subject.picture.pixels.get(3 * (row * width + from)..3 * (row * width + to)).unwrap_or_default()
        };
        let luminance = Luminance::of(spans.iter().map(|(row, span)| bytes(*row, span.start, span.end)));
        // Luma once for all rows; the derivatives of derivatives need two pixels more on every side.
        let (top, left) = (rows.start - RIM, columns.start - RIM);
        let sharp: Vec<Vec<f32>> =
            (top..rows.end + RIM).map(|row| luma(bytes(row, left, columns.end + RIM))).collect();
        // One row and one column further in.
        let soft: Vec<Vec<f32>> = sharp.windows(3).map(smoothed).collect();
        let (mut around, mut values) = (Moments::default(), Moments::default());
        let (mut gradients, mut directions) = (Vec::new(), Directions::default());
        for (row, span) in &spans {
            let (row, from, to) = (row - top, span.start - left, span.end - left);
            for [[a, b, c], [d, e, f], [g, h, i]] in neighbourhoods(&sharp, row, from..to) {
                values.add(e);
                around.add(b + d + f + h - 4.0 * e);
                let across = (c + 2.0 * f + i) - (a + 2.0 * d + g);
                let downwards = (g + 2.0 * h + i) - (a + 2.0 * b + c);
                gradients.push(across.mul_add(across, downwards * downwards));
            }
            for [above, here, below] in neighbourhoods(&soft, row - 1, from - 1..to - 1) {
                directions.add(above, here, below);
            }
        }
        let contrast = values.variance().filter(|variance| *variance > 0.0)?;
        let focus = around.variance()? / contrast;
        let place = (gradients.len() as f64 * STEEPEST) as usize;
        let (_, steep, _) = gradients.select_nth_unstable_by(place, f32::total_cmp);
        let edges = (f64::from(*steep) / contrast).sqrt();
        Some(Self { focus, edges, motion: directions.least_share().unwrap_or_default(), luminance })
    }
}

/// Each pixel of a stretch of a row with its eight neighbours; nothing where a neighbour is missing.
fn neighbourhoods(
    lines: &[Vec<f32>],
    row: usize,
    columns: Range<usize>,
) -> impl Iterator<Item = [[f32; 3]; 3]> {
    let line = |row: Option<usize>| {
        let pixels = row.and_then(|row| lines.get(row)).map(Vec::as_slice).unwrap_or_default();
        let wider = columns.start.checked_sub(1).and_then(|from| pixels.get(from..columns.end + 1));
        wider.unwrap_or_default().windows(3).filter_map(|three| <[f32; 3]>::try_from(three).ok())
    };
    let (above, here, below) = (line(row.checked_sub(1)), line(Some(row)), line(row.checked_add(1)));
    above.zip(here).zip(below).map(|((above, here), below)| [above, here, below])
}

/// The middle of three rows, averaged over 3×3 pixels with weights 1-2-1 either way, without its first and its last
/// pixel. The sensor's noise is alike in all directions and would hide what motion wiped out; this takes most of it.
fn smoothed(rows: &[Vec<f32>]) -> Vec<f32> {
    let [above, here, below] = rows else { return Vec::new() };
    let down: Vec<f32> =
        above.iter().zip(here).zip(below).map(|((a, b), c)| 0.25 * (a + c) + 0.5 * b).collect();
    let weighed = |three: &[f32]| match three {
        &[a, b, c] => 0.25 * (a + c) + 0.5 * b,
        _ => 0.0,
    };
    down.windows(3).map(weighed).collect()
}

/// Rec. 601 luma, as in every JPEG.
fn luma(bytes: &[u8]) -> Vec<f32> {
    let of = |pixel: &[u8]| match pixel {
        &[red, green, blue] => 0.299 * f32::from(red) + 0.587 * f32::from(green) + 0.114 * f32::from(blue),
        _ => 0.0,
    };
    bytes.chunks_exact(3).map(of).collect()
}

/// Count, sum and sum of squares of values.
#[derive(Default)]
struct Moments {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Moments {
    fn add(&mut self, value: f32) {
        let value = f64::from(value);
        self.count += 1.0;
        self.sum += value;
        self.squares += value * value;
    }

    fn variance(&self) -> Option<f64> {
        let Self { count, sum, squares } = self;
        (*count > 0.0).then(|| (squares / count - (sum / count).powi(2)).max(0.0))
    }
}

/// The pixels some coordinates reach over, none of them within [`RIM`] of the ends of a picture of this length.
fn reach(coordinates: impl Iterator<Item = f64> + Clone, length: usize) -> Range<usize> {
    let least = coordinates.clone().fold(f64::INFINITY, f64::min);
    let most = coordinates.fold(f64::NEG_INFINITY, f64::max);
    let (from, end) = (least.max(RIM as f64) as usize, most.ceil().max(0.0) as usize);
    // Coordinates that are no numbers reach over nothing.
    let last = length.saturating_sub(RIM).max(RIM);
    from.min(last)..end.min(last).max(RIM)
}

/// The columns of one row whose middles lie inside a closed outline: between its crossings, two by two.
fn spans(outline: &[Point], y: f64, columns: &Range<usize>) -> Vec<Range<usize>> {
    let next = outline.iter().cycle().skip(1);
    let mut crossings: Vec<f64> = outline
        .iter()
        .zip(next)
        .filter(|(a, b)| (a.y > y) != (b.y > y))
        .map(|(a, b)| (b.x - a.x) * (y - a.y) / (b.y - a.y) + a.x)
        .collect();
    crossings.sort_by(f64::total_cmp);
    let column =
        |x: f64| ((x - 0.5).ceil().max(0.0) as usize).clamp(columns.start, columns.end.max(columns.start));
    let pairs = crossings.chunks_exact(2).filter_map(|pair| match pair {
        &[from, to] => Some(column(from)..column(to)),
        _ => None,
    });
    pairs.filter(|span| !span.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_lie_between_crossings() {
        let at = |x: f64, y: f64| Point { x, y };
        // A square with a notch from above.
        let outline = [
            at(2.0, 1.0),
            at(4.0, 1.0),
            at(5.0, 4.0),
            at(6.0, 1.0),
            at(8.0, 1.0),
            at(8.0, 9.0),
            at(2.0, 9.0),
        ];
        assert_eq!(spans(&outline, 1.5, &(1..10)), [2..4, 6..8]);
        assert_eq!(spans(&outline, 6.5, &(1..10)).as_slice(), std::slice::from_ref(&(2..8)));
        assert_eq!(spans(&outline, 6.5, &(3..5)).as_slice(), std::slice::from_ref(&(3..5)));
        assert!(spans(&outline, 9.5, &(1..10)).is_empty());
        assert!(spans(&[], 1.0, &(1..10)).is_empty());
    }
}
