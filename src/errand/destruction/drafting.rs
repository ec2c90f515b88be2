//! What a certificate says, put together from what is known before anything is erased.

use super::{
    Testimony,
    certificate::{
        CardNote, Category, Certificate, CopyNote, Counts, DeliveryNote, FORMAT, JournalNote, KeyNote, Limit,
        MediumNote, Person, Tool,
    },
    redaction::Redacted,
};
use crate::{
    clerk::Inventory,
    errand::hex,
    keys::Keys,
    machine::{Medium, MediumKind, host_name},
    shot::{Clock, Digest, Moment},
};

const METHOD: &str = "Cryptographic erase (NIST SP 800-88r1, 2.6): every photo was sealed with age (X25519, \
    ChaCha20-Poly1305) and the ledger with SQLCipher (AES-256) before it was first written; the one key file was \
    overwritten in place with random bytes and with zeros, each synced, and removed. Besides: the ledger's rows \
    deleted (secure_delete), VACUUM; the head of every sealed object and all of the ledger's files overwritten in \
    place as far as the disk does so (verification.not_overwritten), synced, and removed.";

const VERIFICATION: &str = "The place of the key file read again from the disk; a sample of objects that opened \
    before tried with what is left; the ledger tried; the raw volume searched for secrets, pieces of the key file, \
    heads of sampled objects and capture codes where it may be read.";

/// The number of a certificate: by what station, and when.
pub(super) fn number(keys: &Keys, now: Moment) -> String {
    let digest = Digest::of_parts(&[&keys.public_key(), &now.0.to_le_bytes()]).to_string();
    digest.chars().take(16).collect()
}

/// The journal that survives, as the certificate names it.
pub(super) fn journal(journal: &Redacted, checkpoint: String) -> JournalNote {
    JournalNote {
        file: super::JOURNAL.to_owned(),
        sha256: Digest::of(journal.text.as_bytes()),
        lines: journal.lines,
        redacted: journal.redacted,
        broken: journal.broken,
        head: hex(&journal.head),
        checkpoint,
    }
}

/// What is known of a destruction besides what people say.
pub(super) struct Draft<'a> {
    pub number: String,
    pub clock: Clock,
    pub now: Moment,
    pub keys: &'a Keys,
    pub counts: Counts,
    pub journal: JournalNote,
}

impl Draft<'_> {
    /// The certificate as it is before anything is erased.
    pub(super) fn certificate(self, said: &Testimony, known: &Inventory, medium: &Medium) -> Certificate {
        let when = self.clock.date_and_time(self.now);
        let person = |(name, title): &(String, String)| Person {
            name: name.clone(),
            title: title.clone(),
            date: when.clone(),
            place: said.place.clone(),
            contact: said.contact.clone(),
        };
        let copy = |copied: &crate::clerk::Copied| CopyNote {
            at: self.clock.date_and_time(copied.at),
            target: copied.target.clone(),
        };
        Certificate {
            format: FORMAT.to_owned(),
            number: self.number,
            is_final: false,
            rehearsal: said.rehearsal,
            began: when.clone(),
            ended: None,
            tool: Tool { name: "caiying".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
            medium: MediumNote::of(medium.clone(), said.property_number.clone(), host_name()),
            description: if overwrites_in_place(medium) { Category::Purge } else { Category::Clear },
            method: METHOD.to_owned(),
            verification_method: VERIFICATION.to_owned(),
            destination: said.destination.clone(),
            sanitised_by: person(&said.first),
            verified_by: said.second.as_ref().map(person),
            keys: keys(self.keys),
            profile: known.profile.clone(),
            counts: self.counts,
            delivery: DeliveryNote {
                delivered: known.students.saturating_sub(known.undelivered),
                undelivered: known.undelivered,
                accepted_by: said.accepted_by.clone(),
                waiver: said.waiver.clone(),
            },
            card_files: known.card.iter().map(card).collect(),
            copies: known.copies.iter().map(copy).collect(),
            journal: self.journal,
            limits: limits(known, medium, self.keys),
            verification: None,
        }
    }
}

/// File systems that write in place what is written over; others keep what was there for a while, or for ever.
const IN_PLACE: [&str; 7] = ["ext2", "ext3", "ext4", "xfs", "vfat", "exfat", "ntfs3"];

/// Whether nothing keeps what was overwritten: only then is overwriting the keys a purge of all that was sealed.
fn overwrites_in_place(medium: &Medium) -> bool {
    let file_system = medium.file_system.as_deref().unwrap_or_default();
    medium.kind == MediumKind::Magnetic && IN_PLACE.contains(&file_system)
}

fn keys(keys: &Keys) -> KeyNote {
    KeyNote {
        station: hex(&keys.public_key()),
        batch: keys.recipient().to_string(),
        recovery: keys.recovery().map(ToString::to_string),
    }
}

fn card(folder: &crate::clerk::CardFolder) -> CardNote {
    CardNote {
        camera: folder.camera.clone(),
        folder: folder.folder.clone(),
        names: folder.names.iter().cloned().collect(),
        unnamed: folder.unnamed,
    }
}

fn limits(known: &Inventory, medium: &Medium, keys: &Keys) -> Vec<Limit> {
    let mut limits = Vec::new();
    if !overwrites_in_place(medium) {
        limits.push(Limit::FlashKeepsOldBlocks);
    }
    if keys.recovery().is_some() {
        limits.push(Limit::SchoolHasItsRecoveryKey);
    }
    limits.push(Limit::CopiesElsewhere);
    if !known.card.is_empty() {
        limits.push(Limit::CardsAreNotErased);
    }
    limits.extend([Limit::SealedPiecesStay, Limit::MemoryUntilSwitchedOff, Limit::WhatWasDelivered]);
    limits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_overwrites_in_place_is_called_purged() {
        for (kind, file_system, is) in [
            (MediumKind::Magnetic, Some("ext4"), true),
            (MediumKind::Magnetic, Some("btrfs"), false),
            (MediumKind::Magnetic, None, false),
            (MediumKind::Flash, Some("ext4"), false),
            (MediumKind::InAFile, Some("ext4"), false),
            (MediumKind::Unknown, Some("ext4"), false),
        ] {
            let file_system = file_system.map(str::to_owned);
            let medium = Medium { kind, file_system, ..Medium::default() };
            assert_eq!(overwrites_in_place(&medium), is, "{medium:?}");
        }
    }
}
