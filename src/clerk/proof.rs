//! 证明: makes a kept portrait again from its original, and compares bit for bit. What comes out the same was cut,
//! resampled and compressed, and nothing else was done to it. Changes nothing.

use super::ClerkError;
use crate::{
    keys::Store,
    ledger::{KeptRow, Ledger},
    portrait::{Decline, Making, Record, remake},
    shot::Digest,
    vault::Vault,
};

/// What came of making a portrait again.
#[derive(Debug)]
pub struct Proof {
    /// SHA-256 of the portrait.
    pub portrait: Digest,
    /// SHA-256 of the camera's file it was made of; `None` when nobody knows.
    pub original: Option<Digest>,
    /// How it was made, if that was written down.
    pub making: Option<Making>,
    /// Whether it came out the same.
    pub outcome: Outcome,
}

/// Whether a portrait came out the same.
#[derive(Debug)]
pub enum Outcome {
    /// Bit for bit.
    Same,
    /// It differs: another version of the program, or another hand.
    Differs,
    /// The store never kept this file.
    Unknown,
    /// It was kept before makings were written down.
    NoRecord,
    /// The record speaks of another original than the ledger.
    OtherOriginal,
    /// Original or portrait cannot be read from the store.
    Unreadable(ClerkError),
    /// No portrait comes of the original.
    Declined(Decline),
}

impl Proof {
    /// True when it came out the same.
    #[must_use]
    pub fn is_same(&self) -> bool {
        matches!(self.outcome, Outcome::Same)
    }
}

/// Proves the portraits with these hashes, or every one that was ever kept.
///
/// # Errors
/// When there is no store, or its ledger cannot be read.
pub fn prove(store: &Store, wanted: Option<&[Digest]>) -> Result<Vec<Proof>, ClerkError> {
    let prover = Prover { vault: Vault::existing(store)?, ledger: Ledger::read(store)? };
    let kept = prover.ledger.kept()?;
    let Some(wanted) = wanted else { return Ok(kept.iter().map(|row| prover.prove(row)).collect()) };
    let proof = |portrait: &Digest| match kept.iter().find(|row| row.jpeg == *portrait) {
        Some(row) => prover.prove(row),
        None => Proof { portrait: *portrait, original: None, making: None, outcome: Outcome::Unknown },
    };
    Ok(wanted.iter().map(proof).collect())
}

struct Prover {
    vault: Vault,
    ledger: Ledger,
}

impl Prover {
    fn prove(&self, row: &KeptRow) -> Proof {
        let unproven = |outcome| Proof { portrait: row.jpeg, original: None, making: None, outcome };
        let (record, portrait) = match self.vault.get(row.object) {
            Ok((binding, portrait)) => (binding.record, portrait),
            Err(err) => return unproven(Outcome::Unreadable(err.into())),
        };
        let Some(record) = record else { return unproven(Outcome::NoRecord) };
        let outcome = self.compare(row, &record, &portrait).unwrap_or_else(Outcome::Unreadable);
        Proof { portrait: row.jpeg, original: Some(record.original), making: Some(record.making), outcome }
    }

    fn compare(&self, row: &KeptRow, record: &Record, portrait: &[u8]) -> Result<Outcome, ClerkError> {
        let shot = self.ledger.shot_with_jpeg(record.original)?.filter(|shot| shot.id == row.shot);
        let Some(shot) = shot else { return Ok(Outcome::OtherOriginal) };
        let (_, original) = self.vault.get(shot.object)?;
        if Digest::of(&original) != record.original || Digest::of(portrait) != row.jpeg {
            return Ok(Outcome::OtherOriginal);
        }
        Ok(match remake(&original, &record.making) {
            Ok(remade) if remade == portrait => Outcome::Same,
            Ok(_) => Outcome::Differs,
            Err(why) => Outcome::Declined(why),
        })
    }
}
