//! Filling the window: a quality above the one that fits by rounding, and as much of the trellis as it takes.
//!
//! Rounding leaves room: sizes step from one quality to the next by some two percent. And finer steps with a
//! few levels given up look better than coarser steps with none, as long as lambda, the price of a bit, is
//! moderate. Where even the lowest quality allowed is too big by rounding, the same may make it fit.
//!
//! How much higher the quality should be was measured by SSIMULACRA2 (benches/portrait): best is the highest one
//! whose rounded file is too big by no more than a fifth. To try several and take the least distorted by our own
//! measure came out a little worse (by 0.05 to 0.1) and cost twice the time.
//!
//! A few passes of the trellis lead to the limit: each one's size tells the next lambda (a secant), and each
//! one's Huffman tables are the next one's prices, so that what is reckoned with draws near to what is paid. The
//! same picture and demand always give the same file: lambda is found by arithmetic that every machine rounds
//! alike (sums, products, quotients and square roots only).

use super::Encoded;
use super::coefficients::{Coefficients, Terms};
use super::prices::Prices;
use super::quant::Dividers;
use super::recipe::{PerPlane, Recipe};
use super::trellis::{Chosen, Lattice};
use super::weights;
use super::write::{self, Frame};

/// By how much of the limit a rounded file may be too big for its quality to be worth filling the window with.
/// Of 0.12, 0.18, 0.24 and 0.3 the two in the middle came out best.
const TEMPTING_EXCESS: f64 = 0.2;

/// The largest lambda, in squared steps of luma DC per bit: no bit is saved that costs more weighted squared error
/// than one such step, which bounds what a coefficient can lose by what its symbol costs. Ordinary filling takes
/// 0.05 to 0.25. Beyond it the conflict between quality floor and byte limit stays a conflict.
const STRONGEST: f64 = 1.0;

/// How near below the limit is near enough.
const NEAR: f64 = 0.0015;

/// Most passes over a picture. Some four do.
const MOST_PASSES: usize = 16;

/// How many limits the size falls per lambda, at first sight: measured on portraits, where it is 1 to 4.
const USUAL_FALL: f64 = 2.2;

/// Stuffed bytes come to some 1/300 of a scan.
const STUFFING: f64 = 1.0 / 300.0;

/// A quality worth filling the window with, and how it would be written by rounding.
pub(super) struct Tempting {
    pub(super) quality: u8,
    pub(super) recipe: Recipe,
}

impl Tempting {
    /// Nothing if the rounded file is too big by too much.
    pub(super) fn new(recipe: Recipe, quality: u8, max: usize) -> Option<Self> {
        let worth = recipe.bytes_before_stuffing as f64 <= (1.0 + TEMPTING_EXCESS) * max as f64;
        worth.then_some(Self { quality, recipe })
    }
}

/// A file that the trellis made.
pub(super) struct Filled {
    pub(super) file: Encoded,
    /// In the units of [`Lattice`].
    pub(super) distortion: f64,
}

/// The task: which picture, and how many bytes at most.
pub(super) struct Filling<'a> {
    picture: &'a Coefficients,
    terms: &'a Terms<'a>,
    weights: Vec<f32>,
    frame: Frame,
    max: usize,
}

impl<'a> Filling<'a> {
    /// Prepares to fill `max` bytes with a picture, of which `terms` are all that matter.
    pub(super) fn new(picture: &'a Coefficients, terms: &'a Terms<'a>, frame: Frame, max: usize) -> Self {
        Self { picture, terms, weights: weights::of(picture), frame, max }
    }

    /// The distortion of a quality by rounding.
    pub(super) fn rounded(&self, quality: u8) -> f64 {
        self.lattice(&Dividers::new(quality)).rounded()
    }

    /// The fullest file of at most `max` bytes at a quality; `None` if even the strongest lambda is too weak.
    pub(super) fn at(&self, tempting: &Tempting) -> Option<Filled> {
        let mut best: Option<Filled> = None;
        let lattice = self.lattice(&tempting.recipe.dividers);
        let mut way = Way::begin(tempting, self.max as f64);
        for _ in 0..MOST_PASSES {
            let Chosen { terms, distortion } = lattice.choose(way.lambda(), &way.prices);
            let recipe = Recipe::new(&terms, tempting.quality);
            let mut bytes = expected_bytes(&recipe);
            if bytes <= way.limit {
                let file = write::file(self.frame, &terms, &recipe);
                bytes = file.len() as f64;
                let fuller = best.as_ref().is_none_or(|best| file.len() > best.file.bytes.len());
                if file.len() <= self.max && fuller {
                    let lambda = way.now.lambda as f32;
                    let file = Encoded { bytes: file, quality: tempting.quality, lambda };
                    best = Some(Filled { file, distortion });
                }
            }
            if !way.go_on(bytes, &recipe) {
                break;
            }
        }
        best
    }

    fn lattice(&self, dividers: &Dividers) -> Lattice<'_> {
        Lattice::new(self.picture.dc(), self.terms, dividers, &self.weights)
    }
}

/// A lambda, in squared steps of luma DC, and the bytes that it leads to.
#[derive(Clone, Copy)]
struct Mark {
    lambda: f64,
    bytes: f64,
}

/// The way to the limit.
struct Way {
    limit: f64,
    /// The square of the step of luma DC.
    unit: f64,
    before: Mark,
    /// Whose bytes are not yet known.
    now: Mark,
    prices: PerPlane<Prices>,
}

impl Way {
    fn begin(tempting: &Tempting, limit: f64) -> Self {
        let recipe = &tempting.recipe;
        let step = recipe.dividers.luma.steps().first().copied().map_or(1.0, f64::from);
        let before = Mark { lambda: 0.0, bytes: expected_bytes(recipe) };
        let lambda = (before.bytes / limit - 1.0) / USUAL_FALL;
        let lambda = lambda.clamp(STRONGEST / 1000.0, STRONGEST / 2.0);
        let now = Mark { lambda, bytes: f64::NAN };
        Self { limit, unit: step * step, before, now, prices: Prices::of_both(recipe) }
    }

    /// In squared levels per bit.
    fn lambda(&self) -> f32 {
        (self.now.lambda * self.unit) as f32
    }

    /// Takes in what became of the last pass and chooses the next lambda: where the line through the last two
    /// marks meets the middle of what is near enough. `false` when nothing is left to be done.
    fn go_on(&mut self, bytes: f64, recipe: &Recipe) -> bool {
        self.now.bytes = bytes;
        let full = bytes <= self.limit && bytes >= (1.0 - NEAR) * self.limit;
        let hopeless = bytes > self.limit && self.now.lambda >= STRONGEST;
        if full || hopeless {
            return false;
        }
        let (before, now) = (self.before, self.now);
        let fall = (before.bytes - now.bytes) / (now.lambda - before.lambda) / self.limit;
        // Prices that changed between the two can make nonsense of the line.
        let fall = if fall.is_finite() { fall.clamp(USUAL_FALL / 3.0, USUAL_FALL * 4.0) } else { USUAL_FALL };
        let change = (now.bytes / self.limit - (1.0 - NEAR / 2.0)) / fall;
        let lambda = (now.lambda + change).clamp(now.lambda / 4.0, STRONGEST);
        self.before = now;
        self.now = Mark { lambda, bytes: f64::NAN };
        self.prices = Prices::of_both(recipe);
        true
    }
}

fn expected_bytes(recipe: &Recipe) -> f64 {
    recipe.bytes_before_stuffing as f64 * (1.0 + STUFFING)
}
