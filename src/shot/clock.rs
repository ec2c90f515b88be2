//! The station's clock: set once by the computer's, then only counting upwards.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use chrono::Timelike as _;

use super::Moment;

/// Tells the time of this station. Clones tell the same time.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    started: Instant,
    started_at: Moment,
}

impl Clock {
    /// Sets the clock by the computer's. A correction of the computer's clock later in the day does not
    /// reach it: what happened later stays later.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the computer for the time")]
    pub fn start() -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { started: Instant::now(), started_at: Moment(since_1970.as_millis() as i64) }
    }

    /// The beginning of today, by the computer's local time.
    #[must_use]
    pub fn midnight(&self) -> Moment {
        let now = chrono::DateTime::from_timestamp_millis(self.now().0).unwrap_or_default();
        let local = now.with_timezone(&chrono::Local).naive_local();
        self.now().plus_ms(-i64::from(local.num_seconds_from_midnight()) * 1000)
    }

    /// A moment as the time of day on this computer's wall, hours and minutes.
    #[must_use]
    pub fn time_of_day(&self, at: Moment) -> String {
        let at = chrono::DateTime::from_timestamp_millis(at.0).unwrap_or_default();
        at.with_timezone(&chrono::Local).format("%H:%M").to_string()
    }

    /// A moment by this computer's calendar and wall clock, to the second.
    #[must_use]
    pub fn date_and_time(&self, at: Moment) -> String {
        date_and_time(at)
    }

    /// Today by this computer's calendar.
    #[must_use]
    pub fn day(&self) -> String {
        let now = chrono::DateTime::from_timestamp_millis(self.now().0).unwrap_or_default();
        now.with_timezone(&chrono::Local).format("%Y-%m-%d").to_string()
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.started_at.plus_ms(self.started.elapsed().as_millis() as i64)
    }
}

/// A moment by this computer's calendar and wall clock, to the second.
#[must_use]
pub fn date_and_time(at: Moment) -> String {
    let at = chrono::DateTime::from_timestamp_millis(at.0).unwrap_or_default();
    at.with_timezone(&chrono::Local).format("%Y-%m-%d %H:%M:%S").to_string()
}
