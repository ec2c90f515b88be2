//! The courier's thread: runs the long errands while capturing goes on, and reads the journal for whoever looks at it.
//! It has connections that only read. What it delivered it tells as data; the clerk writes it down.
//!
//! One errand at a time; between one file and the next it may be stopped, and answers what was asked meanwhile.

mod rosters;
mod tray;

use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::{Duration, Instant},
};

use super::{Mailbox, News, Outbox, Refused, Worker, darkroom::STEP_BACK};
use crate::{
    clerk::{self, ClerkError, Past},
    errand::{self, Errand, ErrandError, Outcome, Part, Pedometer, Progress, Wording},
    keys::Store,
    ledger::{Chain, Day, Filter, Ledger, LedgerError, Noted, Page, Unkept},
    machine::{self, Stick},
    profile::Profile,
    shot::Moment,
    student::StudentKey,
    sync::{BackupError, ExportError},
};
pub use rosters::{RosterOrder, RosterTold};
pub use tray::{Print, TrayOrder, TrayTold};

/// A stick that was plugged in is seen within this.
const LOOK_FOR_STICKS: Duration = Duration::from_secs(2);

/// So often the screen hears how far an errand is.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// So many lines of the journal are read at once.
const PAGE: usize = 200;

/// What the courier can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CourierOrder {
    /// Deliver every student's current portrait into this folder.
    Export(PathBuf),
    /// Read and prove the whole store.
    Verify,
    /// Make a second copy of the whole store in this folder; at this moment it was asked for.
    Backup(PathBuf, Moment),
    /// Count the day that began at this moment.
    Count(Moment),
    /// Lines of the journal that are all of this: those before this one, or the newest.
    Page(Filter, Option<i64>),
    /// Such lines as a table into the folder where was delivered.
    Table(PathBuf, Filter, Box<Wording>),
    /// The last checkpoint.
    Checkpoint,
    /// Whether the journal's chain is unbroken.
    Chain,
    /// Who came and left without a portrait.
    Unkept,
    /// What happened to this student.
    History(StudentKey),
    /// Something about strays, and about students with two portraits.
    Tray(TrayOrder),
    /// Something about a school's list.
    Roster(RosterOrder),
}

/// What the courier tells.
#[derive(Debug)]
pub enum Told {
    /// An errand came to its end.
    Ended(Errand, Outcome),
    /// An errand was asked for while another one was under way, and was not begun.
    Busy(Errand),
    /// The day's numbers.
    Counted(Result<Day, LedgerError>),
    /// Lines of the journal, and what was asked for.
    Page(Filter, Option<i64>, Result<Page, LedgerError>),
    /// How many lines the table has that was written.
    Table(Result<usize, ErrandError>),
    /// The last checkpoint, if there is one.
    Checkpoint(Result<Option<Noted>, LedgerError>),
    /// How the journal's chain stands.
    Chain(Result<Chain, LedgerError>),
    /// Who came and left without a portrait.
    Unkept(Result<Vec<Unkept>, LedgerError>),
    /// What happened to a student.
    History(StudentKey, Result<Vec<Past>, ClerkError>),
    /// What was asked about strays, or about students with two portraits.
    Tray(TrayTold),
    /// What was asked about a school's list.
    Roster(RosterTold),
}

/// Whoever runs errands. When it is dropped, an errand under way is stopped after the file it is at.
#[derive(Debug)]
pub struct Courier {
    progress: Mailbox<Progress>,
    sticks: Mailbox<Vec<Stick>>,
    prints: Mailbox<Print>,
    stop: Arc<AtomicBool>,
    worker: Worker<CourierOrder>,
}

impl Courier {
    /// Hands over an order; gives it back when there is no room or nobody.
    ///
    /// # Errors
    /// The order itself, and why.
    pub fn order(&self, order: CourierOrder) -> Result<(), (CourierOrder, Refused)> {
        self.worker.order(order)
    }

    /// Stops the errand that is under way, after the file it is at; `false` takes that back for the next one.
    pub fn stop(&self, so: bool) {
        self.stop.store(so, Ordering::Relaxed);
    }

    /// How far the errand is, once, if that has changed.
    #[must_use]
    pub fn progress(&self) -> Option<Progress> {
        self.progress.take()
    }

    /// Which sticks are in, once, if that has changed.
    #[must_use]
    pub fn sticks(&self) -> Option<Vec<Stick>> {
        self.sticks.take()
    }

    /// The picture that was asked for, once. Whoever asks for another one before it came may miss it.
    #[must_use]
    pub fn print(&self) -> Option<Print> {
        self.prints.take()
    }
}

impl Drop for Courier {
    fn drop(&mut self) {
        self.stop(true);
    }
}

/// Starts the courier of a store, who delivers as the profile asks.
///
/// # Errors
/// When the system has no thread to give.
pub fn courier(store: Store, profile: Arc<Profile>, outbox: Outbox) -> io::Result<Courier> {
    let (progress, sticks, stop) = (Mailbox::default(), Mailbox::default(), Arc::new(AtomicBool::new(false)));
    let prints = Mailbox::default();
    let hung = Mailbox::clone(&prints);
    let (told, seen, stopped) = (Mailbox::clone(&progress), Mailbox::clone(&sticks), Arc::clone(&stop));
    let worker = Worker::start("courier", 8, outbox, move |orders: Receiver<CourierOrder>, outbox| {
        // On Linux this is said of one thread. If it is refused, nothing is lost.
        rustix::process::nice(STEP_BACK).ok();
        let round =
            Round { store, profile, outbox, orders: &orders, progress: told, prints: hung, stop: stopped };
        round.work(&seen);
    })?;
    Ok(Courier { progress, sticks, prints, stop, worker })
}

/// Nobody listens any more.
struct Unheard;

struct Round<'a> {
    store: Store,
    profile: Arc<Profile>,
    outbox: &'a Outbox,
    orders: &'a Receiver<CourierOrder>,
    progress: Mailbox<Progress>,
    prints: Mailbox<Print>,
    stop: Arc<AtomicBool>,
}

impl Round<'_> {
    fn work(&self, sticks: &Mailbox<Vec<Stick>>) {
        let mut last = None;
        loop {
            let now = machine::sticks();
            if last.as_ref() != Some(&now) {
                sticks.put(now.clone());
                last = Some(now);
                self.outbox.wake();
            }
            let heard = match self.orders.recv_timeout(LOOK_FOR_STICKS) {
                Ok(CourierOrder::Export(to)) => self.end(Errand::Export, self.export(&to)),
                Ok(CourierOrder::Verify) => self.end(Errand::Verify, self.verify()),
                Ok(CourierOrder::Backup(to, at)) => self.end(Errand::Backup, self.backup(&to, at)),
                Ok(other) => self.answer(&other),
                Err(RecvTimeoutError::Timeout) => Ok(()),
                Err(RecvTimeoutError::Disconnected) => return,
            };
            if heard.is_err() {
                return;
            }
        }
    }

    fn export(&self, to: &Path) -> Outcome {
        let mut watch = self.watch();
        match errand::export(&self.store, &self.profile, to, &mut watch) {
            Ok(exported) => Outcome::Exported(exported),
            Err(ErrandError::Export(ExportError::Stopped)) => Outcome::Stopped,
            Err(err) => Outcome::Failed(err),
        }
    }

    fn verify(&self) -> Outcome {
        match errand::verify(&self.store, &mut self.watch()) {
            Ok(Some(report)) => Outcome::Verified(report),
            Ok(None) => Outcome::Stopped,
            Err(err) => Outcome::Failed(err),
        }
    }

    fn backup(&self, to: &Path, at: Moment) -> Outcome {
        match errand::backup(&self.store, at, to, &mut self.watch()) {
            Ok(done) => Outcome::BackedUp(Box::new(done)),
            Err(ErrandError::Backup(BackupError::Stopped)) => Outcome::Stopped,
            Err(err) => Outcome::Failed(err),
        }
    }

    /// What is done between one file and the next: tell how far it is, answer what was asked, and look whether to go
    /// on.
    fn watch(&self) -> impl FnMut(Part, usize, usize) -> bool {
        let (mut pedometer, mut told) = (Pedometer::default(), None::<Instant>);
        move |part, done, of| {
            let now = Instant::now();
            let progress = pedometer.step(now, part, done, of);
            if told.is_none_or(|told| now.saturating_duration_since(told) >= TELL_EVERY) {
                told = Some(now);
                self.progress.put(progress);
                self.outbox.wake();
            }
            let heard = self.orders.try_iter().try_for_each(|order| self.answer(&order));
            heard.is_ok() && !self.stop.load(Ordering::Relaxed)
        }
    }

    fn end(&self, errand: Errand, outcome: Outcome) -> Result<(), Unheard> {
        // What was said of how far it is holds no longer.
        let _late = self.progress.take();
        if let Outcome::Exported(exported) = &outcome {
            self.tell(News::Delivered(exported.delivery.objects.clone()))?;
        }
        self.tell(News::Courier(Told::Ended(errand, outcome)))
    }

    /// Answers what is asked, while an errand is under way or not.
    fn answer(&self, order: &CourierOrder) -> Result<(), Unheard> {
        let told = match order {
            CourierOrder::Export(_) => Told::Busy(Errand::Export),
            CourierOrder::Verify => Told::Busy(Errand::Verify),
            CourierOrder::Backup(..) => Told::Busy(Errand::Backup),
            CourierOrder::Count(midnight) => Told::Counted(self.read(|ledger| ledger.day(*midnight))),
            CourierOrder::Page(filter, before) => {
                let page = self.read(|ledger| ledger.page(filter, *before, PAGE));
                Told::Page(filter.clone(), *before, page)
            }
            CourierOrder::Table(to, filter, wording) => {
                Told::Table(errand::deliver_journal(&self.store, filter, wording, to))
            }
            CourierOrder::Checkpoint => Told::Checkpoint(self.read(Ledger::last_checkpoint)),
            CourierOrder::Chain => Told::Chain(self.read(Ledger::chain)),
            CourierOrder::Unkept => Told::Unkept(self.read(Ledger::unkept)),
            CourierOrder::History(student) => {
                Told::History(student.clone(), clerk::past(&self.store, student))
            }
            CourierOrder::Tray(order) => match self.ask_tray(order) {
                Some(told) => Told::Tray(told),
                None => return Ok(()),
            },
            CourierOrder::Roster(order) => Told::Roster(self.ask_roster(order)),
        };
        self.tell(News::Courier(told))
    }

    fn read<T>(&self, look: impl FnOnce(&Ledger) -> Result<T, LedgerError>) -> Result<T, LedgerError> {
        look(&Ledger::read(&self.store)?)
    }

    fn tell(&self, news: News) -> Result<(), Unheard> {
        if self.outbox.send(news) { Ok(()) } else { Err(Unheard) }
    }
}
