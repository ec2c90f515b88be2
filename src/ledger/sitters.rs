//! Everybody who sat, with what is kept of him and what of it was delivered: what the books are closed with.

use std::collections::HashMap;

use super::{Ledger, LedgerError, tables::digest};
use crate::{
    shot::Digest,
    student::{CaptureCode, StudentKey},
};

/// A student who sat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sitter {
    /// By what he is known again.
    pub student: StudentKey,
    /// The codes he sat with, in their order, each once.
    pub codes: Vec<CaptureCode>,
    /// Whether he sits at this moment.
    pub sits: bool,
    /// His portraits, the one kept first before the others.
    pub kept: Vec<KeptPortrait>,
}

/// A kept portrait of his.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptPortrait {
    /// Its object in the vault.
    pub object: Digest,
    /// Whether it was withdrawn: two persons said that it is not his.
    pub withdrawn: bool,
    /// Whether it stands: not withdrawn, and none took its place. Where two stand, a person decides.
    pub stands: bool,
    /// Whether it is his current one.
    pub current: bool,
    /// Whether it was delivered anywhere; his current one also only while nothing else of his was since.
    pub delivered: bool,
}

/// What a row says: student, code, whether he sits, and his portrait with its place in the journal.
type Row = (String, String, bool, Option<(i64, KeptPortrait)>);

impl Ledger {
    /// Everybody who sat, in the order in which they sat first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn sitters(&self) -> Result<Vec<Sitter>, LedgerError> {
        let mut sitters: Vec<(Sitter, Vec<(i64, KeptPortrait)>)> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for (student, code, sits, portrait) in self.rows()? {
            let code: CaptureCode =
                code.parse().map_err(|_no_code| LedgerError::Impossible { table: "sitting" })?;
            let place = *places.entry(student.clone()).or_insert(sitters.len());
            if place == sitters.len() {
                let student = StudentKey::of_ledger(student);
                sitters.push((Sitter { student, codes: vec![], sits: false, kept: vec![] }, vec![]));
            }
            let Some((sitter, kept)) = sitters.get_mut(place) else { continue };
            sitter.sits |= sits;
            // One who sat twice with a portrait withdrawn has two rows.
            if !sitter.codes.contains(&code) {
                sitter.codes.push(code);
            }
            kept.extend(portrait);
        }
        let in_order = |(sitter, mut kept): (Sitter, Vec<(i64, KeptPortrait)>)| {
            kept.sort_by_key(|(seq, _)| *seq);
            Sitter { kept: kept.into_iter().map(|(_, portrait)| portrait).collect(), ..sitter }
        };
        Ok(sitters.into_iter().map(in_order).collect())
    }

    fn rows(&self) -> Result<Vec<Row>, LedgerError> {
        let sql = "SELECT student, code, ending IS NULL, kept.seq, kept.object,
                       withdrawn IS NOT NULL,
                       EXISTS (SELECT 1 FROM standing WHERE standing.seq = kept.seq),
                       EXISTS (SELECT 1 FROM newest WHERE newest.seq = kept.seq),
                       EXISTS (SELECT 1 FROM delivery WHERE delivery.object = kept.object)
                           AND NOT EXISTS (SELECT 1 FROM waiting WHERE waiting.seq = kept.seq)
                   FROM sitting LEFT JOIN kept ON kept.sitting = sitting.id ORDER BY sitting.id";
        let mut query = self.db.prepare_cached(sql)?;
        let rows = query.query_map([], |row| {
            let portrait = match row.get::<_, Option<i64>>(3)? {
                None => None,
                Some(seq) => Some((
                    seq,
                    KeptPortrait {
                        object: digest(row, 4)?,
                        withdrawn: row.get(5)?,
                        stands: row.get(6)?,
                        current: row.get(7)?,
                        delivered: row.get(8)?,
                    },
                )),
            };
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, portrait))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
