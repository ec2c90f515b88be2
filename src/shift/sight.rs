//! What the webcam sees, as the screen shows it: the newest frame, and never one of a while ago.

use std::{
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    crew::{self, Outbox, ScanDesk},
    scan::Steady,
    screens::SightFrame,
    shot::Clock,
};

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
    /// Begins to look, where there is to be a webcam.
    pub(super) fn begin(
        webcam: Option<Option<String>>,
        rest_ms: i64,
        clock: Clock,
        outbox: &Outbox,
    ) -> io::Result<Option<Self>> {
        let Some(wanted) = webcam else { return Ok(None) };
        let desk = crew::scan_desk(wanted, Steady::resting(rest_ms), clock, outbox.clone())?;
        Ok(Some(Self { desk, newest: None, frames: 0 }))
    }

    /// How long the newest frame counts as seen now.
    pub(super) fn sleeps(&self) -> Option<Duration> {
        let stale = self.newest.as_ref().map(|(_, since)| FRESH.saturating_sub(since.elapsed()));
        stale.filter(|stale| !stale.is_zero())
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
