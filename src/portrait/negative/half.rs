//! A region at half its size, straight from the coded bits.
//!
//! Of each block only the sixteen coefficients of the lowest frequencies are read with their values, and
//! transformed back to four by four samples: what a decoder that scales does, and what an ideal low-pass would leave
//! within the block. The planes stay apart, each at the size it was coded at, so that chroma is never made larger, and
//! keep seven bits below the eighth, so that nothing is rounded before they are resampled.

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
    let tables = units.coded().ok_or(lost)?;
    let mut planes: Vec<Drawn> = header
        .components
        .iter()
        .map(|component| Drawn::new(header, component, rect))
        .collect::<Option<_>>()
        .ok_or(lost)?;
    let (blocks, across) = (tables.len(), header.units_across());
    let values: Vec<(usize, ValueTable<'_>)> =
        tables.iter().map(|(plane, _, ac)| (*plane, ValueTable::new(ac))).collect();
    for row in rect.top..rect.bottom {
        for column in rect.left..rect.right {
            let unit = row * across + column;
            let (start, _) = index.unit(header, unit).ok_or(lost)?;
            let means = index.dc.get(unit * blocks..(unit + 1) * blocks).ok_or(lost)?;
            let mut reader = Reader::at(&coded.bytes, start);
            let mut drawn = [0; 3];
            for (((_, dc, _), (plane, values)), mean) in tables.iter().zip(&values).zip(means) {
                let (number, plane) =
                    (drawn.get_mut(*plane).ok_or(lost)?, planes.get_mut(*plane).ok_or(lost)?);
                reader.refill();
                dc.read(&mut reader).ok_or(lost)?;
                let kept = values.read(&mut reader, f32::from(*mean), &plane.steps).ok_or(lost)?;
                plane.draw((column - rect.left, row - rect.top), *number, &samples(&kept)).ok_or(lost)?;
                *number += 1;
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
    /// What each coefficient counts, in zigzag order, with the transform's factor and [`LEVEL`] in it.
    steps: [f32; 64],
    /// Samples in a row.
    width: usize,
    samples: Vec<u16>,
}

impl Drawn {
    /// `None` if the file has no such table.
    fn new(header: &Header, component: &Component, rect: UnitRect) -> Option<Self> {
        let steps = header.steps.get(component.steps)?.as_ref()?;
        let width = (rect.right - rect.left) * component.across * SIDE;
        let height = (rect.bottom - rect.top) * component.down * SIDE;
        Some(Self {
            blocks: (component.across, component.down),
            // Four samples carry the energy of eight with half the amplitude of their coefficients, in both directions.
            steps: steps.map(|step| f32::from(step) * 0.5 * LEVEL),
            width,
            samples: vec![0; width * height],
        })
    }

    /// Fills in a block, by its number within its unit. `None` if there is no such block.
    fn draw(&mut self, unit: (usize, usize), number: usize, samples: &[[u16; SIDE]; SIDE]) -> Option<()> {
        let (across, down) = self.blocks;
        let left = (unit.0 * across + number % across) * SIDE;
        let top = (unit.1 * down + number / across) * SIDE;
        let lines = self.samples.get_mut(top * self.width..)?.chunks_exact_mut(self.width);
        for (line, row) in lines.zip(samples) {
            line.get_mut(left..left + SIDE)?.copy_from_slice(row);
        }
        Some(())
    }

    /// Without what the last blocks of a row or column have beyond the picture.
    fn finished(self, header: &Header, rect: UnitRect) -> HalfPlane {
        let (wide, high) = (header.unit_width(), header.unit_height());
        let pixels = (wide / (self.blocks.0 * SIDE), high / (self.blocks.1 * SIDE));
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

/// The inverse transform of four by four coefficients (T.81 A.3.3 for blocks of half the side).
#[inline(always)]
fn samples(kept: &Kept) -> [[u16; SIDE]; SIDE] {
    let across = transposed(&columns(&rows_of(kept)));
    transposed(&columns(&across)).map(|row| {
        row.map(|sample| {
            let level = (sample + 128.0 * LEVEL).clamp(0.0, WHITE);
            (level + ROUND).to_bits() as u16
        })
    })
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
const fn transposed(block: &[[f32; SIDE]; SIDE]) -> [[f32; SIDE]; SIDE] {
    let [[a, b, c, d], [e, f, g, h], [i, j, k, l], [m, n, o, p]] = *block;
    [[a, e, i, m], [b, f, j, n], [c, g, k, o], [d, h, l, p]]
}
