//! Whose each shot is, by the journal alone: taken for somebody, a stray, disowned, given to somebody by a person.

use std::collections::BTreeMap;

use super::Line;
use crate::{
    shot::{ShotId, SittingId},
    station::Fact,
};

/// Whose each shot is after all these lines; `None` for a stray.
pub(super) fn owners(lines: &[Line]) -> BTreeMap<ShotId, Option<SittingId>> {
    lines.iter().filter_map(|line| change(&line.fact)).collect()
}

/// What a line says of whose a shot is.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "it is about the facts that give a shot to somebody or take it"
)]
fn change(fact: &Fact) -> Option<(ShotId, Option<SittingId>)> {
    match fact {
        Fact::Taken { sitting, original } => Some((original.shot, Some(*sitting))),
        Fact::Stray { original } => Some((original.shot, None)),
        Fact::Adopted { sitting, original } => Some((original.shot, *sitting)),
        Fact::Disowned { shot, .. } => Some((*shot, None)),
        Fact::Assigned { sitting, shot, .. } => Some((*shot, Some(*sitting))),
        Fact::Corrected { shot, to, .. } => Some((*shot, *to)),
        _ => None,
    }
}
