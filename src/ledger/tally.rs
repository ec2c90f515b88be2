//! Counts for the screen and for the day's end.

use rusqlite::Connection;

use super::LedgerError;

/// How many of what, since the ledger began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Students whose portrait is kept.
    pub students: u64,
    /// Sittings, retakes included.
    pub sittings: u64,
    /// Shots on the shelf.
    pub shots: u64,
    /// Shots that belong to nobody.
    pub strays: u64,
    /// Portraits that wait for delivery.
    pub waiting: u64,
}

pub(super) fn count(db: &Connection) -> Result<Tally, LedgerError> {
    let count = |sql: &str| -> Result<u64, LedgerError> {
        Ok(db.prepare_cached(sql)?.query_row([], |row| row.get::<_, i64>(0))? as u64)
    };
    Ok(Tally {
        students: count("SELECT count(DISTINCT code) FROM kept JOIN sitting ON sitting.id = kept.sitting")?,
        sittings: count("SELECT count(*) FROM sitting")?,
        shots: count("SELECT count(*) FROM shot")?,
        strays: count("SELECT count(*) FROM shot WHERE sitting IS NULL")?,
        waiting: count("SELECT count(*) FROM queue")?,
    })
}
