//! The station's promise: nobody gets another student's portrait, no file is dropped, nothing is kept twice.
//!
//! Every story of up to nine moves is played, and long random ones beyond. The mutants at the end are the same
//! station with one rule broken; both ways must catch each of them, or this chapter has lost its teeth.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use caiying::{
    language::Phrase,
    portrait::{Answer, Finding, Portrait, Verdict},
    profile::NotACode,
    shot::{Exposure, Moment, Shot, ShotId, SittingId, Trigger},
    station::{
        Duty, Effect, Event, Expected, Fact, Gate, Next, Phase, Refusal, Register, Rules, SeenCode, Sitting,
        Station, Wish, Word,
    },
    student::{Badge, Bearer, CaptureCode, Source, StudentKey},
};
use proptest::prelude::*;

use crate::world::{at, decline, portrait, shot};

/// What the outside world does next.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Move {
    /// A student holds a code before the webcam.
    Scan(u8),
    /// He holds up the code he downloaded again: another time stamp, the same student.
    ScanDownloadedAgain(u8),
    /// He holds up the code of his other enrolment.
    ScanOtherEnrolment(u8),
    /// Somebody holds up a code of another school.
    ScanStranger,
    /// Two phones are in view.
    TwoCodes,
    /// Somebody holds up a payment code.
    NotACode,
    /// The phone is put away.
    PutAway,
    /// A student is called by name: from the roster, or by a card.
    Call(u8),
    Ask(Wish),
    /// The oldest file still in the camera arrives.
    FileArrives,
    /// The photographer presses the button on the body; the file waits in the camera.
    PressButton,
    /// The same with a camera that cannot tell the time.
    PressTimeless,
    /// The camera says that it could not fire, or lost what it fired.
    CameraFails,
    /// The darkroom finishes its oldest job.
    DarkroomFinishes {
        good: bool,
    },
    /// The clerk answers the oldest order to keep.
    ClerkAnswers {
        filed: bool,
    },
    /// In the oldest shot that is in the darkroom this code can be read.
    DarkroomReads(u8),
}

/// A station that may think wrongly.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Mind {
    Sound,
    /// `Sitting::owns` believes that what arrives now was taken now.
    TrustsArrival,
    /// `Sitting::owns` does not look for whom the station fired.
    TrustsAnyTrigger,
    /// A late result of the darkroom is taken for the one that is waited for.
    TrustsLateResults,
    /// A late failure of the darkroom is taken for that of the shot that is waited for.
    TrustsLateFailures,
    /// That the camera failed, or what it fired came, is heard only while a shot is waited for.
    ForgetsTheShutter,
    /// What a code says of its school and person is not looked at.
    IgnoresTheBadge,
    /// Each download of a code is taken for another student.
    TrustsTheBytes,
    /// Of two codes in view one is taken.
    TakesOneOfTwo,
    /// A code in the shot itself is not looked at.
    IgnoresTheWitness,
    /// Whoever was expected is seated as soon as the chair is free.
    SeatsWhoIsExpected,
    /// Whoever once showed a code is expected for ever.
    ExpectsForEver,
    /// Whoever was called while another one sat is seated as soon as the chair is free.
    SeatsWhoWasCalled,
    /// Whoever is called takes the chair from who sits there.
    CallsIntoATakenChair,
    /// A code that is held up goes before who was called.
    CodesGoFirst,
    /// A code that is shown takes the place of who was called.
    CodesTakePlaces,
}

/// Mutants of the line before the chair.
const LINE_MINDS: [Mind; 6] = [
    Mind::SeatsWhoIsExpected,
    Mind::ExpectsForEver,
    Mind::SeatsWhoWasCalled,
    Mind::CallsIntoATakenChair,
    Mind::CodesGoFirst,
    Mind::CodesTakePlaces,
];

/// Mutants that only the queue before the webcam brings to light.
const GATE_MINDS: [Mind; 3] = [Mind::IgnoresTheBadge, Mind::TrustsTheBytes, Mind::TakesOneOfTwo];

/// For how long the next one is expected, in seconds, of which every move takes one.
const WAITS_S: u32 = 3;

/// Who is of another school.
const STRANGER: u8 = 9;
const SCHOOL: &str = "10001";

/// What the reader and the decoders make of a code: `record` is the enrolment, `n` the person.
fn seen(n: u8, record: &str, stamp: u8) -> SeenCode {
    let code: caiying::student::CaptureCode = format!("CODE-{n}{record}/{stamp}").parse().unwrap();
    let key = StudentKey::of_code(&format!("RECORD-{n}{record}").parse().unwrap());
    let school = if n == STRANGER { "10002" } else { SCHOOL };
    let badge = Badge {
        masked_name: Some(format!("张*{n}")),
        last_four: Some(format!("000{n}")),
        school_code: Some(school.to_owned()),
        ..Badge::default()
    };
    SeenCode { code, bearer: Bearer { key, badge: Some(badge) } }
}

impl Mind {
    /// What a broken mind decides by itself where a person is asked.
    fn jumps_to(self, phase: &Phase, is_held_up: bool) -> Option<Wish> {
        let Phase::Awaited(expected) = phase else { return None };
        match self {
            Self::SeatsWhoIsExpected => Some(Wish::Seat),
            Self::SeatsWhoWasCalled => expected.by_name.then_some(Wish::Seat),
            Self::CodesGoFirst => (expected.by_name && is_held_up).then_some(Wish::Dismiss),
            _ => None,
        }
    }

    /// What a broken mind makes of an event before the sound station sees it.
    fn distort(self, station: &Station, now: Moment, event: Event) -> Event {
        let sitting = station.phase().sitting();
        match (self, event) {
            (Self::TrustsArrival, Event::Exposed(shot)) => {
                Event::Exposed(Shot { exposed: Exposure::exactly(now), ..shot })
            }
            (Self::TrustsAnyTrigger, Event::Exposed(mut shot)) => {
                if let (Trigger::Station(_), Some(sitting)) = (shot.trigger, sitting) {
                    shot.trigger = Trigger::Station(sitting.id);
                    shot.exposed = Exposure::exactly(now);
                }
                Event::Exposed(shot)
            }
            (Self::TrustsLateResults, Event::Developed(id, portrait)) => match station.phase() {
                Phase::Shot(_, shot) => Event::Developed(shot.id, portrait),
                _ => Event::Developed(id, portrait),
            },
            (Self::TrustsLateFailures, Event::Spoilt(id, why)) => match station.phase() {
                Phase::Shot(_, shot) => Event::Spoilt(shot.id, why),
                _ => Event::Spoilt(id, why),
            },
            (Self::ForgetsTheShutter, Event::Exposed(mut shot)) if busy(station.phase()) => {
                shot.trigger = Trigger::Body;
                Event::Exposed(shot)
            }
            (Self::IgnoresTheBadge, Event::CodeSeen(mut seen)) => {
                seen.bearer.badge = None;
                Event::CodeSeen(seen)
            }
            (Self::TrustsTheBytes, Event::CodeSeen(mut seen)) => {
                seen.bearer.key = StudentKey::of_code(&seen.code);
                // The badge would still give him away, but not to whoever believes that bytes are a person.
                seen.bearer.badge = seen.bearer.badge.map(|badge| Badge { last_four: None, ..badge });
                Event::CodeSeen(seen)
            }
            (Self::TakesOneOfTwo, Event::TwoCodes) => Event::CodeSeen(seen(1, "", 0)),
            (Self::CodesTakePlaces, Event::CodeSeen(seen)) if station.called().is_some() => {
                Event::Named(seen)
            }
            (Self::IgnoresTheWitness, Event::Witnessed(id, _)) => Event::Witnessed(id, vec![]),
            (_, event) => event,
        }
    }
}

/// Somebody sits and a shot of his is looked at.
fn busy(phase: &Phase) -> bool {
    matches!(phase, Phase::Shot(..) | Phase::Reviewing(..) | Phase::Queueing(..))
}

/// What waits in the camera: number, trigger, exposure.
type InCamera = (ShotId, Trigger, Exposure);

/// Plays moves against a station and remembers who truly stood before the lens at each exposure.
#[derive(Debug, Clone, PartialEq)]
struct World {
    mind: Mind,
    /// For how long the next one is expected, in seconds.
    waits_s: u32,
    station: Station,
    in_camera: Vec<InCamera>,
    in_darkroom: Vec<ShotId>,
    /// Orders to keep that the clerk has not answered: sitting, student, shot of the portrait.
    at_clerk: Vec<(SittingId, u8, ShotId)>,
    /// Who stood before the lens, by shot number from 1 on.
    before_lens: Vec<Option<u8>>,
    seated: Option<u8>,
    /// What the clerk filed.
    filed: Vec<(SittingId, u8, ShotId)>,
    /// Shots in which another code than that of whoever sat could be read.
    spoken_against: Vec<ShotId>,
    /// Shots that were fired while it was doubted who sits.
    doubtful: Vec<ShotId>,
    /// Shots that were called of no use, and for which student.
    declined: Vec<(u8, ShotId)>,
    /// What the screen called saved.
    green: u32,
    /// Sittings that began on the operator's word.
    by_word: BTreeSet<SittingId>,
    /// Somebody sat down while nobody could say whose turn it was.
    guessed: bool,
    /// What is held before the webcam.
    in_view: Option<SeenCode>,
    /// The last code that was shown while somebody else sat, and when it was seen last.
    shown: Option<(SeenCode, i64)>,
    /// Who was called last, until he sits or is sent away.
    called: Option<SeenCode>,
    /// What was wrong with how somebody was seated or asked about.
    uninvited: Option<String>,
    arrived: u32,
    shelved: u32,
    second: i64,
}

impl World {
    fn new(mind: Mind) -> Self {
        Self::expecting(mind, WAITS_S)
    }

    fn expecting(mind: Mind, waits_s: u32) -> Self {
        Self {
            mind,
            waits_s,
            station: Station::at_work(
                SittingId(1),
                Rules {
                    school_code: Some(SCHOOL.to_owned()),
                    next_waits_s: if mind == Mind::ExpectsForEver { 1000 } else { waits_s },
                    ..Rules::default()
                },
                Register::default(),
            ),
            in_camera: vec![],
            in_darkroom: vec![],
            at_clerk: vec![],
            before_lens: vec![],
            seated: None,
            filed: vec![],
            spoken_against: vec![],
            doubtful: vec![],
            declined: vec![],
            green: 0,
            by_word: BTreeSet::new(),
            guessed: false,
            in_view: None,
            shown: None,
            called: None,
            uninvited: None,
            arrived: 0,
            shelved: 0,
            second: 0,
        }
    }

    fn play(&mut self, step: Move) {
        self.second += 1;
        match step {
            Move::Scan(n) => self.tell(Event::CodeSeen(seen(n, "", 0))),
            Move::ScanDownloadedAgain(n) => self.tell(Event::CodeSeen(seen(n, "", 1))),
            Move::ScanOtherEnrolment(n) => self.tell(Event::CodeSeen(seen(n, "+", 0))),
            Move::ScanStranger => self.tell(Event::CodeSeen(seen(STRANGER, "", 0))),
            Move::TwoCodes => self.see_nobody(Event::TwoCodes),
            Move::NotACode => self.see_nobody(Event::NotACode(NotACode::Unknown)),
            Move::PutAway => self.tell(Event::CodeGone),
            Move::Call(n) => {
                self.tell(Event::Named(called(n)));
            }
            Move::Ask(wish) => self.tell(Event::Wished(wish)),
            Move::PressButton => self.expose(Trigger::Body, Exposure::exactly(at(self.second))),
            Move::PressTimeless => {
                self.expose(Trigger::Body, Exposure::some_time_before(at(self.second)));
            }
            Move::FileArrives => {
                if !self.in_camera.is_empty() {
                    let (id, trigger, exposed) = self.in_camera.remove(0);
                    self.arrived += 1;
                    self.tell(Event::Exposed(Shot { exposed, ..shot(id.0, trigger, 0) }));
                }
            }
            Move::CameraFails => {
                if let Some(sitting) = self.station.phase().sitting().map(|sitting| sitting.id) {
                    self.tell(Event::NotFired(sitting));
                }
            }
            Move::DarkroomFinishes { good } => {
                if !self.in_darkroom.is_empty() {
                    let id = self.in_darkroom.remove(0);
                    let event =
                        if good { Event::Developed(id, portrait(id)) } else { Event::Spoilt(id, decline()) };
                    self.tell(event);
                    if !good {
                        self.note_decline(id);
                    }
                }
            }
            Move::DarkroomReads(n) => {
                if let Some(id) = self.in_darkroom.first().copied() {
                    let sits = matches!(self.station.phase(), Phase::Shot(_, waiting) if waiting.id == id);
                    if sits && self.seated != Some(n) {
                        self.spoken_against.push(id);
                    }
                    self.tell(Event::Witnessed(id, vec![seen(n, "", 0)]));
                }
            }
            Move::ClerkAnswers { filed } => {
                if !self.at_clerk.is_empty() {
                    self.answer(filed);
                }
            }
        }
    }

    fn see_nobody(&mut self, event: Event) {
        let sat = self.sits();
        self.tell(event);
        self.guessed |= self.sits() != sat;
    }

    fn sits(&self) -> Option<SittingId> {
        self.station.phase().sitting().map(|sitting| sitting.id)
    }

    fn answer(&mut self, filed: bool) {
        let (sitting, student, id) = self.at_clerk.remove(0);
        if filed {
            self.filed.push((sitting, student, id));
        }
        let was_queueing = matches!(self.station.phase(), Phase::Queueing(..));
        if was_queueing && filed {
            // The chair is empty from here on, unless this very answer seats the next student.
            self.seated = None;
        }
        self.tell(if filed { Event::Filed(id) } else { Event::NotFiled(id) });
        let is_queueing = matches!(self.station.phase(), Phase::Queueing(..));
        self.green += u32::from(was_queueing && !is_queueing && filed);
    }

    fn expose(&mut self, trigger: Trigger, exposed: Exposure) {
        self.before_lens.push(self.seated);
        if self.station.phase().sitting().is_some_and(Sitting::is_doubted) {
            self.doubtful.push(ShotId(self.before_lens.len() as u64));
        }
        self.in_camera.push((ShotId(self.before_lens.len() as u64), trigger, exposed));
    }

    fn tell(&mut self, event: Event) {
        let now = at(self.second);
        // What was shown too long ago is nothing to anybody any more.
        self.shown = self.shown.take().filter(|(_, when)| self.second - when < i64::from(self.waits_s));
        self.watch_the_webcam(&event);
        self.hear(&event);
        let (truly, before) = (event.clone(), self.station.phase().clone());
        let mut effects = vec![];
        if self.mind == Mind::CallsIntoATakenChair
            && matches!(event, Event::Named(_))
            && self.sits().is_some()
        {
            effects.extend(self.station.step(now, Event::Wished(Wish::Dismiss)));
        }
        let event = self.mind.distort(&self.station, now, event);
        effects.extend(self.station.step(now, event));
        self.question(&before);
        if let Some(wish) = self.mind.jumps_to(self.station.phase(), self.in_view.is_some()) {
            effects.extend(self.station.step(now, Event::Wished(wish)));
        }
        for effect in effects {
            if let Effect::Seat(sitting) = &effect {
                self.admit(&truly, &before, sitting);
                let is_he = |seen: &SeenCode| seen.bearer.key == sitting.bearer.key;
                self.called.take_if(|called| is_he(called));
                // Whoever showed a code is told apart by another one's, not by another one's name.
                let by_code = !matches!(
                    truly,
                    Event::Wished(Wish::Seat | Wish::Retake | Wish::LetIn) | Event::Named(_)
                );
                self.shown.take_if(|(shown, _)| by_code || is_he(shown));
            }
            match effect {
                Effect::Fire(sitting) => {
                    self.expose(Trigger::Station(sitting), Exposure::exactly(now));
                }
                Effect::Develop(shot) => self.in_darkroom.push(shot.id),
                Effect::Shelve { .. } => self.shelved += 1,
                Effect::Keep { sitting, take } => {
                    // The portrait's own bytes say which shot it really shows.
                    let shows = u64::from_le_bytes(take.portrait.jpeg[..8].try_into().unwrap());
                    let student = student(&sitting.code);
                    self.at_clerk.push((sitting.id, student, ShotId(shows)));
                }
                Effect::Seat(sitting) => {
                    self.seated = Some(student(&sitting.code));
                    self.by_word.extend(sitting.retake.then_some(sitting.id));
                }
                Effect::Record(Fact::Dismissed { .. }) => self.seated = None,
                Effect::Record(Fact::LetIn { sitting, .. }) => {
                    self.by_word.insert(sitting);
                }
                Effect::Record(_) => {}
            }
        }
    }

    /// What is truly held up, and by whom it was shown while somebody else sat.
    fn watch_the_webcam(&mut self, event: &Event) {
        let sits = self.station.phase().sitting().map(|sitting| sitting.bearer.key.clone());
        match event {
            Event::CodeSeen(seen) => {
                self.in_view = Some(seen.clone());
                let waits = self.called.as_ref().is_some_and(|called| called.bearer.key != seen.bearer.key);
                if waits || sits.is_some_and(|sits| sits != seen.bearer.key) {
                    self.shown = Some((seen.clone(), self.second));
                }
            }
            Event::CodeGone | Event::TwoCodes | Event::NotACode(_) => {
                let lowered = self.in_view.take();
                if let (Some(lowered), Some((shown, when))) = (lowered, &mut self.shown)
                    && lowered == *shown
                {
                    *when = self.second;
                }
            }
            _ => {}
        }
    }

    /// What a person says of who is called, and of who is asked about.
    fn hear(&mut self, event: &Event) {
        let phase = self.station.phase();
        let asked_about =
            phase.bearer().filter(|_| phase.sitting().is_none()).map(|bearer| bearer.key.clone());
        match event {
            Event::Named(named) => {
                let sits = phase.sitting().is_some_and(|sitting| sitting.bearer.key == named.bearer.key);
                if !sits {
                    self.called = Some(named.clone());
                }
            }
            Event::Wished(Wish::Dismiss) => {
                self.called.take_if(|called| Some(&called.bearer.key) == asked_about.as_ref());
            }
            _ => {}
        }
    }

    /// Who is asked about must be who was called last; or else the last one who showed a code, not long ago, and not who
    /// sat just now.
    fn question(&mut self, before: &Phase) {
        let Phase::Awaited(asked) = self.station.phase() else { return };
        if matches!(before, Phase::Awaited(before) if before == asked) {
            return;
        }
        let sat = before.sitting().is_some_and(|sitting| sitting.bearer.key == asked.seen.bearer.key);
        let told = match (&self.called, asked.by_name) {
            (Some(called), true) => called.code == asked.seen.code,
            (None, false) => self.shown.as_ref().is_some_and(|(shown, _)| shown.code == asked.seen.code),
            (Some(_), false) | (None, true) => false,
        };
        if sat || !told {
            self.uninvited = Some(format!("{} is asked about for nothing", student(&asked.seen.code)));
        }
    }

    /// Whoever sits down was named for an empty chair, or shows his code while nobody else is called, or a person has
    /// just said of him that it is he.
    fn admit(&mut self, truly: &Event, before: &Phase, sitting: &Sitting) {
        let is_called = self.called.as_ref().is_none_or(|called| called.bearer.key == sitting.bearer.key);
        let shows = is_called && self.in_view.as_ref().is_some_and(|seen| seen.code == sitting.code);
        let said = match truly {
            Event::Wished(Wish::Seat | Wish::Retake | Wish::LetIn) => before.code() == Some(&sitting.code),
            Event::Named(named) => named.code == sitting.code && !is_taken(before, named),
            _ => false,
        };
        if !shows && !said {
            self.uninvited = Some(format!("{} sits, and nobody asked him to", student(&sitting.code)));
        }
    }

    /// After the darkroom failed over a shot: whether the screen says so of whoever sits.
    fn note_decline(&mut self, id: ShotId) {
        let sitting = self.station.phase().sitting().filter(|sitting| sitting.declined.is_some());
        if let Some(sitting) = sitting {
            self.declined.push((student(&sitting.code), id));
        }
    }

    /// A number that equal worlds share, and few others: what differs between most of them.
    fn sketch(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let phase = self.station.phase();
        std::mem::discriminant(phase).hash(&mut hasher);
        self.shown.as_ref().map(|(shown, when)| (&shown.code, when)).hash(&mut hasher);
        self.called.as_ref().map(|called| &called.code).hash(&mut hasher);
        let sitting = phase.sitting();
        (sitting.map(|sitting| (sitting.id.0, sitting.since.0, sitting.takes, sitting.fired)))
            .hash(&mut hasher);
        (
            phase.code(),
            &self.in_view.as_ref().map(|seen| &seen.code),
            self.seated,
            &self.by_word,
            &self.before_lens,
        )
            .hash(&mut hasher);
        for (id, trigger, exposed) in &self.in_camera {
            (id.0, format!("{trigger:?}"), exposed.earliest.0).hash(&mut hasher);
        }
        let numbers = |ids: &[ShotId]| ids.iter().map(|id| id.0).collect::<Vec<_>>();
        (numbers(&self.in_darkroom), self.filed.len(), self.at_clerk.len(), self.declined.len())
            .hash(&mut hasher);
        (self.arrived, self.shelved, self.green).hash(&mut hasher);
        hasher.finish()
    }

    /// What is wrong with the world, if anything is.
    fn broken(&self) -> Option<String> {
        let ordered = self.filed.iter().chain(&self.at_clerk);
        for (_, student, shot) in ordered {
            let stood = self.before_lens.get(shot.0 as usize - 1).copied().flatten();
            if stood != Some(*student) {
                return Some(format!("{student} gets shot {shot:?}, which shows {stood:?}"));
            }
            if self.spoken_against.contains(shot) || self.doubtful.contains(shot) {
                return Some(format!("{student} gets shot {shot:?}, which may show somebody else"));
            }
        }
        for (place, (sitting, _, shot)) in self.filed.iter().enumerate() {
            if self.filed[..place].iter().any(|(other, _, same)| other == sitting || same == shot) {
                return Some(format!("{sitting:?} or {shot:?} is filed twice"));
            }
        }
        if let Some(sitting) = self.station.phase().sitting() {
            let who = student(&sitting.code);
            let was_kept =
                self.filed.iter().any(|(other, student, _)| *student == who && *other != sitting.id);
            if was_kept && !self.by_word.contains(&sitting.id) {
                return Some(format!("{who} sits again, and nobody said that he may"));
            }
            if who == STRANGER || self.guessed {
                return Some(format!("{who} sits: of another school, or one of two in view"));
            }
        }
        if let Some(fault) = &self.uninvited {
            return Some(fault.clone());
        }
        if let Some(called) = &self.called {
            let is_he = |bearer: &Bearer| bearer.key == called.bearer.key;
            let waits = self.station.line(at(self.second)).iter().any(|next| is_he(&next.seen.bearer));
            if !waits && !self.station.phase().bearer().is_some_and(is_he) {
                return Some(format!("{} was called, and nobody thinks of him", student(&called.code)));
            }
        }
        for (student, shot) in &self.declined {
            if self.before_lens[shot.0 as usize - 1] != Some(*student) {
                return Some(format!(
                    "{student} is asked to sit again for {shot:?}, which does not show him"
                ));
            }
        }
        if let Some(sitting) = self.station.phase().sitting().filter(|sitting| sitting.fired) {
            let on_its_way = |(_, trigger, _): &InCamera| *trigger == Trigger::Station(sitting.id);
            if !self.in_camera.iter().any(on_its_way) {
                return Some(format!("{:?} waits for a shot that is not on its way", sitting.id));
            }
        }
        if self.arrived != self.shelved {
            return Some(format!("{} files arrived, {} were shelved", self.arrived, self.shelved));
        }
        if self.green as usize > self.filed.len() {
            return Some(format!("{} were called saved, {} are", self.green, self.filed.len()));
        }
        None
    }
}

/// Whether somebody else sits, or may sit because he was called.
fn is_taken(phase: &Phase, named: &SeenCode) -> bool {
    match phase {
        Phase::Awaited(expected) => expected.by_name && expected.seen.bearer.key != named.bearer.key,
        phase => phase.sitting().is_some(),
    }
}

/// A student who is called by name.
fn called(n: u8) -> SeenCode {
    let code = CaptureCode::of_number(&n.to_string());
    SeenCode { bearer: Bearer { key: StudentKey::of_code(&code), ..seen(n, "", 0).bearer }, code }
}

fn student(code: &CaptureCode) -> u8 {
    if code.source() == Source::Number {
        return (0..=STRANGER).find(|n| *code == called(*n).code).unwrap();
    }
    code.expose().trim_start_matches("CODE-")[..1].parse().unwrap()
}

/// Students behave; the camera, the darkroom and the disk fail.
const MACHINES_FAIL: &[Move] = &[
    Move::Scan(0),
    Move::Scan(1),
    Move::PutAway,
    Move::Ask(Wish::Fire),
    Move::Ask(Wish::Keep),
    Move::Ask(Wish::Again),
    Move::Ask(Wish::Dismiss),
    Move::Ask(Wish::Retake),
    Move::Ask(Wish::Seat),
    Move::FileArrives,
    Move::PressButton,
    Move::CameraFails,
    Move::DarkroomFinishes { good: true },
    Move::DarkroomFinishes { good: false },
    Move::ClerkAnswers { filed: true },
    Move::ClerkAnswers { filed: false },
    Move::DarkroomReads(1),
    Move::Call(1),
];

/// The machines work; before the webcam there is a crowd.
const PEOPLE_CROWD: &[Move] = &[
    Move::Scan(0),
    Move::Scan(1),
    Move::ScanDownloadedAgain(0),
    Move::ScanOtherEnrolment(0),
    Move::ScanStranger,
    Move::TwoCodes,
    Move::NotACode,
    Move::PutAway,
    Move::Call(1),
    Move::Ask(Wish::Fire),
    Move::Ask(Wish::Keep),
    Move::Ask(Wish::Dismiss),
    Move::Ask(Wish::Retake),
    Move::Ask(Wish::LetIn),
    Move::Ask(Wish::Seat),
    Move::FileArrives,
    Move::DarkroomFinishes { good: true },
    Move::ClerkAnswers { filed: true },
];

/// Every story of up to `length` of these moves: two students, one camera, one darkroom. Stories that have led to the
/// very same world go on as one, because all that can follow is the same. Counts the worlds, or returns the first story
/// that breaks the promise.
fn walk(mind: Mind, moves: &[Move], length: usize) -> Result<usize, (Vec<Move>, String)> {
    let mut worlds = vec![(World::new(mind), vec![])];
    let mut count = 1;
    for _ in 1..length {
        let mut next: Vec<(World, Vec<Move>)> = Vec::new();
        let mut places: HashMap<u64, Vec<usize>> = HashMap::new();
        for (world, story) in &worlds {
            for step in moves {
                let mut after = world.clone();
                after.play(*step);
                let same = places.entry(after.sketch()).or_default();
                if same.iter().any(|place| next[*place].0 == after) {
                    continue;
                }
                let story = [story.as_slice(), &[*step]].concat();
                if let Some(fault) = after.broken() {
                    return Err((story, fault));
                }
                same.push(next.len());
                next.push((after, story));
            }
        }
        count += next.len();
        worlds = next;
    }
    Ok(count + last_moves(&worlds, moves)?)
}

/// One more move in each of these worlds. Nothing follows, so each world is looked at and forgotten: most worlds are of
/// the longest stories, and they would not fit into a small machine. Counts those that differ in their sketch.
fn last_moves(worlds: &[(World, Vec<Move>)], moves: &[Move]) -> Result<usize, (Vec<Move>, String)> {
    let mut sketches = HashSet::new();
    for (world, story) in worlds {
        for step in moves {
            let mut after = world.clone();
            after.play(*step);
            if let Some(fault) = after.broken() {
                return Err(([story.as_slice(), &[*step]].concat(), fault));
            }
            sketches.insert(after.sketch());
        }
    }
    Ok(sketches.len())
}

/// Weighted towards a busy morning: most moves make progress, a few go wrong.
fn any_move() -> impl Strategy<Value = Move> {
    prop_oneof![
        3 => (0..4u8).prop_map(Move::Scan),
        1 => Just(Move::PutAway),
        1 => (0..4u8).prop_map(Move::ScanDownloadedAgain),
        1 => (0..4u8).prop_map(Move::ScanOtherEnrolment),
        1 => prop::sample::select(vec![Move::ScanStranger, Move::TwoCodes, Move::NotACode, Move::Ask(Wish::LetIn)]),
        2 => (0..4u8).prop_map(Move::Call),
        4 => Just(Move::Ask(Wish::Fire)),
        4 => Just(Move::Ask(Wish::Keep)),
        1 => Just(Move::Ask(Wish::Again)),
        2 => Just(Move::Ask(Wish::Dismiss)),
        1 => Just(Move::Ask(Wish::Retake)),
        2 => Just(Move::Ask(Wish::Seat)),
        4 => Just(Move::FileArrives),
        1 => Just(Move::PressButton),
        1 => Just(Move::PressTimeless),
        1 => Just(Move::CameraFails),
        4 => prop::bool::weighted(0.8).prop_map(|good| Move::DarkroomFinishes { good }),
        4 => prop::bool::weighted(0.9).prop_map(|filed| Move::ClerkAnswers { filed }),
        1 => (0..4u8).prop_map(Move::DarkroomReads),
        1 => Just(Move::Ask(Wish::Stray)),
    ]
}

fn random_stories(mind: Mind, cases: u32) -> Result<(), String> {
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let told = runner.run(&prop::collection::vec(any_move(), 1..60), |moves| {
        let mut world = World::new(mind);
        for step in moves {
            world.play(step);
            if let Some(fault) = world.broken() {
                return Err(TestCaseError::fail(fault));
            }
        }
        Ok(())
    });
    told.map_err(|err| err.to_string())
}

#[test]
fn no_short_story_breaks_the_promise() {
    let stories = walk(Mind::Sound, MACHINES_FAIL, 9)
        .unwrap_or_else(|(story, fault)| panic!("{fault} after {story:?}"));
    eprintln!("{stories} worlds after stories of up to 9 moves");
    assert!(stories > 10_000, "the walk has become too short: {stories}");
}

#[test]
fn no_crowd_breaks_the_promise() {
    let stories =
        walk(Mind::Sound, PEOPLE_CROWD, 9).unwrap_or_else(|(story, fault)| panic!("{fault} after {story:?}"));
    eprintln!("{stories} worlds after stories of up to 9 moves in a crowd");
    assert!(stories > 10_000, "the walk has become too short: {stories}");
}

#[test]
fn no_long_story_breaks_the_promise() {
    random_stories(Mind::Sound, 20_000).unwrap_or_else(|fault| panic!("{fault}"));
}

/// Mutants of the rules. If one survives, the tests above prove nothing.
#[test]
fn both_ways_catch_a_station_that_breaks_a_rule() {
    for mind in [
        Mind::TrustsArrival,
        Mind::TrustsAnyTrigger,
        Mind::TrustsLateResults,
        Mind::TrustsLateFailures,
        Mind::ForgetsTheShutter,
        Mind::IgnoresTheWitness,
    ]
    .into_iter()
    .chain(LINE_MINDS)
    {
        let (story, fault) = walk(mind, MACHINES_FAIL, 9).expect_err("the exhaustive walk missed a mutant");
        eprintln!("{mind:?}: {fault} after {story:?}");
        random_stories(mind, 20_000).expect_err("the random stories missed a mutant");
    }
    for mind in GATE_MINDS {
        let (story, fault) = walk(mind, PEOPLE_CROWD, 9).expect_err("the exhaustive walk missed a mutant");
        eprintln!("{mind:?}: {fault} after {story:?}");
        random_stories(mind, 20_000).expect_err("the random stories missed a mutant");
    }
}

#[test]
fn a_plain_sitting_goes_from_code_to_saved() {
    let mut station = Station::default();
    let code_seen = Event::CodeSeen(seen(1, "", 0));
    assert!(matches!(station.step(at(1), code_seen)[..], [Effect::Seat(Sitting { retake: false, .. })]));
    assert_eq!(station.step(at(2), Event::Wished(Wish::Fire)), [Effect::Fire(SittingId(1))]);
    assert_eq!(station.step(at(2), Event::Wished(Wish::Fire)), [], "a second press does not fire twice");
    let taken = shot(1, Trigger::Station(SittingId(1)), 3);
    let effects = station.step(at(3), Event::Exposed(taken.clone()));
    let [Effect::Shelve { shot: shelved, sitting: Some(sitting) }, Effect::Develop(developed)] = &effects[..]
    else {
        panic!("the original goes to the shelf before anything else happens to it: {effects:?}");
    };
    assert_eq!((shelved, sitting.id, developed), (&taken, SittingId(1), &taken));
    station.step(at(4), Event::Developed(ShotId(1), portrait(ShotId(1))));
    assert!(matches!(station.step(at(5), Event::Wished(Wish::Keep))[..], [Effect::Keep { .. }]));
    assert!(matches!(station.phase(), Phase::Queueing(..)), "not green before the clerk says so");
    assert_eq!(station.step(at(6), Event::Filed(ShotId(1))), []);
    assert_eq!(*station.phase(), Phase::Idle);
}

#[test]
fn a_phone_that_is_still_held_up_opens_no_second_sitting() {
    let mut world = World::new(Mind::Sound);
    let kept =
        [Move::Scan(0), Move::Ask(Wish::Fire), Move::FileArrives, Move::DarkroomFinishes { good: true }];
    for step in kept.into_iter().chain([Move::Ask(Wish::Keep), Move::ClerkAnswers { filed: true }]) {
        world.play(step);
    }
    assert_eq!(*world.station.phase(), Phase::Idle);
    world.play(Move::Scan(0));
    assert_eq!(*world.station.phase(), Phase::Idle, "the same phone, never put away");
    world.play(Move::PutAway);
    world.play(Move::Scan(0));
    assert_eq!(
        *world.station.phase(),
        Phase::KeptBefore(seen(0, "", 0)),
        "shown again: a retake is offered, not begun"
    );
    world.play(Move::Ask(Wish::Retake));
    assert!(matches!(world.station.phase(), Phase::CodeScanned(sitting) if sitting.id == SittingId(2)));
}

#[test]
fn a_student_who_is_called_sits_once_and_the_phone_left_there_seats_nobody() {
    let mut world = World::new(Mind::Sound);
    let sat = |first: Move| {
        let rest = [Move::Ask(Wish::Fire), Move::FileArrives, Move::DarkroomFinishes { good: true }];
        let end = [Move::Ask(Wish::Keep), Move::ClerkAnswers { filed: true }];
        [first].into_iter().chain(rest).chain(end)
    };
    // The first student's phone stays before the webcam.
    for step in sat(Move::Scan(0)).chain(sat(Move::Call(1))) {
        world.play(step);
        assert_eq!(world.broken(), None);
    }
    assert_eq!(*world.station.phase(), Phase::Idle, "the phone that was left there opens no sitting");
    assert_eq!(world.filed.len(), 2);
    world.play(Move::Call(1));
    assert_eq!(*world.station.phase(), Phase::KeptBefore(called(1)));
    world.play(Move::Call(2));
    assert!(matches!(world.station.phase(), Phase::CodeScanned(sitting) if sitting.code == called(2).code));
    world.play(Move::Call(3));
    assert_eq!(world.station.phase().code(), Some(&called(2).code), "nobody is called into a taken chair");
    assert_eq!(world.line(), [named(3)], "he comes next");
}

#[test]
fn a_code_that_says_it_was_called_seats_nobody() {
    let mut station = Station::default();
    assert_eq!(station.step(at(1), Event::CodeSeen(called(1))), []);
    assert_eq!(*station.phase(), Phase::Idle);
}

#[test]
fn a_student_who_was_dismissed_may_come_back() {
    let mut world = World::new(Mind::Sound);
    for step in [Move::Scan(0), Move::PutAway, Move::Ask(Wish::Dismiss), Move::Scan(0)] {
        world.play(step);
    }
    assert!(matches!(world.station.phase(), Phase::CodeScanned(sitting) if sitting.id == SittingId(2)));
}

#[test]
fn a_second_code_waits_until_the_chair_is_free() {
    let mut world = World::new(Mind::Sound);
    for step in [Move::Scan(0), Move::Ask(Wish::Fire), Move::Scan(1)] {
        world.play(step);
    }
    assert_eq!(
        world.station.phase().code(),
        Some(&seen(0, "", 0).code),
        "a file in flight stays with its student"
    );
    assert_eq!(world.line(), [shown(1, true)]);
    for step in [Move::FileArrives, Move::DarkroomFinishes { good: true }, Move::Ask(Wish::Keep)] {
        world.play(step);
    }
    world.play(Move::ClerkAnswers { filed: true });
    assert_eq!(world.station.phase().code(), Some(&seen(1, "", 0).code), "still held up: next");
    assert_eq!(world.broken(), None);
}

impl World {
    fn line(&self) -> Vec<Next> {
        self.station.line(at(self.second))
    }
}

/// Whoever has shown a code, as he stands in line.
fn shown(n: u8, in_view: bool) -> Next {
    Next { seen: seen(n, "", 0), by_name: false, in_view, gate: Gate::Open }
}

/// Whoever was called by name, as he stands in line.
fn named(n: u8) -> Next {
    Next { seen: called(n), by_name: true, in_view: false, gate: Gate::Open }
}

fn asks_about(seen: SeenCode, by_name: bool) -> Phase {
    Phase::Awaited(Expected { seen, by_name })
}

/// Student 0 sits, is shot and waits for the clerk; meanwhile these codes were held up.
fn filing(meanwhile: &[Move]) -> World {
    let mut world = World::expecting(Mind::Sound, 10);
    for step in [Move::Scan(0), Move::PutAway, Move::Ask(Wish::Fire), Move::FileArrives] {
        world.play(step);
    }
    for step in [Move::DarkroomFinishes { good: true }, Move::Ask(Wish::Keep)] {
        world.play(step);
    }
    for step in meanwhile {
        world.play(*step);
    }
    assert!(matches!(world.station.phase(), Phase::Queueing(..)));
    world
}

#[test]
fn a_code_that_was_lowered_is_asked_about_and_seats_nobody_by_itself() {
    let mut world = filing(&[Move::Scan(1), Move::PutAway]);
    assert_eq!(world.line(), [shown(1, false)]);
    world.play(Move::ClerkAnswers { filed: true });
    assert_eq!(*world.station.phase(), asks_about(seen(1, "", 0), false));
    assert_eq!(world.line(), [], "he is asked about");
    // Nothing fires; what is fired by hand is nobody's, also when its file comes after he sat down.
    for step in [Move::Ask(Wish::Fire), Move::PressButton, Move::Ask(Wish::Seat), Move::FileArrives] {
        world.play(step);
        assert_eq!(world.broken(), None, "{step:?}");
    }
    assert!(world.in_camera.is_empty() && world.in_darkroom.is_empty(), "it is a stray");
    assert!(
        matches!(world.station.phase(), Phase::CodeScanned(sitting) if sitting.code == seen(1, "", 0).code)
    );
}

#[test]
fn who_is_asked_about_is_told_by_his_code_or_anothers_and_may_be_dismissed() {
    let mut asked = filing(&[Move::Scan(1), Move::PutAway]);
    asked.play(Move::ClerkAnswers { filed: true });
    for (answer, sits) in [
        (Move::Scan(1), Some(seen(1, "", 0).code)),
        (Move::ScanDownloadedAgain(1), Some(seen(1, "", 1).code)),
        (Move::Scan(2), Some(seen(2, "", 0).code)),
        (Move::Call(2), Some(called(2).code)),
        (Move::Ask(Wish::Dismiss), None),
    ] {
        let mut world = asked.clone();
        world.play(answer);
        assert_eq!(world.station.phase().sitting().map(|sitting| sitting.code.clone()), sits, "{answer:?}");
        world.play(Move::Ask(Wish::Dismiss));
        assert_eq!(*world.station.phase(), Phase::Idle, "{answer:?}: the other one is not asked about again");
        assert_eq!(world.broken(), None);
    }
    // A payment code on a poster takes nothing from who was asked about, and neither do two phones.
    for (shown, over) in [(Move::NotACode, Move::Ask(Wish::Dismiss)), (Move::TwoCodes, Move::PutAway)] {
        let mut world = asked.clone();
        world.play(shown);
        assert!(matches!(world.station.phase(), Phase::Refused(None, _)), "{shown:?}");
        world.play(over);
        assert_eq!(*world.station.phase(), asks_about(seen(1, "", 0), false), "{over:?}");
        assert_eq!(world.broken(), None);
    }
}

#[test]
fn the_last_one_is_expected_and_only_for_a_while() {
    let mut world = filing(&[Move::Scan(1), Move::Scan(2), Move::Scan(0), Move::PutAway]);
    world.play(Move::ClerkAnswers { filed: true });
    assert_eq!(*world.station.phase(), asks_about(seen(2, "", 0), false));
    let mut world = filing(&[Move::Scan(1), Move::PutAway]);
    world.second += 10;
    assert_eq!(world.line(), []);
    world.play(Move::ClerkAnswers { filed: true });
    assert_eq!(*world.station.phase(), Phase::Idle, "too long ago");
    // Not at all where the profile says so.
    let mut station = Station::default();
    for code in [seen(1, "", 0), seen(2, "", 0)] {
        station.step(at(1), Event::CodeSeen(code));
    }
    station.step(at(1), Event::CodeGone);
    station.step(at(1), Event::Wished(Wish::Dismiss));
    assert_eq!(*station.phase(), Phase::Idle);
}

#[test]
fn whoever_is_expected_passes_the_gate_as_it_stands_when_he_sits_down() {
    let mut world = filing(&[Move::ScanOtherEnrolment(0), Move::PutAway]);
    let next = |world: &World| world.line().remove(0).gate;
    assert_eq!(next(&world), Gate::Open, "nothing is kept of him yet");
    world.play(Move::ClerkAnswers { filed: true });
    world.play(Move::Ask(Wish::Seat));
    let other = seen(0, "+", 0);
    assert_eq!(*world.station.phase(), Phase::Refused(Some(other), Refusal::SecondCode), "and now it is");
    assert_eq!(world.broken(), None);
    world.play(Move::Ask(Wish::Dismiss));
    for step in [Move::Scan(1), Move::Scan(0)] {
        world.play(step);
    }
    assert_eq!(next(&world), Gate::KeptBefore, "read while another one still sits");
}

#[test]
fn his_own_code_shown_again_while_he_is_filed_opens_no_second_sitting() {
    let own: [&[Move]; 4] = [
        &[Move::Scan(0)],
        &[Move::Scan(0), Move::PutAway],
        &[Move::ScanDownloadedAgain(0)],
        &[Move::ScanDownloadedAgain(0), Move::PutAway],
    ];
    for meanwhile in own {
        let mut world = filing(meanwhile);
        assert_eq!(world.line(), []);
        world.play(Move::ClerkAnswers { filed: true });
        world.play(Move::Ask(Wish::Seat));
        assert_eq!(*world.station.phase(), Phase::Idle, "{meanwhile:?}");
        assert_eq!(world.broken(), None);
    }
    // Nor does the phone he left there, when another one was asked about and went.
    let mut world = filing(&[Move::Scan(1), Move::Scan(0)]);
    for step in [Move::ClerkAnswers { filed: true }, Move::Ask(Wish::Seat), Move::Ask(Wish::Dismiss)] {
        world.play(step);
    }
    assert_eq!(*world.station.phase(), Phase::Idle, "his phone lies there, and he was served");
}

/// Student 0 sits, and this is how far it is with him.
const SEATED: [Move; 5] = [
    Move::Scan(0),
    Move::PutAway,
    Move::Ask(Wish::Fire),
    Move::FileArrives,
    Move::DarkroomFinishes { good: true },
];

#[test]
fn whoever_is_called_while_another_one_sits_comes_next_and_only_a_persons_word_seats_him() {
    for far in 2..=5 {
        let mut world = World::new(Mind::Sound);
        for step in SEATED.into_iter().take(far) {
            world.play(step);
        }
        let sits = world.station.phase().clone();
        world.play(Move::Call(1));
        assert_eq!(*world.station.phase(), sits, "whoever sits goes on sitting");
        assert_eq!(world.line(), [named(1)]);
        // Nobody forgets him as a code is forgotten.
        world.second += 4000;
        let rest = SEATED.into_iter().skip(far);
        for step in rest.chain([Move::Ask(Wish::Keep), Move::PressButton, Move::ClerkAnswers { filed: true }])
        {
            world.play(step);
            assert_eq!(world.broken(), None, "{step:?}");
        }
        assert_eq!(*world.station.phase(), asks_about(called(1), true));
        assert_eq!(world.filed, [(SittingId(1), 0, ShotId(1))], "the one before is kept, under his own");
        // What is fired by hand before somebody said that it is he is nobody's.
        for step in [
            Move::Ask(Wish::Fire),
            Move::PressButton,
            Move::Ask(Wish::Seat),
            Move::FileArrives,
            Move::FileArrives,
        ] {
            world.play(step);
            assert_eq!(world.broken(), None, "{step:?}");
        }
        assert!(world.in_camera.is_empty() && world.in_darkroom.is_empty(), "both are strays");
        assert!(
            matches!(world.station.phase(), Phase::CodeScanned(sitting) if sitting.code == called(1).code)
        );
        assert_eq!(world.line(), []);
    }
}

#[test]
fn whoever_sits_is_not_called_a_second_time_and_of_names_the_last_one_counts() {
    let mut world = World::new(Mind::Sound);
    for step in [Move::Call(1), Move::Call(2), Move::Call(1)] {
        world.play(step);
    }
    assert_eq!(world.line(), [named(2)], "he who sits comes not once more, and takes nobody's place");
    world.play(Move::Call(3));
    assert_eq!(world.line(), [named(3)]);
    // The card of another one while he may be on the chair: it is asked of that one, and nobody sits by himself.
    for (answer, phase) in
        [(Move::Ask(Wish::Dismiss), Phase::Idle), (Move::Call(2), asks_about(called(2), true))]
    {
        let mut world = world.clone();
        world.play(Move::Ask(Wish::Dismiss));
        assert_eq!(
            *world.station.phase(),
            asks_about(called(3), true),
            "a sitting without a portrait ends too"
        );
        world.play(answer);
        assert_eq!(*world.station.phase(), phase);
        assert_eq!((world.line(), world.broken()), (vec![], None));
    }
}

/// Its student would sit down on the chair that another one was called to.
#[test]
fn who_was_called_goes_before_a_code_and_nobody_is_lost() {
    let stories: [(&[Move], bool); 4] = [
        (&[Move::Scan(1), Move::Call(2)], true),
        (&[Move::Call(2), Move::Scan(1)], true),
        (&[Move::Scan(1), Move::PutAway, Move::Call(2)], false),
        (&[Move::Call(2), Move::Scan(1), Move::PutAway], false),
    ];
    for (meanwhile, held_up) in stories {
        let mut world = filing(meanwhile);
        assert_eq!(world.line(), [named(2), shown(1, held_up)], "{meanwhile:?}");
        world.play(Move::ClerkAnswers { filed: true });
        assert_eq!(*world.station.phase(), asks_about(called(2), true), "{meanwhile:?}");
        assert_eq!(world.line(), [shown(1, held_up)], "he is seen to wait");
        for answer in [Wish::Seat, Wish::Dismiss] {
            let mut world = world.clone();
            world.play(Move::Ask(answer));
            if answer == Wish::Seat {
                assert_eq!(world.station.phase().code(), Some(&called(2).code));
                assert_eq!(world.line(), [shown(1, held_up)]);
                world.play(Move::Ask(Wish::Dismiss));
            }
            let sits = world.station.phase().sitting().map(|sitting| sitting.code.clone());
            assert_eq!(sits, held_up.then(|| seen(1, "", 0).code), "{meanwhile:?} {answer:?}");
            if !held_up {
                assert_eq!(*world.station.phase(), asks_about(seen(1, "", 0), false));
            }
            assert_eq!(world.broken(), None);
        }
    }
}

#[test]
fn a_code_that_is_shown_while_it_is_asked_about_who_was_called_waits() {
    let mut asked = filing(&[Move::Call(2)]);
    asked.play(Move::ClerkAnswers { filed: true });
    for over in [None, Some(Move::PutAway), Some(Move::TwoCodes), Some(Move::NotACode)] {
        let mut world = asked.clone();
        for step in [Some(Move::Scan(1)), over].into_iter().flatten() {
            world.play(step);
            assert_eq!(world.broken(), None, "{step:?}");
        }
        // What is no code at all is told, and then he is asked about again.
        if matches!(world.station.phase(), Phase::Refused(None, _)) {
            assert_eq!(world.line().len(), 2, "both are seen to wait");
            world.play(Move::Ask(Wish::Dismiss));
        }
        assert_eq!(*world.station.phase(), asks_about(called(2), true), "{over:?}");
        assert_eq!(world.line(), [shown(1, over.is_none())]);
        // Somebody else is called: it is asked of him, and who held up his phone still waits.
        for (step, sits) in [(Move::Call(3), false), (Move::Ask(Wish::Seat), true)] {
            world.play(step);
            assert_eq!(world.station.phase().code(), Some(&called(3).code));
            assert_eq!(world.sits().is_some(), sits);
            assert_eq!((world.line(), world.broken()), (vec![shown(1, over.is_none())], None));
        }
    }
}

/// A school whose roster has the capture codes.
#[test]
fn whoever_was_called_and_holds_up_his_own_code_is_told_by_it_and_asked_about_once() {
    let his = seen(1, "", 0);
    for (held_up, at_the_end) in [(true, false), (false, false), (false, true)] {
        let mut world = filing(&[]);
        world.tell(Event::Named(his.clone()));
        if !at_the_end {
            world.play(Move::Scan(1));
        }
        if !held_up && !at_the_end {
            world.play(Move::PutAway);
        }
        assert_eq!(world.line(), [Next { by_name: true, ..shown(1, held_up) }]);
        world.play(Move::ClerkAnswers { filed: true });
        if !held_up {
            assert_eq!(*world.station.phase(), asks_about(his.clone(), true));
            world.play(if at_the_end { Move::Scan(1) } else { Move::Ask(Wish::Seat) });
        }
        assert_eq!(
            world.station.phase().sitting().map(|sitting| sitting.code.clone()),
            Some(his.code.clone())
        );
        world.play(Move::PutAway);
        world.play(Move::Ask(Wish::Dismiss));
        assert_eq!((world.station.phase(), world.broken()), (&Phase::Idle, None), "he was here");
    }
}

#[test]
fn the_gate_is_asked_when_who_was_called_is_to_sit_and_its_question_is_his_alone() {
    // Called while he sits under his code: another key of the same person.
    let mut world = filing(&[Move::Call(0)]);
    world.play(Move::ClerkAnswers { filed: true });
    world.play(Move::Ask(Wish::Seat));
    let stopped = Phase::Refused(Some(called(0)), Refusal::SecondCode);
    assert_eq!(*world.station.phase(), stopped);
    world.play(Move::Scan(1));
    assert_eq!(
        (world.station.phase(), world.line()),
        (&stopped, vec![shown(1, true)]),
        "he is answered for first"
    );
    // Whoever comes to the keys meanwhile is asked anew.
    let mut relieved = world.clone();
    relieved.tell(Event::OnDuty(Duty::NONE));
    relieved.tell(Event::OnDuty(Duty::default()));
    assert_eq!((relieved.station.phase(), relieved.broken()), (&asks_about(called(0), true), None));
    world.play(Move::Ask(Wish::Dismiss));
    assert_eq!(world.station.phase().code(), Some(&seen(1, "", 0).code));
    assert_eq!(world.broken(), None);

    // Kept under that name before: a retake is offered, not begun.
    let mut world = World::new(Mind::Sound);
    let kept = [Move::Ask(Wish::Fire), Move::FileArrives, Move::DarkroomFinishes { good: true }];
    let end = [Move::Ask(Wish::Keep), Move::ClerkAnswers { filed: true }];
    for step in [Move::Call(1)].into_iter().chain(kept).chain(end).chain([Move::Scan(0), Move::Call(1)]) {
        world.play(step);
    }
    assert_eq!(world.line(), [Next { gate: Gate::KeptBefore, ..named(1) }]);
    world.play(Move::Ask(Wish::Dismiss));
    world.play(Move::Ask(Wish::Seat));
    assert_eq!(*world.station.phase(), Phase::KeptBefore(called(1)));
    world.play(Move::Ask(Wish::Retake));
    assert!(matches!(world.station.phase(), Phase::CodeScanned(sitting) if sitting.retake));
    assert_eq!((world.line(), world.broken()), (vec![], None));
}

/// What a check says.
pub(crate) fn finding(check: &'static str, verdict: Verdict) -> Finding {
    let answer = Answer { verdict, value: 9.0, limit: "≤ 5°".to_owned() };
    Finding { check, title: Phrase::default(), answer, advice: None, sitter: None }
}

/// The portrait of shot 1, with these opinions of it.
fn judged(opinions: &[(&'static str, Verdict)]) -> Portrait {
    Portrait {
        findings: opinions.iter().map(|(check, verdict)| finding(check, *verdict)).collect(),
        ..portrait(ShotId(1))
    }
}

#[test]
fn a_portrait_with_a_failed_check_cannot_be_kept() {
    for (verdict, enlarged, keepable) in
        [(Verdict::Warn, false, true), (Verdict::Fail, false, false), (Verdict::Pass, true, false)]
    {
        let mut station = Station::default();
        station.step(at(1), Event::CodeSeen(seen(1, "", 0)));
        station.step(at(2), Event::Exposed(shot(1, Trigger::Body, 2)));
        let mut judged = judged(&[("roll", verdict)]);
        if enlarged {
            judged.placement.scale = 1.5;
        }
        station.step(at(3), Event::Developed(ShotId(1), judged));
        let effects = station.step(at(4), Event::Wished(Wish::Keep));
        assert_eq!(!effects.is_empty(), keepable, "{verdict:?}");
        let again = station.step(at(5), Event::Wished(Wish::Again));
        if !keepable && verdict == Verdict::Fail {
            let failed = vec!["roll".to_owned()];
            assert_eq!(
                again,
                [Effect::Record(Fact::Refused { sitting: SittingId(1), shot: ShotId(1), failed })]
            );
        }
    }
}

/// A station of a school that does without a key where every check passed, with somebody on the chair and a shot.
fn keeps_by_itself() -> Station {
    let rules = Rules { auto_keep: true, ..Rules::default() };
    let mut station = Station::at_work(SittingId(1), rules, Register::default());
    station.step(at(1), Event::CodeSeen(seen(1, "", 0)));
    station.step(at(2), Event::Exposed(shot(1, Trigger::Body, 2)));
    station
}

#[test]
fn what_passed_every_check_is_kept_without_a_key_where_the_school_allows_it() {
    for (verdict, enlarged, by_itself) in [
        (Verdict::Pass, false, true),
        (Verdict::Warn, false, false),
        (Verdict::Fail, false, false),
        (Verdict::Pass, true, false),
    ] {
        let mut station = keeps_by_itself();
        let mut portrait = judged(&[("roll", verdict)]);
        portrait.placement.scale = if enlarged { 1.5 } else { 0.5 };
        let effects = station.step(at(3), Event::Developed(ShotId(1), portrait));
        let kept = matches!(&effects[..], [Effect::Keep { take, .. }] if take.word == Word::AllPassed);
        assert_eq!((kept, effects.is_empty()), (by_itself, !by_itself), "{verdict:?}");
        assert_eq!(matches!(station.phase(), Phase::Queueing(..)), by_itself);
    }
    // If the disk refuses, it is a person's turn, and then it is his word.
    let mut station = keeps_by_itself();
    station.step(at(3), Event::Developed(ShotId(1), portrait(ShotId(1))));
    station.step(at(4), Event::NotFiled(ShotId(1)));
    assert!(matches!(station.phase(), Phase::Reviewing(..)));
    let effects = station.step(at(5), Event::Wished(Wish::Keep));
    assert!(
        matches!(&effects[..], [Effect::Keep { take, .. }] if take.word == Word::Operator),
        "{effects:?}"
    );
}

/// A portrait with these opinions waits, at a station of a school that lets people overrule roll and glare.
fn waits(opinions: &[(&'static str, Verdict)], enlarged: bool) -> Station {
    let may_be_overruled = vec!["roll".to_owned(), "glare".to_owned()];
    let rules = Rules { may_be_overruled, auto_keep: true, ..Rules::default() };
    let mut station = Station::at_work(SittingId(1), rules, Register::default());
    station.step(at(1), Event::CodeSeen(seen(1, "", 0)));
    station.step(at(2), Event::Exposed(shot(1, Trigger::Body, 2)));
    let mut portrait = judged(opinions);
    portrait.placement.scale = if enlarged { 1.5 } else { 0.5 };
    station.step(at(3), Event::Developed(ShotId(1), portrait));
    station
}

fn overruled(by: &str, reason: &str) -> Event {
    Event::Overruled { by: by.to_owned(), reason: reason.to_owned() }
}

#[test]
fn a_check_is_overruled_only_where_the_school_allows_it_for_each_that_failed() {
    for (opinions, enlarged, may) in [
        (&[("roll", Verdict::Fail)][..], false, true),
        (&[("roll", Verdict::Fail), ("glare", Verdict::Fail), ("yaw", Verdict::Warn)], false, true),
        (&[("roll", Verdict::Fail), ("yaw", Verdict::Fail)], false, false),
        (&[("one_face", Verdict::Fail)], false, false),
        (&[("roll", Verdict::Fail)], true, false),
        (&[("roll", Verdict::Warn)], false, false),
    ] {
        let mut station = waits(opinions, enlarged);
        let Phase::Reviewing(_, take) = station.phase() else { panic!("{opinions:?}") };
        assert_eq!(take.may_be_overruled, may, "{opinions:?}");
        let effects = station.step(at(4), overruled("王老师", "颈部固定"));
        let kept =
            matches!(&effects[..], [Effect::Keep { take, .. }] if matches!(take.word, Word::Overruled(_)));
        assert_eq!((kept, effects.is_empty()), (may, !may), "{opinions:?}");
    }
}

#[test]
fn nobody_overrules_without_his_name_and_a_reason_and_the_key_alone_keeps_nothing() {
    let mut station = waits(&[("roll", Verdict::Fail)], false);
    for event in
        [overruled(" ", "颈部固定"), overruled("王老师", "\n"), overruled("王老师", &"长".repeat(201))]
    {
        assert_eq!(station.step(at(4), event), []);
        assert!(matches!(station.phase(), Phase::Reviewing(..)));
    }
    assert_eq!(station.step(at(4), Event::Wished(Wish::Keep)), []);
    station.step(at(5), overruled("王老师", "颈部固定"));
    // The disk refused: whoever tries again says it again.
    station.step(at(6), Event::NotFiled(ShotId(1)));
    assert_eq!(station.step(at(7), Event::Wished(Wish::Keep)), []);
    assert_eq!(station.step(at(8), overruled("王老师", "颈部固定")).len(), 1);
    // Before a portrait waits, and after, there is nothing to overrule.
    for mut station in [Station::default(), station] {
        assert_eq!(station.step(at(9), overruled("王老师", "颈部固定")), []);
    }
}

#[test]
fn where_a_person_had_to_say_who_sits_a_person_keeps() {
    // A code in a shot spoke against him.
    let mut station = keeps_by_itself();
    station.step(at(3), Event::Witnessed(ShotId(1), vec![seen(2, "", 0)]));
    station.step(at(4), Event::Developed(ShotId(1), portrait(ShotId(1))));
    assert!(station.phase().sitting().is_some_and(Sitting::is_doubted));
    station.step(at(5), Event::Wished(Wish::Again));
    station.step(at(6), Event::Exposed(shot(2, Trigger::Body, 6)));
    assert_eq!(station.step(at(7), Event::Developed(ShotId(2), portrait(ShotId(2)))), []);
    assert!(matches!(station.phase(), Phase::Reviewing(..)));
    // The gate had stopped him.
    let mut station = keeps_by_itself();
    station.step(at(3), Event::Developed(ShotId(1), portrait(ShotId(1))));
    station.step(at(4), Event::Filed(ShotId(1)));
    station.step(at(5), Event::CodeSeen(seen(1, "+", 0)));
    station.step(at(6), Event::Wished(Wish::LetIn));
    station.step(at(7), Event::Exposed(shot(2, Trigger::Body, 7)));
    assert_eq!(station.step(at(8), Event::Developed(ShotId(2), portrait(ShotId(2)))), []);
    assert!(matches!(station.phase(), Phase::Reviewing(sitting, _) if sitting.vouched_for));
}

/// A sitting whose shot shows another student's code.
fn spoken_against() -> World {
    let mut world = World::new(Mind::Sound);
    for step in [Move::Scan(0), Move::Ask(Wish::Fire), Move::FileArrives, Move::DarkroomReads(1)] {
        world.play(step);
    }
    world
}

#[test]
fn a_shot_with_anothers_code_in_it_is_a_stray_and_nobody_sits_for_certain() {
    let mut world = spoken_against();
    let doubted = |world: &World| world.station.phase().sitting().is_some_and(Sitting::is_doubted);
    assert!(doubted(&world) && matches!(world.station.phase(), Phase::CodeScanned(_)));
    // The portrait that comes all the same is nobody's; nothing fires; a shot by hand is a stray.
    for step in [
        Move::DarkroomFinishes { good: true },
        Move::Ask(Wish::Keep),
        Move::Ask(Wish::Fire),
        Move::PressButton,
        Move::FileArrives,
    ] {
        world.play(step);
        assert!(doubted(&world), "{step:?}");
    }
    assert_eq!((world.in_camera.len(), world.at_clerk.len(), world.in_darkroom.len()), (0, 0, 0));
    // The operator says that it is he: what comes now is his, what was fired before still is not.
    world.play(Move::PressButton);
    world.play(Move::Ask(Wish::Again));
    assert!(!doubted(&world));
    world.play(Move::FileArrives);
    assert!(world.in_darkroom.is_empty(), "fired while it was doubted");
    for step in [Move::Ask(Wish::Fire), Move::FileArrives, Move::DarkroomReads(0)] {
        world.play(step);
    }
    assert!(!doubted(&world), "his own code says nothing against him");
    world.play(Move::DarkroomFinishes { good: true });
    assert!(matches!(world.station.phase(), Phase::Reviewing(..)));
    assert_eq!(world.broken(), None);
}

#[test]
fn what_becomes_a_stray_is_written_down_with_the_reason() {
    let mut station = Station::default();
    station.step(at(1), Event::CodeSeen(seen(1, "", 0)));
    station.step(at(2), Event::Exposed(shot(1, Trigger::Body, 2)));
    let mut by_operator = station.clone();
    let disowned = |reason: &str| {
        let reason = reason.to_owned();
        Effect::Record(Fact::Disowned { sitting: SittingId(1), shot: ShotId(1), reason })
    };
    let payment = || SeenCode::unread("wxp://f2f0-some-payment-code-on-a-wall".parse().unwrap());
    assert_eq!(station.step(at(3), Event::Witnessed(ShotId(1), vec![payment(), seen(1, "", 0)])), []);
    assert_eq!(station.step(at(3), Event::Witnessed(ShotId(9), vec![seen(2, "", 0)])), [], "another shot's");
    let effects = station.step(at(3), Event::Witnessed(ShotId(1), vec![payment(), seen(2, "", 0)]));
    assert_eq!(effects, [disowned("anothers_code")]);
    by_operator.step(at(3), Event::Developed(ShotId(1), portrait(ShotId(1))));
    let mut late = by_operator.clone();
    assert_eq!(
        late.step(at(4), Event::Witnessed(ShotId(1), vec![seen(2, "", 0)])),
        [disowned("anothers_code")]
    );
    assert_eq!(by_operator.step(at(4), Event::Wished(Wish::Stray)), [disowned("operator")]);
    assert_eq!(by_operator.step(at(5), Event::Wished(Wish::Fire)), [Effect::Fire(SittingId(1))], "no doubt");
}

/// If the number in codes were the number of a whole batch, the shot would still speak of another student.
#[test]
fn a_witness_is_another_also_where_a_number_proves_nothing() {
    let of_one_batch = |n: u8| {
        let key = StudentKey::of_code(&"BATCH".parse().unwrap());
        SeenCode { bearer: Bearer { key, ..seen(n, "", 0).bearer }, ..seen(n, "", 0) }
    };
    let mut station = Station::default();
    station.step(at(1), Event::CodeSeen(of_one_batch(1)));
    station.step(at(2), Event::Exposed(shot(1, Trigger::Body, 2)));
    assert_eq!(station.step(at(3), Event::Witnessed(ShotId(1), vec![of_one_batch(1)])), [], "his own");
    let effects = station.step(at(3), Event::Witnessed(ShotId(1), vec![of_one_batch(2)]));
    assert!(matches!(&effects[..], [Effect::Record(Fact::Disowned { .. })]), "{effects:?}");
}
