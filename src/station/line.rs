//! The line before the chair: who comes next while somebody sits.
//!
//! A phone is held up for a moment and put away again, long before the chair is free; or somebody without a code is called
//! by name. Its student is expected then: shown to the operator while the one before is judged, and asked about when the
//! chair is free. He is never seated by himself, because whoever sits down by then may be somebody else.
//!
//! There are two places, and none takes the other's. Of codes the last one that was shown counts, for as long as the
//! profile says: phones are held up by chance. Of names the last one counts too, but no clock forgets it: a person meant
//! him, and a person has to say what becomes of him. Who was named is asked about first, also before a code that is held
//! up: its student would sit down on the chair that another one was called to. He keeps his place behind.

use super::{Effect, Event, Gate, Phase, SeenCode, Station, Wish, gate, when_empty};
use crate::{
    shot::Moment,
    student::{Bearer, StudentKey},
};

/// A student who is expected: asked about before he sits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Who.
    pub seen: SeenCode,
    /// Whether he was called by name; else he has shown a code.
    pub by_name: bool,
}

/// Who comes next, and whether he may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// Who.
    pub seen: SeenCode,
    /// Whether he was called by name.
    pub by_name: bool,
    /// Whether his code is held up: then he sits down by himself when it is his turn. Else he is asked about.
    pub in_view: bool,
    /// What the gate says of him at this moment.
    pub gate: Gate,
}

/// Who is expected.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Line {
    /// Who was called by name last, until he sits or a person sends him away.
    named: Option<SeenCode>,
    /// Whose code was shown last, and when it was seen last.
    shown: Option<(SeenCode, Moment)>,
}

impl Line {
    /// It is settled about whoever is expected in this way.
    pub(super) fn settle(&mut self, by_name: bool) {
        if by_name {
            self.named = None;
        } else {
            self.shown = None;
        }
    }

    /// He is called by name: whoever was so before is no more.
    pub(super) fn call(&mut self, named: SeenCode) {
        self.named = Some(named);
    }

    /// He sits, or was sent away: he is expected no more.
    pub(super) fn leave(&mut self, key: &StudentKey) {
        self.named.take_if(|seen| seen.bearer.key == *key);
        self.shown.take_if(|(seen, _)| seen.bearer.key == *key);
    }
}

impl Station {
    /// Who comes when the chair is free, in order: two at most. Neither who sits, nor who is asked about.
    #[must_use]
    pub fn line(&self, at: Moment) -> Vec<Next> {
        let busy_with = self.phase.bearer().map(|bearer| &bearer.key);
        let comes = |seen: &&SeenCode| busy_with != Some(&seen.bearer.key) && !self.is_served(&seen.bearer);
        let named = self.line.named.as_ref().filter(|seen| busy_with != Some(&seen.bearer.key));
        let shown = self.in_view.as_ref().filter(comes).or_else(|| self.shown_at(at).filter(comes));
        let is_named = |seen: &&SeenCode| named.is_some_and(|named| named.bearer.key == seen.bearer.key);
        let named_next = named.map(|seen| self.next(seen, true));
        let shown_next = shown.filter(|seen| !is_named(seen)).map(|seen| self.next(seen, false));
        named_next.into_iter().chain(shown_next).collect()
    }

    fn next(&self, seen: &SeenCode, by_name: bool) -> Next {
        let in_view = self.in_view.as_ref().is_some_and(|held| held.bearer.key == seen.bearer.key);
        let seen = self.as_known(seen.clone());
        Next { in_view, by_name, gate: gate(&seen.bearer, &self.rules, &self.register), seen }
    }

    /// Who was called by name, and neither sits nor was sent away.
    #[must_use]
    pub fn called(&self) -> Option<&Bearer> {
        self.line.named.as_ref().map(|seen| &seen.bearer)
    }

    /// Remembers the code in view as who comes next, unless it is that of whoever sits or is asked about, or sat just
    /// now.
    pub(super) fn expect_who_is_in_view(&mut self, at: Moment) {
        let sits = self.phase.bearer().map(|bearer| &bearer.key);
        let comes = |seen: &&SeenCode| sits != Some(&seen.bearer.key) && !self.is_served(&seen.bearer);
        if let Some(seen) = self.in_view.as_ref().filter(comes).cloned() {
            self.line.shown = Some((seen, at));
        }
    }

    /// The code in view is seen no more from `at` on: how long its student is expected counts from here.
    pub(super) fn expect_since(&mut self, at: Moment) {
        if let (Some(seen), Some((expected, shown))) = (&self.in_view, &mut self.line.shown)
            && seen.bearer.key == expected.bearer.key
        {
            *shown = at;
        }
    }

    /// Whose code was shown, if not too long ago.
    fn shown_at(&self, at: Moment) -> Option<&SeenCode> {
        let (seen, shown) = self.line.shown.as_ref()?;
        let waited_ms = at.ms_since(*shown);
        (waited_ms < i64::from(self.rules.next_waits_s) * 1000).then_some(seen)
    }

    /// Whether somebody else than this one was called, and neither sits nor was sent away.
    pub(super) fn is_another_called(&self, bearer: &Bearer) -> bool {
        self.called().is_some_and(|called| called.key != bearer.key)
    }

    /// The chair is free, and nobody who is held up may have it.
    pub(super) fn ask_about_who_is_expected(&mut self, at: Moment) {
        let by_name = self.line.named.is_some();
        if let Some(seen) = self.line.named.as_ref().or_else(|| self.shown_at(at)).cloned() {
            self.phase = Phase::Awaited(Expected { seen: self.as_known(seen), by_name });
        }
    }

    pub(super) fn forget_who_waited_too_long(&mut self, at: Moment) {
        if self.shown_at(at).is_none() {
            self.line.shown = None;
        }
    }

    pub(super) fn when_awaited(&mut self, at: Moment, event: Event, expected: Expected) -> Vec<Effect> {
        match event {
            Event::Wished(Wish::Seat) => {
                self.line.settle(expected.by_name);
                let seen = self.as_known(expected.seen);
                if expected.by_name {
                    // The gate may stop him: he is called until that is settled too.
                    self.line.call(seen.clone());
                }
                self.pass_the_gate(at, seen)
            }
            Event::Wished(Wish::Dismiss) => {
                self.line.settle(expected.by_name);
                self.fill_the_chair(at)
            }
            other => {
                self.phase = Phase::Awaited(expected);
                when_empty(other)
            }
        }
    }
}
