//! The door of the crate `gphoto2`: used only inside the camera's own process, by its one thread.
//!
//! What every line here rests on was measured (facts/camera.md): events are drained before every trigger,
//! because libgphoto2 throws a body-fired shot's event away otherwise; `trigger_capture` and never
//! `capture_image`; nothing is ever cancelled; files go to the card; a file is whole only when its length is
//! the announced one and its markers are there, because a short read counts as success.

mod about;
mod errors;
mod examine;
mod files;
mod live;
mod settings;

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use errors::{LastWords, broken, classify, not_fired};
use gphoto2::{Camera, Context, camera::CameraEvent, list::CameraDescriptor};

use super::{
    Announced, CameraError, CameraInfo, CardFile, Checkup, FoundCamera, ListedFile, Reading,
    host::Device,
    twins::{Twins, is_jpeg},
    wire::{Condition, Habits},
};
use crate::{
    profile::{Dial, Setting},
    shot::CameraTime,
};

/// Between two looks for events. The driver is asked to look once and not to wait: it sleeps 50 ms and more
/// between two looks of its own, and a file is told of that much later (measured in benches/camera.rs).
const REST: Duration = Duration::from_millis(20);

/// Draining ends when the camera has nothing more to say; or after so much, because some bodies talk without end
/// (of the light, while the button is half pressed).
const DRAIN_WITHIN: Duration = Duration::from_secs(2);
const DRAIN_AT_MOST: usize = 2_000;

/// A busy camera is asked again this often, each time after this long.
const BUSY_RETRIES: u32 = 3;
const BUSY_PAUSE: Duration = Duration::from_millis(200);

/// A camera behind libgphoto2.
#[derive(Default)]
pub struct Gphoto {
    context: Option<Context>,
    camera: Option<Camera>,
    /// Files that were announced here, and whether after the last trigger.
    announced: VecDeque<(String, String, bool)>,
    twins: Twins,
    /// Since a shot was complete last.
    told_of_a_file: bool,
    /// A shot was complete and no file was told of: libgphoto2 drops the event when the camera is too busy to say
    /// more about its file.
    missed: bool,
}

impl std::fmt::Debug for Gphoto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gphoto").field("announced", &self.announced.len()).finish_non_exhaustive()
    }
}

impl Gphoto {
    fn context(&mut self) -> Result<Context, CameraError> {
        LastWords::listen();
        LastWords::forget();
        if self.context.is_none() {
            self.context = Some(Context::new().map_err(|err| classify(&err))?);
        }
        self.context.clone().ok_or(CameraError::NotFound)
    }

    fn camera(&self) -> Result<&Camera, CameraError> {
        LastWords::forget();
        self.camera.as_ref().ok_or(CameraError::NotFound)
    }

    fn find(&mut self, port: Option<&str>) -> Result<CameraDescriptor, CameraError> {
        let driver = match port {
            Some(port) if port.starts_with("ptpip:") => Some("PTP/IP Camera"),
            Some(port) if port.starts_with("disk:") => Some("Directory Browse"),
            _ => None,
        };
        if let (Some(model), Some(port)) = (driver, port) {
            return Ok(CameraDescriptor { model: model.to_owned(), port: port.to_owned() });
        }
        let mut cameras = self.context()?.list_cameras().wait().map_err(|err| classify(&err))?;
        cameras.find(|camera| port.is_none_or(|port| camera.port == port)).ok_or(CameraError::NotFound)
    }

    /// Hears everything the camera has to say and remembers the files; `false` when it has still more to say.
    fn drain(&mut self) -> Result<bool, CameraError> {
        let until = Instant::now() + DRAIN_WITHIN;
        for _ in 0..DRAIN_AT_MOST {
            if !self.hear()? {
                return Ok(true);
            }
            if Instant::now() >= until {
                break;
            }
        }
        Ok(false)
    }

    /// Hears one event, if there is one; `false` when there is none.
    fn hear(&mut self) -> Result<bool, CameraError> {
        match self.camera()?.wait_event(Duration::ZERO).wait() {
            Ok(CameraEvent::Timeout) => Ok(false),
            Ok(CameraEvent::NewFile(path)) => {
                self.told_of_a_file = true;
                self.announced.push_back((path.folder().into_owned(), path.name().into_owned(), true));
                Ok(true)
            }
            Ok(CameraEvent::CaptureComplete) => {
                self.missed |= !std::mem::take(&mut self.told_of_a_file);
                Ok(true)
            }
            Ok(_) => Ok(true),
            // Waiting is always allowed: whatever fails here is the connection.
            Err(err) => Err(broken(&err)),
        }
    }
}

impl Device for Gphoto {
    fn discover(&mut self) -> Result<Vec<FoundCamera>, CameraError> {
        let cameras = self.context()?.list_cameras().wait().map_err(|err| classify(&err))?;
        Ok(cameras.map(|camera| FoundCamera { model: camera.model, port: camera.port }).collect())
    }

    fn connect(&mut self, port: Option<&str>) -> Result<(CameraInfo, Option<CameraTime>), CameraError> {
        self.camera = None;
        self.announced.clear();
        let descriptor = self.find(port)?;
        let context = self.context()?;
        self.camera = Some(context.get_camera(&descriptor).wait().map_err(|err| classify(&err))?);
        // The first operation is what really connects.
        self.camera()?.storages().wait().map_err(|err| classify(&err))?;
        let clock = self.clock();
        self.shoot_to_card()?;
        self.drain()?;
        // A body says at the beginning of a session, too, that no shot is under way. The card is listed next.
        (self.told_of_a_file, self.missed) = (false, false);
        Ok((self.info(descriptor.port)?, clock))
    }

    fn fire(&mut self) -> Result<bool, CameraError> {
        let heard = self.drain()?;
        // What was told of before the trigger cannot have come of it.
        self.announced.iter_mut().for_each(|(_, _, after_trigger)| *after_trigger = false);
        for _ in 0..BUSY_RETRIES {
            match self.camera()?.trigger_capture().wait().map_err(|err| not_fired(&err)) {
                Err(CameraError::Busy) => std::thread::sleep(BUSY_PAUSE),
                done => return done.map(|()| heard),
            }
        }
        self.camera()?.trigger_capture().wait().map_err(|err| not_fired(&err)).map(|()| heard)
    }

    fn wait(&mut self, patience: Duration) -> Result<Option<Announced>, CameraError> {
        let until = Instant::now() + patience;
        loop {
            while let Some((folder, name, after_trigger)) = self.announced.pop_front() {
                self.twins.see(&name);
                if is_jpeg(&name) {
                    let listed = self.look_up(&folder, &name)?;
                    return Ok(Some(Announced { listed, after_trigger }));
                }
            }
            if self.twins.is_raw_alone() {
                return Err(CameraError::RawOnly);
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            if !self.hear()? {
                std::thread::sleep(REST.min(left));
            }
        }
    }

    fn has_missed(&mut self) -> bool {
        std::mem::take(&mut self.missed)
    }

    fn list(&mut self) -> Result<Vec<ListedFile>, CameraError> {
        let mut found = self.list_all()?;
        found.sort();
        Ok(found)
    }

    fn fetch(&mut self, file: &CardFile) -> Result<Vec<u8>, CameraError> {
        self.fetch_whole(file)
    }

    fn examine(&mut self) -> Result<Checkup, CameraError> {
        self.checkup()
    }

    fn set_clock(&mut self, seconds: i64) -> Result<(), CameraError> {
        self.set_date(seconds)
    }

    fn frame(&mut self) -> Result<Vec<u8>, CameraError> {
        self.preview()
    }

    fn end_live(&mut self) -> Result<(), CameraError> {
        self.close_viewfinder()
    }

    fn adopt(&mut self, habits: Habits) {
        self.adopt_habits(habits);
    }

    fn settle(&mut self, setting: Setting, dial: &Dial) -> Result<Reading, CameraError> {
        self.settle_dial(setting, dial)
    }

    fn condition(&mut self) -> Result<Condition, CameraError> {
        self.read_condition()
    }
}
