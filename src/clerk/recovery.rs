//! What an interruption left behind, put right at the next start. Doing it twice changes nothing.

use std::collections::BTreeSet;

use super::ClerkError;
use crate::{
    ledger::Ledger,
    shot::{Digest, Moment, SittingId},
    station::{Fact, Original},
    vault::{Binding, Kind, Vault},
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
    /// Portraits of these sittings that were written but never called saved; they stay where they are and count
    /// for nothing. Told once: at the next start their sittings have ended.
    pub never_saved: usize,
    /// Objects that are damaged, not ours or under another shot's number, and files that cannot be read or
    /// removed. They stay where they are.
    pub unreadable: usize,
}

/// An object without its row, as it speaks of itself.
struct Orphan {
    object: Digest,
    jpeg: Digest,
    binding: Binding,
}

/// Puts right what an interruption left behind.
pub(super) fn recover(vault: &Vault, ledger: &mut Ledger, at: Moment) -> Result<Recovery, ClerkError> {
    let swept = vault.sweep()?;
    let mut recovery = Recovery { swept: swept.cleared, unreadable: swept.stuck, ..Recovery::default() };
    let open = ledger.open_sittings()?;
    for orphan in orphans(vault, ledger, &mut recovery)? {
        match orphan.binding.kind {
            // Of a sitting that has ended it was told before, or another one was kept after all.
            Kind::Portrait => {
                let waits = orphan.binding.sitting.is_some_and(|sitting| open.contains(&sitting));
                recovery.never_saved += usize::from(waits);
            }
            Kind::Original => adopt(vault, ledger, at, orphan, &mut recovery)?,
        }
    }
    for sitting in open {
        ledger.record(at, &Fact::Interrupted { sitting })?;
        recovery.interrupted += 1;
    }
    Ok(recovery)
}

/// The objects without a row, in the order in which they were bound: the first to be given a camera's file
/// keeps it.
fn orphans(vault: &Vault, ledger: &Ledger, recovery: &mut Recovery) -> Result<Vec<Orphan>, ClerkError> {
    let shots = ledger.shots()?.into_iter().map(|shot| shot.object);
    let rows: BTreeSet<Digest> = shots.chain(ledger.kept()?.into_iter().map(|kept| kept.object)).collect();
    let mut orphans = Vec::new();
    for object in vault.objects()?.into_iter().filter(|object| !rows.contains(object)) {
        match vault.get(object) {
            Ok((binding, jpeg)) => orphans.push(Orphan { object, jpeg: Digest::of(&jpeg), binding }),
            // One bad sector must not keep the station shut.
            Err(_unreadable) => recovery.unreadable += 1,
        }
    }
    orphans.sort_by_key(|orphan| (orphan.binding.bound, orphan.binding.shot));
    Ok(orphans)
}

/// Gives an original its line back: to the sitting its binding names if the ledger knows that sitting with
/// that very code, else to nobody. Never to whoever sits now.
fn adopt(
    vault: &Vault,
    ledger: &mut Ledger,
    at: Moment,
    orphan: Orphan,
    recovery: &mut Recovery,
) -> Result<(), ClerkError> {
    if ledger.shot_with_jpeg(orphan.jpeg)?.is_some() {
        return Ok(());
    }
    let sitting = owner(ledger, &orphan.binding)?;
    let Orphan { object, jpeg, binding: Binding { shot, trigger, exposed, origin, .. } } = orphan;
    if ledger.shots()?.iter().any(|known| known.id == shot) {
        recovery.unreadable += 1;
        return Ok(());
    }
    // File before row, here too.
    vault.secure(object)?;
    let original = Original { shot, object, jpeg, trigger, exposed, origin };
    ledger.record(at, &Fact::Adopted { sitting, original })?;
    recovery.adopted += 1;
    Ok(())
}

fn owner(ledger: &Ledger, binding: &Binding) -> Result<Option<SittingId>, ClerkError> {
    let (Some(id), Some(code)) = (binding.sitting, binding.code) else { return Ok(None) };
    let known = ledger.sitting(id)?.is_some_and(|row| Digest::of(row.code.expose().as_bytes()) == code);
    Ok(known.then_some(id))
}
