//! The camera on a USB bus, found by libgphoto2's own autodetection and driven with the flags of its model.

use std::process::{Command, Output};

use serde_json::Value;

use super::*;

/// What the command line says of a camera on the bus, as one without a store: `caiying camera …`.
fn caiying(body: &VirtualCamera, home: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_caiying"));
    command.arg("camera").args(args).env("HOME", home).envs(body.environment().unwrap()).output().unwrap()
}

fn json_lines(said: &Output) -> Vec<Value> {
    let text = String::from_utf8(said.stdout.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn on_usb() -> Options {
    Options { transport: Transport::Usb, ..Options::default() }
}

#[test]
fn a_camera_on_usb() {
    let mut plugged = plugged(&Options { prefill: 3, ..Options::default() });
    let body = &plugged.body;
    keeps_the_contract(&mut plugged.camera, plugged.clock, || {
        body.press_shutter().unwrap();
    });
}

#[test]
fn the_command_line_finds_it_and_shoots() {
    let (body, home) = (VirtualCamera::start(&on_usb()).unwrap(), tempfile::tempdir().unwrap());
    let found = caiying(&body, home.path(), &["list", "--json"]);
    assert_eq!(
        json_lines(&found),
        [serde_json::json!({ "model": "Canon EOS 80D", "port": "usb:001,042" })],
        "{found:?}"
    );
    let info = caiying(&body, home.path(), &["info", "--camera", "auto", "--json"]);
    assert_eq!(json_lines(&info)[0]["port"], "usb:001,042", "{info:?}");
    assert_eq!(json_lines(&info)[0]["serial"], "033021001234", "{info:?}");

    let out = home.path().join("out");
    let args = ["shoot", "-n", "20", "--camera", "auto", "--json", "--out", out.to_str().unwrap()];
    let shot = caiying(&body, home.path(), &args);
    assert!(shot.status.success(), "{shot:?}");
    let told: Vec<Value> = json_lines(&shot).iter().map(|line| line["sha256"].clone()).collect();
    let exposed: Vec<String> = body.exposures().into_iter().map(|exposure| exposure.sha256).collect();
    assert_eq!((told.len(), told), (20, exposed.iter().map(|hash| Value::from(hash.as_str())).collect()));
    let mut written: Vec<String> = fs::read_dir(&out)
        .unwrap()
        .map(|file| Digest::of(&fs::read(file.unwrap().path()).unwrap()).to_string())
        .collect();
    let mut wanted = exposed;
    written.sort();
    wanted.sort();
    assert_eq!(written, wanted);
}

#[test]
fn an_empty_bus_has_no_camera() {
    let (body, home) = (VirtualCamera::start(&on_usb()).unwrap(), tempfile::tempdir().unwrap());
    body.unplug();
    for action in ["list", "info"] {
        let said = caiying(&body, home.path(), &[action, "--json"]);
        assert!(!said.status.success() && said.stdout.is_empty(), "{action}: {said:?}");
    }
    body.plug().unwrap();
    assert!(caiying(&body, home.path(), &["list"]).status.success());
}

/// The cable comes out while nothing happens, and in again: at the same place, and at another.
#[test]
fn it_is_found_again_wherever_it_is_plugged_in() {
    let mut plugged = plugged(&Options { prefill: 2, ..Options::default() });
    connected(&mut plugged.camera);
    for port in ["usb:001,042", "usb:001,043", "usb:002,007"] {
        plugged.body.unplug();
        assert!(lost(&mut plugged.camera).is_gone());
        assert!(plugged.camera.fire(SittingId(1)).is_err(), "nothing fires while it is away");
        plugged.body.press_shutter().unwrap();
        plugged.body.plug_in_at(port).unwrap();
        match news(&mut plugged.camera) {
            CameraNews::Connected(info) => assert_eq!(info.port, port),
            other => panic!("{other:?}"),
        }
        let found = arrival(&mut plugged.camera);
        assert_eq!(Some(&sha256(&found)), plugged.exposed().last(), "the new one, and none of the old ones");
        plugged.camera.fire(SittingId(2)).unwrap();
        assert_eq!(arrival(&mut plugged.camera).trigger, Trigger::Station(SittingId(2)));
    }
}

/// Between the trigger and the file.
#[test]
fn pulled_out_while_shooting_nothing_is_lost() {
    let mut plugged = plugged(&Options { capture_delay: Duration::from_millis(600), ..Options::default() });
    connected(&mut plugged.camera);
    plugged.camera.fire(SittingId(1)).unwrap();
    plugged.body.unplug();
    assert!(lost(&mut plugged.camera).is_gone());
    thread::sleep(Duration::from_millis(700));
    plugged.body.plug_in_at("usb:001,043").unwrap();
    connected(&mut plugged.camera);
    assert_eq!(vec![sha256(&arrival(&mut plugged.camera))], plugged.exposed());
    quiet(&mut plugged.camera, Duration::from_millis(500));
}

/// In the middle of a file: a megabyte at 400 kB a second.
#[test]
fn pulled_out_while_downloading_nothing_is_lost() {
    let mut plugged = plugged(&Options { file_bytes: 1_000_000, ..Options::default() });
    connected(&mut plugged.camera);
    plugged.body.faults().set(Fault::Throttle { bytes_per_second: 400_000 });
    plugged.camera.fire(SittingId(1)).unwrap();
    let (body, camera) = (&plugged.body, &mut plugged.camera);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !body.log().iter().any(|operation| [0x1009, 0x101B].contains(&operation.opcode)) {
                thread::sleep(Duration::from_millis(5));
            }
            thread::sleep(Duration::from_millis(300));
            body.unplug();
        });
        assert!(lost(camera).is_gone());
    });
    plugged.body.faults().clear();
    plugged.body.plug_in_at("usb:001,043").unwrap();
    connected(&mut plugged.camera);
    let found = arrival(&mut plugged.camera);
    assert!(found.jpeg.0.len() >= 1_000_000);
    assert_eq!(vec![sha256(&found)], plugged.exposed());
    quiet(&mut plugged.camera, Duration::from_millis(500));
}

/// The cable holds, the transfer does not.
#[test]
fn a_transfer_that_breaks_on_usb_is_repeated() {
    for fault in [Fault::Cut { after: 3_000 }, Fault::Short { at: 2_000, times: 2 }] {
        let mut plugged = plugged(&Options::default());
        connected(&mut plugged.camera);
        plugged.body.faults().set(fault.clone());
        plugged.camera.fire(SittingId(1)).unwrap();
        let err = lost(&mut plugged.camera);
        assert!(err.is_gone() || matches!(err, CameraError::Truncated { .. }), "{fault:?}: {err:?}");
        plugged.body.faults().clear();
        connected(&mut plugged.camera);
        assert_eq!(vec![sha256(&arrival(&mut plugged.camera))], plugged.exposed(), "{fault:?}");
    }
}

/// gvfs, most of the time. It is told once, and when the camera is let go the station takes it by itself.
#[test]
fn a_camera_that_another_program_holds_is_taken_when_it_is_free() {
    let mut plugged = plugged(&Options::default());
    plugged.body.faults().set(Fault::Claimed);
    assert_eq!(lost(&mut plugged.camera), CameraError::Claimed { by: None });
    quiet(&mut plugged.camera, Duration::from_millis(1200));
    plugged.body.faults().clear();
    connected(&mut plugged.camera);
    plugged.camera.fire(SittingId(1)).unwrap();
    assert_eq!(vec![sha256(&arrival(&mut plugged.camera))], plugged.exposed());
}

/// The second program is turned away by the bus itself, and the first does not notice.
#[test]
fn two_programs_do_not_share_a_camera() {
    let mut plugged = plugged(&Options::default());
    connected(&mut plugged.camera);
    let second = caiying(&plugged.body, plugged.home.path(), &["info", "--camera", "auto"]);
    assert!(!second.status.success(), "{second:?}");
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(said.contains("占用") || said.contains("another program"), "{said}");
    plugged.camera.fire(SittingId(1)).unwrap();
    assert_eq!(vec![sha256(&arrival(&mut plugged.camera))], plugged.exposed());
}

/// The driver would wait for 20 s. The process is ended, and with it its claim on the device.
#[test]
fn a_hang_on_usb_is_ended_and_the_device_is_free_again() {
    let mut plugged = plugged(&Options::default());
    let deadlines = Deadlines { fire: Duration::from_millis(800), ..Deadlines::default() };
    plugged.camera = plugged.camera.with_deadlines(deadlines);
    connected(&mut plugged.camera);
    plugged.body.faults().set(Fault::Hang { opcode: 0x9128 });
    let err = plugged.camera.fire(SittingId(1)).unwrap_err();
    assert!(matches!(err, CameraError::NoAnswer { .. }), "{err:?}");
    assert!(lost(&mut plugged.camera).is_gone());
    plugged.body.faults().clear();
    connected(&mut plugged.camera);
    plugged.camera.fire(SittingId(2)).unwrap();
    let found = arrival(&mut plugged.camera);
    assert_eq!((vec![sha256(&found)], found.trigger), (plugged.exposed(), Trigger::Station(SittingId(2))));
}
