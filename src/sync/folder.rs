//! Carries a plan out into a folder: on this disk, on a U盘, on a share.
//!
//! Doing it twice does no harm: a file that is there already with the right bytes is left alone, one with
//! other bytes is an error and is never overwritten. Every byte is read back from the vault and proven, and a
//! manifest lists every file with its SHA-256.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use super::plan::{Item, Plan};
use crate::{
    shot::Digest,
    student::Field,
    vault::{Vault, VaultError},
};

/// The list of everything that was delivered, beside it.
const MANIFEST: &str = "清单.csv";

/// What was delivered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delivery {
    /// Files written now.
    pub written: usize,
    /// Files that were there already, with the right bytes.
    pub already: usize,
    /// Objects that are delivered now.
    pub objects: Vec<Digest>,
}

/// Why a delivery stopped. What was written until then is whole.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The vault refused.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// An object does not hold what its row says.
    #[error("object {0} does not hold the portrait its row speaks of")]
    NotThePortrait(Digest),
    /// A file with another content has the name.
    #[error("a file with another content is there already: {0}")]
    Taken(PathBuf),
    /// The folder refused.
    #[error("the folder cannot be written")]
    Folder(#[from] io::Error),
    /// The folder's disk is full.
    #[error("the folder's disk is full")]
    NoSpace,
}

/// Writes every file of a plan below `root`, and the manifest.
///
/// # Errors
/// When vault or folder refuse, or a file of another content is in the way.
pub fn export(vault: &Vault, plan: &Plan, root: &Path) -> Result<Delivery, ExportError> {
    let mut delivery = Delivery::default();
    let mut manifest = csv::Writer::from_writer(Vec::new());
    let head = ["文件", "SHA-256", "字节", "指纹", "缺少"];
    manifest.write_record(head).map_err(io::Error::other)?;
    for item in &plan.items {
        let (_, jpeg) = vault.get(item.object)?;
        if Digest::of(&jpeg) != item.jpeg {
            return Err(ExportError::NotThePortrait(item.object));
        }
        let place = item.path.iter().fold(root.to_owned(), |path, part| path.join(part));
        match deliver(&place, &jpeg).map_err(full_or_folder)? {
            Put::Written => delivery.written += 1,
            Put::Already => delivery.already += 1,
            Put::Taken => return Err(ExportError::Taken(place)),
        }
        delivery.objects.push(item.object);
        manifest.write_record(row(item, jpeg.len())).map_err(io::Error::other)?;
    }
    let manifest = manifest.into_inner().map_err(|err| io::Error::other(err.to_string()))?;
    write_manifest(root, &manifest).map_err(full_or_folder)?;
    delivery.objects.sort_unstable();
    delivery.objects.dedup();
    Ok(delivery)
}

fn row(item: &Item, bytes: usize) -> [String; 5] {
    let missing: Vec<String> = item.missing.iter().map(Field::to_string).collect();
    [
        item.path.join("/"),
        item.jpeg.to_string(),
        bytes.to_string(),
        item.fingerprint.to_string(),
        missing.join("、"),
    ]
}

fn full_or_folder(err: io::Error) -> ExportError {
    if matches!(err.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
        ExportError::NoSpace
    } else {
        ExportError::Folder(err)
    }
}

/// What became of one file.
enum Put {
    Written,
    Already,
    Taken,
}

fn deliver(place: &Path, jpeg: &[u8]) -> io::Result<Put> {
    if place.exists() {
        let same = fs::read(place)? == jpeg;
        return Ok(if same { Put::Already } else { Put::Taken });
    }
    let folder = place.parent().unwrap_or(place);
    fs::create_dir_all(folder)?;
    write_then_rename(place, jpeg)?;
    Ok(Put::Written)
}

/// The manifest is the only file that is written anew: it describes the delivery as it is now.
fn write_manifest(root: &Path, manifest: &[u8]) -> io::Result<()> {
    fs::create_dir_all(root)?;
    // Spreadsheets take a CSV without this mark for GBK.
    let with_mark = ["\u{feff}".as_bytes(), manifest].concat();
    write_then_rename(&root.join(MANIFEST), &with_mark)
}

fn write_then_rename(place: &Path, bytes: &[u8]) -> io::Result<()> {
    let part = place.with_extension("part");
    let written = write_synced(&part, bytes).and_then(|()| fs::rename(&part, place));
    if written.is_err() {
        fs::remove_file(&part).ok();
    }
    written?;
    // A U盘 is pulled out sooner than one thinks.
    File::open(place.parent().unwrap_or(place))?.sync_all()
}

fn write_synced(part: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(part)?;
    file.write_all(bytes)?;
    file.sync_all()
}
