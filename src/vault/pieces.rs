//! Vaults file by file, for who makes a second copy of one. Every file of a vault is named by the SHA-256 of its bytes,
//! so it can be copied, compared and proven without a key, and without knowing what is in it.
//!
//! A copy may lie on a stick: exFAT knows neither reserving room nor renaming without replacing, tells no upper from lower
//! case, and may be pulled out at any moment. So a file is written under another name, synced, renamed and its folder
//! synced; what stands there under its own name was written to its end.

use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use rustix::fs::{Advice, fadvise};

use super::{Swept, VaultError, shelf};
use crate::shot::Digest;

/// The folder of papers, beside those of the objects.
const PAPERS: &str = "papers";

/// So many bytes are read at once.
const CHUNK: usize = 1 << 20;

/// A file of a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Piece {
    /// An original or a portrait.
    Object(Digest),
    /// A roster, or a walk-up.
    Paper(Digest),
}

impl Piece {
    /// What its bytes add up to.
    #[must_use]
    pub fn name(self) -> Digest {
        let (Self::Object(name) | Self::Paper(name)) = self;
        name
    }

    /// Where it lies in a vault's folder. Two hex digits of folder, so that no folder holds more than a few hundred of a
    /// season's objects; papers are few.
    pub(super) fn place(self, folder: &Path) -> PathBuf {
        match self {
            Self::Object(object) => {
                let name = object.to_string();
                let shard = name.get(..2).unwrap_or_default().to_owned();
                folder.join(shard).join(name)
            }
            Self::Paper(paper) => folder.join(PAPERS).join(paper.to_string()),
        }
    }
}

/// Why a file was not copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// Where it comes from: it is missing, damaged or cannot be read.
    #[error(transparent)]
    From(#[from] VaultError),
    /// Where it goes to.
    #[error("the copy cannot be written")]
    To(#[source] io::Error),
}

/// The files of a vault, for whoever has no key to them: in a store, or in a copy of one.
#[derive(Debug, Clone)]
pub struct Pieces {
    folder: PathBuf,
}

impl Pieces {
    /// Those in the vault of a store or of a copy, which is made where it is missing.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn open(root: &Path) -> Result<Self, VaultError> {
        let folder = root.join("vault");
        shelf::make_folder(&folder.join("tmp"))?;
        shelf::sync_folder(&folder)?;
        Ok(Self { folder })
    }

    /// Those in a vault that must exist already; nothing is made or changed.
    ///
    /// # Errors
    /// When there is none.
    pub fn existing(root: &Path) -> Result<Self, VaultError> {
        let folder = root.join("vault");
        match fs::metadata(&folder) {
            Ok(_) => Ok(Self { folder }),
            Err(source) => Err(VaultError::Disk { doing: "find the store", source }),
        }
    }

    /// Removes what an interrupted copy left behind; what cannot be removed stays and is counted.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn sweep(&self) -> Result<Swept, VaultError> {
        sweep(&self.folder)
    }

    /// Every file there is.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn all(&self) -> Result<BTreeSet<Piece>, VaultError> {
        let refused = |source| VaultError::Disk { doing: "list the papers", source };
        let mut pieces: BTreeSet<Piece> = objects(&self.folder)?.into_iter().map(Piece::Object).collect();
        let papers = match fs::read_dir(self.folder.join(PAPERS)) {
            Err(err) if err.kind() == io::ErrorKind::NotFound => return Ok(pieces),
            papers => papers.map_err(refused)?,
        };
        for file in papers {
            let name = file.map_err(refused)?.file_name();
            pieces.extend(name.to_str().and_then(|name| name.parse().ok()).map(Piece::Paper));
        }
        Ok(pieces)
    }

    /// How long a file is, without reading it; `None` when it is not there.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn length(&self, piece: Piece) -> Result<Option<u64>, VaultError> {
        match fs::metadata(piece.place(&self.folder)) {
            Ok(data) => Ok(Some(data.len())),
            Err(err) if err.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(VaultError::Disk { doing: "look at a file", source }),
        }
    }

    /// Copies a file to other pieces, proven while it is read. When this returns it stands there, and power may fail.
    ///
    /// # Errors
    /// When it is not what its name says, or cannot be read or written: then nothing new stands there under its name.
    pub fn copy(&self, piece: Piece, to: &Self) -> Result<(), CopyError> {
        let place = piece.place(&to.folder);
        let part = to.folder.join("tmp").join(format!("{}.part", piece.name()));
        let shard = place.parent().unwrap_or(&to.folder);
        let copied = self.copy_to_part(piece, &part).and_then(|()| {
            shelf::make_folder(shard).map_err(shelf::io_of).map_err(CopyError::To)?;
            fs::rename(&part, &place).map_err(CopyError::To)?;
            shelf::sync_folder(shard).map_err(shelf::io_of).map_err(CopyError::To)
        });
        copied.inspect_err(|_failed| {
            // What cannot be removed now is swept when the copy goes on.
            fs::remove_file(&part).ok();
        })
    }

    fn copy_to_part(&self, piece: Piece, part: &Path) -> Result<(), CopyError> {
        let mut from = self.read(piece)?;
        // Whatever an earlier failure left there is written over.
        let to = OpenOptions::new().write(true).create(true).truncate(true).open(part);
        let mut to = to.map_err(CopyError::To)?;
        let sum = read_through(&mut from, |bytes| to.write_all(bytes).map_err(CopyError::To))?;
        if sum != piece.name() {
            return Err(CopyError::From(VaultError::Damaged(piece.name())));
        }
        to.sync_all().map_err(CopyError::To)
    }

    /// Reads a file from the disk itself and proves it.
    ///
    /// # Errors
    /// When it is missing or damaged, or cannot be read.
    pub fn prove(&self, piece: Piece) -> Result<(), VaultError> {
        let sum = digest_from_disk(self.read(piece)?)?;
        if sum == piece.name() { Ok(()) } else { Err(VaultError::Damaged(piece.name())) }
    }

    /// Takes a file away from a copy that is no true one, or that nothing speaks of any more.
    ///
    /// # Errors
    /// When the disk refuses; one that is not there is gone already.
    pub fn remove(&self, piece: Piece) -> Result<(), VaultError> {
        match fs::remove_file(piece.place(&self.folder)) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(VaultError::Disk { doing: "remove a file", source })
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn read(&self, piece: Piece) -> Result<File, VaultError> {
        File::open(piece.place(&self.folder)).map_err(|err| {
            if err.kind() == io::ErrorKind::NotFound {
                VaultError::Missing(piece.name())
            } else {
                unreadable(err)
            }
        })
    }
}

/// The names of all objects in a vault's folder, sorted.
pub(super) fn objects(folder: &Path) -> Result<Vec<Digest>, VaultError> {
    let refused = |source| VaultError::Disk { doing: "list the objects", source };
    let mut objects = Vec::new();
    for shard in fs::read_dir(folder).map_err(refused)? {
        let shard = shard.map_err(refused)?.path();
        if !shard.is_dir() || shard.ends_with("tmp") || shard.ends_with(PAPERS) {
            continue;
        }
        for file in fs::read_dir(shard).map_err(refused)? {
            let name = file.map_err(refused)?.file_name();
            objects.extend(name.to_str().and_then(|name| name.parse::<Digest>().ok()));
        }
    }
    objects.sort_unstable();
    Ok(objects)
}

/// Removes what was not finished.
pub(super) fn sweep(folder: &Path) -> Result<Swept, VaultError> {
    let refused = |source| VaultError::Disk { doing: "clear away unfinished files", source };
    let mut swept = Swept::default();
    for file in fs::read_dir(folder.join("tmp")).map_err(refused)? {
        match fs::remove_file(file.map_err(refused)?.path()) {
            Ok(()) => swept.cleared += 1,
            // Somebody's folder, a bad sector: in nobody's way, and no reason not to work today.
            Err(_stays) => swept.stuck += 1,
        }
    }
    Ok(swept)
}

/// The digest of a file.
///
/// # Errors
/// When it cannot be read.
pub fn digest_of(mut file: File) -> Result<Digest, VaultError> {
    read_through(&mut file, |_bytes| Ok(()))
}

/// The digest of a file, read from the disk itself, not from what the system remembers of writing it.
///
/// # Errors
/// When it cannot be read.
pub fn digest_from_disk(file: File) -> Result<Digest, VaultError> {
    // It was synced, so nothing holds it in memory; where that is refused it is read as it comes.
    fadvise(&file, 0, None, Advice::DontNeed).ok();
    digest_of(file)
}

/// Reads a file to its end, some at a time; returns the digest of all of it.
fn read_through<E: From<VaultError>>(
    file: &mut File,
    mut take: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<Digest, E> {
    let (mut sum, mut chunk) = (Digest::piecewise(), vec![0; CHUNK]);
    loop {
        let read = match file.read(&mut chunk) {
            Err(err) if err.kind() == io::ErrorKind::Interrupted => continue,
            read => read.map_err(unreadable)?,
        };
        match chunk.get(..read) {
            None | Some([]) => return Ok(sum.digest()),
            Some(bytes) => {
                sum.add(bytes);
                take(bytes)?;
            }
        }
    }
}

fn unreadable(source: io::Error) -> VaultError {
    VaultError::Disk { doing: "read a file", source }
}
