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
    /// Portraits of these sittings that were written but never called saved; they stay where they are and count
    /// for nothing. Told once: at the next start their sittings have ended.
    pub never_saved: usize,
    /// Objects without a row that are damaged or not ours, and files that cannot be read or removed. They stay where
    /// they are.
    pub unreadable: usize,
    /// Photos that were called saved and are not there: their rows stand, their files are missing, or damaged as far as
    /// a start looks into files. It is so at every start until they are back, and nobody is photographed into such a
    /// store.
    pub lost: usize,
    /// By how much the computer's clock is behind the last line, in milliseconds; 0 where it is not, or by less than a
    /// minute. What is written goes on by its numbers.
    pub clock_behind_ms: i64,
}

/// A clock that is behind by less than this was merely set right, in milliseconds.
const SET_RIGHT_MS: i64 = 60_000;

/// A start looks into so many of the newest originals, and of the newest portraits: a disk that says too early that
/// something is safe loses what was written last, and whoever sat last is still there. All of them would be a season's.
const NEWEST: usize = 6;

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
    let behind_ms = ledger.last_written()?.map_or(0, |last| last.ms_since(at));
    recovery.clock_behind_ms = if behind_ms < SET_RIGHT_MS { 0 } else { behind_ms };
    let open = ledger.open_sittings()?;
    let objects: BTreeSet<Digest> = vault.objects()?.into_iter().collect();
    let rows = newest_first(ledger)?;
    recovery.lost = lost(vault, &objects, &rows, &mut recovery.unreadable);
    let without_row = objects.difference(&rows.concat().into_iter().collect()).copied().collect();
    let (portraits, originals): (Vec<_>, Vec<_>) = orphans(vault, without_row, &mut recovery.unreadable)
        .into_iter()
        .partition(|orphan| orphan.binding.kind == Kind::Portrait);
    // Of a sitting that has ended it was told before, or another one was kept after all.
    let waits = |orphan: &&Orphan| orphan.binding.sitting.is_some_and(|sitting| open.contains(&sitting));
    recovery.never_saved = portraits.iter().filter(waits).count();
    recovery.adopted = adopt_all(vault, ledger, at, originals)?;
    for sitting in open {
        ledger.record(at, &Fact::Interrupted { sitting })?;
        recovery.interrupted += 1;
    }
    Ok(recovery)
}

/// The objects that have a row, the newest first: of originals, and of portraits.
fn newest_first(ledger: &Ledger) -> Result<[Vec<Digest>; 2], ClerkError> {
    let originals = ledger.shots()?.into_iter().rev().map(|shot| shot.object);
    Ok([originals.collect(), ledger.kept()?.into_iter().rev().map(|kept| kept.object).collect()])
}

/// How many objects that have a row are missing; of the newest ones, also how many are damaged.
fn lost(vault: &Vault, objects: &BTreeSet<Digest>, rows: &[Vec<Digest>; 2], unreadable: &mut usize) -> usize {
    let missing = rows.iter().flatten().filter(|object| !objects.contains(object)).count();
    let mut damaged = 0;
    for object in rows.iter().flat_map(|newest| newest.iter().take(NEWEST)) {
        match vault.get(*object) {
            Ok(_) | Err(VaultError::Missing(_)) => {}
            Err(VaultError::Damaged(_) | VaultError::NoBinding(_) | VaultError::Foreign(_)) => damaged += 1,
            Err(_unreadable) => *unreadable += 1,
        }
    }
    missing + damaged
}

/// The objects without a row, in the order of their numbers, not of a clock that somebody may have set: the first to
/// be given a camera's file keeps it.
fn orphans(vault: &Vault, objects: Vec<Digest>, unreadable: &mut usize) -> Vec<Orphan> {
    let mut orphans = Vec::new();
    for object in objects {
        match vault.get(object) {
            Ok((binding, jpeg)) => orphans.push(Orphan { object, jpeg: Digest::of(&jpeg), binding }),
            // One bad sector must not keep the station shut.
            Err(_unreadable) => *unreadable += 1,
        }
    }
    orphans.sort_by_key(|orphan| (orphan.binding.shot, orphan.binding.bound));
    orphans
}

/// Gives originals their lines back: to the sitting its binding names if the ledger knows that sitting with that very
/// code, else to nobody. Never to whoever sits now.
fn adopt_all(
    vault: &Vault,
    ledger: &mut Ledger,
    at: Moment,
    originals: Vec<Orphan>,
) -> Result<usize, ClerkError> {
    let before = ledger.shots()?.len();
    let mut clashing = Vec::new();
    for orphan in originals {
        if ledger.shot(orphan.binding.shot)?.is_some() {
            clashing.push(orphan);
        } else {
            let sitting = owner(ledger, &orphan.binding)?;
            adopt(vault, ledger, at, orphan, sitting)?;
        }
    }
    // Whoever could not be read at an earlier start has lost his number to a later shot. Under a new one he waits, as
    // nobody's, for a person to decide.
    for mut orphan in clashing {
        orphan.binding.shot = ledger.next_numbers()?.1;
        adopt(vault, ledger, at, orphan, None)?;
    }
    Ok(ledger.shots()?.len() - before)
}

fn adopt(
    vault: &Vault,
    ledger: &mut Ledger,
    at: Moment,
    orphan: Orphan,
    sitting: Option<SittingId>,
) -> Result<(), ClerkError> {
    let Orphan { object, jpeg, binding: Binding { shot, trigger, exposed, origin, .. } } = orphan;
    // The very same camera file is somebody's already.
    if ledger.shot_with_jpeg(jpeg)?.is_some() {
        return Ok(());
    }
    // File before row, here too.
    vault.secure(object)?;
    let original = Original { shot, object, jpeg, trigger, exposed, origin };
    Ok(ledger.record(at, &Fact::Adopted { sitting, original })?)
}

fn owner(ledger: &Ledger, binding: &Binding) -> Result<Option<SittingId>, ClerkError> {
    let (Some(id), Some(code)) = (binding.sitting, binding.code) else { return Ok(None) };
    let known = ledger.sitting(id)?.is_some_and(|row| Digest::of(row.code.expose().as_bytes()) == code);
    Ok(known.then_some(id))
}
