//! Pitch: 99号 二 "双眼…平视". A face that looks straight into the lens does not read 0 in the mesh's axes, and what it
//! reads depends on the camera's height: what counts is the difference from the station's own zero.

use super::{Answer, Check, Subject};
use crate::{language::Phrase, profile::Profile};

/// How far the face is tipped from the station's zero, in degrees; positive when the chin comes forward.
pub(super) struct Pitch;

impl Check for Pitch {
    fn name(&self) -> &'static str {
        "pitch"
    }

    fn title(&self) -> Phrase {
        Phrase::new("抬头低头", "pitch of the head")
    }

    fn judge(&self, subject: &Subject<'_>, profile: &Profile) -> Answer {
        let pitch = subject.features.pitch_deg - subject.pitch_zero_deg;
        Answer { value: pitch, ..Answer::at_most(pitch.abs(), profile.checks.pitch_deg, "°") }
    }

    fn advice(&self, answer: &Answer) -> Phrase {
        if answer.value > 0.0 {
            Phrase::new(
                "头抬高了：请考生收下巴，或把镜头升高",
                "the chin is up: tuck it in, or raise the camera",
            )
        } else {
            Phrase::new("头低了：请考生抬头，或把镜头降低", "the chin is down: lift it, or lower the camera")
        }
    }

    fn sitter(&self, answer: &Answer) -> Option<Phrase> {
        Some(if answer.value > 0.0 {
            Phrase::new("下巴收一点", "tuck your chin in a little")
        } else {
            Phrase::new("头抬起来一点", "lift your chin a little")
        })
    }
}
