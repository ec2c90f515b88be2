//! `fault`: the harness as a program. `fault run` breaks stores and prints the table; `station` and `check` are what it
//! starts, and can be started by hand.

use std::{
    env, fs,
    io::{self, Write as _},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use fault::{
    Stopped,
    judge::judge,
    machine::Machine,
    methods::{self, Wanted},
    mutants::Mutant,
    oracle::Oracle,
    station::{Shift, work},
};

const USAGE: &str = "fault run [--quick] [--seed N] [--images N] [--kills N] [--points N] [--disks N] [--only METHOD]
fault station STORE --seed N --orders N [--first N] [--paced] [--jumping] [--mutant NAME]
fault check STORE ORACLE
run breaks stores in every way this machine allows, prints a table, and ends with 1 if anything was lost, mismatched,
doubled or unsound, or if a control was not caught. --quick is what every commit passes.";

/// The station could not open its store.
const SHUT: u8 = 3;

fn main() -> ExitCode {
    let mut words = env::args().skip(1);
    let done = match words.next().as_deref() {
        Some("run") => run(words),
        Some("station") => station(words),
        Some("check") => check(words),
        _ => Err(Stopped::Misunderstood(USAGE.to_owned())),
    };
    done.unwrap_or_else(|err| {
        writeln!(io::stderr(), "fault: {err}").ok();
        ExitCode::from(2)
    })
}

/// The value of a flag.
fn value<T: std::str::FromStr>(flag: &str, words: &mut impl Iterator<Item = String>) -> Result<T, Stopped> {
    let value = words.next().and_then(|word| word.parse().ok());
    value.ok_or_else(|| Stopped::Misunderstood(format!("{flag} wants a value\n{USAGE}")))
}

fn run(mut words: impl Iterator<Item = String>) -> Result<ExitCode, Stopped> {
    apart()?;
    let mut wanted = Wanted::whole();
    while let Some(flag) = words.next() {
        match flag.as_str() {
            "--quick" => wanted = Wanted { seed: wanted.seed, ..Wanted::quick() },
            "--seed" => wanted.seed = value(&flag, &mut words)?,
            "--images" => wanted.images = value(&flag, &mut words)?,
            "--kills" => wanted.kills = value(&flag, &mut words)?,
            "--points" => wanted.points = Some(value(&flag, &mut words)?),
            "--disks" => wanted.disks = value(&flag, &mut words)?,
            "--only" => wanted.only = Some(value(&flag, &mut words)?),
            _ => return Err(Stopped::Misunderstood(format!("no such flag: {flag}\n{USAGE}"))),
        }
    }
    let table = methods::all(&Machine::look()?, &wanted)?;
    write!(io::stdout(), "{table}")
        .map_err(|source| Stopped::System { doing: "print".to_owned(), source })?;
    Ok(if table.is_well() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Begins again where nobody else sees what is mounted, and where it is gone when this program is, however it ends.
/// Who is not root mounts nothing.
fn apart() -> Result<(), Stopped> {
    const APART: &str = "CAIYING_FAULT_APART";
    let unshare = || {
        let mut command = Command::new("unshare");
        command.args(["--mount", "--propagation", "private", "--"]);
        command
    };
    let allowed = || unshare().arg("true").output().is_ok_and(|tried| tried.status.success());
    if env::var_os(APART).is_some() || !rustix::process::geteuid().is_root() || !allowed() {
        return Ok(());
    }
    let system = |source| Stopped::System { doing: "begin again".to_owned(), source };
    let this = env::current_exe().map_err(system)?;
    Err(system(unshare().arg(this).args(env::args_os().skip(1)).env(APART, "1").exec()))
}

fn station(mut words: impl Iterator<Item = String>) -> Result<ExitCode, Stopped> {
    let store: PathBuf = value("station", &mut words)?;
    let mutant = Mutant::None;
    let mut shift = Shift { store, seed: 1, first: 1, orders: 0, paced: false, jumping: false, mutant };
    while let Some(flag) = words.next() {
        match flag.as_str() {
            "--seed" => shift.seed = value(&flag, &mut words)?,
            "--first" => shift.first = value(&flag, &mut words)?,
            "--orders" => shift.orders = value(&flag, &mut words)?,
            "--mutant" => shift.mutant = value(&flag, &mut words)?,
            "--paced" => shift.paced = true,
            "--jumping" => shift.jumping = true,
            _ => return Err(Stopped::Misunderstood(format!("no such flag: {flag}\n{USAGE}"))),
        }
    }
    let opened = work(&shift, &mut io::stdin().lock(), &mut io::stdout().lock())?;
    Ok(if opened { ExitCode::SUCCESS } else { ExitCode::from(SHUT) })
}

fn check(mut words: impl Iterator<Item = String>) -> Result<ExitCode, Stopped> {
    let (store, file): (PathBuf, PathBuf) = (value("check", &mut words)?, value("check", &mut words)?);
    let verdict = judge(&store, &oracle(&file)?)?;
    write!(io::stdout(), "{}", verdict.text())
        .map_err(|source| Stopped::System { doing: "print".to_owned(), source })?;
    Ok(if verdict.is_well() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn oracle(file: &Path) -> Result<Oracle, Stopped> {
    let text = fs::read_to_string(file);
    let text =
        text.map_err(|source| Stopped::System { doing: format!("read {}", file.display()), source })?;
    Oracle::read(&text)
}
