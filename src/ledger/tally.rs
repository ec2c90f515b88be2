//! Counts for the screen and for the day's end. They are told after every act, so none of them takes longer in a store
//! that is full.

use rusqlite::Connection;

use super::{LedgerError, copy, newest};
use crate::shot::Moment;

/// How many of what, since the ledger began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Students whose portrait is kept.
    pub students: u64,
    /// Students whose current portrait was kept since the moment that was asked for: today.
    pub today: u64,
    /// Sittings, retakes included.
    pub sittings: u64,
    /// Shots on the shelf.
    pub shots: u64,
    /// Shots that belong to nobody.
    pub strays: u64,
    /// Portraits that wait for delivery.
    pub waiting: u64,
    /// Shots that are in no backup on another disk.
    pub alone: u64,
}

pub(super) fn count(db: &Connection, since: Moment) -> Result<Tally, LedgerError> {
    let count = |sql: &str| -> Result<u64, LedgerError> {
        Ok(db.prepare_cached(sql)?.query_row([], |row| row.get::<_, i64>(0))? as u64)
    };
    let newest::Counted { students, since: today, waiting } = newest::count(db, since)?;
    let shots = count("SELECT count(*) FROM shot")?;
    let alone = copy::covered(db)?.map_or(Ok(shots), |seq| copy::shots_after(db, seq))?;
    Ok(Tally {
        students,
        today,
        sittings: count("SELECT count(*) FROM sitting")?,
        shots,
        strays: count("SELECT count(*) FROM shot WHERE sitting IS NULL")?,
        waiting,
        alone,
    })
}
