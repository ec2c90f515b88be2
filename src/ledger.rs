//! 台账: the SQLite store. An append-only journal of facts, hash-chained, and tables made from it.
//!
//! The door of the crate `rusqlite`. The file is encrypted page by page (SQLCipher). One writing connection, the
//! clerk's; beside it a command may write the one line that a second copy was made ([`crate::clerk::note_backup`]). Every
//! write is one immediate transaction that appends to the journal and brings the tables up to date, or does neither.
//! `synchronous=FULL`, because in WAL mode anything less loses the last photo when the power fails (facts/record.md
//! section 1, measured).

mod agreement;
mod candidates;
mod chain;
mod checkpoint;
mod connection;
mod copy;
mod day;
mod emptying;
mod error;
mod found;
#[cfg(test)]
mod growth;
mod journal;
mod newest;
mod note;
mod owners;
mod pages;
mod papers;
mod questions;
mod queue;
mod sitters;
mod tables;
mod tally;
mod unsound;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use rusqlite_migration::{M, Migrations};

pub use candidates::{Candidate, Double};
pub use checkpoint::{Noted, Witnesses};
pub use connection::{file_of, is_store};
pub use copy::{Head, Mentioned, SecondCopy};
pub use day::Day;
pub use error::LedgerError;
pub use journal::{Line, RawLine, Scribe};
pub use note::{Checkpoint, KnownKey, NotANote, Note, StationKey};
pub use pages::{Chain, Filter, Kind, Page, PageLine};
pub use papers::Papers;
pub use questions::{Conflict, History, Kept, SittingNote, StrayNote, Unkept};
pub use queue::Parcel;
pub use sitters::{KeptPortrait, Sitter};
pub use tables::{KeptRow, ShotRow, SittingRow};
pub use tally::Tally;
pub use unsound::{Unsound, Wrong};

use connection::{connect, connect_to_write, settle};

use crate::{
    keys::Store,
    shot::{Digest, Moment, ShotId, SittingId},
    station::{Fact, Sitting},
    student::{CaptureCode, StudentKey},
};

/// How the tables came to be, step by step. A step that a store may have gone through is never changed.
const STEPS: [M<'_>; 4] = [
    M::up(include_str!("ledger/migrations/0001.sql")),
    M::up(include_str!("ledger/migrations/0002.sql")),
    M::up(include_str!("ledger/migrations/0003.sql")),
    M::up(include_str!("ledger/migrations/0004.sql")),
];

/// The store of one station.
#[derive(Debug)]
pub struct Ledger {
    db: Connection,
    /// Who writes, and where; nobody and nowhere until it is said.
    scribe: Scribe,
    /// Whether the last write failed in a way that may have left the connection unfit for another one.
    ailing: bool,
    /// Whether something may have been committed that is on no disk.
    unsettled: bool,
}

impl Ledger {
    /// Opens or makes the ledger of a store, for writing.
    ///
    /// # Errors
    /// When the file cannot be opened or brought up to date.
    pub fn open(store: &Store) -> Result<Self, LedgerError> {
        let mut db = connect_to_write(store)?;
        Migrations::from_slice(&STEPS).to_latest(&mut db)?;
        Ok(Self::over(db))
    }

    /// Opens the ledger of a store for reading; nothing is made or changed.
    ///
    /// # Errors
    /// When there is none, or an older program wrote it.
    pub fn read(store: &Store) -> Result<Self, LedgerError> {
        Self::reading(connect(store, OpenFlags::SQLITE_OPEN_READ_ONLY)?)
    }

    fn reading(db: Connection) -> Result<Self, LedgerError> {
        let steps: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if steps < STEPS.len() as i64 {
            return Err(LedgerError::OldStore);
        }
        Ok(Self::over(db))
    }

    fn over(db: Connection) -> Self {
        Self { db, scribe: Scribe::default(), ailing: false, unsettled: false }
    }

    /// Opens the ledger anew if it does not read any more, or the last write failed; says whether it had to. What was
    /// committed until then is made durable, at the latest when nobody reads what was before.
    ///
    /// # Errors
    /// When the file cannot be opened or written: then nothing can be read or written until it can.
    pub fn renew(&mut self, store: &Store) -> Result<bool, LedgerError> {
        let is_new = self.ailing || !connection::reads(&self.db);
        if is_new {
            (self.ailing, self.unsettled) = (true, true);
            // The old one goes first: a lock that could not be given back (an fcntl that failed) stays with the process
            // for as long as any connection is there.
            self.db = Connection::open_in_memory()?;
            self.db = connect_to_write(store)?;
            self.ailing = false;
        }
        if self.unsettled {
            let settled = settle(&self.db, store.folder());
            // The cipher refuses everything after an error of its own: open it anew the next time.
            self.ailing = settled.is_err();
            self.unsettled = !settled?;
        }
        Ok(is_new)
    }

    /// From now on this is who writes, and where.
    pub fn sign_as(&mut self, scribe: Scribe) {
        self.scribe = scribe;
    }

    /// Who writes, and where.
    #[must_use]
    pub fn scribe(&self) -> &Scribe {
        &self.scribe
    }

    /// Writes a fact down and brings the tables up to date, or does neither.
    ///
    /// # Errors
    /// When the store refuses, or the fact contradicts what is written already.
    pub fn record(&mut self, at: Moment, fact: &Fact) -> Result<(), LedgerError> {
        self.write(at, &[fact], None)
    }

    /// Writes several facts down in their order, or none of them.
    ///
    /// # Errors
    /// As [`Self::record`].
    pub fn record_together(&mut self, at: Moment, facts: &[&Fact]) -> Result<(), LedgerError> {
        self.write(at, facts, None)
    }

    /// The same, where somebody sits down among them.
    ///
    /// # Errors
    /// As [`Self::record`].
    pub fn record_with(&mut self, at: Moment, facts: &[&Fact], sitter: &Sitting) -> Result<(), LedgerError> {
        self.write(at, facts, Some(sitter))
    }

    /// Everything that `look` reads is of one moment, whoever writes meanwhile.
    ///
    /// # Errors
    /// As `look`, or when the store cannot be read.
    pub fn held_still<T, E: From<LedgerError>>(
        &self,
        look: impl FnOnce(&Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let held = self.db.unchecked_transaction().map_err(LedgerError::from)?;
        let seen = look(self);
        // It wrote nothing; it ends when this goes.
        drop(held);
        seen
    }

    /// Writes down that a student sat down: the only line that knows the code to the letter.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn seat(&mut self, at: Moment, sitting: &Sitting) -> Result<(), LedgerError> {
        self.write(at, &[&Fact::seated(sitting)], Some(sitting))
    }

    fn write(&mut self, at: Moment, facts: &[&Fact], sitter: Option<&Sitting>) -> Result<(), LedgerError> {
        if facts.is_empty() {
            return Ok(());
        }
        let written = self.try_to_write(at, facts, sitter);
        self.ailing |= matches!(&written, Err(LedgerError::Sqlite(_)));
        written
    }

    fn try_to_write(
        &mut self,
        at: Moment,
        facts: &[&Fact],
        sitter: Option<&Sitting>,
    ) -> Result<(), LedgerError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for fact in facts {
            let seq = journal::append(&tx, at, &self.scribe, fact)?;
            tables::apply(&tx, seq, at, fact, sitter)?;
        }
        tx.commit().map_err(LedgerError::from_write)
    }

    /// Every line of the journal, oldest first.
    ///
    /// # Errors
    /// When a line cannot be read.
    pub fn lines(&self) -> Result<Vec<Line>, LedgerError> {
        journal::lines(&self.db)
    }

    /// What waits for delivery, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn queue(&self) -> Result<Vec<Parcel>, LedgerError> {
        queue::waiting(&self.db)
    }

    /// Every student's current portrait, oldest first, delivered or not.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn current(&self) -> Result<Vec<Parcel>, LedgerError> {
        queue::current(&self.db)
    }

    /// Counts, for the screen and for the day's end; today began at `today`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn tally(&self, today: Moment) -> Result<Tally, LedgerError> {
        tally::count(&self.db, today)
    }

    /// Names the student of every sitting anew, oldest first; `name` is given the code, and whether the sitting ended
    /// with a portrait.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn name_students(
        &mut self,
        name: impl FnMut(&CaptureCode, bool) -> StudentKey,
    ) -> Result<(), LedgerError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tables::name_students(&tx, name)?;
        tx.commit().map_err(LedgerError::from_write)
    }

    /// The numbers the next sitting and the next shot may have.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn next_numbers(&self) -> Result<(SittingId, ShotId), LedgerError> {
        tables::next_numbers(&self.db)
    }

    /// The shot with this camera file, if there is one: a file that comes twice is one shot.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn shot_with_jpeg(&self, jpeg: Digest) -> Result<Option<ShotRow>, LedgerError> {
        tables::shot_with_jpeg(&self.db, jpeg)
    }

    /// A sitting by its number.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn sitting(&self, id: SittingId) -> Result<Option<SittingRow>, LedgerError> {
        tables::sitting(&self.db, id)
    }

    /// A student's sittings, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn sittings_of(&self, student: &StudentKey) -> Result<Vec<SittingRow>, LedgerError> {
        tables::sittings_of(&self.db, student)
    }

    /// A student's portraits that were not withdrawn, oldest first, by their objects: what a new one takes the place of.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn portraits_of(&self, student: &StudentKey) -> Result<Vec<Digest>, LedgerError> {
        tables::portraits_of(&self.db, student)
    }

    /// By what whoever sat is known again.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn student_of(&self, sitting: SittingId) -> Result<Option<StudentKey>, LedgerError> {
        tables::student_of(&self.db, sitting)
    }

    /// Sittings that have not ended.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn open_sittings(&self) -> Result<Vec<SittingId>, LedgerError> {
        tables::open_sittings(&self.db)
    }

    /// A shot by its number.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn shot(&self, id: ShotId) -> Result<Option<ShotRow>, LedgerError> {
        tables::shot_by_number(&self.db, id)
    }

    /// Every shot.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn shots(&self) -> Result<Vec<ShotRow>, LedgerError> {
        tables::shots(&self.db)
    }

    /// The earliest time of any line: since when the store is at work; `None` before it is.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn began(&self) -> Result<Option<Moment>, LedgerError> {
        journal::began(&self.db)
    }

    /// The time of the last line, by the clock of whoever wrote it; `None` before there is one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn last_written(&self) -> Result<Option<Moment>, LedgerError> {
        journal::last_written(&self.db)
    }

    /// Whether an object is kept as this sitting's portrait.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn is_kept(&self, object: Digest, sitting: SittingId) -> Result<bool, LedgerError> {
        tables::was_kept_for(&self.db, object, sitting)
    }

    /// Every kept portrait, superseded and withdrawn ones too.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn kept(&self) -> Result<Vec<KeptRow>, LedgerError> {
        tables::kept(&self.db)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Keys;

    /// `synchronous=NORMAL` passes every other test on a machine that keeps its power.
    #[test]
    fn every_commit_reaches_the_disk() {
        let store = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&Store::new(store.path(), Keys::generate().unwrap())).unwrap();
        let pragma = |name| ledger.db.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!((pragma("synchronous"), pragma("foreign_keys"), pragma("secure_delete")), (2, 1, 1));
        let mode: String = ledger.db.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
    }
}
