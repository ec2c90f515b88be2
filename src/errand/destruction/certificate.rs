//! The certificate of a destruction: what NIST SP 800-88r1 section 4.8 asks for, and what a school asks besides.

use serde::{Deserialize, Serialize};

use crate::{
    machine::{Medium, MediumKind},
    shot::Digest,
};

/// What the file says it is.
pub(super) const FORMAT: &str = "caiying-destruction/1";

/// A certificate: a draft before anything is erased, final after it was looked what is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The name and version of this form.
    pub format: String,
    /// Its number; the journal has it too.
    pub number: String,
    /// Whether everything was done and looked at. A draft says what was about to be done.
    pub is_final: bool,
    /// Whether the store was a rehearsal's: no real student was in it.
    pub rehearsal: bool,
    /// When it began, by the station's clock.
    pub began: String,
    /// When it was looked at last.
    pub ended: Option<String>,
    /// The program.
    pub tool: Tool,
    /// What the store lay on.
    pub medium: MediumNote,
    /// Clear, Purge or Destroy.
    pub description: Category,
    /// How it was done.
    pub method: String,
    /// How it was looked at.
    pub verification_method: String,
    /// Where the medium goes from here.
    pub destination: Option<String>,
    /// Who did it.
    pub sanitised_by: Person,
    /// Who stood by and looked at it: the school's supervisor.
    pub verified_by: Option<Person>,
    /// What the store was sealed with, by the public halves.
    pub keys: KeyNote,
    /// The profile of the batch.
    pub profile: String,
    /// What there was.
    pub counts: Counts,
    /// What became of it before.
    pub delivery: DeliveryNote,
    /// The camera's files that were fetched: nothing here erases a card.
    pub card_files: Vec<CardNote>,
    /// Second copies that the journal tells of.
    pub copies: Vec<CopyNote>,
    /// The journal that survives.
    pub journal: JournalNote,
    /// What this deletion does not reach.
    pub limits: Vec<Limit>,
    /// What was found afterwards; nothing in a draft.
    pub verification: Option<Verification>,
}

/// The program that did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// A medium; what nobody told is `null`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediumNote {
    /// Its maker.
    pub maker: Option<String>,
    /// Its model.
    pub model: Option<String>,
    /// Its serial number.
    pub serial: Option<String>,
    /// What its owner calls it.
    pub property_number: Option<String>,
    /// `magnetic`, `flash`, `file`, `unknown`.
    pub kind: String,
    /// The computer it is in.
    pub source: Option<String>,
    /// The device of its volume.
    pub device: Option<String>,
    /// The volume's size in bytes.
    pub bytes: Option<u64>,
    /// The volume's file system.
    pub file_system: Option<String>,
    /// Whether the volume is encrypted by the system besides (LUKS).
    pub encrypted: bool,
}

/// A level of NIST SP 800-88r1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// The keys were overwritten in place on a medium that keeps no old blocks: all that was sealed is worthless.
    Purge,
    /// The same on a medium that may keep old blocks, or of which nobody tells: against whoever reads it in the ordinary
    /// way.
    Clear,
}

/// A person; empty lines are for a pen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// As the key file calls him.
    pub name: String,
    /// What he is in this station.
    pub title: String,
    /// When he typed his passphrase.
    pub date: String,
    /// Where.
    pub place: Option<String>,
    /// How to reach him.
    pub contact: Option<String>,
}

/// Public keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyNote {
    /// The station's Ed25519 key, in hexadecimal: what this certificate is checked with.
    pub station: String,
    /// What the batch's photos were sealed to.
    pub batch: String,
    /// The school's recovery key, which opens what was sealed for it; its secret is in the school's hands alone.
    pub recovery: Option<String>,
}

/// What there was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Students with a current portrait.
    pub students: usize,
    /// Kept portraits, superseded and withdrawn ones too.
    pub portraits: usize,
    /// Originals.
    pub shots: usize,
    /// Originals that belonged to nobody.
    pub strays: usize,
    /// Students with two portraits of which nobody said which counts.
    pub undecided: usize,
    /// Students of whom the school was given another's portrait, and nothing right since.
    pub withdrawn: usize,
    /// Students who sat and have no portrait.
    pub without: usize,
    /// Objects in the vault.
    pub objects: usize,
    /// Files of the store.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
}

/// Whether the school has its photos.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryNote {
    /// Current portraits with a receipt.
    pub delivered: usize,
    /// Current portraits without one.
    pub undelivered: usize,
    /// Who accepted them for the school.
    pub accepted_by: Option<String>,
    /// Why those without a receipt may go.
    pub waiver: Option<String>,
}

/// Files of a camera's card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardNote {
    /// Which camera.
    pub camera: String,
    /// Which folder of its card.
    pub folder: String,
    /// The files.
    pub names: Vec<String>,
    /// So many more, whose names may be somebody's.
    pub unnamed: usize,
}

/// A second copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyNote {
    /// When it was made.
    pub at: String,
    /// Where to, as the journal has it.
    pub target: String,
}

/// The journal that survives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalNote {
    /// The file's name, beside this one.
    pub file: String,
    /// The file's SHA-256.
    pub sha256: Digest,
    /// Lines of the journal.
    pub lines: usize,
    /// Of these, so many without the words that could tell of a student.
    pub redacted: usize,
    /// Places where its chain was broken already.
    pub broken: usize,
    /// The last line's hash.
    pub head: String,
    /// The last checkpoint, to the letter: how many lines there are and their last hash, signed.
    pub checkpoint: String,
}

/// What a deletion by this program does not reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// Spare blocks of flash memory, and file systems that write elsewhere what is written over.
    FlashKeepsOldBlocks,
    /// What the school's recovery key opens: what was copied before.
    SchoolHasItsRecoveryKey,
    /// Second copies: they open with a copied key file or the school's recovery key.
    CopiesElsewhere,
    /// Cameras' cards.
    CardsAreNotErased,
    /// Sealed pieces stay in the disk's free space; nothing opens them.
    SealedPiecesStay,
    /// What the memory of the computer or its swap still holds.
    MemoryUntilSwitchedOff,
    /// What was delivered is the school's.
    WhatWasDelivered,
}

/// What was found when everything was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// Whether there is no key file.
    pub key_file_gone: bool,
    /// Whether zeros lie where it lay, read from the disk.
    pub key_file_reads_zero: bool,
    /// Objects that were taken out beforehand, and opened then.
    pub sample: usize,
    /// Of these, so many that still open with what is left.
    pub sample_opens: usize,
    /// Whether the ledger still opens.
    pub ledger_opens: bool,
    /// Files of the store that could not be removed.
    pub files_left: usize,
    /// Files in the folder that this program did not make: they were left alone.
    pub strange_files: usize,
    /// Files whose heads could not be overwritten.
    pub not_overwritten: usize,
    /// What the raw volume still holds.
    pub volume: VolumeNote,
}

/// What the raw volume still holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "searched", rename_all = "snake_case")]
pub enum VolumeNote {
    /// It was not read.
    No {
        /// Why: `unknown_device`, `not_permitted`, `too_large`, or what the system said.
        why: String,
    },
    /// It was read from its beginning to its end.
    Yes {
        /// The device.
        device: String,
        /// How much was read.
        bytes: u64,
        /// Secrets that were looked for, and pieces of the key file.
        secrets: usize,
        /// How often one of them is there: must be 0.
        secrets_found: u64,
        /// Heads of sampled objects that were looked for, and how often one is there.
        heads_found: u64,
        /// Capture codes that were looked for.
        codes: usize,
        /// How often one of them is there; a delivery on the same volume has them too.
        codes_found: u64,
        /// Starts of JPEG files and of unencrypted databases: whatever else is on the volume has them too.
        markers_found: u64,
    },
}

impl Certificate {
    /// Whether nothing of the store can be opened any more, as far as anybody looked: by nobody's passphrase, and not by
    /// the recovery key, if there is one, which opens any object whose head is left.
    #[must_use]
    pub fn is_passed(&self) -> bool {
        let heads_matter = self.keys.recovery.is_some();
        self.verification.as_ref().is_some_and(|found| {
            found.is_locked_for_good() && (!heads_matter || found.has_overwritten_heads())
        })
    }

    /// Whether the head of every sealed file is known to be gone: all were overwritten, and the medium keeps no old
    /// blocks.
    #[must_use]
    pub fn has_no_heads_left(&self) -> bool {
        let overwritten = self.verification.as_ref().is_some_and(Verification::has_overwritten_heads);
        overwritten && self.description == Category::Purge
    }
}

impl Verification {
    /// Whether every head was overwritten, and none was found afterwards.
    fn has_overwritten_heads(&self) -> bool {
        let found = match &self.volume {
            VolumeNote::No { .. } => 0,
            VolumeNote::Yes { heads_found, .. } => *heads_found,
        };
        self.not_overwritten == 0 && found == 0
    }

    /// Whether nothing opens with the store's own keys any more.
    fn is_locked_for_good(&self) -> bool {
        let on_volume = match &self.volume {
            VolumeNote::No { .. } => 0,
            VolumeNote::Yes { secrets_found, .. } => *secrets_found,
        };
        let opens = self.sample_opens > 0 || self.ledger_opens;
        self.key_file_gone && self.key_file_reads_zero && !opens && self.files_left == 0 && on_volume == 0
    }
}

impl MediumNote {
    /// What this machine tells of a disk.
    #[must_use]
    pub fn of(medium: Medium, property_number: Option<String>, source: Option<String>) -> Self {
        let kind = match medium.kind {
            MediumKind::Magnetic => "magnetic",
            MediumKind::Flash => "flash",
            MediumKind::InAFile => "file",
            MediumKind::Unknown => "unknown",
        };
        Self {
            maker: medium.maker,
            model: medium.model,
            serial: medium.serial,
            property_number,
            kind: kind.to_owned(),
            source,
            device: medium.device.map(|device| device.display().to_string()),
            bytes: medium.bytes,
            file_system: medium.file_system,
            encrypted: medium.encrypted,
        }
    }
}
