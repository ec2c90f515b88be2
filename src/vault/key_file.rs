//! The key file on the disk: made once, changed in place, destroyed in place.
//!
//! Never by a new file and a rename: that would leave the old wrapped keys on the disk (measured: a small file that is
//! overwritten in place, synced and removed leaves nothing on ext4, facts/record.md section 2). What this cannot
//! reach: the spare blocks of a solid-state disk, file systems that copy on write (btrfs), and copies somebody made.

use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions},
    io::{self, Read as _},
    os::unix::fs::{FileExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use rustix::fs::{Advice, OFlags, fadvise};

use super::{VaultError, destroying, shelf};
use crate::keys::{KeyFile, KeysError, SIZE, Wholeness, random_bytes};

/// The key file's name in a store.
pub(super) const NAME: &str = "keys";

/// Bytes of a piece of it that is looked for.
const PIECE: usize = 32;

/// Why a key file could not be made, read, changed or destroyed.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// There is one already: it is never written over.
    #[error("this store has a key file already")]
    Exists,
    /// There is none.
    #[error("this store has no key file")]
    Missing,
    /// There is none any more: the store was destroyed, and what it kept may still have to be cleared away.
    #[error("this store was destroyed")]
    Destroyed,
    /// The disk is full.
    #[error("the disk is full: the key file could not be made")]
    NoSpace,
    /// The disk refused.
    #[error("cannot {doing} the key file")]
    Disk {
        /// What was tried.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// Its bytes do not open anything.
    #[error(transparent)]
    Keys(#[from] KeysError),
}

impl KeyFileError {
    /// True when trying again without a person's help is pointless.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Exists | Self::Missing | Self::Destroyed => true,
            Self::NoSpace | Self::Disk { .. } => false,
            Self::Keys(err) => err.is_permanent(),
        }
    }
}

/// What became of a key file that was to be destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erased {
    /// It was overwritten twice and removed.
    Now,
    /// There was none: it was destroyed before.
    Before,
}

fn disk(doing: &'static str) -> impl FnOnce(io::Error) -> KeyFileError {
    move |source| {
        if source.kind() == io::ErrorKind::NotFound {
            KeyFileError::Missing
        } else if matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
            KeyFileError::NoSpace
        } else {
            KeyFileError::Disk { doing, source }
        }
    }
}

fn folder(err: VaultError) -> KeyFileError {
    if let VaultError::Disk { doing, source } = err {
        KeyFileError::Disk { doing, source }
    } else {
        KeyFileError::Disk { doing: "make", source: io::Error::other(err) }
    }
}

/// Whether a store has a key file.
#[must_use]
pub fn exists(store: &Path) -> bool {
    fs::symlink_metadata(place(store)).is_ok()
}

/// The store that a key file at this place is of; `None` where it is a copy that somebody put elsewhere. Links are
/// followed: it is the file that counts.
#[must_use]
pub fn store_of(file: &Path) -> Option<PathBuf> {
    let file = fs::canonicalize(file).ok()?;
    let store = file.parent().filter(|store| file == place(store) && !is_new(store))?;
    Some(store.to_owned())
}

/// Whether nothing was ever kept in this folder: what holds anything and has no keys has lost them.
#[must_use]
pub fn is_new(store: &Path) -> bool {
    !store.join("ledger.sqlite").exists() && !store.join("vault").exists() && !destroying::is_begun(store)
}

/// Makes a store's key file, readable by its owner only; it survives a power cut when this returns.
///
/// # Errors
/// [`KeyFileError::Exists`], or when the disk is full or refuses; nothing is left behind then.
pub fn create(store: &Path, file: &KeyFile) -> Result<(), KeyFileError> {
    let bytes = file.to_bytes()?;
    shelf::make_folder(store).map_err(folder)?;
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(place(store));
    let made = made.map_err(|source| match source.kind() == io::ErrorKind::AlreadyExists {
        true => KeyFileError::Exists,
        false => disk("make")(source),
    })?;
    write(&made, 0, &bytes).map_err(disk("make")).and_then(|()| sync_name(store)).inspect_err(|_not_safe| {
        // A half of one would be taken for a torn one at the next start.
        fs::remove_file(place(store)).ok();
    })
}

/// Reads a store's key file, and tells how whole it is. One that is not should be [updated](update) with what was read.
///
/// # Errors
/// [`KeyFileError::Missing`] or [`KeyFileError::Destroyed`], or when its bytes are no key file or a torn one.
pub fn read(store: &Path) -> Result<(KeyFile, Wholeness), KeyFileError> {
    let read =
        open(store, OpenOptions::new().read(true)).and_then(|file| Ok(KeyFile::parse(&contents(&file)?)?));
    // What an interrupted erasing left of it is none either.
    let is_gone = |err: &KeyFileError| matches!(err, KeyFileError::Missing | KeyFileError::Keys(_));
    read.map_err(
        |err| if is_gone(&err) && destroying::is_begun(store) { KeyFileError::Destroyed } else { err },
    )
}

/// A key file that is held open while it is destroyed, so that the place where it lay can be read again.
#[derive(Debug)]
pub struct Held {
    file: File,
    before: Vec<u8>,
}

/// Holds a store's key file open.
///
/// # Errors
/// When there is none, or the disk refuses.
pub fn hold(store: &Path) -> Result<Held, KeyFileError> {
    let file = open(store, OpenOptions::new().read(true))?;
    let before = contents(&file)?;
    Ok(Held { file, before })
}

impl Held {
    /// Pieces of what it held that are long and random enough to be looked for on a disk.
    pub fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        self.before.chunks_exact(PIECE).filter(|piece| {
            let bytes: BTreeSet<&u8> = piece.iter().collect();
            bytes.len() > PIECE / 2
        })
    }

    /// Whether nothing but zeros lies where it lay, read from the disk and not from this computer's memory of it.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn is_gone(&self) -> Result<bool, KeyFileError> {
        fadvise(&self.file, 0, None, Advice::DontNeed).ok();
        let mut after = vec![0xaa; self.before.len()];
        self.file.read_exact_at(&mut after, 0).map_err(disk("read"))?;
        Ok(after.iter().all(|byte| *byte == 0))
    }
}

/// Brings a store's key file to say this: the weaker of its two copies first, then the other, each on the disk before
/// the next thing happens.
///
/// # Errors
/// When the file belongs to another store or was changed since it was read, or when the disk refuses; the store
/// opens as before or as after.
pub fn update(store: &Path, file: &KeyFile) -> Result<(), KeyFileError> {
    let on_disk = open(store, OpenOptions::new().read(true).write(true))?;
    for piece in file.rewrite(&contents(&on_disk)?)? {
        write(&on_disk, piece.at, &piece.bytes).map_err(disk("change"))?;
    }
    Ok(())
}

/// Destroys a store's keys, and with them all that was sealed: random bytes over the whole file, zeros over those,
/// then its name; each on the disk before the next. Interrupted, it is done again from the beginning.
///
/// # Errors
/// When the disk refuses: the keys must be taken to be there still.
pub fn erase(store: &Path) -> Result<Erased, KeyFileError> {
    let file = match open(store, OpenOptions::new().read(true).write(true)) {
        Ok(file) => file,
        Err(KeyFileError::Missing) => return Ok(Erased::Before),
        Err(err) => return Err(err),
    };
    let bytes = file.metadata().map_err(disk("destroy"))?.len();
    let bytes = usize::try_from(bytes).unwrap_or(SIZE).max(SIZE);
    let mut noise = vec![0; bytes];
    random_bytes(&mut noise)?;
    write(&file, 0, &noise).map_err(disk("destroy"))?;
    write(&file, 0, &vec![0; bytes]).map_err(disk("destroy"))?;
    fs::remove_file(place(store)).map_err(disk("destroy"))?;
    sync_name(store)?;
    Ok(Erased::Now)
}

fn place(store: &Path) -> PathBuf {
    store.join(NAME)
}

/// Opens the file itself, never what a link points to: what is opened here may be overwritten.
fn open(store: &Path, how: &mut OpenOptions) -> Result<File, KeyFileError> {
    let no_link = OFlags::NOFOLLOW.bits().cast_signed();
    how.custom_flags(no_link).open(place(store)).map_err(disk("open"))
}

/// All of it, but no more than tells that it is none.
fn contents(file: &File) -> Result<Vec<u8>, KeyFileError> {
    let mut bytes = Vec::with_capacity(SIZE + 1);
    file.take(SIZE as u64 + 1).read_to_end(&mut bytes).map_err(disk("read"))?;
    Ok(bytes)
}

/// Writes in place and waits until it is on the disk.
fn write(file: &File, at: u64, bytes: &[u8]) -> io::Result<()> {
    file.write_all_at(bytes, at)?;
    file.sync_all()
}

fn sync_name(store: &Path) -> Result<(), KeyFileError> {
    shelf::sync_folder(store).map_err(folder)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;
    use crate::{
        keys::{Newcomer, Passphrase},
        profile::Role,
    };

    fn passphrase() -> Passphrase {
        Passphrase::new("gj8-Qm2-xLw")
    }

    /// A store with a key file that was read again.
    fn a_store() -> (tempfile::TempDir, KeyFile) {
        let folder = tempfile::tempdir().unwrap();
        let (file, _) = KeyFile::create("admin", &passphrase(), None).unwrap();
        create(folder.path(), &file).unwrap();
        (folder, file)
    }

    /// The same file with a holder more.
    fn grown(file: &KeyFile) -> KeyFile {
        let admin = file.unlock(0, &passphrase()).unwrap();
        let mut grown = file.clone();
        let newcomer = Newcomer { label: "photo", role: Role::Photographer, passphrase: &passphrase() };
        grown.add(&admin, None, newcomer).unwrap();
        grown
    }

    #[test]
    fn a_key_file_is_made_once_and_for_its_owner_only() {
        let (store, file) = a_store();
        assert!(exists(store.path()));
        assert!(read(store.path()).unwrap() == (file.clone(), Wholeness::Whole));
        let about = fs::metadata(store.path().join("keys")).unwrap();
        assert_eq!((about.len(), about.permissions().mode() & 0o777), (SIZE as u64, 0o600));
        let (other, _) = KeyFile::create("other", &passphrase(), None).unwrap();
        assert!(matches!(create(store.path(), &other), Err(KeyFileError::Exists)));
        assert!(read(store.path()).unwrap().0 == file);
    }

    #[test]
    fn a_store_without_a_key_file_is_told_so() {
        let store = tempfile::tempdir().unwrap();
        assert!(!exists(store.path()));
        assert!(matches!(read(store.path()), Err(KeyFileError::Missing)));
        assert!(matches!(update(store.path(), &a_store().1), Err(KeyFileError::Missing)));
        assert_eq!(erase(store.path()).unwrap(), Erased::Before);
        let new = store.path().join("a/b");
        create(&new, &a_store().1).unwrap();
        assert!(exists(&new));
    }

    /// The same file, not another of its name: what stood there is overwritten.
    #[test]
    fn a_change_is_written_in_place() {
        let (store, file) = a_store();
        let held = File::open(store.path().join("keys")).unwrap();
        let grown = grown(&file);
        update(store.path(), &grown).unwrap();
        assert!(read(store.path()).unwrap() == (grown.clone(), Wholeness::Whole));
        assert!(KeyFile::parse(&contents(&held).unwrap()).unwrap().0 == grown);
        assert_eq!(fs::read_dir(store.path()).unwrap().count(), 1, "nothing lies beside it");
        assert!(matches!(update(store.path(), &file), Err(KeyFileError::Keys(KeysError::Stale))));
        let other = a_store().1;
        assert!(matches!(update(store.path(), &other), Err(KeyFileError::Keys(KeysError::AnotherStore))));
    }

    #[test]
    fn a_torn_file_is_read_and_put_right() {
        let (store, file) = a_store();
        let path = store.path().join("keys");
        for torn in [100, SIZE - 100] {
            let mut bytes = fs::read(&path).unwrap();
            bytes[torn] ^= 1;
            fs::write(&path, bytes).unwrap();
            let (found, wholeness) = read(store.path()).unwrap();
            assert_eq!(wholeness, Wholeness::OneTorn);
            update(store.path(), &found).unwrap();
            assert!(read(store.path()).unwrap() == (file.clone(), Wholeness::Whole));
        }
        fs::write(&path, vec![7; SIZE]).unwrap();
        assert!(matches!(read(store.path()), Err(KeyFileError::Keys(KeysError::Torn))));
        fs::write(&path, vec![7; 9 * SIZE]).unwrap();
        assert!(matches!(read(store.path()), Err(KeyFileError::Keys(KeysError::NotAKeyFile))));
    }

    /// Whoever has the file open sees it go.
    #[test]
    fn an_erased_file_holds_nothing_of_what_it_held() {
        let (store, _) = a_store();
        let held = File::open(store.path().join("keys")).unwrap();
        let before = contents(&held).unwrap();
        let mut after = vec![0xaa; SIZE];
        held.read_exact_at(&mut after, 0).unwrap();
        assert_eq!(after, before, "the handle sees the file");
        assert_eq!(erase(store.path()).unwrap(), Erased::Now);
        held.read_exact_at(&mut after, 0).unwrap();
        assert_eq!(after, vec![0; SIZE]);
        assert_eq!(held.metadata().unwrap().len(), SIZE as u64);
        assert!(!exists(store.path()));
        assert_eq!(erase(store.path()).unwrap(), Erased::Before);
    }

    #[test]
    fn a_longer_file_is_erased_to_its_end() {
        let (store, _) = a_store();
        let path = store.path().join("keys");
        fs::write(&path, vec![9; 3 * SIZE + 5]).unwrap();
        let held = File::open(&path).unwrap();
        erase(store.path()).unwrap();
        let mut after = Vec::new();
        (&held).read_to_end(&mut after).unwrap();
        assert_eq!(after, vec![0; 3 * SIZE + 5]);
    }

    /// A link in the key file's place would have another file destroyed.
    #[test]
    fn a_link_is_not_followed() {
        let (store, file) = a_store();
        let victim = store.path().join("victim");
        fs::rename(store.path().join("keys"), &victim).unwrap();
        symlink(&victim, store.path().join("keys")).unwrap();
        assert!(read(store.path()).is_err());
        assert!(update(store.path(), &grown(&file)).is_err());
        assert!(erase(store.path()).is_err());
        assert!(matches!(create(store.path(), &file), Err(KeyFileError::Exists)));
        assert_eq!(fs::read(&victim).unwrap().len(), SIZE);
        assert!(KeyFile::parse(&fs::read(&victim).unwrap()).unwrap().0 == file);
    }
}
