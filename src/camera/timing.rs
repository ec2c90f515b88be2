//! From the camera's clock to the station's: when a shot was taken, no more exactly than we really know.

use serde::{Deserialize, Serialize};

use super::CameraError;
use crate::shot::{CameraTime, Exposure, Moment};

/// Two clocks of quartz grow apart by less than one part in so many: 3 s in a day of eight hours.
const DRIFT_PER_MS: i64 = 10_000;

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

    /// This or another offset, whichever it was.
    pub(super) fn either(self, other: Self) -> Self {
        Self { least: self.least.min(other.least), most: self.most.max(other.most) }
    }

    /// The same so many milliseconds later, when nobody has read the clock since.
    fn after_ms(self, ms: i64) -> Self {
        let drift = ms.max(0) / DRIFT_PER_MS;
        Self { least: self.least.saturating_sub(drift), most: self.most.saturating_add(drift) }
    }

    /// When a file was exposed that says `taken` and was first seen at `seen`, which is never later than that.
    ///
    /// A file from the future shows that the offset is wrong; then nothing but its coming is believed.
    #[must_use]
    pub fn exposure(self, taken: CameraTime, seen: Moment) -> Exposure {
        let earliest = Moment(taken.ms.saturating_sub(self.most));
        let latest = Moment(taken.ms.saturating_add(taken.span_ms).saturating_sub(self.least));
        if earliest > seen {
            return Exposure::some_time_before(seen);
        }
        Exposure { earliest, latest: latest.min(seen) }
    }

    /// How far ahead of this offset a clock must be whose file says `taken` and was first seen at `seen`, in
    /// milliseconds; `None` when the file does not prove the offset wrong.
    fn proven_ahead(self, taken: CameraTime, seen: Moment) -> Option<i64> {
        let earliest = taken.ms.saturating_sub(self.most);
        let middle = i64::midpoint(self.least, self.most);
        (earliest > seen.0).then(|| taken.ms.saturating_sub(middle).saturating_sub(seen.0))
    }
}

/// A camera's clock, believed until a file proves it wrong. A clock that is ahead makes a shot look later than
/// it was, as if the next student had sat already; one that is behind only sends shots to the strays.
#[derive(Debug, Clone)]
pub(super) struct CameraClock {
    offset: Option<ClockOffset>,
    /// When it was read; `None` for one that is known from somebody else.
    read: Option<Moment>,
    disproved: Option<CameraError>,
}

impl CameraClock {
    /// A clock of which the offset is known, or nothing.
    pub(super) fn new(offset: Option<ClockOffset>) -> Self {
        Self { offset, read: None, disproved: None }
    }

    /// The same, read then: it is believed less exactly the longer that is ago.
    pub(super) fn read_at(self, at: Moment) -> Self {
        Self { read: Some(at), ..self }
    }

    /// The offset, while it is believed.
    pub(super) fn offset(&self) -> Option<ClockOffset> {
        self.offset
    }

    /// What a file has shown to be wrong with the clock.
    pub(super) fn disproved(&self) -> Option<&CameraError> {
        self.disproved.as_ref()
    }

    /// When a file was exposed, as far as anything is known of clock and file; `seen` is when it was first
    /// seen. The one file that proves the clock wrong speaks against every later one too: they may be as wrong
    /// and, being longer under way, not show it.
    pub(super) fn exposure(&mut self, taken: Option<CameraTime>, seen: Moment) -> Exposure {
        let (Some(offset), Some(taken)) = (self.offset, taken) else {
            return Exposure::some_time_before(seen);
        };
        let offset = self.read.map_or(offset, |read| offset.after_ms(seen.ms_since(read)));
        if let Some(ms) = offset.proven_ahead(taken, seen) {
            self.offset = None;
            self.disproved = Some(CameraError::ClockAhead { seconds: ms.unsigned_abs().div_ceil(1000) });
        }
        offset.exposure(taken, seen)
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
        assert_eq!(CameraClock::new(None).exposure(Some(shown(4_000, 10)), arrival), nothing);
        let offset = ClockOffset { least: 0, most: 100 };
        let mut clock = CameraClock::new(Some(offset));
        assert_eq!(clock.exposure(None, arrival), nothing);
        let known = Exposure { earliest: Moment(3_900), latest: Moment(4_010) };
        assert_eq!(clock.exposure(Some(shown(4_000, 10)), arrival), known);
        let bounded = Exposure { earliest: Moment(4_950), latest: arrival };
        assert_eq!(clock.exposure(Some(shown(5_050, 10)), arrival), bounded, "not exposed after it was seen");
        assert_eq!(clock.disproved(), None);
    }

    /// After eight hours the camera's quartz is 1.2 s ahead of where it was. What A was exposed to must not look
    /// like B's, who sat down half a second later, and the clock is none the worse for it.
    #[test]
    fn a_clock_that_was_read_long_ago_is_believed_less_exactly() {
        let (read, drift) = (Moment(1_000_000), 1_200);
        let offset = ClockOffset { least: 0, most: 1_050 };
        let exposed = read.plus_ms(8 * 3600 * 1000);
        let (b_since, seen) = (exposed.plus_ms(500), exposed.plus_ms(900));
        let mut clock = CameraClock::new(Some(offset)).read_at(read);
        let told = clock.exposure(Some(shown(exposed.0 + 1_000 + drift, 10)), seen);
        assert!(told.earliest <= exposed && told.earliest < b_since, "{told:?}");
        assert_eq!((clock.disproved(), clock.offset()), (None, Some(offset)));
    }

    /// The camera is 4 s ahead, more than anybody reckoned with. A file that is seen at once shows it; the next
    /// one, exposed while A sat, is under way until B sits, and must not look like B's.
    #[test]
    fn a_file_from_the_future_ends_the_belief_in_the_clock() {
        let offset = ClockOffset { least: -1500, most: 1500 };
        let mut clock = CameraClock::new(Some(offset));
        let ahead = 4_000;
        let seen = Moment(91_000);
        assert_eq!(clock.exposure(Some(shown(90_000 + ahead, 10)), seen), Exposure::some_time_before(seen));
        assert_eq!(clock.disproved(), Some(&CameraError::ClockAhead { seconds: 3 }));
        let (exposed, b_since, seen) = (100_000, Moment(101_000), Moment(105_000));
        let told = clock.exposure(Some(shown(exposed + ahead, 10)), seen);
        assert_eq!(told, Exposure::some_time_before(seen));
        assert!(told.earliest < b_since, "it is not certainly B's");
        assert_eq!(clock.offset(), None);
    }
}
