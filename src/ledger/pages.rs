//! The journal as a supervisor reads it: the newest lines first, some at a time, of one kind or of all; and whether its
//! chain is unbroken.

use rusqlite::params;

use super::{Ledger, LedgerError, Unsound, journal};
use crate::{shot::Moment, station::Fact};

/// What a line is about, as a supervisor asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// Everything.
    #[default]
    All,
    /// Portraits that were kept.
    Kept,
    /// Shots that were taken again.
    Again,
    /// Shots that belong to nobody.
    Strays,
    /// What was delivered.
    Delivered,
    /// Who stood for showing identities.
    Unlocked,
    /// Who was let in, and what was kept, on a person's word.
    LetIn,
}

impl Kind {
    /// All of them, in the order a supervisor sees them.
    pub const ALL: [Self; 7] =
        [Self::All, Self::Kept, Self::Again, Self::Strays, Self::Delivered, Self::Unlocked, Self::LetIn];

    /// What a fact is about beside everything; `None` for the course of the day.
    #[must_use]
    pub fn of(fact: &Fact) -> Option<Self> {
        match fact {
            Fact::Kept { .. } => Some(Self::Kept),
            Fact::Declined { .. } | Fact::Refused { .. } => Some(Self::Again),
            Fact::Stray { .. }
            | Fact::Disowned { .. }
            | Fact::Assigned { .. }
            | Fact::Adopted { sitting: None, .. } => Some(Self::Strays),
            Fact::Delivered { .. } => Some(Self::Delivered),
            Fact::Unlocked { .. } => Some(Self::Unlocked),
            Fact::LetIn { .. } | Fact::WalkedUp { .. } | Fact::Overruled { .. } => Some(Self::LetIn),
            Fact::Opened { .. }
            | Fact::Seated { .. }
            | Fact::Taken { .. }
            | Fact::Dismissed { .. }
            | Fact::Interrupted { .. }
            | Fact::Adopted { .. }
            | Fact::RosterTaken { .. }
            | Fact::BackedUp { .. } => None,
        }
    }

    /// Whether a line belongs to it. A line that cannot be read is hidden from nobody.
    fn takes(self, fact: Option<&Fact>) -> bool {
        self == Self::All || fact.is_none_or(|fact| Self::of(fact) == Some(self))
    }
}

/// A line as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageLine {
    /// Its number.
    pub seq: i64,
    /// When it was written.
    pub at: Moment,
    /// What it says; `None` when this program cannot read it.
    pub fact: Option<Fact>,
}

/// Some lines of the journal, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// The lines.
    pub lines: Vec<PageLine>,
    /// Whether there are no older ones.
    pub is_last: bool,
}

/// Whether every line of the journal follows from the one before it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chain {
    /// How many lines there are.
    pub lines: usize,
    /// Where it is broken; empty when it is not.
    pub broken: Vec<Unsound>,
}

impl Ledger {
    /// At most `room` lines of a kind, the newest first: those before line `before`, or the newest there are.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn page(&self, kind: Kind, before: Option<i64>, room: usize) -> Result<Page, LedgerError> {
        let sql = "SELECT seq, at, fact FROM journal WHERE seq < ?1 ORDER BY seq DESC";
        let mut query = self.db.prepare_cached(sql)?;
        let mut rows = query.query(params![before.unwrap_or(i64::MAX)])?;
        let mut page = Page::default();
        while let Some(row) = rows.next()? {
            let words: String = row.get(2)?;
            let fact = serde_json::from_str::<Fact>(&words).ok();
            if !kind.takes(fact.as_ref()) {
                continue;
            }
            // One more than there is room for: it is not the last page.
            if page.lines.len() == room {
                return Ok(page);
            }
            page.lines.push(PageLine { seq: row.get(0)?, at: Moment(row.get(1)?), fact });
        }
        Ok(Page { is_last: true, ..page })
    }

    /// Follows the journal's chain from its first line to its last.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn chain(&self) -> Result<Chain, LedgerError> {
        self.held_still(|ledger| {
            let count = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
            let lines = ledger.db.query_row("SELECT count(*) FROM journal", [], count)? as usize;
            Ok(Chain { lines, broken: journal::unsound(&ledger.db)? })
        })
    }
}
