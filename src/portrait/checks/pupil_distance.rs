//! Distance of the pupils in the shot: how many true pixels the face has (ISO/IEC 29794-5 asks for 90 and more).

use super::{Answer, Check, Subject};
use crate::{language::Phrase, profile::Profile};

/// From pupil to pupil, in pixels of the shot.
pub(super) struct PupilDistance;

impl Check for PupilDistance {
    fn name(&self) -> &'static str {
        "pupil_distance"
    }

    fn title(&self) -> Phrase {
        Phrase::new("原片瞳距", "distance of the pupils in the shot")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        Answer::at_least(subject.features.pupils_px, profile.checks.pupil_distance_px, " px")
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new(
            "原片里脸太小：请靠近或变焦拉近，相机用最大像素",
            "the face is small in the shot: come closer or zoom in, at the camera's full size",
        )
    }

    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        None
    }
}
