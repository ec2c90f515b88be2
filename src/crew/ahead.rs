//! Work done ahead of time: a thread fills a small store, whoever needs the next piece takes it.

use std::{
    io,
    sync::mpsc::{Receiver, sync_channel},
    thread::{self, JoinHandle},
};

/// Behind everybody else, as the system counts it.
const LAST: i32 = 19;

/// Pieces made ahead on a thread of their own, in order.
#[derive(Debug)]
pub struct Ahead<T> {
    pieces: Option<Receiver<T>>,
    handle: Option<JoinHandle<()>>,
}

impl<T: Send + 'static> Ahead<T> {
    /// Starts making pieces, at most `room` ahead.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start(
        name: &str,
        room: usize,
        pieces: impl Iterator<Item = T> + Send + 'static,
    ) -> io::Result<Self> {
        Self::at(0, name, room, pieces)
    }

    /// The same with whatever time everybody else leaves over.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn in_spare_time(
        name: &str,
        room: usize,
        pieces: impl Iterator<Item = T> + Send + 'static,
    ) -> io::Result<Self> {
        Self::at(LAST, name, room, pieces)
    }

    fn at(
        step_back: i32,
        name: &str,
        room: usize,
        pieces: impl Iterator<Item = T> + Send + 'static,
    ) -> io::Result<Self> {
        let (store, taken) = sync_channel(room);
        let work = move || {
            if step_back > 0 {
                // On Linux this is said of one thread. If it is refused, nothing is lost.
                rustix::process::nice(step_back).ok();
            }
            for piece in pieces {
                if store.send(piece).is_err() {
                    return;
                }
            }
        };
        let handle = thread::Builder::new().name(name.to_owned()).spawn(work)?;
        Ok(Self { pieces: Some(taken), handle: Some(handle) })
    }

    /// The next piece, as soon as it is made; `None` when there are no more.
    pub fn take(&mut self) -> Option<T> {
        self.pieces.as_ref()?.recv().ok()
    }

    /// The next piece if it is made already: for whoever must not wait.
    pub fn try_take(&mut self) -> Option<T> {
        self.pieces.as_ref()?.try_recv().ok()
    }
}

impl<T> Drop for Ahead<T> {
    fn drop(&mut self) {
        self.pieces.take();
        if let Some(handle) = self.handle.take() {
            handle.join().ok();
        }
    }
}
