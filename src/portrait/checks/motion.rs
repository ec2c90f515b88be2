//! Whether the camera or the sitter moved: 99号 一 "对焦准确、层次清晰", and a lens out of focus is asked in `focus`.
//!
//! Motion wipes out the fine structure along its own direction and leaves what lies across. The value is the
//! structure in the direction that has least of it, as a share of what a still face has there.

use super::{Answer, Check, Subject};
use crate::{language::Phrase, profile::Profile};

/// The least structure along a direction for that across it, about 1 for a still face.
pub(super) struct Motion;

impl Check for Motion {
    fn name(&self) -> &'static str {
        "motion"
    }

    fn title(&self) -> Phrase {
        Phrase::new("清晰度（抖动）", "sharpness (motion)")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let measured = subject.face_pixels().map_or(0.0, |face| face.motion);
        Answer::at_least(measured, profile.checks.sharpness.motion, "")
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new(
            "照片抖动模糊：请坐稳后重拍，查看快门速度和三脚架",
            "blurred by motion: sit still and shoot again; see to the shutter speed and the tripod",
        )
    }

    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        Some(Phrase::new("请坐稳，先别动", "please sit still for a moment"))
    }
}
