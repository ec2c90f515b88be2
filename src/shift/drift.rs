//! Whether the day is still as it was at the calibration.

use crate::{
    portrait::{Drift, Portrait, References},
    profile::Profile,
    screens::{Words, trouble},
    settings::Calibration,
    shot::Moment,
};

/// The station's calibration, if there is one, and the day beside it.
#[derive(Debug)]
pub(super) struct Drifting {
    calibration: Option<Calibration>,
    drift: Option<Drift>,
    /// From this age on a calibration is another day's, in hours.
    hours: f64,
}

impl Drifting {
    pub(super) fn new(calibration: Option<Calibration>, profile: &Profile) -> Self {
        let drift = calibration.as_ref().map(|calibration| Drift::new(calibration, profile.drift));
        Self { calibration, drift, hours: profile.drift.hours }
    }

    /// Whether anything was measured to compare the day with.
    pub(super) fn is_calibrated(&self) -> bool {
        self.calibration.is_some()
    }

    /// The calibration that portraits are held against.
    pub(super) fn calibration(&self) -> Option<&Calibration> {
        self.calibration.as_ref()
    }

    /// Another calibration: the day begins anew beside it.
    pub(super) fn begin_anew(&mut self, calibration: Calibration, profile: &Profile) {
        *self = Self::new(Some(calibration), profile);
    }

    /// What the checks hold portraits against.
    pub(super) fn references(&self) -> References {
        self.calibration.as_ref().map_or_else(References::default, References::from)
    }

    /// Words for a calibration of another day.
    pub(super) fn stale(&self, now: Moment) -> Option<Words> {
        let taken = self.calibration.as_ref()?.taken;
        let hours = (now.0 - taken.0) as f64 / 3_600_000.0;
        (hours > self.hours).then(|| trouble::stale_calibration(hours))
    }

    /// Takes in a portrait that is kept; words for what has drifted, as long as it has.
    pub(super) fn see(&mut self, portrait: &Portrait) -> Option<Words> {
        let away = self.drift.as_mut()?.see(portrait);
        trouble::drift(&away)
    }
}
