//! A growing delay after failed unlocks, counted by a clock that nobody can set.

use std::time::{Duration, Instant};

/// No wait is longer than this, in milliseconds: five minutes.
const LONGEST_MS: u64 = 300_000;

/// How often a holder's passphrase was tried in vain since it last opened the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attempts {
    failures: u32,
    /// When the last of them was.
    last: Option<Instant>,
}

/// The wait after so many failures, in milliseconds: none after the first, then 1 s, twice as long each time, up to
/// five minutes.
const fn wait_ms(failures: u32) -> u64 {
    match failures {
        0 | 1 => 0,
        2..=10 => 1000 << (failures - 2),
        _ => LONGEST_MS,
    }
}

impl Attempts {
    /// So many failures, known from the journal, the last of them now: starting the program again forgives nothing.
    #[must_use]
    pub fn remembered(failures: u32, now: Instant) -> Self {
        Self { failures, last: Some(now) }
    }

    /// So many failures, the last of them longer ago than any wait.
    #[must_use]
    pub fn long_ago(failures: u32) -> Self {
        Self { failures, last: None }
    }

    /// It was tried in vain.
    pub fn failed(&mut self, now: Instant) {
        *self = Self { failures: self.failures.saturating_add(1), last: Some(now) };
    }

    /// It opened the store.
    pub fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// How often it was tried in vain.
    #[must_use]
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// How long it takes until the next try is let in; zero when it is.
    #[must_use]
    pub fn left(&self, now: Instant) -> Duration {
        let wait = Duration::from_millis(wait_ms(self.failures));
        self.last.map_or(Duration::ZERO, |last| wait.saturating_sub(now.saturating_duration_since(last)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_five_minutes() {
        let waits: Vec<u64> = (0..14).map(wait_ms).collect();
        let (second, most) = (1000, 300_000);
        let grown = [0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256].map(|wait| wait * second);
        assert_eq!(waits, [grown.as_slice(), &[most; 3]].concat());
        assert_eq!(wait_ms(u32::MAX), most);
    }

    #[test]
    fn a_try_is_let_in_when_its_wait_is_over_and_not_before() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut attempts = Attempts::default();
        assert_eq!(attempts.left(start), Duration::ZERO);
        attempts.failed(start);
        assert_eq!(attempts.left(start), Duration::ZERO, "anybody mistypes once");
        attempts.failed(at(500));
        assert_eq!(attempts.left(at(500)), Duration::from_millis(1000));
        assert_eq!(attempts.left(at(1499)), Duration::from_millis(1));
        assert_eq!(attempts.left(at(1500)), Duration::ZERO);
        assert_eq!(
            attempts.left(at(0)),
            Duration::from_millis(1000),
            "earlier than the failure is no shorter"
        );
        attempts.failed(at(2000));
        assert_eq!((attempts.failures(), attempts.left(at(2000))), (3, Duration::from_millis(2000)));
        attempts.succeeded();
        assert_eq!((attempts.failures(), attempts.left(at(2000))), (0, Duration::ZERO));
    }

    #[test]
    fn starting_again_forgives_nothing() {
        let now = Instant::now();
        let mut attempts = Attempts::remembered(20, now);
        assert_eq!(attempts.left(now), Duration::from_millis(LONGEST_MS));
        attempts.failed(now);
        assert_eq!(attempts.failures(), 21);
        assert_eq!(Attempts::remembered(0, now).left(now), Duration::ZERO);
    }
}
