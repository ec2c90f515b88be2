//! How long an expert waits for the program, and what an idle minute costs.

use std::{
    env, fs, thread,
    time::{Duration, Instant},
};

use super::stage::{HUMAN, PATIENCE, Said, Stage};
use crate::opened;

/// How long each student waited for the program, and how long every key waited for its answer.
#[derive(Default)]
pub(super) struct Diary {
    /// Seconds from a key to what it was pressed for, summed over a sitting: the shot judged, the portrait saved.
    waited_s: Vec<f64>,
    /// Milliseconds from a key to the first frame that says something else.
    answered_ms: Vec<f64>,
    pub(super) kept: usize,
    /// What memory was resident whenever a portrait was saved, in MB, since it was asked. A shot that is being judged, and
    /// the rehearsal's next picture being painted, take 70 to 150 MB each for half a second: single ones say little.
    resident_mb: Vec<u64>,
    again: usize,
    others: usize,
}

impl Diary {
    pub(super) fn tell(&mut self, what: &str) {
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
pub(super) struct Expert {
    pub(super) diary: Diary,
    /// What this student has waited so far.
    waited: Duration,
    /// When a key was pressed whose answer has not come.
    pressed: Option<Instant>,
    /// When something was asked for that takes its time.
    since: Option<Instant>,
    /// Who sits, and how often he was taken again.
    sitting: Option<u64>,
    tries: u32,
    /// What was said before.
    pub(super) was: Option<String>,
}

impl Expert {
    pub(super) fn new() -> Self {
        Self {
            diary: Diary::default(),
            waited: Duration::ZERO,
            pressed: None,
            since: None,
            sitting: None,
            tries: 0,
            was: None,
        }
    }

    /// Works until so many portraits are saved, or nobody comes any more.
    pub(super) fn work(&mut self, stage: &mut Stage, students: usize) {
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
        if self.sitting != said.sitting {
            (self.sitting, self.tries) = (said.sitting, 0);
        }
        let key = match said.word.as_str() {
            // One of the script leaves without a portrait: he never sits well, and goes when he is sent away.
            "ready" if self.tries > TRIES => "Escape",
            "ready" => {
                self.tries += 1;
                "space"
            }
            "acceptable" => "Return",
            // Whoever fails again and again is sent away to come back later.
            "failed" if self.tries > TRIES => "Escape",
            "failed" => {
                self.diary.again += 1;
                "r"
            }
            "doubted" => "r",
            "awaited" => "y",
            // Two of many may have the same name and last four.
            "second_code" => {
                self.diary.others += 1;
                "y"
            }
            "kept_before" => {
                self.diary.others += 1;
                "Escape"
            }
            // He holds up something else, and shows the right code in a moment.
            "refused" => {
                self.diary.others += 1;
                return;
            }
            // Said again when a phone that nobody sat down with has gone.
            "saved" if !matches!(self.was.as_deref(), Some("acceptable" | "saving")) => return,
            "saved" => {
                self.done();
                self.diary.kept += 1;
                self.diary.waited_s.push(std::mem::take(&mut self.waited).as_secs_f64());
                self.diary.resident_mb.push(stage.resident_kb() / 1024);
                return;
            }
            // Fired, checking, saving, nobody: there is nothing to press.
            _ => return,
        };
        self.done();
        thread::sleep(hand());
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

/// So often somebody is taken again.
const TRIES: u32 = 3;

/// Memory is looked at so often, in students.
const EVERY: usize = 20;

/// A morning of so many has been everywhere: what is made once is made.
const WARM: usize = 200;

/// Beyond which memory is not flat, in MB to either side.
const FLAT_MB: u64 = 30;

fn students() -> usize {
    env::var("CAIYING_STUDENTS").ok().and_then(|number| number.parse().ok()).unwrap_or(30)
}

/// From when the screen allows it to the expert's key: a person's, unless a long day is to be over sooner, when it is
/// memory that is looked at and not who waits for whom.
fn hand() -> Duration {
    let asked = env::var("CAIYING_HAND_MS").ok().and_then(|number| number.parse().ok());
    asked.map_or(HUMAN, Duration::from_millis)
}

/// The median.
fn middle(mut of: Vec<u64>) -> u64 {
    of.sort_unstable();
    of.get(of.len() / 2).copied().unwrap_or(0)
}

#[test]
#[ignore = "it measures, for minutes, on a machine that should do nothing else: ./dev expert"]
fn an_expert_waits_for_nobody() {
    let home = tempfile::tempdir().unwrap();
    let settings = home.path().join("settings.toml");
    // As at a laptop with nothing but its own keyboard; this screen's keys come from nowhere that the kernel lists.
    fs::write(&settings, "[scanner]\nplugged_in = \"no\"\n").unwrap();
    // Some leave without a portrait.
    let come = (students() + students() / 20 + 40).to_string();
    let settings = settings.display().to_string();
    let pause = env::var("CAIYING_PAUSE_MS").unwrap_or_else(|_| "1200".to_owned());
    let arguments =
        ["--camera", "rehearsal", "--students", &come, "--settings", &settings, "--pause-ms", &pause];
    let mut stage = Stage::at(home, &arguments);
    let mut expert = Expert::new();
    expert.work(&mut stage, 5);
    expert.diary = Diary::default();
    let (mut memory, every) = (vec![], EVERY.max(students() / 20));
    while expert.diary.kept < students() {
        let before = expert.diary.kept;
        expert.work(&mut stage, every.min(students() - before));
        memory.push(middle(std::mem::take(&mut expert.diary.resident_mb)));
        if expert.diary.kept == before {
            break;
        }
        // A long day is told as it goes on.
        if expert.diary.kept % 100 < every || expert.diary.kept >= students() {
            eprintln!("memory, the middle of every {every} students: {memory:?} MB");
            expert.diary.tell("expert");
        }
    }
    assert_eq!(expert.diary.kept, students());
    let warm = memory.get(WARM / every..).unwrap_or_default();
    if let (Some(least), Some(most)) = (warm.iter().min(), warm.iter().max()) {
        assert!(most - least <= 2 * FLAT_MB, "{least} to {most} MB is not flat");
    }
}

#[test]
#[ignore = "it looks at an idle window for a minute: ./dev expert"]
fn an_idle_window_costs_nothing() {
    let hot = tempfile::tempdir().unwrap();
    let camera = format!("folder:{}", hot.path().display());
    let home = tempfile::tempdir().unwrap();
    opened::lock(home.path().join(".local/share/caiying/store"));
    let stage = Stage::at(home, &["--camera", &camera, "--webcam", "none"]);
    stage.unlock();
    thread::sleep(Duration::from_secs(8));
    let before = stage.cpu_s();
    thread::sleep(Duration::from_secs(60));
    let cost = stage.cpu_s() - before;
    eprintln!("idle: {cost:.2} s of processor time in a minute, {:.2} %", cost / 0.6);
    assert!(stage.is_running());
}
