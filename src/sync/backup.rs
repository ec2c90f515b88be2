//! 备份: a second copy of a whole store in a folder, made while the station works on it: on a stick, another disk, a share.
//!
//! ```text
//! DIR/store                      whose it is; written first
//! DIR/backup.json                what it holds; put in place last
//! DIR/backup.old.json            the one before
//! DIR/ledger-<SHA-256>.sqlite    the ledger of one moment, in a file of its own
//! DIR/vault/…                    every file that the ledger speaks of, under the name it has in the store
//! ```
//!
//! First the ledger is copied, as it is at one moment; then every file that the folder lacks, proven while it is read.
//! Then every file that the ledger's copy speaks of is read back from the folder's disk, whoever wrote it there and
//! whenever; one that is damaged is copied anew. Only when all of them are there and true, the copy gets its name and the
//! manifest is put in place. So whenever it ends, the last backup that was finished is whole, and the next run goes on:
//! what stands there is not copied again.
//!
//! **No key is ever in a backup.** Wrapped keys live in the store's key file and nowhere else, because what is erased there
//! must be gone for good. So only what is named above is copied, never the store's other files. Everything in a backup is
//! sealed as it is in the store: `restore` is told of the station's key file; without it the school's recovery secret still
//! opens each original and portrait (age), but not the ledger.

mod error;
mod files;
mod manifest;
mod owner;
mod target;

use std::{
    fs::{self, File},
    io,
    path::Path,
};

pub use error::BackupError;
use files::Work;
pub use manifest::Manifest;
use target::Target;

use super::watch::{GoOn, Stage};
use crate::{
    keys::Store,
    ledger::{self, Head, Ledger, Mentioned},
    shot::{Digest, Moment},
    station::{CopyPlace, Fact},
    vault::{self, Pieces},
};

/// The ledger's copy before it has its name; SQLite may leave other files beside it.
const LEDGER_PART: &str = "ledger.part";
const LEDGER_PARTS: [&str; 4] = [LEDGER_PART, "ledger.part-journal", "ledger.part-wal", "ledger.part-shm"];

/// The school may hand over another roster while the one before is being copied; more often than this nobody does.
const ATTEMPTS: usize = 3;

/// A backup that was finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackedUp {
    /// What it holds.
    pub manifest: Manifest,
    /// Files that were copied now.
    pub copied: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Files that stood there already, and were read back like the others.
    pub already: usize,
    /// Of those that were copied: files that stood there already, damaged. The disk may be about to fail.
    pub replaced: usize,
    /// Of those that stood there: files that the store lost or cannot read, and the backup has.
    pub missing_here: usize,
    /// Files of the vault that no line speaks of and that cannot be read; the store's next start tells of them too.
    pub passed_over: usize,
    /// Whether it is on another disk than the store.
    pub place: CopyPlace,
}

impl BackedUp {
    /// That it was made, for the journal.
    #[must_use]
    pub fn fact(&self) -> Fact {
        let Manifest { lines, head, files, .. } = self.manifest;
        Fact::BackedUp { target: self.place, lines, head, objects: files }
    }
}

/// Makes a second copy of a store, or brings one up to date; a station may be writing to the store meanwhile. `go_on` is
/// told how far it is, and may stop it. What was stopped or cut short goes on with the next.
///
/// # Errors
/// When the store cannot be read, the folder cannot be written or is for something else, or it was stopped.
pub fn backup(store: &Store, at: Moment, to: &Path, go_on: &mut GoOn<'_>) -> Result<BackedUp, BackupError> {
    let (vault, ledger) = (Pieces::existing(store.folder())?, Ledger::read(store)?);
    target::refuse_inside(store.folder(), to)?;
    if ledger::is_store(to) {
        return Err(BackupError::AStore);
    }
    let target = Target::open(to)?;
    owner::claim(&target, store, &ledger, &vault)?;
    let mut run = Run { store, at, vault, ledger, target, go_on };
    for _attempt in 0..ATTEMPTS {
        let attempt = run.attempt();
        if attempt.is_err() {
            // What a failure left would only take room away; if it cannot be removed now, the next run does.
            run.clear_ledger().ok();
        }
        if let Some(done) = attempt? {
            return Ok(done);
        }
    }
    Err(BackupError::Busy)
}

struct Run<'a, 'b> {
    store: &'a Store,
    at: Moment,
    vault: Pieces,
    ledger: Ledger,
    target: Target<'a>,
    go_on: &'a mut GoOn<'b>,
}

impl Run<'_, '_> {
    /// One backup of one moment; `None` when that moment's roster was destroyed before it was copied.
    fn attempt(&mut self) -> Result<Option<BackedUp>, BackupError> {
        self.target.sweep()?;
        let (part, head) = (self.target.root.join(LEDGER_PART), self.copy_ledger()?);
        let ledger_sha256 = self.prove_ledger(&part)?;
        let copy = Ledger::read_copy(&part, self.store.keys())?;
        let mentioned = copy.mentioned()?;
        drop(copy);
        let Some(mut work) = self.compare(&mentioned)? else { return Ok(None) };
        if !self.copy(&mut work, &mentioned)? || !self.prove(&mut work, &mentioned)? {
            return Ok(None);
        }
        if let Some(first) = work.broken.first() {
            return Err(BackupError::Incomplete { first: *first, count: work.broken.len() });
        }
        // A disk that writes over what it holds may have done so since.
        self.read_back_ledger(&part, ledger_sha256)?;
        let manifest = self.manifest(head, &mentioned, ledger_sha256)?;
        self.put_in_place(&part, &manifest).map_err(|err| self.target.refused(err, 0))?;
        self.target.forget(&mentioned.papers)?;
        let Work { copy, already, replaced, passed_over, .. } = work;
        let (copied, missing_here) = (copy.len(), work.lost_here.len());
        let bytes = copy.iter().map(|(_, bytes)| bytes).sum();
        let place = self.target.place(self.store.folder());
        Ok(Some(BackedUp { manifest, copied, bytes, already, replaced, missing_here, passed_over, place }))
    }

    /// Tells how far it is; an error when it is to stop, or the folder has gone.
    fn tell(&mut self, stage: Stage, done: usize, of: usize) -> Result<(), BackupError> {
        if !(self.go_on)(stage, done, of) {
            return Err(BackupError::Stopped);
        }
        self.target.check()
    }

    /// Removes what an unfinished copy of the ledger left.
    fn clear_ledger(&self) -> Result<(), BackupError> {
        for left in LEDGER_PARTS {
            match fs::remove_file(self.target.root.join(left)) {
                Err(err) if err.kind() != io::ErrorKind::NotFound => {
                    return Err(self.target.refused(err, 0));
                }
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }

    fn copy_ledger(&mut self) -> Result<Head, BackupError> {
        self.clear_ledger()?;
        if self.ledger.head()?.is_none() {
            return Err(BackupError::Empty);
        }
        let (part, go_on) = (self.target.root.join(LEDGER_PART), &mut *self.go_on);
        let copied =
            self.ledger.copy_into(&part, self.store.keys(), &mut |done, of| go_on(Stage::Ledger, done, of));
        copied.map_err(|err| self.target.refused_ledger(err))?.ok_or(BackupError::Stopped)
    }

    /// What SQLite wrote is what the disk holds.
    fn prove_ledger(&self, part: &Path) -> Result<Digest, BackupError> {
        let open = || File::open(part).map_err(|err| self.target.refused(err, 0));
        let written = vault::digest_of(open()?)?;
        open()?.sync_all().map_err(|err| self.target.refused(err, 0))?;
        self.read_back_ledger(part, written)?;
        Ok(written)
    }

    fn read_back_ledger(&self, part: &Path, written: Digest) -> Result<(), BackupError> {
        let file = File::open(part).map_err(|err| self.target.refused(err, 0))?;
        if vault::digest_from_disk(file)? == written { Ok(()) } else { Err(BackupError::Unfaithful(written)) }
    }

    fn manifest(
        &self,
        head: Head,
        mentioned: &Mentioned,
        ledger_sha256: Digest,
    ) -> Result<Manifest, BackupError> {
        Ok(Manifest {
            caiying_backup: Manifest::LAYOUT,
            made: self.at,
            station: self.ledger.station()?.unwrap_or_default(),
            store: self.ledger.hash_of(1)?.unwrap_or(head.hash),
            rehearsal: vault::is_rehearsal(self.store.folder()),
            lines: head.lines,
            head: head.hash,
            shots: mentioned.shots,
            kept: mentioned.kept,
            files: mentioned.objects.len() + mentioned.papers.len(),
            ledger_sha256,
            program: env!("CARGO_PKG_VERSION").to_owned(),
        })
    }

    /// The ledger's copy gets its name, then the manifest is put in place, then copies that no manifest names go.
    fn put_in_place(&self, part: &Path, manifest: &Manifest) -> io::Result<()> {
        let root = self.target.root;
        fs::rename(part, root.join(manifest.ledger_name()))?;
        manifest::sync_folder(root)?;
        manifest.put(root)?;
        let named: Vec<_> = Manifest::all(root)?.iter().map(|named| root.join(named.ledger_name())).collect();
        let unnamed = manifest::ledgers(root)?.into_iter().filter(|copy| !named.contains(copy));
        unnamed.into_iter().try_for_each(fs::remove_file)
    }
}
