//! How a camera stands.

use serde::{Deserialize, Serialize};

use crate::profile::Setting;

/// How a camera stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CameraStatus {
    /// The family it was taken for.
    pub family: String,
    /// Its battery, in its own words (`75%`).
    pub battery: Option<String>,
    /// Whether somebody should fetch another battery.
    pub battery_is_low: bool,
    /// Shots left on its card, by its own estimate.
    pub shots_left: Option<u32>,
    /// What its dials stood at when it was connected.
    pub settings: Vec<Reading>,
    /// Whether everything is as it was settled then.
    pub as_settled: bool,
}

/// What one dial of a camera stands at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Which.
    pub setting: Setting,
    /// Its value in the driver's words; `None` when the body does not tell.
    pub value: Option<String>,
    /// Where it should stand, when the body refused that.
    pub wanted: Option<String>,
    /// Where it stood before it was turned; `None` when it was left alone.
    pub before: Option<String>,
}
