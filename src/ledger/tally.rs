//! Counts for the screen and for the day's end.

use rusqlite::Connection;

use super::LedgerError;
use crate::shot::Moment;

/// How many of what, since the ledger began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Students whose portrait is kept.
    pub students: u64,
    /// Students whose portrait was kept since the moment that was asked for: today.
    pub today: u64,
    /// Sittings, retakes included.
    pub sittings: u64,
    /// Shots on the shelf.
    pub shots: u64,
    /// Shots that belong to nobody.
    pub strays: u64,
    /// Portraits that wait for delivery.
    pub waiting: u64,
}

pub(super) fn count(db: &Connection, since: Moment) -> Result<Tally, LedgerError> {
    let count = |sql: &str| -> Result<u64, LedgerError> {
        Ok(db.prepare_cached(sql)?.query_row([], |row| row.get::<_, i64>(0))? as u64)
    };
    let today = "SELECT count(DISTINCT student) FROM kept JOIN sitting ON sitting.id = kept.sitting
                 JOIN journal ON journal.seq = kept.seq WHERE journal.at >= ?1 AND kept.withdrawn IS NULL";
    let today: i64 = db.prepare_cached(today)?.query_row([since.0], |row| row.get(0))?;
    Ok(Tally {
        today: today as u64,
        students: count(
            "SELECT count(DISTINCT student) FROM kept JOIN sitting ON sitting.id = kept.sitting
             WHERE kept.withdrawn IS NULL",
        )?,
        sittings: count("SELECT count(*) FROM sitting")?,
        shots: count("SELECT count(*) FROM shot")?,
        strays: count("SELECT count(*) FROM shot WHERE sitting IS NULL")?,
        waiting: count("SELECT count(*) FROM queue")?,
    })
}
