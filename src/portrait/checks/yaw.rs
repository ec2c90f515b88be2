//! Yaw: 99号 二 "姿态…耳朵对称". 学信网's own rule for the 研招网 photo is 10° on each axis.

use super::{Answer, Check, Subject};
use crate::{language::Phrase, profile::Profile};

/// How far the face is turned aside, in degrees; positive towards the right of the picture, the sitter's left.
pub(super) struct Yaw;

impl Check for Yaw {
    fn name(&self) -> &'static str {
        "yaw"
    }

    fn title(&self) -> Phrase {
        Phrase::new("左右转头", "yaw of the head")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let yaw = subject.features.yaw_deg;
        Answer { value: yaw, ..Answer::at_most(yaw.abs(), profile.checks.yaw_deg, "°") }
    }

    fn advice(&self, answer: &Answer) -> Phrase {
        if answer.value > 0.0 {
            Phrase::new(
                "脸转向了画面右边：请考生转回正对镜头",
                "the face is turned to the right of the picture: it should face the camera",
            )
        } else {
            Phrase::new(
                "脸转向了画面左边：请考生转回正对镜头",
                "the face is turned to the left of the picture: it should face the camera",
            )
        }
    }

    fn sitter(&self, answer: &Answer) -> Option<Phrase> {
        Some(if answer.value > 0.0 {
            Phrase::new("脸往自己的右边转一点", "turn your face a little to your right")
        } else {
            Phrase::new("脸往自己的左边转一点", "turn your face a little to your left")
        })
    }
}
