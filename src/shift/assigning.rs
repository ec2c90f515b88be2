//! A stray on its way to a student, in two steps: its original is read and a portrait made of it; then a person who
//! stands for it with name and reason says whose it is.

use super::Shift;
pub use crate::screens::AssignmentStage;
use crate::{
    clerk::{self, Assignment, Owner},
    crew::{ClerkOrder, DarkroomOrder, News},
    portrait::{Decline, Development},
    screens::{PortraitView, Second, Words, trouble},
    shot::{Shot, ShotId},
    station::{Act, NotAnAct, SeenCode, Take, Vouched},
    student::Fingerprint,
};

/// Who stands for giving a stray to a student, and why, as it was typed. No student may be named.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Statement {
    /// Who.
    pub by: String,
    /// Who else, where the profile demands two; else empty, or somebody all the same.
    pub second: String,
    /// Why.
    pub reason: String,
}

impl std::fmt::Debug for Statement {
    /// Never what was typed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Statement(..)")
    }
}

/// A stray on its way to a student.
#[derive(Debug)]
pub(super) struct Assigning {
    shot: ShotId,
    stage: Stage,
    /// The capture codes that it shows.
    witnesses: Vec<SeenCode>,
}

/// Why a stray was not given to anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotGiven {
    /// Nobody stands for it as the profile demands.
    NotAnAct(NotAnAct),
    /// It shows another student's code.
    AnothersCode,
}

/// How far it is.
#[derive(Debug)]
enum Stage {
    Reading,
    Developing(Shot),
    Declined(Decline),
    Judged(Box<Take>),
    Writing(Box<Take>),
    Refused(Words),
    Done(Fingerprint),
}

/// The same, as a screen shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct AssignmentView {
    /// Which stray.
    pub shot: ShotId,
    /// How far it is.
    pub stage: AssignmentStage,
}

impl Shift {
    /// A person wants to give a stray to a student: reads its original and makes a portrait of it. Another stray that was
    /// on its way is left where it is, unless it is being written just now.
    pub fn propose_assignment(&mut self, shot: ShotId) {
        if self.is_assigning() {
            return;
        }
        self.tray.assigning = Some(Assigning { shot, stage: Stage::Reading, witnesses: vec![] });
        self.clerk.push(ClerkOrder::Fetch(shot));
        self.hand_over();
    }

    /// A person says whose the stray is, and stands for it. Nothing happens unless its portrait may be kept; and where a
    /// second person must show a passphrase, not before he [has](Self::second_stands).
    ///
    /// # Errors
    /// When it shows another student's code, or nobody stands for it as the profile demands; then it can be said again.
    pub fn confirm_assignment(&mut self, owner: Owner, said: &Statement) -> Result<(), NotGiven> {
        if self.second_for_strays() != Second::Unlocks {
            let vouched = self.vouched(&owner, said)?;
            self.give(owner, vouched);
            return Ok(());
        }
        // Whoever comes is not called for nothing.
        self.speaks_for(&owner, said)?;
        if self.may_be_given() {
            self.give_before_second(owner, said.clone());
        }
        Ok(())
    }

    /// Whether there is a portrait, and it may be kept.
    fn may_be_given(&self) -> bool {
        let assigning = self.tray.assigning.as_ref();
        assigning.is_some_and(|it| matches!(&it.stage, Stage::Judged(take) if take.portrait.is_acceptable()))
    }

    /// Gives the stray on its way, if its portrait may be kept.
    pub(super) fn give(&mut self, owner: Owner, vouched: Vouched) {
        if !self.may_be_given() {
            return;
        }
        let Some(Assigning { stage, .. }) = &mut self.tray.assigning else { return };
        let Stage::Judged(take) = stage else { return };
        let (take, spare) = (take.clone(), self.station.reserve_sitting());
        let assignment = Assignment { take: Take::clone(&take), owner, spare, vouched };
        *stage = Stage::Writing(take);
        self.clerk.push(ClerkOrder::Assign(self.clock.now(), Box::new(assignment)));
        self.hand_over();
    }

    /// Who stands for it: two, where the profile demands two.
    pub(super) fn vouched(&self, owner: &Owner, said: &Statement) -> Result<Vouched, NotGiven> {
        let (act, four_eyes) = (self.speaks_for(owner, said)?, self.shown.profile.strays.four_eyes);
        Vouched::new(act, &said.second, four_eyes).map_err(NotGiven::NotAnAct)
    }

    fn speaks_for(&self, owner: &Owner, said: &Statement) -> Result<Act, NotGiven> {
        if self.shows_another(owner) {
            return Err(NotGiven::AnothersCode);
        }
        Act::new(&said.by, &said.reason).map_err(NotGiven::NotAnAct)
    }

    /// Whether the stray on its way shows the code of somebody else than this. Where nobody knows the code of whom it
    /// is for, any that it shows may be another's.
    pub(super) fn shows_another(&self, owner: &Owner) -> bool {
        let witnesses = self.tray.assigning.as_ref().map_or(&[][..], |assigning| &assigning.witnesses);
        let his = match owner {
            Owner::Student(seen) => Some(seen.clone()),
            Owner::Sitting(sitting) => self.who_sat(*sitting),
        };
        his.map_or(!witnesses.is_empty(), |his| {
            self.station.speaks_against(&self.station.as_known(his), witnesses)
        })
    }

    /// The person gives up: the shot stays the stray it is. What is being written is written.
    pub fn leave_assignment(&mut self) {
        if !self.is_assigning() {
            self.tray.assigning = None;
        }
    }

    /// The stray on its way to a student, if there is one.
    #[must_use]
    pub fn assignment(&self) -> Option<AssignmentView> {
        let Assigning { shot, stage, .. } = self.tray.assigning.as_ref()?;
        let stage = match stage {
            Stage::Reading | Stage::Developing(_) => AssignmentStage::Working,
            Stage::Declined(why) => AssignmentStage::Refused(trouble::declined_stray(why)),
            Stage::Judged(take) => {
                AssignmentStage::Judged(PortraitView::of(&take.portrait, 0.0), take.portrait.is_acceptable())
            }
            Stage::Writing(_) => AssignmentStage::Writing,
            Stage::Refused(words) => AssignmentStage::Refused(words.clone()),
            Stage::Done(fingerprint) => AssignmentStage::Done(fingerprint.clone()),
        };
        Some(AssignmentView { shot: *shot, stage })
    }

    /// Whether one is being written just now.
    pub(super) fn is_assigning(&self) -> bool {
        self.tray.assigning.as_ref().is_some_and(|assigning| matches!(assigning.stage, Stage::Writing(_)))
    }

    /// What the clerk says of strays.
    pub(super) fn stray_news(&mut self, news: News) {
        match (news, &mut self.tray.assigning) {
            (News::Fetched(shot), Some(Assigning { shot: wanted, stage, .. })) if shot.id == *wanted => {
                *stage = Stage::Developing(shot.clone());
                self.darkroom.push(DarkroomOrder::Develop(shot));
            }
            (News::NotAssigned(id, err), Some(Assigning { shot, stage, .. })) if id == *shot => {
                let words = trouble::clerk(&err);
                // What was judged can be said again: of somebody else, or when there is room on the disk.
                *stage = match std::mem::replace(stage, Stage::Reading) {
                    Stage::Writing(take) => Stage::Judged(take),
                    Stage::Reading
                    | Stage::Developing(_)
                    | Stage::Declined(_)
                    | Stage::Judged(_)
                    | Stage::Refused(_)
                    | Stage::Done(_) => Stage::Refused(words.clone()),
                };
                self.stray_refused(id, &words);
                self.notice(words);
            }
            (News::Assigned(id, code), assigning) => {
                if let Some(assigning) = assigning.as_mut().filter(|assigning| assigning.shot == id) {
                    assigning.stage = Stage::Done(code.fingerprint());
                }
                self.intake.disturb();
                self.station.note_kept(clerk::known_by(&code, &self.shown.profile, &self.called.people));
            }
            // What nobody asks about any more.
            _ => {}
        }
    }

    /// The darkroom is done with a shot, in which it saw these codes: gives it back unless it is the stray that waits for
    /// it.
    pub(super) fn develop_stray(
        &mut self,
        id: ShotId,
        development: Development,
        seen: &[SeenCode],
    ) -> Option<Development> {
        let waiting = self.tray.assigning.as_mut().filter(|assigning| assigning.shot == id);
        let Some(Assigning { stage, witnesses, .. }) = waiting else { return Some(development) };
        let Stage::Developing(shot) = stage else { return Some(development) };
        *witnesses = seen.to_vec();
        *stage = match development.outcome {
            Ok(portrait) => Stage::Judged(Box::new(Take::of(shot.clone(), portrait))),
            Err(why) => Stage::Declined(why),
        };
        None
    }
}
