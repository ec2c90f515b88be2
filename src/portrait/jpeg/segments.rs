//! What the segments of a JPEG file are called, and what those that matter say (ITU-T T.81 B.2, JFIF 1.01).

use super::quant::{Plane, steps};

/// Marker codes (T.81 Table B.1), each preceded by 0xFF in the file.
pub(super) mod marker {
    /// Start of a baseline frame.
    pub(in super::super) const SOF0: u8 = 0xC0;
    /// Huffman tables.
    pub(in super::super) const DHT: u8 = 0xC4;
    /// Start of the file.
    pub(in super::super) const SOI: u8 = 0xD8;
    /// End of the file.
    pub(in super::super) const EOI: u8 = 0xD9;
    /// Start of a scan.
    pub(in super::super) const SOS: u8 = 0xDA;
    /// Quantisation tables.
    pub(in super::super) const DQT: u8 = 0xDB;
    /// Application segment 0, where JFIF lives.
    pub(in super::super) const APP0: u8 = 0xE0;
}

/// A frame header (T.81 B.2.2).
pub(super) struct Frame {
    /// Pixels across.
    pub(super) width: u16,
    /// Pixels down.
    pub(super) height: u16,
    /// Whether it is SOF0 with eight bits a sample.
    pub(super) baseline: bool,
    /// How many components there are.
    pub(super) components: u8,
    /// Sampling factors of the first component, across and down.
    pub(super) luma_sampling: (u8, u8),
    /// Which quantisation table each of the first three components uses.
    tables: [u8; 3],
}

/// Reads the body of a frame header, unless it contradicts itself.
pub(super) fn frame(marker: u8, body: &[u8]) -> Option<Frame> {
    let &[precision, y1, y0, x1, x0, components, ref each @ ..] = body else { return None };
    let luma_sampling = each.get(1).map(|sampling| (sampling >> 4, sampling & 15))?;
    if each.len() != 3 * usize::from(components) {
        return None;
    }
    let table = |n: usize| each.get(3 * n + 2).copied().unwrap_or_default();
    Some(Frame {
        width: u16::from_be_bytes([x1, x0]),
        height: u16::from_be_bytes([y1, y0]),
        baseline: marker == marker::SOF0 && precision == 8,
        components,
        luma_sampling,
        tables: [table(0), table(1), table(2)],
    })
}

/// Pixels per inch of a JFIF segment: identifier, version, units, two densities, thumbnail.
pub(super) fn density(body: &[u8]) -> Option<(u16, u16)> {
    match body {
        [b'J', b'F', b'I', b'F', 0, _, _, 1, x1, x0, y1, y0, ..] => {
            Some((u16::from_be_bytes([*x1, *x0]), u16::from_be_bytes([*y1, *y0])))
        }
        _ => None,
    }
}

/// Quantisation steps in zigzag order, in the four places a table can be put.
#[derive(Default)]
pub(super) struct StepTables([Option<[u16; 64]>; 4]);

impl StepTables {
    /// Reads the body of a DQT segment. Several tables may share one; each says whether its steps have one
    /// byte or two (T.81 B.2.4.1). `None` if it contradicts itself.
    pub(super) fn take_in(&mut self, mut body: &[u8]) -> Option<()> {
        while let Some((&head, rest)) = body.split_first() {
            let place = self.0.get_mut(usize::from(head & 15))?;
            let mut table = [0; 64];
            let width = match head >> 4 {
                0 => 1,
                1 => 2,
                _ => return None,
            };
            let (values, rest) = rest.split_at_checked(64 * width)?;
            for (step, bytes) in table.iter_mut().zip(values.chunks_exact(width)) {
                *step = bytes.iter().fold(0, |step, &byte| step << 8 | u16::from(byte));
            }
            *place = Some(table);
            body = rest;
        }
        Some(())
    }

    /// The quality whose tables are those `frame` uses. No two qualities have the same ones.
    pub(super) fn quality(&self, frame: &Frame) -> Option<u8> {
        let planes = match frame.components {
            1 => [Plane::Luma].as_slice(),
            3 => &[Plane::Luma, Plane::Chroma, Plane::Chroma],
            _ => return None,
        };
        (1..=100).rev().find(|&quality| {
            planes.iter().zip(frame.tables).all(|(&plane, table)| {
                let table = self.0.get(usize::from(table)).and_then(Option::as_ref);
                table == Some(&steps(plane, quality).map(u16::from))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Y uses table 0, Cb and Cr table 1.
    const COLOUR: [u8; 15] = [8, 2, 128, 1, 224, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];

    #[test]
    fn every_quality_is_recognised_in_one_byte_and_in_two() {
        let frame = frame(marker::SOF0, &COLOUR).unwrap();
        for quality in 1..=100 {
            let mut tables = StepTables::default();
            let [luma, chroma] = [Plane::Luma, Plane::Chroma].map(|plane| steps(plane, quality));
            let mut body = vec![0x10];
            body.extend(luma.iter().flat_map(|&step| [0, step]));
            body.push(0x01);
            body.extend(chroma);
            assert_eq!(tables.take_in(&body), Some(()));
            assert_eq!(tables.quality(&frame), Some(quality));
            body[1] = 1; // a step of 256 more
            assert_eq!(tables.take_in(&body), Some(()));
            assert_eq!(tables.quality(&frame), None);
        }
    }

    #[test]
    fn grey_needs_only_its_own_table() {
        let grey = frame(marker::SOF0, &[8, 0, 1, 0, 1, 1, 1, 0x11, 2]).unwrap();
        let mut tables = StepTables::default();
        assert_eq!(tables.quality(&grey), None);
        let body: Vec<u8> = [2].into_iter().chain(steps(Plane::Luma, 33)).collect();
        assert_eq!((tables.take_in(&body), tables.quality(&grey)), (Some(()), Some(33)));
    }

    #[test]
    fn contradictions_are_refused() {
        let mut tables = StepTables::default();
        assert_eq!(tables.take_in(&[0; 64]), None, "a step is missing");
        assert_eq!(tables.take_in(&[4; 65]), None, "there are four places");
        assert_eq!(tables.take_in(&[0x20; 193]), None, "no steps of three bytes");
        assert!(frame(marker::SOF0, &COLOUR[..14]).is_none(), "a component is incomplete");
        assert!(frame(marker::SOF0, &[8, 0, 1, 0, 1, 0]).is_none(), "no component at all");
        assert_eq!(density(b"JFIF\0\x01\x01\x01\x01\x2C\x00"), None, "breaks off");
    }
}
