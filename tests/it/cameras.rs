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

#[test]
fn a_folder_below_that_cannot_be_read_stops_nothing() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::start());
    let shut = folder.path().join("lost+found");
    fs::create_dir(&shut).unwrap();
    let set_mode =
        |mode| fs::set_permissions(&shut, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    set_mode(0o000);
    let (mut camera, mut tether) = hot_folder(folder.path(), clock);
    connected(&mut camera);
    tether.write("IMG_0001.JPG");
    assert_eq!(arrival(&mut camera).origin.name, "IMG_0001.JPG");
    set_mode(0o700);
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
