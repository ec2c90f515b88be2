//! What is known of the cards in the cameras: which files are old, which were handed over, which are still to
//! be fetched, and which never come whole.
//!
//! A station with a store compares every card with it ([`Known`]): what it has is known; what it has not and was
//! exposed since it is at work is fetched; what is certainly older is another job's, and left alone. Without a
//! store, everything that lies there when a body comes for the first time is old. When it comes again,
//! everything unknown is fetched, because a shot that is fetched in vain only becomes a stray; except what is
//! certainly older than our last look at its card: that lies on another card. Kept per body, by its serial
//! number: a spare body has a card of its own.

mod failures;
mod names;

use std::collections::{HashMap, VecDeque};

use failures::Failures;
use names::{Names, is_same};

use super::{
    CameraError, CameraInfo, CardFile, ClockOffset, Known, ListedFile,
    known::{card_of, on_its_card},
};
use crate::shot::{CameraTime, Exposure, Moment};

/// From the shutter to the card at most: what was exposed earlier was on the card when it was listed.
const WRITTEN_WITHIN_MS: i64 = 30_000;

/// File systems on cards tell the time to two seconds.
const FILE_TIME_SPAN_MS: i64 = 2_000;

/// A clock that was not set in between differs by less from itself.
const DRIFT_MS: i64 = 5_000;

/// The cards of all cameras that were here.
#[derive(Debug, Default)]
pub(super) struct Cards {
    /// What the store has; `None` without one.
    known: Option<Known>,
    bodies: HashMap<String, Memory>,
    /// Model and name of the body that is or was here last.
    current: (String, String),
    /// Files still to be fetched.
    found: VecDeque<Found>,
}

/// A file that was found on a card and is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// The file.
    pub(super) listed: ListedFile,
    /// When it was seen there.
    pub(super) seen: Moment,
    /// How the camera's clock differed from ours, whenever it was exposed; `None` when nobody knows, because
    /// the clock may have been set since and was not read before.
    pub(super) clock: Option<ClockOffset>,
}

/// What is known of one body's cards.
#[derive(Debug, Default)]
struct Memory {
    /// Files that are nobody's here, and those given up.
    old: Names,
    /// Files handed over, when they were written and what time they told: a formatted card begins with the same
    /// names again.
    handed: HashMap<CardFile, Vec<Times>>,
    /// Files found and not handed over yet, with what is known of the clock: they stay new, however often the
    /// connection breaks meanwhile.
    pending: HashMap<ListedFile, Option<ClockOffset>>,
    failures: Failures,
    /// When its card was listed last, and how its clock stood then.
    listed: Option<(Moment, Option<ClockOffset>)>,
}

/// When a file was written, as its card says, and taken, as it says itself.
type Times = (Option<i64>, Option<CameraTime>);

/// What a listed file is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It was handed over, now or on a former day.
    Ours,
    /// It was judged before, and is left where it is.
    Old,
    /// It is another job's.
    Older,
    /// It is to be fetched.
    New,
}

impl Memory {
    fn has_handed(&self, listed: &ListedFile) -> bool {
        let handed = self.handed.get(&listed.file);
        handed.is_some_and(|known| known.iter().any(|(written, _)| is_same(*written, listed.written)))
    }

    /// A body with two cards tells of both copies of a shot.
    fn has_handed_a_copy(&self, file: &CardFile, taken: Option<CameraTime>) -> bool {
        let is_copy = |(other, times): (&CardFile, &Vec<Times>)| {
            (&other.name, other.size) == (&file.name, file.size)
                && other.folder != file.folder
                && on_its_card(&other.folder) == on_its_card(&file.folder)
                && times.iter().any(|(_, then)| *then == taken)
        };
        taken.is_some() && self.handed.iter().any(is_copy)
    }
}

impl Cards {
    /// Compares every card with a store from now on.
    pub(super) fn compare_with(&mut self, known: Known) {
        self.known = Some(known);
    }

    /// Takes note of a listing that began and ended then; returns how many files on it are another job's, as far
    /// as they were not counted before.
    pub(super) fn note(
        &mut self,
        info: &CameraInfo,
        mut files: Vec<ListedFile>,
        (began, ended): (Moment, Moment),
    ) -> usize {
        self.current = (info.model.clone(), self.name_of(info));
        files.sort_unstable();
        let memory = self.bodies.entry(self.current.1.clone()).or_default();
        let look =
            Look { known: self.known.as_ref(), info, before: memory.listed.replace((began, info.clock)) };
        let (mut new, mut left_alone, mut ours) = (Vec::new(), 0, None);
        for listed in files {
            // What lies on the body's other card was not numbered after it.
            let after_ours = ours.as_deref() == Some(card_of(&listed.file.folder));
            match look.judge(&listed, memory, after_ours) {
                Verdict::Ours => ours = Some(card_of(&listed.file.folder).to_owned()),
                Verdict::Old => {}
                Verdict::Older => {
                    left_alone += usize::from(look.known.is_some());
                    memory.old.insert(listed);
                }
                Verdict::New => {
                    let before = memory.pending.get(&listed).copied();
                    let before = before.unwrap_or(look.before.and_then(|(_, clock)| clock));
                    let clock = before.zip(info.clock).map(|(then, now)| then.either(now));
                    memory.pending.insert(listed.clone(), clock);
                    new.push(Found { listed, seen: ended, clock });
                }
            }
        }
        // What failed before comes last: it must not hold up what does not.
        new.sort_by_key(|found| memory.failures.of(&found.listed.file));
        self.found = new.into();
        left_alone
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

    /// The next file to be fetched.
    pub(super) fn next_found(&mut self) -> Option<Found> {
        let memory = self.bodies.entry(self.current.1.clone()).or_default();
        // What was announced meanwhile has come already.
        std::iter::from_fn(|| self.found.pop_front()).find(|found| !memory.has_handed(&found.listed))
    }

    /// What is known of the camera's clock for a file that lay on the card when it was listed; the inner `None` is
    /// nothing. The clock as it stands now does not count for it, even if the camera tells of it now.
    pub(super) fn clock_when_found(&self, listed: &ListedFile) -> Option<Option<ClockOffset>> {
        self.bodies.get(&self.current.1)?.pending.get(listed).copied()
    }

    /// How many files were found and are still to be fetched.
    pub(super) fn backlog(&self) -> usize {
        self.found.len()
    }

    /// A file did not come whole. True when it is given up: it stays on the card.
    pub(super) fn failed(&mut self, listed: &ListedFile, why: &CameraError) -> bool {
        let memory = self.bodies.entry(self.current.1.clone()).or_default();
        memory.failures.another(&listed.file, why) && memory.old.insert(listed.clone())
    }

    /// How many files were given up, on the cards of all bodies.
    pub(super) fn given_up(&self) -> usize {
        self.bodies.values().map(|memory| memory.failures.given_up()).sum()
    }

    /// Whether a file that was found on the card is kept already, under whatever name; its bytes decide.
    pub(super) fn is_kept(&self, jpeg: &[u8]) -> bool {
        self.known.as_ref().is_some_and(|known| known.has_jpeg(jpeg))
    }

    /// Whether a file that has come was not handed over before; takes note that it is now.
    ///
    /// One that was announced while the card was listed for the first time is new although the list has it;
    /// one that some cameras announce at every connection is not.
    pub(super) fn is_new(
        &mut self,
        listed: &ListedFile,
        taken: Option<CameraTime>,
        exposed: Exposure,
    ) -> bool {
        let memory = self.bodies.entry(self.current.1.clone()).or_default();
        let began = memory.listed.map(|(began, _)| began.plus_ms(-WRITTEN_WITHIN_MS));
        if memory.old.contains(listed) && began.is_some_and(|began| exposed.latest < began) {
            return false;
        }
        memory.pending.remove(listed);
        let is_copy = memory.has_handed_a_copy(&listed.file, taken);
        let handed = memory.handed.entry(listed.file.clone()).or_default();
        let was_handed = handed
            .iter()
            .any(|(written, then)| *then == taken && (taken.is_some() || is_same(*written, listed.written)));
        // Its time may be told otherwise than when it was announced.
        if !handed.contains(&(listed.written, taken)) {
            handed.push((listed.written, taken));
        }
        !was_handed && !is_copy
    }
}

/// What the files of one listing are judged by.
struct Look<'a> {
    known: Option<&'a Known>,
    info: &'a CameraInfo,
    /// When the card was listed before, and how the camera's clock stood then.
    before: Option<(Moment, Option<ClockOffset>)>,
}

impl Look<'_> {
    /// `after_ours`: the camera numbered it after a file of ours, so that it cannot be older than our work,
    /// whatever a clock says that was set meanwhile.
    fn judge(&self, listed: &ListedFile, memory: &Memory, after_ours: bool) -> Verdict {
        if memory.has_handed(listed) || self.known.is_some_and(|known| known.has(&self.info.serial, listed)) {
            return Verdict::Ours;
        }
        if memory.old.contains(listed) {
            return Verdict::Old;
        }
        if memory.pending.contains_key(listed) {
            return Verdict::New;
        }
        let older = match (self.known, self.before) {
            (Some(known), _) => {
                !after_ours && self.was_written_before(listed, known.since().plus_ms(-DRIFT_MS))
            }
            (None, None) => true,
            (None, Some((began, then))) => {
                let same_clock =
                    then.zip(self.info.clock).is_some_and(|(then, now)| is_same_clock(then, now));
                same_clock && self.was_written_before(listed, began.plus_ms(-WRITTEN_WITHIN_MS))
            }
        };
        if older { Verdict::Older } else { Verdict::New }
    }

    /// Certainly, by the camera's clock as it stands now.
    fn was_written_before(&self, listed: &ListedFile, moment: Moment) -> bool {
        let written = listed.written.zip(self.info.clock);
        written.is_some_and(|(written, clock)| {
            Moment(written.saturating_add(FILE_TIME_SPAN_MS).saturating_sub(clock.least)) < moment
        })
    }
}

/// Whether nobody set the clock in between.
fn is_same_clock(then: ClockOffset, now: ClockOffset) -> bool {
    now.least <= then.most.saturating_add(DRIFT_MS) && then.least <= now.most.saturating_add(DRIFT_MS)
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

    fn untimed(number: u32) -> ListedFile {
        ListedFile { file: file(number), written: None }
    }

    fn listing(files: &[(u32, Option<i64>)]) -> Vec<ListedFile> {
        files.iter().map(|(number, written)| ListedFile { file: file(*number), written: *written }).collect()
    }

    /// What is to be fetched after this listing.
    fn found(cards: &mut Cards, info: &CameraInfo, files: &[(u32, Option<i64>)], at: i64) -> Vec<CardFile> {
        cards.note(info, listing(files), (Moment(at), Moment(at + 10)));
        std::iter::from_fn(|| cards.next_found()).map(|found| found.listed.file).collect()
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
        let card = [(1, Some(at - 60_000)), (2, Some(at - 20_000)), (3, Some(at + 60_000)), (4, None)];
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
        let cut = CameraError::Truncated { name: String::new(), got: 1, expected: 9 };
        assert!(!cards.failed(&untimed(1), &cut));
        assert_eq!(found(&mut cards, &body("1"), &[(1, None), (2, None)], 20), [file(2), file(1)]);
        assert!(!cards.failed(&untimed(1), &cut));
        assert!(cards.failed(&untimed(1), &cut), "given up");
        assert_eq!(cards.given_up(), 1, "and still there");
        assert!(!cards.failed(&untimed(1), &cut), "told once");
        assert_eq!(found(&mut cards, &body("1"), &[(1, None), (2, None)], 30), [file(2)]);
        let pulled = CameraError::Broken { said: String::new() };
        let tries = (1..).find(|_| cards.failed(&untimed(2), &pulled));
        assert_eq!(tries, Some(12), "a cable is not its fault, but not for ever");
    }

    #[test]
    fn a_file_is_handed_over_once_and_an_announced_one_always() {
        let mut cards = Cards::default();
        let at = 1_000_000;
        assert_eq!(found(&mut cards, &body("1"), &[(1, None), (2, None)], at), []);
        let taken = |ms| Some(CameraTime { ms, span_ms: 10 });
        let old = Exposure::exactly(Moment(at - 60_000));
        assert!(!cards.is_new(&untimed(1), taken(at - 60_000), old), "an old one, announced again");
        let just_now = Exposure::exactly(Moment(at - 100));
        assert!(cards.is_new(&untimed(2), taken(at - 100), just_now), "listed, but just made");
        assert!(!cards.is_new(&untimed(2), taken(at - 100), just_now), "twice");
        let later = Exposure::exactly(Moment(at + 50_000));
        assert!(cards.is_new(&untimed(2), taken(at + 50_000), later), "the same name on a formatted card");
    }

    #[test]
    fn a_copy_on_the_other_card_is_handed_over_once_and_says_nothing_of_what_lies_there() {
        let on = |card: u32, number: u32, written: i64| {
            let folder = format!("/store_{card:04}0001/DCIM/100CANON");
            ListedFile { file: CardFile { folder, ..file(number) }, written: Some(written) }
        };
        let at = 1_000_000_000;
        let mut cards = Cards::default();
        cards.compare_with(Known::new(Moment(at), []));
        cards.note(&body("1"), vec![], (Moment(at), Moment(at)));
        let (old, taken) = (on(2, 9, at - 86_400_000), Some(CameraTime { ms: at, span_ms: 10 }));
        assert!(cards.is_new(&on(1, 8, at), taken, Exposure::exactly(Moment(at))));
        assert!(!cards.is_new(&on(2, 8, at), taken, Exposure::exactly(Moment(at))), "its copy");
        let left = cards.note(&body("1"), vec![on(1, 8, at), old], (Moment(at), Moment(at + 10)));
        assert_eq!((left, cards.backlog()), (1, 0), "another job's");
    }

    /// Some cameras tell at every connection of what lies there: it was exposed before somebody set their clock.
    #[test]
    fn the_clock_of_now_does_not_count_for_what_lay_there() {
        let mut cards = Cards::default();
        cards.compare_with(Known::new(Moment(0), []));
        let set_back = ClockOffset { least: -30_000, most: -29_000 };
        let after = CameraInfo { clock: Some(set_back), ..body("1") };
        cards.note(&body("1"), listing(&[(1, None)]), (Moment(0), Moment(10)));
        assert_eq!(cards.clock_when_found(&untimed(1)), Some(None), "nobody had read it before");
        cards.note(&after, listing(&[(1, None), (2, None)]), (Moment(1_000), Moment(1_010)));
        assert_eq!(cards.clock_when_found(&untimed(2)), Some(Some(CLOCK.either(set_back))));
        assert_eq!(cards.clock_when_found(&untimed(3)), None, "shot since");
    }
}
