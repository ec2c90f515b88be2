//! A screen, the real program on it, a keyboard, and ears: everything a story needs to wait for what is said.

use std::{
    cell::Cell,
    env, fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::opened::PASSPHRASE;

/// From when the screen allows it to the expert's key.
pub(super) const HUMAN: Duration = Duration::from_millis(300);

/// From a person's key to his next.
const FINGER: Duration = Duration::from_millis(150);

/// A screen that is not there so long after its key waits for something else: for the clock's minute, as it once did.
const ANSWERS: Duration = Duration::from_secs(20);

/// Whoever shows nothing for so long is not coming.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// A program that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// A line of the log: what is said, of which sitting, with how many takes; and when it was read here.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Said {
    pub(super) word: String,
    pub(super) sitting: Option<u64>,
    pub(super) at: Instant,
}

/// The program's window on a screen of its own, and a home that nothing else lives in.
///
/// The window goes before its screen.
pub(super) struct Stage {
    window: Running,
    _screen: Running,
    display: String,
    home: TempDir,
    pressed: Cell<Instant>,
    read: usize,
    last: Option<Said>,
}

impl Stage {
    /// Opens the window with these arguments, at home in a new folder.
    pub(super) fn set(arguments: &[&str]) -> Self {
        Self::at(tempfile::tempdir().unwrap(), arguments)
    }

    /// Opens the window with these arguments, at home here.
    pub(super) fn at(home: TempDir, arguments: &[&str]) -> Self {
        let mut xvfb = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x720x24", "-nolisten", "tcp", "-noreset"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is installed: ./dev expert sees to it");
        let mut number = String::new();
        BufReader::new(xvfb.stdout.take().unwrap()).read_line(&mut number).unwrap();
        let display = format!(":{}", number.trim());
        let log = home.path().join("phases");
        let window = Command::new(env!("CARGO_BIN_EXE_caiying"))
            .args(arguments)
            .args([Path::new("--phase-log"), &log])
            .envs([("HOME", home.path()), ("XDG_RUNTIME_DIR", home.path())])
            .env("DISPLAY", &display)
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_DATA_HOME")
            .spawn()
            .unwrap();
        let stage = Self {
            window: Running(window),
            _screen: Running(xvfb),
            display,
            home,
            pressed: Cell::new(Instant::now()),
            read: 0,
            last: None,
        };
        let until = Instant::now() + PATIENCE;
        while !stage.tool(&["search", "--onlyvisible", "--class", "caiying", "windowfocus", "--sync"]) {
            assert!(Instant::now() < until, "no window");
            thread::sleep(Duration::from_millis(200));
        }
        stage
    }

    /// Types the passphrase of a store that is [locked](crate::opened::lock), when the window asks for it.
    pub(super) fn unlock(&self) {
        // The field has the focus from the first frame on.
        thread::sleep(Duration::from_secs(2));
        self.types(PASSPHRASE);
        self.press("Return");
    }

    pub(super) fn tool(&self, arguments: &[&str]) -> bool {
        let done = Command::new("xdotool").args(arguments).env("DISPLAY", &self.display).output();
        done.is_ok_and(|done| done.status.success())
    }

    /// Presses a key, as soon after the one before as a person does: keys at each other's heels are a scanner's.
    pub(super) fn press(&self, key: &str) {
        let rest = FINGER.saturating_sub(self.pressed.get().elapsed());
        thread::sleep(rest);
        assert!(self.tool(&["key", key]), "{key}");
        self.pressed.set(Instant::now());
    }

    /// A picture of the screen, where `CAIYING_SHOTS` names a folder for it.
    pub(super) fn picture(&self, name: &str) {
        let Some(folder) = env::var_os("CAIYING_SHOTS").map(PathBuf::from) else { return };
        // What was asked for is on the screen a moment after.
        thread::sleep(Duration::from_millis(700));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join(format!("{name}.png"));
        let shot =
            Command::new("import").args(["-window", "root"]).arg(file).env("DISPLAY", &self.display).status();
        assert!(shot.is_ok_and(|shot| shot.success()), "imagemagick is installed: ./dev expert sees to it");
    }

    /// Types this, letter by letter. What the keyboard lacks, xdotool puts on a spare key for half of the delay: a window
    /// that reads later finds nothing on it, so Chinese is typed slowly.
    pub(super) fn types(&self, text: &str) {
        thread::sleep(FINGER.saturating_sub(self.pressed.get().elapsed()));
        let delay = if text.is_ascii() { "80" } else { "500" };
        assert!(self.tool(&["type", "--delay", delay, text]), "{text}");
        self.pressed.set(Instant::now());
    }

    /// The home of whoever sits before it.
    pub(super) fn home(&self) -> &Path {
        self.home.path()
    }

    /// The log as far as its lines are whole.
    fn log(&self) -> String {
        let mut log = fs::read_to_string(self.home().join("phases")).unwrap_or_default();
        log.truncate(log.rfind('\n').map_or(0, |end| end + 1));
        log
    }

    /// How often capturing stood otherwise, so far.
    pub(super) fn phases(&self) -> usize {
        self.log().lines().filter(|line| !is_shown(line)).count()
    }

    /// Which screen is shown, how far it is, and whether somebody types: the last thing that was said of it.
    pub(super) fn shown(&self) -> String {
        let log = self.log();
        let last = log.lines().rfind(|line| is_shown(line)).unwrap_or_default();
        last.split_once('@').map_or_else(String::new, |(_, shown)| shown.to_owned())
    }

    /// Waits until this is shown.
    pub(super) fn until_shown(&self, wanted: &str) {
        self.within(ANSWERS, wanted, || self.shown() == wanted);
    }

    /// Presses a key and waits until this is shown.
    pub(super) fn go(&self, key: &str, wanted: &str) {
        self.press(key);
        self.until_shown(wanted);
    }

    /// Waits until it is so.
    pub(super) fn until_it(&self, what: &str, is_so: impl Fn() -> bool) {
        self.within(PATIENCE, what, is_so);
    }

    fn within(&self, patience: Duration, what: &str, is_so: impl Fn() -> bool) {
        let until = Instant::now() + patience;
        while !is_so() {
            self.bears(until, what);
            assert!(self.is_running(), "the program ended");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The next thing that is said, if there is any yet.
    pub(super) fn next(&mut self) -> Option<Said> {
        let log = self.log();
        let line = log.lines().filter(|line| !is_shown(line)).nth(self.read)?;
        self.read += 1;
        let mut words = line.split_whitespace().skip(1);
        let word = words.next().unwrap_or_default().to_owned();
        let sitting = words.next().and_then(|number| number.parse().ok());
        let said = Said { word, sitting, at: Instant::now() };
        self.last = Some(said.clone());
        Some(said)
    }

    pub(super) fn wait(&mut self, patience: Duration) -> Option<Said> {
        let until = Instant::now() + patience;
        loop {
            if let Some(said) = self.next() {
                return Some(said);
            }
            if Instant::now() > until {
                return None;
            }
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Waits until one of these is said.
    pub(super) fn until(&mut self, words: &[&str]) -> Said {
        let until = Instant::now() + PATIENCE;
        loop {
            let said = self.wait(Duration::from_secs(1));
            if let Some(said) = said.filter(|said| words.contains(&said.word.as_str())) {
                return said;
            }
            self.bears(until, &format!("{words:?}"));
            assert!(self.is_running(), "the program ended");
        }
    }

    /// Stops when patience is at its end, with the picture that was there.
    fn bears(&self, until: Instant, what: &str) {
        if Instant::now() > until {
            self.picture("stuck");
            panic!("waited in vain for {what}:\n{}", self.log());
        }
    }

    /// Shoots until a portrait is judged: the script may have somebody turn away, or step in beside him. Whether it may
    /// be kept.
    pub(super) fn until_judged(&mut self) -> bool {
        self.press("space");
        loop {
            let words = [
                "acceptable",
                "failed",
                "ready",
                "doubted",
                "kept_before",
                "refused",
                "awaited",
                "second_code",
            ];
            let key = match self.until(&words).word.as_str() {
                "acceptable" => return true,
                "failed" => return false,
                "ready" => "space",
                "doubted" => "r",
                "awaited" | "second_code" => "y",
                _ => "Escape",
            };
            thread::sleep(HUMAN);
            self.press(key);
        }
    }

    pub(super) fn is_running(&self) -> bool {
        Path::new(&format!("/proc/{}/stat", self.window.0.id())).exists()
    }

    /// Resident memory in kB.
    pub(super) fn resident_kb(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.window.0.id())).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
    }

    /// Processor time of the window and its threads so far, in seconds.
    pub(super) fn cpu_s(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.window.0.id())).unwrap();
        let fields: Vec<&str> = stat[stat.rfind(')').unwrap() + 2..].split(' ').collect();
        let ticks: f64 = [11, 12].map(|n: usize| fields[n].parse::<f64>().unwrap()).iter().sum();
        ticks / 100.0
    }
}

/// Whether a line of the log is of the screen, not of capturing.
fn is_shown(line: &str) -> bool {
    line.contains(" @")
}
