//! Files on cards by their names, and when a name means the same file.

use std::collections::HashMap;

use super::super::{CardFile, ListedFile, known::is_same_time};

/// Files by name and length, and when each was written.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<CardFile, Vec<Option<i64>>>);

impl Names {
    pub(super) fn contains(&self, listed: &ListedFile) -> bool {
        self.0
            .get(&listed.file)
            .is_some_and(|all| all.iter().any(|written| is_same(*written, listed.written)))
    }

    /// `false` when it was there.
    pub(super) fn insert(&mut self, listed: ListedFile) -> bool {
        let is_new = !self.contains(&listed);
        if is_new {
            self.0.entry(listed.file).or_default().push(listed.written);
        }
        is_new
    }
}

/// Whether a file that was written then is the one that was written at the other time. What says nothing of its
/// time is known by its name.
pub(super) fn is_same(one: Option<i64>, other: Option<i64>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => is_same_time(one, other),
        (one, other) => one == other,
    }
}
