//! How far an errand is, and how long it will take if it goes on like this.

use std::time::{Duration, Instant};

use crate::sync::Stage;

/// What an errand is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Every portrait is read and proven.
    Checking,
    /// What stands in the folder is looked at.
    Comparing,
    /// Files are written.
    Writing,
    /// The ledger is copied.
    Ledger,
    /// Files are copied.
    Copying,
    /// The copies are read back, those of earlier times too.
    Proving,
    /// The store is read.
    Verifying,
    /// What a camera's card holds is brought into the store.
    Fetching,
}

impl Part {
    /// Whether nothing follows. Else nobody can say how much does, and so how long all of it takes: after copying,
    /// more is read back than was copied.
    fn is_last(self) -> bool {
        match self {
            Self::Writing | Self::Verifying | Self::Fetching | Self::Proving => true,
            Self::Checking | Self::Comparing | Self::Ledger | Self::Copying => false,
        }
    }
}

impl From<Stage> for Part {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Checking => Self::Checking,
            Stage::Comparing => Self::Comparing,
            Stage::Writing => Self::Writing,
            Stage::Ledger => Self::Ledger,
            Stage::Copying => Self::Copying,
            Stage::Proving => Self::Proving,
        }
    }
}

/// How far an errand is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What it is at.
    pub part: Part,
    /// Files of it that are done.
    pub done: usize,
    /// Files there are.
    pub of: usize,
    /// How long the rest takes if it goes on like this; `None` while nobody can say.
    pub left: Option<Duration>,
}

/// After less than this nobody can say how long it takes.
const TOO_EARLY: Duration = Duration::from_secs(1);

/// Measures how fast an errand goes.
#[derive(Debug)]
pub struct Pedometer {
    part: Option<Part>,
    since: Instant,
}

impl Default for Pedometer {
    fn default() -> Self {
        Self { part: None, since: Instant::now() }
    }
}

impl Pedometer {
    /// So far it is at this moment.
    pub fn step(&mut self, now: Instant, part: Part, done: usize, of: usize) -> Progress {
        if self.part.replace(part) != Some(part) {
            self.since = now;
        }
        let taken = now.saturating_duration_since(self.since);
        let left = (part.is_last() && done > 0 && taken >= TOO_EARLY)
            .then(|| taken.mul_f64(of.saturating_sub(done) as f64 / done as f64));
        Progress { part, done, of, left }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_said_of_the_last_part_by_its_own_speed() {
        let mut pedometer = Pedometer::default();
        let began = Instant::now();
        let at = |seconds| began + Duration::from_secs(seconds);
        let left = |progress: Progress| progress.left.map(|left| left.as_secs());
        assert_eq!(left(pedometer.step(at(0), Part::Checking, 0, 100)), None);
        assert_eq!(left(pedometer.step(at(50), Part::Checking, 50, 100)), None, "more follows");
        assert_eq!(left(pedometer.step(at(100), Part::Writing, 0, 300)), None, "nothing is known");
        assert_eq!(left(pedometer.step(at(100), Part::Writing, 1, 300)), None, "one file says nothing");
        assert_eq!(left(pedometer.step(at(110), Part::Writing, 100, 300)), Some(20));
        assert_eq!(left(pedometer.step(at(140), Part::Writing, 300, 300)), Some(0));
        // What is copied is read back afterwards, and what was copied before.
        assert_eq!(left(pedometer.step(at(140), Part::Copying, 0, 100)), None);
        assert_eq!(left(pedometer.step(at(150), Part::Copying, 50, 100)), None);
        assert_eq!(left(pedometer.step(at(160), Part::Proving, 0, 100)), None);
        assert_eq!(left(pedometer.step(at(164), Part::Proving, 80, 100)), Some(1));
    }
}
