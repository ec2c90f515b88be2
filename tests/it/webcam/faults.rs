//! Webcams as they come: of every format, two of one name, named in Chinese, hanging; after each fault codes are
//! read again without a restart, and nobody who listens was ever kept waiting.

use caiying::{
    crew::Outbox,
    scan::{Hint, offers},
};

use super::*;

fn nv12(text: &str) -> Vec<u8> {
    let grey = scene(text).pixels;
    let colours = vec![128; grey.len() / 2];
    [grey, colours].concat()
}

fn uyvy(text: &str) -> Vec<u8> {
    scene(text).pixels.iter().flat_map(|grey| [128, *grey]).collect()
}

#[test]
fn every_format_gives_its_code() {
    let Some(desktop) = Desktop::of("faults::every_format_gives_its_code") else { return };
    let frames: [(&str, Vec<u8>); 6] = [
        ("NV12 1280 720 1 30", nv12("STUDENT-0")),
        ("GREY 1280 720 1 30", scene("STUDENT-1").pixels),
        ("UYVY 1280 720 1 30", uyvy("STUDENT-2")),
        // Television's rate, and one that another program left behind: 7.5 a second.
        ("YUYV 1280 720 1001 30000", yuyv("STUDENT-3")),
        ("YUYV 1280 720 2 15", yuyv("STUDENT-4")),
        ("H264 1920 1080 1 30\nMJPG 1280 720 1 30", mjpeg("STUDENT-5")),
    ];
    for (n, (formats, frame)) in frames.iter().enumerate() {
        desktop.plug(n as u8, &format!("Camera {n}"), formats, frame);
    }
    // The driver gives what it had when it was opened last: of the last camera something nobody can read.
    for n in 0..frames.len() {
        let station = Station::begin(Some(&format!("Camera {n}")));
        station.says(&["well", &format!("STUDENT-{n}")]);
    }
}

#[test]
fn of_a_webcam_that_takes_any_size_the_right_one_is_taken() {
    let Some(desktop) = Desktop::of("faults::of_a_webcam_that_takes_any_size_the_right_one_is_taken") else {
        return;
    };
    desktop.plug(0, "Virtual", "YUYV 1280 720 1 30", &yuyv("STUDENT-1"));
    desktop.set("steps", 0, b"");
    let said: Vec<_> = offers(&found()[0]).unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(said, ["YUYV 1280×720 30/s", "YUYV 800×600 30/s", "YUYV 640×480 30/s"]);
    Station::begin(None).says(&["well", "STUDENT-1"]);
}

#[test]
fn a_bus_without_room_gets_compressed_frames() {
    let Some(desktop) = Desktop::of("faults::a_bus_without_room_gets_compressed_frames") else { return };
    desktop.plug(0, "Second Camera", "YUYV 1280 720 1 30\nMJPG 1280 720 1 30", &jpeg("STUDENT-1"));
    desktop.set("crowded", 0, b"");
    Station::begin(None).says(&["well", "STUDENT-1"]);
}

#[test]
fn frames_that_lost_a_part_are_a_trouble_and_pass() {
    let Some(desktop) = Desktop::of("faults::frames_that_lost_a_part_are_a_trouble_and_pass") else { return };
    desktop.plug(0, "Long Cable", YUYV, &yuyv("STUDENT-1"));
    let station = Station::begin(None);
    station.says(&["well", "STUDENT-1"]);
    desktop.set("lossy", 0, b"");
    station.says(&["gone", "BrokenFrame"]);
    desktop.unset("lossy", 0);
    station.says(&["well", "STUDENT-1"]);
}

/// Thirty-one bytes are what the kernel keeps of a name; here they end within a character.
#[test]
fn a_long_chinese_name_is_a_name() {
    let Some(desktop) = Desktop::of("faults::a_long_chinese_name_is_a_name") else { return };
    let whole = "高清网络摄像头（扫码专用）";
    desktop.plug(2, "", YUYV, &yuyv("STUDENT-2"));
    desktop.set("name", 2, &whole.as_bytes()[..31]);
    let name = "高清网络摄像头（扫码";
    assert_eq!(found()[0].label(), name);
    Station::begin(Some(name)).says(&["well", "STUDENT-2"]);
}

#[test]
fn of_two_webcams_of_one_name_the_port_decides_whatever_their_numbers() {
    let test = "faults::of_two_webcams_of_one_name_the_port_decides_whatever_their_numbers";
    let Some(desktop) = Desktop::of(test) else { return };
    for (number, port, formats, text) in [
        (0, "1-4:1.0", YUYV, "LEFT"),
        (1, "1-4:1.0", "", "-"),
        (2, "1-1:1.0", YUYV, "RIGHT"),
        (3, "1-1:1.0", "", "-"),
    ] {
        desktop.set("port", number, format!("../../../{port}").as_bytes());
        desktop.plug(number, "C270", formats, &yuyv(text));
    }
    let labels: Vec<_> = found().iter().map(caiying::scan::Found::label).collect();
    assert_eq!(labels, ["C270 (1-1)", "C270 (1-1)", "C270 (1-4)", "C270 (1-4)"]);
    let left = Station::begin(Some("C270 (1-4)"));
    left.says(&["well", "LEFT"]);
    let right = Station::begin(Some("C270 (1-1)"));
    right.says(&["well", "RIGHT"]);
    // Both are unplugged, and come back the other way round.
    (0..4).for_each(|number| desktop.unplug(number));
    left.says(&["NotFound", "gone"]);
    right.says(&["NotFound", "gone"]);
    desktop.set("port", 0, b"../../../1-1:1.0");
    desktop.show(0, &yuyv("RIGHT"));
    desktop.set("port", 2, b"../../../1-4:1.0");
    desktop.show(2, &yuyv("LEFT"));
    left.says(&["well", "LEFT"]);
    right.says(&["well", "RIGHT"]);
}

/// Nobody named a webcam: the one in the screen is not taken as soon as the other one is moved to another port.
#[test]
fn the_webcam_that_was_looked_through_is_waited_for() {
    let Some(desktop) = Desktop::of("faults::the_webcam_that_was_looked_through_is_waited_for") else {
        return;
    };
    desktop.plug(0, "Right One", YUYV, &yuyv("STUDENT-1"));
    desktop.plug(1, "Built-in", YUYV, &yuyv("NOBODY"));
    let station = Station::begin(None);
    station.says(&["well", "STUDENT-1"]);
    desktop.unplug(0);
    station.says(&["NotFound", "gone"]);
    std::thread::sleep(Duration::from_secs(3));
    desktop.plug(4, "Right One", YUYV, &yuyv("STUDENT-2"));
    station.says(&["well", "STUDENT-2"]);
    // It has gone for good: another one is better than none.
    desktop.unplug(4);
    station.says(&["NotFound", "gone", "well", "NOBODY"]);
}

/// A driver that hangs holds its thread, and the camera as well. The thread is left alone; when the camera is
/// plugged in anew, it is used.
#[test]
fn a_driver_that_hangs_is_abandoned() {
    let Some(desktop) = Desktop::of("faults::a_driver_that_hangs_is_abandoned") else { return };
    desktop.plug(0, "Hanging", YUYV, &yuyv("STUDENT-1"));
    let station = Station::begin(None);
    station.says(&["well", "STUDENT-1"]);
    desktop.set("hangs", 0, b"");
    station.says(&["gone", "NoFrames", "Busy"]);
    desktop.unplug(0);
    station.says(&["NotFound"]);
    desktop.plug(1, "Hanging", YUYV, &yuyv("STUDENT-2"));
    station.says(&["well", "STUDENT-2"]);
    // The first thread comes back to life, learns that it is not needed, and takes nothing away.
    desktop.unset("hangs", 0);
    station.says_nothing_for(2);
    assert_eq!(threads("webcam"), 1);
    // Whoever leaves does not wait for a driver.
    desktop.set("hangs", 1, b"");
    std::thread::sleep(Duration::from_millis(200));
    let left = Instant::now();
    drop(station);
    assert!(left.elapsed() < Duration::from_secs(1));
}

/// How many threads of this process have this name.
fn threads(name: &str) -> usize {
    let threads = fs::read_dir("/proc/self/task").unwrap().flatten();
    threads
        .filter(|thread| fs::read_to_string(thread.path().join("comm")).unwrap_or_default().trim() == name)
        .count()
}

/// Nobody takes what the desk has to say, for longer than it has room for: whoever would is not kept waiting by it,
/// and when he looks at last, the newest frame is there.
#[test]
fn whoever_listens_is_never_kept_waiting() {
    let Some(desktop) = Desktop::of("faults::whoever_listens_is_never_kept_waiting") else { return };
    desktop.plug(0, "Usual Camera", USUAL, &jpeg("STUDENT-0"));
    let (outbox, inbox) = Outbox::new(Arc::new(|| {}));
    let desk = scan_desk(None, Steady::default(), Clock::start(), outbox).unwrap();
    let mut longest = Duration::ZERO;
    for n in 0..40 {
        desktop
            .show(0, &if n % 7 == 3 { b"\xff\xd8garbage".to_vec() } else { jpeg(&format!("STUDENT-{n}")) });
        let until = Instant::now() + Duration::from_millis(250);
        while Instant::now() < until {
            let asked = Instant::now();
            drop(desk.previews.take());
            longest = longest.max(asked.elapsed());
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    eprintln!("taking what is there took at most {longest:?}");
    let seen = inbox.try_iter().filter(|news| matches!(news, News::Sight(Sight::Seen(_)))).count();
    assert!(seen >= 20, "of 34 codes {seen} were seen");
    let newest = (0..20).find_map(|_| {
        std::thread::sleep(Duration::from_millis(100));
        desk.previews.take()
    });
    let newest = newest.unwrap();
    assert_eq!((newest.picture.width, newest.outlines.len()), (640, 1));
}

/// A code too small to be read: its owner is asked to come closer, and not any more when it was read.
#[test]
fn a_code_that_cannot_be_read_gets_a_word() {
    let Some(desktop) = Desktop::of("faults::a_code_that_cannot_be_read_gets_a_word") else { return };
    let far = |seed| crate::hints::phone(1.5, &crate::hints::Light::default(), seed);
    let is_unread = |phone: &Luma| read(phone).is_empty() && caiying::scan::hint(phone).is_some();
    let far = (1..9).map(far).find(is_unread).unwrap();
    desktop.plug(0, "Grey", "GREY 800 480 1 30", &far.pixels);
    let (outbox, _inbox) = Outbox::new(Arc::new(|| {}));
    let desk = scan_desk(None, Steady::default(), Clock::start(), outbox).unwrap();
    let hint = |wanted: Option<Hint>| {
        let until = Instant::now() + LONG;
        loop {
            let hint = desk.previews.take().map(|preview| preview.hint);
            if hint == Some(wanted) {
                return;
            }
            assert!(Instant::now() < until, "{hint:?} instead of {wanted:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    hint(Some(Hint::TooFar));
    desktop.show(0, &scene("STUDENT-1").crop(200..1000, 120..600).pixels);
    hint(None);
}
