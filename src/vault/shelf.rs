//! The disk itself: how a file comes to stand where a power cut leaves it whole or not at all.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use rustix::{
    fs::{CWD, FallocateFlags, FlockOperation, RenameFlags, fallocate, flock, renameat_with},
    io::Errno,
};

use super::VaultError;

fn disk(doing: &'static str) -> impl FnOnce(io::Error) -> VaultError {
    move |source| VaultError::Disk { doing, source }
}

/// Makes a folder and everything above it, and sees to it that each of them survives a power cut.
pub(super) fn make_folder(folder: &Path) -> Result<(), VaultError> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().unwrap_or(folder);
    make_folder(above)?;
    match fs::create_dir(folder) {
        Err(err) if err.kind() != io::ErrorKind::AlreadyExists => return Err(disk("make a folder")(err)),
        Ok(()) | Err(_) => {}
    }
    sync_folder(above).inspect_err(|_not_synced| {
        // Whoever tries again must find it missing, or would take it for safe.
        fs::remove_dir(folder).ok();
    })
}

/// Writes `bytes` to a new file at `place`, by way of `tmp`. Never replaces anything: if `place` exists by
/// then, somebody put the same bytes there.
pub(super) fn put(tmp: &Path, place: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    let needed = bytes.len();
    let part = part_for(tmp, place);
    let done = write_synced(&part, bytes).and_then(|()| {
        let shard = place.parent().unwrap_or(tmp);
        make_folder(shard).map_err(io_of)?;
        rename_without_replacing(&part, place)?;
        sync_folder(shard).map_err(io_of)
    });
    done.map_err(|source| {
        // After a failed sync the same file must not be tried again: the kernel may have dropped its pages.
        // What cannot be removed now is swept at the next start.
        fs::remove_file(&part).ok();
        if matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
            VaultError::NoSpace { needed }
        } else {
            VaultError::Disk { doing: "keep a file", source }
        }
    })
}

pub(super) fn io_of(err: VaultError) -> io::Error {
    if let VaultError::Disk { source, .. } = err { source } else { io::Error::other(err) }
}

/// A temporary name of this process alone.
fn part_for(tmp: &Path, place: &Path) -> PathBuf {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    tmp.join(format!("{name}.{}.part", std::process::id()))
}

fn write_synced(part: &Path, bytes: &[u8]) -> io::Result<()> {
    // A part of this name can only be what an earlier failure of ours could not remove.
    if part.exists() {
        fs::remove_file(part)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(part)?;
    reserve(&file, bytes.len() as u64)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Asks for the room beforehand, so that a full disk says so early. exFAT cannot, and need not.
fn reserve(file: &File, bytes: u64) -> io::Result<()> {
    match fallocate(file, FallocateFlags::empty(), 0, bytes) {
        Ok(()) | Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => Ok(()),
        Err(err) => Err(err.into()),
    }
}

fn rename_without_replacing(part: &Path, place: &Path) -> io::Result<()> {
    match renameat_with(CWD, part, CWD, place, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(()),
        Err(Errno::EXIST) => fs::remove_file(part),
        // Some FUSE file systems know no flags: one writer holds the lock, so looking first is enough.
        Err(Errno::INVAL | Errno::NOSYS) if !place.exists() => fs::rename(part, place),
        Err(err) => Err(err.into()),
    }
}

/// Sees to it that the names in a folder survive a power cut.
pub(super) fn sync_folder(folder: &Path) -> Result<(), VaultError> {
    // The parent of a bare name is the folder we are in.
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(disk("sync a folder"))
}

/// Held as long as a program writes to a store; let go by the system when the program ends, however it ends.
#[derive(Debug)]
pub struct Lock(File);

impl Drop for Lock {
    /// Lets go now. Closing alone would not: a child process that is just being started has the open file too,
    /// until it becomes another program.
    fn drop(&mut self) {
        flock(&self.0, FlockOperation::Unlock).ok();
    }
}

impl Lock {
    /// Takes the store for writing.
    ///
    /// # Errors
    /// [`VaultError::Locked`] when another program has it.
    pub fn take(store: &Path) -> Result<Self, VaultError> {
        make_folder(store)?;
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(store.join("lock"))
            .map_err(disk("open the lock"))?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self(file)),
            Err(Errno::WOULDBLOCK) => Err(VaultError::Locked),
            Err(err) => Err(VaultError::Disk { doing: "lock the store", source: err.into() }),
        }
    }
}
