//! The doctor: what `caiying doctor` finds, who holds a camera, and the words for what a camera answers.

use std::process::{Command, Output};

use caiying::camera::{Holder, NotReleased, usb_bus::UsbCamera};
use serde_json::Value;

use super::*;

/// A computer of its own for the doctor: home, run-time folder, programs.
struct Practice(tempfile::TempDir);

impl Practice {
    fn new() -> Self {
        let practice = Self(tempfile::tempdir().unwrap());
        fs::create_dir(practice.0.path().join("bin")).unwrap();
        practice
    }

    /// Puts a program into the path.
    fn program(&self, name: &str, script: &str) {
        executable(&self.0.path().join("bin").join(name), script);
    }

    fn mount(&self) -> PathBuf {
        let mount = self.0.path().join("run/gvfs/gphoto2:host=Canon_Inc._Canon_Digital_Camera");
        fs::create_dir_all(&mount).unwrap();
        mount
    }

    fn doctor(&self, arguments: &[&str]) -> Output {
        let store = self.0.path().join("store");
        Command::new(env!("CARGO_BIN_EXE_caiying"))
            .args(["doctor", "--store", store.to_str().unwrap()])
            .args(arguments)
            .env("HOME", self.0.path())
            .env("XDG_RUNTIME_DIR", self.0.path().join("run"))
            .env("PATH", self.0.path().join("bin"))
            .env("TZ", "UTC")
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_DATA_HOME")
            .output()
            .unwrap()
    }

    /// The doctor's findings as JSON, and the exit code.
    fn findings(&self, arguments: &[&str]) -> (Value, i32) {
        let output = self.doctor(&[arguments, &["--json"]].concat());
        let said = String::from_utf8(output.stdout.clone()).unwrap();
        let json = serde_json::from_str(&said).unwrap_or_else(|err| panic!("{err}: {output:?}"));
        (json, output.status.code().unwrap())
    }
}

fn executable(path: &Path, script: &str) {
    fs::write(path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
}

fn finding<'a>(found: &'a Value, subject: &str) -> &'a Value {
    let mut findings = found["findings"].as_array().unwrap().iter();
    findings.find(|finding| finding["subject"] == subject).unwrap_or_else(|| panic!("{subject} in {found}"))
}

/// With which code the doctor ends when nothing is worse than this.
fn exit_code(finding: &Value) -> i32 {
    i32::from(finding["verdict"] == "act")
}

/// A body whose clock is in the zone of the tests' doctor.
fn options() -> Options {
    Options { zone_minutes: 0, ..Options::default() }
}

#[test]
fn a_healthy_camera_is_found_well() {
    let (practice, body) = (Practice::new(), VirtualCamera::start(&options()).unwrap());
    let (found, code) = practice.findings(&["--camera", &body.gphoto_port()]);
    // How much room this computer has is its own affair.
    let room = finding(&found, "disk");
    assert!(room["value"]["free_bytes"].is_u64(), "{room}");
    assert_eq!((found["verdict"].as_str(), code), (room["verdict"].as_str(), exit_code(room)), "{found:#}");
    for subject in ["camera", "battery", "clock", "card", "image_format", "capture_target", "libgphoto2"] {
        let finding = finding(&found, subject);
        assert_eq!(finding["verdict"], "good", "{finding}");
        assert!(!finding["zh"].as_str().unwrap().is_empty() && !finding["en"].as_str().unwrap().is_empty());
        assert!(!finding["value"].is_null(), "{finding}");
    }
    assert_eq!(finding(&found, "camera")["value"]["serial"], "033021001234");
    assert_eq!(finding(&found, "capture_target")["value"]["is_card"], true);
    assert!(finding(&found, "card")["value"]["shots"].as_u64().unwrap() > 1000);
    let words = practice.doctor(&["--camera", &body.gphoto_port()]);
    let words = String::from_utf8(words.stdout).unwrap();
    assert!(words.contains("✓ 正常  相机") && words.lines().count() >= 8, "{words}");
}

#[test]
fn what_is_wrong_with_a_camera_is_found_and_says_what_to_do() {
    let practice = Practice::new();
    let small = Options { card_bytes: 300_000_000, ..options() };
    for (options, subject, verdict) in [
        (Options { battery: 25, ..options() }, "battery", "look"),
        (Options { battery: 0, ..options() }, "battery", "act"),
        (Options { raw_only: true, locked: vec!["format".to_owned()], ..options() }, "image_format", "act"),
        (Options { tells_time: false, ..options() }, "clock", "act"),
        (Options { clock_offset_ms: -9_000, ..options() }, "clock", "look"),
        (small, "card", "act"),
    ] {
        let body = VirtualCamera::start(&options).unwrap();
        let (found, code) = practice.findings(&["--camera", &body.gphoto_port()]);
        let finding = finding(&found, subject);
        assert_eq!(finding["verdict"], verdict, "{finding}");
        assert!(finding["remedy_zh"].is_string(), "{finding}");
        assert_eq!(code, i32::from(verdict == "act"), "{found:#}");
    }
}

#[test]
fn the_clock_is_set_by_this_computers_when_asked() {
    let practice = Practice::new();
    let body = VirtualCamera::start(&Options { clock_offset_ms: 90_000, ..options() }).unwrap();
    let (found, code) = practice.findings(&["--camera", &body.gphoto_port(), "--set-clock"]);
    assert_eq!(code, 0, "{found:#}");
    let set = &finding(&found, "clock_set")["value"];
    let ms = |key: &str| set[key].as_i64().unwrap();
    assert!((88_000..92_000).contains(&ms("before_ms")), "{set}");
    assert!(ms("after_ms").abs() < 2_000, "{set}");
    let (again, _) = practice.findings(&["--camera", &body.gphoto_port()]);
    assert!(finding(&again, "clock")["value"]["ahead_ms"].as_i64().unwrap().abs() < 2_000, "{again:#}");
}

#[test]
fn without_a_camera_the_doctor_says_what_to_do() {
    let practice = Practice::new();
    let (found, code) = practice.findings(&[]);
    assert_eq!(code, 1, "{found:#}");
    let trouble = finding(&found, "trouble");
    assert!(trouble["remedy_zh"].as_str().unwrap().contains("电源"), "{trouble}");
    assert!(finding(&found, "disk")["value"]["free_bytes"].is_u64(), "the rest is examined all the same");
    assert!(finding(&found, "libgphoto2")["value"].as_str().unwrap().starts_with("2."), "{found:#}");
}

/// The file manager's own command is asked, within a deadline, and what came of it is looked at.
#[test]
fn gvfs_is_asked_to_let_the_camera_go() {
    let released = |practice: &Practice| practice.findings(&["--release"]).0;
    let practice = Practice::new();
    practice.mount();
    let refused = released(&practice);
    assert!(finding(&refused, "released")["zh"].as_str().unwrap().contains("没有 gio"), "{refused:#}");

    practice.program("gio", "echo 'no such mount' >&2; exit 2");
    let refused = released(&practice);
    assert!(finding(&refused, "released")["zh"].as_str().unwrap().contains("no such mount"), "{refused:#}");
    assert!(finding(&refused, "released")["remedy_zh"].as_str().unwrap().contains("fuser"), "{refused:#}");

    practice.program("gio", "exit 0");
    let still = released(&practice);
    assert_eq!(finding(&still, "released")["verdict"], "act", "it said yes and did nothing: {still:#}");

    let mount = practice.mount();
    let script = format!("[ \"$*\" = 'mount -s gphoto2' ] && /bin/rmdir '{}'", mount.display());
    practice.program("gio", &script);
    let done = released(&practice);
    assert_eq!(finding(&done, "released")["verdict"], "good", "{done:#}");
    assert!(!mount.exists());
}

#[test]
fn a_gio_that_hangs_is_not_waited_for() {
    let practice = Practice::new();
    practice.mount();
    practice.program("gio", "exec /bin/sleep 600");
    let (found, _) = practice.findings(&["--release"]);
    assert!(finding(&found, "released")["zh"].as_str().unwrap().contains("没有回应"), "{found:#}");
}

/// Puts a process into a pretended `/proc`, with a camera's file open.
pub(super) fn process(root: &Path, pid: u32, parent: u32, name: &str, node: &Path) {
    let process = root.join("proc").join(pid.to_string());
    fs::create_dir_all(process.join("fd")).unwrap();
    fs::write(process.join("comm"), format!("{name}\n")).unwrap();
    fs::write(process.join("status"), format!("Name:\t{name}\nPPid:\t{parent}\n")).unwrap();
    std::os::unix::fs::symlink("/dev/null", process.join("fd/0")).unwrap();
    std::os::unix::fs::symlink(node, process.join("fd/7")).unwrap();
}

#[test]
fn who_holds_a_camera_is_named() {
    let root = tempfile::tempdir().unwrap();
    let neighbours = Neighbours::below(root.path());
    let camera = UsbCamera::at_port("usb:001,042").unwrap();
    let held = || neighbours.holder(std::slice::from_ref(&camera));
    assert_eq!(held(), None);
    let node = neighbours.node(&camera);
    process(root.path(), 500, 1, "editor", &root.path().join("dev/001/041"));
    process(root.path(), std::process::id(), 1, "caiying", &node);
    process(root.path(), 501, std::process::id(), "caiying", &node);
    assert_eq!(held(), None, "another camera; ourselves; our camera's process");
    process(root.path(), 502, 1, "darktable", &node);
    assert_eq!(held(), Some(Holder::Program { name: "darktable".to_owned(), pid: 502 }));
    let refused = neighbours.release(std::slice::from_ref(&camera));
    assert!(
        matches!(refused, Err(NotReleased::Still(Holder::Program { pid: 502, .. }))),
        "named, never ended"
    );
    fs::remove_dir_all(root.path().join("proc/502")).unwrap();
    fs::create_dir_all(root.path().join("run/gvfs/gphoto2:host=Canon")).unwrap();
    assert_eq!(held(), Some(Holder::Gvfs { program: None }));
    process(root.path(), 503, 1, "gvfsd-gphoto2", &node);
    assert_eq!(held(), Some(Holder::Gvfs { program: Some("gvfsd-gphoto2".to_owned()) }));
    let words = caiying::screens::trouble::camera(&CameraError::Claimed { by: held() });
    assert!(words.headline.zh.contains("gvfsd-gphoto2") && words.remedy.zh.contains("F9"), "{words:?}");
}

/// What a camera may answer to the shutter, by its code; the words around it are libgphoto2's own.
#[test]
fn every_refusal_is_told_by_its_code() {
    use CameraError as E;
    let mut tethered = tethered(&Options::default());
    connected(&mut tethered.camera);
    for (code, wanted) in [
        (0x2019, E::Busy),
        (0xa102, E::Busy),
        (0x200c, E::CardFull),
        (0x2013, E::NoCard),
        (0x200e, E::CardUnusable),
        (0x200f, E::Denied),
        (0xa005, E::Denied),
        (0x2005, E::NotSupported),
        (0xa101, E::NoPower),
        (0xa002, E::NoFocus),
    ] {
        tethered.body.faults().set(Fault::Respond { opcode: 0x9128, code, times: None });
        assert_eq!(tethered.camera.fire(SittingId(1)), Err(wanted), "{code:#06x}");
        tethered.body.faults().clear();
    }
    for code in [0x2002, 0x2003, 0x201e] {
        tethered.body.faults().set(Fault::Respond { opcode: 0x9128, code, times: None });
        let err = tethered.camera.fire(SittingId(1)).unwrap_err();
        assert!(matches!(err, E::Broken { .. }), "{code:#06x}: {err:?}");
        tethered.body.faults().clear();
        lost(&mut tethered.camera);
        connected(&mut tethered.camera);
    }
    // A code nobody knows is told as it is.
    tethered.body.faults().set(Fault::Respond { opcode: 0x9128, code: 0x201d, times: None });
    let err = tethered.camera.fire(SittingId(1)).unwrap_err();
    assert!(matches!(&err, E::Other(said) if said.contains("0x201d")), "{err:?}");
    tethered.body.faults().clear();
    tethered.camera.fire(SittingId(2)).unwrap();
    assert_eq!(arrival(&mut tethered.camera).trigger, Trigger::Station(SittingId(2)), "and none is for ever");
}

/// A spare body in the place of the old one is taken, and said.
#[test]
fn another_body_is_named() {
    let mut tethered = tethered(&Options::default());
    connected(&mut tethered.camera);
    assert_eq!(notices(&mut tethered.camera), []);
    let other = Options { body_serial: "033021009999".to_owned(), ..Options::default() };
    tethered::swap(&mut tethered, &other);
    let told = notices(&mut tethered.camera);
    let named = matches!(&told[..], [CameraError::AnotherBody { serial, .. }] if serial == "033021009999");
    assert!(named, "{told:?}");
}

/// libgphoto2 is not asked for its list while nothing on the bus changes.
#[test]
fn an_empty_bus_is_left_alone_until_something_is_plugged_in() {
    let home = tempfile::tempdir().unwrap();
    let program = home.path().join("camera-process");
    let script = format!(
        "echo $$ >> '{home}/processes'\nHOME='{home}' exec '{caiying}' \"$@\"",
        home = home.path().display(),
        caiying = env!("CARGO_BIN_EXE_caiying")
    );
    executable(&program, &script);
    let started = || fs::read_to_string(home.path().join("processes")).map_or(0, |text| text.lines().count());
    let bus = home.path().join("bus");
    fs::create_dir(&bus).unwrap();
    let neighbours = Neighbours::below(home.path());
    let mut camera = LinkedCamera::new(program, None, Clock::start())
        .with_surroundings(UsbBus::at(bus.clone()), neighbours);
    assert_eq!(lost(&mut camera), CameraError::NotFound);
    quiet(&mut camera, Duration::from_secs(2));
    assert_eq!(started(), 1, "asked once");
    fs::create_dir(bus.join("1-1")).unwrap();
    quiet(&mut camera, Duration::from_secs(2));
    assert_eq!(started(), 2, "and again when something was plugged in");
}
