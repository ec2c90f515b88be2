//! 校准 at a station at work: somebody sits down before the cloth, his shot is measured, a person looks at what came of
//! it, and from then on all portraits are held against it.
//!
//! The shot is no student's. Its file is kept as everybody's is, as a stray; what is measured is a second look at it. Who
//! shows a code meanwhile sits down, and the reference is over: shots are his again.

use super::Shift;
use crate::{
    camera::CameraError,
    crew::{CameraOrder, DarkroomOrder},
    keys::Deed,
    portrait::{Development, NoReference, References, calibrate, change, off_colour},
    screens::{
        CameraView, MeasuredView, PortraitView, ReferenceAsk, ReferenceStage, ReferenceView, TroubleKind,
        Words, trouble,
    },
    settings::Calibration,
    shot::{Moment, Particulars, Shot, ShotId, SittingId, Trigger},
};

/// How far a reference is.
#[derive(Debug, Default)]
pub(super) enum Calibrating {
    /// Nobody makes one.
    #[default]
    No,
    /// Its shot is waited for.
    Awaited {
        /// Since when a shot by hand may be it.
        since: Moment,
        /// For which sitting, that nobody sits, the station has fired.
        fired: Option<SittingId>,
        /// Why the last shot is none.
        refused: Option<Words>,
    },
    /// Its shot is measured.
    Measuring(Coming),
    /// A person looks at it.
    Measured(Box<Measured>),
}

/// A shot that is to be a reference.
#[derive(Debug)]
pub(super) struct Coming {
    shot: ShotId,
    taken: Moment,
    camera: Option<String>,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Measured {
    calibration: Calibration,
    view: MeasuredView,
}

impl Calibrating {
    /// Whether this shot is being measured: it belongs to nobody, and nobody need be told.
    pub(super) fn is_of(&self, id: ShotId) -> bool {
        matches!(self, Self::Measuring(Coming { shot, .. }) if *shot == id)
    }

    fn awaited(since: Moment, refused: Option<Words>) -> Self {
        Self::Awaited { since, fired: None, refused }
    }

    /// Whether it is what is waited for: fired by the station for it, or by hand since it was asked for.
    fn awaits(&self, shot: &Shot) -> bool {
        let Self::Awaited { since, fired, .. } = self else { return false };
        match shot.trigger {
            Trigger::Station(sitting) => *fired == Some(sitting),
            // A person looks at it before it counts: that it may be so is enough.
            Trigger::Body => shot.exposed.latest >= *since,
        }
    }

    fn view(&self) -> Option<ReferenceView> {
        let stage = match self {
            Self::No => return None,
            Self::Awaited { fired: Some(_), .. } => ReferenceStage::Fired,
            Self::Awaited { refused, .. } => ReferenceStage::Awaited(refused.clone()),
            Self::Measuring(_) => ReferenceStage::Measuring,
            Self::Measured(measured) => ReferenceStage::Measured(Box::new(measured.view.clone())),
        };
        Some(ReferenceView { stage })
    }
}

impl Shift {
    /// What the operator asked for of the station's reference. To keep it is the window's business: it has the file.
    pub fn reference_asks(&mut self, ask: ReferenceAsk) {
        match ask {
            ReferenceAsk::Begin => self.begin_reference(),
            ReferenceAsk::Fire => self.fire_for_reference(),
            ReferenceAsk::Leave => self.stop_calibrating(),
            ReferenceAsk::Keep => {}
        }
    }

    /// What was measured and waits to be kept.
    #[must_use]
    pub fn measured_reference(&self) -> Option<&Calibration> {
        match &self.calibrating {
            Calibrating::Measured(measured) => Some(&measured.calibration),
            Calibrating::No | Calibrating::Awaited { .. } | Calibrating::Measuring(_) => None,
        }
    }

    /// What was measured is written down: everything that follows is held against it.
    pub fn reference_kept(&mut self) {
        let Calibrating::Measured(measured) = std::mem::take(&mut self.calibrating) else { return };
        let calibration = measured.calibration;
        let references = References::from(&calibration);
        self.finder.hold_against(calibration.pitch_zero_deg);
        self.drifting.begin_anew(calibration, &self.shown.profile);
        self.darkroom.push(DarkroomOrder::HoldAgainst(references));
        for kind in [TroubleKind::Calibration, TroubleKind::Drift] {
            self.set_trouble(kind, None);
        }
        self.hand_over();
    }

    /// It could not be written down.
    pub fn reference_not_written(&mut self, why: Words) {
        self.set_trouble(TroubleKind::Notice, Some(why));
    }

    /// Whether this station should be measured before anybody comes: it never was, or not today, and
    /// whoever is there may.
    #[must_use]
    pub fn wants_reference(&self) -> bool {
        let is_of_today = self.drifting.is_calibrated() && self.drifting.stale(self.clock.now()).is_none();
        !self.shown.rehearsal && !is_of_today && self.refused(Deed::Again).is_none()
    }

    fn begin_reference(&mut self) {
        if !self.may(Deed::Again) {
            return;
        }
        if !self.is_chair_free() {
            return self.set_trouble(TroubleKind::Notice, Some(trouble::not_while_seated()));
        }
        self.troubles.remove(&TroubleKind::Notice);
        self.shown.portrait = None;
        self.finder.seat();
        self.calibrating = Calibrating::awaited(self.clock.now(), None);
        self.hand_over();
    }

    fn fire_for_reference(&mut self) {
        let CameraView { connected, by_hand, .. } = self.shown.camera;
        if !matches!(self.calibrating, Calibrating::Awaited { fired: None, .. }) || !connected || by_hand {
            return;
        }
        if !self.may(Deed::Again) {
            return;
        }
        let sitting = self.station.reserve_sitting();
        let since = self.clock.now();
        self.calibrating = Calibrating::Awaited { since, fired: Some(sitting), refused: None };
        self.finder.stir();
        self.camera.push(CameraOrder::Fire(sitting));
        self.hand_over();
    }

    /// Nobody makes a reference any more: whatever comes is a shot like any other.
    pub(super) fn stop_calibrating(&mut self) {
        self.calibrating = Calibrating::No;
    }

    /// A shot came: if it is what is waited for, it is measured.
    pub(super) fn reference_comes(&mut self, shot: &Shot) {
        if !self.calibrating.awaits(shot) {
            return;
        }
        let model = &self.shown.camera.model;
        let camera = Particulars::read(&shot.jpeg).model.or_else(|| Some(model.clone()));
        let camera = camera.filter(|model| !model.is_empty());
        let taken = self.clock.now();
        self.calibrating = Calibrating::Measuring(Coming { shot: shot.id, taken, camera });
        self.darkroom.push(DarkroomOrder::Measure(shot.clone()));
    }

    /// Nothing came of the shutter.
    pub(super) fn reference_not_fired(&mut self, sitting: SittingId, err: &CameraError) {
        if let Calibrating::Awaited { fired, refused, .. } = &mut self.calibrating
            && *fired == Some(sitting)
        {
            (*fired, *refused) = (None, Some(trouble::camera(err)));
        }
    }

    /// The darkroom has looked at it.
    pub(super) fn reference_measured(&mut self, id: ShotId, development: &Development) {
        let ms = self.arrived.remove(&id).map_or(0.0, |since| since.elapsed().as_secs_f64() * 1000.0);
        let Calibrating::Measuring(Coming { taken, camera, .. }) = &self.calibrating else { return };
        if !self.calibrating.is_of(id) {
            return;
        }
        let measured = calibrate(development, &self.shown.profile, *taken, camera.clone());
        self.calibrating = match measured.and_then(|now| self.look_at_reference(now, development, ms)) {
            Ok(measured) => Calibrating::Measured(Box::new(measured)),
            Err(why) => Calibrating::awaited(self.clock.now(), Some(trouble::no_reference(&why))),
        };
    }

    fn look_at_reference(
        &self,
        calibration: Calibration,
        development: &Development,
        ms: f64,
    ) -> Result<Measured, NoReference> {
        let portrait = development.outcome.as_ref().map_err(|why| NoReference::Declined(why.clone()))?;
        let off = off_colour(calibration.cloth, &self.shown.profile.backdrop);
        let changed = self.drifting.calibration().map(|last| change(last, &calibration));
        let lines = trouble::measured(&calibration, off, changed);
        let view = MeasuredView { portrait: PortraitView::of(portrait, ms), lines };
        Ok(Measured { calibration, view })
    }

    /// What the screen shows of a reference that is made.
    pub(super) fn reference_view(&self) -> Option<ReferenceView> {
        self.calibrating.view()
    }
}
