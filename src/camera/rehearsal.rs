//! A camera that plays pictures: what stands before its lens is set on a [`Stage`].
//!
//! It fires, delays, is unplugged and comes back like a real one, and like a real one it keeps what was shot
//! while the cable was out.

mod stamp;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

pub use stamp::stamped;

use super::{Arrival, Camera, CameraError, CameraInfo, CameraNews, ClockOffset, Jpeg};
use crate::shot::{CameraTime, Clock, Digest, Exposure, Moment, Origin, SittingId, Trigger};

/// What the rehearsal camera calls itself.
const MODEL: &str = "rehearsal camera";
const SERIAL: &str = "REHEARSAL";

/// How often the camera looks whether a file is ready.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// The place before the lens, shared by whoever directs the rehearsal and the camera that looks at it.
#[derive(Debug, Clone)]
pub struct Stage {
    shared: Arc<Mutex<Shared>>,
    clock: Clock,
    delay: Duration,
}

#[derive(Debug)]
struct Shared {
    scene: Option<(String, Jpeg)>,
    /// What live view shows of it.
    view: Option<Jpeg>,
    plugged: bool,
    ready: VecDeque<(Instant, Arrival)>,
    exposures: Vec<Staged>,
}

/// An exposure as the stage saw it: the truth a rehearsal is judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staged {
    /// What stood before the lens.
    pub label: String,
    /// When.
    pub at: Moment,
    /// SHA-256 of the file the camera made of it.
    pub jpeg: Digest,
}

impl Stage {
    /// An empty stage; `delay` is how long a file takes from the shutter to the cable.
    #[must_use]
    pub fn new(clock: Clock, delay: Duration) -> Self {
        let shared =
            Shared { scene: None, view: None, plugged: true, ready: VecDeque::new(), exposures: Vec::new() };
        Self { shared: Arc::new(Mutex::new(shared)), clock, delay }
    }

    /// A camera that looks at this stage.
    #[must_use]
    pub fn camera(&self) -> RehearsalCamera {
        RehearsalCamera { stage: self.clone(), connected: false }
    }

    /// Puts something before the lens.
    pub fn set_scene(&self, label: &str, jpeg: Arc<[u8]>) {
        self.lock().scene = Some((label.to_owned(), Jpeg(jpeg)));
    }

    /// What live view shows from now on: the scene, small.
    pub fn set_view(&self, jpeg: Arc<[u8]>) {
        self.lock().view = Some(Jpeg(jpeg));
    }

    /// Presses the button on the body.
    pub fn press(&self) {
        self.expose(Trigger::Body);
    }

    /// Pulls the cable, or puts it back in.
    pub fn plug(&self, plugged: bool) {
        let mut shared = self.lock();
        shared.plugged = plugged;
        if plugged {
            // Found on the card at the return: nobody can tell any more who fired.
            for (_, arrival) in &mut shared.ready {
                arrival.trigger = Trigger::Body;
            }
        }
    }

    /// Every exposure so far.
    #[must_use]
    pub fn exposures(&self) -> Vec<Staged> {
        self.lock().exposures.clone()
    }

    fn expose(&self, trigger: Trigger) {
        let at = self.clock.now();
        let mut shared = self.lock();
        let Some((label, scene)) = shared.scene.clone() else { return };
        let number = shared.exposures.len() + 1;
        let taken = CameraTime { ms: at.0, span_ms: 1 };
        let jpeg: Arc<[u8]> = stamped(&scene.0, taken, MODEL, SERIAL).into();
        shared.exposures.push(Staged { label, at, jpeg: Digest::of(&jpeg) });
        let name = format!("IMG_{:04}.JPG", (number - 1) % 9999 + 1);
        let folder = format!("/DCIM/{}CANON", 100 + (number - 1) / 9999);
        let origin = Origin { camera: SERIAL.to_owned(), folder, name, ..Origin::default() };
        let arrival = Arrival { trigger, exposed: Exposure::exactly(at), origin, jpeg: Jpeg(jpeg) };
        shared.ready.push_back((Instant::now() + self.delay, arrival));
    }

    fn take_ready(&self) -> Option<Arrival> {
        let mut shared = self.lock();
        match shared.ready.front() {
            Some((when, _)) if *when <= Instant::now() => {
                shared.ready.pop_front().map(|(_, arrival)| arrival)
            }
            _ => None,
        }
    }

    /// A director that panicked leaves the stage as it stands.
    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A camera that looks at a [`Stage`].
#[derive(Debug)]
pub struct RehearsalCamera {
    stage: Stage,
    connected: bool,
}

impl Camera for RehearsalCamera {
    fn fire(&mut self, sitting: SittingId) -> Result<(), CameraError> {
        if !self.stage.lock().plugged {
            return Err(CameraError::NotFound);
        }
        self.stage.expose(Trigger::Station(sitting));
        Ok(())
    }

    fn next(&mut self, patience: Duration) -> CameraNews {
        let until = Instant::now() + patience;
        loop {
            match (self.connected, self.stage.lock().plugged) {
                (false, true) => {
                    self.connected = true;
                    return CameraNews::Connected(info());
                }
                (true, false) => {
                    self.connected = false;
                    return CameraNews::Lost(CameraError::NotFound);
                }
                (false, false) | (true, true) => {}
            }
            if self.connected
                && let Some(arrival) = self.stage.take_ready()
            {
                return CameraNews::Arrived(arrival);
            }
            if Instant::now() >= until {
                return CameraNews::Quiet;
            }
            thread::sleep(LOOK_EVERY);
        }
    }

    fn frame(&mut self) -> Result<Option<Jpeg>, CameraError> {
        let shared = self.stage.lock();
        if shared.plugged { Ok(shared.view.clone()) } else { Err(CameraError::NotFound) }
    }
}

fn info() -> CameraInfo {
    CameraInfo {
        model: MODEL.to_owned(),
        serial: SERIAL.to_owned(),
        port: "rehearsal".to_owned(),
        battery: Some("100%".to_owned()),
        free_bytes: None,
        clock: Some(ClockOffset { least: 0, most: 0 }),
    }
}
