//! The journal as a supervisor reads it: the newest lines first, some at a time, all of them or those he asks for; and
//! whether its chain is unbroken.

use rusqlite::params;

use super::{Ledger, LedgerError, Scribe, Unsound, chain, checkpoint, journal};
use crate::{
    shot::{Moment, SittingId},
    station::Fact,
};

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
    /// Who unlocked, or tried to.
    Unlocked,
    /// Who was let in, and what was kept or corrected, on a person's word.
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
            Fact::Delivered { .. } | Fact::Accepted { .. } => Some(Self::Delivered),
            Fact::Unlocked { .. } | Fact::UnlockFailed { .. } => Some(Self::Unlocked),
            Fact::LetIn { .. } | Fact::WalkedUp { .. } | Fact::Overruled { .. } | Fact::Corrected { .. } => {
                Some(Self::LetIn)
            }
            Fact::Opened { .. }
            | Fact::Seated { .. }
            | Fact::Taken { .. }
            | Fact::Dismissed { .. }
            | Fact::Interrupted { .. }
            | Fact::Adopted { .. }
            | Fact::RosterTaken { .. }
            | Fact::DestructionBegan { .. }
            | Fact::Checkpoint { .. }
            | Fact::BackedUp { .. } => None,
        }
    }

    /// Its short name, on the command line and in tables.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Kept => "kept",
            Self::Again => "again",
            Self::Strays => "strays",
            Self::Delivered => "delivered",
            Self::Unlocked => "unlocked",
            Self::LetIn => "let-in",
        }
    }

    /// Whether a line belongs to it. A line that cannot be read is hidden from nobody.
    fn takes(self, fact: Option<&Fact>) -> bool {
        self == Self::All || fact.is_none_or(|fact| Self::of(fact) == Some(self))
    }
}

/// Which lines somebody asks for: those that are all of this.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// About this.
    pub kind: Kind,
    /// Written while he had logged in; an empty text while nobody had. `None`: whoever had.
    pub who: Option<String>,
    /// Of this sitting.
    pub sitting: Option<SittingId>,
    /// Not before this moment.
    pub from: Option<Moment>,
    /// Before this moment.
    pub until: Option<Moment>,
}

impl Filter {
    /// Lines about this.
    #[must_use]
    pub fn of(kind: Kind) -> Self {
        Self { kind, ..Self::default() }
    }

    /// Whether a line is asked for. One that cannot be read is hidden from nobody who asks for its time and its writer.
    fn takes(&self, line: &PageLine) -> bool {
        let Self { kind, who, sitting, from, until } = self;
        kind.takes(line.fact.as_ref())
            && who.as_ref().is_none_or(|who| *who == line.scribe.who)
            && sitting.is_none_or(|sitting| line.fact.as_ref().is_none_or(|fact| fact.is_about(sitting)))
            && from.is_none_or(|from| line.at >= from)
            && until.is_none_or(|until| line.at < until)
    }
}

/// A line as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageLine {
    /// Its number.
    pub seq: i64,
    /// When it was written.
    pub at: Moment,
    /// Where, and by whom.
    pub scribe: Scribe,
    /// What it says; `None` when this program cannot read it.
    pub fact: Option<Fact>,
    /// Its hash.
    pub hash: Vec<u8>,
}

/// Some lines of the journal, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// The lines.
    pub lines: Vec<PageLine>,
    /// Whether there are no older ones.
    pub is_last: bool,
}

/// Whether every line of the journal follows from the one before it, and its checkpoints agree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chain {
    /// How many lines there are.
    pub lines: usize,
    /// Where it is broken; empty when it is not.
    pub broken: Vec<Unsound>,
    /// Who had logged in at any line, in the order of their names; an empty text where nobody had.
    pub people: Vec<String>,
}

impl Ledger {
    /// At most `room` lines of those that are asked for, the newest first: those before line `before`, or the newest
    /// there are.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn page(&self, filter: &Filter, before: Option<i64>, room: usize) -> Result<Page, LedgerError> {
        let sql = format!("SELECT {} FROM journal WHERE seq < ?1 ORDER BY seq DESC", journal::COLUMNS);
        let mut query = self.db.prepare_cached(&sql)?;
        let mut rows = query.query(params![before.unwrap_or(i64::MAX)])?;
        let mut page = Page::default();
        while let Some(row) = rows.next()? {
            let line = PageLine::from(journal::RawLine::read(row)?);
            if !filter.takes(&line) {
                continue;
            }
            // One more than there is room for: it is not the last page.
            if page.lines.len() == room {
                return Ok(page);
            }
            page.lines.push(line);
        }
        Ok(Page { is_last: true, ..page })
    }

    /// The lines that are asked for, the oldest first, one after the other; `take` may end it.
    ///
    /// # Errors
    /// When the store cannot be read, or as `take`.
    pub fn read_lines<E: From<LedgerError>>(
        &self,
        filter: &Filter,
        mut take: impl FnMut(PageLine) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = format!("SELECT {} FROM journal ORDER BY seq", journal::COLUMNS);
        let mut query = self.db.prepare_cached(&sql).map_err(LedgerError::from)?;
        let mut rows = query.query([]).map_err(LedgerError::from)?;
        while let Some(row) = rows.next().map_err(LedgerError::from)? {
            let line = PageLine::from(journal::RawLine::read(row).map_err(LedgerError::from)?);
            if filter.takes(&line) {
                take(line)?;
            }
        }
        Ok(())
    }

    /// Follows the journal's chain from its first line to its last.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn chain(&self) -> Result<Chain, LedgerError> {
        let lines = journal::raw_lines(&self.db)?;
        let mut broken = chain::follow(&lines);
        broken.extend(checkpoint::contradictions(&lines, &checkpoint::Witnesses::default()));
        let mut people: Vec<String> = lines.iter().map(|line| journal::text(&line.who)).collect();
        people.sort_unstable();
        people.dedup();
        Ok(Chain { lines: lines.len(), broken, people })
    }
}

impl From<journal::RawLine> for PageLine {
    fn from(line: journal::RawLine) -> Self {
        let fact = line.fact();
        let scribe = Scribe { station: journal::text(&line.station), who: journal::text(&line.who) };
        Self { seq: line.seq, at: line.at, scribe, fact, hash: line.hash }
    }
}
