//! How light a place is, and how light its surroundings are.

use super::{super::Luma, geometry::Point};

/// Thresholds are taken for squares of so many pixels.
const BLOCK: usize = 8;

/// A threshold is the mean of the blocks up to this far away: 40 pixels across see the whole finder pattern of
/// modules up to 6 pixels. Larger ones are read in a smaller copy.
const REACH: usize = 2;

/// Surroundings with less than this between their darkest and lightest block mean or pixel hold no code.
const FLAT: u8 = 10;

/// No picture reaches so far; places beyond are as far away as this.
const FAR: f64 = 65_535.0;

/// The grey level between ink and paper, block by block.
pub(super) struct Thresholds {
    across: usize,
    levels: Vec<u8>,
}

/// What one block holds.
#[derive(Clone, Copy)]
struct Block {
    sum: u32,
    count: u32,
    least: u8,
    most: u8,
}

impl Block {
    const NOTHING: Self = Self { sum: 0, count: 0, least: 255, most: 0 };

    fn of(pixels: &[u8]) -> Self {
        Self {
            sum: pixels.iter().map(|v| u32::from(*v)).sum(),
            count: pixels.len() as u32,
            least: pixels.iter().copied().min().unwrap_or(255),
            most: pixels.iter().copied().max().unwrap_or(0),
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            sum: self.sum + other.sum,
            count: self.count + other.count,
            least: self.least.min(other.least),
            most: self.most.max(other.most),
        }
    }
}

impl Thresholds {
    pub(super) fn of(picture: &Luma) -> Self {
        let across = picture.width.div_ceil(BLOCK).max(1);
        let mut blocks = Vec::with_capacity(across * picture.height.div_ceil(BLOCK));
        for rows in picture.pixels.chunks((picture.width * BLOCK).max(1)) {
            let mut line = vec![Block::NOTHING; across];
            // Every other row tells enough.
            for row in rows.chunks(picture.width.max(1)).step_by(2) {
                for (block, pixels) in line.iter_mut().zip(row.chunks(BLOCK)) {
                    *block = block.and(Block::of(pixels));
                }
            }
            blocks.extend(line);
        }
        // Neighbours along the rows first, then along the columns: as many sums as blocks, not their square.
        let near = |line: &[Block], n: usize| {
            let range = n.saturating_sub(REACH)..(n + REACH + 1).min(line.len());
            line.get(range).unwrap_or_default().iter().fold(Block::NOTHING, |sum, block| sum.and(*block))
        };
        let wide: Vec<Block> =
            blocks.chunks(across).flat_map(|line| (0..line.len()).map(|n| near(line, n))).collect();
        let down = wide.len() / across;
        let mut levels = Vec::with_capacity(wide.len());
        for row in 0..down {
            let rows = row.saturating_sub(REACH)..(row + REACH + 1).min(down);
            for column in 0..across {
                let all = rows.clone().filter_map(|row| wide.get(row * across + column));
                let sum = all.fold(Block::NOTHING, |sum, block| sum.and(*block));
                let flat = sum.most.saturating_sub(sum.least) < FLAT;
                levels.push(if flat { 0 } else { sum.sum.div_ceil(sum.count.max(1)) as u8 });
            }
        }
        Self { across, levels }
    }

    /// Those along a row of pixels, each for [`BLOCK`] of them; 0 where nothing can be told apart.
    pub(super) fn along(&self, row: usize) -> &[u8] {
        let start = row / BLOCK * self.across;
        self.levels.get(start..start + self.across).unwrap_or_default()
    }

    /// The one at a place.
    pub(super) fn at(&self, place: Point) -> f32 {
        let block = |v: f64| v.clamp(0.0, FAR) as usize / BLOCK;
        let (column, row) = (block(place.x), block(place.y));
        f32::from(self.levels.get(row * self.across + column.min(self.across - 1)).copied().unwrap_or(0))
    }

    /// Pixels that share one.
    pub(super) const fn block() -> usize {
        BLOCK
    }
}

/// The grey level at a place, between the pixels linearly; outside, that of the nearest pixel.
pub(super) fn light(picture: &Luma, place: Point) -> f32 {
    let (x, y) = ((place.x - 0.5).clamp(0.0, FAR), (place.y - 0.5).clamp(0.0, FAR));
    let (column, row) = (x as usize, y as usize);
    let (fx, fy) = ((x - column as f64) as f32, (y - row as f64) as f32);
    let start = row * picture.width + column;
    let pair = |start: usize| picture.pixels.get(start..start + 2);
    match (pair(start), pair(start + picture.width)) {
        (Some(&[a, b]), Some(&[c, d])) if column + 1 < picture.width => {
            let [a, b, c, d] = [a, b, c, d].map(f32::from);
            let (above, below) = (a + (b - a) * fx, c + (d - c) * fx);
            above + (below - above) * fy
        }
        _ => {
            let last = (picture.width.saturating_sub(1), picture.height.saturating_sub(1));
            f32::from(picture.at(column.min(last.0), row.min(last.1)))
        }
    }
}

/// Each pixel becomes the mean of the nine around it: noise goes, and so does a little sharpness.
pub(super) fn smoothed(picture: &Luma) -> Luma {
    let pixels = means(picture, 1).map(|mean| mean as u8).collect();
    Luma { width: picture.width, height: picture.height, pixels }
}

/// Each pixel is driven away from the mean of the 25 around it: what blur has filled opens again, and noise grows.
pub(super) fn sharpened(picture: &Luma) -> Luma {
    let drive = |(pixel, mean): (&u8, u32)| (3 * i32::from(*pixel) - 2 * mean as i32).clamp(0, 255) as u8;
    let pixels = picture.pixels.iter().zip(means(picture, 2)).map(drive).collect();
    Luma { width: picture.width, height: picture.height, pixels }
}

/// For each pixel the mean of those up to `reach` columns and rows away; pixels outside are as those on the rim.
fn means(picture: &Luma, reach: usize) -> impl Iterator<Item = u32> {
    let wide = 2 * reach + 1;
    let rows: Vec<u32> =
        picture.pixels.chunks(picture.width.max(1)).flat_map(|row| sums(row, reach)).collect();
    let rows: Vec<&[u32]> = rows.chunks(picture.width.max(1)).collect();
    let padded: Vec<&[u32]> = std::iter::repeat_n(rows.first(), reach)
        .chain(rows.iter().map(Some))
        .chain(std::iter::repeat_n(rows.last(), reach))
        .flatten()
        .copied()
        .collect();
    let mut out = Vec::with_capacity(picture.pixels.len());
    for window in padded.windows(wide) {
        let mut total = vec![0; picture.width];
        for row in window {
            for (sum, value) in total.iter_mut().zip(*row) {
                *sum += value;
            }
        }
        out.extend(total);
    }
    let count = (wide * wide) as u32;
    out.into_iter().map(move |sum| sum / count)
}

/// For each pixel of a row the sum of those up to `reach` columns away.
fn sums(row: &[u8], reach: usize) -> Vec<u32> {
    let rim = |pixel: Option<&u8>| std::iter::repeat_n(pixel.copied().unwrap_or(0), reach);
    let padded: Vec<u8> = rim(row.first()).chain(row.iter().copied()).chain(rim(row.last())).collect();
    padded.windows(2 * reach + 1).map(|near| near.iter().map(|v| u32::from(*v)).sum()).collect()
}

/// So many pixels of paper are put around a picture by [`enlarged`], and so many times as large it becomes.
pub(super) const PAPER: usize = 4;
pub(super) const ENLARGED: usize = 3;

/// Enlarged, each pixel a square, with paper around it: a code cut out without its light margin, or saved at a
/// pixel per module, can be found then.
pub(super) fn enlarged(picture: &Luma) -> Luma {
    let (width, height) = (picture.width + 2 * PAPER, picture.height + 2 * PAPER);
    let mut pixels = Vec::with_capacity(width * height * ENLARGED * ENLARGED);
    let blank = std::iter::repeat_n([].as_slice(), PAPER);
    for row in blank.clone().chain(picture.pixels.chunks(picture.width.max(1))).chain(blank) {
        let paper = std::iter::repeat_n(255, PAPER);
        let line = paper.clone().chain(row.iter().copied()).chain(std::iter::repeat(255)).take(width);
        let line: Vec<u8> = line.flat_map(|v| [v; ENLARGED]).collect();
        for _ in 0..ENLARGED {
            pixels.extend_from_slice(&line);
        }
    }
    Luma { width: width * ENLARGED, height: height * ENLARGED, pixels }
}
