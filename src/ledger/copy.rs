//! A second copy of the ledger, made while the station goes on writing; and what the journal tells of such copies.
//!
//! SQLite's online backup reads the pages of one moment through a connection that only reads: nobody waits. The copy is
//! sealed with the store's key like the ledger itself, because both connections are opened in `connection`; no key is in it.

use std::{collections::BTreeSet, path::Path};

use rusqlite::{
    Connection, OpenFlags, OptionalExtension as _,
    backup::{Backup, StepResult},
    ffi, params,
};

use super::{Ledger, LedgerError, connection::connect_to, found, journal, tables};
use crate::{
    keys::Keys,
    shot::{Digest, Moment},
    station::{CopyPlace, Fact},
};

/// So many pages are copied between one look at whether to go on and the next: 4 MiB.
const PAGES: i32 = 1024;

/// The last line of a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Its number: how many lines there are.
    pub lines: i64,
    /// Its hash, which stands for all of them.
    pub hash: Digest,
}

/// A second copy of the store on another disk, as the journal tells of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondCopy {
    /// When it was written down.
    pub at: Moment,
    /// The last line it holds.
    pub head: Head,
}

/// Every file of the vault that a ledger speaks of, and its counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mentioned {
    /// Originals and portraits.
    pub objects: BTreeSet<Digest>,
    /// The roster and the walk-ups that count.
    pub papers: BTreeSet<Digest>,
    /// How many of the objects are originals.
    pub shots: usize,
    /// How many are portraits.
    pub kept: usize,
}

impl Ledger {
    /// The last line of the journal; `None` while there is none.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn head(&self) -> Result<Option<Head>, LedgerError> {
        let (lines, hash) = journal::head(&self.db)?;
        Ok((lines > 0).then(|| Head { lines, hash: Digest::from(hash) }))
    }

    /// The hash of a line; `None` when there is no such line. That of the first tells one store from every other.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn hash_of(&self, line: i64) -> Result<Option<Digest>, LedgerError> {
        let mut query = self.db.prepare_cached("SELECT hash FROM journal WHERE seq = ?1")?;
        let hash = query.query_row([line], |row| row.get::<_, [u8; 32]>(0)).optional()?;
        Ok(hash.map(Digest::from))
    }

    /// Every file of the vault that this ledger speaks of.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn mentioned(&self) -> Result<Mentioned, LedgerError> {
        let (shots, kept, papers) = (self.shots()?, tables::kept(&self.db)?, self.papers()?);
        let (originals, portraits) = (shots.iter().map(|row| row.object), kept.iter().map(|row| row.object));
        Ok(Mentioned {
            objects: originals.chain(portraits).collect(),
            papers: papers.roster.into_iter().chain(papers.walk_ups).collect(),
            shots: shots.len(),
            kept: kept.len(),
        })
    }

    /// The newest copy on another disk that the journal tells of.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn second_copy(&self) -> Result<Option<SecondCopy>, LedgerError> {
        second_copy(&self.db)
    }

    /// Copies the ledger as it is at this moment into a new file, which needs no other file beside it; returns the last
    /// line that the copy holds. `go_on` is told how many pages are done and how many there are, and may stop it: then
    /// there is no head, and the file is good for nothing.
    ///
    /// # Errors
    /// When the store cannot be read, or the file cannot be written.
    pub fn copy_into(
        &self,
        file: &Path,
        keys: &Keys,
        go_on: &mut dyn FnMut(usize, usize) -> bool,
    ) -> Result<Option<Head>, LedgerError> {
        self.copy_by(PAGES, file, keys, go_on)
    }

    /// The same, so many pages at a time.
    pub(super) fn copy_by(
        &self,
        pages: i32,
        file: &Path,
        keys: &Keys,
        go_on: &mut dyn FnMut(usize, usize) -> bool,
    ) -> Result<Option<Head>, LedgerError> {
        let mut copy = connect_to(file, keys, OpenFlags::default())?;
        let head = self.held_still(|ledger| -> Result<_, LedgerError> {
            // This read fixes the moment; every page that follows is of it.
            let head = ledger.head()?;
            let backup = Backup::new(&ledger.db, &mut copy)?;
            loop {
                let step = backup.step(pages).map_err(LedgerError::from_write)?;
                if step == StepResult::Done {
                    return Ok(head);
                }
                // Nobody else has the new file, and a moment that is held is never locked.
                if step != StepResult::More {
                    return Err(
                        rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_BUSY), None).into()
                    );
                }
                let progress = backup.progress();
                let done = progress.pagecount.saturating_sub(progress.remaining);
                if !go_on(done.max(0) as usize, progress.pagecount.max(0) as usize) {
                    return Ok(None);
                }
            }
        })?;
        if head.is_some() {
            // As one file it can be read where nothing can be written.
            copy.pragma_update(None, "journal_mode", "DELETE").map_err(LedgerError::from_write)?;
        }
        copy.close().map_err(|(_, err)| err)?;
        Ok(head)
    }

    /// Opens a copy for reading; nothing is made or changed.
    ///
    /// # Errors
    /// When it is none, or an older program made it.
    pub fn read_copy(file: &Path, keys: &Keys) -> Result<Self, LedgerError> {
        Self::reading(connect_to(file, keys, OpenFlags::SQLITE_OPEN_READ_ONLY)?)
    }
}

fn second_copy(db: &Connection) -> Result<Option<SecondCopy>, LedgerError> {
    // Some a day, so all of them are few.
    Ok(found::lines(db, "WHERE kind = 'backed_up' ORDER BY seq DESC", [])?.into_iter().find_map(|line| {
        let Fact::BackedUp { target: CopyPlace::OtherDisk, lines, head, .. } = line.fact else { return None };
        Some(SecondCopy { at: line.at, head: Head { lines, hash: head } })
    }))
}

/// The last line that a copy on another disk holds; `None` when there is no such copy.
pub(super) fn covered(db: &Connection) -> Result<Option<i64>, LedgerError> {
    Ok(second_copy(db)?.map(|copy| copy.head.lines))
}

/// How many shots were written down after a line.
pub(super) fn shots_after(db: &Connection, seq: i64) -> Result<u64, LedgerError> {
    let sql = "SELECT count(*) FROM journal WHERE kind IN ('taken', 'stray', 'adopted') AND seq > ?1";
    Ok(db.prepare_cached(sql)?.query_row([seq], |row| row.get::<_, i64>(0))? as u64)
}

/// How many of them since a moment. The unary plus goes by time: a day is short, a season of shots is long.
pub(super) fn shots_after_since(db: &Connection, seq: i64, since: Moment) -> Result<u64, LedgerError> {
    let sql = "SELECT count(*) FROM journal
               WHERE +kind IN ('taken', 'stray', 'adopted') AND +seq > ?1 AND at >= ?2";
    Ok(db.prepare_cached(sql)?.query_row(params![seq, since.0], |row| row.get::<_, i64>(0))? as u64)
}
