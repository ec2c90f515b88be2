//! Eye line: 99号 四 "眼睛所在位置距上边沿200像素至300像素".

use super::{Answer, Check, Subject};
use crate::{language::Phrase, profile::Profile};

/// From the upper edge to the pupils, in portrait pixels.
pub(super) struct EyeLine;

impl Check for EyeLine {
    fn name(&self) -> &'static str {
        "eye_line"
    }

    fn title(&self) -> Phrase {
        Phrase::new("眼睛距上边", "eyes from the upper edge")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        Answer::inside(subject.face().eyes, profile.frame.eye_line_px, profile.frame.guard_px, " px")
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new(
            "眼睛位置超出范围：请压低发型后重拍",
            "the eyes are outside their window: flatten the hair and shoot again",
        )
    }

    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        Some(Phrase::new("请把头顶的头发压低一点", "please flatten your hair a little"))
    }
}
