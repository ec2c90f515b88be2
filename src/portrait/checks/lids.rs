//! Eyes open: 99号 二 "双眼自然睁开". Two measures, because each errs in its own way: the gap between the lids on the
//! 478-point mesh, and the expression network's blink. Never the gap over the eye's width: narrow eyes are open.

use super::{Answer, Check, Subject};
use crate::{language::Phrase, profile::Profile};

/// The widest gap between the lids of the eye that is less open, in distances from the eyes to the chin.
pub(super) struct LidGap;

/// How far the lid that is lower is closed, 0 to 1.
pub(super) struct Blink;

impl Check for LidGap {
    fn name(&self) -> &'static str {
        "lid_gap"
    }

    fn title(&self) -> Phrase {
        Phrase::new("睁眼（眼睑间距）", "eyes open (gap of the lids)")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let [right, left] = subject.features.lid_gaps;
        Answer::at_least(right.min(left), profile.checks.eyes.lid_gap, "")
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new("眼睛没有睁开：请看到睁眼后重拍", "the eyes are not open: shoot again when they are")
    }

    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        Some(Phrase::new("请把眼睛睁开，看镜头", "open your eyes and look at the camera"))
    }
}

impl Check for Blink {
    fn name(&self) -> &'static str {
        "blink"
    }

    fn title(&self) -> Phrase {
        Phrase::new("睁眼（眨眼）", "eyes open (blink)")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let [right, left] = subject.features.expression.blink;
        Answer::at_most(right.max(left), profile.checks.eyes.blink, "")
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new(
            "像是眨了眼：请放大看眼睛，闭眼就重拍",
            "this looks like a blink: look at the eyes, and shoot again if they are closed",
        )
    }

    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        Some(Phrase::new("请睁大眼睛，先别眨", "keep your eyes open, do not blink"))
    }
}
