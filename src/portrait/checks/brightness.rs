//! Brightness: 99号 一 "层次清晰", 三 "脸部曝光均匀". Kept so that a batch can be compared; judged only where a profile
//! asks, because the skin's own colour is in both.

use super::{Answer, Check, Subject, Verdict};
use crate::{language::Phrase, profile::Profile};

/// The mean linear luminance of the face, 0 to 255.
pub(super) struct Brightness;

/// The entropy of the face's luminance, 0 to 100 (OFIQ: bits times 12.5).
pub(super) struct DynamicRange;

/// From bits of entropy to 100 for the eight of a byte.
const PER_BIT: f64 = 12.5;

impl Check for Brightness {
    fn name(&self) -> &'static str {
        "brightness"
    }

    fn title(&self) -> Phrase {
        Phrase::new("脸部亮度", "brightness of the face")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let Some(face) = subject.face_pixels() else { return Answer::unknown() };
        let value = face.luminance.mean();
        match profile.checks.light.mean {
            None => Answer { value, ..Answer::unknown() },
            Some(window) => {
                let verdict = if window.contains(value) { Verdict::Pass } else { Verdict::Warn };
                Answer { verdict, value, limit: window.to_string() }
            }
        }
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new("脸部亮度不合适：请检查曝光", "the face is too bright or too dark: check the exposure")
    }
}

impl Check for DynamicRange {
    fn name(&self) -> &'static str {
        "dynamic_range"
    }

    fn title(&self) -> Phrase {
        Phrase::new("明暗层次", "dynamic range")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let Some(face) = subject.face_pixels() else { return Answer::unknown() };
        Answer::from_on(PER_BIT * face.luminance.entropy(), profile.checks.light.dynamic_range, "")
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new("脸部层次太少：请检查灯光和曝光", "the face looks flat: check lamps and exposure")
    }
}
