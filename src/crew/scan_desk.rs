//! The webcam's thread: frames in, codes out, the newest frame for the screen.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use super::{Mailbox, News, Outbox};
use crate::{
    scan::{Luma, Steady, Webcam, WebcamError, read},
    shot::Clock,
};

/// A webcam that is not there is looked for this often.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// The webcam's thread. A webcam that died may hold it for ever, so it is not waited for.
#[derive(Debug)]
pub struct ScanDesk {
    /// The newest frame.
    pub frames: Mailbox<Luma>,
    ending: Arc<AtomicBool>,
    _thread: JoinHandle<()>,
}

impl Drop for ScanDesk {
    fn drop(&mut self) {
        self.ending.store(true, Ordering::Relaxed);
    }
}

/// Starts the webcam's thread with the webcam of this name, or the first one found.
///
/// # Errors
/// When the system has no thread to give.
pub fn scan_desk(webcam: Option<String>, clock: Clock, outbox: Outbox) -> io::Result<ScanDesk> {
    let (frames, ending) = (Mailbox::default(), Arc::new(AtomicBool::new(false)));
    let desk = Desk { name: webcam, clock, outbox, frames: frames.clone(), ending: Arc::clone(&ending) };
    let thread = thread::Builder::new().name("scan-desk".to_owned()).spawn(move || desk.work())?;
    Ok(ScanDesk { frames, ending, _thread: thread })
}

struct Desk {
    name: Option<String>,
    clock: Clock,
    outbox: Outbox,
    frames: Mailbox<Luma>,
    ending: Arc<AtomicBool>,
}

impl Desk {
    fn work(&self) {
        let mut told = false;
        while !self.ending.load(Ordering::Relaxed) {
            match Webcam::open(self.name.as_deref()) {
                Ok(webcam) => {
                    told = false;
                    if !self.outbox.send(News::Webcam(None)) || !self.watch(webcam) {
                        return;
                    }
                }
                Err(err) => {
                    if !told && !self.outbox.send(News::Webcam(Some(err))) {
                        return;
                    }
                    told = true;
                    thread::sleep(LOOK_AGAIN);
                }
            }
        }
    }

    /// Watches until the webcam breaks; `false` when nobody listens any more.
    fn watch(&self, mut webcam: Webcam) -> bool {
        let mut steady = Steady::default();
        let mut two_told = false;
        while !self.ending.load(Ordering::Relaxed) {
            let frame = match webcam.frame() {
                Ok(frame) => frame,
                Err(WebcamError::BrokenFrame) => continue,
                Err(err) => return self.outbox.send(News::Webcam(Some(err))),
            };
            let codes = read(&frame);
            self.frames.put(frame);
            let code = match codes.as_slice() {
                [one] => one.capture_code().ok(),
                _ => None,
            };
            let two = codes.len() > 1;
            if two && !two_told && !self.outbox.send(News::TwoCodes) {
                return false;
            }
            two_told = two;
            let sight = steady.look(self.clock.now(), code);
            if sight.is_some_and(|sight| !self.outbox.send(News::Sight(sight))) {
                return false;
            }
        }
        true
    }
}
