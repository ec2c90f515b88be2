//! The clerk keeps the order of truth: first the file with its binding, safe on disk; then its row; and only
//! then may a screen say "saved".
//!
//! When the ledger refuses, the original is safe in the vault all the same, and its binding gives it its row back
//! at the next start. Trying again is always allowed: what is already there is found again, not doubled.

mod assign;
mod consistency;
mod correct;
mod delivered;
mod destruction;
mod papers;
mod past;
mod proof;
mod reckoning;
mod recovery;
mod scribing;
mod unlocks;
mod verify;
mod whom;

use std::collections::BTreeMap;

pub use assign::{Assignment, Owner};
pub use consistency::{Batch, Compared, compare};
pub use correct::Correction;
pub use delivered::note_backup;
pub use destruction::{CardFolder, Copied, Inventory, is_cameras_name, is_of_a_camera, last_profile};
pub use papers::{WalkUp, people};
pub use past::{Past, past};
pub use proof::{Outcome, Proof, prove};
pub use reckoning::{
    Books, ClassCounts, Counts, Finding, Listed, Person, Reckoning, Stands, Who, reckon, reconcile,
};
pub use recovery::Recovery;
pub use scribing::Signer;
pub use verify::{Fault, Report, verify, verify_before, verify_while};
pub use whom::{known_by, let_in_as, seen_as};

use crate::{
    camera::Known,
    keys::Store,
    ledger::{Ledger, LedgerError, Scribe},
    portrait::Record,
    shot::{Digest, Moment, Shot, ShotId, SittingId},
    station::{Fact, Original, Sitting, Take, Word},
    student::{CaptureCode, RosterError, StudentKey},
    vault::{self, Binding, Kind, Lock, Vault, VaultError},
};

/// Why something could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum ClerkError {
    /// The file could not be kept.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// Its row could not be written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A roster that was taken in does not read any more.
    #[error("the roster in the store cannot be read")]
    Roster(#[from] RosterError),
    /// The same camera file is already somebody else's.
    #[error("this camera file is kept already, for another sitting")]
    OthersShot,
    /// A stray's portrait has a failed check: nobody gives it to anybody.
    #[error("this portrait may not be kept")]
    NotToBeKept,
    /// A stray was to be given to somebody who sits at this moment.
    #[error("this student sits just now")]
    StillSits,
    /// A stray was to be given to whoever sat in a sitting that the ledger does not know.
    #[error("the ledger knows no such sitting")]
    NoSuchSitting,
    /// One person alone was to take a kept portrait from a student.
    #[error("two persons must stand for it")]
    TwoMustStand,
    /// A kept portrait was to be taken from a student and given to himself.
    #[error("it is this student's already")]
    SameStudent,
}

impl ClerkError {
    /// True when trying again without a person's help is pointless.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Vault(err) => err.is_permanent(),
            Self::Ledger(err) => err.is_permanent(),
            Self::OthersShot
            | Self::Roster(_)
            | Self::NotToBeKept
            | Self::NoSuchSitting
            | Self::TwoMustStand
            | Self::SameStudent => true,
            Self::StillSits => false,
        }
    }

    /// True when the disk is full.
    #[must_use]
    pub fn is_no_space(&self) -> bool {
        matches!(self, Self::Vault(VaultError::NoSpace { .. }) | Self::Ledger(LedgerError::NoSpace))
    }
}

/// What became of a shot that was to be shelved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelved {
    /// It is on the shelf now.
    New,
    /// The very same camera file was there already.
    Known,
}

/// A file whose row is still owed.
#[derive(Debug)]
struct Owed {
    /// How it was bound.
    binding: Binding,
    /// As what it was to be put on the shelf: it stands there, unless the disk refused.
    object: Digest,
}

/// Writes to one store; at most one clerk does at a time.
#[derive(Debug)]
pub struct Clerk {
    store: Store,
    vault: Vault,
    ledger: Ledger,
    station: String,
    /// Files whose rows are still owed, by the SHA-256 of their JPEG: asked again at another moment, the same file
    /// must become the same object, for whom it was the first time.
    owed: BTreeMap<Digest, Owed>,
    /// What signs checkpoints, while somebody has lent it.
    signer: Option<Signer>,
    _lock: Lock,
}

impl Clerk {
    /// Opens a store, puts right what an interruption left behind, and writes down that it was opened.
    ///
    /// # Errors
    /// When another program writes to the store, or the disk refuses.
    pub fn open(
        store: &Store,
        station: &str,
        profile: &str,
        at: Moment,
    ) -> Result<(Self, Recovery), ClerkError> {
        let lock = Lock::take(store.folder())?;
        vault::withdraw_destruction(store.folder())?;
        // A disk that refuses says so where it matters.
        vault::end_restoring(store.folder()).ok();
        let vault = Vault::open(store)?;
        let mut ledger = Ledger::open(store)?;
        ledger.sign_as(Scribe { station: station.to_owned(), who: String::new() });
        let recovery = recovery::recover(&vault, &mut ledger, at)?;
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let opened = Fact::Opened { station: station.to_owned(), profile: profile.to_owned(), version };
        ledger.record(at, &opened)?;
        let (store, station, owed) = (store.clone(), station.to_owned(), BTreeMap::new());
        Ok((Self { store, vault, ledger, station, owed, signer: None, _lock: lock }, recovery))
    }

    /// Names the student of every sitting anew, as [`Ledger::name_students`].
    ///
    /// # Errors
    /// When the store refuses.
    pub fn name_students(
        &mut self,
        name: impl FnMut(&CaptureCode, bool) -> StudentKey,
    ) -> Result<(), ClerkError> {
        Ok(self.ledger.name_students(name)?)
    }

    /// Opens the ledger anew if a trouble with the disk left it unreadable; says whether it had to. Asked before every
    /// order: a disk that is well again needs nobody to start the program anew.
    ///
    /// # Errors
    /// When the ledger cannot be opened.
    pub fn refresh(&mut self) -> Result<bool, ClerkError> {
        Ok(self.ledger.renew(&self.store)?)
    }

    /// What is written so far.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// What is kept so far.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// The numbers the next sitting and the next shot have.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn next_numbers(&self) -> Result<(SittingId, ShotId), ClerkError> {
        Ok(self.ledger.next_numbers()?)
    }

    /// What a camera need not hand over any more: what is on the shelf, and what is older than this store.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn known(&self) -> Result<Known, ClerkError> {
        let since = self.ledger.began()?.unwrap_or(Moment::UNKNOWN);
        let originals = self.ledger.originals()?.into_iter();
        Ok(Known::new(since, originals.map(|original| (original.origin, original.jpeg))))
    }

    /// Writes down that a sitting began.
    ///
    /// # Errors
    /// When the ledger refuses.
    pub fn seat(&mut self, at: Moment, sitting: &Sitting) -> Result<(), ClerkError> {
        if self.ledger.sitting(sitting.id)?.is_none() {
            self.ledger.seat(at, sitting)?;
        }
        Ok(())
    }

    /// Writes a fact down.
    ///
    /// # Errors
    /// When the ledger refuses.
    pub fn record(&mut self, at: Moment, fact: &Fact) -> Result<(), ClerkError> {
        Ok(self.ledger.record(at, fact)?)
    }

    /// Puts an original on the shelf, for a sitting or as a stray. It stands in the vault even if the ledger
    /// refuses: then the next start gives it its row.
    ///
    /// # Errors
    /// When vault or ledger refuse, or when the very same camera file belongs to another sitting.
    pub fn shelve(
        &mut self,
        at: Moment,
        shot: &Shot,
        sitting: Option<&Sitting>,
    ) -> Result<Shelved, ClerkError> {
        Ok(self.shelve_as(at, shot, sitting)?.0)
    }

    /// Puts an original on the shelf; also says under which number it is there, because a file that came twice
    /// has the number it came with first.
    fn shelve_as(
        &mut self,
        at: Moment,
        shot: &Shot,
        sitting: Option<&Sitting>,
    ) -> Result<(Shelved, ShotId), ClerkError> {
        let id = sitting.map(|sitting| sitting.id);
        let known = self.ledger.shot_with_jpeg(Digest::of(&shot.jpeg));
        if let Ok(Some(known)) = &known {
            let same = id.is_none() || known.sitting == id;
            return if same { Ok((Shelved::Known, known.id)) } else { Err(ClerkError::OthersShot) };
        }
        // Whatever the ledger says, the file comes first: it may be nowhere else.
        let (object, binding) = self.put(self.binding(Kind::Original, at, shot, sitting), &shot.jpeg)?;
        known?;
        if let Some(sitting) = sitting {
            self.seat(at, sitting)?;
        }
        let jpeg = Digest::of(&shot.jpeg);
        let Binding { shot, trigger, exposed, origin, sitting, .. } = binding;
        let original = Original { shot, object, jpeg, trigger, exposed, origin };
        let fact = match sitting {
            Some(sitting) => Fact::Taken { sitting, original },
            None => Fact::Stray { original },
        };
        self.ledger.record(at, &fact)?;
        self.owed.remove(&jpeg);
        Ok((Shelved::New, shot))
    }

    /// Keeps a portrait for a student. When this returns, power may fail.
    ///
    /// # Errors
    /// When vault or ledger refuse: then nothing of the portrait is kept.
    pub fn keep(&mut self, at: Moment, sitting: &Sitting, take: &Take) -> Result<(), ClerkError> {
        let (_, number) = self.shelve_as(at, &take.shot, Some(sitting))?;
        let shot = Shot { id: number, ..take.shot.clone() };
        let portrait = &take.portrait;
        let record = Record::new(Digest::of(&shot.jpeg), portrait);
        let binding = self.binding(Kind::Portrait, at, &shot, Some(sitting));
        let binding = Binding { record: Some(record), ..binding };
        let (object, _) = self.put(binding, &portrait.jpeg)?;
        // A commit that the disk called failed may have reached it all the same.
        if self.ledger.is_kept(object, sitting.id)? {
            self.owed.remove(&portrait.sha256);
            return Ok(());
        }
        let kept = kept(sitting.id, number, object, take, self.superseded_by(sitting)?);
        let overruled = overruled(sitting.id, number, take);
        let facts: Vec<&Fact> = overruled.iter().chain([&kept]).collect();
        self.ledger.record_together(at, &facts)?;
        self.owed.remove(&portrait.sha256);
        Ok(())
    }

    /// The portraits of whoever sits whose place a new one takes.
    fn superseded_by(&self, sitting: &Sitting) -> Result<Vec<Digest>, ClerkError> {
        // By what he is known again may have changed since he sat down.
        let student = self.ledger.student_of(sitting.id)?;
        Ok(self.ledger.portraits_of(student.as_ref().unwrap_or(&sitting.bearer.key))?)
    }

    /// Puts a file into the vault: bound like this, or as it was the first time if its row is still owed.
    fn put(&mut self, binding: Binding, jpeg: &[u8]) -> Result<(Digest, Binding), ClerkError> {
        let wanted = binding.sitting;
        let content = Digest::of(jpeg);
        let binding = self.owed.get(&content).map_or(binding, |owed| owed.binding.clone());
        if wanted.is_some() && wanted != binding.sitting {
            return Err(ClerkError::OthersShot);
        }
        if let Some(Owed { object, .. }) = self.owed.get(&content).filter(|owed| self.vault.has(owed.object))
        {
            self.vault.secure(*object)?;
            return Ok((*object, binding));
        }
        let sealed = self.vault.seal(&binding, jpeg)?;
        let object = sealed.name();
        self.owed.insert(content, Owed { binding: binding.clone(), object });
        self.vault.put(&sealed)?;
        Ok((object, binding))
    }

    fn binding(&self, kind: Kind, at: Moment, shot: &Shot, sitting: Option<&Sitting>) -> Binding {
        Binding {
            kind,
            station: self.station.clone(),
            sitting: sitting.map(|sitting| sitting.id),
            code: sitting.map(|sitting| Digest::of(sitting.code.expose().as_bytes())),
            shot: shot.id,
            trigger: shot.trigger,
            exposed: shot.exposed,
            origin: shot.origin.clone(),
            bound: at,
            record: None,
        }
    }
}

/// What stands before a portrait that was kept against the checks.
fn overruled(sitting: SittingId, shot: ShotId, take: &Take) -> Option<Fact> {
    let Word::Overruled(act) = &take.word else { return None };
    let failed = take.portrait.failed_checks().map(str::to_owned).collect();
    let (by, reason) = (act.by().to_owned(), act.reason().to_owned());
    Some(Fact::Overruled { sitting, shot, failed, by, reason })
}

/// That a portrait is kept, as this object.
fn kept(sitting: SittingId, shot: ShotId, object: Digest, take: &Take, supersedes: Vec<Digest>) -> Fact {
    let portrait = &take.portrait;
    Fact::Kept {
        sitting,
        shot,
        object,
        portrait: portrait.sha256,
        bytes: portrait.jpeg.len(),
        quality: portrait.quality,
        how: take.word.how(),
        supersedes,
    }
}
