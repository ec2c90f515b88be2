//! Roll: the line of the pupils is level (瞳孔平行角度). We never turn a picture, so a leaning head is taken again.

use super::{Answer, Check, Subject};
use crate::{language::Phrase, profile::Profile};

/// How far the line of the pupils leans, in degrees; positive when it falls to the right of the picture.
pub(super) struct Roll;

impl Check for Roll {
    fn name(&self) -> &'static str {
        "roll"
    }

    fn title(&self) -> Phrase {
        Phrase::new("头部倾斜", "roll of the head")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let answer = Answer::at_most(subject.roll_deg.abs(), profile.checks.roll_deg, "°");
        Answer { value: subject.roll_deg, ..answer }
    }

    fn advice(&self, answer: &Answer) -> Phrase {
        // The line falls to the right of the picture: towards the sitter's left shoulder.
        if answer.value > 0.0 {
            Phrase::new(
                "头歪了：请头往自己的右肩方向摆正",
                "the head leans: straighten it towards the sitter's right",
            )
        } else {
            Phrase::new(
                "头歪了：请头往自己的左肩方向摆正",
                "the head leans: straighten it towards the sitter's left",
            )
        }
    }

    fn sitter(&self, answer: &Answer) -> Option<Phrase> {
        Some(if answer.value > 0.0 {
            Phrase::new("头往自己的右肩摆正一点", "tilt your head a little towards your right shoulder")
        } else {
            Phrase::new("头往自己的左肩摆正一点", "tilt your head a little towards your left shoulder")
        })
    }
}
