//! Red eyes: 99号 三 "无红眼". Without a flash there are none; the check is for whoever brings one.

use super::{Answer, Check, Eye, Subject};
use crate::{language::Phrase, profile::Profile};

/// How red the redder pupil is: red over the larger of green and blue.
pub(super) struct RedEye;

/// The part of the iris that is looked at, in its radii: the pupil in weak light.
const PUPIL: f64 = 0.6;

/// A pupil darker than this (of 255) is black, whatever the ratio of its few counts.
const BLACK: f64 = 60.0;

impl Check for RedEye {
    fn name(&self) -> &'static str {
        "red_eye"
    }

    fn title(&self) -> Phrase {
        Phrase::new("红眼", "red eyes")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let redder = subject.features.eyes.iter().map(|eye| redness(subject, eye)).fold(f64::NAN, f64::max);
        Answer::at_most(redder, profile.checks.eyes.red, "")
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new(
            "瞳孔发红：请关掉相机上的闪光灯后重拍",
            "red pupils: switch the camera's flash off and shoot again",
        )
    }

    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        None
    }
}

/// NaN when no pixel of the pupil is in the picture.
fn redness(subject: &Subject<'_>, eye: &Eye) -> f64 {
    let radius = PUPIL * eye.iris_radius * subject.placement.scale;
    let middle = subject.in_portrait(eye.iris);
    let side = 2.0 * radius;
    let colours = subject.colours_around(middle, (side, side), |dx, dy| dx.hypot(dy) <= radius);
    let count = colours.len() as f64;
    let mean = |channel: usize| {
        colours.iter().filter_map(|colour| colour.get(channel)).map(|byte| f64::from(*byte)).sum::<f64>()
            / count
    };
    let [red, green, blue] = [0, 1, 2].map(mean);
    if red < BLACK { 1.0 } else { red / green.max(blue) }
}
