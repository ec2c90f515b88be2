//! 勘误: a kept portrait is taken from the student it was kept for, because it is another's: only by two persons who stand
//! for it with names and a reason. Nothing is overwritten: the row stays, withdrawn, and the one whose place it had taken
//! counts again.
//!
//! The order of truth is that of every portrait: the same picture goes into the vault once more, with the right student's
//! sitting in its binding; then one transaction writes who took it from whom, and that it is kept. After a kill between
//! the two nothing has changed, and the act is done again.

use super::{Clerk, ClerkError, Owner, assign::Seat};
use crate::{
    ledger::{KeptRow, LedgerError},
    shot::{Digest, Moment, SittingId},
    station::{Fact, How, Sitting, Vouched},
    vault::{Binding, VaultError},
};

/// A kept portrait that two persons take from the student it was kept for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The sitting it was kept in.
    pub sitting: SittingId,
    /// Whose it is; `None` when nobody knows: then its shot is a stray.
    pub owner: Option<Owner>,
    /// The number of a new sitting, if he has none that the portrait can go to.
    pub spare: SittingId,
    /// The two who stand for it, and why.
    pub vouched: Vouched,
}

impl Clerk {
    /// Takes a kept portrait from the student it was kept for and keeps it for another one; returns the sitting it went
    /// to. When this returns, power may fail.
    ///
    /// # Errors
    /// When only one person stands for it, when there is no such portrait, when it is to go to whom it was taken from,
    /// when either student sits at this moment, or when vault or ledger refuse: then nothing has changed.
    pub fn correct(&mut self, at: Moment, correction: &Correction) -> Result<Option<Sitting>, ClerkError> {
        let Correction { sitting: from, owner, spare, vouched } = correction;
        let second = vouched.second().ok_or(ClerkError::TwoMustStand)?.to_owned();
        let row = self.counting(*from)?;
        let his = self.ledger.student_of(*from)?.ok_or(ClerkError::NoSuchSitting)?;
        if self.ledger.sittings_of(&his)?.iter().any(|sitting| sitting.ending.is_none()) {
            return Err(ClerkError::StillSits);
        }
        let seat = owner.as_ref().map(|owner| self.seat_for(at, row.shot, owner, *spare)).transpose()?;
        if seat.as_ref().is_some_and(|seat| seat.sitting().bearer.key == his) {
            return Err(ClerkError::SameStudent);
        }
        let sitting = seat.as_ref().map(|seat| seat.sitting().clone());
        let kept = sitting.as_ref().map(|sitting| self.kept_again(at, &row, sitting)).transpose()?;
        let act = vouched.act();
        let corrected = Fact::Corrected {
            from: *from,
            shot: row.shot,
            object: row.object,
            to: sitting.as_ref().map(|sitting| sitting.id),
            by: act.by().to_owned(),
            second,
            reason: act.reason().to_owned(),
        };
        let facts: Vec<&Fact> = [&corrected].into_iter().chain(&kept).collect();
        match &seat {
            Some(Seat::New(sitter)) => {
                let seated = Fact::seated(sitter);
                let facts: Vec<&Fact> = [&seated].into_iter().chain(facts).collect();
                self.ledger.record_with(at, &facts, sitter)?;
            }
            Some(Seat::Ended(_)) | None => self.ledger.record_together(at, &facts)?,
        }
        Ok(sitting)
    }

    /// The portrait that counts for a sitting.
    fn counting(&self, sitting: SittingId) -> Result<KeptRow, ClerkError> {
        let mut kept = self.ledger.kept()?.into_iter();
        let row = kept.find(|row| row.sitting == sitting && !row.withdrawn);
        row.ok_or_else(|| LedgerError::NotHis { sitting }.into())
    }

    /// The same picture in the vault, bound to another sitting; and the line that it is kept.
    fn kept_again(&self, at: Moment, row: &KeptRow, sitting: &Sitting) -> Result<Fact, ClerkError> {
        let (binding, jpeg) = self.vault.get(row.object)?;
        if Digest::of(&jpeg) != row.jpeg {
            return Err(VaultError::Damaged(row.object).into());
        }
        let lines = self.ledger.lines()?;
        let quality = lines.iter().find_map(|line| {
            let Fact::Kept { object, quality, .. } = &line.fact else { return None };
            (*object == row.object).then_some(*quality)
        });
        let quality = quality.ok_or(LedgerError::NotHis { sitting: row.sitting })?;
        let code = Digest::of(sitting.code.expose().as_bytes());
        let station = self.station.clone();
        let binding = Binding { station, sitting: Some(sitting.id), code: Some(code), bound: at, ..binding };
        let sealed = self.vault.seal(&binding, &jpeg)?;
        let object = sealed.name();
        self.vault.put(&sealed)?;
        Ok(Fact::Kept {
            sitting: sitting.id,
            shot: row.shot,
            object,
            portrait: row.jpeg,
            bytes: jpeg.len(),
            quality,
            how: How::ByHand,
            supersedes: self.superseded_by(sitting)?,
        })
    }
}
