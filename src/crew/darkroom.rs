//! The darkroom: makes portraits, one after the other.

use std::sync::{Arc, mpsc::Receiver};

use super::{News, Outbox, Worker};
use crate::{
    portrait::{Enlarging, FaceFinder, FinderError, develop},
    profile::Profile,
    shot::Shot,
};

/// The darkroom steps back by this much where processors are few: a portrait takes a processor for a quarter of a
/// second, and on two cores the window has stood still meanwhile (tests/it/frames.rs).
const STEP_BACK: i32 = 5;

/// Starts the darkroom. `finder` is made on the darkroom's own thread, where loading models delays nobody.
///
/// # Errors
/// When the system has no thread to give.
pub fn darkroom(
    finder: impl FnOnce() -> Result<Box<dyn FaceFinder>, FinderError> + Send + 'static,
    profile: Arc<Profile>,
    outbox: Outbox,
) -> std::io::Result<Worker<Shot>> {
    Worker::start("darkroom", 8, outbox, move |shots: Receiver<Shot>, outbox| {
        // On Linux this is said of one thread, and those it starts. If it is refused, nothing is lost.
        rustix::process::nice(STEP_BACK).ok();
        let mut finder = match finder() {
            Ok(finder) => finder,
            Err(err) => {
                log::error!("the darkroom has no face finder: {err}");
                // Nobody listens only when the program ends anyway.
                let _heard = outbox.send(News::Ended("darkroom"));
                return;
            }
        };
        while let Ok(shot) = shots.recv() {
            let development = develop(&shot.jpeg, &profile, &mut *finder, Enlarging::Forbidden);
            if !outbox.send(News::Developed(shot.id, development)) {
                return;
            }
        }
    })
}
