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
    values::{Kept, ValueTable},
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

/// A block at half its size, row by row.
type Samples = [[u16; SIDE]; SIDE];

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
    let mut planes = Vec::new();
    let mut blocks = Vec::new();
    for (number, component) in header.components.iter().enumerate() {
        planes.push(Drawn::new(header, component, number == 0, rect).ok_or(lost)?);
        let places = (0..component.down).flat_map(|y| (0..component.across).map(move |x| (x, y)));
        blocks.extend(places.map(|place| (number, place)));
    }
    let tables = units.coded().ok_or(lost)?;
    let values: Vec<ValueTable<'_>> = tables.iter().map(|(_, _, ac)| ValueTable::new(ac)).collect();
    for row in rect.top..rect.bottom {
        for column in rect.left..rect.right {
            let unit = row * header.units_across() + column;
            let mut reader = Reader::at(&coded.bytes, *index.starts.get(unit).ok_or(lost)?);
            let means = index.dc.get(unit * blocks.len()..(unit + 1) * blocks.len()).ok_or(lost)?;
            let blocks = blocks.iter().zip(&tables).zip(&values).zip(means);
            for ((((plane, place), (_, dc, _)), values), mean) in blocks {
                let plane = planes.get_mut(*plane).ok_or(lost)?;
                let mut kept = [0.0; 32];
                reader.refill();
                dc.read(&mut reader).ok_or(lost)?;
                values.read(&mut reader, f32::from(*mean), &plane.steps, &mut kept).ok_or(lost)?;
                plane.draw((column - rect.left, row - rect.top), *place, samples(&kept)).ok_or(lost)?;
            }
        }
    }
    Ok(planes.into_iter().map(|plane| plane.finished(header, rect)).collect())
}

/// Planes of the same size as pixels, three bytes each (JFIF 1.02, page 4). `None` if they are not one or three alike.
pub(super) fn coloured(planes: &[Vec<u16>]) -> Option<Vec<u8>> {
    let byte = |value: f32| (value.clamp(0.0, 255.0) + ROUND).to_bits() as u8;
    let level = |sample: &u16| f32::from(*sample) / LEVEL;
    match planes {
        [grey] => Some(grey.iter().flat_map(|luma| [byte(level(luma)); 3]).collect()),
        [luma, blue, red] if luma.len() == blue.len() && luma.len() == red.len() => {
            let mut pixels = vec![0; luma.len() * 3];
            let samples = luma.iter().zip(blue).zip(red);
            for (((luma, blue), red), pixel) in samples.zip(pixels.chunks_exact_mut(3)) {
                let (luma, blue, red) = (level(luma), level(blue) - 128.0, level(red) - 128.0);
                let green = luma - 0.344_136 * blue - 0.714_136 * red;
                pixel.copy_from_slice(&[byte(luma + 1.402 * red), byte(green), byte(luma + 1.772 * blue)]);
            }
            Some(pixels)
        }
        _ => None,
    }
}

/// A plane that is being filled.
struct Drawn {
    /// Blocks of a unit, across and down.
    blocks: (usize, usize),
    /// Samples of a block that become one, across and down.
    folded: (usize, usize),
    /// What each coefficient counts, in zigzag order, with the transform's factor and [`LEVEL`] in it.
    steps: [f32; 64],
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
        let finer = |unit: usize, blocks: usize| if luma || unit / (blocks * SIDE) >= 4 { 1 } else { 2 };
        let folded = (finer(header.unit_width(), blocks.0), finer(header.unit_height(), blocks.1));
        let width = (rect.right - rect.left) * blocks.0 * SIDE / folded.0;
        let height = (rect.bottom - rect.top) * blocks.1 * SIDE / folded.1;
        Some(Self {
            blocks,
            folded,
            // Four samples carry the energy of eight with half the amplitude of their coefficients, in both directions.
            steps: steps.map(|step| f32::from(step) * 0.5 * LEVEL),
            width,
            samples: vec![0; width * height],
        })
    }

    /// Fills in a block, by its place within its unit. `None` if there is no such block.
    fn draw(&mut self, unit: (usize, usize), place: (usize, usize), samples: Samples) -> Option<()> {
        let (wide, high) = (SIDE / self.folded.0, SIDE / self.folded.1);
        let left = (unit.0 * self.blocks.0 + place.0) * wide;
        let top = (unit.1 * self.blocks.1 + place.1) * high;
        let lines = self.samples.get_mut(top * self.width..)?.chunks_exact_mut(self.width);
        for (line, row) in lines.zip(folded(samples, self.folded).iter().take(high)) {
            line.get_mut(left..left + wide)?.copy_from_slice(row.get(..wide)?);
        }
        Some(())
    }

    /// Without what the last blocks of a row or column have beyond the picture.
    fn finished(self, header: &Header, rect: UnitRect) -> HalfPlane {
        let (wide, high) = (header.unit_width(), header.unit_height());
        let ((across, down), (columns, rows)) = (self.blocks, self.folded);
        let pixels = (wide * columns / (across * SIDE), high * rows / (down * SIDE));
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

/// Pairs of columns and of rows made one where there are to be two (else one); what remains stands in the upper left.
#[inline(always)]
fn folded(mut samples: Samples, (columns, rows): (usize, usize)) -> Samples {
    if rows == 2 {
        samples = folded_rows(samples);
    }
    if columns == 2 {
        samples = transposed(&folded_rows(transposed(&samples)));
    }
    samples
}

#[inline(always)]
fn folded_rows([first, second, third, fourth]: Samples) -> Samples {
    let means = |mut one: [u16; SIDE], other: [u16; SIDE]| {
        // Neither is above WHITE, so that their sum has sixteen bits.
        one.iter_mut().zip(other).for_each(|(one, other)| *one = (*one + other).div_ceil(2));
        one
    };
    [means(first, second), means(third, fourth), [0; SIDE], [0; SIDE]]
}

/// The inverse transform of four by four coefficients (T.81 A.3.3 for blocks of half the side).
#[inline(always)]
fn samples(kept: &Kept) -> Samples {
    let across = transposed(&columns(&rows_of(kept)));
    let both = transposed(&columns(&across));
    let mut out = [[0; SIDE]; SIDE];
    for (row, levels) in out.iter_mut().zip(&both) {
        for (sample, level) in row.iter_mut().zip(levels) {
            *sample = ((level + 128.0 * LEVEL).clamp(0.0, WHITE) + ROUND).to_bits() as u16;
        }
    }
    out
}

#[inline(always)]
const fn rows_of(kept: &Kept) -> [[f32; SIDE]; SIDE] {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ..] = *kept;
    [[a, b, c, d], [e, f, g, h], [i, j, k, l], [m, n, o, p]]
}

/// The one-dimensional transform down each of the four columns.
#[inline(always)]
fn columns(rows: &[[f32; SIDE]; SIDE]) -> [[f32; SIDE]; SIDE] {
    // cos(π/8) / √2 and cos(3π/8) / √2.
    const LONG: f32 = 0.653_281_5;
    const SHORT: f32 = 0.270_598_05;
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
