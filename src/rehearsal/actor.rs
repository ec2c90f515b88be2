//! The other side of a rehearsal in the window: students come by themselves, a person works the keys.

use std::time::{Duration, Instant};

use super::{
    FILE_DELAY, RehearsalError, people,
    props::{self, Morning, code_of, scenes},
    scene::{self, Scene, Seen},
    script::{Approach, Incident, Script, Turn},
};
use crate::{
    camera::rehearsal::{RehearsalCamera, Stage},
    crew::Ahead,
    profile::Profile,
    scan::Sight,
    shift::Shift,
    shot::{Clock, SittingId},
    station::Phase,
};

/// How long the chair is empty between two students, unless it is said.
const PAUSE: Duration = Duration::from_millis(1200);

/// Sends students to a station whose keys a person works.
#[derive(Debug)]
pub struct Actor {
    stage: Stage,
    script: Script,
    morning: Morning,
    /// Whether the profile knows its school's code: no other can tell another's.
    at_a_school: bool,
    scenes: Ahead<Result<Seen, RehearsalError>>,
    turn: usize,
    /// Shots of this turn that were set on the stage.
    shown: usize,
    /// Pictures of earlier turns that were never needed, still to be thrown away.
    unneeded: usize,
    /// The sitting the actor plays now.
    sitting: Option<SittingId>,
    /// The station asks whether to seat a student who has a portrait.
    asked: bool,
    empty_since: Instant,
    /// How long the chair is empty.
    pause: Duration,
    /// What this student holds up before the right code was held up.
    approached: bool,
}

impl Actor {
    /// An actor for a morning of so many students, with so long between two of them.
    ///
    /// # Errors
    /// When the pictures cannot be used, or the system has no thread to give.
    pub fn new(
        (students, pause): (usize, Option<Duration>),
        seed: u64,
        profile: &Profile,
        clock: Clock,
    ) -> Result<Self, RehearsalError> {
        let mut script = Script::write(students, seed).crowded();
        // A person at the keys cannot press a button on a body that is not there, nor pull a cable.
        for turn in &mut script.turns {
            (turn.by_hand, turn.incident) =
                (false, turn.incident.filter(|what| *what == Incident::SecondCodeInFlight));
        }
        let people = people::everybody()?;
        let paint = move |scene: Scene| scene::paint_with_view(&scene, &people);
        // Outside of a rehearsal nobody paints on this computer: what is judged here goes first.
        let scenes = Ahead::in_spare_time("scenery", 2, scenes(&script, profile).into_iter().map(paint));
        Ok(Self {
            stage: Stage::new(clock, FILE_DELAY),
            morning: Morning::of(seed, profile),
            at_a_school: profile.job.school_code.is_some(),
            script,
            scenes: scenes.map_err(RehearsalError::Thread)?,
            turn: 0,
            shown: 0,
            unneeded: 0,
            sitting: None,
            asked: false,
            empty_since: Instant::now(),
            pause: pause.unwrap_or(PAUSE),
            approached: false,
        })
    }

    /// The camera that looks at this actor's stage.
    #[must_use]
    pub fn camera(&self) -> RehearsalCamera {
        self.stage.camera()
    }

    /// Does what students do; returns how soon it wants to be asked again.
    pub fn act(&mut self, shift: &mut Shift) -> Duration {
        if let Phase::Idle | Phase::Awaited(_) | Phase::Refused(..) = shift.phase() {
            self.come(shift);
        }
        self.look(shift);
        Duration::from_millis(100)
    }

    /// What the student makes of how the station stands. He who has just shown his code looks at once: whoever is sent
    /// away before he looked again would wait for ever.
    fn look(&mut self, shift: &Shift) {
        match (shift.phase(), shift.phase().sitting()) {
            (Phase::KeptBefore(_), _) => self.asked = true,
            (_, Some(sitting)) => {
                (self.asked, self.sitting) = (false, Some(sitting.id));
                if sitting.takes as usize >= self.shown {
                    self.pose();
                }
            }
            (_, None) => {}
        }
    }

    /// The next student shows a code when the chair has been empty for a moment. He stands before the lens by then:
    /// nobody is photographed in another's pose.
    fn come(&mut self, shift: &mut Shift) {
        let sent_away = std::mem::take(&mut self.asked);
        if self.sitting.take().is_some() || sent_away {
            shift.see(Sight::Gone);
            self.leave();
        }
        if self.empty_since.elapsed() < self.pause {
            return;
        }
        if self.shown == 0 && !self.pose() {
            return;
        }
        let Some(turn) = self.script.turns.get(self.turn) else { return };
        if !std::mem::replace(&mut self.approached, true)
            && let Some(sight) = self.approach(turn)
        {
            self.empty_since = Instant::now();
            return shift.see(sight);
        }
        if let Ok(code) = code_of(&self.morning, turn.student, self.turn).parse() {
            self.empty_since = Instant::now();
            shift.see(Sight::Seen(code));
        }
    }

    /// What a student holds up before the right code, if it is something else.
    fn approach(&self, turn: &Turn) -> Option<Sight> {
        let seen = |text: &str| text.parse().ok().map(Sight::Seen);
        match turn.approach {
            Approach::Plain => None,
            Approach::OtherSchool if self.at_a_school => {
                seen(&props::code_elsewhere(&self.morning, turn.student))
            }
            Approach::PaymentCode | Approach::OtherSchool => seen(props::PAYMENT_CODE),
            Approach::TwoPhones => Some(Sight::TwoCodes),
        }
    }

    /// The student takes the next pose of the script; `false` when there is none, or its picture is not painted yet.
    /// The window must not wait for paint.
    fn pose(&mut self) -> bool {
        let poses = self.script.turns.get(self.turn).map_or(0, |turn| turn.shots.len());
        if self.shown >= poses {
            return false;
        }
        let Some(scene) = self.next_scene() else { return false };
        if let Ok(Seen { label, jpeg, view }) = scene {
            self.stage.set_scene(&label, jpeg);
            self.stage.set_view(view);
        }
        self.shown += 1;
        true
    }

    fn next_scene(&mut self) -> Option<Result<Seen, RehearsalError>> {
        while self.unneeded > 0 {
            self.scenes.try_take()?.ok();
            self.unneeded -= 1;
        }
        self.scenes.try_take()
    }

    /// Pictures of poses that were never needed are passed over, so that the next student is himself.
    fn leave(&mut self) {
        let poses = self.script.turns.get(self.turn).map_or(0, |turn| turn.shots.len());
        self.unneeded += poses.saturating_sub(self.shown);
        (self.turn, self.shown, self.approached) = (self.turn + 1, 0, false);
        self.empty_since = Instant::now();
    }
}
