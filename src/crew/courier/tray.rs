//! What the courier is asked for the tray: shots that belong to nobody, whose they may be, students with two portraits,
//! and pictures of all these. Pictures are made anew from the vault each time and written nowhere.

use super::Round;
use crate::{
    ledger::{Candidate, Double, Ledger, LedgerError, StrayNote},
    portrait::{Picture, miniature},
    shot::{Digest, ShotId},
    vault::Vault,
};

/// What the courier can be asked for the tray.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrayOrder {
    /// Every shot that belongs to nobody, and every student with two portraits.
    Look,
    /// Whose this one may be.
    Candidates(Box<StrayNote>),
    /// A picture of an object of the vault whose longer side has at most so many pixels.
    Print(Digest, u32),
}

/// What the courier tells of the tray.
#[derive(Debug)]
pub enum TrayTold {
    /// The shots that belong to nobody, oldest first; and the students with two portraits.
    Looked(Result<(Vec<StrayNote>, Vec<Double>), LedgerError>),
    /// Whose this shot may be.
    Candidates(ShotId, Result<Vec<Candidate>, LedgerError>),
}

/// A picture that was asked for.
#[derive(Debug, Clone)]
pub struct Print {
    /// Of which object of the vault.
    pub object: Digest,
    /// How many pixels its longer side has at most.
    pub longest: u32,
    /// The picture; `None` when the object is missing, damaged, or no picture.
    pub picture: Option<Picture>,
}

impl Round<'_> {
    /// Answers a question about the tray; a picture goes into its mailbox.
    pub(super) fn ask_tray(&self, order: &TrayOrder) -> Option<TrayTold> {
        match order {
            TrayOrder::Look => Some(TrayTold::Looked(self.read(look))),
            TrayOrder::Candidates(stray) => {
                Some(TrayTold::Candidates(stray.shot, self.read(|ledger| ledger.candidates(stray))))
            }
            TrayOrder::Print(object, longest) => {
                let (object, longest) = (*object, *longest);
                self.prints.put(Print { object, longest, picture: self.print(object, longest) });
                self.outbox.wake();
                None
            }
        }
    }

    /// What cannot be read is not shown; `verify` says why.
    fn print(&self, object: Digest, longest: u32) -> Option<Picture> {
        let (_, jpeg) = Vault::existing(&self.store).ok()?.get(object).ok()?;
        miniature(&jpeg, longest)
    }
}

fn look(ledger: &Ledger) -> Result<(Vec<StrayNote>, Vec<Double>), LedgerError> {
    Ok((ledger.strays()?, ledger.doubles()?))
}
