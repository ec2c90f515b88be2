//! The watchman: looks now and then how this computer stands. A disk on a network may let him wait; nobody else does.

use std::{
    io,
    path::PathBuf,
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::Duration,
};

use super::{Mailbox, Outbox, Worker};
use crate::machine::{Condition, Room};

/// From look to look: a disk fills by 8 MB every ten seconds.
const EVERY: Duration = Duration::from_secs(20);

/// A disk that is fuller by less is no news: nothing is drawn anew for it.
const NEWS_BYTES: u64 = 500_000_000;

/// Who looks how this computer stands.
#[derive(Debug)]
pub struct Watchman {
    conditions: Mailbox<Condition>,
    /// He gets no orders: he ends when it is dropped.
    _worker: Worker<()>,
}

impl Watchman {
    /// How this computer stands, once, if that has changed.
    #[must_use]
    pub fn take(&self) -> Option<Condition> {
        self.conditions.take()
    }
}

/// Starts the watchman; photos are kept in `store`.
///
/// # Errors
/// When the system has no thread to give.
pub fn watchman(store: PathBuf, outbox: Outbox) -> io::Result<Watchman> {
    let conditions = Mailbox::default();
    let told = Mailbox::clone(&conditions);
    let worker = Worker::start("watchman", 1, outbox, move |orders: Receiver<()>, outbox| {
        let mut last = None;
        loop {
            let now = Condition::now(&store);
            if last.is_none_or(|last| is_news(last, now)) {
                last = Some(now);
                told.put(now);
                outbox.wake();
            }
            if orders.recv_timeout(EVERY) == Err(RecvTimeoutError::Disconnected) {
                return;
            }
        }
    })?;
    Ok(Watchman { conditions, _worker: worker })
}

fn is_news(before: Condition, now: Condition) -> bool {
    let disk = match (before.free_bytes, now.free_bytes) {
        (Some(free), Some(now)) => {
            Room::of(Some(free)).differs(Room::of(Some(now))) || free.abs_diff(now) >= NEWS_BYTES
        }
        (None, None) => false,
        (Some(_), None) | (None, Some(_)) => true,
    };
    disk || before.battery != now.battery
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Battery;

    #[test]
    fn only_what_an_operator_would_notice_is_news() {
        let of = |free_bytes, percent| Condition {
            free_bytes,
            battery: Some(Battery { percent, on_mains: false }),
        };
        let before = of(Some(100_000_000_000), 80);
        assert!(!is_news(before, of(Some(100_000_000_000 - 8_000_000), 80)));
        assert!(is_news(before, of(Some(99_000_000_000), 80)));
        assert!(is_news(before, of(Some(100_000_000_000), 79)));
        assert!(is_news(before, of(None, 80)));
        assert!(is_news(of(Some(500_000_001), 80), of(Some(499_999_999), 80)), "nobody sits down any more");
    }
}
