//! Centring: 99号 四 "人像在图像矩形框内水平居中,左右对称".

use super::{Answer, Check, Subject};
use crate::{language::Phrase, profile::Profile};

/// How far the middle of the face lies from the middle of the picture, in portrait pixels; positive to the right.
pub(super) struct Centring;

impl Check for Centring {
    fn name(&self) -> &'static str {
        "centring"
    }

    fn title(&self) -> Phrase {
        Phrase::new("左右居中", "centring")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let off = subject.face().center_x - f64::from(profile.photo.width_px) / 2.0;
        let answer = Answer::at_most(off.abs(), profile.frame.off_centre_px, " px");
        Answer { value: off, ..answer }
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new("脸不在中间：请坐正后重拍", "the face is off the middle: sit straight and shoot again")
    }
}
