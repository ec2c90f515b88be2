//! What can be wrong with a ledger, by kind, and what is. [`screens::trouble`](crate::screens::trouble) has the words for operators.

use std::fmt;

use super::{Ledger, LedgerError, RawLine, Witnesses, agreement, chain, checkpoint, journal};

/// Something in the ledger that cannot be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsound {
    /// The journal line it is about, or the first of several; `None` when it is about no line.
    pub seq: Option<i64>,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// Lines are missing, from the first to the last of these; what follows them cannot be proven.
    Missing {
        /// The first.
        from: i64,
        /// The last.
        to: i64,
    },
    /// The line was changed, or it does not follow from the one before.
    Changed,
    /// The line was slipped in; those after it were numbered anew.
    SlippedIn,
    /// The line was changed, or lines before it were taken out or slipped in; those after it were numbered anew.
    Renumbered,
    /// The line is no fact that this program knows.
    NotAFact,
    /// The line is called a checkpoint and is none, or counts other lines than those before it.
    NotACheckpoint,
    /// A checkpoint is not signed by this station's key. Of one that somebody brought, how many lines it counts.
    NotSigned {
        /// So many.
        size: i64,
    },
    /// The tail was cut off: a checkpoint counted more lines.
    CutOff {
        /// The first line that is gone.
        from: i64,
        /// The last one that is known to be gone.
        to: i64,
    },
    /// From one of these lines on the journal was written anew: a checkpoint says otherwise.
    Rewritten {
        /// The first that may have been changed.
        from: i64,
        /// The last one that may have been the first to be changed.
        to: i64,
    },
    /// A checkpoint tells other numbers than the lines it counts.
    Miscounted {
        /// So many lines.
        size: i64,
    },
    /// SQLite finds its file damaged, and says how.
    Damaged(String),
    /// A table speaks of something that is not there.
    Dangling,
    /// The tables say something else than a line.
    OtherTables,
    /// What stands ready of current portraits, the queue and the ends of sittings does not follow from the tables.
    Stale,
    /// The tables have other numbers than the journal: shots and portraits.
    OtherCounts {
        /// In the tables.
        tables: (usize, usize),
        /// In the journal.
        journal: (usize, usize),
    },
}

impl Ledger {
    /// Every line of the journal as it stands there, oldest first, believed by nobody.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn raw_lines(&self) -> Result<Vec<RawLine>, LedgerError> {
        journal::raw_lines(&self.db)
    }

    /// What is wrong with the journal's chain and with the tables that follow from it, and what its own checkpoints say
    /// against it; empty when all is well.
    ///
    /// # Errors
    /// When the store cannot be read at all.
    pub fn unsound(&self) -> Result<Vec<Unsound>, LedgerError> {
        self.unsound_before(&Witnesses::default())
    }

    /// The same, and what these checkpoints say against it. What the chain shows comes first, line by line.
    ///
    /// # Errors
    /// When the store cannot be read at all.
    pub fn unsound_before(&self, witnesses: &Witnesses<'_>) -> Result<Vec<Unsound>, LedgerError> {
        let lines = journal::raw_lines(&self.db)?;
        let mut found = chain::follow(&lines);
        found.extend(checkpoint::contradictions(&lines, witnesses));
        found.extend(agreement::contradictions(&self.db, &journal::that_read(lines))?);
        Ok(found)
    }
}

impl fmt::Display for Unsound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.seq {
            Some(seq) => write!(f, "journal line {seq}: {}", self.wrong),
            None => self.wrong.fmt(f),
        }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { from, to } => {
                write!(f, "lines {from} to {to} are missing, and the next one cannot be proven for that")
            }
            Self::Changed => f.write_str("it was changed, or does not follow from the line before"),
            Self::SlippedIn => {
                f.write_str("it was slipped in, and the lines after it were numbered anew")
            }
            Self::Renumbered => f.write_str(
                "it was changed, or lines before it were taken out or slipped in; those after it were numbered anew",
            ),
            Self::NotAFact => f.write_str("it is not a fact this program knows"),
            Self::NotACheckpoint => f.write_str("it is no checkpoint of the lines before it"),
            Self::NotSigned { size } => {
                write!(f, "the checkpoint of {size} lines is not signed by this station's key")
            }
            Self::CutOff { from, to } => {
                write!(f, "lines {from} to {to} were cut off: a checkpoint counted them")
            }
            Self::Rewritten { from, to } => write!(
                f,
                "the journal was written anew, from a line between {from} and {to} on: a checkpoint says otherwise"
            ),
            Self::Miscounted { size } => {
                write!(f, "the checkpoint of {size} lines tells other numbers than these lines")
            }
            Self::Damaged(sqlite) => write!(f, "SQLite finds its file damaged: {sqlite}"),
            Self::Dangling => f.write_str("a table speaks of something that is not there"),
            Self::OtherTables => f.write_str("the tables say something else"),
            Self::Stale => f.write_str("current portraits, the queue or ends of sittings do not follow from the tables"),
            Self::OtherCounts { tables: (shots, kept), journal: (shots_told, kept_told) } => write!(
                f,
                "the tables have {shots} shots and {kept} portraits, the journal {shots_told} and {kept_told}"
            ),
        }
    }
}
