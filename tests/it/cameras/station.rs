//! A whole station, camera and store, in a process of its own that obeys orders line by line: so it can be killed
//! at any moment, its memory be read, and another be started on the same store.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, TryRecvError, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use crate::opened;
use caiying::{
    camera::link::{Deadlines, LinkedCamera},
    language::Language,
    portrait::PretendFinder,
    profile::Profile,
    scan::Sight,
    shift::{Reception, Setup, Shift},
    shot::Clock,
    station::{Phase, Wish},
};
use serde::{Deserialize, Serialize};

const PLAN: &str = "CAIYING_TEST_STATION";

/// What a station needs to begin.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Plan {
    pub(super) store: PathBuf,
    /// What runs as the camera's process.
    pub(super) program: PathBuf,
    pub(super) port: String,
    /// Firing and handing over a file may take this long, in milliseconds.
    pub(super) answers_within_ms: u64,
}

/// An order to a station.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Order {
    /// This code is held before the webcam.
    Show(String),
    Fire,
    Dismiss,
    /// The end of the day.
    Close,
}

/// What a station shows of itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Glance {
    /// Orders carried out so far.
    obeyed: u64,
    pub(super) connected: bool,
    /// The code of whoever sits.
    pub(super) sitter: Option<String>,
    /// Shots that are certainly this sitter's.
    pub(super) takes: u32,
    /// Somebody sits, and nothing is under way.
    pub(super) ready: bool,
    /// Files on the shelf.
    pub(super) shots: u64,
    pub(super) troubles: Vec<String>,
    /// It has ended in good order.
    pub(super) closed: bool,
}

/// The handle on a station's process.
pub(super) struct Station {
    process: Child,
    orders: ChildStdin,
    given: u64,
    seen: Arc<Mutex<Glance>>,
}

impl Station {
    pub(super) fn start(plan: &Plan) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "cameras::station::child_is_a_station", "--ignored", "--nocapture"])
            .env(PLAN, serde_json::to_string(plan).unwrap())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (orders, said) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        let seen = Arc::new(Mutex::new(Glance::default()));
        let shown = Arc::clone(&seen);
        let watch = move || {
            for line in BufReader::new(said).lines().map_while(Result::ok) {
                // The test harness has words of its own.
                if let Ok(glance) = serde_json::from_str(&line) {
                    *shown.lock().unwrap() = glance;
                }
            }
        };
        thread::Builder::new().name("watches-a-station".to_owned()).spawn(watch).unwrap();
        Self { process, orders, given: 0, seen }
    }

    pub(super) fn glance(&self) -> Glance {
        self.seen.lock().unwrap().clone()
    }

    /// Gives an order without waiting.
    pub(super) fn order(&mut self, order: &Order) {
        let line = serde_json::to_string(order).unwrap() + "\n";
        self.orders.write_all(line.as_bytes()).unwrap();
        self.given += 1;
    }

    /// Gives an order and waits until it is carried out; files come later.
    pub(super) fn obey(&mut self, order: &Order) {
        self.order(order);
        let given = self.given;
        self.until(&format!("{order:?} is carried out"), Duration::from_secs(30), |seen| {
            seen.obeyed >= given
        });
    }

    /// Waits until the station shows something.
    #[track_caller]
    pub(super) fn until(&self, what: &str, patience: Duration, shown: impl Fn(&Glance) -> bool) {
        assert!(self.is_within(patience, shown), "waited in vain until {what}: {:?}", self.glance());
    }

    /// Whether the station shows something in time.
    pub(super) fn is_within(&self, patience: Duration, shown: impl Fn(&Glance) -> bool) -> bool {
        let since = Instant::now();
        while since.elapsed() < patience {
            if shown(&self.glance()) {
                return true;
            }
            thread::sleep(Duration::from_millis(2));
        }
        false
    }

    /// Ends the day in good order.
    pub(super) fn close(mut self) {
        self.order(&Order::Close);
        self.until("it is closed", Duration::from_secs(30), |seen| seen.closed);
        assert!(self.process.wait().unwrap().success());
    }

    /// `kill -9`.
    pub(super) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    pub(super) fn pid(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Station {
    /// A test that failed leaves no station behind.
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

#[test]
#[ignore = "the station of the stories, in a process of its own"]
fn child_is_a_station() {
    let plan = std::env::var(PLAN).expect("only the stories run this");
    let (mut shift, orders) = (begin(&serde_json::from_str(&plan).unwrap()), orders());
    let (mut shown, mut obeyed) = (Glance::default(), 0);
    loop {
        shift.pump();
        match orders.try_recv() {
            Ok(Order::Close) | Err(TryRecvError::Disconnected) => break,
            Ok(order) => {
                obey(&mut shift, order);
                obeyed += 1;
            }
            Err(TryRecvError::Empty) => thread::sleep(Duration::from_millis(2)),
        }
        let glance = glance(&shift, obeyed);
        if glance != shown {
            show(&glance);
            shown = glance;
        }
    }
    // Whoever leaves has the card compared with the store once more.
    let (may_go, since) = (shift.may_close(), Instant::now());
    while !may_go && !shift.is_over() && since.elapsed() < Duration::from_secs(20) {
        shift.pump();
        thread::sleep(Duration::from_millis(5));
    }
    drop(shift);
    show(&Glance { closed: true, ..shown });
}

fn begin(plan: &Plan) -> Shift {
    let (clock, answers) = (Clock::start(), Duration::from_millis(plan.answers_within_ms));
    let deadlines = Deadlines { fire: answers, download: answers, news: answers, ..Deadlines::default() };
    let camera = LinkedCamera::new(plan.program.clone(), Some(plan.port.clone()), clock);
    Shift::begin(Setup {
        store: opened::store(&plan.store),
        station: "A1".to_owned(),
        profile: Arc::new(Profile::builtin("chsi_2017_99").unwrap()),
        camera: Box::new(camera.with_deadlines(deadlines)),
        by_hand: false,
        webcam: None,
        // Nobody is on these pictures: every shot is declined, and its sitter may be shot again.
        finder: Box::new(|| Ok(Box::new(PretendFinder::default()))),
        glancer: Box::new(|| Ok(Box::new(PretendFinder::default()))),
        clock,
        wake: Arc::new(|| {}),
        rehearsal: false,
        language: Language::English,
        reception: Reception::default(),
        id_reader: None,
        calibration: None,
    })
    .unwrap()
}

fn orders() -> Receiver<Order> {
    let (sender, orders) = sync_channel(8);
    let read = move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            if sender.send(serde_json::from_str(&line).unwrap()).is_err() {
                return;
            }
        }
    };
    thread::Builder::new().name("takes-orders".to_owned()).spawn(read).unwrap();
    orders
}

fn obey(shift: &mut Shift, order: Order) {
    match order {
        Order::Show(code) => {
            shift.see(Sight::Gone);
            shift.see(Sight::Seen(code.parse().unwrap()));
        }
        Order::Fire => shift.wish(Wish::Fire),
        Order::Dismiss => shift.wish(Wish::Dismiss),
        Order::Close => {}
    }
}

fn glance(shift: &Shift, obeyed: u64) -> Glance {
    let view = shift.view();
    let trouble = |trouble: &caiying::screens::Trouble| {
        format!("{:?}: {}", trouble.kind, trouble.words.headline.in_language(Language::English))
    };
    Glance {
        obeyed,
        connected: shift.has_camera(),
        sitter: shift.phase().sitting().map(|sitting| sitting.code.expose().to_owned()),
        takes: shift.phase().sitting().map_or(0, |sitting| sitting.takes),
        ready: matches!(shift.phase(), Phase::CodeScanned(sitting) if !sitting.fired),
        shots: shift.tally().shots,
        troubles: view.troubles.iter().map(trouble).collect(),
        closed: false,
    }
}

fn show(glance: &Glance) {
    // The harness's own words may stand at the line's beginning.
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n{}", serde_json::to_string(glance).unwrap()).unwrap();
    out.flush().unwrap();
}

/// The resident memory of a process, in kilobytes; `None` when it has gone.
pub(super) fn resident_kb(pid: &str) -> Option<u64> {
    let status = std::fs::read_to_string(Path::new("/proc").join(pid).join("status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
