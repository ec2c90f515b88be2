//! Long days with faults drawn from a seed, and kills at random moments, before the same judge.
//!
//! The small ones run with every test; `./dev soak [SEED]` runs the long ones. A day is the same for the same
//! seed, as far as several processes and a clock allow.

use fastrand::Rng;

use super::{
    oracle::Story,
    station::{Glance, resident_kb},
    *,
};

/// A station in a hurry: a day has many hangs.
const HASTY: Duration = Duration::from_millis(1500);

/// Memory may differ by this from what it was after the first hundred shots.
const SLACK_KB: u64 = 20_000;

/// What the camera is asked in a day: release, events, files, listings, words about files.
const OPERATIONS: [u16; 6] = [0x9128, 0x9129, 0x9116, 0x1009, 0x9109, 0x1008];

/// A number from the environment.
fn asked(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

fn seed() -> u64 {
    asked("CAIYING_SEED", 20_270_630)
}

#[test]
fn a_short_day_with_random_faults() {
    Day::begin(seed(), true).shoot(40).end();
}

#[test]
#[ignore = "a quarter of an hour: ./dev soak"]
fn a_long_day_with_random_faults() {
    let shots = asked("CAIYING_SHOTS", 1_500);
    Day::begin(seed(), true).shoot(100).remember_memory().shoot(shots).end();
}

/// One shot after the other, and no fault: one process serves the camera all day.
#[test]
#[ignore = "some minutes: ./dev soak"]
fn a_long_day_without_faults() {
    let shots = asked("CAIYING_SHOTS", 1_500);
    let day = Day::begin(seed(), false).shoot(100).remember_memory();
    let process = day.story.camera_process();
    let day = day.shoot(shots);
    assert_eq!(day.story.camera_process(), process);
    day.end();
}

#[test]
fn the_cameras_process_is_killed_a_few_times() {
    Day::begin(seed(), false).kill(Victim::Camera, 6).end();
}

#[test]
fn the_station_is_killed_a_few_times() {
    Day::begin(seed(), false).kill(Victim::Station, 6).end();
}

#[test]
#[ignore = "some minutes: ./dev soak"]
fn the_cameras_process_is_killed_all_day() {
    Day::begin(seed(), false).kill(Victim::Camera, asked("CAIYING_KILLS", 200)).end();
}

#[test]
#[ignore = "some minutes: ./dev soak"]
fn the_station_is_killed_all_day() {
    Day::begin(seed(), false).kill(Victim::Station, asked("CAIYING_KILLS", 200)).end();
}

/// Who is killed.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Victim {
    Camera,
    Station,
}

/// A day of a station, drawn from a seed.
struct Day {
    story: Story,
    dice: Rng,
    seed: u64,
    with_faults: bool,
    began: Instant,
    /// Memory of the station and of the camera's process.
    memory: Option<(u64, u64)>,
}

impl Day {
    fn begin(seed: u64, with_faults: bool) -> Self {
        eprintln!("CAIYING_SEED={seed}");
        let story = Story::begin_with(&Options { prefill: 20, ..Options::default() }, HASTY);
        Self { story, dice: Rng::with_seed(seed), seed, with_faults, began: Instant::now(), memory: None }
    }

    /// Students come and go until there are so many exposures.
    fn shoot(mut self, shots: u64) -> Self {
        while (self.story.exposures().len() as u64) < shots {
            self.story.sit();
            if self.dice.bool() {
                // Long enough to be told apart by the camera's clock: the shots are certainly this sitter's.
                thread::sleep(Duration::from_millis(1_700));
            }
            for _ in 0..self.dice.u8(1..10) {
                match (self.with_faults, self.dice.u8(..8)) {
                    (false, dice) => self.one_after_the_other(dice < 4),
                    (true, 0) => self.shoot_in_trouble(),
                    (true, _) => self.press_or_fire(),
                }
            }
            if self.dice.bool() {
                // What the driver lost while it failed to fire shows when the next shot comes.
                self.story.press();
                self.story.until_stored();
            }
            self.story.stand();
            if self.dice.u8(..10) == 0 {
                self.story.body.press_shutter().ok();
            }
        }
        self.story.press();
        self.story.until_stored();
        self
    }

    /// As a day goes on which nothing is lost on the way: each shot is stored before the next.
    fn one_after_the_other(&mut self, by_hand: bool) {
        if by_hand {
            self.story.press();
        } else {
            self.story.fire_and_see();
        }
        self.story.until_stored();
    }

    /// The photographer, the operator, or both.
    fn press_or_fire(&mut self) {
        let pause = Duration::from_millis(self.dice.u64(..150));
        match self.dice.u8(..10) {
            0..4 => {
                self.story.body.press_shutter().ok();
                thread::sleep(pause);
            }
            4..8 => self.story.fire_and_see(),
            8 => {
                self.story.body.press_shutter().ok();
                thread::sleep(pause);
                self.story.fire_and_see();
            }
            _ => {
                self.story.fire();
                thread::sleep(pause);
                self.story.body.press_shutter().ok();
            }
        }
    }

    /// Something goes wrong, somebody shoots, and some time later it is mended.
    fn shoot_in_trouble(&mut self) {
        let lasts = Duration::from_millis(self.dice.u64(..1_200));
        match self.dice.u8(..10) {
            0 => self.story.body.unplug(),
            1 => kill(&self.story.camera_process()),
            _ => self.story.body.faults().set(fault(&mut self.dice)),
        }
        if self.dice.bool() {
            self.story.body.press_shutter().ok();
        } else {
            self.story.fire();
        }
        thread::sleep(lasts);
        self.story.body.faults().clear();
        self.story.body.plug().unwrap();
        let settled = |seen: &Glance| seen.ready && seen.connected;
        self.story.station.until("the trouble is over", Duration::from_secs(60), settled);
    }

    /// Kills at random moments of a shot, now and then of what follows a kill.
    fn kill(mut self, victim: Victim, times: u64) -> Self {
        for _ in 0..times {
            let patient = self.dice.u8(..3) > 0;
            if patient {
                self.story.until_connected();
                self.story.until_stored();
            }
            if self.story.station.glance().sitter.is_none() {
                self.story.sit();
            }
            if patient && self.dice.u8(..4) == 0 {
                self.story.shoot_certainly();
            }
            match self.dice.u8(..4) {
                0 => self.story.fire(),
                1 => {
                    self.story.press();
                    self.story.fire();
                }
                _ => self.story.press(),
            }
            thread::sleep(Duration::from_micros(self.dice.u64(..500_000)));
            match victim {
                Victim::Camera => kill(&self.story.camera_process()),
                Victim::Station => self.story = self.story.kill_the_station(),
            }
            if self.dice.bool() {
                self.story.press();
            }
        }
        self
    }

    fn remember_memory(mut self) -> Self {
        self.memory = Some(self.memory_kb());
        self
    }

    fn memory_kb(&self) -> (u64, u64) {
        self.story.until_connected();
        let station = resident_kb(&self.story.station.pid().to_string()).unwrap();
        (station, resident_kb(&self.story.camera_process()).unwrap())
    }

    fn end(self) {
        if let Some(before) = self.memory {
            let after = self.memory_kb();
            eprintln!(
                "memory in kB, station and camera's process: {before:?} after 100 shots, {after:?} now"
            );
            assert!(after.0.abs_diff(before.0) < SLACK_KB && after.1.abs_diff(before.1) < SLACK_KB);
        }
        let (seed, took) = (self.seed, self.began.elapsed());
        let judgement = self.story.end();
        let (owned, strays) = (judgement.owned.len(), judgement.strays.len());
        eprintln!("seed {seed}: {owned} shots with their students, {strays} strays, none lost, {took:.0?}");
        assert!(owned * 20 >= strays, "caution that sends everybody to the strays would be easy");
    }
}

/// One of the camera's faults.
fn fault(dice: &mut Rng) -> Fault {
    let opcode = OPERATIONS[dice.usize(..OPERATIONS.len())];
    match dice.u8(..10) {
        0 => Fault::Busy { opcode, times: dice.u32(1..5) },
        1 => Fault::Cut { after: dice.u64(..20_000) },
        2 => Fault::Short { at: dice.u64(..10_000), times: dice.u32(1..3) },
        3 => Fault::Throttle { bytes_per_second: dice.u64(20_000..200_000) },
        4 => Fault::NoFocus,
        5 => Fault::CardFull,
        6 => Fault::NoCard,
        7 => Fault::Slow { opcode, ms: dice.u64(20..300) },
        8 => Fault::Hang { opcode },
        _ => {
            let code = [0x2002, 0x2005, 0x2009, 0x200f, 0x2013, 0x2019][dice.usize(..6)];
            Fault::Respond { opcode, code, times: Some(dice.u32(1..3)) }
        }
    }
}

/// `kill -9`; whoever has gone already is as dead.
fn kill(process: &str) {
    std::process::Command::new("kill").args(["-9", process]).status().unwrap();
}
