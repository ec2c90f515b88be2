//! Evenness of light, left and right: 99号 三 "照明光线均匀", against 阴阳脸.

use super::{Answer, Check, Subject};
use crate::{language::Phrase, profile::Profile};

/// How alike the luminance of both cheeks is, 0 to 100: 100 times the overlap of their histograms to the power of 0.3
/// (OFIQ 1.0.3, `IlluminationUniformity`).
pub(super) struct LightEvenness;

const POWER: f64 = 0.3;

impl Check for LightEvenness {
    fn name(&self) -> &'static str {
        "light_evenness"
    }

    fn title(&self) -> Phrase {
        Phrase::new("左右光线", "light left and right")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let Some(cheeks) = subject.cheeks() else { return Answer::unknown() };
        Answer::from_on(100.0 * cheeks.overlap.powf(POWER), profile.checks.light.evenness, "")
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new(
            "脸部一边亮一边暗：请把两侧灯光调成一样",
            "one side of the face is darker: make both lamps alike",
        )
    }
}
