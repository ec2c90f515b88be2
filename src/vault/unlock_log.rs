//! Who tried to open a store in vain, until the journal has it: before a store opens, nobody can write into its ledger.
//!
//! A small plain file beside the key file. It says when which slot was tried, no name. Each try is on the disk before it
//! is told, so that starting the program anew shortens no wait; each slot has its own. Whoever can write into the folder
//! can change or remove the file, and whoever sets the clock forward shortens a wait: what protects a passphrase from him
//! is its cost ([`crate::keys`]), not this. Nothing in it locks anybody out: what cannot be read counts as never said,
//! and a wait that began in the future begins now.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
    time::{Duration, Instant},
};

use rustix::{
    fs::{FlockOperation, OFlags, flock},
    io::retry_on_intr,
};

use super::{VaultError, shelf};
use crate::{
    keys::{Attempts, KeysError, SLOTS},
    shot::Moment,
};

/// The file's name in a store.
pub(super) const NAME: &str = "unlocks";
/// It grows beside the old one before it takes its place.
pub(super) const NEW: &str = "unlocks.new";

/// A file of more bytes than this is made shorter: some 800 tries.
const LARGEST: usize = 16 * 1024;

/// Passphrases that were wrong, one after the other, for the same slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failed {
    /// Whose slot, from 0.
    pub slot: usize,
    /// How often.
    pub times: u32,
    /// The first time.
    pub first: Moment,
    /// The last time.
    pub last: Moment,
}

/// What a line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    /// The passphrase was wrong.
    Failed,
    /// The passphrase was wrong, and the journal says so.
    Told,
    /// The slot's passphrase opened the store.
    Opened,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    what: What,
    tries: Failed,
}

impl Entry {
    fn new(what: What, slot: usize, at: Moment) -> Self {
        Self { what, tries: Failed { slot, times: 1, first: at, last: at } }
    }

    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let last = Moment(words.next()?.parse().ok()?);
        let slot = words.next()?.parse().ok().filter(|slot| *slot < SLOTS)?;
        let what = match words.next()? {
            "F" => What::Failed,
            "f" => What::Told,
            "S" => What::Opened,
            _ => return None,
        };
        let (times, first) = match words.next() {
            None => (1, last),
            Some(times) => (times.parse().ok()?, Moment(words.next()?.parse().ok()?)),
        };
        words.next().is_none().then_some(Self { what, tries: Failed { slot, times, first, last } })
    }

    fn line(&self) -> String {
        let Failed { slot, times, first, last } = self.tries;
        let letter = match self.what {
            What::Failed => 'F',
            What::Told => 'f',
            What::Opened => 'S',
        };
        match times {
            1 => format!("{} {slot} {letter}\n", last.0),
            times => format!("{} {slot} {letter} {times} {}\n", last.0, first.0),
        }
    }
}

/// Why a passphrase opened nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Shut {
    /// This slot was tried in vain a moment ago: nothing was tried now.
    #[error("it is too early for another passphrase")]
    TooEarly(Attempts),
    /// It was tried.
    #[error(transparent)]
    Keys(#[from] KeysError),
}

/// Tries a slot's passphrase, unless it is too early, and notes what came of it. Meanwhile no other program tries one of
/// this store: however many are started, each waits for what those before it found. Blocks as long.
///
/// # Errors
/// When it is too early, or nothing opened. A disk that cannot be written keeps nobody out who knows a passphrase, and
/// lets nobody in who does not.
pub fn try_out<T>(
    folder: &Path,
    slot: usize,
    clock: impl Fn() -> Moment,
    unlock: impl FnOnce() -> Result<T, KeysError>,
) -> Result<T, Shut> {
    let _held = hold(folder);
    let attempts = remembered(folder, slot, clock(), Instant::now());
    if !attempts.left(Instant::now()).is_zero() {
        return Err(Shut::TooEarly(attempts));
    }
    let tried = unlock();
    match &tried {
        Ok(_) => note_success(folder, slot, clock()).ok(),
        Err(KeysError::WrongPassphrase) => append(folder, Entry::new(What::Failed, slot, clock())).ok(),
        Err(_nothing_was_wrong_with_it) => None,
    };
    Ok(tried?)
}

/// Notes that a slot's passphrase was wrong; it is on the disk when this returns.
///
/// # Errors
/// When the disk refuses.
pub fn failed(folder: &Path, slot: usize, at: Moment) -> Result<(), VaultError> {
    let _held = hold(folder);
    append(folder, Entry::new(What::Failed, slot, at))
}

/// Notes that a slot's passphrase opened the store: its holder waits no longer, and everybody else as before, or whoever
/// has a passphrase of his own could try another one's for ever. Where the slot had not failed nothing is written.
///
/// # Errors
/// When the disk refuses.
pub fn succeeded(folder: &Path, slot: usize, at: Moment) -> Result<(), VaultError> {
    let _held = hold(folder);
    note_success(folder, slot, at)
}

fn note_success(folder: &Path, slot: usize, at: Moment) -> Result<(), VaultError> {
    if trailing(&read(folder), slot).0 == 0 {
        return Ok(());
    }
    append(folder, Entry::new(What::Opened, slot, at))
}

/// How often a slot was tried in vain since its passphrase last opened the store.
#[must_use]
pub fn trailing_failures(folder: &Path, slot: usize) -> u32 {
    trailing(&read(folder), slot).0
}

/// The wait that is left for a slot at this moment, by this computer's clock.
#[must_use]
pub fn attempts(folder: &Path, slot: usize, at: Moment, now: Instant) -> Attempts {
    let _held = hold(folder);
    remembered(folder, slot, at, now)
}

/// The same, for whoever holds the folder.
fn remembered(folder: &Path, slot: usize, at: Moment, now: Instant) -> Attempts {
    let (failures, last) = trailing(&read(folder), slot);
    let Some(last) = last else { return Attempts::default() };
    let Ok(since_ms) = u64::try_from(at.0.saturating_sub(last.0)) else {
        // The clock was set back. From now on the wait is measured by it as it is; a disk that refuses makes the wait
        // begin anew each time, as it would in a program that stays open.
        let tries = Failed { slot, times: 0, first: at, last: at };
        append(folder, Entry { what: What::Told, tries }).ok();
        return Attempts::remembered(failures, now);
    };
    match now.checked_sub(Duration::from_millis(since_ms)) {
        Some(then) => Attempts::remembered(failures, then),
        // Longer ago than this computer has been running, and than any wait.
        None => Attempts::long_ago(failures),
    }
}

/// What the journal does not have yet, oldest first.
#[must_use]
pub fn pending(folder: &Path) -> Vec<Failed> {
    let mut runs: Vec<Failed> = Vec::new();
    let mut goes_on = false;
    for Entry { what, tries } in read(folder) {
        match (what, runs.last_mut()) {
            (What::Failed, Some(run)) if goes_on && run.slot == tries.slot => *run = joined(*run, tries),
            (What::Failed, _) => runs.push(tries),
            (What::Told | What::Opened, _) => {}
        }
        goes_on = what == What::Failed;
    }
    runs
}

/// The journal has these now. Others that came meanwhile are still pending.
///
/// # Errors
/// When the disk refuses: then they are pending still, and told a second time.
pub fn settled(folder: &Path, told: &[Failed]) -> Result<(), VaultError> {
    let _held = hold(folder);
    let mut entries = read(folder);
    for entry in entries.iter_mut().filter(|entry| entry.what == What::Failed) {
        let Failed { slot, first, last, .. } = entry.tries;
        let has = |told: &Failed| told.slot == slot && told.first <= first && last <= told.last;
        if told.iter().any(has) {
            entry.what = What::Told;
        }
    }
    rewrite(folder, &shortened(&entries))
}

/// A slot's failures after its last success; the moment of the last of them.
fn trailing(entries: &[Entry], slot: usize) -> (u32, Option<Moment>) {
    let his = entries.iter().rev().filter(|entry| entry.tries.slot == slot);
    his.take_while(|entry| entry.what != What::Opened).fold((0_u32, None), |(failures, last), entry| {
        (failures.saturating_add(entry.tries.times), last.or(Some(entry.tries.last)))
    })
}

fn joined(earlier: Failed, later: Failed) -> Failed {
    let times = earlier.times.saturating_add(later.times);
    let (first, last) = (earlier.first.min(later.first), later.last);
    Failed { slot: later.slot, times, first, last }
}

/// What still matters: what the journal has not, and what each slot's wait is counted from. At most three lines a slot
/// and one for its last success.
fn shortened(entries: &[Entry]) -> Vec<Entry> {
    let opened_later = |entry: &Entry, later: &[Entry]| {
        later.iter().any(|later| later.what == What::Opened && later.tries.slot == entry.tries.slot)
    };
    let is_over = |(place, entry): &(usize, &Entry)| opened_later(entry, entries.split_at(place + 1).1);
    let (before, since): (Vec<_>, Vec<_>) = entries.iter().enumerate().partition(is_over);
    let untold = before.into_iter().map(|(_, entry)| entry).filter(|entry| entry.what == What::Failed);
    let mut short = merged(untold);
    // A success is of use only where failures stand before it.
    let owing: Vec<usize> = short.iter().map(|entry| entry.tries.slot).collect();
    let is_of_use = |entry: &&Entry| entry.what != What::Opened || owing.contains(&entry.tries.slot);
    short.extend(merged(since.into_iter().map(|(_, entry)| entry).filter(is_of_use)));
    short
}

/// Lines of the same slot that say the same as one, each where the last of them stood.
fn merged<'a>(entries: impl Iterator<Item = &'a Entry>) -> Vec<Entry> {
    let mut short: Vec<Entry> = Vec::new();
    for entry in entries {
        let same = |other: &Entry| other.what == entry.what && other.tries.slot == entry.tries.slot;
        let tries = match short.iter().position(same) {
            Some(place) => joined(short.remove(place).tries, entry.tries),
            None => entry.tries,
        };
        short.push(Entry { tries, ..*entry });
    }
    short
}

fn disk(source: io::Error) -> VaultError {
    VaultError::Disk { doing: "note who tried to unlock", source }
}

/// One program at a time. A file system that knows no locks has one program at a time by itself, or nearly.
fn hold(folder: &Path) -> Option<File> {
    let folder = File::open(folder).ok()?;
    retry_on_intr(|| flock(&folder, FlockOperation::LockExclusive)).ok()?;
    Some(folder)
}

fn no_link() -> i32 {
    OFlags::NOFOLLOW.bits().cast_signed()
}

/// The lines that can be read; none when there is no file.
fn read(folder: &Path) -> Vec<Entry> {
    String::from_utf8_lossy(&contents(folder)).lines().filter_map(Entry::parse).collect()
}

fn contents(folder: &Path) -> Vec<u8> {
    let open = OpenOptions::new().read(true).custom_flags(no_link()).open(folder.join(NAME));
    let mut bytes = Vec::new();
    if let Ok(file) = open {
        // Half a file is better than none.
        file.take(4 * LARGEST as u64).read_to_end(&mut bytes).ok();
    }
    bytes
}

fn append(folder: &Path, entry: Entry) -> Result<(), VaultError> {
    let place = folder.join(NAME);
    let before = contents(folder);
    if before.len() > LARGEST {
        let mut entries = read(folder);
        entries.push(entry);
        return rewrite(folder, &shortened(&entries));
    }
    let mut how = OpenOptions::new();
    let mut file =
        how.append(true).create(true).mode(0o600).custom_flags(no_link()).open(place).map_err(disk)?;
    // A line that a power cut tore ends here.
    let is_torn = before.last().is_some_and(|last| *last != b'\n');
    let line = format!("{}{}", if is_torn { "\n" } else { "" }, entry.line());
    file.write_all(line.as_bytes()).and_then(|()| file.sync_all()).map_err(disk)?;
    if before.is_empty() { shelf::sync_folder(folder) } else { Ok(()) }
}

/// The old file or the new one stands there, whenever power fails; none when nothing is left to say.
fn rewrite(folder: &Path, entries: &[Entry]) -> Result<(), VaultError> {
    let (place, new) = (folder.join(NAME), folder.join(NEW));
    if entries.is_empty() {
        return match fs::remove_file(place) {
            Err(err) if err.kind() != io::ErrorKind::NotFound => Err(disk(err)),
            Ok(()) | Err(_) => shelf::sync_folder(folder),
        };
    }
    let text: String = entries.iter().map(Entry::line).collect();
    // One that an interruption left behind is nobody's.
    fs::remove_file(&new).ok();
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new);
    let written = made.and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(new, place)).map_err(disk)?;
    shelf::sync_folder(folder)
}

#[cfg(test)]
mod tests;
