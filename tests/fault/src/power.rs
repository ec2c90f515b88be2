//! A power cut: what a disk may hold when it loses its power in the middle of its work.
//!
//! A disk promises little. What it was told to write since the last flush may be there or not, in any order, and a
//! write of several sectors may be there in part; what it had when it said that a flush is done stays. So every image
//! that some subset of the unflushed writes makes is one that a real disk may be found with.

mod log;

pub use log::{Entry, Log};

/// How an image is made of a log that is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A disk that writes in order: everything up to the cut.
    Prefix,
    /// A disk with a cache: of what was not flushed, two in five writes are lost and one in five is torn.
    Reorder,
}

/// What a disk held, moving forward through its log.
#[derive(Debug)]
pub struct Disk<'a> {
    log: &'a Log,
    /// What it holds for certain: everything up to the last flush.
    settled: Vec<u8>,
    /// How many entries that are.
    done: usize,
}

impl<'a> Disk<'a> {
    /// The disk as it was before the first entry.
    #[must_use]
    pub fn new(log: &'a Log, image: Vec<u8>) -> Self {
        Self { log, settled: image, done: 0 }
    }

    /// What is found after the power failed when so many entries were logged. Cuts must come in order.
    pub fn cut(&mut self, cut: usize, mode: Mode, rng: &mut fastrand::Rng) -> Vec<u8> {
        let entries = self.log.entries();
        let flushed = entries.iter().take(cut).rposition(|entry| entry.flush).map_or(0, |last| last + 1);
        while self.done < flushed {
            self.log.apply(self.done, .., &mut self.settled);
            self.done += 1;
        }
        let mut found = self.settled.clone();
        for (place, entry) in entries.iter().enumerate().take(cut).skip(self.done) {
            let luck = if mode == Mode::Prefix || entry.durable { 9 } else { rng.u8(..10) };
            match luck {
                0..4 => {}
                4..6 => {
                    let torn = rng.usize(..=entry.sectors);
                    if rng.bool() {
                        self.log.apply(place, ..torn, &mut found);
                    } else {
                        self.log.apply(place, torn.., &mut found);
                    }
                }
                _ => self.log.apply(place, .., &mut found),
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLUSH: u64 = 1;

    #[test]
    fn what_was_flushed_stays_and_what_was_not_may_be_lost_or_torn() {
        let log =
            Log::read(log::tests::written(&[(0, 1, 0), (2, 4, 0), (0, 0, FLUSH), (8, 8, 0), (4, 1, 0)]));
        let mut rng = fastrand::Rng::with_seed(1);
        let blank = || vec![0; 16 * 512];
        let mut disk = Disk::new(&log, blank());
        let whole = disk.cut(5, Mode::Prefix, &mut rng);
        let sectors = |image: &[u8]| -> Vec<u8> {
            image.chunks(512).map(|sector| sector.first().copied().unwrap_or_default()).collect()
        };
        assert_eq!(sectors(&whole), [1, 0, 2, 2, 5, 2, 0, 0, 4, 4, 4, 4, 4, 4, 4, 4]);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..200 {
            let found = sectors(&disk.cut(5, Mode::Reorder, &mut rng));
            assert_eq!(found.iter().take(4).copied().collect::<Vec<_>>(), [1, 0, 2, 2], "it was flushed");
            seen.insert(found);
        }
        assert!(seen.len() > 10, "lost, torn at several places, whole: {}", seen.len());
        assert!(seen.iter().any(|found| found.get(4) == Some(&2)), "the last write alone is lost");
        let mut young = Disk::new(&log, blank());
        assert_eq!(sectors(&young.cut(1, Mode::Prefix, &mut rng)).first(), Some(&1));
        assert_eq!(young.cut(0, Mode::Reorder, &mut rng), blank());
    }
}
