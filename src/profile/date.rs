//! A day of the calendar, written `2026-11-30`. A day that does not exist is an error, never rolled over:
//! one contract really names 2026-11-31.

use std::fmt;

use serde::{Deserialize, Deserializer, de};

/// A day that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub chrono::NaiveDate);

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

impl<'de> Deserialize<'de> for Date {
    /// Takes TOML's own date or the same in quotation marks.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = toml::Value::deserialize(deserializer)?;
        let written = match value.as_datetime() {
            Some(date) => Some(date.to_string()),
            None => value.as_str().map(str::to_owned),
        };
        let text =
            written.ok_or_else(|| de::Error::custom(format!("a date is written 2026-11-30, not {value}")))?;
        chrono::NaiveDate::parse_from_str(&text, "%Y-%m-%d")
            .map(Self)
            .map_err(|_no_day| de::Error::custom(format!("{text} is not a day of the calendar")))
    }
}
