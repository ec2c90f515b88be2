//! 演练: plays a whole morning against the real station, on pictures that travel with the program.
//!
//! The script says who comes and what goes wrong; a stagehand puts people before the lens, presses the button
//! on the body and pulls the cable; the player does what an operator does; and the judge compares what was
//! delivered with the script, never with the program's own ledger: every portrait carries on its chest who it
//! shows.

mod actor;
mod judge;
mod people;
mod player;
mod props;
mod queue;
mod report;
mod scene;
mod script;
mod stagehand;

use std::{io, path::PathBuf, sync::Arc, time::Duration};

pub use actor::Actor;
pub use judge::Verdict;
pub use report::Report;
pub use script::{Approach, Incident, Look, Script, Turn};

use player::Player;
use stagehand::{FOLDER_CLOCK_MS, Remote, Stagehand, TetherProgram};

use crate::{
    camera::{Camera, CameraChoice, ClockOffset, folder::FolderCamera, link::LinkedCamera, rehearsal::Stage},
    language::Language,
    portrait::ModelFinder,
    profile::Profile,
    shift::{Reception, Setup, Shift, ShiftError},
    shot::Clock,
    vault,
};

/// How a rehearsal is played.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many students come.
    pub students: usize,
    /// What the morning is written from.
    pub seed: u64,
    /// The camera.
    pub camera: CameraChoice,
    /// Where a virtual camera is directed, for a tethered one: `127.0.0.1:PORT`.
    pub stagehand: Option<String>,
    /// Where the store goes; it must be new.
    pub store: PathBuf,
    /// The profile.
    pub profile: Arc<Profile>,
    /// This program, for the camera's process.
    pub program: PathBuf,
    /// Whether codes overlap: the next student's phone is in view while somebody sits.
    pub overlap: bool,
    /// One student comes each time so much has passed; `None` for as fast as it goes.
    pub every: Option<Duration>,
}

/// Why a rehearsal could not be played to its end.
#[derive(Debug, thiserror::Error)]
pub enum RehearsalError {
    /// The pictures that travel with the program are broken.
    #[error("the rehearsal's pictures cannot be used")]
    Assets,
    /// The store is not new: rehearsal portraits must never lie among real ones.
    #[error("the store {0} exists already: a rehearsal needs a new one")]
    StoreExists(PathBuf),
    /// A real camera cannot be told what to see.
    #[error("a tethered camera can only be rehearsed on when a stagehand directs what it sees")]
    NoStagehand,
    /// The stagehand could not do as told.
    #[error("the stagehand cannot go on")]
    Stagehand(#[source] io::Error),
    /// The station could not begin.
    #[error(transparent)]
    Shift(#[from] ShiftError),
    /// A thread could not be started.
    #[error("the system has no thread to give")]
    Thread(#[source] io::Error),
    /// The station did not do what it must within a long time.
    #[error("the station did not {doing} within {seconds} s (student {student})")]
    Stuck {
        /// What it should do.
        doing: &'static str,
        /// How long we waited.
        seconds: u64,
        /// The student, by number.
        student: usize,
    },
    /// The store cannot be judged.
    #[error(transparent)]
    Clerk(#[from] crate::clerk::ClerkError),
    /// Its keys cannot be made.
    #[error(transparent)]
    Keys(#[from] vault::key_file::KeyFileError),
    /// The delivery cannot be planned.
    #[error(transparent)]
    Plan(#[from] crate::sync::PlanError),
    /// The delivery cannot be made.
    #[error(transparent)]
    Export(#[from] crate::sync::ExportError),
}

/// A well-seated student's shot of 24 megapixels, as a camera would hand it over: for benchmarks and for trying
/// `caiying develop` without a camera.
///
/// # Errors
/// When the pictures that travel with the program are broken.
pub fn sample_shot(seed: u64) -> Result<Vec<u8>, RehearsalError> {
    let label = format!("SAMPLE{}", seed % 10_000);
    let person = (seed % 4) as usize;
    let chest = SAMPLE_CHEST;
    let scene = scene::Scene { label, look: Look::Good, person, seed, chest, phone: None };
    scene::paint(&scene, &people::everybody()?)
}

/// What a portrait at the standard's target shows below the chin, in heads: (640 − 68 − 378) ∕ 378.
const SAMPLE_CHEST: f64 = 0.513;

/// From the shutter to the cable on the camera that plays pictures.
const FILE_DELAY: Duration = Duration::from_millis(120);

/// Plays a morning and judges it.
///
/// # Errors
/// When it could not be played to its end. A morning that was played badly is a [`Report`], not an error.
pub fn rehearse(options: &Options) -> Result<Report, RehearsalError> {
    if options.store.exists() {
        return Err(RehearsalError::StoreExists(options.store.clone()));
    }
    let clock = Clock::start();
    let script = Script::write(options.students, options.seed);
    let script = if options.overlap { script.crowded() } else { script };
    let profile = at_a_school(&options.profile);
    let (camera, stagehand, by_hand) = on_stage(options, clock)?;
    // Marked before anything lies in it.
    vault::keep_apart(&options.store, true).map_err(ShiftError::from)?;
    let store = vault::open_to_all(&options.store)?;
    let shift = Shift::begin(Setup {
        store: store.clone(),
        station: "演练".to_owned(),
        profile: Arc::clone(&profile),
        camera,
        by_hand,
        webcam: None,
        finder: Box::new(|| Ok(Box::new(ModelFinder::new()?))),
        glancer: Box::new(|| Ok(Box::new(ModelFinder::new()?))),
        clock,
        wake: Arc::new(|| {}),
        rehearsal: true,
        language: Language::default(),
        reception: Reception::default(),
        id_reader: None,
        calibration: None,
    })?;
    let mut player = Player::new(shift, stagehand, &script, &profile, (by_hand, options.every))?;
    player.play()?;
    let played = player.finish()?;
    let verdict = judge::judge(&store, &played)?;
    Ok(Report::new(options, &script, &played, verdict))
}

/// The profile, of a school in any case: what is another school's must be refused. Whoever plays the operator presses
/// every key, because he has bad pictures taken on purpose and looks whether they are refused.
fn at_a_school(profile: &Arc<Profile>) -> Arc<Profile> {
    let mut profile = Profile::clone(profile);
    profile.station.auto_keep = false;
    profile.job.school_code.get_or_insert_with(|| props::NO_SCHOOL.to_owned());
    Arc::new(profile)
}

/// A camera, who directs what it sees, and whether it is fired by hand.
type OnStage = (Box<dyn Camera>, Box<dyn Stagehand>, bool);

fn on_stage(options: &Options, clock: Clock) -> Result<OnStage, RehearsalError> {
    let tethered = |port: Option<String>| -> Result<OnStage, RehearsalError> {
        let address = options.stagehand.as_deref().ok_or(RehearsalError::NoStagehand)?;
        let camera = LinkedCamera::new(options.program.clone(), port, clock);
        let stagehand = Remote::connect(address).map_err(RehearsalError::Stagehand)?;
        Ok((Box::new(camera), Box::new(stagehand), false))
    };
    match &options.camera {
        CameraChoice::Rehearsal => {
            let stage = Stage::new(clock, FILE_DELAY);
            Ok((Box::new(stage.camera()), Box::new(stage), false))
        }
        CameraChoice::Folder(folder) => {
            let folder = folder.clone().unwrap_or_else(|| options.store.with_extension("hot-folder"));
            let offset = ClockOffset { least: -FOLDER_CLOCK_MS, most: FOLDER_CLOCK_MS };
            let stagehand = TetherProgram::new(folder.clone(), clock).map_err(RehearsalError::Stagehand)?;
            Ok((Box::new(FolderCamera::new(folder, clock, offset)), Box::new(stagehand), true))
        }
        CameraChoice::Auto => tethered(None),
        CameraChoice::Port(port) => tethered(Some(port.clone())),
    }
}
