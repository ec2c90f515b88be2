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

/// Current portraits that are not what was delivered last of their students, oldest first.
pub(super) fn waiting(db: &Connection) -> Result<Vec<Parcel>, LedgerError> {
    parcels(db, "SELECT code, sitting, shot, object, jpeg, bytes FROM queue ORDER BY seq")
}

/// Current portraits, oldest first.
pub(super) fn current(db: &Connection) -> Result<Vec<Parcel>, LedgerError> {
    parcels(db, "SELECT code, sitting, shot, object, jpeg, bytes FROM current_portrait ORDER BY seq")
}

impl Ledger {
    /// Whether a portrait was delivered to a target, and does not wait to be delivered again.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn is_delivered(&self, target: &str, object: Digest) -> Result<bool, LedgerError> {
        let sql = "SELECT 1 FROM delivery JOIN kept USING (object)
                   WHERE target = ?1 AND object = ?2 AND kept.seq NOT IN (SELECT seq FROM waiting)";
        Ok(self.db.prepare_cached(sql)?.exists(params![target, object.to_string()])?)
    }

    /// Whose each portrait was said to be that is nobody's current one, with the SHA-256 of its JPEG: what a retake or a
    /// correction has overtaken, and a folder may still show.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn overtaken(&self) -> Result<Vec<(CaptureCode, Digest)>, LedgerError> {
        let sql = "SELECT sitting.code, kept.jpeg FROM kept JOIN sitting ON sitting.id = kept.sitting
                   WHERE kept.seq NOT IN (SELECT seq FROM newest)";
        let mut query = self.db.prepare_cached(sql)?;
        let rows = query.query_map([], |row| Ok((row.get::<_, String>(0)?, digest(row, 1)?)))?;
        rows.map(|row| {
            let (code, jpeg) = row?;
            let code = code.parse().map_err(|_no_code| LedgerError::Impossible { table: "sitting" })?;
            Ok((code, jpeg))
        })
        .collect()
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
