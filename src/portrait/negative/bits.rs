//! Coded bits without their stuffing, and a reader of them whose refills take no branch.

use super::Unsupported;

/// How many bits a refilled [`Reader`] holds at least.
pub(super) const REFILLED: u32 = 56;

/// Noughts behind the coded bytes, so that whoever reads eight at a time need not look where they end.
const BEHIND: usize = 16;

/// A file's coded data: the bytes behind its scan header, without stuffed bytes and restart markers.
#[derive(Clone)]
pub(super) struct Coded {
    /// The bytes.
    pub(super) bytes: Vec<u8>,
    /// Where each stretch between restart markers ends, in bytes.
    pub(super) ends: Vec<usize>,
}

impl Coded {
    /// Takes the stuffing out of what follows a scan header. The data must be followed by the end of the file's
    /// picture, and its restart markers must count correctly.
    pub(super) fn read(scan: &[u8]) -> Result<Self, Unsupported> {
        let mut bytes = Vec::with_capacity(scan.len());
        let mut ends = Vec::new();
        let mut rest = scan;
        loop {
            let at = memchr::memchr(0xFF, rest).ok_or(Unsupported::Damaged("no end"))?;
            let (plain, marker) = rest.split_at(at);
            bytes.extend_from_slice(plain);
            let [_, code, after @ ..] = marker else { return Err(Unsupported::Damaged("no end")) };
            match code {
                0x00 => bytes.push(0xFF),
                0xD0..=0xD7 if usize::from(code - 0xD0) == ends.len() % 8 => ends.push(bytes.len()),
                0xD9 => {
                    ends.push(bytes.len());
                    // Bit offsets are kept in 32 bits; no camera writes half a gigabyte.
                    let fits = u32::try_from(bytes.len()).is_ok_and(|bytes| bytes < u32::MAX / 8 - 64);
                    bytes.extend([0; BEHIND]);
                    return if fits { Ok(Self { bytes, ends }) } else { Err(Unsupported::TooLarge) };
                }
                _ => return Err(Unsupported::Kind("several scans")),
            }
            rest = after;
        }
    }
}

/// Reads bits from the highest to the lowest. Behind the end there are noughts.
///
/// The upper `count` bits of `held` are ours; those below may be the next already, and are the same when
/// they are read again. So a refill is a load, a shift and an or, whatever the count.
///
/// It lives in registers only as long as nobody is handed its address: what is called out of line takes it by value.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    /// The byte that the next refill begins with.
    next: usize,
    held: u64,
    count: u32,
}

impl<'a> Reader<'a> {
    /// A reader at a bit.
    pub(super) fn at(bytes: &'a [u8], bit: u32) -> Self {
        let mut reader = Self { bytes, next: bit as usize / 8, held: 0, count: 0 };
        reader.refill();
        reader.consume(bit % 8);
        reader
    }

    /// Sees to it that [`REFILLED`] bits are at hand.
    #[inline(always)]
    pub(super) fn refill(&mut self) {
        let word = match self.bytes.get(self.next..).and_then(|rest| rest.first_chunk::<8>()) {
            Some(word) => u64::from_be_bytes(*word),
            None => last_word(self.bytes, self.next),
        };
        self.held |= word.wrapping_shr(self.count);
        self.next = self.next.wrapping_add((63_u32.wrapping_sub(self.count) >> 3) as usize);
        self.count |= REFILLED;
    }

    /// The next 16 bits; at least as many must be at hand.
    #[inline(always)]
    pub(super) const fn peek16(&self) -> usize {
        (self.held >> 48) as usize
    }

    /// The next `WIDTH` bits.
    #[inline(always)]
    pub(super) const fn peek<const WIDTH: u32>(&self) -> usize {
        (self.held >> (64 - WIDTH)) as usize
    }

    /// The next bits as a number; at most 32, and at least one.
    #[inline(always)]
    pub(super) const fn peek_some(&self, bits: u32) -> u32 {
        (self.held >> 32) as u32 >> (32_u32.wrapping_sub(bits) & 31)
    }

    /// Goes past bits that are at hand.
    #[inline(always)]
    pub(super) const fn consume(&mut self, bits: u32) {
        self.held = self.held.wrapping_shl(bits);
        self.count = self.count.wrapping_sub(bits);
    }

    /// Which bit comes next, counted from the beginning.
    #[inline(always)]
    pub(super) const fn position(&self) -> usize {
        self.next.wrapping_mul(8).wrapping_sub(self.count as usize)
    }
}

/// The word at the end of the bytes, filled up with noughts.
#[cold]
fn last_word(bytes: &[u8], from: usize) -> u64 {
    let mut word = [0; 8];
    let rest = bytes.get(from..).unwrap_or_default();
    word.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    u64::from_be_bytes(word)
}
