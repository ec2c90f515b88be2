//! Reading capture codes: frames from a webcam or a picture, the codes in them, and each code reported once. And
//! identity cards, where a school allows it.

mod id_card;
mod id_reader;
mod luma;
mod qr;
mod steady;
mod webcam;

pub use id_card::IdCard;
pub use id_reader::{IdReader, IdReaderError};
pub use luma::{Luma, PictureError};
pub use qr::{Code, read};
pub use steady::{Sight, Steady};
pub use webcam::{Webcam, WebcamError, names as webcam_names};
