//! The station's mind: what happened goes in, what to do comes out. No threads, no files, no clock.
//!
//! ```text
//!        ┌──────────── another code ───────────┐
//!        ▼                                     │
//! Idle ─code─▶ CodeScanned ─shot─▶ Shot ─portrait─▶ Reviewing ─keep─▶ Queueing ─filed─▶ Idle
//!   │  ▲            ▲ ▲              │                │  │  ▲             │
//!   │  └─dismiss────┘ └───declined───┘                │  │  └──not filed──┘
//!   │                 └────────────────again──────────┘  │
//!   ├─code kept before─▶ KeptBefore ─retake─▶ CodeScanned └─dismiss─▶ Idle
//!   ├─gate shut, no code, two codes─▶ Refused ─let in, if that may be─▶ CodeScanned
//!   └─somebody was expected─▶ Awaited ─his code, or a person's word─▶ CodeScanned
//! ```
//!
//! **The promise**: a portrait is kept for a student only if its exposure certainly began after that
//! student's code was scanned and before the sitting ended. Everything else is set aside as a stray, with
//! its file kept; a person decides about it later, never this machine.
//!
//! Whoever sits down has passed the [gate](gate()), which is asked at the very moment the chair is his: what was true when
//! the phone was held up may be true no more when it is his turn.
//!
//! A shot in which another student's code can be read is set aside too, and it is doubted who sits until the
//! operator has said it: meanwhile nothing fires, and nothing that is fired by hand is anybody's.
//!
//! A code seen while somebody sits changes nothing: it waits. If it is still held before the webcam when
//! the sitting ends, its student is seated at once. If it is gone by then, its student is expected for as long as the
//! profile says, and asked about: only a person's word, or his code shown again, seats him. Whoever is called by name
//! while somebody sits is expected too, before all codes and until it is said what becomes of him.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what a phase has no use for goes on to `when_empty`, whose match is exhaustive"
)]

mod act;
mod chair;
mod duty;
mod effect;
mod event;
mod fact;
mod gate;
mod line;
mod phase;
mod register;
mod review;
mod witness;
mod word;

pub use act::{Act, NotAnAct, Vouched};
pub use duty::Duty;
pub use effect::Effect;
pub use event::{Event, SeenCode, Wish};
pub use fact::{CopyPlace, Fact, Original};
pub use gate::{Gate, Refusal, Rules, gate};
pub use line::{Expected, Next};
pub use phase::{Phase, Sitting, Take};
pub use register::Register;
pub use word::{How, Word};

use line::Line;

use crate::{
    shot::{Moment, Shot, SittingId, Trigger},
    student::StudentKey,
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
    finished: Option<StudentKey>,
    /// Who comes next.
    line: Line,
    /// What the job demands of a code.
    rules: Rules,
    /// Who has sat here.
    register: Register,
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
        Self::at_work(next_sitting, Rules::default(), Register::default())
    }

    /// A station with a job's rules, that knows who has sat here.
    #[must_use]
    pub fn at_work(next_sitting: SittingId, rules: Rules, register: Register) -> Self {
        Self {
            phase: Phase::Idle,
            next_sitting,
            in_view: None,
            finished: None,
            line: Line::default(),
            rules,
            register,
        }
    }

    /// A number for a sitting that nobody sits: a stray is given to somebody who has no sitting for it.
    pub fn reserve_sitting(&mut self) -> SittingId {
        let id = self.next_sitting;
        self.next_sitting = SittingId(id.0 + 1);
        id
    }

    /// A portrait was kept of somebody who does not sit: the gate knows him from now on.
    pub fn note_kept(&mut self, kept: SeenCode) {
        let kept = self.as_known(kept);
        self.register.keep(&kept.bearer);
    }

    /// Who has sat here was looked into anew, while nobody sits: another roster knows other people.
    pub fn know(&mut self, register: Register) {
        self.register = register;
    }

    /// Where it stands.
    #[must_use]
    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// Takes in what happened at `at`; returns what to do, in order.
    pub fn step(&mut self, at: Moment, event: Event) -> Vec<Effect> {
        self.forget_who_waited_too_long(at);
        let event = match event {
            Event::CodeSeen(seen) => return self.see(at, seen),
            Event::CodeGone => return self.lose_sight(at),
            Event::NotACode(what) => return self.see_nobody(at, Refusal::NotACode(what)),
            Event::TwoCodes => return self.see_nobody(at, Refusal::TwoCodes),
            Event::Named(named) => return self.name(at, named),
            Event::OnDuty(duty) => return self.relieve(at, duty),
            Event::Room(is_there) => return self.mind_the_room(at, is_there),
            other => other,
        };
        self.note_the_shutter(&event);
        match std::mem::replace(&mut self.phase, Phase::Idle) {
            Phase::Idle => when_empty(event),
            Phase::KeptBefore(seen) => self.when_kept_before(at, event, seen),
            Phase::Awaited(expected) => self.when_awaited(at, event, expected),
            Phase::CodeScanned(sitting) => self.when_scanned(at, event, sitting),
            Phase::Shot(sitting, shot) => self.when_shot(at, event, sitting, shot),
            Phase::Reviewing(sitting, take) => self.when_reviewing(at, event, sitting, take),
            Phase::Queueing(sitting, take) => self.when_queueing(at, event, sitting, take),
            Phase::Refused(seen, why) => self.when_refused(at, event, seen, why),
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

    fn dismiss(&mut self, at: Moment, sitting: &Sitting) -> Vec<Effect> {
        let mut effects = vec![Effect::Record(Fact::Dismissed { sitting: sitting.id })];
        effects.extend(self.rest(at, &sitting.bearer.key));
        effects
    }

    fn when_kept_before(&mut self, at: Moment, event: Event, seen: SeenCode) -> Vec<Effect> {
        match event {
            Event::Wished(Wish::Retake) => self.seat(at, seen, true),
            Event::Wished(Wish::Dismiss) => self.rest(at, &seen.bearer.key),
            other => {
                self.phase = Phase::KeptBefore(seen);
                when_empty(other)
            }
        }
    }

    fn when_refused(
        &mut self,
        at: Moment,
        event: Event,
        seen: Option<SeenCode>,
        why: Refusal,
    ) -> Vec<Effect> {
        match (event, seen) {
            (Event::Wished(Wish::LetIn), Some(seen)) if why.may_be_overruled() => {
                let mut effects = self.seat(at, seen, false);
                if let Some(sitting) = self.phase.sitting_mut() {
                    sitting.vouched_for = true;
                }
                effects.extend(self.phase.sitting().map(|sitting| let_in(sitting.id, &why)));
                effects
            }
            (Event::Wished(Wish::Dismiss), Some(seen)) => self.rest(at, &seen.bearer.key),
            (Event::Wished(Wish::Dismiss), None) => self.fill_the_chair(at),
            (other, seen) => {
                self.phase = Phase::Refused(seen, why);
                when_empty(other)
            }
        }
    }

    fn when_scanned(&mut self, at: Moment, event: Event, mut sitting: Sitting) -> Vec<Effect> {
        match event {
            Event::Exposed(shot) => return self.take(sitting, shot),
            Event::Wished(Wish::Dismiss) => return self.dismiss(at, &sitting),
            Event::Wished(Wish::Again) if sitting.is_doubted() => {
                sitting.declined = None;
                sitting.vouched_for = true;
                sitting.since = at;
            }
            Event::Wished(Wish::Fire) if !sitting.fired && !sitting.is_doubted() => {
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
            | Event::NotACode(_)
            | Event::TwoCodes
            | Event::Wished(_)
            | Event::Overruled { .. }
            | Event::Witnessed(..)
            | Event::Named(_)
            | Event::OnDuty(_)
            | Event::Room(_) => {}
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
        | Event::NotACode(_)
        | Event::TwoCodes
        | Event::Wished(_)
        | Event::Overruled { .. }
        | Event::Witnessed(..)
        | Event::Named(_)
        | Event::OnDuty(_)
        | Event::Room(_) => vec![],
    }
}

fn stray(shot: Shot) -> Effect {
    Effect::Shelve { shot, sitting: None }
}

/// A person let him sit: on whose word, and against what.
fn let_in(sitting: SittingId, why: &Refusal) -> Effect {
    Effect::Record(Fact::LetIn { sitting, gate: why.slug().to_owned() })
}
