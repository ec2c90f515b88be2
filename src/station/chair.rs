//! The chair and the queue before it: who is held up to the webcam or called by name, and who sits down when it is free.

use super::{Effect, Gate, Phase, Refusal, SeenCode, Sitting, Station, gate};
use crate::{
    shot::{Moment, SittingId},
    student::{Bearer, Source, StudentKey},
};

impl Station {
    /// A code is held before the webcam. Only an empty chair takes it.
    pub(super) fn see(&mut self, at: Moment, seen: SeenCode) -> Vec<Effect> {
        // Who is called by name has no code; a QR code that says so was made to be taken for him.
        if seen.code.source() != Source::Code {
            return vec![];
        }
        let seen = self.as_known(seen);
        let is_asked_about = self.phase.bearer().is_some_and(|bearer| bearer.key == seen.bearer.key);
        if self.finished.as_ref().is_some_and(|finished| *finished != seen.bearer.key) {
            self.finished = None;
        }
        self.in_view = Some(seen);
        match &self.phase {
            Phase::Idle => self.seat_who_is_in_view(at),
            Phase::KeptBefore(_) | Phase::Refused(..) if !is_asked_about => {
                self.phase = Phase::Idle;
                self.seat_who_is_in_view(at)
            }
            Phase::KeptBefore(_)
            | Phase::Refused(..)
            | Phase::CodeScanned(_)
            | Phase::Shot(..)
            | Phase::Reviewing(..)
            | Phase::Queueing(..) => vec![],
        }
    }

    /// A student was named. Only an empty chair takes him, and he does not wait in line: his name was called now.
    pub(super) fn name(&mut self, at: Moment, named: SeenCode) -> Vec<Effect> {
        if self.phase.sitting().is_some() {
            return vec![];
        }
        // Whatever is still held up was served, or asked about, before he was called.
        (self.in_view, self.finished) = (None, None);
        let named = self.as_known(named);
        self.pass_the_gate(at, named)
    }

    /// The bearer as this station takes him.
    pub(super) fn as_known(&self, seen: SeenCode) -> SeenCode {
        let SeenCode { code, bearer } = seen;
        SeenCode { bearer: self.register.distinguish(&code, bearer), code }
    }

    /// Whether a portrait of this student is kept.
    #[must_use]
    pub fn has_kept(&self, bearer: &Bearer) -> bool {
        self.register.is_kept(bearer)
    }

    /// Nobody's turn can be told from what is held up. Whoever sits goes on sitting; nobody comes after him by
    /// himself.
    pub(super) fn see_nobody(&mut self, why: Refusal) -> Vec<Effect> {
        self.in_view = None;
        if self.phase.sitting().is_none() {
            self.phase = Phase::Refused(None, why);
        }
        vec![]
    }

    pub(super) fn lose_sight(&mut self) -> Vec<Effect> {
        self.in_view = None;
        self.finished = None;
        // Of two phones that were put away nothing is left to say.
        if matches!(self.phase, Phase::Refused(_, Refusal::TwoCodes)) {
            self.phase = Phase::Idle;
        }
        vec![]
    }

    /// Gives the empty chair to the code in view, if there is one that was not served just now and the gate is open.
    fn seat_who_is_in_view(&mut self, at: Moment) -> Vec<Effect> {
        let Some(seen) = self.in_view.clone() else { return vec![] };
        if self.finished.as_ref() == Some(&seen.bearer.key) {
            return vec![];
        }
        self.pass_the_gate(at, seen)
    }

    fn pass_the_gate(&mut self, at: Moment, seen: SeenCode) -> Vec<Effect> {
        match gate(&seen.bearer, &self.rules, &self.register) {
            Gate::Open => return self.seat(at, seen, false),
            Gate::KeptBefore => self.phase = Phase::KeptBefore(seen),
            Gate::Shut(why) => self.phase = Phase::Refused(Some(seen), why),
        }
        vec![]
    }

    pub(super) fn seat(&mut self, at: Moment, seen: SeenCode, retake: bool) -> Vec<Effect> {
        self.register.enter(&seen.bearer);
        let id = self.next_sitting;
        self.next_sitting = SittingId(id.0 + 1);
        let sitting = Sitting::new(id, seen, at, retake);
        let effects = vec![Effect::Seat(sitting.clone())];
        self.phase = Phase::CodeScanned(sitting);
        effects
    }

    /// Ends a sitting: the chair is free for whoever is in view, but not for the same student again as long as his
    /// code stays there.
    pub(super) fn rest(&mut self, at: Moment, finished: StudentKey) -> Vec<Effect> {
        self.phase = Phase::Idle;
        let still_held_up = self.in_view.as_ref().is_some_and(|seen| seen.bearer.key == finished);
        self.finished = still_held_up.then_some(finished);
        self.seat_who_is_in_view(at)
    }
}
