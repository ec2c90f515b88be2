//! 读入名册: a school's list is looked through before anything is asked of anybody. A command does it in its terminal, the
//! courier beside the capturing; both refuse the same. What may be taken in, the clerk takes in
//! ([`Clerk::import_roster`](crate::clerk::Clerk::import_roster)).

use std::{io, path::Path};

use crate::{
    machine::read_at_most,
    profile::{Identification, Profile},
    student::{MAX_FILE_BYTES, Report, Roster, RosterError},
};

/// Why a roster is not taken in.
#[derive(Debug, thiserror::Error)]
pub enum RosterRefused {
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    File(#[source] io::Error),
    /// It is no roster, or one with rows that cannot be used.
    #[error(transparent)]
    Roster(#[from] RosterError),
    /// The profile knows people by their code only.
    #[error("this profile knows nobody by a roster")]
    NotWanted,
}

/// Whether anybody is known by a roster under this profile.
#[must_use]
pub fn wants_roster(profile: &Profile) -> bool {
    let by = &profile.job.identified_by;
    by.contains(&Identification::Roster) || by.contains(&Identification::IdCard)
}

/// Reads a roster, as far as its rows can be used, and tells what is wrong with it; of a file that is larger than any
/// roster not even the bytes.
///
/// # Errors
/// When the file cannot be read, or is no roster.
pub fn look_through(file: &Path, profile: &Profile) -> Result<(Roster, Report), RosterRefused> {
    let bytes = read_at_most(file, MAX_FILE_BYTES).map_err(RosterRefused::File)?;
    Ok(Roster::inspect(&bytes, &profile.roster.columns())?)
}

/// Whether a roster that was looked through may be taken in: one with rows that cannot be used only if somebody wants
/// those left out.
///
/// # Errors
/// Why not.
pub fn may_take(profile: &Profile, report: &Report, leave_out_faulty: bool) -> Result<(), RosterRefused> {
    if !wants_roster(profile) {
        return Err(RosterRefused::NotWanted);
    }
    if report.grave > 0 && !leave_out_faulty {
        return Err(RosterError::Faulty(Box::new(report.clone())).into());
    }
    Ok(())
}
