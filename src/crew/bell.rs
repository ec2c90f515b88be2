//! The bell's thread: plays what the station wants heard. A player may take its time, or hang; nobody waits for it.

use std::sync::mpsc::Receiver;

use super::{Outbox, Worker};
use crate::sound::Chime;

/// A computer that could not play so many sounds on end is asked no more.
const GIVE_UP: u32 = 5;

/// Starts the bell's thread. One sound may wait; a third is dropped, because a sound that comes late says something
/// about a student who has gone.
///
/// # Errors
/// When the system has no thread to give.
pub fn bell(outbox: Outbox) -> std::io::Result<Worker<Chime>> {
    Worker::start("bell", 1, outbox, |chimes: Receiver<Chime>, _outbox| {
        let mut silent = 0;
        for chime in chimes {
            silent = if chime.play() { 0 } else { silent + 1 };
            if silent == GIVE_UP {
                return;
            }
        }
    })
}
