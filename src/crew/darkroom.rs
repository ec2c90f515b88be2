//! The darkroom: makes portraits, one after the other.

use std::{
    sync::{Arc, mpsc::Receiver},
    thread,
};

use super::{News, Outbox, Worker};
use crate::{
    portrait::{Development, Enlarging, FaceFinder, FinderError, References, develop, develop_with},
    profile::Profile,
    scan::{Luma, read_all},
    shot::Shot,
    student::CaptureCode,
};

/// The darkroom steps back by this much where processors are few: a portrait takes a processor for a quarter of a
/// second, and on two cores the window has stood still meanwhile (tests/it/frames.rs).
pub(super) const STEP_BACK: i32 = 5;

/// What the darkroom can be asked, one after the other.
#[derive(Debug)]
pub enum DarkroomOrder {
    /// Make a portrait of this shot.
    Develop(Shot),
    /// Make one as a station that has measured nothing yet would: it may become a reference itself.
    Measure(Shot),
    /// Hold all that follow against this.
    HoldAgainst(References),
}

/// Starts the darkroom. `finder` is made on the darkroom's own thread, where loading models delays nobody.
///
/// # Errors
/// When the system has no thread to give.
pub fn darkroom(
    finder: impl FnOnce() -> Result<Box<dyn FaceFinder>, FinderError> + Send + 'static,
    profile: Arc<Profile>,
    mut references: References,
    outbox: Outbox,
) -> std::io::Result<Worker<DarkroomOrder>> {
    Worker::start("darkroom", 8, outbox, move |orders: Receiver<DarkroomOrder>, outbox| {
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
        while let Ok(order) = orders.recv() {
            let news = match order {
                DarkroomOrder::Develop(shot) => {
                    let (development, witnessed) = look_at(&shot.jpeg, &profile, &references, &mut *finder);
                    News::Developed(shot.id, development, witnessed)
                }
                DarkroomOrder::Measure(shot) => {
                    let development = develop(&shot.jpeg, &profile, &mut *finder, Enlarging::Forbidden);
                    News::Measured(shot.id, Box::new(development))
                }
                DarkroomOrder::HoldAgainst(measured) => {
                    references = measured;
                    continue;
                }
            };
            if !outbox.send(news) {
                return;
            }
        }
    })
}

/// Makes the portrait, and at the same time looks for codes: each needs the file in another way, and on two processors
/// nobody waits for the other.
fn look_at(
    jpeg: &[u8],
    profile: &Profile,
    references: &References,
    finder: &mut dyn FaceFinder,
) -> (Development, Vec<CaptureCode>) {
    thread::scope(|scope| {
        let look = || Luma::of_shot(jpeg).map(|light| codes_in(&light)).unwrap_or_default();
        let witness = thread::Builder::new().name("witness".to_owned()).spawn_scoped(scope, look);
        let development = develop_with(jpeg, profile, references, finder, Enlarging::Forbidden);
        // Where the system has no thread to give, the codes are looked for afterwards. Over a decoder that panics
        // there is no witness; the portrait says why.
        let seen = witness.map_or_else(|_refused| look(), |witness| witness.join().unwrap_or_default());
        (development, seen)
    })
}

/// The capture codes that a shot shows: a phone in the sitter's hands. What it says is judged by the station.
fn codes_in(light: &Luma) -> Vec<CaptureCode> {
    read_all(light).iter().filter_map(|code| code.capture_code().ok()).collect()
}
