//! What every camera must do, whatever it is made of. A new kind of camera adds one test that calls
//! [`keeps_the_contract`].

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use caiying::{
    camera::{
        Arrival, Camera, CameraError, CameraNews, ClockOffset,
        folder::FolderCamera,
        link::{Deadlines, LinkedCamera},
        rehearsal::{Stage, stamped},
    },
    shot::{CameraTime, Clock, Digest, SittingId, Trigger},
};
use virtual_camera::{Fault, Options, VirtualCamera};

const PATIENCE: Duration = Duration::from_millis(50);

/// The smallest thing that is a JPEG to everybody.
const GREY: &[u8] = include_bytes!("../virtual-camera/assets/grey.jpg");

/// What comes next that is not nothing.
fn news(camera: &mut dyn Camera) -> CameraNews {
    let until = Instant::now() + Duration::from_secs(30);
    while Instant::now() < until {
        match camera.next(PATIENCE) {
            CameraNews::Quiet => {}
            news => return news,
        }
    }
    panic!("nothing came");
}

fn connected(camera: &mut dyn Camera) {
    let news = news(camera);
    assert!(matches!(news, CameraNews::Connected(_)), "{news:?}");
}

fn lost(camera: &mut dyn Camera) -> CameraError {
    match news(camera) {
        CameraNews::Lost(err) => err,
        other => panic!("{other:?}"),
    }
}

fn arrival(camera: &mut dyn Camera) -> Arrival {
    match news(camera) {
        CameraNews::Arrived(arrival) => arrival,
        other => panic!("{other:?}"),
    }
}

fn quiet(camera: &mut dyn Camera, patience: Duration) {
    let until = Instant::now() + patience;
    while Instant::now() < until {
        let news = camera.next(PATIENCE);
        assert!(matches!(news, CameraNews::Quiet), "{news:?}");
    }
}

/// Connects; is quiet while nothing happens; hands over each exposure once, whole, however it was fired, and
/// never claims to know its moment better than it does.
fn keeps_the_contract(camera: &mut dyn Camera, clock: Clock, mut press: impl FnMut()) {
    connected(camera);
    quiet(camera, Duration::from_millis(300));

    let before = clock.now();
    let fired = camera.fire(SittingId(7));
    let expected = match fired {
        Ok(()) => Trigger::Station(SittingId(7)),
        Err(CameraError::FiredByHand) => {
            press();
            Trigger::Body
        }
        Err(err) => panic!("{err}"),
    };
    let first = arrival(camera);
    assert_eq!(first.trigger, expected);
    assert!(first.exposed.latest >= before, "exposed after it was asked for: {:?}", first.exposed);
    assert!(first.exposed.earliest <= clock.now(), "{:?}", first.exposed);

    let mut files = BTreeSet::from([Digest::of(&first.jpeg.0)]);
    for _ in 0..3 {
        let before = clock.now();
        press();
        let after = clock.now();
        let shot = arrival(camera);
        assert_eq!(shot.trigger, Trigger::Body);
        assert!(
            shot.exposed.earliest <= after && shot.exposed.latest >= before,
            "{:?} for {before:?}",
            shot.exposed
        );
        assert!(shot.jpeg.0.ends_with(&[0xff, 0xd9]), "whole");
        assert!(!shot.origin.name.is_empty() && !shot.origin.camera.is_empty(), "{:?}", shot.origin);
        assert!(files.insert(Digest::of(&shot.jpeg.0)), "each exposure is a file of its own, and comes once");
    }
    quiet(camera, Duration::from_millis(300));
}

#[test]
fn the_camera_that_plays_pictures() {
    let clock = Clock::start();
    let stage = Stage::new(clock, Duration::from_millis(20));
    stage.set_scene("a", GREY.into());
    keeps_the_contract(&mut stage.camera(), clock, || stage.press());
}

/// Writes files as a tether program does.
struct Tether {
    folder: PathBuf,
    clock: Clock,
    written: u32,
}

impl Tether {
    fn file(&self) -> Vec<u8> {
        stamped(GREY, CameraTime { ms: self.clock.now().0, span_ms: 1 }, "a model", "42")
    }

    fn write(&mut self, name: &str) {
        self.written += 1;
        fs::write(self.folder.join(name), self.file()).unwrap();
        // File systems and exposures are told apart by the millisecond.
        thread::sleep(Duration::from_millis(5));
    }
}

fn hot_folder(folder: &Path, clock: Clock) -> (FolderCamera, Tether) {
    let offset = ClockOffset { least: -10, most: 10 };
    let camera = FolderCamera::new(folder.to_owned(), clock, offset);
    (camera, Tether { folder: folder.to_owned(), clock, written: 0 })
}

#[test]
fn a_hot_folder() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::start());
    let (mut camera, mut tether) = hot_folder(folder.path(), clock);
    fs::write(folder.path().join("OLD.JPG"), GREY).unwrap();
    keeps_the_contract(&mut camera, clock, || {
        let name = format!("IMG_{:04}.JPG", tether.written);
        tether.write(&name);
    });
}

#[test]
fn a_file_is_taken_only_when_it_is_whole() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::start());
    let (mut camera, tether) = hot_folder(folder.path(), clock);
    connected(&mut camera);
    let whole = tether.file();
    let path = folder.path().join("SLOW.JPG");
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    quiet(&mut camera, Duration::from_millis(900));
    fs::write(&path, &whole).unwrap();
    assert_eq!(arrival(&mut camera).jpeg.0.as_ref(), whole);
    for other in [".hidden.jpg", "RAW.CR2", "notes.txt"] {
        fs::write(folder.path().join(other), &whole).unwrap();
    }
    quiet(&mut camera, Duration::from_millis(600));
}

#[test]
fn a_name_that_comes_again_is_another_file_and_a_folder_by_date_is_looked_into() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::start());
    let (mut camera, mut tether) = hot_folder(folder.path(), clock);
    connected(&mut camera);
    fs::create_dir(folder.path().join("2026_11_21")).unwrap();
    tether.write("2026_11_21/IMG_0001.JPG");
    let first = arrival(&mut camera);
    tether.write("2026_11_21/IMG_0001.JPG");
    let second = arrival(&mut camera);
    assert_eq!(first.origin.name, second.origin.name);
    assert_ne!(first.jpeg, second.jpeg);
}

#[test]
fn a_hot_folder_that_goes_comes_back_with_what_was_shot_meanwhile() {
    let (place, clock) = (tempfile::tempdir().unwrap(), Clock::start());
    let folder = place.path().join("hot");
    fs::create_dir(&folder).unwrap();
    let (mut camera, mut tether) = hot_folder(&folder, clock);
    connected(&mut camera);
    let aside = place.path().join("aside");
    fs::rename(&folder, &aside).unwrap();
    assert!(matches!(lost(&mut camera), CameraError::Folder(_)));
    tether.folder.clone_from(&aside);
    tether.write("IMG_0001.JPG");
    fs::rename(&aside, &folder).unwrap();
    connected(&mut camera);
    assert_eq!(arrival(&mut camera).origin.name, "IMG_0001.JPG");
}

#[test]
fn a_file_without_a_time_may_have_been_taken_at_any_time() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::start());
    let (mut camera, _) = hot_folder(folder.path(), clock);
    connected(&mut camera);
    fs::write(folder.path().join("TIMELESS.JPG"), GREY).unwrap();
    assert_eq!(arrival(&mut camera).exposed.earliest, caiying::shot::Moment::UNKNOWN);
}

/// What a camera has to tell beside its news.
fn notices(camera: &mut dyn Camera) -> Vec<CameraError> {
    std::iter::from_fn(|| camera.notice()).collect()
}

/// A camera ahead by more than the settings reckon with makes A's shot look as if B had sat already. One file
/// that is seen before it can have been exposed shows it; no later one is believed.
#[test]
fn a_clock_that_is_ahead_is_told_and_not_believed_any_more() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::start());
    let offset = ClockOffset { least: -1500, most: 1500 };
    let mut camera = FolderCamera::new(folder.path().to_owned(), clock, offset);
    connected(&mut camera);
    let write = |name: &str, ahead: i64| {
        let taken = CameraTime { ms: clock.now().0 + ahead, span_ms: 1 };
        fs::write(folder.path().join(name), stamped(GREY, taken, "a model", "42")).unwrap();
    };
    write("WELL.JPG", 0);
    assert!(arrival(&mut camera).exposed.earliest > caiying::shot::Moment::UNKNOWN);
    assert_eq!(notices(&mut camera), []);
    write("AHEAD.JPG", 4000);
    assert_eq!(arrival(&mut camera).exposed.earliest, caiying::shot::Moment::UNKNOWN);
    assert_eq!(notices(&mut camera), [CameraError::ClockAhead { seconds: 4 }]);
    // This one was long under way and shows nothing by itself.
    write("UNDER_WAY.JPG", -500);
    let after = arrival(&mut camera).exposed;
    assert_eq!(after.earliest, caiying::shot::Moment::UNKNOWN);
    assert_eq!(notices(&mut camera), [], "told once");
    // Not even after the folder went and came back.
    let aside = folder.path().with_extension("aside");
    fs::rename(folder.path(), &aside).unwrap();
    lost(&mut camera);
    fs::rename(&aside, folder.path()).unwrap();
    connected(&mut camera);
    assert_eq!(
        notices(&mut camera),
        [CameraError::ClockAhead { seconds: 4 }],
        "a connection takes words away"
    );
    write("LATER.JPG", 0);
    assert_eq!(arrival(&mut camera).exposed.earliest, caiying::shot::Moment::UNKNOWN);
}

/// However long a program writes at a file: it was exposed before it was first seen.
#[test]
fn a_shot_was_exposed_before_its_file_was_seen() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::start());
    let offset = ClockOffset { least: -5000, most: 5000 };
    let mut camera = FolderCamera::new(folder.path().to_owned(), clock, offset);
    connected(&mut camera);
    let taken = CameraTime { ms: clock.now().0, span_ms: 1 };
    let (path, whole) = (folder.path().join("SLOW.JPG"), stamped(GREY, taken, "a model", "42"));
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    quiet(&mut camera, Duration::from_millis(500));
    let seen = clock.now();
    fs::write(&path, &whole).unwrap();
    assert!(arrival(&mut camera).exposed.latest < seen);
}

/// A path that is too long cannot be read by anybody, not even by root, whom no mode keeps out.
#[test]
fn a_folder_below_that_cannot_be_read_stops_nothing() {
    let (place, clock) = (tempfile::tempdir().unwrap(), Clock::start());
    let (levels, long) = (18, |letters: usize| "x".repeat(letters));
    let short = (0..levels).fold(place.path().to_owned(), |path, _| path.join("x"));
    fs::create_dir_all(short.join(long(200))).unwrap();
    // Made longer from the deepest folder up: each on its own is reached by a path that is short enough.
    let place_length = place.path().as_os_str().len();
    let letters = (4030 - place_length) / levels - 1;
    for level in (0..levels).rev() {
        let above = (0..level).fold(place.path().to_owned(), |path, _| path.join("x"));
        fs::rename(above.join("x"), above.join(long(letters))).unwrap();
    }
    let folder = (0..levels).fold(place.path().to_owned(), |path, _| path.join(long(letters)));
    assert!(fs::read_dir(folder.join(long(200))).is_err(), "it can be read after all");
    let (mut camera, mut tether) = hot_folder(&folder, clock);
    connected(&mut camera);
    tether.write("a.jpg");
    assert_eq!(arrival(&mut camera).origin.name, "a.jpg");
}

/// Processor time of this thread so far, in hundredths of a second.
fn busy() -> u64 {
    let stat = fs::read_to_string("/proc/thread-self/stat").unwrap();
    let fields = stat.rsplit(')').next().unwrap().split_whitespace();
    fields.skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum()
}

/// The crew asks every 20 ms; the folder is looked at less often, and old files hardly ever.
#[test]
fn a_hot_folder_of_a_whole_day_costs_little() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::start());
    for number in 0..3000 {
        fs::write(folder.path().join(format!("OLD_{number:04}.JPG")), b"old").unwrap();
    }
    let (mut camera, mut tether) = hot_folder(folder.path(), clock);
    connected(&mut camera);
    let (before, until) = (busy(), Instant::now() + Duration::from_secs(3));
    while Instant::now() < until {
        let news = camera.next(Duration::from_millis(20));
        assert!(matches!(news, CameraNews::Quiet), "{news:?}");
    }
    let percent = (busy() - before) / 3;
    assert!(percent < 15, "{percent} % of a core all day long");
    tether.write("OLD_0001.JPG");
    assert_eq!(arrival(&mut camera).origin.name, "OLD_0001.JPG", "written over: a new shot");
}

/// A tethered camera behind the real libgphoto2: our own program as the camera's process, with a home of its
/// own, because libgphoto2 keeps settings there.
struct Tethered {
    body: VirtualCamera,
    camera: LinkedCamera,
    clock: Clock,
    home: tempfile::TempDir,
}

fn tethered(options: &Options) -> Tethered {
    let home = tempfile::tempdir().unwrap();
    let program = home.path().join("camera-process");
    let script = format!(
        "#!/bin/sh\necho $$ >> '{home}/processes'\nHOME='{home}' exec '{caiying}' \"$@\"\n",
        home = home.path().display(),
        caiying = env!("CARGO_BIN_EXE_caiying")
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let (body, clock) = (VirtualCamera::start(options).unwrap(), Clock::start());
    let camera = LinkedCamera::new(program, Some(body.gphoto_port()), clock);
    Tethered { body, camera, clock, home }
}

impl Tethered {
    fn exposed(&self) -> Vec<String> {
        self.body.exposures().into_iter().map(|exposure| exposure.sha256).collect()
    }

    /// The process that serves the camera now.
    fn process(&self) -> String {
        let all = fs::read_to_string(self.home.path().join("processes")).unwrap();
        all.lines().last().unwrap().to_owned()
    }
}

fn sha256(arrival: &Arrival) -> String {
    Digest::of(&arrival.jpeg.0).to_string()
}

#[test]
fn a_tethered_camera() {
    let mut tethered = tethered(&Options { prefill: 3, ..Options::default() });
    let body = &tethered.body;
    keeps_the_contract(&mut tethered.camera, tethered.clock, || {
        body.press_shutter().unwrap();
    });
}

/// libgphoto2 throws a body-fired shot's event away when the computer triggers before hearing it.
#[test]
fn a_body_fired_shot_just_before_the_stations_is_not_lost() {
    let mut tethered = tethered(&Options { capture_delay: Duration::from_millis(150), ..Options::default() });
    connected(&mut tethered.camera);
    tethered.body.press_shutter().unwrap();
    thread::sleep(Duration::from_millis(200));
    tethered.camera.fire(SittingId(1)).unwrap();
    let files = [arrival(&mut tethered.camera), arrival(&mut tethered.camera)];
    assert_eq!(files.iter().map(sha256).collect::<Vec<_>>(), tethered.exposed());
    for file in &files {
        assert!(file.exposed.latest >= file.exposed.earliest);
    }
}

#[test]
fn what_was_shot_while_the_cable_was_out_is_fetched_at_the_return() {
    let mut tethered = tethered(&Options { prefill: 2, ..Options::default() });
    connected(&mut tethered.camera);
    tethered.body.unplug();
    assert!(lost(&mut tethered.camera).is_gone());
    assert!(tethered.camera.fire(SittingId(1)).is_err(), "nothing fires while it is away");
    tethered.body.press_shutter().unwrap();
    tethered.body.plug().unwrap();
    connected(&mut tethered.camera);
    let found = arrival(&mut tethered.camera);
    assert_eq!(vec![sha256(&found)], tethered.exposed(), "the new one, and none of the old ones");
    assert_eq!(found.trigger, Trigger::Body);
}

#[test]
fn a_transfer_that_is_cut_or_comes_short_is_repeated_until_the_file_is_whole() {
    for fault in [Fault::Cut { after: 3_000 }, Fault::Short { at: 2_000, times: 2 }] {
        let mut tethered = tethered(&Options::default());
        connected(&mut tethered.camera);
        tethered.body.faults().set(fault.clone());
        tethered.camera.fire(SittingId(1)).unwrap();
        let err = lost(&mut tethered.camera);
        assert!(err.is_gone() || matches!(err, CameraError::Truncated { .. }), "{fault:?}: {err:?}");
        tethered.body.faults().clear();
        connected(&mut tethered.camera);
        let found = arrival(&mut tethered.camera);
        assert_eq!(vec![sha256(&found)], tethered.exposed(), "{fault:?}");
    }
}

#[test]
fn refusals_are_told_apart() {
    let mut tethered = tethered(&Options::default());
    connected(&mut tethered.camera);
    for (fault, wanted) in [
        (Fault::CardFull, CameraError::CardFull),
        (Fault::NoFocus, CameraError::NoFocus),
        (Fault::NoCard, CameraError::NoCard),
    ] {
        tethered.body.faults().set(fault);
        assert_eq!(tethered.camera.fire(SittingId(1)), Err(wanted));
        tethered.body.faults().clear();
    }
    tethered.camera.fire(SittingId(2)).unwrap();
    assert_eq!(arrival(&mut tethered.camera).trigger, Trigger::Station(SittingId(2)), "and none is for ever");
}

/// A driver that hangs for good: the process is ended at the deadline and another takes over.
#[test]
fn a_driver_that_hangs_is_ended_and_started_anew() {
    let mut tethered = tethered(&Options::default());
    let short = Duration::from_millis(700);
    tethered.camera = tethered.camera.with_deadlines(Deadlines { fire: short, ..Deadlines::default() });
    connected(&mut tethered.camera);
    let hung = tethered.process();
    assert!(std::process::Command::new("kill").args(["-STOP", &hung]).status().unwrap().success());
    let began = Instant::now();
    let err = tethered.camera.fire(SittingId(1)).unwrap_err();
    assert!(matches!(err, CameraError::NoAnswer { .. }), "{err:?}");
    assert!(began.elapsed() < Duration::from_secs(3));
    assert!(lost(&mut tethered.camera).is_gone());
    assert!(!Path::new(&format!("/proc/{hung}")).exists(), "the old process is gone");
    connected(&mut tethered.camera);
    assert_ne!(tethered.process(), hung);
    tethered.camera.fire(SittingId(1)).unwrap();
    assert_eq!(arrival(&mut tethered.camera).trigger, Trigger::Station(SittingId(1)));
}

#[test]
fn a_driver_that_crashes_is_a_state_and_not_a_crash() {
    let mut tethered = tethered(&Options::default());
    connected(&mut tethered.camera);
    let process = tethered.process();
    assert!(std::process::Command::new("kill").args(["-ABRT", &process]).status().unwrap().success());
    assert!(lost(&mut tethered.camera).is_gone());
    connected(&mut tethered.camera);
}

#[test]
fn a_camera_that_is_not_there_is_told_once_and_looked_for_again() {
    let body = VirtualCamera::start(&Options::default()).unwrap();
    let port = body.gphoto_port();
    body.unplug();
    let program = PathBuf::from(env!("CARGO_BIN_EXE_caiying"));
    let mut camera = LinkedCamera::new(program, Some(port), Clock::start());
    assert!(lost(&mut camera).is_gone());
    quiet(&mut camera, Duration::from_millis(800));
    body.plug().unwrap();
    connected(&mut camera);
}

/// One file that never comes whole does not keep the station from the good ones, and is named at last.
#[test]
fn a_file_that_never_comes_whole_is_left_on_the_card_and_told() {
    let mut tethered = tethered(&Options::default());
    connected(&mut tethered.camera);
    let mut large = GREY.to_vec();
    // A comment of 60 kB behind the start of the file.
    let comment = [&[0xff, 0xfe, 0xea, 0x60][..], &[b' '; 0xea5e][..]].concat();
    large.splice(2..2, comment);
    tethered.body.set_scene("large", &large).unwrap();
    tethered.body.faults().set(Fault::Short { at: GREY.len() as u64 + 5_000, times: u32::MAX });
    tethered.body.press_shutter().unwrap();
    tethered.body.set_scene("small", GREY).unwrap();
    let (mut told, mut arrived, mut pressed) = (vec![], vec![], false);
    let until = Instant::now() + Duration::from_secs(60);
    while Instant::now() < until && told.is_empty() {
        match tethered.camera.next(PATIENCE) {
            CameraNews::Lost(err) => {
                assert!(matches!(err, CameraError::Truncated { .. }), "{err:?}");
                if !pressed {
                    tethered.body.press_shutter().unwrap();
                    pressed = true;
                }
            }
            CameraNews::Arrived(arrival) => arrived.push(sha256(&arrival)),
            CameraNews::Quiet | CameraNews::Connected(_) => {}
        }
        told.extend(notices(&mut tethered.camera));
    }
    assert_eq!(told, [CameraError::LeftOnCard { name: "IMG_0001.JPG".to_owned() }]);
    assert_eq!(arrived, tethered.exposed()[1..], "the good one came first");
    // From now on it is quiet, and what comes is handed over.
    while !matches!(tethered.camera.next(PATIENCE), CameraNews::Connected(_)) {}
    quiet(&mut tethered.camera, Duration::from_secs(2));
    tethered.camera.fire(SittingId(1)).unwrap();
    assert_eq!(arrival(&mut tethered.camera).origin.name, "IMG_0003.JPG");
    assert_eq!(notices(&mut tethered.camera), []);
}

/// Takes the camera away and plugs another one in at the same place.
fn swap(tethered: &mut Tethered, options: &Options) {
    let port = tethered.body.gphoto_port().rsplit(':').next().unwrap().parse().unwrap();
    tethered.body.unplug();
    lost(&mut tethered.camera);
    let until = Instant::now() + Duration::from_secs(10);
    tethered.body = loop {
        match VirtualCamera::start(&Options { port, ..options.clone() }) {
            Ok(body) => break body,
            Err(err) => assert!(Instant::now() < until, "{err}"),
        }
        thread::sleep(Duration::from_millis(100));
    };
    connected(&mut tethered.camera);
}

/// The spare body's were made just now, somewhere else; the other card's are old.
#[test]
fn the_pictures_on_a_spare_body_or_another_card_are_nobodys_here() {
    for (serial, prefill_age_minutes) in [("033021009999", 0), ("033021001234", 900)] {
        let mut tethered =
            tethered(&Options { body_serial: "033021001234".to_owned(), ..Options::default() });
        connected(&mut tethered.camera);
        let body_serial = serial.to_owned();
        let options = Options { prefill: 12, prefill_age_minutes, body_serial, ..Options::default() };
        swap(&mut tethered, &options);
        quiet(&mut tethered.camera, Duration::from_millis(1500));
        tethered.camera.fire(SittingId(1)).unwrap();
        let shot = arrival(&mut tethered.camera);
        assert_eq!((vec![sha256(&shot)], shot.trigger), (tethered.exposed(), Trigger::Station(SittingId(1))));
    }
}

/// Its shots are strays, all of them, and somebody must know why.
#[test]
fn a_camera_that_does_not_tell_the_time_says_so() {
    let mut tethered = tethered(&Options { tells_time: false, ..Options::default() });
    connected(&mut tethered.camera);
    assert_eq!(notices(&mut tethered.camera), [CameraError::NoClock]);
    tethered.camera.fire(SittingId(1)).unwrap();
    assert_eq!(arrival(&mut tethered.camera).exposed.earliest, caiying::shot::Moment::UNKNOWN);
}

#[test]
fn the_command_line_says_that_a_camera_tells_no_time() {
    let body = VirtualCamera::start(&Options { tells_time: false, ..Options::default() }).unwrap();
    let home = tempfile::tempdir().unwrap();
    let said = std::process::Command::new(env!("CARGO_BIN_EXE_caiying"))
        .args(["camera", "info", "--camera", &body.gphoto_port()])
        .env("HOME", home.path())
        .output()
        .unwrap();
    assert!(said.status.success(), "{said:?}");
    let words = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(words.contains("时钟") || words.contains("the time"), "{said:?}");
}

#[test]
fn a_camera_that_makes_raw_files_alone_says_so() {
    let mut tethered = tethered(&Options { raw_only: true, ..Options::default() });
    connected(&mut tethered.camera);
    assert_eq!(notices(&mut tethered.camera), []);
    tethered.camera.fire(SittingId(1)).unwrap();
    quiet(&mut tethered.camera, Duration::from_secs(4));
    assert_eq!(notices(&mut tethered.camera), [CameraError::RawOnly]);
    tethered.body.press_shutter().unwrap();
    quiet(&mut tethered.camera, Duration::from_secs(4));
    assert_eq!(notices(&mut tethered.camera), [], "told once");
}

/// Whatever hangs: whoever closes the window waits no longer than a person is willing to.
#[test]
fn a_camera_that_hangs_can_be_stopped_from_another_thread() {
    // The driver never starts.
    let place = tempfile::tempdir().unwrap();
    let program = place.path().join("hangs");
    fs::write(&program, "#!/bin/sh\nexec sleep 100\n").unwrap();
    fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    stops_soon(LinkedCamera::new(program, None, Clock::start()), |camera| {
        camera.next(PATIENCE);
    });
    // It hangs while it should fire; the body hangs while it is asked for what is new.
    let mut tethered = tethered(&Options::default());
    connected(&mut tethered.camera);
    let process = tethered.process();
    assert!(std::process::Command::new("kill").args(["-STOP", &process]).status().unwrap().success());
    stops_soon(tethered.camera, |camera| {
        camera.fire(SittingId(1)).unwrap_err();
    });
    assert!(!Path::new(&format!("/proc/{process}")).exists(), "the process is gone");
}

fn stops_soon(mut camera: LinkedCamera, hang: impl FnOnce(&mut LinkedCamera) + Send) {
    let stop = camera.stopper().unwrap();
    let ended = thread::scope(|scope| {
        let owner = scope.spawn(move || {
            hang(&mut camera);
            let news = camera.next(PATIENCE);
            assert!(matches!(news, CameraNews::Quiet), "{news:?}");
            drop(camera);
            Instant::now()
        });
        thread::sleep(Duration::from_millis(300));
        let stopped = Instant::now();
        stop();
        owner.join().unwrap().saturating_duration_since(stopped)
    });
    assert!(ended < Duration::from_millis(2500), "{ended:?}");
}

/// A transfer that is nearly done when the window closes still ends well.
#[test]
fn a_healthy_camera_that_is_stopped_takes_its_leave() {
    let mut tethered = tethered(&Options::default());
    connected(&mut tethered.camera);
    let stop = tethered.camera.stopper().unwrap();
    stop();
    assert!(tethered.camera.fire(SittingId(1)).is_err());
    let began = Instant::now();
    drop(tethered.camera);
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    let closed = tethered.body.log().iter().any(|operation| operation.opcode == 0x1003);
    assert!(closed, "the session was closed, and the camera is by itself again");
}

/// Some bodies report the light all the time: there must be an end to listening.
#[test]
fn a_camera_that_never_stops_talking_still_fires() {
    let mut tethered = tethered(&Options::default());
    connected(&mut tethered.camera);
    tethered.body.faults().set(Fault::Chatter);
    tethered.camera.fire(SittingId(1)).unwrap();
    assert_eq!(arrival(&mut tethered.camera).trigger, Trigger::Station(SittingId(1)));
    quiet(&mut tethered.camera, Duration::from_millis(500));
    tethered.body.faults().clear();
    tethered.camera.fire(SittingId(2)).unwrap();
    assert_eq!(arrival(&mut tethered.camera).trigger, Trigger::Station(SittingId(2)));
    quiet(&mut tethered.camera, Duration::from_millis(500));
}

/// libgphoto2 throws away what the body still has to tell when it is told to fire: then the card is
/// asked, as soon as there is time.
#[test]
fn what_is_shot_on_a_body_that_never_stops_talking_is_not_lost() {
    let mut tethered = tethered(&Options::default());
    connected(&mut tethered.camera);
    tethered.body.faults().set(Fault::Chatter);
    let (body, camera) = (&tethered.body, &mut tethered.camera);
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..150 {
                body.press_shutter().unwrap();
                thread::sleep(Duration::from_millis(15));
            }
        });
        camera.fire(SittingId(1)).unwrap();
    });
    tethered.body.faults().clear();
    let exposed: BTreeSet<String> = tethered.exposed().into_iter().collect();
    let (mut arrived, until) = (BTreeSet::new(), Instant::now() + Duration::from_secs(40));
    while arrived.len() < exposed.len() && Instant::now() < until {
        match tethered.camera.next(PATIENCE) {
            CameraNews::Arrived(arrival) => assert!(arrived.insert(sha256(&arrival)), "twice"),
            CameraNews::Quiet | CameraNews::Connected(_) => {}
            CameraNews::Lost(err) => panic!("{err}"),
        }
    }
    assert_eq!(arrived, exposed);
    quiet(&mut tethered.camera, Duration::from_millis(500));
}

/// A slow body with a full card: it is given more time when it was too little.
#[test]
fn a_card_that_takes_long_to_list_is_listed_in_the_end() {
    let mut tethered = tethered(&Options { prefill: 30, ..Options::default() });
    let list = Duration::from_millis(300);
    tethered.camera = tethered.camera.with_deadlines(Deadlines { list, ..Deadlines::default() });
    tethered.body.faults().set(Fault::Slow { opcode: 0x9109, ms: 400 });
    assert!(matches!(lost(&mut tethered.camera), CameraError::NoAnswer { .. }));
    connected(&mut tethered.camera);
    quiet(&mut tethered.camera, Duration::from_millis(300));
}

/// While the station connects the photographer goes on working.
#[test]
fn what_is_shot_while_the_card_is_listed_is_handed_over_once() {
    let mut tethered = tethered(&Options { prefill: 5, ..Options::default() });
    for opcode in [0x9109, 0x9102, 0x1008] {
        tethered.body.faults().set(Fault::Slow { opcode, ms: 60 });
    }
    let (body, camera) = (&tethered.body, &mut tethered.camera);
    thread::scope(|scope| {
        scope.spawn(|| {
            // Event mode is on when the battery or the like is asked for: the session has begun.
            while !body.log().iter().any(|operation| operation.opcode == 0x9102) {
                thread::sleep(Duration::from_millis(5));
            }
            for _ in 0..12 {
                thread::sleep(Duration::from_millis(70));
                body.press_shutter().unwrap();
            }
        });
        connected(camera);
    });
    tethered.body.faults().clear();
    let mut arrived = vec![];
    for _ in tethered.body.exposures() {
        arrived.push(sha256(&arrival(&mut tethered.camera)));
    }
    quiet(&mut tethered.camera, Duration::from_millis(500));
    arrived.sort();
    let mut exposed = tethered.exposed();
    exposed.sort();
    assert_eq!(arrived, exposed);
}
