//! Live view: on, off, and always the same frame.

use crate::inside::Inside;
use crate::operations::Reply;
use crate::properties::code;
use crate::ptp::{Dataset, length, rc};
use crate::scene::GREY;
use crate::wire::Request;

/// Bit of EVFOutputDevice that sends live view to the computer.
const TO_COMPUTER: u32 = 2;
/// Type of the record that holds a JPEG.
const JPEG_RECORD: u32 = 1;

/// InitiateViewfinder (0x9151).
pub(super) fn initiate(inside: &Inside, _request: &Request) -> Reply {
    inside.body().change(code::EVF_OUTPUT_DEVICE, TO_COMPUTER);
    Reply::ok()
}

/// TerminateViewfinder (0x9152).
pub(super) fn terminate(inside: &Inside, _request: &Request) -> Reply {
    inside.body().change(code::EVF_OUTPUT_DEVICE, 0);
    Reply::ok()
}

/// GetViewFinderData (0x9153): one record of a frame; "not ready" while live view is off.
pub(super) fn get_data(inside: &Inside, _request: &Request) -> Reply {
    if inside.body().properties.number(code::EVF_OUTPUT_DEVICE) & TO_COMPUTER == 0 {
        return Reply::code(rc::EOS_NOT_READY);
    }
    let frame = Dataset::new().u32(length(GREY.len() + 8)).u32(JPEG_RECORD).bytes(GREY);
    Reply::dataset(frame.into_bytes())
}
