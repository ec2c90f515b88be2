//! The remote release: half press, full press, let go.
//!
//! The camera does not hold the host to its order: after a refused full press libgphoto2 `library.c`
//! `camera_trigger_canon_eos_capture` goes away without letting go, and must find the button free.

use crate::faults::Fault;
use crate::inside::Inside;
use crate::operations::Reply;
use crate::properties::{MANUAL_FOCUS, code};
use crate::scene::Trigger;
use crate::wire::Request;

/// Bits of the first parameter; `eosremoterelease` of libgphoto2 presses both at once.
const HALF: u32 = 1;
const FULL: u32 = 2;

/// RemoteReleaseOn (0x9128): how far, and 0 with autofocus or 1 without.
///
/// The half press focuses and tells the result by a focus record, which libgphoto2 waits for up to
/// two seconds; with manual focus there is none.
pub(super) fn remote_release_on(inside: &Inside, request: &Request) -> Reply {
    let (pressed, autofocus) = (request.parameter(0), request.parameter(1) == 0);
    if pressed & HALF != 0 && autofocus {
        focus(inside);
    }
    if pressed & FULL == 0 {
        return Reply::ok();
    }
    let mut body = inside.body();
    let released = inside.shutter.release(&mut body, &inside.faults, Trigger::Host, autofocus);
    released.map_or_else(|refusal| Reply::code(refusal.response()), |_| Reply::ok())
}

/// DoAf (0x9154).
pub(super) fn do_af(inside: &Inside, _request: &Request) -> Reply {
    focus(inside);
    Reply::ok()
}

fn focus(inside: &Inside) {
    let mut body = inside.body();
    if body.properties.number(code::FOCUS_MODE) != MANUAL_FOCUS {
        body.events.focus(!inside.faults.has(&Fault::NoFocus));
    }
}
