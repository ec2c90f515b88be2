//! 差事: what takes minutes and changes nothing in the store: delivering into a folder, verifying, making a second
//! copy, and looking through a school's list. A command does it in its terminal, the courier beside the capturing; both do it here. And once, at
//! the very end, destroying it.

mod destruction;
mod journal;
mod progress;
mod roster;

use std::path::Path;

pub use destruction::{
    CERTIFICATE, CardNote, Category, Certificate, CertificateFault, Copybook, Destruction, DestructionError,
    Evidence, Finished, JOURNAL, JournalFault, LEAST_WAIVER, Limit, MediumNote, PAGE, Person, SIGNATURE,
    Testimony, Verification, VolumeNote, certificate_folder, check_certificate, finish_destruction,
};
pub use journal::{CHECKPOINT, TABLE, Table, Wording, deliver_journal, export_journal, journal_table};
pub use progress::{Part, Pedometer, Progress};
pub use roster::{RosterRefused, look_through, may_take, wants_roster};

use journal::hex;

use crate::{
    clerk::{self, ClerkError, Report},
    keys::{KeyFile, Keys, Store},
    ledger::{Ledger, LedgerError, Witnesses},
    machine,
    profile::Profile,
    shot::Moment,
    student::People,
    sync::{
        self, BackedUp, BackupError, Delivery, ExportError, Missing, Plan, PlanError, RestoreError, Restored,
    },
    vault::Vault,
};

/// What a folder is called in the journal, as a target.
pub const FOLDER: &str = "folder";

/// What can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errand {
    /// Every student's current portrait into a folder.
    Export,
    /// The whole store is read and proven.
    Verify,
    /// A second copy of the whole store.
    Backup,
}

/// What came of it.
#[derive(Debug)]
pub enum Outcome {
    /// Everything is delivered.
    Exported(Exported),
    /// The store was read to its end.
    Verified(Report),
    /// There is a second copy.
    BackedUp(Box<BackedUp>),
    /// It was stopped.
    Stopped,
    /// It could not be done.
    Failed(ErrandError),
}

/// What was delivered, of whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// How many students have a portrait.
    pub portraits: usize,
    /// How many files that makes.
    pub files: usize,
    /// What nobody told of them.
    pub missing: Missing,
    /// What was written.
    pub delivery: Delivery,
}

/// Why an errand was not done.
#[derive(Debug, thiserror::Error)]
pub enum ErrandError {
    /// The store cannot be read.
    #[error(transparent)]
    Clerk(#[from] ClerkError),
    /// There is no plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The folder refused.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// There is no second copy.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// No store was made of a backup.
    #[error(transparent)]
    Restore(#[from] RestoreError),
    /// The folder is on a stick that is not in.
    #[error("the folder is on a stick that is not there")]
    NoStick,
    /// A line of the journal holds a NUL: no table is made of it.
    #[error("line {seq} of the journal holds a NUL")]
    Unprintable {
        /// Which.
        seq: i64,
    },
}

impl From<LedgerError> for ErrandError {
    fn from(err: LedgerError) -> Self {
        Self::Clerk(err.into())
    }
}

/// Everything that is to be delivered, decided before a file is written.
#[derive(Debug)]
pub struct Load {
    plan: Plan,
    portraits: usize,
}

impl Load {
    /// Plans the delivery of every student's current portrait, named as the profile asks.
    ///
    /// # Errors
    /// When the store cannot be read, or there is no plan.
    pub fn of(ledger: &Ledger, profile: &Profile, people: &People) -> Result<Self, ErrandError> {
        let parcels = ledger.current()?;
        let plan = sync::plan(&parcels, profile, people)?.after(&ledger.overtaken()?);
        Ok(Self { plan, portraits: parcels.len() })
    }

    /// Brings it into a folder; `go_on` may stop it between one file and the next. Doing it again goes on where it
    /// stopped.
    ///
    /// # Errors
    /// When the folder or the vault refuses, or it was stopped.
    pub fn deliver(
        &self,
        vault: &Vault,
        to: &Path,
        go_on: &mut sync::GoOn<'_>,
    ) -> Result<Exported, ErrandError> {
        if machine::is_on_a_missing_stick(to) {
            return Err(ErrandError::NoStick);
        }
        let delivery = sync::export_while(vault, &self.plan, to, go_on)?;
        let (files, missing) = (self.plan.items.len(), self.plan.missing.clone());
        Ok(Exported { portraits: self.portraits, files, missing, delivery })
    }
}

/// Delivers a store that somebody may be writing to, by its own roster; says how far it is.
///
/// # Errors
/// When it cannot be done, or was stopped.
pub fn export(
    store: &Store,
    profile: &Profile,
    to: &Path,
    go_on: &mut dyn FnMut(Part, usize, usize) -> bool,
) -> Result<Exported, ErrandError> {
    let vault = Vault::existing(store).map_err(ClerkError::from)?;
    let ledger = Ledger::read(store)?;
    let people = clerk::people(&vault, &ledger, None)?;
    let load = Load::of(&ledger, profile, &people)?;
    load.deliver(&vault, to, &mut |stage, done, of| go_on(stage.into(), done, of))
}

/// Verifies a store that somebody may be writing to; says how far it is. `None` when it was stopped.
///
/// # Errors
/// When the store cannot be read at all.
pub fn verify(
    store: &Store,
    go_on: &mut dyn FnMut(Part, usize, usize) -> bool,
) -> Result<Option<Report>, ErrandError> {
    verify_before(store, &Witnesses::default(), go_on)
}

/// The same, beside checkpoints that somebody kept elsewhere, and the station's public key.
///
/// # Errors
/// As [`verify`].
pub fn verify_before(
    store: &Store,
    witnesses: &Witnesses<'_>,
    go_on: &mut dyn FnMut(Part, usize, usize) -> bool,
) -> Result<Option<Report>, ErrandError> {
    Ok(clerk::verify_before(store, witnesses, &mut |done, of| go_on(Part::Verifying, done, of))?)
}

/// Makes a second copy of a store that somebody may be writing to; says how far it is.
///
/// # Errors
/// When it cannot be done, or was stopped.
pub fn backup(
    store: &Store,
    at: Moment,
    to: &Path,
    go_on: &mut dyn FnMut(Part, usize, usize) -> bool,
) -> Result<BackedUp, ErrandError> {
    if machine::is_on_a_missing_stick(to) {
        return Err(ErrandError::NoStick);
    }
    Ok(sync::backup(store, at, to, &mut |stage, done, of| go_on(stage.into(), done, of))?)
}

/// Makes a store of a backup, with the key file that was brought along and the keys that came out of it, and verifies it;
/// says how far it is.
///
/// # Errors
/// When it cannot be done, or was stopped.
pub fn restore(
    from: &Path,
    store: &Path,
    brought: (&KeyFile, &Keys),
    go_on: &mut dyn FnMut(Part, usize, usize) -> bool,
) -> Result<(Restored, Report), ErrandError> {
    let restored = sync::restore(from, store, brought, &mut |stage, done, of| go_on(stage.into(), done, of))?;
    let store = Store::new(store, brought.1.clone());
    Ok((restored, verify(&store, go_on)?.unwrap_or_default()))
}
