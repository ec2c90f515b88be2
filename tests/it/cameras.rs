//! What every camera must do, whatever it is made of. A new kind of camera adds one test that calls
//! [`keeps_the_contract`].

mod doctor;
mod endings;
mod folder;
mod hostile;
mod importing;
mod live;
mod oracle;
mod reconcile;
mod replug;
mod settings;
mod soak;
mod station;
mod stories;
mod tethered;
mod usb;

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
        holder::Neighbours,
        link::{Deadlines, LinkedCamera},
        rehearsal::{Stage, stamped},
        usb_bus::UsbBus,
    },
    shot::{CameraTime, Clock, Digest, SittingId, Trigger},
};
use virtual_camera::{Fault, Options, Transport, VirtualCamera};

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

/// What a camera has to tell beside its news.
fn notices(camera: &mut dyn Camera) -> Vec<CameraError> {
    std::iter::from_fn(|| camera.notice()).collect()
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
    let (body, clock) = (VirtualCamera::start(options).unwrap(), Clock::start());
    // The simulated bus is libgphoto2's alone: what hangs on this computer's own is no matter here.
    let (bus, neighbours) = (UsbBus::at(home.path().join("no-bus")), Neighbours::below(home.path()));
    let camera = LinkedCamera::new(camera_process(&body, home.path()), port_of(&body, options), clock)
        .with_surroundings(bus, neighbours);
    Tethered { body, camera, clock, home }
}

/// A camera on the USB bus, found as any camera is: by looking.
fn plugged(options: &Options) -> Tethered {
    tethered(&Options { transport: Transport::Usb, ..options.clone() })
}

/// On the bus a camera is found wherever it is plugged in; on the network it must be named.
fn port_of(body: &VirtualCamera, options: &Options) -> Option<String> {
    (options.transport == Transport::PtpIp).then(|| body.gphoto_port())
}

/// Our own program as the process of that camera.
fn camera_process(body: &VirtualCamera, home: &Path) -> PathBuf {
    let program = home.join("camera-process");
    let sees_the_bus: String = body
        .environment()
        .unwrap()
        .iter()
        .map(|(name, value)| format!("export {name}='{}'\n", value.to_string_lossy()))
        .collect();
    let script = format!(
        "#!/bin/sh\necho $$ >> '{home}/processes'\n{sees_the_bus}HOME='{home}' exec '{caiying}' \"$@\"\n",
        home = home.display(),
        caiying = env!("CARGO_BIN_EXE_caiying")
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    program
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
fn the_camera_that_plays_pictures() {
    let clock = Clock::start();
    let stage = Stage::new(clock, Duration::from_millis(20));
    stage.set_scene("a", GREY.into());
    keeps_the_contract(&mut stage.camera(), clock, || stage.press());
}
