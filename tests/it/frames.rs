//! How evenly the window draws while the camera's driver hangs. `./dev frames` runs it; it takes a minute and a half.
//!
//! On a machine that is at something else too, the figures are that machine's: `chrt -r 5` before the test program
//! gives it, the screen and the window the first right to both.
//!
//! The method: the real window, on a screen of its own (Xvfb, drawn by software), before a virtual camera behind the
//! real libgphoto2 and a fake webcam that seats a student. It is made to draw without a pause, sixty times a second,
//! and logs the beginning of each frame (`--frame-log`). What is told for each hang is the longest gap between two
//! beginnings, which holds everything between them: our own work, the drawing, and whatever the machine did instead.
//! The same without a hang says what of it is the machine's.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use virtual_camera::{Fault, Options, VirtualCamera};

use crate::{opened, sitter, webcam};

/// How long each state is watched.
const WATCHED: Duration = Duration::from_secs(8);

/// Whatever was mended works again within this.
const MENDED_WITHIN: Duration = Duration::from_secs(60);

const OPEN_SESSION: u16 = 0x1002;
const DOWNLOADS: [u16; 2] = [0x1009, 0x101b];
const SHOOT: u16 = 0x9128;
const FRAME: u16 = 0x9153;

/// A program that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// A screen that nobody sees; its number.
fn screen() -> (Running, String) {
    let mut xvfb = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "1280x720x24", "-nolisten", "tcp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("Xvfb is installed: ./dev frames sees to it");
    let mut number = String::new();
    BufReader::new(xvfb.stdout.take().unwrap()).read_line(&mut number).unwrap();
    (Running(xvfb), format!(":{}", number.trim()))
}

struct Stage {
    _screen: Running,
    display: String,
    place: tempfile::TempDir,
    body: VirtualCamera,
    window: Running,
}

/// One frame: when it began, and how long the main thread was at our own work, in milliseconds.
type Drawn = (f64, f64);

impl Stage {
    fn set() -> Self {
        let place = tempfile::tempdir().unwrap();
        let (screen, display) = screen();
        let scene = Some(sitter::jpeg(&sitter::well_seated()));
        let body = VirtualCamera::start(&Options { scene, ..Options::default() }).unwrap();
        fs::create_dir(place.path().join("dev")).unwrap();
        fs::write(place.path().join("dev/name0"), "Usual Camera").unwrap();
        fs::write(place.path().join("dev/formats0"), webcam::USUAL).unwrap();
        fs::write(place.path().join("dev/video0"), webcam::jpeg("STUDENT-1")).unwrap();
        opened::lock(place.path().join("store"));
        let window = Command::new(env!("CARGO_BIN_EXE_caiying"))
            .args(["--camera", &body.gphoto_port(), "--store"])
            .args([place.path().join("store"), PathBuf::from("--frame-log"), place.path().join("frames")])
            .envs([("HOME", place.path()), ("LD_PRELOAD", webcam::fake())])
            .env("FAKE_WEBCAM", place.path().join("dev"))
            .env("DISPLAY", &display)
            .env_remove("WAYLAND_DISPLAY")
            .spawn()
            .unwrap();
        let stage = Self { _screen: screen, display, place, body, window: Running(window) };
        // The lock: its field has the focus from the first frame on.
        thread::sleep(Duration::from_secs(3));
        stage.tool(&["type", "--delay", "80", opened::PASSPHRASE]);
        stage.tool(&["key", "Return"]);
        stage
    }

    fn frames(&self) -> Vec<Drawn> {
        let log = fs::read_to_string(self.place.path().join("frames")).unwrap_or_default();
        let whole = &log[..log.rfind('\n').unwrap_or(0)];
        let number = |text: &str| text.parse::<f64>().unwrap() / 1000.0;
        whole
            .lines()
            .map(|line| line.split_once(' ').unwrap())
            .map(|(at, worked)| (number(at), number(worked)))
            .collect()
    }

    fn press(&self, key: &str) {
        self.tool(&["key", key]);
    }

    fn tool(&self, what: &[&str]) {
        let done = Command::new("xdotool")
            .args(["search", "--class", "caiying", "windowfocus", "--sync"])
            .args(what)
            .env("DISPLAY", &self.display)
            .status()
            .unwrap();
        assert!(done.success());
    }

    fn asked(&self, opcodes: &[u16]) -> usize {
        self.body.log().iter().filter(|operation| opcodes.contains(&operation.opcode)).count()
    }

    /// Waits until the camera is asked for more frames: it is connected, and a student is seen.
    fn wait_for_live_view(&self) {
        let (before, until) = (self.asked(&[FRAME]), Instant::now() + MENDED_WITHIN);
        while self.asked(&[FRAME]) < before + 5 {
            assert!(Instant::now() < until, "live view does not come back");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Watches the window for a while, and tells how evenly it drew.
    fn watch(&self, what: &str, mut begin: impl FnMut(&Self)) {
        let first = self.frames().len();
        let began = Instant::now();
        begin(self);
        thread::sleep(WATCHED.saturating_sub(began.elapsed()));
        let frames = self.frames().split_off(first.saturating_sub(1));
        tell(what, &frames);
    }

    /// The same while operations hang; they must have been asked for, or nothing has hung.
    fn watch_hanging(&self, what: &str, opcodes: &[u16], begin: impl FnMut(&Self)) {
        for opcode in opcodes {
            self.body.faults().set(Fault::Hang { opcode: *opcode });
        }
        let before = self.asked(opcodes);
        self.watch(what, begin);
        assert!(self.asked(opcodes) > before, "{what}: the camera was never asked");
        self.body.faults().clear();
        self.wait_for_live_view();
        // What comes late is developed, which takes the machine for a while and has nothing to do with the driver.
        thread::sleep(Duration::from_secs(4));
    }

    /// The camera's process.
    fn driver(&self) -> String {
        let children = format!("/proc/{0}/task/{0}/children", self.window.0.id());
        let of_main = fs::read_to_string(&children).unwrap_or_default();
        let all = fs::read_dir(Path::new(&children).parent().unwrap().parent().unwrap()).unwrap();
        let of_others =
            all.map(|thread| fs::read_to_string(thread.unwrap().path().join("children")).unwrap_or_default());
        let all: Vec<String> = of_others.chain([of_main]).collect();
        all.join(" ").split_whitespace().next().expect("the camera's process runs").to_owned()
    }
}

/// The longest gap, how even the rest is, and our own share of the main thread.
fn tell(what: &str, frames: &[Drawn]) {
    let mut gaps: Vec<f64> = frames.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    gaps.sort_by(f64::total_cmp);
    assert!(gaps.len() > 20, "{what}: only {} frames", gaps.len());
    let worked = frames.iter().map(|(_, worked)| *worked).fold(0.0, f64::max);
    let begin = frames[0].0;
    let longest = gaps[gaps.len() - 1];
    let at =
        frames.windows(2).find(|pair| pair[1].0 - pair[0].0 >= longest).map_or(0.0, |pair| pair[0].0 - begin);
    let late = gaps.iter().filter(|gap| **gap > 100.0).count();
    eprintln!(
        "{what:<22} {:>4} frames, gap: median {:>5.1} ms, 99 % {:>5.1} ms, longest {longest:>6.1} ms after {:>3.1} s, over 100 ms: {late}; \
         longest work of ours in a frame {worked:>5.1} ms",
        gaps.len(),
        gaps[gaps.len() / 2],
        gaps[gaps.len() * 99 / 100],
        at / 1000.0,
    );
}

#[test]
#[ignore = "it measures, for a minute and a half, on a machine that should do nothing else: ./dev frames"]
fn while_the_driver_hangs() {
    let stage = Stage::set();
    stage.wait_for_live_view();
    // The darkroom loads its models.
    thread::sleep(Duration::from_secs(3));
    stage.watch("well, with live view", |_| {});
    // Not for so long that live view is given up for good: its process is ended after two seconds.
    stage.watch_hanging("hangs in live view", &[FRAME], |stage| {
        thread::sleep(Duration::from_secs(3));
        stage.body.faults().clear();
    });
    stage.watch_hanging("hangs in a shot", &[SHOOT], |stage| stage.press("space"));
    stage.watch_hanging("hangs in a download", &DOWNLOADS, |stage| {
        stage.body.press_shutter().unwrap();
    });
    stage.watch_hanging("hangs in connecting", &[OPEN_SESSION], |stage| {
        stage.body.unplug();
        stage.body.plug().unwrap();
    });
    let driver = stage.driver();
    stage.watch("its process is stopped", |_| {
        assert!(Command::new("kill").args(["-STOP", &driver]).status().unwrap().success());
    });
    // Whatever it was asked last has a deadline: some seconds for a frame, twenty for news.
    let until = Instant::now() + Duration::from_secs(30);
    while Path::new(&format!("/proc/{driver}")).exists() {
        assert!(Instant::now() < until, "it was not ended");
        thread::sleep(Duration::from_millis(100));
    }
    stage.wait_for_live_view();
    stage.press("Escape");
    stage.press("l");
    stage.watch("well, nobody sits", |_| {});
}
