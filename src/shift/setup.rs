//! What a shift needs before it can begin.

use std::{io, path::PathBuf, sync::Arc};

use super::Reception;
use crate::{
    camera::Camera,
    clerk::{Clerk, ClerkError, Recovery},
    crew::Wake,
    keys::Store,
    language::Language,
    portrait::{FaceFinder, FinderError},
    profile::Profile,
    settings::Calibration,
    shot::Clock,
    vault::Mixed,
};

/// Makes a face finder, on the thread of whoever looks with it.
pub type MakeFinder = Box<dyn FnOnce() -> Result<Box<dyn FaceFinder>, FinderError> + Send>;

/// What a shift needs.
pub struct Setup {
    /// Where everything is kept, with what opens it.
    pub store: Store,
    /// The station's name.
    pub station: String,
    /// The school's demands.
    pub profile: Arc<Profile>,
    /// The camera.
    pub camera: Box<dyn Camera>,
    /// Whether the photographer presses the button himself.
    pub by_hand: bool,
    /// The webcam that reads codes: `None` for none, `Some(None)` for the first one found.
    pub webcam: Option<Option<String>>,
    /// Makes the darkroom's face finder.
    pub finder: MakeFinder,
    /// Makes the face finder that glances at live view.
    pub glancer: MakeFinder,
    /// The station's clock; the camera must have the same.
    pub clock: Clock,
    /// Called when there are news.
    pub wake: Wake,
    /// Whether this is a rehearsal.
    pub rehearsal: bool,
    /// The language of words.
    pub language: Language,
    /// How codes are taken in.
    pub reception: Reception,
    /// The serial port of an identity card reader, where the profile allows one.
    pub id_reader: Option<PathBuf>,
    /// What was measured on the reference portrait; nothing is compared with anything without it.
    pub calibration: Option<Calibration>,
}

impl std::fmt::Debug for Setup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Setup").field("station", &self.station).finish_non_exhaustive()
    }
}

/// Why a shift could not begin.
#[derive(Debug, thiserror::Error)]
pub enum ShiftError {
    /// The store cannot be opened.
    #[error(transparent)]
    Clerk(#[from] ClerkError),
    /// Photos that the store calls saved are not in it: whoever is photographed into it may be lost as well.
    #[error("{0} saved photos are missing or damaged")]
    PhotosLost(usize),
    /// The system has no thread to give.
    #[error("the system has no thread to give")]
    Thread(#[from] io::Error),
    /// A rehearsal and real students would share a store.
    #[error(transparent)]
    Mixed(#[from] Mixed),
}

/// A store from which nothing is missing.
pub(super) fn whole((clerk, recovery): (Clerk, Recovery)) -> Result<(Clerk, Recovery), ShiftError> {
    match recovery.lost {
        0 => Ok((clerk, recovery)),
        lost => Err(ShiftError::PhotosLost(lost)),
    }
}
