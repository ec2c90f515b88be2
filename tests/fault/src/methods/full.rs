//! A disk that fills up to the last byte, and is freed. Half of the stations live through it, the others are killed and
//! started again while it is full.

use std::{
    fs::{self, File},
    io::{ErrorKind, Write as _},
    path::Path,
};

use rustix::fs::{FallocateFlags, fallocate, statvfs};

use super::Wanted;
use crate::{
    Stopped, at,
    child::{Running, Station, check},
    judge::Verdict,
    machine::Machine,
    mounts::{Image, Mount},
    mutants::Mutant,
    oracle::{Oracle, Said},
    script::BLOCK_ORDERS,
    table::{Control, Row},
};

/// How large the disk is, in bytes.
const DISK: u64 = 24 << 20;

/// What is left free when the station begins, in bytes.
const FREE: u64 = 3 << 20;

/// Fills.
///
/// # Errors
/// When the harness itself cannot go on.
pub fn run(machine: &Machine, wanted: &Wanted) -> Result<Row, Stopped> {
    let mut row = Row::new("disk full");
    for disk in 0..wanted.disks {
        let folder = machine.scratch("full")?;
        let mut filling = Filling { seed: wanted.seed + disk as u64, mutant: Mutant::None, words: vec![] };
        let (said, verdict) = filling.live(&folder, disk % 2 == 0)?;
        row.add(&format!("{disk}"), &said, &verdict);
        filling.words.iter().for_each(|words| row.doubt(&format!("{disk}: {words}")));
    }
    let folder = machine.scratch("full")?;
    let mut filling = Filling { seed: wanted.seed, mutant: Mutant::AckBeforeCommit, words: vec![] };
    let mut control = Control::new("ACK before commit");
    control.add(&filling.live(&folder, false)?.1);
    row.controls.push(control);
    Ok(row)
}

struct Filling {
    seed: u64,
    mutant: Mutant,
    /// What must hold and did not.
    words: Vec<String>,
}

impl Filling {
    /// A station on a disk that fills up; it lives through it, or is killed while it is full.
    fn live(&mut self, folder: &Path, lives: bool) -> Result<(Oracle, Verdict), Stopped> {
        let image = Image::ext4(&folder.join("disk.img"), DISK)?;
        let mount = Mount::image(image.path(), &folder.join("mount"))?;
        let store = mount.folder().join("store");
        let ballast = [mount.folder().join("ballast"), mount.folder().join("last-bytes")];
        let [most, last] = &ballast;
        leave(FREE, most)?;
        let mut running = Station::new(&store, self.seed, 10_000).mutant(self.mutant).paced().start()?;
        self.until_it_is_full(&mut running)?;
        fill(last)?;
        running.pace("8", |_| {})?;
        let said = if lives {
            free(&ballast)?;
            self.works_again(&mut running)?;
            running.end()?.oracle
        } else {
            running.kill()?;
            let said = running.end()?.oracle;
            self.starts_on_a_full_disk(&store)?;
            free(&ballast)?;
            said
        };
        let verdict = check(&store, &said, folder)?;
        mount.release()?;
        Ok((said, verdict))
    }

    fn until_it_is_full(&mut self, running: &mut Running) -> Result<(), Stopped> {
        for _ in 0..40 * BLOCK_ORDERS {
            let mut refused = None;
            if !running.pace("1", |line| {
                refused = line.starts_with("NAK").then(|| line.to_owned()).or(refused.take());
            })? {
                self.words.push("the station fell over".to_owned());
            }
            if let Some(refused) = refused {
                if !refused.ends_with("no-space") {
                    self.words.push(format!("a full disk is called something else: {refused}"));
                }
                return Ok(());
            }
        }
        self.words.push("the disk never filled".to_owned());
        Ok(())
    }

    /// I7: what is late is written, and new students are photographed, in the same process.
    fn works_again(&mut self, running: &mut Running) -> Result<(), Stopped> {
        let mut refused = vec![];
        running.pace("block", |_| {})?;
        let lives = running.pace(&BLOCK_ORDERS.to_string(), |line| {
            refused.extend(line.starts_with("NAK").then(|| line.to_owned()));
        })?;
        // A student whose sitting could not be ended still sits; that is no fault of a disk that works.
        refused.retain(|line| !line.ends_with("rule"));
        if !lives || !refused.is_empty() {
            self.words.push(format!("it does not work again when there is room: {refused:?}"));
        }
        Ok(())
    }

    /// It may say that there is no room. It may not fall over.
    fn starts_on_a_full_disk(&mut self, store: &Path) -> Result<(), Stopped> {
        let ended = Station::new(store, self.seed, 0).run()?;
        let other =
            ended.oracle.0.iter().any(|said| matches!(said, Said::Nak(_, kind) if kind != "no-space"));
        if other || !matches!(ended.status.code(), Some(0 | 3)) {
            self.words
                .push(format!("on a full disk it starts like this: {:?} {}", ended.oracle, ended.status));
        }
        Ok(())
    }
}

/// Leaves so many bytes free.
fn leave(bytes: u64, ballast: &Path) -> Result<(), Stopped> {
    let file = File::create(ballast).map_err(at("make", ballast))?;
    let disk = statvfs(ballast).map_err(|err| at("measure", ballast)(err.into()))?;
    let length = (disk.f_bavail * disk.f_frsize).saturating_sub(bytes);
    fallocate(&file, FallocateFlags::empty(), 0, length).map_err(|err| at("fill", ballast)(err.into()))
}

/// Fills to the last byte.
fn fill(ballast: &Path) -> Result<(), Stopped> {
    let mut file = File::create(ballast).map_err(at("make", ballast))?;
    let mut piece = vec![0x5a; 1 << 16];
    while !piece.is_empty() {
        match file.write(&piece).and_then(|_| file.sync_data()) {
            Ok(()) => {}
            Err(err) if err.kind() == ErrorKind::StorageFull => piece.truncate(piece.len() / 2),
            Err(err) => return Err(at("fill", ballast)(err)),
        }
    }
    Ok(())
}

fn free(ballast: &[std::path::PathBuf]) -> Result<(), Stopped> {
    ballast.iter().try_for_each(|file| fs::remove_file(file).map_err(at("free", file)))
}
