//! How a picture is written at one quality: the dividers, the Huffman tables made for exactly its symbols,
//! and with them the number of bits, known before a single one is written.

use super::coefficients::{Coefficients, Listener, NOTHING, Terms};
use super::huffman::{Frequencies, HuffmanTable};
use super::quant::{Dividers, Plane};
use super::write;

/// How often every symbol occurs, told apart by the table that codes it.
struct Tally {
    dc: PerPlane<Frequencies>,
    ac: PerPlane<Frequencies>,
}

/// One for Y, one for Cb and Cr together.
pub(super) struct PerPlane<T> {
    /// For Y.
    pub(super) luma: T,
    /// For Cb and Cr.
    pub(super) chroma: T,
}

impl<T> PerPlane<T> {
    /// The one for blocks of `plane`.
    #[inline]
    pub(super) fn of(&self, plane: Plane) -> &T {
        match plane {
            Plane::Luma => &self.luma,
            Plane::Chroma => &self.chroma,
        }
    }
}

impl Listener for Tally {
    #[inline]
    fn dc(&mut self, plane: Plane, symbol: u8, _: u16) {
        count(&mut self.dc, plane, symbol);
    }

    #[inline]
    fn ac(&mut self, plane: Plane, symbol: u8, _: u16) {
        count(&mut self.ac, plane, symbol);
    }
}

#[inline]
fn count(tables: &mut PerPlane<Frequencies>, plane: Plane, symbol: u8) {
    let table = match plane {
        Plane::Luma => &mut tables.luma,
        Plane::Chroma => &mut tables.chroma,
    };
    if let Some(often) = table.get_mut(usize::from(symbol)) {
        *often = often.wrapping_add(1);
    }
}

impl Tally {
    fn nothing() -> Self {
        let empty = || PerPlane { luma: [0; 256], chroma: [0; 256] };
        Self { dc: empty(), ac: empty() }
    }

    /// What vanished was counted with the symbols, and is no symbol.
    fn forget_nothing(&mut self) {
        for table in [&mut self.ac.luma, &mut self.ac.chroma] {
            if let Some(often) = table.get_mut(usize::from(NOTHING)) {
                *often = 0;
            }
        }
    }
}

/// The bits all DC symbols cost at a quality, with the tables best for them.
pub(super) fn dc_bits(picture: &Coefficients, dividers: &Dividers) -> u64 {
    let mut tally = Tally::nothing();
    picture.walk_dc(dividers, &mut tally);
    [tally.dc.luma, tally.dc.chroma].iter().map(|often| HuffmanTable::best_for(often).bits(often)).sum()
}

/// Everything that decides how a picture is written at one quality.
pub(super) struct Recipe {
    /// Quantisation at this quality.
    pub(super) dividers: Dividers,
    /// The codes of DC symbols.
    pub(super) dc: PerPlane<HuffmanTable>,
    /// The codes of AC symbols.
    pub(super) ac: PerPlane<HuffmanTable>,
    /// Size of the file in bytes but for the zero bytes stuffed after bytes 0xFF (T.81 F.1.2.3). Those only
    /// come to light in writing, some 0.3 % of the scan; so this is a lower bound of the size, and the file
    /// itself is the judge.
    pub(super) bytes_before_stuffing: usize,
}

impl Recipe {
    /// Quantises the picture and makes the tables that suit it best.
    pub(super) fn new(picture: &Terms<'_>, quality: u8) -> Self {
        let dividers = Dividers::new(quality);
        let mut tally = Tally::nothing();
        picture.walk(&dividers, &mut tally);
        tally.forget_nothing();
        let tables = |of: &PerPlane<Frequencies>| PerPlane {
            luma: HuffmanTable::best_for(&of.luma),
            chroma: HuffmanTable::best_for(&of.chroma),
        };
        let (dc, ac) = (tables(&tally.dc), tables(&tally.ac));
        let tables = [
            (&dc.luma, &tally.dc.luma),
            (&ac.luma, &tally.ac.luma),
            (&dc.chroma, &tally.dc.chroma),
            (&ac.chroma, &tally.ac.chroma),
        ];
        let listed: usize = tables.iter().map(|(table, _)| table.symbols.len()).sum();
        let bits = tables.iter().map(|(table, often)| table.bits(often)).sum();
        let bytes_before_stuffing = write::FIXED_BYTES + listed + write::whole_bytes(bits);
        Self { dividers, dc, ac, bytes_before_stuffing }
    }
}
