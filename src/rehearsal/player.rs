//! The operator of a rehearsal: scans, shoots, keeps, shoots again, as the script has it.

use std::{
    collections::{BTreeMap, HashMap},
    thread,
    time::{Duration, Instant},
};

use super::{
    RehearsalError, people,
    props::{self, Morning},
    scene::{self, Painted, Scene},
    script::{Incident, Look, Script, Turn},
    stagehand::{Stagehand, Truth},
};
use crate::{
    crew::Ahead,
    profile::Profile,
    scan::Sight,
    screens::is_offered,
    shift::Shift,
    station::{Phase, Wish},
    student::CaptureCode,
};

/// How often the player looks.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// The station must answer within this.
const PATIENCE: Duration = Duration::from_secs(60);

/// A shot of which nothing is seen after this went to the strays, or nowhere: shoot again.
const NOTHING_CAME: Duration = Duration::from_secs(4);

/// A good shot that is refused is tried this often before the student is sent away.
const TRIES: u32 = 4;

/// What happened, as the player saw it.
#[derive(Debug, Default)]
pub(super) struct Played {
    /// What the screen called saved: the student, and the label of what stood before the lens.
    pub(super) saved: Vec<(usize, String)>,
    /// Every exposure, as whoever made it tells.
    pub(super) truth: Vec<Truth>,
    /// Refused shots, by reason.
    pub(super) declined: BTreeMap<String, usize>,
    /// Shots that were meant to be bad and were not refused.
    pub(super) let_through: Vec<Look>,
    /// Shots that were meant to be good and were refused, with the reason.
    pub(super) refused_good: Vec<String>,
    /// Shots taken again.
    pub(super) again: usize,
    /// Shots of which nothing was seen.
    pub(super) vanished: usize,
    /// Shots that belong to no sitting.
    pub(super) strays: usize,
    /// Every code that was held up, and by whom.
    pub(super) held_up: HashMap<CaptureCode, usize>,
    /// Students who could not begin at their time, because whoever came before took longer.
    pub(super) late: usize,
    /// Students who sat down although the gate should have stopped them.
    pub(super) slipped_in: usize,
    /// Codes that could not be read from their picture at once.
    pub(super) unread: usize,
    /// Students that left without a portrait, as the script has it.
    pub(super) left: usize,
    /// From the file's arrival to the judged portrait, in milliseconds.
    pub(super) ms: Vec<f64>,
    /// How long the morning took.
    pub(super) duration: Duration,
}

/// What became of a shot.
enum Outcome {
    /// A portrait that may be kept.
    Acceptable,
    /// A portrait with failed checks, or none.
    Refused(String),
    /// Nothing was seen of it.
    Vanished,
}

/// Plays a script.
pub(super) struct Player {
    pub(super) shift: Shift,
    stagehand: Box<dyn Stagehand>,
    pub(super) script: Script,
    by_hand: bool,
    scenes: Ahead<Painted>,
    pub(super) morning: Morning,
    /// One student comes each time so much has passed; `None` for as fast as it goes.
    pub(super) every: Option<Duration>,
    /// Exposures the camera made before this morning.
    before: usize,
    pub(super) played: Played,
    pub(super) began: Instant,
}

impl Player {
    pub(super) fn new(
        shift: Shift,
        mut stagehand: Box<dyn Stagehand>,
        script: &Script,
        profile: &Profile,
        (by_hand, every): (bool, Option<Duration>),
    ) -> Result<Self, RehearsalError> {
        let before = stagehand.exposures().map_err(RehearsalError::Stagehand)?.len();
        let people = people::everybody()?;
        let paint = move |scene: Scene| Ok((scene.label.clone(), scene::paint(&scene, &people)?.into()));
        let scenes = Ahead::start("scenery", 2, props::scenes(script, profile).into_iter().map(paint));
        Ok(Self {
            shift,
            stagehand,
            script: script.clone(),
            by_hand,
            scenes: scenes.map_err(RehearsalError::Thread)?,
            morning: Morning::of(script.seed, profile),
            every,
            before,
            played: Played::default(),
            began: Instant::now(),
        })
    }

    /// Plays every turn.
    pub(super) fn play(&mut self) -> Result<(), RehearsalError> {
        self.until("find the camera", 0, Shift::has_camera)?;
        let turns = self.script.turns.clone();
        for (place, turn) in turns.iter().enumerate() {
            self.play_turn(place, turn, turns.get(place + 1))?;
        }
        Ok(())
    }

    /// Waits until everything is written, and tells what happened.
    pub(super) fn finish(mut self) -> Result<Played, RehearsalError> {
        // Strays that are still on their way.
        let until = Instant::now() + Duration::from_millis(1500);
        while Instant::now() < until {
            self.look();
        }
        let exposures = self.stagehand.exposures().map_err(RehearsalError::Stagehand)?;
        self.played.truth = exposures.into_iter().skip(self.before).collect();
        self.played.strays = self.shift.tally().strays as usize;
        self.played.duration = self.began.elapsed();
        Ok(self.played)
    }

    fn play_turn(&mut self, place: usize, turn: &Turn, next: Option<&Turn>) -> Result<(), RehearsalError> {
        if turn.incident == Some(Incident::BodyShotBefore) {
            self.set_next_scene()?;
            self.stagehand.press().map_err(RehearsalError::Stagehand)?;
        }
        self.await_slot(place);
        if !self.has_sat_down(turn.student) {
            self.approach(turn, next)?;
        }
        self.present(turn.student)?;
        if turn.retake {
            self.until("offer a retake", turn.student, |shift| {
                matches!(shift.phase(), Phase::KeptBefore(_))
            })?;
            self.shift.wish(Wish::Retake);
        }
        self.until_seated(turn.student)?;
        thread::sleep(self.stagehand.patience());
        for (number, look) in turn.shots.iter().enumerate() {
            let label = self.set_next_scene()?;
            let first = number == 0;
            let kept = self.shoot_until_judged(turn, *look, first, next)?;
            if kept {
                self.keep(turn.student, label)?;
            }
        }
        if self.has_sat_down(turn.student) {
            self.shift.wish(Wish::Dismiss);
            self.played.left += usize::from(turn.leaves);
        }
        // The next student's phone stays up only if nobody fires by hand before he is seated.
        let holds_it = turn.incident == Some(Incident::SecondCodeInFlight) && place.is_multiple_of(2);
        let stays = (holds_it || self.script.overlap)
            && next.is_some_and(|next| next.incident != Some(Incident::BodyShotBefore));
        if !stays {
            self.shift.see(Sight::Gone);
            if self.shift.phase().sitting().is_some() {
                self.shift.wish(Wish::Dismiss);
            }
        }
        Ok(())
    }

    fn set_next_scene(&mut self) -> Result<String, RehearsalError> {
        let (label, jpeg) = self.scenes.take().unwrap_or(Err(RehearsalError::Assets))?;
        self.stagehand.set_scene(&label, &jpeg).map_err(RehearsalError::Stagehand)?;
        Ok(label)
    }

    /// Shoots one look until the station has an opinion of it; `true` when it is to be kept.
    fn shoot_until_judged(
        &mut self,
        turn: &Turn,
        look: Look,
        first: bool,
        next: Option<&Turn>,
    ) -> Result<bool, RehearsalError> {
        for attempt in 0..TRIES {
            let takes = self.takes();
            self.shoot(turn)?;
            if first && attempt == 0 {
                self.meanwhile(turn, next)?;
            }
            match (self.outcome(turn.student, takes)?, look) {
                (Outcome::Acceptable, Look::Good) => return Ok(true),
                (Outcome::Acceptable, bad) => {
                    self.played.let_through.push(bad);
                    return Ok(self.again());
                }
                (Outcome::Refused(why), Look::Good) => {
                    self.played.refused_good.push(why);
                    self.again();
                }
                (Outcome::Refused(why), _) => {
                    *self.played.declined.entry(why).or_default() += 1;
                    return Ok(self.again());
                }
                (Outcome::Vanished, _) => self.played.vanished += 1,
            }
        }
        Ok(false)
    }

    fn shoot(&mut self, turn: &Turn) -> Result<(), RehearsalError> {
        if turn.by_hand || self.by_hand {
            self.stagehand.press().map_err(RehearsalError::Stagehand)
        } else {
            self.shift.wish(Wish::Fire);
            Ok(())
        }
    }

    /// What the script has happen while the first shot's file is on its way.
    fn meanwhile(&mut self, turn: &Turn, next: Option<&Turn>) -> Result<(), RehearsalError> {
        if self.script.overlap {
            self.crowd(turn, next)?;
        }
        match turn.incident {
            Some(Incident::SecondCodeInFlight) => next.map_or(Ok(()), |next| self.present(next.student)),
            Some(Incident::CameraVanishes) => {
                self.look();
                self.stagehand.plug(false).map_err(RehearsalError::Stagehand)?;
                self.until("notice that the camera has gone", turn.student, |shift| !shift.has_camera())?;
                self.stagehand.plug(true).map_err(RehearsalError::Stagehand)?;
                self.until("find the camera again", turn.student, Shift::has_camera)
            }
            Some(Incident::BodyShotBefore) | None => Ok(()),
        }
    }

    /// Waits for the station's opinion of the shot after the first `takes` ones.
    fn outcome(&mut self, student: usize, takes: u32) -> Result<Outcome, RehearsalError> {
        let began = Instant::now();
        loop {
            self.look();
            match self.shift.phase() {
                Phase::Reviewing(_, take) => {
                    let failed: Vec<_> = take.portrait.failed_checks().collect();
                    self.played.ms.extend(self.shift.portrait().map(|portrait| portrait.ms));
                    return Ok(if failed.is_empty() {
                        Outcome::Acceptable
                    } else {
                        Outcome::Refused(failed.join("+"))
                    });
                }
                Phase::CodeScanned(sitting) => {
                    if let (Some(why), true) = (&sitting.declined, sitting.takes > takes) {
                        return Ok(Outcome::Refused(why.slug().to_owned()));
                    }
                    if !sitting.fired && began.elapsed() > NOTHING_CAME {
                        return Ok(Outcome::Vanished);
                    }
                }
                Phase::Idle
                | Phase::KeptBefore(_)
                | Phase::Awaited(_)
                | Phase::Refused(..)
                | Phase::Shot(..)
                | Phase::Queueing(..) => {}
            }
            if began.elapsed() > PATIENCE {
                return Err(RehearsalError::Stuck {
                    doing: "judge a shot",
                    seconds: PATIENCE.as_secs(),
                    student,
                });
            }
        }
    }

    pub(super) fn has_sat_down(&self, student: usize) -> bool {
        let sitting = self.shift.phase().sitting();
        sitting.is_some_and(|sitting| self.played.held_up.get(&sitting.code) == Some(&student))
    }

    fn takes(&self) -> u32 {
        self.shift.phase().sitting().map_or(0, |sitting| sitting.takes)
    }

    /// Another take; never keeps.
    fn again(&mut self) -> bool {
        if is_offered(self.shift.phase(), Wish::Again) {
            self.shift.wish(Wish::Again);
        }
        self.played.again += 1;
        false
    }

    fn keep(&mut self, student: usize, label: String) -> Result<(), RehearsalError> {
        self.shift.wish(Wish::Keep);
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            self.look();
            if let [saved] = self.shift.take_saved().as_slice() {
                // What the screen says, by the code it says it of.
                let said_of = self.played.held_up.get(&saved.code).copied().unwrap_or(usize::MAX);
                debug_assert_eq!(said_of, student);
                self.played.saved.push((said_of, label));
                return Ok(());
            }
        }
        Err(RehearsalError::Stuck { doing: "save a portrait", seconds: PATIENCE.as_secs(), student })
    }

    pub(super) fn look(&mut self) {
        if !self.shift.pump() {
            thread::sleep(LOOK_EVERY);
        }
    }

    fn until_seated(&mut self, student: usize) -> Result<(), RehearsalError> {
        let began = Instant::now();
        while !self.has_sat_down(student) {
            if began.elapsed() > PATIENCE {
                let (doing, seconds) = ("seat the student", PATIENCE.as_secs());
                return Err(RehearsalError::Stuck { doing, seconds, student });
            }
            self.look();
        }
        Ok(())
    }

    fn until(
        &mut self,
        doing: &'static str,
        student: usize,
        done: impl Fn(&Shift) -> bool,
    ) -> Result<(), RehearsalError> {
        let began = Instant::now();
        while !done(&self.shift) {
            if began.elapsed() > PATIENCE {
                return Err(RehearsalError::Stuck { doing, seconds: PATIENCE.as_secs(), student });
            }
            self.look();
        }
        Ok(())
    }
}
