//! The header of a camera's file, as far as the index and the cut need it (ITU-T T.81 Annex B).
//!
//! Stricter than the walk of `jpeg::markers`: whatever is not the plain file that cameras write is refused here,
//! and the ordinary decoder takes over.

use super::Unsupported;

/// One of the three planes, or the only one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Component {
    /// What the file calls it.
    pub(super) id: u8,
    /// Blocks across in a unit (T.81 calls it an MCU).
    pub(super) across: usize,
    /// Blocks down in a unit.
    pub(super) down: usize,
    /// Its quantisation table.
    pub(super) steps: usize,
    /// Its Huffman table of DC categories.
    pub(super) dc: usize,
    /// Its Huffman table of AC symbols.
    pub(super) ac: usize,
}

/// A Huffman table as a file writes it: how many codes there are of each length, and their symbols in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CodeList {
    /// Codes of 1 to 16 bits.
    pub(super) counts: [u8; 16],
    /// One for each code.
    pub(super) symbols: Vec<u8>,
}

/// What a file says before its first coded bit.
#[derive(Debug, Clone)]
pub(super) struct Header {
    /// The second byte of the frame's marker: 0xC0 or 0xC1.
    pub(super) frame_marker: u8,
    /// Pixels across, as stored.
    pub(super) width: usize,
    /// Pixels down, as stored.
    pub(super) height: usize,
    /// One (grey) or three (Y Cb Cr).
    pub(super) components: Vec<Component>,
    /// Quantisation steps in zigzag order.
    pub(super) steps: [Option<[u8; 64]>; 4],
    /// Tables of DC categories.
    pub(super) dc: [Option<CodeList>; 4],
    /// Tables of AC symbols.
    pub(super) ac: [Option<CodeList>; 4],
    /// Units between two restart markers; nought without them.
    pub(super) restart: usize,
    /// The body of Adobe's segment, which says what the planes mean.
    pub(super) adobe: Option<Vec<u8>>,
    /// Where the coded bits begin, in bytes of the file.
    pub(super) scan: usize,
}

impl Header {
    /// A unit's width in pixels.
    pub(super) fn unit_width(&self) -> usize {
        8 * self.components.iter().map(|component| component.across).max().unwrap_or(1)
    }

    /// A unit's height in pixels.
    pub(super) fn unit_height(&self) -> usize {
        8 * self.components.iter().map(|component| component.down).max().unwrap_or(1)
    }

    /// Units in a row.
    pub(super) fn units_across(&self) -> usize {
        self.width.div_ceil(self.unit_width())
    }

    /// Rows of units.
    pub(super) fn units_down(&self) -> usize {
        self.height.div_ceil(self.unit_height())
    }

    /// Reads a file up to its first coded bit.
    pub(super) fn read(jpeg: &[u8]) -> Result<Self, Unsupported> {
        let mut reading = Reading { jpeg, at: 2, ..Reading::default() };
        if jpeg.get(..2) != Some(&[0xFF, 0xD8]) {
            return Err(Unsupported::Kind("not a JPEG"));
        }
        loop {
            let marker = reading.marker().ok_or(Unsupported::Damaged("markers"))?;
            let body = reading.body().ok_or(Unsupported::Damaged("segments"))?;
            match marker {
                0xC0 | 0xC1 if reading.frame.is_none() => {
                    reading.frame = Some((marker, frame(body).ok_or(Unsupported::Kind("frame"))?));
                }
                0xC4 => reading.take_codes(body).ok_or(Unsupported::Damaged("DHT"))?,
                0xDB => reading.take_steps(body).ok_or(Unsupported::Kind("DQT"))?,
                0xDD => match body {
                    [high, low] => reading.restart = usize::from(u16::from_be_bytes([*high, *low])),
                    _ => return Err(Unsupported::Damaged("DRI")),
                },
                0xEE if body.starts_with(b"Adobe") => reading.adobe = Some(body.to_vec()),
                0xDA => return reading.finished(body),
                // What is for people and programs: APP0 to APP15 and comments.
                0xE0..=0xEF | 0xFE => {}
                _ => return Err(Unsupported::Kind("not baseline")),
            }
        }
    }
}

/// A header half read.
#[derive(Default)]
struct Reading<'a> {
    jpeg: &'a [u8],
    at: usize,
    frame: Option<(u8, Frame)>,
    steps: [Option<[u8; 64]>; 4],
    dc: [Option<CodeList>; 4],
    ac: [Option<CodeList>; 4],
    restart: usize,
    adobe: Option<Vec<u8>>,
}

/// A frame header: sides and planes, whose Huffman tables are not known yet.
struct Frame {
    width: usize,
    height: usize,
    components: Vec<Component>,
}

/// Reads a frame header of eight bits a sample whose chroma planes have one block in a unit.
fn frame(body: &[u8]) -> Option<Frame> {
    let &[8, y1, y0, x1, x0, count, ref each @ ..] = body else { return None };
    if each.len() != 3 * usize::from(count) {
        return None;
    }
    let plane = |bytes: &[u8]| {
        let &[id, sampling, steps] = bytes else { return None };
        let (across, down) = (usize::from(sampling >> 4), usize::from(sampling & 15));
        (steps < 4).then_some(Component { id, across, down, steps: steps.into(), dc: 0, ac: 0 })
    };
    let components: Vec<Component> = each.chunks_exact(3).map(plane).collect::<Option<_>>()?;
    let plain = match components.as_slice() {
        [grey] => (grey.across, grey.down) == (1, 1),
        [luma, rest @ ..] if rest.len() == 2 => {
            matches!((luma.across, luma.down), (1 | 2, 1 | 2))
                && rest.iter().all(|chroma| (chroma.across, chroma.down) == (1, 1))
        }
        _ => false,
    };
    let (width, height) = (u16::from_be_bytes([x1, x0]), u16::from_be_bytes([y1, y0]));
    (plain && width > 0 && height > 0).then_some(Frame {
        width: width.into(),
        height: height.into(),
        components,
    })
}

impl<'a> Reading<'a> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.jpeg.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    /// The next marker; any number of 0xFF may come before its own.
    fn marker(&mut self) -> Option<u8> {
        if self.byte()? != 0xFF {
            return None;
        }
        loop {
            match self.byte()? {
                0xFF => {}
                marker => return Some(marker),
            }
        }
    }

    /// A segment's body, behind its length, which counts its own two bytes.
    fn body(&mut self) -> Option<&'a [u8]> {
        let length = usize::from(u16::from_be_bytes([self.byte()?, self.byte()?])).checked_sub(2)?;
        let body = self.jpeg.get(self.at..)?.get(..length)?;
        self.at += length;
        Some(body)
    }

    /// One or several quantisation tables of eight bits. A step of nought is no step.
    fn take_steps(&mut self, mut body: &[u8]) -> Option<()> {
        while let [which, rest @ ..] = body {
            let (table, rest) = rest.split_first_chunk::<64>()?;
            if table.contains(&0) {
                return None;
            }
            // The upper half says eight (0) or sixteen (1) bits.
            *self.steps.get_mut(usize::from(*which))? = Some(*table);
            body = rest;
        }
        Some(())
    }

    /// One or several Huffman tables.
    fn take_codes(&mut self, mut body: &[u8]) -> Option<()> {
        while let [which, rest @ ..] = body {
            let (counts, rest) = rest.split_first_chunk::<16>()?;
            let symbols: usize = counts.iter().map(|count| usize::from(*count)).sum();
            let (symbols, rest) = rest.split_at_checked(symbols)?;
            let list = CodeList { counts: *counts, symbols: symbols.to_vec() };
            let tables = match which >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return None,
            };
            *tables.get_mut(usize::from(which & 15))? = Some(list);
            body = rest;
        }
        Some(())
    }

    /// The header of the only scan: all planes, in the order of the frame, whole.
    fn finished(self, scan: &[u8]) -> Result<Header, Unsupported> {
        let (frame_marker, Frame { width, height, mut components }) =
            self.frame.ok_or(Unsupported::Damaged("no frame"))?;
        let [count, rest @ ..] = scan else { return Err(Unsupported::Damaged("SOS")) };
        let (selectors, tail) =
            rest.split_at_checked(2 * components.len()).ok_or(Unsupported::Kind("several scans"))?;
        if usize::from(*count) != components.len() || tail != [0, 63, 0] {
            return Err(Unsupported::Kind("several scans"));
        }
        for (component, selector) in components.iter_mut().zip(selectors.chunks_exact(2)) {
            let &[id, tables] = selector else { continue };
            (component.dc, component.ac) = (usize::from(tables >> 4), usize::from(tables & 15));
            let known = self.dc.get(component.dc).is_some_and(Option::is_some)
                && self.ac.get(component.ac).is_some_and(Option::is_some)
                && self.steps.get(component.steps).is_some_and(Option::is_some);
            if id != component.id || !known {
                return Err(Unsupported::Damaged("a table is missing"));
            }
        }
        // The eleventh byte of Adobe's segment: 1 is Y Cb Cr.
        if components.len() == 3 && self.adobe.as_ref().is_some_and(|body| body.get(11) != Some(&1)) {
            return Err(Unsupported::Kind("not in Y Cb Cr"));
        }
        let Self { steps, dc, ac, restart, adobe, at, .. } = self;
        Ok(Header { frame_marker, width, height, components, steps, dc, ac, restart, adobe, scan: at })
    }
}
