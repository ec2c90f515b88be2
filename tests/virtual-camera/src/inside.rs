//! What the threads of one camera share.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::body::Body;
use crate::faults::Faults;
use crate::log::Log;
use crate::scene::Trigger;
use crate::shutter::{Refusal, Shutter};
use crate::wire::Request;

/// Locks, even after a thread has panicked with the lock: a test should see its own failure, not
/// that of a neighbour.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The camera as its threads see it.
#[derive(Debug)]
pub(crate) struct Inside {
    body: Mutex<Body>,
    pub(crate) faults: Faults,
    pub(crate) log: Log,
    pub(crate) shutter: Shutter,
    heard: Mutex<Instant>,
    stopping: AtomicBool,
    dismissed: AtomicBool,
}

impl Inside {
    pub(crate) fn new(body: Body) -> Self {
        Self {
            body: Mutex::new(body),
            faults: Faults::default(),
            log: Log::default(),
            shutter: Shutter::new(),
            heard: Mutex::new(Instant::now()),
            stopping: AtomicBool::new(false),
            dismissed: AtomicBool::new(false),
        }
    }

    /// The body, for this thread alone as long as the guard lives.
    pub(crate) fn body(&self) -> MutexGuard<'_, Body> {
        lock(&self.body)
    }

    /// A finger presses the shutter.
    pub(crate) fn press_shutter(&self) -> Result<u64, Refusal> {
        self.shutter.release(&mut self.body(), &self.faults, Trigger::Body, true)
    }

    /// The host has asked for something.
    pub(crate) fn hear(&self, request: &Request) {
        *lock(&self.heard) = Instant::now();
        self.log.asked(request);
    }

    /// Whether the host has asked for nothing that long.
    pub(crate) fn is_silent_for(&self, duration: Duration) -> bool {
        lock(&self.heard).elapsed() >= duration
    }

    /// Whether the camera is being switched off.
    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Whether the stagehand has said QUIT.
    pub(crate) fn is_dismissed(&self) -> bool {
        self.dismissed.load(Ordering::Relaxed)
    }

    pub(crate) fn dismiss(&self) {
        self.dismissed.store(true, Ordering::Relaxed);
    }
}
