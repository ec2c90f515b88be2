//! 清空: what goes before a ledger's file does. Every row is overwritten where it lay, the file is written anew without
//! them, and what was still beside it is brought in and cut off.
//!
//! It is the lesser half: blocks that the file once had stay on the disk, sealed (measured: facts/record.md section 2).
//! What makes them worthless is that the key goes.

use super::{Ledger, LedgerError};

impl Ledger {
    /// Leaves nothing in the ledger, and closes it.
    ///
    /// # Errors
    /// When the store refuses; it is to be taken for full then.
    pub fn empty(self) -> Result<(), LedgerError> {
        let db = self.db;
        db.pragma_update(None, "secure_delete", true)?;
        // Outside a transaction only: everything goes, so nothing can be left dangling.
        db.pragma_update(None, "foreign_keys", false)?;
        let mut named =
            db.prepare("SELECT name FROM sqlite_master WHERE type = ?1 AND name NOT LIKE 'sqlite%'")?;
        let mut names = |kind: &str| -> Result<Vec<String>, LedgerError> {
            let names = named.query_map([kind], |row| row.get::<_, String>(0))?;
            Ok(names.map(|name| name.map(|name| name.replace('"', "\"\""))).collect::<Result<_, _>>()?)
        };
        let (triggers, tables) = (names("trigger")?, names("table")?);
        drop(named);
        let sql: String = triggers
            .iter()
            .map(|name| format!("DROP TRIGGER \"{name}\";"))
            .chain(tables.iter().map(|name| format!("DELETE FROM \"{name}\";")))
            .collect();
        db.execute_batch(&format!("BEGIN IMMEDIATE;{sql}COMMIT;VACUUM;")).map_err(LedgerError::from_write)?;
        db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        db.close().map_err(|(_still_open, err)| err.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        keys::{Keys, Store},
        shot::Moment,
        station::Fact,
    };

    #[test]
    fn an_emptied_ledger_holds_no_row_and_nothing_lies_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path(), Keys::generate().unwrap());
        let mut ledger = Ledger::open(&store).unwrap();
        let opened = |n: i64| Fact::Opened {
            station: format!("station {n}"),
            profile: "p".repeat(4000),
            version: "1".to_owned(),
        };
        let facts: Vec<Fact> = (0..200).map(opened).collect();
        ledger.record_together(Moment(0), &facts.iter().collect::<Vec<_>>()).unwrap();
        ledger.empty().unwrap();
        let size = |name: &str| std::fs::metadata(folder.path().join(name)).map_or(0, |data| data.len());
        assert!(size("ledger.sqlite-wal") == 0, "what was beside it is brought in");
        assert!(size("ledger.sqlite") < 400_000, "{} bytes: written anew", size("ledger.sqlite"));
        assert_eq!(Ledger::read(&store).unwrap().lines().unwrap(), []);
    }
}
