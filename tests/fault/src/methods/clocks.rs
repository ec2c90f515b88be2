//! Somebody sets the computer's clock again and again, 400 days back and to the year 2099, and the program is killed in
//! between. What came later is what has the higher number, not the later time.

use super::{Wanted, kills::Killing};
use crate::{Stopped, machine::Machine, mutants::Mutant, table::Row};

/// Kills with jumping clocks: a tenth as many as of plain kills, and five at least.
///
/// # Errors
/// When the harness itself cannot go on.
pub fn run(machine: &Machine, wanted: &Wanted) -> Result<Row, Stopped> {
    let mut row = Row::new("clock jumps");
    let mut killing = Killing::new(machine.scratch_on_disk("clocks")?, wanted.seed, Mutant::None, true);
    for kill in 0..(wanted.kills / 10).max(5) {
        killing.round(kill, &mut row)?;
    }
    let folder = machine.scratch_on_disk("clocks/control")?;
    let control = Killing::new(folder, wanted.seed, Mutant::NewestByClock, true);
    row.controls.push(control.caught("the newest by the clock counts")?);
    Ok(row)
}
