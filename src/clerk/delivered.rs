//! What the clerk writes down of a delivery, and of a second copy, when it is done.

use std::collections::BTreeSet;

use super::{Clerk, ClerkError};
use crate::{
    keys::Store,
    ledger::{Ledger, Scribe},
    shot::{Digest, Moment},
    station::Fact,
};

impl Clerk {
    /// Writes down that these portraits lie at a target now: all of them or none. What was written down before is
    /// left out, so that whoever delivers twice tells the journal once.
    ///
    /// # Errors
    /// When the ledger refuses.
    pub fn note_delivered(&mut self, at: Moment, target: &str, objects: &[Digest]) -> Result<(), ClerkError> {
        let mut news = Vec::new();
        for object in objects.iter().copied().collect::<BTreeSet<Digest>>() {
            if !self.ledger.is_delivered(target, object)? {
                news.push(object);
            }
        }
        let fact = |object| Fact::Delivered { target: target.to_owned(), object };
        let facts: Vec<Fact> = news.into_iter().map(fact).collect();
        Ok(self.ledger.record_together(at, &facts.iter().collect::<Vec<_>>())?)
    }
}

/// Writes down that a second copy was made, also while a station works on the store: the one line that anybody else may
/// write. It changes no table that the station remembers, and SQLite lets one writer in at a time.
///
/// # Errors
/// When the ledger refuses.
pub fn note_backup(store: &Store, scribe: Scribe, at: Moment, fact: &Fact) -> Result<(), ClerkError> {
    let mut ledger = Ledger::open(store)?;
    ledger.sign_as(scribe);
    Ok(ledger.record(at, fact)?)
}
