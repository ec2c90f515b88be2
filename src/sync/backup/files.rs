//! The vault's files of a backup: which are to be copied, and all of them read back.

use std::{collections::BTreeSet, io};

use rustix::io::Errno;

use super::{BackupError, Run};
use crate::{
    ledger::Mentioned,
    shot::Digest,
    sync::watch::Stage,
    vault::{CopyError, Piece, VaultError},
};

/// What is to be done with the files of the vault, and what was done.
#[derive(Default)]
pub(super) struct Work {
    /// To be copied, with its length; then what was.
    pub(super) copy: Vec<(Piece, u64)>,
    /// To be read back: everything that is spoken of, and whatever is copied.
    prove: BTreeSet<Piece>,
    /// Standing there already.
    pub(super) already: usize,
    /// Standing there, damaged.
    damaged: BTreeSet<Piece>,
    /// Standing there damaged, and copied anew.
    pub(super) replaced: usize,
    /// Spoken of, missing from the store or damaged there, and standing in the folder.
    pub(super) lost_here: BTreeSet<Piece>,
    /// Missing from the store or damaged there, spoken of, and nowhere to be had.
    pub(super) broken: BTreeSet<Digest>,
    /// Damaged in the store and spoken of by nobody.
    pub(super) passed_over: usize,
}

impl Run<'_, '_> {
    /// What the folder lacks. `None` when the moment has passed.
    pub(super) fn compare(&mut self, mentioned: &Mentioned) -> Result<Option<Work>, BackupError> {
        // Papers that count no more are on their way out.
        let is_object = |piece: &Piece| matches!(piece, Piece::Object(_));
        let mut wanted: BTreeSet<Piece> = self.vault.all()?.into_iter().filter(is_object).collect();
        let spoken_of = pieces(mentioned);
        wanted.extend(&spoken_of);
        let (mut work, of) = (Work::default(), wanted.len());
        for (done, piece) in wanted.into_iter().enumerate() {
            self.tell(Stage::Comparing, done, of)?;
            match (self.vault.length(piece)?, self.target.length(piece)?) {
                (Some(here), there) if there != Some(here) => {
                    work.damaged.extend(there.map(|_of_other_length| piece));
                    work.copy.push((piece, here));
                }
                (Some(_), _) => work.already += 1,
                // What the store lost and the folder has is the more welcome, and nobody is left without knowing it. A
                // paper that was destroyed meanwhile is lost to nobody.
                (None, Some(_)) => {
                    work.already += 1;
                    if !self.has_passed(piece)? {
                        work.lost_here.insert(piece);
                    }
                }
                (None, None) if self.has_passed(piece)? => return Ok(None),
                (None, None) => {
                    work.broken.insert(piece.name());
                    continue;
                }
            }
            if spoken_of.contains(&piece) {
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

    /// Copies what is to be copied; `false` when the moment has passed, because its roster was destroyed meanwhile.
    pub(super) fn copy(&mut self, work: &mut Work, mentioned: &Mentioned) -> Result<bool, BackupError> {
        let (mut left, of) = (work.copy.iter().map(|(_, bytes)| bytes).sum::<u64>(), work.copy.len());
        let mut copied = Vec::with_capacity(of);
        for (done, (piece, bytes)) in std::mem::take(&mut work.copy).into_iter().enumerate() {
            self.tell(Stage::Copying, done, of)?;
            match self.vault.copy(piece, &self.target.vault) {
                Ok(()) => {
                    work.prove.insert(piece);
                    work.replaced += usize::from(work.damaged.remove(&piece));
                    copied.push((piece, bytes));
                }
                Err(CopyError::To(err)) => return Err(self.target.refused(err, left)),
                Err(CopyError::From(_)) if self.has_passed(piece)? => return Ok(false),
                Err(CopyError::From(_unreadable)) => self.find_there(piece, work, mentioned),
            }
            left -= bytes;
        }
        work.copy = copied;
        Ok(true)
    }

    /// The store has no true one: the folder may.
    fn find_there(&self, piece: Piece, work: &mut Work, mentioned: &Mentioned) {
        let is_spoken_of =
            mentioned.objects.contains(&piece.name()) || mentioned.papers.contains(&piece.name());
        if self.target.vault.prove(piece).is_ok() {
            work.already += 1;
            work.lost_here.extend(is_spoken_of.then_some(piece));
            return;
        }
        work.prove.remove(&piece);
        if is_spoken_of {
            work.broken.insert(piece.name());
        } else {
            work.passed_over += 1;
        }
    }

    /// Whether a paper counts no more.
    fn has_passed(&self, piece: Piece) -> Result<bool, BackupError> {
        let Piece::Paper(paper) = piece else { return Ok(false) };
        let papers = self.ledger.papers()?;
        Ok(papers.roster != Some(paper) && !papers.walk_ups.contains(&paper))
    }

    /// Reads everything back, also what earlier runs had read back: disks rot, and counterfeit ones write over what they
    /// hold. What is damaged is copied anew, and then everything is read once more. `false` when the moment has passed.
    pub(super) fn prove(&mut self, work: &mut Work, mentioned: &Mentioned) -> Result<bool, BackupError> {
        let mut again = Vec::new();
        for piece in self.read_back(work)? {
            match self.vault.length(piece)? {
                Some(bytes) => again.push((piece, bytes)),
                None if self.has_passed(piece)? => return Ok(false),
                None => {
                    work.prove.remove(&piece);
                    work.broken.insert(piece.name());
                }
            }
        }
        if again.is_empty() {
            return Ok(true);
        }
        work.damaged.extend(again.iter().map(|(piece, _)| *piece));
        let (already, before) = (work.already, std::mem::replace(&mut work.copy, again));
        if !self.copy(work, mentioned)? {
            return Ok(false);
        }
        // What was replaced had been counted as standing there.
        work.already = already.saturating_sub(work.copy.len());
        work.copy.extend(before);
        match self.read_back(work)?.first() {
            None => Ok(true),
            Some(piece) => Err(BackupError::Unfaithful(piece.name())),
        }
    }

    /// Reads back what is to be read back; gives what stood there and is damaged.
    fn read_back(&mut self, work: &Work) -> Result<BTreeSet<Piece>, BackupError> {
        let copied: BTreeSet<Piece> = work.copy.iter().map(|(piece, _)| *piece).collect();
        let mut damaged = BTreeSet::new();
        for (done, piece) in work.prove.iter().enumerate() {
            self.tell(Stage::Proving, done, work.prove.len())?;
            let is_new = copied.contains(piece);
            match self.target.vault.prove(*piece) {
                Ok(()) => {}
                Err(VaultError::Disk { source, .. }) if is_new || !is_of_one_file(&source) => {
                    return Err(self.target.refused(source, 0));
                }
                // It was written a moment ago: this disk does not keep what it is given. The store has it.
                Err(_not_what_was_written) if is_new => {
                    self.target.vault.remove(*piece)?;
                    return Err(BackupError::Unfaithful(piece.name()));
                }
                // It stays until a better one takes its place: half a file may be worth something to somebody.
                Err(_not_what_it_was) => {
                    damaged.insert(*piece);
                }
            }
        }
        Ok(damaged)
    }
}

/// A spot of the disk that cannot be read any more; a disk that is gone says so as soon as something is written.
fn is_of_one_file(err: &io::Error) -> bool {
    Errno::from_io_error(err) == Some(Errno::IO)
}

/// The files of a vault that a ledger speaks of.
fn pieces(mentioned: &Mentioned) -> BTreeSet<Piece> {
    let objects = mentioned.objects.iter().copied().map(Piece::Object);
    objects.chain(mentioned.papers.iter().copied().map(Piece::Paper)).collect()
}
