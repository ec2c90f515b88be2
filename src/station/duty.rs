//! 当班的人: whom whoever logged in may photograph.

use crate::{
    keys::{Deed, Permission, Who, may},
    profile::Role,
};

/// Whom somebody may photograph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duty {
    /// 采集: whoever has no kept portrait yet.
    pub first: bool,
    /// 补拍: whoever has one.
    pub retakes: bool,
}

impl Default for Duty {
    /// Everybody: a rehearsal's, and a station's that nobody has to log in to.
    fn default() -> Self {
        Self { first: true, retakes: true }
    }
}

impl Duty {
    /// Nobody: the station is locked.
    pub const NONE: Self = Self { first: false, retakes: false };

    /// Of whoever unlocked the store.
    #[must_use]
    pub fn of(who: &Who) -> Self {
        let alone = |role: Role, deed| may(role, deed) == Permission::Alone;
        match who {
            Who::Everybody => Self::default(),
            Who::Recovery => Self::NONE,
            Who::Holder(holder) => {
                Self { first: alone(holder.role, Deed::Capture), retakes: alone(holder.role, Deed::Retake) }
            }
        }
    }
}
