//! Whom a code stands for, as far as the roster, the word of walk-ups and the code itself tell: asked by whoever seats
//! people and by whoever closes the books.

use std::collections::BTreeMap;

use super::{Clerk, ClerkError};
use crate::{
    profile::Profile,
    station::{Register, SeenCode},
    student::{Badge, Bearer, CaptureCode, Field, People, Source, Student, StudentKey, mask_name},
};

impl Clerk {
    /// Who has sat here, by the ledger. Every sitting is looked into anew: a profile may read codes otherwise than the
    /// one they were scanned with, and another roster may know other people.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn register(&mut self, profile: &Profile, people: &People) -> Result<Register, ClerkError> {
        let mut register = Register::default();
        self.name_students(|code, kept| enter(&mut register, known_by(code, profile, people), kept))?;
        Ok(register)
    }
}

fn enter(register: &mut Register, seen: SeenCode, kept: bool) -> StudentKey {
    let bearer = register.distinguish(&seen.code, seen.bearer);
    register.enter(&bearer);
    if kept {
        register.keep(&bearer);
    }
    bearer.key
}

/// What is known of a code under which somebody sat.
#[must_use]
pub fn known_by(code: &CaptureCode, profile: &Profile, people: &People) -> SeenCode {
    if code.source() == Source::Code {
        let read = profile.codes.read(code, profile.privacy.name_mask);
        // Whoever sat here had a code, whatever this profile thinks of it.
        let bearer = read.unwrap_or_else(|_not_a_code| Bearer::unknown(code));
        return SeenCode { code: code.clone(), bearer };
    }
    match (people.find(code), people.claimed(code)) {
        (None, Some(name)) => let_in_as(code.clone(), name, profile),
        (student, _) => named(code.clone(), student, profile),
    }
}

/// A student of the roster under each of his keys, the best first.
pub fn seen_as(student: &Student, profile: &Profile, people: &People) -> impl Iterator<Item = SeenCode> {
    let keys = people.keys(student).into_iter();
    keys.filter_map(move |key| stands_for(key, student, profile, people))
}

/// What a key of a student's stands for. A capture code that the roster has is looked into, as if it had been shown:
/// whoever sat with it is known again. One that says it is somebody else's is no key of his.
fn stands_for(key: CaptureCode, student: &Student, profile: &Profile, people: &People) -> Option<SeenCode> {
    if key.source() == Source::Code {
        let seen = known_by(&key, profile, people);
        if let Some(badge) = &seen.bearer.badge {
            return student.may_bear(badge).then_some(seen);
        }
    }
    // Nobody can look into it: it shows what the roster says.
    Some(named(key, Some(student), profile))
}

/// What stands for whoever was let in: known again by his key, shown by the name that was said.
#[must_use]
pub fn let_in_as(code: CaptureCode, name: &str, profile: &Profile) -> SeenCode {
    let badge = Badge { masked_name: Some(mask_name(name, profile.privacy.name_mask)), ..Badge::default() };
    SeenCode { bearer: Bearer { badge: Some(badge), ..Bearer::unknown(&code) }, code }
}

/// What stands for whoever is called by name: known again by the key he sits under, shown as the roster has him.
fn named(code: CaptureCode, student: Option<&Student>, profile: &Profile) -> SeenCode {
    let badge = student.and_then(|student| badge(student, profile));
    SeenCode { bearer: Bearer { badge, ..Bearer::unknown(&code) }, code }
}

fn badge(student: &Student, profile: &Profile) -> Option<Badge> {
    let fields = [
        Field::Name,
        Field::MaskedName,
        Field::IdNumber,
        Field::LastFour,
        Field::Level,
        Field::StudentNumber,
        Field::Class,
    ];
    let mut said: BTreeMap<Field, String> =
        fields.into_iter().filter_map(|field| Some((field, student.get(field)?.to_owned()))).collect();
    said.extend(profile.job.school_code.clone().map(|code| (Field::SchoolCode, code)));
    // Known by a number of any kind, which the key is made of.
    said.entry(Field::CodeNumber).or_insert_with(|| "0".to_owned());
    Bearer::found(&said, profile.privacy.name_mask, false)?.badge
}
