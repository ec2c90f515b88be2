//! A slot: the master, wrapped by what one holder knows.
//!
//! | bytes | what |
//! |---|---|
//! | 1 | state: 0 nobody's, 1 a holder's, 2 open to all |
//! | 1 | role: 1 photographer, 2 retake operator, 3 supervisor, 4 administrator |
//! | 1 + 48 | the label's length, the label |
//! | 4 + 4 + 4 | Argon2id: memory in KiB, passes, lanes (least significant byte first) |
//! | 16 | salt |
//! | 24 | nonce |
//! | 48 | the master under XChaCha20-Poly1305, bound to file, slot number, state, role, label and cost |
//! | 41 | random, to 192 |
//!
//! A slot that is nobody's is random behind its first byte.

use zeroize::Zeroizing;

use super::{
    KeysError, Passphrase, label, random,
    stretch::{Cost, SALT, stretch},
    wrap::{KEY, NONCE, TAG, unwrapped, wrap},
};
use crate::profile::Role;

/// How many holders a store can have.
pub const SLOTS: usize = 12;

/// Bytes of a slot.
pub(super) const SLOT: usize = 192;
/// Bytes that mean something.
const MEANT: usize = 3 + label::LONGEST + 12 + SALT + NONCE + KEY + TAG;
const _: () = assert!(MEANT <= SLOT, "a slot has room for what it means");

const NOBODYS: u8 = 0;
const HELD: u8 = 1;
const OPEN: u8 = 2;

/// The key of an open slot: no secret at all.
const NO_SECRET: [u8; KEY] = [0; KEY];

/// A slot that is somebody's.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Slot {
    /// Whether it opens without a passphrase.
    pub(super) open: bool,
    /// What its holder may.
    pub(super) role: Role,
    /// What its holder is called; nothing in an open one.
    pub(super) label: String,
    cost: Cost,
    salt: [u8; SALT],
    nonce: [u8; NONCE],
    wrapped: [u8; KEY + TAG],
}

/// Which slot of which file: what its wrapping is bound to.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    /// The file's kind and number.
    pub(super) file: &'a [u8],
    /// From 0.
    pub(super) slot: usize,
}

impl Slot {
    /// A slot for a holder.
    pub(super) fn held(
        at: At<'_>,
        role: Role,
        label: String,
        passphrase: &Passphrase,
        master: &[u8; KEY],
    ) -> Result<Self, KeysError> {
        let (salt, cost) = (random::bytes()?, Cost::of_new_slots());
        let key = stretch(passphrase, &salt, cost)?;
        Self { open: false, role, label, cost, salt, nonce: random::bytes()?, wrapped: [0; _] }
            .wrapping(at, &key, master)
    }

    /// The slot of a file that is open to all.
    pub(super) fn open(at: At<'_>, master: &[u8; KEY]) -> Result<Self, KeysError> {
        let (salt, nonce) = (random::bytes()?, random::bytes()?);
        let (role, label, cost) = (Role::Administrator, String::new(), Cost::of_new_slots());
        Self { open: true, role, label, cost, salt, nonce, wrapped: [0; _] }.wrapping(at, &NO_SECRET, master)
    }

    fn wrapping(mut self, at: At<'_>, key: &[u8; KEY], master: &[u8; KEY]) -> Result<Self, KeysError> {
        self.wrapped = wrap(key, &self.nonce, &self.context(at), master)?;
        Ok(self)
    }

    /// The master, if this is the holder's passphrase.
    pub(super) fn unlock(
        &self,
        at: At<'_>,
        passphrase: &Passphrase,
    ) -> Result<Zeroizing<[u8; KEY]>, KeysError> {
        if self.open {
            return Err(KeysError::OpenToAll);
        }
        let key = stretch(passphrase, &self.salt, self.cost)?;
        self.master(at, &key).ok_or(KeysError::WrongPassphrase)
    }

    /// The master of a file that is open to all.
    pub(super) fn unlock_open(&self, at: At<'_>) -> Result<Zeroizing<[u8; KEY]>, KeysError> {
        if !self.open {
            return Err(KeysError::NeedsPassphrase);
        }
        self.master(at, &NO_SECRET).ok_or(KeysError::Tampered)
    }

    fn master(&self, at: At<'_>, key: &[u8; KEY]) -> Option<Zeroizing<[u8; KEY]>> {
        let master = unwrapped(key, &self.nonce, &self.context(at), &self.wrapped)?;
        master.first_chunk().map(|master| Zeroizing::new(*master))
    }

    /// What the wrapping is bound to: nobody moves a slot, renames its holder or gives him another role.
    fn context(&self, at: At<'_>) -> Vec<u8> {
        let number = u8::try_from(at.slot).unwrap_or(u8::MAX);
        [at.file, b"slot", &[number], &self.clear()].concat()
    }

    /// Everything that stands in the clear before the salt.
    fn clear(&self) -> Vec<u8> {
        let state = if self.open { OPEN } else { HELD };
        let length = u8::try_from(self.label.len()).unwrap_or(u8::MAX);
        let mut clear = vec![state, role_code(self.role), length];
        clear.extend_from_slice(self.label.as_bytes());
        for number in [self.cost.memory_kib, self.cost.passes, self.cost.lanes] {
            clear.extend_from_slice(&number.to_le_bytes());
        }
        clear
    }
}

/// Writes a slot, or one that is nobody's, behind what is written already.
pub(super) fn write(slot: Option<&Slot>, into: &mut Vec<u8>) -> Result<(), KeysError> {
    let end = into.len() + SLOT;
    match slot {
        None => into.push(NOBODYS),
        Some(slot) => {
            let mut clear = slot.clear();
            let cost = clear.split_off(3 + slot.label.len());
            let mut blank = vec![0; label::LONGEST.saturating_sub(slot.label.len())];
            random::fill(&mut blank)?;
            for field in [&clear, &blank, &cost, slot.salt.as_slice(), &slot.nonce, &slot.wrapped] {
                into.extend_from_slice(field);
            }
        }
    }
    fill_up(into, end)
}

/// Random bytes up to a length.
pub(super) fn fill_up(into: &mut Vec<u8>, to: usize) -> Result<(), KeysError> {
    let from = into.len();
    into.resize(to, 0);
    into.get_mut(from..).map_or(Ok(()), random::fill)
}

/// Reads a slot; `None` when it is neither somebody's nor nobody's.
pub(super) fn read(room: &[u8; SLOT]) -> Option<Option<Slot>> {
    let (&[state, role, length], rest) = room.split_first_chunk()?;
    let (label, rest) = rest.split_first_chunk::<{ label::LONGEST }>()?;
    let (memory, rest) = rest.split_first_chunk()?;
    let (passes, rest) = rest.split_first_chunk()?;
    let (lanes, rest) = rest.split_first_chunk()?;
    let (salt, rest) = rest.split_first_chunk()?;
    let (nonce, rest) = rest.split_first_chunk()?;
    let wrapped = rest.first_chunk()?;
    let open = match state {
        NOBODYS => return Some(None),
        HELD => false,
        OPEN => true,
        _ => return None,
    };
    let label = std::str::from_utf8(label.get(..usize::from(length))?).ok()?;
    // A name from outside that could play tricks on a screen was not written by us.
    if label::checked(label).ok().as_deref() != (!open).then_some(label) || (open && !label.is_empty()) {
        return None;
    }
    let number = |bytes: &[u8; 4]| u32::from_le_bytes(*bytes);
    let cost = Cost { memory_kib: number(memory), passes: number(passes), lanes: number(lanes) };
    let (role, label) = (role_of(role)?, label.to_owned());
    Some(Some(Slot { open, role, label, cost, salt: *salt, nonce: *nonce, wrapped: *wrapped }))
}

const fn role_code(role: Role) -> u8 {
    match role {
        Role::Photographer => 1,
        Role::RetakeOperator => 2,
        Role::Supervisor => 3,
        Role::Administrator => 4,
    }
}

const fn role_of(code: u8) -> Option<Role> {
    match code {
        1 => Some(Role::Photographer),
        2 => Some(Role::RetakeOperator),
        3 => Some(Role::Supervisor),
        4 => Some(Role::Administrator),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: At<'static> = At { file: b"a file", slot: 3 };

    fn round(slot: Option<&Slot>) -> Option<Option<Slot>> {
        let mut room = Vec::new();
        write(slot, &mut room).unwrap();
        read(&room.try_into().unwrap())
    }

    fn a_slot() -> Slot {
        let passphrase = Passphrase::new("gj8-Qm2-xLw");
        Slot::held(AT, Role::Supervisor, "林晓梅".to_owned(), &passphrase, &[7; KEY]).unwrap()
    }

    #[test]
    fn a_slot_is_read_as_it_was_written() {
        let held = a_slot();
        assert!(round(Some(&held)) == Some(Some(held.clone())));
        assert!(round(None) == Some(None));
        let open = Slot::open(AT, &[7; KEY]).unwrap();
        assert!(round(Some(&open)) == Some(Some(open.clone())));
        for role in [Role::Photographer, Role::RetakeOperator, Role::Supervisor, Role::Administrator] {
            assert_eq!(role_of(role_code(role)), Some(role));
        }
    }

    #[test]
    fn only_its_holder_opens_a_slot_and_only_where_it_stands() {
        let slot = a_slot();
        let (right, wrong) = (Passphrase::new("gj8-Qm2-xLw"), Passphrase::new("gj8-Qm2-xLW"));
        assert_eq!(*slot.unlock(AT, &right).unwrap(), [7; KEY]);
        assert_eq!(slot.unlock(AT, &wrong).unwrap_err(), KeysError::WrongPassphrase);
        assert_eq!(slot.unlock_open(AT).unwrap_err(), KeysError::NeedsPassphrase);
        for at in [At { slot: 4, ..AT }, At { file: b"b file", ..AT }] {
            assert_eq!(slot.unlock(at, &right).unwrap_err(), KeysError::WrongPassphrase);
        }
        let promoted = Slot { role: Role::Administrator, ..slot.clone() };
        let renamed = Slot { label: "林晓海".to_owned(), ..slot.clone() };
        for changed in [promoted, renamed] {
            assert_eq!(changed.unlock(AT, &right).unwrap_err(), KeysError::WrongPassphrase);
        }
        let declared_open = Slot { open: true, ..slot };
        assert_eq!(declared_open.unlock(AT, &right).unwrap_err(), KeysError::OpenToAll);
        assert_eq!(declared_open.unlock_open(AT).unwrap_err(), KeysError::Tampered);
    }

    #[test]
    fn what_no_slot_of_ours_holds_is_refused() {
        let mut room = Vec::new();
        write(Some(&a_slot()), &mut room).unwrap();
        let room: [u8; SLOT] = room.try_into().unwrap();
        for (at, byte) in [(0, 3), (1, 0), (1, 5), (2, 0), (2, 49), (2, 255), (3, 0xff), (3, 0x1b)] {
            let mut wrong = room;
            wrong[at] = byte;
            assert!(read(&wrong).is_none(), "byte {at} = {byte}");
        }
    }

    #[test]
    fn a_slot_that_is_nobodys_cannot_be_told_by_its_bytes_after_the_first() {
        let mut room = Vec::new();
        write(None, &mut room).unwrap();
        assert_eq!((room.len(), room[0]), (SLOT, NOBODYS));
        // 191 random bytes: that half of them or more are zero happens to nobody.
        assert!(room.iter().filter(|byte| **byte == 0).count() < 96);
    }
}
