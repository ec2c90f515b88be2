//! A card in a reader, and a hot folder at the start of the program: compared with the store as a card in a
//! camera is.

use super::*;
use crate::opened;
use caiying::{
    camera::Known,
    shot::{Exposure, Moment, Origin, Shot, ShotId},
};
use std::process::{Command, Output};

const SERIAL: &str = "033021001234";
const MINUTE_MS: i64 = 60_000;

/// A file of the camera, exposed then by a clock that stands as the computer's.
fn picture(at: Moment) -> Vec<u8> {
    stamped(GREY, CameraTime { ms: at.0, span_ms: 10 }, "a model", SERIAL)
}

fn hot_folder(folder: &Path, clock: Clock, known: Known) -> FolderCamera {
    let mut camera = FolderCamera::new(folder.to_owned(), clock, ClockOffset { least: -1500, most: 1500 });
    camera.compare_with(known);
    camera
}

/// Everything that is handed over until nothing is owed.
fn everything(camera: &mut dyn Camera) -> Vec<Arrival> {
    let (mut arrived, until) = (vec![], Instant::now() + Duration::from_secs(60));
    while camera.owed() != Some(0) {
        assert!(Instant::now() < until, "{:?} are owed for ever", camera.owed());
        match camera.next(PATIENCE) {
            CameraNews::Arrived(arrival) => arrived.push(arrival),
            CameraNews::Quiet | CameraNews::Connected(_) => {}
            CameraNews::Lost(err) => panic!("{err}"),
        }
    }
    arrived
}

fn names(arrivals: &[Arrival]) -> Vec<&str> {
    arrivals.iter().map(|arrival| arrival.origin.name.as_str()).collect()
}

#[test]
fn a_hot_folder_is_compared_with_the_store_at_the_start() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::start());
    let began = clock.now().plus_ms(-10 * MINUTE_MS);
    let write = |name: &str, minutes_ago: i64| {
        let file = picture(clock.now().plus_ms(-minutes_ago * MINUTE_MS));
        fs::write(folder.path().join(name), &file).unwrap();
        file
    };
    write("A_OLDER.JPG", 30);
    write("B_MISSING.JPG", 5);
    let kept = write("C_KEPT.JPG", 4);
    fs::write(folder.path().join("D_TIMELESS.JPG"), GREY).unwrap();
    let known = Known::new(began, [(Origin::default(), Digest::of(&kept))]);
    let mut camera = hot_folder(folder.path(), clock, known);
    connected(&mut camera);
    assert_eq!(camera.owed(), Some(4));
    let arrived = everything(&mut camera);
    assert_eq!(names(&arrived), ["B_MISSING.JPG", "D_TIMELESS.JPG"]);
    assert!(arrived.iter().all(|arrival| arrival.exposed.earliest == Moment::UNKNOWN), "nobody's");
    assert_eq!(notices(&mut camera), [CameraError::OlderOnCard { count: 1 }]);

    // At the next start they are known where they lie; what comes is a shot as ever.
    let shots = arrived.into_iter().map(|arrival| (arrival.origin, Digest::of(&arrival.jpeg.0)));
    let known = Known::new(began, shots.chain([(Origin::default(), Digest::of(&kept))]));
    disturb(&folder.path().join("B_MISSING.JPG"));
    let mut camera = hot_folder(folder.path(), clock, known);
    connected(&mut camera);
    assert_eq!(everything(&mut camera).len(), 0, "not even opened");
    write("E_NOW.JPG", 0);
    let now = arrival(&mut camera);
    assert_eq!((now.origin.name.as_str(), now.trigger), ("E_NOW.JPG", Trigger::Body));
    assert!(now.exposed.earliest > Moment::UNKNOWN);
}

/// Changes a byte in the middle of the picture, and nothing that is seen without reading that far.
fn disturb(path: &Path) {
    let (mut bytes, modified) = (fs::read(path).unwrap(), fs::metadata(path).unwrap().modified().unwrap());
    let place = bytes.len() - 9;
    bytes[place] ^= 1;
    fs::write(path, bytes).unwrap();
    fs::File::options().append(true).open(path).unwrap().set_modified(modified).unwrap();
}

/// It was just being written when we came.
#[test]
fn a_file_that_was_not_whole_at_the_start_is_taken_when_it_is() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::start());
    let (path, whole) = (folder.path().join("SLOW.JPG"), picture(clock.now()));
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let mut camera = hot_folder(folder.path(), clock, Known::new(clock.now(), []));
    connected(&mut camera);
    quiet(&mut camera, Duration::from_millis(700));
    fs::write(&path, &whole).unwrap();
    assert_eq!(arrival(&mut camera).jpeg.0.as_ref(), whole);
    quiet(&mut camera, Duration::from_millis(500));
}

/// A store that knows one shot, which was fetched over the cable; and the camera's card.
struct Scene {
    place: tempfile::TempDir,
}

impl Scene {
    fn set(clock: Clock) -> Self {
        let place = tempfile::tempdir().unwrap();
        let scene = Self { place };
        let dcim = scene.card().join("DCIM/100CANON");
        fs::create_dir_all(&dcim).unwrap();
        let mut clerk = opened::clerk(scene.store(), "1", "test", clock.now()).unwrap().0;
        let (at, file) = (clock.now(), picture(clock.now()));
        let written = Some(at.0 / 1000 * 1000);
        let (camera, folder) = (SERIAL.to_owned(), "/store_00020001/DCIM/100CANON".to_owned());
        let bytes = Some(file.len() as u64);
        let origin = Origin { camera, folder, name: "IMG_0002.JPG".to_owned(), bytes, written };
        let shot = Shot {
            id: ShotId(1),
            trigger: Trigger::Body,
            exposed: Exposure::exactly(at),
            origin,
            jpeg: file.clone().into(),
        };
        clerk.shelve(at, &shot, None).unwrap();
        fs::write(dcim.join("IMG_0001.JPG"), picture(at.plus_ms(-3 * 24 * 60 * MINUTE_MS))).unwrap();
        fs::write(dcim.join("IMG_0002.JPG"), file).unwrap();
        // What its head says is enough: the rest of a card of ten gigabytes is not read.
        disturb(&dcim.join("IMG_0002.JPG"));
        fs::write(dcim.join("IMG_0003.JPG"), picture(at.plus_ms(2_000))).unwrap();
        fs::write(dcim.join("IMG_0003.CR2"), "raw").unwrap();
        scene
    }

    fn card(&self) -> PathBuf {
        self.place.path().join("card")
    }

    fn store(&self) -> PathBuf {
        self.place.path().join("store")
    }

    fn import(&self, more: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_caiying"));
        command.args(["camera", "import"]).arg(self.card()).arg("--store").arg(self.store()).args(more);
        let home = self.place.path();
        command.env("HOME", home).env_remove("XDG_CONFIG_HOME").env_remove("XDG_DATA_HOME").output().unwrap()
    }

    /// What was fetched and what was left alone.
    fn count(&self, more: &[&str]) -> (u64, u64) {
        let said = self.import(&[more, &["--json"]].concat());
        assert!(said.status.success(), "{said:?}");
        let said: serde_json::Value = serde_json::from_slice(&said.stdout).unwrap();
        (said["fetched"].as_u64().unwrap(), said["older"].as_u64().unwrap())
    }

    fn shots(&self) -> usize {
        let report = opened::verify(self.store()).unwrap();
        assert_eq!(report.faults, []);
        report.shots
    }

    /// Everything on the card, with its bytes.
    fn card_now(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let files = fs::read_dir(self.card().join("DCIM/100CANON")).unwrap();
        let mut all: Vec<_> = files
            .map(|file| file.unwrap().path())
            .map(|path| (path.clone(), fs::read(path).unwrap()))
            .collect();
        all.sort();
        all
    }
}

#[test]
fn a_card_in_a_reader_gives_what_the_store_has_not() {
    let scene = Scene::set(Clock::start());
    let before = scene.card_now();
    for path in before.iter().map(|(path, _)| path.clone()).chain([scene.card().join("DCIM/100CANON")]) {
        let mut rights = fs::metadata(&path).unwrap().permissions();
        rights.set_readonly(true);
        fs::set_permissions(path, rights).unwrap();
    }
    assert_eq!(scene.count(&[]), (1, 1), "the missing one; not the one of three days before");
    assert_eq!(scene.shots(), 2);
    assert_eq!(scene.count(&[]), (0, 1), "nothing twice");
    assert_eq!(scene.count(&["--all"]), (1, 0));
    assert_eq!(scene.count(&["--all"]), (0, 0));
    assert_eq!(scene.shots(), 3);
    assert_eq!(scene.card_now(), before, "a locked card will do, and raw files stay where they are");
}

#[test]
fn an_import_says_in_words_what_is_wrong() {
    let scene = Scene::set(Clock::start());
    let words = |said: &Output| String::from_utf8_lossy(&said.stderr).into_owned();
    let clerk = opened::clerk(scene.store(), "1", "test", Clock::start().now()).unwrap();
    let said = scene.import(&[]);
    assert!(said.status.code() == Some(3) && words(&said).contains("请先关闭另一个窗口"), "{said:?}");
    drop(clerk);
    fs::remove_dir_all(scene.card()).unwrap();
    let said = scene.import(&[]);
    assert!(said.status.code() == Some(3) && words(&said).contains("无法读取"), "{said:?}");
    fs::remove_dir_all(scene.store()).unwrap();
    let said = scene.import(&[]);
    assert!(said.status.code() == Some(3) && !scene.store().exists(), "no store is made: {said:?}");
}
