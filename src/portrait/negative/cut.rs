//! A rectangle of units, lossless, as a small JPEG file of its own.
//!
//! Bits are copied as they are. Only the first DC value of a plane after a jump has another predecessor than in
//! the file, so that its difference is coded anew.

use super::{
    Unsupported,
    bits::Coded,
    header::{CodeList, Header},
    index::{Index, Span, Units},
    tables::LARGEST_CATEGORY,
};

/// A rectangle in units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct UnitRect {
    /// First column.
    pub(super) left: usize,
    /// First row.
    pub(super) top: usize,
    /// Behind the last column.
    pub(super) right: usize,
    /// Behind the last row.
    pub(super) bottom: usize,
}

/// Writes the rectangle as a file.
pub(super) fn cut(
    header: &Header,
    units: &Units,
    coded: &Coded,
    index: &Index,
    rect: UnitRect,
) -> Result<Vec<u8>, Unsupported> {
    let lost = Unsupported::Damaged("coded bits");
    let dc: Vec<CodeList> =
        header.dc.iter().map(|list| list.as_ref().map_or_else(|| EMPTY.clone(), fuller)).collect();
    let codes: Vec<Codes> =
        header.components.iter().filter_map(|component| dc.get(component.dc).map(Codes::of)).collect();
    let first = rect.top * header.units_across();
    let (from, _) = index.unit(header, first).ok_or(lost)?;
    let last = (rect.bottom - 1) * header.units_across() + rect.right - 1;
    let (_, to) = index.unit(header, last).ok_or(lost)?;
    // As large as its share of those rows, and room.
    let share = (to - from) as usize / 8 * (rect.right - rect.left) / header.units_across();
    let mut copy = Copying {
        units,
        coded,
        index,
        codes,
        out: BitWriter::with_room(share + share / 4 + 4096),
        last: [0; 3],
    };
    for row in rect.top..rect.bottom {
        copy.row(header, row * header.units_across(), rect.left..rect.right).ok_or(lost)?;
    }
    Ok(file(header, &dc, rect, &copy.out.finished()))
}

static EMPTY: CodeList = CodeList { counts: [0; 16], symbols: Vec::new() };

/// The same codes, and behind them codes of 16 bits for the categories without one, if there is room: optimised
/// tables lack those that happen not to occur in the file.
fn fuller(list: &CodeList) -> CodeList {
    let mut fuller = list.clone();
    let mut taken: usize =
        (0..16).zip(&list.counts).map(|(length, count)| usize::from(*count) << (15 - length)).sum();
    for category in 0..=LARGEST_CATEGORY {
        // The code of sixteen ones must stay free (T.81 C.2).
        if !list.symbols.contains(&category) && taken + 1 < 1 << 16 {
            taken += 1;
            fuller.symbols.push(category);
            if let Some(longest) = fuller.counts.last_mut() {
                *longest = longest.saturating_add(1);
            }
        }
    }
    fuller
}

/// The code of each DC category and its length; nought where there is none.
struct Codes([(u32, u32); LARGEST_CATEGORY as usize + 1]);

impl Codes {
    /// Hands out consecutive codes from the shortest to the longest (T.81 Annex C).
    fn of(list: &CodeList) -> Self {
        let mut codes = Self([(0, 0); LARGEST_CATEGORY as usize + 1]);
        let (mut code, mut symbols) = (0, list.symbols.iter());
        for (length, count) in (1..).zip(&list.counts) {
            for symbol in symbols.by_ref().take(usize::from(*count)) {
                if let Some(place) = codes.0.get_mut(usize::from(*symbol)) {
                    *place = (code, length);
                }
                code += 1;
            }
            code <<= 1;
        }
        codes
    }

    /// A difference with its category's code before it, and the bits both take. `None` where there is no code.
    fn coded(&self, difference: i32) -> Option<(u32, u32)> {
        let category = 32 - difference.unsigned_abs().leading_zeros();
        let (code, length) = *self.0.get(category as usize)?;
        let value = if difference < 0 { difference + (1 << category) - 1 } else { difference };
        (length > 0).then_some((code << category | value as u32, length + category))
    }
}

/// Copies units in the order of the cut.
struct Copying<'a> {
    units: &'a Units,
    coded: &'a Coded,
    index: &'a Index,
    /// For each plane.
    codes: Vec<Codes>,
    out: BitWriter,
    /// The DC values before the next unit, for each plane, in the cut.
    last: [i16; 3],
}

impl Copying<'_> {
    /// Copies a part of a row whose first unit is `row`.
    fn row(&mut self, header: &Header, row: usize, columns: std::ops::Range<usize>) -> Option<()> {
        let mut run: Option<(u32, u32)> = None;
        for unit in columns.start + row..columns.end + row {
            let (start, end) = self.index.unit(header, unit)?;
            let restarted = header.restart > 0 && unit.is_multiple_of(header.restart);
            let before =
                if unit == 0 || restarted { [0; 3] } else { self.means_behind(unit.checked_sub(1)?)? };
            run = if before != self.last {
                self.flush(run)?;
                self.recode(unit, start, before)?;
                None
            } else if let Some((from, to)) = run.filter(|(_, to)| *to == start) {
                debug_assert!(from <= to, "units lie one behind the other");
                Some((from, end))
            } else {
                self.flush(run)?;
                Some((start, end))
            };
            self.last = self.means_behind(unit)?;
        }
        self.flush(run)
    }

    fn flush(&mut self, run: Option<(u32, u32)>) -> Option<()> {
        run.map_or(Some(()), |(from, to)| self.out.copy(&self.coded.bytes, from, to))
    }

    /// The last DC value of each plane in a unit.
    fn means_behind(&self, unit: usize) -> Option<[i16; 3]> {
        let blocks = &self.units.blocks;
        let means = self.index.dc.get(unit * blocks.len()..)?.get(..blocks.len())?;
        let mut behind = [0; 3];
        for (plane, mean) in blocks.iter().zip(means) {
            *behind.get_mut(*plane)? = *mean;
        }
        Some(behind)
    }

    /// Copies a unit that had `before` as its predecessors and has others now.
    fn recode(&mut self, unit: usize, start: u32, before: [i16; 3]) -> Option<()> {
        let spans = self.units.spans(self.coded, start)?;
        let means = self.index.dc.get(unit * spans.len()..)?;
        let mut seen = [false; 3];
        for ((Span { start, ac, end }, plane), mean) in spans.into_iter().zip(&self.units.blocks).zip(means) {
            let first = !std::mem::replace(seen.get_mut(*plane)?, true);
            let last = *self.last.get(*plane)?;
            if first && *before.get(*plane)? != last {
                let (bits, length) = self.codes.get(*plane)?.coded(i32::from(*mean) - i32::from(last))?;
                self.out.push(bits, length);
                self.out.copy(&self.coded.bytes, ac, end)?;
            } else {
                self.out.copy(&self.coded.bytes, start, end)?;
            }
        }
        Some(())
    }
}

/// Collects bits from the highest to the lowest.
struct BitWriter {
    bytes: Vec<u8>,
    /// Bits that do not fill a byte yet, in the lowest places.
    held: u64,
    count: u32,
}

impl BitWriter {
    fn with_room(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), held: 0, count: 0 }
    }

    /// Adds up to 32 bits.
    fn push(&mut self, bits: u32, length: u32) {
        self.held = self.held << length | u64::from(bits);
        self.count += length;
        while self.count >= 8 {
            self.count -= 8;
            self.bytes.push((self.held >> self.count) as u8);
        }
    }

    /// Adds the bits `from..to` of some bytes. `None` if there are not so many.
    fn copy(&mut self, bytes: &[u8], from: u32, to: u32) -> Option<()> {
        let mut from = from as usize;
        let mut left = (to as usize).checked_sub(from)?;
        // Up to a whole byte here, then eight bytes at a time.
        let head = left.min((8 - self.count as usize) % 8);
        self.push(bits(bytes, from, head)?, head as u32);
        (from, left) = (from + head, left - head);
        let (shift, words) = (from % 8, left / 64);
        let source = bytes.get(from / 8..)?;
        self.bytes.reserve(words * 8 + 16);
        for (word, behind) in source.chunks_exact(8).zip(source.get(8..)?.iter().step_by(8)).take(words) {
            let word = u64::from_be_bytes(word.try_into().ok()?) << shift;
            let word = word | u64::from(*behind) >> (8 - shift);
            self.bytes.extend_from_slice(&word.to_be_bytes());
        }
        (from, left) = (from + words * 64, left - words * 64);
        while left > 0 {
            let some = left.min(24);
            self.push(bits(bytes, from, some)?, some as u32);
            (from, left) = (from + some, left - some);
        }
        Some(())
    }

    /// The bytes, the last one filled with ones (T.81 F.1.2.3).
    fn finished(mut self) -> Vec<u8> {
        let missing = (8 - self.count % 8) % 8;
        self.push((1 << missing) - 1, missing);
        self.bytes
    }
}

/// Up to 24 bits. Behind the end there are noughts.
fn bits(bytes: &[u8], from: usize, length: usize) -> Option<u32> {
    let mut word = [0; 4];
    word.iter_mut().zip(bytes.get(from / 8..)?).for_each(|(to, byte)| *to = *byte);
    let word = u64::from(u32::from_be_bytes(word)) << (32 + from % 8);
    Some(if length == 0 { 0 } else { (word >> (64 - length)) as u32 })
}

/// The file: the original's tables and planes, the cut's sides, no restart markers.
fn file(header: &Header, dc: &[CodeList], rect: UnitRect, bytes: &[u8]) -> Vec<u8> {
    let (width, height) = (header.unit_width(), header.unit_height());
    // At the picture's own edges the last units are filled up as they were.
    let width = (rect.right * width).min(header.width) - rect.left * width;
    let height = (rect.bottom * height).min(header.height) - rect.top * height;
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 64 + 2048);
    out.extend([0xFF, 0xD8]);
    if let Some(adobe) = &header.adobe {
        segment(&mut out, 0xEE, adobe);
    }
    for (number, steps) in (0..).zip(&header.steps) {
        if let Some(steps) = steps {
            segment(&mut out, 0xDB, &[&[number], steps.as_slice()].concat());
        }
    }
    let planes = header.components.len() as u8;
    let mut frame = vec![8];
    frame.extend((height as u16).to_be_bytes());
    frame.extend((width as u16).to_be_bytes());
    frame.push(planes);
    let mut scan = vec![planes];
    for component in &header.components {
        let sampling = component.across << 4 | component.down;
        frame.extend([component.id, sampling as u8, component.steps as u8]);
        scan.extend([component.id, (component.dc << 4 | component.ac) as u8]);
    }
    scan.extend([0, 63, 0]);
    segment(&mut out, header.frame_marker, &frame);
    let ac = header.ac.iter().map(|list| list.as_ref().unwrap_or(&EMPTY));
    for (which, list) in (0..4).zip(dc).chain((0x10..0x14).zip(ac)) {
        if !list.symbols.is_empty() {
            segment(&mut out, 0xC4, &[&[which], list.counts.as_slice(), &list.symbols].concat());
        }
    }
    segment(&mut out, 0xDA, &scan);
    stuff(&mut out, bytes);
    out.extend([0xFF, 0xD9]);
    out
}

fn segment(out: &mut Vec<u8>, marker: u8, body: &[u8]) {
    out.extend([0xFF, marker]);
    out.extend((body.len() as u16 + 2).to_be_bytes());
    out.extend(body);
}

/// Adds coded bytes, each 0xFF with a nought behind it, so that none looks like a marker.
fn stuff(out: &mut Vec<u8>, bytes: &[u8]) {
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(0xFF, rest) {
        let (plain, behind) = rest.split_at(at + 1);
        out.extend_from_slice(plain);
        out.push(0);
        rest = behind;
    }
    out.extend_from_slice(rest);
}
