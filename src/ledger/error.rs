//! Why the ledger could not be read or written.

use std::io;

use crate::shot::{ShotId, SittingId};

/// Why the ledger could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// SQLite said no.
    #[error("the ledger cannot be read or written")]
    Sqlite(#[from] rusqlite::Error),
    /// What was committed could not be put where it stays.
    #[error("the ledger's write-ahead log cannot be written out")]
    Log(#[source] io::Error),
    /// The disk is full.
    #[error("the disk is full: the ledger cannot be written")]
    NoSpace,
    /// The file was made by a newer program, or is no ledger.
    #[error("the ledger cannot be brought up to date")]
    Migration(#[from] rusqlite_migration::Error),
    /// An older program wrote it: whoever only reads does not bring it up to date.
    #[error("an older program wrote this ledger: open the store once with this one")]
    OldStore,
    /// The SQLite inside this program is too old.
    #[error("SQLite {found} has the WAL-reset bug: at least 3.51.3 is needed")]
    OldSqlite {
        /// What is there.
        found: &'static str,
    },
    /// The SQLite inside this program cannot encrypt.
    #[error("this program was built with an SQLite that does not encrypt")]
    NoCipher,
    /// The file is encrypted with another key than this store's, or it is no ledger at all.
    #[error("the ledger does not open with this store's key")]
    NotOurs,
    /// A journal line could not be read back.
    #[error("journal line {seq} is not a fact")]
    NotAFact {
        /// Which line.
        seq: i64,
        /// Why.
        source: serde_json::Error,
    },
    /// A fact could not be written.
    #[error("a fact cannot be written down")]
    Unwritable(#[source] serde_json::Error),
    /// A shot was to be given to somebody that is not there, or is somebody's already.
    #[error("shot {} is no stray", shot.0)]
    NotAStray {
        /// Which.
        shot: ShotId,
    },
    /// A portrait that does not count, or is another's, was to be withdrawn from a sitting.
    #[error("no such portrait counts for sitting {}", sitting.0)]
    NotHis {
        /// Which sitting.
        sitting: SittingId,
    },
    /// A value in a table is not what it must be.
    #[error("the ledger's table {table} holds something impossible")]
    Impossible {
        /// Which table.
        table: &'static str,
    },
}

impl LedgerError {
    /// True when trying again without a person's help is pointless.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Sqlite(err) => matches!(
                err.sqlite_error_code(),
                Some(
                    rusqlite::ErrorCode::ConstraintViolation
                        | rusqlite::ErrorCode::DatabaseCorrupt
                        | rusqlite::ErrorCode::NotADatabase
                )
            ),
            Self::NoSpace | Self::Log(_) => false,
            Self::Migration(_)
            | Self::OldStore
            | Self::OldSqlite { .. }
            | Self::NoCipher
            | Self::NotOurs
            | Self::NotAFact { .. }
            | Self::Unwritable(_)
            | Self::NotAStray { .. }
            | Self::NotHis { .. }
            | Self::Impossible { .. } => true,
        }
    }

    /// True when the disk only reads.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.code() == Some(rusqlite::ErrorCode::ReadOnly)
    }

    /// True when the file cannot be opened: its disk is not there.
    #[must_use]
    pub fn is_away(&self) -> bool {
        self.code() == Some(rusqlite::ErrorCode::CannotOpen)
    }

    fn code(&self) -> Option<rusqlite::ErrorCode> {
        if let Self::Sqlite(err) = self { err.sqlite_error_code() } else { None }
    }

    pub(super) fn from_write(err: rusqlite::Error) -> Self {
        match err.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::NoSpace,
            _ => Self::Sqlite(err),
        }
    }
}
