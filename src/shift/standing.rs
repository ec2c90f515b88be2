//! 当班: who has logged in, what he may do alone, and the second person whom some deeds want.

use std::path::{Path, PathBuf};

use super::{Shift, Statement, tray::not_given};
use crate::{
    clerk::{Owner, Signer},
    crew::ClerkOrder,
    keys::{Deed, Holder, Refused, Who, stand_for},
    profile::Role,
    screens::{Second, TroubleKind, Words, trouble},
    station::{Duty, Event, Fact},
};

/// Who answers for what this station does.
#[derive(Debug)]
pub(super) struct Standing {
    who: Option<Who>,
    /// What waits until a second person has shown who he is.
    wants: Option<Wanted>,
}

/// What two must stand for.
#[derive(Debug)]
enum Wanted {
    /// A delivery into this folder, whose names show who people are.
    Delivery(PathBuf),
    /// The roster that was looked through.
    Roster,
    /// The stray on its way, given to him with these words.
    Stray(Box<(Owner, Statement)>),
}

impl Default for Standing {
    /// Nobody has to log in.
    fn default() -> Self {
        Self { who: Some(Who::Everybody), wants: None }
    }
}

impl Shift {
    /// From now on he works here: what happens is written down as his, and what he may not do is refused. With him comes
    /// what signs checkpoints, if he may lend it.
    pub fn log_in(&mut self, who: &Who, signer: Option<Signer>) {
        self.clerk.push(ClerkOrder::LoggedIn(who.label().trim().to_owned(), signer));
        if let Who::Holder(Holder { label, role, .. }) = who {
            let came = Fact::Unlocked { purpose: Fact::LOGIN.to_owned(), role: *role, by: label.clone() };
            self.clerk.push(ClerkOrder::Record(self.clock.now(), came));
        }
        self.standing = Standing { who: Some(who.clone()), wants: None };
        self.shut_rosters();
        if self.refused(Deed::ReadJournal).is_some() {
            self.shut_books();
        }
        self.tell(Event::OnDuty(Duty::of(who)));
    }

    /// Passphrases that were wrong before the store opened are written down; these hold one.
    pub fn note_unlocks(&mut self, holders: Vec<Holder>) {
        self.clerk.push(ClerkOrder::NoteUnlocks(self.clock.now(), holders));
        self.hand_over();
    }

    /// Nobody is there: nobody sits down, and nothing can be asked for, until somebody logs in. What arrives is kept.
    pub fn log_out(&mut self) {
        self.stop_calibrating();
        self.stop_searching();
        self.shut_books();
        self.shut_rosters();
        self.clerk.push(ClerkOrder::LoggedIn(String::new(), None));
        self.standing = Standing { who: None, wants: None };
        self.tell(Event::OnDuty(Duty::NONE));
    }

    /// Whether he who has logged in may do this alone; if not, the screen says why.
    pub(super) fn may(&mut self, deed: Deed) -> bool {
        let refused = self.refused(deed);
        if let Some(why) = refused {
            self.set_trouble(TroubleKind::Notice, Some(trouble::deed_refused(why)));
        }
        refused.is_none()
    }

    /// Why he who has logged in may not do this alone; `None` when he may.
    #[must_use]
    pub fn refused(&self, deed: Deed) -> Option<Refused> {
        self.answers_for(deed, None).err()
    }

    fn answers_for(&self, deed: Deed, second: Option<&Who>) -> Result<(), Refused> {
        stand_for(deed, self.standing.who.as_ref().ok_or(Refused::NotTheirs)?, second)
    }

    /// What he who has logged in is called; nothing where nobody has a name.
    pub(super) fn operator(&self) -> &str {
        self.standing.who.as_ref().map_or("", Who::label)
    }

    /// Whether two must stand for a delivery of this job; in a rehearsal one's word is enough.
    pub(super) fn two_must_stand(&self) -> bool {
        self.answers_for(self.export_deed(), None) == Err(Refused::NeedsSecond)
    }

    fn export_deed(&self) -> Deed {
        if self.shown.profile.names_show_identity() { Deed::ExportWithIdentity } else { Deed::Export }
    }

    /// Whether a delivery into a folder may begin now: at once, or when a second person has come.
    ///
    /// # Errors
    /// Words for why it may not.
    pub(super) fn may_export(&mut self, to: PathBuf) -> Result<Option<PathBuf>, Words> {
        match self.answers_for(self.export_deed(), None) {
            Ok(()) => Ok(Some(to)),
            Err(Refused::NeedsSecond) => {
                self.standing.wants = Some(Wanted::Delivery(to));
                Ok(None)
            }
            Err(why) => Err(trouble::deed_refused(why)),
        }
    }

    /// Who stands for giving a stray besides whoever gives it: where everybody has a passphrase, with that.
    pub(super) fn second_for_strays(&self) -> Second {
        match self.answers_for(Deed::GiveStray, None) {
            _ if !self.shown.profile.strays.four_eyes => Second::Nobody,
            Err(Refused::NeedsSecond) => Second::Unlocks,
            _ => Second::IsNamed,
        }
    }

    /// Whether a roster may be taken in now: at once, or when a second person has come.
    ///
    /// # Errors
    /// Words for why it may not.
    pub(super) fn may_take_roster(&mut self) -> Result<bool, Words> {
        match self.answers_for(Deed::ImportRoster, None) {
            Ok(()) => Ok(true),
            Err(Refused::NeedsSecond) => {
                self.standing.wants = Some(Wanted::Roster);
                Ok(false)
            }
            Err(why) => Err(trouble::deed_refused(why)),
        }
    }

    /// The stray on its way is given when a second person has come.
    pub(super) fn give_before_second(&mut self, owner: Owner, said: Statement) {
        self.standing.wants = Some(Wanted::Stray(Box::new((owner, said))));
    }

    /// What a second person's passphrase is waited for.
    #[must_use]
    pub fn wants_second(&self) -> Option<Deed> {
        Some(match self.standing.wants.as_ref()? {
            Wanted::Delivery(_) => self.export_deed(),
            Wanted::Roster => Deed::ImportRoster,
            Wanted::Stray(..) => Deed::GiveStray,
        })
    }

    /// Nobody comes: what waited is not done.
    pub fn send_second_away(&mut self) {
        self.standing.wants = None;
    }

    /// A second person has shown who he is: what waited is done, if these two may.
    ///
    /// # Errors
    /// Words for why these two may not: another one may come.
    pub fn second_stands(&mut self, second: &Who) -> Result<(), Words> {
        let Some(deed) = self.wants_second() else { return Ok(()) };
        self.answers_for(deed, Some(second)).map_err(trouble::deed_refused)?;
        let Who::Holder(second) = second else { return Ok(()) };
        let wanted = self.standing.wants.take();
        let done = match &wanted {
            Some(Wanted::Delivery(to)) => self.deliver_before(to, second),
            Some(Wanted::Roster) => self.take_roster_before(second),
            Some(Wanted::Stray(given)) => self.give_before(&given.0, &given.1, second),
            None => Ok(()),
        };
        // Another one may come.
        self.standing.wants = wanted.filter(|_| done.is_err());
        done
    }

    /// Who did it writes the line; who stood for it stands in it.
    fn deliver_before(&mut self, to: &Path, second: &Holder) -> Result<(), Words> {
        let first = self.standing.who.as_ref().and_then(role_of);
        let unlocks = |role| self.shown.profile.unlocked_by(Some(role)).ok().flatten();
        let role = [first, Some(second.role)].into_iter().flatten().find_map(unlocks);
        role.ok_or_else(trouble::locked)?;
        self.unlock_for(to.to_owned(), second.role, second.label.clone());
        Ok(())
    }

    fn give_before(&mut self, owner: &Owner, said: &Statement, second: &Holder) -> Result<(), Words> {
        let said = Statement { second: second.label.clone(), ..said.clone() };
        let vouched = self.vouched(owner, &said).map_err(not_given)?;
        let purpose = Deed::GiveStray.slug().to_owned();
        let stood = Fact::Unlocked { purpose, role: second.role, by: second.label.clone() };
        self.clerk.push(ClerkOrder::Record(self.clock.now(), stood));
        self.give(owner.clone(), vouched);
        Ok(())
    }
}

fn role_of(who: &Who) -> Option<Role> {
    match who {
        Who::Holder(holder) => Some(holder.role),
        Who::Recovery | Who::Everybody => None,
    }
}
