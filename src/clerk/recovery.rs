//! What an interruption left behind, put right at the next start. Doing it twice changes nothing.

use std::collections::BTreeSet;

use super::ClerkError;
use crate::{
    ledger::Ledger,
    shot::{Digest, Moment, SittingId},
    station::{Fact, Original},
    vault::{Binding, Kind, Vault, VaultError},
};

/// What was put right, and what a person must look at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recovery {
    /// Unfinished files that were cleared away.
    pub swept: usize,
    /// Originals that had lost their line and got it back by the binding inside them.
    pub adopted: usize,
    /// Sittings that the interruption ended.
    pub interrupted: usize,
    /// Portraits that were written but never called saved; they stay where they are and count for nothing.
    pub never_saved: usize,
    /// Objects that are damaged or not ours.
    pub unreadable: usize,
}

/// Puts right what an interruption left behind.
pub(super) fn recover(vault: &Vault, ledger: &mut Ledger, at: Moment) -> Result<Recovery, ClerkError> {
    let mut recovery = Recovery { swept: vault.sweep()?, ..Recovery::default() };
    let rows: BTreeSet<Digest> = {
        let shots = ledger.shots()?.into_iter().map(|shot| shot.object);
        shots.chain(ledger.kept()?.into_iter().map(|kept| kept.object)).collect()
    };
    for object in vault.objects()?.into_iter().filter(|object| !rows.contains(object)) {
        match vault.get(object) {
            Ok((binding, _)) if binding.kind == Kind::Portrait => recovery.never_saved += 1,
            Ok((binding, jpeg)) => {
                recovery.adopted += usize::from(adopt(ledger, at, object, binding, &jpeg)?);
            }
            Err(VaultError::Damaged(_) | VaultError::NoBinding(_)) => recovery.unreadable += 1,
            Err(err) => return Err(err.into()),
        }
    }
    for sitting in ledger.open_sittings()? {
        ledger.record(at, &Fact::Interrupted { sitting })?;
        recovery.interrupted += 1;
    }
    Ok(recovery)
}

/// Gives an original its line back: to the sitting its binding names if the ledger knows that sitting with
/// that very code, else to nobody. Never to whoever sits now.
fn adopt(
    ledger: &mut Ledger,
    at: Moment,
    object: Digest,
    binding: Binding,
    jpeg: &[u8],
) -> Result<bool, ClerkError> {
    let sitting = owner(ledger, &binding)?;
    let Binding { shot, trigger, exposed, origin, .. } = binding;
    let jpeg = Digest::of(jpeg);
    if ledger.shot_with_jpeg(jpeg)?.is_some() {
        return Ok(false);
    }
    let original = Original { shot, object, jpeg, trigger, exposed, origin };
    ledger.record(at, &Fact::Adopted { sitting, original })?;
    Ok(true)
}

fn owner(ledger: &Ledger, binding: &Binding) -> Result<Option<SittingId>, ClerkError> {
    let (Some(id), Some(code)) = (binding.sitting, binding.code) else { return Ok(None) };
    let known = ledger.sitting(id)?.is_some_and(|row| Digest::of(row.code.expose().as_bytes()) == code);
    Ok(known.then_some(id))
}
