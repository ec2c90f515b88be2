//! The tables that follow from the journal: sittings, shots, kept portraits.

use rusqlite::{Connection, OptionalExtension as _, Row, ToSql, Transaction, params};

use super::LedgerError;
use crate::{
    shot::{Digest, Moment, ShotId, SittingId},
    station::{Fact, Original, Sitting},
    student::{CaptureCode, StudentKey},
};

/// A sitting as the ledger knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SittingRow {
    /// Its number.
    pub id: SittingId,
    /// Who sat.
    pub code: CaptureCode,
    /// How it ended; `None` while it has not.
    pub ending: Option<String>,
}

/// A shot as the ledger knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShotRow {
    /// Its number.
    pub id: ShotId,
    /// Whose; `None` for a stray.
    pub sitting: Option<SittingId>,
    /// Its object in the vault.
    pub object: Digest,
    /// SHA-256 of the camera's file.
    pub jpeg: Digest,
}

/// A kept portrait as the ledger knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptRow {
    /// The sitting.
    pub sitting: SittingId,
    /// The shot it was made of.
    pub shot: ShotId,
    /// Its object in the vault.
    pub object: Digest,
    /// SHA-256 of its JPEG.
    pub jpeg: Digest,
    /// Whether it was withdrawn: two persons said that it is not his.
    pub withdrawn: bool,
}

/// Brings the tables up to date with a line of the journal.
pub(super) fn apply(
    tx: &Transaction<'_>,
    seq: i64,
    at: Moment,
    fact: &Fact,
    sitter: Option<&Sitting>,
) -> Result<(), LedgerError> {
    match fact {
        Fact::Seated { sitting, retake, .. } => {
            let code = sitter.map(|sitter| sitter.code.expose());
            let student = sitter.map(|sitter| sitter.bearer.key.expose());
            run(
                tx,
                "INSERT INTO sitting (id, code, since, retake, student) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![sitting.0 as i64, code, at.0, retake, student],
            )
        }
        Fact::Taken { sitting, original } => shot(tx, Some(*sitting), original),
        Fact::Stray { original } => shot(tx, None, original),
        Fact::Adopted { sitting, original } => shot(tx, *sitting, original),
        Fact::Kept { .. } => keep(tx, seq, fact),
        Fact::Dismissed { sitting } => end(tx, *sitting, "dismissed"),
        Fact::Interrupted { sitting } => end(tx, *sitting, "interrupted"),
        Fact::Delivered { target, object } => {
            // Delivered again, after another of the same student was: what counts is what was handed over last.
            let sql = "INSERT OR REPLACE INTO delivery (target, object, seq) VALUES (?1, ?2, ?3)";
            run(tx, sql, params![target, object.to_string(), seq])
        }
        Fact::Disowned { shot, .. } => {
            run(tx, "UPDATE shot SET sitting = NULL WHERE id = ?1", params![shot.0 as i64])
        }
        Fact::Assigned { sitting, shot, .. } => assign(tx, *sitting, *shot),
        Fact::Corrected { from, shot, object, to, .. } => withdraw(tx, seq, (*from, *shot, *object), *to),
        Fact::Opened { .. }
        | Fact::Declined { .. }
        | Fact::Refused { .. }
        | Fact::Unlocked { .. }
        | Fact::UnlockFailed { .. }
        | Fact::LetIn { .. }
        | Fact::Overruled { .. }
        | Fact::RosterTaken { .. }
        | Fact::WalkedUp { .. }
        | Fact::Accepted { .. }
        | Fact::DestructionBegan { .. }
        | Fact::Checkpoint { .. }
        | Fact::BackedUp { .. } => Ok(()),
    }
}

fn run(tx: &Transaction<'_>, sql: &str, values: &[&dyn ToSql]) -> Result<(), LedgerError> {
    tx.prepare_cached(sql)?.execute(values).map_err(LedgerError::from_write)?;
    Ok(())
}

fn shot(tx: &Transaction<'_>, sitting: Option<SittingId>, original: &Original) -> Result<(), LedgerError> {
    let sitting = sitting.map(|sitting| sitting.0 as i64);
    let (object, jpeg) = (original.object.to_string(), original.jpeg.to_string());
    let sql = "INSERT INTO shot (id, sitting, object, jpeg) VALUES (?1, ?2, ?3, ?4)";
    run(tx, sql, params![original.shot.0 as i64, sitting, object, jpeg])
}

fn keep(tx: &Transaction<'_>, seq: i64, fact: &Fact) -> Result<(), LedgerError> {
    let Fact::Kept { sitting, shot, object, portrait, bytes, quality, supersedes, .. } = fact else {
        return Ok(());
    };
    let sql = "INSERT INTO kept (sitting, shot, object, jpeg, bytes, quality, seq)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let (object, jpeg, bytes) = (object.to_string(), portrait.to_string(), *bytes as i64);
    run(tx, sql, params![sitting.0 as i64, shot.0 as i64, object, jpeg, bytes, quality, seq])?;
    for earlier in supersedes {
        let sql = "INSERT INTO superseding (earlier, later) VALUES (?1, ?2)";
        run(tx, sql, params![earlier.to_string(), seq])?;
    }
    end(tx, *sitting, "kept")
}

/// A portrait counts no longer, and its shot goes to whom it belongs, or to the strays.
fn withdraw(
    tx: &Transaction<'_>,
    seq: i64,
    (from, shot, object): (SittingId, ShotId, Digest),
    to: Option<SittingId>,
) -> Result<(), LedgerError> {
    let sql = "UPDATE kept SET withdrawn = ?1
               WHERE sitting = ?2 AND shot = ?3 AND object = ?4 AND withdrawn IS NULL";
    let (sitting, id) = (from.0 as i64, shot.0 as i64);
    let done = tx.prepare_cached(sql)?.execute(params![seq, sitting, id, object.to_string()]);
    if done.map_err(LedgerError::from_write)? != 1 {
        return Err(LedgerError::NotHis { sitting: from });
    }
    let to = to.map(|to| to.0 as i64);
    run(tx, "UPDATE shot SET sitting = ?1 WHERE id = ?2", params![to, id])?;
    end(tx, from, "withdrawn")
}

/// Only a stray is given to somebody, and once.
fn assign(tx: &Transaction<'_>, sitting: SittingId, shot: ShotId) -> Result<(), LedgerError> {
    let sql = "UPDATE shot SET sitting = ?1 WHERE id = ?2 AND sitting IS NULL";
    let given = tx.prepare_cached(sql)?.execute([sitting.0 as i64, shot.0 as i64]);
    if given.map_err(LedgerError::from_write)? == 1 { Ok(()) } else { Err(LedgerError::NotAStray { shot }) }
}

fn end(tx: &Transaction<'_>, sitting: SittingId, ending: &str) -> Result<(), LedgerError> {
    run(tx, "UPDATE sitting SET ending = ?2 WHERE id = ?1", params![sitting.0 as i64, ending])
}

/// One more than the highest number of a sitting and of a shot.
pub(super) fn next_numbers(db: &Connection) -> Result<(SittingId, ShotId), LedgerError> {
    let next = |sql: &str| -> Result<u64, LedgerError> {
        let highest: Option<i64> = db.query_row(sql, [], |row| row.get(0))?;
        Ok(highest.unwrap_or(0) as u64 + 1)
    };
    let sitting = next("SELECT max(id) FROM sitting")?;
    Ok((SittingId(sitting), ShotId(next("SELECT max(id) FROM shot")?)))
}

pub(super) fn shot_with_jpeg(db: &Connection, jpeg: Digest) -> Result<Option<ShotRow>, LedgerError> {
    let sql = "SELECT id, sitting, object, jpeg FROM shot WHERE jpeg = ?1";
    Ok(db.prepare_cached(sql)?.query_row([jpeg.to_string()], read_shot).optional()?)
}

pub(super) fn shot_by_number(db: &Connection, id: ShotId) -> Result<Option<ShotRow>, LedgerError> {
    let sql = "SELECT id, sitting, object, jpeg FROM shot WHERE id = ?1";
    Ok(db.prepare_cached(sql)?.query_row([id.0 as i64], read_shot).optional()?)
}

pub(super) fn sitting(db: &Connection, id: SittingId) -> Result<Option<SittingRow>, LedgerError> {
    let mut query = db.prepare_cached("SELECT code, ending FROM sitting WHERE id = ?1")?;
    let found: Option<(String, Option<String>)> =
        query.query_row([id.0 as i64], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    found
        .map(|(code, ending)| match code.parse() {
            Ok(code) => Ok(SittingRow { id, code, ending }),
            Err(_no_code) => Err(LedgerError::Impossible { table: "sitting" }),
        })
        .transpose()
}

pub(super) fn sittings_of(db: &Connection, student: &StudentKey) -> Result<Vec<SittingRow>, LedgerError> {
    let ids = db
        .prepare_cached("SELECT id FROM sitting WHERE student = ?1 ORDER BY id")?
        .query_map([student.expose()], |row| Ok(SittingId(row.get::<_, i64>(0)? as u64)))?
        .collect::<Result<Vec<_>, _>>()?;
    ids.into_iter().filter_map(|id| sitting(db, id).transpose()).collect()
}

pub(super) fn student_of(db: &Connection, id: SittingId) -> Result<Option<StudentKey>, LedgerError> {
    let mut query = db.prepare_cached("SELECT student FROM sitting WHERE id = ?1")?;
    Ok(query.query_row([id.0 as i64], |row| Ok(StudentKey::of_ledger(row.get(0)?))).optional()?)
}

/// Names the student of every sitting anew, in their order: by what somebody is known again depends on how codes
/// are looked into, and that may have changed since.
pub(super) fn name_students(
    tx: &Transaction<'_>,
    mut name: impl FnMut(&CaptureCode, bool) -> StudentKey,
) -> Result<(), LedgerError> {
    let sql = "SELECT id, code, student, ending IS 'kept' FROM sitting ORDER BY id";
    let rows = tx
        .prepare(sql)?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
        .collect::<Result<Vec<(i64, String, String, bool)>, _>>()?;
    for (id, code, was, kept) in rows {
        let code = code.parse().map_err(|_no_code| LedgerError::Impossible { table: "sitting" })?;
        let is = name(&code, kept);
        if is.expose() != was {
            run(tx, "UPDATE sitting SET student = ?2 WHERE id = ?1", params![id, is.expose()])?;
        }
    }
    Ok(())
}

pub(super) fn open_sittings(db: &Connection) -> Result<Vec<SittingId>, LedgerError> {
    let mut query = db.prepare("SELECT id FROM sitting WHERE ending IS NULL ORDER BY id")?;
    let rows = query.query_map([], |row| Ok(SittingId(row.get::<_, i64>(0)? as u64)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn shots(db: &Connection) -> Result<Vec<ShotRow>, LedgerError> {
    let mut query = db.prepare("SELECT id, sitting, object, jpeg FROM shot ORDER BY id")?;
    let rows = query.query_map([], read_shot)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn kept(db: &Connection) -> Result<Vec<KeptRow>, LedgerError> {
    let mut query =
        db.prepare("SELECT sitting, shot, object, jpeg, withdrawn IS NOT NULL FROM kept ORDER BY seq")?;
    let rows = query.query_map([], read_kept)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether an object was kept as a sitting's portrait.
pub(super) fn was_kept_for(db: &Connection, object: Digest, sitting: SittingId) -> Result<bool, LedgerError> {
    let mut query = db.prepare_cached("SELECT 1 FROM kept WHERE object = ?1 AND sitting = ?2")?;
    Ok(query.exists((object.to_string(), sitting.0 as i64))?)
}

/// The portrait of a sitting that counts, and whether it is its student's current one.
pub(super) fn kept_of(db: &Connection, sitting: SittingId) -> Result<Option<(KeptRow, bool)>, LedgerError> {
    let sql =
        "SELECT sitting, shot, object, jpeg, 0, EXISTS (SELECT 1 FROM newest WHERE newest.seq = kept.seq)
               FROM kept WHERE holds = ?1";
    let mut query = db.prepare_cached(sql)?;
    Ok(query.query_row([sitting.0 as i64], |row| Ok((read_kept(row)?, row.get(5)?))).optional()?)
}

fn read_kept(row: &Row<'_>) -> rusqlite::Result<KeptRow> {
    Ok(KeptRow {
        sitting: SittingId(row.get::<_, i64>(0)? as u64),
        shot: ShotId(row.get::<_, i64>(1)? as u64),
        object: digest(row, 2)?,
        jpeg: digest(row, 3)?,
        withdrawn: row.get(4)?,
    })
}

/// A student's portraits that were not withdrawn, oldest first: what a new one takes the place of.
pub(super) fn portraits_of(db: &Connection, student: &StudentKey) -> Result<Vec<Digest>, LedgerError> {
    let sql = "SELECT kept.object FROM kept JOIN sitting ON sitting.id = kept.sitting
               WHERE sitting.student = ?1 AND kept.withdrawn IS NULL ORDER BY kept.seq";
    let mut query = db.prepare_cached(sql)?;
    let rows = query.query_map([student.expose()], |row| digest(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether the portrait of a sitting stands: not withdrawn, and none took its place.
pub(super) fn stands(db: &Connection, sitting: SittingId) -> Result<bool, LedgerError> {
    let sql = "SELECT 1 FROM standing WHERE sitting = ?1";
    Ok(db.prepare_cached(sql)?.exists([sitting.0 as i64])?)
}

/// Whether a fact puts a shot on the shelf.
pub(super) fn is_shot(fact: &Fact) -> bool {
    matches!(fact, Fact::Taken { .. } | Fact::Stray { .. } | Fact::Adopted { .. })
}

/// Whether a fact keeps a portrait.
pub(super) fn is_kept(fact: &Fact) -> bool {
    matches!(fact, Fact::Kept { .. })
}

fn read_shot(row: &Row<'_>) -> rusqlite::Result<ShotRow> {
    Ok(ShotRow {
        id: ShotId(row.get::<_, i64>(0)? as u64),
        sitting: row.get::<_, Option<i64>>(1)?.map(|id| SittingId(id as u64)),
        object: digest(row, 2)?,
        jpeg: digest(row, 3)?,
    })
}

/// A digest written in a column.
pub(super) fn digest(row: &Row<'_>, column: usize) -> rusqlite::Result<Digest> {
    let text: String = row.get(column)?;
    text.parse().map_err(|err: crate::shot::NotADigest| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(err))
    })
}
