//! What the screen shows of a shift.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use super::{Shift, sight::Sighting};
use crate::{
    language::{Language, Phrase},
    ledger::Tally,
    machine::Condition,
    portrait::Decline,
    profile::Profile,
    screens::{
        CameraView, CardView, DeskView, FrameView, Last, MachineView, NextView, Place, PortraitView,
        StudentView, Trouble, View, trouble,
    },
    shot::Clock,
    station::{Fact, Gate, Next, Phase},
    student::Fingerprint,
};

/// What the screen shows beside the station's phase.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) language: Language,
    pub(super) rehearsal: bool,
    pub(super) station: String,
    pub(super) profile: Arc<Profile>,
    pub(super) camera: CameraView,
    pub(super) webcam: bool,
    pub(super) tally: Tally,
    pub(super) portrait: Option<PortraitView>,
    pub(super) saved: Option<Fingerprint>,
    /// The last shots, the newest first.
    pub(super) last: VecDeque<Last>,
    pub(super) machine: Condition,
}

/// So many of the last shots are shown at most.
const LAST: usize = 12;

impl Shown {
    /// Before anything has happened.
    pub(super) fn new(
        language: Language,
        rehearsal: bool,
        (station, profile): (String, Arc<Profile>),
        by_hand: bool,
    ) -> Self {
        Self {
            language,
            rehearsal,
            station,
            profile,
            camera: CameraView { by_hand, ..CameraView::default() },
            webcam: false,
            tally: Tally::default(),
            portrait: None,
            saved: None,
            last: VecDeque::new(),
            machine: Condition::default(),
        }
    }

    /// One more of the last shots.
    pub(super) fn remember(&mut self, last: Last) {
        self.last.push_front(last);
        self.last.truncate(LAST);
    }

    /// What was written down of a shot is to be seen among the last ones.
    pub(super) fn note(&mut self, fact: &Fact) {
        match fact {
            Fact::Declined { .. } | Fact::Refused { .. } => self.remember(Last::Again),
            Fact::Disowned { .. } => {
                // Whoever it is of, it is not whoever sits: neither his picture nor what is wrong with it.
                self.portrait = None;
                self.remember(Last::Stray);
            }
            Fact::Opened { .. }
            | Fact::Seated { .. }
            | Fact::Taken { .. }
            | Fact::Stray { .. }
            | Fact::Kept { .. }
            | Fact::Dismissed { .. }
            | Fact::Interrupted { .. }
            | Fact::Adopted { .. }
            | Fact::Unlocked { .. }
            | Fact::UnlockFailed { .. }
            | Fact::Delivered { .. }
            | Fact::LetIn { .. }
            | Fact::Assigned { .. }
            | Fact::Corrected { .. }
            | Fact::Overruled { .. }
            | Fact::RosterTaken { .. }
            | Fact::WalkedUp { .. }
            | Fact::Accepted { .. }
            | Fact::DestructionBegan { .. }
            | Fact::Checkpoint { .. }
            | Fact::BackedUp { .. } => {}
        }
    }

    fn machine(&self, clock: &Clock) -> MachineView {
        let Condition { free_bytes, battery } = self.machine;
        MachineView {
            clock: clock.time_of_day(clock.now()),
            free_bytes,
            battery: battery.map(|battery| battery.percent),
            charging: battery.is_some_and(|battery| battery.on_mains),
        }
    }
}

impl Shift {
    /// Who comes when the chair is free, in order, and what the gate says of each now.
    #[must_use]
    pub fn line(&self) -> Vec<Next> {
        self.station.line(self.clock.now())
    }

    fn next_view(&self, next: &Next) -> NextView {
        NextView {
            fingerprint: next.seen.code.fingerprint(),
            card: CardView::of(&next.seen.bearer, &self.shown.profile),
            by_name: next.by_name,
            in_view: next.in_view,
            gate: match &next.gate {
                Gate::Open => None,
                Gate::KeptBefore => Some(Phrase::new("已有照片", "kept before")),
                Gate::Shut(why) => Some(trouble::refusal(why).headline),
            },
        }
    }

    /// What the screen shows that the operator is at.
    #[must_use]
    pub fn view_at(&self, here: Place) -> View {
        let desk = match here {
            Place::Capture | Place::Setup => DeskView::Capture,
            Place::Retakes => DeskView::Retakes(self.retakes.view()),
            Place::Tray => DeskView::Tray(Arc::new(self.tray_view())),
            Place::Checkup => DeskView::Checkup(Arc::new(self.checkup())),
            Place::Day => DeskView::Day(Arc::new(self.day_view())),
        };
        View { desk, ..self.view() }
    }

    /// How long nothing changes by itself: neither the time of day that is shown, nor whether live view is on.
    #[must_use]
    pub fn sleeps(&self) -> Duration {
        const MINUTE_MS: i64 = 60_000;
        let to_the_minute = MINUTE_MS - self.clock.now().0.rem_euclid(MINUTE_MS);
        let to_the_minute = Duration::from_millis(to_the_minute.unsigned_abs());
        let seen = self.scan.as_ref().and_then(Sighting::sleeps);
        let ends = self.finder.sleeps().into_iter().chain(seen);
        ends.fold(to_the_minute, Duration::min)
    }

    /// What is wrong, each once: a camera that went in the middle of a shot went only once.
    fn wrong(&self) -> Vec<Trouble> {
        let mut told: Vec<Trouble> = Vec::new();
        for trouble in self.troubles.iter().map(Trouble::of) {
            if told.iter().all(|other| other.words != trouble.words) {
                told.push(trouble);
            }
        }
        told
    }

    /// What the screen shows now.
    #[must_use]
    pub fn view(&self) -> View {
        let phase = self.station.phase().clone();
        let sitting = phase.sitting();
        let student = sitting.map(|sitting| StudentView {
            fingerprint: sitting.code.fingerprint(),
            takes: sitting.takes,
            retake: sitting.retake,
        });
        let declined = sitting.and_then(|sitting| sitting.declined.as_ref()).map(Decline::advice);
        let shown = &self.shown;
        // Beside a code that is asked about, nobody else's picture may stand.
        let asking = matches!(phase, Phase::KeptBefore(_) | Phase::Awaited(_) | Phase::Refused(..));
        View {
            language: shown.language,
            rehearsal: shown.rehearsal,
            station: shown.station.clone(),
            job: shown.profile.title.clone(),
            who: self.operator().to_owned(),
            student,
            card: phase.bearer().and_then(|bearer| CardView::of(bearer, &shown.profile)),
            line: self.line().iter().map(|next| self.next_view(next)).collect(),
            portrait: shown.portrait.clone().filter(|_| !asking),
            ticks: shown.profile.ticks.clone(),
            declined,
            saved: shown.saved.clone().filter(|_| !asking),
            tally: shown.tally,
            pace: self.stride.pace(shown.tally, &self.clock),
            machine: shown.machine(&self.clock),
            frame: FrameView::of(&shown.profile),
            last: shown.last.iter().cloned().collect(),
            expected: shown.profile.job.expected,
            camera: shown.camera.clone(),
            webcam: shown.webcam,
            wants_webcam: self.scan.is_some(),
            troubles: self.wrong(),
            phase,
            live: self.finder.view(),
            hint: self.finder.hint(),
            crop: self.finder.crop(),
            sight: self.scan.as_ref().and_then(Sighting::view),
            lookup: self.lookup(),
            desk: DeskView::Capture,
        }
    }
}
