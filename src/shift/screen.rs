//! What the screen shows of a shift.

use std::sync::Arc;

use super::{Shift, sight::Sighting};
use crate::{
    language::Language,
    ledger::Tally,
    portrait::Decline,
    profile::Profile,
    screens::{CameraView, CardView, PortraitView, StudentView, Trouble, View},
    station::{Next, Phase},
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
}

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
        }
    }
}

impl Shift {
    /// Who comes next while somebody sits, and what the gate says of him now.
    #[must_use]
    pub fn next_in_line(&self) -> Option<Next> {
        self.station.next_in_line(self.clock.now())
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
            student,
            card: phase.bearer().and_then(|bearer| CardView::of(bearer, &shown.profile)),
            next_in_line: self.next_in_line().map(|next| next.seen.code.fingerprint()),
            portrait: shown.portrait.clone().filter(|_| !asking),
            ticks: shown.profile.ticks.clone(),
            declined,
            saved: shown.saved.clone().filter(|_| !asking),
            tally: shown.tally,
            expected: shown.profile.job.expected,
            camera: shown.camera.clone(),
            webcam: shown.webcam,
            troubles: self.troubles.iter().map(Trouble::of).collect(),
            phase,
            live: self.finder.view(),
            hint: self.finder.hint(),
            sight: self.scan.as_ref().and_then(Sighting::view),
            lookup: self.lookup(),
        }
    }
}
