//! From a passphrase to a key: Argon2id, slow on purpose.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use zeroize::Zeroizing;

use super::{KeysError, Passphrase, wrap::KEY};

/// Bytes of a salt.
pub(super) const SALT: usize = 16;

/// What making a key of a passphrase costs whoever tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cost {
    /// Memory in KiB.
    pub(super) memory_kib: u32,
    /// How often the memory is gone over.
    pub(super) passes: u32,
    /// Lanes; more than one gains nothing in this crate (facts/record.md section 2).
    pub(super) lanes: u32,
}

impl Cost {
    /// What we write: 64 MiB, three passes; 0.58 s measured on a machine under load (facts/record.md section 2).
    const OURS: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 };
    /// What this crate's own tests write, because they make keys by the thousand.
    const IN_TESTS: Self = Self { memory_kib: 8, passes: 1, lanes: 1 };
    /// The most a file may ask for: four times our memory. A file from outside must not stop a station for an hour.
    const MOST: Self = Self { memory_kib: 256 * 1024, passes: 16, lanes: 4 };

    /// What new slots are written with.
    pub(super) const fn of_new_slots() -> Self {
        if cfg!(test) { Self::IN_TESTS } else { Self::OURS }
    }

    /// Whether a slot that asks for this is answered.
    fn is_bearable(self) -> bool {
        self.memory_kib <= Self::MOST.memory_kib
            && self.passes <= Self::MOST.passes
            && self.lanes <= Self::MOST.lanes
    }
}

/// The key that a passphrase makes with a salt.
pub(super) fn stretch(
    passphrase: &Passphrase,
    salt: &[u8; SALT],
    cost: Cost,
) -> Result<Zeroizing<[u8; KEY]>, KeysError> {
    if !cost.is_bearable() {
        return Err(KeysError::Costly);
    }
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(KEY))
        .map_err(|_impossible| KeysError::Costly)?;
    let mut memory = Zeroizing::new(Vec::new());
    let blocks = params.block_count();
    memory.try_reserve_exact(blocks).map_err(|_refused| KeysError::NoMemory)?;
    memory.resize(blocks, Block::new());
    let mut key = Zeroizing::new([0; KEY]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(passphrase.bytes(), salt, key.as_mut_slice(), memory.as_mut_slice())
        .map_err(|_too_long| KeysError::WrongPassphrase)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by Debian's `argon2 somesalt16bytes! -id -t 3 -k N -p 1 -l 32 -r`.
    #[test]
    fn it_is_the_published_function() {
        for (memory_kib, hex) in [
            (64, "01ac53f13690f3a698b4b00cb343f746c00faa6d6e0a5c8153b43bbdf5dd4072"),
            (Cost::OURS.memory_kib, "261c8902fbb8bf6f9f36e8058054bf1359bad531df74b1da600b57cf3e39f274"),
        ] {
            let cost = Cost { memory_kib, ..Cost::OURS };
            let key = stretch(&Passphrase::new("correct horse"), b"somesalt16bytes!", cost).unwrap();
            let found: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(found, hex, "{memory_kib} KiB");
        }
    }

    #[test]
    fn a_file_that_asks_for_a_terabyte_or_for_nothing_is_refused() {
        for (memory_kib, passes, lanes) in [
            (1 << 30, 3, 1),
            (u32::MAX, 1, 1),
            (8, u32::MAX, 1),
            (8, 17, 1),
            (64, 1, 5),
            (256 * 1024 + 1, 1, 1),
            (0, 1, 1),
            (8, 0, 1),
            (8, 1, 0),
            (8, 1, 4),
        ] {
            let cost = Cost { memory_kib, passes, lanes };
            let key = stretch(&Passphrase::new("any"), &[0; SALT], cost);
            assert_eq!(key.map(drop), Err(KeysError::Costly), "{cost:?}");
        }
    }
}
