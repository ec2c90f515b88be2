//! Which of the portraits that would be delivered look different from the others. Changes nothing.

use super::ClerkError;
use crate::{
    keys::Store,
    ledger::{Ledger, Parcel},
    portrait::{Difference, Look, decode, differences},
    vault::Vault,
};

/// A portrait beside its batch.
#[derive(Debug)]
pub struct Compared {
    /// Whose it is, and where it lies.
    pub parcel: Parcel,
    /// What was seen of it.
    pub look: Look,
    /// How far it is from the middle of the batch.
    pub difference: Difference,
}

/// What came of comparing a batch.
#[derive(Debug, Default)]
pub struct Batch {
    /// Every portrait that could be compared, in the ledger's order.
    pub compared: Vec<Compared>,
    /// How many could not: kept before it was written down where the head is, or not readable.
    pub left_out: usize,
}

/// Compares the current portraits of a store.
///
/// # Errors
/// When there is no store, or its ledger cannot be read.
pub fn compare(store: &Store) -> Result<Batch, ClerkError> {
    let (vault, ledger) = (Vault::existing(store)?, Ledger::read(store)?);
    let parcels = ledger.current()?;
    let all = parcels.len();
    let seen = |parcel: Parcel| {
        let (binding, jpeg) = vault.get(parcel.object).ok()?;
        let portrait = decode(&jpeg).ok()?;
        Some((parcel, Look::of(&portrait, &binding.record?.face)))
    };
    let (parcels, looks): (Vec<_>, Vec<_>) = parcels.into_iter().filter_map(seen).unzip();
    let compared: Vec<_> = parcels
        .into_iter()
        .zip(&looks)
        .zip(differences(&looks))
        .map(|((parcel, look), difference)| Compared { parcel, look: *look, difference })
        .collect();
    Ok(Batch { left_out: all - compared.len(), compared })
}
