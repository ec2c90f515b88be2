//! The desk where codes are read: it takes the newest frame of the webcam, finds the codes in it, keeps a small
//! picture for the screen, and says so when no frame comes.

use std::{
    io,
    mem::{Discriminant, discriminant},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use super::{
    Mailbox, News, Outbox,
    lookout::{Ended, Lookout},
};
use crate::{
    scan::{Code, Frame, Luma, Patience, Preview, Reader, Shown, Steady, WebcamError, hint},
    shot::{Clock, Moment},
};

/// The desk wakes this often when no frame comes: a code that was held up may be gone.
const TICK: Duration = Duration::from_millis(500);

/// So long may good frames fail to come before it is a trouble: webcams take seconds to start.
const PATIENCE: Duration = Duration::from_secs(4);

/// So long after a code was read every frame is looked at: it may be held up still.
const ATTENTIVE: Duration = Duration::from_secs(3);

/// From picture to picture for the screen, and from one look for a hint to the next, in milliseconds: enough for a
/// hand to find its way, and no more work than that.
const SHOWN_EVERY_MS: i64 = 80;

/// The desk's threads. A webcam that died may hold one for ever, so they are not waited for.
#[derive(Debug)]
pub struct ScanDesk {
    /// What the webcam sees.
    pub previews: Mailbox<Preview>,
    ending: Arc<AtomicBool>,
}

impl Drop for ScanDesk {
    fn drop(&mut self) {
        self.ending.store(true, Ordering::Relaxed);
    }
}

/// Starts reading codes with the webcam of this name, or the first one found.
///
/// # Errors
/// When the system has no thread to give.
pub fn scan_desk(
    webcam: Option<String>,
    steady: Steady,
    clock: Clock,
    outbox: Outbox,
) -> io::Result<ScanDesk> {
    let (previews, ending) = (Mailbox::default(), Arc::new(AtomicBool::new(false)));
    let lookout = Lookout::begin(webcam)?;
    let desk = Desk {
        clock,
        outbox,
        previews: previews.clone(),
        ending: Arc::clone(&ending),
        reader: Reader::default(),
        steady,
        patience: Patience::default(),
        shown: Moment(i64::MIN),
        in_sight: false,
        good: Instant::now(),
        read: Instant::now(),
        told: None,
    };
    thread::Builder::new().name("scan-desk".to_owned()).spawn(move || desk.work(lookout))?;
    Ok(ScanDesk { previews, ending })
}

struct Desk {
    clock: Clock,
    outbox: Outbox,
    previews: Mailbox<Preview>,
    ending: Arc<AtomicBool>,
    /// Remembers where in the frame the last code was.
    reader: Reader,
    /// One for all openings: a code that is held while the webcam blinks is one code, and one that went away
    /// meanwhile has gone; whoever sits next must not be taken for its owner.
    steady: Steady,
    /// With the code that is in sight and not read.
    patience: Patience,
    /// When a frame was last shown on the screen.
    shown: Moment,
    /// Whether there was a code in it, read or not.
    in_sight: bool,
    /// When the last good frame came.
    good: Instant,
    /// When a code was last read.
    read: Instant,
    /// How the webcam was last said to be: well, or in which trouble.
    told: Option<Option<Discriminant<WebcamError>>>,
}

impl Desk {
    fn work(mut self, mut lookout: Lookout) {
        while !self.ending.load(Ordering::Relaxed) {
            let heard = match lookout.next(TICK) {
                Ok(Some(Ok(frame))) => self.see(frame),
                Ok(Some(Err(err))) => self.see_nothing(err),
                Ok(None) => self.see_nothing(WebcamError::NoFrames),
                Err(Ended) => {
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
    fn see(&mut self, frame: Frame) -> bool {
        let began = Instant::now();
        let Some(picture) = frame.luma() else { return self.see_nothing(WebcamError::BrokenFrame) };
        self.good = began;
        let codes = self.reader.read(&picture);
        let shown = match codes.as_slice() {
            [] => None,
            [one] => Some(one.capture_code().map_or_else(Shown::NotACode, Shown::Code)),
            _ => Some(Shown::TwoCodes),
        };
        let heard = self.tell(None) && self.look_at(shown);
        if !codes.is_empty() {
            self.read = began;
        }
        self.show(&picture, &codes);
        if self.read.elapsed() > ATTENTIVE && !self.in_sight {
            // Half of a core is enough to wait for somebody; portraits need the rest.
            thread::sleep(began.elapsed().min(TICK));
        }
        heard
    }

    /// Shows a frame on the screen when it is time for one, with a word on what is not read.
    fn show(&mut self, picture: &Luma, codes: &[Code]) {
        let (at, is_read) = (self.clock.now(), !codes.is_empty());
        if at.ms_since(self.shown) < SHOWN_EVERY_MS {
            return;
        }
        self.shown = at;
        let hint = if is_read { None } else { hint(picture) };
        self.in_sight = is_read || hint.is_some();
        let said = self.patience.say(at, is_read, hint);
        self.previews.put(Preview::new(picture, codes, said));
        self.outbox.wake();
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
