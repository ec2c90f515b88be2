//! The journal to take home: as a table in words for the school, and to the letter for whoever checks it elsewhere.
//!
//! A table is opened by spreadsheets, which take a field that begins like a formula for one; so nothing in it does. The
//! letter is JSON lines, from which `tests/check_journal.py` makes the chain again in another language.

use std::path::Path;

use serde_json::json;

use super::ErrandError;
use crate::{
    keys::Store,
    ledger::{Filter, Kind, Ledger, PageLine, RawLine},
    machine,
    shot::Moment,
    station::Fact,
    sync,
};

/// The table's name in a delivery folder.
pub const TABLE: &str = "流水.csv";

/// The last checkpoint's, beside it.
pub const CHECKPOINT: &str = "检查点.txt";

/// Spreadsheets take a CSV without this mark for GBK.
const MARK: &str = "\u{feff}";

/// A field that begins with one of these may be run as a formula; the wide ones are what an input method types.
const FORMULAS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// How a table says things: in a language, by a calendar. Who has the words lends them.
#[derive(Clone, Copy)]
pub struct Wording {
    /// The heads of the columns: line, time, station, who, kind, sitting, what, hash.
    pub heads: [&'static str; 8],
    /// What a line says.
    pub fact: fn(Option<&Fact>) -> String,
    /// What it is about.
    pub kind: fn(Kind) -> String,
    /// When it was written.
    pub when: fn(Moment) -> String,
}

impl PartialEq for Wording {
    /// By the heads: each language has its own.
    fn eq(&self, other: &Self) -> bool {
        self.heads == other.heads
    }
}

impl Eq for Wording {}

impl std::fmt::Debug for Wording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wording").field("heads", &self.heads).finish_non_exhaustive()
    }
}

/// A table of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// As a file: CSV in UTF-8 with a byte order mark.
    pub csv: String,
    /// How many lines of the journal it has.
    pub lines: usize,
}

/// The lines that are asked for as a table, the oldest first.
///
/// # Errors
/// When the store cannot be read, or a line holds a NUL, at which some programs stop reading.
pub fn journal_table(ledger: &Ledger, filter: &Filter, wording: &Wording) -> Result<Table, ErrandError> {
    let mut table = Table { csv: MARK.to_owned(), lines: 0 };
    table.csv.push_str(&row(&wording.heads));
    ledger.read_lines(filter, |line| {
        let text = row(&fields(&line, wording));
        if text.contains('\0') {
            return Err(ErrandError::Unprintable { seq: line.seq });
        }
        table.csv.push_str(&text);
        table.lines += 1;
        Ok(())
    })?;
    Ok(table)
}

fn fields(line: &PageLine, wording: &Wording) -> [String; 8] {
    let fact = line.fact.as_ref();
    let sitting = fact.and_then(Fact::sitting);
    [
        line.seq.to_string(),
        (wording.when)(line.at),
        line.scribe.station.clone(),
        line.scribe.who.clone(),
        fact.and_then(Kind::of).map(wording.kind).unwrap_or_default(),
        sitting.map(|sitting| sitting.0.to_string()).unwrap_or_default(),
        (wording.fact)(fact),
        hex(&line.hash),
    ]
}

/// A row: every field in quotation marks, and none that begins like a formula.
fn row(fields: &[impl AsRef<str>]) -> String {
    let field = |field: &str| {
        let guard = if field.starts_with(FORMULAS) { "'" } else { "" };
        format!("\"{guard}{}\"", field.replace('"', "\"\""))
    };
    let fields: Vec<String> = fields.iter().map(|text| field(text.as_ref())).collect();
    format!("{}\r\n", fields.join(","))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes the table of a store that somebody may be writing to, and its last checkpoint, into the folder where its
/// portraits were delivered; returns how many lines the table has.
///
/// # Errors
/// When the store cannot be read, the folder refuses, or a line holds a NUL.
pub fn deliver_journal(
    store: &Store,
    filter: &Filter,
    wording: &Wording,
    to: &Path,
) -> Result<usize, ErrandError> {
    if machine::is_on_a_missing_stick(to) {
        return Err(ErrandError::NoStick);
    }
    let ledger = Ledger::read(store)?;
    let table = journal_table(&ledger, filter, wording)?;
    sync::lay(to, TABLE, table.csv.as_bytes())?;
    if let Some(noted) = ledger.last_checkpoint()? {
        sync::lay(to, CHECKPOINT, noted.note.text().as_bytes())?;
    }
    Ok(table.lines)
}

/// The whole journal to the letter: a JSON line for each of its lines, then one for each of its checkpoints.
///
/// # Errors
/// When the store cannot be read.
pub fn export_journal(ledger: &Ledger) -> Result<String, ErrandError> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let lines = ledger.raw_lines()?;
    let line = |line: &RawLine| {
        json!({
            "seq": line.seq,
            "at": line.at.0,
            "station": text(&line.station),
            "who": text(&line.who),
            "words": text(&line.words),
            "hash": hex(&line.hash),
        })
    };
    let note = |line: &RawLine| {
        let Fact::Checkpoint { note } = line.fact()? else { return None };
        Some(json!({ "seq": line.seq, "note": note }))
    };
    let records = lines.iter().map(line).chain(lines.iter().filter_map(note));
    Ok(records.map(|record| format!("{record}\n")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_begins_like_a_formula() {
        for wrong in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1", "－1"] {
            assert_eq!(row(&[wrong]), format!("\"'{wrong}\"\r\n"));
        }
        assert_eq!(row(&["a=1", "", "他说\"好\",\n走"]), "\"a=1\",\"\",\"他说\"\"好\"\",\n走\"\r\n");
    }
}
