//! A stray is given to a student: only by a person who stands for it with name and reason, never by this machine.
//!
//! The order of truth is that of every portrait: the original stands in the vault, read and proven; the portrait made of
//! it goes there with the student's sitting in its binding; then one transaction writes who gave it to whom, and that it
//! is kept. After a kill between the two the shot is the stray it was, and the act is done again.

use super::{Clerk, ClerkError};
use crate::{
    ledger::{LedgerError, ShotRow, SittingRow},
    portrait::Record,
    shot::{Digest, Moment, Shot, ShotId, SittingId},
    station::{Fact, SeenCode, Sitting, Take, Vouched},
    student::Bearer,
    vault::{Binding, Kind},
};

/// Whose a stray is, as a person says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// Whoever sat then.
    Sitting(SittingId),
    /// This student.
    Student(SeenCode),
}

/// A stray that a person gives to a student.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The stray and the portrait made of it.
    pub take: Take,
    /// Whose it is.
    pub owner: Owner,
    /// The number of a new sitting, if he has none that the portrait can go to.
    pub spare: SittingId,
    /// Who stands for it, and why.
    pub vouched: Vouched,
}

/// Where the portrait goes.
pub(super) enum Seat {
    /// A sitting that ended without a portrait.
    Ended(Sitting),
    /// A new one, a retake.
    New(Sitting),
}

impl Seat {
    pub(super) fn sitting(&self) -> &Sitting {
        let (Self::Ended(sitting) | Self::New(sitting)) = self;
        sitting
    }
}

impl Clerk {
    /// Reads a stray's original, to make a portrait of it.
    ///
    /// # Errors
    /// When it is no stray, or its file is missing or damaged.
    pub fn fetch_stray(&self, shot: ShotId) -> Result<Shot, ClerkError> {
        let row = self.stray(shot)?;
        let (Binding { trigger, exposed, origin, .. }, jpeg) = self.vault.get(row.object)?;
        Ok(Shot { id: row.id, trigger, exposed, origin, jpeg: jpeg.into() })
    }

    /// Gives a stray to a student and keeps its portrait; returns the sitting it went to. When this returns, power may
    /// fail.
    ///
    /// # Errors
    /// When it is no stray, when its portrait may not be kept, when the student sits at this moment, or when vault or
    /// ledger refuse: then the shot is the stray it was.
    pub fn assign(&mut self, at: Moment, assignment: &Assignment) -> Result<Sitting, ClerkError> {
        let Assignment { take: Take { shot, portrait, .. }, vouched, .. } = assignment;
        if self.stray(shot.id)?.jpeg != Digest::of(&shot.jpeg) {
            return Err(LedgerError::NotAStray { shot: shot.id }.into());
        }
        if !portrait.is_acceptable() {
            return Err(ClerkError::NotToBeKept);
        }
        let seat = self.seat_for(at, shot.id, &assignment.owner, assignment.spare)?;
        let sitting = seat.sitting();
        let record = Record::new(Digest::of(&shot.jpeg), portrait);
        let binding = self.binding(Kind::Portrait, at, shot, Some(sitting));
        // Not among what is owed: whoever tries again after a refusal may say otherwise, and only rows count.
        let sealed = self.vault.seal(&Binding { record: Some(record), ..binding }, &portrait.jpeg)?;
        let object = sealed.name();
        self.vault.put(&sealed)?;
        let act = vouched.act();
        let assigned = Fact::Assigned {
            sitting: sitting.id,
            shot: shot.id,
            by: act.by().to_owned(),
            second: vouched.second().map(str::to_owned),
            reason: act.reason().to_owned(),
        };
        let superseded = self.superseded_by(sitting)?;
        let kept = super::kept(sitting.id, shot.id, object, &assignment.take, superseded);
        match &seat {
            Seat::Ended(_) => self.ledger.record_together(at, &[&assigned, &kept])?,
            Seat::New(sitter) => {
                self.ledger.record_with(at, &[&Fact::seated(sitter), &assigned, &kept], sitter)?;
            }
        }
        let (Seat::Ended(sitting) | Seat::New(sitting)) = seat;
        Ok(sitting)
    }

    fn stray(&self, shot: ShotId) -> Result<ShotRow, ClerkError> {
        let row = self.ledger.shot(shot)?.filter(|row| row.sitting.is_none());
        row.ok_or_else(|| LedgerError::NotAStray { shot }.into())
    }

    /// Where a portrait goes that a person gives to a student: to the sitting the person named, or the one it was disowned from, or the last one
    /// that ended without a portrait; else to a new one. Never to one that has a portrait.
    pub(super) fn seat_for(
        &self,
        at: Moment,
        shot: ShotId,
        owner: &Owner,
        spare: SittingId,
    ) -> Result<Seat, ClerkError> {
        let (student, named) = self.owner(owner)?;
        let sittings = self.ledger.sittings_of(&student.bearer.key)?;
        if sittings.iter().any(|sitting| sitting.ending.is_none()) {
            return Err(ClerkError::StillSits);
        }
        let disowned = self.ledger.disowned_from(shot)?;
        let is_without = |sitting: &&SittingRow| sitting.ending.as_deref() != Some("kept");
        let wanted = |id: Option<SittingId>| sittings.iter().find(|sitting| Some(sitting.id) == id);
        // Beside a portrait that is kept already, another one is a retake and says so.
        let has_none = sittings.iter().all(|sitting| is_without(&sitting));
        let last = || sittings.iter().rfind(is_without).filter(|_| has_none);
        let found = wanted(named).or_else(|| wanted(disowned)).filter(is_without).or_else(last);
        Ok(match found {
            Some(SittingRow { id, code, .. }) => {
                let seen = SeenCode { code: code.clone(), bearer: student.bearer };
                Seat::Ended(Sitting::new(*id, seen, at, false))
            }
            None => Seat::New(Sitting::new(spare, student, at, true)),
        })
    }

    /// Who a person says it is; and the sitting, if he named one.
    fn owner(&self, owner: &Owner) -> Result<(SeenCode, Option<SittingId>), ClerkError> {
        let id = match owner {
            Owner::Student(seen) => return Ok((seen.clone(), None)),
            Owner::Sitting(id) => *id,
        };
        match (self.ledger.sitting(id)?, self.ledger.student_of(id)?) {
            (Some(SittingRow { code, .. }), Some(key)) => {
                Ok((SeenCode { code, bearer: Bearer { key, badge: None } }, Some(id)))
            }
            _ => Err(ClerkError::NoSuchSitting),
        }
    }
}
