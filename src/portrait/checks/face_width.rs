//! Face width: 99号 四 "脸部宽度(两脸颊之间)180像素至300像素".

use super::{Answer, Check, Subject};
use crate::{language::Phrase, profile::Profile};

/// From cheek to cheek, in portrait pixels.
pub(super) struct FaceWidth;

impl Check for FaceWidth {
    fn name(&self) -> &'static str {
        "face_width"
    }

    fn title(&self) -> Phrase {
        Phrase::new("脸部宽度", "face width")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        Answer::inside(subject.face().width, profile.frame.face_width_px, profile.frame.guard_px, " px")
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new(
            "脸部宽度超出范围：请正对镜头后重拍",
            "the face is outside its window: face the camera and shoot again",
        )
    }

    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        Some(Phrase::new("请正对镜头", "please face the camera"))
    }
}
