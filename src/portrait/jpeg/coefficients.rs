//! A picture as coefficients: computed once, then quantised at as many qualities as the search asks for.
//!
//! Quantisation leaves only some eight of the 63 AC coefficients of a block, and since no step shrinks as
//! quality falls, what rounds to nothing at one quality does so at all lower ones. So the search makes a
//! short list once, [`Terms`], for the highest quality that is still possible, and only that list is gone
//! through for this and all lower qualities.
//!
//! [`Terms::walk`] turns the list into the symbols of ITU-T T.81 F.1.2. Counting symbols and writing them
//! are the same walk with two listeners, so a size that was counted is the size that is written. The
//! trellis ([`super::trellis`]) rewrites the list, and neither listener notices.

use super::Rgb;
use super::colour::Strip;
use super::dct::{self, IN_TRANSFORMED, Transformed};
use super::quant::{Divider, Dividers, Plane, SIXTEENTHS, Steps};

/// One AC coefficient that is not nothing.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Term {
    /// Its place in the zigzag sequence, 1..=63.
    pub(super) at: u8,
    /// Its value in sixteenths.
    pub(super) sixteenths: i16,
}

/// The planes of the six blocks of an MCU, and whose brightness or colour each continues (Y, Cb, Cr).
const MCU_PATTERN: [(Plane, usize); 6] = [
    (Plane::Luma, 0),
    (Plane::Luma, 0),
    (Plane::Luma, 0),
    (Plane::Luma, 0),
    (Plane::Chroma, 1),
    (Plane::Chroma, 2),
];

/// Symbol for "nothing but zeros until the end of the block" (T.81 F.1.2.2.1).
pub(super) const END_OF_BLOCK: u8 = 0x00;
/// Symbol for sixteen zeros in a row.
pub(super) const SIXTEEN_ZEROS: u8 = 0xF0;

/// Told instead of a symbol for a coefficient that rounds to nothing: it is neither counted nor written. A number
/// that AC symbols never have, told rather than kept quiet about because which coefficients vanish is a coin
/// toss, and a mispredicted branch costs more than counting one too many and forgetting it.
pub(super) const NOTHING: u8 = 0x10;

/// Who listens to a walk over all symbols of a picture.
pub(super) trait Listener {
    /// A DC symbol with its magnitude bits; `symbol % 16` says how many bits.
    fn dc(&mut self, plane: Plane, symbol: u8, magnitude: u16);
    /// An AC symbol with its magnitude bits; `symbol % 16` says how many bits. Or [`NOTHING`].
    fn ac(&mut self, plane: Plane, symbol: u8, magnitude: u16);
}

/// All coefficients of a picture, not yet quantised.
pub(super) struct Coefficients {
    /// Every block in the order of the scan.
    blocks: Vec<Transformed>,
    /// DC of every block once more: asked for so often that they are kept side by side.
    dc: Vec<i16>,
}

impl Coefficients {
    /// Colour conversion, downsampling and cosine transform of the whole picture.
    pub(super) fn of(image: &Rgb<'_>) -> Self {
        let mut strip = Strip::new(image);
        let strips = usize::from(image.height).div_ceil(super::colour::MCU);
        let mut blocks = Vec::with_capacity(strips * strip.across() * MCU_PATTERN.len());
        for down in 0..strips {
            strip.load(image, down);
            for right in 0..strip.across() {
                for samples in &strip.mcu(right) {
                    blocks.push(dct::forward(samples));
                }
            }
        }
        let dc = blocks.iter().filter_map(|block| block.as_flattened().first().copied()).collect();
        Self { blocks, dc }
    }

    /// DC of every block, in sixteenths, in the order of the scan.
    pub(super) fn dc(&self) -> &[i16] {
        &self.dc
    }

    /// Every block in the order of the scan, with the plane it belongs to.
    pub(super) fn blocks(&self) -> impl Iterator<Item = (Plane, &Transformed)> {
        MCU_PATTERN.iter().cycle().zip(&self.blocks).map(|(&(plane, _), block)| (plane, block))
    }

    /// Tells `listener` the DC symbols only.
    pub(super) fn walk_dc(&self, dividers: &Dividers, listener: &mut impl Listener) {
        let mut before = [0; 3];
        for (&dc, &(plane, component)) in self.dc.iter().zip(MCU_PATTERN.iter().cycle()) {
            let divider = dividers.of(plane);
            walk_dc(divider, dc, before.get_mut(component), |symbol, bits| listener.dc(plane, symbol, bits));
        }
    }

    /// The list of what matters at the quality of `dividers` and all lower ones.
    pub(super) fn terms(&self, dividers: &Dividers) -> Terms<'_> {
        let blocks = self.blocks.len();
        // A portrait of 40 KB keeps about eight coefficients a block.
        let terms = Vec::with_capacity(8 * blocks);
        let mut all = Terms { dc: &self.dc, lengths: Vec::with_capacity(blocks), terms };
        for (plane, block) in self.blocks() {
            all.push(block, dividers.of(plane).steps());
        }
        all
    }
}

/// The coefficients of a picture that do not vanish at a certain quality.
pub(super) struct Terms<'a> {
    /// DC of every block, in sixteenths.
    dc: &'a [i16],
    /// How many of `terms` belong to each block.
    lengths: Vec<u8>,
    terms: Vec<Term>,
}

impl<'a> Terms<'a> {
    /// A list put together elsewhere: DC and the number of terms of every block, and all terms.
    pub(super) fn rewritten(dc: &'a [i16], lengths: Vec<u8>, terms: Vec<Term>) -> Self {
        Self { dc, lengths, terms }
    }

    /// How many AC coefficients the list has.
    pub(super) fn count(&self) -> usize {
        self.terms.len()
    }

    fn push(&mut self, block: &Transformed, steps: &Steps) {
        let flat = block.as_flattened();
        let mut kept = [Term::default(); 64];
        let mut count = 0;
        for ((&from, &step), at) in IN_TRANSFORMED.iter().zip(steps).zip(0..).skip(1) {
            let sixteenths = flat.get(usize::from(from)).copied().unwrap_or_default();
            // Written first and counted afterwards: without a branch, since which ones stay is a coin toss.
            if let Some(slot) = kept.get_mut(count % 64) {
                *slot = Term { at, sixteenths };
            }
            count += usize::from(sixteenths.unsigned_abs() >= SIXTEENTHS / 2 * u16::from(step));
        }
        self.lengths.push(count as u8);
        self.terms.extend_from_slice(kept.get(..count).unwrap_or_default());
    }

    /// Plane, component, DC and terms of every block, in the order of the scan.
    pub(super) fn blocks(&self) -> impl Iterator<Item = (Plane, usize, i16, &[Term])> {
        let mut rest = self.terms.as_slice();
        self.dc.iter().zip(&self.lengths).zip(MCU_PATTERN.iter().cycle()).map(
            move |((&dc, &length), &(plane, component))| {
                let (terms, others) = rest.split_at(usize::from(length).min(rest.len()));
                rest = others;
                (plane, component, dc, terms)
            },
        )
    }

    /// Tells `listener` every symbol of the picture, quantised with these dividers, in the order of the scan.
    pub(super) fn walk(&self, dividers: &Dividers, listener: &mut impl Listener) {
        let mut before = [0; 3];
        for (plane, component, dc, terms) in self.blocks() {
            let divider = dividers.of(plane);
            walk_dc(divider, dc, before.get_mut(component), |symbol, bits| listener.dc(plane, symbol, bits));
            walk_ac(divider, terms, |symbol, bits| listener.ac(plane, symbol, bits));
        }
    }
}

/// DC is coded as the difference to the block before it of the same component (T.81 F.1.1.5.1).
#[inline]
fn walk_dc(divider: &Divider, dc: i16, before: Option<&mut i32>, mut tell: impl FnMut(u8, u16)) {
    let Some(before) = before else { return };
    let magnitude = divider.magnitude(0, dc.unsigned_abs()) as i32;
    let level = if dc < 0 { -magnitude } else { magnitude };
    let difference = level - std::mem::replace(before, level);
    let size = bit_length(difference.unsigned_abs());
    tell(size, magnitude_bits(difference.unsigned_abs(), difference < 0, size));
}

/// AC is coded as "so many zeros, then a number of so many bits" (T.81 F.1.2.2).
#[inline]
fn walk_ac(divider: &Divider, terms: &[Term], mut tell: impl FnMut(u8, u16)) {
    let mut last = 0;
    for term in terms {
        let magnitude = divider.magnitude(term.at, term.sixteenths.unsigned_abs());
        let kept = magnitude > 0;
        // Places rise within a block: nothing wraps.
        let mut zeros = term.at.wrapping_sub(last).wrapping_sub(1);
        while zeros > 15 && kept {
            tell(SIXTEEN_ZEROS, 0);
            zeros -= 16;
        }
        let size = bit_length(magnitude);
        let symbol = if kept { zeros << 4 | size } else { NOTHING };
        tell(symbol, magnitude_bits(magnitude, term.sixteenths < 0, size));
        last = if kept { term.at } else { last };
    }
    if last < 63 {
        tell(END_OF_BLOCK, 0);
    }
}

#[inline]
fn bit_length(magnitude: u32) -> u8 {
    // One bit more than is asked about is never zero, which saves the processor a question.
    (u32::BITS - 1 - (magnitude << 1 | 1).leading_zeros()) as u8
}

/// A number as the bits after its symbol: itself if positive, all bits turned over if negative (T.81 Table
/// F.1).
#[inline]
fn magnitude_bits(magnitude: u32, negative: bool, size: u8) -> u16 {
    let turned = if negative { (1_u32 << size) - 1 } else { 0 };
    (magnitude ^ turned) as u16
}

#[cfg(test)]
mod tests {
    use super::super::quant::ZIGZAG;
    use super::super::test_pictures;
    use super::*;

    /// Everything heard, as (is AC, plane, symbol, magnitude bits).
    #[derive(Default)]
    struct Transcript(Vec<(bool, Plane, u8, u16)>);

    impl Listener for Transcript {
        fn dc(&mut self, plane: Plane, symbol: u8, magnitude: u16) {
            self.0.push((false, plane, symbol, magnitude));
        }
        fn ac(&mut self, plane: Plane, symbol: u8, magnitude: u16) {
            if symbol == NOTHING {
                return;
            }
            self.0.push((true, plane, symbol, magnitude));
        }
    }

    fn block_of(values: &[(usize, i16)]) -> Transformed {
        let mut block = [[0; 8]; 8];
        for &(at, value) in values {
            let (v, u) = (ZIGZAG[at] / 8, ZIGZAG[at] % 8);
            block[usize::from(u)][usize::from(v)] = value * 16;
        }
        block
    }

    fn heard(blocks: Vec<Transformed>) -> Vec<(bool, Plane, u8, u16)> {
        let dc = blocks.iter().map(|block| block[0][0]).collect();
        let mut transcript = Transcript::default();
        let finest = Dividers::new(100);
        Coefficients { blocks, dc }.terms(&finest).walk(&finest, &mut transcript);
        transcript.0
    }

    /// Worked by hand from T.81 F.1.2: sizes, runs, sixteen zeros, turned bits, end of block.
    #[test]
    fn symbols_follow_the_standard() {
        let luma = Plane::Luma;
        let block = block_of(&[(0, -5), (1, 1), (3, -2), (36, 7), (63, -1)]);
        let expected = [
            (false, luma, 3, 0b010),
            (true, luma, 0x01, 1),
            (true, luma, 0x12, 0b01),
            (true, luma, 0xF0, 0),
            (true, luma, 0xF0, 0),
            (true, luma, 0x03, 0b111),
            (true, luma, 0xF0, 0),
            (true, luma, 0xA1, 0),
        ];
        assert_eq!(heard(vec![block]), expected);
    }

    #[test]
    fn every_component_predicts_from_itself() {
        let blocks = [10, 10, 12, 9, -100, 100, 9].map(|dc| block_of(&[(0, dc)]));
        let dc: Vec<_> = heard(blocks.to_vec())
            .into_iter()
            .filter(|heard| !heard.0)
            .map(|heard| (heard.2, heard.3))
            .collect();
        assert_eq!(dc, [(4, 10), (0, 0), (2, 2), (2, 0), (7, 27), (7, 100), (0, 0)]);
    }

    /// What a list leaves out was nothing at its quality and below: not a symbol changes.
    #[test]
    fn a_list_serves_its_quality_and_all_lower_ones() {
        let picture = test_pictures::portrait(96, 128);
        let coefficients = Coefficients::of(&picture.rgb());
        let whole = coefficients.terms(&Dividers::new(100));
        let short = coefficients.terms(&Dividers::new(85));
        assert!(short.terms.len() < whole.terms.len());
        for quality in [85, 84, 60, 20] {
            let [mut from_whole, mut from_short] = [Transcript::default(), Transcript::default()];
            whole.walk(&Dividers::new(quality), &mut from_whole);
            short.walk(&Dividers::new(quality), &mut from_short);
            assert!(from_whole.0 == from_short.0, "quality {quality}");
        }
    }
}
