//! Filling the window: a quality above the one that fits by rounding, and as much of the trellis as it takes.
//!
//! Rounding leaves room: sizes step from one quality to the next by some two percent. And finer steps with a
//! few levels given up look better than coarser steps with none, as long as lambda, the price of a bit, is
//! moderate. So qualities above the plain answer are tried, each at the lambda that brings its file to the
//! limit ([`super::attempt`]), and the one with the smallest distortion ([`super::weights`]) is taken. Where even
//! the lowest quality allowed is too big by rounding, the same may make it fit.
//!
//! The same picture and demand always give the same file: lambda is found by arithmetic that every machine
//! rounds alike (sums, products, quotients and square roots only).

use super::Encoded;
use super::attempt::Attempt;
use super::coefficients::{Coefficients, Terms};
use super::quant::Dividers;
use super::trellis::Lattice;
use super::weights;
use super::write::Frame;

/// How far above the lowest quality to be tried the best one mostly lies.
const USUAL_RISE: u8 = 4;

/// The task: which picture, and how many bytes at most.
pub(super) struct Filling<'a> {
    picture: &'a Coefficients,
    weights: Vec<f32>,
    /// All that matters up to the highest quality to be tried.
    pub(super) terms: Terms<'a>,
    pub(super) frame: Frame,
    pub(super) max: usize,
}

impl<'a> Filling<'a> {
    /// Prepares to fill `max` bytes with qualities up to `highest`.
    pub(super) fn new(picture: &'a Coefficients, frame: Frame, max: usize, highest: u8) -> Self {
        let terms = picture.terms(&Dividers::new(highest));
        Self { picture, weights: weights::of(picture), terms, frame, max }
    }

    /// The best file of at most `max` bytes at a quality from `lowest` to `highest`, if lambda may bring any of
    /// them there, and if it distorts less than `beaten`.
    ///
    /// Distortion falls with quality, as steps get finer, and then rises, as lambda must: so it is climbed down
    /// from where its minimum usually lies. A quality that lambda cannot bring to the limit is worse than all.
    pub(super) fn best(&self, lowest: u8, highest: u8, beaten: f64) -> Option<Encoded> {
        let start = lowest.saturating_add(USUAL_RISE).min(highest);
        let mut best = Attempt::near_the_limit(self, start);
        if best.is_some() {
            best = self.follow(best, start + 1..=highest);
        }
        if best.as_ref().is_none_or(|best| best.quality == start) {
            best = self.follow(best, (lowest..start).rev());
        }
        best.filter(|attempt| attempt.estimate < beaten)?.finish()
    }

    /// Goes on from quality to quality as long as it gets better.
    fn follow<'b>(
        &'b self,
        mut best: Option<Attempt<'b>>,
        qualities: impl Iterator<Item = u8>,
    ) -> Option<Attempt<'b>> {
        for quality in qualities {
            let next = Attempt::near_the_limit(self, quality);
            match (&next, &best) {
                (Some(next), Some(best)) if next.estimate >= best.estimate => break,
                (None, Some(_)) => break,
                (None, None) => {}
                (Some(_), _) => best = next,
            }
        }
        best
    }

    /// The distortion of a quality by rounding.
    pub(super) fn rounded(&self, quality: u8) -> f64 {
        self.lattice(&Dividers::new(quality)).rounded()
    }

    /// The most bytes allowed.
    pub(super) fn limit(&self) -> f64 {
        self.max as f64
    }

    /// The picture at a quality, with all that the trellis needs.
    pub(super) fn lattice(&self, dividers: &Dividers) -> Lattice<'_> {
        Lattice::new(self.picture.dc(), &self.terms, dividers, &self.weights)
    }
}
