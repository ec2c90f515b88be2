//! Huffman tables to skip with: one look at the next bits passes several symbols and the bits behind them.
//!
//! Known from the literature as a block boundary scan (Sodsong et al. 2017): where a block ends can be told
//! without its values. Only the codes must lie inside the bits looked at; the bits behind the last code
//! are merely counted.

use super::{
    Unsupported,
    bits::{REFILLED, Reader},
    header::CodeList,
};

/// How many bits one look sees. Two tables of two bytes an entry must fit into the nearest cache (32 KB).
pub(super) const LOOK: u32 = 13;

/// The largest DC category of eight bits a sample (T.81 table F.1).
pub(super) const LARGEST_CATEGORY: u8 = 11;

/// The most bits that can follow an AC code of eight bits a sample (T.81 table F.2).
pub(super) const MOST_AC_BITS: u8 = 10;

/// The most bits that one look passes: two looks behind a DC difference of [`LOOK`] bits need no refill between.
const MOST_AT_ONCE: u8 = 21;

const _: () = assert!(LOOK + 2 * MOST_AT_ONCE as u32 <= REFILLED);

/// What the end of a block adds to the place within it, so that it can be told from sixty-three coefficients.
const END: u32 = 128;

/// Stands for "look closer": no whole symbol is in sight, or none that is allowed.
const CLOSER: u16 = 255 << 6;

/// For all next 16 bits: the code's symbol, and its length in bits; nought where there is no such code.
type Exact = [(u8, u8)];

/// Lists the codes of a table by the bits that follow. `None` if there are more codes than room.
fn exact(list: &CodeList) -> Option<Vec<(u8, u8)>> {
    let mut exact = Vec::with_capacity(1 << 16);
    let mut symbols = list.symbols.iter();
    for (length, count) in (1_u8..).zip(&list.counts) {
        for symbol in symbols.by_ref().take(usize::from(*count)) {
            exact.resize(exact.len() + (1 << (16 - length)), (*symbol, length));
            if exact.len() > 1 << 16 {
                return None;
            }
        }
    }
    exact.resize(1 << 16, (0, 0));
    Some(exact)
}

/// A table of AC symbols.
pub(super) struct AcTable {
    /// Bits to pass (lower six) and coefficients passed (above), for all next [`LOOK`] bits.
    quick: Box<[u16; 1 << LOOK]>,
    exact: Vec<(u8, u8)>,
}

impl AcTable {
    /// Builds the table, unless the file's list is no Huffman code.
    pub(super) fn new(list: &CodeList) -> Result<Self, Unsupported> {
        let exact = exact(list).ok_or(Unsupported::Damaged("AC table"))?;
        let entries: Vec<u16> = (0..1 << LOOK).map(|bits: usize| several(&exact, bits)).collect();
        let quick = entries.into_boxed_slice().try_into();
        let quick = quick.map_err(|_size: Box<[u16]>| Unsupported::Damaged("AC table"))?;
        Ok(Self { quick, exact })
    }

    /// The symbol that the next 16 bits begin with, and its code's length in bits. `None` if there is no such code.
    pub(super) fn symbol(&self, next: usize) -> Option<(u8, u8)> {
        self.exact.get(next).copied().filter(|(_, length)| *length > 0)
    }

    /// Goes past the AC coefficients of a block, and leaves a refilled reader. `None` if no block is there.
    #[inline(always)]
    pub(super) fn pass(&self, reader: &mut Reader<'_>) -> Option<()> {
        self.pass_from(reader, 1)
    }

    /// The same, when the coefficients before `at` (in zigzag order) have been read already.
    #[inline(always)]
    pub(super) fn pass_from(&self, reader: &mut Reader<'_>, mut at: u32) -> Option<()> {
        if at >= 64 {
            return (at == 64).then_some(());
        }
        loop {
            // No refill between, see `MOST_AT_ONCE`.
            for _ in 0..2 {
                #[expect(clippy::indexing_slicing, reason = "as many bits as the table has entries for")]
                let entry = u32::from(self.quick[reader.peek::<LOOK>()]);
                let next = at.wrapping_add(entry >> 6);
                if next < 64 {
                    reader.consume(entry & 63);
                    at = next;
                    continue;
                }
                // Ended by its last coefficient, or by the symbol that says so. Beyond that, symbols of the next
                // block were taken for our own.
                if next == 64 || (next > END && next < END + 64) {
                    reader.consume(entry & 63);
                    reader.refill();
                    return Some(());
                }
                *reader = self.pass_one_by_one(*reader, at)?;
                return Some(());
            }
            reader.refill();
        }
    }

    #[cold]
    #[inline(never)]
    fn pass_one_by_one<'a>(&self, mut reader: Reader<'a>, mut at: u32) -> Option<Reader<'a>> {
        while at < 64 {
            reader.refill();
            let (symbol, length) = *self.exact.get(reader.peek16())?;
            let (run, size) = (symbol >> 4, symbol & 15);
            match (run, size, length) {
                (_, _, 0) => return None,
                (0, 0, _) => at = END,
                (15, 0, _) => at += 16,
                (_, 0, _) => return None,
                _ if size > MOST_AC_BITS => return None,
                _ => at += u32::from(run) + 1,
            }
            reader.consume(u32::from(length + size));
        }
        reader.refill();
        (at == 64 || at == END).then_some(reader)
    }
}

/// All symbols whose codes lie within the next [`LOOK`] bits, up to the end of the block.
fn several(exact: &Exact, bits: usize) -> u16 {
    let (mut passed, mut used) = (0, 0);
    while u32::from(used) < LOOK {
        let next = (bits << (16 - LOOK) << used) & 0xFFFF;
        let Some(&(symbol, length)) = exact.get(next) else { break };
        let (run, size) = (symbol >> 4, symbol & 15);
        if length == 0 || u32::from(used + length) > LOOK || size > MOST_AC_BITS {
            break;
        }
        if used + length + size > MOST_AT_ONCE {
            break;
        }
        let step = match (run, size) {
            (0, 0) => return (passed + END as u16) << 6 | u16::from(used + length),
            (15, 0) => 16,
            (_, 0) => break,
            _ => u16::from(run) + 1,
        };
        // No block holds more, and with more it could not be told from one that is at its end.
        if passed + step > 63 {
            break;
        }
        passed += step;
        used += length + size;
    }
    if used == 0 { CLOSER } else { passed << 6 | u16::from(used) }
}

/// A table of DC categories.
pub(super) struct DcTable {
    /// The difference (upper half), then the bits it takes; no bits where the next [`LOOK`] do not tell.
    quick: Box<[i32; 1 << LOOK]>,
    exact: Vec<(u8, u8)>,
}

impl DcTable {
    /// Builds the table, unless the file's list is no Huffman code.
    pub(super) fn new(list: &CodeList) -> Result<Self, Unsupported> {
        let exact = exact(list).ok_or(Unsupported::Damaged("DC table"))?;
        let entry = |bits: usize| {
            let (category, length) = exact.get(bits << (16 - LOOK)).copied().unwrap_or_default();
            let total = u32::from(length) + u32::from(category);
            if length == 0 || category > LARGEST_CATEGORY || total > LOOK {
                return 0;
            }
            let value = (bits >> (LOOK - total)) as u32 & ((1 << category) - 1);
            difference(value, category.into()) << 16 | total as i32
        };
        let entries: Vec<i32> = (0..1 << LOOK).map(entry).collect();
        let quick = entries.into_boxed_slice().try_into();
        let quick = quick.map_err(|_size: Box<[i32]>| Unsupported::Damaged("DC table"))?;
        Ok(Self { quick, exact })
    }

    /// Reads a difference from a refilled reader, and passes no more than [`LOOK`] of its bits, or leaves it refilled.
    /// `None` if there is none.
    #[inline(always)]
    pub(super) fn read(&self, reader: &mut Reader<'_>) -> Option<i32> {
        #[expect(clippy::indexing_slicing, reason = "as many bits as the table has entries for")]
        let entry = self.quick[reader.peek::<LOOK>()];
        if entry == 0 {
            let (difference, behind) = self.read_closer(*reader)?;
            *reader = behind;
            return Some(difference);
        }
        reader.consume(entry as u32 & 63);
        Some(entry >> 16)
    }

    #[cold]
    #[inline(never)]
    fn read_closer<'a>(&self, mut reader: Reader<'a>) -> Option<(i32, Reader<'a>)> {
        let (category, length) = *self.exact.get(reader.peek16())?;
        if length == 0 || category > LARGEST_CATEGORY {
            return None;
        }
        reader.consume(length.into());
        let value = if category == 0 { 0 } else { reader.peek_some(category.into()) };
        reader.consume(category.into());
        reader.refill();
        Some((difference(value, category.into()), reader))
    }
}

/// T.81 F.2.2.1: the bits of a value of some category as a signed number.
pub(super) const fn difference(value: u32, category: u32) -> i32 {
    let value = value as i32;
    if category > 0 && value < 1 << (category - 1) { value - (1 << category) + 1 } else { value }
}

#[cfg(test)]
mod tests {
    use super::super::bits::Coded;
    use super::*;

    /// Codes in the order of a DHT segment: how many of each length, and their symbols.
    fn list(codes: &[(usize, &[u8])]) -> CodeList {
        let mut list = CodeList { counts: [0; 16], symbols: vec![] };
        for (length, symbols) in codes {
            list.counts[length - 1] = symbols.len() as u8;
            list.symbols.extend(*symbols);
        }
        list
    }

    /// Bits from the highest to the lowest, as a file's coded data.
    fn coded(bits: &str) -> Coded {
        let filled = format!("{bits:1<width$}", width = bits.len().next_multiple_of(8));
        let mut scan: Vec<u8> = Vec::new();
        for byte in filled.as_bytes().chunks(8) {
            let byte = byte.iter().fold(0, |byte, bit| byte << 1 | (bit - b'0'));
            scan.push(byte);
            scan.extend((byte == 0xFF).then_some(0));
        }
        scan.extend([0xFF, 0xD9]);
        Coded::read(&scan).unwrap()
    }

    /// The longest difference and the longest coefficients that a table can know at a look, one behind the other:
    /// no bit is lost, wherever in a byte the block begins and however many of them follow.
    #[test]
    fn blocks_of_the_longest_codes_are_passed_to_the_bit() {
        for (dc_code, dc_list) in [("0", vec![]), ("10", vec![1]), ("1111111111111110", (1..=15).collect())] {
            let mut dc: Vec<(usize, &[u8])> = vec![];
            let others: Vec<u8> = dc_list.iter().map(|n| 100 + n).collect();
            let singles: Vec<(usize, [u8; 1])> = (1..).zip(others.iter().map(|other| [*other])).collect();
            dc.extend(singles.iter().map(|(length, symbol)| (*length, symbol.as_slice())));
            dc.push((dc_code.len(), &[LARGEST_CATEGORY]));
            let dc = DcTable::new(&list(&dc)).unwrap();
            for length in 2..=16 {
                let ac = AcTable::new(&list(&[(1, &[0x00]), (length, &[0x0A])])).unwrap();
                let code = format!("1{}", "0".repeat(length - 1));
                for (many, offset) in (0..=63).step_by(3).flat_map(|n| (0..8).map(move |o| (n, o))) {
                    let coefficients = format!("{code}1011001110").repeat(many);
                    let end = if many < 63 { "0" } else { "" };
                    let block = format!("{dc_code}11100110011{coefficients}{end}");
                    let coded = coded(&format!("{}{block}{block}", "0".repeat(offset)));
                    let mut reader = Reader::at(&coded.bytes, offset as u32);
                    for end in [block.len(), 2 * block.len()] {
                        reader.refill();
                        let difference = dc.read(&mut reader);
                        ac.pass(&mut reader).unwrap();
                        let found = (difference, reader.position());
                        assert_eq!(found, (Some(0b111_0011_0011), offset + end), "{length} {many} {offset}");
                    }
                }
            }
        }
    }

    /// A table with far more codes than bits can tell apart is refused before it is written out.
    #[test]
    fn no_table_has_more_codes_than_there_are() {
        let full = CodeList { counts: [255; 16], symbols: vec![0; 16 * 255] };
        assert!(exact(&full).is_none());
        assert!(exact(&list(&[(1, &[0, 1])])).is_some());
        assert!(exact(&list(&[(1, &[0, 1]), (16, &[2])])).is_none());
    }
}
