//! A size no file of a quality can undercut, from tallies of single coefficients alone.
//!
//! The search must prove that every quality above its answer is too big. Size does not rise steadily with
//! quality, so one too big does not rule out the next; each has to be ruled out by itself, and this does it
//! for most of them without touching the picture again. Three kinds of bits certainly have to be paid:
//!
//! * the magnitude bits of every AC coefficient: how many it needs is known from its size alone;
//! * the codes of AC symbols. A symbol joins a run of zeros with a magnitude size. Forgetting the runs,
//!   symbols fall into groups by size, and no prefix code spends less on `n` of `all` symbols than
//!   `n · log2(all / n)` bits (Shannon; the groups' shares satisfy Kraft's inequality as the codes do);
//! * the DC symbols, which are few enough to be counted in full.
//!
//! What coefficients quantise to depends on size, place and plane only, so a table of how many there are
//! of each settles every quality. On portraits the bound comes to some three quarters of the true size.

use super::coefficients::Coefficients;
use super::dct::{IN_TRANSFORMED, Transformed};
use super::quant::{Dividers, Plane, SIXTEENTHS, Steps};
use super::{recipe, write};

/// Rounding `c / step` reaches `m` where `c ≥ (m − ½) step`. Steps are whole, so half units decide it.
const HALF_UNIT: u16 = SIXTEENTHS / 2;

/// Coefficients of this many half units or more are left out: they are very few, what is left out only
/// lowers the bound, and the table stays in the cache.
const SIZES: usize = 512;

/// Largest magnitude size in bits a counted coefficient can have.
const LARGEST: usize = 8;

/// How many AC coefficients of one plane are at least so large.
struct Census {
    blocks: u64,
    /// For 0, 1, 2, … half units: how many have at least so many at each place of a block.
    at_least: Vec<[u32; 64]>,
}

impl Census {
    fn nobody() -> Self {
        Self { blocks: 0, at_least: vec![[0; 64]; SIZES] }
    }

    fn count(&mut self, block: &Transformed) {
        self.blocks += 1;
        for (place, sixteenths) in block.as_flattened().iter().enumerate() {
            let size = self.at_least.get_mut(usize::from(sixteenths.unsigned_abs() / HALF_UNIT));
            if let Some(count) = size.and_then(|size| size.get_mut(place)) {
                *count += 1;
            }
        }
    }

    fn sum_up(&mut self) {
        let mut larger = [0; 64];
        for size in self.at_least.iter_mut().rev() {
            for (count, larger) in size.iter_mut().zip(&mut larger) {
                *larger += *count;
                *count = *larger;
            }
        }
    }

    /// A number of bits the AC coefficients need at least when quantised with these steps.
    fn bits(&self, steps: &Steps) -> f64 {
        // How many coefficients need at least 1, 2, … bits of magnitude after quantisation.
        let mut reaching = [0_u64; LARGEST];
        let mut full_blocks = 0;
        for (&place, &step) in IN_TRANSFORMED.iter().zip(steps).skip(1) {
            let at_least = |half_units: usize| {
                let counts = self.at_least.get(half_units)?;
                counts.get(usize::from(place)).copied().map(u64::from)
            };
            for (reaching, bits) in reaching.iter_mut().zip(1_u32..) {
                let smallest = ((1 << bits) - 1) * usize::from(step);
                let Some(count @ 1..) = at_least(smallest) else { break };
                *reaching += count;
            }
            full_blocks = at_least(usize::from(step)).unwrap_or(0);
        }
        // A block has an end-of-block symbol unless its very last coefficient is there.
        let ends = self.blocks - full_blocks;
        let above = reaching.iter().skip(1).chain(&[0]);
        let groups = reaching.iter().zip(above).map(|(reached, above)| reached - above).chain([ends]);
        let magnitude_bits: u64 = reaching.iter().sum();
        let all = (reaching[0] + ends) as f64;
        let code_bits: f64 = groups.filter(|n| *n > 0).map(|n| n as f64 * (all / n as f64).log2()).sum();
        magnitude_bits as f64 + code_bits
    }
}

/// The tallies of a picture from which every quality's bound follows.
pub(super) struct Bound<'a> {
    picture: &'a Coefficients,
    luma: Census,
    chroma: Census,
}

impl<'a> Bound<'a> {
    /// Counts the picture's coefficients.
    pub(super) fn of(picture: &'a Coefficients) -> Self {
        let (mut luma, mut chroma) = (Census::nobody(), Census::nobody());
        for (plane, block) in picture.blocks() {
            match plane {
                Plane::Luma => luma.count(block),
                Plane::Chroma => chroma.count(block),
            }
        }
        luma.sum_up();
        chroma.sum_up();
        Self { picture, luma, chroma }
    }

    /// Whether the picture's file at this quality certainly has more than `max` bytes. The DC symbols are
    /// only counted if the rest does not say so already.
    pub(super) fn rules_out(&self, quality: u8, max: usize) -> bool {
        let dividers = Dividers::new(quality);
        let ac_bits = self.ac_bits(&dividers);
        bytes(ac_bits) > max || bytes(ac_bits + recipe::dc_bits(self.picture, &dividers)) > max
    }

    /// A number of bits which all AC coefficients certainly cost.
    fn ac_bits(&self, dividers: &Dividers) -> u64 {
        let bits = self.luma.bits(dividers.luma.steps()) + self.chroma.bits(dividers.chroma.steps());
        // One bit is given away for what the floating-point logarithms may have rounded up.
        (bits - 1.0).max(0.0) as u64
    }
}

/// Bytes of a file whose scan has so many bits, not counting symbols listed in Huffman tables.
fn bytes(bits: u64) -> usize {
    write::FIXED_BYTES + write::whole_bytes(bits)
}

#[cfg(test)]
mod tests {
    use super::super::recipe::Recipe;
    use super::super::test_pictures;
    use super::*;

    fn size(picture: &Coefficients, quality: u8) -> usize {
        Recipe::new(&picture.terms(&Dividers::new(quality)), quality).bytes_before_stuffing
    }

    /// Worked by hand: 63 ones of one magnitude bit each and, in the other block, one end of block, told
    /// apart by codes of log2(64/63) and log2(64) bits.
    #[test]
    fn two_blocks_come_out_as_on_paper() {
        let mut census = Census::nobody();
        census.count(&[[16; 8]; 8]);
        census.count(&[[0; 8]; 8]);
        census.sum_up();
        let expected = 63.0 + 63.0 * (64.0_f64 / 63.0).log2() + 6.0;
        assert!((census.bits(&[1; 64]) - expected).abs() < 1e-9);
        assert_eq!(census.bits(&[3; 64]), 0.0, "all ends of blocks, told apart from nothing");
    }

    /// The whole point: no quality is ever ruled out whose file would fit, for any picture.
    #[test]
    fn nothing_that_fits_is_ruled_out() {
        for (name, picture) in test_pictures::all() {
            let coefficients = Coefficients::of(&picture.rgb());
            let bound = Bound::of(&coefficients);
            for quality in 1..=100 {
                assert!(!bound.rules_out(quality, size(&coefficients, quality)), "{name} at {quality}");
            }
        }
    }

    /// A bound of nothing would be true and useless: this one must save the search most of its work.
    #[test]
    fn the_bound_is_near_enough_to_be_of_use() {
        let coefficients = Coefficients::of(&test_pictures::portrait(480, 640).rgb());
        let bound = Bound::of(&coefficients);
        for quality in [60, 80, 90, 100] {
            assert!(bound.rules_out(quality, size(&coefficients, quality) * 7 / 10), "quality {quality}");
        }
    }
}
