//! Carries a plan out into a folder: on this disk, on a U盘, on a share.
//!
//! The list beside the files, `清单.csv`, is the record of what was delivered there. Doing it again brings the
//! folder up to date: what is right stays, what moved or was superseded goes, and whatever the list does not
//! vouch for is never touched and stops the export before anything is written. While files change, the list has a
//! sixth column and says what is still to be written and removed, so that an export that was cut short at any
//! moment is put right by the next.

use std::{
    cell::Cell,
    collections::BTreeSet,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use super::{
    changes::{Changes, Line, Obstacle, Pending, Standing, changes},
    plan::{Item, Plan},
    watch::{GoOn, Stage},
};
use crate::{
    portrait::markers,
    profile::check_name,
    shot::Digest,
    student::Fingerprint,
    vault::{Vault, VaultError},
};

/// The list of everything that was delivered, beside it.
pub const MANIFEST: &str = "清单.csv";

/// Its columns, and the one more it has while an export goes on.
const COLUMNS: [&str; 5] = ["文件", "SHA-256", "字节", "指纹", "缺少"];
const UNFINISHED: &str = "导出未完成";
const TO_WRITE: &str = "待写入";
const TO_REMOVE: &str = "待删除";

/// Every file is written under this name first. One name, and the list is always written last, so that what an
/// export that was cut short left here becomes the next one's list.
const PART: &str = "采影.part";

/// Spreadsheets take a CSV without this mark for GBK.
const MARK: &str = "\u{feff}";

/// What was delivered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delivery {
    /// Files written now.
    pub written: usize,
    /// Files that were there already, with the right bytes.
    pub already: usize,
    /// Files of an earlier delivery that were removed: their portraits have another name now.
    pub removed: usize,
    /// How many of the written took the place of an older file.
    pub replaced: usize,
    /// Objects that are delivered now.
    pub objects: Vec<Digest>,
}

/// Why a delivery stopped. Students are named by their fingerprints, as in the list.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The vault refused.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// An object does not hold what its row says.
    #[error("object {0} does not hold the portrait its row speaks of")]
    NotThePortrait(Digest),
    /// A portrait was made for another profile.
    #[error("the portrait of student {student} has {}×{} pixels, not {}×{}", found.0, found.1, wanted.0, wanted.1)]
    OtherPixels {
        /// Whose.
        student: Fingerprint,
        /// Its width and height.
        found: (u32, u32),
        /// What the profile takes.
        wanted: (u32, u32),
    },
    /// A file that we did not put there, or that was changed since, has a name we need or listed.
    #[error("the file of student {0} in the folder is not ours, or was changed")]
    Taken(Fingerprint),
    /// The list of an earlier delivery cannot be believed.
    #[error("line {line} of the list of the earlier delivery cannot be read")]
    Manifest {
        /// Which line.
        line: u64,
    },
    /// The folder refused.
    #[error("the folder cannot be written")]
    Folder(#[from] io::Error),
    /// The folder's disk is full.
    #[error("the folder's disk is full")]
    NoSpace,
    /// The folder, or the stick it was on, is not there any more.
    #[error("the folder is not there any more")]
    Gone,
    /// It was stopped between one file and the next.
    #[error("the delivery was stopped")]
    Stopped,
}

/// Brings the folder `root` to what the plan says, and its list.
///
/// # Errors
/// When a portrait is not what it should be, or the folder holds what is in the way: then nothing was changed.
/// When the folder refuses half-way: then the next export puts it right.
pub fn export(vault: &Vault, plan: &Plan, root: &Path) -> Result<Delivery, ExportError> {
    export_while(vault, plan, root, &mut |_, _, _| true)
}

/// As [`export`]; `go_on` is told how far it is, and may stop it between one file and the next. What was stopped is
/// put right by the next, as what was cut short.
///
/// # Errors
/// As [`export`], and when it was stopped.
pub fn export_while(
    vault: &Vault,
    plan: &Plan,
    root: &Path,
    go_on: &mut GoOn<'_>,
) -> Result<Delivery, ExportError> {
    let listed = read_list(root)?;
    let mut tell = |stage, done, of| if go_on(stage, done, of) { Ok(()) } else { Err(ExportError::Stopped) };
    for (done, item) in plan.items.iter().enumerate() {
        tell(Stage::Checking, done, plan.items.len())?;
        check_pixels(item, &portrait(vault, item)?, plan.pixels)?;
    }
    let (compared, of) = (Cell::new(0), listed.len() + plan.items.len());
    let changes = changes(plan, &listed, |path| {
        tell(Stage::Comparing, compared.replace(compared.get() + 1), of)?;
        Ok(standing(&place(root, path))?)
    });
    let changes = changes.map_err(|obstacle| match obstacle {
        Obstacle::Foreign(student) => ExportError::Taken(student),
        Obstacle::Unreadable(err) => err,
    })?;
    carry_out(vault, &changes, root, &mut tell)?;
    // What lies there without its name was handed over to nobody: it waits for what is missing.
    let named = plan.items.iter().filter(|item| item.missing.is_empty());
    let mut objects: Vec<Digest> = named.map(|item| item.object).collect();
    objects.sort_unstable();
    objects.dedup();
    let Changes { already, removed, replaced, .. } = changes;
    Ok(Delivery { written: changes.write.len(), already, removed, replaced, objects })
}

/// Tells how far it is; an error to be passed on when it is to stop.
type Tell<'a> = dyn FnMut(Stage, usize, usize) -> Result<(), ExportError> + 'a;

/// The portrait of an item, proven to be what its row says.
fn portrait(vault: &Vault, item: &Item) -> Result<Vec<u8>, ExportError> {
    let (_, jpeg) = vault.get(item.object)?;
    if Digest::of(&jpeg) == item.jpeg { Ok(jpeg) } else { Err(ExportError::NotThePortrait(item.object)) }
}

/// That it is a JPEG at all was judged before it was kept; that this profile takes another size shows only here.
fn check_pixels(item: &Item, jpeg: &[u8], wanted: (u32, u32)) -> Result<(), ExportError> {
    match markers(jpeg).map(|said| (u32::from(said.width), u32::from(said.height))) {
        Ok(found) if found != wanted => {
            Err(ExportError::OtherPixels { student: item.fingerprint.clone(), found, wanted })
        }
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Removes and writes; at every moment the list names everything that may stand there.
fn carry_out(
    vault: &Vault,
    changes: &Changes<'_>,
    root: &Path,
    tell: &mut Tell<'_>,
) -> Result<(), ExportError> {
    fs::create_dir_all(root).map_err(full_or_folder)?;
    let (itself, mut touched) = (identity(root)?, BTreeSet::new());
    let (mut done, of) = (0, changes.remove.len() + changes.write.len());
    // Where a stick was, its folder may be made anew on this computer's own disk; nobody would look for it there.
    let mut go_on = || {
        tell(Stage::Writing, done, of)?;
        done += 1;
        if identity(root).is_ok_and(|now| now == itself) { Ok(()) } else { Err(ExportError::Gone) }
    };
    if !(changes.remove.is_empty() && changes.write.is_empty()) {
        write_list(root, &changes.meanwhile, true).map_err(full_or_folder)?;
    }
    // First what is wrong goes: better a portrait not yet there than one under another's name.
    for line in &changes.remove {
        go_on()?;
        remove(root, &line.path)?;
        touched.extend(folders(root, &line.path));
    }
    for item in &changes.write {
        go_on()?;
        let jpeg = portrait(vault, item)?;
        let place = place(root, &item.path);
        fs::create_dir_all(place.parent().unwrap_or(root)).map_err(full_or_folder)?;
        write_then_rename(root, &place, &jpeg).map_err(full_or_folder)?;
        touched.extend(folders(root, &item.path));
    }
    // A U盘 is pulled out sooner than one thinks. The deepest folder first.
    for folder in touched.iter().rev().filter(|folder| folder.is_dir()) {
        sync_folder(folder)?;
    }
    write_list(root, &changes.afterwards, false).map_err(full_or_folder)
}

/// Lays a file beside what was delivered into a folder, in the place of an earlier one of this name.
///
/// # Errors
/// When the folder is not there, refuses, or is full.
pub fn lay(root: &Path, name: &str, bytes: &[u8]) -> Result<(), ExportError> {
    if !root.is_dir() {
        return Err(ExportError::Gone);
    }
    write_then_rename(root, &root.join(name), bytes).and_then(|()| sync_folder(root)).map_err(full_or_folder)
}

/// Makes a new folder within another one; `None` when something of this name is there already.
///
/// # Errors
/// When the folder is not there, refuses, or is full.
pub fn make_within(root: &Path, name: &str) -> Result<Option<PathBuf>, ExportError> {
    if !root.is_dir() {
        return Err(ExportError::Gone);
    }
    let made = root.join(name);
    match fs::create_dir(&made) {
        Ok(()) => {}
        Err(err) if err.kind() == io::ErrorKind::AlreadyExists => return Ok(None),
        Err(err) => return Err(full_or_folder(err)),
    }
    sync_folder(root).map_err(full_or_folder)?;
    Ok(Some(made))
}

/// Takes a file away that was laid into a folder.
///
/// # Errors
/// When the folder refuses.
pub fn take_away(root: &Path, name: &str) -> Result<(), ExportError> {
    match fs::remove_file(root.join(name)) {
        Err(err) if err.kind() != io::ErrorKind::NotFound => Err(full_or_folder(err)),
        Ok(()) | Err(_) => sync_folder(root).map_err(full_or_folder),
    }
}

/// What tells a folder from another one at the same place.
fn identity(root: &Path) -> io::Result<(u64, u64)> {
    fs::metadata(root).map(|data| (data.dev(), data.ino()))
}

fn full_or_folder(err: io::Error) -> ExportError {
    if matches!(err.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
        ExportError::NoSpace
    } else {
        ExportError::Folder(err)
    }
}

fn place(root: &Path, path: &[String]) -> PathBuf {
    path.iter().fold(root.to_owned(), |place, part| place.join(part))
}

/// The folders above a file, from the root on.
fn folders(root: &Path, path: &[String]) -> impl Iterator<Item = PathBuf> {
    (0..path.len()).filter_map(move |depth| Some(place(root, path.get(..depth)?)))
}

fn standing(place: &Path) -> io::Result<Standing> {
    match fs::symlink_metadata(place) {
        Ok(data) if data.is_file() => Ok(Standing::File(Digest::of(&fs::read(place)?))),
        Ok(_) => Ok(Standing::Other),
        Err(err) if err.kind() == io::ErrorKind::NotFound => Ok(Standing::Nothing),
        // A file where a folder must be.
        Err(err) if err.kind() == io::ErrorKind::NotADirectory => Ok(Standing::Other),
        Err(err) => Err(err),
    }
}

/// Removes a file, and the folders that are empty without it.
fn remove(root: &Path, path: &[String]) -> io::Result<()> {
    match fs::remove_file(place(root, path)) {
        Err(err) if err.kind() != io::ErrorKind::NotFound => return Err(err),
        Ok(()) | Err(_) => {}
    }
    // The first folder that is not empty ends it.
    for depth in (1..path.len()).rev() {
        let folder = place(root, path.get(..depth).unwrap_or_default());
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

/// What an earlier export listed; nothing if there was none.
fn read_list(root: &Path) -> Result<Vec<Line>, ExportError> {
    let bytes = match fs::read(root.join(MANIFEST)) {
        Ok(bytes) => bytes,
        Err(err) if err.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
        Err(err) => return Err(err.into()),
    };
    let text = bytes.strip_prefix(MARK.as_bytes()).unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    let mut lines = Vec::new();
    let mut record = csv::StringRecord::new();
    loop {
        let line = reader.position().line();
        let broken = ExportError::Manifest { line };
        match reader.read_record(&mut record) {
            Ok(false) if line > 1 => return Ok(lines),
            Ok(true) if line > 1 => lines.push(read_line(&record).ok_or(broken)?),
            Ok(true) if is_head(&record) => {}
            Ok(_) | Err(_) => return Err(broken),
        }
    }
}

fn is_head(record: &csv::StringRecord) -> bool {
    let finished = record.iter().eq(COLUMNS);
    finished || record.iter().eq(COLUMNS.into_iter().chain([UNFINISHED]))
}

/// One line; `None` if we never wrote it like this. A path that leads out of the folder must not be believed.
fn read_line(record: &csv::StringRecord) -> Option<Line> {
    let path: Vec<String> = record.get(0)?.split('/').map(str::to_owned).collect();
    let safe = path.iter().all(|part| check_name(part).is_ok());
    let own = matches!(path.as_slice(), [name] if name == MANIFEST || name == PART);
    let fields: csv::StringRecord = record.iter().take(COLUMNS.len()).collect();
    let (_, jpeg, bytes, fingerprint, missing) =
        fields.deserialize::<(&str, Digest, usize, Fingerprint, String)>(None).ok()?;
    let is_fingerprint = fingerprint.to_string().chars().all(|c| c.is_ascii_hexdigit());
    let pending = match record.get(COLUMNS.len()) {
        None | Some("") => Pending::Nothing,
        Some(TO_WRITE) => Pending::Write,
        Some(TO_REMOVE) => Pending::Remove,
        Some(_) => return None,
    };
    (safe && !own && is_fingerprint).then_some(Line { path, jpeg, bytes, fingerprint, missing, pending })
}

fn write_list(root: &Path, lines: &[Line], unfinished: bool) -> io::Result<()> {
    let mut list = csv::Writer::from_writer(MARK.as_bytes().to_vec());
    let more = |word| unfinished.then_some(word).into_iter();
    list.write_record(COLUMNS.into_iter().chain(more(UNFINISHED)))?;
    for line in lines {
        let pending = match line.pending {
            Pending::Nothing => "",
            Pending::Write => TO_WRITE,
            Pending::Remove => TO_REMOVE,
        };
        let (path, jpeg, bytes) = (line.path.join("/"), line.jpeg.to_string(), line.bytes.to_string());
        let fingerprint = line.fingerprint.to_string();
        let fields = [path.as_str(), &jpeg, &bytes, &fingerprint, &line.missing];
        list.write_record(fields.into_iter().chain(more(pending)))?;
    }
    let list = list.into_inner().map_err(|err| io::Error::other(err.to_string()))?;
    write_then_rename(root, &root.join(MANIFEST), &list)?;
    sync_folder(root)
}

fn write_then_rename(root: &Path, place: &Path, bytes: &[u8]) -> io::Result<()> {
    let part = root.join(PART);
    let written = write_synced(&part, bytes).and_then(|()| fs::rename(&part, place));
    if written.is_err() {
        fs::remove_file(&part).ok();
    }
    written
}

fn write_synced(part: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(part)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
