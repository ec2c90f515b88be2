//! What can happen to a station.

use crate::{
    portrait::{Decline, Portrait},
    shot::{Shot, ShotId, SittingId},
    student::CaptureCode,
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
    /// A student was named: chosen from the roster, known by his identity card, or let in on a person's word. Nothing
    /// is held before the webcam.
    Named(SeenCode),
}

/// A code, and what the ledger knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenCode {
    /// The code.
    pub code: CaptureCode,
    /// Whether a portrait of this code is kept already.
    pub kept_before: bool,
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
}
