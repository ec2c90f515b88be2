//! What the tethered camera is set to, and what becomes of it: set at every connection, read back, compared with
//! every shot; and its battery.

use caiying::{
    camera::Reading,
    profile::{Families, Family, Setting},
};

use super::*;

/// A photographer's own file: exposure for the lamps that stand there.
const OWN: &str = r#"
    based_on = "cameras/canon_eos"
    title = "own"
    models = ["Canon EOS 80D"]
    [settings]
    aperture = { want = ["8"] }
    shutter = { want = ["1/125"] }
    iso = { want = ["100"] }
"#;

fn own() -> Families {
    Families::default().with(Family::parse("own", OWN).unwrap())
}

fn dials(stops: &[(&str, &str)]) -> Vec<(String, String)> {
    stops.iter().map(|(dial, stop)| ((*dial).to_owned(), (*stop).to_owned())).collect()
}

fn value(readings: &[Reading], setting: Setting) -> Option<String> {
    readings.iter().find(|reading| reading.setting == setting).and_then(|reading| reading.value.clone())
}

fn changed(setting: Setting, from: &str, to: &str) -> CameraError {
    CameraError::SettingChanged { setting, from: from.to_owned(), to: to.to_owned() }
}

/// One shot on the body, and what is told of it.
fn shot(tethered: &mut Tethered) -> Vec<CameraError> {
    tethered.body.press_shutter().unwrap();
    arrival(&mut tethered.camera);
    notices(&mut tethered.camera)
}

#[test]
fn what_differs_is_set_and_read_back() {
    let stops = dials(&[("aperture", "5.6"), ("shutter", "1/60"), ("iso", "auto"), ("whitebalance", "auto")]);
    let mut tethered = tethered(&Options { dials: stops, ..Options::default() });
    tethered.camera = tethered.camera.with_families(own());
    connected(&mut tethered.camera);
    assert_eq!(notices(&mut tethered.camera), []);
    let status = tethered.camera.status().unwrap();
    assert_eq!((status.family.as_str(), status.as_settled), ("own", true));
    for (setting, wanted) in [
        (Setting::CaptureTarget, "Memory card"),
        (Setting::ImageFormat, "Medium Fine JPEG"),
        (Setting::Aperture, "8"),
        (Setting::Shutter, "1/125"),
        (Setting::Iso, "100"),
        (Setting::WhiteBalance, "Color Temperature"),
        (Setting::ColourTemperature, "5500"),
        (Setting::FocusMode, "One Shot"),
    ] {
        assert_eq!(value(&status.settings, setting).as_deref(), Some(wanted), "{setting:?}");
    }
    assert_eq!(tethered.camera.status(), None, "told once");
    // The body itself says so in its pictures, too.
    tethered.body.press_shutter().unwrap();
    let jpeg = arrival(&mut tethered.camera).jpeg;
    let as_shot = caiying::shot::Particulars::read(&jpeg.0).as_shot;
    assert_eq!((as_shot.f_number, as_shot.exposure_s), (Some(8.0), Some(0.008)));
    assert_eq!((as_shot.iso, as_shot.auto_white_balance), (Some(100), Some(false)));
    assert_eq!(notices(&mut tethered.camera), []);
}

/// Nothing is sent to a camera that is set well already: a body takes its time over every change.
#[test]
fn what_is_well_already_is_left_alone() {
    let stops = dials(&[("format", "raw+large"), ("whitebalance", "manual"), ("kelvin", "5600")]);
    let mut tethered = tethered(&Options { dials: stops, ..Options::default() });
    connected(&mut tethered.camera);
    let settings = tethered.camera.status().unwrap().settings;
    assert_eq!(value(&settings, Setting::ImageFormat).as_deref(), Some("RAW + Large Fine JPEG"));
    assert_eq!(value(&settings, Setting::WhiteBalance).as_deref(), Some("Manual"));
    assert_eq!(value(&settings, Setting::ColourTemperature).as_deref(), Some("5600"));
    assert_eq!(value(&settings, Setting::Aperture).as_deref(), Some("8"));
    let sets = |log: Vec<virtual_camera::Operation>| {
        log.iter().filter(|operation| operation.opcode == 0x9110).count()
    };
    // libgphoto2 itself sends the capture target, to memory and back to the card.
    assert!(sets(tethered.body.log()) <= 2, "{:?}", tethered.body.log());
}

#[test]
fn what_the_body_refuses_is_told_once_and_no_reason_not_to_work() {
    let locked = vec!["aperture".to_owned(), "iso".to_owned()];
    let stops = dials(&[("aperture", "4"), ("iso", "800")]);
    let mut tethered = tethered(&Options { dials: stops, locked, ..Options::default() });
    tethered.camera = tethered.camera.with_families(own());
    connected(&mut tethered.camera);
    let refused = |setting, value: &str, wanted: &str| Reading {
        setting,
        value: Some(value.to_owned()),
        wanted: Some(wanted.to_owned()),
        before: None,
    };
    let all = vec![refused(Setting::Aperture, "4", "8"), refused(Setting::Iso, "800", "100")];
    assert_eq!(notices(&mut tethered.camera), [CameraError::SettingsRefused(all)]);
    tethered.camera.fire(SittingId(1)).unwrap();
    assert_eq!(arrival(&mut tethered.camera).trigger, Trigger::Station(SittingId(1)));
    assert_eq!(notices(&mut tethered.camera), [], "it is as it was found");

    tethered.body.unplug();
    lost(&mut tethered.camera);
    tethered.body.plug().unwrap();
    connected(&mut tethered.camera);
    assert_eq!(notices(&mut tethered.camera), [], "told already");
}

/// `光圈变了：f/8 → f/5.6`, and nothing more until it changes again.
#[test]
fn a_dial_that_is_turned_is_told_with_old_and_new_value() {
    let mut tethered = tethered(&Options::default());
    connected(&mut tethered.camera);
    assert_eq!(shot(&mut tethered), []);
    let mut turn = |dial: &str, stop: &str, told: &[CameraError]| {
        tethered.body.turn(dial, stop).unwrap();
        assert_eq!(shot(&mut tethered), told, "{dial} {stop}");
        assert_eq!(shot(&mut tethered), [], "told once");
    };
    turn("aperture", "5.6", &[changed(Setting::Aperture, "f/8", "f/5.6")]);
    turn("aperture", "4", &[changed(Setting::Aperture, "f/8", "f/4")]);
    turn("shutter", "1/60", &[changed(Setting::Shutter, "1/125", "1/60")]);
    turn("iso", "400", &[changed(Setting::Iso, "100", "400")]);
    turn("whitebalance", "auto", &[changed(Setting::WhiteBalance, "Color Temperature", "auto")]);
    assert!(!tethered.camera.status().unwrap().as_settled);
}

#[test]
fn a_dial_that_is_turned_back_is_forgiven_and_one_that_stays_was_meant() {
    let mut tethered = tethered(&Options::default());
    connected(&mut tethered.camera);
    tethered.body.turn("aperture", "5.6").unwrap();
    assert_eq!(shot(&mut tethered), [changed(Setting::Aperture, "f/8", "f/5.6")]);
    assert!(!tethered.camera.status().unwrap().as_settled);
    tethered.body.turn("aperture", "8").unwrap();
    assert_eq!(shot(&mut tethered), []);
    assert!(tethered.camera.status().unwrap().as_settled);

    tethered.body.turn("aperture", "11").unwrap();
    assert_eq!(shot(&mut tethered), [changed(Setting::Aperture, "f/8", "f/11")]);
    for _ in 0..4 {
        assert!(!tethered.camera.status().unwrap().as_settled);
        assert_eq!(shot(&mut tethered), []);
    }
    assert!(tethered.camera.status().unwrap().as_settled, "it was meant");
    tethered.body.turn("aperture", "8").unwrap();
    assert_eq!(shot(&mut tethered), [changed(Setting::Aperture, "f/11", "f/8")]);
}

/// Somebody changes the image size on the body: the pictures become smaller.
#[test]
fn pictures_of_another_size_are_told() {
    let mut tethered = tethered(&Options::default());
    connected(&mut tethered.camera);
    assert_eq!(shot(&mut tethered), [], "the first sets the standard");
    let small = include_bytes!("../../virtual-camera/assets/thumb.jpg");
    tethered.body.set_scene("small", small).unwrap();
    assert_eq!(shot(&mut tethered), [changed(Setting::Pixels, "960×640", "160×120")]);
}

/// While the cable was out somebody turned two dials: one is ours to set, the other is the photographer's.
#[test]
fn after_a_new_connection_dials_are_set_again_and_compared() {
    let mut tethered = tethered(&Options::default());
    connected(&mut tethered.camera);
    tethered.body.unplug();
    lost(&mut tethered.camera);
    tethered.body.turn("format", "large").unwrap();
    tethered.body.turn("focus", "manual").unwrap();
    tethered.body.plug().unwrap();
    connected(&mut tethered.camera);
    let (from, to) = ("Large Fine JPEG".to_owned(), "Medium Fine JPEG".to_owned());
    let restored =
        Reading { setting: Setting::ImageFormat, value: Some(to), wanted: None, before: Some(from) };
    let told =
        [changed(Setting::FocusMode, "One Shot", "Manual"), CameraError::SettingsRestored(vec![restored])];
    assert_eq!(notices(&mut tethered.camera), told);
    let settings = tethered.camera.status().unwrap().settings;
    assert_eq!(value(&settings, Setting::ImageFormat).as_deref(), Some("Medium Fine JPEG"));
}

/// What the photographer chose and meant is not set back when the cable slips.
#[test]
fn after_a_new_connection_what_was_meant_stays() {
    let mut tethered = tethered(&Options::default());
    connected(&mut tethered.camera);
    tethered.body.turn("whitebalance", "auto").unwrap();
    for _ in 0..5 {
        shot(&mut tethered);
    }
    tethered.body.unplug();
    lost(&mut tethered.camera);
    tethered.body.plug().unwrap();
    connected(&mut tethered.camera);
    assert_eq!(notices(&mut tethered.camera), []);
    let settings = tethered.camera.status().unwrap().settings;
    assert_eq!(value(&settings, Setting::WhiteBalance).as_deref(), Some("Auto"));
    assert_eq!(shot(&mut tethered), []);
}

#[test]
fn what_is_known_of_a_model_is_told_once() {
    let known = "[[warnings]]\nmodels = [\"Canon EOS 80D\"]\nzh = \"已知\"\nen = \"known\"\n";
    let others = "[[warnings]]\nmodels = [\"Canon EOS 6D\"]\nzh = \"别的\"\nen = \"another's\"\n";
    let family = Family::parse("own", &[OWN, known, others].join("\n")).unwrap();
    let mut tethered = tethered(&Options::default());
    tethered.camera = tethered.camera.with_families(Families::default().with(family));
    connected(&mut tethered.camera);
    let (zh, en) = ("已知".to_owned(), "known".to_owned());
    assert_eq!(notices(&mut tethered.camera), [CameraError::KnownFault { zh, en }]);
    tethered.body.unplug();
    lost(&mut tethered.camera);
    tethered.body.plug().unwrap();
    connected(&mut tethered.camera);
    assert_eq!(notices(&mut tethered.camera), []);
}

/// A driver that hangs over one dial costs that dial and not the camera.
#[test]
fn a_dial_the_driver_hangs_over_is_given_up() {
    let stops =
        dials(&[("iso", "800"), ("whitebalance", "manual"), ("kelvin", "5500"), ("format", "raw+large")]);
    let locked = vec!["iso".to_owned()];
    let mut tethered = tethered(&Options { dials: stops, locked, ..Options::default() });
    let dial = Duration::from_millis(400);
    tethered.camera =
        tethered.camera.with_families(own()).with_deadlines(Deadlines { dial, ..Deadlines::default() });
    // Turning takes too long, reading does not: only the one dial that must be turned hangs.
    let (body, camera) = (&tethered.body, &mut tethered.camera);
    body.faults().set(Fault::Slow { opcode: 0x9110, ms: 1_000 });
    let until = Instant::now() + Duration::from_secs(60);
    let mut lost = 0;
    while Instant::now() < until {
        match camera.next(PATIENCE) {
            CameraNews::Connected(_) => break,
            CameraNews::Lost(err) => {
                assert!(matches!(err, CameraError::NoAnswer { .. }), "{err:?}");
                lost += 1;
            }
            CameraNews::Quiet | CameraNews::Arrived(_) => {}
        }
    }
    assert_eq!(lost, 1, "told once");
    let settings = camera.status().unwrap().settings;
    assert_eq!(value(&settings, Setting::Iso), None, "not asked any more");
    assert_eq!(value(&settings, Setting::Aperture).as_deref(), Some("8"));
    body.faults().clear();
    camera.fire(SittingId(1)).unwrap();
    assert_eq!(arrival(camera).trigger, Trigger::Station(SittingId(1)));
}

#[test]
fn a_battery_that_runs_out_is_told_and_then_nothing_is_fired() {
    let mut tethered = tethered(&Options { battery: 25, ..Options::default() });
    connected(&mut tethered.camera);
    assert_eq!(notices(&mut tethered.camera), [CameraError::BatteryLow { percent: 25 }]);
    let status = tethered.camera.status().unwrap();
    assert_eq!((status.battery.as_deref(), status.battery_is_low), (Some("25%"), true));
    tethered.camera.fire(SittingId(1)).unwrap();
    arrival(&mut tethered.camera);

    tethered.body.unplug();
    lost(&mut tethered.camera);
    tethered.body.set_battery(0);
    tethered.body.plug().unwrap();
    connected(&mut tethered.camera);
    assert_eq!(tethered.camera.fire(SittingId(2)), Err(CameraError::BatteryEmpty { percent: 0 }));
    // What is shot on the body is still taken in.
    tethered.body.press_shutter().unwrap();
    assert_eq!(arrival(&mut tethered.camera).trigger, Trigger::Body);
    assert_eq!(notices(&mut tethered.camera), [], "told already");

    tethered.body.unplug();
    lost(&mut tethered.camera);
    tethered.body.set_battery(100);
    tethered.body.plug().unwrap();
    connected(&mut tethered.camera);
    tethered.camera.fire(SittingId(3)).unwrap();
    assert_eq!(arrival(&mut tethered.camera).trigger, Trigger::Station(SittingId(3)));
    assert!(!tethered.camera.status().unwrap().battery_is_low);
}

/// Every so often while nothing happens, by one call and not by the whole tree; never while a file is awaited.
#[test]
fn the_battery_is_read_now_and_then_while_nothing_happens() {
    let mut tethered = tethered(&Options { capture_delay: Duration::from_secs(4), ..Options::default() });
    tethered.camera = tethered.camera.reading_its_condition_every(Duration::from_millis(300));
    connected(&mut tethered.camera);
    tethered.camera.status();
    tethered.camera.fire(SittingId(1)).unwrap();
    let before = readings_of_the_battery(&tethered);
    arrival(&mut tethered.camera);
    assert_eq!(readings_of_the_battery(&tethered), before, "a file was awaited");

    tethered.body.set_battery(25);
    let until = Instant::now() + Duration::from_secs(20);
    let mut told = vec![];
    while told.is_empty() && Instant::now() < until {
        assert!(matches!(tethered.camera.next(PATIENCE), CameraNews::Quiet));
        told = notices(&mut tethered.camera);
    }
    assert_eq!(told, [CameraError::BatteryLow { percent: 25 }]);
    let status = tethered.camera.status().unwrap();
    assert_eq!(status.battery.as_deref(), Some("25%"));
    assert!(status.shots_left.is_some_and(|left| left > 1_000), "{status:?}");
}

/// The battery is a standard property: it is described anew for each reading.
fn readings_of_the_battery(tethered: &Tethered) -> usize {
    tethered.body.log().iter().filter(|operation| operation.opcode == 0x1014).count()
}

/// A hot folder cannot be asked, but its files tell; each camera by itself.
#[test]
fn files_in_a_hot_folder_are_compared_with_the_first_of_their_camera() {
    let jpeg = |serial: &str, aperture: &str| {
        let body_serial = serial.to_owned();
        let stops = dials(&[("aperture", aperture), ("format", "raw+large")]);
        let mut tethered = tethered(&Options { dials: stops, body_serial, ..Options::default() });
        connected(&mut tethered.camera);
        tethered.body.press_shutter().unwrap();
        arrival(&mut tethered.camera).jpeg.0
    };
    let files = [jpeg("1", "8"), jpeg("2", "4"), jpeg("1", "5.6"), jpeg("2", "4")];
    let folder = tempfile::tempdir().unwrap();
    let offset = ClockOffset { least: -100_000_000, most: 100_000_000 };
    let mut camera = FolderCamera::new(folder.path().to_owned(), Clock::start(), offset);
    connected(&mut camera);
    let mut told = vec![];
    for (number, file) in files.iter().enumerate() {
        fs::write(folder.path().join(format!("{number}.jpg")), file).unwrap();
        arrival(&mut camera);
        told.extend(notices(&mut camera).into_iter().map(|notice| (number, notice)));
    }
    assert_eq!(told, [(2, changed(Setting::Aperture, "f/8", "f/5.6"))]);
}

#[test]
fn the_command_line_shows_what_the_camera_is_set_to() {
    let body = VirtualCamera::start(&Options::default()).unwrap();
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join(".config/caiying");
    fs::create_dir_all(&config).unwrap();
    fs::write(config.join("settings.toml"), "camera_family = \"own.toml\"\n").unwrap();
    fs::write(config.join("own.toml"), OWN.replace("\"1/125\"", "\"1/160\"")).unwrap();
    let info = |more: &[&str]| {
        std::process::Command::new(env!("CARGO_BIN_EXE_caiying"))
            .args(["camera", "info", "--camera", &body.gphoto_port()])
            .args(more)
            .env("HOME", home.path())
            .env_remove("XDG_CONFIG_HOME")
            .output()
            .unwrap()
    };
    let said = info(&["--json"]);
    assert!(said.status.success(), "{said:?}");
    let said: serde_json::Value = serde_json::from_slice(&said.stdout).unwrap();
    assert_eq!(said["family"], "own");
    assert_eq!(said["settings"]["shutter"], serde_json::json!({ "value": "1/160", "refused": null }));
    let said = info(&[]);
    assert!(String::from_utf8_lossy(&said.stdout).contains("快门\t1/160"), "{said:?}");

    fs::write(config.join("own.toml"), "based_on = \"cameras/canon_eos\"\naperture = \"8\"\n").unwrap();
    let said = info(&[]);
    assert_eq!(said.status.code(), Some(2), "{said:?}");
    assert!(String::from_utf8_lossy(&said.stderr).contains("aperture"), "{said:?}");
}
