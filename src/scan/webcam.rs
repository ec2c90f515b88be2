//! The door of the crate `nokhwa`: used to list webcams and to get their raw frames, for nothing else.
//!
//! Its choice of formats, its decoders and its loops have faults that were measured (facts/window.md section
//! 5): "highest resolution" picks 2 frames a second, garbage MJPEG unwinds silently, `frame()` may block for
//! ever. So we choose the format, take the bytes, and get the grey ourselves.

use image::codecs::jpeg::JpegDecoder;
use nokhwa::{
    Camera, NokhwaError,
    pixel_format::LumaFormat,
    utils::{ApiBackend, CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType},
};

use super::Luma;

/// Fewer frames a second make an operator wait.
const LEAST_RATE: u32 = 15;

/// More pixels than this make reading slow and no code easier to read.
const MOST_WIDTH: u32 = 1920;

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
    let found = nokhwa::query(ApiBackend::Auto).map_err(WebcamError::Refused)?;
    Ok(found.into_iter().map(|camera| camera.human_name()).collect())
}

impl Webcam {
    /// Opens the webcam of this name, or the first one that can be used.
    ///
    /// # Errors
    /// When there is none, or it cannot be used.
    pub fn open(name: Option<&str>) -> Result<Self, WebcamError> {
        let found = nokhwa::query(ApiBackend::Auto).map_err(WebcamError::Refused)?;
        let mut last = WebcamError::NotFound;
        for camera in found {
            if name.is_some_and(|name| name != camera.human_name()) {
                continue;
            }
            // A webcam shows up more than once: some of its entries carry no pictures.
            match Self::open_index(camera.index().clone()) {
                Ok(webcam) => return Ok(webcam),
                Err(err) => last = err,
            }
        }
        Err(last)
    }

    fn open_index(index: CameraIndex) -> Result<Self, WebcamError> {
        let as_it_is = RequestedFormat::new::<LumaFormat>(RequestedFormatType::None);
        let mut camera = Camera::new(index, as_it_is).map_err(WebcamError::Refused)?;
        let offered = camera.compatible_camera_formats().map_err(WebcamError::Refused)?;
        let format = best(&offered).ok_or(WebcamError::NoFormat)?;
        let exact = RequestedFormat::new::<LumaFormat>(RequestedFormatType::Exact(format));
        camera.set_camera_requset(exact).map_err(WebcamError::Refused)?;
        camera.open_stream().map_err(WebcamError::Refused)?;
        let format = camera.camera_format();
        Ok(Self { camera, format })
    }

    /// Waits for the next frame. It may wait for ever when the webcam dies: whoever calls has a thread for it.
    ///
    /// # Errors
    /// When the webcam has gone or sent something that is no picture.
    pub fn frame(&mut self) -> Result<Luma, WebcamError> {
        let raw = self.camera.frame_raw().map_err(WebcamError::Refused)?;
        let (width, height) = (self.format.width() as usize, self.format.height() as usize);
        grey(self.format.format(), &raw, width, height).ok_or(WebcamError::BrokenFrame)
    }
}

/// The widest format of at least 15 frames a second, uncompressed before compressed.
fn best(offered: &[CameraFormat]) -> Option<CameraFormat> {
    let readable = |format: &&CameraFormat| format.width() <= MOST_WIDTH && preference(format.format()) > 0;
    let readable: Vec<&CameraFormat> = offered.iter().filter(readable).collect();
    let fast = readable.iter().filter(|format| format.frame_rate() >= LEAST_RATE);
    let by_worth =
        |format: &&&CameraFormat| (format.width(), preference(format.format()), format.frame_rate());
    fast.max_by_key(by_worth)
        .or_else(|| readable.iter().max_by_key(|f| f.frame_rate()))
        .map(|format| **format)
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
        FrameFormat::MJPEG => return decoded(raw),
        FrameFormat::RAWRGB | FrameFormat::RAWBGR => return None,
    };
    Some(Luma { width, height, pixels })
}

fn decoded(jpeg: &[u8]) -> Option<Luma> {
    let decoder = JpegDecoder::new(std::io::Cursor::new(jpeg)).ok()?;
    let grey = image::DynamicImage::from_decoder(decoder).ok()?.into_luma8();
    Some(Luma { width: grey.width() as usize, height: grey.height() as usize, pixels: grey.into_raw() })
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
        assert_eq!(best(&offered), Some(offered[3]));
        assert_eq!(best(&offered[..2]), Some(offered[1]), "a slow one is better than none");
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
