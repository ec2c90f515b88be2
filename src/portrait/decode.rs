//! From a camera's file to upright pixels. Bad files are refused with the reason; none is half read.
//!
//! The markers are walked before a single pixel is decoded, so that a header that claims 65,500 pixels a side
//! costs nothing, and a file whose transfer broke off is told from a whole one (decoders paint the rest grey
//! and call it success).

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder as _, Limits, codecs::jpeg::JpegDecoder, metadata::Orientation};

use super::jpeg::{MarkerError, markers};
use crate::shot::Particulars;

/// The longest side we decode. The largest bodies of today have 11,648 px (100 MP medium format).
pub const LONGEST_SIDE: u32 = 12_000;

/// The most scans a picture may come in. Cameras write one, programs three (one a plane) or some ten (progressive). A
/// decoder goes over the whole picture for each, and a file of a few hundred kilobytes has room for thousands.
const MOST_SCANS: u32 = 32;

/// Memory a decoder may take, in bytes: 12,000 × 9,000 px in colour, and room to work.
const DECODER_MEMORY: u64 = 512 * 1024 * 1024;

/// Upright pixels, eight bits each of red, green and blue, row by row.
#[derive(Clone)]
pub struct Picture {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Three bytes a pixel.
    pub pixels: Vec<u8>,
    /// The colours these bytes mean.
    pub colours: Colours,
}

impl std::fmt::Debug for Picture {
    /// Without the picture: a face has no place in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}x{})", self.width, self.height)
    }
}

/// What the three bytes of a pixel mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Colours {
    /// sRGB, or nothing said, which is the same.
    Srgb,
    /// AdobeRGB by the DCF option-file convention.
    AdobeRgb,
    /// An embedded ICC profile.
    Icc(Vec<u8>),
}

/// Why a file gives no picture. All are permanent: the same bytes fail the same way again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// No bytes at all.
    #[error("the file is empty")]
    Empty,
    /// Not a JPEG, whatever its name says.
    #[error("this is not a JPEG file but {found}")]
    NotJpeg {
        /// What it looks like.
        found: Named,
    },
    /// The end is missing: the transfer broke off.
    #[error("the JPEG file breaks off before its end: it was not transferred whole")]
    Truncated,
    /// Nobody's camera makes such pictures.
    #[error("{width} x {height} pixels are more than the {LONGEST_SIDE} a side we decode")]
    TooLarge {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// A kind of JPEG that no camera writes and that we do not read.
    #[error("the JPEG file is {kind}, which no camera writes")]
    Unsupported {
        /// Which kind.
        kind: Named,
    },
    /// The markers or the data contradict themselves.
    #[error("the JPEG file is damaged: {0}")]
    Damaged(String),
}

/// A kind of file, in words for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

impl Named {
    /// Nobody knows what.
    const SOMETHING: Self = Self { zh: "别的文件", en: "something else" };
}

impl std::fmt::Display for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.en)
    }
}

impl From<MarkerError> for DecodeError {
    fn from(err: MarkerError) -> Self {
        match err {
            MarkerError::Truncated { .. } => Self::Truncated,
            MarkerError::NotJpeg => Self::NotJpeg { found: Named::SOMETHING },
            MarkerError::NotAMarker { .. }
            | MarkerError::Misplaced { .. }
            | MarkerError::Malformed { .. }
            | MarkerError::NoFrame => Self::Damaged(err.to_string()),
        }
    }
}

/// Decodes a camera's file, upright.
///
/// # Errors
/// See [`DecodeError`].
pub fn decode(jpeg: &[u8]) -> Result<Picture, DecodeError> {
    inspect(jpeg)?;
    let mut decoder = JpegDecoder::new(Cursor::new(jpeg)).map_err(|err| damaged(&err))?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(DECODER_MEMORY);
    decoder.set_limits(limits).map_err(|err| damaged(&err))?;
    let particulars = Particulars::read(jpeg);
    // A damaged colour profile is no reason to refuse a shot: `colour` falls back to sRGB the same way.
    let icc = decoder.icc_profile().unwrap_or_default();
    let mut image = DynamicImage::from_decoder(decoder).map_err(|err| damaged(&err))?;
    if let Some(orientation) = Orientation::from_exif(particulars.orientation) {
        image.apply_orientation(orientation);
    }
    let rgb = image.into_rgb8();
    let colours = colours(icc, &particulars);
    Ok(Picture { width: rgb.width(), height: rgb.height(), pixels: rgb.into_raw(), colours })
}

/// What a file says before its coded bits: its EXIF orientation (1 to 8) and its colours, as [`decode`] reads them.
///
/// # Errors
/// When the decoder refuses the header.
pub(super) fn preamble(head: &[u8]) -> Result<(u8, Colours), DecodeError> {
    let mut decoder = JpegDecoder::new(Cursor::new(head)).map_err(|err| damaged(&err))?;
    let particulars = Particulars::read(head);
    let colours = colours(decoder.icc_profile().unwrap_or_default(), &particulars);
    Ok((particulars.orientation, colours))
}

/// Decodes a file that we wrote ourselves, as it is stored.
///
/// # Errors
/// When the decoder refuses it.
pub(super) fn decode_cut(jpeg: &[u8], colours: &Colours) -> Result<Picture, DecodeError> {
    let decoder = JpegDecoder::new(Cursor::new(jpeg)).map_err(|err| damaged(&err))?;
    let image = DynamicImage::from_decoder(decoder).map_err(|err| damaged(&err))?;
    let rgb = image.into_rgb8();
    let (width, height) = rgb.dimensions();
    Ok(Picture { width, height, pixels: rgb.into_raw(), colours: colours.clone() })
}

fn colours(icc: Option<Vec<u8>>, particulars: &Particulars) -> Colours {
    match icc {
        Some(profile) => Colours::Icc(profile),
        None if particulars.adobe_rgb => Colours::AdobeRgb,
        None => Colours::Srgb,
    }
}

/// Width and height in pixels, as stored.
///
/// # Errors
/// Everything that can be refused without decoding.
pub fn inspect(jpeg: &[u8]) -> Result<(u32, u32), DecodeError> {
    if jpeg.is_empty() {
        return Err(DecodeError::Empty);
    }
    if !jpeg.starts_with(&[0xff, 0xd8]) {
        return Err(DecodeError::NotJpeg { found: looks_like(jpeg) });
    }
    let markers = markers(jpeg)?;
    let (width, height) = (u32::from(markers.width), u32::from(markers.height));
    if width > LONGEST_SIDE || height > LONGEST_SIDE {
        return Err(DecodeError::TooLarge { width, height });
    }
    if width == 0 || height == 0 {
        return Err(DecodeError::Damaged("it has no pixels".to_owned()));
    }
    if markers.scans > MOST_SCANS {
        return Err(DecodeError::Damaged(format!("it has {} scans", markers.scans)));
    }
    // SOF9 to SOF15 are arithmetic-coded, SOF3 is lossless (T.81 table B.1).
    if markers.segments.iter().any(|marker| (0xc9..=0xcf).contains(marker) && *marker != 0xcc) {
        return Err(DecodeError::Unsupported { kind: Named { zh: "算术编码", en: "arithmetic-coded" } });
    }
    if markers.segments.contains(&0xc3) {
        return Err(DecodeError::Unsupported { kind: Named { zh: "无损", en: "lossless" } });
    }
    match markers.components {
        1 | 3 => Ok((width, height)),
        4 => Err(DecodeError::Unsupported { kind: Named { zh: "CMYK 颜色", en: "in CMYK" } }),
        _ => {
            Err(DecodeError::Unsupported { kind: Named { zh: "少见的颜色", en: "in unusual colours" } })
        }
    }
}

/// What bytes that are no JPEG probably are.
fn looks_like(bytes: &[u8]) -> Named {
    const RAW: Named = Named { zh: "TIFF 或相机 RAW", en: "a TIFF or camera RAW" };
    let starts: [(&[u8], Named); 6] = [
        (b"\x89PNG", Named { zh: "PNG 图片", en: "a PNG" }),
        (b"GIF8", Named { zh: "GIF 图片", en: "a GIF" }),
        (b"II*\0", RAW),
        (b"MM\0*", RAW),
        (b"RIFF", Named { zh: "WebP 图片或视频", en: "a WebP or video" }),
        (b"%PDF", Named { zh: "PDF", en: "a PDF" }),
    ];
    if let Some((_, name)) = starts.iter().find(|(start, _)| bytes.starts_with(start)) {
        return *name;
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Named { zh: "HEIF 图片或视频", en: "a HEIF picture or video" };
    }
    let text = Named { zh: "文本", en: "text" };
    if std::str::from_utf8(bytes).is_ok() { text } else { Named::SOMETHING }
}

fn damaged(err: &image::ImageError) -> DecodeError {
    DecodeError::Damaged(err.to_string())
}
