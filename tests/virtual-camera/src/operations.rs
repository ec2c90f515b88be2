//! The operations, by their codes: one small handler each, in groups.
//!
//! | group | what the host wants |
//! |---|---|
//! | [`device`] | who are you; session, modes, the standard properties |
//! | [`storage`] | which cards, how full |
//! | [`objects`] | folders and files: list, describe, read, delete |
//! | [`settings`] | EOS properties and events |
//! | [`release`] | half press, full press, let go |
//! | [`viewfinder`] | live view |

mod device;
mod objects;
mod release;
mod settings;
mod storage;
mod viewfinder;

use crate::inside::Inside;
use crate::ptp::{op, rc};
use crate::wire::Request;

/// How an operation is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) code: u16,
    pub(crate) parameters: Vec<u32>,
    pub(crate) data: Option<Data>,
}

/// What goes to the host before the response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Data {
    /// A description of something.
    Dataset(Vec<u8>),
    /// A picture's own bytes: what a throttled or cut line is felt on.
    Object(Vec<u8>),
}

impl Data {
    /// The bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Dataset(bytes) | Self::Object(bytes) => bytes,
        }
    }

    /// Keeps so many of the first bytes.
    pub(crate) fn keep(&mut self, length: usize) {
        match self {
            Self::Dataset(bytes) | Self::Object(bytes) => bytes.truncate(length),
        }
    }
}

impl Reply {
    fn ok() -> Self {
        Self::code(rc::OK)
    }

    /// An answer without data.
    pub(crate) fn code(code: u16) -> Self {
        Self { code, parameters: Vec::new(), data: None }
    }

    fn dataset(bytes: Vec<u8>) -> Self {
        Self { data: Some(Data::Dataset(bytes)), ..Self::ok() }
    }

    fn object(bytes: Vec<u8>) -> Self {
        Self { data: Some(Data::Object(bytes)), ..Self::ok() }
    }
}

/// A handler: the camera, the request, the answer.
type Handler = fn(&Inside, &Request) -> Reply;

/// Carries out one operation. Whether a session is open is for the line to know; device info is
/// given without one.
pub(crate) fn carry_out(inside: &Inside, request: &Request) -> Reply {
    handler(request.opcode)
        .map_or_else(|| Reply::code(rc::OPERATION_NOT_SUPPORTED), |handler| handler(inside, request))
}

fn handler(opcode: u16) -> Option<Handler> {
    Some(match opcode {
        op::GET_DEVICE_INFO => device::get_device_info,
        op::GET_DEVICE_PROP_DESC => device::get_device_prop_desc,
        op::GET_DEVICE_PROP_VALUE => device::get_device_prop_value,
        op::EOS_GET_DEVICE_INFO_EX => device::get_device_info_ex,

        op::GET_STORAGE_IDS | op::EOS_GET_STORAGE_IDS => storage::get_storage_ids,
        op::GET_STORAGE_INFO | op::EOS_GET_STORAGE_INFO => storage::get_storage_info,

        op::GET_OBJECT_HANDLES => objects::get_object_handles,
        op::GET_OBJECT_INFO => objects::get_object_info,
        op::EOS_GET_OBJECT_INFO_EX => objects::get_object_info_ex,
        op::GET_OBJECT => objects::get_object,
        op::GET_PARTIAL_OBJECT => objects::get_partial_object,
        op::GET_THUMB => objects::get_thumb,
        op::DELETE_OBJECT => objects::delete_object,
        op::EOS_SET_OBJECT_ATTRIBUTES => objects::set_object_attributes,
        op::EOS_TRANSFER_COMPLETE => objects::transfer_complete,

        op::EOS_SET_EVENT_MODE => settings::set_event_mode,
        op::EOS_GET_EVENT => settings::get_event,
        op::EOS_SET_DEVICE_PROP_VALUE_EX => settings::set_device_prop_value,
        op::EOS_REQUEST_DEVICE_PROP_VALUE => settings::request_device_prop_value,

        op::EOS_REMOTE_RELEASE_ON => release::remote_release_on,
        op::EOS_DO_AF => release::do_af,

        op::EOS_INITIATE_VIEWFINDER => viewfinder::initiate,
        op::EOS_TERMINATE_VIEWFINDER => viewfinder::terminate,
        op::EOS_GET_VIEWFINDER_DATA => viewfinder::get_data,

        // Taken note of, without effect on what this camera shows.
        op::EOS_SET_REMOTE_MODE
        | op::EOS_SET_REQUEST_OLC_INFO_GROUP
        | op::EOS_PC_HDD_CAPACITY
        | op::EOS_SET_UI_LOCK
        | op::EOS_RESET_UI_LOCK
        | op::EOS_KEEP_DEVICE_ON
        | op::EOS_REMOTE_RELEASE_OFF
        | op::EOS_AF_CANCEL => |_, _| Reply::ok(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_announced_is_played() {
        for opcode in op::SUPPORTED {
            let session = [op::OPEN_SESSION, op::CLOSE_SESSION].contains(opcode);
            assert!(session || handler(*opcode).is_some(), "{opcode:#06x}");
        }
    }
}
