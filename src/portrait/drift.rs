//! 漂移: whether the day is still as it was at the calibration. A lamp that sags or a lens that slips spoils portraits
//! one by one, each of them within the limits, long before a check fails.

use std::collections::VecDeque;

use super::{Portrait, lab::Lab};
use crate::{profile::DriftLimits, settings::Calibration};

/// What is told is told until it has come back to this share of the limit, so that a day on the edge does not flicker.
const BACK: f64 = 0.8;

/// What has drifted, and how far the median is off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Away {
    /// The cloth's lightness, in L\*; positive where it is lighter than at the calibration.
    Light(f64),
    /// The cloth's colour at equal lightness, CIEDE2000.
    Cloth(f64),
    /// Sharpness, as a share of the reference's.
    Focus(f64),
}

/// Watches the last portraits.
#[derive(Debug)]
pub struct Drift {
    limits: DriftLimits,
    cloth: Lab,
    focus: f64,
    last: VecDeque<Seen>,
    told: [bool; 3],
}

/// What of a portrait is held against the reference.
#[derive(Debug, Clone, Copy)]
struct Seen {
    light: f64,
    cloth: f64,
    focus: f64,
}

impl Drift {
    /// Nothing was seen yet.
    #[must_use]
    pub fn new(calibration: &Calibration, limits: DriftLimits) -> Self {
        Self {
            limits,
            cloth: Lab::from_srgb(calibration.cloth.map(f64::from)),
            focus: calibration.focus,
            last: VecDeque::new(),
            told: [false; 3],
        }
    }

    /// Takes in a kept portrait; gives what has drifted by now. Where its cloth or its sharpness could not be seen it
    /// says nothing.
    pub fn see(&mut self, portrait: &Portrait) -> Vec<Away> {
        let focus = portrait.findings.iter().find(|finding| finding.check == "focus");
        if let (Some(cloth), Some(focus)) = (portrait.cloth, focus.map(|finding| finding.answer.value))
            && focus.is_finite()
        {
            self.take_in(cloth, focus);
        }
        self.away()
    }

    fn take_in(&mut self, cloth: [u8; 3], focus: f64) {
        let cloth = Lab::from_srgb(cloth.map(f64::from));
        let as_light = Lab { l: self.cloth.l, ..cloth };
        let seen = Seen {
            light: cloth.l - self.cloth.l,
            cloth: self.cloth.difference(as_light),
            focus: focus / self.focus,
        };
        self.last.push_back(seen);
        if self.last.len() > self.limits.portraits as usize {
            self.last.pop_front();
        }
    }

    /// Says nothing of fewer portraits than the profile asks for.
    fn away(&mut self) -> Vec<Away> {
        if self.last.len() < self.limits.portraits as usize {
            return vec![];
        }
        let median = |value: fn(&Seen) -> f64| {
            let mut values: Vec<f64> = self.last.iter().map(value).collect();
            let middle = values.len() / 2;
            *values.select_nth_unstable_by(middle, f64::total_cmp).1
        };
        let (light, cloth, focus) =
            (median(|seen| seen.light), median(|seen| seen.cloth), median(|seen| seen.focus));
        let DriftLimits { light: most_light, cloth: most_cloth, focus: least_focus, .. } = self.limits;
        let by = [
            (Away::Light(light), light.abs() / most_light),
            (Away::Cloth(cloth), cloth / most_cloth),
            (Away::Focus(focus), (1.0 - focus) / (1.0 - least_focus)),
        ];
        let mut away = Vec::new();
        for ((what, share), told) in by.into_iter().zip(&mut self.told) {
            *told = share > if *told { BACK } else { 1.0 };
            if *told {
                away.push(what);
            }
        }
        away
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shot::Moment;

    const BLUE: [u8; 3] = [100, 197, 255];
    /// The same blue with less light: 4.2 L* darker.
    const DARKER: [u8; 3] = [93, 184, 238];
    /// About as light, but warmer.
    const WARMER: [u8; 3] = [130, 194, 220];

    fn drift() -> Drift {
        let calibration = Calibration {
            taken: Moment(0),
            camera: None,
            cloth: BLUE,
            focus: 0.1,
            edges: 5.0,
            pitch_zero_deg: -6.0,
        };
        let limits = DriftLimits { portraits: 5, light: 3.0, cloth: 4.0, focus: 0.5, hours: 24.0 };
        Drift::new(&calibration, limits)
    }

    fn after(drift: &mut Drift, count: usize, cloth: [u8; 3], focus: f64) -> Vec<Away> {
        for _ in 0..count {
            drift.take_in(cloth, focus);
        }
        drift.away()
    }

    #[test]
    fn less_light_is_told_and_is_gone_when_it_is_back() {
        let mut drift = drift();
        assert_eq!(after(&mut drift, 9, BLUE, 0.1), []);
        assert_eq!(after(&mut drift, 2, DARKER, 0.1), [], "two of five are a minority");
        let told = after(&mut drift, 1, DARKER, 0.1);
        assert!(matches!(told[..], [Away::Light(by)] if (-5.5..-3.0).contains(&by)), "{told:?}");
        assert_eq!(after(&mut drift, 4, BLUE, 0.1), []);
    }

    #[test]
    fn one_odd_portrait_tells_nothing_and_neither_do_too_few() {
        let mut drift = drift();
        assert_eq!(after(&mut drift, 4, DARKER, 0.01), [], "four are too few");
        let mut drift = self::drift();
        after(&mut drift, 5, BLUE, 0.1);
        assert_eq!(after(&mut drift, 1, [20, 20, 20], 0.001), []);
    }

    #[test]
    fn another_colour_and_a_lens_that_slipped_have_their_own_words() {
        let told = after(&mut drift(), 5, WARMER, 0.1);
        assert!(matches!(told[..], [Away::Cloth(by)] if by > 4.0), "{told:?}");
        let told = after(&mut drift(), 5, BLUE, 0.04);
        assert!(matches!(told[..], [Away::Focus(share)] if (share - 0.4).abs() < 1e-9), "{told:?}");
        assert_eq!(after(&mut drift(), 5, BLUE, 0.3), [], "sharper is no fault");
    }

    #[test]
    fn a_day_on_the_edge_does_not_flicker() {
        let mut drift = drift();
        assert_eq!(after(&mut drift, 5, BLUE, 0.051), []);
        assert!(!after(&mut drift, 5, BLUE, 0.049).is_empty());
        assert!(!after(&mut drift, 5, BLUE, 0.051).is_empty(), "not yet well again");
        assert_eq!(after(&mut drift, 5, BLUE, 0.065), []);
    }
}
