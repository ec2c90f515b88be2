//! Rate-distortion optimised quantisation: which level of each coefficient is worth its bits.
//!
//! Rounding takes the level with the smallest error, whatever it costs. Here the levels of a block are chosen
//! together, so that `distortion + lambda · bits` is smallest: distortion in weighted squared levels
//! ([`super::weights`]), bits as the picture's own Huffman tables price them ([`super::prices`]). What a coefficient
//! costs depends on how many zeros stand before it, so the best choice is a shortest path through the block: a
//! state is "the last level that is not zero is this one".
//!
//! What it does to a coefficient, and all it does: it keeps the rounded level, or takes the largest level of one
//! magnitude bit less (smaller steps save nothing, for a level costs by its bit length), or drops it to zero.
//! Nothing ever moves away from zero, none changes its sign, and what rounds to zero stays there. DC, the mean
//! of a block, is left as rounded.

use super::coefficients::{Term, Terms};
use super::prices::Prices;
use super::quant::{Divider, Dividers, Plane, SIXTEENTHS};
use super::recipe::PerPlane;

/// One coefficient that does not round to nothing, with the levels worth considering.
#[derive(Clone, Copy, Default)]
struct Choice {
    /// Its place in the zigzag sequence.
    at: u8,
    /// Magnitude bits of the rounded level and of the lower one; 0 if the lower one is nothing.
    sizes: [u8; 2],
    /// The values these levels stand for, in sixteenths.
    values: [i16; 2],
    /// How much less they distort than nothing would.
    gains: [f32; 2],
}

impl Choice {
    fn new(term: Term, divider: &Divider, weight: f32) -> Option<Self> {
        let magnitude = term.sixteenths.unsigned_abs();
        let level = divider.magnitude(term.at, magnitude);
        if level == 0 {
            return None;
        }
        let size = u32::BITS - level.leading_zeros();
        let step = divider.steps().get(usize::from(term.at)).map_or(0, |step| u32::from(*step));
        // A level's value fits: it is at most half a step beyond 1024 whole units.
        let values =
            [level, (1 << (size - 1)) - 1].map(|level| (level * step * u32::from(SIXTEENTHS)) as i16);
        let gain = |value: i16| weight * f32::from(value) * (2.0 * f32::from(magnitude) - f32::from(value));
        Some(Self {
            at: term.at,
            sizes: [size as u8, (size - 1) as u8],
            values: values.map(|value| value * term.sixteenths.signum()),
            gains: values.map(gain),
        })
    }
}

/// A picture at one quality with everything prepared that does not depend on lambda.
pub(super) struct Lattice<'a> {
    /// DC of every block.
    dc: &'a [i16],
    /// The plane of each block, and how many of `choices` belong to it.
    blocks: Vec<(Plane, u8)>,
    choices: Vec<Choice>,
    /// The distortion if all AC coefficients were dropped, less a number that is the same at all qualities.
    distortion_of_nothing: f64,
}

/// What one lambda makes of a picture.
pub(super) struct Chosen<'a> {
    /// The levels, as a list whose values the dividers meet exactly.
    pub(super) terms: Terms<'a>,
    /// The distortion, less a number that is the same for all qualities and lambdas.
    pub(super) distortion: f64,
}

impl<'a> Lattice<'a> {
    /// Prepares a picture for the quality of `dividers`; `weights` has one entry for every block.
    pub(super) fn new(dc: &'a [i16], picture: &Terms<'_>, dividers: &Dividers, weights: &[f32]) -> Self {
        let mut choices = Vec::with_capacity(picture.count());
        let mut blocks = Vec::with_capacity(weights.len());
        let mut distortion_of_nothing = 0.0;
        for ((plane, _, dc, terms), &weight) in picture.blocks().zip(weights) {
            let divider = dividers.of(plane);
            let before = choices.len();
            choices.extend(terms.iter().filter_map(|term| Choice::new(*term, divider, weight)));
            blocks.push((plane, (choices.len() - before) as u8));
            let dc_gain =
                Choice::new(Term { at: 0, sixteenths: dc }, divider, weight).map_or(0.0, |dc| dc.gains[0]);
            distortion_of_nothing -= f64::from(dc_gain);
        }
        Self { dc, blocks, choices, distortion_of_nothing }
    }

    /// The distortion of all levels as rounded.
    pub(super) fn rounded(&self) -> f64 {
        self.distortion_of_nothing - self.choices.iter().map(|choice| f64::from(choice.gains[0])).sum::<f64>()
    }

    /// The levels with the smallest distortion plus `lambda` times bits; `lambda` is above 0.
    pub(super) fn choose(&self, lambda: f32, prices: &PerPlane<Prices>) -> Chosen<'a> {
        let mut lengths = Vec::with_capacity(self.blocks.len());
        let mut terms = Vec::with_capacity(self.choices.len());
        let mut rest = self.choices.as_slice();
        let mut distortion = self.distortion_of_nothing;
        let bits_per_error = 1.0 / lambda;
        let mut paths = Paths::default();
        for &(plane, length) in &self.blocks {
            let (choices, others) = rest.split_at(usize::from(length).min(rest.len()));
            rest = others;
            let before = terms.len();
            distortion -= paths.walk(choices, prices.of(plane), bits_per_error, &mut terms);
            lengths.push((terms.len() - before) as u8);
        }
        Chosen { terms: Terms::rewritten(self.dc, lengths, terms), distortion }
    }
}

/// The cheapest way to a state: "this coefficient is kept, and it is the last one yet".
#[derive(Clone, Copy, Default)]
struct State {
    /// Bits, less what is gained over nothing at all in the same currency.
    cost: f32,
    at: u8,
    /// The state before; 0 is the beginning of the block.
    before: u8,
    /// Which of the two levels is taken.
    level: u8,
}

/// Room for the states of one block, used again for all blocks.
struct Paths {
    /// The beginning, and one for each coefficient.
    states: [State; 64],
    /// The states that may still come before another one: each costs more than the one before it in the list,
    /// but is nearer. A state that is both farther and dearer than another can never be a predecessor again,
    /// since prices rise with the run.
    front: [u8; 64],
}

impl Default for Paths {
    fn default() -> Self {
        Self { states: [State::default(); 64], front: [0; 64] }
    }
}

#[expect(clippy::indexing_slicing, reason = "a block has at most 63 choices, so states are below 64")]
impl Paths {
    /// Appends the best levels of one block to `out` and says how much they gain over dropping everything.
    fn walk(&mut self, choices: &[Choice], prices: &Prices, bits_per_error: f32, out: &mut Vec<Term>) -> f64 {
        self.front[0] = 0;
        let mut waiting = 1;
        for (choice, number) in choices.iter().zip(1_u8..) {
            let state = self.reach(choice, waiting, prices, bits_per_error);
            while waiting > 0 && self.states[usize::from(self.front[waiting - 1])].cost >= state.cost {
                waiting -= 1;
            }
            self.states[usize::from(number)] = state;
            self.front[waiting] = number;
            waiting += 1;
        }
        let mut end = (f32::INFINITY, 0);
        for &last in &self.front[..waiting] {
            let State { cost, at, .. } = self.states[usize::from(last)];
            let cost = if at < 63 { cost + prices.end_of_block } else { cost };
            if cost < end.0 {
                end = (cost, last);
            }
        }
        self.trace(end.1, choices, out)
    }

    /// The cheapest way to keep `choice`, from any of the waiting states.
    #[inline(always)]
    fn reach(&self, choice: &Choice, waiting: usize, prices: &Prices, bits_per_error: f32) -> State {
        let mut best = State { cost: f32::INFINITY, at: choice.at, before: 0, level: 0 };
        let gains = choice.gains.map(|gain| gain * bits_per_error);
        for &before in &self.front[..waiting] {
            let state = &self.states[usize::from(before)];
            let run = choice.at - state.at - 1;
            let cost = state.cost + prices.coefficient(run, choice.sizes[0]) - gains[0];
            if cost < best.cost {
                best = State { cost, before, level: 0, ..best };
            }
            if choice.sizes[1] > 0 {
                let cost = state.cost + prices.coefficient(run, choice.sizes[1]) - gains[1];
                if cost < best.cost {
                    best = State { cost, before, level: 1, ..best };
                }
            }
        }
        best
    }

    /// Goes back from the last state, and appends what was kept in its proper order.
    fn trace(&self, last: u8, choices: &[Choice], out: &mut Vec<Term>) -> f64 {
        let (start, mut at, mut gain) = (out.len(), usize::from(last), 0.0);
        while at > 0 {
            let (state, choice) = (&self.states[at], &choices[at - 1]);
            let level = usize::from(state.level);
            gain += f64::from(choice.gains[level]);
            out.push(Term { at: choice.at, sixteenths: choice.values[level] });
            at = usize::from(state.before);
        }
        out[start..].reverse();
        gain
    }
}

#[cfg(test)]
mod tests {
    use super::super::huffman::HuffmanTable;
    use super::super::test_pictures::Dice;
    use super::*;

    /// Prices by a table made for symbols as frequent as the dice will have it.
    fn prices(dice: &mut Dice) -> Prices {
        let mut often = [0; 256];
        for (symbol, often) in often.iter_mut().enumerate() {
            // Not every symbol has a code; short runs and small sizes are frequent.
            let likely = 4096 / (1 + symbol as u64 / 16 + 8 * (symbol as u64 % 16));
            *often = if dice.byte() < 200 { likely * u64::from(dice.byte()) } else { 0 };
        }
        often[0] = 1 + u64::from(dice.byte()) * 256;
        Prices::of(&HuffmanTable::best_for(&often))
    }

    /// `count` coefficients at places and of sizes that the dice choose.
    fn block(dice: &mut Dice, count: usize, divider: &Divider) -> Vec<Choice> {
        let mut terms: Vec<Term> = Vec::new();
        for at in 1..64 {
            let left = 64 - usize::from(at);
            if usize::from(dice.byte()) * left < 256 * (count - terms.len().min(count)) {
                let step = i32::from(divider.steps()[usize::from(at)]) * 16;
                let many = i32::from(dice.byte() % 64) * i32::from(dice.byte() % 8);
                let value = (step / 2 + step * many / 64) as i16;
                terms.push(Term { at, sixteenths: if dice.byte() < 128 { value } else { -value } });
            }
        }
        terms.iter().filter_map(|term| Choice::new(*term, divider, 1.0 / 256.0)).collect()
    }

    /// What a choice of levels (0 the rounded one, 1 the lower one, 2 none) costs, reckoned anew from the start.
    fn cost(choices: &[Choice], levels: &[usize], prices: &Prices, bits_per_error: f32) -> f32 {
        let (mut cost, mut last) = (0.0, 0);
        for (choice, &level) in choices.iter().zip(levels) {
            if level < 2 && choice.sizes[level] > 0 {
                cost += prices.coefficient(choice.at - last - 1, choice.sizes[level]);
                cost -= choice.gains[level] * bits_per_error;
                last = choice.at;
            }
        }
        if last < 63 { cost + prices.end_of_block } else { cost }
    }

    /// Which level of each coefficient a path kept.
    fn levels(choices: &[Choice], kept: &[Term]) -> Vec<usize> {
        let level = |choice: &Choice| {
            let term = kept.iter().find(|term| term.at == choice.at);
            term.map_or(2, |term| choice.values.iter().position(|v| *v == term.sixteenths).unwrap())
        };
        choices.iter().map(level).collect()
    }

    /// All of up to 3^6 ways through small blocks: none is cheaper than the one found.
    #[test]
    fn no_way_through_a_block_is_cheaper() {
        let mut dice = Dice::new(11);
        let (mut dropped, mut lowered) = (0, 0);
        for round in 0..600 {
            let divider = Divider::new(Plane::Luma, [60, 80, 90][round % 3]);
            let prices = prices(&mut dice);
            let choices = block(&mut dice, 1 + round % 6, &divider);
            let bits_per_error = 1.0 / [0.5, 5.0, 20.0, 80.0, 2000.0][round % 5];
            let mut kept = Vec::new();
            Paths::default().walk(&choices, &prices, bits_per_error, &mut kept);
            let found = levels(&choices, &kept);
            let all = (0..3_usize.pow(choices.len() as u32)).map(|way| {
                let levels: Vec<_> = (0..choices.len()).map(|n| way / 3_usize.pow(n as u32) % 3).collect();
                cost(&choices, &levels, &prices, bits_per_error)
            });
            let (cheapest, ours) =
                (all.fold(f32::INFINITY, f32::min), cost(&choices, &found, &prices, bits_per_error));
            assert!(
                ours <= cheapest + 1e-4 * cheapest.abs().max(1.0),
                "round {round}: {ours} above {cheapest}"
            );
            dropped += found.iter().filter(|level| **level == 2).count();
            lowered += found.iter().filter(|level| **level == 1).count();
        }
        assert!(
            dropped > 100 && lowered > 20,
            "the prices must matter: {dropped} dropped, {lowered} lowered"
        );
    }

    /// Full blocks, where not all ways can be tried: never dearer than rounding, nor than dropping everything.
    #[test]
    fn rounding_is_never_cheaper() {
        let mut dice = Dice::new(12);
        for round in 0..400 {
            let divider = Divider::new(Plane::Chroma, 75);
            let prices = prices(&mut dice);
            let choices = block(&mut dice, round % 64, &divider);
            let bits_per_error = 1.0 / [0.1, 1.0, 10.0, 100.0, 1000.0][round % 5];
            let mut kept = Vec::new();
            let gain = Paths::default().walk(&choices, &prices, bits_per_error, &mut kept);
            let found = levels(&choices, &kept);
            let ours = cost(&choices, &found, &prices, bits_per_error);
            for other in [0, 2] {
                let other = cost(&choices, &vec![other; choices.len()], &prices, bits_per_error);
                assert!(ours <= other + 1e-4 * other.abs().max(1.0), "round {round}: {ours} above {other}");
            }
            let expected: f32 =
                choices.iter().zip(&found).filter(|(_, l)| **l < 2).map(|(c, l)| c.gains[*l]).sum();
            assert!((gain - f64::from(expected)).abs() <= 1e-4 * gain.abs().max(1.0));
        }
    }

    /// By hand: a coefficient of 11 at a step of 3 rounds to 4 (12); one bit less is 3 (9); nothing is 0.
    #[test]
    fn the_levels_worth_considering_are_two() {
        let divider = Divider::new(Plane::Luma, 85);
        assert_eq!(divider.steps()[1], 3);
        let choice = Choice::new(Term { at: 1, sixteenths: -11 * 16 }, &divider, 1.0 / 256.0).unwrap();
        assert_eq!((choice.sizes, choice.values), ([3, 2], [-12 * 16, -9 * 16]));
        assert_eq!(choice.gains, [121.0 - 1.0, 121.0 - 4.0]);
        assert!(Choice::new(Term { at: 1, sixteenths: 23 }, &divider, 1.0).is_none(), "rounds to nothing");
    }
}
