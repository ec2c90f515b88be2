//! The webcam's two threads: one waits for frames, which a webcam that hangs may make it do for ever; the other
//! finds the codes in them, keeps the newest frame for the screen, and says so when none comes.

use std::{
    io,
    mem::{Discriminant, discriminant},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use super::{Mailbox, News, Outbox};
use crate::{
    scan::{Luma, Shown, Steady, Webcam, WebcamError, read},
    shot::Clock,
};

/// A webcam that is not there is looked for this often.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// The desk wakes this often when no frame comes: a code that was held up may be gone.
const TICK: Duration = Duration::from_millis(500);

/// So long may good frames fail to come before it is a trouble: webcams take seconds to start.
const PATIENCE: Duration = Duration::from_secs(4);

/// The webcam's threads. A webcam that died may hold one for ever, so they are not waited for.
#[derive(Debug)]
pub struct ScanDesk {
    /// The newest frame.
    pub frames: Mailbox<Luma>,
    ending: Arc<AtomicBool>,
}

impl Drop for ScanDesk {
    fn drop(&mut self) {
        self.ending.store(true, Ordering::Relaxed);
    }
}

/// A frame, or why there is none.
type Look = Result<Luma, WebcamError>;

/// Starts the webcam's threads with the webcam of this name, or the first one found.
///
/// # Errors
/// When the system has no thread to give.
pub fn scan_desk(
    webcam: Option<String>,
    steady: Steady,
    clock: Clock,
    outbox: Outbox,
) -> io::Result<ScanDesk> {
    let (frames, ending) = (Mailbox::default(), Arc::new(AtomicBool::new(false)));
    let (sender, looks) = sync_channel(0);
    thread::Builder::new().name("webcam".to_owned()).spawn(move || look(webcam.as_deref(), &sender))?;
    let desk = Desk {
        clock,
        outbox,
        frames: frames.clone(),
        ending: Arc::clone(&ending),
        steady,
        good: Instant::now(),
        told: None,
    };
    thread::Builder::new().name("scan-desk".to_owned()).spawn(move || desk.work(&looks))?;
    Ok(ScanDesk { frames, ending })
}

/// Looks through the webcam, opening it again whenever it breaks, until the desk has gone.
fn look(name: Option<&str>, desk: &SyncSender<Look>) {
    loop {
        let err = match Webcam::open(name) {
            Ok(webcam) => watch(webcam, desk),
            Err(err) => Some(err),
        };
        let Some(err) = err else { return };
        if desk.send(Err(err)).is_err() {
            return;
        }
        thread::sleep(LOOK_AGAIN);
    }
}

/// Sends frames until the webcam breaks, and says why it did; `None` when the desk has gone.
fn watch(mut webcam: Webcam, desk: &SyncSender<Look>) -> Option<WebcamError> {
    loop {
        let look = match webcam.frame() {
            Err(err) if !matches!(err, WebcamError::BrokenFrame) => return Some(err),
            look => look,
        };
        if desk.send(look).is_err() {
            return None;
        }
    }
}

struct Desk {
    clock: Clock,
    outbox: Outbox,
    frames: Mailbox<Luma>,
    ending: Arc<AtomicBool>,
    /// One for all openings: a code that is held while the webcam blinks is one code, and one that went away
    /// meanwhile has gone; whoever sits next must not be taken for its owner.
    steady: Steady,
    /// When the last good frame came.
    good: Instant,
    /// How the webcam was last said to be: well, or in which trouble.
    told: Option<Option<Discriminant<WebcamError>>>,
}

impl Desk {
    fn work(mut self, looks: &Receiver<Look>) {
        while !self.ending.load(Ordering::Relaxed) {
            let heard = match looks.recv_timeout(TICK) {
                Ok(Ok(frame)) => self.see(frame),
                Ok(Err(err)) => self.see_nothing(err),
                Err(RecvTimeoutError::Timeout) => self.see_nothing(WebcamError::NoFrames),
                // It panicked, and was not asked to end.
                Err(RecvTimeoutError::Disconnected) => {
                    let _heard = self.outbox.send(News::Ended("webcam"));
                    return;
                }
            };
            if !heard {
                return;
            }
        }
    }

    /// Reads a frame; `false` when nobody listens any more.
    fn see(&mut self, frame: Luma) -> bool {
        self.good = Instant::now();
        let codes = read(&frame);
        self.frames.put(frame);
        let shown = match codes.as_slice() {
            [] => None,
            [one] => Some(one.capture_code().map_or_else(Shown::NotACode, Shown::Code)),
            _ => Some(Shown::TwoCodes),
        };
        self.tell(None) && self.look_at(shown)
    }

    /// No frame, or a broken one: now and then that is nothing, for long it is a trouble.
    fn see_nothing(&mut self, why: WebcamError) -> bool {
        let passing = matches!(why, WebcamError::BrokenFrame | WebcamError::NoFrames);
        let well = passing && self.good.elapsed() < PATIENCE;
        // What has gone stays gone until it is back: that nothing comes from it meanwhile is no news.
        let known = matches!(why, WebcamError::NoFrames) && matches!(self.told, Some(Some(_)));
        (well || known || self.tell(Some(why))) && self.look_at(None)
    }

    fn look_at(&mut self, shown: Option<Shown>) -> bool {
        let sight = self.steady.watch(self.clock.now(), shown);
        sight.is_none_or(|sight| self.outbox.send(News::Sight(sight)))
    }

    /// Says how the webcam is, when that has changed.
    fn tell(&mut self, trouble: Option<WebcamError>) -> bool {
        let kind = trouble.as_ref().map(discriminant);
        self.told.replace(kind) == Some(kind) || self.outbox.send(News::Webcam(trouble))
    }
}
