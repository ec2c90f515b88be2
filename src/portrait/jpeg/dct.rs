//! The forward cosine transform of one block (ITU-T T.81 A.3.3), in 32-bit floating point.
//!
//! The flow graph is the one of Arai, Agui and Nakajima (1988): five multiplications for eight samples,
//! each output off by a known factor which the final rounding takes back. Eight columns are carried side
//! by side in plain arrays, so that the compiler turns every line into vector instructions.
#![expect(clippy::indexing_slicing, reason = "all sides are 8 and all loops run below 8")]

use super::quant::{SIXTEENTHS, ZIGZAG};
use std::f32::consts::FRAC_1_SQRT_2;

/// Samples of a block, row by row, brightness 128 taken as zero.
pub(super) type Samples = [[f32; 8]; 8];

/// Coefficients of a block in sixteenths, column by column: the horizontal frequency is the first index.
/// That is how they come out; turning them would only cost time, as the zigzag sequence reorders them anyway.
pub(super) type Transformed = [[i16; 8]; 8];

/// Where the n-th coefficient of the zigzag sequence sits in a [`Transformed`] block.
pub(super) const IN_TRANSFORMED: [u8; 64] = {
    let mut places = ZIGZAG;
    let mut n = 0;
    while n < 64 {
        places[n] = ZIGZAG[n] % 8 * 8 + ZIGZAG[n] / 8;
        n += 1;
    }
    places
};

/// `cos(6π/16)`.
const COS_6_16: f32 = 0.382_683_43;
/// `cos(2π/16) - cos(6π/16)`.
const COS_2_16_LESS_COS_6_16: f32 = 0.541_196_1;
/// `cos(2π/16) + cos(6π/16)`.
const COS_2_16_PLUS_COS_6_16: f32 = 1.306_563;

/// Numbers near this one have a spacing of one, so adding it rounds to the nearest whole number, which then
/// stands in the low bits of the sum, in two's complement: `1.5 * 2^23`.
const ROUND: f32 = 12_582_912.0;

/// What the flow graph leaves to be multiplied: `1 / (8 a(u) a(v))` with `a(0) = 1`, `a(k) = √2 cos(kπ/16)`,
/// times the sixteen of our unit.
const LEFT_OVER: Samples = left_over();

const fn left_over() -> Samples {
    const A: [f64; 8] = [
        1.0,
        1.387_039_845_322_147_5,
        1.306_562_964_876_376_4,
        1.175_875_602_419_359,
        1.0,
        0.785_694_958_387_102_1,
        0.541_196_100_146_197,
        0.275_899_379_282_943_1,
    ];
    let mut factors = [[0.0; 8]; 8];
    let mut v = 0;
    while v < 8 {
        let mut u = 0;
        while u < 8 {
            factors[v][u] = (SIXTEENTHS as f64 / (8.0 * A[u] * A[v])) as f32;
            u += 1;
        }
        v += 1;
    }
    factors
}

/// Transforms a block and rounds its coefficients to sixteenths.
pub(super) fn forward(samples: &Samples) -> Transformed {
    let both = columns(&transposed(&columns(samples)));
    let mut rounded = [[0; 8]; 8];
    for u in 0..8 {
        for v in 0..8 {
            rounded[u][v] = (both[u][v] * LEFT_OVER[u][v] + ROUND).to_bits() as i16;
        }
    }
    rounded
}

#[inline(always)]
fn transposed(block: &Samples) -> Samples {
    let mut turned = [[0.0; 8]; 8];
    for v in 0..8 {
        for u in 0..8 {
            turned[u][v] = block[v][u];
        }
    }
    turned
}

/// The one-dimensional transform down each of the eight columns.
#[inline(always)]
fn columns(rows: &Samples) -> Samples {
    let mut out = [[0.0; 8]; 8];
    for x in 0..8 {
        let column = one_column(std::array::from_fn(|y| rows[y][x]));
        for y in 0..8 {
            out[y][x] = column[y];
        }
    }
    out
}

#[inline(always)]
fn one_column([s0, s1, s2, s3, s4, s5, s6, s7]: [f32; 8]) -> [f32; 8] {
    let (sum0, sum1, sum2, sum3) = (s0 + s7, s1 + s6, s2 + s5, s3 + s4);
    let (outer_sum, outer) = (sum0 + sum3, sum0 - sum3);
    let (inner_sum, inner) = (sum1 + sum2, sum1 - sum2);
    let even = (inner + outer) * FRAC_1_SQRT_2;

    let (difference0, difference1, difference2, difference3) = (s0 - s7, s1 - s6, s2 - s5, s3 - s4);
    let (low, high) = (difference3 + difference2, difference1 + difference0);
    let middle = (difference2 + difference1) * FRAC_1_SQRT_2;
    let shared = (low - high) * COS_6_16;
    let low = low * COS_2_16_LESS_COS_6_16 + shared;
    let high = high * COS_2_16_PLUS_COS_6_16 + shared;
    let (plus, minus) = (difference0 + middle, difference0 - middle);

    [
        outer_sum + inner_sum,
        plus + high,
        outer + even,
        minus - low,
        outer_sum - inner_sum,
        minus + low,
        outer - even,
        plus - high,
    ]
}

#[cfg(test)]
mod tests {
    use super::super::test_pictures::Dice;
    use super::*;
    use std::f64::consts::{FRAC_1_SQRT_2, PI};

    /// The definition of T.81 A.3.3, word for word, in sixteenths.
    fn by_definition(samples: &Samples) -> [[f64; 8]; 8] {
        let c = |k: usize| if k == 0 { FRAC_1_SQRT_2 } else { 1.0 };
        let cosine = |x: usize, u: usize| ((2 * x + 1) as f64 * u as f64 * PI / 16.0).cos();
        let mut out = [[0.0; 8]; 8];
        for (v, u) in (0..64).map(|n| (n / 8, n % 8)) {
            let sum: f64 = (0..64)
                .map(|n| (n / 8, n % 8))
                .map(|(y, x)| f64::from(samples[y][x]) * cosine(x, u) * cosine(y, v))
                .sum();
            out[v][u] = 16.0 * sum * c(u) * c(v) / 4.0;
        }
        out
    }

    /// Half a sixteenth is the rounding itself; the rest is what single precision adds.
    fn assert_matches_definition(samples: &Samples) {
        let (ours, exact) = (forward(samples), by_definition(samples));
        for (v, u) in (0..64).map(|n| (n / 8, n % 8)) {
            let error = (f64::from(ours[u][v]) - exact[v][u]).abs();
            assert!(error < 0.502, "({u},{v}): {} instead of {}", ours[u][v], exact[v][u]);
        }
    }

    #[test]
    fn random_blocks_match_the_definition() {
        let mut dice = Dice::new(1);
        for _ in 0..500 {
            let mut samples = [[0.0; 8]; 8];
            samples.iter_mut().flatten().for_each(|sample| *sample = f32::from(dice.byte()) - 128.0);
            assert_matches_definition(&samples);
        }
    }

    /// Every basis pattern at full swing: the largest coefficients there are, one place at a time.
    #[test]
    fn the_largest_coefficients_fit_and_match() {
        for (v, u) in (0..64).map(|n| (n / 8, n % 8)) {
            let mut samples = [[0.0; 8]; 8];
            for (y, x) in (0..64).map(|n| (n / 8, n % 8)) {
                let wave = ((2 * x + 1) as f64 * u as f64 * PI / 16.0).cos()
                    * ((2 * y + 1) as f64 * v as f64 * PI / 16.0).cos();
                samples[y][x] = if wave > 0.0 { 127.0 } else { -128.0 };
            }
            assert_matches_definition(&samples);
        }
        assert_eq!(forward(&[[-128.0; 8]; 8])[0][0], -1024 * 16);
    }
}
