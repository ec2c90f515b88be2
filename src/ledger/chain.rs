//! Follows the journal's chain from its first line to its last, and says of each line that does not follow why, as far
//! as that can be told.

use super::{RawLine, Unsound, Wrong, journal::BEGINNING};

/// So many lines that were taken out at one place are recognised as such.
const MOST_TAKEN_OUT: i64 = 1000;

/// What is wrong with the chain, in the order of its lines. One changed line is reported once, and not all the way down.
pub(super) fn follow(lines: &[RawLine]) -> Vec<Unsound> {
    let mut walk = Walk {
        expected: 1,
        shift: 0,
        before: BEGINNING,
        proven: BEGINNING,
        doubtful: vec![],
        mended: None,
        found: vec![],
    };
    for line in lines {
        walk.step(line);
        if line.fact().is_none() {
            walk.report(line.seq, Wrong::NotAFact);
        }
    }
    walk.found
}

/// How far somebody has followed the chain.
struct Walk {
    /// The next line's number.
    expected: i64,
    /// What a line's number must be moved by, to be what it was when it was written.
    shift: i64,
    /// The hash that the line before has.
    before: [u8; 32],
    /// The hash of the last line that followed.
    proven: [u8; 32],
    /// What was found of the lines since then, by place.
    doubtful: Vec<usize>,
    /// The hash the line before should have, when it has another.
    mended: Option<[u8; 32]>,
    found: Vec<Unsound>,
}

impl Walk {
    fn step(&mut self, line: &RawLine) {
        let seq = line.seq;
        if seq < self.expected {
            // Before the first line: nobody has written there.
            return self.report(seq, Wrong::SlippedIn);
        }
        let hash = <[u8; 32]>::try_from(line.hash.as_slice()).ok();
        if seq > self.expected {
            // What the line is to follow from is gone: it is taken as it stands.
            let (from, to) = (self.expected, seq.saturating_sub(1));
            self.report(from, Wrong::Missing { from, to });
            (self.proven, self.mended) = (hash.unwrap_or(BEGINNING), None);
            self.doubtful.clear();
        } else if hash.is_some_and(|hash| self.follows(line, hash)) {
            (self.proven, self.mended) = (hash.unwrap_or(BEGINNING), None);
            self.doubtful.clear();
        } else {
            self.doubtful.push(self.found.len());
            self.mended = Some(line.link(&self.before, seq.saturating_add(self.shift)));
            self.report(seq, Wrong::Changed);
        }
        // Go on from what stands there.
        self.before = hash.unwrap_or(BEGINNING);
        self.expected = seq.saturating_add(1);
    }

    /// Whether a line follows, from the line before or, after doubtful ones, in some way that explains these.
    fn follows(&mut self, line: &RawLine, hash: [u8; 32]) -> bool {
        let is = |before: &[u8; 32], shift: i64| line.link(before, line.seq.saturating_add(shift)) == hash;
        if is(&self.before, self.shift) || self.mended.is_some_and(|mended| is(&mended, self.shift)) {
            return true;
        }
        let Ok(doubtful @ 1..) = i64::try_from(self.doubtful.len()) else { return false };
        if is(&self.proven, self.shift - doubtful) {
            self.explain(&Wrong::SlippedIn);
            self.shift -= doubtful;
            return true;
        }
        let moved =
            (1..=MOST_TAKEN_OUT).flat_map(|by| [by, -by]).find(|by| is(&self.before, self.shift + by));
        if let Some(by) = moved {
            self.explain(&Wrong::Renumbered);
            self.shift += by;
        }
        moved.is_some()
    }

    /// Says of the doubtful lines what is known of them now.
    fn explain(&mut self, wrong: &Wrong) {
        for place in &self.doubtful {
            if let Some(found) = self.found.get_mut(*place) {
                found.wrong = wrong.clone();
            }
        }
    }

    fn report(&mut self, seq: i64, wrong: Wrong) {
        self.found.push(Unsound { seq: Some(seq), wrong });
    }
}
