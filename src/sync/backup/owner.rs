//! Whose folder it is: a file in it says so before the first other one is copied, because until a backup is finished no
//! manifest does. Two stations that were given one folder must never mix, whoever of them was stopped.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use super::{
    BackupError,
    manifest::{self, Manifest},
    target::Target,
};
use crate::{
    keys::Store,
    ledger::{Ledger, LedgerError},
    shot::Digest,
    vault::Pieces,
};

/// Holds the hash of the journal's first line, which tells one store from every other.
const OWNER: &str = "store";

/// It is written under this name first.
const PART: &str = "store.part";

/// Makes a folder this store's, or finds that it is.
///
/// # Errors
/// When it is another store's, is ahead of this one, or holds what nobody can tell the owner of: then not a byte of it
/// changed.
pub(super) fn claim(
    target: &Target<'_>,
    store: &Store,
    ledger: &Ledger,
    vault: &Pieces,
) -> Result<(), BackupError> {
    let ours = ledger.hash_of(1)?.ok_or(BackupError::Empty)?;
    let refused = |err| target.refused(err, 0);
    let manifests = Manifest::all(target.root).map_err(refused)?;
    let owner = owner_of(target.root).map_err(refused)?;
    if let Some(last) = manifests.first() {
        if last.store != ours {
            return Err(BackupError::Foreign { station: last.station.clone() });
        }
        refuse_ahead(ledger, last.lines, last.head)?;
    }
    if owner.is_some_and(|owner| owner != ours) {
        return Err(BackupError::Foreign { station: String::new() });
    }
    if manifests.is_empty() {
        let has_ledger = holds_ledger_of(target, store, ledger, ours)?;
        if owner.is_none() && !has_ledger && !is_free(target, vault)? {
            return Err(BackupError::Unknown);
        }
    }
    // Backups of former versions have no such file.
    if owner.is_none() { write(target.root, ours).map_err(refused) } else { Ok(()) }
}

/// A backup never goes back.
fn refuse_ahead(ledger: &Ledger, lines: i64, head: Digest) -> Result<(), BackupError> {
    if ledger.hash_of(lines)? == Some(head) { Ok(()) } else { Err(BackupError::Ahead) }
}

/// Whether there is a ledger's copy of this store, where no manifest says so.
fn holds_ledger_of(
    target: &Target<'_>,
    store: &Store,
    ledger: &Ledger,
    ours: Digest,
) -> Result<bool, BackupError> {
    let mut found = false;
    for file in manifest::ledgers(target.root).map_err(|err| target.refused(err, 0))? {
        let copy = match Ledger::read_copy(&file, store.keys()) {
            Ok(copy) => copy,
            // These keys open it, and only a former version reads it.
            Err(LedgerError::OldStore) => {
                found = true;
                continue;
            }
            Err(_torn_or_not_ours) => continue,
        };
        let Ok(Some(first)) = copy.hash_of(1) else { continue };
        if first == ours {
            found = true;
            if let Ok(Some(head)) = copy.head() {
                refuse_ahead(ledger, head.lines, head.hash)?;
            }
        }
    }
    Ok(found)
}

/// Whether a folder that nobody signed is anybody's to take: there is nothing, or what a former version of this program
/// copied of this very store before it was stopped.
fn is_free(target: &Target<'_>, vault: &Pieces) -> Result<bool, BackupError> {
    let refused = |err| target.refused(err, 0);
    if manifest::is_there(target.root) || !manifest::ledgers(target.root).map_err(refused)?.is_empty() {
        return Ok(false);
    }
    let pieces = target.vault.all()?;
    for piece in &pieces {
        if vault.length(*piece)?.is_some() {
            return Ok(true);
        }
    }
    Ok(pieces.is_empty())
}

/// Whose folder it is, if that can be read: a torn file says nothing.
fn owner_of(root: &Path) -> io::Result<Option<Digest>> {
    match fs::read_to_string(place(root)) {
        Err(err) if matches!(err.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidData) => Ok(None),
        read => Ok(read?.trim().parse().ok()),
    }
}

fn write(root: &Path, ours: Digest) -> io::Result<()> {
    let part = root.join(PART);
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&part)?;
    file.write_all(format!("{ours}\n").as_bytes())?;
    file.sync_all()?;
    drop(file);
    fs::rename(part, place(root))?;
    manifest::sync_folder(root)
}

fn place(root: &Path) -> PathBuf {
    root.join(OWNER)
}
