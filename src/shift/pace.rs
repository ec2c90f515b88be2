//! How fast it goes: from the portraits saved of late, and no further back, because a break is not the pace.

use std::collections::VecDeque;

use crate::{
    ledger::Tally,
    profile::Throughput,
    screens::Pace,
    shot::{Clock, Moment},
};

/// Portraits of this long count, in milliseconds.
const OF_LATE_MS: i64 = 20 * 60_000;

/// Of fewer portraits, or of a shorter time, nobody can tell a pace.
const FEWEST: usize = 5;
const SHORTEST_MS: i64 = 60_000;

const HOUR_MS: i64 = 3_600_000;

/// When portraits were saved, of late.
#[derive(Debug, Default)]
pub(super) struct Stride {
    saved: VecDeque<Moment>,
    /// How many this station is to photograph in a day.
    target: Option<u64>,
}

impl Stride {
    /// A day's work is shared alike among the stations.
    pub(super) fn of(throughput: &Throughput) -> Self {
        let each = u64::from(throughput.students_per_day).div_ceil(u64::from(throughput.stations.max(1)));
        Self { saved: VecDeque::new(), target: Some(each).filter(|each| *each > 0) }
    }

    /// A portrait was saved.
    pub(super) fn step(&mut self, at: Moment) {
        self.saved.push_back(at);
        while self.saved.front().is_some_and(|first| at.0 - first.0 > OF_LATE_MS) {
            self.saved.pop_front();
        }
    }

    /// How fast it goes now.
    pub(super) fn pace(&self, tally: Tally, clock: &Clock) -> Pace {
        let now = clock.now();
        let of_late = || self.saved.iter().filter(|saved| now.0 - saved.0 <= OF_LATE_MS);
        let (count, first) = (of_late().count(), of_late().next());
        let took_ms = first.map_or(0, |first| now.0 - first.0);
        // The first one only begins the time that the others took.
        let per_hour = (count >= FEWEST && took_ms >= SHORTEST_MS)
            .then(|| (count as i64 - 1) * HOUR_MS / took_ms.max(1))
            .and_then(|per_hour| u64::try_from(per_hour).ok());
        let left = self.target.map(|target| target.saturating_sub(tally.today)).filter(|left| *left > 0);
        let done_at = left.zip(per_hour.filter(|per_hour| *per_hour > 0)).and_then(|(left, per_hour)| {
            done_today(left, per_hour, now, clock.midnight()).map(|at| clock.time_of_day(at))
        });
        Pace { target: self.target, per_hour, done_at }
    }
}

/// When the rest is done; not when that is another day: its time would be read as one of today.
fn done_today(left: u64, per_hour: u64, now: Moment, midnight: Moment) -> Option<Moment> {
    let ms = left.saturating_mul(HOUR_MS.unsigned_abs()) / per_hour;
    let at = now.plus_ms(i64::try_from(ms).unwrap_or(i64::MAX));
    (at < midnight.plus_ms(24 * HOUR_MS)).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throughput(students_per_day: u32, stations: u32) -> Throughput {
        Throughput { students_per_day, stations, hours_per_day: 8.0 }
    }

    #[test]
    fn a_pace_is_that_of_late_and_nobody_guesses_from_three() {
        let clock = Clock::start();
        let ago = |minutes: i64| clock.now().plus_ms(-minutes * 60_000);
        let mut stride = Stride::of(&throughput(5000, 3));
        let tally = Tally { today: 667, ..Tally::default() };
        assert_eq!(stride.pace(tally, &clock), Pace { target: Some(1667), ..Pace::default() });
        // Long before: a pace that counts no more.
        (0..40).for_each(|n| stride.step(ago(300 - n)));
        for minutes in (0..=10).rev() {
            stride.step(ago(minutes));
        }
        let pace = stride.pace(tally, &clock);
        assert_eq!(pace.per_hour, Some(60));
        let done = Tally { today: 1667, ..tally };
        assert_eq!(stride.pace(done, &clock).done_at, None);
        assert_eq!(Stride::of(&throughput(0, 1)).target, None);
    }

    #[test]
    fn an_end_that_is_another_days_is_not_told_as_a_time_of_today() {
        let midnight = Moment(1_800_000_000_000);
        let ten = midnight.plus_ms(10 * HOUR_MS);
        // A minute each: 300 are left, or more than fit into the day.
        assert_eq!(done_today(300, 60, ten, midnight), Some(midnight.plus_ms(15 * HOUR_MS)));
        assert_eq!(done_today(839, 60, ten, midnight), Some(midnight.plus_ms(24 * HOUR_MS - 60_000)));
        assert_eq!(done_today(840, 60, ten, midnight), None);
        assert_eq!(done_today(u64::MAX, 1, ten, midnight), None);
    }
}
