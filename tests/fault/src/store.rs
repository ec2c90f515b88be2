//! The one place where this harness opens stores. Whoever changes how a store is opened changes this file only.

use std::{
    collections::BTreeSet,
    env, io,
    path::{Path, PathBuf},
};

use caiying::{
    clerk::{Clerk, ClerkError, Recovery, Report, verify},
    keys::Store,
    ledger::Ledger,
    shot::{Digest, Moment, SittingId},
    vault::{self, Vault, VaultError},
};

/// Where the keys of all broken stores lie: not on the disks that are broken, because a station's keys were made, and
/// given out, days before its first student. What breaks a key file is tried in `caiying` itself.
fn keys() -> PathBuf {
    env::current_exe().unwrap_or_default().with_file_name("fault-keys")
}

/// Makes the keys; whoever breaks stores does it first, while nothing is broken.
///
/// # Errors
/// When the disk refuses.
pub fn prepare() -> Result<(), ClerkError> {
    unlocked(Path::new("")).map(drop)
}

/// A store with the keys that open it.
fn unlocked(store: &Path) -> Result<Store, ClerkError> {
    let shut = |err| VaultError::Disk { doing: "read the keys", source: io::Error::other(err) };
    let keys = vault::open_to_all(&keys()).map_err(shut)?;
    Ok(Store::new(store, keys.keys().clone()))
}

/// Opens a store for work, as the station does: recovery runs.
///
/// # Errors
/// As [`Clerk::open`].
pub fn open(store: &Path, at: Moment) -> Result<(Clerk, Recovery), ClerkError> {
    Clerk::open(&unlocked(store)?, "F1", "chsi_2017_99", at)
}

/// Reads a whole store; changes nothing.
///
/// # Errors
/// As [`verify`].
pub fn verified(store: &Path) -> Result<Report, ClerkError> {
    verify(&unlocked(store)?)
}

/// Who sat down last, as a reader sees it: no recovery runs.
///
/// # Errors
/// When there is no ledger.
pub fn last_seated(store: &Path) -> Result<Option<SittingId>, ClerkError> {
    Ok(reader(store)?.open_sittings()?.into_iter().max())
}

/// The objects without a row, as a reader sees them: no recovery runs.
///
/// # Errors
/// When there is no store.
pub fn orphans(store: &Path) -> Result<Vec<Digest>, ClerkError> {
    let ledger = reader(store)?;
    let mut objects = Vault::existing(&unlocked(store)?)?.objects()?;
    let rows = ledger.shots()?.into_iter().map(|row| row.object);
    let rows: BTreeSet<Digest> = rows.chain(ledger.kept()?.into_iter().map(|row| row.object)).collect();
    objects.retain(|object| !rows.contains(object));
    Ok(objects)
}

fn reader(store: &Path) -> Result<Ledger, ClerkError> {
    Ok(Ledger::read(&unlocked(store)?)?)
}

/// Where an object lies.
#[must_use]
pub fn place(store: &Path, object: Digest) -> PathBuf {
    let name = object.to_string();
    let shard = name.get(..2).unwrap_or_default().to_owned();
    store.join("vault").join(shard).join(name)
}
