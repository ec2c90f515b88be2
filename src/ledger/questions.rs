//! What people ask the record: whose may a stray be, what happened to a student, who has two portraits, who has none.
//!
//! All of it is read, never written, and a connection that only reads will do. Most answers read the whole journal: they
//! are for a screen that is opened, not for one that is drawn.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};

use super::{KeptRow, Ledger, LedgerError, Line, journal, owners, tables};
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
        let lines = journal::lines_that_read(&self.db)?;
        let owners = owners::owners(&lines);
        let disowned: BTreeMap<ShotId, (SittingId, String)> = lines.iter().filter_map(disowning).collect();
        let note = |line: Line| {
            let at = line.at;
            let original = line.fact.into_original()?;
            let is_stray = owners.get(&original.shot).copied().flatten().is_none();
            is_stray.then(|| StrayNote {
                shot: original.shot,
                object: original.object,
                trigger: original.trigger,
                exposed: original.exposed,
                at,
                disowned: disowned.get(&original.shot).cloned(),
            })
        };
        Ok(lines.into_iter().filter_map(note).collect())
    }

    /// The sittings that were going on within so many milliseconds before or after a moment, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn sittings_around(&self, moment: Moment, within_ms: i64) -> Result<Vec<SittingNote>, LedgerError> {
        let (from, to) = (moment.plus_ms(-within_ms), moment.plus_ms(within_ms));
        let notes = self.sitting_notes()?.into_iter();
        Ok(notes.filter(|note| note.since <= to && note.ended.is_none_or(|ended| ended >= from)).collect())
    }

    /// Everything that was written down of a student, sitting by sitting.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn history(&self, student: &StudentKey) -> Result<Vec<History>, LedgerError> {
        let lines = journal::lines_that_read(&self.db)?;
        let kept = tables::kept(&self.db)?;
        let current: BTreeSet<Digest> = self.current()?.into_iter().map(|parcel| parcel.object).collect();
        let mine = self.sitting_notes()?.into_iter().filter(|note| note.student == *student);
        Ok(mine
            .map(|sitting| History {
                lines: lines.iter().filter(|line| line.fact.sitting() == Some(sitting.id)).cloned().collect(),
                kept: kept
                    .iter()
                    .find(|row| row.sitting == sitting.id && !row.withdrawn)
                    .map(|row| Kept { row: *row, current: current.contains(&row.object) }),
                sitting,
            })
            .collect())
    }

    /// Students with more than one portrait of which none took the other's place, in the order in which they sat first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn conflicts(&self) -> Result<Vec<Conflict>, LedgerError> {
        let standing = tables::standing(&self.db)?;
        let kept = self.by_student()?.into_iter().map(|sittings| -> Vec<SittingNote> {
            sittings.into_iter().filter(|sitting| standing.contains(&sitting.id)).collect()
        });
        Ok(kept
            .filter(|sittings| sittings.len() > 1)
            .filter_map(|sittings| Some(Conflict { student: sittings.first()?.student.clone(), sittings }))
            .collect())
    }

    /// Students who have sat, do not sit now, and have no portrait, in the order in which they sat first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn unkept(&self) -> Result<Vec<Unkept>, LedgerError> {
        let lines = journal::lines_that_read(&self.db)?;
        let without = self
            .by_student()?
            .into_iter()
            .filter(|sittings| !sittings.iter().any(|sitting| sitting.is_kept() || sitting.ending.is_none()));
        Ok(without
            .filter_map(|sittings| {
                let his = |line: &&Line| {
                    speaks_against(&line.fact)
                        && sittings.iter().any(|sitting| line.fact.sitting() == Some(sitting.id))
                };
                let reason = lines.iter().rfind(his).cloned();
                Some(Unkept { reason, sitting: sittings.last()?.clone() })
            })
            .collect())
    }

    /// The sittings of each student, oldest first.
    fn by_student(&self) -> Result<Vec<Vec<SittingNote>>, LedgerError> {
        let mut students: Vec<Vec<SittingNote>> = Vec::new();
        let mut places: BTreeMap<StudentKey, usize> = BTreeMap::new();
        for note in self.sitting_notes()? {
            let place = *places.entry(note.student.clone()).or_insert(students.len());
            match students.get_mut(place) {
                Some(sittings) => sittings.push(note),
                None => students.push(vec![note]),
            }
        }
        Ok(students)
    }

    /// Every sitting, oldest first.
    fn sitting_notes(&self) -> Result<Vec<SittingNote>, LedgerError> {
        let lines = journal::lines_that_read(&self.db)?;
        // From the last line to the first, so that the first end stays.
        let ended: BTreeMap<SittingId, Moment> = lines.iter().rev().filter_map(ending).collect();
        rows(&self.db)?
            .into_iter()
            .map(|(id, code, student, since, retake, how)| {
                let code: CaptureCode =
                    code.parse().map_err(|_no_code| LedgerError::Impossible { table: "sitting" })?;
                Ok(SittingNote {
                    id,
                    fingerprint: code.fingerprint(),
                    student: StudentKey::of_ledger(student),
                    since,
                    ended: ended.get(&id).copied(),
                    ending: how,
                    retake,
                })
            })
            .collect()
    }
}

/// A row of sittings: number, code, student, since, retake, ending.
type Row = (SittingId, String, String, Moment, bool, Option<String>);

fn rows(db: &Connection) -> Result<Vec<Row>, LedgerError> {
    let mut query =
        db.prepare_cached("SELECT id, code, student, since, retake, ending FROM sitting ORDER BY id")?;
    let rows = query.query_map(params![], |row| {
        Ok((
            SittingId(row.get::<_, i64>(0)? as u64),
            row.get(1)?,
            row.get(2)?,
            Moment(row.get(3)?),
            row.get(4)?,
            row.get(5)?,
        ))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn disowning(line: &Line) -> Option<(ShotId, (SittingId, String))> {
    let Fact::Disowned { sitting, shot, reason } = &line.fact else { return None };
    Some((*shot, (*sitting, reason.clone())))
}

/// A sitting ends once, but a stray may be given to it long after: what counts is when he left.
#[expect(clippy::wildcard_enum_match_arm, reason = "it is about the facts that end a sitting")]
fn ending(line: &Line) -> Option<(SittingId, Moment)> {
    match &line.fact {
        Fact::Kept { sitting, .. } | Fact::Dismissed { sitting } | Fact::Interrupted { sitting } => {
            Some((*sitting, line.at))
        }
        _ => None,
    }
}

/// Whether a line says why a shot gave no portrait.
fn speaks_against(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Declined { .. } | Fact::Refused { .. } | Fact::Disowned { .. } | Fact::Corrected { .. }
    )
}
