//! The file: markers, tables and the bits of the one scan.
//!
//! ITU-T T.81 Annex B gives the segments, JFIF 1.01 the first of them. Their order and the one table per
//! segment are libjpeg's, which every decoder and every checker has met: SOI, APP0, DQT, DQT, SOF0, DHT four
//! times, SOS, EOI. No thumbnail, no EXIF, no comment, no restart markers, and not a byte after EOI.

use super::coefficients::{Listener, NOTHING, Terms};
use super::huffman::HuffmanTable;
use super::quant::{Plane, Steps};
use super::recipe::Recipe;
use super::segments::marker;

/// Bytes of every file we write but for the symbols listed in the Huffman tables and the scan itself:
/// SOI 2, APP0 18, two DQT of 69, SOF0 19, four DHT of 21, SOS 14, EOI 2.
pub(super) const FIXED_BYTES: usize = 2 + 18 + 2 * 69 + 19 + 4 * 21 + 14 + 2;

/// Bytes that so many bits fill, the last one topped up.
pub(super) fn whole_bytes(bits: u64) -> usize {
    usize::try_from(bits.div_ceil(8)).unwrap_or(usize::MAX)
}

/// What the file says about the picture as a whole.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    /// Pixels across.
    pub(super) width: u16,
    /// Pixels down.
    pub(super) height: u16,
    /// Pixels per inch, both ways.
    pub(super) dpi: u16,
}

/// Writes the whole file.
pub(super) fn file(frame: Frame, picture: &Terms<'_>, recipe: &Recipe) -> Vec<u8> {
    // 1/64 more for stuffed bytes, several times what they come to.
    let room = recipe.bytes_before_stuffing + recipe.bytes_before_stuffing / 64;
    let mut out = Vec::with_capacity(room);
    out.extend([0xFF, marker::SOI]);
    write_jfif(&mut out, frame.dpi);
    write_steps(&mut out, 0, recipe.dividers.luma.steps());
    write_steps(&mut out, 1, recipe.dividers.chroma.steps());
    write_frame(&mut out, frame);
    write_codes(&mut out, 0x00, &recipe.dc.luma);
    write_codes(&mut out, 0x10, &recipe.ac.luma);
    write_codes(&mut out, 0x01, &recipe.dc.chroma);
    write_codes(&mut out, 0x11, &recipe.ac.chroma);
    write_scan_header(&mut out);
    let mut scan = Scan { recipe, bits: Bits { out, pending: 0, count: 0 } };
    picture.walk(&recipe.dividers, &mut scan);
    let mut out = scan.bits.finish();
    out.extend([0xFF, marker::EOI]);
    out
}

/// Starts a segment whose body has `body` bytes; the length counts itself too (T.81 B.1.1.4).
fn open_segment(out: &mut Vec<u8>, marker: u8, body: usize) {
    out.extend([0xFF, marker]);
    out.extend(u16::try_from(body + 2).unwrap_or(u16::MAX).to_be_bytes());
}

fn write_jfif(out: &mut Vec<u8>, dpi: u16) {
    open_segment(out, marker::APP0, 14);
    out.extend(b"JFIF\0\x01\x01"); // version 1.01
    out.push(1); // density in dots per inch
    out.extend(dpi.to_be_bytes());
    out.extend(dpi.to_be_bytes());
    out.extend([0, 0]); // no thumbnail
}

fn write_steps(out: &mut Vec<u8>, table: u8, steps: &Steps) {
    open_segment(out, marker::DQT, 65);
    out.push(table); // high half 0: eight-bit steps
    out.extend(steps);
}

fn write_frame(out: &mut Vec<u8>, frame: Frame) {
    open_segment(out, marker::SOF0, 15);
    out.push(8); // bits per sample
    out.extend(frame.height.to_be_bytes());
    out.extend(frame.width.to_be_bytes());
    out.push(3);
    out.extend([1, 0x22, 0]); // Y, two by two, steps of table 0
    out.extend([2, 0x11, 1]); // Cb
    out.extend([3, 0x11, 1]); // Cr
}

fn write_codes(out: &mut Vec<u8>, class_and_table: u8, codes: &HuffmanTable) {
    open_segment(out, marker::DHT, 17 + codes.symbols.len());
    out.push(class_and_table);
    out.extend(codes.counts);
    out.extend(&codes.symbols);
}

fn write_scan_header(out: &mut Vec<u8>) {
    open_segment(out, marker::SOS, 10);
    out.push(3);
    out.extend([1, 0x00, 2, 0x11, 3, 0x11]); // component, then its DC and AC tables
    out.extend([0, 63, 0]); // all coefficients, all their bits (T.81 Table B.3)
}

/// Writes every symbol it hears.
struct Scan<'a> {
    recipe: &'a Recipe,
    bits: Bits,
}

impl Listener for Scan<'_> {
    #[inline]
    fn dc(&mut self, plane: Plane, symbol: u8, magnitude: u16) {
        self.bits.put_symbol(self.recipe.dc.of(plane), symbol, magnitude);
    }

    #[inline]
    fn ac(&mut self, plane: Plane, symbol: u8, magnitude: u16) {
        if symbol != NOTHING {
            self.bits.put_symbol(self.recipe.ac.of(plane), symbol, magnitude);
        }
    }
}

/// Bits on their way into bytes, the first one highest (T.81 C.3).
struct Bits {
    out: Vec<u8>,
    /// The newest `count` bits, right-aligned; fewer than 32 between calls.
    pending: u64,
    count: u32,
}

impl Bits {
    #[inline]
    fn put_symbol(&mut self, table: &HuffmanTable, symbol: u8, magnitude: u16) {
        let (code, size) = (table.code(symbol), u32::from(symbol % 16));
        self.put(u32::from(code.word) << size | u32::from(magnitude), u32::from(code.length) + size);
    }

    /// Appends the low `count` bits of `bits`, at most 32 (a code has 16 at most, a magnitude 11).
    #[inline]
    fn put(&mut self, bits: u32, count: u32) {
        self.pending = self.pending << count | u64::from(bits);
        self.count += count;
        if self.count >= 32 {
            self.count -= 32;
            self.put_bytes((self.pending >> self.count) as u32);
        }
    }

    #[inline]
    fn put_bytes(&mut self, four: u32) {
        let bytes = four.to_be_bytes();
        if bytes.contains(&0xFF) {
            bytes.into_iter().for_each(|byte| self.put_byte(byte));
        } else {
            self.out.extend_from_slice(&bytes);
        }
    }

    /// A zero byte follows every 0xFF, so that no data looks like a marker (T.81 F.1.2.3).
    fn put_byte(&mut self, byte: u8) {
        self.out.push(byte);
        if byte == 0xFF {
            self.out.push(0);
        }
    }

    /// Tops the last byte up with ones (T.81 F.1.2.3).
    fn finish(mut self) -> Vec<u8> {
        let missing = (8 - self.count % 8) % 8;
        self.put((1 << missing) - 1, missing);
        while self.count > 0 {
            self.count -= 8;
            self.put_byte((self.pending >> self.count) as u8);
        }
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::super::coefficients::Coefficients;
    use super::super::quant::Dividers;
    use super::super::reading_back::read;
    use super::super::test_pictures::{self, Picture};
    use super::*;

    /// The file at a quality, and what was meant by it.
    fn written(picture: &Picture, quality: u8) -> (Vec<[i32; 64]>, usize, Vec<u8>) {
        let rgb = picture.rgb();
        let coefficients = Coefficients::of(&rgb);
        let terms = coefficients.terms(&Dividers::new(100));
        let recipe = Recipe::new(&terms, quality);
        let bytes = file(Frame { width: rgb.width, height: rgb.height, dpi: 300 }, &terms, &recipe);
        let quantised = terms.blocks().map(|(plane, _, dc, terms)| {
            let level = |at: u8, value: i16| {
                let magnitude = recipe.dividers.of(plane).magnitude(at, value.unsigned_abs());
                magnitude as i32 * i32::from(value.signum())
            };
            let mut block = [0; 64];
            block[0] = level(0, dc);
            terms.iter().for_each(|term| block[usize::from(term.at)] = level(term.at, term.sixteenths));
            block
        });
        (quantised.collect(), recipe.bytes_before_stuffing, bytes)
    }

    /// A grey square, byte by byte: everything of the format that does not depend on the picture.
    #[test]
    fn the_smallest_file_is_what_the_standards_say() {
        let (_, _, bytes) = written(&test_pictures::flat(16, 16, [128; 3]), 100);
        let mut expected = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 16];
        expected.extend(b"JFIF\0\x01\x01\x01\x01\x2C\x01\x2C\0\0");
        for table in 0..2 {
            expected.extend([0xFF, 0xDB, 0, 67, table]);
            expected.extend([1; 64]);
        }
        expected.extend([0xFF, 0xC0, 0, 17, 8, 0, 16, 0, 16, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]);
        for table in [0x00, 0x10, 0x01, 0x11] {
            expected.extend([0xFF, 0xC4, 0, 20, table, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        }
        expected.extend([0xFF, 0xDA, 0, 12, 3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]);
        expected.extend([0b0000_0000, 0b0000_1111]); // six blocks of two one-bit codes, topped up with ones
        expected.extend([0xFF, 0xD9]);
        assert_eq!(bytes, expected);
    }

    #[test]
    fn what_is_read_back_is_what_was_meant() {
        for (name, picture) in test_pictures::all() {
            for quality in [1, 37, 60, 84, 100] {
                let (meant, _, bytes) = written(&picture, quality);
                assert!(read(&bytes).blocks == meant, "{name} at {quality}");
            }
        }
    }

    /// The promised size is exact once the stuffed zeros are taken away.
    #[test]
    fn sizes_are_known_before_writing() {
        let mut stuffed_in_all = 0;
        for (name, picture) in test_pictures::all() {
            for quality in [50, 75, 100] {
                let (_, promised, bytes) = written(&picture, quality);
                let stuffed = read(&bytes).stuffed;
                assert_eq!(bytes.len(), promised + stuffed, "{name} at {quality}");
                stuffed_in_all += stuffed;
            }
        }
        assert!(stuffed_in_all > 100, "the pictures must put stuffing to the test");
    }

    #[test]
    fn all_ones_are_stuffed_and_topped_up() {
        for (bits, count, expected) in [
            (0xFFFF, 16, vec![0xFF, 0, 0xFF, 0]),
            (0b101, 3, vec![0b1011_1111]),
            (0x7FFF_FFFF, 31, vec![0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0]),
            (0, 0, vec![]),
        ] {
            let mut writer = Bits { out: Vec::new(), pending: 0, count: 0 };
            writer.put(bits, count);
            assert_eq!(writer.finish(), expected);
        }
    }
}
