//! 当班: a station at work. The mind, its crew and its clock, wired: one line per effect.
//!
//! A shift runs on the thread that owns it (the window's, or the rehearsal's). It never blocks: orders that a
//! worker has no room for wait here, in their order, and the screen says so.

mod assigning;
mod bell;
mod book;
mod called;
mod camera;
mod checkpoint;
mod checkup;
mod closing;
mod day;
mod desk;
mod drift;
mod finder;
mod letters;
mod pace;
mod reception;
mod reference;
mod results;
mod retakes;
mod room;
mod roster;
mod scanner;
mod screen;
mod setup;
mod sight;
mod standing;
mod tray;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, mpsc::Receiver},
    time::Instant,
};

pub use assigning::{AssignmentStage, AssignmentView, NotGiven, Statement};
use bell::Bell;
use called::Called;
use closing::LastLook;
use day::DayBook;
use desk::Desk;
use drift::Drifting;
use finder::Finder;
use pace::Stride;
pub use reception::Reception;
use reference::Calibrating;
pub use results::Saved;
use retakes::Retakes;
use roster::Intake;
use screen::Shown;
use setup::whole;
pub use setup::{MakeFinder, Setup, ShiftError};
use sight::Sighting;
use standing::Standing;
use tray::Tray;

use crate::{
    clerk::Clerk,
    crew::{self, CameraOrder, CardDesk, ClerkOrder, DarkroomOrder, News, Outbox, Refused, Watchman},
    keys::Deed,
    ledger::Tally,
    screens::{Last, PortraitView, TroubleKind, Words, trouble},
    shot::{Clock, Moment, ShotId},
    sound::Chime,
    station::{Effect, Event, Phase, Rules, Station, Wish},
    vault,
};

/// What is to be read once goes when the operator goes on.
const READ_ONCE: [TroubleKind; 5] = [
    TroubleKind::Order,
    TroubleKind::Notice,
    TroubleKind::CameraBody,
    TroubleKind::CameraCard,
    TroubleKind::Calibration,
];

/// A station at work.
#[derive(Debug)]
pub struct Shift {
    station: Station,
    clock: Clock,
    inbox: Receiver<News>,
    camera: Desk<CameraOrder>,
    darkroom: Desk<DarkroomOrder>,
    clerk: Desk<ClerkOrder>,
    scan: Option<Sighting>,
    _cards: Option<CardDesk>,
    /// Students who are called by name.
    called: Called,
    /// Lets the operator hear what happens.
    bell: Bell,
    /// When the files arrived that are not developed yet.
    arrived: HashMap<ShotId, Instant>,
    /// What was saved since somebody asked.
    saved: Vec<Saved>,
    troubles: BTreeMap<TroubleKind, Words>,
    /// The last look at the camera's card, when the operator wants to leave.
    last_look: LastLook,
    shown: Shown,
    finder: Finder,
    /// Whether the day is still as it was at the calibration.
    drifting: Drifting,
    /// A reference that is made just now.
    calibrating: Calibrating,
    stride: Stride,
    watchman: Watchman,
    /// Who is missing, while somebody looks.
    retakes: Retakes,
    /// Who runs long errands, and what is known at the day's end.
    day: DayBook,
    /// Shots that belong to nobody, while somebody looks at them.
    tray: Tray,
    /// Who has logged in.
    standing: Standing,
    /// A roster that is read in.
    intake: Intake,
}

impl Shift {
    /// Opens the store and starts the crew.
    ///
    /// # Errors
    /// When the store cannot be opened, or a thread cannot be started.
    pub fn begin(setup: Setup) -> Result<Self, ShiftError> {
        let Setup {
            store,
            station,
            profile,
            mut camera,
            by_hand,
            webcam,
            finder,
            glancer,
            clock,
            wake,
            rehearsal,
            language,
            reception,
            id_reader,
            calibration,
        } = setup;
        vault::keep_apart(store.folder(), rehearsal)?;
        let (mut clerk, recovery) = whole(Clerk::open(&store, &station, &profile.name, clock.now())?)?;
        let (sitting, shot) = clerk.next_numbers()?;
        camera.compare_with(clerk.known()?);
        let (called, unread, register) = Called::of(&mut clerk, &profile)?;
        let (outbox, inbox) = Outbox::new(wake);
        let drifting = Drifting::new(calibration, &profile);
        let troubles = [
            (TroubleKind::Notice, trouble::recovery(&recovery)),
            (TroubleKind::Clock, trouble::clock(&recovery)),
            (TroubleKind::Roster, unread),
            (TroubleKind::Calibration, drifting.stale(clock.now())),
        ];
        let darkroom = crew::darkroom(finder, Arc::clone(&profile), drifting.references(), outbox.clone())?;
        let (stride, day) = (Stride::of(&profile.throughput), DayBook::begin(&store, &profile, &outbox)?);
        let (live, viewfinder) = Finder::open(glancer, &profile, drifting.references(), &outbox)?;
        Ok(Self {
            station: Station::at_work(sitting, Rules::of(&profile), register),
            clock,
            inbox,
            camera: Desk::new(crew::camera_desk(camera, shot, viewfinder, outbox.clone())?),
            darkroom: Desk::new(darkroom),
            watchman: crew::watchman(store.folder().to_owned(), outbox.clone())?,
            scan: Sighting::begin(webcam, reception.rest_ms, clock, &outbox)?,
            bell: Bell::new(reception, outbox.clone())?,
            _cards: id_reader.map(|port| crew::card_desk(port, outbox.clone())).transpose()?,
            clerk: Desk::new(crew::clerk_desk(clerk, clock, outbox)?),
            called,
            arrived: HashMap::new(),
            saved: vec![],
            troubles: troubles.into_iter().filter_map(|(kind, words)| Some((kind, words?))).collect(),
            last_look: LastLook::default(),
            shown: Shown::new(language, rehearsal, (station, profile), by_hand),
            finder: live,
            drifting,
            calibrating: Calibrating::default(),
            stride,
            retakes: Retakes::default(),
            day,
            tray: Tray::default(),
            standing: Standing::default(),
            intake: Intake::default(),
        })
    }

    /// Where the station stands.
    #[must_use]
    pub fn phase(&self) -> &Phase {
        self.station.phase()
    }

    /// Whether the camera is there.
    #[must_use]
    pub fn has_camera(&self) -> bool {
        self.shown.camera.connected
    }

    /// The counts, as the clerk told them last.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.shown.tally
    }

    /// The last portrait and how long it took.
    #[must_use]
    pub fn portrait(&self) -> Option<&PortraitView> {
        self.shown.portrait.as_ref()
    }

    /// The operator asks for something.
    pub fn wish(&mut self, wish: Wish) {
        // Whoever may photograph may all of it; to let a student go is everybody's.
        if wish == Wish::Dismiss || self.may(Deed::Again) {
            self.ask(Event::Wished(wish));
        }
    }

    /// A person keeps the portrait that waits although checks failed, and stands for it; it counts only where
    /// [`Take::may_be_overruled`](crate::station::Take) says so and both texts say something. No student may be named.
    pub fn overrule(&mut self, by: &str, reason: &str) {
        if !self.may(Deed::Again) {
            return;
        }
        self.ask(Event::Overruled { by: by.to_owned(), reason: reason.to_owned() });
    }

    fn ask(&mut self, event: Event) {
        for kind in READ_ONCE {
            self.troubles.remove(&kind);
        }
        self.go_on();
        self.finder.stir();
        self.tell(event);
    }

    /// Takes in all news; returns whether there were any.
    pub fn pump(&mut self) -> bool {
        let mut any = false;
        while let Ok(news) = self.inbox.try_recv() {
            self.hear(news);
            any = true;
        }
        any |= self.finder.look(self.chair());
        any |= self.scan.as_mut().is_some_and(Sighting::look);
        any |= self.day.attend() | self.take_print();
        self.get_acquainted();
        if let Some(condition) = self.watchman.take() {
            self.mind_the_machine(condition);
            any = true;
        }
        self.hand_over();
        any
    }

    fn tell(&mut self, event: Event) {
        let at = self.clock.now();
        let before = self.station.phase().clone();
        let sat_since = before.sitting().map(|sitting| sitting.since);
        let mut strayed = false;
        for effect in self.station.step(at, event) {
            // What was exposed before anybody sat down here is nothing to shoot again for.
            if let Effect::Shelve { shot, sitting: None } = &effect
                && bell::is_news(at, sat_since, shot)
                && !self.calibrating.is_of(shot.id)
            {
                strayed = true;
                self.shown.remember(Last::Stray);
                if sat_since.is_some() {
                    self.troubles.insert(TroubleKind::Notice, trouble::stray());
                }
            }
            self.carry_out(at, effect);
        }
        self.ring(&before, strayed);
        self.hand_over();
    }

    /// One line per effect.
    fn carry_out(&mut self, at: Moment, effect: Effect) {
        match effect {
            Effect::Seat(sitting) => {
                self.stop_calibrating();
                self.intake.disturb();
                self.shown.saved = None;
                self.shown.portrait = None;
                self.finder.seat();
                self.clerk.push(ClerkOrder::Seat(at, sitting));
            }
            Effect::Fire(sitting) => self.camera.push(CameraOrder::Fire(sitting)),
            Effect::Shelve { shot, sitting } => self.clerk.push(ClerkOrder::Shelve(at, shot, sitting)),
            Effect::Develop(shot) => self.darkroom.push(DarkroomOrder::Develop(shot)),
            Effect::Keep { sitting, take } => {
                let drifted = self.drifting.see(&take.portrait);
                self.set_trouble(TroubleKind::Drift, drifted);
                self.clerk.push(ClerkOrder::Keep(at, Box::new((sitting, take))));
            }
            Effect::Record(fact) => {
                self.shown.note(&fact);
                self.clerk.push(ClerkOrder::Record(at, fact));
            }
        }
    }

    /// Hands over what waits; what still waits then is shown.
    fn hand_over(&mut self) {
        if let Some(watching) = self.finder.turned(self.chair()) {
            self.camera.push(CameraOrder::Live(watching));
        }
        let states = [
            ("camera-desk", self.camera.hand_over()),
            ("darkroom", self.darkroom.hand_over()),
            ("clerk", self.clerk.hand_over()),
        ];
        self.forget_closing();
        let full = states.iter().any(|(_, state)| *state == Err(Refused::Full));
        self.set_trouble(TroubleKind::Swamped, full.then(trouble::swamped));
        for (name, state) in states {
            if state == Err(Refused::Gone) {
                self.set_trouble(TroubleKind::Worker, Some(trouble::worker_ended(name)));
            }
        }
    }

    fn set_trouble(&mut self, kind: TroubleKind, words: Option<Words>) {
        match words {
            Some(words) => {
                if kind.is_of_a_limit() && !self.troubles.contains_key(&kind) {
                    self.bell.ring(Chime::Limit);
                }
                self.troubles.insert(kind, words)
            }
            None => self.troubles.remove(&kind),
        };
    }

    fn hear(&mut self, news: News) {
        match news {
            News::CameraConnected(info) => self.camera_came(info),
            News::CameraLost(err) => self.camera_went(&err),
            News::CameraNotice(err) => self.camera_noticed(&err),
            News::CameraStatus(status) => self.camera_stands(status),
            News::NotFired(sitting, err) => {
                self.set_trouble(TroubleKind::Order, Some(trouble::camera(&err)));
                self.reference_not_fired(sitting, &err);
                self.tell(Event::NotFired(sitting));
            }
            News::Exposed(shot) => {
                self.day.card_changed();
                self.arrived.insert(shot.id, Instant::now());
                self.finder.stir();
                self.set_trouble(TroubleKind::CameraFormat, None);
                self.reference_comes(&shot);
                self.tell(Event::Exposed(shot));
            }
            News::Developed(shot, development, codes) => self.developed(shot, development, codes),
            News::Measured(shot, development) => self.reference_measured(shot, &development),
            News::Filed(shot, code) => self.filed(shot, code),
            News::NotFiled(shot, err) => {
                self.bell.ring(Chime::Trouble);
                self.set_trouble(TroubleKind::Record, Some(trouble::clerk(&err)));
                self.tell(Event::NotFiled(shot));
            }
            News::NotWritten(err) => self.set_trouble(TroubleKind::Record, Some(trouble::clerk(&err))),
            News::WrittenAfterAll => self.set_trouble(TroubleKind::Record, None),
            News::Fetched(_) | News::Assigned(..) | News::NotAssigned(..) => self.stray_news(news),
            News::Tally(tally) => {
                self.shown.tally = tally;
                self.retakes.grow_stale();
            }
            News::Sight(sight) => self.see(sight),
            News::Webcam(err) => {
                if self.shown.webcam && err.is_some() {
                    self.bell.ring(Chime::Trouble);
                }
                self.shown.webcam = err.is_none();
                self.set_trouble(TroubleKind::Webcam, err.map(|err| trouble::webcam(&err)));
            }
            News::CardChecked(left) => self.card_checked(left),
            News::Ended(name) => self.set_trouble(TroubleKind::Worker, Some(trouble::worker_ended(name))),
            News::NoLiveView => self.finder.has_none(),
            News::NoPrompter => self.set_trouble(TroubleKind::Notice, Some(trouble::no_prompter())),
            News::Delivered(objects) => self.delivered(&objects),
            News::Unlocked => self.unlocked(),
            News::Checkpoint(noted) => self.checkpoint_made(noted),
            News::Courier(told) => self.courier_tells(told),
            News::Roster(news) => self.roster_news(news),
            News::IdCard(card) => self.card_laid(card),
            News::IdReader(err) => self.reader_stands(err.as_ref()),
        }
    }
}
