//! The prompter: glances at live view and whispers what to mend before the shot. It takes the newest frame only, and
//! never more than half of a processor: portraits, frames and the window go first.

use std::{
    io,
    sync::{Arc, mpsc::Receiver},
    time::{Duration, Instant},
};

use super::{Mailbox, News, Outbox, Worker, darkroom::STEP_BACK};
use crate::{
    portrait::{FaceFinder, FinderError, Glimpse, Picture, References, glance},
    profile::Profile,
};

/// From glance to glance: ten a second are enough for words that must be true for almost half a second anyway.
const EVERY: Duration = Duration::from_millis(100);

/// A glance is followed by at least as long a rest: half of a processor, however slow it is.
const SHARE: u32 = 2;

/// A frame and its number.
type Frame = (u64, Arc<Picture>);

/// What was seen in a frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glance {
    /// The frame's number.
    pub frame: u64,
    /// What it told.
    pub seen: Glimpse,
}

/// Who glances at live view.
#[derive(Debug)]
pub struct Prompter {
    frames: Mailbox<Frame>,
    glances: Mailbox<Glance>,
    /// What a straight look reads from now on, in degrees.
    zeros: Mailbox<f64>,
    /// Its orders are rings of a bell: there is a frame.
    worker: Worker<()>,
}

impl Prompter {
    /// Shows a frame; one that has not been looked at yet is forgotten.
    pub fn show(&self, number: u64, picture: Arc<Picture>) {
        self.frames.put((number, picture));
        // A bell that rings already, or a prompter that has gone, which says so itself.
        self.worker.order(()).ok();
    }

    /// From now on a look straight into the lens reads so many degrees of pitch.
    pub fn hold_against(&self, pitch_zero_deg: f64) {
        self.zeros.put(pitch_zero_deg);
    }

    /// The newest glance, once.
    #[must_use]
    pub fn take(&self) -> Option<Glance> {
        self.glances.take()
    }
}

/// Starts the prompter. Its `finder` is made on its own thread when the first frame comes: whoever has no live view
/// pays nothing.
///
/// # Errors
/// When the system has no thread to give.
pub fn prompter(
    finder: impl FnOnce() -> Result<Box<dyn FaceFinder>, FinderError> + Send + 'static,
    profile: Arc<Profile>,
    references: References,
    outbox: Outbox,
) -> io::Result<Prompter> {
    // What the station measured for a look straight into its lens goes before what the profile supposes.
    let pitch_zero_deg = references.pitch_zero_deg.unwrap_or(profile.checks.pitch_zero_deg);
    let (frames, glances, zeros) = (Mailbox::default(), Mailbox::default(), Mailbox::default());
    zeros.put(pitch_zero_deg);
    let (from, to, held) = (Mailbox::clone(&frames), Mailbox::clone(&glances), Mailbox::clone(&zeros));
    let worker = Worker::start("prompter", 1, outbox, move |bell: Receiver<()>, outbox| {
        // The same as the darkroom: the window goes first.
        rustix::process::nice(STEP_BACK).ok();
        if bell.recv().is_err() {
            return;
        }
        match finder() {
            Ok(mut finder) => work(&bell, (&from, &to), &profile, &held, &mut *finder),
            Err(err) => {
                log::error!("live view is not looked at: {err}");
                // Nobody listens only when the program ends anyway.
                let _heard = outbox.send(News::NoPrompter);
            }
        }
    })?;
    Ok(Prompter { frames, glances, zeros, worker })
}

fn work(
    bell: &Receiver<()>,
    (from, to): (&Mailbox<Frame>, &Mailbox<Glance>),
    profile: &Profile,
    zeros: &Mailbox<f64>,
    finder: &mut dyn FaceFinder,
) {
    let (mut due, mut pitch_zero_deg) = (Instant::now(), profile.checks.pitch_zero_deg);
    // Nobody is woken for a glance: the next frame does that.
    while bell.recv().is_ok() {
        let began = Instant::now();
        if began < due {
            continue;
        }
        pitch_zero_deg = zeros.take().unwrap_or(pitch_zero_deg);
        if let Some((frame, picture)) = from.take() {
            let seen = glance(&picture, profile, pitch_zero_deg, finder);
            to.put(Glance { frame, seen });
            due = began + EVERY.max(began.elapsed() * SHARE);
        }
    }
}
