//! Files that did not come whole, and how often, until they are given up.

use std::collections::HashMap;

use super::super::{CameraError, CardFile};

/// A file is left on the card when it was not whole three times, or its cable broke twelve times.
const GIVEN_UP_AT: u32 = 12;
const WEIGHT_OF_A_FILE: u32 = 4;

/// How often each file did not come whole, weighted.
#[derive(Debug, Default)]
pub(super) struct Failures(HashMap<CardFile, u32>);

impl Failures {
    /// A file did not come whole once more. Whether nobody should try again.
    pub(super) fn another(&mut self, file: &CardFile, why: &CameraError) -> bool {
        let is_its_own = matches!(why, CameraError::Truncated { .. } | CameraError::NoAnswer { .. });
        let failures = self.0.entry(file.clone()).or_default();
        *failures += if is_its_own { WEIGHT_OF_A_FILE } else { 1 };
        *failures >= GIVEN_UP_AT
    }

    /// How often, weighted.
    pub(super) fn of(&self, file: &CardFile) -> u32 {
        self.0.get(file).copied().unwrap_or_default()
    }

    /// How many files are left where they are.
    pub(super) fn given_up(&self) -> usize {
        self.0.values().filter(|failures| **failures >= GIVEN_UP_AT).count()
    }
}
