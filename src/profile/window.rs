//! A closed range of numbers, written `[low, high]` in a profile.

use serde::Deserialize;

/// From `low` to `high`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(try_from = "[f64; 2]")]
pub struct Window {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Two numbers that are no window.
#[derive(Debug, Clone, thiserror::Error, PartialEq)]
#[error("[{low}, {high}] is not a window: the first number must be the smaller, and both finite")]
pub struct NotAWindow {
    low: f64,
    high: f64,
}

impl TryFrom<[f64; 2]> for Window {
    type Error = NotAWindow;

    fn try_from([low, high]: [f64; 2]) -> Result<Self, NotAWindow> {
        if low.is_finite() && high.is_finite() && low <= high {
            Ok(Self { low, high })
        } else {
            Err(NotAWindow { low, high })
        }
    }
}

impl Window {
    /// Whether a value lies inside.
    #[must_use]
    pub fn contains(self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// The window, smaller by `guard` at each end; `None` when nothing is left.
    #[must_use]
    pub fn inset(self, guard: f64) -> Option<Self> {
        Self::try_from([self.low + guard, self.high - guard]).ok()
    }
}

impl std::fmt::Display for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}–{}", self.low, self.high)
    }
}
