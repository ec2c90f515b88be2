//! The camera as a test holds it in its hands.

use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;

use crate::body::Body;
use crate::door::Door;
use crate::faults::Faults;
use crate::inside::Inside;
use crate::log::Operation;
use crate::options::Options;
use crate::scene::{Exposure, NotJpeg, Scene};
use crate::shutter::{Refusal, Shutter};
use crate::stagehand::Stagehand;

/// A switched-on virtual camera. Dropping it switches it off: its ports close, its threads end.
#[derive(Debug)]
pub struct VirtualCamera {
    inside: Arc<Inside>,
    door: Arc<Door>,
    stagehand: Option<Stagehand>,
    writer: Option<JoinHandle<()>>,
}

impl VirtualCamera {
    /// Switches a camera on, its cable plugged in.
    pub fn start(options: &Options) -> io::Result<Self> {
        let body =
            Body::new(options).map_err(|not_jpeg| io::Error::new(io::ErrorKind::InvalidInput, not_jpeg))?;
        let inside = Arc::new(Inside::new(body));
        let door = Arc::new(Door::open_at(options.port, &inside)?);
        let stagehand = options.stagehand.map(|port| Stagehand::start(port, &inside, &door)).transpose()?;
        let writer = Some(Shutter::start(&inside)?);
        Ok(Self { inside, door, stagehand, writer })
    }

    /// The port path for libgphoto2, `ptpip:127.0.0.1:P:P`; the model goes by `PTP/IP Camera`. The
    /// port stands there twice because libgphoto2 would look for the event line at 15740.
    pub fn gphoto_port(&self) -> String {
        let port = self.door.port();
        format!("ptpip:127.0.0.1:{port}:{port}")
    }

    /// Where the stagehand may connect, `127.0.0.1:Q`, if the options opened such a port.
    pub fn stagehand_address(&self) -> Option<String> {
        self.stagehand.as_ref().map(Stagehand::address)
    }

    /// Puts a picture before the lens; its label comes back with every exposure of it.
    pub fn set_scene(&self, label: &str, jpeg: &[u8]) -> Result<(), NotJpeg> {
        let scene = Scene::new(label, jpeg)?;
        self.inside.body().scene = scene;
        Ok(())
    }

    /// Presses the shutter on the body. Gives the number of the exposure.
    pub fn press_shutter(&self) -> Result<u64, Refusal> {
        self.inside.press_shutter()
    }

    /// Pulls the cable: every line drops, new ones are refused. The body goes on working.
    pub fn unplug(&self) {
        self.door.close();
    }

    /// Plugs the cable in again, at the same port.
    pub fn plug(&self) -> io::Result<()> {
        self.door.open()
    }

    /// Sets the camera's clock that far ahead of the real one, behind it when negative.
    pub fn set_clock_offset_ms(&self, offset_ms: i64) {
        self.inside.body().clock.set_offset_ms(offset_ms);
    }

    /// Charges the battery to 100, 75, 50, 25 or 0 percent.
    pub fn set_battery(&self, percent: u8) {
        self.inside.body().set_battery(percent);
    }

    /// Everything photographed since the camera was switched on, in order.
    pub fn exposures(&self) -> Vec<Exposure> {
        self.inside.body().exposures.clone()
    }

    /// What goes wrong, to be ordered and mended.
    pub fn faults(&self) -> Faults {
        self.inside.faults.clone()
    }

    /// What hosts have asked, in order.
    pub fn log(&self) -> Vec<Operation> {
        self.inside.log.all()
    }

    /// Whether the stagehand has sent the camera home (QUIT).
    pub fn is_dismissed(&self) -> bool {
        self.inside.is_dismissed()
    }
}

impl Drop for VirtualCamera {
    fn drop(&mut self) {
        self.inside.stop();
        self.inside.faults.clear();
        drop(self.stagehand.take());
        self.door.close();
        self.inside.shutter.close();
        if let Some(writer) = self.writer.take() {
            writer.join().ok();
        }
    }
}
