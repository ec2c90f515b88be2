//! What the window says, and when (`--phase-log FILE`): a line whenever a frame was drawn that says something else than
//! the one before, with the microsecond since the window opened. For whoever measures how long a person waits for the
//! program, or works with it by keyboard alone (`./dev expert`, `tests/it/expert.rs`). Nothing of a student stands in it.
//!
//! Two kinds of lines: how capturing stands; and, after `@`, which screen is before the operator, how far it is, and
//! whether he types into a field.

use std::{
    fs::File,
    io::{self, Write as _},
    path::Path,
    time::Instant,
};

use crate::{
    screens::{AssignmentStage, Board, DeskView, OpenedView, ReferenceStage, SetupDesk, TrayView, View},
    station::{Phase, Sitting},
};

/// Writes the log, each line at once.
#[derive(Debug)]
pub(super) struct PhaseLog {
    file: File,
    opened: Instant,
    last: String,
    last_shown: String,
}

impl PhaseLog {
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let opened = Instant::now();
        Ok(Self { file: File::create(path)?, opened, last: String::new(), last_shown: String::new() })
    }

    /// A frame with this view was drawn, and somebody types into a field of it or not.
    pub(super) fn drawn(&mut self, view: &View, board: &Board, types: bool) {
        let says = says(view);
        if says != self.last {
            self.write(&says);
            self.last = says;
        }
        self.shown(shows(view, board), types);
    }

    /// A frame of the lock was drawn that comes before any shift.
    pub(super) fn locked(&mut self) {
        self.shown("lock".to_owned(), false);
    }

    /// A frame of the set-up was drawn that comes before any shift.
    pub(super) fn set_up(&mut self, desk: &SetupDesk, types: bool) {
        self.shown(format!("setup {}", desk.step()), types);
    }

    fn shown(&mut self, mut shows: String, types: bool) {
        if types {
            shows.push_str(" typing");
        }
        if shows != self.last_shown {
            self.write(&format!("@{shows}"));
            self.last_shown = shows;
        }
    }

    fn write(&mut self, words: &str) {
        let at = self.opened.elapsed().as_micros();
        // A log that cannot be written ends too early, which whoever reads it sees.
        writeln!(self.file, "{at} {words}").ok();
    }
}

/// Which screen this is, and how far it is.
fn shows(view: &View, board: &Board) -> String {
    match &view.desk {
        DeskView::Capture if board.is_searching() => format!("search {}", view.lookup.found.len()),
        DeskView::Capture if board.is_overruling() => "overrule".to_owned(),
        DeskView::Capture => "capture".to_owned(),
        DeskView::Retakes(retakes) if retakes.history.is_some() => "retakes history".to_owned(),
        DeskView::Retakes(retakes) => format!("retakes {}", retakes.people.len()),
        DeskView::Checkup(checkup) if checkup.roster.is_some() => "roster".to_owned(),
        DeskView::Checkup(checkup) => match checkup.reference.as_ref().map(|reference| &reference.stage) {
            None => "checkup".to_owned(),
            Some(ReferenceStage::Awaited(None)) => "reference awaited".to_owned(),
            Some(ReferenceStage::Awaited(Some(_))) => "reference refused".to_owned(),
            Some(ReferenceStage::Fired | ReferenceStage::Measuring) => "reference comes".to_owned(),
            Some(ReferenceStage::Measured(_)) => "reference measured".to_owned(),
        },
        DeskView::Setup(_) => format!("setup {}", board.setup_step()),
        DeskView::Day(_) => "day".to_owned(),
        DeskView::Tray(tray) => match (&tray.opened, &tray.strays) {
            (Some(opened), _) => format!("tray {}", gives(tray, opened)),
            (None, Some(strays)) if !tray.is_stale => format!("tray {}", strays.len()),
            (None, _) => "tray reading".to_owned(),
        },
    }
}

/// How far a stray is on its way to somebody.
fn gives(tray: &TrayView, opened: &OpenedView) -> String {
    let seats = opened.candidates.as_deref();
    let is_seen = tray.album.holds_large(opened.stray.object);
    match (&opened.proposal, seats) {
        (_, None) => "opening".to_owned(),
        (_, Some(seats)) if opened.chosen.is_none() => {
            if is_seen {
                format!("opened {}", seats.len())
            } else {
                "opening".to_owned()
            }
        }
        (None | Some(AssignmentStage::Working), _) => "working".to_owned(),
        (Some(AssignmentStage::Refused(_)), _) => "refused".to_owned(),
        (Some(AssignmentStage::Judged(_, true)), _) if opened.refusal.is_some() => "not_given".to_owned(),
        (Some(AssignmentStage::Judged(_, true)), _) => "judged".to_owned(),
        (Some(AssignmentStage::Judged(_, false)), _) => "failed".to_owned(),
        (Some(AssignmentStage::Writing), _) => "writing".to_owned(),
        (Some(AssignmentStage::Done(_)), _) => "done".to_owned(),
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
        // This one stays until a person has said something.
        Phase::Refused(_, why) if why.may_be_overruled() => "second_code".to_owned(),
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
