//! What the courier is asked for a school's list: where one may lie, and what stands in one. Nothing is written.

use super::Round;
use crate::{
    errand::{self, RosterRefused, TABLE},
    machine::{self, RosterFile, RosterFound},
    student::{Report, Roster},
    sync::MANIFEST,
};

/// What the courier can be asked for a roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RosterOrder {
    /// Look where one may lie.
    Find,
    /// Look this one through.
    Read(RosterFile),
}

/// What the courier tells of rosters.
#[derive(Debug)]
pub enum RosterTold {
    /// What may be one, the newest first.
    Found(Vec<RosterFound>),
    /// What stands in this file, or why it is none.
    Read(RosterFile, Result<Box<(Roster, Report)>, RosterRefused>),
}

impl Round<'_> {
    /// Answers a question about rosters.
    pub(super) fn ask_roster(&self, order: &RosterOrder) -> RosterTold {
        match order {
            // The lists that lie in what was delivered are ours.
            RosterOrder::Find => RosterTold::Found(machine::rosters(&[MANIFEST, TABLE])),
            RosterOrder::Read(file) => {
                let is_there = file.look().map_err(RosterRefused::File);
                let read = is_there.and_then(|()| errand::look_through(file.path(), &self.profile));
                RosterTold::Read(file.clone(), read.map(Box::new))
            }
        }
    }
}
