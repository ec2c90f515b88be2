//! Whether the tables say what the journal says: they are made from it line by line, and a thief may write into either.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::{KeptRow, LedgerError, Line, ShotRow, Unsound, Wrong, newest, owners::owners, tables};
use crate::{
    shot::{Digest, ShotId, SittingId},
    station::{Fact, Original},
};

/// What is wrong with the file itself, and where the tables say something else than the journal.
pub(super) fn contradictions(db: &Connection, lines: &[Line]) -> Result<Vec<Unsound>, LedgerError> {
    let mut found = Vec::new();
    let mut report = |seq, wrong| found.push(Unsound { seq, wrong });
    let sqlite: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if sqlite != "ok" {
        report(None, Wrong::Damaged(sqlite));
    }
    if db.prepare("PRAGMA foreign_key_check")?.exists([])? {
        report(None, Wrong::Dangling);
    }
    let tables = Tables::read(db)?;
    let told = Told::of(lines);
    for line in lines {
        if !tables.agree(db, line, &told)? {
            report(Some(line.seq), Wrong::OtherTables);
        }
    }
    let count = |wanted: fn(&Fact) -> bool| lines.iter().filter(|line| wanted(&line.fact)).count();
    let journal = (count(tables::is_shot), count(tables::is_kept));
    let counts = (tables.shots.len(), tables.kept.values().map(Vec::len).sum());
    if counts != journal {
        report(None, Wrong::OtherCounts { tables: counts, journal });
    }
    if !newest::is_sound(db)? {
        report(None, Wrong::Stale);
    }
    Ok(found)
}

/// What follows from the journal alone.
struct Told {
    /// Whose each shot is.
    owners: BTreeMap<ShotId, Option<SittingId>>,
    /// Portraits that were withdrawn, by their objects.
    withdrawn: BTreeSet<Digest>,
    /// The line that kept each portrait.
    kept: BTreeMap<Digest, i64>,
}

impl Told {
    fn of(lines: &[Line]) -> Self {
        let (mut withdrawn, mut kept) = (BTreeSet::new(), BTreeMap::new());
        for line in lines {
            if let Fact::Kept { object, .. } = &line.fact {
                kept.entry(*object).or_insert(line.seq);
            } else if let Fact::Corrected { object, .. } = &line.fact {
                withdrawn.insert(*object);
            }
        }
        Self { owners: owners(lines), withdrawn, kept }
    }
}

/// What the tables say.
struct Tables {
    shots: BTreeMap<ShotId, ShotRow>,
    kept: BTreeMap<SittingId, Vec<KeptRow>>,
    /// By the line that kept the later portrait.
    superseding: BTreeMap<i64, BTreeSet<Digest>>,
}

impl Tables {
    fn read(db: &Connection) -> Result<Self, LedgerError> {
        let mut kept: BTreeMap<SittingId, Vec<KeptRow>> = BTreeMap::new();
        for row in tables::kept(db)? {
            kept.entry(row.sitting).or_default().push(row);
        }
        let mut superseding: BTreeMap<i64, BTreeSet<Digest>> = BTreeMap::new();
        let mut query = db.prepare("SELECT later, earlier FROM superseding")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            superseding.entry(row.get(0)?).or_default().insert(tables::digest(row, 1)?);
        }
        let shots = tables::shots(db)?.into_iter().map(|row| (row.id, row)).collect();
        Ok(Self { shots, kept, superseding })
    }

    /// Whether they say of a line what it says.
    fn agree(&self, db: &Connection, line: &Line, told: &Told) -> Result<bool, LedgerError> {
        Ok(match &line.fact {
            Fact::Seated { sitting, code, .. } => {
                let row = tables::sitting(db, *sitting)?;
                row.is_some_and(|row| Digest::of(row.code.expose().as_bytes()) == *code)
            }
            Fact::Taken { original, .. } | Fact::Adopted { original, .. } | Fact::Stray { original } => {
                self.has(original, told)
            }
            Fact::Kept { sitting, shot, object, portrait, supersedes, .. } => {
                let withdrawn = told.withdrawn.contains(object);
                let row =
                    KeptRow { sitting: *sitting, shot: *shot, object: *object, jpeg: *portrait, withdrawn };
                let named: BTreeSet<Digest> = supersedes.iter().copied().collect();
                // It takes the place of what was kept before it.
                let were =
                    named.iter().all(|object| told.kept.get(object).is_some_and(|seq| *seq < line.seq));
                let rows = self.superseding.get(&line.seq).cloned().unwrap_or_default();
                self.of(*sitting).contains(&row) && were && rows == named
            }
            // What was overruled or given to somebody was kept, in the same breath.
            Fact::Overruled { sitting, shot, .. } | Fact::Assigned { sitting, shot, .. } => {
                self.was_kept(*sitting, *shot)
            }
            Fact::Corrected { from, shot, object, to, .. } => {
                let is_this = |row: &KeptRow| row.shot == *shot && row.object == *object && row.withdrawn;
                self.of(*from).iter().any(is_this) && to.is_none_or(|to| self.was_kept(to, *shot))
            }
            Fact::Opened { .. }
            | Fact::Declined { .. }
            | Fact::Refused { .. }
            | Fact::Dismissed { .. }
            | Fact::Interrupted { .. }
            | Fact::Unlocked { .. }
            | Fact::UnlockFailed { .. }
            | Fact::Delivered { .. }
            | Fact::LetIn { .. }
            | Fact::Disowned { .. }
            | Fact::RosterTaken { .. }
            | Fact::WalkedUp { .. }
            | Fact::Accepted { .. }
            | Fact::DestructionBegan { .. }
            | Fact::Checkpoint { .. }
            | Fact::BackedUp { .. } => true,
        })
    }

    fn has(&self, original: &Original, told: &Told) -> bool {
        let sitting = told.owners.get(&original.shot).copied().flatten();
        let row = ShotRow { id: original.shot, sitting, object: original.object, jpeg: original.jpeg };
        self.shots.get(&original.shot) == Some(&row)
    }

    fn of(&self, sitting: SittingId) -> &[KeptRow] {
        self.kept.get(&sitting).map_or(&[], Vec::as_slice)
    }

    fn was_kept(&self, sitting: SittingId, shot: ShotId) -> bool {
        self.of(sitting).iter().any(|row| row.shot == shot)
    }
}
