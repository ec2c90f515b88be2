//! How the store's file is opened: with its key, by an SQLite that is new enough and does encrypt.

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::Once,
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};

use super::LedgerError;
use crate::keys::{Keys, Store};

/// The oldest SQLite without the WAL-reset corruption bug (3.7.0 to 3.51.2).
const OLDEST_SQLITE: i32 = 3_051_003;

/// A connection has this long to get the database from another one.
const PATIENCE: Duration = Duration::from_secs(5);

/// The ledger's file within a store.
const FILE: &str = "ledger.sqlite";

/// Where the ledger of a store lies.
#[must_use]
pub fn file_of(store: &Path) -> PathBuf {
    store.join(FILE)
}

/// What was committed and does not stand in that file yet.
fn log_of(store: &Path) -> PathBuf {
    store.join(format!("{FILE}-wal"))
}

/// Whether there is a ledger in a folder: then it is a store.
#[must_use]
pub fn is_store(folder: &Path) -> bool {
    file_of(folder).exists()
}

/// Opens the ledger of a store; makes it only if `flags` say so.
pub(super) fn connect(store: &Store, flags: OpenFlags) -> Result<Connection, LedgerError> {
    connect_to(&file_of(store.folder()), store.keys(), flags)
}

/// The same for a ledger's file that lies elsewhere: a copy is sealed with the store's key like the ledger itself.
pub(super) fn connect_to(file: &Path, keys: &Keys, flags: OpenFlags) -> Result<Connection, LedgerError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(LedgerError::OldSqlite { found: rusqlite::version() });
    }
    wake_the_cipher();
    let db = Connection::open_with_flags(file, flags)?;
    // Else a wrong key would be told on the terminal, in SQLCipher's words, besides being told by us.
    db.pragma_update(None, "cipher_log_level", "NONE")?;
    // Before everything else: only then is the first page readable. A raw key is not stretched a second time.
    db.pragma_update(None, "key", keys.ledger_key().raw_key_text().as_str())?;
    // An SQLite without a cipher takes no notice of the key and would write in the clear.
    if db.pragma_query_value(None, "cipher_version", |row| row.get::<_, String>(0)).is_err() {
        return Err(LedgerError::NoCipher);
    }
    db.busy_timeout(PATIENCE)?;
    // The first page that is read tells whether the key is the right one.
    if let Err(err) = db.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(())) {
        return Err(match err.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => LedgerError::NotOurs,
            _ => err.into(),
        });
    }
    // What SQLite sorts beside its pages is not encrypted: it stays in memory.
    db.pragma_update(None, "temp_store", "MEMORY")?;
    for (pragma, on) in [("foreign_keys", true), ("trusted_schema", false), ("cell_size_check", true)] {
        db.pragma_update(None, pragma, on)?;
    }
    Ok(db)
}

/// SQLite says that it is ready before SQLCipher is (SQLITE_EXTRA_INIT runs after `isInit`, outside its lock): whoever
/// opens in that moment is refused the key. The first connection of a program is opened alone, and every other waits.
fn wake_the_cipher() {
    static AWAKE: Once = Once::new();
    // Whoever cannot open this one cannot open any other, and says so.
    AWAKE.call_once(|| drop(Connection::open_in_memory()));
}

/// Opens the ledger of a store, or makes it, so that what it says is written is on the disk.
pub(super) fn connect_to_write(store: &Store) -> Result<Connection, LedgerError> {
    let db = connect(store, OpenFlags::default())?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "secure_delete", true)?;
    Ok(db)
}

/// Makes what stands in the write-ahead log stand in the ledger's own file, durably, and the log empty; says whether it
/// does, which it does not while somebody reads what was before.
///
/// After an fsync that failed Linux takes what is in its memory for written: whatever was committed then may be read and
/// yet be on no disk, and asking for the same bytes again says nothing. Other bytes in another file do.
pub(super) fn settle(db: &Connection, store: &Path) -> Result<bool, LedgerError> {
    // Whoever waits for this is a student.
    db.busy_timeout(Duration::ZERO)?;
    let busy: Result<bool, _> = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
    db.busy_timeout(PATIENCE)?;
    if busy? {
        return Ok(false);
    }
    // SQLite does not wait for the log's end: the old one, found again after a power cut, would be laid over the new file.
    File::open(log_of(store)).and_then(|log| log.sync_all()).map_err(LedgerError::Log)?;
    Ok(true)
}

/// Whether a connection still reads. After one failed read the cipher refuses everything (SQLCipher 4: its codec keeps
/// its error), however well the disk is again.
pub(super) fn reads(db: &Connection) -> bool {
    db.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(())).is_ok()
}

#[cfg(test)]
mod tests {
    use crate::{
        keys::{Keys, Store},
        ledger::Ledger,
        shot::Moment,
        station::Fact,
    };

    #[test]
    fn what_was_committed_when_a_write_failed_is_in_the_file_before_anything_rests_on_it() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path(), Keys::generate().unwrap());
        let mut ledger = Ledger::open(&store).unwrap();
        let opened =
            Fact::Opened { station: "A1".to_owned(), profile: "p".to_owned(), version: "1".to_owned() };
        ledger.record(Moment(0), &opened).unwrap();
        let waits = || std::fs::metadata(super::log_of(folder.path())).unwrap().len() > 0;
        assert!(!ledger.renew(&store).unwrap() && waits(), "a ledger that is well is left alone");
        // As after a commit whose fsync failed, while somebody reads what was before the next one.
        let reader = Ledger::read(&store).unwrap();
        reader
            .held_still(|reader| {
                assert_eq!(reader.lines()?.len(), 1);
                ledger.record(Moment(1), &opened)?;
                ledger.ailing = true;
                assert!(ledger.renew(&store)? && waits(), "nobody waits for a reader");
                ledger.record(Moment(2), &opened)
            })
            .unwrap();
        assert!(!ledger.renew(&store).unwrap() && !waits());
        assert_eq!(ledger.lines().unwrap().len(), 3);
    }
}
