//! What is looked at when a store is gone: taken out before, tried after.

use std::path::Path;

use super::certificate::VolumeNote;
use crate::{
    clerk::ClerkError,
    keys::{Keys, Store, Zeroizing},
    ledger::Ledger,
    machine::{self, Medium},
    student::CaptureCode,
    vault::{Sample, Vault, key_file},
};

/// So many objects are taken out and tried.
const SAMPLE: usize = 8;

/// So much of an object's head is looked for: what wraps its key lies in it, behind the first line that all share.
const HEAD: std::ops::Range<usize> = 22..150;

/// A code of fewer bytes is not looked for: it stands on any volume by chance.
const SHORTEST_CODE: usize = 8;

/// Beginnings of files in the clear: of a JPEG with JFIF, EXIF, tables or Adobe's segment first, and of a database. Three
/// bytes alone would stand in sealed data by chance, once in 16 million bytes.
const MARKERS: [&[u8]; 5] = [
    b"\xff\xd8\xff\xe0\x00\x10JFIF",
    b"\xff\xd8\xff\xe1",
    b"\xff\xd8\xff\xdb\x00",
    b"\xff\xd8\xff\xee",
    b"SQLite format 3\0",
];

/// What was taken out of a store before it is destroyed.
pub(super) struct Before {
    held: key_file::Held,
    sample: Vec<Sample>,
    secrets: Vec<Zeroizing<Vec<u8>>>,
    codes: Vec<CaptureCode>,
    medium: Medium,
}

/// What was found of the sample and the ledger.
pub(super) struct Tried {
    pub key_file_gone: bool,
    pub key_file_reads_zero: bool,
    pub sample: usize,
    pub sample_opens: usize,
    pub ledger_opens: bool,
}

impl Before {
    /// Takes out what is to be tried afterwards; all of it opens now.
    ///
    /// # Errors
    /// When an object of the sample does not open, or the disk refuses.
    pub(super) fn take(
        store: &Store,
        vault: &Vault,
        codes: impl IntoIterator<Item = CaptureCode>,
    ) -> Result<Self, super::DestructionError> {
        let held = key_file::hold(store.folder())?;
        let mut secrets: Vec<Zeroizing<Vec<u8>>> =
            held.pieces().map(|piece| Zeroizing::new(piece.to_vec())).collect();
        secrets.extend(store.keys().traces().into_iter().map(|(_name, trace)| trace));
        Ok(Self {
            sample: vault.sample(SAMPLE).map_err(ClerkError::from)?,
            secrets,
            codes: codes.into_iter().collect(),
            medium: Medium::of(store.folder()),
            held,
        })
    }

    pub(super) fn medium(&self) -> &Medium {
        &self.medium
    }

    /// Tries to open the store with what lies on the disk, as a finder would; and, to be sure, with the store's own keys,
    /// which only this program's memory still has.
    pub(super) fn try_to_open(&self, store: &Store) -> Tried {
        let found = keys_on_disk(store.folder());
        let opens = |sample: &Sample| {
            let is_there = Vault::existing(store).is_ok_and(|vault| vault.get(sample.object).is_ok());
            is_there || found.as_ref().is_some_and(|keys| keys.unseal(&sample.sealed).is_ok())
        };
        Tried {
            key_file_gone: !key_file::exists(store.folder()),
            key_file_reads_zero: self.held.is_gone().unwrap_or_default(),
            sample: self.sample.len(),
            sample_opens: self.sample.iter().filter(|sample| opens(sample)).count(),
            ledger_opens: Ledger::read(store).is_ok(),
        }
    }

    /// Reads the raw volume, if it is known, may be read and is not larger than `most` bytes.
    pub(super) fn search(&self, most: u64, go_on: &mut dyn FnMut(u64, u64)) -> VolumeNote {
        let no = |why: &str| VolumeNote::No { why: why.to_owned() };
        let (Some(device), Some(bytes)) = (&self.medium.device, self.medium.bytes) else {
            return no("unknown_device");
        };
        if bytes > most {
            return no("too_large");
        }
        let secrets: Vec<&[u8]> = self.secrets.iter().map(|secret| secret.as_slice()).collect();
        let heads: Vec<&[u8]> = self.sample.iter().filter_map(|sample| sample.sealed.get(HEAD)).collect();
        let long = |code: &&CaptureCode| code.expose().len() >= SHORTEST_CODE;
        let codes: Vec<&[u8]> = self.codes.iter().filter(long).map(|code| code.expose().as_bytes()).collect();
        let all: Vec<&[u8]> = [&secrets[..], &heads, &codes, &MARKERS].concat();
        let mut step = |done: u64| {
            go_on(done, bytes);
            true
        };
        match machine::search(Path::new(device), &all, &mut step) {
            Ok(Some(searched)) => {
                let mut found = searched.found.iter();
                let mut sum = |count: usize| found.by_ref().take(count).sum::<u64>();
                VolumeNote::Yes {
                    device: device.display().to_string(),
                    bytes: searched.bytes,
                    secrets: secrets.len(),
                    secrets_found: sum(secrets.len()),
                    heads_found: sum(heads.len()),
                    codes: codes.len(),
                    codes_found: sum(codes.len()),
                    markers_found: sum(MARKERS.len()),
                }
            }
            Ok(None) => no("stopped"),
            Err(err) if err.kind() == std::io::ErrorKind::PermissionDenied => no("not_permitted"),
            Err(err) => no(&err.to_string()),
        }
    }
}

/// The keys that whoever finds the store has: those of a key file that opens without a passphrase.
fn keys_on_disk(store: &Path) -> Option<Keys> {
    let (file, _) = key_file::read(store).ok()?;
    Some(file.unlock_open().ok()?.keys().clone())
}
