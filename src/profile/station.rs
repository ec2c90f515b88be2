//! How the station goes from one student to the next.

use serde::Deserialize;

/// What a school allows the station to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StationRules {
    /// For how long a student is expected whose code was shown while somebody else sat and was put away again, in
    /// seconds; 0 for not at all: then he shows it again. Whoever was called by name is not forgotten.
    pub next_waits_s: u32,
    /// Whether a portrait that passes every check is kept without a key. A doubt, a warning and whoever was let in on a
    /// person's word still need one.
    pub auto_keep: bool,
    /// After so many minutes without a touch the station locks, in minutes; 0 for never. A rehearsal locks never.
    pub idle_lock_min: u32,
}

/// A lock that waits longer than a working day locks nothing.
const LONGEST_IDLE_MIN: u32 = 480;

/// Nobody who showed a code an hour ago still stands there.
const LONGEST_WAIT_S: u32 = 3600;

impl StationRules {
    /// What cannot be meant: key and reason.
    pub(super) fn doubt(&self) -> Option<(&'static str, String)> {
        let (waits, idle) = (self.next_waits_s, self.idle_lock_min);
        if waits > LONGEST_WAIT_S {
            let said = format!("nobody stands in a line for {waits} s: at most {LONGEST_WAIT_S}");
            return Some(("station.next_waits_s", said));
        }
        let said =
            format!("a station that nobody touches for {idle} min is left open: at most {LONGEST_IDLE_MIN}");
        (idle > LONGEST_IDLE_MIN).then_some(("station.idle_lock_min", said))
    }
}
