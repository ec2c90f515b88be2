//! How evenly the window draws (`--frame-log FILE`): a line for each frame, with the microsecond it began and for how
//! many of them the main thread was at our own work in it. The gap from one beginning to the next is what a person
//! at the window feels; `./dev frames` measures it while the camera's driver hangs (`tests/it/frames.rs`).

use std::{
    fs::File,
    io::{self, Write as _},
    path::Path,
    time::{Duration, Instant},
};

/// While frames are logged they are drawn without a pause: sixty a second, whether anything changes or not.
pub(super) const EVERY: Duration = Duration::from_micros(16_667);

/// Writes the log. Each line is written at once and in the frame it speaks of: what that costs is counted too.
#[derive(Debug)]
pub(super) struct FrameLog {
    file: File,
    opened: Instant,
    frame: Instant,
}

impl FrameLog {
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let now = Instant::now();
        Ok(Self { file: File::create(path)?, opened: now, frame: now })
    }

    pub(super) fn frame_begins(&mut self) {
        self.frame = Instant::now();
    }

    pub(super) fn frame_ends(&mut self) {
        let (at, worked) = ((self.frame - self.opened).as_micros(), self.frame.elapsed().as_micros());
        // A log that cannot be written ends too early, which whoever reads it sees.
        writeln!(self.file, "{at} {worked}").ok();
    }
}
