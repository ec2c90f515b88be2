//! What a connected camera tells a doctor, beside what it tells at every connection.

use serde::{Deserialize, Serialize};

/// Readings of a connected camera; what it does not tell is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Checkup {
    /// libgphoto2's version.
    pub library: String,
    /// Free bytes on its card.
    pub free_bytes: Option<u64>,
    /// Bytes its card has in all.
    pub card_bytes: Option<u64>,
    /// Which files it makes of a shot, in its own words (`Large Fine JPEG`).
    pub image_format: Option<String>,
    /// Where it puts them.
    pub target: Option<Target>,
}

/// Where a camera puts what it shoots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// In its own words (`Memory card`).
    pub said: String,
    /// Whether that is its card: there a broken cable loses nothing.
    pub is_card: bool,
}
