//! Who showed a passphrase, in the journal: who logged in, who stood as the second, and whose passphrase was wrong before
//! anybody could write it down.

use super::{Clerk, ClerkError};
use crate::{
    keys::{Deed, Holder, Who},
    shot::Moment,
    station::Fact,
    vault::unlock_log,
};

impl Clerk {
    /// Writes down which passphrases were wrong since the store was last opened. `holders` are those of its key file.
    ///
    /// # Errors
    /// When the ledger refuses: then they are written down next time.
    pub fn note_unlocks(&mut self, at: Moment, holders: &[Holder]) -> Result<(), ClerkError> {
        let folder = self.store.folder().to_owned();
        let pending = unlock_log::pending(&folder);
        if pending.is_empty() {
            return Ok(());
        }
        let facts: Vec<Fact> = pending
            .iter()
            .map(|tried| Fact::UnlockFailed {
                holder: called(tried.slot, holders),
                times: tried.times,
                first: tried.first,
                last: tried.last,
            })
            .collect();
        self.ledger.record_together(at, &facts.iter().collect::<Vec<_>>())?;
        // A disk that refuses has them told twice, which is better than never.
        unlock_log::settled(&folder, &pending).ok();
        Ok(())
    }

    /// Somebody logged in: from now on he writes, and that he came is the first thing written. Nothing of a rehearsal,
    /// where nobody has a name.
    ///
    /// # Errors
    /// When the ledger refuses.
    pub fn log_in(&mut self, at: Moment, who: &Who) -> Result<(), ClerkError> {
        self.write_for(who.label());
        self.note_shown(at, Fact::LOGIN, who)
    }

    /// Somebody stood as the second for what whoever has logged in does.
    ///
    /// # Errors
    /// When the ledger refuses.
    pub fn note_second(&mut self, at: Moment, deed: Deed, second: &Who) -> Result<(), ClerkError> {
        self.note_shown(at, deed.slug(), second)
    }

    fn note_shown(&mut self, at: Moment, purpose: &str, who: &Who) -> Result<(), ClerkError> {
        let Who::Holder(holder) = who else { return Ok(()) };
        let (purpose, by) = (purpose.to_owned(), holder.label.clone());
        self.record(at, &Fact::Unlocked { purpose, role: holder.role, by })
    }
}

/// What the holder of a slot is called; `?` when nobody holds it any more.
fn called(slot: usize, holders: &[Holder]) -> String {
    let holder = holders.iter().find(|holder| holder.slot == slot);
    holder.map_or_else(|| "?".to_owned(), |holder| holder.label.clone())
}
