//! Reading capture codes: frames from a webcam or a picture, the codes in them, and each code reported once.

mod command;
mod luma;
mod qr;
mod steady;
mod typed;
mod webcam;

pub use command::{Command, UnknownCommand};
pub use luma::{Luma, PictureError};
pub use qr::{Code, read};
pub use steady::{Sight, Steady};
pub use typed::{HOLD_MS, Heard, Misscan, Scan, Stroke, Typed};
pub use webcam::{Webcam, WebcamError, names as webcam_names};
