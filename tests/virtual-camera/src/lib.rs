//! A virtual Canon EOS 80D.
//!
//! The stock libgphoto2 (2.5.30 of Debian 12, and later) takes it for a camera: it lists and downloads
//! files, releases the shutter, hears of shots taken on the body, reads storage, battery, clock and
//! settings. So a test of a tethering program drives the real driver, not a mock of it.
//!
//! One camera, two cables ([`Transport`]): over PTP/IP libgphoto2 connects to `ptpip:127.0.0.1:P:P` as
//! model `PTP/IP Camera`; over USB its autodetection finds `Canon EOS 80D` on `usb:001,042`, through the
//! io-library of the crate `virtual-usb`, in a program whose environment is that of
//! [`VirtualCamera::environment`].
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use virtual_camera::{Fault, Options, VirtualCamera};
//!
//! let camera = VirtualCamera::start(&Options { prefill: 12, ..Options::default() })?;
//! println!("gphoto2 --camera 'PTP/IP Camera' --port {}", camera.gphoto_port());
//! camera.set_scene("li-lei", &std::fs::read("li-lei.jpg")?)?;
//! camera.press_shutter()?;
//! camera.faults().set(Fault::Cut { after: 500_000 });
//! for exposure in camera.exposures() {
//!     println!("{} {} {}", exposure.number, exposure.label, exposure.sha256);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Every exposure is the current scene with the camera's own EXIF in it (model, body serial number,
//! the time on the camera's clock, how the dials stood), so every file is unlike every other, and [`Exposure`] tells what
//! the truth is: which scene, which trigger, which bytes.
//!
//! # Map
//!
//! From the wire to the lens:
//!
//! * `transport` what both cables carry · `wire` PTP/IP packets · `usb` USB containers · `ptp` codes and datasets
//! * `door` the port, plugged or not · `session` one host: requests, replies, faults in between
//! * `operations` one handler per operation
//! * `body` settings, card, memory · `properties` · `dials` · `events` what it reports · `clock` · `card`
//! * `shutter` from the release to the file · `scene` what the lens sees · `exif`
//! * `live` live view: when there is a frame, and the scene made small for it
//! * `faults` what goes wrong · `hostile` answers that are lies · `log` what was asked
//! * `camera` the handle a test holds · `stagehand` the same for another process
//!
//! One lock holds the body; the threads are named `vcam-*`. Nothing that comes over a socket may
//! panic: lengths are checked, unknown packets passed over, unknown operations refused.
//!
//! # What it is not
//!
//! The facts it rests on are libgphoto2's source and public reports of EOS bodies, not a camera on
//! the bench. It does not play: lens drive, movies, uploads, more than one card slot.

mod body;
mod camera;
mod card;
mod clock;
mod dials;
mod door;
mod events;
mod exif;
mod faults;
mod hostile;
mod inside;
mod live;
mod log;
mod operations;
mod options;
mod properties;
mod ptp;
mod scene;
mod session;
mod shutter;
mod stagehand;
mod transport;
mod usb;
mod wire;

pub use camera::VirtualCamera;
pub use dials::NoSuchStop;
pub use faults::{Fault, Faults, UnknownFault};
pub use hostile::Lie;
pub use log::Operation;
pub use options::{Options, Transport};
pub use scene::{Exposure, NotJpeg, RawTwin, Trigger};
pub use shutter::Refusal;
