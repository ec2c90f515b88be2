//! A whole day at the window, by keyboard: the real program on a screen of its own (Xvfb, drawn by software), with the
//! rehearsal's students. `./dev expert [STUDENTS]` runs it and prints a table; `newcomer` walks through the set-up first.
//!
//! The expert presses one key 300 ms after the screen allows it. What the program says is read from its own log
//! (`--phase-log`): a line when a frame was drawn that says something else. So the time from a key to the line that
//! answers it holds the keyboard's way, the station, the workers and the drawing up to the graphics driver.

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use caiying::ledger::Ledger;

/// From when the screen allows it to the expert's key.
const HUMAN: Duration = Duration::from_millis(300);

/// Whoever shows nothing for so long is not coming.
const PATIENCE: Duration = Duration::from_secs(60);

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
struct Said {
    word: String,
    sitting: Option<u64>,
    at: Instant,
}

struct Stage {
    _screen: Running,
    display: String,
    place: PathBuf,
    _kept: Option<tempfile::TempDir>,
    window: Running,
    read: usize,
    last: Option<Said>,
}

impl Stage {
    /// Opens the window with these arguments, at home in a new folder.
    fn set(arguments: &[&str]) -> Self {
        let kept = tempfile::tempdir().unwrap();
        let place = kept.path().to_owned();
        let mut xvfb = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x720x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is installed: ./dev expert sees to it");
        let mut number = String::new();
        BufReader::new(xvfb.stdout.take().unwrap()).read_line(&mut number).unwrap();
        let display = format!(":{}", number.trim());
        let log = place.join("phases");
        let window = Command::new(env!("CARGO_BIN_EXE_caiying"))
            .args(arguments)
            .args([Path::new("--phase-log"), &log])
            .envs([("HOME", &place), ("XDG_RUNTIME_DIR", &place)])
            .env("DISPLAY", &display)
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_DATA_HOME")
            .spawn()
            .unwrap();
        let stage = Self {
            _screen: Running(xvfb),
            display,
            place,
            _kept: Some(kept),
            window: Running(window),
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

    fn tool(&self, arguments: &[&str]) -> bool {
        let done = Command::new("xdotool").args(arguments).env("DISPLAY", &self.display).output();
        done.is_ok_and(|done| done.status.success())
    }

    fn press(&self, key: &str) {
        assert!(self.tool(&["key", key]), "{key}");
    }

    /// A picture of the screen, where `CAIYING_SHOTS` names a folder for it.
    fn picture(&self, name: &str) {
        let Some(folder) = env::var_os("CAIYING_SHOTS").map(PathBuf::from) else { return };
        // What was asked for is on the screen a moment after.
        thread::sleep(Duration::from_millis(700));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join(format!("{name}.png"));
        let shot =
            Command::new("import").args(["-window", "root"]).arg(file).env("DISPLAY", &self.display).status();
        assert!(shot.is_ok_and(|shot| shot.success()), "imagemagick is installed: ./dev expert sees to it");
    }

    /// The next thing that is said, if there is any yet.
    fn next(&mut self) -> Option<Said> {
        let log = fs::read_to_string(self.place.join("phases")).unwrap_or_default();
        let whole = &log[..log.rfind('\n').map_or(0, |end| end + 1)];
        let line = whole.lines().nth(self.read)?;
        self.read += 1;
        let mut words = line.split_whitespace().skip(1);
        let word = words.next().unwrap_or_default().to_owned();
        let sitting = words.next().and_then(|number| number.parse().ok());
        let said = Said { word, sitting, at: Instant::now() };
        self.last = Some(said.clone());
        Some(said)
    }

    fn wait(&mut self, patience: Duration) -> Option<Said> {
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
    fn until(&mut self, words: &[&str]) -> Said {
        let until = Instant::now() + PATIENCE;
        loop {
            let said = self.wait(Duration::from_secs(1));
            if let Some(said) = said.filter(|said| words.contains(&said.word.as_str())) {
                return said;
            }
            assert!(Instant::now() < until, "waited in vain for {words:?}: {:?}", self.last);
            assert!(self.is_running(), "the program ended");
        }
    }

    /// Shoots until a portrait is judged: the script may have somebody turn away, or step in beside him. Whether it may
    /// be kept.
    fn until_judged(&mut self) -> bool {
        self.press("space");
        loop {
            let words = ["acceptable", "failed", "ready", "doubted", "kept_before", "refused", "awaited"];
            let key = match self.until(&words).word.as_str() {
                "acceptable" => return true,
                "failed" => return false,
                "ready" => "space",
                "doubted" => "r",
                "awaited" => "y",
                _ => "Escape",
            };
            thread::sleep(HUMAN);
            self.press(key);
        }
    }

    fn is_running(&self) -> bool {
        Path::new(&format!("/proc/{}/stat", self.window.0.id())).exists()
    }

    /// Resident memory in kB.
    fn resident_kb(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.window.0.id())).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
    }

    /// Processor time of the window and its threads so far, in seconds.
    fn cpu_s(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.window.0.id())).unwrap();
        let fields: Vec<&str> = stat[stat.rfind(')').unwrap() + 2..].split(' ').collect();
        let ticks: f64 = [11, 12].map(|n: usize| fields[n].parse::<f64>().unwrap()).iter().sum();
        ticks / 100.0
    }
}

/// How long each student waited for the program, and how long every key waited for its answer.
#[derive(Default)]
struct Diary {
    /// Seconds from a key to what it was pressed for, summed over a sitting: the shot judged, the portrait saved.
    waited_s: Vec<f64>,
    /// Milliseconds from a key to the first frame that says something else.
    answered_ms: Vec<f64>,
    kept: usize,
    again: usize,
    others: usize,
}

impl Diary {
    fn tell(&mut self, what: &str) {
        let at = |of: &mut Vec<f64>, share: f64| {
            of.sort_by(f64::total_cmp);
            of.get(((of.len() as f64 - 1.0) * share) as usize).copied().unwrap_or(f64::NAN)
        };
        eprintln!(
            "{what}: {} kept, {} taken again, {} other questions; waited for the program, a student: median {:.2} s, \
             95 % {:.2} s; key to the frame that answers: median {:.0} ms, 95 % {:.0} ms of {} keys",
            self.kept,
            self.again,
            self.others,
            at(&mut self.waited_s, 0.5),
            at(&mut self.waited_s, 0.95),
            at(&mut self.answered_ms, 0.5),
            at(&mut self.answered_ms, 0.95),
            self.answered_ms.len(),
        );
    }
}

/// The expert, who does what the screen says.
struct Expert {
    diary: Diary,
    /// What this student has waited so far.
    waited: Duration,
    /// When a key was pressed whose answer has not come.
    pressed: Option<Instant>,
    /// When something was asked for that takes its time.
    since: Option<Instant>,
    /// What was said before.
    was: Option<String>,
}

impl Expert {
    fn new() -> Self {
        Self { diary: Diary::default(), waited: Duration::ZERO, pressed: None, since: None, was: None }
    }

    /// Works until so many portraits are saved, or nobody comes any more.
    fn work(&mut self, stage: &mut Stage, students: usize) {
        let goal = self.diary.kept + students;
        while self.diary.kept < goal {
            let Some(said) = stage.wait(PATIENCE) else { return };
            self.answer(stage, &said);
            self.was = Some(said.word);
        }
    }

    fn answer(&mut self, stage: &Stage, said: &Said) {
        if let Some(pressed) = self.pressed.take() {
            self.diary.answered_ms.push(said.at.duration_since(pressed).as_secs_f64() * 1000.0);
        }
        let key = match said.word.as_str() {
            "ready" => "space",
            "acceptable" => "Return",
            "failed" => {
                self.diary.again += 1;
                "r"
            }
            "doubted" => "r",
            "awaited" => "y",
            "kept_before" | "refused" => {
                self.diary.others += 1;
                "Escape"
            }
            // Said again when a phone that nobody sat down with has gone.
            "saved" if !matches!(self.was.as_deref(), Some("acceptable" | "saving")) => return,
            "saved" => {
                self.done();
                self.diary.kept += 1;
                self.diary.waited_s.push(std::mem::take(&mut self.waited).as_secs_f64());
                return;
            }
            // Fired, checking, saving, nobody: there is nothing to press.
            _ => return,
        };
        self.done();
        thread::sleep(HUMAN);
        let now = Instant::now();
        // Whoever is sent away is not waited for: the next one comes when he comes.
        (self.pressed, self.since) = (Some(now), (key != "Escape").then_some(now));
        stage.press(key);
    }

    /// What was asked for is there.
    fn done(&mut self) {
        if let Some(since) = self.since.take() {
            self.waited += since.elapsed();
        }
    }
}

fn students() -> usize {
    env::var("CAIYING_STUDENTS").ok().and_then(|number| number.parse().ok()).unwrap_or(30)
}

#[test]
#[ignore = "it measures, for minutes, on a machine that should do nothing else: ./dev expert"]
fn an_expert_waits_for_nobody() {
    let mut stage = Stage::set(&["--camera", "rehearsal"]);
    let mut expert = Expert::new();
    expert.work(&mut stage, 5);
    expert.diary = Diary::default();
    let before = stage.resident_kb();
    expert.work(&mut stage, students());
    eprintln!("memory: {} MB after the first 5, {} MB now", before / 1024, stage.resident_kb() / 1024);
    expert.diary.tell("expert");
    assert!(expert.diary.kept > 0);
}

#[test]
#[ignore = "it looks at an idle window for a minute: ./dev expert"]
fn an_idle_window_costs_nothing() {
    let hot = tempfile::tempdir().unwrap();
    let camera = format!("folder:{}", hot.path().display());
    let stage = Stage::set(&["--camera", &camera, "--webcam", "none"]);
    thread::sleep(Duration::from_secs(8));
    let before = stage.cpu_s();
    thread::sleep(Duration::from_secs(60));
    let cost = stage.cpu_s() - before;
    eprintln!("idle: {cost:.2} s of processor time in a minute, {:.2} %", cost / 0.6);
    assert!(stage.is_running());
}

/// Every screen once, and back.
fn look_around(stage: &Stage) {
    for (key, name) in [
        ("F3", "08_retakes"),
        ("F4", "09_strays"),
        ("F5", "10_day"),
        ("F6", "11_checkup"),
        ("F7", "12_set_up"),
        ("F2", "13_back"),
    ] {
        stage.press(key);
        thread::sleep(Duration::from_millis(500));
        stage.picture(name);
    }
}

/// From unpacking to the first kept portraits, with the keyboard alone; then what every day brings.
#[test]
#[ignore = "minutes, before a real window: ./dev expert"]
fn a_newcomer_gets_through_the_first_morning() {
    let mut stage = Stage::set(&[]);
    thread::sleep(Duration::from_secs(2));
    stage.picture("01_language");
    stage.press("Return");
    thread::sleep(Duration::from_millis(500));
    // Chinese, letter by letter, into the station's name; a space and an Enter in a field are no shutter.
    assert!(stage.tool(&["key", "ctrl+a"]) && stage.tool(&["type", "--delay", "80", "东门 2"]));
    stage.picture("02_station");
    for key in ["Return", "2"] {
        thread::sleep(Duration::from_millis(300));
        stage.press(key);
    }
    stage.picture("02_profile");
    for _ in 0..6 {
        thread::sleep(Duration::from_millis(300));
        stage.press("Return");
    }
    stage.picture("03_begin");
    stage.press("1");
    let written =
        || fs::read_to_string(stage.place.join(".config/caiying/settings.toml")).unwrap_or_default();
    let until = Instant::now() + PATIENCE;
    while !written().contains("东门 2") {
        assert!(Instant::now() < until, "the settings are not written: {}", written());
        thread::sleep(Duration::from_millis(100));
    }
    assert!(written().contains("anqing_2027_graduates"), "{}", written());
    stage.until(&["ready"]);
    stage.picture("04_ready");
    stage.until_judged();
    stage.picture("05_judged");
    stage.press("s");
    stage.until(&["ready"]);
    stage.picture("06_stray");
    stage.press("Escape");
    let mut expert = Expert::new();
    expert.work(&mut stage, 19);
    // The twentieth with a look at the picture before it is kept.
    stage.until(&["ready"]);
    while !stage.until_judged() {
        stage.press("r");
        stage.until(&["ready"]);
    }
    stage.picture("07_judged");
    stage.press("Return");
    expert.was = Some("acceptable".to_owned());
    expert.work(&mut stage, 1);
    stage.picture("07_saved");
    look_around(&stage);
    expert.diary.tell("newcomer");
    let rehearsals = stage.place.join(".local/share/caiying/rehearsals");
    let store = fs::read_dir(&rehearsals).unwrap().next().unwrap().unwrap().path();
    let tally = Ledger::read(&store).unwrap().tally(caiying::shot::Moment(0)).unwrap();
    assert_eq!((tally.students as usize, tally.strays >= 1), (expert.diary.kept, true), "{tally:?}");
}
