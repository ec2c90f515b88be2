//! The camera's thread: takes the wish to fire, gives files their numbers, watches that what was fired comes.

use std::{
    sync::{
        Arc, Weak,
        mpsc::{Receiver, TryRecvError},
    },
    time::{Duration, Instant},
};

use super::{News, Outbox, Viewfinder, Watching, Worker, viewfinder::Watch};
use crate::{
    camera::{Camera, CameraError, CameraNews},
    shot::{ShotId, SittingId, Trigger},
};

/// One look at the camera: an order to fire waits this long at most.
const PATIENCE: Duration = Duration::from_millis(20);

/// A fired shot's file comes within this, or not at all (facts/camera.md section 4.1).
const FILE_WITHIN: Duration = Duration::from_secs(15);

/// At the end of a shift, so long is a shot waited for that was fired just before.
const LAST_FILE_WITHIN: Duration = Duration::from_secs(3);

/// The card is looked at once more within this; what is not fetched by then is left there, and it is said.
const LOOK_WITHIN: Duration = Duration::from_secs(20);

/// So many pictures found on the card may be on their way to the shelf: a card is emptied faster than a disk writes, and
/// one that cannot be written takes none at all.
const FOUND_AT_ONCE: usize = 8;

/// What the camera can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CameraOrder {
    /// Fire for this sitting.
    Fire(SittingId),
    /// Look at everything that is on the card once more, and fetch what is not known.
    LookAgain,
    /// Ask whoever holds the camera to let it go.
    Release,
    /// Set its clock by the station's.
    SetClock,
    /// Begin live view, go on with it at another pace, or end it.
    Live(Watching),
}

/// Starts the camera's thread. Shots are numbered from `first_shot` on; frames go to the viewfinder.
///
/// # Errors
/// When the system has no thread to give.
pub fn camera_desk(
    camera: Box<dyn Camera>,
    first_shot: ShotId,
    viewfinder: Viewfinder,
    outbox: Outbox,
) -> std::io::Result<Worker<CameraOrder>> {
    let stopper = camera.stopper();
    let worker = Worker::start("camera-desk", 4, outbox, move |orders, outbox| {
        let watch = Watch::new(viewfinder);
        let (expected, looking, found) = (None, None, vec![]);
        Desk { camera, next_shot: first_shot, outbox, expected, looking, watch, quiet: false, found }
            .work(&orders);
    })?;
    Ok(worker.hurried_by(stopper))
}

struct Desk<'a> {
    camera: Box<dyn Camera>,
    next_shot: ShotId,
    outbox: &'a Outbox,
    /// The sitting whose shot is on its way, and when it is given up.
    expected: Option<(SittingId, Instant)>,
    /// The card is looked at once more: until then, or until it is told that there was not enough time.
    looking: Option<Option<Instant>>,
    watch: Watch,
    /// The camera had nothing to say when it was asked last, or nothing that is new.
    quiet: bool,
    /// Pictures found on the card that somebody holds still.
    found: Vec<Weak<[u8]>>,
}

impl Desk<'_> {
    fn work(mut self, orders: &Receiver<CameraOrder>) {
        loop {
            let goes_on = match orders.try_recv() {
                Ok(CameraOrder::Fire(sitting)) => self.fire(sitting),
                Ok(CameraOrder::LookAgain) => self.look_again(),
                Ok(CameraOrder::Release) => {
                    let released = self.camera.release();
                    self.tell_failure(released)
                }
                Ok(CameraOrder::SetClock) => {
                    let set = self.camera.set_clock();
                    self.tell_failure(set)
                }
                Ok(CameraOrder::Live(wanted)) => {
                    self.watch.turn(wanted, &mut *self.camera);
                    true
                }
                Err(TryRecvError::Empty) => true,
                Err(TryRecvError::Disconnected) => return self.see_out(),
            };
            let heard = goes_on && self.listen() && self.look();
            if !(heard && self.give_up_if_late() && self.tell_what_is_left()) {
                return;
            }
        }
    }

    /// The shift ends: a shot that is on its way is still taken in, if it comes soon.
    fn see_out(mut self) {
        let until = Instant::now() + LAST_FILE_WITHIN;
        while self.expected.is_some() && Instant::now() < until {
            if !self.listen() {
                return;
            }
        }
    }

    fn fire(&mut self, sitting: SittingId) -> bool {
        match self.camera.fire(sitting) {
            Ok(()) => {
                self.expected = Some((sitting, Instant::now() + FILE_WITHIN));
                true
            }
            Err(err) => self.outbox.send(News::NotFired(sitting, err)),
        }
    }

    fn look_again(&mut self) -> bool {
        self.camera.look_again();
        self.looking = Some(Some(Instant::now() + LOOK_WITHIN));
        true
    }

    /// When there is no more time, and when everything is fetched.
    fn tell_what_is_left(&mut self) -> bool {
        let owed = self.camera.owed();
        match self.looking {
            Some(_) if owed == Some(0) => self.looking = None,
            Some(Some(until)) if Instant::now() >= until => self.looking = Some(None),
            _ => return true,
        }
        // Whoever gave a file up does not fetch it any more, but it is there.
        let left = owed.map(|owed| owed + self.camera.given_up());
        self.outbox.send(News::CardChecked(left))
    }

    /// Tells what an order came to when it came to nothing; `false` when nobody listens any more.
    fn tell_failure(&self, done: Result<(), CameraError>) -> bool {
        match done {
            Ok(()) => true,
            Err(err) => self.outbox.send(News::CameraNotice(err)),
        }
    }

    fn listen(&mut self) -> bool {
        let heard = self.hear();
        let notices = std::iter::from_fn(|| self.camera.notice());
        let told = heard && notices.into_iter().all(|notice| self.outbox.send(News::CameraNotice(notice)));
        told && self.camera.status().is_none_or(|status| self.outbox.send(News::CameraStatus(status)))
    }

    /// One frame, if it is time for one: never before what the camera has to say, and never while a file is on its
    /// way, because a camera at work keeps whoever asks for a frame waiting.
    fn look(&mut self) -> bool {
        let may = self.quiet && self.expected.is_none();
        !may || self.watch.look(&mut *self.camera) || self.outbox.send(News::NoLiveView)
    }

    fn hear(&mut self) -> bool {
        let patience = if self.expected.is_none() { self.watch.patience(PATIENCE) } else { PATIENCE };
        self.found.retain(|picture| picture.strong_count() > 0);
        self.camera.hold_back(self.found.len() >= FOUND_AT_ONCE);
        let news = self.camera.next(patience);
        // What waits on the card goes on waiting for a frame, too.
        let is_found =
            matches!(news, CameraNews::Arrived(_)) && self.camera.owed().is_some_and(|owed| owed > 0);
        self.quiet = is_found || matches!(news, CameraNews::Quiet);
        match news {
            CameraNews::Quiet => true,
            CameraNews::Connected(info) => {
                self.watch.begin_anew();
                self.outbox.send(News::CameraConnected(info))
            }
            CameraNews::Lost(err) => {
                let told = self
                    .expected
                    .take()
                    .is_none_or(|(sitting, _)| self.outbox.send(News::NotFired(sitting, err.clone())));
                told && self.outbox.send(News::CameraLost(err))
            }
            CameraNews::Arrived(arrival) => {
                if self.expected.is_some_and(|(sitting, _)| arrival.trigger == Trigger::Station(sitting)) {
                    self.expected = None;
                }
                if is_found {
                    self.found.push(Arc::downgrade(&arrival.jpeg.0));
                }
                let id = self.next_shot;
                self.next_shot = ShotId(id.0 + 1);
                self.outbox.send(News::Exposed(arrival.numbered(id)))
            }
        }
    }

    fn give_up_if_late(&mut self) -> bool {
        match self.expected {
            Some((sitting, until)) if Instant::now() > until => {
                self.expected = None;
                let seconds = FILE_WITHIN.as_secs();
                let err = CameraError::NoAnswer { doing: "hand over the shot".to_owned(), seconds };
                self.outbox.send(News::NotFired(sitting, err))
            }
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::{
        camera::{Arrival, Jpeg},
        crew::viewfinder,
        shot::{Exposure, Moment, Origin, Shot},
    };

    /// Its card holds more than anybody can take.
    struct Full {
        held_back: bool,
        shown: Arc<Mutex<u32>>,
    }

    impl Camera for Full {
        fn fire(&mut self, _sitting: SittingId) -> Result<(), CameraError> {
            Ok(())
        }

        fn next(&mut self, _patience: Duration) -> CameraNews {
            std::thread::sleep(Duration::from_millis(1));
            if self.held_back {
                *self.shown.lock().unwrap() += 1;
                return CameraNews::Quiet;
            }
            let exposed = Exposure::some_time_before(Moment(0));
            let (trigger, origin, jpeg) = (Trigger::Body, Origin::default(), Jpeg([].into()));
            CameraNews::Arrived(Arrival { trigger, exposed, origin, jpeg })
        }

        fn owed(&self) -> Option<usize> {
            Some(3_000)
        }

        fn hold_back(&mut self, so: bool) {
            self.held_back = so;
        }
    }

    #[test]
    fn a_full_card_waits_until_somebody_has_room() {
        let (outbox, inbox) = Outbox::new(Arc::new(|| {}));
        let (finder, _pictures) = viewfinder(outbox.clone()).unwrap();
        let waits = Arc::new(Mutex::new(0));
        let full = Full { held_back: false, shown: Arc::clone(&waits) };
        let desk = camera_desk(Box::new(full), ShotId(1), finder, outbox).unwrap();
        let come = || {
            *waits.lock().unwrap() = 0;
            let until = Instant::now() + Duration::from_secs(20);
            while *waits.lock().unwrap() < 5 && Instant::now() < until {
                std::thread::sleep(Duration::from_millis(1));
            }
            let shot = |news| if let News::Exposed(shot) = news { Some(shot) } else { None };
            inbox.try_iter().filter_map(shot).collect::<Vec<Shot>>()
        };
        let held = come();
        assert_eq!(held.len(), FOUND_AT_ONCE);
        assert_eq!(come().len(), 0, "nobody has let go of one");
        drop(held);
        assert_eq!(come().len(), FOUND_AT_ONCE);
        drop(inbox);
        drop(desk);
    }
}
