//! Somebody pulls the disk out in the middle of the work, and puts it in again later.

use std::path::Path;

use super::Wanted;
use crate::{
    Stopped,
    child::{Station, check},
    judge::Verdict,
    machine::Machine,
    mounts::{Cable, Image, Mount},
    mutants::Mutant,
    oracle::Oracle,
    table::{Control, Row},
};

/// How large the disk is, in bytes.
const DISK: u64 = 32 << 20;

/// Orders that are still given when the disk has gone.
const AFTERWARDS: usize = 12;

/// A control has so many disks to be caught in.
const TRIES: usize = 5;

/// Pulls.
///
/// # Errors
/// When the harness itself cannot go on.
pub fn run(machine: &Machine, wanted: &Wanted) -> Result<Row, Stopped> {
    let mut row = Row::new("disk pulled");
    let mut rng = fastrand::Rng::with_seed(wanted.seed);
    for disk in 0..wanted.disks {
        let folder = machine.scratch("pulled")?;
        let (said, verdict) = pulled(&folder, wanted.seed + disk as u64, rng.usize(5..60), Mutant::None)?;
        row.add(&format!("{disk}"), &said, &verdict);
        if said.naks() == 0 {
            row.doubt(&format!("{disk}: nothing was refused although the disk had gone"));
        }
    }
    let mut control = Control::new("ACK before commit");
    while control.bad == 0 && control.runs < TRIES {
        let folder = machine.scratch("pulled")?;
        let (_, verdict) = pulled(&folder, control.runs as u64, rng.usize(20..60), Mutant::AckBeforeCommit)?;
        control.add(&verdict);
    }
    row.controls.push(control);
    Ok(row)
}

fn pulled(folder: &Path, seed: u64, orders: usize, mutant: Mutant) -> Result<(Oracle, Verdict), Stopped> {
    let image = Image::ext4(&folder.join("disk.img"), DISK)?;
    let mut cable = Cable::plug(image.path(), &folder.join("log"), &folder.join("device"))?;
    let mount = Mount::image(cable.device(), &folder.join("mount"))?;
    let store = mount.folder().join("store");
    let mut running = Station::new(&store, seed, 1000).mutant(mutant).paced().start()?;
    running.pace(&orders.to_string(), |_| {})?;
    cable.pull()?;
    running.pace(&AFTERWARDS.to_string(), |_| {})?;
    let said = running.end()?.oracle;
    drop(mount);
    drop(cable);
    let mount = Mount::image(image.path(), &folder.join("again"))?;
    let verdict = check(&mount.folder().join("store"), &said, folder)?;
    mount.release()?;
    Ok((said, verdict))
}
