//! One quality, and the lambda that brings its file to the limit.
//!
//! A few passes of the trellis do: each one's size tells the next lambda (a secant), and each one's Huffman tables
//! are the next one's prices, so that what is reckoned with draws near to what is paid.

use super::Encoded;
use super::fill::Filling;
use super::prices::Prices;
use super::quant::Dividers;
use super::recipe::{PerPlane, Recipe};
use super::trellis::{Chosen, Lattice};
use super::write;

/// The largest lambda, in squared steps of luma DC per bit: to save one bit, no block may get an error larger
/// than the loss of one coefficient as large as that step. Ordinary filling takes a tenth of it. Beyond it the
/// conflict between quality floor and byte limit stays a conflict.
pub(super) const STRONGEST: f64 = 1.0;

/// How near the limit is near enough: a thousandth below it.
const NEAR: f64 = 0.001;

/// Qualities are compared when their files come so near the limit; the rest is reckoned with lambda.
const COMPARABLE: f64 = 0.02;

/// Most passes over a picture at one quality. Two do to compare, some four to fill.
const MOST_PASSES: usize = 16;

/// How many limits the size falls per lambda, at first sight: measured on portraits, where it is 1 to 4.
const USUAL_FALL: f64 = 2.2;

/// Stuffed bytes come to some 1/300 of a scan.
const STUFFING: f64 = 1.0 / 300.0;

/// One pass over the picture.
struct Pass<'a> {
    chosen: Chosen<'a>,
    recipe: Recipe,
}

/// A lambda, in squared steps of luma DC, and the bytes that it led to.
#[derive(Clone, Copy)]
struct Mark {
    lambda: f64,
    bytes: f64,
}

/// One quality on its way to the limit.
pub(super) struct Attempt<'a> {
    task: &'a Filling<'a>,
    pub(super) quality: u8,
    /// The square of the step of luma DC.
    unit: f64,
    lattice: Lattice<'a>,
    /// By the tables of the pass before.
    prices: PerPlane<Prices>,
    before: Mark,
    now: Mark,
    pass: Pass<'a>,
    passes: usize,
    /// The distortion to be expected at the limit.
    pub(super) estimate: f64,
}

impl<'a> Attempt<'a> {
    /// Brings a quality near enough to the limit to be compared with others; `None` if no lambda can.
    pub(super) fn near_the_limit(task: &'a Filling<'a>, quality: u8) -> Option<Self> {
        let mut attempt = Self::begin(task, quality);
        loop {
            let over = attempt.now.bytes - task.limit();
            // Along the curve of best choices, a bit more takes lambda off the distortion.
            let lambda_per_byte = 8.0 * attempt.now.lambda * attempt.unit;
            attempt.estimate = attempt.pass.chosen.distortion + lambda_per_byte * over;
            if over.abs() < COMPARABLE * task.limit() {
                return Some(attempt);
            }
            if attempt.passes >= MOST_PASSES || (over > 0.0 && attempt.now.lambda >= STRONGEST) {
                return None;
            }
            attempt.go_on();
        }
    }

    /// The fullest file found below the limit.
    pub(super) fn finish(mut self) -> Option<Encoded> {
        let mut best: Option<Encoded> = None;
        loop {
            if self.now.bytes <= self.task.limit() {
                let bytes = write::file(self.task.frame, &self.pass.chosen.terms, &self.pass.recipe);
                self.now.bytes = bytes.len() as f64;
                let fuller = best.as_ref().is_none_or(|best| bytes.len() > best.bytes.len());
                if bytes.len() <= self.task.max && fuller {
                    best = Some(Encoded { bytes, quality: self.quality, lambda: self.now.lambda as f32 });
                }
            }
            let enough = (1.0 - NEAR) * self.task.limit();
            let full = best.as_ref().is_some_and(|best| best.bytes.len() as f64 > enough);
            let hopeless = self.now.lambda >= STRONGEST && self.now.bytes > self.task.limit();
            if full || hopeless || self.passes >= MOST_PASSES {
                return best;
            }
            self.go_on();
        }
    }

    fn begin(task: &'a Filling<'a>, quality: u8) -> Self {
        let dividers = Dividers::new(quality);
        let lattice = task.lattice(&dividers);
        let rounded = Recipe::new(&task.terms, quality);
        let unit = dividers.luma.steps().first().copied().map_or(1.0, f64::from);
        let before = Mark { lambda: 0.0, bytes: expected_bytes(&rounded) };
        let lambda = (before.bytes / task.limit() - 1.0) / USUAL_FALL;
        let lambda = lambda.clamp(STRONGEST / 1000.0, STRONGEST / 2.0);
        let prices = Prices::of_both(&rounded);
        let (pass, now) = run(&lattice, &prices, unit * unit, lambda, quality);
        let prices = Prices::of_both(&pass.recipe);
        Self {
            task,
            quality,
            unit: unit * unit,
            lattice,
            prices,
            before,
            now,
            pass,
            passes: 1,
            estimate: 0.0,
        }
    }

    /// Another pass, nearer the limit.
    fn go_on(&mut self) {
        let lambda = self.next_lambda();
        self.before = self.now;
        (self.pass, self.now) = run(&self.lattice, &self.prices, self.unit, lambda, self.quality);
        self.prices = Prices::of_both(&self.pass.recipe);
        self.passes += 1;
    }

    /// Where the line through the last two marks meets the middle of what is near enough.
    fn next_lambda(&self) -> f64 {
        let limit = self.task.limit();
        let (before, now) = (self.before, self.now);
        let fall = (before.bytes - now.bytes) / (now.lambda - before.lambda) / limit;
        // Prices that changed between the two can make nonsense of the line.
        let fall = if fall.is_finite() { fall.clamp(USUAL_FALL / 3.0, USUAL_FALL * 4.0) } else { USUAL_FALL };
        let goal = 1.0 - NEAR / 2.0;
        let change = (now.bytes / limit - goal) / fall;
        (now.lambda + change).clamp(now.lambda / 4.0, STRONGEST)
    }
}

fn run<'a>(
    lattice: &Lattice<'a>,
    prices: &PerPlane<Prices>,
    unit: f64,
    lambda: f64,
    quality: u8,
) -> (Pass<'a>, Mark) {
    let chosen = lattice.choose((lambda * unit) as f32, prices);
    let recipe = Recipe::new(&chosen.terms, quality);
    let bytes = expected_bytes(&recipe);
    (Pass { chosen, recipe }, Mark { lambda, bytes })
}

fn expected_bytes(recipe: &Recipe) -> f64 {
    recipe.bytes_before_stuffing as f64 * (1.0 + STUFFING)
}
