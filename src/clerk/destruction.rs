//! 监督删除, as far as it is the record's: what there is that would go, what is written down before it goes, and the
//! ledger emptied at last.

use std::collections::{BTreeMap, BTreeSet};

use super::{Clerk, ClerkError};
use crate::{
    ledger::{Ledger, RawLine},
    shot::{Moment, SittingId},
    station::{Fact, Original},
    student::CaptureCode,
    vault::Lock,
};

/// What would go with a store.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    /// Students with a current portrait.
    pub students: usize,
    /// Kept portraits, superseded and withdrawn ones too.
    pub portraits: usize,
    /// Current portraits that were delivered nowhere.
    pub undelivered: usize,
    /// Originals on the shelf.
    pub shots: usize,
    /// Of these, so many that belong to nobody.
    pub strays: usize,
    /// Students who have two portraits of which nobody said which counts.
    pub undecided: usize,
    /// Students of whom something was delivered that turned out not to be theirs, and nothing right since.
    pub withdrawn: usize,
    /// Students who sat and have no portrait.
    pub without: usize,
    /// Objects in the vault, papers left out.
    pub objects: usize,
    /// Where the journal's chain is broken; 0 when it is whole.
    pub broken_lines: usize,
    /// The profile the store was last opened with.
    pub profile: String,
    /// The camera's files that were fetched: what nobody here erased from a card.
    pub card: Vec<CardFolder>,
    /// Second copies that the journal tells of, the oldest first.
    pub copies: Vec<Copied>,
    /// Every code that somebody sat with: what must not be found afterwards. Shown to nobody.
    pub codes: BTreeSet<CaptureCode>,
}

/// A folder of a camera's card, with the files that were fetched from it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CardFolder {
    /// The camera's serial number, or what else tells it from others.
    pub camera: String,
    /// The folder.
    pub folder: String,
    /// The files, as the camera named them.
    pub names: BTreeSet<String>,
    /// So many files whose names no camera gives: somebody's words, which are not repeated.
    pub unnamed: usize,
}

/// A second copy that the journal tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// When it was made.
    pub at: Moment,
    /// Where to, as the journal has it.
    pub target: String,
}

impl Inventory {
    /// Whether something goes that the school was not given, or not rightly: then it says in writing that it may.
    #[must_use]
    pub fn needs_waiver(&self) -> bool {
        self.undelivered + self.undecided + self.withdrawn > 0
    }
}

impl Clerk {
    /// What would go with this store.
    ///
    /// # Errors
    /// When vault or ledger cannot be read.
    pub fn inventory(&self) -> Result<Inventory, ClerkError> {
        let ledger = self.ledger();
        let lines = ledger.raw_lines()?;
        let originals = ledger.originals()?;
        let (next, _) = ledger.next_numbers()?;
        let mut codes = BTreeSet::new();
        for id in 1..next.0 {
            codes.extend(ledger.sitting(SittingId(id))?.map(|row| row.code));
        }
        let sitters = ledger.sitters()?;
        let withdrawn = sitters.iter().filter(|sitter| {
            let is_right = sitter.kept.iter().any(|portrait| portrait.current && portrait.delivered);
            !is_right && sitter.kept.iter().any(|portrait| portrait.withdrawn && portrait.delivered)
        });
        Ok(Inventory {
            withdrawn: withdrawn.count(),
            without: sitters.iter().filter(|sitter| !sitter.kept.iter().any(|one| one.current)).count(),
            students: ledger.current()?.len(),
            portraits: ledger.kept()?.len(),
            undelivered: ledger.queue()?.len(),
            shots: ledger.shots()?.len(),
            strays: ledger.strays()?.len(),
            undecided: ledger.conflicts()?.len(),
            objects: self.vault().objects()?.len(),
            broken_lines: ledger.chain()?.broken.len(),
            profile: profile(&lines),
            card: card(&originals),
            copies: lines.iter().filter_map(copied).collect(),
            codes,
        })
    }

    /// Writes down together what is said of a destruction before anything is erased.
    ///
    /// # Errors
    /// When the ledger refuses.
    pub fn testify(&mut self, at: Moment, facts: &[&Fact]) -> Result<(), ClerkError> {
        Ok(self.ledger.record_together(at, facts)?)
    }

    /// Leaves nothing in the ledger. Nobody else writes to the store while what comes back is held.
    ///
    /// # Errors
    /// When the ledger refuses.
    pub fn empty_for_good(self) -> Result<Lock, ClerkError> {
        let Self { ledger, _lock: lock, .. } = self;
        ledger.empty()?;
        Ok(lock)
    }
}

/// The profile that a store was last opened with; empty when it never was.
///
/// # Errors
/// When the store cannot be read.
pub fn last_profile(ledger: &Ledger) -> Result<String, ClerkError> {
    Ok(profile(&ledger.raw_lines()?))
}

fn profile(lines: &[RawLine]) -> String {
    let opened = |line: &RawLine| {
        let Fact::Opened { profile, .. } = line.fact()? else { return None };
        Some(profile)
    };
    lines.iter().rev().find_map(opened).unwrap_or_default()
}

fn card(originals: &[Original]) -> Vec<CardFolder> {
    let mut folders: BTreeMap<(String, String), (BTreeSet<String>, usize)> = BTreeMap::new();
    for Original { origin, .. } in originals.iter().filter(|original| !original.origin.name.is_empty()) {
        let folder = if is_of_a_camera(&origin.folder) { origin.folder.clone() } else { String::new() };
        let (names, unnamed) = folders.entry((origin.camera.clone(), folder)).or_default();
        if is_cameras_name(&origin.name) {
            names.insert(origin.name.clone());
        } else {
            *unnamed += 1;
        }
    }
    let folder = |((camera, folder), (names, unnamed))| CardFolder { camera, folder, names, unnamed };
    folders.into_iter().map(folder).collect()
}

/// Whether a camera names folders like this: `/store_00010001/DCIM/100CANON`.
#[must_use]
pub fn is_of_a_camera(folder: &str) -> bool {
    let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '_' | '/');
    folder.strip_prefix("/store_").unwrap_or(folder).chars().all(plain)
}

/// Whether a camera names files like this: four characters, four digits, a kind (DCF, JEITA CP-3461, 5.3).
#[must_use]
pub fn is_cameras_name(name: &str) -> bool {
    let Some((stem, kind)) = name.split_once('.') else { return false };
    let is_plain = |c: u8| c.is_ascii_uppercase() || c.is_ascii_digit() || c == b'_';
    let (before, number) = stem.as_bytes().split_at(stem.len().min(4));
    before.len() == 4
        && before.iter().all(|c| is_plain(*c))
        && number.len() == 4
        && number.iter().all(u8::is_ascii_digit)
        && kind.len() == 3
        && kind.bytes().all(is_plain)
}

/// A line that tells of a second copy: by its words, because the journal of a later program may tell of one.
fn copied(line: &RawLine) -> Option<Copied> {
    let words: serde_json::Value = serde_json::from_slice(&line.words).ok()?;
    let is_copy = words.get("fact")?.as_str()? == "backed_up";
    let target = words.get("target").and_then(|target| target.as_str()).unwrap_or_default();
    is_copy.then(|| Copied { at: line.at, target: target.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_camera_does_not_name_so_may_be_somebodys_name() {
        for name in ["IMG_0001.JPG", "DSC_9999.JPG", "_MG_0042.CR2", "P1010012.JPG"] {
            assert!(is_cameras_name(name), "{name}");
        }
        for name in
            ["张三.jpg", "zhangsan.jpg", "ZHANGSAN.JPG", "IMG_001.JPG", "20260001.JPEG", "IMG_0001", ".JPG"]
        {
            assert!(!is_cameras_name(name), "{name}");
        }
        assert!(is_of_a_camera("/store_00010001/DCIM/100CANON") && is_of_a_camera("/DCIM/100EOS5D"));
        assert!(!is_of_a_camera("/home/wang/张三") && !is_of_a_camera("/media/zhang/card"));
    }
}
