//! The camera as a test holds it in its hands.

use std::ffi::OsString;
use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use virtual_usb::tunnel;

use crate::body::Body;
use crate::dials::NoSuchStop;
use crate::door::Door;
use crate::faults::Faults;
use crate::inside::Inside;
use crate::log::Operation;
use crate::options::Options;
use crate::scene::{Exposure, NotJpeg, Scene};
use crate::shutter::{Refusal, Shutter};
use crate::stagehand::Stagehand;
use crate::usb;

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
        let body = Body::new(options).map_err(|wrong| io::Error::new(io::ErrorKind::InvalidInput, wrong))?;
        let inside = Arc::new(Inside::new(body));
        let door = Arc::new(Door::open_at(options.port, options.transport, &inside)?);
        let stagehand = options.stagehand.map(|port| Stagehand::start(port, &inside, &door)).transpose()?;
        let writer = Some(Shutter::start(&inside)?);
        Ok(Self { inside, door, stagehand, writer })
    }

    /// The port path for libgphoto2. By network it is `ptpip:127.0.0.1:P:P`, and the model goes by `PTP/IP
    /// Camera`; the port stands there twice because libgphoto2 would look for the event line at 15740.
    /// By USB it is `usb:001,042`, in a program with the camera's [`VirtualCamera::environment`].
    pub fn gphoto_port(&self) -> String {
        let port = self.door.address().port();
        self.door.usb_port().unwrap_or_else(|| format!("ptpip:127.0.0.1:{port}:{port}"))
    }

    /// What must stand in the environment of a program whose libgphoto2 is to see the camera on its USB bus:
    /// the folder of the io-library, and where the camera listens. Of a camera on the network: nothing.
    pub fn environment(&self) -> io::Result<Vec<(&'static str, OsString)>> {
        if self.door.usb_port().is_none() {
            return Ok(Vec::new());
        }
        let (libraries, address) = (usb::library_folder()?, self.door.address().to_string());
        Ok(vec![(tunnel::IO_LIBRARIES, libraries.into()), (tunnel::ADDRESS, address.into())])
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

    /// Plugs the USB cable in at another port, `usb:001,043`.
    pub fn plug_in_at(&self, port: &str) -> io::Result<()> {
        self.door.open_on(port)
    }

    /// From now on the way from the shutter to the file takes that long.
    pub fn set_capture_delay(&self, delay: Duration) {
        self.inside.body().capture_delay = delay;
    }

    /// From now on JPEG files are at least that large; 0 leaves them as they are.
    pub fn set_file_bytes(&self, bytes: usize) {
        self.inside.body().file_bytes = bytes;
    }

    /// Formats the card: nothing is left on it. Numbers go on, as a body's do.
    pub fn format_card(&self) {
        self.inside.body().card.format();
    }

    /// The next file bears that number, in that folder (100 is 100CANON).
    pub fn number_from(&self, folder: u16, number: u16) {
        self.inside.body().card.number_from(folder, number);
    }

    /// Sets the camera's clock that far ahead of the real one, behind it when negative.
    pub fn set_clock_offset_ms(&self, offset_ms: i64) {
        self.inside.body().clock.set_offset_ms(offset_ms);
    }

    /// Charges the battery to 100, 75, 50, 25 or 0 percent.
    pub fn set_battery(&self, percent: u8) {
        self.inside.body().set_battery(percent);
    }

    /// Turns a dial on the body: `aperture` `5.6`, `shutter` `1/125`, `iso` `100` or `auto`, `whitebalance` `auto`,
    /// `daylight`, `cloudy`, `flash`, `manual` or `kelvin`, `kelvin` `5500`, `focus` `one-shot`, `servo` or `manual`,
    /// `format` `large`, `medium`, `small`, `raw` or `raw+large`.
    pub fn turn(&self, dial: &str, engraved: &str) -> Result<(), NoSuchStop> {
        self.inside.body().turn(dial, engraved)
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
