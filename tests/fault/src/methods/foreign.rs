//! A store on exFAT, as on a stick or a card: no `fallocate`, no case, a server in user space; and kill -9.

use super::{Wanted, kills::Killing};
use crate::{Stopped, machine::Machine, mounts::Mount, mutants::Mutant, table::Row};

/// Room on the stick, in bytes.
const STICK: u64 = 64 << 20;

/// Kills on exFAT: a twentieth as many as of plain kills.
///
/// # Errors
/// When the harness itself cannot go on.
pub fn run(machine: &Machine, wanted: &Wanted) -> Result<Row, Stopped> {
    let mut row = Row::new("exFAT, kill -9");
    let scratch = machine.scratch("exfat")?;
    let stick = Mount::exfat(&scratch.join("stick.img"), STICK, &scratch.join("stick"))?;
    let mut killing = Killing::new(stick.folder().to_owned(), wanted.seed, Mutant::None, false);
    for kill in 0..(wanted.kills / 20).max(2) {
        killing.round(kill, &mut row)?;
    }
    stick.release()?;
    Ok(row)
}
