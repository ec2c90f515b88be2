//! The door of the crate `v4l`: a webcam as the kernel gives it, its raw frames, and nothing else.
//!
//! `nokhwa`, which is the same crate with a layer above it, was used first. That layer refuses every webcam whose
//! name is longer than ten Chinese characters, every grey one, every one that has only UYVY, and every one that
//! another program left at a rate that is no 1/n; and its `frame()` waits for ever (facts/window.md section 5).
//! Below it none of that is so: the format is ours to choose ([`mod@format`]), the grey is taken from the bytes
//! ([`frame`]), and a frame that does not come is an error in time.
//!
//! What a driver does to the crate is caught: it unwraps what it is told and panics when a stream cannot be ended.

mod format;
mod found;
mod frame;

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

pub use format::{Layout, Offer, best};
pub use found::{Found, found};
pub use frame::Frame;
use v4l::{
    Device, Format, FourCC,
    buffer::{Flags, Type},
    fraction::Fraction,
    frameinterval::FrameIntervalEnum,
    framesize::FrameSizeEnum,
    io::{mmap::Stream, traits::CaptureStream as _},
    video::{Capture as _, capture::Parameters},
};

/// So long may a frame fail to come: webcams take seconds to start, and a second more in the dark.
const FRAME_WITHIN: Duration = Duration::from_secs(4);

/// Frames the driver may fill while one is looked at.
const BUFFERS: u32 = 4;

/// A webcam that refuses so many formats refuses all; each refusal may take it seconds.
const MOST_TRIES: usize = 8;

/// After this long no further format is tried: whoever waits for the webcam takes it for dead.
const TRY_WITHIN: Duration = Duration::from_secs(5);

/// What Linux says of a device that was unplugged, of one that is in use, and of a bus without room for it.
const ENODEV: i32 = 19;
const EBUSY: i32 = 16;
const ENXIO: i32 = 6;

/// Why there is no frame.
#[derive(Debug, thiserror::Error)]
pub enum WebcamError {
    /// No webcam of this name is there, or it was unplugged.
    #[error("no webcam is found")]
    NotFound,
    /// It offers no format we can read.
    #[error("the webcam offers no format that can be read")]
    NoFormat,
    /// The webcam or its driver refused.
    #[error("the webcam cannot be used")]
    Refused(#[source] io::Error),
    /// A frame was no picture.
    #[error("the webcam sent a broken frame")]
    BrokenFrame,
    /// It is there, and sends nothing.
    #[error("the webcam sends no frames")]
    NoFrames,
    /// Another program looks through it.
    #[error("the webcam is used by another program")]
    Busy,
    /// This user may not look through it.
    #[error("the webcam may not be used")]
    NotAllowed,
}

impl From<io::Error> for WebcamError {
    fn from(err: io::Error) -> Self {
        match (err.raw_os_error(), err.kind()) {
            (Some(ENODEV | ENXIO), _) | (_, io::ErrorKind::NotFound) => Self::NotFound,
            (Some(EBUSY), _) => Self::Busy,
            (_, io::ErrorKind::TimedOut) => Self::NoFrames,
            (_, io::ErrorKind::PermissionDenied) => Self::NotAllowed,
            _ => Self::Refused(err),
        }
    }
}

/// An opened webcam, which sends frames.
pub struct Webcam {
    /// Before the device: it is ended first.
    stream: Stream<'static>,
    _device: Device,
    offer: Offer,
    /// Bytes from the beginning of a row to that of the next.
    stride: usize,
    /// What it is called, with its place when another is called the same.
    pub label: String,
}

impl std::fmt::Debug for Webcam {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Webcam({}, {})", self.label, self.offer)
    }
}

/// What a webcam offers, readable or not; nothing when its entry carries no pictures.
///
/// # Errors
/// When it cannot be asked.
pub fn offers(webcam: &Found) -> Result<Vec<Offer>, WebcamError> {
    unless_it_panics(|| Ok(offered(&Device::new(webcam.number as usize)?)))
}

fn unless_it_panics<T>(work: impl FnOnce() -> Result<T, WebcamError>) -> Result<T, WebcamError> {
    let panicked = |_| Err(io::Error::other("its driver says what cannot be understood").into());
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(panicked)
}

impl Webcam {
    /// Opens the webcam that is wanted, or the first one that can be used, and waits for its first frame.
    ///
    /// # Errors
    /// When there is none, or it cannot be used.
    pub fn open(wanted: Option<&str>) -> Result<Self, WebcamError> {
        let mut why = WebcamError::NotFound;
        for webcam in found().into_iter().filter(|webcam| wanted.is_none_or(|wanted| webcam.is(wanted))) {
            match unless_it_panics(|| Self::open_entry(&webcam)) {
                Ok(webcam) => return Ok(webcam),
                // A webcam shows up more than once, and some of its entries carry no pictures: what the others
                // say is what is wrong.
                Err(WebcamError::NoFormat) if !matches!(why, WebcamError::NotFound) => {}
                Err(err) => why = err,
            }
        }
        Err(why)
    }

    fn open_entry(webcam: &Found) -> Result<Self, WebcamError> {
        let began = Instant::now();
        let offers = format::by_worth(offered(&Device::new(webcam.number as usize)?));
        let mut why = WebcamError::NoFormat;
        for offer in offers.into_iter().take(MOST_TRIES) {
            // Opened anew for each: what a refusal leaves behind is the driver's secret.
            match unless_it_panics(|| Self::open_as(webcam, offer)) {
                Ok(webcam) => return Ok(webcam),
                // Another format of a webcam that is gone, busy or silent is no better.
                Err(
                    err @ (WebcamError::NotFound
                    | WebcamError::Busy
                    | WebcamError::NotAllowed
                    | WebcamError::NoFrames),
                ) => return Err(err),
                Err(err) => why = err,
            }
            if began.elapsed() > TRY_WITHIN {
                break;
            }
        }
        Err(why)
    }

    /// Opens it with this format; a bus that has no room for so many bytes says so only when frames shall come, so
    /// the first one is waited for.
    fn open_as(webcam: &Found, offer: Offer) -> Result<Self, WebcamError> {
        let device = Device::new(webcam.number as usize)?;
        let got = device.set_format(&Format::new(offer.width, offer.height, FourCC::new(&offer.fourcc)))?;
        if got.fourcc.repr != offer.fourcc {
            return Err(io::Error::other("it sends another format than was agreed").into());
        }
        if let Some((numerator, denominator)) = offer.interval {
            // One that cannot change its rate has only the one it has.
            device.set_params(&Parameters::new(Fraction::new(numerator, denominator))).ok();
        }
        let interval = device.params().ok().map(|now| (now.interval.numerator, now.interval.denominator));
        let interval = interval.filter(|(numerator, denominator)| numerator * denominator > 0);
        let mut stream = Stream::with_buffers(&device, Type::VideoCapture, BUFFERS)?;
        stream.set_timeout(FRAME_WITHIN);
        let offer = Offer { width: got.width, height: got.height, interval, ..offer };
        let (label, stride) = (webcam.label(), got.stride as usize);
        let mut webcam = Self { stream, _device: device, offer, stride, label };
        match webcam.frame() {
            Ok(_) | Err(WebcamError::BrokenFrame) => Ok(webcam),
            Err(err) => Err(err),
        }
    }

    /// What was agreed.
    #[must_use]
    pub fn offer(&self) -> Offer {
        self.offer
    }

    /// Waits for the next frame, for a few seconds at most unless the driver itself hangs: whoever calls has a
    /// thread for it, and somebody who watches that thread.
    ///
    /// # Errors
    /// When the webcam has gone or sent something that is no picture. After any error but a broken frame it must
    /// be opened anew.
    pub fn frame(&mut self) -> Result<Frame, WebcamError> {
        let (offer, stride) = (self.offer, self.stride);
        unless_it_panics(|| {
            let (bytes, about) = self.stream.next()?;
            // The driver lost a part of it on the way.
            let whole = !about.flags.contains(Flags::ERROR);
            let sent = bytes.get(..about.bytesused as usize).filter(|_| whole);
            sent.and_then(|sent| Frame::new(&offer, stride, sent)).ok_or(WebcamError::BrokenFrame)
        })
    }
}

/// Everything a webcam offers. An entry that has no pictures, or cannot list them, offers nothing.
fn offered(device: &Device) -> Vec<Offer> {
    let mut offers = Vec::new();
    for kind in device.enum_formats().unwrap_or_default() {
        for size in device.enum_framesizes(kind.fourcc).unwrap_or_default() {
            for (width, height) in sizes(size.size) {
                let rates = device.enum_frameintervals(kind.fourcc, width, height).unwrap_or_default();
                let intervals: Vec<_> = rates.into_iter().map(|rate| interval(rate.interval)).collect();
                let of = |interval| Offer { fourcc: kind.fourcc.repr, width, height, interval };
                offers.extend(intervals.iter().map(|interval| of(Some(*interval))));
                // One that does not tell its rates has one nevertheless.
                offers.extend(intervals.is_empty().then(|| of(None)));
            }
        }
    }
    offers
}

/// The sizes that are worth asking for; of one that takes any, the usual ones.
fn sizes(size: FrameSizeEnum) -> Vec<(u32, u32)> {
    match size {
        FrameSizeEnum::Discrete(size) => vec![(size.width, size.height)],
        FrameSizeEnum::Stepwise(step) => {
            let widths = (step.min_width, step.max_width, step.step_width);
            let heights = (step.min_height, step.max_height, step.step_height);
            format::stepped(widths, heights)
        }
    }
}

/// Seconds a frame; of one that takes any, the rate of most webcams or what is nearest to it.
fn interval(rate: FrameIntervalEnum) -> (u32, u32) {
    match rate {
        FrameIntervalEnum::Discrete(each) => (each.numerator, each.denominator),
        FrameIntervalEnum::Stepwise(step) => {
            let fraction = |each: Fraction| (each.numerator, each.denominator);
            format::nearest_interval(fraction(step.min), fraction(step.max))
        }
    }
}
