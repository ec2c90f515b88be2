//! What the clerk writes down of a delivery, when it is done.

use super::{Clerk, ClerkError};
use crate::{
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
        let before = self.ledger.delivered(target)?;
        let mut news: Vec<Digest> =
            objects.iter().filter(|object| !before.contains(object)).copied().collect();
        news.sort_unstable();
        news.dedup();
        let fact = |object| Fact::Delivered { target: target.to_owned(), object };
        let facts: Vec<Fact> = news.into_iter().map(fact).collect();
        Ok(self.ledger.record_together(at, &facts.iter().collect::<Vec<_>>())?)
    }
}
