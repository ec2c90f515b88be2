//! The shortest Huffman codes for what a picture really contains (ITU-T T.81 Annex K.2).
//!
//! Annex K's ready-made tables cost a portrait 1 to 5 % more bytes (measured on 30 at quality 85). Two limits
//! of the format apply: no code is longer than 16 bits, and no code consists of ones only (T.81 C.2, Annex
//! K.2), so that the ones which fill up the last byte are never mistaken for a symbol.

/// How often each of the 256 symbols occurs.
pub(super) type Frequencies = [u64; 256];

/// Longest code the format can describe, in bits.
pub(super) const LONGEST: usize = 16;

/// The bits that stand for one symbol.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Code {
    /// The bits, right-aligned.
    pub(super) word: u16,
    /// How many they are; 0 for a symbol that does not occur.
    pub(super) length: u8,
}

/// One Huffman table, both as a DHT segment lists it and as an encoder looks it up.
pub(super) struct HuffmanTable {
    /// How many codes have 1, 2, … 16 bits (BITS of T.81 B.2.4.2).
    pub(super) counts: [u8; LONGEST],
    /// The symbols from the shortest code to the longest (HUFFVAL).
    pub(super) symbols: Vec<u8>,
    codes: [Code; 256],
}

impl HuffmanTable {
    /// The table that codes symbols of these frequencies in the fewest bits; only what occurs gets a code.
    pub(super) fn best_for(frequencies: &Frequencies) -> Self {
        let mut ranked: Vec<(u64, u8)> = frequencies
            .iter()
            .zip(0..=255)
            .filter(|&(&often, _)| often > 0)
            .map(|(&often, s)| (often, s))
            .collect();
        ranked.sort_unstable_by_key(|&(often, symbol)| (often, u8::MAX - symbol));
        let counts = counts_without_reserved(&shortened(code_lengths(&ranked)));
        let symbols: Vec<u8> = ranked.iter().rev().map(|&(_, symbol)| symbol).collect();
        let codes = canonical(&counts, &symbols);
        Self { counts, symbols, codes }
    }

    /// The bits for a symbol.
    #[inline]
    pub(super) fn code(&self, symbol: u8) -> Code {
        self.codes.get(usize::from(symbol)).copied().unwrap_or_default()
    }

    /// What all symbols together cost in bits, the magnitude bits that follow a symbol included: the low
    /// four bits of a symbol say how many those are (T.81 F.1.2.1, F.1.2.2).
    pub(super) fn bits(&self, frequencies: &Frequencies) -> u64 {
        let cost = |symbol: u8| u64::from(self.code(symbol).length) + u64::from(symbol % 16);
        frequencies.iter().zip(0..=255).map(|(often, symbol)| often * cost(symbol)).sum()
    }
}

/// How many symbols have codes of 0, 1, 2, … bits in Huffman's tree, with one more symbol that reserves the
/// all-ones code (T.81 Figure K.1). `ranked` runs from the rarest to the most frequent.
///
/// Annex K gives the reserved symbol the frequency 1; as it never occurs, 0 is true and saves a bit at times.
/// Leaves and joined nodes are two queues that both stay sorted, so the two rarest are always in front.
/// Nodes taken earlier end up at least as deep, hence the reserved symbol, taken first, is among the deepest.
fn code_lengths(ranked: &[(u64, u8)]) -> Vec<usize> {
    let leaves: Vec<u64> = std::iter::once(0).chain(ranked.iter().map(|&(often, _)| often)).collect();
    let mut waiting_leaves = leaves.iter().copied().enumerate().peekable();
    let mut joined: std::collections::VecDeque<(usize, u64)> = std::collections::VecDeque::new();
    let mut parents = vec![0; leaves.len()];
    for _ in 1..leaves.len() {
        let mut weight = 0;
        let node = parents.len();
        for _ in 0..2 {
            let leaf_first = match (waiting_leaves.peek(), joined.front()) {
                (Some(leaf), Some(node)) => leaf.1 <= node.1,
                (leaf, _) => leaf.is_some(),
            };
            let rarest = if leaf_first { waiting_leaves.next() } else { joined.pop_front() };
            let Some((child, child_weight)) = rarest else { continue };
            weight += child_weight;
            if let Some(parent) = parents.get_mut(child) {
                *parent = node;
            }
        }
        joined.push_back((node, weight));
        parents.push(node);
    }
    depths(&parents, leaves.len())
}

/// Counts the leaves (the first `leaves` nodes) at each depth. A node's parent always comes after it; the
/// root, last of all, is its own parent.
fn depths(parents: &[usize], leaves: usize) -> Vec<usize> {
    let mut depth = vec![0_usize; parents.len()];
    let mut counts = vec![0; leaves.max(LONGEST) + 1];
    for (node, &parent) in parents.iter().enumerate().rev() {
        let below = if parent == node { 0 } else { depth.get(parent).map_or(0, |depth| depth + 1) };
        if let Some(depth) = depth.get_mut(node) {
            *depth = below;
        }
        if let Some(count) = counts.get_mut(below).filter(|_| node < leaves) {
            *count += 1;
        }
    }
    counts
}

/// Moves codes longer than 16 bits up the tree (T.81 Figure K.3): two siblings that are too deep become one
/// leaf a level higher, and a leaf further up becomes the parent of two.
#[expect(
    clippy::indexing_slicing,
    reason = "a tree with a leaf below 16 has an inner node, hence a leaf, above"
)]
fn shortened(mut counts: Vec<usize>) -> Vec<usize> {
    for deep in (LONGEST + 1..counts.len()).rev() {
        while counts[deep] > 0 {
            let mut donor = deep - 2;
            while counts[donor] == 0 {
                donor -= 1;
            }
            counts[deep] -= 2;
            counts[deep - 1] += 1;
            counts[donor + 1] += 2;
            counts[donor] -= 1;
        }
    }
    counts
}

/// The counts for 1..=16 bits, with one of the longest codes, the all-ones code, given up.
fn counts_without_reserved(counts: &[usize]) -> [u8; LONGEST] {
    let mut kept = [0; LONGEST];
    for (kept, &count) in kept.iter_mut().zip(counts.iter().skip(1)) {
        *kept = u8::try_from(count).unwrap_or(u8::MAX);
    }
    if let Some(longest) = kept.iter_mut().rev().find(|count| **count > 0) {
        *longest -= 1;
    }
    kept
}

/// Hands out consecutive code words from the shortest to the longest (T.81 Annex C).
fn canonical(counts: &[u8; LONGEST], symbols: &[u8]) -> [Code; 256] {
    let mut codes = [Code::default(); 256];
    let mut symbols = symbols.iter();
    let mut word = 0;
    for (&count, length) in counts.iter().zip(1..) {
        for &symbol in symbols.by_ref().take(usize::from(count)) {
            if let Some(code) = codes.get_mut(usize::from(symbol)) {
                *code = Code { word, length };
            }
            word += 1;
        }
        word <<= 1;
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::super::test_pictures::Dice;
    use super::*;

    fn frequencies(of: &[u64]) -> Frequencies {
        let mut all = [0; 256];
        all[..of.len()].copy_from_slice(of);
        all
    }

    /// What the format demands of every table.
    fn assert_well_formed(table: &HuffmanTable, frequencies: &Frequencies) {
        let mut used = Vec::new();
        for (symbol, &often) in (0..=255).zip(frequencies) {
            let code = table.code(symbol);
            assert_eq!(code.length > 0, often > 0, "exactly what occurs has a code");
            assert!(code.length <= 16);
            if code.length > 0 {
                let spread = 16 - code.length;
                used.push((u32::from(code.word) << spread, (u32::from(code.word) + 1) << spread));
            }
        }
        used.sort_unstable();
        assert!(used.windows(2).all(|pair| pair[0].1 <= pair[1].0), "no code begins with another");
        assert!(used.last().is_none_or(|last| last.1 < 1 << 16), "no code is all ones");
    }

    #[test]
    fn a_lone_symbol_costs_one_bit() {
        let table = HuffmanTable::best_for(&frequencies(&[0, 0, 7]));
        assert_eq!(table.code(2), Code { word: 0, length: 1 });
        assert_eq!(table.bits(&frequencies(&[0, 0, 7])), 7 * (1 + 2));
    }

    /// Figures worked by hand: with the reserved symbol the lengths are 1, 2, 3, 4 (and 4).
    #[test]
    fn a_small_tree_comes_out_as_on_paper() {
        let table = HuffmanTable::best_for(&frequencies(&[3, 20, 9, 6]));
        assert_eq!([0, 1, 2, 3].map(|symbol| table.code(symbol).length), [4, 1, 2, 3]);
        assert_eq!(table.symbols, [1, 2, 3, 0]);
        assert_eq!(table.counts[..4], [1, 1, 1, 1]);
    }

    /// Fibonacci frequencies make the deepest tree there is: 40 levels must be pressed into 16.
    #[test]
    fn deep_trees_are_shortened_to_16_bits() {
        let mut fibonacci = vec![1_u64, 1];
        while fibonacci.len() < 40 {
            fibonacci.push(fibonacci.iter().rev().take(2).sum());
        }
        let frequencies = frequencies(&fibonacci);
        let table = HuffmanTable::best_for(&frequencies);
        assert_well_formed(&table, &frequencies);
        assert_eq!(table.codes.iter().map(|code| code.length).max(), Some(16));
    }

    #[test]
    fn random_frequencies_give_well_formed_codes_near_the_entropy() {
        let mut dice = Dice::new(7);
        for round in 0..300 {
            let mut all = [0; 256];
            for _ in 0..=round % 200 {
                all[usize::from(dice.byte())] = 1 + u64::from(dice.byte()) * u64::from(dice.byte());
            }
            let table = HuffmanTable::best_for(&all);
            assert_well_formed(&table, &all);
            let total = all.iter().sum::<u64>() as f64;
            let entropy: f64 = all
                .iter()
                .filter(|often| **often > 0)
                .map(|&often| often as f64 * (total / often as f64).log2())
                .sum();
            let spent: u64 =
                all.iter().zip(0..=255).map(|(often, s)| often * u64::from(table.code(s).length)).sum();
            assert!(entropy <= spent as f64 + 0.001, "no code beats the entropy");
            assert!(spent as f64 <= entropy + total + 16.0, "Huffman loses less than one bit a symbol");
        }
    }

    /// Tries all complete trees of five leaves (with the reserved one): none is cheaper.
    #[test]
    fn no_other_code_is_cheaper() {
        let shapes = [[1, 2, 3, 4, 4], [1, 3, 3, 3, 3], [2, 2, 2, 3, 3]];
        let mut dice = Dice::new(3);
        for _ in 0..200 {
            let of: [u64; 4] = std::array::from_fn(|_| 1 + u64::from(dice.byte()));
            let table = HuffmanTable::best_for(&frequencies(&of));
            let spent: u64 = (0..4).map(|s| of[usize::from(s)] * u64::from(table.code(s).length)).sum();
            let mut ranked = of;
            ranked.sort_unstable();
            ranked.reverse();
            let cheapest =
                shapes.iter().map(|s| ranked.iter().zip(s).map(|(n, bits)| n * bits).sum::<u64>()).min();
            assert_eq!(Some(spent), cheapest, "{of:?}");
        }
    }
}
