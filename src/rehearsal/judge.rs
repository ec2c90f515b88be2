//! The judge of a rehearsal: looks at what was delivered, pixel by pixel, and at the script.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde::Serialize;

use super::{RehearsalError, player::Played, props::student_of};
use crate::{
    clerk,
    keys::Store,
    ledger::Ledger,
    profile::Profile,
    scan::{Luma, read},
    shot::Digest,
    student::People,
    sync,
    vault::{Kind, Vault},
};

/// What is wrong with a morning; all zero when it went well.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Verdict {
    /// Portraits that show somebody else than the code they are delivered under, or something that must not be
    /// kept; and whoever sat down although the gate should have stopped him.
    pub wrong: usize,
    /// Portraits the screen called saved that were not delivered, or not the last one.
    pub lost: usize,
    /// Portraits delivered twice, or under two codes.
    pub doubled: usize,
    /// Delivered portraits whose board cannot be read.
    pub unreadable: usize,
    /// Exposures whose file is not in the vault.
    pub originals_lost: usize,
    /// What `verify` finds wrong.
    pub faults: Vec<String>,
}

impl Verdict {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        *self == Self::default()
    }
}

/// Judges what a morning left behind.
pub(super) fn judge(store: &Store, played: &Played) -> Result<Verdict, RehearsalError> {
    let report = clerk::verify(store)?;
    let mut faults: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    faults.extend((report.orphans > 0).then(|| format!("{} objects have no row", report.orphans)));
    let vault = Vault::existing(store).map_err(clerk::ClerkError::from)?;
    let folder = store.folder().join("judged");
    deliver(store, &vault, &folder)?;
    let delivered = look_at(&folder)?;
    // In the clear they stand there no longer than they are looked at.
    fs::remove_dir_all(&folder).map_err(|err| RehearsalError::Export(sync::ExportError::Folder(err)))?;
    let mut verdict = compare(&delivered, played);
    verdict.originals_lost = missing_originals(&vault, played)?;
    verdict.faults = faults;
    Ok(verdict)
}

/// Delivers everything under fingerprints: what a code has to do with a name is not rehearsed.
fn deliver(store: &Store, vault: &Vault, folder: &Path) -> Result<(), RehearsalError> {
    let ledger = Ledger::read(store).map_err(clerk::ClerkError::from)?;
    let parcels = ledger.current().map_err(clerk::ClerkError::from)?;
    let mut plain = Profile::builtin("chsi_2017_99").map_err(|_broken| RehearsalError::Assets)?;
    plain.folders.clear();
    let plan = sync::plan(&parcels, &plain, &People::default())?;
    sync::export(vault, &plan, folder)?;
    Ok(())
}

/// Each delivered file: the fingerprint it is delivered under, and what the board on its chest says.
fn look_at(folder: &Path) -> Result<Vec<(String, Option<String>)>, RehearsalError> {
    let broken = |err| RehearsalError::Export(sync::ExportError::Folder(err));
    let mut seen = Vec::new();
    for file in fs::read_dir(folder).map_err(broken)? {
        let path = file.map_err(broken)?.path();
        if path.extension().is_none_or(|extension| extension != "jpg") {
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let picture = Luma::from_file(&fs::read(&path).map_err(broken)?).ok();
        seen.push((name, picture.as_ref().and_then(board)));
    }
    Ok(seen)
}

/// What the board on a portrait's chest says. The reader misses small codes; as large as its picture it is found.
fn board(portrait: &Luma) -> Option<String> {
    let chest =
        portrait.crop(portrait.width / 4..portrait.width * 3 / 4, portrait.height * 7 / 10..portrait.height);
    // The same board cut otherwise: what the locator stumbles over in one picture it often finds in the next.
    let nearer =
        portrait.crop(portrait.width / 3..portrait.width * 2 / 3, portrait.height * 3 / 4..portrait.height);
    let (larger, nearest) = (chest.doubled(), nearer.doubled());
    let tries = [portrait, &chest, &larger, &larger.doubled(), &nearer, &nearest, &nearest.doubled()];
    let codes = tries.into_iter().flat_map(read);
    codes.filter_map(|code| String::from_utf8(code.bytes).ok()).next()
}

fn compare(delivered: &[(String, Option<String>)], played: &Played) -> Verdict {
    let mut verdict = Verdict { wrong: played.slipped_in, ..Verdict::default() };
    let held_up = played.held_up.iter();
    let students: BTreeMap<String, usize> =
        held_up.map(|(code, student)| (code.fingerprint().to_string(), *student)).collect();
    // What the screen called saved last, by student.
    let saved: BTreeMap<usize, &str> = played.saved.iter().map(|(n, label)| (*n, label.as_str())).collect();
    let mut boards = BTreeSet::new();
    let mut served = BTreeSet::new();
    for (fingerprint, board) in delivered {
        let Some(board) = board else {
            verdict.unreadable += 1;
            continue;
        };
        let student = students.get(fingerprint).copied();
        let shows_student = student.is_some() && student_of(board) == student;
        let was_saved = played.saved.iter().any(|(_, label)| label == board);
        verdict.wrong += usize::from(!(shows_student && was_saved));
        verdict.doubled += usize::from(!boards.insert(board.clone()));
        if let Some(student) = student {
            verdict.doubled += usize::from(!served.insert(student));
            verdict.lost += usize::from(shows_student && saved.get(&student) != Some(&board.as_str()));
        }
    }
    verdict.lost +=
        saved.keys().filter(|student| !served.contains(*student)).count().saturating_sub(verdict.unreadable);
    verdict
}

/// Exposures whose very bytes are in no original.
fn missing_originals(vault: &Vault, played: &Played) -> Result<usize, RehearsalError> {
    let mut kept = BTreeSet::new();
    for object in vault.objects().map_err(clerk::ClerkError::from)? {
        let (binding, jpeg) = vault.get(object).map_err(clerk::ClerkError::from)?;
        if binding.kind == Kind::Original {
            kept.insert(Digest::of(&jpeg));
        }
    }
    Ok(played.truth.iter().filter(|truth| !kept.contains(&truth.jpeg)).count())
}
