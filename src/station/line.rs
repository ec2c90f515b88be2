//! The line before the chair: who comes next while somebody sits.
//!
//! A phone is held up for a moment and put away again, long before the chair is free. Its student is expected then: shown
//! to the operator while the one before is judged, and asked about when the chair is free. He is never seated by
//! himself, because whoever sits down by then may be somebody else.

use super::{Effect, Event, Gate, Phase, SeenCode, Station, Wish, gate, when_empty};
use crate::shot::Moment;

/// A student whose code was shown while somebody else sat.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expected {
    /// Who.
    seen: SeenCode,
    /// When his code was seen last.
    shown: Moment,
}

/// Who comes next, and whether he may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// Who.
    pub seen: SeenCode,
    /// Whether his code is held up: then he sits down by himself as soon as the chair is free. Else he is asked about.
    pub in_view: bool,
    /// What the gate says of him at this moment.
    pub gate: Gate,
}

impl Station {
    /// Who comes next if the sitting ended at `at`; nobody while nobody sits.
    #[must_use]
    pub fn next_in_line(&self, at: Moment) -> Option<Next> {
        let sits = &self.phase.sitting()?.bearer.key;
        let comes = |seen: &&SeenCode| seen.bearer.key != *sits && !self.is_served(&seen.bearer);
        let in_view = self.in_view.as_ref().filter(comes);
        let seen = in_view.or_else(|| self.expected_at(at).filter(comes))?;
        let seen = self.as_known(seen.clone());
        let gate = gate(&seen.bearer, &self.rules, &self.register);
        Some(Next { in_view: in_view.is_some(), gate, seen })
    }

    /// Remembers the code in view as who comes next, unless it is that of whoever sits, or sat just now.
    pub(super) fn expect_who_is_in_view(&mut self, at: Moment) {
        let sits = self.phase.bearer().map(|bearer| &bearer.key);
        let comes = |seen: &&SeenCode| sits != Some(&seen.bearer.key) && !self.is_served(&seen.bearer);
        if let Some(seen) = self.in_view.as_ref().filter(comes).cloned() {
            self.expected = Some(Expected { seen, shown: at });
        }
    }

    /// The code in view is seen no more from `at` on: how long its student is expected counts from here.
    pub(super) fn expect_since(&mut self, at: Moment) {
        if let (Some(seen), Some(expected)) = (&self.in_view, &mut self.expected)
            && seen.bearer.key == expected.seen.bearer.key
        {
            expected.shown = at;
        }
    }

    /// Who is expected, if his code was not seen too long ago.
    fn expected_at(&self, at: Moment) -> Option<&SeenCode> {
        let Expected { seen, shown } = self.expected.as_ref()?;
        let waited_ms = at.ms_since(*shown);
        (waited_ms < i64::from(self.rules.next_waits_s) * 1000).then_some(seen)
    }

    /// The chair is free, and nobody is held up for it.
    pub(super) fn ask_about_who_is_expected(&mut self, at: Moment) {
        if let Some(seen) = self.expected_at(at).cloned() {
            self.phase = Phase::Awaited(self.as_known(seen));
        }
    }

    pub(super) fn forget_who_waited_too_long(&mut self, at: Moment) {
        if self.expected_at(at).is_none() {
            self.expected = None;
        }
    }

    pub(super) fn when_awaited(&mut self, at: Moment, event: Event, seen: SeenCode) -> Vec<Effect> {
        match event {
            Event::Wished(Wish::Seat) => {
                let seen = self.as_known(seen);
                self.pass_the_gate(at, seen)
            }
            Event::Wished(Wish::Dismiss) => {
                self.expected = None;
                vec![]
            }
            other => {
                self.phase = Phase::Awaited(seen);
                when_empty(other)
            }
        }
    }
}
