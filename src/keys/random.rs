//! Randomness: from the operating system, and from nowhere else.

use zeroize::Zeroizing;

use super::KeysError;

/// Fills a room with random bytes.
pub(super) fn fill(room: &mut [u8]) -> Result<(), KeysError> {
    getrandom::fill(room).map_err(|_no_source| KeysError::NoRandomness)
}

/// Random bytes that everybody may see: salts, nonces.
pub(super) fn bytes<const N: usize>() -> Result<[u8; N], KeysError> {
    let mut room = [0; N];
    fill(&mut room)?;
    Ok(room)
}

/// Random bytes that nobody may see.
pub(super) fn secret<const N: usize>() -> Result<Zeroizing<[u8; N]>, KeysError> {
    let mut room = Zeroizing::new([0; N]);
    fill(room.as_mut_slice())?;
    Ok(room)
}
