//! Centring: 99号 四 "人像在图像矩形框内水平居中,左右对称".

use super::{Answer, Check, Subject};
use crate::{language::Phrase, profile::Profile};

/// How far the face lies from the middle of the picture, in portrait pixels; positive to the right.
///
/// The frame was centred on the landmarks, so they alone would always agree with it. The detector's box is a
/// second witness, found by another model: the farther of the two counts.
pub(super) struct Centring;

impl Check for Centring {
    fn name(&self) -> &'static str {
        "centring"
    }

    fn title(&self) -> Phrase {
        Phrase::new("左右居中", "centring")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let middle = f64::from(profile.photo.width_px) / 2.0;
        let by_landmarks = subject.face().center_x - middle;
        let by_box = subject.boxes.first().map_or(by_landmarks, |face| {
            (face.x + face.width / 2.0 - subject.placement.crop.x) * subject.placement.scale - middle
        });
        let off = if by_box.abs() > by_landmarks.abs() { by_box } else { by_landmarks };
        let answer = Answer::at_most(off.abs(), profile.frame.off_centre_px, " px");
        Answer { value: off, ..answer }
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new("脸不在中间：请坐正后重拍", "the face is off the middle: sit straight and shoot again")
    }

    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        Some(Phrase::new("请坐到凳子正中", "please sit in the middle of the stool"))
    }
}
