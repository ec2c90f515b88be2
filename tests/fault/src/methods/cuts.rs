//! Power cuts: a station works on a logged block device; then, for one moment of the log after the other, the disk is
//! made as a cut at that moment may leave it, mounted, opened and judged by what had been called saved by then.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use super::{Wanted, share};
use crate::{
    Stopped, at,
    child::{Station, check},
    judge::Verdict,
    machine::Machine,
    mounts::{Cable, Image, Mount},
    mutants::Mutant,
    oracle::{Oracle, Said},
    power::{Disk, Log, Mode},
    table::{Control, Row},
};

/// How large the disk is, in bytes.
const DISK: u64 = 32 << 20;

/// How many orders the station carries out on it.
const ORDERS: usize = 110;

/// A control has so many images to be caught in.
const TRIES: usize = 60;

/// Images made from one log; then another station works, so that not all of them tell the same story.
const STORY: usize = 250;

/// Cuts.
///
/// # Errors
/// When the harness itself cannot go on.
pub fn run(machine: &Machine, wanted: &Wanted) -> Result<Row, Stopped> {
    let mut row = Row::new("power cut");
    let mut left = wanted.images;
    let mut seed = wanted.seed;
    while left > 0 {
        let now = left.min(STORY);
        let story = Story::lived(machine, seed, Mutant::None, None)?;
        if story.said.naks() > 0 {
            row.doubt(&format!("{} refusals although nothing was broken", story.said.naks()));
        }
        for (how, said, verdict) in story.retold(machine, now)? {
            row.add(&how, &said, &verdict);
        }
        (left, seed) = (left - now, seed + 1);
    }
    for (name, mutant, deaf) in wanted.controls(CONTROLS) {
        let mut control = Control::new(name);
        let mut story = Story::lived(machine, wanted.seed, *mutant, *deaf)?;
        // A few at a time: most are caught at once.
        while control.bad == 0 && control.runs < TRIES {
            let verdicts = story.retold(machine, 10)?;
            verdicts.iter().for_each(|(_, _, verdict)| control.add(verdict));
            story.seed += 1;
        }
        row.controls.push(control);
    }
    Ok(row)
}

/// Wrong stations, or wrong disks: what the table calls it, the mutant, and whose syncs are not heard.
const CONTROLS: &[(&str, Mutant, Option<&str>)] = &[
    ("synchronous=NORMAL", Mutant::None, Some("*-wal")),
    ("no file is synced", Mutant::None, Some("*/vault/tmp/*")),
    ("synchronous=OFF", Mutant::None, Some("*/ledger.sqlite*")),
    ("row before file", Mutant::RowBeforeFile, None),
    ("ACK before commit", Mutant::AckBeforeCommit, None),
];

/// What a station did on a logged disk.
#[derive(Debug)]
struct Story {
    seed: u64,
    /// The disk before.
    blank: PathBuf,
    /// The log.
    log: PathBuf,
    /// What the station said, each line with how long the log was by then.
    lines: Vec<(u64, Said)>,
    /// The same without that.
    said: Oracle,
}

impl Story {
    /// Lets a station work.
    fn lived(
        machine: &Machine,
        seed: u64,
        mutant: Mutant,
        deaf: Option<&'static str>,
    ) -> Result<Self, Stopped> {
        let scratch = machine.scratch("story")?;
        let (disk, blank, log) = (scratch.join("disk.img"), scratch.join("blank.img"), scratch.join("log"));
        let image = Image::ext4(&disk, DISK)?;
        fs::copy(image.path(), &blank).map_err(at("copy", &disk))?;
        let cable = Cable::plug(image.path(), &log, &scratch.join("device"))?;
        let mount = Mount::image(cable.device(), &scratch.join("mount"))?;
        let station = Station::new(&mount.folder().join("store"), seed, ORDERS).mutant(mutant).paced();
        let station = match (deaf, &machine.deaf) {
            (Some(pattern), Ok(library)) => station.deaf(library, pattern),
            _ => station,
        };
        let mut running = station.start()?;
        let mut lines = Vec::new();
        for _ in 0..ORDERS {
            let mut heard = |line: &str| {
                let mark = cable.mark();
                lines.extend(line.parse().ok().map(|said| (mark, said)));
            };
            if !running.pace("1", &mut heard)? {
                break;
            }
        }
        let ended = running.end()?;
        if !ended.status.success() {
            return Err(Stopped::Program { program: "station".to_owned(), said: ended.words });
        }
        mount.release()?;
        Ok(Self { seed, blank, log, lines, said: ended.oracle })
    }

    /// Cuts the power so many times, and judges what is left: when it was, what had been said by then, the verdict.
    fn retold(&self, machine: &Machine, images: usize) -> Result<Vec<(String, Oracle, Verdict)>, Stopped> {
        let log = Log::read(fs::read(&self.log).map_err(at("read", &self.log))?);
        let blank = fs::read(&self.blank).map_err(at("read", &self.blank))?;
        let marks: Vec<(usize, &Said)> =
            self.lines.iter().map(|(mark, said)| (log.entries_below(*mark), said)).collect();
        let mut cuts = self.cuts(&log, &marks, images);
        cuts.sort_unstable_by_key(|(cut, _)| *cut);
        let halves: Vec<&[(usize, Mode)]> = cuts.chunks(images.div_ceil(2).max(1)).collect();
        let told = Mutex::new(vec![]);
        share(&halves, |worker, half| {
            let mut disk = Disk::new(&log, blank.clone());
            let mut rng = fastrand::Rng::with_seed(self.seed << 8 | worker as u64);
            for (cut, mode) in half.iter() {
                let found = disk.cut(*cut, *mode, &mut rng);
                let oracle = told_by(&marks, *cut);
                let folder = machine.scratch(&format!("images/{worker}"))?;
                let verdict = found_with(&found, &oracle, &folder)?;
                let how = format!("at {cut} of {} ({mode:?})", log.entries().len());
                told.lock().unwrap_or_else(PoisonError::into_inner).push((how, oracle, verdict));
            }
            Ok(())
        })?;
        Ok(told.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// When the power fails: half of the times just as something was called saved.
    fn cuts(&self, log: &Log, marks: &[(usize, &Said)], images: usize) -> Vec<(usize, Mode)> {
        let mut rng = fastrand::Rng::with_seed(self.seed ^ 0x00c0_ffee);
        let acks: Vec<usize> =
            marks.iter().filter(|(_, said)| matches!(said, Said::Ack(..))).map(|(mark, _)| *mark).collect();
        let mut cuts = Vec::new();
        for image in 0..images {
            let anywhere = rng.usize(..=log.entries().len());
            let cut = if image % 2 == 0 { anywhere } else { rng.choice(&acks).copied().unwrap_or(anywhere) };
            cuts.push((cut, if image % 4 < 2 { Mode::Reorder } else { Mode::Prefix }));
        }
        cuts
    }
}

/// What had been said when so many entries were logged. What was asked for is known in any case.
fn told_by(marks: &[(usize, &Said)], cut: usize) -> Oracle {
    let told = |(mark, said): &&(usize, &Said)| *mark <= cut || matches!(said, Said::Try(..));
    Oracle(marks.iter().filter(told).map(|(_, said)| (*said).clone()).collect())
}

/// Puts a disk on the table, mounts it and judges its store.
fn found_with(disk: &[u8], oracle: &Oracle, folder: &Path) -> Result<Verdict, Stopped> {
    let image = folder.join("found.img");
    fs::write(&image, disk).map_err(at("write", &image))?;
    let mount = match Mount::image(&image, &folder.join("mount")) {
        Ok(mount) => mount,
        Err(err) => return Ok(Verdict::unjudged(format!("it cannot be mounted: {err}"))),
    };
    let verdict = check(&mount.folder().join("store"), oracle, folder)?;
    mount.release()?;
    Ok(verdict)
}
