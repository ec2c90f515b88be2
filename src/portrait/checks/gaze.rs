//! Gaze: 99号 二 "双眼…平视". Judged by the expression network alone, so it is never more than a doubt.

use super::{Answer, Check, Subject};
use crate::{language::Phrase, profile::Profile};

/// How far both eyes look away from the lens, sidewards or up and down, whichever is more; 0 to 1.
pub(super) struct Gaze;

/// The network tells where the eyes look from the head, not from the lens. On 20 portraits of people who look into
/// the lens with heads turned up to 21°, the eyes came back by so much per degree (0.02 to 0.06).
const LOOK_PER_DEGREE: f64 = 0.045;

impl Check for Gaze {
    fn name(&self) -> &'static str {
        "gaze"
    }

    fn title(&self) -> Phrase {
        Phrase::new("目光", "gaze")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let (features, eyes) = (subject.features, subject.features.expression);
        let aside = eyes.look_left - eyes.look_right + LOOK_PER_DEGREE * features.yaw_deg;
        let up = eyes.look_up - eyes.look_down;
        // One direction that is not known leaves the other; none known, and the answer is not known.
        Answer::doubtful_above(aside.abs().max(up.abs()), profile.checks.eyes.gaze, "")
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new(
            "目光不在镜头上：请提醒考生看镜头",
            "the eyes look elsewhere: ask for a look into the lens",
        )
    }

    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        Some(Phrase::new("请看着镜头", "please look into the lens"))
    }
}
