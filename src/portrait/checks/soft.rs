//! Answers by a limit of which either half may be missing, and the answer that there is none.

use super::{Answer, Verdict};
use crate::profile::SoftLimit;

/// What stands where a limit is not asked for, or a value could not be measured.
const NONE: &str = "–";

/// Two answers without a number are alike: a screen must not take them for news.
impl PartialEq for Answer {
    fn eq(&self, other: &Self) -> bool {
        self.verdict == other.verdict
            && self.value.total_cmp(&other.value).is_eq()
            && self.limit == other.limit
    }
}

impl Answer {
    /// Good up to `limit.warn`, bad beyond `limit.fail`; only told where the limit is missing.
    pub(super) fn up_to(value: f64, limit: SoftLimit, unit: &str) -> Self {
        let beyond = |half: Option<f64>| half.is_some_and(|half| value > half);
        Self::judged(value, limit, (beyond(limit.warn), beyond(limit.fail)), ("≤", unit))
    }

    /// Good from `limit.warn` on, bad below `limit.fail`; only told where the limit is missing.
    pub(super) fn from_on(value: f64, limit: SoftLimit, unit: &str) -> Self {
        let short = |half: Option<f64>| half.is_some_and(|half| value < half);
        Self::judged(value, limit, (short(limit.warn), short(limit.fail)), ("≥", unit))
    }

    /// It could not be seen, which is nobody's fault: passes, and the value is no number.
    pub(super) fn unknown() -> Self {
        Self { verdict: Verdict::Pass, value: f64::NAN, limit: NONE.to_owned() }
    }

    fn judged(
        value: f64,
        limit: SoftLimit,
        (warns, fails): (bool, bool),
        (sign, unit): (&str, &str),
    ) -> Self {
        let verdict = match (warns, fails) {
            (_, true) => Verdict::Fail,
            (true, false) => Verdict::Warn,
            (false, false) => Verdict::Pass,
        };
        let limit = limit.first().map_or(NONE.to_owned(), |first| format!("{sign} {first}{unit}"));
        Self { verdict, value, limit }
    }

    /// The worse of two answers to the same question.
    pub(super) fn or_worse(self, other: Self) -> Self {
        if other.verdict > self.verdict { other } else { self }
    }
}
