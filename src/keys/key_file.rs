//! The key file: what lies on the disk, always 8 KiB.
//!
//! Each of its two copies says, in this order:
//!
//! | bytes | what |
//! |---|---|
//! | 16 | `caiying keys\r\n␚\n`: a transfer that changes line ends is noticed |
//! | 2 | the format's number, 1 |
//! | 1 | the ciphers: 1 for Argon2id, XChaCha20-Poly1305, age |
//! | 1 | 1 with passphrases, 2 open to all |
//! | 16 | the file's own number, random |
//! | 8 | generation: how often it was changed |
//! | 12 × 192 | [slots](super::slot) |
//! | 24 + 217 | the secrets under the master |
//! | 2 + 640 | the master under the school's recovery key, as age seals it; length 0 without one |
//!
//! Numbers begin with their least significant byte. What is not used is random.

use std::fmt;

use zeroize::Zeroizing;

use super::{
    Keys, KeysError, Recipient, Wholeness,
    bunch::BUNCH,
    copies::{self, COPY, Piece, ROOM, SIZE},
    random, sealing,
    slot::{self, SLOT, SLOTS, Slot, fill_up},
    wrap::{KEY, NONCE, TAG, unwrapped, wrap},
};

const MAGIC: &[u8; 16] = b"caiying keys\r\n\x1a\n";
const FORMAT: u16 = 1;
const CIPHERS: u8 = 1;
/// Bytes of what never changes in a file, which everything wrapped in it is bound to.
const IDENTITY: usize = MAGIC.len() + 4 + 16;
/// Room for the master as age seals it: some 420 bytes at most, because age adds random ones.
const RECOVERY: usize = 640;
const _: () =
    assert!(IDENTITY + 8 + SLOTS * SLOT + NONCE + BUNCH + TAG + 2 + RECOVERY <= ROOM, "a copy has room");

/// Whether a file has passphrases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Holders with passphrases.
    Held,
    /// A rehearsal's.
    OpenToAll,
}

/// 钥匙文件: who may open a store. Nothing in it is secret without a passphrase or the recovery secret, unless it is
/// [open to all](Self::is_open).
#[derive(Clone, PartialEq, Eq)]
pub struct KeyFile {
    pub(super) id: [u8; 16],
    pub(super) kind: Kind,
    pub(super) generation: u64,
    pub(super) slots: [Option<Slot>; SLOTS],
    /// The secrets under the master, with their nonce.
    secrets: ([u8; NONCE], [u8; BUNCH + TAG]),
    /// The master under the school's recovery key.
    recovery: Option<Vec<u8>>,
}

impl KeyFile {
    /// Reads a file's bytes: the newest whole copy, and whether the other one is.
    ///
    /// # Errors
    /// When there is none, or a later version wrote it.
    pub fn parse(bytes: &[u8]) -> Result<(Self, Wholeness), KeysError> {
        copies::parse(bytes)
    }

    /// The whole file, both copies alike: [`SIZE`] bytes.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn to_bytes(&self) -> Result<Vec<u8>, KeysError> {
        let mut bytes = Vec::with_capacity(SIZE);
        bytes.extend_from_slice(&self.to_copy()?);
        bytes.extend_from_within(..COPY);
        Ok(bytes)
    }

    /// How to bring a file that holds `on_disk` now to say this one, in place: two pieces, and each must be on the
    /// disk before the next is begun.
    ///
    /// # Errors
    /// [`KeysError::AnotherStore`], [`KeysError::Stale`], or as [`Self::parse`], except that a torn file is put right.
    pub fn rewrite(&self, on_disk: &[u8]) -> Result<[Piece; 2], KeysError> {
        copies::rewrite(self, on_disk)
    }

    /// Whether it opens without a passphrase: a rehearsal's.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.kind == Kind::OpenToAll
    }

    /// Whether a recovery secret opens it.
    #[must_use]
    pub fn has_recovery(&self) -> bool {
        self.recovery.is_some()
    }

    /// A new file around `keys`, with no slot yet, and its master.
    pub(super) fn around(keys: &Keys, kind: Kind) -> Result<(Self, Zeroizing<[u8; KEY]>), KeysError> {
        let master = random::secret()?;
        let nonce = random::bytes()?;
        let mut file = Self {
            id: random::bytes()?,
            kind,
            generation: 1,
            slots: [const { None }; SLOTS],
            secrets: (nonce, [0; _]),
            recovery: keys.recovery().map(|school| seal_master(&master, school)).transpose()?,
        };
        file.secrets.1 = wrap(&master, &nonce, &file.secrets_context(), &keys.to_bunch())?;
        Ok((file, master))
    }

    /// The keys that a master opens.
    pub(super) fn keys(&self, master: &[u8; KEY]) -> Result<Keys, KeysError> {
        let (nonce, wrapped) = &self.secrets;
        let bunch = unwrapped(master, nonce, &self.secrets_context(), wrapped);
        bunch.and_then(|bunch| Keys::from_bunch(&bunch)).ok_or(KeysError::Tampered)
    }

    /// The master that a recovery secret opens.
    pub(super) fn recovered(
        &self,
        secret: &age::x25519::Identity,
    ) -> Result<Zeroizing<[u8; KEY]>, KeysError> {
        let sealed = self.recovery.as_ref().ok_or(KeysError::NoRecovery)?;
        let master = sealing::unseal(sealed, secret).map_err(|why| match why == KeysError::OthersSeal {
            true => KeysError::WrongRecovery,
            false => KeysError::Tampered,
        })?;
        let master = master.as_slice().try_into().map_err(|_length| KeysError::Tampered)?;
        Ok(Zeroizing::new(master))
    }

    /// A slot that is somebody's.
    pub(super) fn slot(&self, number: usize) -> Result<&Slot, KeysError> {
        let slot = self.slots.get(number).and_then(Option::as_ref);
        slot.ok_or(KeysError::NoSuchHolder { slot: number })
    }

    /// Puts a slot in, or takes one out: a change of the file.
    pub(super) fn put(&mut self, number: usize, slot: Option<Slot>) {
        if let Some(room) = self.slots.get_mut(number) {
            *room = slot;
            self.generation = self.generation.saturating_add(1);
        }
    }

    /// Format, kind and number: what never changes.
    pub(super) fn identity(&self) -> [u8; IDENTITY] {
        let [low, high] = FORMAT.to_le_bytes();
        let kind = match self.kind {
            Kind::Held => 1,
            Kind::OpenToAll => 2,
        };
        let mut identity = [0; IDENTITY];
        let numbers = [low, high, CIPHERS, kind];
        let bytes = MAGIC.iter().chain(&numbers).chain(&self.id);
        identity.iter_mut().zip(bytes).for_each(|(room, byte)| *room = *byte);
        identity
    }

    fn secrets_context(&self) -> Vec<u8> {
        [self.identity().as_slice(), b"secrets"].concat()
    }

    /// One copy of it.
    pub(super) fn to_copy(&self) -> Result<Vec<u8>, KeysError> {
        let mut copy = Vec::with_capacity(COPY);
        copy.extend_from_slice(&self.identity());
        copy.extend_from_slice(&self.generation.to_le_bytes());
        for slot in &self.slots {
            slot::write(slot.as_ref(), &mut copy)?;
        }
        copy.extend_from_slice(&self.secrets.0);
        copy.extend_from_slice(&self.secrets.1);
        let recovery = self.recovery.as_deref().unwrap_or_default();
        let length = u16::try_from(recovery.len()).map_err(|_too_long| KeysError::CannotSeal)?;
        copy.extend_from_slice(&length.to_le_bytes());
        let end = copy.len() + RECOVERY;
        copy.extend_from_slice(recovery);
        fill_up(&mut copy, end)?;
        copies::copy_of(copy)
    }

    /// Reads what a whole copy says.
    pub(super) fn read(copy: &[u8; ROOM]) -> Result<Self, KeysError> {
        let (magic, rest) = copy.split_first_chunk().ok_or(KeysError::NotAKeyFile)?;
        let (format, rest) = rest.split_first_chunk().ok_or(KeysError::NotAKeyFile)?;
        match (magic == MAGIC, u16::from_le_bytes(*format)) {
            (true, FORMAT) => Self::read_fields(rest).ok_or(KeysError::Tampered),
            (true, found) if found > FORMAT => Err(KeysError::NewerVersion { found }),
            _ => Err(KeysError::NotAKeyFile),
        }
    }

    fn read_fields(fields: &[u8]) -> Option<Self> {
        let (&[CIPHERS, kind], rest) = fields.split_first_chunk()? else { return None };
        let (id, rest) = rest.split_first_chunk()?;
        let (generation, rest) = rest.split_first_chunk()?;
        let (rooms, rest) = rest.split_at_checked(SLOTS * SLOT)?;
        let (nonce, rest) = rest.split_first_chunk()?;
        let (wrapped, rest) = rest.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let recovery = rest.get(..usize::from(u16::from_le_bytes(*length)))?;
        let kind = match kind {
            1 => Kind::Held,
            2 => Kind::OpenToAll,
            _ => return None,
        };
        let mut slots = [const { None }; SLOTS];
        for (slot, room) in slots.iter_mut().zip(rooms.as_chunks::<SLOT>().0) {
            *slot = slot::read(room)?;
        }
        let file = Self {
            id: *id,
            kind,
            generation: u64::from_le_bytes(*generation),
            slots,
            secrets: (*nonce, *wrapped),
            recovery: (!recovery.is_empty()).then(|| recovery.to_vec()),
        };
        (recovery.len() <= RECOVERY && file.is_of_one_kind()).then_some(file)
    }

    /// A file has passphrases or is open to all, never both.
    fn is_of_one_kind(&self) -> bool {
        match self.kind {
            Kind::Held => self.slots.iter().flatten().all(|slot| !slot.open),
            Kind::OpenToAll => match self.slots.as_slice() {
                [Some(first), others @ ..] => first.open && others.iter().all(Option::is_none),
                _ => false,
            },
        }
    }

    /// Whether bytes are at least the beginning of a key file.
    pub(super) fn begins_like_one(bytes: &[u8]) -> bool {
        bytes.starts_with(MAGIC)
    }
}

fn seal_master(master: &[u8; KEY], school: &Recipient) -> Result<Vec<u8>, KeysError> {
    let sealed = sealing::seal(&[master], &[school.key()])?;
    if sealed.len() <= RECOVERY { Ok(sealed) } else { Err(KeysError::CannotSeal) }
}

impl fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let holders = self.slots.iter().flatten().count();
        f.debug_struct("KeyFile")
            .field("kind", &self.kind)
            .field("generation", &self.generation)
            .field("holders", &holders)
            .finish()
    }
}
