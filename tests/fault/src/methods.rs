//! The ways in which a store is broken, one file each. Every method gives a row of the table.

pub mod clocks;
pub mod cuts;
pub mod foreign;
pub mod full;
pub mod kills;
pub mod pulled;
pub mod sweep;

use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Instant,
};

use crate::{
    Stopped, at,
    machine::Machine,
    system,
    table::{Row, Table},
};

/// How much is to be done.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// From what everything random comes.
    pub seed: u64,
    /// Images of power cuts.
    pub images: usize,
    /// Kills.
    pub kills: usize,
    /// Points of the sweep; all of them without a number.
    pub points: Option<usize>,
    /// Pulled disks, and full ones.
    pub disks: usize,
    /// Whether one control a method is enough.
    pub one_control: bool,
    /// Only this method.
    pub only: Option<String>,
}

impl Wanted {
    /// What every commit passes.
    #[must_use]
    pub fn quick() -> Self {
        Self { images: 60, kills: 20, points: Some(100), disks: 2, one_control: true, ..Self::whole() }
    }

    /// What `./dev fault` does.
    #[must_use]
    pub fn whole() -> Self {
        Self { seed: 1, images: 500, kills: 200, points: None, disks: 10, one_control: false, only: None }
    }

    /// The controls of a method that are to be tried.
    fn controls<'a, T>(&self, all: &'a [T]) -> &'a [T] {
        if self.one_control { all.get(..1).unwrap_or_default() } else { all }
    }
}

type Method = fn(&Machine, &Wanted) -> Result<Row, Stopped>;

/// Does everything that this machine allows.
///
/// # Errors
/// When the harness itself cannot go on.
pub fn all(machine: &Machine, wanted: &Wanted) -> Result<Table, Stopped> {
    crate::store::prepare()?;
    let always = Ok(());
    let both = machine.cable.clone().and(machine.deaf.clone().map(drop));
    let methods: [(&'static str, Method, &Result<(), String>); 7] = [
        ("system calls", sweep::run, &machine.strace),
        ("kill -9", kills::run, &always),
        ("clock jumps", clocks::run, &always),
        ("power cut", cuts::run, &both),
        ("disk pulled", pulled::run, &machine.cable),
        ("disk full", full::run, &machine.mount),
        ("exFAT, kill -9", foreign::run, &machine.exfat),
    ];
    let mut table = Table::default();
    for (name, method, allowed) in methods {
        let is_wanted = wanted.only.as_deref().is_none_or(|only| name.contains(only));
        match allowed {
            _ if !is_wanted => {}
            Err(why) => table.left_out.push((name, why.clone())),
            Ok(()) => {
                let begin = Instant::now();
                let row = method(machine, wanted)?;
                table.rows.push(Row { method: name, seconds: begin.elapsed().as_secs_f64(), ..row });
            }
        }
    }
    Ok(table)
}

/// How many of us work at a time: checks wait for disks as often as for processors.
const WORKERS: usize = 2;

/// Shares jobs out among workers; each is told its own number.
fn share<J: Sync>(jobs: &[J], work: impl Fn(usize, &J) -> Result<(), Stopped> + Sync) -> Result<(), Stopped> {
    let next = AtomicUsize::new(0);
    let (next, work) = (&next, &work);
    thread::scope(|scope| {
        let worker = |number: usize| {
            thread::Builder::new().name(format!("worker {number}")).spawn_scoped(scope, move || {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    work(number, job)?;
                }
                Ok(())
            })
        };
        let workers: Vec<_> =
            (0..WORKERS).map(worker).collect::<Result<_, _>>().map_err(system("start a worker"))?;
        let ended = workers.into_iter().map(|worker| {
            worker.join().unwrap_or_else(|_| Err(Stopped::Misunderstood("a worker fell over".to_owned())))
        });
        ended.collect::<Vec<_>>().into_iter().collect()
    })
}

/// Copies a folder with everything in it.
fn copy(from: &Path, to: &Path) -> Result<(), Stopped> {
    fs::create_dir_all(to).map_err(at("make", to))?;
    for entry in fs::read_dir(from).map_err(at("list", from))? {
        let path = entry.map_err(at("list", from))?.path();
        let place = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy(&path, &place)?;
        } else {
            fs::copy(&path, &place).map_err(at("copy", &path)).map(drop)?;
        }
    }
    Ok(())
}
