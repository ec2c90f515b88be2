//! What happened to a student, with the portraits: read for whoever looks at it, never written.

use std::sync::Arc;

use super::ClerkError;
use crate::{
    keys::Store,
    ledger::{Ledger, SittingNote},
    shot::Digest,
    station::Fact,
    student::StudentKey,
    vault::Vault,
};

/// A sitting of a student, with the portrait that was kept of it; its `Debug` form shows nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Past {
    /// The sitting.
    pub sitting: SittingNote,
    /// What was written down of it, in its order.
    pub facts: Vec<Fact>,
    /// The portrait and the SHA-256 of its file, if one was kept.
    pub portrait: Option<(Digest, Arc<[u8]>)>,
    /// Whether one was kept whose file is missing or damaged.
    pub unreadable: bool,
    /// Whether it is the one that is delivered; else a later one took its place.
    pub current: bool,
}

impl std::fmt::Debug for Past {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Past").field("sitting", &self.sitting.id).finish_non_exhaustive()
    }
}

/// Everything that happened to a student, the oldest sitting first. Reads only.
///
/// # Errors
/// When the ledger cannot be read, or there is no vault.
pub fn past(store: &Store, student: &StudentKey) -> Result<Vec<Past>, ClerkError> {
    let (ledger, vault) = (Ledger::read(store)?, Vault::existing(store)?);
    let with_portrait = |history: crate::ledger::History| {
        let kept = history.kept;
        // One damaged file hides nothing of the rest.
        let read = kept.map(|kept| Some((kept.row.jpeg, vault.get(kept.row.object).ok()?.1.into())));
        Past {
            sitting: history.sitting,
            facts: history.lines.into_iter().map(|line| line.fact).collect(),
            unreadable: read == Some(None),
            portrait: read.flatten(),
            current: kept.is_some_and(|kept| kept.current),
        }
    };
    Ok(ledger.history(student)?.into_iter().map(with_portrait).collect())
}
