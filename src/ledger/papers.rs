//! What of the vault the journal tells of: the school's papers, and every original.

use super::{Ledger, LedgerError, found};
use crate::{
    shot::Digest,
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
    /// Every original on the shelf, as the journal tells of it, in no order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn originals(&self) -> Result<Vec<Original>, LedgerError> {
        let lines = found::lines(&self.db, "WHERE kind IN ('taken', 'stray', 'adopted')", [])?;
        Ok(lines.into_iter().filter_map(|line| line.fact.into_original()).collect())
    }

    /// The papers in the vault that count: the roster that was taken in last, and everybody who walked up.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn papers(&self) -> Result<Papers, LedgerError> {
        let told = "WHERE kind IN ('roster_taken', 'walked_up') ORDER BY seq";
        let mut papers = Papers::default();
        for line in found::lines(&self.db, told, [])? {
            if let Fact::RosterTaken { paper, .. } = line.fact {
                papers.roster = Some(paper);
            } else if let Fact::WalkedUp { paper, .. } = line.fact {
                papers.walk_ups.push(paper);
            }
        }
        Ok(papers)
    }
}
