//! The identity card reader's thread: looks again and again, and tells each card once.

use std::{
    io,
    mem::{Discriminant, discriminant},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use super::{News, Outbox};
use crate::{
    scan::{IdCard, IdReader, IdReaderError},
    student::IdNumber,
};

/// Between two looks: a card is noticed within a third of a second.
const EVERY: Duration = Duration::from_millis(300);

/// A reader that is not there is looked for this often.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// The reader's thread. It may wait for an answer a little longer, so it is not waited for.
#[derive(Debug)]
pub struct CardDesk {
    ending: Arc<AtomicBool>,
}

impl Drop for CardDesk {
    fn drop(&mut self) {
        self.ending.store(true, Ordering::Relaxed);
    }
}

/// Starts the thread with the reader on this port.
///
/// # Errors
/// When the system has no thread to give.
pub fn card_desk(port: PathBuf, outbox: Outbox) -> io::Result<CardDesk> {
    let ending = Arc::new(AtomicBool::new(false));
    let desk = Desk { ending: Arc::clone(&ending), outbox, last: None, told: None };
    thread::Builder::new().name("card-desk".to_owned()).spawn(move || desk.work(&port))?;
    Ok(CardDesk { ending })
}

struct Desk {
    ending: Arc<AtomicBool>,
    outbox: Outbox,
    /// The card that lies there, as long as it does.
    last: Option<IdNumber>,
    /// The trouble that was told last.
    told: Option<Discriminant<IdReaderError>>,
}

impl Desk {
    fn work(mut self, port: &Path) {
        while !self.ending.load(Ordering::Relaxed) {
            let err = match IdReader::open(port) {
                Ok(reader) => self.watch(reader),
                Err(err) => Some(err),
            };
            let Some(err) = err else { return };
            if !self.tell_trouble(err) {
                return;
            }
            thread::sleep(LOOK_AGAIN);
        }
    }

    /// Looks until the reader breaks, or nobody listens any more.
    fn watch(&mut self, mut reader: IdReader) -> Option<IdReaderError> {
        while !self.ending.load(Ordering::Relaxed) {
            let heard = match reader.look() {
                Ok(card) => self.tell_card(card),
                Err(err) if err.is_of_the_card() => self.tell_trouble(err),
                Err(err) => return Some(err),
            };
            if !heard {
                return None;
            }
            thread::sleep(EVERY);
        }
        None
    }

    /// A card, once as long as it lies there; or that there is none.
    fn tell_card(&mut self, card: Option<IdCard>) -> bool {
        let well = self.told.take().is_none() || self.outbox.send(News::IdReader(None));
        let number = card.as_ref().map(|card| card.number.clone());
        let is_new = self.last != number;
        self.last = number;
        well && card.filter(|_| is_new).is_none_or(|card| self.outbox.send(News::IdCard(card)))
    }

    fn tell_trouble(&mut self, err: IdReaderError) -> bool {
        let kind = discriminant(&err);
        if self.told == Some(kind) {
            return true;
        }
        self.told = Some(kind);
        self.outbox.send(News::IdReader(Some(err)))
    }
}
