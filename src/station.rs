//! The station's mind: what happened goes in, what to do comes out. No threads, no files, no clock.
//!
//! ```text
//!        ┌──────────── another code ───────────┐
//!        ▼                                     │
//! Idle ─code─▶ CodeScanned ─shot─▶ Shot ─portrait─▶ Reviewing ─keep─▶ Queueing ─filed─▶ Idle
//!   │  ▲            ▲ ▲              │                │  │  ▲             │
//!   │  └─dismiss────┘ └───declined───┘                │  │  └──not filed──┘
//!   │                 └────────────────again──────────┘  │
//!   └─code kept before─▶ KeptBefore ─retake─▶ CodeScanned └─dismiss─▶ Idle
//! ```
//!
//! **The promise**: a portrait is kept for a student only if its exposure certainly began after that
//! student's code was scanned and before the sitting ended. Everything else is set aside as a stray, with
//! its file kept; a person decides about it later, never this machine.
//!
//! A code seen while somebody sits changes nothing: it waits. If it is still held before the webcam when
//! the sitting ends, its student is seated at once; if it is gone by then, it must be shown again.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what a phase has no use for goes on to `when_empty`, whose match is exhaustive"
)]

mod effect;
mod event;
mod fact;
mod phase;

pub use effect::Effect;
pub use event::{Event, SeenCode, Wish};
pub use fact::{Fact, Original};
pub use phase::{Phase, Sitting, Take};

use crate::{
    portrait::{Decline, Portrait},
    shot::{Moment, Shot, ShotId, SittingId, Trigger},
    student::{CaptureCode, Source},
};

/// The station.
#[derive(Debug, Clone, PartialEq)]
pub struct Station {
    phase: Phase,
    next_sitting: SittingId,
    /// The code the webcam sees now.
    in_view: Option<SeenCode>,
    /// Whose sitting ended last, as long as that code has not left the webcam's sight since: a phone that
    /// is still held up does not open another sitting.
    finished: Option<CaptureCode>,
}

impl Default for Station {
    fn default() -> Self {
        Self::resuming_at(SittingId(1))
    }
}

impl Station {
    /// A station that goes on numbering sittings where the ledger stopped.
    #[must_use]
    pub fn resuming_at(next_sitting: SittingId) -> Self {
        Self { phase: Phase::Idle, next_sitting, in_view: None, finished: None }
    }

    /// Where it stands.
    #[must_use]
    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// The code that is held before the webcam while somebody else sits: who comes next if it stays.
    #[must_use]
    pub fn next_in_line(&self) -> Option<&CaptureCode> {
        let seen = &self.in_view.as_ref()?.code;
        let current = self.phase.code()?;
        (seen != current).then_some(seen)
    }

    /// Takes in what happened at `at`; returns what to do, in order.
    pub fn step(&mut self, at: Moment, event: Event) -> Vec<Effect> {
        let event = match event {
            Event::CodeSeen(seen) => return self.see(at, seen),
            Event::CodeGone => return self.lose_sight(),
            Event::Named(named) => return self.name(at, named),
            other => other,
        };
        self.note_the_shutter(&event);
        match std::mem::replace(&mut self.phase, Phase::Idle) {
            Phase::Idle => when_empty(event),
            Phase::KeptBefore(code) => self.when_kept_before(at, event, code),
            Phase::CodeScanned(sitting) => self.when_scanned(at, event, sitting),
            Phase::Shot(sitting, shot) => self.when_shot(at, event, sitting, shot),
            Phase::Reviewing(sitting, take) => self.when_reviewing(at, event, sitting, take),
            Phase::Queueing(sitting, take) => self.when_queueing(at, event, sitting, take),
        }
    }

    /// What was fired for whoever sits has come, or never will: in whichever phase, he may be shot again.
    fn note_the_shutter(&mut self, event: &Event) {
        let (Event::NotFired(id) | Event::Exposed(Shot { trigger: Trigger::Station(id), .. })) = event else {
            return;
        };
        if let Some(sitting) = self.phase.sitting_mut().filter(|sitting| sitting.id == *id) {
            sitting.fired = false;
        }
    }

    /// A code is held before the webcam. Only an empty chair takes it.
    fn see(&mut self, at: Moment, seen: SeenCode) -> Vec<Effect> {
        // Who is called by name has no code; a QR code that says so was made to be taken for him.
        if seen.code.source() != Source::Code {
            return vec![];
        }
        if self.finished.as_ref().is_some_and(|finished| *finished != seen.code) {
            self.finished = None;
        }
        self.in_view = Some(seen);
        match &self.phase {
            Phase::Idle => self.seat_who_is_in_view(at),
            Phase::KeptBefore(code) if self.in_view.as_ref().is_some_and(|seen| seen.code != *code) => {
                self.phase = Phase::Idle;
                self.seat_who_is_in_view(at)
            }
            Phase::KeptBefore(_)
            | Phase::CodeScanned(_)
            | Phase::Shot(..)
            | Phase::Reviewing(..)
            | Phase::Queueing(..) => vec![],
        }
    }

    /// A student was named. Only an empty chair takes him, and he does not wait in line: his name was called now.
    fn name(&mut self, at: Moment, named: SeenCode) -> Vec<Effect> {
        if self.phase.sitting().is_some() {
            return vec![];
        }
        // Whatever is still held up was served, or asked about, before he was called.
        (self.in_view, self.finished) = (None, None);
        if named.kept_before {
            self.phase = Phase::KeptBefore(named.code);
            return vec![];
        }
        self.seat(at, named.code, false)
    }

    fn lose_sight(&mut self) -> Vec<Effect> {
        self.in_view = None;
        self.finished = None;
        vec![]
    }

    /// Gives the empty chair to the code in view, if there is one that was not served just now.
    fn seat_who_is_in_view(&mut self, at: Moment) -> Vec<Effect> {
        match &self.in_view {
            Some(seen) if self.finished.as_ref() == Some(&seen.code) => vec![],
            Some(SeenCode { code, kept_before: true }) => {
                self.phase = Phase::KeptBefore(code.clone());
                vec![]
            }
            Some(SeenCode { code, kept_before: false }) => self.seat(at, code.clone(), false),
            None => vec![],
        }
    }

    fn seat(&mut self, at: Moment, code: CaptureCode, retake: bool) -> Vec<Effect> {
        let id = self.next_sitting;
        self.next_sitting = SittingId(id.0 + 1);
        let sitting = Sitting { id, code, since: at, retake, takes: 0, fired: false, declined: None };
        let effects = vec![Effect::Seat(sitting.clone())];
        self.phase = Phase::CodeScanned(sitting);
        effects
    }

    /// Ends a sitting: the chair is free for whoever is in view, but not for the same code again as long as it
    /// stays there.
    fn rest(&mut self, at: Moment, finished: CaptureCode) -> Vec<Effect> {
        self.phase = Phase::Idle;
        let still_held_up = self.in_view.as_ref().is_some_and(|seen| seen.code == finished);
        self.finished = still_held_up.then_some(finished);
        self.seat_who_is_in_view(at)
    }

    fn dismiss(&mut self, at: Moment, sitting: Sitting) -> Vec<Effect> {
        let mut effects = vec![Effect::Record(Fact::Dismissed { sitting: sitting.id })];
        effects.extend(self.rest(at, sitting.code));
        effects
    }

    fn when_kept_before(&mut self, at: Moment, event: Event, code: CaptureCode) -> Vec<Effect> {
        match event {
            Event::Wished(Wish::Retake) => self.seat(at, code, true),
            Event::Wished(Wish::Dismiss) => self.rest(at, code),
            other => {
                self.phase = Phase::KeptBefore(code);
                when_empty(other)
            }
        }
    }

    fn when_scanned(&mut self, at: Moment, event: Event, mut sitting: Sitting) -> Vec<Effect> {
        match event {
            Event::Exposed(shot) => return self.take(sitting, shot),
            Event::Wished(Wish::Dismiss) => return self.dismiss(at, sitting),
            Event::Wished(Wish::Fire) if !sitting.fired => {
                sitting.fired = true;
                let effects = vec![Effect::Fire(sitting.id)];
                self.phase = Phase::CodeScanned(sitting);
                return effects;
            }
            Event::CodeSeen(_)
            | Event::CodeGone
            | Event::NotFired(_)
            | Event::Developed(..)
            | Event::Spoilt(..)
            | Event::Filed(_)
            | Event::NotFiled(_)
            | Event::Wished(_)
            | Event::Named(_) => {}
        }
        self.phase = Phase::CodeScanned(sitting);
        vec![]
    }

    /// A file arrived while somebody sits and none is being developed: it is his, or a stray.
    fn take(&mut self, mut sitting: Sitting, shot: Shot) -> Vec<Effect> {
        if !sitting.owns(&shot) {
            self.phase = Phase::CodeScanned(sitting);
            return vec![stray(shot)];
        }
        sitting.takes += 1;
        sitting.declined = None;
        let effects = vec![
            Effect::Shelve { shot: shot.clone(), sitting: Some(sitting.clone()) },
            Effect::Develop(shot.clone()),
        ];
        self.phase = Phase::Shot(sitting, shot);
        effects
    }

    fn when_shot(&mut self, at: Moment, event: Event, mut sitting: Sitting, shot: Shot) -> Vec<Effect> {
        match event {
            Event::Developed(id, portrait) if id == shot.id => {
                self.phase = Phase::Reviewing(sitting, Take { shot, portrait });
                vec![]
            }
            Event::Spoilt(id, why) if id == shot.id => {
                let effects = vec![declined(&sitting, id, &why)];
                sitting.declined = Some(why);
                self.phase = Phase::CodeScanned(sitting);
                effects
            }
            Event::Wished(Wish::Dismiss) => self.dismiss(at, sitting),
            other => {
                self.phase = Phase::Shot(sitting, shot);
                when_empty(other)
            }
        }
    }

    fn when_reviewing(&mut self, at: Moment, event: Event, sitting: Sitting, take: Take) -> Vec<Effect> {
        match event {
            Event::Wished(Wish::Keep) if take.portrait.is_acceptable() => {
                let effects = vec![Effect::Keep { sitting: sitting.clone(), take: take.clone() }];
                self.phase = Phase::Queueing(sitting, take);
                effects
            }
            Event::Wished(Wish::Again) => {
                let effects = vec![refused(&sitting, take.shot.id, &take.portrait)];
                self.phase = Phase::CodeScanned(sitting);
                effects
            }
            Event::Wished(Wish::Dismiss) => self.dismiss(at, sitting),
            other => {
                self.phase = Phase::Reviewing(sitting, take);
                when_empty(other)
            }
        }
    }

    fn when_queueing(&mut self, at: Moment, event: Event, sitting: Sitting, take: Take) -> Vec<Effect> {
        match event {
            Event::Filed(id) if id == take.shot.id => self.rest(at, sitting.code),
            Event::NotFiled(id) if id == take.shot.id => {
                self.phase = Phase::Reviewing(sitting, take);
                vec![]
            }
            other => {
                self.phase = Phase::Queueing(sitting, take);
                when_empty(other)
            }
        }
    }
}

/// What is left to do when a phase has no use for an event: a file is never dropped, the rest is late news.
fn when_empty(event: Event) -> Vec<Effect> {
    match event {
        Event::Exposed(shot) => vec![stray(shot)],
        Event::CodeSeen(_)
        | Event::CodeGone
        | Event::NotFired(_)
        | Event::Developed(..)
        | Event::Spoilt(..)
        | Event::Filed(_)
        | Event::NotFiled(_)
        | Event::Wished(_)
        | Event::Named(_) => vec![],
    }
}

fn stray(shot: Shot) -> Effect {
    Effect::Shelve { shot, sitting: None }
}

fn declined(sitting: &Sitting, shot: ShotId, why: &Decline) -> Effect {
    Effect::Record(Fact::Declined { sitting: sitting.id, shot, reason: why.slug().to_owned() })
}

/// The operator wants another take; the checks that failed are the reason, if there are any.
fn refused(sitting: &Sitting, shot: ShotId, portrait: &Portrait) -> Effect {
    let failed = portrait.failed_checks().map(str::to_owned).collect();
    Effect::Record(Fact::Refused { sitting: sitting.id, shot, failed })
}
