//! What comes of the work: a portrait or a reason, and that it is safe on disk.

use std::sync::Arc;

use super::{Shift, reception};
use crate::{
    portrait::Development,
    screens::{Last, PortraitView, TroubleKind},
    shot::ShotId,
    sound::Chime,
    station::{Event, Phase},
    student::CaptureCode,
};

/// A portrait that is safe on disk, as the screen says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// Whose.
    pub code: CaptureCode,
    /// Of which shot.
    pub shot: ShotId,
}

impl Shift {
    /// What was saved since this was asked last.
    pub fn take_saved(&mut self) -> Vec<Saved> {
        std::mem::take(&mut self.saved)
    }

    /// The darkroom is done with a shot, in which it read these codes. What they say comes first: it decides whose the
    /// portrait is.
    pub(super) fn developed(&mut self, shot: ShotId, development: Development, codes: Vec<CaptureCode>) {
        let ms = self.arrived.remove(&shot).map_or(0.0, |since| since.elapsed().as_secs_f64() * 1000.0);
        let seen = reception::witnesses(&self.shown.profile, codes);
        let Some(development) = self.develop_stray(shot, development, &seen) else { return };
        if !seen.is_empty() {
            self.tell(Event::Witnessed(shot, seen));
        }
        // A late result of somebody who has gone must not appear under the next student's name.
        let awaited = matches!(self.station.phase(), Phase::Shot(_, waiting) if waiting.id == shot);
        match development.outcome {
            Ok(portrait) => {
                if awaited {
                    self.shown.portrait = Some(PortraitView::of(&portrait, ms));
                }
                self.tell(Event::Developed(shot, portrait));
            }
            Err(why) => {
                if awaited {
                    self.shown.portrait = None;
                }
                self.tell(Event::Spoilt(shot, why));
            }
        }
    }

    /// A portrait is safe on disk.
    pub(super) fn filed(&mut self, shot: ShotId, code: CaptureCode) {
        self.set_trouble(TroubleKind::Record, None);
        self.shown.saved = Some(code.fingerprint());
        self.stride.step(self.clock.now());
        if let Some(portrait) = &self.shown.portrait {
            let (jpeg, sha256) = (Arc::clone(&portrait.jpeg), portrait.sha256);
            self.shown.remember(Last::Saved { jpeg, sha256 });
        }
        self.saved.push(Saved { code, shot });
        self.bell.ring(Chime::Saved);
        self.tell(Event::Filed(shot));
    }
}
