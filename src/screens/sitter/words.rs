//! What a sitter is told: short, in his own left and right, and only what he can do something about.

use crate::{
    language::Phrase,
    portrait::{Decline, Finding, FrameError, LiveHint},
};

/// While all is well.
pub(super) fn look_here() -> Phrase {
    Phrase::new("请看镜头", "look into the lens")
}

/// What he mends of what the camera sees; the camera itself and other people are the operator's business.
pub(super) fn of_hint(hint: LiveHint) -> Option<Phrase> {
    match hint {
        LiveHint::Others | LiveHint::WholeHair | LiveHint::CameraUp | LiveHint::CameraDown => None,
        LiveHint::Nobody
        | LiveHint::Closer
        | LiveHint::Back
        | LiveHint::SitLeft
        | LiveHint::SitRight
        | LiveHint::FlatterHair
        | LiveHint::TurnLeft
        | LiveHint::TurnRight
        | LiveHint::ChinIn
        | LiveHint::ChinUp
        | LiveHint::LeanLeft
        | LiveHint::LeanRight
        | LiveHint::OpenEyes
        | LiveHint::CloseLips => Some(hint.words()),
    }
}

/// What he changes before the next shot: of the gravest finding he can do something about.
pub(super) fn to_change(findings: &[Finding]) -> Phrase {
    let his = findings.iter().filter(|finding| finding.sitter.is_some());
    // The last of equals would be found by `max_by_key`; the first is the one that is listed first.
    let gravest = his.rev().max_by_key(|finding| finding.answer.verdict);
    gravest.and_then(|finding| finding.sitter.clone()).unwrap_or_else(once_more)
}

/// What he changes after a shot that gave no portrait.
pub(super) fn of_decline(why: &Decline) -> Phrase {
    match why {
        Decline::NoFace => Phrase::new("请坐好，面向镜头", "sit straight and face the camera"),
        Decline::ManyFaces { .. } => Phrase::new("请一个人坐到镜头前", "sit before the camera alone"),
        Decline::HairOutOfSight | Decline::Frame(FrameError::HairTooHigh) => {
            Phrase::new("请把头发压低一点", "flatten your hair a little")
        }
        Decline::Frame(FrameError::TooFar) => Phrase::new("请坐近一点", "come closer"),
        Decline::Frame(
            FrameError::NoRoomAbove
            | FrameError::NoRoomBelow
            | FrameError::NoRoomLeft
            | FrameError::NoRoomRight
            | FrameError::NoSuchHead,
        ) => Phrase::new("请坐到轮廓中间", "sit in the middle of the outline"),
        Decline::Unreadable(_) | Decline::Size(_) | Decline::BadOutput(_) | Decline::Darkroom(_) => {
            once_more()
        }
        // The operator asks him who he is; nothing is to be changed.
        Decline::AnothersCode => look_here(),
    }
}

/// Nothing he did.
fn once_more() -> Phrase {
    Phrase::new("请再拍一张", "one more photo, please")
}
