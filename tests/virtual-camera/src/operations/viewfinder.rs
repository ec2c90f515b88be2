//! Live view: on, off, and what stands before the lens.

use crate::inside::Inside;
use crate::operations::Reply;
use crate::properties::code;
use crate::ptp::{Dataset, length, rc};
use crate::wire::Request;

/// Bit of EVFOutputDevice that sends live view to the computer.
const TO_COMPUTER: u32 = 2;
/// Type of the record that holds a JPEG.
const JPEG_RECORD: u32 = 1;
/// A record's length and type stand before it and count too.
const RECORD_HEAD: usize = 8;

/// InitiateViewfinder (0x9151).
pub(super) fn initiate(inside: &Inside, _request: &Request) -> Reply {
    inside.body().change(code::EVF_OUTPUT_DEVICE, TO_COMPUTER);
    Reply::ok()
}

/// TerminateViewfinder (0x9152).
pub(super) fn terminate(inside: &Inside, _request: &Request) -> Reply {
    let mut body = inside.body();
    body.change(code::EVF_OUTPUT_DEVICE, 0);
    body.live.ends();
    Reply::ok()
}

/// GetViewFinderData (0x9153): one record of a frame; "not ready" while live view is off or wakes up, between two
/// frames, and while the shutter is at work.
pub(super) fn get_data(inside: &Inside, _request: &Request) -> Reply {
    let mut body = inside.body();
    let is_on = body.properties.number(code::EVF_OUTPUT_DEVICE) & TO_COMPUTER != 0;
    if !is_on || body.in_flight > 0 || !body.live.has_frame() {
        return Reply::code(rc::EOS_NOT_READY);
    }
    let Some(view) = body.scene.view() else { return Reply::code(rc::EOS_NOT_READY) };
    drop(body);
    let jpeg = if inside.faults.empty_frame() { &[][..] } else { &view };
    let frame = Dataset::new().u32(length(jpeg.len() + RECORD_HEAD)).u32(JPEG_RECORD).bytes(jpeg);
    Reply::dataset(frame.into_bytes())
}
