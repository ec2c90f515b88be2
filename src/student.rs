//! Who sits in front of the camera, in the words of the school.

mod bearer;
pub mod chsi;
mod code;
mod field;
mod id_number;
mod mask;
mod people;
mod roster;

pub use bearer::{Badge, Bearer, StudentKey};
pub use code::{CaptureCode, CodeError, Fingerprint, MAX_CODE_BYTES, Source};
pub use field::{Field, UnknownField};
pub use id_number::{IdNumber, IdNumberError};
pub use mask::{NameMask, mask_name};
pub use people::People;
pub use roster::{
    Columns, Fault, Format, Found, Limit, MAX_FILE_BYTES, MOST_SHOWN, Report, Roster, RosterError, RowFault,
    Student, Unreadable, plain_number,
};
