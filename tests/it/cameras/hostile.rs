//! Answers no camera should give. The driver may fail over them, hang or crash: it has a process of its own. The
//! station may not: it says what happened, is usable again by itself, and loses nothing of what was photographed.

use virtual_camera::Lie;

use super::*;

/// So long nobody waits for a driver here that was told that 4 GiB follow.
fn impatient() -> Deadlines {
    let [connect, fire, list, download, news] = [10, 3, 10, 3, 3].map(Duration::from_secs);
    Deadlines { connect, fire, list, download, news, ..Deadlines::default() }
}

/// Takes in what comes until everything photographed is here; if that does not come by itself (the driver has
/// lost the event), pulls the cable and plugs it in again. Panics when something never comes, or comes twice.
fn all_arrive(tethered: &mut Tethered, arrived: &mut BTreeSet<String>, story: &str) {
    let mut replugged = false;
    let mut until = Instant::now() + Duration::from_secs(12);
    let missing = |body: &VirtualCamera, arrived: &BTreeSet<String>| {
        body.exposures().iter().any(|exposure| !arrived.contains(&exposure.sha256))
    };
    while missing(&tethered.body, arrived) {
        if Instant::now() >= until {
            assert!(!replugged, "{story}: lost");
            tethered.body.faults().clear();
            tethered.body.unplug();
            tethered.body.plug().unwrap();
            (replugged, until) = (true, Instant::now() + Duration::from_secs(30));
        }
        match tethered.camera.next(PATIENCE) {
            CameraNews::Arrived(arrival) => assert!(arrived.insert(sha256(&arrival)), "{story}: twice"),
            CameraNews::Lost(_) | CameraNews::Connected(_) | CameraNews::Quiet => {}
        }
    }
}

/// Fires until the camera takes it: it may just be gone, or coming back.
fn fires(tethered: &mut Tethered, arrived: &mut BTreeSet<String>, story: &str) {
    let until = Instant::now() + Duration::from_secs(40);
    while let Err(err) = tethered.camera.fire(SittingId(9)) {
        assert!(Instant::now() < until, "{story}: not usable again: {err}");
        if let CameraNews::Arrived(arrival) = tethered.camera.next(PATIENCE) {
            assert!(arrived.insert(sha256(&arrival)), "{story}: twice");
        }
    }
}

/// Each lie is told once, while a shot is made on the body and one from here; then the camera is honest again.
fn survives(options: &Options, lies: &[(u16, Lie)]) {
    let mut tethered = tethered(options);
    tethered.camera = tethered.camera.with_deadlines(impatient());
    connected(&mut tethered.camera);
    let mut arrived = BTreeSet::new();
    for (opcode, lie) in lies {
        let story = format!("{:?}: {lie:?} for {opcode:#06x}", options.transport);
        let began = Instant::now();
        tethered.body.faults().set(Fault::Lie { opcode: *opcode, lie: *lie, times: Some(1) });
        tethered.body.press_shutter().unwrap();
        // Refused or not: what was exposed counts.
        tethered.camera.fire(SittingId(1)).ok();
        all_arrive(&mut tethered, &mut arrived, &story);
        tethered.body.faults().clear();
        fires(&mut tethered, &mut arrived, &story);
        all_arrive(&mut tethered, &mut arrived, &story);
        eprintln!("{story}: {:.1} s", began.elapsed().as_secs_f64());
    }
    assert_eq!(arrived.len(), tethered.body.exposures().len());
}

const ALL_LIES: [Lie; 5] = [Lie::Oversize, Lie::Garbage, Lie::Truncated, Lie::Empty, Lie::Transaction];

/// What a driver asks while it works and while it connects (facts/camera.md section 2.1).
const ASKED: [u16; 13] =
    [0x9116, 0x1008, 0x1009, 0x9128, 0x911D, 0x9109, 0x1001, 0x1002, 0x1004, 0x9108, 0x9127, 0x9102, 0x1015];

#[test]
fn lies_on_usb() {
    let options = Options { transport: Transport::Usb, ..Options::default() };
    let lies = [
        (0x9116, Lie::Garbage),
        (0x9116, Lie::Oversize),
        (0x1008, Lie::Truncated),
        (0x1009, Lie::Empty),
        (0x1009, Lie::Garbage),
        (0x9128, Lie::Transaction),
    ];
    survives(&options, &lies);
}

#[test]
fn lies_on_the_network() {
    let lies = [
        (0x9116, Lie::Truncated),
        (0x9116, Lie::Transaction),
        (0x1008, Lie::Garbage),
        (0x1008, Lie::Oversize),
        (0x1009, Lie::Transaction),
        (0x9128, Lie::Garbage),
    ];
    survives(&Options::default(), &lies);
}

/// Every lie to every question, on both cables; minutes.
#[test]
#[ignore = "minutes long: every lie to every question"]
fn all_lies() {
    let lies: Vec<(u16, Lie)> = ASKED.iter().flat_map(|opcode| ALL_LIES.map(|lie| (*opcode, lie))).collect();
    for transport in [Transport::Usb, Transport::PtpIp] {
        survives(&Options { transport, ..Options::default() }, &lies);
    }
}

/// A camera that lies while it is connected to is looked for again, until it is honest.
#[test]
fn lies_while_connecting() {
    for (transport, lies) in [
        (Transport::Usb, [(0x1001, Lie::Garbage), (0x9109, Lie::Truncated), (0x9108, Lie::Oversize)]),
        (Transport::PtpIp, [(0x1001, Lie::Truncated), (0x9109, Lie::Garbage), (0x1004, Lie::Garbage)]),
    ] {
        for (opcode, lie) in lies {
            let story = format!("{transport:?}: {lie:?} for {opcode:#06x}");
            let mut tethered = tethered(&Options { transport, prefill: 3, ..Options::default() });
            tethered.camera = tethered.camera.with_deadlines(impatient());
            tethered.body.faults().set(Fault::Lie { opcode, lie, times: Some(1) });
            fires_at_last(&mut tethered, &story);
        }
    }
}

/// The camera gets so far that it takes a shot, which then comes; what lay on the card before does not matter.
fn fires_at_last(tethered: &mut Tethered, story: &str) {
    let (until, mut fired) = (Instant::now() + Duration::from_secs(40), false);
    loop {
        assert!(Instant::now() < until, "{story}: not usable");
        fired = fired || tethered.camera.fire(SittingId(1)).is_ok();
        if let CameraNews::Arrived(arrival) = tethered.camera.next(PATIENCE)
            && tethered.exposed().contains(&sha256(&arrival))
        {
            return;
        }
    }
}

/// All files are said to have 4 GB, and go on in zeros for as long as anybody asks: nobody asks.
#[test]
fn an_absurd_size_is_not_believed_and_costs_nothing_else() {
    let mut tethered = tethered(&Options::default());
    connected(&mut tethered.camera);
    tethered.body.faults().set(Fault::Says { bytes: 0xFFFF_FFFF });
    tethered.body.press_shutter().unwrap();
    let until = Instant::now() + Duration::from_secs(60);
    let told = loop {
        assert!(Instant::now() < until, "nobody says that it stays on the card");
        if let CameraNews::Arrived(arrival) = tethered.camera.next(PATIENCE) {
            panic!("{arrival:?}");
        }
        if let Some(notice) = tethered.camera.notice() {
            break notice;
        }
    };
    assert_eq!(told, CameraError::LeftOnCard { name: "IMG_0001.JPG".to_owned() });
    let asked = tethered.body.log().iter().filter(|it| [0x1009, 0x101B].contains(&it.opcode)).count();
    assert_eq!(asked, 0, "it was not even begun");
    tethered.body.faults().clear();
    let mut arrived = BTreeSet::new();
    fires(&mut tethered, &mut arrived, "after an absurd size");
    let second = tethered.exposed()[1].clone();
    while !arrived.contains(&second) {
        arrived.insert(sha256(&arrival_amid(&mut tethered)));
    }
}

/// The next file, whatever else is said meanwhile.
fn arrival_amid(tethered: &mut Tethered) -> Arrival {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        assert!(Instant::now() < until, "nothing came");
        if let CameraNews::Arrived(arrival) = tethered.camera.next(PATIENCE) {
            return arrival;
        }
    }
}

/// A folder that holds itself can be listed without end, and each file found once more at every turn.
#[test]
fn a_folder_that_holds_itself_is_listed_once() {
    for transport in [Transport::PtpIp, Transport::Usb] {
        let mut tethered = tethered(&Options { transport, prefill: 3, ..Options::default() });
        tethered.body.faults().set(Fault::Loop);
        let mut arrived = BTreeSet::new();
        fires(&mut tethered, &mut arrived, "a loop");
        all_arrive(&mut tethered, &mut arrived, "a loop");
        tethered.body.unplug();
        assert!(lost(&mut tethered.camera).is_gone());
        tethered.body.press_shutter().unwrap();
        tethered.body.plug().unwrap();
        connected(&mut tethered.camera);
        assert_eq!(Some(&sha256(&arrival(&mut tethered.camera))), tethered.exposed().last());
        quiet(&mut tethered.camera, Duration::from_millis(1000));
    }
}

/// Names that lead elsewhere, that print what they like, and that are too long for a folder. The file is kept or
/// left, and what comes after it is kept.
#[test]
fn odd_names_do_no_harm() {
    let long = format!("{}.JPG", "N".repeat(240));
    for name in ["../../../../OUT.JPG", "/ETC/X.JPG", "A\u{1b}[2J\n.JPG", "影.JPG", ".JPG", &long] {
        let mut tethered = tethered(&Options::default());
        tethered.camera = tethered.camera.with_deadlines(impatient());
        connected(&mut tethered.camera);
        tethered.body.faults().set(Fault::Name { name: name.to_owned() });
        tethered.body.press_shutter().unwrap();
        let until = Instant::now() + Duration::from_secs(2);
        let mut arrived = BTreeSet::new();
        while Instant::now() < until {
            if let CameraNews::Arrived(arrival) = tethered.camera.next(PATIENCE) {
                assert!(arrived.insert(sha256(&arrival)), "{name:?}: twice");
            }
        }
        tethered.body.faults().clear();
        fires(&mut tethered, &mut arrived, name);
        let honest = tethered.exposed().last().unwrap().clone();
        while !arrived.contains(&honest) {
            arrived.insert(sha256(&arrival_amid(&mut tethered)));
        }
        eprintln!("{name:?}: {} of {} came", arrived.len(), tethered.exposed().len());
    }
}
