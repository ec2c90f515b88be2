//! Each student's current portrait, and which of these wait for delivery: kept ready by triggers (`migrations/0003.sql`),
//! because they are counted after every act. Here they are read, and held against what they follow from.

use rusqlite::{Connection, OptionalExtension as _};

use super::{LedgerError, tables::digest};
use crate::{
    shot::{Digest, Moment},
    student::StudentKey,
};

/// How many students have a portrait, of how many the current one was kept since a moment, and how many of them wait.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    pub(super) students: u64,
    pub(super) since: u64,
    pub(super) waiting: u64,
}

pub(super) fn count(db: &Connection, since: Moment) -> Result<Counted, LedgerError> {
    let count = |sql| -> Result<u64, LedgerError> {
        Ok(db.prepare_cached(sql)?.query_row([], |row| row.get::<_, i64>(0))? as u64)
    };
    let today = "SELECT count(*) FROM newest WHERE at >= ?1";
    let today: i64 = db.prepare_cached(today)?.query_row([since.0], |row| row.get(0))?;
    Ok(Counted {
        students: count("SELECT count(*) FROM newest")?,
        since: today as u64,
        waiting: count("SELECT count(*) FROM waiting")?,
    })
}

/// The object of a student's current portrait, if he has one.
pub(super) fn of(db: &Connection, student: &StudentKey) -> Result<Option<Digest>, LedgerError> {
    let sql = "SELECT kept.object FROM newest JOIN kept ON kept.seq = newest.seq WHERE student = ?1";
    Ok(db.prepare_cached(sql)?.query_row([student.expose()], |row| digest(row, 0)).optional()?)
}

/// Whether what stands ready follows from the tables: current portraits, the queue, and when sittings ended.
pub(super) fn is_sound(db: &Connection) -> Result<bool, LedgerError> {
    let differ = |one: &str, other: &str| -> Result<bool, LedgerError> {
        let sql = format!("{one} EXCEPT {other} UNION ALL SELECT * FROM ({other} EXCEPT {one})");
        Ok(db.prepare(&sql)?.exists([])?)
    };
    let ended = "SELECT sitting.id FROM sitting WHERE ended IS NOT (
                     SELECT at FROM journal
                     WHERE journal.sitting = sitting.id AND +kind IN ('kept', 'dismissed', 'interrupted')
                     ORDER BY seq LIMIT 1)";
    Ok(!differ("SELECT seq, student, at FROM newest", "SELECT seq, student, at FROM newest_should_be")?
        && !differ("SELECT seq FROM waiting", "SELECT seq FROM waiting_should_be")?
        && !db.prepare(ended)?.exists([])?)
}
