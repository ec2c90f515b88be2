//! The camera's clock: the real one, moved by an offset, and shown in the camera's own zone.
//!
//! A camera keeps local time. EXIF and file dates carry it without a zone; over PTP, EOS bodies give
//! it twice, as UTCTime and as CameraTime, the local wall clock counted in seconds as if it were UTC
//! (libgphoto2 `config.c` `_get_UINT32_as_localtime`).

use std::time::{SystemTime, UNIX_EPOCH};

/// The real time. Only here does the camera look at it.
#[expect(clippy::disallowed_methods, reason = "a camera has a clock of its own, and this is what drives it")]
pub(crate) fn real_now() -> SystemTime {
    SystemTime::now()
}

/// A clock that may be wrong, and does not know it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    offset_ms: i64,
    zone_minutes: i32,
}

impl Clock {
    pub(crate) fn new(offset_ms: i64, zone_minutes: i32) -> Self {
        Self { offset_ms, zone_minutes }
    }

    /// Puts the clock that far ahead of the real one, behind it when negative.
    pub(crate) fn set_offset_ms(&mut self, offset_ms: i64) {
        self.offset_ms = offset_ms;
    }

    /// Sets the clock as the host does through UTCTime.
    pub(crate) fn set_utc_seconds(&mut self, seconds: u32) {
        self.offset_ms = i64::from(seconds) * 1000 - real_ms(real_now());
    }

    /// Sets the clock as the host does through CameraTime, the local wall clock.
    pub(crate) fn set_local_seconds(&mut self, seconds: u32) {
        self.set_utc_seconds(seconds);
        self.offset_ms -= i64::from(self.zone_minutes) * 60_000;
    }

    /// What the camera takes for UTC at that real moment, in seconds.
    pub(crate) fn utc_seconds(&self, at: SystemTime) -> u32 {
        seconds(real_ms(at).saturating_add(self.offset_ms))
    }

    /// What the camera's display shows at that real moment.
    pub(crate) fn local(&self, at: SystemTime) -> LocalTime {
        let zone_ms = i64::from(self.zone_minutes) * 60_000;
        LocalTime { ms: real_ms(at).saturating_add(self.offset_ms).saturating_add(zone_ms) }
    }
}

/// A wall-clock reading without a zone, as a camera writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LocalTime {
    /// Milliseconds since 1970-01-01 00:00 on that wall clock.
    ms: i64,
}

impl LocalTime {
    /// The reading in seconds, as in file listings (0x9109) and CameraTime.
    pub(crate) fn seconds(self) -> u32 {
        seconds(self.ms)
    }

    /// The same reading earlier by whole minutes.
    pub(crate) fn minutes_before(self, minutes: u32) -> Self {
        Self { ms: self.ms.saturating_sub(i64::from(minutes) * 60_000) }
    }

    /// `2027:06:30 09:15:00`, the form EXIF wants.
    pub(crate) fn exif(self) -> String {
        let (date, time) = (self.date(), self.time());
        format!("{:04}:{:02}:{:02} {:02}:{:02}:{:02}", date.0, date.1, date.2, time.0, time.1, time.2)
    }

    /// `20270630T091500`, the form PTP wants.
    pub(crate) fn ptp(self) -> String {
        let (date, time) = (self.date(), self.time());
        format!("{:04}{:02}{:02}T{:02}{:02}{:02}", date.0, date.1, date.2, time.0, time.1, time.2)
    }

    /// Hundredths of the second, the two digits Canon writes into SubSecTimeOriginal.
    pub(crate) fn hundredths(self) -> String {
        format!("{:02}", self.ms.rem_euclid(1000) / 10)
    }

    fn time(self) -> (i64, i64, i64) {
        let second = self.ms.div_euclid(1000).rem_euclid(86_400);
        (second / 3600, second / 60 % 60, second % 60)
    }

    /// Year, month and day of the proleptic Gregorian calendar, counted in years that begin in March
    /// so that the leap day comes last.
    fn date(self) -> (i64, i64, i64) {
        let day = self.ms.div_euclid(86_400_000) + 719_468;
        let era = day.div_euclid(146_097);
        let day_of_era = day.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let day_of_month = day_of_year - (153 * march_month + 2) / 5 + 1;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        (year, month, day_of_month)
    }
}

fn real_ms(at: SystemTime) -> i64 {
    at.duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

fn seconds(ms: i64) -> u32 {
    u32::try_from(ms.div_euclid(1000)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn dates_follow_the_calendar() {
        let greenwich = Clock::new(0, 0);
        for (seconds, shown) in [
            (0, "1970:01:01 00:00:00"),
            (951_782_399, "2000:02:28 23:59:59"),
            (951_782_400, "2000:02:29 00:00:00"),
            (1_709_251_199, "2024:02:29 23:59:59"),
            (1_814_346_900, "2027:06:30 09:15:00"),
        ] {
            assert_eq!(greenwich.local(at(seconds)).exif(), shown);
        }
    }

    #[test]
    fn zone_and_offset_move_the_display() {
        let clock = Clock::new(-1_500, 480);
        let shown = clock.local(at(1_814_346_900));
        assert_eq!(shown.exif(), "2027:06:30 17:14:58");
        assert_eq!(shown.hundredths(), "50");
        assert_eq!(shown.ptp(), "20270630T171458");
        assert_eq!(clock.utc_seconds(at(1_814_346_900)), 1_814_346_898);
    }
}
