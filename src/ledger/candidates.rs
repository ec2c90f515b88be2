//! Whose may a stray be, and who has two portraits: with the portraits to compare, for a person who decides.

use super::{Kept, Ledger, LedgerError, SittingNote, StrayNote, newest};
use crate::{
    shot::{Digest, Exposure, Moment},
    student::CaptureCode,
};

/// Whoever sat within this of a stray is asked about: an operator who fires too early or too late, or forgets to seat
/// somebody, notices within minutes. In milliseconds.
const AROUND_MS: i64 = 10 * 60 * 1000;

/// A sitting to which a stray may belong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The sitting.
    pub sitting: SittingNote,
    /// Who sat.
    pub code: CaptureCode,
    /// How far the stray is from it, in milliseconds; 0 when it was exposed meanwhile.
    pub away_ms: i64,
    /// The student's current portrait, if he has one: its object.
    pub portrait: Option<Digest>,
    /// Whether the stray was this sitting's before it was disowned.
    pub disowned: bool,
}

/// A student with more than one portrait of which none took the other's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Double {
    /// Who.
    pub code: CaptureCode,
    /// His sittings with such a portrait, oldest first, and that portrait.
    pub portraits: Vec<(SittingNote, Kept)>,
}

/// The moment to look around, and how far: the middle of when the shutter may have opened. Where nobody knows that
/// within minutes, the last moment it may have.
fn around(exposed: &Exposure) -> (Moment, i64) {
    let unsure = exposed.latest.ms_since(exposed.earliest);
    if unsure > AROUND_MS {
        (exposed.latest, AROUND_MS)
    } else {
        (exposed.latest.plus_ms(-unsure / 2), AROUND_MS + unsure / 2)
    }
}

/// How far a moment is from a sitting, in milliseconds.
fn away(sitting: &SittingNote, moment: Moment) -> i64 {
    let before = sitting.since.ms_since(moment);
    let after = sitting.ended.map_or(0, |ended| moment.ms_since(ended));
    before.max(after).max(0)
}

impl StrayNote {
    /// Whether it is known to a few minutes when the shutter opened.
    #[must_use]
    pub fn is_dated(&self) -> bool {
        self.exposed.latest.ms_since(self.exposed.earliest) <= AROUND_MS
    }
}

impl Ledger {
    /// The sittings to which a stray may belong: those of students without a portrait first, and of these the nearest
    /// in time. It is for a person to say which.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn candidates(&self, stray: &StrayNote) -> Result<Vec<Candidate>, LedgerError> {
        let (moment, within_ms) = around(&stray.exposed);
        self.held_still(|ledger| {
            let mut candidates = Vec::new();
            for sitting in ledger.sittings_around(moment, within_ms)? {
                let Some(row) = ledger.sitting(sitting.id)? else { continue };
                candidates.push(Candidate {
                    code: row.code,
                    away_ms: away(&sitting, moment),
                    portrait: newest::of(&ledger.db, &sitting.student)?,
                    disowned: stray.disowned.as_ref().is_some_and(|(id, _)| *id == sitting.id),
                    sitting,
                });
            }
            candidates.sort_by_key(|candidate| (candidate.portrait.is_some(), candidate.away_ms));
            Ok(candidates)
        })
    }

    /// Students with more than one portrait of which none took the other's place, with these portraits.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn doubles(&self) -> Result<Vec<Double>, LedgerError> {
        self.held_still(|ledger| {
            let mut doubles = Vec::new();
            for conflict in ledger.conflicts()? {
                let Some(last) = conflict.sittings.last() else { continue };
                let Some(row) = ledger.sitting(last.id)? else { continue };
                let mut portraits = Vec::new();
                for sitting in conflict.sittings {
                    portraits.extend(ledger.kept_of(sitting.id)?.map(|kept| (sitting, kept)));
                }
                doubles.push(Double { code: row.code, portraits });
            }
            Ok(doubles)
        })
    }
}
