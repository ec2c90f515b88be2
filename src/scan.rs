//! Reading capture codes: frames from a webcam or a picture, the codes in them, and each code reported once.

mod hint;
mod luma;
mod preview;
mod qr;
mod steady;
mod webcam;

pub use hint::{Hint, Patience, hint};
pub use luma::{Luma, PictureError};
pub use preview::Preview;
pub use qr::{Code, Reader, read};
pub use steady::{REST_MS, Shown, Sight, Steady};
pub use webcam::{Found, Frame, Layout, Offer, Webcam, WebcamError, best, found, offers};
