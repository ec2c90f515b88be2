//! The books of a store, read for [`reckon`]: all of one moment, while a station may be writing.

use super::{Books, Listed, Person, Reckoning, reckon};
use crate::{
    clerk::{ClerkError, known_by, people, seen_as},
    keys::Store,
    ledger::{Ledger, Sitter},
    profile::Profile,
    station::{Register, SeenCode},
    student::{Bearer, People, Student, StudentKey},
    vault::Vault,
};

/// Reads the books of a store and closes them; who is who is told by its roster and by what the profile makes of codes.
/// Changes nothing.
///
/// # Errors
/// When there is no store, or it cannot be read.
pub fn reconcile(store: &Store, profile: &Profile, expected: Option<usize>) -> Result<Reckoning, ClerkError> {
    let (vault, ledger) = (Vault::existing(store)?, Ledger::read(store)?);
    let (sitters, strays, people) = ledger.held_still(|ledger| -> Result<_, ClerkError> {
        Ok((ledger.sitters()?, ledger.strays()?, people(&vault, ledger, None)?))
    })?;
    let portraits = sitters.iter().flat_map(|sitter| &sitter.kept);
    let wanted = portraits.filter(|portrait| portrait.current || portrait.delivered && !portrait.withdrawn);
    let lost = wanted.map(|portrait| portrait.object).filter(|object| !vault.has(*object)).collect();
    let roster = (!people.roster().is_empty()).then(|| listed(&sitters, profile, &people));
    let strays = strays.into_iter().map(|stray| stray.shot).collect();
    Ok(reckon(&Books { expected, roster, sitters, strays, lost }))
}

/// The roster's students, each with every key under which he may have sat here.
fn listed(sitters: &[Sitter], profile: &Profile, people: &People) -> Vec<Listed> {
    let mut register = Register::default();
    for sitter in sitters {
        for code in &sitter.codes {
            let bearer = known_by(code, profile, people).bearer;
            register.enter(&Bearer { key: sitter.student.clone(), ..bearer });
        }
    }
    // A store may have been opened with a profile that looked into no code.
    let keys = |SeenCode { code, bearer }: SeenCode| {
        [StudentKey::of_code(&code), register.distinguish(&code, bearer).key]
    };
    let students = people.roster().students().iter();
    students
        .map(|student| Listed {
            person: person(student, profile),
            keys: seen_as(student, profile, people).flat_map(keys).collect(),
        })
        .collect()
}

/// As he may be shown.
fn person(student: &Student, profile: &Profile) -> Person {
    let name = student.masked_name(profile.privacy.name_mask);
    Person { name, number: student.end_of_number(), class: student.class() }
}
