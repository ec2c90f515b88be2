//! Live view on its way to the screen: the camera's thread lays each frame into a mailbox, another thread decodes
//! the newest, the screen takes the newest of those. Whoever is slow skips frames; nobody waits.

use std::{
    io,
    sync::mpsc::Receiver,
    time::{Duration, Instant},
};

use super::{Mailbox, Outbox, Worker};
use crate::{
    camera::{Camera, CameraError, Jpeg},
    portrait::{Picture, preview},
};

/// From frame to frame: 20 a second look alive; more only heat the sensor and keep events waiting.
const CLOSELY: Duration = Duration::from_millis(50);

/// The same while something else goes first: where processors are few, drawing frames takes a quarter of the speed from
/// whoever judges a shot (measured: `./dev expert`, two cores that draw too).
const AT_TIMES: Duration = Duration::from_millis(200);

/// Between two frames the camera is listened to for at least this long.
const LISTEN: Duration = Duration::from_millis(5);

/// After a frame that failed the camera is left alone for so long, twice as long each time, up to a limit.
const FIRST_REST: Duration = Duration::from_millis(250);
const LONGEST_REST: Duration = Duration::from_secs(4);

/// The longer side of a frame on the screen, in pixels.
const LONGEST_SIDE: u32 = 960;

/// How live view is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Watching {
    /// Not at all: the camera's sensor rests.
    #[default]
    Not,
    /// With half an eye.
    AtTimes,
    /// By people who go by it.
    Closely,
}

impl Watching {
    /// From frame to frame; `None` where there are none.
    fn every(self) -> Option<Duration> {
        match self {
            Self::Not => None,
            Self::AtTimes => Some(AT_TIMES),
            Self::Closely => Some(CLOSELY),
        }
    }
}

/// Where the camera's thread lays its frames.
#[derive(Debug)]
pub struct Viewfinder {
    frames: Mailbox<Jpeg>,
    /// Its orders are rings of a bell: there is a frame.
    decoder: Worker<()>,
}

/// Starts the thread that decodes frames; the newest of them come out of the mailbox.
///
/// # Errors
/// When the system has no thread to give.
pub fn viewfinder(outbox: Outbox) -> io::Result<(Viewfinder, Mailbox<Picture>)> {
    let (frames, pictures) = (Mailbox::default(), Mailbox::default());
    let (from, to) = (Mailbox::clone(&frames), Mailbox::clone(&pictures));
    let decoder = Worker::start("viewfinder", 1, outbox, move |bell: Receiver<()>, outbox| {
        while bell.recv().is_ok() {
            decode_newest(&from, &to, outbox);
        }
    })?;
    Ok((Viewfinder { frames, decoder }, pictures))
}

/// A frame that cannot be decoded is skipped: the next one comes soon.
fn decode_newest(from: &Mailbox<Jpeg>, to: &Mailbox<Picture>, outbox: &Outbox) {
    if let Some(picture) = from.take().and_then(|frame| preview(&frame.0, LONGEST_SIDE)) {
        to.put(picture);
        outbox.wake();
    }
}

impl Viewfinder {
    fn show(&self, frame: Jpeg) {
        self.frames.put(frame);
        // A bell that rings already, or a decoder that has gone, which says so itself.
        self.decoder.order(()).ok();
    }
}

/// The camera's thread at its live view: when the next frame is due, and what became of the last.
#[derive(Debug)]
pub(super) struct Watch {
    viewfinder: Viewfinder,
    wanted: Watching,
    /// The camera has none.
    absent: bool,
    due: Instant,
    rest: Duration,
}

impl Watch {
    pub(super) fn new(viewfinder: Viewfinder) -> Self {
        Self { viewfinder, wanted: Watching::Not, absent: false, due: Instant::now(), rest: FIRST_REST }
    }

    /// Begins or ends live view, or goes on with it at another pace.
    pub(super) fn turn(&mut self, wanted: Watching, camera: &mut dyn Camera) {
        let was = std::mem::replace(&mut self.wanted, wanted);
        if was != Watching::Not && wanted == Watching::Not {
            camera.end_live();
        }
        // At another pace whoever rests from a camera that failed goes on resting.
        let goes_on = was != wanted && was != Watching::Not && wanted != Watching::Not;
        if !goes_on {
            self.begin_anew();
        }
    }

    /// The camera has just come, or another one has.
    pub(super) fn begin_anew(&mut self) {
        (self.absent, self.due, self.rest) = (false, Instant::now(), FIRST_REST);
    }

    /// From frame to frame; `None` where none are asked for.
    fn every(&self) -> Option<Duration> {
        self.wanted.every().filter(|_| !self.absent)
    }

    /// How long the camera may be listened to before a frame is due: at most `patience`, and never not at all,
    /// however slow the frames are.
    pub(super) fn patience(&self, patience: Duration) -> Duration {
        if self.every().is_none() {
            return patience;
        }
        self.due.saturating_duration_since(Instant::now()).max(LISTEN).min(patience)
    }

    /// Takes the frame that is due, if one is; `false` when it turns out that this camera has no live view.
    pub(super) fn look(&mut self, camera: &mut dyn Camera) -> bool {
        let began = Instant::now();
        let Some(every) = self.every().filter(|_| began >= self.due) else { return true };
        match camera.frame() {
            Ok(frame) => {
                (self.due, self.rest) = ((self.due + every).max(began), FIRST_REST);
                frame.into_iter().for_each(|frame| self.viewfinder.show(frame));
            }
            Err(err) => {
                self.absent = err == CameraError::NoLiveView;
                self.due = Instant::now() + self.rest;
                self.rest = (self.rest * 2).min(LONGEST_REST);
            }
        }
        !self.absent
    }
}
