//! How light a place is, and how light its surroundings are.

use super::{super::Luma, geometry::Point};

/// Thresholds are taken for squares of so many pixels.
const BLOCK: usize = 8;

/// A threshold is the mean of the blocks up to this far away: 40 pixels across see the whole finder pattern of
/// modules up to 6 pixels. Larger ones are read in a smaller copy.
const REACH: usize = 2;

/// Surroundings with less than this between their darkest and lightest block mean or pixel hold no code.
const FLAT: u8 = 10;

/// The grey level between ink and paper, block by block.
pub(super) struct Thresholds {
    across: usize,
    levels: Vec<f32>,
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

    fn with(self, pixels: &[u8]) -> Self {
        pixels.iter().fold(self, |block, &v| Self {
            sum: block.sum + u32::from(v),
            count: block.count + 1,
            least: block.least.min(v),
            most: block.most.max(v),
        })
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
            for row in rows.chunks(picture.width.max(1)) {
                for (block, pixels) in line.iter_mut().zip(row.chunks(BLOCK)) {
                    *block = block.with(pixels);
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
                levels.push(if flat { -1.0 } else { sum.sum as f32 / sum.count.max(1) as f32 });
            }
        }
        Self { across, levels }
    }

    /// Those along a row of pixels, each for [`BLOCK`] of them.
    pub(super) fn along(&self, row: usize) -> &[f32] {
        let start = row / BLOCK * self.across;
        self.levels.get(start..start + self.across).unwrap_or_default()
    }

    /// The one at a place.
    pub(super) fn at(&self, place: Point) -> f32 {
        let (column, row) = (place.x.max(0.0) as usize / BLOCK, place.y.max(0.0) as usize / BLOCK);
        self.levels.get(row * self.across + column.min(self.across - 1)).copied().unwrap_or(-1.0)
    }

    /// Pixels that share one.
    pub(super) const fn block() -> usize {
        BLOCK
    }
}

/// The grey level at a place, between the pixels linearly; outside, that of the nearest pixel.
pub(super) fn light(picture: &Luma, place: Point) -> f32 {
    let (x, y) = ((place.x - 0.5).max(0.0), (place.y - 0.5).max(0.0));
    let (column, row) = (x as usize, y as usize);
    let (fx, fy) = ((x - column as f64) as f32, (y - row as f64) as f32);
    let last = picture.width.saturating_sub(1);
    let (left, right) = (column.min(last), (column + 1).min(last));
    let between = |row: usize| {
        let start = row.min(picture.height.saturating_sub(1)) * picture.width;
        let pixel = |column: usize| picture.pixels.get(start + column).map_or(0.0, |v| f32::from(*v));
        pixel(left) * (1.0 - fx) + pixel(right) * fx
    };
    between(row) * (1.0 - fy) + between(row + 1) * fy
}

/// Each pixel becomes the mean of the nine around it: noise goes, and so does a little sharpness.
pub(super) fn smoothed(picture: &Luma) -> Luma {
    let width = picture.width;
    let mut sums: Vec<u16> = vec![0; picture.pixels.len()];
    for (line, out) in picture.pixels.chunks(width.max(1)).zip(sums.chunks_mut(width.max(1))) {
        let left = line.first().into_iter().chain(line);
        let right = line.iter().skip(1).chain(line.last());
        for (((out, a), b), c) in out.iter_mut().zip(left).zip(line).zip(right) {
            *out = u16::from(*a) + u16::from(*b) + u16::from(*c);
        }
    }
    let lines: Vec<&[u16]> = sums.chunks(width.max(1)).collect();
    let mut pixels = Vec::with_capacity(sums.len());
    for (n, line) in lines.iter().enumerate() {
        let above = lines.get(n.saturating_sub(1)).unwrap_or(line);
        let below = lines.get(n + 1).unwrap_or(line);
        pixels.extend(above.iter().zip(*line).zip(*below).map(|((a, b), c)| ((a + b + c) / 9) as u8));
    }
    Luma { width, height: picture.height, pixels }
}

/// Half as large each way: large modules and interference become small.
pub(super) fn halved(picture: &Luma) -> Luma {
    let (width, height) = (picture.width / 2, picture.height / 2);
    let mut pixels = Vec::with_capacity(width * height);
    for rows in picture.pixels.chunks_exact((picture.width * 2).max(1)) {
        let (upper, lower) = rows.split_at(picture.width);
        let pairs = upper.chunks_exact(2).zip(lower.chunks_exact(2));
        let four = |(a, b): (&[u8], &[u8])| a.iter().chain(b).map(|v| u16::from(*v)).sum::<u16>();
        pixels.extend(pairs.map(|pair| ((four(pair) + 2) / 4) as u8));
    }
    Luma { width, height, pixels }
}
