//! Two copies in one file, so that a write that is cut short locks nobody out.
//!
//! Each copy has 4 KiB: what it says, random bytes, and in the last 32 the SHA-256 of all before. A writer changes the
//! weaker copy first, waits until it is on the disk, and then the other: at any moment one of the two is whole.

use std::{cmp::Ordering, fmt};

use sha2::{Digest as _, Sha256};

use super::{KeyFile, KeysError, slot::fill_up};

/// Bytes of a copy: whole sectors and whole pages, so that writing one never touches the other.
pub(super) const COPY: usize = 4096;
/// Bytes of a key file, always.
pub const SIZE: usize = 2 * COPY;
/// Bytes of the check at the end of a copy.
const CHECK: usize = 32;
/// What a copy can say.
pub(super) const ROOM: usize = COPY - CHECK;

/// How much of a key file was as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wholeness {
    /// Both copies say the same.
    Whole,
    /// One copy is broken: the file should be written again before the other breaks too.
    OneTorn,
    /// One copy is older: a change was cut short. What the older one lets in still opens the store, so the file
    /// should be written again.
    OneOlder,
}

/// A part of the file to be written in place.
#[derive(Clone, PartialEq, Eq)]
pub struct Piece {
    /// From the beginning of the file, in bytes.
    pub at: u64,
    /// What to write there.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Piece({} bytes at {})", self.bytes.len(), self.at)
    }
}

/// A copy that says this.
pub(super) fn copy_of(mut said: Vec<u8>) -> Result<Vec<u8>, KeysError> {
    fill_up(&mut said, ROOM)?;
    let check = Sha256::digest(&said);
    said.extend_from_slice(&check);
    Ok(said)
}

/// What a copy says, if it is whole.
fn said(copy: &[u8]) -> Option<&[u8; ROOM]> {
    let (said, check) = copy.split_first_chunk::<ROOM>()?;
    (Sha256::digest(said).as_slice() == check).then_some(said)
}

/// Both copies in a file: `None` for a broken one.
fn both(bytes: &[u8]) -> [Option<Result<KeyFile, KeysError>>; 2] {
    let (a, b) = bytes.split_at_checked(COPY).unwrap_or((bytes, &[]));
    [a, b].map(|copy| said(copy).map(KeyFile::read))
}

/// The newest whole copy.
pub(super) fn parse(bytes: &[u8]) -> Result<(KeyFile, Wholeness), KeysError> {
    if bytes.len() > SIZE {
        return Err(KeysError::NotAKeyFile);
    }
    match both(bytes) {
        [None, None] if bytes.len() == SIZE || KeyFile::begins_like_one(bytes) => Err(KeysError::Torn),
        [None, None] => Err(KeysError::NotAKeyFile),
        [Some(only), None] | [None, Some(only)] => Ok((only?, Wholeness::OneTorn)),
        [Some(a), Some(b)] => {
            let (a, b) = (a?, b?);
            match a.generation.cmp(&b.generation) {
                Ordering::Equal if a == b => Ok((a, Wholeness::Whole)),
                Ordering::Greater if a.id == b.id => Ok((a, Wholeness::OneOlder)),
                Ordering::Less if a.id == b.id => Ok((b, Wholeness::OneOlder)),
                // Two changes at once, or two stores' copies in one file: no write of ours leaves that.
                Ordering::Equal | Ordering::Greater | Ordering::Less => Err(KeysError::Tampered),
            }
        }
    }
}

/// What to write where in a file that holds `bytes` now; each piece has to be on the disk before the next begins.
pub(super) fn rewrite(file: &KeyFile, bytes: &[u8]) -> Result<[Piece; 2], KeysError> {
    match parse(bytes) {
        Ok((found, _)) if found.id != file.id => return Err(KeysError::AnotherStore),
        Ok((found, _)) if found.generation > file.generation => return Err(KeysError::Stale),
        Ok((found, _)) if found.generation == file.generation && found != *file => {
            return Err(KeysError::Stale);
        }
        // Broken beyond reading: whoever still holds the file in memory puts it right.
        Ok(_) | Err(KeysError::Torn) => {}
        Err(other) => return Err(other),
    }
    let strength =
        |copy: Option<Result<KeyFile, KeysError>>| copy.and_then(Result::ok).map(|file| file.generation);
    let [a, b] = both(bytes).map(strength);
    let copy = file.to_copy()?;
    let first = Piece { at: 0, bytes: copy.clone() };
    let second = Piece { at: COPY as u64, bytes: copy };
    // None, which is broken, comes before any generation.
    Ok(if b < a { [second, first] } else { [first, second] })
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::{
        keys::{Newcomer, Passphrase, SLOTS, Unlocked},
        profile::Role,
    };

    const SECTOR: usize = 512;

    fn passphrase() -> Passphrase {
        Passphrase::new("gj8-Qm2-xLw")
    }

    fn a_file() -> (KeyFile, Unlocked) {
        KeyFile::create("林晓梅", &passphrase(), None).unwrap()
    }

    /// A file, and the same one with a holder more.
    fn before_and_after() -> (KeyFile, KeyFile) {
        let (before, unlocked) = a_file();
        let mut after = before.clone();
        let other = Newcomer { label: "second", role: Role::Photographer, passphrase: &passphrase() };
        after.add(&unlocked, None, other).unwrap();
        (before, after)
    }

    fn keys_of(file: &KeyFile) -> Vec<[u8; 32]> {
        file.holders()
            .iter()
            .map(|holder| file.unlock(holder.slot, &passphrase()).unwrap().keys().public_key())
            .collect()
    }

    fn written(mut on_disk: Vec<u8>, piece: &Piece, bytes: usize) -> Vec<u8> {
        let at = usize::try_from(piece.at).unwrap();
        on_disk[at..at + bytes].copy_from_slice(&piece.bytes[..bytes]);
        on_disk
    }

    #[test]
    fn a_file_is_read_as_it_was_written_and_is_always_as_long() {
        let (before, after) = before_and_after();
        for file in [&before, &after] {
            let bytes = file.to_bytes().unwrap();
            assert_eq!(bytes.len(), SIZE);
            assert!(KeyFile::parse(&bytes).unwrap() == (file.clone(), Wholeness::Whole));
        }
    }

    /// Whatever single byte rots, the file opens by its other copy, with the right keys.
    #[test]
    fn every_byte_flipped_once_locks_nobody_out() {
        let (file, unlocked) = a_file();
        let bytes = file.to_bytes().unwrap();
        for at in 0..SIZE {
            let mut rotten = bytes.clone();
            rotten[at] ^= 1 << (at % 8);
            let (found, wholeness) = KeyFile::parse(&rotten).unwrap();
            assert_eq!(wholeness, Wholeness::OneTorn, "byte {at}");
            assert_eq!(keys_of(&found), [unlocked.keys().public_key()], "byte {at}");
        }
        for at in 0..COPY {
            let mut rotten = bytes.clone();
            rotten[at] ^= 1;
            rotten[SIZE - 1 - at] ^= 1;
            assert_eq!(KeyFile::parse(&rotten).unwrap_err(), KeysError::Torn, "byte {at} and its mirror");
        }
    }

    /// Somebody who repairs the checks after changing a byte gets an error, or nothing that differs: never other keys.
    #[test]
    fn whoever_changes_a_byte_and_its_check_changes_no_key() {
        let (file, unlocked) = a_file();
        let copy = file.to_copy().unwrap();
        let mut opened = 0;
        for at in 0..ROOM {
            let mut forged = copy[..ROOM].to_vec();
            forged[at] ^= 1 << (at % 8);
            forged.extend_from_slice(&Sha256::digest(&forged));
            let forged = [forged.as_slice(), &forged].concat();
            let Ok((found, _)) = KeyFile::parse(&forged) else { continue };
            let Ok(found) = found.unlock(0, &passphrase()) else { continue };
            assert_eq!(*found.keys().to_bunch(), *unlocked.keys().to_bunch(), "byte {at}");
            opened += 1;
        }
        // Bound: the beginning, what the slot means without the 39 bytes of room behind its label, the state of the
        // others, the secrets; and a recovery slot cannot be as long as the flipped bit says.
        let bound = 36 + (151 - 39) + (SLOTS - 1) + (24 + 217) + 1;
        assert_eq!(opened, ROOM - bound, "what is random, and the generation");
    }

    /// The power goes at any sector of either piece, in either order of the copies' ages: the file opens with the old
    /// holders or with the new ones.
    #[test]
    fn a_write_cut_at_any_sector_leaves_the_old_holders_or_the_new() {
        let (before, after) = before_and_after();
        let old = before.to_bytes().unwrap();
        let pieces = after.rewrite(&old).unwrap();
        let done = written(written(old.clone(), &pieces[0], COPY), &pieces[1], COPY);
        assert!(KeyFile::parse(&done).unwrap() == (after.clone(), Wholeness::Whole));

        let half = written(old.clone(), &pieces[0], COPY);
        for (on_disk, piece) in [(&old, &pieces[0]), (&half, &pieces[1])] {
            for bytes in (0..=COPY).step_by(SECTOR) {
                let torn = written(on_disk.clone(), piece, bytes);
                let (found, _) = KeyFile::parse(&torn).unwrap();
                assert!(found == before || found == after, "{bytes} of the piece at {}", piece.at);
                assert_eq!(keys_of(&found).len(), found.holders().len());
                // And the next start puts it right, whatever it was.
                let again = found.rewrite(&torn).unwrap();
                let whole = written(written(torn, &again[0], COPY), &again[1], COPY);
                assert!(KeyFile::parse(&whole).unwrap() == (found, Wholeness::Whole));
            }
        }
    }

    #[test]
    fn the_weaker_copy_is_written_first() {
        let (before, after) = before_and_after();
        let (old, new) = (before.to_bytes().unwrap(), after.to_bytes().unwrap());
        let broken = vec![0; COPY];
        let order = |a: &[u8], b: &[u8]| after.rewrite(&[a, b].concat()).unwrap().map(|piece| piece.at);
        let (old, new) = (&old[..COPY], &new[..COPY]);
        let last = COPY as u64;
        for (a, b, first) in [
            (old, old, 0),
            (new, old, last),
            (old, new, 0),
            (&broken[..], old, 0),
            (old, &broken[..], last),
            (new, new, 0),
            (&broken, &broken, 0),
        ] {
            assert_eq!(order(a, b)[0], first);
            assert_ne!(order(a, b)[1], first);
        }
    }

    #[test]
    fn a_file_is_not_written_over_another_one() {
        let (before, after) = before_and_after();
        let on_disk = after.to_bytes().unwrap();
        assert_eq!(before.rewrite(&on_disk).unwrap_err(), KeysError::Stale);
        assert_eq!(a_file().0.rewrite(&on_disk).unwrap_err(), KeysError::AnotherStore);
        assert_eq!(before.rewrite(b"a picture").unwrap_err(), KeysError::NotAKeyFile);
        // Somebody else changed it at the same time.
        let unlocked = before.unlock(0, &passphrase()).unwrap();
        let mut meanwhile = before.clone();
        let third = Newcomer { label: "third", role: Role::Supervisor, passphrase: &passphrase() };
        meanwhile.add(&unlocked, None, third).unwrap();
        assert_eq!(meanwhile.generation, after.generation);
        assert_eq!(meanwhile.rewrite(&on_disk).unwrap_err(), KeysError::Stale);
    }

    #[test]
    fn what_is_no_key_file_is_told_from_a_broken_one() {
        let (file, _) = a_file();
        let bytes = file.to_bytes().unwrap();
        for (bytes, said) in [
            (vec![], KeysError::NotAKeyFile),
            (b"a picture".to_vec(), KeysError::NotAKeyFile),
            (vec![0; SIZE], KeysError::Torn),
            (bytes[..COPY - 1].to_vec(), KeysError::Torn),
            ([bytes.as_slice(), b"x"].concat(), KeysError::NotAKeyFile),
        ] {
            assert_eq!(KeyFile::parse(&bytes).unwrap_err(), said, "{} bytes", bytes.len());
        }
        assert_eq!(KeyFile::parse(&bytes[..COPY]).unwrap().1, Wholeness::OneTorn);
        assert_eq!(KeyFile::parse(&bytes[..SIZE - 1]).unwrap().1, Wholeness::OneTorn);
        // Halves of two stores.
        let other = a_file().0.to_bytes().unwrap();
        let mixed = [&bytes[..COPY], &other[COPY..]].concat();
        assert_eq!(KeyFile::parse(&mixed).unwrap_err(), KeysError::Tampered);
    }

    #[test]
    fn a_later_format_is_named() {
        let (file, _) = a_file();
        let mut copy = file.to_copy().unwrap();
        copy.truncate(ROOM);
        copy[16] = 2;
        copy.extend_from_slice(&Sha256::digest(&copy));
        let later = [copy.as_slice(), &copy].concat();
        assert_eq!(KeyFile::parse(&later).unwrap_err(), KeysError::NewerVersion { found: 2 });
        assert_eq!(file.rewrite(&later).unwrap_err(), KeysError::NewerVersion { found: 2 });
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

        /// Sectors reach a disk in any order: whatever set of them did, old or new opens.
        #[test]
        fn any_set_of_sectors_of_a_cut_write_leaves_old_or_new(landed: [bool; 8], second: bool) {
            let (before, after) = before_and_after();
            let old = before.to_bytes().unwrap();
            let pieces = after.rewrite(&old).unwrap();
            let (mut disk, piece) = match second {
                true => (written(old.clone(), &pieces[0], COPY), &pieces[1]),
                false => (old.clone(), &pieces[0]),
            };
            for (sector, _) in landed.iter().enumerate().filter(|(_, landed)| **landed) {
                let from = usize::try_from(piece.at).unwrap() + sector * SECTOR;
                disk[from..from + SECTOR].copy_from_slice(&piece.bytes[sector * SECTOR..][..SECTOR]);
            }
            let (found, _) = KeyFile::parse(&disk).unwrap();
            prop_assert!(found == before || found == after);
        }

        #[test]
        fn no_bytes_make_it_panic(
            bytes in vec(any::<u8>(), 0..SIZE + 8),
            // Most of them where something is meant: the beginning, the first slot but its cost (which is tried in
            // `stretch`, and would take minutes here), the recovery slot's length.
            changes in vec((prop_oneof![3 => 0..95_usize, 3 => 107..240_usize, 2 => 240..ROOM, 1 => 2589..2591_usize], any::<u8>()), 1..8),
        ) {
            drop(KeyFile::parse(&bytes));
            let (file, _) = a_file();
            let mut forged = file.to_copy().unwrap();
            forged.truncate(ROOM);
            for (at, byte) in changes {
                forged[at] = byte;
            }
            forged.extend_from_slice(&Sha256::digest(&forged));
            if let Ok((found, _)) = KeyFile::parse(&forged) {
                drop(found.unlock(0, &passphrase()));
                drop(found.unlock_open());
                drop(found.rewrite(&bytes));
                drop(file.rewrite(&forged));
            }
        }
    }
}
