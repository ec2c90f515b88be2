//! Reading capture codes: frames from a webcam or a picture, the codes in them, and each code reported once. And
//! identity cards, where a school allows it.

mod command;
mod hint;
mod id_card;
mod id_reader;
mod luma;
mod preview;
mod qr;
mod shot;
mod steady;
mod typed;
mod webcam;

pub use command::{Command, UnknownCommand};
pub use hint::{Hint, Patience, hint};
pub use id_card::IdCard;
pub use id_reader::{IdReader, IdReaderError};
pub use luma::{Luma, PictureError};
pub use preview::Preview;
pub use qr::{Code, Reader, read, read_all};
pub use steady::{Shown, Sight, Steady};
pub use typed::{HOLD_MS, Heard, Misscan, Scan, Stroke, Typed};
pub use webcam::{Found, Frame, Layout, Offer, Webcam, WebcamError, best, found, offers};
