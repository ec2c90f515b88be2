//! What is known of the cards in the cameras: which files are old, which were handed over, which are still to
//! be fetched, and which never come whole.
//!
//! Kept per body, by its serial number: a spare body has a card of its own, whose pictures are nobody's here.
//! Of a body that was here before, everything unknown is fetched, because a shot that is fetched in vain only
//! becomes a stray; except what is certainly older than our last look at its card. That lies on another card.

use std::collections::{HashMap, HashSet, VecDeque};

use super::{CameraInfo, CardFile, ClockOffset, wire::ListedFile};
use crate::shot::{CameraTime, Exposure, Moment};

/// A file that does not come whole is fetched this often, and then left on the card.
const TRIES: u32 = 3;

/// From the shutter to the card at most: what was exposed earlier was on the card when it was listed.
const WRITTEN_WITHIN_MS: i64 = 30_000;

/// File systems on cards tell the time to two seconds.
const FILE_TIME_SPAN_MS: i64 = 2_000;

/// A clock that was not set in between differs by less from itself.
const DRIFT_MS: i64 = 5_000;

/// The cards of all cameras that were here.
#[derive(Debug, Default)]
pub(super) struct Cards {
    bodies: HashMap<String, Memory>,
    /// Model and name of the body that is or was here last.
    current: (String, String),
    /// Files still to be fetched, and when they were seen.
    found: VecDeque<CardFile>,
    found_at: Moment,
}

/// What is known of one body's cards.
#[derive(Debug, Default)]
struct Memory {
    /// Files that lay there when the body came for the first time, and those given up.
    old: HashSet<CardFile>,
    /// Files handed over, and what time they told: a formatted card begins with the same names again.
    handed: HashMap<CardFile, Option<CameraTime>>,
    /// Files found and not handed over yet: they stay new, however often the connection breaks meanwhile.
    pending: HashSet<CardFile>,
    /// How often a file did not come whole.
    failures: HashMap<CardFile, u32>,
    /// When its card was listed last, and how its clock stood then.
    listed: Option<(Moment, Option<ClockOffset>)>,
}

impl Cards {
    /// Takes note of a listing that began and ended then. At a body's first one everything is old.
    pub(super) fn note(
        &mut self,
        info: &CameraInfo,
        files: Vec<ListedFile>,
        (began, ended): (Moment, Moment),
    ) {
        self.current = (info.model.clone(), self.name_of(info));
        let memory = self.bodies.entry(self.current.1.clone()).or_default();
        match memory.listed.replace((began, info.clock)) {
            None => {
                memory.old = files.into_iter().map(|listed| listed.file).collect();
                self.found.clear();
            }
            Some(before) => {
                let new = files.into_iter().filter(|listed| {
                    let known = memory.old.contains(&listed.file) || memory.handed.contains_key(&listed.file);
                    let is_pending = memory.pending.contains(&listed.file);
                    !known && (is_pending || !is_older(listed, before, info.clock))
                });
                let mut new: Vec<CardFile> = new.map(|listed| listed.file).collect();
                memory.pending.extend(new.iter().cloned());
                // What failed before comes last: it must not hold up what does not.
                new.sort_by_key(|file| memory.failures.get(file).copied().unwrap_or_default());
                self.found = new.into();
            }
        }
        self.found_at = ended;
    }

    /// By serial number. A camera that keeps it to itself, or did not hand it out this time, is taken for the
    /// one that was here: what is fetched in vain becomes a stray, what is not fetched is lost.
    fn name_of(&self, info: &CameraInfo) -> String {
        let (model, name) = &self.current;
        match info.serial.as_str() {
            "" if *model == info.model => name.clone(),
            "" => info.model.clone(),
            serial => serial.to_owned(),
        }
    }

    /// The next file to be fetched, and when it was seen on the card.
    pub(super) fn next_found(&mut self) -> Option<(CardFile, Moment)> {
        self.found.pop_front().map(|file| (file, self.found_at))
    }

    /// A file did not come whole. True when it is given up: it stays on the card.
    pub(super) fn failed(&mut self, file: &CardFile) -> bool {
        let memory = self.bodies.entry(self.current.1.clone()).or_default();
        let failures = memory.failures.entry(file.clone()).or_default();
        *failures += 1;
        *failures >= TRIES && memory.old.insert(file.clone())
    }

    /// Whether a file that has come was not handed over before; takes note that it is now.
    ///
    /// One that was announced while the card was listed for the first time is new although the list has it;
    /// one that some cameras announce at every connection is not.
    pub(super) fn is_new(&mut self, file: &CardFile, taken: Option<CameraTime>, exposed: Exposure) -> bool {
        let memory = self.bodies.entry(self.current.1.clone()).or_default();
        if memory.handed.get(file) == Some(&taken) {
            return false;
        }
        let began = memory.listed.map(|(began, _)| began.plus_ms(-WRITTEN_WITHIN_MS));
        if memory.old.contains(file) && began.is_some_and(|began| exposed.latest < began) {
            return false;
        }
        memory.pending.remove(file);
        memory.handed.insert(file.clone(), taken);
        true
    }
}

/// Whether a file is certainly older than the last listing: the time it was written is told by a clock that
/// nobody set in between.
fn is_older(
    listed: &ListedFile,
    (began, clock_then): (Moment, Option<ClockOffset>),
    clock: Option<ClockOffset>,
) -> bool {
    let (Some(written), Some(then), Some(now)) = (listed.written, clock_then, clock) else { return false };
    let is_same_clock =
        now.least <= then.most.saturating_add(DRIFT_MS) && then.least <= now.most.saturating_add(DRIFT_MS);
    let latest = written.saturating_add(FILE_TIME_SPAN_MS).saturating_sub(now.least);
    is_same_clock && Moment(latest) < began.plus_ms(-WRITTEN_WITHIN_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLOCK: ClockOffset = ClockOffset { least: 0, most: 1000 };

    fn body(serial: &str) -> CameraInfo {
        let (model, serial) = ("a model".to_owned(), serial.to_owned());
        CameraInfo { model, serial, clock: Some(CLOCK), ..CameraInfo::default() }
    }

    fn file(number: u32) -> CardFile {
        CardFile { folder: "/DCIM".to_owned(), name: format!("IMG_{number:04}.JPG"), size: 9 }
    }

    fn listing(files: &[(u32, Option<i64>)]) -> Vec<ListedFile> {
        files.iter().map(|(number, written)| ListedFile { file: file(*number), written: *written }).collect()
    }

    /// What is to be fetched after this listing.
    fn found(cards: &mut Cards, info: &CameraInfo, files: &[(u32, Option<i64>)], at: i64) -> Vec<CardFile> {
        cards.note(info, listing(files), (Moment(at), Moment(at + 10)));
        std::iter::from_fn(|| cards.next_found()).map(|(file, _)| file).collect()
    }

    #[test]
    fn each_body_has_its_own_past() {
        let mut cards = Cards::default();
        assert_eq!(found(&mut cards, &body("1"), &[(1, None)], 0), []);
        assert_eq!(found(&mut cards, &body("2"), &[(5, None), (6, None)], 100_000), [], "a spare body");
        assert_eq!(found(&mut cards, &body("1"), &[(1, None), (2, None)], 200_000), [file(2)]);
        assert_eq!(found(&mut cards, &body("2"), &[(5, None), (6, None), (7, None)], 300_000), [file(7)]);
        assert_eq!(
            found(&mut cards, &body(""), &[(6, None), (8, None)], 400_000),
            [file(8)],
            "no number today"
        );
    }

    #[test]
    fn another_card_in_the_same_body_holds_old_pictures() {
        let mut cards = Cards::default();
        let at = 1_000_000;
        assert_eq!(found(&mut cards, &body("1"), &[], at), []);
        let card = [(1, Some(at - 60_000)), (2, Some(at - 20_000)), (3, Some(at + 90_000)), (4, None)];
        assert_eq!(found(&mut cards, &body("1"), &card, at + 100_000), [file(2), file(3), file(4)]);
        // The connection broke before they came; by now they are older than the last listing, too.
        let card = [(1, Some(at - 60_000)), (2, Some(at - 20_000)), (3, Some(at + 60_000)), (7, Some(at))];
        assert_eq!(found(&mut cards, &body("1"), &card, at + 150_000), [file(2), file(3)]);
        // Somebody set the clock meanwhile: what it says of before means nothing.
        let set = CameraInfo { clock: Some(ClockOffset { least: 3_600_000, most: 3_601_000 }), ..body("1") };
        let card = [(5, Some(at - 60_000))];
        assert_eq!(found(&mut cards, &set, &card, at + 200_000), [file(5)]);
        let mute = CameraInfo { clock: None, ..body("1") };
        assert_eq!(found(&mut cards, &mute, &[(6, Some(0))], at + 300_000), [file(6)]);
    }

    #[test]
    fn what_never_comes_whole_comes_last_and_is_given_up_once() {
        let mut cards = Cards::default();
        assert_eq!(found(&mut cards, &body("1"), &[], 0), []);
        assert_eq!(found(&mut cards, &body("1"), &[(1, None), (2, None)], 10), [file(1), file(2)]);
        assert!(!cards.failed(&file(1)));
        assert_eq!(found(&mut cards, &body("1"), &[(1, None), (2, None)], 20), [file(2), file(1)]);
        assert!(!cards.failed(&file(1)));
        assert!(cards.failed(&file(1)), "given up");
        assert!(!cards.failed(&file(1)), "told once");
        assert_eq!(found(&mut cards, &body("1"), &[(1, None), (2, None)], 30), [file(2)]);
    }

    #[test]
    fn a_file_is_handed_over_once_and_an_announced_one_always() {
        let mut cards = Cards::default();
        let at = 1_000_000;
        assert_eq!(found(&mut cards, &body("1"), &[(1, None), (2, None)], at), []);
        let taken = |ms| Some(CameraTime { ms, span_ms: 10 });
        let old = Exposure::exactly(Moment(at - 60_000));
        assert!(!cards.is_new(&file(1), taken(at - 60_000), old), "an old one, announced again");
        let just_now = Exposure::exactly(Moment(at - 100));
        assert!(cards.is_new(&file(2), taken(at - 100), just_now), "listed, but just made");
        assert!(!cards.is_new(&file(2), taken(at - 100), just_now), "twice");
        let later = Exposure::exactly(Moment(at + 50_000));
        assert!(cards.is_new(&file(2), taken(at + 50_000), later), "the same name on a formatted card");
    }
}
