//! The webcam: a real V4L2 conversation with a camera that `fake_webcam.c` plays. Each test runs in a process of
//! its own, with the fake preloaded.

mod faults;
mod watch;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, OnceLock, mpsc::Receiver},
    time::{Duration, Instant},
};

use caiying::{
    crew::{News, Outbox, ScanDesk, scan_desk},
    scan::{Luma, Sight, Steady, Webcam, WebcamError, found, read},
    screens::trouble,
    shot::Clock,
};

use crate::{
    alone::{alone, is_alone},
    scanning::picture,
};

/// What a webcam of the kind sold most offers: large pictures slowly, or quickly as JPEG; the rates are 30, 10,
/// 7.5 and 5 a second.
pub(crate) const USUAL: &str = "YUYV 640 480 1 30\nYUYV 1280 720 2 15\nYUYV 1280 720 1 5\nYUYV 1280 960 1 10\n\
                     MJPG 640 480 1 30\nMJPG 1280 720 1 30\nMJPG 1280 720 1 10\n";

const YUYV: &str = "YUYV 640 480 1 30\nYUYV 1280 720 1 30\nMJPG 1280 720 1 30\n";

/// Longer than the station waits before it says that a webcam is silent.
const LONG: Duration = Duration::from_secs(15);

pub(crate) fn fake() -> &'static Path {
    static FAKE: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_kept, fake) = FAKE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let fake = folder.path().join("fake_webcam.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fake_webcam.c");
        let built = Command::new("cc")
            .args(["-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC", "-o"])
            .args([&fake, &source])
            .arg("-ldl")
            .output()
            .unwrap();
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        (folder, fake)
    });
    fake
}

/// The folder of the fake's cameras.
struct Desktop(PathBuf);

impl Desktop {
    /// The desktop if this is the process of one test; else that process is run, and this one is done.
    fn of(test: &str) -> Option<Self> {
        if is_alone() {
            return Some(Self(std::env::var_os("FAKE_WEBCAM").unwrap().into()));
        }
        let folder = tempfile::tempdir().unwrap();
        alone(
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", &format!("webcam::{test}"), "--nocapture"])
                .env("LD_PRELOAD", fake())
                .env("FAKE_WEBCAM", folder.path()),
        );
        None
    }

    /// Plugs in a camera that shows this.
    fn plug(&self, number: u8, name: &str, formats: &str, frame: &[u8]) {
        fs::write(self.0.join(format!("name{number}")), name).unwrap();
        if !formats.is_empty() {
            fs::write(self.0.join(format!("formats{number}")), formats).unwrap();
        }
        self.show(number, frame);
    }

    /// From now on this camera sends this; nothing at all if it is empty.
    fn show(&self, number: u8, frame: &[u8]) {
        let aside = self.0.join("aside");
        fs::write(&aside, frame).unwrap();
        fs::rename(aside, self.0.join(format!("video{number}"))).unwrap();
    }

    /// Sets one of the fake's other files.
    fn set(&self, what: &str, number: u8, to: &[u8]) {
        fs::write(self.0.join(format!("{what}{number}")), to).unwrap();
    }

    fn unset(&self, what: &str, number: u8) {
        fs::remove_file(self.0.join(format!("{what}{number}"))).unwrap();
    }

    fn unplug(&self, number: u8) {
        fs::remove_file(self.0.join(format!("video{number}"))).unwrap();
    }
}

/// A code held before a grey wall, 1280 × 720; only the wall without a text.
fn scene(text: &str) -> Luma {
    let code = picture(text.as_bytes(), 8);
    let pixels =
        (0..1280 * 720).map(|n| match ((n % 1280_usize).checked_sub(400), (n / 1280).checked_sub(200)) {
            (Some(x), Some(y)) if x < code.width && y < code.height && !text.is_empty() => code.at(x, y),
            _ => 140,
        });
    Luma { width: 1280, height: 720, pixels: pixels.collect() }
}

fn yuyv(text: &str) -> Vec<u8> {
    scene(text).pixels.iter().flat_map(|grey| [*grey, 128]).collect()
}

pub(crate) fn jpeg(text: &str) -> Vec<u8> {
    let mut jpeg = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut jpeg, 80);
    let rgb: Vec<u8> = scene(text).pixels.iter().flat_map(|grey| [*grey; 3]).collect();
    encoder.encode(&rgb, 1280, 720, jpeg_encoder::ColorType::Rgb).unwrap();
    jpeg
}

/// A frame as many webcams send it: a JPEG without its Huffman tables.
fn mjpeg(text: &str) -> Vec<u8> {
    let (jpeg, mut frame, mut at) = (jpeg(text), vec![0xff, 0xd8], 2);
    while jpeg[at + 1] != 0xda {
        let end = at + 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        if jpeg[at + 1] != 0xc4 {
            frame.extend_from_slice(&jpeg[at..end]);
        }
        at = end;
    }
    assert!(frame.len() + 400 < at, "there were tables");
    frame.extend_from_slice(&jpeg[at..]);
    frame
}

/// The station's end of the desk.
struct Station {
    inbox: Receiver<News>,
    _desk: ScanDesk,
}

impl Station {
    fn begin(webcam: Option<&str>) -> Self {
        let (outbox, inbox) = Outbox::new(Arc::new(|| {}));
        Self {
            inbox,
            _desk: scan_desk(webcam.map(str::to_owned), Steady::default(), Clock::start(), outbox).unwrap(),
        }
    }

    /// What comes next, in a word or two.
    fn next(&self, patience: Duration) -> String {
        match self.inbox.recv_timeout(patience) {
            Ok(News::Webcam(None)) => "well".to_owned(),
            Ok(News::Webcam(Some(err))) => {
                assert!(!trouble::webcam(&err).headline.zh.is_empty());
                match err {
                    WebcamError::Refused(source) => format!("refused: {source}"),
                    other => format!("{other:?}"),
                }
            }
            Ok(News::Sight(Sight::Seen(code))) => code.expose().to_owned(),
            Ok(News::Sight(Sight::Gone)) => "gone".to_owned(),
            Ok(other) => format!("{other:?}"),
            Err(_silence) => "nothing".to_owned(),
        }
    }

    /// The next news are these, in this order, and each begins so.
    fn says(&self, expected: &[&str]) {
        for expected in expected {
            let said = self.next(LONG);
            assert!(said.starts_with(expected), "{said} instead of {expected}");
        }
    }

    fn says_nothing_for(&self, seconds: u64) {
        assert_eq!(self.next(Duration::from_secs(seconds)), "nothing");
    }
}

#[test]
fn a_code_is_read_once_from_jpegs_without_tables() {
    let Some(desktop) = Desktop::of("a_code_is_read_once_from_jpegs_without_tables") else { return };
    desktop.plug(0, "Usual Camera", USUAL, &mjpeg("STUDENT-1"));
    let station = Station::begin(None);
    station.says(&["well", "STUDENT-1"]);
    station.says_nothing_for(3);
    desktop.show(0, &mjpeg("STUDENT-2"));
    station.says(&["STUDENT-2"]);
    desktop.show(0, &mjpeg(""));
    station.says(&["gone"]);
    desktop.show(0, &jpeg("STUDENT-3"));
    station.says(&["STUDENT-3"]);
}

#[test]
fn a_code_is_read_from_uncompressed_frames_with_the_entry_without_pictures_before_them() {
    let test = "a_code_is_read_from_uncompressed_frames_with_the_entry_without_pictures_before_them";
    let Some(desktop) = Desktop::of(test) else { return };
    desktop.plug(0, "Plain Camera", "", b"-");
    desktop.plug(1, "Plain Camera", YUYV, &yuyv("STUDENT-1"));
    let names: Vec<_> = found().iter().map(caiying::scan::Found::label).collect();
    assert_eq!(names, ["Plain Camera", "Plain Camera"]);
    let station = Station::begin(Some("Plain Camera"));
    station.says(&["well", "STUDENT-1"]);
    station.says_nothing_for(2);
}

#[test]
fn the_format_is_large_and_fast() {
    let Some(desktop) = Desktop::of("the_format_is_large_and_fast") else { return };
    desktop.plug(0, "Usual", USUAL, &jpeg("STUDENT-1"));
    desktop.plug(1, "Plain", YUYV, &yuyv("STUDENT-2"));
    desktop.plug(2, "Slow", "YUYV 640 480 1 5\nYUYV 1280 720 1 10\nYUYV 320 240 1 10\n", &yuyv("STUDENT-3"));
    for (name, offer, code) in [
        ("Usual", "MJPG 1280×720 30/s", "STUDENT-1"),
        ("Plain", "YUYV 1280×720 30/s", "STUDENT-2"),
        ("Slow", "YUYV 1280×720 10/s", "STUDENT-3"),
    ] {
        let mut webcam = Webcam::open(Some(name)).unwrap();
        assert_eq!(webcam.offer().to_string(), offer, "{name}");
        let codes = read(&webcam.frame().unwrap().luma().unwrap());
        assert_eq!(codes[0].capture_code().unwrap().expose(), code);
    }
    let opened = Instant::now();
    let mut again = Webcam::open(None).unwrap();
    assert_eq!(again.offer().to_string(), "MJPG 1280×720 30/s", "it kept its format, and is opened again");
    (0..10).for_each(|_| drop(again.frame().unwrap()));
    assert!(opened.elapsed() < LONG);
}

/// Bytes that are no JPEG, one that breaks off, one that claims 65,500 pixels each way, noise after a good head.
fn damaged() -> Vec<Vec<u8>> {
    let whole = jpeg("STUDENT-1");
    let size = whole.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap() + 5;
    let mut huge = whole.clone();
    huge[size..size + 4].copy_from_slice(&[0xff, 0xdc, 0xff, 0xdc]);
    let noise = (0..whole.len()).map(|n| if n < 300 { whole[n] } else { ((n * n) >> 3) as u8 }).collect();
    vec![vec![0xa5; 50_000], whole[..whole.len() / 4].to_vec(), huge, noise, b"\xff\xd8".to_vec()]
}

#[test]
fn a_damaged_frame_is_nothing_and_many_are_a_trouble() {
    let Some(desktop) = Desktop::of("a_damaged_frame_is_nothing_and_many_are_a_trouble") else { return };
    desktop.plug(0, "Usual Camera", USUAL, &jpeg("STUDENT-1"));
    let station = Station::begin(None);
    station.says(&["well", "STUDENT-1"]);
    for frame in damaged() {
        desktop.show(0, &frame);
        std::thread::sleep(Duration::from_millis(100));
        desktop.show(0, &jpeg("STUDENT-1"));
        station.says_nothing_for(1);
    }
    desktop.show(0, &[0xa5; 50_000]);
    station.says(&["gone", "BrokenFrame"]);
    station.says_nothing_for(5);
    desktop.show(0, &jpeg("STUDENT-1"));
    station.says(&["well", "STUDENT-1"]);
}

#[test]
fn a_webcam_that_falls_silent_is_told_and_comes_back() {
    let Some(desktop) = Desktop::of("a_webcam_that_falls_silent_is_told_and_comes_back") else { return };
    desktop.plug(0, "Usual Camera", USUAL, &jpeg("STUDENT-1"));
    let station = Station::begin(None);
    station.says(&["well", "STUDENT-1"]);
    desktop.show(0, b"");
    station.says(&["gone", "NoFrames"]);
    desktop.show(0, &jpeg("STUDENT-1"));
    station.says(&["well", "STUDENT-1"]);
    desktop.show(0, b"");
    station.says(&["gone", "NoFrames"]);
    desktop.unplug(0);
    station.says(&["NotFound"]);
    desktop.show(0, &jpeg("STUDENT-2"));
    station.says(&["well", "STUDENT-2"]);
}

#[test]
fn a_webcam_is_unplugged_and_plugged_in_again() {
    let Some(desktop) = Desktop::of("a_webcam_is_unplugged_and_plugged_in_again") else { return };
    let station = Station::begin(None);
    station.says(&["NotFound"]);
    desktop.plug(0, "Plain Camera", YUYV, &yuyv("STUDENT-1"));
    station.says(&["well", "STUDENT-1"]);
    desktop.unplug(0);
    // Whose code was held up when it went is not held up any more.
    station.says(&["NotFound", "gone"]);
    station.says_nothing_for(5);
    desktop.plug(3, "Plain Camera", YUYV, &yuyv("STUDENT-2"));
    station.says(&["well", "STUDENT-2"]);
}

#[test]
fn what_is_wrong_is_said_by_the_entry_with_pictures() {
    let Some(desktop) = Desktop::of("what_is_wrong_is_said_by_the_entry_with_pictures") else { return };
    desktop.plug(0, "Busy Camera", YUYV, &yuyv("STUDENT-1"));
    desktop.plug(1, "Busy Camera", "", b"-");
    desktop.set("busy", 0, b"");
    let station = Station::begin(None);
    station.says(&["Busy"]);
    desktop.unset("busy", 0);
    station.says(&["well", "STUDENT-1"]);
    desktop.unplug(0);
    station.says(&["NotFound", "gone", "NoFormat"]);
    desktop.plug(3, "Plain Camera", YUYV, &yuyv("STUDENT-3"));
    station.says(&["well", "STUDENT-3"]);
}
