//! 解锁: who stands for a delivery whose names of files or folders show who a person is.

use super::{Profile, Role};

/// A delivery that shows identities, and nobody who may stands for it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this profile's file names show identities, and nobody who may unlock them stands for it")]
pub struct Locked {
    /// Who may.
    pub by: Vec<Role>,
}

impl Profile {
    /// Whoever stands for showing identities, if this profile's deliveries show any. Who he is others have asked: by
    /// his passphrase, or in a rehearsal by his word.
    ///
    /// # Errors
    /// When they show some and this is nobody who may.
    pub fn unlocked_by(&self, role: Option<Role>) -> Result<Option<Role>, Locked> {
        if !self.names_show_identity() {
            return Ok(None);
        }
        let by = &self.privacy.unlocked_by;
        match role.filter(|role| by.contains(role)) {
            Some(role) => Ok(Some(role)),
            None => Err(Locked { by: by.clone() }),
        }
    }
}
