//! The program is killed at random moments, again and again on the same store.

use std::{
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use super::Wanted;
use crate::{
    Stopped,
    child::{Station, check},
    judge::Verdict,
    machine::Machine,
    mutants::Mutant,
    oracle::Oracle,
    table::{Control, Row},
};

/// After so many kills a new store begins: checks read everything.
const ROUNDS: usize = 20;

/// More orders than a station lives for.
const MANY: usize = 100_000;

/// A control has so many kills to be caught in.
const TRIES: usize = 20;

/// Kills.
///
/// # Errors
/// When the harness itself cannot go on.
pub fn run(machine: &Machine, wanted: &Wanted) -> Result<Row, Stopped> {
    let mut row = Row::new("kill -9");
    let mut killing = Killing::new(machine.scratch_on_disk("kills")?, wanted.seed, Mutant::None, false);
    for kill in 0..wanted.kills {
        killing.round(kill, &mut row)?;
    }
    // What goes wrong for a moment only is left to the sweep, which knows that moment.
    let folder = machine.scratch_on_disk("kills/control")?;
    let control = Killing::new(folder, wanted.seed, Mutant::AckBeforeCommit, false);
    row.controls.push(control.caught("ACK before commit")?);
    Ok(row)
}

/// A store, and a station that is killed at it.
#[derive(Debug)]
pub(super) struct Killing {
    folder: PathBuf,
    seed: u64,
    mutant: Mutant,
    jumping: bool,
    oracle: Oracle,
    rng: fastrand::Rng,
}

impl Killing {
    /// Kills of such a station, at stores in this folder.
    pub(super) fn new(folder: PathBuf, seed: u64, mutant: Mutant, jumping: bool) -> Self {
        let rng = fastrand::Rng::with_seed(seed ^ 0x6b31_1119);
        Self { folder, seed, mutant, jumping, oracle: Oracle::default(), rng }
    }

    /// One station, one kill, one verdict.
    pub(super) fn round(&mut self, kill: usize, row: &mut Row) -> Result<Verdict, Stopped> {
        if kill.is_multiple_of(ROUNDS) {
            self.oracle = Oracle::default();
        }
        let store = self.folder.join(format!("store-{}", kill / ROUNDS));
        let first = 1000 * (kill as u64 + 1);
        let said = self.killed(&store, first)?;
        self.oracle.0.extend(said.0.iter().cloned());
        let verdict = check(&store, &self.oracle, &self.folder)?;
        row.add(&format!("{kill}"), &said, &verdict);
        if said.naks() > 0 {
            row.doubt(&format!("{kill}: {} refusals although nothing was broken", said.naks()));
        }
        Ok(verdict)
    }

    /// A station that works until it is killed.
    fn killed(&mut self, store: &Path, first: u64) -> Result<Oracle, Stopped> {
        let station = Station::new(store, self.seed, MANY).first(first).mutant(self.mutant);
        let station = if self.jumping { station.jumping() } else { station };
        let mut running = station.start()?;
        // A portrait has two lines, so this is up to a block and a half of orders.
        let mut wait_for = self.rng.usize(2..45);
        while wait_for > 0 {
            let Some(line) = running.line()? else { break };
            wait_for -= usize::from(line.starts_with("ACK"));
        }
        // Nobody waits for anything here: any moment will do, and this makes it another one each time.
        thread::sleep(Duration::from_micros(self.rng.u64(..1500)));
        running.kill()?;
        Ok(running.end()?.oracle)
    }

    /// Whether a mutant is caught soon enough.
    pub(super) fn caught(mut self, name: &'static str) -> Result<Control, Stopped> {
        let mut control = Control::new(name);
        let mut nowhere = Row::default();
        while control.bad == 0 && control.runs < TRIES {
            let verdict = self.round(control.runs, &mut nowhere)?;
            control.add(&verdict);
        }
        Ok(control)
    }
}
