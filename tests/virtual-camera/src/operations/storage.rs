//! Which cards there are, and how full.

use crate::body::Body;
use crate::card::{EMPTY_SLOT, STORAGE};
use crate::inside::Inside;
use crate::operations::Reply;
use crate::ptp::{Dataset, rc};
use crate::wire::Request;

/// PTP's codes for a memory card, a DCF file tree, and read-write.
const REMOVABLE_RAM: u16 = 4;
const DCF: u16 = 3;
const READ_WRITE: u16 = 0;

/// GetStorageIDs (0x1004, 0x9101): the slot, with a card in it or without.
pub(super) fn get_storage_ids(inside: &Inside, _request: &Request) -> Reply {
    let slot = if Body::has_card(&inside.faults) { STORAGE } else { EMPTY_SLOT };
    Reply::dataset(Dataset::new().numbers(&[slot]).into_bytes())
}

/// GetStorageInfo (0x1005, 0x9102). Of an empty slot only zeros are known: libgphoto2 `config.c`
/// `camera_prepare_canon_eos_capture` asks for it and would give up on an error.
pub(super) fn get_storage_info(inside: &Inside, request: &Request) -> Reply {
    let body = inside.body();
    let has_card = Body::has_card(&inside.faults);
    let (capacity, free) = match (request.parameter(0), has_card) {
        (STORAGE, true) => (body.card.capacity(), body.room(&inside.faults)),
        (STORAGE, false) => return Reply::code(rc::STORE_NOT_AVAILABLE),
        (EMPTY_SLOT, _) => (0, 0),
        _ => return Reply::code(rc::INVALID_STORAGE_ID),
    };
    let info = Dataset::new()
        .u16(REMOVABLE_RAM)
        .u16(DCF)
        .u16(READ_WRITE)
        .u64(capacity)
        .u64(free)
        // EOS bodies do not say how many images fit.
        .u32(u32::MAX)
        .text("SD")
        .text("");
    Reply::dataset(info.into_bytes())
}
