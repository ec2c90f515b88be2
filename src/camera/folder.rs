//! A hot folder: EOS Utility, digiCamControl, a card reader or any other program writes, we take.
//!
//! A file is taken only when it has stopped growing and has its end; it is bound by the time the camera wrote
//! into it. The shutter cannot be fired from here: the photographer presses the button.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant, SystemTime},
};

use super::{Arrival, Camera, CameraError, CameraInfo, CameraNews, ClockOffset, Jpeg, timing};
use crate::{
    portrait::markers,
    shot::{Clock, Origin, Particulars, SittingId, Trigger},
};

/// How often the folder is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// A file that has not changed for this long may be whole.
const STILL_FOR: Duration = Duration::from_millis(300);

/// A file that has not changed for this long is taken even if its end is missing: nobody writes it any more,
/// and the darkroom will say in words that it is broken.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(15);

/// Tether programs put files into the folder itself or into a folder by date below it.
const DEEPEST: usize = 2;

/// What a file is known by: a name alone comes again when the camera starts numbering anew.
type Identity = (PathBuf, u64, SystemTime);

/// A hot folder as a camera.
#[derive(Debug)]
pub struct FolderCamera {
    folder: PathBuf,
    clock: Clock,
    offset: ClockOffset,
    connected: bool,
    /// Files that are old or were handed over; `None` before the folder was seen for the first time.
    taken: Option<HashSet<Identity>>,
    growing: HashMap<PathBuf, (Identity, Instant)>,
}

impl FolderCamera {
    /// Watches a folder. `offset` is how the camera's clock differs from the station's, from the settings:
    /// a folder cannot be asked for the time.
    #[must_use]
    pub fn new(folder: PathBuf, clock: Clock, offset: ClockOffset) -> Self {
        Self { folder, clock, offset, connected: false, taken: None, growing: HashMap::new() }
    }

    /// JPEG files in the folder and the folders below it, by name.
    fn files(&self) -> Result<Vec<Identity>, CameraError> {
        let mut found = Vec::new();
        list(&self.folder, DEEPEST, &mut found).map_err(|_gone| CameraError::Folder(self.folder.clone()))?;
        found.sort();
        Ok(found)
    }

    /// Everything that lies there when we come for the first time is old; what is new at a return was shot
    /// meanwhile.
    fn connect(&mut self) -> CameraNews {
        match self.files() {
            Ok(files) => {
                self.taken.get_or_insert_with(|| files.into_iter().collect());
                self.connected = true;
                let port = self.folder.display().to_string();
                let (model, clock) = ("hot folder".to_owned(), Some(self.offset));
                CameraNews::Connected(CameraInfo { model, port, clock, ..CameraInfo::default() })
            }
            Err(err) => CameraNews::Lost(err),
        }
    }

    /// The first file that is new and whole.
    fn take_one(&mut self) -> Result<Option<Arrival>, CameraError> {
        for identity in self.files()? {
            if self.is_taken(&identity) || !self.is_still(&identity) {
                continue;
            }
            let Ok(jpeg) = fs::read(&identity.0) else { continue };
            if markers(&jpeg).is_err() && !self.is_given_up(&identity) {
                continue;
            }
            self.growing.remove(&identity.0);
            let arrival = self.arrival(&identity.0, jpeg);
            self.taken.get_or_insert_default().insert(identity);
            return Ok(Some(arrival));
        }
        Ok(None)
    }

    fn is_taken(&self, identity: &Identity) -> bool {
        self.taken.as_ref().is_some_and(|taken| taken.contains(identity))
    }

    /// Whether a file has stopped growing.
    fn is_still(&mut self, identity: &Identity) -> bool {
        let entry = self.growing.entry(identity.0.clone());
        let (last, since) = entry.or_insert_with(|| (identity.clone(), Instant::now()));
        if last != identity {
            (*last, *since) = (identity.clone(), Instant::now());
        }
        since.elapsed() >= STILL_FOR
    }

    fn is_given_up(&self, identity: &Identity) -> bool {
        self.growing.get(&identity.0).is_some_and(|(_, since)| since.elapsed() >= GIVEN_UP_AFTER)
    }

    fn arrival(&self, path: &Path, jpeg: Vec<u8>) -> Arrival {
        let particulars = Particulars::read(&jpeg);
        let text = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
        let origin = Origin {
            camera: particulars.serial.or(particulars.model).unwrap_or_default(),
            folder: text(path.parent().map(Path::as_os_str)),
            name: text(path.file_name()),
        };
        let exposed = timing::exposure(Some(self.offset), particulars.taken, self.clock.now());
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
            match self.take_one() {
                Ok(Some(arrival)) => return CameraNews::Arrived(arrival),
                Ok(None) if Instant::now() >= until => return CameraNews::Quiet,
                Ok(None) => thread::sleep(LOOK_EVERY.min(until.saturating_duration_since(Instant::now()))),
                Err(err) => {
                    self.connected = false;
                    return CameraNews::Lost(err);
                }
            }
        }
    }
}

/// JPEG files at most `depth` folders down; hidden and temporary names are somebody's unfinished work.
fn list(folder: &Path, depth: usize, found: &mut Vec<Identity>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // A file may vanish between being listed and being looked at: it is being renamed.
        let Ok(data) = entry.metadata() else { continue };
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().to_ascii_lowercase();
        if name.starts_with('.') {
            continue;
        }
        if data.is_dir() && depth > 0 {
            list(&path, depth - 1, found)?;
        } else if data.is_file() && (name.ends_with(".jpg") || name.ends_with(".jpeg")) {
            found.push((path, data.len(), data.modified().unwrap_or(SystemTime::UNIX_EPOCH)));
        }
    }
    Ok(())
}
