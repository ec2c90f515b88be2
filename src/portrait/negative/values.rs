//! A Huffman table that reads values: of a block's coefficients those of the lowest frequencies, the rest is passed.

use super::{
    bits::Reader,
    tables::{AcTable, MOST_AC_BITS, difference},
};

/// How many bits one look sees: two tables of four bytes an entry, beside those to pass with, fit into the nearest
/// cache, and hardly any code is longer.
const LOOK: u32 = 11;

/// What an entry has in place of an advance when its symbol ends the block.
const END: u32 = 127;

/// The last coefficient of the lowest four by four frequencies, in zigzag order.
const LAST: u32 = 24;

/// Four by four coefficients row by row; behind them what is read but not kept.
pub(super) type Kept = [i32; 32];

/// Where each coefficient of the zigzag order comes to lie in [`Kept`]: 16 where it is not kept (T.81 figure A.6).
const PLACES: [u8; 64] = {
    let mut places = [16; 64];
    places[0] = 0;
    let (mut row, mut column, mut number) = (0_u8, 0_u8, 0);
    // Along the diagonals, turning at the edges, as far as the kept ones go.
    while number < LAST as usize {
        let upwards = (row + column) % 2 == 0;
        if upwards && row == 0 {
            column += 1;
        } else if !upwards && column == 0 {
            row += 1;
        } else if upwards {
            row -= 1;
            column += 1;
        } else {
            row += 1;
            column -= 1;
        }
        number += 1;
        if row < 4 && column < 4 {
            #[expect(clippy::indexing_slicing, reason = "there are 64 places")]
            {
                places[number] = row * 4 + column;
            }
        }
    }
    places
};

/// Of a table in zigzag order what belongs to the coefficients that are kept, row by row.
pub(super) fn kept(table: &[u8; 64]) -> [u8; 16] {
    let mut kept = [0; 16];
    for (value, place) in table.iter().zip(PLACES) {
        if let Some(to) = kept.get_mut(usize::from(place)) {
            *to = *value;
        }
    }
    kept
}

/// A table of AC symbols and the values behind them.
pub(super) struct ValueTable<'a> {
    /// For all next [`LOOK`] bits, from below: bits to consume (6), bits of the value behind these (4), how far the
    /// coefficient lies ahead (7), and the value if it was in sight (15). Nought: look closer.
    quick: Box<[u32; 1 << LOOK]>,
    passing: &'a AcTable,
}

impl<'a> ValueTable<'a> {
    /// A table that reads what this one passes.
    pub(super) fn new(passing: &'a AcTable) -> Self {
        let mut quick = Box::new([0; 1 << LOOK]);
        for (bits, entry) in quick.iter_mut().enumerate() {
            let in_sight =
                passing.symbol(bits << (16 - LOOK)).filter(|(_, length)| u32::from(*length) <= LOOK);
            *entry = in_sight.map_or(0, |read| packed(bits, read));
        }
        Self { quick, passing }
    }

    /// Reads the AC coefficients of a block into noughts, behind its DC coefficient `mean`; leaves a refilled reader.
    /// `None` if no block is there.
    #[inline(always)]
    pub(super) fn read(&self, reader: &mut Reader<'_>, mean: i32, kept: &mut Kept) -> Option<()> {
        kept[0] = mean;
        let mut next = 1;
        while next <= LAST {
            reader.refill();
            // A symbol has at most 26 bits with its value: two of them need no refill between.
            for _ in 0..2 {
                #[expect(clippy::indexing_slicing, reason = "as many bits as the table has entries for")]
                let mut entry = self.quick[reader.peek::<LOOK>()];
                if entry == 0 {
                    entry = self.closer(reader.peek16())?;
                }
                reader.consume(entry & 63);
                let (size, advance) = (entry >> 6 & 15, entry >> 10 & 127);
                if advance == END {
                    reader.refill();
                    return Some(());
                }
                let value = if size == 0 {
                    entry as i32 >> 17
                } else {
                    let value = difference(reader.peek_some(size), size);
                    reader.consume(size);
                    value
                };
                // No more than 24 + 2 x 16.
                next = next.wrapping_add(advance);
                let number = (next.wrapping_sub(1) & 63) as usize;
                #[expect(clippy::indexing_slicing, reason = "64 places, none of which is above 31")]
                {
                    kept[usize::from(PLACES[number] & 31)] = value;
                }
            }
        }
        reader.refill();
        self.passing.pass_from(reader, next)
    }

    /// An entry for a code that is longer than one look, by the next 16 bits.
    #[cold]
    #[inline(never)]
    fn closer(&self, next: usize) -> Option<u32> {
        let (symbol, length) = self.passing.symbol(next)?;
        let entry = packed(0, (symbol, length));
        (entry != 0).then_some(entry)
    }
}

/// The entry of a symbol and its code's length, with its value if that lies within the bits in sight, which begin with
/// the code. Nought if no block has such a symbol.
fn packed(bits: usize, (symbol, length): (u8, u8)) -> u32 {
    let (run, size, length) = (u32::from(symbol >> 4), u32::from(symbol & 15), u32::from(length));
    match (run, size) {
        (0, 0) => END << 10 | length,
        (15, 0) => 16 << 10 | length,
        _ if size == 0 || size > u32::from(MOST_AC_BITS) => 0,
        _ if length + size > LOOK => (run + 1) << 10 | size << 6 | length,
        _ => {
            let value = bits as u32 >> (LOOK - length - size) & ((1 << size) - 1);
            (difference(value, size) as u32) << 17 | (run + 1) << 10 | (length + size)
        }
    }
}
