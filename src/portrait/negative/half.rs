//! A region at half its size, straight from the coded bits.
//!
//! Of each block only the sixteen coefficients of the lowest frequencies are read with their values, and
//! transformed back to four by four samples: what a decoder that scales does, and what an ideal low-pass would leave
//! within the block. The planes stay apart, so that chroma is never made larger, and keep seven bits below the eighth, so
//! that nothing is rounded before they are resampled.

use super::{
    Unsupported,
    bits::{Coded, Reader},
    cut::UnitRect,
    header::{Component, Header},
    index::{Index, Units},
    values::{Kept, ValueTable, kept},
};
use crate::portrait::scale::Plane;

/// Samples of a block, across and down, at half its size.
const SIDE: usize = 4;

/// What a step between two levels of eight bits counts in a [`Plane`].
pub(super) const LEVEL: f32 = 128.0;

/// White in a [`Plane`]: nothing lies above it, as nothing lies above 255 in a decoded picture.
const WHITE: f32 = 255.0 * LEVEL;

/// Numbers near this one have a spacing of one, so that adding it rounds to the nearest whole number, which then stands
/// in the low bits of the sum: 2²³.
const ROUND: f32 = 8_388_608.0;

/// A block at half its size, row by row, around nought.
type Samples = [[f32; SIDE]; SIDE];

/// One plane of a region.
pub(super) struct HalfPlane {
    pub(super) plane: Plane,
    /// Pixels of the stored picture per sample, across and down.
    pub(super) pixels: (f64, f64),
}

/// The planes of a rectangle of units, at half their size.
pub(super) fn half(
    header: &Header,
    units: &Units,
    coded: &Coded,
    index: &Index,
    rect: UnitRect,
) -> Result<Vec<HalfPlane>, Unsupported> {
    let lost = Unsupported::Damaged("coded bits");
    // One for each table of the file: all that is looked up must fit into the nearest cache.
    let values: Vec<ValueTable<'_>> = units.ac.iter().map(ValueTable::new).collect();
    let mut planes = Vec::new();
    let mut blocks = Vec::new();
    for (number, (component, tables)) in header.components.iter().zip(&units.tables).enumerate() {
        planes.push(Drawn::new(header, component, number == 0, rect).ok_or(lost)?);
        let (dc, ac) = (units.dc.get(tables.0).ok_or(lost)?, values.get(tables.1).ok_or(lost)?);
        let places = (0..component.down).flat_map(|y| (0..component.across).map(move |x| (x, y)));
        blocks.extend(places.map(|place| (number, place, dc, ac)));
    }
    let across = header.units_across();
    for row in rect.top..rect.bottom {
        for column in rect.left..rect.right {
            let unit = row * across + column;
            let mut reader = Reader::at(&coded.bytes, *index.starts.get(unit).ok_or(lost)?);
            let means = index.dc.get(unit * blocks.len()..(unit + 1) * blocks.len()).ok_or(lost)?;
            for ((plane, place, dc, ac), mean) in blocks.iter().zip(means) {
                let mut kept = [0; 32];
                reader.refill();
                dc.read(&mut reader).ok_or(lost)?;
                ac.read(&mut reader, i32::from(*mean), &mut kept).ok_or(lost)?;
                let plane = planes.get_mut(*plane).ok_or(lost)?;
                plane.draw((column - rect.left, row - rect.top), *place, &kept).ok_or(lost)?;
            }
        }
    }
    Ok(planes.into_iter().map(|plane| plane.finished(header, rect)).collect())
}

/// Planes of the same size as pixels, three bytes each (JFIF 1.02, page 4). `None` if they are not one or three alike.
pub(super) fn coloured(planes: &[Vec<u16>]) -> Option<Vec<u8>> {
    let [luma, chroma @ ..] = planes else { return None };
    let mut pixels = vec![0; luma.len() * 3];
    match chroma {
        [] => {
            for (luma, pixel) in luma.iter().zip(pixels.chunks_exact_mut(3)) {
                pixel.fill(byte(level(*luma)));
            }
        }
        [blue, red] if blue.len() == luma.len() && red.len() == luma.len() => {
            // So many pixels side by side that the compiler makes vectors of them.
            const SOME: usize = 16;
            let planes = luma.chunks(SOME).zip(blue.chunks(SOME)).zip(red.chunks(SOME));
            for (((luma, blue), red), out) in planes.zip(pixels.chunks_mut(3 * SOME)) {
                let mut some = [[0; SOME]; 3];
                let [reds, greens, blues] = &mut some;
                let samples = luma.iter().zip(blue).zip(red);
                let bytes = reds.iter_mut().zip(greens).zip(blues);
                for (((luma, blue), red), ((r, g), b)) in samples.zip(bytes) {
                    let (luma, blue, red) = (level(*luma), level(*blue) - 128.0, level(*red) - 128.0);
                    *r = byte(luma + 1.402 * red);
                    *g = byte(luma - 0.344_136 * blue - 0.714_136 * red);
                    *b = byte(luma + 1.772 * blue);
                }
                let [reds, greens, blues] = some;
                for (pixel, ((r, g), b)) in
                    out.chunks_exact_mut(3).zip(reds.into_iter().zip(greens).zip(blues))
                {
                    pixel.copy_from_slice(&[r, g, b]);
                }
            }
        }
        _ => return None,
    }
    Some(pixels)
}

/// A sample as a level of eight bits.
#[inline(always)]
fn level(sample: u16) -> f32 {
    f32::from(sample) * (1.0 / LEVEL)
}

/// A level, rounded.
#[inline(always)]
fn byte(level: f32) -> u8 {
    (level.clamp(0.0, 255.0) + ROUND).to_bits() as u8
}

/// A plane that is being filled.
struct Drawn {
    /// Blocks of a unit, across and down.
    blocks: (usize, usize),
    /// Samples of a block, across and down: [`SIDE`], or half as many where pairs are made one.
    sides: (usize, usize),
    /// What each coefficient that is kept counts, row by row, with the transform's factor and [`LEVEL`] in it.
    steps: [f32; SIDE * SIDE],
    /// Samples in a row.
    width: usize,
    samples: Vec<u16>,
}

impl Drawn {
    /// `None` if the file has no such table.
    fn new(header: &Header, component: &Component, luma: bool, rect: UnitRect) -> Option<Self> {
        let steps = header.steps.get(component.steps)?.as_ref()?;
        let blocks = (component.across, component.down);
        // A portrait's own chroma has half its pixels a side, so that of chroma a quarter is as much as half of luma.
        let side =
            |unit: usize, blocks: usize| if luma || unit / (blocks * SIDE) >= 4 { SIDE } else { SIDE / 2 };
        let sides = (side(header.unit_width(), blocks.0), side(header.unit_height(), blocks.1));
        let width = (rect.right - rect.left) * blocks.0 * sides.0;
        let height = (rect.bottom - rect.top) * blocks.1 * sides.1;
        Some(Self {
            blocks,
            sides,
            // Four samples carry the energy of eight with half the amplitude of their coefficients, in both directions.
            steps: kept(steps).map(|step| f32::from(step) * 0.5 * LEVEL),
            width,
            samples: vec![0; width * height],
        })
    }

    /// Fills in a block, by its place within its unit. `None` if there is no such block.
    #[inline(always)]
    fn draw(&mut self, unit: (usize, usize), place: (usize, usize), kept: &Kept) -> Option<()> {
        let (wide, high) = self.sides;
        let left = (unit.0 * self.blocks.0 + place.0) * wide;
        let top = (unit.1 * self.blocks.1 + place.1) * high;
        let mut from = top * self.width + left;
        for row in folded(samples(kept, &self.steps), self.sides).iter().take(high) {
            let line = self.samples.get_mut(from..)?;
            // Copies of a length that the compiler knows.
            match (rounded(row), wide) {
                (row, SIDE) => *line.first_chunk_mut()? = row,
                ([first, second, ..], _) => *line.first_chunk_mut()? = [first, second],
            }
            from += self.width;
        }
        Some(())
    }

    /// Without what the last blocks of a row or column have beyond the picture.
    fn finished(self, header: &Header, rect: UnitRect) -> HalfPlane {
        let (wide, high) = (header.unit_width(), header.unit_height());
        let ((across, down), sides) = (self.blocks, self.sides);
        let pixels = (wide / (across * sides.0), high / (down * sides.1));
        let width = ((rect.right * wide).min(header.width) - rect.left * wide).div_ceil(pixels.0);
        let height = ((rect.bottom * high).min(header.height) - rect.top * high).div_ceil(pixels.1);
        let mut samples = self.samples;
        if width < self.width {
            let lines = samples.chunks_exact(self.width);
            samples = lines.flat_map(|line| line.iter().take(width).copied()).collect();
        }
        samples.truncate(width * height);
        let plane = Plane { width: width as u32, height: height as u32, samples };
        HalfPlane { plane, pixels: (pixels.0 as f64, pixels.1 as f64) }
    }
}

/// Pairs of columns and of rows made one where a block is to have fewer; what remains stands in the upper left.
#[inline(always)]
fn folded(mut samples: Samples, (columns, rows): (usize, usize)) -> Samples {
    if rows < SIDE {
        samples = folded_rows(&samples);
    }
    if columns < SIDE {
        samples = transposed(&folded_rows(&transposed(&samples)));
    }
    samples
}

#[inline(always)]
fn folded_rows([first, second, third, fourth]: &Samples) -> Samples {
    let mean = |one: &[f32; SIDE], other: &[f32; SIDE]| {
        let mut mean = *one;
        mean.iter_mut().zip(other).for_each(|(one, other)| *one = 0.5 * (*one + other));
        mean
    };
    [mean(first, second), mean(third, fourth), [0.0; SIDE], [0.0; SIDE]]
}

/// A row as whole numbers.
#[inline(always)]
fn rounded(row: &[f32; SIDE]) -> [u16; SIDE] {
    let mut out = [0; SIDE];
    for (out, sample) in out.iter_mut().zip(row) {
        #[expect(clippy::manual_clamp, reason = "`clamp` asks about NaN, one sample after the other")]
        let level = (sample + 128.0 * LEVEL).max(0.0).min(WHITE);
        *out = (level + ROUND).to_bits() as u16;
    }
    out
}

/// The inverse transform of four by four coefficients (T.81 A.3.3 for blocks of half the side), each times its step.
#[inline(always)]
fn samples(kept: &Kept, steps: &[f32; SIDE * SIDE]) -> Samples {
    let mut rows = [[0.0; SIDE]; SIDE];
    let coefficients = kept.as_chunks::<SIDE>().0.iter().zip(steps.as_chunks::<SIDE>().0);
    for (row, (kept, steps)) in rows.iter_mut().zip(coefficients) {
        let mut terms = [0.0; SIDE];
        for (term, (kept, step)) in terms.iter_mut().zip(kept.iter().zip(steps)) {
            *term = *kept as f32 * step;
        }
        // Each frequency along the row at once: vectors of four, without turning the block about.
        let [a, b, c, d] = terms;
        for ((sample, long), short) in row.iter_mut().zip(ODD[0]).zip(ODD[1]) {
            *sample = b * long + d * short;
        }
        for (sample, sign) in row.iter_mut().zip([1.0, -1.0, -1.0, 1.0]) {
            *sample += 0.5 * a + 0.5 * c * sign;
        }
    }
    columns(&rows)
}

/// The first and the third frequency at the four places of a row.
const ODD: [[f32; SIDE]; 2] = [[LONG, SHORT, -SHORT, -LONG], [SHORT, -LONG, LONG, -SHORT]];

/// cos(π/8) / √2.
const LONG: f32 = 0.653_281_5;

/// cos(3π/8) / √2.
const SHORT: f32 = 0.270_598_05;

/// The one-dimensional transform down each of the four columns.
#[inline(always)]
fn columns(rows: &[[f32; SIDE]; SIDE]) -> [[f32; SIDE]; SIDE] {
    let [first, second, third, fourth] = rows;
    let mut out = [[0.0; SIDE]; SIDE];
    let [top, upper, lower, bottom] = &mut out;
    for column in 0..SIDE {
        #[expect(clippy::indexing_slicing, reason = "all sides are 4")]
        let (a, b, c, d) = (first[column], second[column], third[column], fourth[column]);
        let (outer, inner) = (0.5 * (a + c), 0.5 * (a - c));
        let (long, short) = (LONG * b + SHORT * d, SHORT * b - LONG * d);
        #[expect(clippy::indexing_slicing, reason = "all sides are 4")]
        {
            (top[column], upper[column]) = (outer + long, inner + short);
            (lower[column], bottom[column]) = (inner - short, outer - long);
        }
    }
    out
}

#[inline(always)]
const fn transposed<T: Copy>(block: &[[T; SIDE]; SIDE]) -> [[T; SIDE]; SIDE] {
    let [[a, b, c, d], [e, f, g, h], [i, j, k, l], [m, n, o, p]] = *block;
    [[a, e, i, m], [b, f, j, n], [c, g, k, o], [d, h, l, p]]
}
