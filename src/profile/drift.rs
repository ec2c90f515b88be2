//! From where on a day has drifted from the station's calibration.

use serde::Deserialize;

/// How far the day may drift from the reference portrait before the operator is told. No contract has a number for
/// this: these are ours.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DriftLimits {
    /// Over so many kept portraits, the last ones: their median counts, which a few odd people do not move.
    pub portraits: u32,
    /// Difference of the cloth's lightness, in L\*: lamps or exposure have changed.
    pub light: f64,
    /// Colour difference of the cloth at equal lightness, CIEDE2000: white balance, a lamp of another colour.
    pub cloth: f64,
    /// The least sharpness as a share of the reference's: a lens that slipped. Faces differ from each other by more
    /// than lamps do, so this is wide.
    pub focus: f64,
    /// The age from which a calibration is another day's, in hours.
    pub hours: f64,
}

impl DriftLimits {
    /// What cannot be meant: key and reason.
    pub(super) fn doubt(&self) -> Option<(&'static str, String)> {
        let positive = |value: f64| value.is_finite() && value > 0.0;
        [
            (
                "drift.portraits",
                (1..=1000).contains(&self.portraits),
                f64::from(self.portraits),
                "no number of portraits",
            ),
            ("drift.light", positive(self.light), self.light, "no difference"),
            ("drift.cloth", positive(self.cloth), self.cloth, "no difference"),
            ("drift.focus", positive(self.focus) && self.focus < 1.0, self.focus, "no share between 0 and 1"),
            ("drift.hours", positive(self.hours), self.hours, "no age"),
        ]
        .into_iter()
        .find(|(_, holds, ..)| !holds)
        .map(|(key, _, value, what)| (key, format!("{value} is {what}")))
    }
}
