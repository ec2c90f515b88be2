//! The clerk's thread: the only one that writes. What could not be written is tried again in its order,
//! because an original that is nowhere else must not depend on one full disk.

use std::{
    collections::VecDeque,
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::Duration,
};

use super::{News, Outbox, Worker};
use crate::{
    clerk::{Clerk, ClerkError},
    shot::{Moment, Shot},
    station::{Fact, Sitting, Take},
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
}

/// Starts the clerk's thread.
///
/// # Errors
/// When the system has no thread to give.
pub fn clerk_desk(clerk: Clerk, outbox: Outbox) -> std::io::Result<Worker<ClerkOrder>> {
    let desk = Desk { clerk, outbox, late: VecDeque::new(), behind: false };
    Worker::start("clerk", 32, move |orders| desk.work(&orders))
}

struct Desk {
    clerk: Clerk,
    outbox: Outbox,
    /// Orders that could not be carried out yet, oldest first.
    late: VecDeque<ClerkOrder>,
    /// Whether it was told that something could not be written.
    behind: bool,
}

impl Desk {
    fn work(mut self, orders: &Receiver<ClerkOrder>) {
        let mut goes_on = self.tell_tally();
        while goes_on {
            goes_on = match orders.recv_timeout(TRY_AGAIN) {
                Ok(order) => self.take(order),
                Err(RecvTimeoutError::Timeout) => self.catch_up(),
                Err(RecvTimeoutError::Disconnected) => {
                    // The last chance for what is late; whoever listens hears what is not written.
                    let _heard = self.catch_up();
                    false
                }
            };
        }
    }

    fn take(&mut self, order: ClerkOrder) -> bool {
        if let ClerkOrder::Keep(at, keep) = order {
            return self.keep(at, &keep.0, &keep.1) && self.tell_tally();
        }
        self.late.push_back(order);
        self.catch_up() && self.tell_tally()
    }

    /// Keeping is not tried again by itself: the operator sees that it failed, and asks again.
    fn keep(&mut self, at: Moment, sitting: &Sitting, take: &Take) -> bool {
        let id = take.shot.id;
        self.outbox.send(match self.clerk.keep(at, sitting, take) {
            Ok(()) => News::Filed(id, sitting.code.clone()),
            Err(err) => News::NotFiled(id, err),
        })
    }

    /// Carries out what is late, in its order, until something fails.
    fn catch_up(&mut self) -> bool {
        while let Some(order) = self.late.front() {
            match carry_out(&mut self.clerk, order) {
                Ok(()) => {
                    self.late.pop_front();
                }
                // What can never be written must not hold up the rest; it is told once.
                Err(err) if err.is_permanent() => {
                    self.late.pop_front();
                    if !self.outbox.send(News::NotWritten(err)) {
                        return false;
                    }
                }
                Err(err) => {
                    self.behind = true;
                    return self.outbox.send(News::NotWritten(err));
                }
            }
        }
        !std::mem::take(&mut self.behind) || self.outbox.send(News::WrittenAfterAll)
    }

    fn tell_tally(&self) -> bool {
        match self.clerk.ledger().tally() {
            Ok(tally) => self.outbox.send(News::Tally(tally)),
            Err(err) => self.outbox.send(News::NotWritten(err.into())),
        }
    }
}

fn carry_out(clerk: &mut Clerk, order: &ClerkOrder) -> Result<(), ClerkError> {
    match order {
        ClerkOrder::Seat(at, sitting) => clerk.seat(*at, sitting),
        ClerkOrder::Shelve(at, shot, sitting) => clerk.shelve(*at, shot, sitting.as_ref()).map(|_shelved| ()),
        ClerkOrder::Record(at, fact) => clerk.record(*at, fact),
        ClerkOrder::Keep(at, keep) => clerk.keep(*at, &keep.0, &keep.1),
    }
}
