//! 原片库: sealed files by their hash, each with its binding inside.
//!
//! An object is a small header (the [`Binding`]: which station, sitting, shot, code, when) followed by the
//! camera's or our JPEG, both sealed by the store's [`Keys`]. Its name is the SHA-256 of what lies on the disk, so
//! `sha256sum` checks a vault without any key, nothing is ever overwritten, and a file that lost its row in the
//! ledger still knows whose it is: measured, after a power cut a file often stands without its row (facts/record.md
//! section 1). Sealing the same twice gives two objects; whoever tries again goes on with what was [`Sealed`].
//!
//! The order that survives a power cut: a new temporary file, room reserved, written, synced, renamed without
//! replacing, the folder synced; only then may the ledger speak of it.

mod binding;
mod destroying;
pub mod key_file;
mod papers;
mod pieces;
mod rehearsed;
mod restoring;
mod shelf;
pub mod unlock_log;

use std::{fs, io, path::PathBuf};

pub use binding::{Binding, Kind};
pub use destroying::{
    Contents, Removed, Sample, begin_destruction, begun_destruction, contents, elsewhere, end_destruction,
    remove_all, withdraw_destruction,
};
pub use pieces::{CopyError, Piece, Pieces, digest_from_disk, digest_of};
pub use rehearsed::{Mixed, is_rehearsal, keep_apart, open_to_all};
pub use restoring::{begin_restoring, end_restoring, is_restoring};
pub use shelf::Lock;

use crate::{
    keys::{Keys, KeysError, Store},
    shot::Digest,
};

/// Why an object could not be put or got.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The disk is full.
    #[error("the disk is full: {needed} bytes could not be kept")]
    NoSpace {
        /// Bytes that were to be kept.
        needed: usize,
    },
    /// Another program works on this store.
    #[error("another caiying works on this store")]
    Locked,
    /// The disk refused.
    #[error("cannot {doing} in the vault")]
    Disk {
        /// What was tried.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// An object is not there.
    #[error("object {0} is missing from the vault")]
    Missing(Digest),
    /// An object's bytes are not those it was named after.
    #[error("object {0} in the vault was changed or damaged")]
    Damaged(Digest),
    /// An object's header is not ours.
    #[error("object {0} in the vault has no binding")]
    NoBinding(Digest),
    /// An object is whole, and sealed for other keys than this store's.
    #[error("object {0} in the vault is sealed for other keys")]
    Foreign(Digest),
    /// Something could not be sealed.
    #[error("a file could not be sealed")]
    Unsealed(#[source] KeysError),
}

impl VaultError {
    /// True when trying again without a person's help is pointless.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::NoSpace { .. } | Self::Locked | Self::Disk { .. } => false,
            Self::Missing(_)
            | Self::Damaged(_)
            | Self::NoBinding(_)
            | Self::Foreign(_)
            | Self::Unsealed(_) => true,
        }
    }
}

/// What became of unfinished files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Cleared away.
    pub cleared: usize,
    /// Cannot be removed.
    pub stuck: usize,
}

/// An object as it will lie on the disk; its `Debug` form shows its name.
#[derive(Clone)]
pub struct Sealed {
    name: Digest,
    bytes: Vec<u8>,
}

impl Sealed {
    /// SHA-256 of its bytes.
    #[must_use]
    pub fn name(&self) -> Digest {
        self.name
    }
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Sealed").field(&self.name).finish()
    }
}

/// A folder of objects, and the keys they are sealed with.
#[derive(Debug, Clone)]
pub struct Vault {
    folder: PathBuf,
    keys: Keys,
}

impl Vault {
    /// Opens the vault of a store, making its folders where they are missing.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn open(store: &Store) -> Result<Self, VaultError> {
        let folder = store.folder().join("vault");
        shelf::make_folder(&folder.join("tmp"))?;
        // A former program may have ended between making a shard and syncing what holds it.
        shelf::sync_folder(&folder)?;
        Ok(Self { folder, keys: store.keys().clone() })
    }

    /// The vault of a store that must exist already; nothing is made or changed.
    ///
    /// # Errors
    /// When there is none.
    pub fn existing(store: &Store) -> Result<Self, VaultError> {
        let folder = store.folder().join("vault");
        match fs::metadata(&folder) {
            Ok(_) => Ok(Self { folder, keys: store.keys().clone() }),
            Err(source) => Err(VaultError::Disk { doing: "find the store", source }),
        }
    }

    /// Seals a file with its binding. Nothing is written yet.
    ///
    /// # Errors
    /// When it cannot be sealed.
    pub fn seal(&self, binding: &Binding, jpeg: &[u8]) -> Result<Sealed, VaultError> {
        self.seal_parts(&[&binding.to_header(), jpeg])
    }

    fn seal_parts(&self, parts: &[&[u8]]) -> Result<Sealed, VaultError> {
        let bytes = self.keys.seal(parts).map_err(VaultError::Unsealed)?;
        Ok(Sealed { name: Digest::of(&bytes), bytes })
    }

    /// Puts an object on the shelf; when this returns, it will survive a power cut. Putting the same object again
    /// changes nothing.
    ///
    /// # Errors
    /// When the disk is full or refuses; nothing is left behind then.
    pub fn put(&self, object: &Sealed) -> Result<(), VaultError> {
        let place = self.place(object.name);
        if place.exists() {
            // It may stand there because syncing the folder failed: standing is not yet surviving.
            return self.secure(object.name);
        }
        shelf::put(&self.folder.join("tmp"), &place, &object.bytes)
    }

    /// Sees to it that an object that stands there survives a power cut: whoever put it may have been
    /// interrupted before its folder was synced.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn secure(&self, object: Digest) -> Result<(), VaultError> {
        self.place(object).parent().map_or(Ok(()), shelf::sync_folder)
    }

    /// Gets an object, proven to be what its name says.
    ///
    /// # Errors
    /// When it is missing or damaged.
    pub fn get(&self, object: Digest) -> Result<(Binding, Vec<u8>), VaultError> {
        let mut bytes = self.unseal(object, fs::read(self.place(object)))?;
        let (binding, header) = Binding::from_object(&bytes).ok_or(VaultError::NoBinding(object))?;
        bytes.drain(..header);
        Ok((binding, bytes))
    }

    /// What was sealed in a file that was read, proven to be what its name says.
    fn unseal(&self, name: Digest, read: io::Result<Vec<u8>>) -> Result<Vec<u8>, VaultError> {
        let sealed = match read {
            Ok(sealed) => sealed,
            Err(err) if err.kind() == io::ErrorKind::NotFound => return Err(VaultError::Missing(name)),
            Err(source) => return Err(VaultError::Disk { doing: "read an object", source }),
        };
        if Digest::of(&sealed) != name {
            return Err(VaultError::Damaged(name));
        }
        // Whole and not to be opened: it was never ours.
        let bytes = self.keys.unseal(&sealed).map_err(|_sealed_for_others| VaultError::Foreign(name))?;
        Ok(bytes.to_vec())
    }

    /// Whether an object is there, without reading it.
    #[must_use]
    pub fn has(&self, object: Digest) -> bool {
        self.place(object).is_file()
    }

    /// The names of all objects, sorted.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn objects(&self) -> Result<Vec<Digest>, VaultError> {
        pieces::objects(&self.folder)
    }

    /// Removes what an interrupted put left behind; what cannot be removed stays and is counted.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn sweep(&self) -> Result<Swept, VaultError> {
        pieces::sweep(&self.folder)
    }

    fn place(&self, object: Digest) -> PathBuf {
        Piece::Object(object).place(&self.folder)
    }
}
