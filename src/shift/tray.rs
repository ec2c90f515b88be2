//! 未归属 of a shift: what the tray's screen asks for, and what it shows. Who is given what is decided in
//! [`assigning`](super::assigning), on a person's word.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    Shift, Statement,
    assigning::{Assigning, AssignmentStage, NotGiven},
    day::when,
};
use crate::{
    clerk::{self, Owner},
    crew::{CourierOrder, TrayOrder, TrayTold},
    keys::Deed,
    ledger::{Candidate, Double, SittingNote, StrayNote, Tally},
    portrait::Decline,
    screens::{
        Album, CandidateSeat, CardView, DoublePortrait, DoubleView, OpenedView, StrayView, TrayAsk, TrayView,
        Who, Words, trouble,
    },
    shot::{Moment, ShotId, SittingId},
    station::SeenCode,
    student::CaptureCode,
};

/// What is known of the tray, and what is done with what lies in it.
#[derive(Debug, Default)]
pub(super) struct Tray {
    /// What the counts were when it was read last.
    read_for: Option<Tally>,
    /// Newest first.
    notes: Vec<StrayNote>,
    strays: Option<Arc<[StrayView]>>,
    doubles: Option<Arc<[DoubleView]>>,
    trouble: Option<Words>,
    opened: Option<Opened>,
    /// A stray on its way to a student.
    pub(super) assigning: Option<Assigning>,
    album: Arc<Album>,
}

/// A stray somebody looks at.
#[derive(Debug)]
struct Opened {
    note: StrayNote,
    stray: StrayView,
    candidates: Option<Arc<[CandidateSeat]>>,
    /// Who sat at each of them.
    codes: BTreeMap<SittingId, CaptureCode>,
    chosen: Option<SittingId>,
    refusal: Option<Words>,
}

impl Shift {
    /// What the operator asked for at the tray.
    pub fn tray_asks(&mut self, ask: TrayAsk) {
        match ask {
            TrayAsk::Look => self.look_into_tray(),
            TrayAsk::Open(shot) => self.open_stray(shot),
            TrayAsk::Choose(sitting) => self.choose_sitting(sitting),
            TrayAsk::Unchoose => self.unchoose(),
            TrayAsk::Confirm { by, second, reason } => {
                if self.may(Deed::Again) {
                    self.confirm_stray(&Statement { by, second, reason });
                }
            }
            TrayAsk::Close => {
                self.unchoose();
                if !self.is_assigning() {
                    self.tray.opened = None;
                }
            }
            TrayAsk::Print(object, longest) => {
                if Arc::make_mut(&mut self.tray.album).await_print() {
                    self.day.order(CourierOrder::Tray(TrayOrder::Print(object, longest)));
                }
            }
        }
    }

    /// Something happened since it was looked into: whoever was offered may have a portrait by now.
    fn look_into_tray(&mut self) {
        self.tray.read_for = Some(self.shown.tally);
        self.day.order(CourierOrder::Tray(TrayOrder::Look));
        if let Some(opened) = &self.tray.opened {
            self.day.order(CourierOrder::Tray(TrayOrder::Candidates(Box::new(opened.note.clone()))));
        }
    }

    fn open_stray(&mut self, shot: ShotId) {
        let Some(note) = self.tray.notes.iter().find(|note| note.shot == shot) else { return };
        if self.is_assigning() {
            return;
        }
        let (note, stray) = (note.clone(), self.stray_view(note));
        self.leave_assignment();
        self.day.order(CourierOrder::Tray(TrayOrder::Candidates(Box::new(note.clone()))));
        self.tray.opened = Some(Opened {
            note,
            stray,
            candidates: None,
            codes: BTreeMap::new(),
            chosen: None,
            refusal: None,
        });
    }

    /// A person thinks it may be his: a portrait is made, to be looked at. Nothing is given yet.
    fn choose_sitting(&mut self, sitting: SittingId) {
        if self.is_assigning() {
            return;
        }
        let Some(opened) = &mut self.tray.opened else { return };
        let is_offered = |seats: &Arc<[CandidateSeat]>| seats.iter().any(|seat| seat.sitting == sitting);
        if !opened.candidates.as_ref().is_some_and(is_offered) {
            return;
        }
        (opened.chosen, opened.refusal) = (Some(sitting), None);
        let shot = opened.stray.shot;
        self.propose_assignment(shot);
    }

    fn unchoose(&mut self) {
        if self.is_assigning() {
            return;
        }
        self.leave_assignment();
        if let Some(opened) = &mut self.tray.opened {
            (opened.chosen, opened.refusal) = (None, None);
        }
    }

    fn confirm_stray(&mut self, said: &Statement) {
        let Some(Opened { stray, chosen: Some(sitting), .. }) = &self.tray.opened else { return };
        let (shot, owner) = (stray.shot, Owner::Sitting(*sitting));
        // A portrait of another stray is nobody's to give here.
        if self.assignment().is_none_or(|assignment| assignment.shot != shot) {
            return;
        }
        let refusal = self.confirm_assignment(owner, said).err().map(not_given);
        if let Some(opened) = &mut self.tray.opened {
            opened.refusal = refusal;
        }
    }

    /// How far a stray is; one whose picture shows another student's code is not offered to whoever is chosen.
    fn unless_anothers(&self, opened: &Opened, stage: AssignmentStage) -> AssignmentStage {
        let is_judged = matches!(stage, AssignmentStage::Judged(..));
        match opened.chosen {
            Some(chosen) if is_judged && self.shows_another(&Owner::Sitting(chosen)) => {
                AssignmentStage::Refused(trouble::declined_stray(&Decline::AnothersCode))
            }
            _ => stage,
        }
    }

    /// Who sat at one of the sittings that are offered for the stray somebody looks at.
    pub(super) fn who_sat(&self, sitting: SittingId) -> Option<SeenCode> {
        let code = self.tray.opened.as_ref()?.codes.get(&sitting)?;
        Some(clerk::known_by(code, &self.shown.profile, &self.called.people))
    }

    /// The clerk did not give a stray to anybody: the screen says why.
    pub(super) fn stray_refused(&mut self, shot: ShotId, words: &Words) {
        if let Some(opened) = self.tray.opened.as_mut().filter(|opened| opened.stray.shot == shot) {
            opened.refusal = Some(words.clone());
        }
    }

    /// What the courier tells of the tray.
    pub(super) fn tray_told(&mut self, told: TrayTold) {
        match told {
            TrayTold::Looked(Ok((mut notes, doubles))) => {
                notes.reverse();
                self.tray.strays = Some(notes.iter().map(|note| self.stray_view(note)).collect());
                self.tray.doubles = Some(doubles.iter().map(|double| self.double_view(double)).collect());
                (self.tray.notes, self.tray.trouble) = (notes, None);
            }
            TrayTold::Candidates(shot, Ok(candidates)) => {
                let seats: Vec<_> = candidates.iter().map(|candidate| self.seat_view(candidate)).collect();
                if let Some(opened) = self.tray.opened.as_mut().filter(|opened| opened.stray.shot == shot) {
                    let code_of = |candidate: &Candidate| (candidate.sitting.id, candidate.code.clone());
                    opened.codes = candidates.iter().map(code_of).collect();
                    opened.candidates = Some(in_their_places(opened.candidates.as_deref(), seats));
                }
            }
            TrayTold::Looked(Err(err)) | TrayTold::Candidates(_, Err(err)) => {
                self.tray.trouble = Some(trouble::ledger(&err));
            }
        }
    }

    /// Takes the picture that was asked for; says whether there was one.
    pub(super) fn take_print(&mut self) -> bool {
        let Some(print) = self.day.print() else { return false };
        let picture = print.picture.map(Arc::new);
        Arc::make_mut(&mut self.tray.album).hold(print.object, print.longest, picture);
        true
    }

    /// What the tray's screen shows.
    pub(super) fn tray_view(&self) -> TrayView {
        let tray = &self.tray;
        let opened = tray.opened.as_ref().map(|opened| {
            let assignment = self.assignment().filter(|assignment| assignment.shot == opened.stray.shot);
            OpenedView {
                stray: opened.stray.clone(),
                candidates: opened.candidates.clone(),
                chosen: opened.chosen,
                proposal: assignment.map(|assignment| self.unless_anothers(opened, assignment.stage)),
                refusal: opened.refusal.clone(),
            }
        });
        TrayView {
            is_stale: tray.read_for != Some(self.shown.tally),
            strays: tray.strays.clone(),
            doubles: tray.doubles.clone(),
            opened,
            album: Arc::clone(&tray.album),
            trouble: tray.trouble.clone(),
            second: self.second_for_strays(),
        }
    }

    fn stray_view(&self, note: &StrayNote) -> StrayView {
        StrayView {
            shot: note.shot,
            object: note.object,
            when: when(&self.clock, note.exposed.latest),
            is_dated: note.is_dated(),
            trigger: note.trigger,
            disowned: note.disowned.as_ref().map(|(_, reason)| reason.clone()),
        }
    }

    fn seat_view(&self, candidate: &Candidate) -> CandidateSeat {
        let SittingNote { id, since, ended, .. } = candidate.sitting;
        CandidateSeat {
            sitting: id,
            who: self.who(&candidate.code),
            from: self.time(since),
            to: ended.map(|ended| self.time(ended)),
            away_ms: candidate.away_ms,
            ending: candidate.sitting.ending.clone(),
            portrait: candidate.portrait,
            disowned: candidate.disowned,
        }
    }

    fn double_view(&self, double: &Double) -> DoubleView {
        let portraits = double.portraits.iter().map(|(sitting, kept)| DoublePortrait {
            object: kept.row.object,
            sitting: sitting.id,
            when: when(&self.clock, sitting.since),
            retake: sitting.retake,
            current: kept.current,
        });
        DoubleView { who: self.who(&double.code), portraits: portraits.collect() }
    }

    /// Whom a code speaks of, as the roster or the code itself has him, masked.
    fn who(&self, code: &CaptureCode) -> Who {
        let known = clerk::known_by(code, &self.shown.profile, &self.called.people);
        Who { fingerprint: code.fingerprint(), card: CardView::of(&known.bearer, &self.shown.profile) }
    }

    /// To the minute, with the date where it is another day's.
    fn time(&self, at: Moment) -> String {
        when(&self.clock, at)
    }
}

/// What was found anew, in the places where it stands already: no number leads to somebody else under the operator's
/// finger. Whoever is new stands last.
fn in_their_places(before: Option<&[CandidateSeat]>, found: Vec<CandidateSeat>) -> Arc<[CandidateSeat]> {
    let mut found = found;
    let before = before.unwrap_or_default();
    let place = |seat: &CandidateSeat| before.iter().position(|old| old.sitting == seat.sitting);
    found.sort_by_key(|seat| place(seat).unwrap_or(usize::MAX));
    found.into()
}

/// Why a stray was not given to anybody, in words.
pub(super) fn not_given(why: NotGiven) -> Words {
    match why {
        NotGiven::NotAnAct(lacks) => trouble::not_an_act(lacks),
        NotGiven::AnothersCode => trouble::declined_stray(&Decline::AnothersCode),
    }
}
