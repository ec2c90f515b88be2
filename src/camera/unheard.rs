//! Files the camera made and libgphoto2 never told us of.
//!
//! While it fires libgphoto2 throws away whatever else the camera tells, half a second and more with autofocus:
//! a shot taken on the body just before, or still being written, is on the card and nobody hears of it
//! (facts/camera.md section 0). But cameras count their files (the DCF standard), so the next file that does come
//! shows that one is missing. The card must then be listed in a new session, because libgphoto2 remembers its
//! first listing in the old one; that is done when nothing has happened for a while.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use super::{CardFile, ListedFile};

/// A session is begun anew only when nothing has happened for this long.
const QUIET_FOR: Duration = Duration::from_secs(5);

/// The last number before a camera begins anew, in another folder.
const LAST_NUMBER: u32 = 9999;

/// More missing files than this are not a loss but another numbering.
const PLAUSIBLE: u32 = 50;

/// A file's place in the camera's count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    folder: String,
    number: u32,
}

impl Place {
    /// `None` when the name ends in no number.
    fn of(file: &CardFile) -> Option<Self> {
        let stem = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
        let digits = stem.len() - stem.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let number = stem.get(stem.len() - digits..)?.parse().ok()?;
        Some(Self { folder: file.folder.clone(), number })
    }

    fn numbered(&self, number: u32) -> Self {
        Self { folder: self.folder.clone(), number }
    }
}

/// What may have been lost on the way.
#[derive(Debug, Default)]
pub(super) struct Unheard {
    /// The file the camera made last, as far as we know.
    newest: Option<Place>,
    /// Files that must be there and have not come.
    missing: BTreeSet<Place>,
    /// The driver says itself that it lost something.
    told: bool,
    /// The shutter was fired from here since the last file came.
    fired: bool,
    /// When something happened last.
    touched: Option<Instant>,
}

impl Unheard {
    /// The card was listed in a new session: nothing on it is unheard of.
    pub(super) fn listed(&mut self, files: &[ListedFile]) {
        let newest = files.iter().max_by_key(|listed| (listed.written, &listed.file));
        *self = Self { newest: newest.and_then(|listed| Place::of(&listed.file)), ..Self::default() };
    }

    /// The shutter was fired; `lossy` when the camera was still telling things.
    pub(super) fn fired(&mut self, lossy: bool) {
        self.fired = true;
        self.told |= lossy;
        self.touched = Some(Instant::now());
    }

    /// A file was announced.
    pub(super) fn came(&mut self, file: &CardFile) {
        self.touched = Some(Instant::now());
        let fired = std::mem::take(&mut self.fired);
        let Some(place) = Place::of(file) else { return };
        self.missing.remove(&place);
        match self.newest.take() {
            // Written late: its number was missed already, or is no news.
            Some(newest) if newest.folder == place.folder && newest.number >= place.number => {
                self.newest = Some(newest);
                return;
            }
            Some(newest) if newest.folder == place.folder => {
                let first = (newest.number + 1).max(place.number.saturating_sub(PLAUSIBLE));
                self.missing.extend((first..place.number).map(|number| place.numbered(number)));
            }
            // The count goes on in another folder, from 9999 or wherever the camera makes a new one.
            Some(newest) if [newest.number + 1, 1].contains(&place.number) && newest.number == LAST_NUMBER => {}
            Some(newest) if newest.number + 1 == place.number => {}
            Some(newest) => {
                self.missing.insert(newest.numbered(newest.number + 1));
            }
            // The first file of a card: only who fired may have lost the one before.
            None if fired => {
                self.missing.insert(place.numbered(place.number.saturating_sub(1)));
            }
            None => {}
        }
        self.newest = Some(place);
    }

    /// Whether it is time to begin a new session for what is missing.
    pub(super) fn is_due(&self) -> bool {
        let is_missed = self.told || !self.missing.is_empty();
        is_missed && self.touched.is_none_or(|touched| touched.elapsed() >= QUIET_FOR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(folder: u32, number: u32) -> CardFile {
        CardFile { folder: format!("/DCIM/{folder}CANON"), name: format!("IMG_{number:04}.JPG"), size: 9 }
    }

    /// Whether something is missed after these files have come, on a card with one file.
    fn misses(files: &[(u32, u32)]) -> bool {
        let mut unheard = Unheard::default();
        unheard.listed(&[ListedFile { file: file(100, 7), written: None }]);
        files.iter().for_each(|(folder, number)| unheard.came(&file(*folder, *number)));
        unheard.touched = None;
        unheard.is_due()
    }

    #[test]
    fn the_next_file_shows_that_one_is_missing() {
        assert!(!misses(&[(100, 8), (100, 9)]));
        assert!(misses(&[(100, 9)]));
        assert!(!misses(&[(100, 9), (100, 8), (100, 10)]), "it was only late");
        assert!(misses(&[(100, 11), (100, 9)]), "one of the two is still missing");
        assert!(!misses(&[(100, 8), (100, 8)]), "told twice");
    }

    #[test]
    fn a_new_folder_begins_anew_or_goes_on() {
        assert!(!misses(&[(101, 8)]), "a folder for every day");
        assert!(misses(&[(101, 9)]));
        assert!(misses(&[(101, 1)]), "where is number 8?");
        assert!(!misses(&[(100, 8), (101, 9), (101, 10)]));
        let all: Vec<(u32, u32)> = (8..=9999).map(|number| (100, number)).chain([(101, 1), (101, 2)]).collect();
        assert!(!misses(&all), "9999 is followed by 1");
        assert!(misses(&all[1..]));
    }

    #[test]
    fn the_first_file_of_an_empty_card_is_doubted_if_we_fired() {
        for fired in [false, true] {
            let mut unheard = Unheard::default();
            unheard.listed(&[]);
            if fired {
                unheard.fired(false);
            }
            unheard.came(&file(100, 41));
            unheard.touched = None;
            assert_eq!(unheard.is_due(), fired);
        }
    }

    #[test]
    fn a_name_without_a_number_says_nothing() {
        let mut unheard = Unheard::default();
        unheard.came(&CardFile { folder: String::new(), name: "SCAN.JPG".to_owned(), size: 1 });
        unheard.touched = None;
        assert!(!unheard.is_due());
        unheard.fired(true);
        assert!(!unheard.is_due(), "something happened just now");
        unheard.touched = None;
        assert!(unheard.is_due(), "the driver itself says so");
        unheard.listed(&[]);
        assert!(!unheard.is_due());
    }
}
