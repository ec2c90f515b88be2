//! A rehearsal's people and real students never share a store: nobody could tell them apart later.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Lies in a store that a rehearsal made.
const MARK: &str = "REHEARSAL";

/// Why a store is not for this.
#[derive(Debug, thiserror::Error)]
pub enum Mixed {
    /// A rehearsal was asked for in a store of real students.
    #[error("this store holds real students")]
    RealStudents,
    /// Real students were to be photographed into a rehearsal's store.
    #[error("this store is a rehearsal's")]
    Rehearsed,
    /// The store cannot be marked.
    #[error("{0:?} cannot be written: {1}")]
    Unwritable(PathBuf, io::Error),
}

/// Whether a store is a rehearsal's.
#[must_use]
pub fn is_rehearsal(store: &Path) -> bool {
    store.join(MARK).exists()
}

/// Whether a store is for a rehearsal, or for real students; a rehearsal's new store is marked.
///
/// # Errors
/// When it is for the other, or cannot be marked.
pub fn keep_apart(store: &Path, rehearsal: bool) -> Result<(), Mixed> {
    let mark = store.join(MARK);
    let in_use = || fs::read_dir(store).is_ok_and(|mut files| files.next().is_some());
    match (rehearsal, mark.exists()) {
        (false, true) => Err(Mixed::Rehearsed),
        (true, false) if in_use() => Err(Mixed::RealStudents),
        (true, false) => {
            let marked = fs::create_dir_all(store).and_then(|()| fs::write(&mark, []));
            marked.map_err(|err| Mixed::Unwritable(mark, err))
        }
        (true, true) | (false, false) => Ok(()),
    }
}
