//! A store that is being made of a backup: a mark lies in it until it has its name, and says of which backup.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use crate::shot::Digest;

/// Lies in a store that is not whole yet, and names the ledger it is made of.
const MARK: &str = "RESTORING";

/// Marks a folder: a store is made there of this ledger's backup. On the disk when this returns.
///
/// # Errors
/// When the disk refuses.
pub fn begin_restoring(folder: &Path, ledger: Digest) -> io::Result<()> {
    let mark = folder.join(MARK);
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(mark)?;
    file.write_all(ledger.to_string().as_bytes())?;
    file.sync_all()
}

/// Whether a folder is marked as being made of this ledger's backup.
#[must_use]
pub fn is_restoring(folder: &Path, ledger: Digest) -> bool {
    fs::read_to_string(folder.join(MARK)).is_ok_and(|of| of == ledger.to_string())
}

/// Takes the mark away, where there is one. Whoever makes a store does it last, and whoever opens one does it too: power
/// may fail between the one and the other, and what somebody works with must never be restored over.
///
/// # Errors
/// When the disk refuses: then whoever opens the store next takes it away.
pub fn end_restoring(folder: &Path) -> io::Result<()> {
    match fs::remove_file(folder.join(MARK)) {
        Err(err) if err.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed.and_then(|()| File::open(folder)?.sync_all()),
    }
}
