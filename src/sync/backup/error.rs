//! Why a backup is not made.

use std::io;

use crate::{ledger::LedgerError, shot::Digest, vault::VaultError};

/// Why there is no new backup. The last one that was finished is as whole as it was.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The store's vault cannot be read.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The store's ledger cannot be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Nothing was ever written in the store.
    #[error("the store's journal has no line yet")]
    Empty,
    /// The folder is the store itself, or in it.
    #[error("the folder is in the store itself")]
    Inside,
    /// The folder is another store.
    #[error("the folder is a store, not a place for backups")]
    AStore,
    /// The folder holds the backup of another store.
    #[error("the folder holds the backup of another store, of station {station:?}")]
    Foreign {
        /// Its station; empty while nobody knows.
        station: String,
    },
    /// The folder holds a backup, and what says whose it is cannot be read.
    #[error("the folder holds a backup of which nobody can tell whose it is")]
    Unknown,
    /// The folder holds a backup of lines that this store has not, or has otherwise.
    #[error("the backup in the folder has lines that the store has not")]
    Ahead,
    /// Another program is making a backup there.
    #[error("another backup is being made there")]
    Busy,
    /// Files that the ledger speaks of are missing from the store or damaged there, and the folder has none of them.
    #[error("{count} files are missing from the store or damaged, the first: {first}")]
    Incomplete {
        /// One of them.
        first: Digest,
        /// How many.
        count: usize,
    },
    /// What was written reads back otherwise: this disk does not keep what it is given.
    #[error("a file reads back otherwise than it was written: {0}")]
    Unfaithful(Digest),
    /// There is no room for it.
    #[error("the folder's disk has no room: {needed} bytes are needed")]
    NoSpace {
        /// Bytes that are still to be copied.
        needed: u64,
    },
    /// The folder, or the stick it was on, is not there any more.
    #[error("the folder is not there any more")]
    Gone,
    /// The folder cannot be written.
    #[error("the folder cannot be written")]
    Folder(#[source] io::Error),
    /// It was stopped between one file and the next.
    #[error("the backup was stopped")]
    Stopped,
}
