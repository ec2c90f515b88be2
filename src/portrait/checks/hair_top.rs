//! Hair top: 99号 四 "头顶发际距上边沿50像素至110像素", and the head room a contract names.

use super::{Answer, Check, Subject, Verdict};
use crate::{language::Phrase, profile::Profile};

/// From the upper edge to the top of the hair, in portrait pixels.
pub(super) struct HairTop;

impl Check for HairTop {
    fn name(&self) -> &'static str {
        "hair_top"
    }

    fn title(&self) -> Phrase {
        Phrase::new("头顶距上边", "hair top from the upper edge")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let frame = &profile.frame;
        let value = subject.face().hair_top;
        let mut answer = Answer::inside(value, frame.hair_top_px, frame.guard_px, " px");
        // Rounding must not turn a hair top that lies exactly on the head room into a doubt.
        let least = frame.least_hair_top(&profile.photo) - 1e-6;
        if answer.verdict == Verdict::Pass && value < least {
            answer.verdict = Verdict::Warn;
        }
        answer
    }

    fn advice(&self, answer: &Answer) -> Phrase {
        if answer.value < 80.0 {
            Phrase::new(
                "头顶留空不足：请把镜头抬高一点",
                "too little room above the hair: raise the camera a little",
            )
        } else {
            Phrase::new(
                "头顶留空太多：请把镜头放低一点",
                "too much room above the hair: lower the camera a little",
            )
        }
    }
}
