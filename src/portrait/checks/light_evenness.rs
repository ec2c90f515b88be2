//! Evenness of light, left and right: 99号 三 "照明光线均匀", against 阴阳脸.

use super::{Answer, Check, Subject};
use crate::{language::Phrase, profile::Profile};

/// How much light the darker cheek has of the brighter one's, in per cent: 50 is one stop.
///
/// A share of light is the same for every skin and every exposure. OFIQ's `IlluminationUniformity` lays the histograms
/// of both cheeks over each other instead, and where little light comes back they always overlap: of strong side light it
/// passed one picture in three, dark skin first.
pub(super) struct LightEvenness;

impl Check for LightEvenness {
    fn name(&self) -> &'static str {
        "light_evenness"
    }

    fn title(&self) -> Phrase {
        Phrase::new("左右光线", "light left and right")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let Some(cheeks) = subject.cheeks() else { return Answer::unknown() };
        Answer::from_on(100.0 * cheeks.evenness, profile.checks.light.evenness, "%")
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new(
            "脸部一边亮一边暗：请把两侧灯光调成一样",
            "one side of the face is darker: make both lamps alike",
        )
    }
}
