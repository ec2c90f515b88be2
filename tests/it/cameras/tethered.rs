//! The tethered camera, behind the real libgphoto2.

use super::*;

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
pub(super) fn swap(tethered: &mut Tethered, options: &Options) {
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
    let locked = vec!["format".to_owned()];
    let mut tethered = tethered(&Options { raw_only: true, locked, ..Options::default() });
    connected(&mut tethered.camera);
    let told = notices(&mut tethered.camera);
    assert!(matches!(&told[..], [CameraError::SettingsRefused(all)] if all.len() == 1), "{told:?}");
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
