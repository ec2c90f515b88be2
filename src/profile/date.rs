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
        let text = match &value {
            toml::Value::Datetime(date) => date.to_string(),
            toml::Value::String(text) => text.clone(),
            other => return Err(de::Error::custom(format!("a date is written 2026-11-30, not {other}"))),
        };
        chrono::NaiveDate::parse_from_str(&text, "%Y-%m-%d")
            .map(Self)
            .map_err(|_no_day| de::Error::custom(format!("{text} is not a day of the calendar")))
    }
}
