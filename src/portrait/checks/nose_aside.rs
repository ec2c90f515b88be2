//! Both halves of the face: 99号 二 "耳朵对称", 四 "左右对称". No permitted model sees ears; the root of the nose between
//! the cheeks is what can be measured, and it needs no depth: a second witness of the yaw.

use super::{Answer, Check, Subject};
use crate::{language::Phrase, profile::Profile};

/// How far the root of the nose lies off the middle between the cheeks, in per cent of half the face's width;
/// positive to the right of the picture.
pub(super) struct NoseAside;

impl Check for NoseAside {
    fn name(&self) -> &'static str {
        "nose_aside"
    }

    fn title(&self) -> Phrase {
        Phrase::new("左右脸对称", "symmetry of the face")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let aside = 100.0 * subject.features.nose_aside;
        Answer { value: aside, ..Answer::at_most(aside.abs(), profile.checks.nose_aside_percent, " %") }
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new(
            "左右脸不对称：请考生正对镜头，两耳露出一样多",
            "the halves of the face differ: it should face the camera, both ears alike",
        )
    }

    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        Some(Phrase::new("请把脸正对镜头", "please face the camera squarely"))
    }
}
