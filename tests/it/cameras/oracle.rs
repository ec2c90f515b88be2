//! Stories of a whole station over the real libgphoto2, and a judge who knows the truth: the virtual camera's
//! own list of what it exposed, with whoever stood before the lens.

use std::{collections::BTreeMap, path::Path};

use virtual_camera::Exposure;

use super::{
    station::{Order, Plan, Station},
    *,
};
use crate::opened;

/// Files are stored within this, whatever happened; under load, with several connections in between.
const STORED_WITHIN: Duration = Duration::from_secs(90);

/// Nobody stands before the lens.
const NOBODY: &str = "nobody";

/// A station, its camera and the story of their day.
pub(super) struct Story {
    pub(super) body: VirtualCamera,
    pub(super) station: Station,
    plan: Plan,
    /// What bodies exposed that are gone now.
    past: Vec<Exposure>,
    students: u64,
    home: tempfile::TempDir,
}

impl Story {
    /// A station at work with a camera out of its box.
    pub(super) fn begin(options: &Options) -> Self {
        Self::begin_with(options, Duration::from_secs(20))
    }

    /// The same with a station that waits no longer than this for an answer.
    pub(super) fn begin_with(options: &Options, answers_within: Duration) -> Self {
        let home = tempfile::tempdir().unwrap();
        let body = VirtualCamera::start(options).unwrap();
        body.set_scene(NOBODY, GREY).unwrap();
        let plan = Plan {
            store: home.path().join("store"),
            program: camera_process(&body, home.path()),
            port: body.gphoto_port(),
            answers_within_ms: u64::try_from(answers_within.as_millis()).unwrap(),
        };
        let story = Self { body, station: Station::start(&plan), plan, past: vec![], students: 0, home };
        story.until_connected();
        story
    }

    #[track_caller]
    pub(super) fn until_connected(&self) {
        self.station.until("the camera is there", STORED_WITHIN, |seen| seen.connected);
    }

    #[track_caller]
    pub(super) fn until_lost(&self) {
        self.station.until("the camera is missed", STORED_WITHIN, |seen| !seen.connected);
    }

    /// The next student shows a code, sits down and stands before the lens.
    pub(super) fn sit(&mut self) {
        self.students += 1;
        let code = format!("CODE-{}", self.students);
        self.station.obey(&Order::Show(code.clone()));
        assert_eq!(self.station.glance().sitter.as_ref(), Some(&code));
        self.body.set_scene(&code, GREY).unwrap();
    }

    /// The student leaves. Whoever is photographed from now on is nobody, until the next one sits.
    pub(super) fn stand(&mut self) {
        self.station.obey(&Order::Dismiss);
        assert_eq!(self.station.glance().sitter, None);
        self.body.set_scene(NOBODY, GREY).unwrap();
    }

    /// The photographer presses the button.
    pub(super) fn press(&self) {
        self.body.press_shutter().unwrap();
    }

    /// The operator fires, if the station lets him.
    pub(super) fn fire(&mut self) {
        self.station.obey(&Order::Fire);
    }

    /// The operator fires as soon as the station lets him, and waits until something came of it, or did not.
    pub(super) fn fire_and_see(&mut self) {
        // What came late may still be looked at.
        self.station.until("it may be fired", STORED_WITHIN, |seen| seen.ready);
        self.fire();
        self.station.until("it is over", STORED_WITHIN, |seen| seen.ready);
    }

    /// Everything that was exposed.
    pub(super) fn exposures(&self) -> Vec<Exposure> {
        [self.past.clone(), self.body.exposures()].concat()
    }

    /// Waits until the shelf holds as many files as were exposed.
    #[track_caller]
    pub(super) fn until_stored(&self) {
        // Counted anew each time: an order to fire may still be under way.
        let exposed = || self.exposures().len() as u64;
        self.station.until("every exposure is stored", STORED_WITHIN, |seen| seen.shots == exposed());
    }

    /// Fires until a shot is certainly the sitter's. The first ones after he sat down need not be: the camera's
    /// clock is known to a second and some.
    #[track_caller]
    pub(super) fn shoot_certainly(&mut self) {
        let (takes, since) = (self.station.glance().takes, Instant::now());
        while self.station.glance().takes == takes {
            assert!(since.elapsed() < STORED_WITHIN, "no shot is his: {:?}", self.station.glance());
            self.fire_and_see();
            thread::sleep(Duration::from_millis(250));
        }
        self.until_stored();
    }

    /// The process that serves the camera now.
    pub(super) fn camera_process(&self) -> String {
        let all = fs::read_to_string(self.home.path().join("processes")).unwrap();
        all.lines().last().unwrap().to_owned()
    }

    /// The station is killed, and another begins on the same store.
    pub(super) fn kill_the_station(self) -> Self {
        self.station.kill();
        let station = Station::start(&self.plan);
        Self { station, ..self }
    }

    /// Another body takes this one's place on the cable.
    pub(super) fn swap(&mut self, options: &Options) {
        let port = self.plan.port.rsplit(':').next().unwrap().parse().unwrap();
        self.body.unplug();
        self.past.extend(self.body.exposures());
        self.until_lost();
        let since = Instant::now();
        self.body = loop {
            match VirtualCamera::start(&Options { port, ..options.clone() }) {
                Ok(body) => break body,
                Err(err) => assert!(since.elapsed().as_secs() < 10, "{err}"),
            }
            thread::sleep(Duration::from_millis(50));
        };
        self.body.set_scene(NOBODY, GREY).unwrap();
        self.until_connected();
    }

    /// The end of every story: the station still does its work, without having been started again, and every
    /// exposure is stored once, under nobody's name but its own. Gives what was stored for whom.
    #[track_caller]
    pub(super) fn end(mut self) -> Judgement {
        self.until_connected();
        if self.station.glance().sitter.is_some() {
            self.stand();
        }
        self.until_stored();
        self.sit();
        self.shoot_certainly();
        self.station.close();
        let exposures = [self.past, self.body.exposures()].concat();
        let judgement = judge(&self.plan.store, &exposures);
        assert!(judgement.complaints.is_empty(), "{:#?}", judgement.complaints);
        judgement
    }
}

/// What became of the exposures.
#[derive(Debug, Default)]
pub(super) struct Judgement {
    /// Those stored for the student who stood before the lens, by number.
    pub(super) owned: Vec<u64>,
    /// Those stored for nobody.
    pub(super) strays: Vec<u64>,
    /// What must never be.
    pub(super) complaints: Vec<String>,
}

/// Compares a store with the truth.
fn judge(store: &Path, exposures: &[Exposure]) -> Judgement {
    let mut judgement = Judgement::default();
    let report = opened::verify(store).unwrap();
    if !report.faults.is_empty() || report.orphans > 0 {
        judgement.complaints.push(format!("the store is not sound: {report:?}"));
    }
    let ledger = opened::ledger(store).unwrap();
    let mut stored: BTreeMap<String, Vec<Option<String>>> = BTreeMap::new();
    for shot in ledger.shots().unwrap() {
        let sitting = shot.sitting.map(|id| ledger.sitting(id).unwrap().unwrap());
        let owner = sitting.map(|sitting| sitting.code.expose().to_owned());
        stored.entry(shot.jpeg.to_string()).or_default().push(owner);
    }
    for exposure in exposures {
        match stored.remove(&exposure.sha256).as_deref() {
            None => judgement.complaints.push(format!("lost: {exposure:?}")),
            Some([None]) => judgement.strays.push(exposure.number),
            Some([Some(owner)]) if *owner == exposure.label => judgement.owned.push(exposure.number),
            Some([Some(owner)]) => judgement.complaints.push(format!("given to {owner}: {exposure:?}")),
            Some(_) => judgement.complaints.push(format!("stored more than once: {exposure:?}")),
        }
    }
    judgement.complaints.extend(stored.keys().map(|file| format!("nobody exposed {file}")));
    judgement
}

/// A judge who finds nothing wrong must be able to.
#[test]
fn the_judge_notices_what_must_never_be() {
    use crate::world::{at, code};
    use caiying::{
        shot::{Origin, Shot, ShotId},
        station::{SeenCode, Sitting},
    };

    let body = VirtualCamera::start(&Options::default()).unwrap();
    body.set_scene("CODE-1", GREY).unwrap();
    for _ in 0..4 {
        body.press_shutter().unwrap();
    }
    let truth = body.exposures();
    let store = tempfile::tempdir().unwrap();
    let (mut clerk, _) = opened::clerk(store.path(), "A1", "chsi_2017_99", at(0)).unwrap();
    let sitting = |n: u8| Sitting::new(SittingId(n.into()), SeenCode::unread(code(n)), at(1), false);
    // What the camera's files hold is known by their sum alone; any bytes will do here.
    let files: Vec<Vec<u8>> = (0..4).map(|n: u8| vec![n; 100]).collect();
    let truth: Vec<Exposure> = truth
        .into_iter()
        .zip(&files)
        .map(|(exposure, file)| Exposure { sha256: Digest::of(file).to_string(), ..exposure })
        .collect();
    for (n, owner) in [(0, Some(1)), (1, Some(2)), (2, None)] {
        let (id, jpeg) = (ShotId(n + 1), files[n as usize].clone().into());
        let exposed = caiying::shot::Exposure::exactly(at(2));
        let shot = Shot { id, trigger: Trigger::Body, exposed, origin: Origin::default(), jpeg };
        clerk.shelve(at(3), &shot, owner.map(sitting).as_ref()).unwrap();
    }
    drop(clerk);
    let judgement = judge(store.path(), &truth);
    assert_eq!((judgement.owned, judgement.strays), (vec![1], vec![3]));
    let found: Vec<&str> = judgement.complaints.iter().map(|said| said.split(':').next().unwrap()).collect();
    assert_eq!(found, ["given to CODE-2", "lost"]);
    let unknown = judge(store.path(), &truth[1..]).complaints;
    assert!(unknown.iter().any(|said| said.starts_with("nobody exposed")), "{unknown:?}");
}
