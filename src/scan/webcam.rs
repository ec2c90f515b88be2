//! The door of the crate `nokhwa`: used to list webcams and to get their raw frames, for nothing else.
//!
//! Its choice of formats, its decoders and its loops have faults that were measured (facts/window.md section
//! 5): "highest resolution" picks 2 frames a second, garbage MJPEG unwinds silently, `frame()` may block for
//! ever. So we choose the format, take the bytes, and get the grey ourselves.
//!
//! What it cannot do stays: a camera without a rate of 1/n seconds, one with steps instead of a list of sizes,
//! and one that another program left at an odd rate (plug it in again) are refused.

use std::{
    cmp::Reverse,
    panic::{AssertUnwindSafe, catch_unwind},
};

use image::{DynamicImage, ImageDecoder as _, codecs::jpeg::JpegDecoder};
use nokhwa::{
    Camera, NokhwaError,
    pixel_format::LumaFormat,
    utils::{
        ApiBackend, CameraFormat, CameraIndex, CameraInfo, FrameFormat, RequestedFormat, RequestedFormatType,
    },
};

use super::Luma;

/// Fewer frames a second make an operator wait.
const LEAST_RATE: u32 = 15;

/// More pixels than this make reading slow and no code easier to read.
const MOST_WIDTH: u32 = 1920;

/// A webcam that refuses so many formats refuses all; each refusal may take it seconds.
const MOST_TRIES: usize = 8;

/// Why there is no frame.
#[derive(Debug, thiserror::Error)]
pub enum WebcamError {
    /// No webcam of this name is there.
    #[error("no webcam is found")]
    NotFound,
    /// It offers no format we can read.
    #[error("the webcam offers no format that can be read")]
    NoFormat,
    /// The webcam or its driver refused.
    #[error("the webcam cannot be used")]
    Refused(#[source] NokhwaError),
    /// A frame was no picture.
    #[error("the webcam sent a broken frame")]
    BrokenFrame,
    /// It is there, and sends nothing.
    #[error("the webcam sends no frames")]
    NoFrames,
}

/// An opened webcam.
pub struct Webcam {
    camera: Camera,
    format: CameraFormat,
}

impl std::fmt::Debug for Webcam {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Webcam({})", self.format)
    }
}

/// The names of the webcams that are there.
///
/// # Errors
/// When the system cannot be asked.
pub fn names() -> Result<Vec<String>, WebcamError> {
    Ok(found()?.into_iter().map(|camera| camera.human_name()).collect())
}

/// What is there, in the system's order: a folder is read in any.
fn found() -> Result<Vec<CameraInfo>, WebcamError> {
    let mut found = unless_it_panics(|| nokhwa::query(ApiBackend::Auto))?;
    found.sort_by_key(|camera| camera.index().as_index().unwrap_or(u32::MAX));
    Ok(found)
}

/// nokhwa and the crate `v4l` below it unwrap what a driver says: a name of more than ten Chinese characters is
/// cut within one by the kernel, and their panic would end the thread without a word.
fn unless_it_panics<T>(work: impl FnOnce() -> Result<T, NokhwaError>) -> Result<T, WebcamError> {
    let panicked = |_| Err(NokhwaError::GeneralError("its driver says what cannot be understood".to_owned()));
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(panicked).map_err(WebcamError::from)
}

impl From<NokhwaError> for WebcamError {
    fn from(err: NokhwaError) -> Self {
        // nokhwa's words for an entry that offers no pictures at all.
        let pictureless =
            matches!(&err, NokhwaError::GetPropertyError { property, .. } if property == "CameraFormat");
        if pictureless { Self::NoFormat } else { Self::Refused(err) }
    }
}

impl Webcam {
    /// Opens the webcam of this name, or the first one that can be used.
    ///
    /// # Errors
    /// When there is none, or it cannot be used.
    pub fn open(name: Option<&str>) -> Result<Self, WebcamError> {
        let mut why = WebcamError::NotFound;
        for camera in found()? {
            if name.is_some_and(|name| name != camera.human_name()) {
                continue;
            }
            match Self::open_index(camera.index()) {
                Ok(webcam) => return Ok(webcam),
                // A webcam shows up more than once, and some of its entries carry no pictures: what the others
                // say is what is wrong.
                Err(WebcamError::NoFormat) if matches!(why, WebcamError::Refused(_)) => {}
                Err(err) => why = err,
            }
        }
        Err(why)
    }

    fn open_index(index: &CameraIndex) -> Result<Self, WebcamError> {
        let as_it_is = RequestedFormat::new::<LumaFormat>(RequestedFormatType::None);
        let mut camera = unless_it_panics(|| Camera::new(index.clone(), as_it_is))?;
        let offered = unless_it_panics(|| camera.compatible_camera_formats())?;
        let mut why = WebcamError::NoFormat;
        // nokhwa lists 2/15 of a second as 15 frames a second and then refuses to use it; so a refused format
        // is no reason to give up.
        for format in by_worth(&offered).into_iter().take(MOST_TRIES) {
            let exact = RequestedFormat::new::<LumaFormat>(RequestedFormatType::Exact(format));
            match unless_it_panics(|| camera.set_camera_requset(exact).and_then(|_| camera.open_stream())) {
                Ok(()) => return Ok(Self { camera, format }),
                Err(err) => why = err,
            }
        }
        Err(why)
    }

    /// The format that was chosen: width, height and frames a second.
    #[must_use]
    pub fn format(&self) -> (u32, u32, u32) {
        (self.format.width(), self.format.height(), self.format.frame_rate())
    }

    /// Waits for the next frame. It may wait for ever when the webcam dies: whoever calls has a thread for it.
    ///
    /// # Errors
    /// When the webcam has gone or sent something that is no picture.
    pub fn frame(&mut self) -> Result<Luma, WebcamError> {
        let raw = unless_it_panics(|| self.camera.frame_raw())?;
        let (width, height) = (self.format.width() as usize, self.format.height() as usize);
        grey(self.format.format(), &raw, width, height).ok_or(WebcamError::BrokenFrame)
    }
}

/// The formats we can read, best first: of at least 15 frames a second the largest, uncompressed before
/// compressed; then the slow ones, fastest first.
fn by_worth(offered: &[CameraFormat]) -> Vec<CameraFormat> {
    let readable = |format: &&CameraFormat| format.width() <= MOST_WIDTH && preference(format.format()) > 0;
    let mut formats: Vec<CameraFormat> = offered.iter().filter(readable).copied().collect();
    formats.sort_by_key(|format| {
        let (size, rate) = ((format.width(), format.height()), format.frame_rate());
        Reverse((rate.min(LEAST_RATE), size, preference(format.format()), rate))
    });
    formats
}

fn preference(format: FrameFormat) -> u8 {
    match format {
        FrameFormat::GRAY => 4,
        FrameFormat::NV12 => 3,
        FrameFormat::YUYV => 2,
        FrameFormat::MJPEG => 1,
        FrameFormat::RAWRGB | FrameFormat::RAWBGR => 0,
    }
}

/// The grey of a raw frame; `None` when the bytes are too few or no picture.
fn grey(format: FrameFormat, raw: &[u8], width: usize, height: usize) -> Option<Luma> {
    let count = width * height;
    let pixels = match format {
        // Luma comes first, a byte a pixel.
        FrameFormat::GRAY | FrameFormat::NV12 => raw.get(..count)?.to_vec(),
        // Luma is every second byte.
        FrameFormat::YUYV => raw.get(..2 * count)?.iter().step_by(2).copied().collect(),
        FrameFormat::MJPEG => return decoded(raw, width, height),
        FrameFormat::RAWRGB | FrameFormat::RAWBGR => return None,
    };
    Some(Luma { width, height, pixels })
}

/// A webcam may leave out the Huffman tables every JPEG file has; this segment, in front of everything, tells the
/// decoder to take the usual ones wherever a frame brings none.
const USUAL_TABLES: &[u8] = b"\xff\xd8\xff\xe0\x00\x09AVI1\0\0\0";

/// The grey of a JPEG; a decoder that panics found none.
fn decoded(jpeg: &[u8], width: usize, height: usize) -> Option<Luma> {
    let jpeg = [USUAL_TABLES, jpeg.strip_prefix(b"\xff\xd8")?].concat();
    catch_unwind(|| decoded_or_panic(&jpeg, width, height)).ok()?
}

/// Damaged bytes may claim any size, and memory is asked for before they are read: a frame is as large as was
/// agreed, or a few rows larger (1088 for 1080).
fn decoded_or_panic(jpeg: &[u8], width: usize, height: usize) -> Option<Luma> {
    let decoder = JpegDecoder::new(std::io::Cursor::new(jpeg)).ok()?;
    let (wide, high) = decoder.dimensions();
    if wide as usize > width.next_multiple_of(16) || high as usize > height.next_multiple_of(16) {
        return None;
    }
    let grey = DynamicImage::from_decoder(decoder).ok()?.into_luma8();
    Some(Luma { width: wide as usize, height: high as usize, pixels: grey.into_raw() })
}

#[cfg(test)]
mod tests {
    use nokhwa::utils::Resolution;

    use super::*;

    fn format(width: u32, kind: FrameFormat, rate: u32) -> CameraFormat {
        CameraFormat::new(Resolution::new(width, width * 9 / 16), kind, rate)
    }

    #[test]
    fn a_fast_format_wins_over_a_large_one() {
        let offered = [
            format(3840, FrameFormat::MJPEG, 30),
            format(1920, FrameFormat::YUYV, 5),
            format(1280, FrameFormat::MJPEG, 30),
            format(1280, FrameFormat::YUYV, 15),
            format(640, FrameFormat::YUYV, 30),
        ];
        let best = |offered: &[CameraFormat]| by_worth(offered).first().copied();
        assert_eq!(best(&offered), Some(offered[3]));
        assert_eq!(best(&offered[..2]), Some(offered[1]), "a slow one is better than none");
        assert_eq!(by_worth(&offered)[1], offered[2], "and the next if it is refused");
        assert_eq!(best(&[format(640, FrameFormat::RAWRGB, 30)]), None);
    }

    #[test]
    fn the_grey_is_taken_from_where_it_lies() {
        let grey = |format, raw: &[u8]| super::grey(format, raw, 2, 2).map(|luma| luma.pixels);
        assert_eq!(grey(FrameFormat::YUYV, &[1, 9, 2, 9, 3, 9, 4, 9]), Some(vec![1, 2, 3, 4]));
        assert_eq!(grey(FrameFormat::NV12, &[1, 2, 3, 4, 9, 9]), Some(vec![1, 2, 3, 4]));
        assert_eq!(grey(FrameFormat::YUYV, &[1, 9, 2]), None, "a frame that broke off");
        assert_eq!(grey(FrameFormat::MJPEG, b"garbage"), None);
    }
}
