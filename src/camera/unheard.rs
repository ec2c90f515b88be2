//! Files the camera made and libgphoto2 never told us of.
//!
//! While it fires libgphoto2 throws away whatever else the camera tells, half a second and more with autofocus:
//! a shot taken on the body just before, or still being written, is on the card and nobody hears of it
//! (facts/camera.md section 0). But cameras count their files (the DCF standard), so the next file that does come
//! shows that one is missing. Two more signs: the camera says that a shot is complete and no file was told of, and
//! nothing ever comes of our own trigger. The card must then be listed in a new session, because libgphoto2 remembers its
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

/// What was fired from here comes within this, or was lost (facts/camera.md section 4.1).
const FILE_WITHIN: Duration = Duration::from_secs(15);

/// More missing files than this are not a loss but another numbering.
const PLAUSIBLE: u32 = 50;

/// So many sessions begun for shots that were said to be complete, and nothing found: this body says so of other things.
const VAIN_AT_MOST: u32 = 3;

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
    /// A shot was complete and nothing was told of its file.
    missed: bool,
    /// Sessions that were begun while a shot was missed, and found nothing.
    in_vain: u32,
    /// When the shutter was fired from here, until a file comes.
    fired: Option<Instant>,
    /// When something happened last.
    touched: Option<Instant>,
}

impl Unheard {
    /// The card was listed in a new session: nothing on it is unheard of.
    pub(super) fn listed(&mut self, files: &[ListedFile]) {
        let newest = files.iter().max_by_key(|listed| (listed.written, &listed.file));
        let in_vain = self.in_vain.saturating_add(u32::from(self.missed));
        *self =
            Self { newest: newest.and_then(|listed| Place::of(&listed.file)), in_vain, ..Self::default() };
    }

    /// Something nobody had told of lay on the card.
    pub(super) fn was_right(&mut self) {
        self.in_vain = 0;
    }

    /// The shutter was fired; `lossy` when the camera was still telling things.
    pub(super) fn fired(&mut self, lossy: bool) {
        self.told |= lossy;
        self.touched = Some(Instant::now());
        self.fired = self.touched;
    }

    /// A shot was complete and nothing was told of its file, yet: some bodies say so the other way round.
    pub(super) fn missed(&mut self) {
        self.missed = true;
        self.touched = Some(Instant::now());
    }

    /// A file was announced.
    pub(super) fn came(&mut self, file: &CardFile) {
        self.touched = Some(Instant::now());
        self.missed = false;
        let fired = self.fired.take().is_some();
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
            Some(newest)
                if [newest.number + 1, 1].contains(&place.number) && newest.number == LAST_NUMBER => {}
            // So it does after a card's copy on the body's other card.
            Some(newest) if [newest.number, newest.number + 1].contains(&place.number) => {}
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
        let never_came = self.fired.is_some_and(|fired| fired.elapsed() >= FILE_WITHIN);
        let missed = self.missed && self.in_vain < VAIN_AT_MOST;
        let is_doubted = self.told || missed || never_came || !self.missing.is_empty();
        is_doubted && self.touched.is_none_or(|touched| touched.elapsed() >= QUIET_FOR)
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
        let all: Vec<(u32, u32)> =
            (8..=9999).map(|number| (100, number)).chain([(101, 1), (101, 2)]).collect();
        assert!(!misses(&all), "9999 is followed by 1");
        assert!(misses(&all[1..]));
    }

    #[test]
    fn copies_on_another_card_are_no_gap() {
        assert!(!misses(&[(100, 8), (200, 8), (100, 9), (200, 9)]));
        assert!(misses(&[(100, 8), (200, 8), (100, 10), (200, 10)]));
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
    fn a_shot_that_is_complete_has_a_file() {
        let mut unheard = Unheard::default();
        unheard.missed();
        assert!(!unheard.is_due(), "it may be told of late");
        unheard.touched = None;
        assert!(unheard.is_due());
        unheard.came(&file(100, 8));
        unheard.touched = None;
        assert!(!unheard.is_due(), "it was");
    }

    #[test]
    fn a_body_that_says_so_for_nothing_is_not_believed_for_ever() {
        let mut unheard = Unheard::default();
        let mut sessions = 0;
        for _ in 0..10 {
            unheard.missed();
            unheard.touched = None;
            if unheard.is_due() {
                sessions += 1;
                unheard.listed(&[]);
            }
        }
        assert_eq!(sessions, VAIN_AT_MOST);
        unheard.was_right();
        assert!(unheard.is_due(), "one of them was found");
    }

    #[test]
    fn what_was_fired_comes_or_is_looked_for() {
        let mut unheard = Unheard::default();
        unheard.fired(false);
        unheard.touched = None;
        assert!(!unheard.is_due(), "it is on its way");
        unheard.fired = unheard.fired.and_then(|fired| fired.checked_sub(FILE_WITHIN));
        assert!(unheard.is_due());
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
