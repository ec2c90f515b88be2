//! The wired station: the camera, the darkroom and the clerk at work, and what the screen says of them.

mod assigning;
pub(crate) mod called;
mod day;
mod hinted;
mod notices;
mod retaking;
mod roster;
mod scanner;
mod sounds;
mod standing;
mod tray;

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use caiying::{
    camera::{Arrival, Camera, CameraError, CameraInfo, CameraNews, Holder, Jpeg, Stopper},
    language::Language,
    portrait::{FaceFinder, FinderError, Found, ModelFinder, Picture, PretendFinder},
    profile::Profile,
    scan::Sight,
    screens::{LiveView, TroubleKind, View, trouble},
    shift::{MakeFinder, Reception, Setup, Shift, ShiftError},
    shot::{Clock, Exposure, Origin, SittingId, Trigger},
    station::{Phase, Wish},
    vault::Mixed,
};
use tempfile::TempDir;

use crate::opened;
use crate::{sitter, world::code};

/// A camera that is there and hands over its pictures one after the other, the last again and again.
pub(crate) struct Plain {
    clock: Clock,
    pictures: Vec<Vec<u8>>,
    shots: u8,
    told: bool,
    fired: Option<SittingId>,
}

impl Plain {
    pub(crate) fn new(clock: Clock, pictures: Vec<Vec<u8>>) -> Self {
        Self { clock, pictures, shots: 0, told: false, fired: None }
    }

    /// The next picture with its own number in a comment: no two files of a camera are alike.
    fn another(&mut self) -> Arc<[u8]> {
        let picture = usize::from(self.shots).min(self.pictures.len() - 1);
        self.shots += 1;
        let comment = [0xff, 0xd8, 0xff, 0xfe, 0, 3, self.shots];
        [&comment, &self.pictures[picture][2..]].concat().into()
    }
}

impl Camera for Plain {
    fn fire(&mut self, sitting: SittingId) -> Result<(), CameraError> {
        self.fired = Some(sitting);
        Ok(())
    }

    fn next(&mut self, patience: Duration) -> CameraNews {
        if !std::mem::replace(&mut self.told, true) {
            return CameraNews::Connected(CameraInfo::default());
        }
        let Some(sitting) = self.fired.take() else {
            std::thread::sleep(patience);
            return CameraNews::Quiet;
        };
        CameraNews::Arrived(Arrival {
            trigger: Trigger::Station(sitting),
            exposed: Exposure::exactly(self.clock.now()),
            origin: Origin::default(),
            jpeg: Jpeg(self.another()),
        })
    }
}

/// A camera whose live view can be watched: whether it runs, and whether it has one at all.
#[derive(Clone, Default)]
struct Seeing {
    told: bool,
    runs: Arc<AtomicBool>,
    blind: Arc<AtomicBool>,
    gone: Arc<AtomicBool>,
}

impl Camera for Seeing {
    fn fire(&mut self, _sitting: SittingId) -> Result<(), CameraError> {
        Ok(())
    }

    fn next(&mut self, patience: Duration) -> CameraNews {
        std::thread::sleep(patience);
        let gone = self.gone.load(Ordering::Relaxed);
        match (std::mem::replace(&mut self.told, !gone), gone) {
            (false, false) => CameraNews::Connected(CameraInfo::default()),
            (true, true) => CameraNews::Lost(CameraError::NotFound),
            _ => CameraNews::Quiet,
        }
    }

    fn frame(&mut self) -> Result<Option<Jpeg>, CameraError> {
        if self.blind.load(Ordering::Relaxed) {
            return Err(CameraError::NoLiveView);
        }
        if !self.told {
            return Err(CameraError::NotFound);
        }
        self.runs.store(true, Ordering::Relaxed);
        let grey = include_bytes!("../virtual-camera/assets/grey.jpg");
        Ok(Some(Jpeg(grey.as_slice().into())))
    }

    fn end_live(&mut self) {
        self.runs.store(false, Ordering::Relaxed);
    }
}

/// A camera that fires and hands over nothing.
struct Dark;

impl Camera for Dark {
    fn fire(&mut self, _sitting: SittingId) -> Result<(), CameraError> {
        Ok(())
    }

    fn next(&mut self, patience: Duration) -> CameraNews {
        std::thread::sleep(patience);
        CameraNews::Quiet
    }
}

/// A camera that says what a person must know, and then hangs until it is stopped.
#[derive(Default)]
struct Hung {
    noticed: bool,
    stopped: Arc<AtomicBool>,
}

impl Camera for Hung {
    fn fire(&mut self, _sitting: SittingId) -> Result<(), CameraError> {
        Ok(())
    }

    fn next(&mut self, patience: Duration) -> CameraNews {
        let since = Instant::now();
        while self.noticed && !self.stopped.load(Ordering::Relaxed) && since.elapsed().as_secs() < 30 {
            std::thread::sleep(patience);
        }
        CameraNews::Quiet
    }

    fn notice(&mut self) -> Option<CameraError> {
        (!std::mem::replace(&mut self.noticed, true)).then_some(CameraError::NoClock)
    }

    fn stopper(&self) -> Option<Stopper> {
        let stopped = Arc::clone(&self.stopped);
        Some(Box::new(move || stopped.store(true, Ordering::Relaxed)))
    }
}

/// A camera that the file manager holds until it is asked to let it go.
#[derive(Default)]
struct Held {
    told: bool,
    released: bool,
}

impl Camera for Held {
    fn fire(&mut self, _sitting: SittingId) -> Result<(), CameraError> {
        Err(CameraError::NotFound)
    }

    fn next(&mut self, patience: Duration) -> CameraNews {
        std::thread::sleep(patience);
        match (std::mem::replace(&mut self.told, true), std::mem::take(&mut self.released)) {
            (false, _) => CameraNews::Lost(CameraError::Claimed { by: Some(Holder::Gvfs { program: None }) }),
            (true, true) => CameraNews::Connected(CameraInfo::default()),
            (true, false) => CameraNews::Quiet,
        }
    }

    fn release(&mut self) -> Result<(), CameraError> {
        self.released = true;
        Ok(())
    }
}

/// A camera whose driver has a bug.
struct Broken;

impl Camera for Broken {
    fn fire(&mut self, _sitting: SittingId) -> Result<(), CameraError> {
        Ok(())
    }

    fn next(&mut self, _patience: Duration) -> CameraNews {
        panic!("a bug in a driver")
    }
}

/// A finder that panics over the first picture and sees nobody in the others.
struct Stumbling(bool);

impl FaceFinder for Stumbling {
    fn find(&mut self, _picture: &Picture, _min_score: f64) -> Result<Found, FinderError> {
        assert!(std::mem::replace(&mut self.0, true), "a bug in a model");
        Ok(Found::default())
    }
}

pub(crate) fn plain(clock: Clock) -> Box<dyn Camera> {
    Box::new(Plain::new(clock, vec![sitter::jpeg(&sitter::well_seated())]))
}

fn begin(camera: impl FnOnce(Clock) -> Box<dyn Camera>, finder: MakeFinder) -> (TempDir, Shift) {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::start();
    let shift = Shift::begin(setup(&folder.path().join("store"), clock, camera(clock), finder)).unwrap();
    (folder, shift)
}

pub(crate) fn setup(store: &Path, clock: Clock, camera: Box<dyn Camera>, finder: MakeFinder) -> Setup {
    Setup {
        store: opened::store(store),
        station: "A1".to_owned(),
        profile: Arc::new(Profile::builtin("chsi_2017_99").unwrap()),
        camera,
        by_hand: false,
        webcam: None,
        finder,
        glancer: Box::new(|| Ok(Box::new(PretendFinder::default()))),
        clock,
        wake: Arc::new(|| {}),
        rehearsal: true,
        language: Language::Chinese,
        reception: Reception::default(),
        id_reader: None,
        calibration: None,
    }
}

/// Lets the station work until its screen shows what is awaited.
pub(crate) fn until(shift: &mut Shift, what: &str, awaited: impl Fn(&View) -> bool) -> View {
    let since = Instant::now();
    loop {
        shift.pump();
        let view = shift.view();
        if awaited(&view) {
            return view;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "waited in vain until {what}: {view:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A finder that needs a while.
struct Slow(ModelFinder);

impl FaceFinder for Slow {
    fn find(&mut self, picture: &Picture, min_score: f64) -> Result<Found, FinderError> {
        std::thread::sleep(Duration::from_millis(400));
        self.0.find(picture, min_score)
    }
}

fn slow() -> MakeFinder {
    Box::new(|| Ok(Box::new(Slow(ModelFinder::new()?))))
}

fn originals(store: &Path) -> usize {
    let (clerk, _) = opened::clerk(store, "test", "p", Clock::start().now()).unwrap();
    clerk.ledger().shots().unwrap().len()
}

fn worker_ended(view: &View) -> bool {
    view.troubles.iter().any(|trouble| trouble.kind == TroubleKind::Worker)
}

pub(crate) fn show(shift: &mut Shift, n: u8) {
    shift.see(Sight::Gone);
    shift.see(Sight::Seen(code(n)));
}

pub(crate) fn keep(shift: &mut Shift, n: u8) {
    show(shift, n);
    shift.wish(Wish::Fire);
    until(shift, "a portrait is judged", |view| matches!(view.phase, Phase::Reviewing(..)));
    shift.wish(Wish::Keep);
    until(shift, "it is saved", |view| view.saved == Some(code(n).fingerprint()));
}

#[test]
fn a_worker_that_ended_is_told_and_stays_told() {
    let lazy: MakeFinder = Box::new(|| Ok(Box::new(Stumbling(true))));
    let (_folder, mut shift) = begin(|_| Box::new(Broken), lazy);
    until(&mut shift, "the camera's end is told", worker_ended);
    shift.pump();
    assert!(worker_ended(&shift.view()), "the next glance forgot it");

    let none: MakeFinder = Box::new(|| panic!("a bug in loading"));
    let (_folder, mut shift) = begin(plain, none);
    until(&mut shift, "the darkroom's end is told", worker_ended);
}

#[test]
fn a_panic_over_one_shot_declines_it_and_the_next_is_looked_at() {
    let (_folder, mut shift) = begin(plain, Box::new(|| Ok(Box::new(Stumbling(false)))));
    until(&mut shift, "the camera is there", |view| view.camera.connected);
    show(&mut shift, 1);
    for takes in 1..=2 {
        shift.wish(Wish::Fire);
        let view = until(&mut shift, "the shot is declined", |view| {
            view.declined.is_some() && view.student.as_ref().is_some_and(|student| student.takes == takes)
        });
        assert!(!worker_ended(&view));
    }
}

#[test]
fn beside_a_code_that_is_asked_about_nobody_elses_portrait_stands() {
    let (_folder, mut shift) = begin(plain, Box::new(|| Ok(Box::new(ModelFinder::new()?))));
    until(&mut shift, "the camera is there", |view| view.camera.connected);
    keep(&mut shift, 1);
    keep(&mut shift, 2);
    assert!(shift.view().portrait.is_some(), "the last portrait stays until the next student");
    show(&mut shift, 1);
    let view = until(&mut shift, "it is asked", |view| matches!(view.phase, Phase::KeptBefore(_)));
    assert_eq!((view.portrait, view.saved), (None, None));
    shift.wish(Wish::Dismiss);
    assert!(matches!(shift.view().phase, Phase::Idle));
}

#[test]
fn a_late_result_is_not_shown_under_the_next_student() {
    let (_folder, mut shift) = begin(plain, slow());
    until(&mut shift, "the camera is there", |view| view.camera.connected);
    show(&mut shift, 1);
    shift.wish(Wish::Fire);
    until(&mut shift, "a shot is looked at", |view| matches!(view.phase, Phase::Shot(..)));
    shift.wish(Wish::Dismiss);
    show(&mut shift, 2);
    let since = Instant::now();
    while since.elapsed() < Duration::from_millis(1500) {
        let view = until(&mut shift, "whatever", |_view| true);
        assert!(view.declined.is_none() && view.portrait.is_none(), "{view:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn what_had_arrived_when_the_window_closed_is_on_the_shelf() {
    for glances in 0..2 {
        let (folder, mut shift) = begin(plain, slow());
        until(&mut shift, "the camera is there", |view| view.camera.connected);
        show(&mut shift, 1);
        shift.wish(Wish::Fire);
        for _ in 0..glances {
            std::thread::sleep(Duration::from_millis(60));
            shift.pump();
        }
        drop(shift);
        assert_eq!(originals(&folder.path().join("store")), 1, "after {glances} glances");
    }
}

/// The operator closes the window: the card is looked at once more, and then he may go.
fn leaves(shift: &mut Shift) {
    assert!(!shift.may_close(), "the card is looked at first");
    let since = Instant::now();
    while !shift.is_over() {
        assert!(since.elapsed() < Duration::from_secs(30), "{:?}", shift.view());
        shift.pump();
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(shift.may_close(), "there is nothing to lose");
}

/// A camera that finds a file on its card when it is told to: exposed before anybody sat.
struct Finder {
    shot: Option<Arrival>,
    told: bool,
    now: Arc<AtomicBool>,
}

impl Camera for Finder {
    fn fire(&mut self, _sitting: SittingId) -> Result<(), CameraError> {
        Ok(())
    }

    fn next(&mut self, patience: Duration) -> CameraNews {
        if !std::mem::replace(&mut self.told, true) {
            return CameraNews::Connected(CameraInfo::default());
        }
        std::thread::sleep(patience);
        let found = self.now.load(Ordering::Relaxed).then(|| self.shot.take()).flatten();
        found.map_or(CameraNews::Quiet, CameraNews::Arrived)
    }
}

/// Whoever sits has nothing to do with it, and need not be shot again.
#[test]
fn what_was_found_on_the_card_troubles_nobody_who_sat_down_since() {
    for (sat_before, noticed) in [(false, false), (true, true)] {
        let now = Arc::new(AtomicBool::new(false));
        let camera = |clock: Clock| -> Box<dyn Camera> {
            let seen = clock.now().plus_ms(if sat_before { 60_000 } else { 0 });
            let (exposed, origin) = (Exposure::some_time_before(seen), Origin::default());
            let jpeg = Jpeg(sitter::jpeg(&sitter::well_seated()).into());
            let shot = Some(Arrival { trigger: Trigger::Body, exposed, origin, jpeg });
            Box::new(Finder { shot, told: false, now: Arc::clone(&now) })
        };
        let (_folder, mut shift) = begin(camera, slow());
        until(&mut shift, "the camera is there", |view| view.camera.connected);
        std::thread::sleep(Duration::from_millis(20));
        show(&mut shift, 1);
        now.store(true, Ordering::Relaxed);
        let view = until(&mut shift, "it is set aside", |view| view.tally.strays == 1);
        let told = view.troubles.iter().any(|trouble| trouble.kind == TroubleKind::Notice);
        assert_eq!(told, noticed, "{view:?}");
    }
}

/// A camera on whose card there is always one more file; or one that it gave up.
struct Bottomless {
    looked: bool,
    given_up: bool,
}

impl Camera for Bottomless {
    fn fire(&mut self, _sitting: SittingId) -> Result<(), CameraError> {
        Ok(())
    }

    fn next(&mut self, patience: Duration) -> CameraNews {
        if !std::mem::replace(&mut self.looked, true) {
            return CameraNews::Connected(CameraInfo::default());
        }
        std::thread::sleep(patience);
        CameraNews::Quiet
    }

    fn look_again(&mut self) {
        self.looked = false;
    }

    fn owed(&self) -> Option<usize> {
        self.looked.then_some(usize::from(!self.given_up))
    }

    fn given_up(&self) -> usize {
        usize::from(self.given_up)
    }
}

#[test]
fn what_is_left_on_the_card_at_the_days_end_is_said() {
    for given_up in [false, true] {
        let (_folder, mut shift) = begin(|_| Box::new(Bottomless { looked: false, given_up }), slow());
        until(&mut shift, "the camera is there", |view| view.camera.connected);
        assert!(!shift.may_close());
        let left = |view: &View| {
            let closing = view.troubles.iter().find(|trouble| trouble.kind == TroubleKind::Closing);
            closing.is_some_and(|trouble| trouble.words.headline.zh.contains("1 张"))
        };
        let view = until(&mut shift, "it is said", left);
        assert!(!shift.is_over() && shift.may_close(), "{view:?}: and he may insist");
    }
}

#[test]
fn nothing_begins_anew_while_a_student_sits() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::start();
    let finder: MakeFinder = Box::new(|| Ok(Box::new(PretendFinder::default())));
    let setup = setup(&folder.path().join("store"), clock, plain(clock), finder);
    let mut shift = Shift::begin(Setup { rehearsal: false, ..setup }).unwrap();
    assert_eq!(shift.why_not_anew(), None);
    show(&mut shift, 1);
    assert_eq!(shift.why_not_anew(), Some(trouble::not_while_seated()));
}

#[test]
fn who_closes_over_unsaved_photos_is_told_first() {
    let (folder, mut shift) = begin(plain, slow());
    until(&mut shift, "the camera is there", |view| view.camera.connected);
    leaves(&mut shift);
    shift.wish(Wish::Dismiss);
    assert!(!shift.is_over(), "work goes on");
    assert_eq!(shift.why_not_anew(), None);
    let tmp = folder.path().join("store/vault/tmp");
    fs::remove_dir(&tmp).unwrap();
    fs::write(&tmp, "in the way").unwrap();
    show(&mut shift, 1);
    assert_eq!(shift.why_not_anew(), None, "whoever sits in a rehearsal is nobody");
    shift.wish(Wish::Fire);
    let record = |view: &View| view.troubles.iter().any(|trouble| trouble.kind == TroubleKind::Record);
    until(&mut shift, "the disk refuses", record);
    assert!(!shift.may_close() && shift.may_close(), "told once, then it is his word");
    shift.wish(Wish::Dismiss);
    assert_eq!(shift.why_not_anew(), Some(trouble::unsaved_yet()));
    fs::remove_file(&tmp).unwrap();
    fs::create_dir(&tmp).unwrap();
    let well = until(&mut shift, "it is written after all", |view| !record(view));
    assert!(!well.troubles.iter().any(|trouble| trouble.kind == TroubleKind::Closing));
    drop(shift);
    assert_eq!(originals(&folder.path().join("store")), 1);
}

#[test]
fn a_camera_that_hangs_is_stopped_at_closing_and_what_it_said_is_on_the_screen() {
    let hung = Hung::default();
    let stopped = Arc::clone(&hung.stopped);
    let (_folder, mut shift) = begin(|_| Box::new(hung), slow());
    let noticed = |view: &View| view.troubles.iter().any(|trouble| trouble.kind == TroubleKind::CameraClock);
    until(&mut shift, "the camera's word is shown", noticed);
    drop(shift);
    assert!(stopped.load(Ordering::Relaxed), "closing waited until the camera came back by itself");
}

#[test]
fn a_shot_that_never_comes_is_given_up_and_space_works_again() {
    let (_folder, mut shift) = begin(|_| Box::new(Dark), slow());
    show(&mut shift, 1);
    shift.wish(Wish::Fire);
    let fired = |view: &View| matches!(&view.phase, Phase::CodeScanned(sitting) if sitting.fired);
    until(&mut shift, "it is fired", fired);
    let view = until(&mut shift, "it is given up", |view| !fired(view));
    assert!(view.troubles.iter().any(|trouble| trouble.kind == TroubleKind::Order), "{view:?}");
}

#[test]
fn a_rehearsal_and_real_students_never_share_a_store() {
    let folder = tempfile::tempdir().unwrap();
    let (rehearsed, real) = (folder.path().join("rehearsed"), folder.path().join("real"));
    let clock = Clock::start();
    let begin = |store: &Path, rehearsal| {
        Shift::begin(Setup { rehearsal, ..setup(store, clock, Box::new(Dark), slow()) })
    };
    for _again in 0..2 {
        begin(&rehearsed, true).unwrap();
        begin(&real, false).unwrap();
    }
    assert!(matches!(begin(&rehearsed, false), Err(ShiftError::Mixed(Mixed::Rehearsed))));
    assert!(matches!(begin(&real, true), Err(ShiftError::Mixed(Mixed::RealStudents))));
}

#[test]
fn nobody_is_photographed_into_a_store_that_has_lost_a_photo() {
    let store = tempfile::tempdir().unwrap();
    let clock = Clock::start();
    let (mut clerk, _) = opened::clerk(store.path(), "A1", "chsi_2017_99", clock.now()).unwrap();
    clerk.shelve(clock.now(), &crate::world::shot(1, Trigger::Body, 2), None).unwrap();
    let object = clerk.ledger().shots().unwrap()[0].object.to_string();
    drop(clerk);
    let (path, aside) =
        (store.path().join("vault").join(&object[..2]).join(&object), store.path().join("aside"));
    let begin =
        || Shift::begin(Setup { rehearsal: false, ..setup(store.path(), clock, Box::new(Dark), slow()) });
    begin().unwrap();
    fs::rename(&path, &aside).unwrap();
    assert!(matches!(begin(), Err(ShiftError::PhotosLost(1))));
    fs::rename(&aside, &path).unwrap();
    begin().unwrap();
}

#[test]
fn a_camera_that_is_held_says_by_whom_and_is_released_by_one_key() {
    let (_store, mut shift) = begin(|_| Box::new(Held::default()), slow());
    let view = until(&mut shift, "the camera is held", |view| view.camera.held);
    assert!(view.troubles.iter().any(|trouble| trouble.words.headline.zh.contains("gvfs")), "{view:?}");
    assert!(!shift.has_camera());
    shift.release_camera();
    until(&mut shift, "the camera is there", |view| view.camera.connected && !view.camera.held);
}

fn is_seen(view: &View) -> bool {
    matches!(&view.live, LiveView::Frame(frame) if frame.picture.width == 960)
}

#[test]
fn a_student_is_seen_from_when_he_sits_until_the_operator_has_seen_enough() {
    let camera = Seeing::default();
    let (runs, gone) = (Arc::clone(&camera.runs), Arc::clone(&camera.gone));
    let (_folder, mut shift) = begin(|_| Box::new(camera), slow());
    shift.watch();
    until(&mut shift, "the camera is there", |view| view.camera.connected);
    assert_eq!(shift.view().live, LiveView::Off);
    show(&mut shift, 1);
    assert_eq!(shift.view().live, LiveView::Awaited);
    until(&mut shift, "he is seen", is_seen);
    gone.store(true, Ordering::Relaxed);
    let view = until(&mut shift, "the camera is lost", |view| !view.camera.connected);
    assert_eq!(view.live, LiveView::Awaited, "what was seen last is not what stands there now");
    gone.store(false, Ordering::Relaxed);
    until(&mut shift, "he is seen again", is_seen);
    shift.turn_live();
    until(&mut shift, "the camera looks no more", |_| !runs.load(Ordering::Relaxed));
    assert_eq!(shift.view().live, LiveView::Off);
    shift.turn_live();
    until(&mut shift, "he is seen once more", is_seen);
}

#[test]
fn nobody_is_seen_when_nobody_watches_and_a_camera_without_live_view_is_told_and_tried_again() {
    let camera = Seeing::default();
    let (runs, blind) = (Arc::clone(&camera.runs), Arc::clone(&camera.blind));
    let (_folder, mut shift) = begin(|_| Box::new(camera), slow());
    until(&mut shift, "the camera is there", |view| view.camera.connected);
    show(&mut shift, 1);
    std::thread::sleep(Duration::from_millis(200));
    assert!(!runs.load(Ordering::Relaxed));
    blind.store(true, Ordering::Relaxed);
    shift.watch();
    shift.wish(Wish::Dismiss);
    show(&mut shift, 2);
    until(&mut shift, "it is told", |view| view.live == LiveView::Absent);
    shift.turn_live();
    until(&mut shift, "it is told again", |view| view.live == LiveView::Absent);
    blind.store(false, Ordering::Relaxed);
    show(&mut shift, 3);
    assert_eq!(shift.view().live, LiveView::Absent);
    shift.turn_live();
    until(&mut shift, "it works after all", is_seen);
}
