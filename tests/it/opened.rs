//! Stores as tests have them: sealed like every other, and open to all, so that no test waits for a passphrase.

use std::path::Path;

use caiying::{
    clerk::{self, Batch, Clerk, ClerkError, Proof, Recovery, Report},
    keys::{KeyFile, Newcomer, Passphrase, Store},
    ledger::{Ledger, LedgerError},
    profile::Role,
    shot::{Digest, Moment},
    vault::{self, Vault, VaultError, key_file},
};

/// What opens the stores that are [locked](lock).
pub(crate) const PASSPHRASE: &str = "gj8-Qm2-xLw";

/// The store in a folder; keys that are open to all are made if it has none.
pub(crate) fn store(folder: impl AsRef<Path>) -> Store {
    let folder = folder.as_ref();
    match key_file::read(folder) {
        Ok((file, _)) if !file.is_open() => {
            let opened = file.unlock(0, &Passphrase::new(PASSPHRASE)).unwrap();
            Store::new(folder, opened.keys().clone())
        }
        _ => vault::open_to_all(folder).unwrap(),
    }
}

/// What the school's supervisor types where a store has one.
pub(crate) const SUPERVISES: &str = "Vn6_kouling";

/// Lets the school's supervisor into a store that is [locked](lock).
pub(crate) fn supervise(folder: impl AsRef<Path>) {
    let (mut file, _) = key_file::read(folder.as_ref()).unwrap();
    let administrator = file.unlock(0, &Passphrase::new(PASSPHRASE)).unwrap();
    let passphrase = Passphrase::new(SUPERVISES);
    let newcomer = Newcomer { label: "李老师", role: Role::Supervisor, passphrase: &passphrase };
    file.add(&administrator, None, newcomer).unwrap();
    key_file::update(folder.as_ref(), &file).unwrap();
}

/// Makes the keys of a new store that only [`PASSPHRASE`] opens: the window keeps real students in no other.
pub(crate) fn lock(folder: impl AsRef<Path>) {
    let (file, _) = KeyFile::create("陈工", &Passphrase::new(PASSPHRASE), None).unwrap();
    key_file::create(folder.as_ref(), &file).unwrap();
}

pub(crate) fn clerk(
    folder: impl AsRef<Path>,
    station: &str,
    profile: &str,
    at: Moment,
) -> Result<(Clerk, Recovery), ClerkError> {
    Clerk::open(&store(folder), station, profile, at)
}

pub(crate) fn ledger(folder: impl AsRef<Path>) -> Result<Ledger, LedgerError> {
    Ledger::read(&store(folder))
}

pub(crate) fn vault(folder: impl AsRef<Path>) -> Result<Vault, VaultError> {
    Vault::existing(&store(folder))
}

/// The ledger's file in the hands of somebody who has the key and does not go by the rules.
pub(crate) fn thief(folder: impl AsRef<Path>) -> rusqlite::Connection {
    let (folder, key) = (folder.as_ref(), store(folder.as_ref()).keys().ledger_key());
    let thief = rusqlite::Connection::open(folder.join("ledger.sqlite")).unwrap();
    thief.pragma_update(None, "key", key.raw_key_text().as_str()).unwrap();
    thief
}

pub(crate) fn verify(folder: impl AsRef<Path>) -> Result<Report, ClerkError> {
    clerk::verify(&store(folder))
}

pub(crate) fn prove(folder: impl AsRef<Path>, wanted: Option<&[Digest]>) -> Result<Vec<Proof>, ClerkError> {
    clerk::prove(&store(folder), wanted)
}

pub(crate) fn compare(folder: impl AsRef<Path>) -> Result<Batch, ClerkError> {
    clerk::compare(&store(folder))
}
