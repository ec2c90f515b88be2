//! What the operator hears of the station's work, because he looks at the student and not at the screen.

use std::io;

use super::{Reception, Shift};
use crate::{
    crew::{self, Outbox, Worker},
    portrait::Verdict,
    shot::{Moment, Shot},
    sound::Chime,
    station::{Phase, Sitting},
};

/// A shot that was exposed longer ago than this is old news, in milliseconds: a card that is read again after a morning
/// holds many.
const NEWS_MS: i64 = 15_000;

/// The bell, where one is wanted, and what it was to say.
#[derive(Debug)]
pub(super) struct Bell {
    worker: Option<Worker<Chime>>,
    rung: u64,
    last: Option<Chime>,
}

impl Bell {
    pub(super) fn new(reception: Reception, outbox: Outbox) -> io::Result<Self> {
        let worker = reception.sounds.then(|| crew::bell(outbox)).transpose()?;
        Ok(Self { worker, rung: 0, last: None })
    }

    /// A bell that is behind, or has ended, is not waited for.
    pub(super) fn ring(&mut self, chime: Chime) {
        (self.rung, self.last) = (self.rung + 1, Some(chime));
        if let Some(worker) = &self.worker {
            worker.order(chime).ok();
        }
    }
}

impl Shift {
    /// How often something was to be heard until now, and what it was last; where sounds are off nobody heard it.
    #[must_use]
    pub fn heard(&self) -> (u64, Option<Chime>) {
        (self.bell.rung, self.bell.last)
    }

    /// Lets the operator hear what became of an event: one thing only, the gravest.
    pub(super) fn ring(&mut self, before: &Phase, strayed: bool) {
        let chime = if strayed { Some(Chime::Stray) } else { chime(before, self.station.phase()) };
        if let Some(chime) = chime {
            self.bell.ring(chime);
        }
    }
}

/// Whether a shot that belongs to nobody is to be heard: the photographer has just pressed the button, for whoever sits
/// there, or believing that somebody does.
pub(super) fn is_news(at: Moment, sat_since: Option<Moment>, shot: &Shot) -> bool {
    match sat_since {
        Some(since) => shot.exposed.latest >= since,
        None => at.0 - shot.exposed.latest.0 <= NEWS_MS,
    }
}

/// What is heard when the station goes from one phase to another.
fn chime(before: &Phase, after: &Phase) -> Option<Chime> {
    let seated = |phase: &Phase| phase.sitting().map(|sitting| sitting.id);
    match (seated(before), seated(after)) {
        (old, Some(new)) if old != Some(new) => Some(Chime::Good),
        (_, Some(_)) => (is_wrong(after) && !is_wrong(before)).then_some(Chime::Bad),
        (_, None) if before == after => None,
        (_, None) => asks(after).then_some(Chime::Bad),
    }
}

/// Whether somebody is asked about before he may sit.
fn asks(phase: &Phase) -> bool {
    matches!(phase, Phase::KeptBefore(_) | Phase::Awaited(_) | Phase::Refused(..))
}

/// Whether the last shot of whoever sits is of no use.
fn is_wrong(phase: &Phase) -> bool {
    let gave_nothing = |sitting: &Sitting| sitting.declined.is_some();
    match phase {
        Phase::CodeScanned(sitting) => gave_nothing(sitting),
        Phase::Reviewing(_, take) => take.portrait.verdict() == Verdict::Fail,
        Phase::Idle
        | Phase::KeptBefore(_)
        | Phase::Awaited(_)
        | Phase::Refused(..)
        | Phase::Shot(..)
        | Phase::Queueing(..) => false,
    }
}
