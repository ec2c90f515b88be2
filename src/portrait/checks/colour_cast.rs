//! Colour cast: 99号 一 "色彩真实". Skin of every tone has CIELAB a* of 5 to 25 and b* of 5 to 35 (OFIQ 1.0.3,
//! `NaturalColour`); a cheek outside of that was lit or balanced wrongly.

use super::{Answer, Check, Subject};
use crate::{language::Phrase, profile::Profile};

/// How far the cheeks' mean colour lies outside of what skin has.
pub(super) struct ColourCast;

const SKIN_A: (f64, f64) = (5.0, 25.0);
const SKIN_B: (f64, f64) = (5.0, 35.0);

impl Check for ColourCast {
    fn name(&self) -> &'static str {
        "colour_cast"
    }

    fn title(&self) -> Phrase {
        Phrase::new("肤色偏色", "colour cast")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let Some(cheeks) = subject.cheeks() else { return Answer::unknown() };
        let outside = |value: f64, (low, high): (f64, f64)| value - value.clamp(low, high);
        let value = outside(cheeks.colour.a, SKIN_A).hypot(outside(cheeks.colour.b, SKIN_B));
        Answer::up_to(value, profile.checks.light.colour_cast, "")
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new(
            "肤色不自然：请检查白平衡，关掉别的光源",
            "the skin's colour is off: check the white balance, switch off other lights",
        )
    }
}
