//! What can go wrong with a camera, and whose turn it then is.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Holder, NotReleased, Reading};
use crate::profile::Setting;

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
    /// Nobody said which of several cameras is meant.
    #[error("{count} cameras are there; {model} at {port} is used")]
    SeveralCameras {
        /// How many.
        count: usize,
        /// The model that is used.
        model: String,
        /// Where it is.
        port: String,
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
    /// Somebody turned dials while the camera was away, or it forgot; they are set as they were.
    #[error("the camera was set again: {0:?}")]
    SettingsRestored(Vec<Reading>),
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
            | Self::SeveralCameras { .. }
            | Self::NotReleased(_)
            | Self::NoLiveView
            | Self::BatteryLow { .. }
            | Self::BatteryEmpty { .. }
            | Self::SettingsRefused(_)
            | Self::SettingChanged { .. }
            | Self::KnownFault { .. }
            | Self::SettingsRestored(_) => false,
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
            | Self::KnownFault { .. }
            | Self::SettingsRestored(_) => true,
            Self::NotFound
            | Self::Busy
            | Self::NoFocus
            | Self::Broken { .. }
            | Self::NoAnswer { .. }
            | Self::Truncated { .. }
            | Self::Folder(_)
            | Self::Other(_)
            | Self::Denied
            | Self::SeveralCameras { .. }
            | Self::AnotherBody { .. } => false,
        }
    }
}
