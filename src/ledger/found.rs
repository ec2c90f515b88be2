//! What is found in the journal by what its lines are about: asked at every start and at many acts, so nothing here
//! reads the journal as a whole.

use std::collections::BTreeSet;

use rusqlite::{Connection, Params};

use super::{Ledger, LedgerError, Line, RawLine, journal};
use crate::{
    shot::{ShotId, SittingId},
    station::Fact,
};

impl Ledger {
    /// The name of the station that began the store; `None` before it did.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn station(&self) -> Result<Option<String>, LedgerError> {
        Ok(lines(&self.db, "WHERE seq = 1", [])?.pop().map(|line| line.scribe.station))
    }

    /// The profile that the store was opened with last; `None` before it was.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn last_profile(&self) -> Result<Option<String>, LedgerError> {
        let opened = lines(&self.db, "WHERE kind = 'opened' ORDER BY seq DESC LIMIT 1", [])?.pop();
        Ok(opened.and_then(|line| {
            let Fact::Opened { profile, .. } = line.fact else { return None };
            Some(profile)
        }))
    }

    /// The sitting that a shot was taken for before it became a stray.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn disowned_from(&self, shot: ShotId) -> Result<Option<SittingId>, LedgerError> {
        Ok(disowning(&self.db, shot)?.map(|(sitting, _)| sitting))
    }

    /// Shots that a person gave to somebody, strays and corrections.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn assigned(&self) -> Result<BTreeSet<ShotId>, LedgerError> {
        let given = |line: Line| {
            let (Fact::Assigned { shot, .. } | Fact::Corrected { shot, to: Some(_), .. }) = line.fact else {
                return None;
            };
            Some(shot)
        };
        let lines = lines(&self.db, "WHERE kind IN ('assigned', 'corrected')", [])?;
        Ok(lines.into_iter().filter_map(given).collect())
    }
}

/// The sitting a shot was disowned from last, and the reason's short name.
///
/// The unary plus keeps SQLite from going through every line of a kind, where the shot's own lines are a handful.
pub(super) fn disowning(db: &Connection, shot: ShotId) -> Result<Option<(SittingId, String)>, LedgerError> {
    let last = "WHERE shot = ?1 AND +kind = 'disowned' ORDER BY seq DESC LIMIT 1";
    Ok(lines(db, last, [shot.0 as i64])?.pop().and_then(|line| {
        let Fact::Disowned { sitting, reason, .. } = line.fact else { return None };
        Some((sitting, reason))
    }))
}

/// Everything that was written down of a sitting, in its order.
pub(super) fn lines_of(db: &Connection, sitting: SittingId) -> Result<Vec<Line>, LedgerError> {
    lines(db, "WHERE sitting = ?1 ORDER BY seq", [sitting.0 as i64])
}

/// The lines that a condition picks. What is no fact is told by those who verify.
pub(super) fn lines(db: &Connection, which: &str, values: impl Params) -> Result<Vec<Line>, LedgerError> {
    let mut query = db.prepare_cached(&format!("SELECT {} FROM journal {which}", journal::COLUMNS))?;
    let found = query.query_map(values, RawLine::read)?;
    Ok(journal::that_read(found.collect::<Result<_, _>>()?))
}
