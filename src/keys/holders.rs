//! Holders: who unlocks a store, and who lets others in and out.

use std::fmt;

use zeroize::Zeroizing;

use super::{
    Deed, Keys, KeysError, LabelFault, Passphrase, Permission, Recipient, Refused, Who,
    key_file::{KeyFile, Kind},
    label, may, recipient,
    slot::{At, Slot},
    stand_for,
    wrap::KEY,
};
use crate::profile::Role;

/// Somebody who can open a store with a passphrase.
#[derive(Clone, PartialEq, Eq)]
pub struct Holder {
    /// Which slot is this holder's, from 0.
    pub slot: usize,
    /// What this holder is called: personal, so it shows in no log.
    pub label: String,
    /// What this holder may.
    pub role: Role,
}

impl fmt::Debug for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Holder(slot {}, {:?})", self.slot, self.role)
    }
}

/// Somebody who is to become a holder.
#[derive(Clone, Copy)]
pub struct Newcomer<'a> {
    /// What to call them: at most 48 bytes, no two alike.
    pub label: &'a str,
    /// What they may.
    pub role: Role,
    /// What they chose.
    pub passphrase: &'a Passphrase,
}

impl fmt::Debug for Newcomer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Newcomer({:?})", self.role)
    }
}

/// An opened store: the keys to work with, who opened it, and the right to change who else may.
#[derive(Clone)]
pub struct Unlocked {
    keys: Keys,
    who: Who,
    master: Zeroizing<[u8; KEY]>,
}

impl Unlocked {
    /// The keys to work with.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Who opened it.
    #[must_use]
    pub fn who(&self) -> &Who {
        &self.who
    }

    /// What whoever opened it may.
    #[must_use]
    pub fn may(&self, deed: Deed) -> Permission {
        match &self.who {
            Who::Holder(holder) => may(holder.role, deed),
            who if stand_for(deed, who, None).is_ok() => Permission::Alone,
            Who::Recovery | Who::Everybody => Permission::Never,
        }
    }
}

impl fmt::Debug for Unlocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Unlocked").field(&self.who).finish()
    }
}

impl KeyFile {
    /// A new store's file with its first administrator, who lets the others in. `recovery` is the school's: what is
    /// sealed can be opened with its secret too, for ever, and none can be added later.
    ///
    /// # Errors
    /// When label or passphrase are refused, or as any sealing.
    pub fn create(
        label: &str,
        passphrase: &Passphrase,
        recovery: Option<&Recipient>,
    ) -> Result<(Self, Unlocked), KeysError> {
        let keys = Keys::generate_with(recovery)?;
        let (mut file, master) = Self::around(&keys, Kind::Held)?;
        let first = Newcomer { label, role: Role::Administrator, passphrase };
        let holder = file.let_in(0, first, &master)?;
        Ok((file, Unlocked { keys, who: Who::Holder(holder), master }))
    }

    /// A rehearsal's file: everybody opens it, nobody has a passphrase, and that cannot be changed.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn open_for_all(keys: &Keys) -> Result<Self, KeysError> {
        let (mut file, master) = Self::around(keys, Kind::OpenToAll)?;
        let identity = file.identity();
        file.put(0, Some(Slot::open(At { file: &identity, slot: 0 }, &master)?));
        Ok(file)
    }

    /// Who can open it; empty when everybody can.
    #[must_use]
    pub fn holders(&self) -> Vec<Holder> {
        let held = |(slot, held): (usize, &Option<Slot>)| {
            let held = held.as_ref().filter(|held| !held.open)?;
            Some(Holder { slot, label: held.label.clone(), role: held.role })
        };
        self.slots.iter().enumerate().filter_map(held).collect()
    }

    /// Opens it with a holder's passphrase. Slow on purpose: half a second and 64 MiB.
    ///
    /// # Errors
    /// [`KeysError::WrongPassphrase`] above all.
    pub fn unlock(&self, slot: usize, passphrase: &Passphrase) -> Result<Unlocked, KeysError> {
        let held = self.slot(slot)?;
        let master = held.unlock(At { file: &self.identity(), slot }, passphrase)?;
        let holder = Holder { slot, label: held.label.clone(), role: held.role };
        self.unlocked(Who::Holder(holder), master)
    }

    /// Opens a rehearsal's.
    ///
    /// # Errors
    /// [`KeysError::NeedsPassphrase`] when it is none.
    pub fn unlock_open(&self) -> Result<Unlocked, KeysError> {
        if !self.is_open() {
            return Err(KeysError::NeedsPassphrase);
        }
        let master = self.slot(0)?.unlock_open(At { file: &self.identity(), slot: 0 })?;
        self.unlocked(Who::Everybody, master)
    }

    /// Opens it with the school's recovery secret, as a line or as the file that `age-keygen` writes.
    ///
    /// # Errors
    /// [`KeysError::NoRecovery`], [`KeysError::NotARecoverySecret`], [`KeysError::WrongRecovery`].
    pub fn unlock_with_recovery(&self, secret: &str) -> Result<Unlocked, KeysError> {
        let secret = recipient::identity(secret).ok_or(KeysError::NotARecoverySecret)?;
        let master = self.recovered(&secret)?;
        self.unlocked(Who::Recovery, master)
    }

    /// Lets somebody in; `by` stands for it, and for a supervisor where there is one, `second` too.
    ///
    /// # Errors
    /// When they may not, when label or passphrase are refused, or when all slots are held.
    pub fn add(
        &mut self,
        by: &Unlocked,
        second: Option<&Unlocked>,
        newcomer: Newcomer<'_>,
    ) -> Result<Holder, KeysError> {
        self.stands(by, second, newcomer.role)?;
        let slot = self.slots.iter().position(Option::is_none).ok_or(KeysError::Full)?;
        self.let_in(slot, newcomer, &by.master)
    }

    /// Takes a holder's slot away: its passphrase opens nothing any more, here. Whoever copied the file before still
    /// has what opened then.
    ///
    /// # Errors
    /// When they may not, or when nobody could let anybody in afterwards.
    pub fn remove(&mut self, by: &Unlocked, second: Option<&Unlocked>, slot: usize) -> Result<(), KeysError> {
        let role = self.slot(slot)?.role;
        self.stands(by, second, role)?;
        let is_other = |holder: &Holder| holder.slot != slot && holder.role == Role::Administrator;
        if role == Role::Administrator && !self.holders().iter().any(is_other) {
            return Err(KeysError::LastAdministrator);
        }
        self.put(slot, None);
        Ok(())
    }

    /// Gives a holder, who knows the old one, a new passphrase.
    ///
    /// # Errors
    /// [`KeysError::WrongPassphrase`], or when the new one is refused.
    pub fn change(&mut self, slot: usize, old: &Passphrase, new: &Passphrase) -> Result<(), KeysError> {
        let held = self.slot(slot)?;
        let (role, label) = (held.role, held.label.clone());
        if let Some(weakness) = new.weakness(&label) {
            return Err(weakness.into());
        }
        let identity = self.identity();
        let at = At { file: &identity, slot };
        let master = held.unlock(at, old)?;
        self.keys(&master)?;
        self.put(slot, Some(Slot::held(at, role, label, new, &master)?));
        Ok(())
    }

    fn unlocked(&self, who: Who, master: Zeroizing<[u8; KEY]>) -> Result<Unlocked, KeysError> {
        Ok(Unlocked { keys: self.keys(&master)?, who, master })
    }

    /// Whether these may change holders of that role. Both must have opened this very store, and hold a slot in it
    /// still.
    fn stands(&self, by: &Unlocked, second: Option<&Unlocked>, role: Role) -> Result<(), KeysError> {
        if self.is_open() {
            return Err(KeysError::OpenToAll);
        }
        let holders = self.holders();
        for unlocked in [Some(by), second].into_iter().flatten() {
            self.keys(&unlocked.master).map_err(|_other| KeysError::AnotherStore)?;
            if matches!(&unlocked.who, Who::Holder(holder) if !holders.contains(holder)) {
                return Err(Refused::NotTheirs.into());
            }
        }
        let watched = holders.iter().any(|holder| holder.role == Role::Supervisor);
        let deed = match role {
            Role::Supervisor if watched => Deed::ChangeSupervisors,
            Role::Photographer | Role::RetakeOperator | Role::Supervisor | Role::Administrator => {
                Deed::ChangeHolders
            }
        };
        Ok(stand_for(deed, &by.who, second.map(Unlocked::who))?)
    }

    fn let_in(
        &mut self,
        slot: usize,
        newcomer: Newcomer<'_>,
        master: &[u8; KEY],
    ) -> Result<Holder, KeysError> {
        let label = label::checked(newcomer.label)?;
        if self.holders().iter().any(|holder| holder.label == label) {
            return Err(LabelFault::Taken.into());
        }
        if let Some(weakness) = newcomer.passphrase.weakness(&label) {
            return Err(weakness.into());
        }
        let (identity, role) = (self.identity(), newcomer.role);
        let at = At { file: &identity, slot };
        let holder = Holder { slot, label: label.clone(), role };
        self.put(slot, Some(Slot::held(at, role, label, newcomer.passphrase, master)?));
        Ok(holder)
    }
}

#[cfg(test)]
mod tests;
