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
mod choice;
mod deadline;
mod drift;
mod known;
mod line;
mod settled;
mod status;
mod timing;
mod twins;
mod unheard;
mod values;
mod wire;

mod checkup;

use std::{path::PathBuf, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

pub use checkup::{Checkup, Target};
pub use choice::CameraChoice;
pub use holder::{Holder, NotReleased};
pub use known::Known;
pub use status::{CameraStatus, Reading};
pub use timing::ClockOffset;
pub use wire::{Announced, CardFile, Condition, FoundCamera, Habits, ListedFile};

use crate::{
    profile::Setting,
    shot::{Exposure, Origin, Shot, ShotId, SittingId, Trigger},
};

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

    /// Asks whoever holds the camera to let it go, because somebody wished so.
    ///
    /// # Errors
    /// When nobody can be asked, or it is held still.
    fn release(&mut self) -> Result<(), CameraError> {
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

/// Why a camera did not do as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum CameraError {
    /// No camera is there: unplugged, switched off, asleep.
    #[error("no camera is found")]
    NotFound,
    /// Another program holds it (gvfs, most of the time).
    #[error("another program holds the camera{}", of(.by.as_ref()))]
    Claimed {
        /// Who, if it was seen.
        by: Option<Holder>,
    },
    /// It is busy and stayed busy.
    #[error("the camera is busy")]
    Busy,
    /// It could not focus.
    #[error("the camera could not focus")]
    NoFocus,
    /// Its card is full.
    #[error("the camera's card is full")]
    CardFull,
    /// It has no card, or its door is open.
    #[error("the camera has no card, or the card door is open")]
    NoCard,
    /// It stopped answering in the middle of something.
    #[error("the connection to the camera broke: {said}")]
    Broken {
        /// In the driver's words.
        said: String,
    },
    /// It did not answer in time; its driver was ended and will be started anew.
    #[error("the camera did not answer within {seconds} s while it should {doing}")]
    NoAnswer {
        /// What it should do.
        doing: String,
        /// How long we waited.
        seconds: u64,
    },
    /// A file came shorter than the camera says it is.
    #[error("{name} came with {got} of {expected} bytes")]
    Truncated {
        /// The file's name on the card.
        name: String,
        /// Bytes that came.
        got: u64,
        /// Bytes the camera announced.
        expected: u64,
    },
    /// A file never came whole, however often it was asked for; it stays on the card.
    #[error("{name} never comes whole and is left on the card")]
    LeftOnCard {
        /// The file's name on the card.
        name: String,
    },
    /// The camera makes raw files alone, which nobody here can read.
    #[error("the camera writes raw files and no JPEG")]
    RawOnly,
    /// The camera does not tell the time, so that no shot can be given to anybody by it.
    #[error("the camera does not tell the time")]
    NoClock,
    /// What stands for the camera cannot be fired from here: the photographer presses the button.
    #[error("this camera is fired by hand")]
    FiredByHand,
    /// The hot folder is not there.
    #[error("the folder {0} cannot be read")]
    Folder(PathBuf),
    /// A file says it was exposed later than it was first seen: the camera's clock is ahead of what we were
    /// told, and nothing it says is believed any more.
    #[error("the camera's clock is about {seconds} s ahead; its times are not believed any more")]
    ClockAhead {
        /// At least this much, in whole seconds.
        seconds: u64,
    },
    /// The camera's own process cannot be started.
    #[error("the camera's process cannot be started: {0}")]
    HostProcess(String),
    /// Something else.
    #[error("the camera says: {0}")]
    Other(String),
    /// Pictures of another job lie on the card; they were left alone.
    #[error("{count} earlier pictures on the card were left alone")]
    OlderOnCard {
        /// How many.
        count: usize,
    },
    /// It does not allow this now: somebody works in its menu, or looks at pictures on it.
    #[error("the camera does not allow this now")]
    Denied,
    /// It cannot do this at all, or not in the mode its dial stands at.
    #[error("the camera cannot do this")]
    NotSupported,
    /// It refuses for lack of power.
    #[error("the camera's battery is empty")]
    NoPower,
    /// Its card cannot be written: locked, not formatted, or worn out.
    #[error("the camera's card cannot be written")]
    CardUnusable,
    /// This user may not use the device.
    #[error("{} may not be used by this user", .node.display())]
    NotAllowed {
        /// The device's file.
        node: PathBuf,
    },
    /// Another body than before answers.
    #[error("another body than before: {model}, serial {serial}")]
    AnotherBody {
        /// Its model.
        model: String,
        /// Its serial number.
        serial: String,
    },
    /// Whoever holds the camera did not let it go.
    #[error("the camera was not let go: {0}")]
    NotReleased(NotReleased),
    /// It has no live view, or none that can be relied on; it takes pictures all the same.
    #[error("the camera has no live view")]
    NoLiveView,
    /// It runs out of power.
    #[error("the camera's battery is at {percent} %")]
    BatteryLow {
        /// What is left.
        percent: u8,
    },
    /// It has too little power left to be fired from here.
    #[error("the camera's battery is at {percent} %, and it is not fired any more")]
    BatteryEmpty {
        /// What is left.
        percent: u8,
    },
    /// It would not be set as its family should be: somebody must turn a dial.
    #[error("the camera refuses to be set: {0:?}")]
    SettingsRefused(Vec<Reading>),
    /// Somebody turned a dial, or the camera did.
    #[error("{} went from {from} to {to}", setting.key())]
    SettingChanged {
        /// Which.
        setting: Setting,
        /// What it should be.
        from: String,
        /// What it is.
        to: String,
    },
    /// Something that is known of this model.
    #[error("known of this model: {en}")]
    KnownFault {
        /// In Chinese.
        zh: String,
        /// In English.
        en: String,
    },
}

/// `: gvfs`, or nothing.
fn of(holder: Option<&Holder>) -> String {
    holder.map(|holder| format!(": {holder}")).unwrap_or_default()
}

impl CameraError {
    /// True when the camera is gone, rather than there and unwilling.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        match self {
            Self::NotFound
            | Self::Claimed { .. }
            | Self::NotAllowed { .. }
            | Self::Broken { .. }
            | Self::NoAnswer { .. }
            | Self::Folder(_)
            | Self::HostProcess(_) => true,
            Self::Busy
            | Self::NoFocus
            | Self::CardFull
            | Self::NoCard
            | Self::Truncated { .. }
            | Self::LeftOnCard { .. }
            | Self::RawOnly
            | Self::NoClock
            | Self::FiredByHand
            | Self::ClockAhead { .. }
            | Self::Other(_)
            | Self::OlderOnCard { .. }
            | Self::Denied
            | Self::NotSupported
            | Self::NoPower
            | Self::CardUnusable
            | Self::AnotherBody { .. }
            | Self::NotReleased(_)
            | Self::NoLiveView
            | Self::BatteryLow { .. }
            | Self::BatteryEmpty { .. }
            | Self::SettingsRefused(_)
            | Self::SettingChanged { .. }
            | Self::KnownFault { .. } => false,
        }
    }

    /// True when trying again without a person's help is pointless.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Claimed { .. }
            | Self::NotAllowed { .. }
            | Self::NotSupported
            | Self::NoPower
            | Self::CardUnusable
            | Self::NotReleased(_)
            | Self::CardFull
            | Self::NoCard
            | Self::LeftOnCard { .. }
            | Self::RawOnly
            | Self::NoClock
            | Self::FiredByHand
            | Self::ClockAhead { .. }
            | Self::HostProcess(_)
            | Self::OlderOnCard { .. }
            | Self::NoLiveView
            | Self::BatteryLow { .. }
            | Self::BatteryEmpty { .. }
            | Self::SettingsRefused(_)
            | Self::SettingChanged { .. }
            | Self::KnownFault { .. } => true,
            Self::NotFound
            | Self::Busy
            | Self::NoFocus
            | Self::Broken { .. }
            | Self::NoAnswer { .. }
            | Self::Truncated { .. }
            | Self::Folder(_)
            | Self::Other(_)
            | Self::Denied
            | Self::AnotherBody { .. } => false,
        }
    }
}
