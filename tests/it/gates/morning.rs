//! A morning in virtual time: frames, codes, gates and the station as they are, one student every four seconds; the
//! crowd before the webcam, the chair, the camera, the darkroom and the operator are played.
//!
//! Who sits on the chair is known to the player alone; a portrait is wrong when its exposure shows somebody else than
//! whose code it is kept under.

use std::collections::{BTreeMap, BTreeSet};

use caiying::{
    profile::{NotACode, Profile},
    scan::{Shown, Sight, Steady},
    shot::{Exposure, Moment, Shot, ShotId, SittingId, Trigger},
    station::{Effect, Event, Phase, Register, Rules, SeenCode, Station, Wish},
    student::{CaptureCode, NameMask},
};

use super::chsi;
use crate::world::{portrait, shot};

/// A student comes this often, and is on the chair from `SITS` to `RISES` of it, in milliseconds.
const EVERY: i64 = 4000;
const SITS: i64 = 200;
const RISES: i64 = 3900;

/// Between two frames of the webcam: 15 a second.
const FRAME: i64 = 66;

/// A frame shows a code that is held up this often, in per cent.
const READ: u32 = 80;

/// Whether the operator compares the card on the screen with the person on the chair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Looks,
    Blind,
}

/// What came of it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Played {
    pub(super) wrong: usize,
    pub(super) doubled: usize,
    pub(super) served: usize,
    pub(super) strays: usize,
    /// Frames in which more than one code was in view.
    pub(super) crowded_frames: usize,
    /// Times the station refused what was held up.
    pub(super) refusals: usize,
}

/// What a student holds up, and when: text, from, to.
struct Phone {
    holds: Vec<(CaptureCode, i64, i64)>,
}

/// Things that are on their way, by when they come.
enum Coming {
    File(Shot),
    Portrait(ShotId),
    Filed(ShotId),
}

struct Stage<'a> {
    profile: &'a Profile,
    station: Station,
    steady: Steady,
    dice: fastrand::Rng,
    operator: Operator,
    phones: Vec<Phone>,
    /// Whose code it is.
    owner: BTreeMap<CaptureCode, usize>,
    now: i64,
    coming: BTreeMap<(i64, u64), Coming>,
    before_lens: Vec<Option<usize>>,
    /// Since when the station waits for the operator's next key.
    idle_since: i64,
    kept: BTreeMap<ShotId, usize>,
    served: BTreeSet<usize>,
    played: Played,
}

pub(super) fn play(profile: &Profile, seed: u64, students: usize, operator: Operator) -> Played {
    let mut dice = fastrand::Rng::with_seed(seed);
    let mut owner = BTreeMap::new();
    let phones = (0..students).map(|n| phone(n, &mut dice, &mut owner)).collect();
    let mut stage = Stage {
        profile,
        station: Station::at_work(SittingId(1), Rules::of(profile), Register::default()),
        steady: Steady::default(),
        dice,
        operator,
        phones,
        owner,
        now: 0,
        coming: BTreeMap::new(),
        before_lens: vec![],
        idle_since: 0,
        kept: BTreeMap::new(),
        served: BTreeSet::new(),
        played: Played::default(),
    };
    // The morning begins half a minute after midnight of 1970, so that nothing is before the beginning.
    stage.now = 30_000 - EVERY;
    while stage.now < 30_000 + EVERY * (students as i64 + 2) {
        stage.arrivals();
        stage.frame();
        stage.operate();
        stage.now += FRAME;
    }
    stage.played.served = stage.served.len();
    stage.played
}

/// When a student's slot begins.
fn slot(student: usize) -> i64 {
    30_000 + EVERY * student as i64
}

/// The phone comes up while the one before still sits, and stays up while the next one's is up already. Some hold up
/// something else first; some download the code again meanwhile; all show it again when nobody has seen it.
fn phone(n: usize, dice: &mut fastrand::Rng, owner: &mut BTreeMap<CaptureCode, usize>) -> Phone {
    let (from, to) = (slot(n) - dice.i64(500..3500), slot(n) + dice.i64(300..3800));
    // Four digits and sixteen names: in a thousand students some pairs look alike, as in life.
    let name = format!("{}*", ["张", "王", "李", "赵"].get(n % 4).unwrap());
    let four = format!("{:04}", n * 7 % 10_000);
    let mut own = |stamp: u64| {
        let code = chsi(stamp, &format!("N{n:05}"), "10001", "本科", &name, &four);
        owner.insert(code.clone(), n);
        code
    };
    let (first, second) = (own(1), own(2));
    let mut holds = Vec::new();
    match dice.u8(..20) {
        0 | 1 => holds.push(("wxp://f2f0nobody".parse().unwrap(), from - 700, from)),
        2 | 3 => holds.push((chsi(1, &format!("E{n:05}"), "10002", "专科", &name, &four), from - 700, from)),
        _ => {}
    }
    let turn = if dice.u8(..5) == 0 { from + (to - from) / 2 } else { to };
    holds.push((first, from, turn));
    holds.push((second.clone(), turn, to));
    // Shown again, should it have been missed.
    holds.push((second, slot(n) + 1800.max(to - slot(n) + 200), slot(n) + RISES));
    Phone { holds }
}

impl Stage<'_> {
    fn at(&self) -> Moment {
        Moment(self.now)
    }

    /// Who sits on the chair.
    fn on_chair(&self) -> Option<usize> {
        let since = self.now - 30_000;
        let student = usize::try_from(since.div_euclid(EVERY)).ok()?;
        let sits = (SITS..RISES).contains(&since.rem_euclid(EVERY)) && student < self.phones.len();
        sits.then_some(student)
    }

    /// Whom the screen's card names.
    fn on_screen(&self) -> Option<usize> {
        self.owner.get(&self.station.phase().sitting()?.code).copied()
    }

    fn tell(&mut self, event: Event) {
        let before = matches!(self.station.phase(), Phase::Refused(..));
        for effect in self.station.step(self.at(), event) {
            match effect {
                Effect::Fire(sitting) => self.expose(Trigger::Station(sitting)),
                Effect::Shelve { sitting: None, .. } => self.played.strays += 1,
                Effect::Develop(shot) => {
                    let ms = self.dice.i64(300..600);
                    self.comes(ms, shot.id.0, Coming::Portrait(shot.id));
                }
                Effect::Keep { sitting, take } => {
                    let whose = self.owner.get(&sitting.code).copied().unwrap();
                    self.judge(whose, take.shot.id);
                    let ms = self.dice.i64(20..60);
                    self.comes(ms, take.shot.id.0, Coming::Filed(take.shot.id));
                }
                Effect::Shelve { .. } | Effect::Seat(_) | Effect::Record(_) => {}
            }
            self.idle_since = self.now;
        }
        self.played.refusals += usize::from(!before && matches!(self.station.phase(), Phase::Refused(..)));
    }

    fn judge(&mut self, whose: usize, shown: ShotId) {
        let stood = self.before_lens[shown.0 as usize - 1];
        self.played.wrong += usize::from(stood != Some(whose));
        self.played.doubled +=
            usize::from(!self.served.insert(whose) || self.kept.insert(shown, whose).is_some());
    }

    fn expose(&mut self, trigger: Trigger) {
        self.before_lens.push(self.on_chair());
        let id = self.before_lens.len() as u64;
        let taken = Shot { exposed: Exposure::exactly(self.at()), ..shot(id, trigger, 0) };
        let ms = self.dice.i64(300..900);
        self.comes(ms, id, Coming::File(taken));
    }

    fn comes(&mut self, ms: i64, id: u64, what: Coming) {
        self.coming.insert((self.now + ms, id), what);
    }

    fn arrivals(&mut self) {
        while let Some(entry) = self.coming.first_entry().filter(|entry| entry.key().0 <= self.now) {
            let event = match entry.remove() {
                Coming::File(shot) => Event::Exposed(shot),
                Coming::Portrait(id) => Event::Developed(id, portrait(id)),
                Coming::Filed(id) => Event::Filed(id),
            };
            self.tell(event);
            self.idle_since = self.now;
        }
    }

    /// What the webcam sees: every code that is held up, most of the time; of two sometimes only one.
    fn frame(&mut self) {
        let first = usize::try_from((self.now - 30_000) / EVERY).unwrap_or(0).saturating_sub(2);
        let near = self.phones.iter().skip(first).take(5).flat_map(|phone| &phone.holds);
        let held: Vec<CaptureCode> = near
            .filter(|(_, from, to)| (*from..*to).contains(&self.now))
            .map(|(code, ..)| code.clone())
            .collect();
        self.played.crowded_frames += usize::from(held.len() > 1);
        let read: Vec<CaptureCode> = held.into_iter().filter(|_| self.dice.u32(..100) < READ).collect();
        let shown = match read.as_slice() {
            [] => None,
            [one] => Some(Shown::Code(one.clone())),
            _ => Some(Shown::TwoCodes),
        };
        let event = match self.steady.watch(self.at(), shown) {
            None => return,
            Some(Sight::Gone) => Event::CodeGone,
            Some(Sight::TwoCodes) => Event::TwoCodes,
            Some(Sight::NotACode(why)) => Event::NotACode(NotACode::Unfit(why)),
            Some(Sight::Seen(code)) => match self.profile.codes.read(&code, NameMask::FirstAndLast) {
                Ok(bearer) => Event::CodeSeen(SeenCode { code, bearer }),
                Err(what) => Event::NotACode(what),
            },
        };
        self.tell(event);
    }

    /// A person at the keys needs a third of a second, and looks at the chair, unless he does not.
    fn operate(&mut self) {
        if self.now - self.idle_since < 330 {
            return;
        }
        let (chair, screen) = (self.on_chair(), self.on_screen());
        let agree = chair.is_some() && chair == screen || self.operator == Operator::Blind;
        let wish = match self.station.phase() {
            Phase::CodeScanned(sitting) if !sitting.fired && agree => {
                // Now and then the photographer presses the button on the body.
                if self.dice.u8(..25) == 0 {
                    self.idle_since = self.now + 1000;
                    return self.expose(Trigger::Body);
                }
                Wish::Fire
            }
            Phase::Reviewing(..) => Wish::Keep,
            Phase::KeptBefore(_) | Phase::Awaited(_) | Phase::Refused(..) => Wish::Dismiss,
            // Somebody else sits than who was scanned.
            Phase::CodeScanned(sitting) if chair.is_some() && chair != screen && !sitting.fired => {
                Wish::Dismiss
            }
            _ => return,
        };
        self.idle_since = self.now;
        self.tell(Event::Wished(wish));
    }
}
