//! 监督删除, as far as it is the disk's: a mark that says it was begun, a sample of what is to go, and its going.
//!
//! What makes a store worthless is that its [keys](super::key_file::erase) go. Its files are sealed, and what the disk
//! keeps of them in free space opens no more, with one exception: the school's recovery key opens an object without
//! them, by the head of its file. So the head of every file is overwritten in place before the file is removed.
//!
//! The mark lies in the store from before the keys go until nothing else is left: whoever finds a store without keys
//! knows by it that they were not lost.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{FileExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use rustix::fs::{OFlags, syncfs};

use super::{Vault, VaultError, key_file, shelf, unlock_log};
use crate::shot::Digest;

/// Lies in a store whose destruction was begun, and says where its certificate is.
const MARK: &str = "DESTROYED";

/// The ledger's file, and what SQLite puts beside it.
const LEDGER: [&str; 4] =
    ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm", "ledger.sqlite-journal"];

/// What else is ours beside the folder of objects.
const OTHERS: [&str; 4] = ["REHEARSAL", "lock", unlock_log::NAME, unlock_log::NEW];

/// The folder of objects and papers.
const OBJECTS: &str = "vault";

/// So much of each file is overwritten: an age header with two recipients has less than 500 bytes. The ledger's files
/// are overwritten to their end.
const HEAD: u64 = 4096;

/// What a store's folder holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Contents {
    /// Files of ours.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Files and folders that no part of this program put there: nobody but their owner removes them.
    pub strange: usize,
}

/// What became of a store's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Removed {
    /// What was removed.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Of these, so many whose heads could not be overwritten.
    pub not_overwritten: usize,
    /// What could not be removed.
    pub stuck: usize,
}

/// An object that was taken out before its store is destroyed, to see whether it opens afterwards.
#[derive(Clone)]
pub struct Sample {
    /// Its name.
    pub object: Digest,
    /// It, as it lay on the disk: sealed.
    pub sealed: Vec<u8>,
}

impl std::fmt::Debug for Sample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Sample").field(&self.object).finish()
    }
}

impl Vault {
    /// Some objects, evenly from all of them; every one opens now. A damaged one is none: it opens for nobody.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn sample(&self, most: usize) -> Result<Vec<Sample>, VaultError> {
        let objects = self.objects()?;
        let step = objects.len().div_ceil(most.max(1)).max(1);
        let take = |object: &Digest| {
            self.get(*object).ok()?;
            Some(Sample { object: *object, sealed: fs::read(self.place(*object)).ok()? })
        };
        Ok(objects.iter().step_by(step).filter_map(take).collect())
    }
}

fn disk(doing: &'static str) -> impl FnOnce(io::Error) -> VaultError {
    move |source| VaultError::Disk { doing, source }
}

/// Marks a store as one whose destruction begins; `words` say where its certificate is. It survives a power cut when
/// this returns.
///
/// # Errors
/// When the disk refuses.
pub fn begin_destruction(store: &Path, words: &str) -> Result<(), VaultError> {
    let mark = store.join(MARK);
    let written = File::create(mark).and_then(|mut mark| {
        mark.write_all(words.as_bytes())?;
        mark.sync_all()
    });
    written.map_err(disk("mark the store"))?;
    shelf::sync_folder(store)
}

/// What the mark of a store says whose destruction was begun.
#[must_use]
pub fn begun_destruction(store: &Path) -> Option<String> {
    let words = fs::read(store.join(MARK)).ok()?;
    Some(String::from_utf8_lossy(&words).into_owned())
}

pub(super) fn is_begun(store: &Path) -> bool {
    fs::symlink_metadata(store.join(MARK)).is_ok()
}

/// Takes the mark away, and the folder if nothing lies in it any more: nothing of the store is left.
///
/// # Errors
/// When the disk refuses.
pub fn end_destruction(store: &Path) -> Result<(), VaultError> {
    match fs::remove_file(store.join(MARK)) {
        Err(err) if err.kind() != io::ErrorKind::NotFound => return Err(disk("remove the mark")(err)),
        Ok(()) | Err(_) => {}
    }
    shelf::sync_folder(store)?;
    // What is left in it is somebody else's.
    fs::remove_dir(store).ok();
    Ok(())
}

/// Takes away the mark of a destruction that was cut short before it erased anything: the keys are whole. Work goes on,
/// and keys that are lost later must not be taken for keys that were destroyed.
///
/// # Errors
/// When the disk refuses.
pub fn withdraw_destruction(store: &Path) -> Result<(), VaultError> {
    if !is_begun(store) || key_file::read(store).is_err() {
        return Ok(());
    }
    fs::remove_file(store.join(MARK)).map_err(disk("remove the mark"))?;
    shelf::sync_folder(store)
}

/// What a store's folder holds.
///
/// # Errors
/// When the disk refuses.
pub fn contents(store: &Path) -> Result<Contents, VaultError> {
    let (ours, strange) = (files(store)?, strangers(store)?);
    let bytes = ours.iter().filter_map(|file| fs::symlink_metadata(file).ok()).map(|data| data.len()).sum();
    Ok(Contents { files: ours.len(), bytes, strange })
}

/// What of a store does not lie in its folder: a link, or another file system's. What is erased there is on another
/// medium than the one that is looked at; `None` when all of it is where it seems.
///
/// # Errors
/// When the disk refuses.
pub fn elsewhere(store: &Path) -> Result<Option<PathBuf>, VaultError> {
    let look = || {
        let own = fs::metadata(store)?.dev();
        let top = LEDGER.iter().chain(&OTHERS).chain([&OBJECTS, &key_file::NAME]);
        let mut ahead: Vec<PathBuf> = top.map(|name| store.join(name)).collect();
        while let Some(place) = ahead.pop() {
            let data = match fs::symlink_metadata(&place) {
                Err(err) if err.kind() == io::ErrorKind::NotFound => continue,
                data => data?,
            };
            if data.is_symlink() || data.dev() != own {
                return Ok(Some(place));
            }
            if data.is_dir() {
                for entry in fs::read_dir(&place)? {
                    ahead.push(entry?.path());
                }
            }
        }
        Ok(None)
    };
    look().map_err(disk("list the store"))
}

/// Overwrites the head of every file of a store and removes it, but for the key file, which must be gone, and the mark.
/// What is there no more is done: interrupted, it is done again from the beginning.
///
/// # Errors
/// When the keys are still there, or the disk refuses altogether.
pub fn remove_all(store: &Path) -> Result<Removed, VaultError> {
    if key_file::exists(store) {
        let source = io::Error::other("the key file is still there");
        return Err(VaultError::Disk { doing: "remove a store that has its keys", source });
    }
    let mut removed = Removed::default();
    let ours = files(store)?;
    for file in &ours {
        // What a disk will not overwrite is sealed all the same.
        removed.not_overwritten += usize::from(overwrite(file).is_err());
    }
    // One wait for all of them: the new heads are on the disk before a name goes.
    File::open(store).and_then(|store| Ok(syncfs(&store)?)).map_err(disk("sync the store"))?;
    for file in &ours {
        let bytes = fs::symlink_metadata(file).map_or(0, |data| data.len());
        match fs::remove_file(file) {
            Err(err) if err.kind() != io::ErrorKind::NotFound => removed.stuck += 1,
            Ok(()) | Err(_) => {
                removed.files += 1;
                removed.bytes += bytes;
            }
        }
    }
    if removed.stuck == 0 {
        let folders = store.join(OBJECTS);
        match fs::remove_dir_all(folders) {
            Err(err) if err.kind() != io::ErrorKind::NotFound => removed.stuck += 1,
            Ok(()) | Err(_) => {}
        }
    }
    shelf::sync_folder(store)?;
    Ok(removed)
}

/// Every file of ours but the key file and the mark; links are named, never followed.
fn files(store: &Path) -> Result<Vec<PathBuf>, VaultError> {
    let mut found = Vec::new();
    walk(&store.join(OBJECTS), &mut found).map_err(disk("list the store"))?;
    let beside = LEDGER.iter().chain(&OTHERS).map(|name| store.join(name));
    found.extend(beside.filter(|file| fs::symlink_metadata(file).is_ok()));
    Ok(found)
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(err) if err.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        // Of the name itself, not of what it points to.
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), found)?;
        } else {
            found.push(entry.path());
        }
    }
    Ok(())
}

fn strangers(store: &Path) -> Result<usize, VaultError> {
    let ours = |name: &std::ffi::OsStr| {
        let known = LEDGER.iter().chain(&OTHERS).chain([&MARK, &OBJECTS, &key_file::NAME]);
        known.into_iter().any(|known| name == *known)
    };
    let entries = fs::read_dir(store).map_err(disk("list the store"))?;
    Ok(entries.flatten().filter(|entry| !ours(&entry.file_name())).count())
}

/// Zeros over a file's head, in place; over all of it where it is the ledger's.
fn overwrite(file: &Path) -> io::Result<()> {
    let no_link = OFlags::NOFOLLOW.bits().cast_signed();
    let open = OpenOptions::new().write(true).custom_flags(no_link).open(file)?;
    let length = open.metadata()?.len();
    let is_ledger = file.file_name().is_some_and(|name| LEDGER.iter().any(|known| name == *known));
    let end = if is_ledger { length } else { length.min(HEAD) };
    let zeros = vec![0; HEAD as usize];
    let mut at = 0;
    while at < end {
        let part = zeros.get(..(end - at).min(HEAD) as usize).unwrap_or_default();
        open.write_all_at(part, at)?;
        at += part.len() as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::keys::Keys;

    fn a_store() -> (tempfile::TempDir, crate::keys::Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::keys::Store::new(folder.path(), Keys::generate().unwrap());
        (folder, store)
    }

    #[test]
    fn what_is_linked_into_a_store_does_not_lie_in_it() {
        let (folder, store) = a_store();
        let vault = Vault::open(&store).unwrap();
        vault.put(&vault.seal_parts(&[&[7; 20]]).unwrap()).unwrap();
        assert_eq!(elsewhere(folder.path()).unwrap(), None);
        let other = tempfile::tempdir().unwrap();
        let link = folder.path().join(OBJECTS).join("linked");
        symlink(other.path(), &link).unwrap();
        assert_eq!(elsewhere(folder.path()).unwrap(), Some(link.clone()));
        fs::remove_file(link).unwrap();
        symlink(other.path().join("ledger"), folder.path().join("ledger.sqlite")).unwrap();
        assert_eq!(elsewhere(folder.path()).unwrap(), Some(folder.path().join("ledger.sqlite")));
    }

    /// Whoever has a file open sees its head go, and the rest stay sealed.
    #[test]
    fn the_head_of_every_file_is_overwritten_before_its_name_goes() {
        let (folder, store) = a_store();
        let vault = Vault::open(&store).unwrap();
        let sealed = vault.seal_parts(&[&[7; 20_000]]).unwrap();
        vault.put(&sealed).unwrap();
        fs::write(folder.path().join("ledger.sqlite"), vec![9; 10_000]).unwrap();
        let object = File::open(vault.place(sealed.name())).unwrap();
        let ledger = File::open(folder.path().join("ledger.sqlite")).unwrap();
        let found = contents(folder.path()).unwrap();
        assert_eq!((found.files, found.strange), (2, 0));
        let removed = remove_all(folder.path()).unwrap();
        assert_eq!((removed.files, removed.not_overwritten, removed.stuck), (2, 0, 0));
        assert_eq!(removed.bytes, found.bytes);
        let mut head = vec![1; HEAD as usize];
        object.read_exact_at(&mut head, 0).unwrap();
        assert!(head.iter().all(|byte| *byte == 0), "the school's key has nothing to begin with");
        let mut all = vec![1; 10_000];
        ledger.read_exact_at(&mut all, 0).unwrap();
        assert!(all.iter().all(|byte| *byte == 0));
        assert_eq!(contents(folder.path()).unwrap(), Contents::default());
        assert_eq!(remove_all(folder.path()).unwrap(), Removed::default(), "twice does no harm");
    }

    #[test]
    fn what_is_somebody_elses_stays_and_a_link_is_not_followed() {
        let (folder, _) = a_store();
        let outside = tempfile::tempdir().unwrap();
        let letter = outside.path().join("letter");
        fs::write(&letter, "dear").unwrap();
        fs::create_dir_all(folder.path().join("vault/ab")).unwrap();
        symlink(&letter, folder.path().join("vault/ab/file")).unwrap();
        symlink(outside.path(), folder.path().join("vault/folder")).unwrap();
        fs::write(folder.path().join("notes.txt"), "mine").unwrap();
        assert_eq!(contents(folder.path()).unwrap().strange, 1);
        remove_all(folder.path()).unwrap();
        assert_eq!(fs::read(&letter).unwrap(), b"dear");
        assert_eq!(fs::read(folder.path().join("notes.txt")).unwrap(), b"mine");
        assert!(!folder.path().join("vault").exists());
    }

    #[test]
    fn nothing_is_removed_while_the_keys_are_there() {
        let (folder, store) = a_store();
        Vault::open(&store).unwrap();
        fs::write(folder.path().join("keys"), "k").unwrap();
        remove_all(folder.path()).unwrap_err();
        assert!(folder.path().join("vault").exists());
    }

    #[test]
    fn a_store_that_lost_its_keys_is_told_from_one_that_was_destroyed() {
        let (folder, _) = a_store();
        assert!(matches!(key_file::read(folder.path()), Err(key_file::KeyFileError::Missing)));
        begin_destruction(folder.path(), "/media/x").unwrap();
        assert!(matches!(key_file::read(folder.path()), Err(key_file::KeyFileError::Destroyed)));
        assert!(!key_file::is_new(folder.path()), "nobody makes new keys here");
        assert_eq!(begun_destruction(folder.path()).as_deref(), Some("/media/x"));
        end_destruction(folder.path()).unwrap();
        assert!(!folder.path().exists(), "nothing is left");
    }
}
