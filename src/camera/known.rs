//! What a store has of cameras' files already: every card is compared with it, so that a shot is neither left on
//! a card nor kept twice.
//!
//! A file is known by its camera, folder, name, length and time of writing, as they were when it was fetched. A
//! camera that begins to number anew uses the same names again; without the time, two files of one name could be
//! taken for each other. What is not known by these is fetched, and then its bytes decide: by their hash.

use std::collections::{HashMap, HashSet};

use chrono::Offset as _;

use super::{CardFile, ListedFile};
use crate::shot::{CameraTime, Digest, Moment, Origin};

/// A card says when a file was written to two seconds, and a body writes it within so long of the shutter.
const SOONEST_WRITTEN_MS: i64 = -2_000;
const LATEST_WRITTEN_MS: i64 = 30_000;

/// What a store has, and since when it is at work.
#[derive(Debug, Clone)]
pub struct Known {
    since: Moment,
    /// By name and length.
    files: HashMap<(String, u64), Vec<Place>>,
    jpegs: HashSet<Digest>,
}

/// Where a file of some name and length lay.
#[derive(Debug, Clone)]
struct Place {
    camera: String,
    folder: String,
    written: i64,
}

impl Known {
    /// What a store has that is at work since then: where each file comes from, and the SHA-256 of its bytes.
    #[must_use]
    pub fn new(since: Moment, shots: impl IntoIterator<Item = (Origin, Digest)>) -> Self {
        let (mut files, mut jpegs): (HashMap<_, Vec<_>>, HashSet<_>) = Default::default();
        for (origin, jpeg) in shots {
            jpegs.insert(jpeg);
            if let Origin { camera, folder, name, bytes: Some(bytes), written: Some(written) } = origin {
                files.entry((name, bytes)).or_default().push(Place { camera, folder, written });
            }
        }
        Self { since, files, jpegs }
    }

    /// The same, with nothing left alone for its age.
    #[must_use]
    pub fn of_any_age(self) -> Self {
        Self { since: Moment::UNKNOWN, ..self }
    }

    /// What was exposed before belongs to another job.
    pub(super) fn since(&self) -> Moment {
        self.since
    }

    /// Whether these bytes are kept.
    pub(super) fn has_jpeg(&self, jpeg: &[u8]) -> bool {
        self.jpegs.contains(&Digest::of(jpeg))
    }

    /// Whether this file of this camera was fetched before. One that does not tell when it was written may be
    /// another.
    pub(super) fn has(&self, camera: &str, listed: &ListedFile) -> bool {
        let CardFile { folder, name, size } = &listed.file;
        listed.written.is_some_and(|written| {
            self.is_any(name, *size, |place| {
                place.camera == camera
                    && on_its_card(&place.folder) == on_its_card(folder)
                    && is_same_time(written, place.written)
            })
        })
    }

    /// Whether a file at this very place on this computer was taken before, by whichever camera.
    pub(super) fn has_at(&self, folder: &str, name: &str, bytes: u64, written: i64) -> bool {
        self.is_any(name, bytes, |place| place.folder == folder && place.written == written)
    }

    /// Whether a shot of this camera was fetched before from another place: its card was in the camera then and
    /// is in a reader now.
    pub(super) fn has_shot(&self, camera: &str, name: &str, bytes: u64, taken: CameraTime) -> bool {
        let fits = |ms: i64| (SOONEST_WRITTEN_MS..=LATEST_WRITTEN_MS).contains(&ms);
        self.is_any(name, bytes, |place| {
            let after = place.written.saturating_sub(taken.ms);
            let zone = zone_ms(place.written);
            place.camera == camera
                && [0, zone, -zone].into_iter().any(|zone| fits(after.saturating_add(zone)))
        })
    }

    fn is_any(&self, name: &str, bytes: u64, same: impl Fn(&Place) -> bool) -> bool {
        self.files.get(&(name.to_owned(), bytes)).is_some_and(|places| places.iter().any(same))
    }
}

/// A folder's path without the card it lies on: bodies with two write copies.
pub(super) fn on_its_card(folder: &str) -> &str {
    let below = folder.strip_prefix("/store_").and_then(|rest| rest.split_once('/'));
    below.map_or(folder, |(_, below)| below)
}

/// The card that a folder lies on, where the camera tells cards apart.
pub(super) fn card_of(folder: &str) -> &str {
    folder.strip_suffix(on_its_card(folder)).unwrap_or_default()
}

/// Whether two readings of a file's time mean the same: libgphoto2 takes this computer's zone for the camera's
/// in one place and none in another.
pub(super) fn is_same_time(one: i64, other: i64) -> bool {
    one == other || one.abs_diff(other) == zone_ms(one).unsigned_abs()
}

/// How far this computer's time was ahead of UTC then.
fn zone_ms(at: i64) -> i64 {
    let at = chrono::DateTime::from_timestamp_millis(at).unwrap_or_default();
    i64::from(at.with_timezone(&chrono::Local).offset().fix().local_minus_utc()) * 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAKEN: CameraTime = CameraTime { ms: 1_000_000_000, span_ms: 10 };

    fn known(written: Option<i64>) -> Known {
        let text = str::to_owned;
        let (camera, folder, name) = (text("42"), text("/DCIM/100CANON"), text("IMG_0001.JPG"));
        let origin = Origin { camera, folder, name, bytes: Some(9), written };
        Known::new(Moment(0), [(origin, Digest::of(b"a picture"))])
    }

    fn listed(folder: &str, size: u64, written: Option<i64>) -> ListedFile {
        let file = CardFile { folder: folder.to_owned(), name: "IMG_0001.JPG".to_owned(), size };
        ListedFile { file, written }
    }

    #[test]
    fn a_file_is_known_by_everything_that_is_told_of_it() {
        let (known, folder) = (known(Some(TAKEN.ms)), "/DCIM/100CANON");
        assert!(known.has("42", &listed(folder, 9, Some(TAKEN.ms))));
        assert!(!known.has("43", &listed(folder, 9, Some(TAKEN.ms))), "another body");
        assert!(!known.has("42", &listed("/DCIM/101CANON", 9, Some(TAKEN.ms))), "another folder");
        assert!(!known.has("42", &listed(folder, 8, Some(TAKEN.ms))), "another length");
        assert!(!known.has("42", &listed(folder, 9, Some(TAKEN.ms + 60_000))), "numbered anew");
        assert!(!known.has("42", &listed(folder, 9, None)), "nobody knows");
        assert!(known.has_jpeg(b"a picture") && !known.has_jpeg(b"another"));
    }

    #[test]
    fn a_copy_on_the_bodys_other_card_is_known() {
        let text = str::to_owned;
        let (camera, folder) = (text("42"), text("/store_00010001/DCIM/100CANON"));
        let origin =
            Origin { camera, folder, name: text("IMG_0001.JPG"), bytes: Some(9), written: Some(TAKEN.ms) };
        let known = Known::new(Moment(0), [(origin, Digest::of(b"a picture"))]);
        assert!(known.has("42", &listed("/store_00020001/DCIM/100CANON", 9, Some(TAKEN.ms))));
        assert!(!known.has("42", &listed("/store_00020001/DCIM/101CANON", 9, Some(TAKEN.ms))));
        assert_eq!(card_of("/store_00020001/DCIM/101CANON"), "/store_00020001/");
        assert_eq!([card_of("/DCIM/101CANON"), card_of("/store_00020001")], ["", ""]);
    }

    #[test]
    fn what_was_fetched_without_a_time_is_known_by_its_bytes_alone() {
        let known = known(None);
        assert!(!known.has("42", &listed("/DCIM/100CANON", 9, None)));
        assert!(known.has_jpeg(b"a picture"));
    }

    #[test]
    fn a_card_in_a_reader_is_known_by_what_its_files_say() {
        for delay in [-2_000, 0, 900, 30_000] {
            assert!(known(Some(TAKEN.ms + delay)).has_shot("42", "IMG_0001.JPG", 9, TAKEN), "{delay}");
        }
        assert!(!known(Some(TAKEN.ms + 31_000)).has_shot("42", "IMG_0001.JPG", 9, TAKEN), "numbered anew");
        assert!(!known(Some(TAKEN.ms)).has_shot("43", "IMG_0001.JPG", 9, TAKEN), "another body");
        assert!(known(Some(7)).has_at("/DCIM/100CANON", "IMG_0001.JPG", 9, 7));
        assert!(!known(Some(7)).has_at("/DCIM/100CANON", "IMG_0001.JPG", 9, 8), "written over");
    }
}
