//! What the record costs in a store that is empty and in one that is full, side by side in one run: keeping a portrait,
//! counting, starting the station; and how long verifying, closing the books, a backup and its restoring take.
//!
//! `cargo bench --bench record` makes a season of 20,000 students (`CAIYING_STUDENTS` says otherwise) with small pictures, so
//! the rows are those of a season and the bytes are not: reading 8 MB originals comes on top of what is told for verify and
//! backup. Read the ratios, not the milliseconds: this machine's disk syncs faster than a laptop's.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a bench stops where it stands")]
#![expect(clippy::print_stdout, reason = "a table")]

#[path = "record/season.rs"]
mod season;

use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use caiying::{
    camera::{Camera, CameraError, CameraNews},
    clerk::{Clerk, reconcile, verify},
    errand,
    keys::Store,
    language::Language,
    ledger::{self, Ledger},
    portrait::PretendFinder,
    profile::Profile,
    shift::{Reception, Setup, Shift},
    shot::{Clock, Moment, SittingId},
    vault::{self, key_file},
};
use season::{Season, roster};

/// So many portraits are timed at the beginning and at the end.
const TIMED: u64 = 500;

/// When the season begins: a day in autumn 2026.
const SINCE: Moment = Moment(1_790_000_000_000);

/// A camera that is not there.
struct NoCamera;

impl Camera for NoCamera {
    fn fire(&mut self, _sitting: SittingId) -> Result<(), CameraError> {
        Err(CameraError::NotFound)
    }

    fn next(&mut self, patience: Duration) -> CameraNews {
        std::thread::sleep(patience);
        CameraNews::Quiet
    }
}

fn main() {
    let students = std::env::var("CAIYING_STUDENTS").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000);
    let place = tempfile::tempdir().unwrap();
    let (folder, to) = (place.path().join("store"), place.path().join("stick"));
    // Sealed like every other, and open to all: nobody is there to type a passphrase.
    let store = vault::open_to_all(&folder).unwrap();
    let profile = Profile::builtin("chsi_2017_99").unwrap();
    let open = || Clerk::open(&store, "A1", "chsi_2017_99", SINCE).unwrap().0;
    {
        let mut clerk = open();
        clerk.take_roster(SINCE, &roster(students)).unwrap();
    }
    let empty_start = start(&store);
    let mut clerk = open();
    let mut season = Season::new(&mut clerk, &profile, SINCE);
    let made = Instant::now();
    season.play(1..=students);
    let half = season.kept.len() / 2;
    season.deliver_but(half);
    season.let_in("赵六");
    season.play(students + 1..=students + TIMED);
    println!("{} portraits kept in {:.0} s", season.kept.len(), made.elapsed().as_secs_f64());
    let (first, last) = (&season.kept[..TIMED as usize], &season.kept[season.kept.len() - TIMED as usize..]);
    table(first, last);
    drop(clerk);
    println!("start, empty              {:8.3} s", empty_start.as_secs_f64());
    println!("start, full               {:8.3} s", start(&store).as_secs_f64());
    told(&store, &to, &profile);
    println!("ledger                    {:8.1} MB", megabytes(&ledger::file_of(&folder)));
}

/// From nothing to a shift that can work.
fn start(store: &Store) -> Duration {
    let setup = Setup {
        store: store.clone(),
        station: "A1".to_owned(),
        profile: Arc::new(Profile::builtin("chsi_2017_99").unwrap()),
        camera: Box::new(NoCamera),
        by_hand: false,
        webcam: None,
        finder: Box::new(|| Ok(Box::new(PretendFinder::default()))),
        glancer: Box::new(|| Ok(Box::new(PretendFinder::default()))),
        clock: Clock::start(),
        wake: Arc::new(|| {}),
        rehearsal: false,
        language: Language::Chinese,
        reception: Reception::default(),
        id_reader: None,
        calibration: None,
    };
    let began = Instant::now();
    let shift = Shift::begin(setup).unwrap();
    let took = began.elapsed();
    drop(shift);
    took
}

/// How long what reads the whole store takes.
fn told(store: &Store, to: &Path, profile: &Profile) {
    let timed = |what: &str, run: &mut dyn FnMut() -> String| {
        let began = Instant::now();
        let said = run();
        println!("{what:26}{:8.3} s   {said}", began.elapsed().as_secs_f64());
    };
    timed("verify", &mut || {
        let report = verify(store).unwrap();
        format!(
            "{} lines, {} shots, {} kept, {} faults",
            report.lines,
            report.shots,
            report.kept,
            report.faults.len()
        )
    });
    timed("reconcile", &mut || {
        let books = reconcile(store, profile, None).unwrap();
        format!("{:?}, {} findings", books.all, books.findings.len())
    });
    let ledger = Ledger::read(store).unwrap();
    timed("day's numbers (F5)", &mut || format!("{} waiting", ledger.day(SINCE).unwrap().tally.waiting));
    timed("who is missing (F3)", &mut || format!("{} students", ledger.unkept().unwrap().len()));
    timed("strays and doubles (F4)", &mut || {
        let (strays, doubles) = (ledger.strays().unwrap(), ledger.doubles().unwrap());
        format!("{} strays, {} doubles", strays.len(), doubles.len())
    });
    let strays = ledger.strays().unwrap();
    timed("whose a stray may be (F4)", &mut || {
        format!("{} candidates", ledger.candidates(&strays[strays.len() / 2]).unwrap().len())
    });
    for run in ["backup, first", "backup, nothing new"] {
        timed(run, &mut || {
            let done = errand::backup(store, SINCE, to, &mut |_, _, _| true).unwrap();
            format!("{} copied, {} there", done.copied, done.already)
        });
    }
    timed("restore and verify", &mut || {
        let place = to.with_file_name("restored");
        let (key_file, _) = key_file::read(store.folder()).unwrap();
        let (done, report) =
            errand::restore(to, &place, (&key_file, store.keys()), &mut |_, _, _| true).unwrap();
        format!("{} files, {} lost, {} faults", done.files, done.lost.len(), report.faults.len())
    });
}

/// One of a portrait's two times.
type Of = fn(&(Duration, Duration)) -> Duration;

fn table(first: &[(Duration, Duration)], last: &[(Duration, Duration)]) {
    println!("{TIMED} portraits each, ms            p50      p95      p99");
    let mut at_95 = [[0.0; 2]; 2];
    for (n, (name, times)) in [("empty", first), ("full", last)].into_iter().enumerate() {
        let columns: [(&str, Of); 2] = [("keep", |time| time.0), ("keep and count", |time| time.1)];
        for (m, (what, of)) in columns.into_iter().enumerate() {
            let mut times: Vec<f64> = times.iter().map(|time| of(time).as_secs_f64() * 1000.0).collect();
            times.sort_by(f64::total_cmp);
            let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
            at_95[m][n] = at(0.95);
            println!("{name:6} {what:20}  {:8.2} {:8.2} {:8.2}", at(0.5), at(0.95), at(0.99));
        }
    }
    for (what, [empty, full]) in ["keep", "keep and count"].into_iter().zip(at_95) {
        println!("{what}, p95, full beside empty: {:.2}", full / empty);
    }
}

fn megabytes(file: &Path) -> f64 {
    fs::metadata(file).map_or(0, |data| data.len()) as f64 / 1e6
}
