//! Software time of a shot, side by side with the stock `gphoto2` on the same virtual camera in one run: from the
//! moment an 8 MB file is complete on the camera until its bytes are here, whole.
//!
//! The camera's clock starts each measurement and the arrival ends it, so nothing of the shutter is in it, and
//! criterion, which times closures, has no place here. The peer neither compares lengths nor hashes. Read the
//! ratios, not the milliseconds.

#![expect(clippy::expect_used, clippy::panic, reason = "a bench that cannot set itself up should stop")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a table, and what stands in its way")]

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant, SystemTime},
};

use caiying::{
    camera::{Camera, CameraNews, link::LinkedCamera},
    shot::{Clock, Digest, SittingId},
};
use virtual_camera::{Options, VirtualCamera};

const CAIYING: &str = env!("CARGO_BIN_EXE_caiying");
const GREY: &[u8] = include_bytes!("../tests/virtual-camera/assets/grey.jpg");

/// A large JPEG of a 24-megapixel body.
const BYTES: usize = 8_000_000;

/// Shots per row; the first one warms up and does not count.
const SHOTS: usize = 16;

/// Nothing takes longer.
const PATIENCE: Duration = Duration::from_secs(30);

fn main() {
    let has_peer = Command::new("gphoto2").arg("--version").output().is_ok();
    if !has_peer {
        eprintln!("gphoto2 is not here: its rows are left out (./dev bench installs it)");
    }
    let Times { lag, whole, hashed } = fired_by_the_station();
    println!("asked → shutter released, autofocus at once, {} shots, ms", SHOTS - 1);
    row("caiying", &lag);
    println!("fired from here, file complete on the camera → all of it here, {BYTES} bytes, ms");
    row("caiying, and its SHA-256", &hashed);
    let ours = row("caiying, length and end checked", &whole);
    if has_peer {
        ratio(ours, row("gphoto2 --capture-image-and-download, one process", &fired_by_the_peer(SHOTS)));
        let whole: Vec<f64> = (1..SHOTS).flat_map(|_| fired_by_the_peer(1)).collect();
        ratio(ours, row("gphoto2, one process per shot (from there on alike)", &whole));
    }
    for (bytes, words) in [(GREY.len(), "11 kB"), (BYTES, "8 MB")] {
        println!("pressed on the body, file complete → told by the program, {words}, ms");
        let ours = row("caiying camera watch", &watched(bytes));
        if has_peer {
            ratio(ours, row("gphoto2 --capture-tethered", &tethered_by_the_peer(bytes)));
        }
    }
}

/// Prints a row; gives its median.
fn row(name: &str, times: &[f64]) -> f64 {
    let mut times: Vec<f64> = times.to_vec();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or(f64::NAN);
    let longest = times.last().copied().unwrap_or(f64::NAN);
    println!("  {name:52} median {:7.1}   p90 {:7.1}   longest {longest:7.1}", at(0.5), at(0.9));
    at(0.5)
}

fn ratio(ours: f64, theirs: f64) {
    println!("  {:52} {:.2}", "theirs / ours", theirs / ours);
}

fn camera(bytes: usize) -> VirtualCamera {
    let camera = VirtualCamera::start(&Options::default()).expect("a camera");
    camera.set_scene("heavy", &heavy(bytes)).expect("a picture");
    camera
}

/// A picture of that many bytes, most of them in comments of pseudo-random letters.
fn heavy(bytes: usize) -> Vec<u8> {
    let (start, rest) = GREY.split_at(2);
    let mut picture = start.to_vec();
    let mut dice = fastrand::Rng::with_seed(1);
    let mut left = bytes.saturating_sub(GREY.len());
    while left > 4 {
        let length = (left - 2).min(65_535);
        picture.extend([0xff, 0xfe]);
        picture.extend(u16::try_from(length).expect("at most 65,535").to_be_bytes());
        picture.extend((2..length).map(|_| dice.u8(b'A'..=b'Z')));
        left -= length + 2;
    }
    picture.extend_from_slice(rest);
    picture
}

/// Milliseconds since the file of that exposure was complete.
fn since_complete(camera: &VirtualCamera, number: usize, until: SystemTime) -> f64 {
    let exposures = camera.exposures();
    let exposure = exposures.get(number - 1).expect("an exposure");
    let complete = exposure.complete.expect("a file");
    until.duration_since(complete).unwrap_or_default().as_secs_f64() * 1000.0
}

#[expect(
    clippy::disallowed_methods,
    reason = "the camera tells real time, and nothing else compares with it"
)]
fn now() -> SystemTime {
    SystemTime::now()
}

/// What runs our program with a home of its own: libgphoto2 writes settings there.
fn at_home(home: &Path) -> PathBuf {
    let program = home.join("caiying");
    let script = format!("#!/bin/sh\nHOME='{}' exec '{CAIYING}' \"$@\"\n", home.display());
    fs::write(&program, script).expect("a script");
    fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("a program");
    program
}

/// What is measured of our own shots, in milliseconds.
#[derive(Default)]
struct Times {
    /// From asking to the shutter.
    lag: Vec<f64>,
    /// From the file's being complete there to its being whole here.
    whole: Vec<f64>,
    /// And hashed.
    hashed: Vec<f64>,
}

fn fired_by_the_station() -> Times {
    let (body, home) = (camera(BYTES), tempfile::tempdir().expect("a folder"));
    let mut camera = LinkedCamera::new(at_home(home.path()), Some(body.gphoto_port()), Clock::start());
    while !matches!(camera.next(Duration::from_millis(20)), CameraNews::Connected(_)) {}
    let mut times = Times::default();
    for shot in 1..=SHOTS {
        let asked = now();
        camera.fire(SittingId(shot as u64)).expect("a shot");
        let arrival = loop {
            match camera.next(Duration::from_millis(20)) {
                CameraNews::Arrived(arrival) => break arrival,
                CameraNews::Lost(err) => panic!("{err}"),
                CameraNews::Quiet | CameraNews::Connected(_) => {}
            }
        };
        let whole = now();
        let digest = Digest::of(&arrival.jpeg.0);
        let hashed = now();
        // The first shot warms up.
        if shot > 1 {
            times.whole.push(since_complete(&body, shot, whole));
            times.hashed.push(since_complete(&body, shot, hashed));
        }
        let exposure = body.exposures().pop().expect("an exposure");
        times.lag.push(exposure.at.duration_since(asked).unwrap_or_default().as_secs_f64() * 1000.0);
        assert_eq!(exposure.sha256, digest.to_string());
    }
    times
}

fn gphoto2(body: &VirtualCamera, home: &Path) -> Command {
    let mut command = Command::new("gphoto2");
    command.args(["--camera", "PTP/IP Camera", "--port", &body.gphoto_port()]);
    command.args(["--filename", "%n.jpg", "--force-overwrite"]);
    command.env("HOME", home).current_dir(home).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Waits for the peer's next file to be there with all its bytes.
fn peers_file(home: &Path, number: usize, bytes: u64) -> SystemTime {
    let (file, since) = (home.join(format!("{number}.jpg")), Instant::now());
    loop {
        if fs::metadata(&file).is_ok_and(|file| file.len() >= bytes) {
            return now();
        }
        assert!(since.elapsed() < PATIENCE, "the peer's file {number} does not come");
        thread::sleep(Duration::from_micros(200));
    }
}

fn fired_by_the_peer(shots: usize) -> Vec<f64> {
    let (body, home) = (camera(BYTES), tempfile::tempdir().expect("a folder"));
    // The camera's memory is the peer's default; the card is what we compare.
    let mut command = gphoto2(&body, home.path());
    command.args(["--set-config-index", "capturetarget=1", "--keep", "--capture-image-and-download"]);
    if shots > 1 {
        command.args(["--frames", &shots.to_string(), "--interval", "1"]);
    }
    let mut peer = Ended(command.spawn().expect("gphoto2"));
    let mut times = Vec::new();
    for number in 1..=shots {
        let until = peers_file(home.path(), number, BYTES as u64);
        times.push(since_complete(&body, number, until));
    }
    peer.0.wait().expect("gphoto2");
    if shots > 1 { times.split_off(1) } else { times }
}

fn tethered_by_the_peer(bytes: usize) -> Vec<f64> {
    let (body, home) = (camera(bytes), tempfile::tempdir().expect("a folder"));
    let mut command = gphoto2(&body, home.path());
    let _peer = Ended(command.args(["--keep", "--capture-tethered"]).spawn().expect("gphoto2"));
    pressed(&body, |number| peers_file(home.path(), number, bytes as u64))
}

fn watched(bytes: usize) -> Vec<f64> {
    let (body, home) = (camera(bytes), tempfile::tempdir().expect("a folder"));
    let mut command = Command::new(at_home(home.path()));
    command.args(["camera", "watch", "--json", "--camera", &body.gphoto_port()]).stdout(Stdio::piped());
    let mut watch = Ended(command.spawn().expect("caiying"));
    let mut lines = BufReader::new(watch.0.stdout.take().expect("a pipe")).lines();
    pressed(&body, |_number| {
        let line = lines.next().expect("a line").expect("text");
        assert!(line.contains("sha256"), "{line}");
        now()
    })
}

/// Presses the button again and again, a while after each file, and measures until it is told.
fn pressed(body: &VirtualCamera, mut told: impl FnMut(usize) -> SystemTime) -> Vec<f64> {
    thread::sleep(Duration::from_secs(4));
    let mut times = Vec::new();
    for number in 1..=SHOTS {
        body.press_shutter().expect("a shot");
        let until = told(number);
        times.push(since_complete(body, number, until));
        thread::sleep(Duration::from_millis(700 + 37 * number as u64));
    }
    times.split_off(1)
}

/// A program that is ended with whoever started it.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}
