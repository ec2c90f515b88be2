//! 收工对账: what happened since the day began, counted from the journal, beside what stands in the tables.

use super::{Ledger, LedgerError, Tally, copy, tally};
use crate::{shot::Moment, station::Fact};

/// A day's numbers, all of one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Day {
    /// Counts since the ledger began, and the students kept today.
    pub tally: Tally,
    /// Sittings that began today.
    pub sittings: u64,
    /// Shots that came today, strays among them.
    pub shots: u64,
    /// Shots of today that were taken again.
    pub again: u64,
    /// Portraits kept today; a student who was taken twice has two.
    pub kept: u64,
    /// Shots that became strays today, or came as such.
    pub strays: u64,
    /// Portraits that were delivered today.
    pub delivered: u64,
    /// Students who sat today, have left, and have no portrait of any day.
    pub without: u64,
    /// Since when the oldest portrait waits that was delivered nowhere.
    pub waiting_since: Option<Moment>,
    /// Shots of today that are in no backup on another disk.
    pub alone: u64,
    /// When the newest backup on another disk was made.
    pub backed_up: Option<Moment>,
}

impl Ledger {
    /// What happened since `midnight`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn day(&self, midnight: Moment) -> Result<Day, LedgerError> {
        self.held_still(|ledger| {
            let db = &ledger.db;
            let mut day = Day { tally: tally::count(db, midnight)?, ..Day::default() };
            let mut query = db.prepare_cached("SELECT fact FROM journal WHERE at >= ?1")?;
            let mut rows = query.query([midnight.0])?;
            while let Some(row) = rows.next()? {
                // What is no fact is told by those who verify.
                if let Ok(fact) = serde_json::from_str::<Fact>(&row.get::<_, String>(0)?) {
                    day.count(&fact);
                }
            }
            let without = "SELECT count(DISTINCT student) FROM sitting AS sat
                           WHERE since >= ?1 AND NOT EXISTS (
                               SELECT 1 FROM sitting AS other
                                   LEFT JOIN kept ON kept.sitting = other.id AND kept.withdrawn IS NULL
                               WHERE other.student = sat.student
                                 AND (kept.sitting IS NOT NULL OR other.ending IS NULL))";
            let without: i64 = db.prepare_cached(without)?.query_row([midnight.0], |row| row.get(0))?;
            day.without = without as u64;
            let oldest = "SELECT min(journal.at) FROM queue JOIN journal ON journal.seq = queue.seq";
            let oldest: Option<i64> = db.prepare_cached(oldest)?.query_row([], |row| row.get(0))?;
            day.waiting_since = oldest.map(Moment);
            let copied = ledger.second_copy()?;
            day.alone = copy::shots_after_since(db, copied.map_or(0, |copy| copy.head.lines), midnight)?;
            day.backed_up = copied.map(|copy| copy.at);
            Ok(day)
        })
    }
}

impl Day {
    fn count(&mut self, fact: &Fact) {
        let counted = match fact {
            Fact::Seated { .. } => &mut self.sittings,
            Fact::Taken { .. } | Fact::Adopted { sitting: Some(_), .. } => &mut self.shots,
            Fact::Stray { .. } | Fact::Adopted { sitting: None, .. } => {
                self.strays += 1;
                &mut self.shots
            }
            Fact::Disowned { .. } | Fact::Corrected { to: None, .. } => &mut self.strays,
            Fact::Declined { .. } | Fact::Refused { .. } => &mut self.again,
            Fact::Kept { .. } => &mut self.kept,
            Fact::Delivered { .. } => &mut self.delivered,
            Fact::Opened { .. }
            | Fact::Dismissed { .. }
            | Fact::Interrupted { .. }
            | Fact::Unlocked { .. }
            | Fact::UnlockFailed { .. }
            | Fact::LetIn { .. }
            | Fact::Assigned { .. }
            | Fact::Corrected { .. }
            | Fact::Overruled { .. }
            | Fact::RosterTaken { .. }
            | Fact::WalkedUp { .. }
            | Fact::Accepted { .. }
            | Fact::DestructionBegan { .. }
            | Fact::Checkpoint { .. }
            | Fact::BackedUp { .. } => return,
        };
        *counted += 1;
    }
}
