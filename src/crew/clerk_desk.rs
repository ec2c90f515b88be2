//! The clerk's thread: the only one that writes. What could not be written is tried again in its order,
//! because an original that is nowhere else must not depend on one full disk.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::Duration,
};

use super::{News, Outbox, Worker};
use crate::{
    clerk::{Assignment, Clerk, ClerkError, Signer, WalkUp},
    errand::FOLDER,
    keys::{Deed, Holder, Who},
    ledger::Noted,
    profile::{Profile, Role},
    shot::{Clock, Digest, Moment, Shot, ShotId},
    station::{Fact, Register, Sitting, Take},
    student::{People, Roster},
};

/// What could not be written is tried again this often.
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// What the clerk can be asked.
#[derive(Debug, Clone)]
pub enum ClerkOrder {
    /// Write down that a sitting began.
    Seat(Moment, Sitting),
    /// Put an original on the shelf.
    Shelve(Moment, Shot, Option<Sitting>),
    /// Keep a portrait, and say whether it is safe.
    Keep(Moment, Box<(Sitting, Take)>),
    /// Write a fact down.
    Record(Moment, Fact),
    /// Write down who walked up.
    WalkUp(WalkUp),
    /// Read a stray's original, and hand it over.
    Fetch(ShotId),
    /// Give a stray to a student, and say whether it is safe.
    Assign(Moment, Box<Assignment>),
    /// Write down what was delivered into a folder.
    Delivered(Moment, Vec<Digest>),
    /// Write down who stands for showing identities, and what he is called if he showed a passphrase; and say so.
    Unlock(Moment, Role, String),
    /// Write down which passphrases were wrong before the store opened; these hold one.
    NoteUnlocks(Moment, Vec<Holder>),
    /// From now on what is ordered is this person's; nobody's, when the name is empty. With him comes what signs
    /// checkpoints, if he may lend it.
    LoggedIn(String, Option<Signer>),
    /// Count and sign the journal, and hand the note out.
    Checkpoint,
    /// Take a roster in, with whoever stands for it as the second, and say what came of it.
    TakeRoster(Moment, Arc<Roster>, Option<Holder>),
    /// Say who is known by the roster that counts and by the record, under this profile.
    Acquaint(Arc<Profile>),
}

/// What the clerk tells of rosters.
#[derive(Debug)]
pub enum RosterNews {
    /// A roster was taken in, of so many students.
    Taken(usize),
    /// It was not: the one before still counts.
    NotTaken(ClerkError),
    /// Who is known, and who has sat here.
    Acquainted(Result<Box<(People, Register)>, ClerkError>),
}

/// Starts the clerk's thread.
///
/// # Errors
/// When the system has no thread to give.
pub fn clerk_desk(clerk: Clerk, clock: Clock, outbox: Outbox) -> std::io::Result<Worker<ClerkOrder>> {
    Worker::start("clerk", 32, outbox, move |orders, outbox| {
        let (late, who, counted) = (VecDeque::new(), String::new(), None);
        Desk { clerk, clock, outbox, late, who, counted, behind: false }.work(&orders);
    })
}

struct Desk<'a> {
    clerk: Clerk,
    clock: Clock,
    outbox: &'a Outbox,
    /// Orders that could not be carried out yet, oldest first, and whose they were.
    late: VecDeque<(String, ClerkOrder)>,
    /// Who has logged in.
    who: String,
    /// The day of the last checkpoint, as far as that is known.
    counted: Option<String>,
    /// Whether it was told that something could not be written.
    behind: bool,
}

impl Desk<'_> {
    /// Works until the orders end, even if nobody listens any more: whatever was ordered is written.
    fn work(mut self, orders: &Receiver<ClerkOrder>) {
        self.tell_tally();
        loop {
            match orders.recv_timeout(TRY_AGAIN) {
                Ok(order) => self.take(order),
                Err(RecvTimeoutError::Timeout) => {
                    self.refresh();
                    self.catch_up();
                }
                // The last chance for what is late; and the day's last checkpoint.
                Err(RecvTimeoutError::Disconnected) => {
                    self.catch_up();
                    self.count();
                    return;
                }
            }
        }
    }

    fn take(&mut self, order: ClerkOrder) {
        self.refresh();
        match order {
            ClerkOrder::Keep(at, keep) => self.keep(at, &keep.0, &keep.1),
            ClerkOrder::Fetch(shot) => self.fetch(shot),
            ClerkOrder::Assign(at, assignment) => self.assign(at, &assignment),
            ClerkOrder::LoggedIn(who, signer) => self.log_in(who, signer),
            ClerkOrder::Checkpoint => self.checkpoint(),
            ClerkOrder::TakeRoster(at, roster, second) => self.take_roster(at, &roster, second),
            ClerkOrder::Acquaint(profile) => self.acquaint(&profile),
            ClerkOrder::Seat(..)
            | ClerkOrder::Shelve(..)
            | ClerkOrder::Record(..)
            | ClerkOrder::Delivered(..)
            | ClerkOrder::Unlock(..)
            | ClerkOrder::NoteUnlocks(..)
            | ClerkOrder::WalkUp(_) => {
                self.late.push_back((self.who.clone(), order));
                self.catch_up();
            }
        }
        // A day that nobody closed, because the power failed or work went on past midnight.
        if self.counted.as_ref() != Some(&self.clock.day()) {
            self.count();
        }
        self.tell_tally();
    }

    /// A ledger that a trouble of the disk made unreadable is opened anew, as soon as the disk lets it.
    fn refresh(&mut self) {
        match self.clerk.refresh() {
            Ok(false) => {}
            Ok(true) => self.tell_tally(),
            Err(err) => {
                self.behind = true;
                self.tell(News::NotWritten(err));
            }
        }
    }

    /// Whoever logs out leaves what he did counted and signed.
    fn log_in(&mut self, who: String, signer: Option<Signer>) {
        if signer.is_none() {
            self.count();
        }
        self.clerk.write_for(&who);
        self.clerk.lend(signer);
        let last = self.clerk.ledger().last_checkpoint().ok().flatten();
        (self.who, self.counted) = (who, last.map(|noted| noted.note.checkpoint.day));
    }

    /// Counts and signs the journal, if anybody is there whose key signs. What cannot be written now is written with the
    /// next one: a checkpoint counts everything before it.
    fn count(&mut self) -> Option<Noted> {
        let day = self.clock.day();
        match self.clerk.checkpoint(self.clock.now(), &day) {
            Ok(noted) => {
                self.counted = Some(day);
                noted
            }
            Err(err) => {
                self.behind |= !err.is_permanent();
                self.tell(News::NotWritten(err));
                None
            }
        }
    }

    fn checkpoint(&mut self) {
        self.catch_up();
        let noted = self.count();
        self.tell(News::Checkpoint(noted));
    }

    /// Not tried again by itself: the operator sees that it failed, and asks again.
    fn take_roster(&mut self, at: Moment, roster: &Roster, second: Option<Holder>) {
        let taken = self.clerk.import_roster(at, roster, second.map(Who::Holder).as_ref());
        self.tell(News::Roster(match taken {
            Ok(()) => RosterNews::Taken(roster.len()),
            Err(err) => RosterNews::NotTaken(err),
        }));
    }

    fn acquaint(&mut self, profile: &Profile) {
        let known = self.clerk.people(None).and_then(|people| {
            let register = self.clerk.register(profile, &people)?;
            Ok(Box::new((people, register)))
        });
        self.tell(News::Roster(RosterNews::Acquainted(known)));
    }

    fn fetch(&self, shot: ShotId) {
        match self.clerk.fetch_stray(shot) {
            Ok(shot) => self.tell(News::Fetched(shot)),
            Err(err) => self.tell(News::NotAssigned(shot, err)),
        }
    }

    /// Not tried again by itself either.
    fn assign(&mut self, at: Moment, assignment: &Assignment) {
        let id = assignment.take.shot.id;
        match self.clerk.assign(at, assignment) {
            Ok(sitting) => self.tell(News::Assigned(id, sitting.code)),
            Err(err) => self.tell(News::NotAssigned(id, err)),
        }
    }

    /// Keeping is not tried again by itself: the operator sees that it failed, and asks again.
    fn keep(&mut self, at: Moment, sitting: &Sitting, take: &Take) {
        let id = take.shot.id;
        match self.clerk.keep(at, sitting, take) {
            Ok(()) => self.tell(News::Filed(id, sitting.code.clone())),
            Err(err) => self.tell(News::NotFiled(id, err)),
        }
    }

    /// Carries out what is late, in its order, until something fails.
    fn catch_up(&mut self) {
        while let Some((who, order)) = self.late.front() {
            // It was his order, whoever has logged in since.
            self.clerk.write_for(who);
            let done = carry_out(&mut self.clerk, order);
            self.clerk.write_for(&self.who);
            match done {
                Ok(()) => {
                    if let Some((_, ClerkOrder::Unlock(..))) = self.late.pop_front() {
                        self.tell(News::Unlocked);
                    }
                }
                // What can never be written must not hold up the rest; it is told once.
                Err(err) if err.is_permanent() => {
                    self.late.pop_front();
                    self.tell(News::NotWritten(err));
                }
                Err(err) => {
                    self.behind = true;
                    return self.tell(News::NotWritten(err));
                }
            }
        }
        if std::mem::take(&mut self.behind) {
            self.tell(News::WrittenAfterAll);
        }
    }

    fn tell_tally(&self) {
        match self.clerk.ledger().tally(self.clock.midnight()) {
            Ok(tally) => self.tell(News::Tally(tally)),
            Err(err) => self.tell(News::NotWritten(err.into())),
        }
    }

    /// Tells whoever still listens.
    fn tell(&self, news: News) {
        let _heard = self.outbox.send(news);
    }
}

fn carry_out(clerk: &mut Clerk, order: &ClerkOrder) -> Result<(), ClerkError> {
    match order {
        ClerkOrder::Seat(at, sitting) => clerk.seat(*at, sitting),
        ClerkOrder::Shelve(at, shot, sitting) => clerk.shelve(*at, shot, sitting.as_ref()).map(|_shelved| ()),
        ClerkOrder::Record(at, fact) => clerk.record(*at, fact),
        ClerkOrder::Keep(at, keep) => clerk.keep(*at, &keep.0, &keep.1),
        ClerkOrder::WalkUp(walk_up) => clerk.note_walk_up(walk_up),
        ClerkOrder::Assign(at, assignment) => clerk.assign(*at, assignment).map(|_sitting| ()),
        ClerkOrder::Fetch(_)
        | ClerkOrder::LoggedIn(..)
        | ClerkOrder::Checkpoint
        | ClerkOrder::TakeRoster(..)
        | ClerkOrder::Acquaint(_) => Ok(()),
        ClerkOrder::Delivered(at, objects) => clerk.note_delivered(*at, FOLDER, objects),
        ClerkOrder::Unlock(at, role, by) => {
            let (purpose, by) = (Deed::ExportWithIdentity.slug().to_owned(), by.clone());
            clerk.record(*at, &Fact::Unlocked { purpose, role: *role, by })
        }
        ClerkOrder::NoteUnlocks(at, holders) => clerk.note_unlocks(*at, holders),
    }
}
