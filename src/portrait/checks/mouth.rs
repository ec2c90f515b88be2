//! Mouth closed: 99号 二 "嘴唇自然闭合". The gap between the lips shows teeth; the jaw shows who speaks behind them.

use super::{Answer, Check, Subject};
use crate::{language::Phrase, profile::Profile};

/// The widest gap between the lips, in distances from the eyes to the chin.
pub(super) struct LipGap;

/// How far the jaw is open, 0 to 1.
pub(super) struct JawOpen;

impl Check for LipGap {
    fn name(&self) -> &'static str {
        "lip_gap"
    }

    fn title(&self) -> Phrase {
        Phrase::new("闭嘴（唇间距）", "mouth closed (gap of the lips)")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        Answer::at_most(subject.features.lip_gap, profile.checks.mouth.lip_gap, "")
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new("嘴没有闭上：请考生合上嘴唇，不露牙齿", "the mouth is open: lips closed, no teeth")
    }

    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        Some(Phrase::new("嘴唇轻轻合上，不露牙齿", "close your lips gently, no teeth"))
    }
}

impl Check for JawOpen {
    fn name(&self) -> &'static str {
        "jaw_open"
    }

    fn title(&self) -> Phrase {
        Phrase::new("闭嘴（下颌）", "mouth closed (jaw)")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        Answer::at_most(subject.features.expression.jaw_open, profile.checks.mouth.jaw_open, "")
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new("嘴张开了：请考生合上嘴后重拍", "the jaw is open: shoot again with the mouth closed")
    }

    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        Some(Phrase::new("请合上嘴，先别说话", "close your mouth, please, and do not speak"))
    }
}
