//! One face: 99号 二 "不得有阴影、其他人或物体".

use super::{Answer, Check, FaceBox, Subject, Verdict};
use crate::{language::Phrase, profile::Profile};

/// Counts the faces in the shot.
pub(super) struct OneFace;

/// How many faces are large enough, beside the largest, to be a person before the camera.
pub(super) fn count(boxes: &[FaceBox], profile: &Profile) -> usize {
    let least = boxes.first().map_or(0.0, FaceBox::area) * profile.checks.one_face.second_area;
    boxes.iter().filter(|face| face.area() >= least).count()
}

impl Check for OneFace {
    fn name(&self) -> &'static str {
        "one_face"
    }

    fn title(&self) -> Phrase {
        Phrase::new("画面中人脸数", "faces in the shot")
    }

    /// A second person fails; a small face far behind (a poster, somebody in the queue) is worth a look.
    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let verdict = match (count(subject.boxes, profile), subject.boxes.len()) {
            (1, 1) => Verdict::Pass,
            (1, _) => Verdict::Warn,
            _ => Verdict::Fail,
        };
        Answer { verdict, value: subject.boxes.len() as f64, limit: "= 1".to_owned() }
    }

    fn advice(&self, _answer: &Answer) -> Phrase {
        Phrase::new("请其他人离开画面", "ask the others to step out of the picture")
    }

    /// Whoever sits cannot move the others: these words are for them.
    fn sitter(&self, _answer: &Answer) -> Option<Phrase> {
        Some(Phrase::new("请其他同学先退到镜头外", "everyone else, please step out of the picture"))
    }
}
