//! Whose trigger a file came of.
//!
//! The rule, and all of it:
//!
//! 1. A file can have come of the station's trigger only if it was announced after the trigger (what lay on the
//!    card, or was announced, before it cannot) and if it may have been exposed after it, and not only when the
//!    trigger was given up: what was fired for who has gone must not make a stray of who sits now.
//! 2. The first such file is the station's, for the sitting it was fired for; every other file is the body's.
//! 3. A file was exposed before it was first seen: when its event came, or, if that came before a trigger, when
//!    the trigger was answered at the latest.
//! 4. When a file was exposed that was found on the card, and not announced, is believed only within what the
//!    camera's clock showed before and after; at the first look at a card nothing is, and the file is the body's.
//! 5. When the connection breaks, nothing that comes later is the station's.
//!
//! Neither word gives a file to a person. The sitting owns what was certainly exposed while it lasted, whoever
//! fired, and the station's trigger only narrows that: a file fired for one sitting is never another's. So where
//! two presses are too near to be told apart, taking one for the other gives nobody a stranger's face: at worst
//! both are strays.

use crate::shot::{Exposure, Moment, SittingId, Trigger};

/// A fired shot's file comes within this, or is waited for no longer (facts/camera.md section 4.1).
const FILE_WITHIN_MS: i64 = 15_000;

/// For whom the shutter was fired last, until its file comes.
#[derive(Debug, Default)]
pub(super) struct Arming {
    fired: Option<Fired>,
    /// When the last trigger was answered.
    answered: Option<Moment>,
}

#[derive(Debug, Clone, Copy)]
struct Fired {
    sitting: SittingId,
    asked: Moment,
    /// The card was listed since: the file may be among those found there.
    listed: bool,
}

impl Arming {
    /// The shutter was fired for a sitting: asked and answered then.
    pub(super) fn fired(&mut self, sitting: SittingId, asked: Moment, answered: Moment) {
        (self.fired, self.answered) = (Some(Fired { sitting, asked, listed: false }), Some(answered));
    }

    /// The connection broke.
    pub(super) fn disarm(&mut self) {
        *self = Self::default();
    }

    /// The card was listed.
    pub(super) fn listed(&mut self) {
        if let Some(fired) = &mut self.fired {
            fired.listed = true;
        }
    }

    /// Whether a shot is waited for, so that nothing may hold it up.
    pub(super) fn awaits(&self, now: Moment) -> bool {
        self.fired.is_some_and(|fired| !fired.listed && now.ms_since(fired.asked) < FILE_WITHIN_MS)
    }

    /// When a file was first seen whose announcement reached us at `told`.
    pub(super) fn seen(&self, told: Moment, after_trigger: bool) -> Moment {
        let bound = self.answered.filter(|_| !after_trigger);
        bound.map_or(told, |answered| answered.min(told))
    }

    /// Whose trigger a file came of that was exposed then, as far as we know.
    pub(super) fn trigger(&mut self, exposed: Exposure, after_trigger: bool) -> Trigger {
        let fired = self.fired.filter(|fired| {
            let is_too_late = exposed.earliest > fired.asked.plus_ms(FILE_WITHIN_MS);
            after_trigger && exposed.latest >= fired.asked && !is_too_late
        });
        match fired {
            Some(Fired { sitting, .. }) => {
                self.fired = None;
                Trigger::Station(sitting)
            }
            None => Trigger::Body,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        camera::{ClockOffset, timing::CameraClock},
        shot::{CameraTime, Origin, Shot, ShotId},
        station::{SeenCode, Sitting},
    };

    /// Between two presses of the shutter: the neighbour's on the body, and the one fired for who sits now.
    #[derive(Debug, Clone, Copy)]
    struct Story {
        /// How far the camera's clock is ahead, and how exactly its files tell the time.
        ahead: i64,
        span_ms: i64,
        /// From the neighbour's press to the code, from there to the trigger, from there to the exposure.
        to_code: i64,
        to_trigger: i64,
        to_exposure: i64,
        /// How long the card writes at the neighbour's file.
        body_writes: i64,
    }

    const STATION_WRITES: i64 = 300;
    const READ_AT: Moment = Moment(5_000_000);
    const PRESSED: Moment = Moment(5_060_700);

    fn stories() -> Vec<Story> {
        let mut stories = Vec::new();
        for ahead in [-2_300, 0, 450, 999, 28_800_000 + 3_700] {
            for span_ms in [10, 1000] {
                for to_code in [1, 400, 1_500] {
                    for to_trigger in [1, 700, 4_000] {
                        for to_exposure in [30, 600] {
                            for body_writes in [100, 1_200, 9_000] {
                                stories.push(Story {
                                    ahead,
                                    span_ms,
                                    to_code,
                                    to_trigger,
                                    to_exposure,
                                    body_writes,
                                });
                            }
                        }
                    }
                }
            }
        }
        stories
    }

    impl Story {
        /// The two files as the desk hands them over, by when their events come; the neighbour's is number 1.
        fn play(self) -> Vec<Shot> {
            let shown =
                CameraTime { ms: (READ_AT.0 + 20 + self.ahead).div_euclid(1000) * 1000, span_ms: 1000 };
            let offset = ClockOffset::measured(shown, READ_AT, READ_AT.plus_ms(60));
            let mut clock = CameraClock::new(Some(offset));
            let fired = self.code_at().plus_ms(self.to_trigger);
            let opened = fired.plus_ms(self.to_exposure);
            let mut events = vec![
                (PRESSED.plus_ms(self.body_writes), ShotId(1), PRESSED),
                (opened.plus_ms(STATION_WRITES), ShotId(2), opened),
            ];
            events.sort_unstable();
            let mut arming = Arming::default();
            arming.fired(SittingId(2), fired, fired.plus_ms(self.to_exposure / 2));
            let mut hand_over = |(told, id, opened): (Moment, ShotId, Moment)| {
                let ms = (opened.0 + self.ahead).div_euclid(self.span_ms) * self.span_ms;
                let after_trigger = told >= fired;
                // What was told of before the trigger is asked for after it.
                let seen = arming.seen(told.max(fired.plus_ms(self.to_exposure)), after_trigger);
                let exposed = clock.exposure(Some(CameraTime { ms, span_ms: self.span_ms }), seen);
                assert!(exposed.earliest <= opened && opened <= exposed.latest, "{self:?}: {exposed:?}");
                let trigger = arming.trigger(exposed, after_trigger);
                Shot { id, trigger, exposed, origin: Origin::default(), jpeg: [].into() }
            };
            events.into_iter().map(&mut hand_over).collect()
        }

        fn code_at(self) -> Moment {
            PRESSED.plus_ms(self.to_code)
        }

        /// Who sits when both have come.
        fn sitting(self) -> Sitting {
            let seen = SeenCode::unread("CODE-2".parse().unwrap());
            Sitting { fired: true, ..Sitting::new(SittingId(2), seen, self.code_at(), false) }
        }
    }

    #[test]
    fn however_near_two_presses_are_nobody_gets_his_neighbours_picture() {
        for story in stories() {
            let (files, sitting) = (story.play(), story.sitting());
            for file in &files {
                assert!(file.id == ShotId(2) || !sitting.owns(file), "{story:?}: {file:?}");
            }
            let fired = files.iter().filter(|file| file.trigger == Trigger::Station(SittingId(2))).count();
            assert!(fired <= 1, "{story:?}: one trigger, one file");
        }
    }

    /// Caution that sends everybody to the strays would be easy.
    #[test]
    fn who_sat_long_enough_gets_his_own() {
        let patient = |story: &Story| story.to_trigger >= 4_000;
        for story in stories().into_iter().filter(patient) {
            let (files, sitting) = (story.play(), story.sitting());
            assert!(files.iter().any(|file| file.id == ShotId(2) && sitting.owns(file)), "{story:?}");
        }
    }

    #[test]
    fn what_was_told_before_the_trigger_has_not_come_of_it() {
        let mut arming = Arming::default();
        arming.fired(SittingId(1), Moment(1_000), Moment(1_200));
        let straddling = Exposure { earliest: Moment(100), latest: Moment(2_000) };
        assert_eq!(arming.seen(Moment(1_900), false), Moment(1_200));
        assert_eq!(arming.trigger(straddling, false), Trigger::Body);
        assert_eq!(arming.trigger(Exposure::exactly(Moment(999)), true), Trigger::Body, "exposed before it");
        assert_eq!(arming.seen(Moment(1_900), true), Moment(1_900));
        assert_eq!(arming.trigger(straddling, true), Trigger::Station(SittingId(1)));
        assert_eq!(arming.trigger(straddling, true), Trigger::Body, "one trigger, one file");
        arming.disarm();
        assert_eq!(arming.seen(Moment(1_900), false), Moment(1_900));
    }

    #[test]
    fn what_was_exposed_when_the_trigger_was_given_up_has_not_come_of_it() {
        let mut arming = Arming::default();
        arming.fired(SittingId(1), Moment(1_000), Moment(1_200));
        let later = Exposure { earliest: Moment(60_000), latest: Moment(61_000) };
        assert_eq!(arming.trigger(later, true), Trigger::Body, "the next student's, on the body");
        let unknown = Exposure::some_time_before(Moment(61_000));
        assert_eq!(arming.trigger(unknown, true), Trigger::Station(SittingId(1)), "it may have");
    }

    #[test]
    fn a_shot_is_waited_for_until_it_comes_or_cannot_come_any_more() {
        let mut arming = Arming::default();
        assert!(!arming.awaits(Moment(0)));
        arming.fired(SittingId(1), Moment(1_000), Moment(1_200));
        assert!(arming.awaits(Moment(15_999)) && !arming.awaits(Moment(16_000)));
        arming.listed();
        assert!(!arming.awaits(Moment(2_000)), "it may lie on the card");
        arming.fired(SittingId(2), Moment(1_000), Moment(1_200));
        arming.trigger(Exposure::exactly(Moment(1_100)), true);
        assert!(!arming.awaits(Moment(2_000)), "it came");
    }
}
