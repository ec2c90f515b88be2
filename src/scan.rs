//! Reading capture codes: frames from a webcam or a picture, the codes in them, and each code reported once.

mod luma;
mod qr;
mod steady;
mod webcam;

pub use luma::{Luma, PictureError};
pub use qr::{Code, Reader, read};
pub use steady::{REST_MS, Shown, Sight, Steady};
pub use webcam::{Webcam, WebcamError, names as webcam_names};
