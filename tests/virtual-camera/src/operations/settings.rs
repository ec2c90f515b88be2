//! EOS properties and events: what the host sets, and what it fetches.

use crate::inside::Inside;
use crate::operations::Reply;
use crate::properties::{Unfit, read_setting};
use crate::ptp::rc;
use crate::wire::Request;

/// SetEventMode (0x9115): 1 begins the reports, 0 ends them.
pub(super) fn set_event_mode(inside: &Inside, request: &Request) -> Reply {
    let on = request.parameter(0) != 0;
    inside.body().set_event_mode(on, &inside.faults);
    Reply::ok()
}

/// GetEvent (0x9116): all that has happened since the last time.
pub(super) fn get_event(inside: &Inside, _request: &Request) -> Reply {
    Reply::dataset(inside.body().take_events(&inside.faults))
}

/// SetDevicePropValueEx (0x9110).
pub(super) fn set_device_prop_value(inside: &Inside, request: &Request) -> Reply {
    let Some((code, value)) = read_setting(&request.data) else {
        return Reply::code(rc::INVALID_DEVICE_PROP_FORMAT);
    };
    match inside.body().set_property(code, value) {
        Ok(()) => Reply::ok(),
        Err(Unfit::UnknownProperty) => Reply::code(rc::DEVICE_PROP_NOT_SUPPORTED),
        Err(Unfit::Format) => Reply::code(rc::INVALID_DEVICE_PROP_FORMAT),
        Err(Unfit::Value) => Reply::code(rc::INVALID_DEVICE_PROP_VALUE),
    }
}

/// RequestDevicePropValue (0x9127): the value comes with the next events.
pub(super) fn request_device_prop_value(inside: &Inside, request: &Request) -> Reply {
    let mut body = inside.body();
    match u16::try_from(request.parameter(0)) {
        Ok(code) if body.properties.get(code).is_some() => {
            body.report(code);
            Reply::ok()
        }
        Ok(_) | Err(_) => Reply::code(rc::DEVICE_PROP_NOT_SUPPORTED),
    }
}
