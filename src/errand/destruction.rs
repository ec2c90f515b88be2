//! 监督删除: a store is destroyed before the school's eyes, and a certificate says so.
//!
//! Everything that can refuse comes first: the keys that two persons show, what was delivered and accepted, the folder of
//! the certificate. Then the journal says what is about to happen, leaves the store without what could tell of a
//! student, and a signed draft of the certificate lies beside it. Only then are the keys erased in place; the ledger
//! emptied; the files removed; and looked at what is left. The final certificate is signed with what this program's
//! memory still has of the key, and that goes with the program.
//!
//! Interrupted before the keys are erased, nothing has happened. Interrupted after, the store opens no more, its mark
//! says why, and [`finish_destruction`] clears away what is left without any key.

mod certificate;
mod drafting;
mod looking;
mod redaction;
mod refusal;
mod signing;

use std::path::{Path, PathBuf};

pub use certificate::{CardNote, Category, Certificate, Limit, MediumNote, Person, Verification, VolumeNote};
pub use redaction::JournalFault;
pub use refusal::DestructionError;
pub use signing::{CertificateFault, Evidence, check as check_certificate};

use certificate::Counts;
use looking::{Before, Tried};
use serde_json::json;

use super::journal::CHECKPOINT;
use crate::{
    clerk::{Clerk, ClerkError, Inventory, Recovery, Signer, last_profile},
    keys::{SIZE, Store},
    ledger::Ledger,
    paper::PaperError,
    shot::{Clock, Digest},
    station::Fact,
    sync::{self, ExportError},
    vault::{self, Contents, Removed, key_file, key_file::KeyFileError},
};

/// The folder of a certificate, within the one that is given for it: whatever another destruction or a delivery left there
/// stays as it is, and cannot be made a second time.
#[must_use]
pub fn certificate_folder(into: &Path, number: &str) -> PathBuf {
    into.join(apart(number))
}

fn apart(number: &str) -> String {
    format!("销毁证书-{number}")
}

/// The certificate, in its folder.
pub const CERTIFICATE: &str = "销毁证书.json";
/// Its signature.
pub const SIGNATURE: &str = "销毁证书.sig";
/// The same on paper.
pub const PAGE: &str = "销毁证书.pdf";
/// The journal that survives.
pub const JOURNAL: &str = "流水.jsonl";

/// What is signed before anything is erased.
const DRAFT: &str = "销毁证书.草稿.json";
const DRAFT_SIGNATURE: &str = "销毁证书.草稿.sig";

/// What is written beside the draft when an interrupted destruction was finished.
const NOTE: &str = "销毁补记.json";

/// A waiver of fewer characters says nothing.
pub const LEAST_WAIVER: usize = 10;
/// A longer one is a letter, not a line.
const LONGEST_WAIVER: usize = 400;

/// What the two persons say, and what they know of the medium.
#[derive(Debug, Clone, Default)]
pub struct Testimony {
    /// Who does it, and what he is; nobody in a rehearsal.
    pub first: (String, String),
    /// Who stands for it besides.
    pub second: Option<(String, String)>,
    /// Who of the two accepted for the school what was delivered.
    pub accepted_by: Option<String>,
    /// Why portraits without a receipt may go.
    pub waiver: Option<String>,
    /// Whether the store is a rehearsal's.
    pub rehearsal: bool,
    /// Where it happens.
    pub place: Option<String>,
    /// How to reach those who do it.
    pub contact: Option<String>,
    /// What the medium's owner calls it.
    pub property_number: Option<String>,
    /// Where the medium goes from here.
    pub destination: Option<String>,
}

/// How a certificate comes on paper. Who has the words lends them.
pub type Copybook<'a> = &'a dyn Fn(&Certificate, Digest) -> Result<Vec<u8>, PaperError>;

/// A store that may be destroyed: open, and nobody else writes to it.
#[derive(Debug)]
pub struct Destruction {
    clerk: Clerk,
    store: Store,
    clock: Clock,
    inventory: Inventory,
    contents: Contents,
    recovery: Recovery,
}

impl Destruction {
    /// Opens a store to be destroyed, and counts what is in it.
    ///
    /// # Errors
    /// When somebody works on it, it cannot be read, or a part of it lies elsewhere.
    pub fn prepare(store: Store, station: &str, clock: Clock) -> Result<Self, DestructionError> {
        if let Some(part) = vault::elsewhere(store.folder())? {
            return Err(DestructionError::Elsewhere(part));
        }
        // Where nobody was photographed yet there is no ledger; what else is wrong with it, the clerk says.
        let profile =
            Ledger::read(&store).map_or_else(|_none| Ok(String::new()), |ledger| last_profile(&ledger))?;
        let (clerk, recovery) = Clerk::open(&store, station, &profile, clock.now())?;
        let inventory = clerk.inventory()?;
        let contents = vault::contents(store.folder())?;
        Ok(Self { clerk, store, clock, inventory, contents, recovery })
    }

    /// What is in it.
    #[must_use]
    pub fn inventory(&self) -> &Inventory {
        &self.inventory
    }

    /// Who keeps its record until it goes: what is to be written down before is his to write.
    pub fn clerk(&mut self) -> &mut Clerk {
        &mut self.clerk
    }

    /// What was put right when it was opened.
    #[must_use]
    pub fn recovery(&self) -> &Recovery {
        &self.recovery
    }

    /// Whether there is anything to do before it may be destroyed; a rehearsal's may be at any time.
    ///
    /// # Errors
    /// What is missing.
    pub fn may_go(&self, testimony: &Testimony) -> Result<(), DestructionError> {
        if testimony.rehearsal {
            return Ok(());
        }
        let Inventory { students, undelivered, undecided, withdrawn, .. } = self.inventory;
        match &testimony.waiver {
            None if undelivered > 0 => return Err(DestructionError::Undelivered { count: undelivered }),
            None if self.inventory.needs_waiver() => {
                return Err(DestructionError::Unsettled { undecided, withdrawn });
            }
            Some(waiver) if !(LEAST_WAIVER..=LONGEST_WAIVER).contains(&waiver.trim().chars().count()) => {
                return Err(DestructionError::NoWaiver);
            }
            None | Some(_) => {}
        }
        let is_accepted = testimony.accepted_by.is_some() || students == undelivered;
        if is_accepted { Ok(()) } else { Err(DestructionError::NotAccepted) }
    }

    /// Whether a folder may hold the certificate: outside the store.
    ///
    /// # Errors
    /// Why it may not.
    pub fn may_hold_certificate(&self, folder: &Path) -> Result<(), DestructionError> {
        let real = |path: &Path| path.canonicalize().map_err(|_not_there| ExportError::Gone);
        let (folder, store) = (real(folder)?, real(self.store.folder())?);
        if folder.starts_with(store) { Err(DestructionError::InsideTheStore) } else { Ok(()) }
    }

    /// Destroys the store. `most` is the size of the largest volume that is searched, in bytes; `go_on` is told how much
    /// of it was.
    ///
    /// # Errors
    /// Before the keys are erased, whatever refuses: the store is as it was. After, [`DestructionError::Unfinished`].
    pub fn carry_out(
        mut self,
        testimony: &Testimony,
        (into, page): (&Path, Copybook<'_>),
        most: u64,
        go_on: &mut dyn FnMut(u64, u64),
    ) -> Result<Certificate, DestructionError> {
        self.may_go(testimony)?;
        self.may_hold_certificate(into)?;
        let codes = std::mem::take(&mut self.inventory.codes);
        let before = Before::take(&self.store, self.clerk.vault(), codes)?;
        let number = drafting::number(self.store.keys(), self.clock.now());
        let folder = &sync::make_within(into, &apart(&number))?.ok_or(DestructionError::HasACertificate)?;
        let mut certificate = self.draft(testimony, &before, (number, folder))?;
        lay(folder, &certificate, &self.store, (DRAFT, DRAFT_SIGNATURE), page)?;
        let whole = folder.canonicalize().unwrap_or_else(|_relative| folder.clone());
        vault::begin_destruction(self.store.folder(), &whole.to_string_lossy())?;
        erase(self.store.folder())?;

        let Self { clerk, store, clock, .. } = self;
        // From here on nothing goes back, and what fails is said as such.
        let finished = (|| {
            // The lock is a file of the store too, and goes with it.
            let lock = clerk.empty_for_good()?;
            let removed = vault::remove_all(store.folder())?;
            let left = vault::contents(store.folder())?;
            let volume = before.search(most, go_on);
            let tried = before.try_to_open(&store);
            certificate.verification = Some(found(&tried, &removed, &left, volume));
            certificate.ended = Some(clock.date_and_time(clock.now()));
            certificate.is_final = true;
            lay(folder, &certificate, &store, (CERTIFICATE, SIGNATURE), page)?;
            sync::take_away(folder, DRAFT)?;
            sync::take_away(folder, DRAFT_SIGNATURE)?;
            if left.files == 0 {
                vault::end_destruction(store.folder())?;
            }
            drop(lock);
            Ok(certificate)
        })();
        finished.map_err(|err| DestructionError::Unfinished(Box::new(err)))
    }

    /// Writes down what is about to happen, leaves the journal in the folder, and drafts the certificate.
    fn draft(
        &mut self,
        testimony: &Testimony,
        before: &Before,
        (number, folder): (String, &Path),
    ) -> Result<Certificate, DestructionError> {
        let (now, keys) = (self.clock.now(), self.store.keys());
        let begun = Fact::DestructionBegan {
            certificate: number.clone(),
            by: testimony.first.0.clone(),
            second: testimony.second.as_ref().map(|(name, _)| name.clone()),
            portraits: self.inventory.students,
            undelivered: self.inventory.undelivered,
            waiver: testimony.waiver.clone(),
        };
        let accepted = testimony.accepted_by.as_ref().map(|by| Fact::Accepted {
            portraits: self.inventory.students.saturating_sub(self.inventory.undelivered),
            by: by.clone(),
        });
        let facts: Vec<&Fact> = accepted.iter().chain([&begun]).collect();
        self.clerk.testify(now, &facts)?;
        self.clerk.lend(Some(Signer::of(keys.clone())));
        let noted = self.clerk.checkpoint(now, &self.clock.day());
        self.clerk.lend(None);
        let checkpoint = noted?.map(|noted| noted.note.text()).unwrap_or_default();
        let journal = redaction::redacted(&self.clerk.ledger().raw_lines().map_err(ClerkError::from)?);
        sync::lay(folder, JOURNAL, journal.text.as_bytes())?;
        sync::lay(folder, CHECKPOINT, checkpoint.as_bytes())?;
        let counts = Counts {
            students: self.inventory.students,
            portraits: self.inventory.portraits,
            shots: self.inventory.shots,
            strays: self.inventory.strays,
            undecided: self.inventory.undecided,
            withdrawn: self.inventory.withdrawn,
            without: self.inventory.without,
            objects: self.inventory.objects,
            files: self.contents.files + 1,
            bytes: self.contents.bytes + SIZE as u64,
        };
        let journal = drafting::journal(&journal, checkpoint);
        let draft = drafting::Draft { number, clock: self.clock, now, keys, counts, journal };
        Ok(draft.certificate(testimony, &self.inventory, before.medium()))
    }
}

/// Erases the keys. Where that fails and they are whole, the store is as it was.
fn erase(store: &Path) -> Result<(), DestructionError> {
    let Err(err) = key_file::erase(store) else { return Ok(()) };
    if key_file::read(store).is_err() {
        return Err(DestructionError::Unfinished(Box::new(err.into())));
    }
    // A mark that stays on a disk that refuses says nothing as long as the keys are there.
    vault::end_destruction(store).ok();
    Err(err.into())
}

/// Lays a certificate with its signature into a folder, and the same on paper.
fn lay(
    folder: &Path,
    certificate: &Certificate,
    store: &Store,
    (file, beside): (&str, &str),
    page: Copybook<'_>,
) -> Result<(), DestructionError> {
    let signed = signing::signed(certificate, store.keys())?;
    let page = page(certificate, Digest::of(&signed.json))?;
    sync::lay(folder, PAGE, &page)?;
    sync::lay(folder, beside, signed.signature.as_bytes())?;
    Ok(sync::lay(folder, file, &signed.json)?)
}

fn found(tried: &Tried, removed: &Removed, left: &Contents, volume: VolumeNote) -> Verification {
    Verification {
        key_file_gone: tried.key_file_gone,
        key_file_reads_zero: tried.key_file_reads_zero,
        sample: tried.sample,
        sample_opens: tried.sample_opens,
        ledger_opens: tried.ledger_opens,
        files_left: left.files,
        strange_files: left.strange,
        not_overwritten: removed.not_overwritten,
        volume,
    }
}

/// What became of a store whose destruction had been interrupted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// Files that were still there.
    pub removed: usize,
    /// Files that still are.
    pub left: usize,
    /// Where the certificate or its signed draft is.
    pub certificate: PathBuf,
}

/// Finishes a destruction that was interrupted after its keys were erased; `None` where none was: the store has its keys,
/// or never had the mark. Nothing can be signed any more: the draft is what there is.
///
/// # Errors
/// When somebody works on the store, or the disk refuses.
pub fn finish_destruction(store: &Path, clock: Clock) -> Result<Option<Finished>, DestructionError> {
    let words = vault::begun_destruction(store);
    // Keys that can still be read were not erased: then two persons have to say it once more.
    let Some(words) = words.filter(|_| matches!(key_file::read(store), Err(KeyFileError::Destroyed))) else {
        return Ok(None);
    };
    let lock = vault::Lock::take(store)?;
    key_file::erase(store)?;
    let removed = vault::remove_all(store)?;
    let left = vault::contents(store)?.files;
    let certificate = PathBuf::from(words);
    let note = json!({
        "finished": clock.date_and_time(clock.now()),
        "files_removed": removed.files,
        "files_left": left,
        "signed": false,
        "because": "the destruction was interrupted after the keys were erased: nothing can sign any more, \
                    and the signed draft beside this file says what was done",
    });
    // The stick with the draft may be elsewhere by now.
    sync::lay(&certificate, NOTE, format!("{note:#}\n").as_bytes()).ok();
    if left == 0 {
        vault::end_destruction(store)?;
    }
    drop(lock);
    Ok(Some(Finished { removed: removed.files, left, certificate }))
}
