//! What the clerk keeps of people who sit without a code: the school's roster, and who came without being in it.
//! First the paper, safe on disk; then the line that tells of it.

use serde::{Deserialize, Serialize};

use super::{Clerk, ClerkError};
use crate::{
    keys::{Deed, Who},
    ledger::Ledger,
    shot::{Digest, Moment},
    station::Fact,
    student::{CaptureCode, People, Roster, plain_number},
    vault::{Vault, VaultError},
};

/// Who came without being in any roster: what a person wrote down, for the school to look at.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalkUp {
    /// What stands for him in sittings.
    pub code: CaptureCode,
    /// His name, as he or his card says it.
    pub name: String,
    /// His student number or id number, if he has one at hand; else empty.
    pub number: String,
    /// Why he is let in.
    pub reason: String,
    /// When.
    pub at: Moment,
}

impl std::fmt::Debug for WalkUp {
    /// Never who.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WalkUp").field("code", &self.code).field("at", &self.at).finish_non_exhaustive()
    }
}

impl WalkUp {
    /// Writes down who walked up. By his number he is known again, also in a later roster; without one he is a
    /// student of his own.
    #[must_use]
    pub fn new(name: &str, number: &str, reason: &str, at: Moment) -> Self {
        let trimmed = |text: &str| text.trim().to_owned();
        let (name, number, reason) = (trimmed(name), plain_number(number), trimmed(reason));
        let code = if number.is_empty() {
            CaptureCode::of_walk_up(format!("{}\n{name}", at.0).as_bytes())
        } else {
            CaptureCode::of_number(&number)
        };
        Self { code, name, number, reason, at }
    }
}

impl Clerk {
    /// Takes in the school's roster as somebody asked for it: first the line of who stands for it as the second, where
    /// somebody must, then the roster.
    ///
    /// # Errors
    /// When vault or ledger refuse: then the one before still counts.
    pub fn import_roster(
        &mut self,
        at: Moment,
        roster: &Roster,
        second: Option<&Who>,
    ) -> Result<(), ClerkError> {
        if let Some(second) = second {
            self.note_second(at, Deed::ImportRoster, second)?;
        }
        self.take_roster(at, roster)
    }

    /// Takes in the school's roster in place of the one before, which is destroyed.
    ///
    /// # Errors
    /// When vault or ledger refuse: then the one before still counts.
    pub fn take_roster(&mut self, at: Moment, roster: &Roster) -> Result<(), ClerkError> {
        let before = self.ledger.papers()?.roster;
        let paper = self.vault.put_paper(&roster.to_csv())?;
        self.ledger.record(at, &Fact::RosterTaken { paper, students: roster.len() })?;
        if let Some(old) = before.filter(|old| *old != paper) {
            self.vault.remove_paper(old)?;
        }
        Ok(())
    }

    /// The roster that was taken in last, if any.
    ///
    /// # Errors
    /// When it is missing or damaged.
    pub fn roster(&self) -> Result<Option<Roster>, ClerkError> {
        last_roster(&self.vault, &self.ledger)
    }

    /// Everybody who is known by a number: by this roster, or else by the one that was taken in last, and by what was
    /// said of walk-ups.
    ///
    /// # Errors
    /// When a paper is missing or damaged.
    pub fn people(&self, roster: Option<Roster>) -> Result<People, ClerkError> {
        people(&self.vault, &self.ledger, roster)
    }

    /// Writes down who walked up.
    ///
    /// # Errors
    /// When vault or ledger refuse.
    pub fn note_walk_up(&mut self, walk_up: &WalkUp) -> Result<(), ClerkError> {
        // Plain texts always have a JSON form.
        let paper = self.vault.put_paper(&serde_json::to_vec(walk_up).unwrap_or_default())?;
        let code = Digest::of(walk_up.code.expose().as_bytes());
        Ok(self.ledger.record(walk_up.at, &Fact::WalkedUp { code, paper })?)
    }

    /// Everybody who walked up, in their order.
    ///
    /// # Errors
    /// When a paper is missing or damaged.
    pub fn walk_ups(&self) -> Result<Vec<WalkUp>, ClerkError> {
        all_walk_ups(&self.vault, &self.ledger)
    }
}

/// As [`Clerk::people`], for who only reads a store.
///
/// # Errors
/// When a paper is missing or damaged.
pub fn people(vault: &Vault, ledger: &Ledger, roster: Option<Roster>) -> Result<People, ClerkError> {
    let roster = roster.map_or_else(|| last_roster(vault, ledger), |given| Ok(Some(given)))?;
    let mut people = People::from(roster.unwrap_or_default());
    all_walk_ups(vault, ledger)?.into_iter().for_each(|walk_up| people.claim(walk_up.code, &walk_up.name));
    Ok(people)
}

fn last_roster(vault: &Vault, ledger: &Ledger) -> Result<Option<Roster>, ClerkError> {
    let Some(paper) = ledger.papers()?.roster else { return Ok(None) };
    Ok(Some(Roster::read(&vault.paper(paper)?)?))
}

fn all_walk_ups(vault: &Vault, ledger: &Ledger) -> Result<Vec<WalkUp>, ClerkError> {
    let papers = ledger.papers()?.walk_ups.into_iter();
    let read = |paper| {
        let bytes = vault.paper(paper)?;
        serde_json::from_slice(&bytes).map_err(|_not_ours| VaultError::Damaged(paper).into())
    };
    papers.map(read).collect()
}
