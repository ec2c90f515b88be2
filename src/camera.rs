//! The DSLR. Blocking and thread-free: the crew gives each camera its thread.
//!
//! Three kinds: a tethered camera behind libgphoto2, which lives in a child process because it may hang or
//! crash ([`host`] there, [`link`] here); a hot folder that any tether program writes to ([`folder`]); and a
//! rehearsal that plays pictures ([`rehearsal`]). Each says when a file was exposed as narrowly as it knows;
//! none decides whose it is.

pub mod doctor;
pub mod farewell;
pub mod folder;
pub mod gphoto;
pub mod holder;
pub mod host;
pub mod known_faults;
pub mod link;
pub mod rehearsal;
pub mod usb_bus;

mod arming;
mod cards;
mod checkup;
mod choice;
mod deadline;
mod drift;
mod error;
mod known;
mod line;
mod settled;
mod status;
mod timing;
mod twins;
mod unheard;
mod values;
mod wire;

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

pub use checkup::{Checkup, Target};
pub use choice::CameraChoice;
pub use error::CameraError;
pub use holder::{Holder, NotReleased};
pub use known::Known;
pub use status::{CameraStatus, Reading};
pub use timing::ClockOffset;
pub use wire::{Announced, CardFile, Condition, FoundCamera, Habits, ListedFile};

use crate::shot::{Exposure, Origin, Shot, ShotId, SittingId, Trigger};

/// A camera on the end of a cable, or what stands for one.
pub trait Camera: Send {
    /// Fires the shutter for a sitting. The file arrives later, through [`Camera::next`].
    ///
    /// # Errors
    /// When the camera refuses, has gone, or cannot be fired from here.
    fn fire(&mut self, sitting: SittingId) -> Result<(), CameraError>;

    /// Waits for whatever comes next: at most about `patience`, unless a file is being downloaded.
    fn next(&mut self, patience: Duration) -> CameraNews;

    /// What a person must know or do although the camera goes on working, each thing once; to be asked after
    /// every [`Camera::next`] until it is `None`.
    fn notice(&mut self) -> Option<CameraError> {
        None
    }

    /// What makes the camera stop from another thread, if it can hang: within about a second whatever is under
    /// way ends, however it hangs, and from then on nothing is asked of the camera any more. For whoever is
    /// about to end the thread that owns the camera, and to wait for it.
    fn stopper(&self) -> Option<Stopper> {
        None
    }

    /// Compares every card with what a store has, from now on: what it has is known, what is older than its work
    /// is left alone, everything else is handed over.
    fn compare_with(&mut self, _known: Known) {}

    /// Looks at everything the camera holds once more, as if it had just come.
    fn look_again(&mut self) {}

    /// How many files were found there and are still to be handed over; `None` as long as nobody has looked.
    fn owed(&self) -> Option<usize> {
        Some(0)
    }

    /// How many files that should have come were given up, and are still where they were.
    fn given_up(&self) -> usize {
        0
    }

    /// As long as it is so, nothing that was found is handed over; what comes by itself always is. For whoever has no
    /// room left for pictures.
    fn hold_back(&mut self, _so: bool) {}

    /// Asks whoever holds the camera to let it go, because somebody wished so.
    ///
    /// # Errors
    /// When nobody can be asked, or it is held still.
    fn release(&mut self) -> Result<(), CameraError> {
        Err(CameraError::NotSupported)
    }

    /// Sets the camera's clock by the station's.
    ///
    /// # Errors
    /// When it has none, or does not let it be set.
    fn set_clock(&mut self) -> Result<(), CameraError> {
        Err(CameraError::NotSupported)
    }

    /// One frame of live view, which begins by being asked for; `None` when the camera has none ready. It is asked
    /// for between two calls of [`Camera::next`], never while a file is expected. Whatever becomes of it, the
    /// camera goes on working; that the connection broke over it is told by the next [`Camera::next`].
    ///
    /// # Errors
    /// [`CameraError::NoLiveView`] when asking again is pointless, until [`Camera::end_live`] or another camera; else
    /// it may be tried again later.
    fn frame(&mut self) -> Result<Option<Jpeg>, CameraError> {
        Err(CameraError::NoLiveView)
    }

    /// Ends live view, so that the sensor cools; nothing happens when there is none.
    fn end_live(&mut self) {}

    /// How it stands, when that has changed since it was asked last; to be asked after every [`Camera::next`].
    fn status(&mut self) -> Option<CameraStatus> {
        None
    }
}

/// Makes a camera stop; see [`Camera::stopper`].
pub type Stopper = Box<dyn Fn() + Send + Sync>;

/// What a camera has to say.
#[derive(Debug)]
pub enum CameraNews {
    /// Nothing.
    Quiet,
    /// It is there (again).
    Connected(CameraInfo),
    /// It has gone, or never came. It will be looked for again by itself.
    Lost(CameraError),
    /// A file, however the shutter was fired.
    Arrived(Arrival),
}

/// A file from a camera that has no number on this station yet.
#[derive(Debug)]
pub struct Arrival {
    /// Who fired, as far as the camera knows: for whom the station fired last, if this can have come of it.
    pub trigger: Trigger,
    /// When the shutter opened.
    pub exposed: Exposure,
    /// Where the file comes from.
    pub origin: Origin,
    /// The file.
    pub jpeg: Jpeg,
}

/// A camera's file; its `Debug` form is its length.
#[derive(Clone, PartialEq, Eq)]
pub struct Jpeg(pub Arc<[u8]>);

impl std::fmt::Debug for Jpeg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Jpeg({} bytes)", self.0.len())
    }
}

impl Arrival {
    /// The shot, under its number.
    #[must_use]
    pub fn numbered(self, id: ShotId) -> Shot {
        Shot { id, trigger: self.trigger, exposed: self.exposed, origin: self.origin, jpeg: self.jpeg.0 }
    }
}

/// What a camera says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CameraInfo {
    /// Its model.
    pub model: String,
    /// Its serial number, or what else tells it from others.
    pub serial: String,
    /// Where it is connected.
    pub port: String,
    /// Its battery, in its own words (`75%`).
    pub battery: Option<String>,
    /// Free bytes on its card.
    pub free_bytes: Option<u64>,
    /// How its clock differs from the station's; `None` when it does not tell.
    pub clock: Option<ClockOffset>,
}
