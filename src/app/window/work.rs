//! A station at work in the window: what its options and settings ask for, opened.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use super::{
    super::{camera, cli, failure::Failure, places},
    anew,
    sentry::Sentry,
};
use crate::{
    camera::{Camera, CameraChoice},
    crew::Wake,
    keys::Store,
    language::Language,
    machine,
    portrait::ModelFinder,
    profile::Profile,
    rehearsal::Actor,
    screens::Keys,
    settings::{PluggedIn, Settings},
    shift::{Reception, Setup, Shift, ShiftError},
    shot::Clock,
    vault,
};

/// Students that come to a rehearsal in the window.
const STUDENTS: usize = 60;

/// A shift, its clock, and who plays its students when it is a rehearsal.
pub(super) struct Work {
    pub(super) shift: Shift,
    pub(super) clock: Clock,
    pub(super) keys: Keys,
    pub(super) scanner: PluggedIn,
    pub(super) actor: Option<Actor>,
    /// Who stands before it; nobody before a rehearsal.
    pub(super) sentry: Option<Sentry>,
    /// After so many minutes without a touch the station locks; 0 for never.
    pub(super) idle_lock_min: u32,
}

impl Work {
    /// Opens store and devices and begins.
    pub(super) fn begin(
        options: &cli::Window,
        settings: &Settings,
        store: Store,
        language: Language,
        wake: Wake,
    ) -> Result<Self, Failure> {
        let (setup, actor) = setup(options, settings, store, language, wake)?;
        let (clock, keys) = (setup.clock, Keys::new(settings.scanner.clone()));
        let idle_lock_min = setup.profile.station.idle_lock_min;
        let mut shift = Shift::begin(setup)?;
        shift.watch();
        Ok(Self {
            shift,
            clock,
            keys,
            scanner: settings.scanner.plugged_in,
            actor,
            sentry: None,
            idle_lock_min,
        })
    }

    /// Whether nothing but the lock is to be seen.
    pub(super) fn is_shut(&self) -> bool {
        self.sentry.as_ref().is_some_and(Sentry::is_shut)
    }

    /// Whether this is a rehearsal.
    pub(super) fn is_rehearsal(&self) -> bool {
        self.actor.is_some()
    }
}

/// Where everything is to be kept, and whether that is a rehearsal's.
pub(super) fn whereto(options: &cli::Window, settings: &Settings) -> (PathBuf, bool) {
    let rehearsal = anew::camera(options, settings) == CameraChoice::Rehearsal;
    let store = options.store.clone().or_else(|| settings.store.clone().filter(|_| !rehearsal));
    let usual = || if rehearsal { places::rehearsal_store() } else { places::default_store() };
    (store.unwrap_or_else(usual), rehearsal)
}

/// A rehearsal's store, which nobody has to unlock.
pub(super) fn rehearsed(folder: &Path) -> Result<Store, Failure> {
    // Marked before anything lies in it.
    vault::keep_apart(folder, true).map_err(ShiftError::from)?;
    Ok(vault::open_to_all(folder)?)
}

/// Whether a scanner may be there, by the settings or by what is plugged in.
pub(super) fn may_scan(plugged_in: PluggedIn) -> bool {
    match plugged_in {
        PluggedIn::Auto => machine::may_scan(),
        PluggedIn::Yes => true,
        PluggedIn::No => false,
    }
}

fn setup(
    options: &cli::Window,
    settings: &Settings,
    store: Store,
    language: Language,
    wake: Wake,
) -> Result<(Setup, Option<Actor>), Failure> {
    let profile = places::profile(options.profile.as_deref().unwrap_or(&settings.profile))?;
    let clock = Clock::start();
    let choice = anew::camera(options, settings);
    let (camera, actor) = on_stage(&choice, options, settings, &profile, clock)?;
    let rehearsal = actor.is_some();
    // The people of a rehearsal sit before no lamp of this room.
    let calibration = if rehearsal && options.calibration.is_none() {
        None
    } else {
        places::calibration(options.calibration.as_deref())?
    };
    let id_reader = settings.id_reader.clone().filter(|_| profile.privacy.read_id_cards);
    let setup = Setup {
        store,
        station: settings.station.clone(),
        profile,
        camera,
        by_hand: matches!(choice, CameraChoice::Folder(_)),
        webcam: webcam(options, settings, rehearsal),
        finder: Box::new(|| Ok(Box::new(ModelFinder::new()?))),
        glancer: Box::new(|| Ok(Box::new(ModelFinder::new()?))),
        clock,
        wake,
        rehearsal,
        language,
        reception: Reception { rest_ms: i64::from(settings.code_rest_ms), sounds: settings.sounds },
        id_reader,
        calibration,
    };
    Ok((setup, actor))
}

fn on_stage(
    choice: &CameraChoice,
    options: &cli::Window,
    settings: &Settings,
    profile: &Arc<Profile>,
    clock: Clock,
) -> Result<(Box<dyn Camera>, Option<Actor>), Failure> {
    if *choice != CameraChoice::Rehearsal {
        return Ok((camera::open(choice, settings, clock)?, None));
    }
    let (students, pause) =
        (options.students.unwrap_or(STUDENTS), options.pause_ms.map(Duration::from_millis));
    let actor = Actor::new((students, pause), clock.now().0.unsigned_abs(), profile, clock)?;
    Ok((Box::new(actor.camera()), Some(actor)))
}

/// A rehearsal's students show their codes without a webcam.
fn webcam(options: &cli::Window, settings: &Settings, rehearsal: bool) -> Option<Option<String>> {
    match options.webcam.as_deref().or(settings.webcam.as_deref()) {
        Some("none") => None,
        Some(name) => Some(Some(name.to_owned())),
        None if rehearsal => None,
        None => Some(None),
    }
}
