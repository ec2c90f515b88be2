//! Which portrait goes where under which name: decided as a whole, before a single file is written.
//!
//! Names and folders come from the profile's patterns, filled with what the code or the school's roster tells
//! of a student. What is not known is not invented: such a portrait goes to its own folder under its
//! fingerprint, and the manifest says what is missing. Two students under one name are an error, and so is a
//! name that is not safe everywhere.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use crate::{
    ledger::Parcel,
    profile::{NAMELESS_FOLDER, NamePattern, Profile, UnsafeName, check_name},
    shot::Digest,
    student::{CaptureCode, Field, Fingerprint, People, Source, Student, mask_name},
};

/// What is known under a field for a code.
fn value(people: &People, code: &CaptureCode, field: Field, profile: &Profile) -> Option<String> {
    let student = people.find(code).filter(|student| is_his(student, code, profile));
    let told = |field| student.and_then(|student| student.get(field)).map(str::to_owned);
    match field {
        Field::Fingerprint => Some(code.fingerprint().to_string()),
        Field::School => told(field).or_else(|| profile.job.school.clone()),
        Field::SchoolCode => told(field).or_else(|| profile.job.school_code.clone()),
        Field::MaskedName => {
            told(field).or_else(|| told(Field::Name).map(|name| mask_name(&name, profile.privacy.name_mask)))
        }
        // The roster is looked up by the code; the code itself is never written out.
        Field::CaptureCode => None,
        Field::CodeNumber
        | Field::College
        | Field::Major
        | Field::Class
        | Field::Level
        | Field::StudentNumber
        | Field::ExamineeNumber
        | Field::Name
        | Field::IdNumber
        | Field::LastFour => told(field),
    }
}

/// Whether a code does not say that it is somebody else's than the roster has it for: a slip in the school's list must
/// not put one student's portrait under another's name.
fn is_his(student: &Student, code: &CaptureCode, profile: &Profile) -> bool {
    if code.source() != Source::Code {
        return true;
    }
    let read = profile.codes.read(code, profile.privacy.name_mask).ok();
    read.and_then(|bearer| bearer.badge).is_none_or(|badge| student.may_bear(&badge))
}

/// One file to write; its `Debug` form leaves out the path, which may be a name.
#[derive(Clone, PartialEq, Eq)]
pub struct Item {
    /// Folders and name, from the delivery's root.
    pub path: Vec<String>,
    /// The object in the vault.
    pub object: Digest,
    /// SHA-256 of the file.
    pub jpeg: Digest,
    /// Its length.
    pub bytes: usize,
    /// Whose it is.
    pub fingerprint: Fingerprint,
    /// The fields that nobody told, which is why it lies where it lies; empty when all is known.
    pub missing: Vec<Field>,
}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Item").field("fingerprint", &self.fingerprint).finish_non_exhaustive()
    }
}

/// What is not known, over all portraits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Missing {
    /// How many portraits have no name of their own.
    pub portraits: usize,
    /// The fields that are missing somewhere, in the order of [`Field::ALL`].
    pub fields: Vec<Field>,
}

/// Every file of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The files, sorted by path.
    pub items: Vec<Item>,
    /// What is not known.
    pub missing: Missing,
    /// Width and height the profile takes.
    pub pixels: (u32, u32),
    /// Whose was said to be what this store once kept and delivers no more, and the SHA-256 of each: such a file is ours
    /// to take away.
    pub overtaken: BTreeSet<(Fingerprint, Digest)>,
}

impl Plan {
    /// The same, where a folder of before may show what a retake or a correction has overtaken.
    #[must_use]
    pub fn after(self, overtaken: &[(CaptureCode, Digest)]) -> Self {
        let overtaken = overtaken.iter().map(|(code, jpeg)| (code.fingerprint(), *jpeg)).collect();
        Self { overtaken, ..self }
    }
}

/// Why there is no plan. Students are named by their fingerprints.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Two students would share a name.
    #[error("students {first} and {second} would have the same file name")]
    Collision {
        /// One of them.
        first: Fingerprint,
        /// The other.
        second: Fingerprint,
    },
    /// A portrait was made for another profile.
    #[error("the portrait of student {student} has {bytes} bytes, and this profile takes {least} to {most}")]
    Unfit {
        /// Whose.
        student: Fingerprint,
        /// Its length.
        bytes: usize,
        /// The least the profile takes.
        least: usize,
        /// The most.
        most: usize,
    },
    /// A name is not safe.
    #[error("the name for student {student} is not safe: {why}")]
    Unsafe {
        /// Who.
        student: Fingerprint,
        /// Why.
        why: UnsafeName,
    },
}

/// Plans a delivery of these portraits.
///
/// # Errors
/// When two students would share a name, a name is not safe, or a portrait was made for another profile.
pub fn plan(parcels: &[Parcel], profile: &Profile, people: &People) -> Result<Plan, PlanError> {
    let mut items: BTreeMap<String, Item> = BTreeMap::new();
    let mut missing = Missing::default();
    for parcel in parcels {
        check_size(parcel, profile)?;
        let fields = missing_fields(parcel, profile, people);
        missing.portraits += usize::from(!fields.is_empty());
        missing.fields.extend(&fields);
        for path in paths(parcel, profile, people, &fields) {
            let item = item(parcel, path, fields.clone())?;
            // NTFS and exFAT take upper and lower case for the same.
            let key = item.path.join("/").to_lowercase();
            if let Some(other) = items.get(&key) {
                let (first, second) = (other.fingerprint.clone(), item.fingerprint);
                return Err(PlanError::Collision { first, second });
            }
            items.insert(key, item);
        }
    }
    missing.fields.sort_unstable();
    missing.fields.dedup();
    let pixels = (profile.photo.width_px, profile.photo.height_px);
    Ok(Plan { items: items.into_values().collect(), missing, pixels, overtaken: BTreeSet::new() })
}

/// A portrait kept under a wider byte window than the profile of the delivery must not slip through.
fn check_size(parcel: &Parcel, profile: &Profile) -> Result<(), PlanError> {
    let (least, most) = profile.photo.bytes();
    if (least..=most).contains(&parcel.bytes) {
        return Ok(());
    }
    Err(PlanError::Unfit { student: parcel.code.fingerprint(), bytes: parcel.bytes, least, most })
}

/// The fields the profile's names and folders ask for and nobody told.
fn missing_fields(parcel: &Parcel, profile: &Profile, people: &People) -> Vec<Field> {
    let named = profile.files.iter().flat_map(|set| set.name.fields());
    let wanted = named.chain(profile.folders.iter().flat_map(NamePattern::fields));
    let mut missing: Vec<Field> =
        wanted.filter(|field| value(people, &parcel.code, *field, profile).is_none()).collect();
    missing.sort_unstable();
    missing.dedup();
    missing
}

/// One path for each of the profile's sets of files.
fn paths(parcel: &Parcel, profile: &Profile, people: &People, missing: &[Field]) -> Vec<Vec<String>> {
    let told = |field| {
        let text = value(people, &parcel.code, field, profile)?;
        // 张*三 is no file's name on Windows; the full-width asterisk reads the same.
        Some(if field == Field::MaskedName { text.replace('*', "＊") } else { text })
    };
    let fill = |pattern: &NamePattern| pattern.fill(told).unwrap_or_default();
    let in_set = |folder: &String| (!folder.is_empty()).then(|| folder.clone());
    if !missing.is_empty() {
        let name = format!("{}.{}", parcel.code.fingerprint(), profile.photo.extension);
        return vec![vec![NAMELESS_FOLDER.to_owned(), name]];
    }
    let sets = profile.files.iter().map(|set| {
        let folders = profile.folders.iter().map(fill);
        in_set(&set.folder).into_iter().chain(folders).chain([fill(&set.name)]).collect()
    });
    sets.collect()
}

fn item(parcel: &Parcel, path: Vec<String>, missing: Vec<Field>) -> Result<Item, PlanError> {
    let fingerprint = parcel.code.fingerprint();
    for part in &path {
        check_name(part).map_err(|why| PlanError::Unsafe { student: fingerprint.clone(), why })?;
    }
    let Parcel { object, jpeg, bytes, .. } = *parcel;
    Ok(Item { path, object, jpeg, bytes, fingerprint, missing })
}
