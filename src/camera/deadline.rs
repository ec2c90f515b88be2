//! Until when an answer may come: every request has a deadline, and an order to stop cuts it short.

use std::{
    io::{self, Read},
    process::ChildStdout,
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
};

/// How long each request may take, before the camera's process is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// Starting the driver and connecting.
    pub connect: Duration,
    /// Firing: a real body needs up to ten seconds to give up focusing.
    pub fire: Duration,
    /// Listing the card: some thousand files on a slow body. Doubled when it was too short.
    pub list: Duration,
    /// Beginning to hand over a file; with every file comes the time for its size.
    pub download: Duration,
    /// Saying what is new, beyond the time that was given for it.
    pub news: Duration,
    /// Handing over a frame of live view, once it runs.
    pub frame: Duration,
    /// Reading or turning one dial.
    pub dial: Duration,
}

impl Default for Deadlines {
    /// Facts/camera.md section 4.3.
    fn default() -> Self {
        let [connect, fire, list] = [15, 15, 60].map(Duration::from_secs);
        let [download, news, frame, dial] = [20, 5, 2, 5].map(Duration::from_secs);
        Self { connect, fire, list, download, news, frame, dial }
    }
}

/// The slowest transfer that is no hang, in bytes a millisecond: 50 kB a second, half of what a bad radio link
/// still carries.
const SLOWEST: u64 = 50;

impl Deadlines {
    /// How long a file of so many bytes may take.
    pub(super) fn for_download(&self, bytes: u64) -> Duration {
        self.download + Duration::from_millis(bytes / SLOWEST)
    }
}

/// What is under way when the order to stop comes may end within this: a file that is nearly here.
const STOP_WITHIN: Duration = Duration::from_secs(1);

/// Whoever waits for an answer looks this often whether to stop.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// An order to stop, given once and by any thread; clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Stop(Arc<OnceLock<Instant>>);

impl Stop {
    pub(super) fn order(&self) {
        self.0.get_or_init(|| Instant::now() + STOP_WITHIN);
    }

    pub(super) fn is_ordered(&self) -> bool {
        self.0.get().is_some()
    }

    /// A deadline, or an earlier one because of the order.
    fn earlier(&self, until: Instant) -> Instant {
        self.0.get().map_or(until, |stop| until.min(*stop))
    }
}

/// Reads from a pipe until a deadline, or until an order to stop has run out.
pub(super) struct UntilThen<'a> {
    pub(super) from: &'a mut ChildStdout,
    pub(super) until: Instant,
    pub(super) stop: &'a Stop,
}

impl Read for UntilThen<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let left = self.stop.earlier(self.until).saturating_duration_since(Instant::now());
            let slice = Timespec::try_from(left.min(LOOK_EVERY)).map_err(io::Error::other)?;
            let mut pipes = [PollFd::new(&*self.from, PollFlags::IN)];
            match poll(&mut pipes, Some(&slice)) {
                Ok(0) if left.is_zero() => return Err(io::ErrorKind::TimedOut.into()),
                Ok(0) | Err(Errno::INTR) => {}
                Ok(_) => return self.from.read(buffer),
                Err(err) => return Err(err.into()),
            }
        }
    }
}
