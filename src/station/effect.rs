//! What a station asks the crew to do.

use super::{Fact, Sitting, Take};
use crate::shot::{Shot, SittingId};

/// Something to be done, in the order given.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Write down that this sitting began.
    Seat(Sitting),
    /// Fire the shutter for this sitting.
    Fire(SittingId),
    /// Put the original on the shelf: for a sitting, or as a stray.
    Shelve {
        /// The original.
        shot: Shot,
        /// Whose it is; `None` for a stray.
        sitting: Option<Sitting>,
    },
    /// Make a portrait of this shot.
    Develop(Shot),
    /// Keep this portrait for this student and queue it for delivery.
    Keep {
        /// Who.
        sitting: Sitting,
        /// What.
        take: Take,
    },
    /// Write this down.
    Record(Fact),
}
