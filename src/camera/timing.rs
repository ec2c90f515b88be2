//! From the camera's clock to the station's: when a shot was taken, no more exactly than we really know.

use serde::{Deserialize, Serialize};

use crate::shot::{CameraTime, Exposure, Moment};

/// What must be taken off the camera's time to get the station's: somewhere from `least` to `most`, in
/// milliseconds. Time zones are in it: cameras keep local time and say nothing of the zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockOffset {
    /// At least this much.
    pub least: i64,
    /// At most this much.
    pub most: i64,
}

impl ClockOffset {
    /// The offset of a clock that showed `shown` at some time between `before` and `after`.
    #[must_use]
    pub fn measured(shown: CameraTime, before: Moment, after: Moment) -> Self {
        Self { least: shown.ms - after.0, most: shown.ms + shown.span_ms - before.0 }
    }

    /// When a file was exposed that says `taken` and arrived at `arrival`.
    ///
    /// A file from the future shows that the offset is wrong; then nothing but the arrival is believed.
    #[must_use]
    pub fn exposure(self, taken: CameraTime, arrival: Moment) -> Exposure {
        let earliest = Moment(taken.ms.saturating_sub(self.most));
        let latest = Moment(taken.ms.saturating_add(taken.span_ms).saturating_sub(self.least));
        if earliest > arrival {
            return Exposure::some_time_before(arrival);
        }
        Exposure { earliest, latest: latest.min(arrival) }
    }
}

/// When a file was exposed, as far as anything is known of clock and file.
pub(super) fn exposure(offset: Option<ClockOffset>, taken: Option<CameraTime>, arrival: Moment) -> Exposure {
    match (offset, taken) {
        (Some(offset), Some(taken)) => offset.exposure(taken, arrival),
        _ => Exposure::some_time_before(arrival),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EIGHT_HOURS: i64 = 8 * 3600 * 1000;

    fn shown(ms: i64, span_ms: i64) -> CameraTime {
        CameraTime { ms, span_ms }
    }

    #[test]
    fn the_true_moment_is_always_inside() {
        // A camera that is 3.7 s ahead in China's time zone; its clock is read within 80 ms and shows seconds.
        let ahead = EIGHT_HOURS + 3700;
        let read_at = Moment(1_000_000);
        let camera_at_reading = read_at.0 + 30 + ahead;
        let offset =
            ClockOffset::measured(shown(camera_at_reading / 1000 * 1000, 1000), read_at, read_at.plus_ms(80));
        for true_moment in [2_000_000, 2_000_123, 2_000_999] {
            let camera = true_moment + ahead;
            let exposed = offset.exposure(shown(camera / 10 * 10, 10), Moment(true_moment + 900));
            assert!(exposed.earliest.0 <= true_moment && true_moment <= exposed.latest.0, "{exposed:?}");
            assert!(exposed.latest.ms_since(exposed.earliest) <= 1000 + 80 + 10, "{exposed:?}");
        }
    }

    #[test]
    fn what_is_not_known_is_not_believed() {
        let arrival = Moment(5_000);
        let nothing = Exposure::some_time_before(arrival);
        assert_eq!(exposure(None, Some(shown(4_000, 10)), arrival), nothing);
        let offset = ClockOffset { least: 0, most: 100 };
        assert_eq!(exposure(Some(offset), None, arrival), nothing);
        assert_eq!(
            exposure(Some(offset), Some(shown(9_000, 10)), arrival),
            nothing,
            "a file from the future"
        );
        assert_eq!(
            exposure(Some(offset), Some(shown(4_000, 10)), arrival),
            Exposure { earliest: Moment(3_900), latest: Moment(4_010) }
        );
    }
}
