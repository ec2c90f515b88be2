//! Checkpoints: a chain alone does not show that its tail was cut off, nor that all of it was written anew from some
//! line on. A checkpoint does: how many lines there are and the hash of the last one, signed by the station. It is
//! itself a line of the journal, and it is handed out, so that somebody else has it who cannot be talked to from here.

use rusqlite::TransactionBehavior;

use super::{
    Ledger, LedgerError, RawLine, Unsound, Wrong, journal,
    note::{Checkpoint, KnownKey, NotANote, Note, StationKey},
    tables,
};
use crate::{
    shot::{Digest, Moment},
    station::Fact,
};

/// A checkpoint that stands in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// Its line.
    pub seq: i64,
    /// When it was made.
    pub at: Moment,
    /// The note.
    pub note: Note,
}

/// What a journal is compared with besides itself.
#[derive(Clone, Copy, Default)]
pub struct Witnesses<'a> {
    /// Checkpoints that somebody kept elsewhere.
    pub notes: &'a [Note],
    /// The station's public key; without it no signature is checked.
    pub key: Option<KnownKey<'a>>,
}

impl std::fmt::Debug for Witnesses<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Witnesses").field("notes", &self.notes.len()).finish_non_exhaustive()
    }
}

impl Ledger {
    /// Counts and signs the journal as it is now, and writes that down. Where nothing was written since the last
    /// checkpoint, that one is given again. `day` is today by the station's calendar.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn checkpoint(&mut self, at: Moment, day: &str, key: &StationKey<'_>) -> Result<Noted, LedgerError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (size, head) = journal::head(&tx)?;
        if let Some(noted) = last(&tx)?.filter(|noted| noted.seq == size) {
            return Ok(noted);
        }
        let count = |table: &str| -> Result<u64, LedgerError> {
            let sql = format!("SELECT count(*) FROM {table}");
            Ok(tx.query_row(&sql, [], |row| row.get::<_, i64>(0))? as u64)
        };
        let checkpoint = Checkpoint {
            station: self.scribe.station.clone(),
            size,
            head: head.into(),
            day: day.to_owned(),
            lines: count("journal")?,
            shots: count("shot")?,
            kept: count("kept")?,
        };
        let note = Note::sign(checkpoint, key);
        let fact = Fact::Checkpoint { note: note.text() };
        let seq = journal::append(&tx, at, &self.scribe, &fact)?;
        tables::apply(&tx, seq, at, &fact, None)?;
        tx.commit().map_err(LedgerError::from_write)?;
        Ok(Noted { seq, at, note })
    }

    /// The last checkpoint that stands in the journal.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn last_checkpoint(&self) -> Result<Option<Noted>, LedgerError> {
        last(&self.db)
    }
}

fn last(db: &rusqlite::Connection) -> Result<Option<Noted>, LedgerError> {
    let sql = format!("SELECT {} FROM journal WHERE kind = 'checkpoint' ORDER BY seq DESC", journal::COLUMNS);
    let mut query = db.prepare_cached(&sql)?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let line = RawLine::read(row)?;
        // What is none is told by those who verify.
        if let Some(note) = note(&line).and_then(Result::ok) {
            return Ok(Some(Noted { seq: line.seq, at: line.at, note }));
        }
    }
    Ok(None)
}

/// The note of a checkpoint's line, if it is one; an error when it should be and is not.
pub(super) fn note(line: &RawLine) -> Option<Result<Note, NotANote>> {
    match line.fact() {
        Some(Fact::Checkpoint { note }) => Some(Note::parse(&note)),
        _ => None,
    }
}

/// What the journal's own checkpoints and those of others say against it.
pub(super) fn contradictions(lines: &[RawLine], witnesses: &Witnesses<'_>) -> Vec<Unsound> {
    let mut found = Vec::new();
    let mut report = |seq, wrong| found.push(Unsound { seq, wrong });
    let mut checkpoints = Vec::new();
    let is_signed = |note: &Note| witnesses.key.is_none_or(|key| note.is_signed_by(&key));
    for line in lines {
        match note(line) {
            None => {}
            Some(Ok(note)) if line.seq.checked_sub(1) == Some(note.checkpoint.size) => {
                if !is_signed(&note) {
                    report(Some(line.seq), Wrong::NotSigned { size: note.checkpoint.size });
                }
                checkpoints.push(note.checkpoint);
            }
            Some(_) => report(Some(line.seq), Wrong::NotACheckpoint),
        }
    }
    for note in witnesses.notes {
        // What anybody could have written says nothing against the journal.
        if is_signed(note) {
            checkpoints.push(note.checkpoint.clone());
        } else {
            report(None, Wrong::NotSigned { size: note.checkpoint.size });
        }
    }
    checkpoints.sort_by_key(|checkpoint| checkpoint.size);
    found.extend(compare(lines, &checkpoints));
    found
}

/// Where the journal is another than the one that was counted; the checkpoints by their size.
fn compare(lines: &[RawLine], checkpoints: &[Checkpoint]) -> Vec<Unsound> {
    let last = lines.last().map_or(0, |line| line.seq);
    let (mut found, mut agreed, mut is_rewritten) = (Vec::new(), 0, false);
    let mut count = Count::default();
    let mut rest = lines;
    for checkpoint in checkpoints.iter().take_while(|checkpoint| checkpoint.size <= last) {
        let size = checkpoint.size;
        let (counted, beyond) = rest.split_at(rest.partition_point(|line| line.seq <= size));
        counted.iter().for_each(|line| count.add(line));
        rest = beyond;
        // That a line is missing was said by those who followed the chain.
        let Some(head) = count.head.filter(|(seq, _)| *seq == size).map(|(_, hash)| hash) else { continue };
        if head == Some(checkpoint.head) {
            agreed = size;
            if !count.agrees(checkpoint) {
                found.push(Unsound { seq: Some(size), wrong: Wrong::Miscounted { size } });
            }
        } else if !std::mem::replace(&mut is_rewritten, true) {
            let from = agreed.saturating_add(1);
            found.push(Unsound { seq: Some(from), wrong: Wrong::Rewritten { from, to: size } });
        }
    }
    if let Some(longest) = checkpoints.last().filter(|longest| longest.size > last) {
        let (from, to) = (last.saturating_add(1), longest.size);
        found.push(Unsound { seq: Some(from), wrong: Wrong::CutOff { from, to } });
    }
    found
}

/// What was counted of the journal so far.
struct Count {
    /// The last line, and its hash if it is one.
    head: Option<(i64, Option<Digest>)>,
    lines: u64,
    shots: u64,
    kept: u64,
}

impl Default for Count {
    fn default() -> Self {
        Self { head: Some((0, Some(journal::BEGINNING.into()))), lines: 0, shots: 0, kept: 0 }
    }
}

impl Count {
    fn add(&mut self, line: &RawLine) {
        let hash = <[u8; 32]>::try_from(line.hash.as_slice()).ok();
        self.head = Some((line.seq, hash.map(Digest::from)));
        let fact = line.fact();
        self.lines += 1;
        self.shots += u64::from(fact.as_ref().is_some_and(tables::is_shot));
        self.kept += u64::from(fact.as_ref().is_some_and(tables::is_kept));
    }

    fn agrees(&self, checkpoint: &Checkpoint) -> bool {
        let Checkpoint { lines, shots, kept, .. } = checkpoint;
        (self.lines, self.shots, self.kept) == (*lines, *shots, *kept)
    }
}
