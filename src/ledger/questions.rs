//! What people ask the record: whose may a stray be, what happened to a student, who has two portraits, who has none.
//!
//! All of it is read, never written, and a connection that only reads will do. No answer reads the whole journal, but
//! some go through every sitting: they are for a screen that is opened, not for one that is drawn.

use std::collections::BTreeMap;

use rusqlite::{Params, Row, params};

use super::{KeptRow, Ledger, LedgerError, Line, found, tables};
use crate::{
    shot::{Digest, Exposure, Moment, ShotId, SittingId, Trigger},
    station::Fact,
    student::{CaptureCode, Fingerprint, StudentKey},
};

/// A shot that belongs to nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StrayNote {
    /// Which.
    pub shot: ShotId,
    /// Its object in the vault.
    pub object: Digest,
    /// Who fired.
    pub trigger: Trigger,
    /// When the shutter opened.
    pub exposed: Exposure,
    /// When it was written down.
    pub at: Moment,
    /// The sitting it was taken for and the reason's short name, if it was somebody's before.
    pub disowned: Option<(SittingId, String)>,
}

/// A sitting, for somebody who looks for whose a shot may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SittingNote {
    /// Its number.
    pub id: SittingId,
    /// Who sat.
    pub fingerprint: Fingerprint,
    /// By what he is known again.
    pub student: StudentKey,
    /// When he sat down.
    pub since: Moment,
    /// When it ended; `None` while he sits.
    pub ended: Option<Moment>,
    /// How: `kept`, `dismissed`, `interrupted`, `withdrawn` when its portrait was not his; `None` while he sits.
    pub ending: Option<String>,
    /// Whether it was an explicit retake.
    pub retake: bool,
}

impl SittingNote {
    /// Whether a portrait of it is kept.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.ending.as_deref() == Some("kept")
    }
}

/// One sitting of a student, with everything that was written down of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// The sitting.
    pub sitting: SittingNote,
    /// Shots, refusals, declines, acts: in their order, each with its moment.
    pub lines: Vec<Line>,
    /// The portrait, if one was kept and is still said to be his.
    pub kept: Option<Kept>,
}

/// A kept portrait of a student.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Its row.
    pub row: KeptRow,
    /// Whether it is the one that is delivered; else a later one took its place, or will if a person says so.
    pub current: bool,
}

/// A student with more than one portrait of which none took the other's place: nobody knew of the other when it was
/// kept. A person decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Who.
    pub student: StudentKey,
    /// His sittings with such a portrait, oldest first; until somebody decides, the last one kept is delivered.
    pub sittings: Vec<SittingNote>,
}

/// A student who has sat, does not sit now, and has no portrait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unkept {
    /// His last sitting.
    pub sitting: SittingNote,
    /// What was last said against a shot of his: declined, refused, disowned or corrected; `None` when nothing was.
    pub reason: Option<Line>,
}

impl Ledger {
    /// Every shot that belongs to nobody, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn strays(&self) -> Result<Vec<StrayNote>, LedgerError> {
        // From the few strays to their lines, never from all lines to the strays.
        let told = "WHERE shot IN (SELECT id FROM shot WHERE sitting IS NULL)
                        AND +kind IN ('taken', 'stray', 'adopted')
                    ORDER BY seq";
        let mut strays = Vec::new();
        for Line { at, fact, .. } in found::lines(&self.db, told, [])? {
            let Some(original) = fact.into_original() else { continue };
            strays.push(StrayNote {
                shot: original.shot,
                object: original.object,
                trigger: original.trigger,
                exposed: original.exposed,
                at,
                disowned: found::disowning(&self.db, original.shot)?,
            });
        }
        Ok(strays)
    }

    /// The sittings that were going on within so many milliseconds before or after a moment, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn sittings_around(&self, moment: Moment, within_ms: i64) -> Result<Vec<SittingNote>, LedgerError> {
        let (from, to) = (moment.plus_ms(-within_ms), moment.plus_ms(within_ms));
        self.notes("since <= ?2 AND (ended IS NULL OR ended >= ?1)", params![from.0, to.0])
    }

    /// Everything that was written down of a student, sitting by sitting.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn history(&self, student: &StudentKey) -> Result<Vec<History>, LedgerError> {
        let mine = self.notes("student = ?1", [student.expose()])?.into_iter();
        mine.map(|sitting| {
            let (lines, kept) = (found::lines_of(&self.db, sitting.id)?, self.kept_of(sitting.id)?);
            Ok(History { sitting, lines, kept })
        })
        .collect()
    }

    /// The portrait of a sitting that counts, if one was kept.
    pub(super) fn kept_of(&self, sitting: SittingId) -> Result<Option<Kept>, LedgerError> {
        Ok(tables::kept_of(&self.db, sitting)?.map(|(row, current)| Kept { row, current }))
    }

    /// Students with more than one portrait of which none took the other's place, in the order in which they sat first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn conflicts(&self) -> Result<Vec<Conflict>, LedgerError> {
        // Whoever has a portrait that is not his current one: a retake's earlier ones as well.
        let more_than_one = "student IN (
            SELECT same.student FROM kept JOIN sitting AS same ON same.id = kept.sitting
            WHERE kept.withdrawn IS NULL AND kept.seq NOT IN (SELECT seq FROM newest))";
        let mut conflicts = Vec::new();
        for all in by_student(self.notes(more_than_one, [])?) {
            let mut sittings = Vec::new();
            for sitting in all {
                if tables::stands(&self.db, sitting.id)? {
                    sittings.push(sitting);
                }
            }
            if let [first, _, ..] = sittings.as_slice() {
                conflicts.push(Conflict { student: first.student.clone(), sittings });
            }
        }
        Ok(conflicts)
    }

    /// Students who have sat, do not sit now, and have no portrait, in the order in which they sat first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn unkept(&self) -> Result<Vec<Unkept>, LedgerError> {
        let without = "NOT EXISTS (SELECT 1 FROM newest WHERE newest.student = sitting.student)";
        let mut unkept = Vec::new();
        for sittings in by_student(self.notes(without, [])?) {
            if sittings.iter().any(|sitting| sitting.ending.is_none()) {
                continue;
            }
            let mut reason: Option<Line> = None;
            for sitting in &sittings {
                let mut against = found::lines_of(&self.db, sitting.id)?.into_iter();
                let last = against.rfind(|line| speaks_against(&line.fact));
                reason = reason.into_iter().chain(last).max_by_key(|line| line.seq);
            }
            unkept.extend(sittings.into_iter().last().map(|sitting| Unkept { sitting, reason }));
        }
        Ok(unkept)
    }

    /// The sittings that a condition picks, oldest first.
    fn notes(&self, condition: &str, values: impl Params) -> Result<Vec<SittingNote>, LedgerError> {
        let sql = format!(
            "SELECT id, code, student, since, ended, retake, ending FROM sitting
             WHERE {condition} ORDER BY id"
        );
        let mut query = self.db.prepare_cached(&sql)?;
        let rows = query.query_map(values, read_note)?;
        let notes = rows.collect::<Result<Vec<_>, _>>()?.into_iter();
        notes.map(|note| note.ok_or(LedgerError::Impossible { table: "sitting" })).collect()
    }
}

/// A sitting; `None` where its code is none.
fn read_note(row: &Row<'_>) -> rusqlite::Result<Option<SittingNote>> {
    let code: String = row.get(1)?;
    let Ok(code) = code.parse::<CaptureCode>() else { return Ok(None) };
    Ok(Some(SittingNote {
        id: SittingId(row.get::<_, i64>(0)? as u64),
        fingerprint: code.fingerprint(),
        student: StudentKey::of_ledger(row.get(2)?),
        since: Moment(row.get(3)?),
        ended: row.get::<_, Option<i64>>(4)?.map(Moment),
        retake: row.get(5)?,
        ending: row.get(6)?,
    }))
}

/// The sittings of each student, in the order in which they sat first.
fn by_student(notes: Vec<SittingNote>) -> Vec<Vec<SittingNote>> {
    let mut students: Vec<Vec<SittingNote>> = Vec::new();
    let mut places: BTreeMap<StudentKey, usize> = BTreeMap::new();
    for note in notes {
        let place = *places.entry(note.student.clone()).or_insert(students.len());
        match students.get_mut(place) {
            Some(sittings) => sittings.push(note),
            None => students.push(vec![note]),
        }
    }
    students
}

/// Whether a line says why a shot gave no portrait.
fn speaks_against(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Declined { .. } | Fact::Refused { .. } | Fact::Disowned { .. } | Fact::Corrected { .. }
    )
}
