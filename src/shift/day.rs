//! 收工 of a shift: who is sent for what, what came back, and what the day's screen shows of it.

use std::{
    collections::VecDeque,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Shift, book::Book};
use crate::{
    crew::{self, CameraOrder, ClerkOrder, Courier, CourierOrder, Outbox, Print, Told},
    errand::{Errand, Outcome, Progress},
    keys::{Deed, Store},
    ledger::{Day, Tally},
    machine::Stick,
    profile::{Profile, Role},
    screens::{
        CardLeft, CheckpointView, DayAsk, DayView, ErrandView, TroubleKind, Verified, Words, theme::Tone,
        trouble,
    },
    shot::{Clock, Digest, Moment},
};

/// So many deliveries are written down at once: whoever is kept meanwhile waits no longer than that.
const WRITTEN_AT_ONCE: usize = 200;

/// What is known at the day's end, and who is on his way.
#[derive(Debug)]
pub(super) struct DayBook {
    courier: Courier,
    /// Orders he had no room for, in their order.
    tray: VecDeque<CourierOrder>,
    errand: Under,
    /// So many lines of who stands for an export are still to be written.
    unlocks: usize,
    counted: Option<Day>,
    /// What the counts were, and which day it was, when he was sent to count last.
    counted_for: Option<(Tally, Moment)>,
    sticks: Arc<[Stick]>,
    /// Where was delivered last.
    pub(super) folder: Option<PathBuf>,
    /// Where the last second copy was made.
    copy: Option<PathBuf>,
    card: CardLeft,
    verified: Option<Verified>,
    pub(super) book: Option<Book>,
    /// The last checkpoint, while somebody looks at it.
    pub(super) checkpoint: Option<Arc<CheckpointView>>,
}

/// What he is at.
#[derive(Debug)]
enum Under {
    Nothing,
    /// Somebody stands for it, and that is being written down; then he is sent.
    Unlocking(PathBuf),
    Way {
        errand: Errand,
        progress: Option<Progress>,
        stopping: bool,
    },
    Ended {
        tone: Tone,
        words: Words,
        at: Moment,
    },
}

impl DayBook {
    /// Nothing is known yet, and the courier is there.
    pub(super) fn begin(store: &Store, profile: &Arc<Profile>, outbox: &Outbox) -> io::Result<Self> {
        Ok(Self {
            courier: crew::courier(store.clone(), Arc::clone(profile), outbox.clone())?,
            tray: VecDeque::new(),
            errand: Under::Nothing,
            unlocks: 0,
            counted: None,
            counted_for: None,
            sticks: Arc::new([]),
            folder: None,
            copy: None,
            card: CardLeft::NotAsked,
            verified: None,
            book: None,
            checkpoint: None,
        })
    }

    /// The errand that is under way, if one is.
    pub(super) fn under_way(&self) -> Option<Errand> {
        match self.errand {
            Under::Unlocking(_) => Some(Errand::Export),
            Under::Way { errand, .. } => Some(errand),
            Under::Nothing | Under::Ended { .. } => None,
        }
    }

    /// Takes what lies in the mailboxes and hands over what waits; says whether anything is new.
    pub(super) fn attend(&mut self) -> bool {
        while let Some(order) = self.tray.pop_front() {
            if let Err((order, _why)) = self.courier.order(order) {
                self.tray.push_front(order);
                break;
            }
        }
        let mut any = false;
        if let Some(sticks) = self.courier.sticks() {
            self.sticks = sticks.into();
            any = true;
        }
        if let (Some(now), Under::Way { progress, .. }) = (self.courier.progress(), &mut self.errand) {
            *progress = Some(now);
            any = true;
        }
        any
    }

    /// The picture that was asked for, if it is there.
    pub(super) fn print(&self) -> Option<Print> {
        self.courier.print()
    }

    pub(super) fn order(&mut self, order: CourierOrder) {
        self.tray.push_back(order);
        self.attend();
    }

    fn send(&mut self, errand: Errand, order: CourierOrder) {
        self.errand = Under::Way { errand, progress: None, stopping: false };
        self.courier.stop(false);
        self.order(order);
    }

    fn end(&mut self, tone: Tone, words: Words, at: Moment) {
        self.errand = Under::Ended { tone, words, at };
    }

    /// The camera's card was looked at once more.
    pub(super) fn card_checked(&mut self, left: Option<usize>) {
        self.card = CardLeft::Looked(left);
    }

    /// The camera came, went, or was used: what was found on its card is said no longer.
    pub(super) fn card_changed(&mut self) {
        if matches!(self.card, CardLeft::Looked(_)) {
            self.card = CardLeft::NotAsked;
        }
    }
}

impl Shift {
    /// Nobody reads on in what was opened for somebody else.
    pub(super) fn shut_books(&mut self) {
        (self.day.book, self.day.checkpoint) = (None, None);
    }

    /// What the operator asked for at the day's end.
    pub fn day_asks(&mut self, ask: DayAsk) {
        // Whoever sends for something does not want to leave, whatever he wanted before.
        if matches!(ask, DayAsk::Export { .. } | DayAsk::Verify | DayAsk::Backup { .. } | DayAsk::CheckCard) {
            self.go_on();
        }
        let reads = matches!(
            ask,
            DayAsk::OpenJournal(_) | DayAsk::MoreJournal | DayAsk::JournalOf(_) | DayAsk::SaveJournal
        );
        if reads && !self.may(Deed::ReadJournal) {
            return;
        }
        match ask {
            DayAsk::Count => self.count_day(),
            DayAsk::Export { to, role } => self.export_to(&to, role),
            DayAsk::Verify => self.send_to_verify(),
            DayAsk::Backup { to } => self.back_up_to(&to),
            DayAsk::Stop => self.stop_errand(),
            DayAsk::CheckCard => self.check_card(),
            DayAsk::OpenJournal(kind) => self.open_journal(kind),
            DayAsk::MoreJournal => self.read_on(),
            DayAsk::JournalOf(who) => self.journal_of(who),
            DayAsk::SaveJournal => self.save_journal(),
            DayAsk::CloseJournal => self.day.book = None,
            DayAsk::OpenCheckpoint => self.open_checkpoint(),
            DayAsk::CloseCheckpoint => self.day.checkpoint = None,
        }
    }

    fn count_day(&mut self) {
        let midnight = self.clock.midnight();
        self.day.counted_for = Some((self.shown.tally, midnight));
        self.day.order(CourierOrder::Count(midnight));
    }

    fn export_to(&mut self, to: &str, role: Option<Role>) {
        let (at, to) = (self.clock.now(), Path::new(to.trim()).to_owned());
        if self.day.under_way().is_some() {
            return;
        }
        if !to.is_absolute() {
            return self.day.end(Tone::Wrong, trouble::no_folder(), at);
        }
        let to = match self.may_export(to) {
            Ok(Some(to)) => to,
            Ok(None) => return,
            Err(why) => return self.day.end(Tone::Wrong, why, at),
        };
        match self.shown.profile.unlocked_by(role) {
            Err(_locked) => self.day.end(Tone::Wrong, trouble::locked(), at),
            Ok(None) => self.send_to(to),
            Ok(Some(role)) => self.unlock_for(to, role, String::new()),
        }
    }

    /// First the line, then the errand: nobody sees a name for which nobody stands.
    pub(super) fn unlock_for(&mut self, to: PathBuf, role: Role, by: String) {
        self.clerk.push(ClerkOrder::Unlock(self.clock.now(), role, by));
        self.day.unlocks += 1;
        self.day.errand = Under::Unlocking(to);
        self.hand_over();
    }

    fn send_to(&mut self, to: PathBuf) {
        self.day.folder = Some(to.clone());
        self.day.send(Errand::Export, CourierOrder::Export(to));
    }

    fn back_up_to(&mut self, to: &str) {
        let (at, to) = (self.clock.now(), Path::new(to.trim()).to_owned());
        if self.day.under_way().is_some() {
            return;
        }
        if !to.is_absolute() {
            return self.day.end(Tone::Wrong, trouble::no_folder(), at);
        }
        self.day.copy = Some(to.clone());
        self.day.send(Errand::Backup, CourierOrder::Backup(to, at));
    }

    fn send_to_verify(&mut self) {
        if self.day.under_way().is_none() {
            self.day.send(Errand::Verify, CourierOrder::Verify);
        }
    }

    fn stop_errand(&mut self) {
        match &mut self.day.errand {
            Under::Unlocking(_) => {
                let (tone, words) = trouble::outcome(&Outcome::Stopped);
                self.day.end(tone, words, self.clock.now());
            }
            Under::Way { stopping, .. } => {
                *stopping = true;
                self.day.courier.stop(true);
            }
            Under::Nothing | Under::Ended { .. } => {}
        }
    }

    /// The camera's card is compared with the store once more.
    fn check_card(&mut self) {
        if !self.has_camera() {
            self.day.card = CardLeft::Looked(None);
        } else if self.order_camera(CameraOrder::LookAgain) {
            self.day.card = CardLeft::Looking;
        }
    }

    /// It is written down who stands for it: now the courier may go, unless it was thought better of.
    pub(super) fn unlocked(&mut self) {
        self.day.unlocks = self.day.unlocks.saturating_sub(1);
        // Of several who stood for it, one after the other, the last one's line counts.
        if let Under::Unlocking(to) = &self.day.errand
            && self.day.unlocks == 0
        {
            self.send_to(to.clone());
        }
    }

    /// What was delivered is written down.
    pub(super) fn delivered(&mut self, objects: &[Digest]) {
        let at = self.clock.now();
        for some in objects.chunks(WRITTEN_AT_ONCE) {
            self.clerk.push(ClerkOrder::Delivered(at, some.to_vec()));
        }
        self.hand_over();
    }

    /// What the courier tells.
    pub(super) fn courier_tells(&mut self, told: Told) {
        let now = self.clock.now();
        match told {
            Told::Ended(_, outcome) => {
                if let Outcome::Verified(report) = &outcome {
                    let (at, sound) = (self.clock.time_of_day(now), report.faults.is_empty());
                    self.day.verified = Some(Verified { at, sound });
                }
                if let Outcome::BackedUp(done) = &outcome {
                    self.clerk.push(ClerkOrder::Record(now, done.fact()));
                    self.hand_over();
                }
                let (tone, words) = trouble::outcome(&outcome);
                self.day.end(tone, words, now);
            }
            Told::Busy(_) => self.day.end(Tone::Doubt, trouble::busy(), now),
            Told::Counted(Ok(day)) => {
                self.day.counted = Some(day);
                self.set_trouble(TroubleKind::Day, None);
            }
            Told::Counted(Err(err)) => self.set_trouble(TroubleKind::Day, Some(trouble::ledger(&err))),
            Told::Page(filter, before, page) => self.journal_read(&filter, before, page),
            Told::Table(saved) => self.journal_saved(saved),
            Told::Checkpoint(read) => self.checkpoint_read(read),
            Told::Chain(chain) => self.chain_followed(chain),
            Told::Unkept(told) => self.unkept_told(told),
            Told::History(student, Ok(past)) => self.past_told(&student, past),
            Told::History(_, Err(err)) => self.set_trouble(TroubleKind::Day, Some(trouble::clerk(&err))),
            Told::Tray(told) => self.tray_told(told),
            Told::Roster(told) => self.roster_told(told),
        }
    }

    /// What the day's screen shows.
    pub(super) fn day_view(&self) -> DayView {
        let day = &self.day;
        let midnight = self.clock.midnight();
        let asked = day.counted_for.is_some_and(|(tally, of)| {
            // To the millisecond midnight is not the same twice.
            tally == self.shown.tally && of.ms_since(midnight).abs() < 60_000
        });
        DayView {
            day: day.counted,
            waiting_since: day.counted.and_then(|day| day.waiting_since).map(|at| when(&self.clock, at)),
            is_stale: !asked,
            errand: self.errand_view(),
            sticks: Arc::clone(&day.sticks),
            folder: day.folder.as_ref().map(|folder| folder.display().to_string()),
            copy: day.copy.as_ref().map(|folder| folder.display().to_string()),
            backed_up: day.counted.and_then(|day| day.backed_up).map(|at| when(&self.clock, at)),
            unlocked_by: if self.two_must_stand() { vec![] } else { unlocked_by(&self.shown.profile) },
            two_must_stand: self.two_must_stand(),
            card: day.card,
            verified: day.verified.clone(),
            journal: day.book.as_ref().map(Book::view),
            checkpoint: day.checkpoint.clone(),
        }
    }

    fn errand_view(&self) -> ErrandView {
        match &self.day.errand {
            Under::Nothing => ErrandView::None,
            Under::Unlocking(_) => {
                ErrandView::UnderWay { errand: Errand::Export, progress: None, stopping: false }
            }
            Under::Way { errand, progress, stopping } => {
                ErrandView::UnderWay { errand: *errand, progress: *progress, stopping: *stopping }
            }
            Under::Ended { tone, words, at } => {
                ErrandView::Ended { tone: *tone, words: words.clone(), at: self.clock.time_of_day(*at) }
            }
        }
    }
}

/// Who may stand for a delivery of this profile; nobody need where it shows no identities.
fn unlocked_by(profile: &Profile) -> Vec<Role> {
    profile.unlocked_by(None).map_or_else(|locked| locked.by, |_nobody| vec![])
}

/// A moment of today by its time, one of another day with its date.
pub(super) fn when(clock: &Clock, at: Moment) -> String {
    if at >= clock.midnight() { clock.time_of_day(at) } else { clock.date_and_time(at) }
}
