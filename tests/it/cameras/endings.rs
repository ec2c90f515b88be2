//! How the camera's process ends: with a farewell to the camera if there is any way, and always.

use std::process::{Child, Command, Stdio};

use super::*;

/// The PTP operation that closes a session.
const CLOSE_SESSION: u16 = 0x1003;

/// The system ends a process that is gone within this, even on a slow machine; the claim is two seconds.
const GONE_WITHIN: Duration = Duration::from_secs(6);

fn signal(name: &str, pid: &str) {
    assert!(Command::new("kill").args([name, pid]).status().unwrap().success());
}

/// Waits until a process is gone; says how long it took.
fn gone(pid: &str) -> Duration {
    let since = Instant::now();
    // A zombie that nobody has buried yet is gone too.
    let lives = || {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        status.lines().any(|line| line.starts_with("State:") && !line.contains('Z'))
    };
    while lives() {
        assert!(since.elapsed() < GONE_WITHIN, "process {pid} is still there");
        thread::sleep(Duration::from_millis(10));
    }
    since.elapsed()
}

fn was_closed(body: &VirtualCamera) -> bool {
    body.log().iter().any(|operation| operation.opcode == CLOSE_SESSION)
}

/// The program as a user runs it, watching a camera; and the camera's process it has started.
struct Watching {
    body: VirtualCamera,
    station: Child,
    host: String,
    _home: tempfile::TempDir,
}

fn watching() -> Watching {
    let (body, home) = (VirtualCamera::start(&Options::default()).unwrap(), tempfile::tempdir().unwrap());
    // A test that was started in the background ignores Ctrl-C, and whoever it starts would inherit that.
    let station = Command::new("env")
        .args(["--default-signal=INT,HUP", env!("CARGO_BIN_EXE_caiying")])
        .args(["camera", "watch", "--json", "--camera", &body.gphoto_port()])
        .env("HOME", home.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let pid = station.id();
    let mut watching = Watching { body, station, host: String::new(), _home: home };
    // Event mode is on: it listens.
    wait_for("the camera is connected", || {
        watching.body.log().iter().filter(|operation| operation.opcode == 0x9116).count() > 5
    });
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
    watching.host = children.trim().to_owned();
    watching
}

fn wait_for(what: &str, mut happened: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(30);
    while !happened() {
        assert!(Instant::now() < until, "{what}");
        thread::sleep(Duration::from_millis(10));
    }
}

impl Watching {
    /// Its driver is in the middle of one operation that will not end for minutes.
    fn driver_hangs(&self) {
        let comment = [&[0xff, 0xfe, 0xea, 0x60][..], &[b' '; 0xea5e][..]].concat();
        let mut large = GREY.to_vec();
        for _ in 0..8 {
            large.splice(2..2, comment.iter().copied());
        }
        self.body.set_scene("large", &large).unwrap();
        self.body.faults().set(Fault::Throttle { bytes_per_second: 2_000 });
        self.body.press_shutter().unwrap();
        wait_for("the download has begun", || {
            self.body.log().iter().any(|operation| [0x1009, 0x101b].contains(&operation.opcode))
        });
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.station.kill().ok();
        self.station.wait().ok();
    }
}

#[test]
fn a_camera_process_that_is_told_to_end_takes_its_leave() {
    let mut tethered = tethered(&Options::default());
    connected(&mut tethered.camera);
    let process = tethered.process();
    signal("-TERM", &process);
    assert!(lost(&mut tethered.camera).is_gone());
    gone(&process);
    assert!(was_closed(&tethered.body), "the session was closed");
    connected(&mut tethered.camera);
}

/// Ctrl-C reaches every process of the terminal, the camera's too.
#[test]
fn ctrl_c_closes_the_cameras_session() {
    let mut watching = watching();
    signal("-INT", &watching.host);
    signal("-INT", &watching.station.id().to_string());
    watching.station.wait().unwrap();
    gone(&watching.host);
    assert!(was_closed(&watching.body));
}

#[test]
fn the_stations_death_closes_the_cameras_session() {
    let mut watching = watching();
    watching.station.kill().unwrap();
    watching.station.wait().unwrap();
    let took = gone(&watching.host);
    eprintln!("a station was killed: its camera's process ended after {took:?}");
    assert!(was_closed(&watching.body));
}

#[test]
fn the_stations_death_ends_a_driver_that_hangs() {
    let mut watching = watching();
    watching.driver_hangs();
    watching.station.kill().unwrap();
    watching.station.wait().unwrap();
    let took = gone(&watching.host);
    eprintln!("a station was killed while its driver hung: the camera's process ended after {took:?}");
}

#[test]
fn a_driver_that_hangs_cannot_ignore_the_order_to_end() {
    let watching = watching();
    watching.driver_hangs();
    signal("-TERM", &watching.host);
    gone(&watching.host);
}
