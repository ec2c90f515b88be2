//! What the body has to tell: records waiting for the host to fetch them with GetEvent (0x9116).
//!
//! A record is its size, its type and its data; a record of size 8 and type 0 ends every answer,
//! and an answer of it alone means there is no more (libgphoto2 `ptp.c` `ptp_check_eos_events`).
//! EOS bodies do not use the PTP/IP event line.

use crate::properties::Property;
use crate::ptp::{Dataset, length};
use crate::scene::Picture;

/// Record types.
mod record {
    pub(super) const REQUEST_OBJECT_TRANSFER: u32 = 0xC186;
    pub(super) const PROP_VALUE_CHANGED: u32 = 0xC189;
    pub(super) const AVAIL_LIST_CHANGED: u32 = 0xC18A;
    pub(super) const CAMERA_STATUS_CHANGED: u32 = 0xC18B;
    pub(super) const OLC_INFO_CHANGED: u32 = 0xC1A5;
    /// The form of ObjectAddedEx an EOS 80D sends (libgphoto2 pull request 76).
    pub(super) const OBJECT_ADDED_EX_64: u32 = 0xC1A7;

    /// Codes for GetDeviceInfoEx (0x9108), whose arrays must not be empty.
    pub(super) const ALL: &[u32] = &[
        0xC181,
        REQUEST_OBJECT_TRANSFER,
        PROP_VALUE_CHANGED,
        AVAIL_LIST_CHANGED,
        CAMERA_STATUS_CHANGED,
        OLC_INFO_CHANGED,
        OBJECT_ADDED_EX_64,
    ];
}

/// The record types this body can send.
pub(crate) fn supported() -> &'static [u32] {
    record::ALL
}

/// Records waiting for the host, while it has event mode on.
#[derive(Debug, Default)]
pub(crate) struct Events {
    on: bool,
    waiting: Vec<u8>,
}

impl Events {
    /// Event mode on or off (0x9115). True when it has just been switched on: then all is reported.
    pub(crate) fn switch(&mut self, on: bool) -> bool {
        let begins = on && !self.on;
        self.on = on;
        self.waiting.clear();
        begins
    }

    /// Everything that waits, with the closing record.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        let mut answer = std::mem::take(&mut self.waiting);
        answer.extend_from_slice(&[8, 0, 0, 0, 0, 0, 0, 0]);
        answer
    }

    fn push(&mut self, kind: u32, data: &[u8]) {
        if self.on {
            let head = Dataset::new().u32(length(data.len() + 8)).u32(kind);
            self.waiting.extend(head.into_bytes());
            self.waiting.extend_from_slice(data);
        }
    }

    /// A property stands at a value.
    pub(crate) fn value(&mut self, property: &Property) {
        let data = Dataset::new().u32(u32::from(property.code)).bytes(&property.value.bytes());
        self.push(record::PROP_VALUE_CHANGED, &data.into_bytes());
    }

    /// What may be chosen for a property. libgphoto2 drops it unless the value came before.
    pub(crate) fn choices(&mut self, property: &Property) {
        if property.choices.is_empty() {
            return;
        }
        let data = Dataset::new()
            .u32(u32::from(property.code))
            .u32(3)
            .u32(length(property.choices.len()))
            .bytes(&property.choice_bytes());
        self.push(record::AVAIL_LIST_CHANGED, &data.into_bytes());
    }

    /// The camera is busy with a shot, or done with it.
    pub(crate) fn busy(&mut self, busy: bool) {
        self.push(record::CAMERA_STATUS_CHANGED, &u32::from(busy).to_le_bytes());
    }

    /// Autofocus has found its mark, or has not.
    ///
    /// Group 0x0100 of the OLC information (what the camera's own display shows); libgphoto2
    /// `library.c` `camera_trigger_canon_eos_capture` takes a record with `0000200` for "no focus".
    pub(crate) fn focus(&mut self, found: bool) {
        let found = if found { [0, 0, 0, 0, 1, 0] } else { [0, 0, 0, 2, 0, 0] };
        let data = Dataset::new().u32(14).u16(0x0100).u16(0).bytes(&found);
        self.push(record::OLC_INFO_CHANGED, &data.into_bytes());
    }

    /// A file or folder is on the card.
    pub(crate) fn object_added(&mut self, handle: u32, parent: u32, storage: u32, entry: &Entry<'_>) {
        let data = Dataset::new()
            .u32(handle)
            .u32(storage)
            .u32(u32::from(entry.format))
            .u32(0)
            .u32(0)
            .u32(entry.size)
            .u32(0)
            .u32(parent)
            .u32(handle)
            .bytes(&padded_name(entry.name));
        self.push(record::OBJECT_ADDED_EX_64, &data.into_bytes());
    }

    /// A picture waits in the camera's memory for the host to fetch it (capture target SDRAM).
    pub(crate) fn transfer_requested(&mut self, handle: u32, picture: &Picture) {
        let data = Dataset::new()
            .u32(handle)
            .u32(u32::from(picture.format))
            .u32(0)
            .u32(length(picture.bytes.len()))
            .u32(0)
            .bytes(&padded_name(&picture.name));
        self.push(record::REQUEST_OBJECT_TRANSFER, &data.into_bytes());
    }
}

/// What an ObjectAddedEx record says of a file or folder.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) name: &'a str,
    pub(crate) format: u16,
    pub(crate) size: u32,
}

/// A file name in the sixteen bytes of an EOS record, a closing zero among them.
pub(crate) fn padded_name(name: &str) -> [u8; 16] {
    let mut padded = [0; 16];
    for (place, byte) in padded.iter_mut().take(15).zip(name.bytes()) {
        *place = byte;
    }
    padded
}
