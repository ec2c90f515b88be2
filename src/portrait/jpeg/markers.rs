//! What a JPEG file says about itself: a walk from marker to marker (ITU-T T.81 Annex B), decoding nothing.
//!
//! Every portrait is held against this before it may be kept, so it must not believe the encoder. It reads
//! strangers' files too: any bytes give an answer or an error, and no more memory is taken than the file has.

use super::segments::{self, Frame, StepTables, marker};

/// What the markers of a file say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Markers {
    /// Pixels across.
    pub width: u16,
    /// Pixels down.
    pub height: u16,
    /// Whether the frame is baseline sequential: SOF0 with eight bits a sample.
    pub baseline: bool,
    /// How many scans there are; one, where all components come interleaved.
    pub scans: u32,
    /// How many components there are: 1 grey, 3 colour.
    pub components: u8,
    /// Pixels per inch across and down, if a JFIF segment gives them per inch.
    pub dpi: Option<(u16, u16)>,
    /// The IJG quality (1..=100) whose scaled tables are exactly those the first scan uses, if there is one.
    pub quality: Option<u8>,
    /// Sampling factors of the first component across and down: (2, 2) is 4:2:0 where the others have (1, 1).
    pub luma_sampling: (u8, u8),
    /// The second byte of every marker in the order of the file, from SOI (0xD8) to EOI (0xD9), restart
    /// markers included.
    pub segments: Vec<u8>,
    /// How many bytes follow EOI.
    pub trailing: usize,
}

/// Why a file's markers could not be read. Always the file's fault: reading it again will not help.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum MarkerError {
    /// The first two bytes are not SOI.
    #[error("this is not a JPEG file: it does not begin with FF D8")]
    NotJpeg,
    /// The file ends before EOI.
    #[error("the JPEG file breaks off after {len} bytes, before its end marker")]
    Truncated {
        /// Length of the file in bytes.
        len: usize,
    },
    /// Something else stands where a marker must.
    #[error("byte {at} of the JPEG file should begin a marker, but is {found:#04X}")]
    NotAMarker {
        /// Offset in bytes.
        at: usize,
        /// The byte found there.
        found: u8,
    },
    /// A marker stands where it may not: a second frame, a scan before the frame, a second SOI.
    #[error("marker FF {marker:02X} at byte {at} of the JPEG file is out of place")]
    Misplaced {
        /// Second byte of the marker.
        marker: u8,
        /// Offset in bytes behind the marker.
        at: usize,
    },
    /// A segment contradicts itself.
    #[error("the segment FF {marker:02X} before byte {at} of the JPEG file is malformed")]
    Malformed {
        /// Second byte of the marker.
        marker: u8,
        /// Offset in bytes behind the segment.
        at: usize,
    },
    /// The file ends without having said what its picture is.
    #[error("the JPEG file holds no picture: no frame header before its end marker")]
    NoFrame,
}

/// Reads the markers of a JPEG file.
///
/// # Errors
/// [`MarkerError`] if the bytes are not one whole JPEG file with one frame. Entropy-coded data is skipped,
/// not decoded: only decoding proves that it is sound.
pub fn markers(jpeg: &[u8]) -> Result<Markers, MarkerError> {
    let mut reader = Reader { jpeg, at: 0 };
    if jpeg.get(..2) != Some(&[0xFF, marker::SOI]) {
        return Err(MarkerError::NotJpeg);
    }
    reader.at = 2;
    // A marker has two bytes, so half the file's length is always enough; sixteen usually are.
    let mut found =
        Findings { segments: Vec::with_capacity((jpeg.len() / 2).min(16)), ..Findings::default() };
    found.segments.push(marker::SOI);
    loop {
        let marker = reader.marker()?;
        found.segments.push(marker);
        match marker {
            marker::EOI => return found.summed_up(jpeg.len() - reader.at),
            // SOI, RST0..=RST7 and TEM have no length and no business here.
            marker::SOI | 0xD0..=0xD7 | 0x00..=0x01 => return Err(reader.misplaced(marker)),
            _ => {
                let body = reader.segment(marker)?;
                let sound = found.take_in(marker, body).ok_or(reader.misplaced(marker))?;
                sound.then_some(()).ok_or(MarkerError::Malformed { marker, at: reader.at })?;
            }
        }
        if marker == marker::SOS {
            reader.skip_scan(&mut found.segments)?;
        }
    }
}

/// A place in the file.
struct Reader<'a> {
    jpeg: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn misplaced(&self, marker: u8) -> MarkerError {
        MarkerError::Misplaced { marker, at: self.at }
    }

    fn byte(&mut self) -> Result<u8, MarkerError> {
        let byte = self.jpeg.get(self.at).ok_or(MarkerError::Truncated { len: self.jpeg.len() })?;
        self.at += 1;
        Ok(*byte)
    }

    /// The next marker; any number of 0xFF may come before its own (T.81 B.1.1.2).
    fn marker(&mut self) -> Result<u8, MarkerError> {
        let at = self.at;
        match self.byte()? {
            0xFF => {}
            found => return Err(MarkerError::NotAMarker { at, found }),
        }
        loop {
            match self.byte()? {
                0xFF => {}
                marker => return Ok(marker),
            }
        }
    }

    /// The body of a segment, behind its length, which counts its own two bytes.
    fn segment(&mut self, marker: u8) -> Result<&'a [u8], MarkerError> {
        let length = usize::from(u16::from_be_bytes([self.byte()?, self.byte()?]));
        let body = length.checked_sub(2).ok_or(MarkerError::Malformed { marker, at: self.at })?;
        let rest = self.jpeg.get(self.at..).unwrap_or_default();
        let body = rest.get(..body).ok_or(MarkerError::Truncated { len: self.jpeg.len() })?;
        self.at += body.len();
        Ok(body)
    }

    /// Goes to the marker that ends a scan's data, noting the restart markers within.
    fn skip_scan(&mut self, segments: &mut Vec<u8>) -> Result<(), MarkerError> {
        loop {
            let rest = self.jpeg.get(self.at..).unwrap_or_default();
            let broken_off = MarkerError::Truncated { len: self.jpeg.len() };
            let start = self.at + memchr::memchr(0xFF, rest).ok_or(broken_off)?;
            self.at = start + 1;
            match self.byte()? {
                0x00 => {}
                restart @ 0xD0..=0xD7 => segments.push(restart),
                _ => {
                    self.at = start;
                    return Ok(());
                }
            }
        }
    }
}

/// What has been read so far.
#[derive(Default)]
struct Findings {
    segments: Vec<u8>,
    frame: Option<Frame>,
    dpi: Option<(u16, u16)>,
    scans: u32,
    steps: StepTables,
    quality: Option<u8>,
}

impl Findings {
    /// Takes in a segment. `None` if it may not stand here, `Some(false)` if it contradicts itself.
    fn take_in(&mut self, marker: u8, body: &[u8]) -> Option<bool> {
        match marker {
            marker::APP0 if self.dpi.is_none() => self.dpi = segments::density(body),
            marker::DQT => return Some(self.steps.take_in(body).is_some()),
            // SOF0..=SOF15; DHT, JPG and DAC live between them.
            0xC0..=0xCF if ![marker::DHT, 0xC8, 0xCC].contains(&marker) => {
                if self.frame.is_some() {
                    return None;
                }
                self.frame = segments::frame(marker, body);
                return Some(self.frame.is_some());
            }
            marker::SOS => {
                let frame = self.frame.as_ref()?;
                if self.scans == 0 {
                    self.quality = self.steps.quality(frame);
                }
                self.scans += 1;
            }
            _ => {}
        }
        Some(true)
    }

    fn summed_up(self, trailing: usize) -> Result<Markers, MarkerError> {
        let frame = self.frame.ok_or(MarkerError::NoFrame)?;
        Ok(Markers {
            width: frame.width,
            height: frame.height,
            baseline: frame.baseline,
            scans: self.scans,
            components: frame.components,
            dpi: self.dpi,
            quality: self.quality,
            luma_sampling: frame.luma_sampling,
            segments: self.segments,
            trailing,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_pictures::{self, Dice};
    use super::super::{ByteWindow, Demand, fit};
    use super::*;

    fn file(min_quality: u8) -> Vec<u8> {
        let demand = Demand { window: ByteWindow { min: 0, max: 4000 }, min_quality, dpi: 300 };
        fit(&test_pictures::portrait(60, 84).rgb(), &demand).unwrap().bytes
    }

    #[test]
    fn our_own_files_are_described_fully() {
        let picture = test_pictures::portrait(60, 84);
        let demand = Demand { window: ByteWindow { min: 0, max: 4000 }, min_quality: 20, dpi: 300 };
        let encoded = fit(&picture.rgb(), &demand).unwrap();
        let expected = Markers {
            width: 60,
            height: 84,
            baseline: true,
            scans: 1,
            components: 3,
            dpi: Some((300, 300)),
            quality: Some(encoded.quality),
            luma_sampling: (2, 2),
            segments: vec![0xD8, 0xE0, 0xDB, 0xDB, 0xC0, 0xC4, 0xC4, 0xC4, 0xC4, 0xDA, 0xD9],
            trailing: 0,
        };
        assert_eq!(markers(&encoded.bytes), Ok(expected));
    }

    /// What a checker must not overlook: each change to a good file shows.
    #[test]
    fn every_departure_from_a_plain_file_shows() {
        let good = file(20);
        let seen = |change: &dyn Fn(&mut Vec<u8>)| {
            let mut bytes = good.clone();
            change(&mut bytes);
            markers(&bytes)
        };
        let frame = good.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
        assert_eq!(seen(&|bytes| bytes.extend([0; 9])).unwrap().trailing, 9);
        assert!(!seen(&|bytes| bytes[frame + 1] = 0xC2).unwrap().baseline, "progressive");
        assert_eq!(seen(&|bytes| bytes[frame + 11] = 0x11).unwrap().luma_sampling, (1, 1));
        assert_eq!(seen(&|bytes| bytes[25] ^= 1).unwrap().quality, None, "one step of one table");
        assert_eq!(seen(&|bytes| bytes[13] = 2).unwrap().dpi, None, "dots per centimetre");
        let comment = seen(&|bytes| drop(bytes.splice(2..2, [0xFF, 0xFF, 0xFE, 0, 3, 7]))).unwrap();
        assert_eq!(comment.segments[1], 0xFE, "a comment, with a fill byte before it");
        let two_scans = seen(&|bytes| {
            let scan = bytes.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
            let again = bytes[scan..bytes.len() - 2].to_vec();
            bytes.splice(scan..scan, again);
        });
        assert_eq!(two_scans.unwrap().scans, 2);
        let restart = seen(&|bytes| {
            let end = bytes.len() - 2;
            bytes.splice(end..end, [0xFF, 0xD0]);
        });
        assert!(restart.unwrap().segments.ends_with(&[0xD0, 0xD9]));
    }

    #[test]
    fn errors_say_what_is_wrong() {
        let good = file(20);
        assert_eq!(markers(b"GIF89a"), Err(MarkerError::NotJpeg));
        assert_eq!(markers(&[]), Err(MarkerError::NotJpeg));
        assert_eq!(markers(&[0xFF, 0xD8, 0xFF, 0xD9]), Err(MarkerError::NoFrame));
        assert_eq!(markers(&[0xFF, 0xD8, 0x00]), Err(MarkerError::NotAMarker { at: 2, found: 0 }));
        assert_eq!(
            markers(&[0xFF, 0xD8, 0xFF, 0xFE, 0, 1]),
            Err(MarkerError::Malformed { marker: 0xFE, at: 6 })
        );
        let scan_first = [0xFF, 0xD8, 0xFF, 0xDA, 0, 2];
        assert_eq!(markers(&scan_first), Err(MarkerError::Misplaced { marker: 0xDA, at: 6 }));
        for len in 2..good.len() {
            assert_eq!(markers(&good[..len]), Err(MarkerError::Truncated { len }));
        }
    }

    /// Random damage to a good file, and plain noise behind SOI: an answer or an error, never a panic.
    #[test]
    fn hostile_bytes_do_no_harm() {
        let good = file(20);
        let mut dice = Dice::new(99);
        for round in 0..20_000 {
            let mut bytes = good.clone();
            for _ in 0..1 + round % 6 {
                let at = (usize::from(dice.byte()) << 8 | usize::from(dice.byte())) % 640;
                bytes[at] = if round % 2 == 0 { 0xFF } else { dice.byte() };
            }
            if let Ok(markers) = markers(&bytes) {
                assert!(markers.segments.capacity() <= bytes.len());
            }
            let noise: Vec<u8> =
                [0xFF, 0xD8].into_iter().chain((0..40).map(|_| dice.byte() | 0xC0)).collect();
            if let Ok(markers) = markers(&noise) {
                assert!(markers.segments.capacity() <= noise.len());
            }
        }
    }
}
