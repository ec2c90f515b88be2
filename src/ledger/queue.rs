//! 待上传队列: what waits for delivery, a view of what was kept. A student's last kept portrait wins.

use rusqlite::{Connection, Row, params};

use super::{Ledger, LedgerError, tables::digest};
use crate::{
    shot::{Digest, ShotId, SittingId},
    student::CaptureCode,
};

/// One portrait to deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// Whose.
    pub code: CaptureCode,
    /// Which sitting.
    pub sitting: SittingId,
    /// Which shot.
    pub shot: ShotId,
    /// The object in the vault.
    pub object: Digest,
    /// SHA-256 of the JPEG.
    pub jpeg: Digest,
    /// Its length in bytes.
    pub bytes: usize,
}

/// Current portraits that were delivered nowhere, oldest first.
pub(super) fn waiting(db: &Connection) -> Result<Vec<Parcel>, LedgerError> {
    parcels(db, "SELECT code, sitting, shot, object, jpeg, bytes FROM queue ORDER BY seq")
}

/// Current portraits, oldest first.
pub(super) fn current(db: &Connection) -> Result<Vec<Parcel>, LedgerError> {
    parcels(db, "SELECT code, sitting, shot, object, jpeg, bytes FROM current_portrait ORDER BY seq")
}

impl Ledger {
    /// Whether a portrait was delivered to a target.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn is_delivered(&self, target: &str, object: Digest) -> Result<bool, LedgerError> {
        let sql = "SELECT 1 FROM delivery WHERE target = ?1 AND object = ?2";
        Ok(self.db.prepare_cached(sql)?.exists(params![target, object.to_string()])?)
    }
}

fn parcels(db: &Connection, sql: &str) -> Result<Vec<Parcel>, LedgerError> {
    let mut query = db.prepare_cached(sql)?;
    let rows = query.query_map([], read)?.collect::<Result<Vec<_>, _>>()?;
    rows.into_iter().collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Result<Parcel, LedgerError>> {
    let code: String = row.get(0)?;
    let (sitting, shot) = (row.get::<_, i64>(1)?, row.get::<_, i64>(2)?);
    let (object, jpeg) = (digest(row, 3)?, digest(row, 4)?);
    let bytes = row.get::<_, i64>(5)? as usize;
    Ok(match code.parse() {
        Ok(code) => Ok(Parcel {
            code,
            sitting: SittingId(sitting as u64),
            shot: ShotId(shot as u64),
            object,
            jpeg,
            bytes,
        }),
        Err(_no_code) => Err(LedgerError::Impossible { table: "sitting" }),
    })
}
