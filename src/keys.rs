//! 钥匙: who may open a store, and the keys that come out. Pure: bytes in, bytes out.
//!
//! ```text
//!  passphrase ─Argon2id─▶ key of a slot ─┐
//!  recovery secret (the school's) ──age──┼─▶ master ─▶ Keys { batch identity, ledger key, signing key }
//!  an open slot (rehearsals) ────────────┘
//! ```
//!
//! A [`KeyFile`] is what lies on the disk: twelve slots, one for each [`Holder`] of a passphrase, one more for the
//! school's recovery key, and the store's secrets wrapped by the master. Who unlocks it gets an [`Unlocked`]: the
//! [`Keys`] to work with, and the right to change who else may.
//!
//! Wrapped keys live in that one file and nowhere else, so that destroying 8 KiB destroys a store (measured: a key
//! in a database stays on the disk five times over, facts/record.md section 2). Reading and writing the file is the
//! vault's work: [`crate::vault::key_file`].
//!
//! What roles and four eyes hold is the program, not the mathematics: every slot wraps the same master, so whoever
//! can take the master out of this program's memory can do everything. They hold against people at the station.

mod attempts;
mod bunch;
mod copies;
mod deeds;
mod holders;
mod key_file;
mod label;
mod passphrase;
mod random;
mod recipient;
mod sealing;
mod signing;
mod slot;
mod stretch;
mod wrap;

use std::{
    fmt,
    path::{Path, PathBuf},
};

pub use attempts::Attempts;
pub use bunch::{Keys, LedgerKey};
pub use copies::{Piece, SIZE, Wholeness};
pub use deeds::{Deed, Permission, Refused, Who, may, stand_for};
pub use holders::{Holder, Newcomer, Unlocked};
pub use key_file::KeyFile;
pub use label::LabelFault;
pub use passphrase::{LEAST_CHARACTERS, Passphrase, Weakness};
pub use recipient::{NotARecipient, Recipient, generate_recovery};
pub use signing::verify;
pub use slot::SLOTS;
pub use zeroize::Zeroizing;

/// Why something stays locked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeysError {
    /// The file is no key file of ours.
    #[error("this is no key file")]
    NotAKeyFile,
    /// A later version of this program wrote the key file.
    #[error("the key file was written by a later version of this program (format {found})")]
    NewerVersion {
        /// The format's number.
        found: u16,
    },
    /// Neither copy in the key file is whole.
    #[error("both copies in the key file are broken")]
    Torn,
    /// The key file is whole, but its parts do not belong together.
    #[error("the key file was changed by somebody without the keys")]
    Tampered,
    /// The key file on the disk belongs to another store.
    #[error("the key file on the disk belongs to another store")]
    AnotherStore,
    /// The key file on the disk was changed since this one was read.
    #[error("the key file on the disk was changed in the meantime")]
    Stale,
    /// The passphrase is not this holder's.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// Nobody holds this slot.
    #[error("nobody holds slot {slot}")]
    NoSuchHolder {
        /// Which, from 0.
        slot: usize,
    },
    /// All slots are held.
    #[error("all {SLOTS} slots are held")]
    Full,
    /// Nobody could change who may open the store afterwards.
    #[error("this is the last administrator")]
    LastAdministrator,
    /// Those who stand for it may not do it.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// A holder cannot be called that.
    #[error(transparent)]
    Label(#[from] LabelFault),
    /// A passphrase is too easily guessed.
    #[error(transparent)]
    Weak(#[from] Weakness),
    /// A recovery recipient is none.
    #[error(transparent)]
    Recipient(#[from] NotARecipient),
    /// A recovery secret is none.
    #[error("this is no recovery secret: it begins with AGE-SECRET-KEY-1")]
    NotARecoverySecret,
    /// The store was made without a recovery key.
    #[error("this store has no recovery key")]
    NoRecovery,
    /// The recovery secret is another store's.
    #[error("this recovery secret does not open this store")]
    WrongRecovery,
    /// The store is open to all and has no passphrases.
    #[error("this store is open to all: it has no passphrases")]
    OpenToAll,
    /// The store opens with a passphrase only.
    #[error("this store opens with a passphrase only")]
    NeedsPassphrase,
    /// The key file asks for more memory or time than any we write.
    #[error("the key file asks for more work than this program would ever ask for")]
    Costly,
    /// There is not enough memory to make a key of a passphrase.
    #[error("not enough memory to check a passphrase")]
    NoMemory,
    /// The system has no random numbers.
    #[error("the system gives no random numbers")]
    NoRandomness,
    /// Something could not be sealed.
    #[error("cannot seal")]
    CannotSeal,
    /// The bytes are not sealed at all.
    #[error("these bytes are not sealed")]
    NotSealed,
    /// The bytes are sealed, but not to these keys.
    #[error("these bytes are sealed to other keys")]
    OthersSeal,
    /// The sealed bytes were changed, cut short or damaged.
    #[error("these sealed bytes were changed or damaged")]
    Spoilt,
}

impl KeysError {
    /// True when trying again without a person's help is pointless.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        !matches!(self, Self::NoMemory | Self::NoRandomness)
    }
}

/// Fills a room with random bytes from the operating system: what a file is overwritten with.
///
/// # Errors
/// [`KeysError::NoRandomness`].
pub fn random_bytes(room: &mut [u8]) -> Result<(), KeysError> {
    random::fill(room)
}

/// 数据文件夹 with the keys that open it: what the record is worked with.
#[derive(Clone)]
pub struct Store {
    folder: PathBuf,
    keys: Keys,
}

impl Store {
    /// A store's folder with its keys.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>, keys: Keys) -> Self {
        Self { folder: folder.into(), keys }
    }

    /// Where it lies.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What opens it.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.keys
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Store").field(&self.folder).finish()
    }
}
