//! What is found in the journal by what its lines are about: asked at every start and at many acts, so nothing here
//! reads the journal as a whole.

use std::collections::BTreeSet;

use rusqlite::{Connection, Params, Row};

use super::{Ledger, LedgerError, Line, journal};
use crate::{
    shot::{Digest, Moment, ShotId, SittingId},
    station::{Fact, Original},
};

/// The papers in the vault that the journal tells of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Papers {
    /// The school's roster.
    pub roster: Option<Digest>,
    /// Who came without being in it.
    pub walk_ups: Vec<Digest>,
}

impl Ledger {
    /// The earliest time of any line: since when the store is at work; `None` before it is.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn began(&self) -> Result<Option<Moment>, LedgerError> {
        journal::began(&self.db)
    }

    /// Every original on the shelf, as the journal tells of it, in no order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn originals(&self) -> Result<Vec<Original>, LedgerError> {
        let sql = "SELECT seq, at, fact FROM journal WHERE kind IN ('taken', 'stray', 'adopted')";
        let lines = lines(&self.db, sql, [])?;
        Ok(lines.into_iter().filter_map(|line| line.fact.into_original()).collect())
    }

    /// The papers in the vault that count: the roster that was taken in last, and everybody who walked up.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn papers(&self) -> Result<Papers, LedgerError> {
        let sql =
            "SELECT seq, at, fact FROM journal WHERE kind IN ('roster_taken', 'walked_up') ORDER BY seq";
        let mut papers = Papers::default();
        for line in lines(&self.db, sql, [])? {
            if let Fact::RosterTaken { paper, .. } = line.fact {
                papers.roster = Some(paper);
            } else if let Fact::WalkedUp { paper, .. } = line.fact {
                papers.walk_ups.push(paper);
            }
        }
        Ok(papers)
    }

    /// The name of the station that began the store; `None` before it did.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn station(&self) -> Result<Option<String>, LedgerError> {
        let first = lines(&self.db, "SELECT seq, at, fact FROM journal WHERE seq = 1", [])?.pop();
        let opened = first.map(|line| line.fact);
        Ok(if let Some(Fact::Opened { station, .. }) = opened { Some(station) } else { None })
    }

    /// The profile that the store was opened with last; `None` before it was.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn last_profile(&self) -> Result<Option<String>, LedgerError> {
        let sql = "SELECT seq, at, fact FROM journal WHERE kind = 'opened' ORDER BY seq DESC LIMIT 1";
        let opened = lines(&self.db, sql, [])?.pop().map(|line| line.fact);
        Ok(if let Some(Fact::Opened { profile, .. }) = opened { Some(profile) } else { None })
    }

    /// The sitting that a shot was taken for before it became a stray.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn disowned_from(&self, shot: ShotId) -> Result<Option<SittingId>, LedgerError> {
        Ok(disowning(&self.db, shot)?.map(|(sitting, _)| sitting))
    }

    /// Shots that a person gave to somebody.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn assigned(&self) -> Result<BTreeSet<ShotId>, LedgerError> {
        let sql = "SELECT seq, at, fact FROM journal WHERE kind = 'assigned'";
        let assigned =
            |line: Line| if let Fact::Assigned { shot, .. } = line.fact { Some(shot) } else { None };
        Ok(lines(&self.db, sql, [])?.into_iter().filter_map(assigned).collect())
    }
}

/// The sitting a shot was disowned from last, and the reason's short name.
///
/// The unary plus keeps SQLite from going through every line of a kind, where the shot's own lines are a handful.
pub(super) fn disowning(db: &Connection, shot: ShotId) -> Result<Option<(SittingId, String)>, LedgerError> {
    let sql = "SELECT seq, at, fact FROM journal WHERE shot = ?1 AND +kind = 'disowned'
               ORDER BY seq DESC LIMIT 1";
    let line = lines(db, sql, [shot.0 as i64])?.pop();
    Ok(line.and_then(|line| {
        let Fact::Disowned { sitting, reason, .. } = line.fact else { return None };
        Some((sitting, reason))
    }))
}

/// Everything that was written down of a sitting, in its order.
pub(super) fn lines_of(db: &Connection, sitting: SittingId) -> Result<Vec<Line>, LedgerError> {
    let sql = "SELECT seq, at, fact FROM journal WHERE sitting = ?1 ORDER BY seq";
    lines(db, sql, [sitting.0 as i64])
}

/// The lines that a query finds, by number, moment and words. What is no fact is told by those who verify.
pub(super) fn lines(db: &Connection, sql: &str, values: impl Params) -> Result<Vec<Line>, LedgerError> {
    let mut query = db.prepare_cached(sql)?;
    let found = query.query_map(values, read)?.collect::<Result<Vec<_>, _>>()?;
    Ok(found.into_iter().flatten().collect())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Option<Line>> {
    let (seq, at, words): (_, _, String) = (row.get(0)?, Moment(row.get(1)?), row.get(2)?);
    Ok(serde_json::from_str(&words).ok().map(|fact| Line { seq, at, fact }))
}
