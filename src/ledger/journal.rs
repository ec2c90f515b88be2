//! 流水: the hash chain. Each line's hash covers its number, its moment, its words and the hash of the line
//! before, each with its length, so that no line can be changed, removed, moved or slipped in unseen.
//!
//! A chain alone does not show that its tail was cut off or that all of it was written anew; the daily
//! checkpoint of a later issue does.

use std::fmt;

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::{LedgerError, PageLine};
use crate::{
    shot::{Digest, Moment},
    station::Fact,
};

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1 without gaps.
    pub seq: i64,
    /// When it was written.
    pub at: Moment,
    /// What it says.
    pub fact: Fact,
}

/// Something in the ledger that cannot be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsound {
    /// The journal line it is about, if it is about one.
    pub seq: Option<i64>,
    /// What is wrong, in English.
    pub what: String,
}

impl fmt::Display for Unsound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.seq {
            Some(seq) => write!(f, "journal line {seq}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

/// The hash before the first line.
const BEGINNING: [u8; 32] = [0; 32];

/// Appends a fact; returns its line's number.
pub(super) fn append(tx: &Transaction<'_>, at: Moment, fact: &Fact) -> Result<i64, LedgerError> {
    let words = serde_json::to_string(fact).map_err(LedgerError::Unwritable)?;
    let last = tx
        .prepare_cached("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, [u8; 32]>(1)?)))
        .optional()?;
    let (before, hash_before) = last.unwrap_or((0, BEGINNING));
    let seq = before + 1;
    let hash = link(&hash_before, seq, at, &words);
    tx.prepare_cached("INSERT INTO journal (seq, at, fact, hash) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![seq, at.0, words, hash])
        .map_err(LedgerError::from_write)?;
    Ok(seq)
}

/// The hash of a line: every field with its length before it.
fn link(before: &[u8; 32], seq: i64, at: Moment, words: &str) -> [u8; 32] {
    let fields: [&[u8]; 4] = [before, &seq.to_le_bytes(), &at.0.to_le_bytes(), words.as_bytes()];
    let lengths = fields.map(|field| (field.len() as u64).to_le_bytes());
    let parts: Vec<&[u8]> =
        lengths.iter().zip(fields).flat_map(|(length, field)| [&length[..], field]).collect();
    *Digest::of_parts(&parts).as_bytes()
}

/// A line as it stands in the table, before anyone has believed it.
struct RawLine {
    seq: i64,
    at: Moment,
    words: String,
    hash: Vec<u8>,
}

fn raw_lines(db: &Connection) -> Result<Vec<RawLine>, LedgerError> {
    let mut query = db.prepare("SELECT seq, at, fact, hash FROM journal ORDER BY seq")?;
    let rows = query.query_map([], |row| {
        Ok(RawLine { seq: row.get(0)?, at: Moment(row.get(1)?), words: row.get(2)?, hash: row.get(3)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// So many lines from a number on, as they stand there.
pub(super) fn page(db: &Connection, from: i64, lines: usize) -> Result<Vec<PageLine>, LedgerError> {
    let mut query =
        db.prepare_cached("SELECT seq, at, fact FROM journal WHERE seq >= ?1 ORDER BY seq LIMIT ?2")?;
    let rows = query.query_map(params![from, lines as i64], |row| {
        let words: String = row.get(2)?;
        let fact = serde_json::from_str(&words).ok();
        Ok(PageLine { seq: row.get(0)?, at: Moment(row.get(1)?), fact })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The earliest time of any line: the first one, unless the computer's clock was put right since.
pub(super) fn began(db: &Connection) -> Result<Option<Moment>, LedgerError> {
    Ok(db.query_row("SELECT min(at) FROM journal", [], |row| row.get::<_, Option<i64>>(0))?.map(Moment))
}

/// Every line, oldest first.
pub(super) fn lines(db: &Connection) -> Result<Vec<Line>, LedgerError> {
    let read = |raw: RawLine| match serde_json::from_str(&raw.words) {
        Ok(fact) => Ok(Line { seq: raw.seq, at: raw.at, fact }),
        Err(source) => Err(LedgerError::NotAFact { seq: raw.seq, source }),
    };
    raw_lines(db)?.into_iter().map(read).collect()
}

/// Every line that can be read; the others are reported by [`unsound`].
pub(super) fn lines_that_read(db: &Connection) -> Result<Vec<Line>, LedgerError> {
    let read = |raw: RawLine| {
        let fact = serde_json::from_str(&raw.words).ok()?;
        Some(Line { seq: raw.seq, at: raw.at, fact })
    };
    Ok(raw_lines(db)?.into_iter().filter_map(read).collect())
}

/// Follows the chain; reports each line that does not follow from the line before it.
pub(super) fn unsound(db: &Connection) -> Result<Vec<Unsound>, LedgerError> {
    let mut found = Vec::new();
    let (mut before, mut expected) = (BEGINNING, 1);
    for line in raw_lines(db)? {
        let mut report = |what: String| found.push(Unsound { seq: Some(line.seq), what });
        if line.seq != expected {
            report(format!("lines {expected} to {} are missing", line.seq - 1));
        }
        if line.hash != link(&before, line.seq, line.at, &line.words) {
            report("it was changed, or does not follow from the line before".to_owned());
        }
        if serde_json::from_str::<Fact>(&line.words).is_err() {
            report("it is not a fact this program knows".to_owned());
        }
        // Go on from what stands there, so that one changed line is reported once and not all the way down.
        before = line.hash.try_into().unwrap_or(BEGINNING);
        expected = line.seq + 1;
    }
    Ok(found)
}
