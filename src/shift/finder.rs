//! When the camera shows what it sees: from when somebody sits until nothing has happened for a while, because a
//! sensor that looks all day grows hot and the battery empty.

use std::{
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{MakeFinder, Shift};
use crate::{
    crew::{self, CameraOrder, Mailbox, Outbox, Prompter, Viewfinder, Watching},
    language::Patience,
    portrait::{CropShare, LiveHint, Picture, References},
    profile::Profile,
    screens::{LiveFrame, LiveView},
    station::Phase,
};

/// Live view ends when nobody has sat down, shot or pressed a key for this long.
const AWAKE: Duration = Duration::from_secs(120);

/// A frame older than this is not what the camera sees now, and must not be taken for it.
const FRESH: Duration = Duration::from_secs(3);

/// A hint must be true for so long before it is said, in milliseconds: longer than eyes are closed in a blink.
const SAID_AFTER_MS: i64 = 400;

/// It goes when it has not been true for longer than this, in milliseconds: a frame or two that err are nothing.
const GONE_AFTER_MS: i64 = 400;

/// Who is before the camera, as far as hints are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chair {
    /// Nobody sits yet: whoever tries the chair is told how to sit, but an empty chair is no fault.
    Free,
    /// Somebody sits and waits for the shutter.
    Taken,
    /// A shot is judged, or somebody is asked about, or the last portrait stands there: nobody looks at live view.
    OutOfSight,
}

impl Chair {
    pub(super) fn of(phase: &Phase, covered: bool) -> Self {
        match phase {
            Phase::Idle if !covered => Self::Free,
            Phase::CodeScanned(_) => Self::Taken,
            Phase::Idle
            | Phase::KeptBefore(_)
            | Phase::Awaited(_)
            | Phase::Refused(..)
            | Phase::Shot(..)
            | Phase::Reviewing(..)
            | Phase::Queueing(..) => Self::OutOfSight,
        }
    }
}

/// The live view, as the shift wants it and as it comes.
#[derive(Debug)]
pub(super) struct Finder {
    pictures: Mailbox<Picture>,
    prompter: Prompter,
    hints: Patience<LiveHint>,
    /// What is said of what the camera sees.
    hint: Option<LiveHint>,
    /// What would be cut for the portrait.
    crop: Option<CropShare>,
    /// The number of the last frame of which nothing is to be said any more.
    past: u64,
    began: Instant,
    /// Whether anybody looks at all: a rehearsal without a window needs no frames.
    watched: bool,
    /// Until when it stays on; `None` is off.
    until: Option<Instant>,
    /// What the camera was ordered last.
    ordered: Watching,
    /// This camera has none.
    absent: bool,
    newest: Option<(LiveFrame, Instant)>,
    frames: u64,
}

impl Finder {
    /// Starts those who see to it, and gives what the camera's thread lays its frames into.
    pub(super) fn open(
        glancer: MakeFinder,
        profile: &Arc<Profile>,
        references: References,
        outbox: &Outbox,
    ) -> io::Result<(Self, Viewfinder)> {
        let (viewfinder, pictures) = crew::viewfinder(outbox.clone())?;
        let prompter = crew::prompter(glancer, Arc::clone(profile), references, outbox.clone())?;
        Ok((Self::new(pictures, prompter), viewfinder))
    }

    fn new(pictures: Mailbox<Picture>, prompter: Prompter) -> Self {
        Self {
            pictures,
            prompter,
            hints: Patience::new(SAID_AFTER_MS, GONE_AFTER_MS),
            hint: None,
            crop: None,
            past: 0,
            began: Instant::now(),
            watched: false,
            until: None,
            ordered: Watching::Not,
            absent: false,
            newest: None,
            frames: 0,
        }
    }

    /// Somebody sits down: of whoever sat before him no frame stays on the screen.
    pub(super) fn seat(&mut self) {
        self.begin();
        self.newest = None;
        self.hush();
    }

    /// What was seen until now is nobody's business any more.
    fn hush(&mut self) {
        self.hints.forget();
        (self.hint, self.crop, self.past) = (None, None, self.frames);
    }

    /// Something happened: what is on stays on.
    pub(super) fn stir(&mut self) {
        if self.until.is_some() {
            self.begin();
        }
    }

    /// From now on a look straight into the lens reads so many degrees of pitch.
    pub(super) fn hold_against(&self, pitch_zero_deg: f64) {
        self.prompter.hold_against(pitch_zero_deg);
    }

    fn begin(&mut self) {
        self.until = Some(Instant::now() + AWAKE);
    }

    pub(super) fn camera_came(&mut self) {
        self.absent = false;
    }

    pub(super) fn camera_went(&mut self) {
        self.newest = None;
        self.hush();
    }

    /// It had none, and is to be asked again.
    fn forget(&mut self) {
        (self.absent, self.ordered) = (false, Watching::Not);
    }

    pub(super) fn has_none(&mut self) {
        (self.absent, self.newest) = (true, None);
    }

    /// Takes the newest frame, and has it glanced at while there is somebody to be told; whether there is one.
    pub(super) fn look(&mut self, chair: Chair) -> bool {
        let picture = self.pictures.take().map(Arc::new);
        let is_new = picture.is_some();
        if let Some(picture) = picture {
            self.frames += 1;
            if chair != Chair::OutOfSight {
                self.prompter.show(self.frames, Arc::clone(&picture));
            }
            self.newest = Some((LiveFrame { picture, number: self.frames }, Instant::now()));
        }
        is_new | self.listen(chair)
    }

    /// Takes the newest glance; whether what is said has changed.
    fn listen(&mut self, chair: Chair) -> bool {
        let before = (self.hint, self.crop);
        let glance = self.prompter.take().filter(|glance| glance.frame > self.past);
        if chair == Chair::OutOfSight {
            self.hush();
        } else if let Some(glance) = glance {
            self.crop = glance.seen.crop;
            let seen = glance.seen.hint.filter(|hint| chair == Chair::Taken || hint.is_about_a_sitter());
            let at = i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX);
            self.hint = self.hints.say(at, seen);
        }
        (self.hint, self.crop) != before
    }

    /// What to mend first, while it can be seen.
    pub(super) fn hint(&self) -> Option<LiveHint> {
        self.hint.filter(|_| matches!(self.view(), LiveView::Frame(_)))
    }

    /// What would be cut for the portrait, while it can be seen.
    pub(super) fn crop(&self) -> Option<CropShare> {
        self.crop.filter(|_| matches!(self.view(), LiveView::Frame(_)))
    }

    /// How long live view goes on by itself, or a frame of it counts as seen now.
    pub(super) fn sleeps(&self) -> Option<Duration> {
        let now = Instant::now();
        let ends = self.until.map(|until| until.saturating_duration_since(now));
        let stale = self.newest.as_ref().map(|(_, since)| FRESH.saturating_sub(since.elapsed()));
        // A frame that is old already is seen no more: nothing will change.
        ends.into_iter().chain(stale.filter(|stale| !stale.is_zero())).min()
    }

    /// What the camera is to be ordered, when that has changed.
    pub(super) fn turned(&mut self, chair: Chair) -> Option<Watching> {
        let now = Instant::now();
        self.until = self.until.filter(|until| self.watched && now < *until);
        // A camera that has none is left alone: being told to end and to begin again, it would be asked again.
        let wanted = match chair {
            _ if self.absent && self.ordered != Watching::Not => self.ordered,
            _ if self.until.is_none() => Watching::Not,
            // A shot is judged, or a person reads: that goes first.
            Chair::OutOfSight => Watching::AtTimes,
            Chair::Free | Chair::Taken => Watching::Closely,
        };
        if wanted == Watching::Not {
            self.hush();
        }
        (std::mem::replace(&mut self.ordered, wanted) != wanted).then_some(wanted)
    }

    pub(super) fn view(&self) -> LiveView {
        let fresh = self.newest.as_ref().filter(|(_, since)| since.elapsed() < FRESH);
        match (self.ordered, self.absent, fresh) {
            (_, true, _) => LiveView::Absent,
            (Watching::Not, false, _) => LiveView::Off,
            (_, false, None) => LiveView::Awaited,
            (_, false, Some((frame, _))) => LiveView::Frame(frame.clone()),
        }
    }
}

impl Shift {
    /// Who is before the camera now.
    pub(super) fn chair(&self) -> Chair {
        Chair::of(self.station.phase(), self.shown.portrait.is_some())
    }

    /// Somebody looks at the screen: from now on students are seen while they sit.
    pub fn watch(&mut self) {
        self.finder.watched = true;
    }

    /// The operator wants to see what the camera sees, or to see it no more; of a camera that has no live view, that
    /// it tries again. What he wants to see is not covered by the portrait of who has gone.
    pub fn turn_live(&mut self) {
        if self.finder.absent {
            self.camera.push(CameraOrder::Live(Watching::Not));
            self.finder.forget();
            self.finder.until = None;
        }
        let nobody_sits = self.phase().sitting().is_none();
        let was_covered = self.shown.portrait.take_if(|_| nobody_sits).is_some();
        if was_covered || self.finder.until.is_none() {
            self.finder.begin();
        } else {
            self.finder.until = None;
        }
        self.hand_over();
    }
}
