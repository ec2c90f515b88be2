//! What a backup says of itself, beside it: `backup.json`. It is put in place last, and the one before stays as
//! `backup.old.json` with its own ledger, so that at every moment one of them is whole and true.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::shot::{Digest, Moment};

/// The manifest of the newest backup, and of the one before.
const NEWEST: &str = "backup.json";
const BEFORE: &str = "backup.old.json";

/// It is written under this name first.
const PART: &str = "backup.part";

/// The layout that this program writes, and the only one it reads.
const LAYOUT: u32 = 1;

/// What a backup holds. No code, no name, no key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The layout's number.
    pub caiying_backup: u32,
    /// When it was made, by the station's clock.
    pub made: Moment,
    /// The station's name.
    pub station: String,
    /// The hash of the journal's first line: it tells one store from every other.
    pub store: Digest,
    /// Whether it is a rehearsal's.
    pub rehearsal: bool,
    /// Lines of the journal.
    pub lines: i64,
    /// The hash of the last of them.
    pub head: Digest,
    /// Originals.
    pub shots: usize,
    /// Portraits.
    pub kept: usize,
    /// Originals, portraits and papers: files of the vault that the ledger speaks of.
    pub files: usize,
    /// SHA-256 of the ledger's copy.
    pub ledger_sha256: Digest,
    /// The program's version.
    pub program: String,
}

impl Manifest {
    /// The layout that is written.
    pub(super) const LAYOUT: u32 = LAYOUT;

    /// What the ledger's copy is called: by its own bytes, so that no copy is ever written over.
    #[must_use]
    pub fn ledger_name(&self) -> String {
        let digits: String = self.ledger_sha256.to_string().chars().take(16).collect();
        format!("ledger-{digits}.sqlite")
    }

    /// The manifests of a folder that can be read, the newest first.
    ///
    /// # Errors
    /// When the folder cannot be read. A manifest that is torn, or of another layout, is none.
    pub fn all(folder: &Path) -> io::Result<Vec<Self>> {
        let mut all = Vec::new();
        for name in [NEWEST, BEFORE] {
            match fs::read(folder.join(name)) {
                Err(err) if err.kind() == io::ErrorKind::NotFound => {}
                read => {
                    let manifest = serde_json::from_slice(&read?).ok();
                    all.extend(manifest.filter(|manifest: &Self| manifest.caiying_backup == LAYOUT));
                }
            }
        }
        Ok(all)
    }

    /// Puts this one in place; the one before stays beside it.
    pub(super) fn put(&self, folder: &Path) -> io::Result<()> {
        let part = folder.join(PART);
        let text = serde_json::to_vec_pretty(self).map_err(io::Error::other)?;
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&part)?;
        file.write_all(&text)?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        drop(file);
        // A torn one takes no true one's place.
        if Self::is_true(&folder.join(NEWEST)) {
            fs::rename(folder.join(NEWEST), folder.join(BEFORE))?;
            sync_folder(folder)?;
        }
        fs::rename(part, folder.join(NEWEST))?;
        sync_folder(folder)
    }

    fn is_true(file: &Path) -> bool {
        fs::read(file).is_ok_and(|bytes| serde_json::from_slice::<Self>(&bytes).is_ok())
    }
}

/// Whether there is a manifest in a folder, that can be read or not.
pub(super) fn is_there(folder: &Path) -> bool {
    [NEWEST, BEFORE].iter().any(|name| fs::symlink_metadata(folder.join(name)).is_ok())
}

/// The ledgers' copies in a folder, whether a manifest names them or not.
pub(super) fn ledgers(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let is_copy = |name: &str| name.starts_with("ledger-") && name.ends_with(".sqlite");
    let files = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    let copies = files.into_iter().filter(|file| file.file_name().to_str().is_some_and(is_copy));
    Ok(copies.map(|file| file.path()).collect())
}

/// Sees to it that the names in a folder survive.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
