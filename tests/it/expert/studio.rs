//! A hall at work: a school that gave its roster, a camera made of software behind the real libgphoto2, and two persons
//! who must stand for a stray. What a story leaves is judged by the ledger and by what the camera remembers.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use caiying::{
    ledger::Ledger,
    shot::{Clock, Digest, Moment, ShotId},
    student::{CaptureCode, Field, Roster},
};
use virtual_camera::{Options, VirtualCamera};

use super::stage::Stage;
use crate::{opened, sitter};

const ROSTER: &str = "学号,姓名,身份证号,学院,专业,班级\n\
    2024001,张小三,11010519491231002X,机电系,数控,1班\n\
    2024002,李四,440524188001010014,机电系,数控,1班\n\
    2024003,王小五,11010520060412002X,机电系,模具,2班\n";

const PROFILE: &str = "based_on = \"tender_freshmen\"\ntitle = \"某学院 新生\"\n[strays]\nfour_eyes = true\n";

/// So long the photographer compares the name. It is not the program he waits for: but a camera's clock tells whole
/// seconds, and what he fired within the first of them would be a stray, because it may have been his neighbour's.
const COMPARES: Duration = Duration::from_millis(1500);

/// The hall, its window and its camera. The window goes first: a camera that goes is a trouble.
pub(super) struct Studio {
    pub(super) stage: Stage,
    pub(super) camera: VirtualCamera,
    store: PathBuf,
}

impl Studio {
    /// Opens the window on a store that knows the roster, and waits until the camera is there.
    pub(super) fn open() -> Self {
        Self::of_profile(PROFILE)
    }

    /// The same where nobody may leave the station alone for longer than a minute.
    pub(super) fn that_locks_soon() -> Self {
        Self::of_profile(&format!("{PROFILE}[station]\nidle_lock_min = 1\n"))
    }

    /// The same whose work begins with a reference, where there is none of the day.
    pub(super) fn that_calibrates_first() -> Self {
        Self::with(PROFILE, "calibrate_first = true\n")
    }

    fn of_profile(profile: &str) -> Self {
        Self::with(profile, "")
    }

    fn with(profile: &str, settings: &str) -> Self {
        let scene = Some(sitter::jpeg(&sitter::well_seated()));
        let camera = VirtualCamera::start(&Options { scene, ..Options::default() }).unwrap();
        let port = camera.gphoto_port();
        let (stage, store) = hall(&port, profile, settings);
        let mut studio = Self { stage, camera, store };
        studio.stage.until(&["idle"]);
        studio
    }

    /// Seats whoever has this number, as whoever has no code is seated: searched, found, chosen; and compares the name.
    pub(super) fn seat(&mut self, number: &str) {
        self.call(number);
        self.compare();
    }

    /// Waits until he may be shot, and compares his name.
    pub(super) fn compare(&mut self) {
        self.stage.until(&["ready"]);
        thread::sleep(COMPARES);
    }

    /// Searches, finds, chooses.
    pub(super) fn call(&self, number: &str) {
        self.stage.until_shown("capture");
        self.stage.go("f", "search 0 typing");
        self.stage.types(number);
        self.stage.until_shown("search 1 typing");
        self.stage.go("Return", "search 1");
        self.stage.go("Return", "capture");
    }

    /// Shoots whoever sits, and keeps it.
    pub(super) fn shoot_and_keep(&mut self) {
        self.stage.press("space");
        self.stage.until(&["acceptable"]);
        self.stage.press("Return");
        self.stage.until(&["saved"]);
    }

    /// Where its store lies.
    pub(super) fn store(&self) -> &Path {
        &self.store
    }

    pub(super) fn ledger(&self) -> Ledger {
        opened::ledger(&self.store).unwrap()
    }

    /// Who has which portrait now, by student number: of which shot, and its object.
    pub(super) fn portraits(&self) -> Vec<(String, ShotId, Digest)> {
        let current = self.ledger().current().unwrap();
        current.into_iter().map(|parcel| (number_of(&parcel.code), parcel.shot, parcel.object)).collect()
    }

    /// Whoever has a portrait, by student number, in the order in which they were kept.
    pub(super) fn kept(&self) -> Vec<String> {
        self.portraits().into_iter().map(|(number, ..)| number).collect()
    }

    /// How many shots are in the ledger.
    pub(super) fn shots(&self) -> usize {
        self.ledger().shots().unwrap().len()
    }

    /// How many of them are nobody's.
    pub(super) fn strays(&self) -> u64 {
        self.ledger().tally(Moment(0)).unwrap().strays
    }

    /// Nothing the camera took is lost, nothing is doubled, and the ledger is sound: says how many shots.
    pub(super) fn is_whole(&self) -> usize {
        let taken = self.camera.exposures();
        let known = self.ledger().shots().unwrap();
        let taken_files: BTreeSet<_> = taken.iter().map(|exposure| exposure.sha256.clone()).collect();
        let known_files: BTreeSet<_> = known.iter().map(|shot| shot.jpeg.to_string()).collect();
        assert_eq!(taken_files, known_files, "what the camera took is what the ledger has");
        assert_eq!((taken.len(), known.len()), (taken_files.len(), known_files.len()), "each once");
        assert_eq!(self.ledger().unsound().unwrap(), []);
        known.len()
    }
}

/// The window at home in a new folder, on a store that knows the roster, with this camera.
pub(super) fn with_roster(camera: &str) -> (Stage, PathBuf) {
    hall(camera, PROFILE, "")
}

fn hall(camera: &str, profile: &str, settings: &str) -> (Stage, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let store = home.path().join("store");
    let profiles = home.path().join(".config/caiying/profiles");
    fs::create_dir_all(&profiles).unwrap();
    fs::write(profiles.join("hall.toml"), profile).unwrap();
    fs::write(home.path().join(".config/caiying/settings.toml"), settings).unwrap();
    opened::lock(&store);
    // At the command line two persons would have to stand for it; here one opens the window.
    let now = Clock::start().now();
    let (mut clerk, _) = opened::clerk(&store, "A1", "hall", now).unwrap();
    clerk.take_roster(now, &Roster::read(ROSTER.as_bytes()).unwrap()).unwrap();
    drop(clerk);
    let place = store.to_str().unwrap().to_owned();
    let arguments = ["--profile", "hall", "--store", &place, "--camera", camera, "--webcam", "none"];
    let stage = Stage::at(home, &arguments);
    stage.unlock();
    (stage, store)
}

/// Whose code it is: his student number.
pub(super) fn number_of(code: &CaptureCode) -> String {
    let roster = Roster::read(ROSTER.as_bytes()).unwrap();
    roster.find(code).and_then(|student| student.get(Field::StudentNumber)).unwrap_or_default().to_owned()
}
