//! The EXIF a Canon body writes, and its way into a JPEG.
//!
//! The block is little-endian TIFF in an APP1 segment right after the start of image. An Exif
//! segment that is already there is replaced, so that a scene may be any photograph. As on the
//! EOS 80D there is no OffsetTimeOriginal: the picture does not say in which zone its clock ran.

use crate::clock::LocalTime;
use crate::dials::{Exposed, Ratio};
use crate::ptp::length;

/// What one picture says about itself.
#[derive(Debug, Clone)]
pub(crate) struct Particulars<'a> {
    pub(crate) model: &'a str,
    pub(crate) body_serial: &'a str,
    pub(crate) taken: LocalTime,
    pub(crate) size: (u16, u16),
    pub(crate) exposed: Exposed,
    /// Counts the pictures of this camera; it makes every file unlike every other.
    pub(crate) unique: u64,
}

/// The segment marker of Exif and the six bytes that name it.
const APP1: u8 = 0xE1;
const EXIF: &[u8] = b"Exif\0\0";
/// TIFF field types.
const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;
const UNDEFINED: u16 = 7;

/// The JPEG with that EXIF in it, or nothing when it is no JPEG.
pub(crate) fn stamp(jpeg: &[u8], particulars: &Particulars<'_>) -> Option<Vec<u8>> {
    let outline = Outline::of(jpeg)?;
    let tiff = tiff(particulars);
    let mut stamped = Vec::with_capacity(jpeg.len() + tiff.len() + 16);
    stamped.extend_from_slice(&[0xFF, 0xD8, 0xFF, APP1]);
    let size = u16::try_from(2 + EXIF.len() + tiff.len()).ok()?;
    stamped.extend_from_slice(&size.to_be_bytes());
    stamped.extend_from_slice(EXIF);
    stamped.extend_from_slice(&tiff);
    for kept in outline.kept {
        stamped.extend_from_slice(jpeg.get(kept)?);
    }
    Some(stamped)
}

/// The JPEG with comment segments behind its start, so that it has at least that many bytes.
pub(crate) fn padded(jpeg: Vec<u8>, bytes: usize) -> Vec<u8> {
    let (Some((start, rest)), missing) = (jpeg.split_at_checked(2), bytes.saturating_sub(jpeg.len())) else {
        return jpeg;
    };
    let mut padded = Vec::with_capacity(bytes.max(jpeg.len()) + usize::from(u16::MAX));
    padded.extend_from_slice(start);
    for _ in 0..missing.div_ceil(COMMENT.len()) {
        padded.extend_from_slice(COMMENT);
    }
    padded.extend_from_slice(rest);
    padded
}

/// A comment segment that says nothing, 4 KiB with its marker and length.
const COMMENT: &[u8] = &{
    let mut comment = [b' '; 4096];
    [comment[0], comment[1], comment[2], comment[3]] = [0xFF, 0xFE, 0x0F, 0xFE];
    comment
};

/// Width and height of a JPEG, or nothing when it is no JPEG.
pub(crate) fn jpeg_size(jpeg: &[u8]) -> Option<(u16, u16)> {
    Outline::of(jpeg).map(|outline| outline.size)
}

/// Where a JPEG's parts lie: everything to keep (all but Exif), and the size from its frame header.
struct Outline {
    kept: Vec<std::ops::Range<usize>>,
    size: (u16, u16),
}

impl Outline {
    fn of(jpeg: &[u8]) -> Option<Self> {
        if jpeg.get(..2)? != [0xFF, 0xD8] {
            return None;
        }
        let (mut kept, mut size) = (Vec::new(), None);
        let mut at = 2;
        loop {
            let marker = jpeg.get(at..)?.first_chunk::<4>()?;
            let [0xFF, name, high, low] = *marker else {
                return None;
            };
            let end = at + 2 + usize::from(u16::from_be_bytes([high, low]));
            let segment = jpeg.get(at + 4..end)?;
            // SOF0..SOF15 without DHT, JPG and DAC: precision, height, width.
            if matches!(name, 0xC0..=0xCF) && !matches!(name, 0xC4 | 0xC8 | 0xCC) {
                let [_, h1, h2, w1, w2] = *segment.first_chunk::<5>()?;
                size = Some((u16::from_be_bytes([w1, w2]), u16::from_be_bytes([h1, h2])));
            }
            // Start of scan: the rest is picture.
            if name == 0xDA {
                kept.push(at..jpeg.len());
                return size.map(|size| Self { kept, size });
            }
            if !(name == APP1 && segment.starts_with(EXIF)) {
                kept.push(at..end);
            }
            at = end;
        }
    }
}

/// The TIFF block: the image directory, then the Exif directory.
pub(crate) fn tiff(of: &Particulars<'_>) -> Vec<u8> {
    let taken = of.taken.exif();
    let exif = Directory::new()
        .ratio(0x829A, of.exposed.time)
        .ratio(0x829D, of.exposed.f_number)
        .short(0x8827, of.exposed.iso)
        .field(0x9000, UNDEFINED, 4, b"0230")
        .text(0x9003, &taken)
        .text(0x9004, &taken)
        .text(0x9291, &of.taken.hundredths())
        .text(0x9292, &of.taken.hundredths())
        .long(0xA002, u32::from(of.size.0))
        .long(0xA003, u32::from(of.size.1))
        .short(0xA403, u16::from(!of.exposed.auto_white_balance))
        .text(0xA420, &format!("{:032X}", of.unique))
        .text(0xA431, of.body_serial);
    let image =
        Directory::new().text(0x010F, "Canon").text(0x0110, of.model).short(0x0112, 1).text(0x0132, &taken);
    // The pointer to the Exif directory is itself a field of the image directory, so its place is
    // known before its value: the directory's size does not depend on the value.
    let exif_at = 8 + image.clone().long(0x8769, 0).size();
    let mut tiff = b"II\x2A\0\x08\0\0\0".to_vec();
    tiff.extend(image.long(0x8769, exif_at).into_bytes(8));
    tiff.extend(exif.into_bytes(exif_at));
    tiff
}

/// A TIFF directory under construction; fields must be added in ascending order of their tag.
#[derive(Clone)]
struct Directory {
    fields: Vec<(u16, u16, u32, Vec<u8>)>,
}

impl Directory {
    fn new() -> Self {
        Self { fields: Vec::new() }
    }

    fn field(mut self, tag: u16, kind: u16, count: u32, value: &[u8]) -> Self {
        self.fields.push((tag, kind, count, value.to_vec()));
        self
    }

    fn text(self, tag: u16, text: &str) -> Self {
        let mut value = text.as_bytes().to_vec();
        value.push(0);
        self.field(tag, ASCII, length(value.len()), &value)
    }

    fn short(self, tag: u16, value: u16) -> Self {
        self.field(tag, SHORT, 1, &value.to_le_bytes())
    }

    fn ratio(self, tag: u16, (above, below): Ratio) -> Self {
        self.field(tag, RATIONAL, 1, &[above.to_le_bytes(), below.to_le_bytes()].concat())
    }

    fn long(self, tag: u16, value: u32) -> Self {
        self.field(tag, LONG, 1, &value.to_le_bytes())
    }

    /// Bytes of the entry table alone: count, twelve per field, pointer to the next directory.
    fn table_size(&self) -> u32 {
        6 + 12 * length(self.fields.len())
    }

    /// Bytes in all, values that do not fit into their entry included, each on an even address.
    fn size(&self) -> u32 {
        let outside = self.fields.iter().map(|(_, _, _, value)| spilt(value));
        self.table_size() + outside.sum::<u32>()
    }

    fn into_bytes(self, at: u32) -> Vec<u8> {
        let mut outside_at = at + self.table_size();
        let (mut table, mut outside) = (Vec::new(), Vec::new());
        let count = u16::try_from(self.fields.len()).unwrap_or(u16::MAX);
        table.extend_from_slice(&count.to_le_bytes());
        for (tag, kind, count, mut value) in self.fields {
            table.extend_from_slice(&tag.to_le_bytes());
            table.extend_from_slice(&kind.to_le_bytes());
            table.extend_from_slice(&count.to_le_bytes());
            let size = spilt(&value);
            if size == 0 {
                value.resize(4, 0);
                table.extend_from_slice(&value);
            } else {
                table.extend_from_slice(&outside_at.to_le_bytes());
                value.resize(size as usize, 0);
                outside.extend_from_slice(&value);
                outside_at += size;
            }
        }
        table.extend_from_slice(&0_u32.to_le_bytes());
        table.extend(outside);
        table
    }
}

/// Bytes a value needs outside its entry: none up to four, else its size rounded up to even.
fn spilt(value: &[u8]) -> u32 {
    let size = length(value.len());
    if size <= 4 { 0 } else { size.next_multiple_of(2) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::scene::GREY;
    use std::time::UNIX_EPOCH;

    fn particulars(unique: u64) -> Particulars<'static> {
        Particulars {
            model: "Canon EOS 80D",
            body_serial: "033021001234",
            taken: Clock::new(0, 480).local(UNIX_EPOCH),
            size: (960, 640),
            exposed: Exposed { time: (1, 125), f_number: (80, 10), iso: 100, auto_white_balance: false },
            unique,
        }
    }

    #[test]
    fn a_second_stamp_replaces_the_first() {
        let once = stamp(GREY, &particulars(1)).unwrap_or_default();
        let twice = stamp(&once, &particulars(2)).unwrap_or_default();
        assert_eq!(once.len(), twice.len());
        assert_ne!(once, twice);
        assert_eq!(jpeg_size(&twice), Some((960, 640)));
        let names = twice.windows(EXIF.len()).filter(|bytes| *bytes == EXIF);
        assert_eq!(names.count(), 1);
    }

    #[test]
    fn padding_makes_a_file_larger_and_leaves_it_a_jpeg() {
        let large = padded(GREY.to_vec(), 1_000_000);
        assert!((1_000_000..1_005_000).contains(&large.len()));
        assert_eq!((jpeg_size(&large), large.ends_with(&[0xFF, 0xD9])), (Some((960, 640)), true));
        assert_eq!(padded(GREY.to_vec(), 0), GREY);
    }

    #[test]
    fn what_is_no_jpeg_is_refused() {
        for bytes in [&b""[..], b"\xFF\xD8", b"\xFF\xD8\xFF\xE1\xFF\xFF", b"PNG?"] {
            assert_eq!(stamp(bytes, &particulars(1)), None);
        }
        let cut = GREY.get(..100).unwrap_or_default();
        assert_eq!(jpeg_size(cut), None);
    }
}
