//! What can happen to a station.

use super::Duty;
use crate::{
    portrait::{Decline, Portrait},
    profile::NotACode,
    shot::{Shot, ShotId, SittingId},
    student::{Bearer, CaptureCode},
};

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A code is held before the webcam, or was typed by a scanner.
    CodeSeen(SeenCode),
    /// The code left the webcam's sight.
    CodeGone,
    /// The camera handed over a file, whoever fired it.
    Exposed(Shot),
    /// The camera could not fire for this sitting, or what it fired will never arrive.
    NotFired(SittingId),
    /// The darkroom made a portrait of this shot.
    Developed(ShotId, Portrait),
    /// The darkroom could make no portrait of this shot.
    Spoilt(ShotId, Decline),
    /// The clerk has the kept portrait safely on disk.
    Filed(ShotId),
    /// The clerk has not.
    NotFiled(ShotId),
    /// The operator asked for something.
    Wished(Wish),
    /// A person keeps a portrait although checks failed, where the school allows it for these checks. Whoever reads the
    /// journal years later reads both texts: neither may name a student.
    Overruled {
        /// Who stands for it.
        by: String,
        /// Why.
        reason: String,
    },
    /// What is held before the webcam is no capture code.
    NotACode(NotACode),
    /// Two codes are held before the webcam at once.
    TwoCodes,
    /// In this shot itself these codes can be read. Comes before the shot is developed.
    Witnessed(ShotId, Vec<SeenCode>),
    /// A student was named: chosen from the roster, known by his identity card, or let in on a person's word. While
    /// somebody else sits he is expected.
    Named(SeenCode),
    /// Somebody logged in who may photograph these; or nobody is there any more.
    OnDuty(Duty),
    /// The disk has room for another student, or has none any more.
    Room(bool),
}

/// A code, and what a decoder found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenCode {
    /// The code, to the letter.
    pub code: CaptureCode,
    /// Whose it is.
    pub bearer: Bearer,
}

impl SeenCode {
    /// A code that was not looked into.
    #[must_use]
    pub fn unread(code: CaptureCode) -> Self {
        Self { bearer: Bearer::unknown(&code), code }
    }
}

/// What the operator can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// 拍照: fire the shutter.
    Fire,
    /// 保存: keep the portrait.
    Keep,
    /// 重拍: another take in the same sitting.
    Again,
    /// The student leaves.
    Dismiss,
    /// 补拍: a new sitting for a student whose portrait is kept already.
    Retake,
    /// 就座: whom the gate stopped may sit down all the same.
    LetIn,
    /// 就座: it is he who is asked about, because he was expected.
    Seat,
    /// 不属于他: the shot goes to the strays, and another one is taken.
    Stray,
}
