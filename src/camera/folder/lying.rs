//! What lies in a folder when we come: compared with the store, as a card in a camera is.
//!
//! What the store has is known, by where it lies or by what it says of itself; what was exposed before the store
//! began its work is another job's and left alone; the rest is handed over, one file at a time and after
//! everything that comes meanwhile. Nothing is written: a card may be locked.

use std::{
    collections::VecDeque,
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use super::{FolderCamera, Stamp, origin, stamp};
use crate::{
    camera::{Arrival, CameraError, ClockOffset, Jpeg},
    portrait::markers,
    shot::{Exposure, Moment, Origin, Particulars, Trigger},
};

/// What a camera writes beside the picture stands at the file's beginning: at most 64 KiB, behind little else.
const HEAD: u64 = 256 * 1024;

/// A clock that was not set since differs by less from itself.
const DRIFT_MS: i64 = 5_000;

/// What lay there.
#[derive(Debug, Default)]
pub(super) struct Lying {
    /// Still to be looked at, by name.
    files: VecDeque<(PathBuf, Stamp)>,
    /// When it was seen.
    seen: Moment,
    /// Files of another job.
    older: usize,
    /// The store has the file before: what the camera numbered after it is not older than the store.
    after_ours: bool,
}

impl Lying {
    /// How many files are still to be looked at.
    pub(super) fn len(&self) -> usize {
        self.files.len()
    }
}

impl FolderCamera {
    /// Lays aside what lies there, to be looked at by and by.
    pub(super) fn lay_aside(&mut self) {
        let mut files: Vec<(PathBuf, Stamp)> =
            self.taken.iter().flatten().map(|(p, s)| (p.clone(), *s)).collect();
        files.sort_unstable();
        self.lying = Lying { files: files.into(), seen: self.clock.now(), older: 0, after_ours: false };
    }

    /// The next file that lay there and is to be handed over. Opens one file at most, so that nothing that comes
    /// meanwhile has to wait.
    pub(super) fn take_lying(&mut self) -> Option<Arrival> {
        let mut arrival = None;
        while let Some((path, stamp)) = self.lying.files.pop_front() {
            if !self.lies_known(&path, stamp) {
                arrival = self.look_at(&path, stamp);
                break;
            }
            self.lying.after_ours = true;
        }
        if self.lying.files.is_empty() {
            let count = std::mem::take(&mut self.lying.older);
            self.notices.extend((count > 0).then_some(CameraError::OlderOnCard { count }));
        }
        arrival
    }

    /// By its place, without opening it.
    fn lies_known(&self, path: &Path, stamp: Stamp) -> bool {
        let Origin { folder, name, written, .. } = origin(path, stamp, None);
        let known = self.known.as_ref().zip(written);
        known.is_some_and(|(known, written)| known.has_at(&folder, &name, stamp.0, written))
    }

    fn look_at(&mut self, path: &Path, then: Stamp) -> Option<Arrival> {
        let known = self.known.as_ref()?;
        // It is being written, or has gone: whoever looks for new files sees to it.
        if stamp(path) != Some(then) {
            self.forget(path);
            return None;
        }
        let particulars = Particulars::read(&head(path).ok()?);
        let origin = origin(path, then, Some(&particulars));
        let is_shot_of_ours = particulars
            .taken
            .is_some_and(|taken| known.has_shot(&origin.camera, &origin.name, then.0, taken));
        if is_shot_of_ours {
            self.lying.after_ours = true;
            return None;
        }
        let clock = self.camera_clock.offset();
        if !self.lying.after_ours && is_older(&particulars, clock, known.since()) {
            self.lying.older += 1;
            return None;
        }
        let jpeg = fs::read(path).ok().filter(|jpeg| jpeg.len() as u64 == then.0 && markers(jpeg).is_ok());
        let Some(jpeg) = jpeg else {
            self.forget(path);
            return None;
        };
        if known.has_jpeg(&jpeg) {
            self.lying.after_ours = true;
            return None;
        }
        let exposed = Exposure::some_time_before(self.lying.seen);
        Some(Arrival { trigger: Trigger::Body, exposed, origin, jpeg: Jpeg(jpeg.into()) })
    }

    /// It is as if it had not been seen yet.
    fn forget(&mut self, path: &Path) {
        self.taken.get_or_insert_default().remove(path);
    }
}

/// The beginning of a file.
fn head(path: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    fs::File::open(path)?.take(HEAD).read_to_end(&mut head)?;
    Ok(head)
}

/// Whether a file was certainly exposed before the store began its work.
fn is_older(particulars: &Particulars, clock: Option<ClockOffset>, since: Moment) -> bool {
    let Some((taken, clock)) = particulars.taken.zip(clock) else { return false };
    let latest = taken.ms.saturating_add(taken.span_ms).saturating_sub(clock.least);
    Moment(latest) < since.plus_ms(-DRIFT_MS)
}
