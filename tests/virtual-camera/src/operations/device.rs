//! Who the camera is: device info, and the standard properties beside the EOS ones.

use crate::body::{Body, MODEL};
use crate::events;
use crate::inside::Inside;
use crate::operations::Reply;
use crate::ptp::{Dataset, device_prop, format, op, rc};
use crate::wire::Request;

/// Canon's number among PTP vendors.
const CANON: u32 = 11;
/// PTP data types.
const UINT8: u16 = 2;
const UINT32: u16 = 6;
const STRING: u16 = 0xFFFF;

/// GetDeviceInfo (0x1001), as an EOS 80D fills it in (libgphoto2 issue 60).
pub(super) fn get_device_info(inside: &Inside, _request: &Request) -> Reply {
    let serial = &inside.body().device_serial;
    let info = Dataset::new()
        .u16(100)
        .u32(CANON)
        .u16(100)
        .text("")
        .u16(0)
        .codes(op::SUPPORTED)
        .codes(&[])
        .codes(device_prop::SUPPORTED)
        .codes(&[format::JPEG])
        .codes(&[format::FOLDER, format::JPEG, format::CR2])
        .text("Canon.Inc")
        .text(MODEL)
        .text("3-1.0.1")
        .text(serial);
    Reply::dataset(info.into_bytes())
}

/// EOS GetDeviceInfoEx (0x9108): events, properties, and an array nobody has explained. None may be
/// empty, or libgphoto2 `ptp-pack.c` `ptp_unpack_EOS_DI` refuses it and every call prepares anew.
pub(super) fn get_device_info_ex(inside: &Inside, _request: &Request) -> Reply {
    let body = inside.body();
    let properties: Vec<u32> = body.properties.iter().map(|property| u32::from(property.code)).collect();
    let arrays = Dataset::new().numbers(events::supported()).numbers(&properties).numbers(&[4]).into_bytes();
    let info = Dataset::new().u32(crate::ptp::length(arrays.len() + 4)).bytes(&arrays);
    Reply::dataset(info.into_bytes())
}

/// GetDevicePropDesc (0x1014).
pub(super) fn get_device_prop_desc(inside: &Inside, request: &Request) -> Reply {
    let code = code_of(request);
    let Some((kind, value)) = value_of(&inside.body(), code) else {
        return Reply::code(rc::DEVICE_PROP_NOT_SUPPORTED);
    };
    // Code, type, read-only, factory default, current value, form.
    let description = Dataset::new().u16(code).u16(kind).u8(0).bytes(&value).bytes(&value);
    let description = if code == device_prop::BATTERY_LEVEL {
        // The form is a list, and a real body fills it in this strangely.
        description.u8(2).u16(5).bytes(&[100, 0, 75, 0, 50])
    } else {
        description.u8(0)
    };
    Reply::dataset(description.into_bytes())
}

/// GetDevicePropValue (0x1015).
pub(super) fn get_device_prop_value(inside: &Inside, request: &Request) -> Reply {
    match value_of(&inside.body(), code_of(request)) {
        Some((_, value)) => Reply::dataset(value),
        None => Reply::code(rc::DEVICE_PROP_NOT_SUPPORTED),
    }
}

fn code_of(request: &Request) -> u16 {
    u16::try_from(request.parameter(0)).unwrap_or(0)
}

/// Type and value of a standard property.
fn value_of(body: &Body, code: u16) -> Option<(u16, Vec<u8>)> {
    let value = Dataset::new();
    let (kind, value) = match code {
        device_prop::BATTERY_LEVEL => (UINT8, value.u8(body.battery)),
        device_prop::FRIENDLY_NAME => (STRING, value.text(MODEL)),
        device_prop::SESSION_INITIATOR => (STRING, value.text("Unknown Initiator")),
        device_prop::PERCEIVED_TYPE => (UINT32, value.u32(1)),
        device_prop::CANON_D303 => (UINT8, value.u8(1)),
        _ => return None,
    };
    Some((kind, value.into_bytes()))
}
