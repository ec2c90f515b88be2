//! Where the station stands, and who sits.

use crate::{
    portrait::{Decline, Portrait},
    shot::{Moment, Shot, SittingId, Trigger},
    student::{Bearer, CaptureCode},
};

use super::{Expected, Refusal, SeenCode, Word};

/// A student's turn: 一次就座.
#[derive(Debug, Clone, PartialEq)]
pub struct Sitting {
    /// Its number on this station.
    pub id: SittingId,
    /// Who sits.
    pub code: CaptureCode,
    /// Since when; after a doubt, since it was settled.
    pub since: Moment,
    /// Whether a portrait was kept before and the operator asked for another: 补拍.
    pub retake: bool,
    /// Shots so far.
    pub takes: u32,
    /// The shutter was asked for and no file has come of it yet.
    pub fired: bool,
    /// Why the last shot gave no portrait.
    pub declined: Option<Decline>,
    /// Whether a person had to say that it is he who sits: whom the gate had stopped, or a shot had spoken against.
    pub vouched_for: bool,
    /// By what the sitter is known again, and what may be shown of him.
    pub bearer: Bearer,
}

impl Sitting {
    /// Who sits, by his code.
    #[must_use]
    pub fn seen(&self) -> SeenCode {
        SeenCode { code: self.code.clone(), bearer: self.bearer.clone() }
    }

    /// A sitting that begins now.
    #[must_use]
    pub fn new(id: SittingId, seen: SeenCode, since: Moment, retake: bool) -> Self {
        let SeenCode { code, bearer } = seen;
        Self { id, code, since, retake, takes: 0, fired: false, declined: None, vouched_for: false, bearer }
    }

    /// Whether a shot certainly shows this student.
    ///
    /// Whoever fired, the exposure must have begun after the code was scanned: a file fired by the station
    /// for another sitting is not his, and neither is one whose time leaves room for the person before. It
    /// cannot be later than the sitting, because a sitting that has ended owns nothing any more. While it is
    /// doubted who sits, nothing is anybody's.
    #[must_use]
    pub fn owns(&self, shot: &Shot) -> bool {
        let during = shot.exposed.earliest >= self.since && !self.is_doubted();
        match shot.trigger {
            Trigger::Station(sitting) => sitting == self.id && during,
            Trigger::Body => during,
        }
    }

    /// Whether a shot spoke against it that it is he who sits, and the operator has not said yet that it is.
    #[must_use]
    pub fn is_doubted(&self) -> bool {
        self.declined == Some(Decline::AnothersCode)
    }
}

/// A shot with the portrait made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Take {
    /// The original.
    pub shot: Shot,
    /// What became of it.
    pub portrait: Portrait,
    /// Whether a person may keep it although checks failed: he may overrule each of these.
    pub may_be_overruled: bool,
    /// On whose word it is kept, once it is to be kept.
    pub word: Word,
}

impl Take {
    /// A portrait that nobody has said anything about, and nobody may keep against the checks.
    #[must_use]
    pub fn of(shot: Shot, portrait: Portrait) -> Self {
        Self { shot, portrait, may_be_overruled: false, word: Word::default() }
    }
}

/// Where the station stands. Each phase carries just what is known in it.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    /// Nobody sits.
    Idle,
    /// A code whose portrait is already kept: it is not seated unless the operator asks for a retake.
    KeptBefore(SeenCode),
    /// 请核对身份: his code was shown while somebody else sat and is held up no more, or he was called by name then.
    /// Whether he is who sits down now, a person says, or his code does, shown again.
    Awaited(Expected),
    /// A student sits; no shot yet, or the last one gave nothing.
    CodeScanned(Sitting),
    /// A shot is in the darkroom.
    Shot(Sitting, Shot),
    /// A portrait waits for the operator's word.
    Reviewing(Sitting, Take),
    /// The operator kept it; the clerk has not said so yet. Only his word turns the screen green.
    Queueing(Sitting, Take),
    /// What is held up seats nobody; whose code it is, when it is one.
    Refused(Option<SeenCode>, Refusal),
}

impl Phase {
    /// Who sits, if anybody does.
    #[must_use]
    pub fn sitting(&self) -> Option<&Sitting> {
        match self {
            Self::Idle | Self::KeptBefore(_) | Self::Awaited(_) | Self::Refused(..) => None,
            Self::CodeScanned(sitting)
            | Self::Shot(sitting, _)
            | Self::Reviewing(sitting, _)
            | Self::Queueing(sitting, _) => Some(sitting),
        }
    }

    /// Who sits, to be changed.
    pub(super) fn sitting_mut(&mut self) -> Option<&mut Sitting> {
        match self {
            Self::Idle | Self::KeptBefore(_) | Self::Awaited(_) | Self::Refused(..) => None,
            Self::CodeScanned(sitting)
            | Self::Shot(sitting, _)
            | Self::Reviewing(sitting, _)
            | Self::Queueing(sitting, _) => Some(sitting),
        }
    }

    /// Who is asked about before he may sit.
    fn asked_about(&self) -> Option<&SeenCode> {
        match self {
            Self::KeptBefore(seen) | Self::Refused(Some(seen), _) => Some(seen),
            Self::Awaited(Expected { seen, .. }) => Some(seen),
            Self::Idle
            | Self::Refused(None, _)
            | Self::CodeScanned(_)
            | Self::Shot(..)
            | Self::Reviewing(..)
            | Self::Queueing(..) => None,
        }
    }

    /// Whose code the station is busy with: who sits, or who is asked about.
    #[must_use]
    pub fn bearer(&self) -> Option<&Bearer> {
        let asked_about = self.asked_about().map(|seen| &seen.bearer);
        asked_about.or_else(|| self.sitting().map(|sitting| &sitting.bearer))
    }

    /// The code the station is busy with.
    #[must_use]
    pub fn code(&self) -> Option<&CaptureCode> {
        let asked_about = self.asked_about().map(|seen| &seen.code);
        asked_about.or_else(|| self.sitting().map(|sitting| &sitting.code))
    }
}
