//! 备份: a second copy of a whole store in a folder, made while the station works on it: on a stick, another disk, a share.
//!
//! ```text
//! DIR/backup.json                what it holds; put in place last
//! DIR/backup.old.json            the one before
//! DIR/ledger-<SHA-256>.sqlite    the ledger of one moment, in a file of its own
//! DIR/vault/…                    every file that the ledger speaks of, under the name it has in the store
//! ```
//!
//! First the ledger is copied, as it is at one moment; then every file that the folder lacks, proven while it is read, and
//! read back afterwards from the disk it was written to; and only when every file that the ledger's copy speaks of is
//! there, the copy gets its name and the manifest is put in place. So whenever it ends, the last backup that was finished
//! is whole, and the next run goes on: what stands there is not copied again.
//!
//! **No key is ever in a backup.** Wrapped keys live in the store's key file and nowhere else, because what is erased there
//! must be gone for good. So only what is named above is copied, never the store's other files. Everything in a backup is
//! sealed as it is in the store: `restore` is told of the station's key file; without it the school's recovery secret still
//! opens each original and portrait (age), but not the ledger.

mod error;
mod manifest;
mod target;

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io,
    path::Path,
};

pub use error::BackupError;
pub use manifest::Manifest;
use target::Target;

use super::watch::{GoOn, Stage};
use crate::{
    keys::Store,
    ledger::{self, Head, Ledger, Mentioned},
    shot::{Digest, Moment},
    station::{CopyPlace, Fact},
    vault::{self, CopyError, Piece, Pieces, VaultError},
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
    /// Files that stood there already.
    pub already: usize,
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
    let earlier = Manifest::all(to).map_err(|err| target.refused(err, 0))?;
    refuse_foreign(&ledger, &earlier)?;
    let mut run = Run { store, at, vault, ledger, target, earlier, go_on };
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

/// A folder is for one store, and never goes back.
fn refuse_foreign(ledger: &Ledger, earlier: &[Manifest]) -> Result<(), BackupError> {
    let Some(last) = earlier.first() else { return Ok(()) };
    if ledger.hash_of(1)? != Some(last.store) {
        return Err(BackupError::Foreign { station: last.station.clone() });
    }
    if ledger.hash_of(last.lines)? == Some(last.head) { Ok(()) } else { Err(BackupError::Ahead) }
}

struct Run<'a, 'b> {
    store: &'a Store,
    at: Moment,
    vault: Pieces,
    ledger: Ledger,
    target: Target<'a>,
    earlier: Vec<Manifest>,
    go_on: &'a mut GoOn<'b>,
}

/// What is to be done with the files of the vault.
#[derive(Default)]
struct Work {
    /// To be copied, with its length.
    copy: Vec<(Piece, u64)>,
    /// To be read back.
    prove: BTreeSet<Piece>,
    already: usize,
    /// Missing from the store or damaged there, and spoken of.
    broken: BTreeSet<Digest>,
    passed_over: usize,
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
        if !self.copy(&mut work, &mentioned)? {
            return Ok(None);
        }
        self.prove(&work)?;
        if let Some(first) = work.broken.first() {
            return Err(BackupError::Incomplete { first: *first, count: work.broken.len() });
        }
        let manifest = self.manifest(head, &mentioned, ledger_sha256)?;
        self.put_in_place(&part, &manifest).map_err(|err| self.target.refused(err, 0))?;
        self.target.forget(&mentioned.papers)?;
        let Work { copy, already, passed_over, .. } = work;
        let bytes = copy.iter().map(|(_, bytes)| bytes).sum();
        let place = self.target.place(self.store.folder());
        Ok(Some(BackedUp { manifest, copied: copy.len(), bytes, already, passed_over, place }))
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
        if vault::digest_from_disk(open()?)? == written {
            Ok(written)
        } else {
            Err(BackupError::Unfaithful(written))
        }
    }

    /// What the folder lacks, and what nobody has read back yet: an earlier run may have been cut short before it did.
    /// `None` when the moment has passed.
    fn compare(&mut self, mentioned: &Mentioned) -> Result<Option<Work>, BackupError> {
        // Papers that count no more are on their way out.
        let is_object = |piece: &Piece| matches!(piece, Piece::Object(_));
        let mut wanted: BTreeSet<Piece> = self.vault.all()?.into_iter().filter(is_object).collect();
        let spoken_of = pieces(mentioned);
        wanted.extend(&spoken_of);
        let proven = self.proven();
        let (mut work, of) = (Work::default(), wanted.len());
        for (done, piece) in wanted.into_iter().enumerate() {
            self.tell(Stage::Comparing, done, of)?;
            let (here, there) = (self.vault.length(piece)?, self.target.length(piece)?);
            match (here, there) {
                (Some(here), there) if there != Some(here) => work.copy.push((piece, here)),
                // What the store lost and the folder has is the more welcome.
                (_, Some(_)) => work.already += 1,
                (_, None) if self.has_passed(piece)? => return Ok(None),
                (_, None) => {
                    work.broken.insert(piece.name());
                    continue;
                }
            }
            if spoken_of.contains(&piece) && !proven.contains(&piece) {
                work.prove.insert(piece);
            }
        }
        let needed: u64 = work.copy.iter().map(|(_, bytes)| bytes).sum();
        if self.target.free_bytes().is_some_and(|free| free < needed) {
            return Err(BackupError::NoSpace { needed });
        }
        // A roster may be taken in and the one before destroyed at any moment: papers first.
        work.copy.sort_by_key(|(piece, _)| (matches!(piece, Piece::Object(_)), *piece));
        Ok(Some(work))
    }

    /// The files of the last backup that was finished: they were read back when it was made.
    fn proven(&self) -> BTreeSet<Piece> {
        let last = self.earlier.first().map(|last| self.target.root.join(last.ledger_name()));
        let mentioned =
            last.and_then(|file| Ledger::read_copy(&file, self.store.keys()).ok()?.mentioned().ok());
        mentioned.as_ref().map(pieces).unwrap_or_default()
    }

    /// Copies what is to be copied; `false` when the moment has passed, because its roster was destroyed meanwhile.
    fn copy(&mut self, work: &mut Work, mentioned: &Mentioned) -> Result<bool, BackupError> {
        let (mut left, of) = (work.copy.iter().map(|(_, bytes)| bytes).sum::<u64>(), work.copy.len());
        let mut copied = Vec::with_capacity(of);
        for (done, (piece, bytes)) in std::mem::take(&mut work.copy).into_iter().enumerate() {
            self.tell(Stage::Copying, done, of)?;
            match self.vault.copy(piece, &self.target.vault) {
                Ok(()) => {
                    work.prove.insert(piece);
                    copied.push((piece, bytes));
                }
                Err(CopyError::To(err)) => return Err(self.target.refused(err, left)),
                Err(CopyError::From(_)) if self.has_passed(piece)? => return Ok(false),
                Err(CopyError::From(_)) if self.target.vault.prove(piece).is_ok() => work.already += 1,
                Err(CopyError::From(_unreadable)) => {
                    work.prove.remove(&piece);
                    if mentioned.objects.contains(&piece.name()) || mentioned.papers.contains(&piece.name()) {
                        work.broken.insert(piece.name());
                    } else {
                        work.passed_over += 1;
                    }
                }
            }
            left -= bytes;
        }
        work.copy = copied;
        Ok(true)
    }

    /// Whether a paper counts no more.
    fn has_passed(&self, piece: Piece) -> Result<bool, BackupError> {
        let Piece::Paper(paper) = piece else { return Ok(false) };
        let papers = self.ledger.papers()?;
        Ok(papers.roster != Some(paper) && !papers.walk_ups.contains(&paper))
    }

    fn prove(&mut self, work: &Work) -> Result<(), BackupError> {
        for (done, piece) in work.prove.iter().enumerate() {
            self.tell(Stage::Proving, done, work.prove.len())?;
            match self.target.vault.prove(*piece) {
                Ok(()) => {}
                Err(VaultError::Disk { source, .. }) => return Err(self.target.refused(source, 0)),
                Err(_not_what_was_written) => {
                    // Else the next run would take it for a true one.
                    self.target.vault.remove(*piece)?;
                    return Err(BackupError::Unfaithful(piece.name()));
                }
            }
        }
        Ok(())
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
        let named: Vec<String> = Manifest::all(root)?.iter().map(Manifest::ledger_name).collect();
        for file in fs::read_dir(root)? {
            let file = file?;
            let name = file.file_name().to_string_lossy().into_owned();
            let is_copy = name.starts_with("ledger-") && name.ends_with(".sqlite");
            if is_copy && !named.contains(&name) {
                fs::remove_file(file.path())?;
            }
        }
        Ok(())
    }
}

/// The files of a vault that a ledger speaks of.
fn pieces(mentioned: &Mentioned) -> BTreeSet<Piece> {
    let objects = mentioned.objects.iter().copied().map(Piece::Object);
    objects.chain(mentioned.papers.iter().copied().map(Piece::Paper)).collect()
}
