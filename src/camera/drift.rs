//! Settings that move away from where they belong.
//!
//! Where a dial was found after the family's wishes were carried out, or else what the first file says, is proper.
//! What differs from it later, in a file or after a new connection, is told once with old and new value, and again
//! only when it changes again. What comes back is forgiven; what lasts for some files was meant, and is proper itself.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    CameraError,
    values::{agrees, of_a_shot, same, shown},
};
use crate::{profile::Setting, shot::AsShot};

/// A drift that lasts for so many files was meant.
const MEANT_AFTER: u32 = 5;

/// The settings of one body.
#[derive(Debug, Default)]
pub(super) struct Drift {
    /// What each should be.
    proper: BTreeMap<Setting, String>,
    /// What each was when it was heard of last, where that differs, and in how many files.
    drifted: BTreeMap<Setting, (String, u32)>,
    /// What the photographer has set otherwise and meant.
    meant: BTreeSet<Setting>,
}

impl Drift {
    /// Whether everything is where it belongs.
    pub(super) fn is_none(&self) -> bool {
        self.drifted.is_empty()
    }

    /// Whether the photographer has set this otherwise and meant it: it is his from then on.
    pub(super) fn is_meant(&self, setting: Setting) -> bool {
        // Files tell a format by its size.
        let in_files = if setting == Setting::ImageFormat { Setting::Pixels } else { setting };
        self.meant.contains(&setting) || self.meant.contains(&in_files)
    }

    /// A dial was turned where it belongs.
    pub(super) fn settle(&mut self, setting: Setting, value: &str) {
        self.drifted.remove(&setting);
        self.proper.insert(setting, value.to_owned());
    }

    /// A dial that is the photographer's was read.
    pub(super) fn read(&mut self, setting: Setting, value: &str) -> Option<CameraError> {
        self.compare(setting, value, same)
    }

    /// A file came: what it says of how it was exposed, held against what should be.
    pub(super) fn see(&mut self, as_shot: &AsShot) -> Vec<CameraError> {
        let said = of_a_shot(as_shot);
        let told = said.iter().filter_map(|(setting, value)| self.compare(*setting, value, agrees)).collect();
        self.drifted.values_mut().for_each(|(_, files)| *files += 1);
        for (setting, (value, _)) in self.drifted.extract_if(.., |_, (_, files)| *files >= MEANT_AFTER) {
            self.meant.insert(setting);
            self.proper.insert(setting, value);
        }
        told
    }

    fn compare(
        &mut self,
        setting: Setting,
        value: &str,
        is_proper: impl Fn(Setting, &str, &str) -> bool,
    ) -> Option<CameraError> {
        let proper = self.proper.entry(setting).or_insert_with(|| value.to_owned());
        if is_proper(setting, proper, value) {
            self.drifted.remove(&setting);
            return None;
        }
        if self.drifted.get(&setting).is_some_and(|(before, _)| same(setting, before, value)) {
            return None;
        }
        self.drifted.insert(setting, (value.to_owned(), 0));
        let [from, to] = [proper, value].map(|text| shown(setting, text));
        Some(CameraError::SettingChanged { setting, from, to })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(f_number: f64) -> AsShot {
        AsShot { f_number: Some(f_number), ..AsShot::default() }
    }

    fn told(from: &str, to: &str) -> Vec<CameraError> {
        let (from, to) = (from.to_owned(), to.to_owned());
        vec![CameraError::SettingChanged { setting: Setting::Aperture, from, to }]
    }

    #[test]
    fn a_drift_is_told_once_and_forgiven_when_it_ends() {
        let mut drift = Drift::default();
        assert_eq!(drift.see(&at(8.0)), [], "the first file sets the standard");
        assert_eq!(drift.see(&at(5.6)), told("f/8", "f/5.6"));
        assert_eq!(drift.see(&at(5.6)), []);
        assert_eq!(drift.see(&at(4.0)), told("f/8", "f/4"), "it changed again");
        assert!(!drift.is_none());
        assert_eq!(drift.see(&at(8.0)), []);
        assert!(drift.is_none());
    }

    #[test]
    fn what_lasts_was_meant() {
        let mut drift = Drift::default();
        drift.settle(Setting::Aperture, "8");
        assert_eq!(drift.see(&at(11.0)), told("f/8", "f/11"));
        for _ in 1..MEANT_AFTER {
            assert!(!drift.is_none() && !drift.is_meant(Setting::Aperture));
            assert_eq!(drift.see(&at(11.0)), []);
        }
        assert!(drift.is_none() && drift.is_meant(Setting::Aperture) && !drift.is_meant(Setting::Iso));
        assert_eq!(drift.see(&at(8.0)), told("f/11", "f/8"));
        drift.settle(Setting::Aperture, "8");
        assert!(drift.is_none(), "set where it belongs");
    }

    #[test]
    fn a_file_that_says_nothing_says_nothing() {
        let mut drift = Drift::default();
        drift.settle(Setting::Aperture, "8");
        assert_eq!(drift.see(&AsShot::default()), []);
        assert!(drift.is_none());
    }

    /// A white balance read from a dial and one read from a file are the same in other words.
    #[test]
    fn a_white_balance_that_was_meant_is_known_again_on_the_dial() {
        let mut drift = Drift::default();
        let auto = AsShot { auto_white_balance: Some(true), ..AsShot::default() };
        assert_eq!(drift.read(Setting::WhiteBalance, "Daylight"), None);
        assert_eq!(drift.see(&auto).len(), 1);
        for _ in 1..MEANT_AFTER {
            drift.see(&auto);
        }
        assert_eq!(drift.read(Setting::WhiteBalance, "Auto"), None);
        assert!(drift.read(Setting::WhiteBalance, "Cloudy").is_some());
    }
}
