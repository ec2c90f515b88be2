//! A limit of which either half may be missing: a value is then only told, never judged.

use serde::{Deserialize, Deserializer, de::Error as _};

/// What a profile writes to lift a half of a limit that the profile below it set.
const NEVER: &str = "never";

/// From where a value is doubtful and from where it is bad; without a half nothing is ever judged so.
///
/// Written `{ warn = 60 }`, `{ warn = 6, fail = 10 }` or `{ fail = "never" }`. Which way a measure gets worse is the
/// measure's own business.
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SoftLimit {
    /// From here on a person looks twice.
    #[serde(default, deserialize_with = "number_or_never")]
    pub warn: Option<f64>,
    /// From here on the photo is taken again.
    #[serde(default, deserialize_with = "number_or_never")]
    pub fail: Option<f64>,
}

impl SoftLimit {
    /// The first half that is there, as people read it beside a value.
    #[must_use]
    pub fn first(self) -> Option<f64> {
        self.warn.or(self.fail)
    }

    /// Whether both halves are usable numbers and `warn` is met before `fail` by a value that rises.
    pub(super) fn is_rising(self) -> bool {
        self.holds(|warn, fail| warn <= fail)
    }

    /// The same for a value that falls.
    pub(super) fn is_falling(self) -> bool {
        self.holds(|warn, fail| warn >= fail)
    }

    fn holds(self, in_order: impl Fn(f64, f64) -> bool) -> bool {
        let is_number = |half: Option<f64>| half.is_none_or(|number| number.is_finite() && number >= 0.0);
        let ordered = match (self.warn, self.fail) {
            (Some(warn), Some(fail)) => in_order(warn, fail),
            _ => true,
        };
        is_number(self.warn) && is_number(self.fail) && ordered
    }
}

/// A number, or the word that lifts it.
fn number_or_never<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(f64),
        Word(String),
    }
    match Written::deserialize(from) {
        Ok(Written::Number(number)) => Ok(Some(number)),
        Ok(Written::Word(word)) if word == NEVER => Ok(None),
        _ => Err(D::Error::custom("a number, or \"never\"")),
    }
}
