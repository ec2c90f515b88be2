//! The grey of a frame: all a QR reader needs, and the quickest part of it to get.

use std::panic::catch_unwind;

use zune_jpeg::{
    JpegDecoder,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

use super::{Layout, Offer};
use crate::scan::Luma;

/// A frame as it came. A compressed one is not looked into yet: most frames are skipped, and need not be decoded.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame(Bytes);

#[derive(Clone, PartialEq, Eq)]
enum Bytes {
    Grey(Luma),
    Jpeg { jpeg: Vec<u8>, width: usize, height: usize },
}

impl std::fmt::Debug for Frame {
    /// Without the picture: it may show a face and a capture code.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frame").finish_non_exhaustive()
    }
}

/// A webcam may leave out the Huffman tables every JPEG file has; this segment, in front of everything, tells the
/// decoder to take the usual ones wherever a frame brings none.
const USUAL_TABLES: &[u8] = b"\xff\xd8\xff\xe0\x00\x09AVI1\0\0\0";

impl Frame {
    /// A frame of these bytes; `None` when they are too few.
    pub(super) fn new(offer: &Offer, stride: usize, bytes: &[u8]) -> Option<Self> {
        let (width, height) = (offer.width as usize, offer.height as usize);
        let grey = |step, first| rows(bytes, (width, height), stride.max(width * step), (step, first));
        let bytes = match offer.layout()? {
            Layout::First => Bytes::Grey(grey(1, 0)?),
            Layout::Even => Bytes::Grey(grey(2, 0)?),
            Layout::Odd => Bytes::Grey(grey(2, 1)?),
            Layout::Jpeg => {
                Bytes::Jpeg { jpeg: [USUAL_TABLES, bytes.strip_prefix(b"\xff\xd8")?].concat(), width, height }
            }
        };
        Some(Self(bytes))
    }

    /// Its grey; `None` when it is no picture. A decoder that panics found none.
    #[must_use]
    pub fn luma(self) -> Option<Luma> {
        match self.0 {
            Bytes::Grey(luma) => Some(luma),
            Bytes::Jpeg { jpeg, width, height } => {
                catch_unwind(|| decoded_or_panic(&jpeg, width, height)).ok()?
            }
        }
    }
}

/// Every `step`-th byte of every row, from the one called `first`.
fn rows(
    bytes: &[u8],
    (width, height): (usize, usize),
    stride: usize,
    (step, first): (usize, usize),
) -> Option<Luma> {
    let mut pixels = Vec::with_capacity(width * height);
    for row in 0..height {
        let row = bytes.get(row * stride..row * stride + width * step)?;
        if step == 1 {
            pixels.extend_from_slice(row);
        } else {
            pixels.extend(row.chunks_exact(step).filter_map(|pixel| pixel.get(first)));
        }
    }
    Some(Luma { width, height, pixels })
}

/// Only the brightness is decoded: colours cost most of the time. Damaged bytes may claim any size, and memory is
/// asked for before they are read: a frame is as large as was agreed, or a few rows larger (1088 for 1080).
fn decoded_or_panic(jpeg: &[u8], width: usize, height: usize) -> Option<Luma> {
    let options = DecoderOptions::default()
        .jpeg_set_out_colorspace(ColorSpace::Luma)
        .set_max_width(width.next_multiple_of(16))
        .set_max_height(height.next_multiple_of(16));
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(jpeg), options);
    let pixels = decoder.decode().ok()?;
    let (width, height) = decoder.dimensions()?;
    (pixels.len() == width * height).then_some(Luma { width, height, pixels })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(kind: &[u8; 4], stride: usize, bytes: &[u8]) -> Option<Vec<u8>> {
        let offer = Offer { fourcc: *kind, width: 2, height: 2, interval: None };
        Frame::new(&offer, stride, bytes)?.luma().map(|luma| luma.pixels)
    }

    #[test]
    fn the_grey_is_taken_from_where_it_lies() {
        assert_eq!(grey(b"YUYV", 4, &[1, 9, 2, 9, 3, 9, 4, 9]), Some(vec![1, 2, 3, 4]));
        assert_eq!(grey(b"UYVY", 4, &[9, 1, 9, 2, 9, 3, 9, 4]), Some(vec![1, 2, 3, 4]));
        assert_eq!(grey(b"NV12", 2, &[1, 2, 3, 4, 9, 9]), Some(vec![1, 2, 3, 4]));
        assert_eq!(grey(b"GREY", 3, &[1, 2, 9, 3, 4]), Some(vec![1, 2, 3, 4]), "rows with a rest");
        assert_eq!(grey(b"GREY", 0, &[1, 2, 3, 4]), Some(vec![1, 2, 3, 4]), "a driver that does not say");
        assert_eq!(grey(b"YUYV", 4, &[1, 9, 2]), None, "a frame that broke off");
        assert_eq!(grey(b"MJPG", 0, b"garbage"), None);
        assert_eq!(grey(b"MJPG", 0, b"\xff\xd8garbage"), None);
        assert_eq!(grey(b"H264", 0, &[0; 64]), None);
    }
}
