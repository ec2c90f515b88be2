//! Expression: 99号 二 "表情自然". A smile with closed lips is natural; a laugh that shows teeth is worth a look.

use super::{Answer, Check, Subject, Verdict};
use crate::{language::Phrase, profile::Profile};

/// How far the corners of the mouth are drawn up, 0 to 1.
pub(super) struct Smile;

impl Check for Smile {
    fn name(&self) -> &'static str {
        "smile"
    }

    fn title(&self) -> Phrase {
        Phrase::new("表情", "expression")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let limits = profile.checks.mouth;
        let features = subject.features;
        let answer = Answer::doubtful_above(features.expression.smile, limits.smile, "");
        // With the lips closed no smile is too much.
        let verdict = if features.lip_gap <= limits.lip_gap.warn { Verdict::Pass } else { answer.verdict };
        Answer { verdict, ..answer }
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new("笑得太开：请考生放松，表情自然", "a broad laugh: ask for a natural face")
    }

    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        Some(Phrase::new("放松，微微笑就好", "relax, a slight smile is enough"))
    }
}
