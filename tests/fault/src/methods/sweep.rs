//! Every system call on the store fails once, or is the last thing that the program does.
//!
//! What a station asks of the system is first listed with `strace`; then the same station works again, once for each
//! call and fault. It begins on a store that an interruption left behind, so the calls of recovery are among them.

use std::{
    fs,
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use super::{Wanted, copy, share};
use crate::{
    Stopped, at,
    child::{Ended, Station, check},
    judge::Verdict,
    machine::Machine,
    mutants::Mutant,
    oracle::{Oracle, Said},
    script::BLOCK_ORDERS,
    table::{Control, Row},
};

/// The calls that may fail, and how.
const CALLS: &[(&str, &[&str])] = &[
    ("openat", &["EIO", "ENOSPC"]),
    ("read", &["EIO"]),
    ("pread64", &["EIO"]),
    ("write", &["EIO", "ENOSPC"]),
    ("pwrite64", &["EIO", "ENOSPC"]),
    ("fallocate", &["EIO", "ENOSPC", "EOPNOTSUPP"]),
    ("ftruncate", &["EIO", "ENOSPC"]),
    ("fsync", &["EIO", "ENOSPC"]),
    ("fdatasync", &["EIO", "ENOSPC"]),
    ("rename", &["EIO", "ENOSPC"]),
    ("renameat2", &["EIO", "ENOSPC", "EINVAL"]),
    ("mkdir", &["EIO", "ENOSPC"]),
    ("unlink", &["EIO"]),
    ("rmdir", &["EIO"]),
    ("getdents64", &["EIO"]),
    ("statx", &["EIO"]),
    ("newfstatat", &["EIO"]),
    ("flock", &["EIO"]),
    ("fcntl", &["EIO"]),
    ("mmap", &["ENOMEM"]),
];

/// Calls that change nothing: a kill in them is one in the next that does.
const ONLY_LOOK: &[&str] = &["read", "pread64", "getdents64", "statx", "newfstatat", "fcntl", "mmap"];

/// Calls from which on the disk may be dead for good.
const DIES: &[&str] = &["write", "pwrite64", "fsync", "fdatasync", "renameat2", "openat"];

/// What happens to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// It fails, once.
    Once(&'static str),
    /// It fails, and so does every later one of its name.
    FromNowOn(&'static str),
    /// The process ends in it.
    Kill,
}

/// Which call is to fail, and how.
#[derive(Debug, Clone)]
struct Point {
    call: &'static str,
    /// Which of the process's calls of this name, from 1.
    nth: usize,
    fault: Fault,
}

impl Point {
    fn words(&self) -> String {
        let Self { call, nth, fault } = self;
        match fault {
            Fault::Once(error) => format!("{call} {nth} {error}"),
            Fault::FromNowOn(error) => format!("{call} {nth}+ {error}"),
            Fault::Kill => format!("{call} {nth} SIGKILL"),
        }
    }

    /// The words that run a station with this fault, and log whether it came.
    fn strace(&self, log: &Path) -> Vec<String> {
        let Self { call, nth, fault } = self;
        let inject = match fault {
            Fault::Once(error) => format!("inject={call}:error={error}:when={nth}"),
            Fault::FromNowOn(error) => format!("inject={call}:error={error}:when={nth}+"),
            // Not with --seccomp-bpf: strace 6.1 then sends no signal, and says nothing.
            Fault::Kill => format!("inject={call}:signal=SIGKILL:when={nth}"),
        };
        let log = log.to_string_lossy();
        let words = ["strace", "-f", "-qq", "-o", &log, "-e", &format!("trace={call}"), "-e", &inject, "--"];
        words.map(str::to_owned).to_vec()
    }

    fn came(&self, ended: &Ended, log: &Path) -> bool {
        match self.fault {
            Fault::Kill => ended.status.signal() == Some(9),
            Fault::Once(_) | Fault::FromNowOn(_) => {
                fs::read_to_string(log).is_ok_and(|log| log.contains("(INJECTED)"))
            }
        }
    }
}

/// The store that every point begins with, and what was said of it.
struct Prepared {
    store: PathBuf,
    oracle: Oracle,
    seed: u64,
}

/// Sweeps.
///
/// # Errors
/// When the harness itself cannot go on.
pub fn run(machine: &Machine, wanted: &Wanted) -> Result<Row, Stopped> {
    let scratch = machine.scratch("sweep")?;
    let prepared = prepare(&scratch, wanted.seed)?;
    let store = scratch.join("listed").join("store");
    copy(&prepared.store, &store)?;
    let calls = listed(&station(&prepared, &store, Mutant::None), &store, &scratch)?;
    let points = some(points(&calls), wanted);
    let row = Mutex::new(Row::new("system calls"));
    let missed = Mutex::new(0);
    share(&points, |worker, point| {
        let folder = machine.scratch(&format!("sweep/{worker}"))?;
        let (ended, verdict, came) = one(&prepared, point, Mutant::None, &folder)?;
        if let (true, Ok(mut row)) = (came, row.lock()) {
            row.add(&point.words(), &ended.oracle, &verdict);
            refusals(point, &ended, &mut row);
        } else if let Ok(mut missed) = missed.lock() {
            *missed += 1;
        }
        Ok(())
    })?;
    let mut row = row.into_inner().unwrap_or_else(PoisonError::into_inner);
    let missed = missed.into_inner().unwrap_or_else(PoisonError::into_inner);
    if missed * 20 > points.len() {
        row.doubt(&format!("{missed} of {} faults never came", points.len()));
    }
    controls(machine, wanted, &prepared, &mut row)?;
    Ok(row)
}

/// I6 and I7: one fault is one refusal at most, and afterwards everything goes on in the same process.
fn refusals(point: &Point, ended: &Ended, row: &mut Row) {
    let words = point.words();
    match point.fault {
        Fault::Kill => {}
        Fault::Once(_) | Fault::FromNowOn(_) if ended.status.code().is_none_or(|code| code > 3) => {
            row.doubt(&format!("{words}: the station fell over ({}): {}", ended.status, ended.words));
        }
        Fault::FromNowOn(_) => {}
        Fault::Once(_) => {
            if ended.oracle.naks() > 1 {
                let naks = ended.oracle.0.iter().filter(|said| matches!(said, Said::Nak(..)));
                let naks: Vec<String> = naks.map(Said::to_string).collect();
                row.doubt(&format!("{words}: one fault, {}", naks.join(", ")));
            }
            if !ended.status.success() {
                row.doubt(&format!("{words}: the store could not be opened again ({})", ended.status));
            }
        }
    }
}

fn station(prepared: &Prepared, store: &Path, mutant: Mutant) -> Station {
    Station::new(store, prepared.seed, BLOCK_ORDERS).first(100).mutant(mutant)
}

/// One station with one fault, judged.
fn one(
    prepared: &Prepared,
    point: &Point,
    mutant: Mutant,
    folder: &Path,
) -> Result<(Ended, Verdict, bool), Stopped> {
    let (store, log) = (folder.join("store"), folder.join("strace"));
    copy(&prepared.store, &store)?;
    let ended = station(prepared, &store, mutant).under(point.strace(&log)).run()?;
    let mut oracle = prepared.oracle.clone();
    oracle.0.extend(ended.oracle.0.iter().cloned());
    let verdict = check(&store, &oracle, folder)?;
    let came = point.came(&ended, &log);
    Ok((ended, verdict, came))
}

/// A store as a kill leaves it: a student sits, his original lies on the shelf without its row, the next student has
/// sat down already, and half a file lies about.
fn prepare(scratch: &Path, seed: u64) -> Result<Prepared, Stopped> {
    // The last of these orders puts an original on the shelf.
    let orders = BLOCK_ORDERS + 3;
    let rehearsed = scratch.join("rehearsed").join("store");
    let calls = listed(&Station::new(&rehearsed, seed, orders), &rehearsed, scratch)?;
    let renamed = calls.iter().rposition(|call| call.call == "renameat2").unwrap_or_default();
    let row = calls.iter().skip(renamed).find(|call| call.call == "pwrite64" && call.line.contains("-wal"));
    let Some(row) = row else {
        return Err(Stopped::Misunderstood("a station that writes no row".to_owned()));
    };
    let store = scratch.join("prepared").join("store");
    let point = Point { call: row.call, nth: row.nth, fault: Fault::Kill };
    let under = point.strace(&scratch.join("strace"));
    let ended = Station::new(&store, seed, orders).under(under).run()?;
    let half = store.join("vault").join("tmp").join("half.part");
    fs::write(&half, "half").map_err(at("write", &half))?;
    Ok(Prepared { store, oracle: ended.oracle, seed })
}

/// A call on the store.
#[derive(Debug)]
struct Call {
    call: &'static str,
    nth: usize,
    line: String,
}

/// Every call on the store that a station makes, in order.
fn listed(station: &Station, store: &Path, scratch: &Path) -> Result<Vec<Call>, Stopped> {
    let log = scratch.join("calls");
    let names: Vec<&str> = CALLS.iter().map(|(call, _)| *call).collect();
    let words = ["strace", "-f", "-qq", "-y", "-s", "0", "-o", &log.to_string_lossy()].map(str::to_owned);
    let words =
        words.into_iter().chain(["-e".to_owned(), format!("trace={}", names.join(",")), "--".to_owned()]);
    station.clone().under(words.collect()).run()?;
    let text = fs::read_to_string(&log).map_err(at("read", &log))?;
    let store = store.to_string_lossy();
    let mut counts = vec![0_usize; names.len()];
    let mut calls = Vec::new();
    for line in text.lines() {
        // "12345 pwrite64(4</store/ledger.sqlite-wal>, …"
        let Some((name, _)) = line.split_once(' ').and_then(|(_, rest)| rest.trim_start().split_once('('))
        else {
            continue;
        };
        let Some(known) = names.iter().position(|known| *known == name) else { continue };
        let Some((count, call)) = counts.get_mut(known).zip(names.get(known)) else { continue };
        *count += 1;
        if line.contains(store.as_ref()) {
            calls.push(Call { call, nth: *count, line: line.to_owned() });
        }
    }
    Ok(calls)
}

fn points(calls: &[Call]) -> Vec<Point> {
    let mut points = Vec::new();
    for Call { call, nth, line } in calls {
        let (call, nth) = (*call, *nth);
        // No kernel refuses to give a lock back; SQLite would take it for held until it ends.
        let takes_lock = line.contains("F_RDLCK") || line.contains("F_WRLCK");
        if call == "fcntl" && !takes_lock {
            continue;
        }
        let errors = CALLS.iter().find(|(name, _)| *name == call).map_or(&[][..], |(_, errors)| errors);
        // Nothing needs room that makes nothing.
        let fits = |error: &&&str| call != "openat" || **error != "ENOSPC" || line.contains("O_CREAT");
        let once = errors.iter().filter(fits).map(|error| Fault::Once(error));
        let kill = (!ONLY_LOOK.contains(&call)).then_some(Fault::Kill);
        let dies = DIES.contains(&call).then_some(Fault::FromNowOn("EIO"));
        points.extend(once.chain(kill).chain(dies).map(|fault| Point { call, nth, fault }));
    }
    points
}

/// All points, or as many as are wanted, spread over all of them and shifted by the seed.
fn some(points: Vec<Point>, wanted: &Wanted) -> Vec<Point> {
    let Some(many) = wanted.points.filter(|many| *many < points.len()) else { return points };
    let mut rng = fastrand::Rng::with_seed(wanted.seed);
    let stride = points.len() / many.max(1);
    let chosen = points.chunks(stride.max(1)).filter_map(|chunk| rng.choice(chunk).cloned());
    chosen.take(many).collect()
}

/// The mutants that a sweep must catch.
const CONTROLS: &[(&str, Mutant)] = &[
    ("ACK before commit", Mutant::AckBeforeCommit),
    ("row before file", Mutant::RowBeforeFile),
    ("adopts to whoever sits", Mutant::AdoptsToCurrent),
];

fn controls(machine: &Machine, wanted: &Wanted, prepared: &Prepared, row: &mut Row) -> Result<(), Stopped> {
    for (name, mutant) in wanted.controls(CONTROLS) {
        let folder = machine.scratch("sweep/control")?;
        let store = folder.join("store");
        copy(&prepared.store, &store)?;
        let mut control = Control::new(name);
        for point in points(&listed(&station(prepared, &store, *mutant), &store, &folder)?) {
            if point.fault == Fault::Kill && matches!(point.call, "renameat2" | "fsync" | "fdatasync") {
                let folder = machine.scratch("sweep/control")?;
                control.add(&one(prepared, &point, *mutant, &folder)?.1);
            }
            if control.bad > 0 {
                break;
            }
        }
        row.controls.push(control);
    }
    Ok(())
}
