//! What AC symbols cost in bits, in the shape the trellis asks for.
//!
//! A coefficient after `run` zeros that needs `size` magnitude bits costs the codes of as many
//! sixteen-zero symbols as fit into the run, one code for the rest of the run with the size (T.81 F.1.2.2),
//! and its magnitude bits. The code lengths are those of the tables made for the picture itself.
//!
//! One liberty is taken: where a table makes a longer run cheaper than a shorter one before the same size,
//! the longer run is priced like the shorter. That is seldom, and never a coefficient's real bits: these
//! are counted exactly afterwards. In return prices rise with the run, and the trellis may forget all
//! predecessors that a nearer one undercuts.

use super::coefficients::{END_OF_BLOCK, SIXTEEN_ZEROS};
use super::huffman::{HuffmanTable, LONGEST};
use super::recipe::{PerPlane, Recipe};

/// Room for runs of zeros between two AC coefficients, 0..=62.
const RUNS: usize = 64;

/// Room for the magnitude sizes of AC coefficients of eight-bit samples, 0..=10 (T.81 Table F.2), and one more
/// which rounding up can reach.
const SIZES: usize = 16;

/// Prices of one plane's AC symbols, in bits.
pub(super) struct Prices {
    /// For each size, after each run.
    coefficients: [[f32; RUNS]; SIZES],
    /// The price of "nothing but zeros from here on".
    pub(super) end_of_block: f32,
}

impl Prices {
    /// Prices of both planes by the tables of `recipe`.
    pub(super) fn of_both(recipe: &Recipe) -> PerPlane<Self> {
        PerPlane { luma: Self::of(&recipe.ac.luma), chroma: Self::of(&recipe.ac.chroma) }
    }

    /// Prices by the code lengths of `table`.
    pub(super) fn of(table: &HuffmanTable) -> Self {
        let mut coefficients = [[0.0; RUNS]; SIZES];
        let sixteen_zeros = length(table, SIXTEEN_ZEROS);
        for (prices, size) in coefficients.iter_mut().zip(0..).skip(1) {
            let mut nearer: f32 = 0.0;
            for (price, run) in prices.iter_mut().zip(0_u8..) {
                let zeros = sixteen_zeros * f32::from(run / 16);
                let exact = zeros + length(table, (run % 16) << 4 | size) + f32::from(size);
                nearer = nearer.max(exact);
                *price = nearer;
            }
        }
        Self { coefficients, end_of_block: length(table, END_OF_BLOCK) }
    }

    /// The price of a coefficient of `size` magnitude bits after `run` zeros.
    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "both indices are taken modulo the sides")]
    pub(super) fn coefficient(&self, run: u8, size: u8) -> f32 {
        self.coefficients[usize::from(size) % SIZES][usize::from(run) % RUNS]
    }
}

/// The bits of a symbol's code. One that has no code yet would be rare, so it is priced like the rarest.
fn length(table: &HuffmanTable, symbol: u8) -> f32 {
    match table.code(symbol).length {
        0 => LONGEST as f32,
        length => f32::from(length),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: code lengths 1 (end), 2 (0x01), 3 (0x11), 4 (0xF0); all others have no code.
    #[test]
    fn prices_are_codes_and_magnitude_bits() {
        let mut often = [0; 256];
        for (symbol, times) in [(0x00, 1000), (0x01, 400), (0x11, 100), (0xF0, 1)] {
            often[symbol] = times;
        }
        let prices = Prices::of(&HuffmanTable::best_for(&often));
        assert_eq!(prices.end_of_block, 1.0);
        assert_eq!(prices.coefficient(0, 1), 2.0 + 1.0);
        assert_eq!(prices.coefficient(1, 1), 3.0 + 1.0);
        assert_eq!(prices.coefficient(2, 1), 16.0 + 1.0, "no code");
        assert_eq!(prices.coefficient(32, 3), 2.0 * 4.0 + 16.0 + 3.0, "two times sixteen zeros");
        assert_eq!(prices.coefficient(17, 1), 17.0, "4 + 3 + 1 bits, but no cheaper than a shorter run");
    }
}
