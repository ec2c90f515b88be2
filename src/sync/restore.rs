//! 恢复: a store made of a backup. Never over a store that is there: into a folder of its own, which gets its name when
//! everything is in it.
//!
//! Everything is proven while it is read. One file that is damaged keeps nobody from the others: it is named, and left
//! out. No key is in a backup (see [`super::backup()`]): the station's key file is brought along, unlocked, and put into the
//! new store.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use rustix::io::Errno;

use super::{
    backup::Manifest,
    watch::{GoOn, Stage},
};
use crate::{
    keys::{KeyFile, Keys, Store},
    ledger::{self, Ledger, LedgerError},
    machine,
    shot::Digest,
    vault::{self, CopyError, Mixed, Piece, Pieces, VaultError, key_file, key_file::KeyFileError},
};

/// A store that was made of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What the backup said of itself.
    pub manifest: Manifest,
    /// Whether it is the backup before the newest, because the newest is damaged.
    pub is_older: bool,
    /// Files that were restored.
    pub files: usize,
    /// Files that the ledger speaks of and the backup has not, or damaged.
    pub lost: BTreeSet<Digest>,
    /// Damaged files that no line speaks of.
    pub passed_over: usize,
}

/// Why there is no store.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The folder holds no backup that was finished.
    #[error("the folder holds no backup")]
    NoBackup,
    /// The backup cannot be read.
    #[error("the backup cannot be read")]
    Unreadable(#[source] io::Error),
    /// Its ledger is missing or damaged, and so is the one before.
    #[error("the ledger in the backup is missing or damaged")]
    LedgerDamaged,
    /// There is something where the store shall be.
    #[error("the store is there already, or the folder is not empty")]
    Exists,
    /// A disk is mounted where the store shall be, or a link lies there: nothing that is made beside it takes its place.
    #[error("a disk is mounted where the store shall be, or it is a link")]
    MountPoint,
    /// Another backup was begun to be restored there.
    #[error("{0:?} is of another backup that was not restored to its end")]
    Occupied(PathBuf),
    /// There is no room for it.
    #[error("the disk has no room: {needed} bytes are needed")]
    NoSpace {
        /// Bytes that are still to be copied.
        needed: u64,
    },
    /// The new store cannot be written.
    #[error("the store cannot be written")]
    Store(#[source] io::Error),
    /// The key file is another store's.
    #[error("these keys do not open the ledger in the backup")]
    OtherKeys,
    /// The key file cannot be put into the new store.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    /// A vault cannot be read or made.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The new store's ledger cannot be opened.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// It was stopped between one file and the next.
    #[error("the restoring was stopped")]
    Stopped,
}

/// Makes a store of a backup, with the key file that was brought along and the keys that came out of it; or goes on where
/// an earlier run ended. `go_on` is told how far it is, and may stop it.
///
/// # Errors
/// When there is no backup, something is in the way, the keys are another store's, a disk refuses or it was stopped: then
/// there is no store yet.
pub fn restore(
    from: &Path,
    store: &Path,
    brought: (&KeyFile, &Keys),
    go_on: &mut GoOn<'_>,
) -> Result<Restored, RestoreError> {
    let store = &std::path::absolute(store).map_err(meant)?;
    let manifests = Manifest::all(from).map_err(RestoreError::Unreadable)?;
    let newest = manifests.first().ok_or(RestoreError::NoBackup)?;
    if fs::read_dir(store).is_ok_and(|mut files| files.next().is_some()) || store.is_file() {
        return Err(RestoreError::Exists);
    }
    refuse_mount_point(store)?;
    let manifest = manifests.iter().find(|manifest| is_whole(from, manifest));
    let manifest = manifest.ok_or(RestoreError::LedgerDamaged)?;
    let (key_file, keys) = brought;
    refuse_other_keys(&from.join(manifest.ledger_name()), keys)?;
    let work = beside(store);
    begin(&work, manifest)?;
    // Where an earlier run was stopped lies what was brought then.
    key_file::erase(&work)?;
    key_file::create(&work, key_file)?;
    let made = fill(from, &Store::new(&work, keys.clone()), manifest, go_on)?;
    finish(&work, store).map_err(|err| match Errno::from_io_error(&err) {
        Some(Errno::BUSY | Errno::XDEV) => RestoreError::MountPoint,
        _ => meant(err),
    })?;
    Ok(Restored { is_older: manifest != newest, ..made })
}

/// Before hours are spent: a folder takes another one's place only on the same disk.
fn refuse_mount_point(store: &Path) -> Result<(), RestoreError> {
    let (Ok(there), Ok(above)) = (fs::symlink_metadata(store), fs::metadata(above(store))) else {
        return Ok(());
    };
    if there.is_symlink() || there.dev() != above.dev() { Err(RestoreError::MountPoint) } else { Ok(()) }
}

fn above(store: &Path) -> &Path {
    store.parent().unwrap_or(store)
}

/// Before anything is written: no key lies about where it opens nothing.
fn refuse_other_keys(ledger: &Path, keys: &Keys) -> Result<(), RestoreError> {
    match Ledger::read_copy(ledger, keys) {
        Ok(_) | Err(LedgerError::OldStore) => Ok(()),
        Err(LedgerError::NotOurs) => Err(RestoreError::OtherKeys),
        Err(err) => Err(err.into()),
    }
}

/// Whether the ledger that a manifest speaks of is there, to the last byte.
fn is_whole(from: &Path, manifest: &Manifest) -> bool {
    let file = File::open(from.join(manifest.ledger_name()));
    file.is_ok_and(|file| vault::digest_of(file).is_ok_and(|sum| sum == manifest.ledger_sha256))
}

/// Where a store is made before it has its name: on the same disk, so that naming it is one step.
fn beside(store: &Path) -> PathBuf {
    let mut name = store.file_name().unwrap_or_default().to_owned();
    name.push(".restoring");
    store.with_file_name(name)
}

/// Makes the folder, or goes on with one that was made of this very backup.
fn begin(work: &Path, manifest: &Manifest) -> Result<(), RestoreError> {
    let ours = || vault::is_restoring(work, manifest.ledger_sha256);
    // Before there is a vault, nothing was brought into it.
    if Pieces::existing(work).is_ok() {
        return if ours() { Ok(()) } else { Err(RestoreError::Occupied(work.to_owned())) };
    }
    fs::create_dir_all(work).map_err(meant)?;
    vault::end_restoring(work).ok();
    // What was rehearsed stays so: nobody may take it for real students.
    vault::keep_apart(work, manifest.rehearsal).map_err(|mixed| match mixed {
        Mixed::Unwritable(_, err) => meant(err),
        Mixed::RealStudents | Mixed::Rehearsed => RestoreError::Exists,
    })?;
    vault::begin_restoring(work, manifest.ledger_sha256).map_err(meant)
}

/// Brings ledger and files into the folder.
fn fill(
    from: &Path,
    store: &Store,
    manifest: &Manifest,
    go_on: &mut GoOn<'_>,
) -> Result<Restored, RestoreError> {
    let (backup, vault) = (Pieces::existing(from)?, Pieces::open(store.folder())?);
    vault.sweep()?;
    copy_ledger(from, store.folder(), manifest)?;
    // An older program's copy is brought up to date here.
    let mentioned = Ledger::open(store)?.mentioned()?;
    let pieces = backup.all()?;
    let lengths = pieces.iter().map(|piece| Ok((*piece, backup.length(*piece)?.unwrap_or(0))));
    let lengths: Vec<(Piece, u64)> = lengths.collect::<Result<_, VaultError>>()?;
    let mut left = 0;
    for (piece, bytes) in &lengths {
        left += if vault.length(*piece)?.is_some() { 0 } else { *bytes };
    }
    if machine::free_bytes(store.folder()).is_some_and(|free| free < left) {
        return Err(RestoreError::NoSpace { needed: left });
    }
    let (mut there, mut bad) = (BTreeSet::new(), BTreeSet::new());
    for (done, (piece, _)) in lengths.iter().enumerate() {
        if !go_on(Stage::Copying, done, lengths.len()) {
            return Err(RestoreError::Stopped);
        }
        // What stands there under its name was proven when it was copied; the store is verified afterwards all the same.
        let copied = if vault.length(*piece)?.is_some() { Ok(()) } else { backup.copy(*piece, &vault) };
        match copied {
            Ok(()) => there.insert(piece.name()),
            Err(CopyError::From(_unreadable)) => bad.insert(piece.name()),
            Err(CopyError::To(err)) => return Err(meant(err)),
        };
    }
    let spoken_of: BTreeSet<Digest> = mentioned.objects.union(&mentioned.papers).copied().collect();
    Ok(Restored {
        manifest: manifest.clone(),
        is_older: false,
        files: there.len(),
        lost: spoken_of.difference(&there).copied().collect(),
        passed_over: bad.difference(&spoken_of).count(),
    })
}

fn copy_ledger(from: &Path, work: &Path, manifest: &Manifest) -> Result<(), RestoreError> {
    let file = ledger::file_of(work);
    // What an earlier run began with is begun anew; SQLite keeps two more files beside it while it is open.
    for end in ["", "-wal", "-shm"] {
        let mut name = file.clone().into_os_string();
        name.push(end);
        match fs::remove_file(name) {
            Err(err) if err.kind() != io::ErrorKind::NotFound => return Err(meant(err)),
            Ok(()) | Err(_) => {}
        }
    }
    fs::copy(from.join(manifest.ledger_name()), &file).map_err(meant)?;
    let copied = File::open(&file).map_err(meant)?;
    copied.sync_all().map_err(meant)?;
    if vault::digest_of(copied)? == manifest.ledger_sha256 {
        Ok(())
    } else {
        Err(RestoreError::LedgerDamaged)
    }
}

/// The folder gets its name. The mark goes afterwards: whoever refuses the name now can be asked again later.
fn finish(work: &Path, store: &Path) -> io::Result<()> {
    File::open(work)?.sync_all()?;
    fs::rename(work, store)?;
    File::open(above(store))?.sync_all()?;
    // It is whole and has its name; what stays of the mark is taken away by whoever opens it.
    vault::end_restoring(store).ok();
    Ok(())
}

fn meant(err: io::Error) -> RestoreError {
    if matches!(err.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
        RestoreError::NoSpace { needed: 0 }
    } else {
        RestoreError::Store(err)
    }
}
