//! The folder of a backup: whose disk it is on, whether it is still the one that it was, and what its refusals mean.

use std::{
    collections::BTreeSet,
    fs, io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use rustix::io::Errno;

use super::BackupError;
use crate::{
    ledger::LedgerError,
    machine,
    shot::Digest,
    station::CopyPlace,
    vault::{Lock, Piece, Pieces, VaultError},
};

/// The folder of a backup. One program writes there at a time.
pub(super) struct Target<'a> {
    pub(super) root: &'a Path,
    pub(super) vault: Pieces,
    identity: (u64, u64),
    _lock: Lock,
}

/// What a disk says that was pulled out, or broke: nothing more will come of it now.
const GONE: [Errno; 6] = [Errno::IO, Errno::NODEV, Errno::NXIO, Errno::ROFS, Errno::NOTCONN, Errno::STALE];

/// SQLite needs less than this beside the ledger's own pages, in bytes.
const ROOM_OF_SQLITE: u64 = 1 << 20;

impl<'a> Target<'a> {
    /// Makes the folder where it is missing.
    pub(super) fn open(root: &'a Path) -> Result<Self, BackupError> {
        fs::create_dir_all(root).map_err(|err| meant(err, 0))?;
        let lock = Lock::take(root).map_err(|err| {
            if matches!(err, VaultError::Locked) { BackupError::Busy } else { of_vault(err) }
        })?;
        let vault = Pieces::open(root).map_err(of_vault)?;
        let identity = identity(root).map_err(|err| meant(err, 0))?;
        Ok(Self { root, vault, identity, _lock: lock })
    }

    /// Clears away what an earlier run left unfinished.
    pub(super) fn sweep(&self) -> Result<(), BackupError> {
        self.vault.sweep().map(|_swept| ()).map_err(of_vault)
    }

    /// Where a stick was, its folder may be made anew on this computer's own disk; nobody would look for it there.
    pub(super) fn check(&self) -> Result<(), BackupError> {
        if identity(self.root).is_ok_and(|now| now == self.identity) {
            Ok(())
        } else {
            Err(BackupError::Gone)
        }
    }

    /// What a refusal of the folder means; so many bytes were still to be copied.
    pub(super) fn refused(&self, err: io::Error, needed: u64) -> BackupError {
        self.check().err().unwrap_or_else(|| meant(err, needed))
    }

    /// What it means that the ledger could not be copied there.
    pub(super) fn refused_ledger(&self, err: LedgerError) -> BackupError {
        if matches!(err, LedgerError::NoSpace) {
            return BackupError::NoSpace { needed: 0 };
        }
        self.check().err().unwrap_or_else(|| {
            // SQLite has many names for a disk that is full.
            let is_full = self.free_bytes().is_some_and(|free| free < ROOM_OF_SQLITE);
            if is_full { BackupError::NoSpace { needed: ROOM_OF_SQLITE } } else { BackupError::Ledger(err) }
        })
    }

    pub(super) fn length(&self, piece: Piece) -> Result<Option<u64>, BackupError> {
        self.vault.length(piece).map_err(of_vault)
    }

    pub(super) fn free_bytes(&self) -> Option<u64> {
        machine::free_bytes(self.root)
    }

    /// Whether it is on another disk than the store. Two partitions of one disk look like two disks.
    pub(super) fn place(&self, store: &Path) -> CopyPlace {
        let same = fs::metadata(store).is_ok_and(|data| data.dev() == self.identity.0);
        if same { CopyPlace::SameDisk } else { CopyPlace::OtherDisk }
    }

    /// Papers that the ledger speaks of no more were destroyed in the store, and go here too.
    pub(super) fn forget(&self, papers: &BTreeSet<Digest>) -> Result<(), BackupError> {
        for piece in self.vault.all().map_err(of_vault)? {
            if let Piece::Paper(paper) = piece
                && !papers.contains(&paper)
            {
                self.vault.remove(piece).map_err(of_vault)?;
            }
        }
        Ok(())
    }
}

/// What tells a folder from another one at the same place.
fn identity(root: &Path) -> io::Result<(u64, u64)> {
    fs::metadata(root).map(|data| (data.dev(), data.ino()))
}

fn meant(err: io::Error, needed: u64) -> BackupError {
    if matches!(err.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
        return BackupError::NoSpace { needed };
    }
    match Errno::from_io_error(&err) {
        Some(errno) if GONE.contains(&errno) => BackupError::Gone,
        _ => BackupError::Folder(err),
    }
}

/// A trouble of the folder's own vault.
fn of_vault(err: VaultError) -> BackupError {
    match err {
        VaultError::Disk { source, .. } => meant(source, 0),
        VaultError::NoSpace { needed } => BackupError::NoSpace { needed: needed as u64 },
        other @ (VaultError::Locked
        | VaultError::Missing(_)
        | VaultError::Damaged(_)
        | VaultError::NoBinding(_)
        | VaultError::Foreign(_)
        | VaultError::Unsealed(_)) => BackupError::Vault(other),
    }
}

/// A backup of a store in the store would be copied with it, and go with it.
pub(super) fn refuse_inside(store: &Path, to: &Path) -> Result<(), BackupError> {
    let store =
        fs::canonicalize(store).map_err(|source| VaultError::Disk { doing: "find the store", source })?;
    let to = std::path::absolute(to).map_err(BackupError::Folder)?;
    // What is not made yet is where the folder above it really is.
    let there = to.ancestors().find(|folder| folder.exists());
    let real: Option<PathBuf> = there.and_then(|folder| fs::canonicalize(folder).ok());
    if real.is_some_and(|real| real.starts_with(&store)) { Err(BackupError::Inside) } else { Ok(()) }
}
