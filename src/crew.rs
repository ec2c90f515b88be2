//! Threads and channels, and nothing else. Every worker is named, bounded and joined; nobody else may start
//! one.
//!
//! | thread | owns | takes | gives |
//! |---|---|---|---|
//! | camera-desk | the camera | fire, live view on and off | files, troubles; the newest frame in a mailbox |
//! | darkroom | the face finder | shots, references | portraits or reasons |
//! | witness, as long as the darkroom makes a portrait | – | the same shot | codes in it |
//! | clerk | vault and ledger | what to write | filed or not, the tally |
//! | webcam | the webcam | – | the newest frame, or why there is none |
//! | scan-desk | – | the newest frame | codes, troubles; a small picture in a mailbox |
//! | guard | the end of the camera's own process | – | – |
//! | bell | – | what is to be heard | – |
//! | card-desk | the identity card reader | – | cards, troubles |
//! | viewfinder | – | the newest frame of live view | pictures; the newest in a mailbox |
//! | watchman | – | – | how this computer stands, in a mailbox |
//! | courier | connections that only read | errands, questions about the day | what was delivered, answers; how far it is, and pictures, in mailboxes |
//! | prompter | a face finder of its own | the newest of those pictures | what to mend first, in a mailbox |

mod ahead;
mod bell;
mod camera_desk;
mod card_desk;
mod clerk_desk;
mod courier;
mod darkroom;
mod guard;
mod lookout;
mod mailbox;
mod prompter;
mod scan_desk;
mod viewfinder;
mod watchman;

use std::{
    fmt, io,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread::{self, JoinHandle},
};

pub use ahead::Ahead;
pub use bell::bell;
pub use camera_desk::{CameraOrder, camera_desk};
pub use card_desk::{CardDesk, card_desk};
pub use clerk_desk::{ClerkOrder, RosterNews, clerk_desk};
pub use courier::{
    Courier, CourierOrder, Print, RosterOrder, RosterTold, Told, TrayOrder, TrayTold, courier,
};
pub use darkroom::{DarkroomOrder, darkroom};
pub use guard::guard;
pub use mailbox::Mailbox;
pub use prompter::{Glance, Prompter, prompter};
pub use scan_desk::{ScanDesk, scan_desk};
pub use viewfinder::{Viewfinder, Watching, viewfinder};
pub use watchman::{Watchman, watchman};

use crate::{
    camera::{CameraError, CameraInfo, CameraStatus, Stopper},
    clerk::ClerkError,
    ledger::{Noted, Tally},
    portrait::Development,
    scan::{IdCard, IdReaderError, Sight, WebcamError},
    shot::{Digest, Shot, ShotId, SittingId},
    student::CaptureCode,
};

/// What workers tell the main thread.
#[derive(Debug)]
pub enum News {
    /// The camera is there.
    CameraConnected(CameraInfo),
    /// The camera has gone.
    CameraLost(CameraError),
    /// The camera would not fire for this sitting, or nothing came of it.
    NotFired(SittingId, CameraError),
    /// What a person must know or do although the camera goes on working.
    CameraNotice(CameraError),
    /// How the camera stands.
    CameraStatus(CameraStatus),
    /// A file.
    Exposed(Shot),
    /// The darkroom is done with a shot, in which these codes can be read.
    Developed(ShotId, Development, Vec<CaptureCode>),
    /// The same of a shot that is to be a reference.
    Measured(ShotId, Box<Development>),
    /// A kept portrait is safe on disk.
    Filed(ShotId, CaptureCode),
    /// A portrait could not be kept.
    NotFiled(ShotId, ClerkError),
    /// A stray's original, read from the vault.
    Fetched(Shot),
    /// A stray is a student's now, and its portrait is safe on disk.
    Assigned(ShotId, CaptureCode),
    /// A stray could not be read, or not given to a student: it is what it was.
    NotAssigned(ShotId, ClerkError),
    /// Something else could not be written; it is tried again.
    NotWritten(ClerkError),
    /// Everything that could not be written is written now.
    WrittenAfterAll,
    /// How much there is.
    Tally(Tally),
    /// What changed before the webcam.
    Sight(Sight),
    /// The webcam has gone, or is back.
    Webcam(Option<WebcamError>),
    /// A worker ended although nobody asked it to: a bug. Never taken back.
    Ended(&'static str),
    /// The camera's card was looked at once more; so many files are left there, or nobody knows.
    CardChecked(Option<usize>),
    /// This camera has no live view: nobody need wait for a frame until there is another camera.
    NoLiveView,
    /// Nobody glances at live view: there are no hints until the program is started again.
    NoPrompter,
    /// An identity card was laid on the reader.
    IdCard(IdCard),
    /// These portraits were delivered into a folder, and nobody has written it down yet.
    Delivered(Vec<Digest>),
    /// It is written down that somebody stands for showing identities.
    Unlocked,
    /// The journal was counted and signed, as it was asked for; or nobody was there whose key signs.
    Checkpoint(Option<Noted>),
    /// What came of a roster that was to be taken in, or who is known by the one that counts.
    Roster(RosterNews),
    /// What the courier was asked, or sent for.
    Courier(Told),
    /// The identity card reader has gone, or a card could not be read; or all is well again.
    IdReader(Option<IdReaderError>),
}

/// Wakes the main thread after news were sent; a window asks for a frame.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// Where workers send their news.
#[derive(Clone)]
pub struct Outbox {
    sender: SyncSender<News>,
    wake: Wake,
}

impl std::fmt::Debug for Outbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outbox").finish_non_exhaustive()
    }
}

/// News that wait for the main thread at most; a worker with more waits in turn.
const NEWS_ROOM: usize = 64;

impl Outbox {
    /// A place for news, and the end they come out of.
    #[must_use]
    pub fn new(wake: Wake) -> (Self, Receiver<News>) {
        let (sender, inbox) = sync_channel(NEWS_ROOM);
        (Self { sender, wake }, inbox)
    }

    /// Sends news; `false` when nobody listens any more and the worker should end.
    #[must_use]
    pub fn send(&self, news: News) -> bool {
        let heard = self.sender.send(news).is_ok();
        self.wake();
        heard
    }

    /// Wakes the main thread: there is something new in a mailbox.
    pub fn wake(&self) {
        (self.wake)();
    }
}

/// Says that a worker's thread panicked: nobody should wait for who has gone.
struct Farewell {
    name: &'static str,
    outbox: Outbox,
}

impl Drop for Farewell {
    fn drop(&mut self) {
        if thread::panicking() {
            // Nobody listens only when the program ends anyway.
            let _heard = self.outbox.send(News::Ended(self.name));
        }
    }
}

/// Why an order could not be handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The worker has as many orders as it may; later there is room.
    Full,
    /// The worker has ended.
    Gone,
}

/// A worker: takes orders one at a time on its own thread.
pub struct Worker<Order> {
    orders: Option<SyncSender<Order>>,
    handle: Option<JoinHandle<()>>,
    hurry: Option<Stopper>,
}

impl<Order> fmt::Debug for Worker<Order> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker").field("thread", &self.handle).finish_non_exhaustive()
    }
}

impl<Order: Send + 'static> Worker<Order> {
    /// Starts a worker with room for `room` waiting orders. It should end when its orders end; if it panics,
    /// the outbox hears of it.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start(
        name: &'static str,
        room: usize,
        outbox: Outbox,
        work: impl FnOnce(Receiver<Order>, &Outbox) + Send + 'static,
    ) -> io::Result<Self> {
        let (orders, inbox) = sync_channel(room);
        let farewell = Farewell { name, outbox };
        let handle =
            thread::Builder::new().name(name.to_owned()).spawn(move || work(inbox, &farewell.outbox))?;
        Ok(Self { orders: Some(orders), handle: Some(handle), hurry: None })
    }

    /// Hands over an order; gives it back when the worker is swamped or gone.
    ///
    /// # Errors
    /// The order itself, and why.
    pub fn order(&self, order: Order) -> Result<(), (Order, Refused)> {
        let Some(orders) = &self.orders else { return Err((order, Refused::Gone)) };
        orders.try_send(order).map_err(|err| match err {
            TrySendError::Full(order) => (order, Refused::Full),
            TrySendError::Disconnected(order) => (order, Refused::Gone),
        })
    }

    /// Gives no more orders.
    pub fn close(&mut self) {
        self.orders.take();
    }

    /// With what ends quickly whatever it is waiting for.
    #[must_use]
    pub fn hurried_by(mut self, hurry: Option<Stopper>) -> Self {
        self.hurry = hurry;
        self
    }

    /// Ends quickly whatever it is waiting for, if that can be done.
    pub fn hurry(&self) {
        if let Some(hurry) = &self.hurry {
            hurry();
        }
    }

    /// Whether its thread has ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.handle.as_ref().is_none_or(JoinHandle::is_finished)
    }
}

impl<Order> Drop for Worker<Order> {
    /// Waits until the worker has done what it was ordered.
    fn drop(&mut self) {
        self.orders.take();
        if let Some(handle) = self.handle.take() {
            handle.join().ok();
        }
    }
}
