//! The thread that looks through the webcam, and who watches over it.
//!
//! Frames ride in a mailbox, the newest only: whoever reads slowly skips frames, and never reads an old one. A
//! driver may hang for ever in a call that nobody can end; its thread is abandoned then and another one started,
//! but not for ever: a driver that hangs each time holds a few threads and no more.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::Mailbox;
use crate::scan::{Frame, Webcam, WebcamError};

/// A webcam that is not there is looked for this often.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// Nobody named a webcam: the one that was looked through comes back within this, or another one is taken. The one
/// built into the screen would else be taken as soon as somebody moves the right one to another port.
const RETURNS_WITHIN: Duration = Duration::from_secs(10);

/// A thread that gives no sign for so long hangs: it says within this that it found nothing, or that nothing came.
const HANGS_AFTER: Duration = Duration::from_secs(12);

/// So many threads that hang are left alone at most.
const MOST_ABANDONED: usize = 3;

/// A frame, or why there is none.
pub(super) type Look = Result<Frame, WebcamError>;

/// The thread panicked, and was not asked to end.
#[derive(Debug)]
pub(super) struct Ended;

/// Where frames come from, whatever becomes of the thread that fetches them.
#[derive(Debug)]
pub(super) struct Lookout {
    wanted: Option<String>,
    watch: Watch,
    abandoned: Vec<JoinHandle<()>>,
}

impl Lookout {
    /// Begins to look through the webcam that is wanted, or the first one found.
    pub(super) fn begin(wanted: Option<String>) -> io::Result<Self> {
        let watch = Watch::begin(wanted.clone())?;
        Ok(Self { wanted, watch, abandoned: vec![] })
    }

    /// Waits a while for something new; `None` when there is nothing.
    pub(super) fn next(&mut self, patience: Duration) -> Result<Option<Look>, Ended> {
        match self.watch.bell.recv_timeout(patience) {
            Ok(()) => {
                self.watch.heard = Instant::now();
                Ok(self.watch.looks.take())
            }
            Err(RecvTimeoutError::Timeout) => {
                self.watch_over();
                Ok(None)
            }
            Err(RecvTimeoutError::Disconnected) => Err(Ended),
        }
    }

    /// Abandons a thread that hangs for another one, if there may be one more.
    fn watch_over(&mut self) {
        if self.watch.heard.elapsed() < HANGS_AFTER {
            return;
        }
        self.abandoned.retain(|thread| !thread.is_finished());
        if self.abandoned.len() >= MOST_ABANDONED {
            return;
        }
        // Without a thread to have, this one may still come to life.
        if let Ok(watch) = Watch::begin(self.wanted.clone()) {
            self.abandoned.extend(std::mem::replace(&mut self.watch, watch).abandon());
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

/// One thread's watch, from this side.
#[derive(Debug)]
struct Watch {
    looks: Mailbox<Look>,
    /// Rings when there is something new in the mailbox.
    bell: Receiver<()>,
    /// Tells the thread to end as soon as it can.
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    /// When it last gave a sign.
    heard: Instant,
}

impl Watch {
    fn begin(wanted: Option<String>) -> io::Result<Self> {
        let (looks, over) = (Mailbox::default(), Arc::new(AtomicBool::new(false)));
        let (ringer, bell) = sync_channel(1);
        let post = Post { looks: Mailbox::clone(&looks), ringer, over: Arc::clone(&over) };
        let thread =
            thread::Builder::new().name("webcam".to_owned()).spawn(move || look(wanted.as_deref(), &post))?;
        Ok(Self { looks, bell, over, thread: Some(thread), heard: Instant::now() })
    }

    fn abandon(mut self) -> Option<JoinHandle<()>> {
        self.thread.take()
    }
}

/// The thread's side.
struct Post {
    looks: Mailbox<Look>,
    ringer: SyncSender<()>,
    over: Arc<AtomicBool>,
}

impl Post {
    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    /// Never waits: a bell that rings already need not be rung.
    fn put(&self, look: Look) {
        self.looks.put(look);
        self.ringer.try_send(()).ok();
    }
}

/// Looks through the webcam, opening it again whenever it breaks, until the watch is over.
fn look(wanted: Option<&str>, post: &Post) {
    let mut last: Option<(String, Instant)> = None;
    while !post.is_over() {
        let recent = last.as_ref().filter(|(_, since)| since.elapsed() < RETURNS_WITHIN);
        let err = match Webcam::open(wanted.or(recent.map(|(label, _)| label.as_str()))) {
            Ok(webcam) => {
                let label = webcam.label.clone();
                let why = watch(webcam, post);
                last = Some((label, Instant::now()));
                why
            }
            Err(err) => Some(err),
        };
        if let Some(err) = err.filter(|_| !post.is_over()) {
            post.put(Err(err));
            thread::sleep(LOOK_AGAIN);
        }
    }
}

/// Fetches frames until the webcam breaks, and says why it did; `None` when the watch is over.
fn watch(mut webcam: Webcam, post: &Post) -> Option<WebcamError> {
    while !post.is_over() {
        match webcam.frame() {
            Err(err) if !matches!(err, WebcamError::BrokenFrame) => return Some(err),
            look => post.put(look),
        }
    }
    None
}
