//! The portrait in cells of 4×4 pixels: the mean colour of each, and how far it is from where the person ends.

use std::sync::LazyLock;

use crate::portrait::{Subject, lab::Lab};

/// A cell's side in pixels: fine enough for the mask, whose own pixels are about three wide, and an average that
/// takes most of the sensor's noise away.
pub(super) const CELL: usize = 4;

/// Below this probability of being person a cell is cloth.
const CLOTH: f32 = 0.1;

/// Above it a cell is surely person.
const PERSON: f32 = 0.9;

/// Linear light of each sum of a cell's bytes.
static LINEAR: LazyLock<Vec<f64>> = LazyLock::new(|| {
    let most = 255 * CELL * CELL;
    (0..=most).map(|sum| crate::portrait::lab::linear(sum as f64 / most as f64)).collect()
});

/// One cell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    /// The middle, in pixels.
    pub(super) x: f64,
    pub(super) y: f64,
    /// Sums of the bytes of red, green and blue.
    sums: [u16; 3],
    /// Chessboard distance in cells to the nearest one that is not surely cloth; 0 for that itself.
    pub(super) from_person: u8,
    /// The same to the nearest one that is not surely person.
    pub(super) inside_person: u8,
}

impl Cell {
    /// Its mean colour.
    pub(super) fn lab(&self) -> Lab {
        let linear = |sum: u16| LINEAR.get(usize::from(sum)).copied().unwrap_or_default();
        Lab::from_linear(self.sums.map(linear))
    }

    /// The hue of its mean colour as in HSL, in degrees; 0 for grey.
    pub(super) fn hue_deg(&self) -> f64 {
        let [red, green, blue] = self.sums.map(f64::from);
        let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
        let range = most - least;
        let sixths = if range <= 0.0 {
            0.0
        } else if most <= red {
            (green - blue) / range
        } else if most <= green {
            2.0 + (blue - red) / range
        } else {
            4.0 + (red - green) / range
        };
        (60.0 * sixths).rem_euclid(360.0)
    }
}

/// The cells, row by row.
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) cells: Vec<Cell>,
    /// The picture's size in pixels.
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Grid {
    pub(super) fn of(subject: &Subject<'_>) -> Self {
        let picture = subject.picture;
        let (width, height) = (picture.width as usize, picture.height as usize);
        let (columns, rows) = (width / CELL, height / CELL);
        let mut cells = Vec::with_capacity(columns * rows);
        let (mut is_cloth, mut is_person) = (Vec::new(), Vec::new());
        for (row, band) in picture.pixels.chunks_exact((3 * width * CELL).max(1)).enumerate() {
            for (column, sums) in sums(band, width).into_iter().enumerate() {
                let (x, y) = (column * CELL + CELL / 2, row * CELL + CELL / 2);
                let probability = subject.person.probability(subject.in_shot(x, y));
                is_cloth.push(probability.is_some_and(|p| p < CLOTH));
                is_person.push(probability.is_some_and(|p| p > PERSON));
                let (x, y) = (x as f64, y as f64);
                cells.push(Cell { x, y, sums, from_person: 0, inside_person: 0 });
            }
        }
        let (from_person, inside_person) = (distances(&is_cloth, columns), distances(&is_person, columns));
        for (cell, (from, inside)) in cells.iter_mut().zip(from_person.into_iter().zip(inside_person)) {
            (cell.from_person, cell.inside_person) = (from, inside);
        }
        Self { cells, width: width as f64, height: height as f64 }
    }
}

/// The sums of each cell of a band of [`CELL`] rows.
fn sums(band: &[u8], width: usize) -> Vec<[u16; 3]> {
    let mut sums = vec![[0_u16; 3]; width / CELL];
    for line in band.chunks_exact(3 * width) {
        for (sum, block) in sums.iter_mut().zip(line.chunks_exact(3 * CELL)) {
            for pixel in block.chunks_exact(3) {
                for (channel, byte) in sum.iter_mut().zip(pixel) {
                    *channel += u16::from(*byte);
                }
            }
        }
    }
    sums
}

/// For each cell that holds, the chessboard distance to the nearest that does not; the picture's rim is no end.
fn distances(holds: &[bool], columns: usize) -> Vec<u8> {
    let rows = holds.len() / columns.max(1);
    // A rim of cells that are far from everything saves asking at every step where the picture ends.
    let wide = columns + 2;
    let mut far = vec![u8::MAX; wide * (rows + 2)];
    let places = || (1..=rows).flat_map(move |row| (1..=columns).map(move |column| row * wide + column));
    for (place, _) in places().zip(holds).filter(|(_, holds)| !**holds) {
        if let Some(here) = far.get_mut(place) {
            *here = 0;
        }
    }
    let mut step = |place: usize, neighbours: [usize; 4]| {
        let nearest = neighbours.into_iter().filter_map(|n| far.get(n)).min().copied().unwrap_or(u8::MAX);
        if let Some(here) = far.get_mut(place) {
            *here = nearest.saturating_add(1).min(*here);
        }
    };
    // Two sweeps: from above and the left, then back.
    for n in places() {
        step(n, [n - 1, n - wide - 1, n - wide, n - wide + 1]);
    }
    for n in (1..=rows).rev().flat_map(|row| (1..=columns).rev().map(move |column| row * wide + column)) {
        step(n, [n + 1, n + wide + 1, n + wide, n + wide - 1]);
    }
    places().filter_map(|place| far.get(place).copied()).collect()
}

/// The median; `None` of nothing.
pub(super) fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    percentile(values, 0.5)
}

/// The value that this share of the values does not exceed; `None` of nothing.
pub(super) fn percentile(values: impl Iterator<Item = f64>, share: f64) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    let place = ((values.len() as f64 * share) as usize).min(values.len().checked_sub(1)?);
    let (_, value, _) = values.select_nth_unstable_by(place, f64::total_cmp);
    Some(*value)
}

/// The median of each of L\*, a\* and b\*.
pub(super) fn median_colour(colours: impl Iterator<Item = Lab> + Clone) -> Option<Lab> {
    let l = median(colours.clone().map(|colour| colour.l))?;
    let a = median(colours.clone().map(|colour| colour.a))?;
    let b = median(colours.map(|colour| colour.b))?;
    Some(Lab { l, a, b })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_cells_as_a_king_walks() {
        // A single cell that does not hold, in the second row and column of five by four.
        let holds: Vec<bool> = (0..20).map(|place| place != 6).collect();
        let wanted = [1, 1, 1, 2, 3, 1, 0, 1, 2, 3, 1, 1, 1, 2, 3, 2, 2, 2, 2, 3];
        assert_eq!(distances(&holds, 5), wanted);
        assert_eq!(distances(&[true; 4], 2), [255; 4]);
        assert!(distances(&[], 0).is_empty());
    }

    #[test]
    fn percentiles_are_of_what_is_there() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), Some(2.0));
        assert_eq!(percentile((0..100).map(f64::from), 0.9), Some(90.0));
        assert_eq!(percentile([7.0].into_iter(), 1.0), Some(7.0));
        assert_eq!(median(std::iter::empty()), None);
    }
}
