//! 流水: the journal's lines, each chained to the one before. A line's hash covers the hash of the line before, its
//! number, its moment, where it was written, by whom, and its words, each with its length, so that no line can be
//! changed, removed, moved or slipped in unseen.
//!
//! A chain alone does not show that its tail was cut off, nor that all of it was written anew from some line on: a
//! [checkpoint](super::checkpoint) does.

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params, types::ValueRef};

use super::LedgerError;
use crate::{
    shot::{Digest, Moment},
    station::Fact,
};

/// Who writes, and where: what every line says besides its moment and its words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scribe {
    /// The station's name.
    pub station: String,
    /// Who has logged in, as the others call him; empty while nobody has. No student's name.
    pub who: String,
}

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1 without gaps.
    pub seq: i64,
    /// When it was written.
    pub at: Moment,
    /// Where, and by whom.
    pub scribe: Scribe,
    /// What it says.
    pub fact: Fact,
}

/// A line as it stands in the table, before anyone has believed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawLine {
    /// Its number.
    pub seq: i64,
    /// When it was written.
    pub at: Moment,
    /// The station's name.
    pub station: Vec<u8>,
    /// Who had logged in.
    pub who: Vec<u8>,
    /// Its words, to the letter.
    pub words: Vec<u8>,
    /// Its hash: 32 bytes, unless somebody changed it.
    pub hash: Vec<u8>,
}

impl RawLine {
    /// What it says, if that is a fact this program knows.
    #[must_use]
    pub fn fact(&self) -> Option<Fact> {
        serde_json::from_slice(&self.words).ok()
    }

    /// Whether it follows from the line that has this hash; the first one from 32 zeros.
    #[must_use]
    pub fn follows(&self, before: &[u8; 32]) -> bool {
        self.link(before, self.seq).as_slice() == self.hash
    }

    /// Its hash, as the hash of the line before and its number demand it.
    pub(super) fn link(&self, before: &[u8; 32], seq: i64) -> [u8; 32] {
        link(before, seq, self.at, [&self.station, &self.who, &self.words])
    }

    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: row.get(0)?,
            at: Moment(row.get(1)?),
            station: bytes(row, 2)?,
            who: bytes(row, 3)?,
            words: bytes(row, 4)?,
            hash: bytes(row, 5)?,
        })
    }

    fn believed(self) -> Result<Line, LedgerError> {
        let Self { seq, at, station, who, words, .. } = self;
        let fact = serde_json::from_slice(&words).map_err(|source| LedgerError::NotAFact { seq, source })?;
        Ok(Line { seq, at, scribe: Scribe { station: text(&station), who: text(&who) }, fact })
    }
}

/// What [`RawLine::read`] reads.
pub(super) const COLUMNS: &str = "seq, at, station, who, fact, hash";

/// A text or a blob; a thief may have written either, and no text need be UTF-8.
fn bytes(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<u8>> {
    Ok(match row.get_ref(column)? {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.to_vec(),
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => vec![],
    })
}

/// Bytes as somebody may read them.
pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The hash before the first line.
pub(super) const BEGINNING: [u8; 32] = [0; 32];

/// The hash of a line, of its number, its moment, and station, who and words: every field with its length before it.
fn link(before: &[u8; 32], seq: i64, at: Moment, [station, who, words]: [&[u8]; 3]) -> [u8; 32] {
    let (seq, at) = (seq.to_le_bytes(), at.0.to_le_bytes());
    let fields: [&[u8]; 6] = [before, &seq, &at, station, who, words];
    let lengths = fields.map(|field| (field.len() as u64).to_le_bytes());
    let parts: Vec<&[u8]> =
        lengths.iter().zip(fields).flat_map(|(length, field)| [&length[..], field]).collect();
    *Digest::of_parts(&parts).as_bytes()
}

/// The last line's number and hash; 0 and [`BEGINNING`] before the first.
pub(super) fn head(db: &Connection) -> Result<(i64, [u8; 32]), LedgerError> {
    let last = db
        .prepare_cached("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(last.unwrap_or((0, BEGINNING)))
}

/// Appends a fact; returns its line's number.
pub(super) fn append(
    tx: &Transaction<'_>,
    at: Moment,
    scribe: &Scribe,
    fact: &Fact,
) -> Result<i64, LedgerError> {
    let words = serde_json::to_string(fact).map_err(LedgerError::Unwritable)?;
    let (before, hash_before) = head(tx)?;
    // Only a thief's line can have the last number there is.
    let seq = before.checked_add(1).ok_or(LedgerError::Impossible { table: "journal" })?;
    let Scribe { station, who } = scribe;
    let hash = link(&hash_before, seq, at, [station.as_bytes(), who.as_bytes(), words.as_bytes()]);
    tx.prepare_cached(
        "INSERT INTO journal (seq, at, station, who, fact, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![seq, at.0, station, who, words, hash])
    .map_err(LedgerError::from_write)?;
    Ok(seq)
}

/// Every line as it stands there, oldest first.
pub(super) fn raw_lines(db: &Connection) -> Result<Vec<RawLine>, LedgerError> {
    let mut query = db.prepare(&format!("SELECT {COLUMNS} FROM journal ORDER BY seq"))?;
    let rows = query.query_map([], RawLine::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The earliest time of any line: the first one, unless the computer's clock was put right since.
pub(super) fn began(db: &Connection) -> Result<Option<Moment>, LedgerError> {
    Ok(db.query_row("SELECT min(at) FROM journal", [], |row| row.get::<_, Option<i64>>(0))?.map(Moment))
}

/// The time of the line that was written last, whatever the clock said.
pub(super) fn last_written(db: &Connection) -> Result<Option<Moment>, LedgerError> {
    let sql = "SELECT at FROM journal ORDER BY seq DESC LIMIT 1";
    Ok(db.query_row(sql, [], |row| row.get::<_, i64>(0)).optional()?.map(Moment))
}

/// Every line, oldest first.
pub(super) fn lines(db: &Connection) -> Result<Vec<Line>, LedgerError> {
    raw_lines(db)?.into_iter().map(RawLine::believed).collect()
}

/// Those of these lines that can be read; the others are reported by [`follow`](super::chain::follow).
pub(super) fn that_read(lines: Vec<RawLine>) -> Vec<Line> {
    lines.into_iter().filter_map(|line| line.believed().ok()).collect()
}
