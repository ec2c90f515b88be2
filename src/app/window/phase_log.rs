//! What the window says, and when (`--phase-log FILE`): a line whenever a frame was drawn that says something else than
//! the one before, with the microsecond since the window opened. For whoever measures how long a person waits for the
//! program (`./dev expert`, `tests/it/expert.rs`). Nothing of a student stands in it.

use std::{
    fs::File,
    io::{self, Write as _},
    path::Path,
    time::Instant,
};

use crate::{
    screens::View,
    station::{Phase, Sitting},
};

/// Writes the log, each line at once.
#[derive(Debug)]
pub(super) struct PhaseLog {
    file: File,
    opened: Instant,
    last: String,
}

impl PhaseLog {
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        Ok(Self { file: File::create(path)?, opened: Instant::now(), last: String::new() })
    }

    /// A frame with this view was drawn.
    pub(super) fn drawn(&mut self, view: &View) {
        let says = says(view);
        if says != self.last {
            let at = self.opened.elapsed().as_micros();
            // A log that cannot be written ends too early, which whoever reads it sees.
            writeln!(self.file, "{at} {says}").ok();
            self.last = says;
        }
    }
}

fn says(view: &View) -> String {
    if !view.camera.connected {
        return "no_camera".to_owned();
    }
    let of = |word: &str, sitting: &Sitting| format!("{word} {} {}", sitting.id.0, sitting.takes);
    match &view.phase {
        Phase::Idle if view.saved.is_some() => "saved".to_owned(),
        Phase::Idle => "idle".to_owned(),
        Phase::KeptBefore(_) => "kept_before".to_owned(),
        Phase::Awaited(_) => "awaited".to_owned(),
        Phase::Refused(..) => "refused".to_owned(),
        Phase::CodeScanned(sitting) if sitting.fired => of("fired", sitting),
        Phase::CodeScanned(sitting) if sitting.is_doubted() => of("doubted", sitting),
        Phase::CodeScanned(sitting) => of("ready", sitting),
        Phase::Shot(sitting, _) => of("checking", sitting),
        Phase::Reviewing(sitting, take) if take.portrait.is_acceptable() => of("acceptable", sitting),
        Phase::Reviewing(sitting, _) => of("failed", sitting),
        Phase::Queueing(sitting, _) => of("saving", sitting),
    }
}
