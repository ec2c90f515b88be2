//! What comes from the camera, in the order of who waits for it: first the files it tells of, then those that
//! were found on its card, one at a time, and none while a shot is waited for.

use std::{sync::Arc, time::Duration};

use super::{LinkedCamera, unexpected};
use crate::{
    camera::{
        Announced, Arrival, CameraError, ClockOffset, Jpeg, ListedFile,
        cards::Found,
        wire::{Answer, Request},
    },
    shot::{CameraTime, Exposure, Moment, Origin, Particulars, Trigger},
};

/// While files on the card wait to be fetched, news are looked for no longer than this between two of them.
const GLANCE: Duration = Duration::from_millis(10);

impl LinkedCamera {
    /// What comes next, within about `patience` unless a file is being downloaded.
    pub(super) fn listen(&mut self, patience: Duration) -> Result<Option<Arrival>, CameraError> {
        let may_fetch = !self.held_back && !self.arming.awaits(self.clock.now());
        let goes_to_card = may_fetch && self.cards.backlog() > 0;
        let patience = if goes_to_card { GLANCE } else { patience };
        let ms = u64::try_from(patience.as_millis()).unwrap_or(u64::MAX);
        match self.ask(&Request::Wait { ms }, patience + self.within.news) {
            Ok((Answer::Announced(announced), _)) => self.take_announced(&announced),
            Ok((Answer::Missed, _)) => {
                self.unheard.missed();
                Ok(None)
            }
            Ok((Answer::Nothing, _)) if goes_to_card => match self.cards.next_found() {
                Some(found) => self.take_found(&found),
                None => Ok(None),
            },
            Ok((Answer::Nothing, _)) => {
                self.look_at_its_condition()?;
                if self.unheard.is_due() {
                    self.line = None;
                    self.watch.hurry();
                }
                Ok(None)
            }
            Ok(_) => Err(unexpected()),
            Err(err @ CameraError::RawOnly) => {
                self.notices.push_back(err);
                Ok(None)
            }
            Err(err) => Err(err),
        }
    }

    fn take_announced(&mut self, announced: &Announced) -> Result<Option<Arrival>, CameraError> {
        let Announced { listed, after_trigger } = announced;
        let seen = self.arming.seen(self.clock.now(), *after_trigger);
        self.unheard.came(&listed.file);
        let picture = self.download(listed)?;
        self.settled.touched();
        let particulars = Particulars::read(&picture);
        let was_believed = self.camera_clock.offset().is_some();
        let exposed = match self.cards.clock_when_found(listed) {
            Some(clock) => {
                exposure_by(clock, particulars.taken, seen).unwrap_or(Exposure::some_time_before(seen))
            }
            None => self.camera_clock.exposure(particulars.taken, seen),
        };
        if was_believed {
            // Somebody set the clock since it was read.
            self.notices.extend(self.camera_clock.disproved().cloned());
        }
        if !self.cards.is_new(listed, particulars.taken, exposed) {
            return Ok(None);
        }
        // Those found on the card are older than the dials that were read.
        self.settled.compare(&particulars.as_shot);
        let trigger = self.arming.trigger(exposed, *after_trigger);
        Ok(Some(self.arrival(listed, picture, trigger, exposed)))
    }

    fn take_found(&mut self, found: &Found) -> Result<Option<Arrival>, CameraError> {
        let Found { listed, seen, clock } = found;
        let picture = self.download(listed)?;
        let taken = Particulars::read(&picture).taken;
        let told = exposure_by(*clock, taken, *seen);
        let exposed = told.unwrap_or(Exposure::some_time_before(*seen));
        if !self.cards.is_new(listed, taken, exposed) || self.cards.is_kept(&picture) {
            return Ok(None);
        }
        let trigger = told.map_or(Trigger::Body, |exposed| self.arming.trigger(exposed, true));
        Ok(Some(self.arrival(listed, picture, trigger, exposed)))
    }

    /// Fetches a file, in the time its size needs. What does not come whole is fetched again after a new start.
    fn download(&mut self, listed: &ListedFile) -> Result<Arc<[u8]>, CameraError> {
        let file = &listed.file;
        match self.ask(&Request::Fetch(file.clone()), self.within.for_download(file.size)) {
            Ok((Answer::File(came), picture)) if came == *file => Ok(picture),
            Ok(_) => Err(unexpected()),
            Err(err) => {
                if self.cards.failed(listed, &err) {
                    self.notices.push_back(CameraError::LeftOnCard { name: file.name.clone() });
                }
                Err(err)
            }
        }
    }

    fn arrival(
        &self,
        listed: &ListedFile,
        picture: Arc<[u8]>,
        trigger: Trigger,
        exposed: Exposure,
    ) -> Arrival {
        let file = listed.file.clone();
        let origin = Origin {
            camera: self.info.serial.clone(),
            folder: file.folder,
            name: file.name,
            bytes: Some(file.size),
            written: listed.written,
        };
        Arrival { trigger, exposed, origin, jpeg: Jpeg(picture) }
    }
}

/// When a file was exposed that was found on the card; `None` when nobody knows.
fn exposure_by(clock: Option<ClockOffset>, taken: Option<CameraTime>, seen: Moment) -> Option<Exposure> {
    clock.zip(taken).map(|(clock, taken)| clock.exposure(taken, seen))
}
