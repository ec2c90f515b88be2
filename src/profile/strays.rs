//! What becomes of shots that belong to nobody.

use serde::Deserialize;

/// What a school demands before a stray is given to a student.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StrayRules {
    /// Whether a second person must stand for it.
    pub four_eyes: bool,
}
