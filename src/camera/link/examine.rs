//! What a doctor asks through the link.

use std::{thread, time::Duration};

use super::{
    super::{CameraError, Checkup},
    Answer, LinkedCamera, Request, unexpected,
};

/// A question about settings: some bodies take a second for each.
const SETTINGS_WITHIN: Duration = Duration::from_secs(10);

/// Cameras keep whole seconds and begin one when they are told the time; the way there takes about this long.
const WAY_MS: i64 = 20;

impl LinkedCamera {
    /// Everything a doctor wants to know of the connected camera, or of the driver alone without one.
    ///
    /// # Errors
    /// When the camera's process cannot be used, or the camera stops answering.
    pub fn examine(&mut self) -> Result<Checkup, CameraError> {
        if self.line.is_none() {
            self.start_process()?;
        }
        match self.ask(&Request::Examine, SETTINGS_WITHIN)? {
            (Answer::Examined(checkup), _) => Ok(*checkup),
            _ => Err(unexpected()),
        }
    }

    /// How long the pictures on its card are on average; `None` on an empty card.
    ///
    /// # Errors
    /// When none is connected, or it stops answering.
    pub fn average_picture(&mut self) -> Result<Option<u64>, CameraError> {
        let (Answer::Listing(files), _) = self.ask(&Request::List, self.within.list)? else {
            return Err(unexpected());
        };
        let bytes: u64 = files.iter().map(|listed| listed.file.size).sum();
        Ok(bytes.checked_div(files.len() as u64))
    }

    /// Sets the camera's clock to this computer's, at the beginning of a second. Many bodies tell their time
    /// only when a session begins, so this one is ended: the next connection shows what came of it.
    ///
    /// # Errors
    /// When the camera does not let it be set.
    pub fn set_clock(&mut self) -> Result<(), CameraError> {
        let now = self.clock.now().0 + WAY_MS;
        let next_second = now.div_euclid(1000) + 1;
        thread::sleep(Duration::from_millis((next_second * 1000 - now).unsigned_abs()));
        let set = match self.ask(&Request::SetClock { seconds: next_second }, SETTINGS_WITHIN)? {
            (Answer::ClockSet, _) => Ok(()),
            _ => Err(unexpected()),
        };
        self.line = None;
        self.watch.hurry();
        set
    }
}
