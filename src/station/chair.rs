//! The chair: who is held up to the webcam or called by name, and who sits down when it is free.

use super::{Duty, Effect, Gate, Phase, Refusal, SeenCode, Sitting, Station, gate};
use crate::{
    shot::Moment,
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
        // A person called another one: what becomes of him a person says.
        let waits = self.is_another_called(&seen.bearer);
        self.in_view = Some(seen);
        let effects = match &self.phase {
            Phase::Idle => self.fill_the_chair(at),
            Phase::Refused(None, _) => self.fill_the_chair(at),
            Phase::KeptBefore(_) | Phase::Refused(..) if !is_asked_about && !waits => self.fill_the_chair(at),
            // His own code says that it is he; another one says who else it is.
            Phase::Awaited(_) if !waits => self.fill_the_chair(at),
            Phase::Awaited(_)
            | Phase::KeptBefore(_)
            | Phase::Refused(..)
            | Phase::CodeScanned(_)
            | Phase::Shot(..)
            | Phase::Reviewing(..)
            | Phase::Queueing(..) => vec![],
        };
        // Whoever has to wait for the chair waits also when he puts his phone away.
        if waits || self.phase.sitting().is_some() {
            self.expect_who_is_in_view(at);
        }
        effects
    }

    /// A student was named. An empty chair takes him at once: his name was called now. While somebody sits he is who is
    /// expected; whoever sits is not called a second time. While it is asked whether another one sits there who was
    /// called, it is asked of him instead: that one may be on the chair, and this one's card on the reader.
    pub(super) fn name(&mut self, at: Moment, named: SeenCode) -> Vec<Effect> {
        let named = self.as_known(named);
        if let Some(sitting) = self.phase.sitting() {
            if sitting.bearer.key != named.bearer.key {
                self.line.call(named);
            }
            return vec![];
        }
        let is_another_asked_about = matches!(&self.phase, Phase::Awaited(expected) if expected.by_name)
            && self.is_another_called(&named.bearer);
        self.line.call(named.clone());
        if is_another_asked_about {
            self.ask_about_who_is_expected(at);
            return vec![];
        }
        // Whose code was asked about is not he.
        if matches!(self.phase, Phase::Awaited(_)) {
            self.line.settle(false);
        }
        let asked_about = self.phase.bearer().map(|bearer| &bearer.key);
        let had_his_turn =
            |seen: &SeenCode| self.is_served(&seen.bearer) || asked_about == Some(&seen.bearer.key);
        // Whatever is held up and was served, or asked about, was so before he was called.
        if self.in_view.as_ref().is_some_and(had_his_turn) {
            self.in_view = None;
        }
        self.finished = None;
        self.pass_the_gate(at, named)
    }

    /// The bearer as this station takes him.
    #[must_use]
    pub fn as_known(&self, seen: SeenCode) -> SeenCode {
        let SeenCode { code, bearer } = seen;
        SeenCode { bearer: self.register.distinguish(&code, bearer), code }
    }

    /// Whether a portrait of this student is kept.
    #[must_use]
    pub fn has_kept(&self, bearer: &Bearer) -> bool {
        self.register.is_kept(bearer)
    }

    /// Somebody else logged in, or nobody is there. Whoever sits goes on sitting; whoever was asked about is asked about
    /// anew.
    pub(super) fn relieve(&mut self, at: Moment, duty: Duty) -> Vec<Effect> {
        self.rules.duty = duty;
        if self.phase.sitting().is_some() { vec![] } else { self.fill_the_chair(at) }
    }

    /// The disk became full, or has room again. Whoever sits goes on sitting; whoever was asked about is asked about anew.
    pub(super) fn mind_the_room(&mut self, at: Moment, is_there: bool) -> Vec<Effect> {
        self.rules.no_room = !is_there;
        if self.phase.sitting().is_some() { vec![] } else { self.fill_the_chair(at) }
    }

    /// Nobody's turn can be told from what is held up. Whoever sits goes on sitting; nobody comes after him by
    /// himself.
    pub(super) fn see_nobody(&mut self, at: Moment, why: Refusal) -> Vec<Effect> {
        self.expect_since(at);
        self.in_view = None;
        if self.phase.sitting().is_none() {
            self.phase = Phase::Refused(None, why);
        }
        vec![]
    }

    pub(super) fn lose_sight(&mut self, at: Moment) -> Vec<Effect> {
        self.expect_since(at);
        self.in_view = None;
        self.finished = None;
        // Of two phones that were put away nothing is left to say.
        if matches!(self.phase, Phase::Refused(_, Refusal::TwoCodes)) {
            return self.fill_the_chair(at);
        }
        vec![]
    }

    /// Gives the empty chair to the code in view, if there is one that was not served just now, the gate is open and
    /// nobody else was called; else asks about who is expected.
    pub(super) fn fill_the_chair(&mut self, at: Moment) -> Vec<Effect> {
        self.phase = Phase::Idle;
        let may_sit =
            |seen: &SeenCode| !self.is_served(&seen.bearer) && !self.is_another_called(&seen.bearer);
        let Some(seen) = self.in_view.clone().filter(may_sit) else {
            self.ask_about_who_is_expected(at);
            return vec![];
        };
        // Whoever showed a code before was told apart from him by his.
        self.line.settle(false);
        self.pass_the_gate(at, seen)
    }

    /// Whether his sitting ended and his code has been held up ever since.
    pub(super) fn is_served(&self, bearer: &Bearer) -> bool {
        self.finished.as_ref() == Some(&bearer.key)
    }

    pub(super) fn pass_the_gate(&mut self, at: Moment, seen: SeenCode) -> Vec<Effect> {
        match gate(&seen.bearer, &self.rules, &self.register) {
            Gate::Open => return self.seat(at, seen, false),
            Gate::KeptBefore => self.phase = Phase::KeptBefore(seen),
            Gate::Shut(why) => self.phase = Phase::Refused(Some(seen), why),
        }
        vec![]
    }

    pub(super) fn seat(&mut self, at: Moment, seen: SeenCode, retake: bool) -> Vec<Effect> {
        self.register.enter(&seen.bearer);
        self.line.leave(&seen.bearer.key);
        let id = self.reserve_sitting();
        let sitting = Sitting::new(id, seen, at, retake);
        let effects = vec![Effect::Seat(sitting.clone())];
        self.phase = Phase::CodeScanned(sitting);
        effects
    }

    /// Ends a sitting: the chair is free for whoever is in view, but not for the same student again as long as his
    /// code stays there.
    pub(super) fn rest(&mut self, at: Moment, finished: &StudentKey) -> Vec<Effect> {
        // Whoever was asked about without being in view leaves the one in view where he was: served.
        let served = |seen: &SeenCode| seen.bearer.key == *finished || self.is_served(&seen.bearer);
        self.finished = self.in_view.as_ref().filter(|seen| served(seen)).map(|seen| seen.bearer.key.clone());
        self.line.leave(finished);
        self.fill_the_chair(at)
    }
}
