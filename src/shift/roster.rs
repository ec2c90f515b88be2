//! 读入名册 at a station at work: the operator chooses the school's file, sees what is wrong with it, and the clerk takes
//! it in. The courier looks for files and reads them; who is known from then on is asked of the clerk, and holds as soon
//! as nobody sits and nobody chooses from a list.

use std::sync::Arc;

use super::{
    Shift,
    checkup::{line, of_words},
};
use crate::{
    camera::doctor::Verdict,
    crew::{ClerkOrder, CourierOrder, RosterNews, RosterOrder, RosterTold},
    errand::{self, RosterRefused},
    keys::{Deed, Holder, Refused},
    language::Phrase,
    machine::{RosterFile, RosterFound},
    profile::Identification,
    screens::{
        CheckupLine, LookedView, Mend, Place, RosterAsk, RosterFileView, RosterStage, RosterView,
        TroubleKind, Words, trouble,
    },
    station::{Phase, Register},
    student::{People, Report, Roster},
};

/// A roster on its way into the store.
#[derive(Debug, Default)]
pub(super) struct Intake {
    stage: Stage,
    /// What was found where rosters may lie; `None` while it is looked for. It stays as it is while keys choose from it.
    found: Option<Vec<RosterFound>>,
    renewal: Renewal,
}

/// How far it is.
#[derive(Debug, Default)]
enum Stage {
    /// Nobody wants one.
    #[default]
    Shut,
    /// A file is to be chosen; why the last one is not taken in.
    Choosing(Option<Words>),
    /// This one is looked through.
    Reading(RosterFile),
    /// This was found in it, and a person decides.
    Looked(Box<Looked>),
    /// The clerk takes it in.
    Taking(Box<Report>),
    /// It is in the store.
    Taken(Box<Report>),
}

/// A file that was looked through.
#[derive(Debug)]
struct Looked {
    name: String,
    roster: Arc<Roster>,
    report: Report,
}

/// Whether the station knows the people of the roster that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Renewal {
    /// It does.
    #[default]
    Done,
    /// The clerk is to be asked, as soon as the station rests.
    Owed,
    /// He was asked.
    Asked,
    /// He was, and somebody sat down since: what he says is not all.
    Disturbed,
}

impl Intake {
    /// Somebody sat down, was let in or was given a photo: what the clerk was asked before is not all there is to know.
    pub(super) fn disturb(&mut self) {
        if self.renewal == Renewal::Asked {
            self.renewal = Renewal::Disturbed;
        }
    }

    fn is_at_work(&self) -> bool {
        matches!(self.stage, Stage::Reading(_) | Stage::Taking(_)) || self.renewal != Renewal::Done
    }
}

impl Shift {
    /// What the operator asked for of a roster.
    pub fn roster_asks(&mut self, ask: RosterAsk) {
        match ask {
            RosterAsk::Look => self.look_for_rosters(),
            RosterAsk::Choose(place) => self.choose_roster(place),
            RosterAsk::Dropped(file) => self.look_through_roster(file),
            RosterAsk::Take { leave_out_faulty } => self.take_roster(leave_out_faulty),
            RosterAsk::Back => self.back_from_roster(),
        }
    }

    /// Whether whoever has logged in may begin at all; if not, the screen says why.
    fn may_read_roster(&mut self) -> bool {
        let why = if self.shown.rehearsal {
            Some(trouble::no_roster_to_rehearse())
        } else if !errand::wants_roster(&self.shown.profile) {
            Some(trouble::roster_refused(&RosterRefused::NotWanted))
        } else {
            let refused = self.refused(Deed::ImportRoster);
            refused.filter(|why| *why != Refused::NeedsSecond).map(trouble::deed_refused)
        };
        let may = why.is_none();
        if why.is_some() {
            self.set_trouble(TroubleKind::Notice, why);
        }
        may
    }

    fn look_for_rosters(&mut self) {
        if matches!(self.intake.stage, Stage::Taking(_)) || !self.may_read_roster() {
            return;
        }
        self.troubles.remove(&TroubleKind::Notice);
        (self.intake.stage, self.intake.found) = (Stage::Choosing(None), None);
        self.day.order(CourierOrder::Roster(RosterOrder::Find));
    }

    fn choose_roster(&mut self, place: usize) {
        if !matches!(self.intake.stage, Stage::Choosing(_)) {
            return;
        }
        let found = self.intake.found.as_ref().and_then(|found| found.get(place));
        if let Some(file) = found.map(|found| found.file.clone()) {
            self.look_through_roster(file);
        }
    }

    fn look_through_roster(&mut self, file: RosterFile) {
        if matches!(self.intake.stage, Stage::Taking(_)) || !self.may_read_roster() {
            return;
        }
        self.troubles.remove(&TroubleKind::Notice);
        self.day.order(CourierOrder::Roster(RosterOrder::Read(file.clone())));
        self.intake.stage = Stage::Reading(file);
    }

    fn back_from_roster(&mut self) {
        match self.intake.stage {
            Stage::Reading(_) | Stage::Looked(_) => self.look_for_rosters(),
            Stage::Choosing(_) | Stage::Taken(_) => self.shut_rosters(),
            Stage::Shut | Stage::Taking(_) => {}
        }
    }

    /// Nobody reads a roster in any more, and nothing of it stays in memory; what the clerk is at he finishes.
    pub(super) fn shut_rosters(&mut self) {
        if !matches!(self.intake.stage, Stage::Taking(_)) {
            (self.intake.stage, self.intake.found) = (Stage::Shut, None);
        }
    }

    /// The courier tells of rosters; somebody may have chosen another one by now.
    pub(super) fn roster_told(&mut self, told: RosterTold) {
        match told {
            RosterTold::Found(found) => {
                if matches!(self.intake.stage, Stage::Choosing(_)) {
                    self.intake.found = Some(found);
                }
            }
            RosterTold::Read(file, read) => {
                if !matches!(&self.intake.stage, Stage::Reading(asked) if *asked == file) {
                    return;
                }
                self.intake.stage = match read {
                    Ok(read) => {
                        let (roster, report) = *read;
                        Stage::Looked(Box::new(Looked {
                            name: file.name(),
                            roster: Arc::new(roster),
                            report,
                        }))
                    }
                    Err(why) => {
                        // Whoever dropped it has no list yet.
                        if self.intake.found.is_none() {
                            self.day.order(CourierOrder::Roster(RosterOrder::Find));
                        }
                        Stage::Choosing(Some(trouble::roster_refused(&why)))
                    }
                };
            }
        }
    }

    fn take_roster(&mut self, leave_out_faulty: bool) {
        let Stage::Looked(looked) = &self.intake.stage else { return };
        let may = errand::may_take(&self.shown.profile, &looked.report, leave_out_faulty);
        if may.is_err() || looked.report.students == 0 {
            return;
        }
        if !self.is_chair_free() {
            return self.set_trouble(TroubleKind::Notice, Some(trouble::not_while_seated()));
        }
        match self.may_take_roster() {
            Ok(true) => self.hand_roster_over(None),
            Ok(false) => {}
            Err(why) => self.set_trouble(TroubleKind::Notice, Some(why)),
        }
    }

    /// A second person stands for it; somebody may have sat down meanwhile.
    pub(super) fn take_roster_before(&mut self, second: &Holder) -> Result<(), Words> {
        if !self.is_chair_free() {
            return Err(trouble::not_while_seated());
        }
        self.hand_roster_over(Some(second.clone()));
        Ok(())
    }

    fn hand_roster_over(&mut self, second: Option<Holder>) {
        let Stage::Looked(looked) = &self.intake.stage else { return };
        let (roster, report) = (Arc::clone(&looked.roster), looked.report.clone());
        self.clerk.push(ClerkOrder::TakeRoster(self.clock.now(), roster, second));
        self.intake.stage = Stage::Taking(Box::new(report));
        self.hand_over();
    }

    /// What the clerk tells of rosters.
    pub(super) fn roster_news(&mut self, news: RosterNews) {
        match news {
            RosterNews::Taken(_) => {
                self.intake.renewal = Renewal::Owed;
                if let Stage::Taking(report) = &self.intake.stage {
                    self.intake.stage = Stage::Taken(report.clone());
                }
            }
            // He may have turned to another screen: that one tells it too.
            RosterNews::NotTaken(err) => {
                self.set_trouble(TroubleKind::Notice, Some(trouble::clerk(&err)));
                self.intake.stage = Stage::Shut;
            }
            RosterNews::Acquainted(Ok(known)) => {
                let (people, register) = *known;
                self.know(people, register);
            }
            RosterNews::Acquainted(Err(err)) => {
                self.intake.renewal = Renewal::Done;
                self.set_trouble(TroubleKind::Roster, Some(trouble::clerk(&err)));
            }
        }
    }

    /// Asks the clerk who is known, if another roster was taken in and the station rests.
    pub(super) fn get_acquainted(&mut self) {
        if self.intake.renewal == Renewal::Owed && self.is_at_rest() {
            self.intake.renewal = Renewal::Asked;
            self.clerk.push(ClerkOrder::Acquaint(Arc::clone(&self.shown.profile)));
        }
    }

    /// From now on these are known; what changed meanwhile is asked for anew.
    fn know(&mut self, people: People, register: Register) {
        if self.intake.renewal != Renewal::Asked || !self.is_at_rest() {
            self.intake.renewal = Renewal::Owed;
            return;
        }
        self.intake.renewal = Renewal::Done;
        self.called = people.into();
        self.station.know(register);
        self.retakes.grow_stale();
        self.set_trouble(TroubleKind::Roster, None);
    }

    /// Whether nobody sits, is asked about or was called, and nobody chooses from a list that is made of the roster: no list may
    /// change under a finger.
    fn is_at_rest(&self) -> bool {
        let lists = matches!(self.retakes.here(), Place::Retakes | Place::Tray);
        let is_anybody_expected = self.station.called().is_some() || *self.station.phase() != Phase::Idle;
        !is_anybody_expected && !self.called.is_in_use() && !lists
    }

    /// What the screen shows of a roster that is read in.
    pub(super) fn roster_view(&self) -> Option<RosterView> {
        let stage = match &self.intake.stage {
            Stage::Shut => return None,
            Stage::Choosing(refused) => RosterStage::Choosing {
                files: self
                    .intake
                    .found
                    .as_ref()
                    .map(|found| found.iter().map(|of| self.file_view(of)).collect()),
                refused: refused.clone(),
            },
            Stage::Reading(file) => RosterStage::Reading(file.name()),
            Stage::Looked(looked) => RosterStage::Looked(Box::new(LookedView {
                name: looked.name.clone(),
                refused: errand::may_take(&self.shown.profile, &looked.report, false)
                    .err()
                    .map(|why| trouble::roster_refused(&why)),
                report: looked.report.clone(),
            })),
            Stage::Taking(_) => RosterStage::Taking,
            Stage::Taken(_) if self.intake.renewal != Renewal::Done => RosterStage::Taking,
            Stage::Taken(report) => RosterStage::Taken(trouble::roster_counts(report, true)),
        };
        let two_must_stand = self.refused(Deed::ImportRoster) == Some(Refused::NeedsSecond);
        Some(RosterView { stage, known: self.roster_len(), two_must_stand })
    }

    fn file_view(&self, found: &RosterFound) -> RosterFileView {
        RosterFileView {
            name: found.file.name(),
            folder: found.file.folder(),
            changed: self.clock.date_and_time(found.changed),
            bytes: found.bytes,
        }
    }

    /// The roster's line of the checkup.
    pub(super) fn roster_line(&self) -> Option<CheckupLine> {
        let title = ("名册", "roster");
        let (profile, students) = (&self.shown.profile, self.roster_len());
        let mend = (errand::wants_roster(profile) && !self.shown.rehearsal).then_some(Mend::Roster);
        if self.intake.is_at_work() {
            return Some(line(Verdict::Look, title, Phrase::new("正在读入…", "being read in …")));
        }
        if let Some(words) = self.troubles.get(&TroubleKind::Roster) {
            return Some(CheckupLine { mend, ..of_words(Verdict::Look, title, words) });
        }
        if students > 0 {
            let said = Phrase::new(format!("{students} 人"), format!("{students} people"));
            return Some(CheckupLine { mend, ..line(Verdict::Good, title, said) });
        }
        let is_needed = profile.job.identified_by.contains(&Identification::Roster);
        match mend {
            None if is_needed => {
                Some(line(Verdict::Good, title, Phrase::new("演练不用", "not needed to rehearse")))
            }
            None => None,
            Some(_) if is_needed => {
                let said = Phrase::new(
                    "这个档案靠名册认人，还没有名册",
                    "this profile knows people by a roster; there is none",
                );
                let remedy = Phrase::new(
                    "把学校给的 .xlsx 或 .csv 放在 U 盘或下载文件夹里，按 M",
                    "put the school's .xlsx or .csv on a stick or into Downloads, and press M",
                );
                Some(CheckupLine { remedy: Some(remedy), mend, ..line(Verdict::Act, title, said) })
            }
            Some(_) => {
                Some(CheckupLine { mend, ..line(Verdict::Good, title, Phrase::new("没有名册", "none")) })
            }
        }
    }
}
