//! A hot folder: EOS Utility, digiCamControl, a card reader or any other program writes, we take.
//!
//! A file is taken only when it has stopped growing and has its end; it is bound by the time the camera wrote
//! into it, which is never later than the moment the file was first seen. The shutter cannot be fired from
//! here: the photographer presses the button.

mod lying;

use std::{
    collections::{HashMap, VecDeque},
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant, SystemTime},
};

use lying::Lying;

use super::{
    Arrival, Camera, CameraError, CameraInfo, CameraNews, ClockOffset, Jpeg, Known, drift::Drift,
    timing::CameraClock,
};
use crate::{
    portrait::markers,
    shot::{Clock, Moment, Origin, Particulars, SittingId, Trigger},
};

/// How often new names are looked for, at most.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// How often files that were taken are looked at too: one may have been written over by another shot.
const LOOK_AT_ALL_EVERY: Duration = Duration::from_secs(1);

/// So few files are looked at every time.
const FEW: usize = 100;

/// A slow folder (a share, ten thousand files) is looked at this much less than all the time.
const REST_PER_LOOK: u32 = 4;

/// A file that has not changed for this long may be whole.
const STILL_FOR: Duration = Duration::from_millis(300);

/// A file that has not changed for this long is taken even if its end is missing: nobody writes it any more,
/// and the darkroom will say in words that it is broken.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(15);

/// Tether programs put files into the folder itself or into a folder by date below it.
const DEEPEST: usize = 2;

/// What tells a file from another one of the same name, which comes again when the camera starts numbering
/// anew: its length, and when it was written.
type Stamp = (u64, SystemTime);

/// A file that is not taken yet.
#[derive(Debug, Clone, Copy)]
struct Growing {
    stamp: Stamp,
    /// Since when it has not changed.
    since: Instant,
    /// When it was first seen: it was exposed before.
    seen: Moment,
}

/// A hot folder as a camera.
#[derive(Debug)]
pub struct FolderCamera {
    folder: PathBuf,
    clock: Clock,
    camera_clock: CameraClock,
    connected: bool,
    /// Files that are old or were handed over; `None` before the folder was seen for the first time.
    taken: Option<HashMap<PathBuf, Stamp>>,
    growing: HashMap<PathBuf, Growing>,
    /// Files that stood still at the last look, still to be taken.
    ready: VecDeque<PathBuf>,
    /// When the next look is due, and the next one at everything: remembered from call to call, because the
    /// crew's patience is shorter than the pause.
    look_at: Instant,
    look_at_all_at: Instant,
    notices: VecDeque<CameraError>,
    /// What the store has; `None` without one.
    known: Option<Known>,
    /// What lay there when we came, and is still to be compared with it.
    lying: Lying,
    /// None of that is handed over.
    held_back: bool,
    /// How each camera was set, by its serial number: nobody can be asked, but every file tells.
    drifts: HashMap<String, Drift>,
}

impl FolderCamera {
    /// Watches a folder. `offset` is how the camera's clock differs from the station's, from the settings:
    /// a folder cannot be asked for the time.
    #[must_use]
    pub fn new(folder: PathBuf, clock: Clock, offset: ClockOffset) -> Self {
        Self {
            folder,
            clock,
            camera_clock: CameraClock::new(Some(offset)),
            connected: false,
            taken: None,
            growing: HashMap::new(),
            ready: VecDeque::new(),
            look_at: Instant::now(),
            look_at_all_at: Instant::now(),
            notices: VecDeque::new(),
            known: None,
            lying: Lying::default(),
            held_back: false,
            drifts: HashMap::new(),
        }
    }

    /// JPEG files in the folder and the folders below it, by name.
    fn files(&self) -> Result<Vec<PathBuf>, CameraError> {
        let mut found = Vec::new();
        list(&self.folder, DEEPEST, &mut found).map_err(|_gone| CameraError::Folder(self.folder.clone()))?;
        found.sort_unstable();
        Ok(found)
    }

    /// What lies there when we come for the first time is compared with the store, or is old if there is none;
    /// what is new at a return was shot meanwhile.
    fn connect(&mut self) -> CameraNews {
        match self.files() {
            Ok(files) => {
                if self.taken.is_none() {
                    let stamped =
                        files.into_iter().filter_map(|path| stamp(&path).map(|stamp| (path, stamp)));
                    self.taken = Some(stamped.collect());
                    if self.known.is_some() {
                        self.lay_aside();
                    }
                }
                self.connected = true;
                // What is wrong with the clock stays wrong, and a new connection has taken its words away.
                self.notices.extend(self.camera_clock.disproved().cloned());
                let port = self.folder.display().to_string();
                let (model, clock) = ("hot folder".to_owned(), self.camera_clock.offset());
                CameraNews::Connected(CameraInfo { model, port, clock, ..CameraInfo::default() })
            }
            Err(err) => CameraNews::Lost(err),
        }
    }

    /// Looks, when it is time to, for files that are new and have stopped growing.
    fn look(&mut self) -> Result<(), CameraError> {
        let began = Instant::now();
        if began < self.look_at {
            return Ok(());
        }
        let files = self.files()?;
        let at_all = began >= self.look_at_all_at || files.len() <= FEW;
        let taken = self.taken.get_or_insert_default();
        for path in &files {
            let known = taken.get(path);
            if known.is_some() && !at_all {
                continue;
            }
            // A file may vanish between being listed and being looked at: it is being renamed.
            let Some(stamp) = stamp(path) else { continue };
            if known == Some(&stamp) {
                continue;
            }
            taken.remove(path);
            if is_still(&mut self.growing, path, stamp, self.clock) {
                self.ready.push_back(path.clone());
            }
        }
        // A name that went and comes again is seen anew.
        self.growing.retain(|path, _| files.binary_search(path).is_ok());
        let ended = Instant::now();
        self.look_at = ended + LOOK_EVERY.max((ended - began) * REST_PER_LOOK);
        if at_all {
            self.look_at_all_at = ended + LOOK_AT_ALL_EVERY;
        }
        Ok(())
    }

    /// The first of the files that stood still that is whole, too.
    fn take_one(&mut self) -> Option<Arrival> {
        while let Some(path) = self.ready.pop_front() {
            let Some(growing) = self.growing.get(&path).copied() else { continue };
            let Ok(jpeg) = fs::read(&path) else { continue };
            let is_given_up = growing.since.elapsed() >= GIVEN_UP_AFTER;
            if jpeg.len() as u64 != growing.stamp.0 || markers(&jpeg).is_err() && !is_given_up {
                continue;
            }
            self.growing.remove(&path);
            let arrival = self.arrival(&path, growing, jpeg);
            self.taken.get_or_insert_default().insert(path, growing.stamp);
            return Some(arrival);
        }
        None
    }

    fn arrival(&mut self, path: &Path, file: Growing, jpeg: Vec<u8>) -> Arrival {
        let particulars = Particulars::read(&jpeg);
        let origin = origin(path, file.stamp, Some(&particulars));
        let drift = self.drifts.entry(origin.camera.clone()).or_default();
        self.notices.extend(drift.see(&particulars.as_shot));
        let was_believed = self.camera_clock.offset().is_some();
        let exposed = self.camera_clock.exposure(particulars.taken, file.seen);
        if was_believed {
            self.notices.extend(self.camera_clock.disproved().cloned());
        }
        Arrival { trigger: Trigger::Body, exposed, origin, jpeg: Jpeg(jpeg.into()) }
    }
}

impl Camera for FolderCamera {
    fn fire(&mut self, _sitting: SittingId) -> Result<(), CameraError> {
        Err(CameraError::FiredByHand)
    }

    fn next(&mut self, patience: Duration) -> CameraNews {
        if !self.connected {
            let news = self.connect();
            if matches!(news, CameraNews::Lost(_)) {
                thread::sleep(patience);
            }
            return news;
        }
        let until = Instant::now() + patience;
        loop {
            if let Some(arrival) = self.take_one() {
                return CameraNews::Arrived(arrival);
            }
            if let Err(err) = self.look() {
                self.connected = false;
                return CameraNews::Lost(err);
            }
            if self.ready.is_empty()
                && !self.held_back
                && let Some(arrival) = self.take_lying()
            {
                return CameraNews::Arrived(arrival);
            }
            let now = Instant::now();
            let may_rest = self.ready.is_empty() && (self.held_back || self.lying.len() == 0);
            match (may_rest, now >= until) {
                (false, false) => {}
                (_, true) => return CameraNews::Quiet,
                (true, false) => thread::sleep(self.look_at.min(until).saturating_duration_since(now)),
            }
        }
    }

    fn notice(&mut self) -> Option<CameraError> {
        self.notices.pop_front()
    }

    fn compare_with(&mut self, known: Known) {
        self.known = Some(known);
    }

    fn hold_back(&mut self, so: bool) {
        self.held_back = so;
    }

    fn owed(&self) -> Option<usize> {
        self.connected.then(|| self.lying.len() + self.growing.len())
    }
}

/// Where a file comes from: by the camera's number in it, as far as it was read.
fn origin(path: &Path, (bytes, modified): Stamp, particulars: Option<&Particulars>) -> Origin {
    let text = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let camera = particulars.and_then(|read| read.serial.clone().or_else(|| read.model.clone()));
    let since_1970 = modified.duration_since(SystemTime::UNIX_EPOCH).ok();
    Origin {
        camera: camera.unwrap_or_default(),
        folder: text(path.parent().map(Path::as_os_str)),
        name: text(path.file_name()),
        bytes: Some(bytes),
        written: since_1970.map(|since| since.as_millis() as i64),
    }
}

/// Whether a file that is not taken has stopped growing.
fn is_still(growing: &mut HashMap<PathBuf, Growing>, path: &Path, stamp: Stamp, clock: Clock) -> bool {
    let fresh = |seen| Growing { stamp, since: Instant::now(), seen };
    let entry = growing.entry(path.to_owned()).or_insert_with(|| fresh(clock.now()));
    if entry.stamp != stamp {
        // An empty place kept for a file is not the file yet, and one that became shorter is another.
        let is_another = entry.stamp.0 == 0 || stamp.0 < entry.stamp.0;
        *entry = fresh(if is_another { clock.now() } else { entry.seen });
    }
    entry.since.elapsed() >= STILL_FOR
}

fn stamp(path: &Path) -> Option<Stamp> {
    let data = fs::symlink_metadata(path).ok()?;
    Some((data.len(), data.modified().unwrap_or(SystemTime::UNIX_EPOCH)))
}

/// JPEG files at most `depth` folders down; hidden and temporary names are somebody's unfinished work. Only
/// names are asked for here: asking for each of three thousand files ten times a second costs half a core.
fn list(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(kind) = entry.file_type() else { continue };
        let name = entry.file_name().to_string_lossy().to_ascii_lowercase();
        if name.starts_with('.') {
            continue;
        }
        if kind.is_dir() && depth > 0 {
            // What cannot be read below (lost+found, a recycle bin) is not where a tether program writes.
            list(&entry.path(), depth - 1, found).ok();
        } else if kind.is_file() && (name.ends_with(".jpg") || name.ends_with(".jpeg")) {
            found.push(entry.path());
        }
    }
    Ok(())
}
