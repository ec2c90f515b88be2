//! When the camera shows what it sees: from when somebody sits until nothing has happened for a while, because a
//! sensor that looks all day grows hot and the battery empty.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::Shift;
use crate::{
    crew::{CameraOrder, Mailbox},
    portrait::Picture,
    screens::{LiveFrame, LiveView},
};

/// Live view ends when nobody has sat down, shot or pressed a key for this long.
const AWAKE: Duration = Duration::from_secs(120);

/// A frame older than this is not what the camera sees now, and must not be taken for it.
const FRESH: Duration = Duration::from_secs(3);

/// The live view, as the shift wants it and as it comes.
#[derive(Debug)]
pub(super) struct Finder {
    pictures: Mailbox<Picture>,
    /// Whether anybody looks at all: a rehearsal without a window needs no frames.
    watched: bool,
    /// Until when it stays on; `None` is off.
    until: Option<Instant>,
    /// What the camera was ordered last.
    ordered: bool,
    /// This camera has none.
    absent: bool,
    newest: Option<(LiveFrame, Instant)>,
    frames: u64,
}

impl Finder {
    pub(super) fn new(pictures: Mailbox<Picture>) -> Self {
        Self { pictures, watched: false, until: None, ordered: false, absent: false, newest: None, frames: 0 }
    }

    /// Somebody sits down: of whoever sat before him no frame stays on the screen.
    pub(super) fn seat(&mut self) {
        self.begin();
        self.newest = None;
    }

    /// Something happened: what is on stays on.
    pub(super) fn stir(&mut self) {
        if self.until.is_some() {
            self.begin();
        }
    }

    fn begin(&mut self) {
        self.until = Some(Instant::now() + AWAKE);
    }

    pub(super) fn camera_came(&mut self) {
        self.absent = false;
    }

    pub(super) fn camera_went(&mut self) {
        self.newest = None;
    }

    /// It had none, and is to be asked again.
    fn forget(&mut self) {
        (self.absent, self.ordered) = (false, false);
    }

    pub(super) fn has_none(&mut self) {
        (self.absent, self.newest) = (true, None);
    }

    /// Takes the newest frame; whether there is one.
    pub(super) fn look(&mut self) -> bool {
        let picture = self.pictures.take();
        let is_new = picture.is_some();
        if let Some(picture) = picture {
            self.frames += 1;
            self.newest =
                Some((LiveFrame { picture: Arc::new(picture), number: self.frames }, Instant::now()));
        }
        is_new
    }

    /// What the camera is to be ordered, when that has changed.
    pub(super) fn turned(&mut self) -> Option<bool> {
        let now = Instant::now();
        self.until = self.until.filter(|until| self.watched && now < *until);
        // A camera that has none is left alone: being told to end and to begin again, it would be asked again.
        let on = self.until.is_some() || self.absent && self.ordered;
        (std::mem::replace(&mut self.ordered, on) != on).then_some(on)
    }

    pub(super) fn view(&self) -> LiveView {
        let fresh = self.newest.as_ref().filter(|(_, since)| since.elapsed() < FRESH);
        match (self.ordered, self.absent, fresh) {
            (_, true, _) => LiveView::Absent,
            (false, false, _) => LiveView::Off,
            (true, false, None) => LiveView::Awaited,
            (true, false, Some((frame, _))) => LiveView::Frame(frame.clone()),
        }
    }
}

impl Shift {
    /// Somebody looks at the screen: from now on students are seen while they sit.
    pub fn watch(&mut self) {
        self.finder.watched = true;
    }

    /// The operator wants to see what the camera sees, or to see it no more; of a camera that has no live view, that
    /// it tries again. What he wants to see is not covered by the portrait of who has gone.
    pub fn turn_live(&mut self) {
        if self.finder.absent {
            self.camera.push(CameraOrder::Live(false));
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
