//! What the webcam sees, as the screen shows it: the newest frame, and never one of a while ago.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{crew::ScanDesk, screens::SightFrame};

/// A frame older than this is not what the webcam sees now.
const FRESH: Duration = Duration::from_secs(2);

/// The desk that reads codes, and its newest frame.
#[derive(Debug)]
pub(super) struct Sighting {
    desk: ScanDesk,
    newest: Option<(SightFrame, Instant)>,
    frames: u64,
}

impl Sighting {
    pub(super) fn new(desk: ScanDesk) -> Self {
        Self { desk, newest: None, frames: 0 }
    }

    /// Takes the newest frame; whether there is one.
    pub(super) fn look(&mut self) -> bool {
        let Some(preview) = self.desk.previews.take() else { return false };
        self.frames += 1;
        self.newest = Some((SightFrame { preview: Arc::new(preview), number: self.frames }, Instant::now()));
        true
    }

    pub(super) fn view(&self) -> Option<SightFrame> {
        let fresh = self.newest.as_ref().filter(|(_, since)| since.elapsed() < FRESH);
        fresh.map(|(frame, _)| frame.clone())
    }
}
