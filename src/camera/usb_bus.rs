//! What hangs on the USB bus, as the kernel tells it (`/sys/bus/usb/devices`), without waking a camera.
//!
//! libgphoto2 has no word for "a camera was plugged in", and asking it for its list costs 90 ms of a processor
//! each time (facts/camera.md section 4.4). A look into sysfs costs next to nothing, so it can be taken several
//! times a second; libgphoto2 is asked when something has changed, or while something with the interface of a
//! camera (class 06, subclass 01, protocol 01: still image, PTP) is there.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

/// The class, subclass and protocol of a camera's interface.
const STILL_IMAGE: [&str; 3] = ["06", "01", "01"];

/// The USB bus of this computer, or what a test puts in its place.
#[derive(Debug, Clone)]
pub struct UsbBus {
    /// `None` when the cameras that libgphoto2 sees are not the kernel's.
    root: Option<PathBuf>,
}

/// A camera on the bus.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UsbCamera {
    /// The number of the bus.
    pub bus: u16,
    /// Its number there; another one after every plugging in.
    pub device: u16,
    /// What it calls itself; empty when it does not.
    pub name: String,
}

/// What is on the bus at one moment: two looks that are equal mean that nothing was plugged in or out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UsbLook {
    /// Those with a camera's interface.
    pub cameras: Vec<UsbCamera>,
    /// Everything, by its place and its number.
    devices: BTreeSet<(String, String)>,
}

impl UsbCamera {
    /// libgphoto2's name of the port: `usb:001,042`.
    #[must_use]
    pub fn port(&self) -> String {
        format!("usb:{:03},{:03}", self.bus, self.device)
    }

    /// The file through which programs use it, below `/dev/bus/usb`: `001/042`.
    #[must_use]
    pub fn node(&self) -> PathBuf {
        PathBuf::from(format!("{:03}/{:03}", self.bus, self.device))
    }

    /// The camera at a libgphoto2 port, without a look at the bus; `None` when the port is not a USB one that
    /// names a device.
    #[must_use]
    pub fn at_port(port: &str) -> Option<Self> {
        let (bus, device) = port.strip_prefix("usb:")?.split_once(',')?;
        Some(Self { bus: bus.parse().ok()?, device: device.parse().ok()?, name: String::new() })
    }
}

impl UsbBus {
    /// The bus of this computer. With `IOLIBS` set, libgphoto2 has drivers of its own for what it calls USB (a
    /// simulated camera, for one), and sysfs knows nothing of it.
    #[must_use]
    pub fn system() -> Self {
        let own_drivers = env::var_os("IOLIBS").is_some();
        Self { root: (!own_drivers).then(|| PathBuf::from("/sys/bus/usb/devices")) }
    }

    /// A bus that is described below another folder.
    #[must_use]
    pub fn at(root: PathBuf) -> Self {
        Self { root: Some(root) }
    }

    /// What is on the bus now; `None` when nobody can say (then only libgphoto2 can be asked).
    #[must_use]
    pub fn look(&self) -> Option<UsbLook> {
        let mut look = UsbLook::default();
        // Devices are folders such as `1-4.2`; their interfaces lie beside them, as `1-4.2:1.0`.
        for entry in fs::read_dir(self.root.as_ref()?).ok()?.flatten() {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            match name.split_once(':') {
                None => {
                    let number = word(&path, "devnum");
                    look.devices.insert((name, number));
                }
                Some((device, _interface)) if is_camera(&path) => {
                    look.cameras.extend(camera(&path.with_file_name(device)));
                }
                Some(_) => {}
            }
        }
        look.cameras.sort();
        look.cameras.dedup();
        Some(look)
    }
}

fn is_camera(interface: &Path) -> bool {
    let keys = ["bInterfaceClass", "bInterfaceSubClass", "bInterfaceProtocol"];
    keys.map(|key| word(interface, key)) == STILL_IMAGE
}

/// A device, if it has not gone since its interface was seen.
fn camera(device: &Path) -> Option<UsbCamera> {
    let number = |key| word(device, key).parse().ok();
    let words = ["manufacturer", "product"].map(|key| word(device, key));
    // Most products begin with their maker's name.
    let name = words.join(" ");
    Some(UsbCamera { bus: number("busnum")?, device: number("devnum")?, name: name.trim().to_owned() })
}

/// What the kernel says under a key; empty when it says nothing.
fn word(folder: &Path, key: &str) -> String {
    fs::read_to_string(folder.join(key)).map(|text| text.trim().to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plug(root: &Path, place: &str, number: u16, class: [&str; 3]) {
        let device = root.join(place);
        let interface = root.join(format!("{place}:1.0"));
        for folder in [&device, &interface] {
            fs::create_dir_all(folder).unwrap();
        }
        for (key, said) in [("busnum", "1".to_owned()), ("devnum", number.to_string())] {
            fs::write(device.join(key), said + "\n").unwrap();
        }
        fs::write(device.join("product"), "Canon Digital Camera\n").unwrap();
        for (key, said) in ["bInterfaceClass", "bInterfaceSubClass", "bInterfaceProtocol"].iter().zip(class) {
            fs::write(interface.join(key), format!("{said}\n")).unwrap();
        }
    }

    fn unplug(root: &Path, place: &str) {
        fs::remove_dir_all(root.join(place)).unwrap();
        fs::remove_dir_all(root.join(format!("{place}:1.0"))).unwrap();
    }

    #[test]
    fn a_camera_is_told_from_a_mouse_and_each_plugging_in_from_the_last() {
        let root = tempfile::tempdir().unwrap();
        let bus = UsbBus::at(root.path().to_owned());
        let nothing = bus.look().unwrap();
        assert_eq!(nothing.cameras, []);
        plug(root.path(), "1-1", 3, ["03", "01", "02"]);
        let mouse = bus.look().unwrap();
        assert_eq!(mouse.cameras, []);
        assert_ne!(mouse, nothing, "something was plugged in, though no camera");
        plug(root.path(), "1-4.2", 42, STILL_IMAGE);
        let look = bus.look().unwrap();
        assert_eq!(look.cameras.iter().map(UsbCamera::port).collect::<Vec<_>>(), ["usb:001,042"]);
        assert_eq!(look.cameras[0].node(), Path::new("001/042"));
        assert_eq!(look.cameras[0].name, "Canon Digital Camera");
        assert_eq!(bus.look().unwrap(), look, "nothing happened");
        unplug(root.path(), "1-4.2");
        assert_eq!(bus.look().unwrap(), mouse);
        plug(root.path(), "1-4.2", 43, STILL_IMAGE);
        let again = bus.look().unwrap();
        assert_ne!(again, look, "the same place and another number: it was out");
    }

    #[test]
    fn a_port_that_names_no_device_is_none_of_the_buss() {
        let device = UsbCamera::at_port("usb:001,042").unwrap();
        assert_eq!((device.bus, device.device), (1, 42));
        for port in ["usb:", "usb:001", "usb:001,", "ptpip:127.0.0.1", "disk:/tmp"] {
            assert_eq!(UsbCamera::at_port(port), None, "{port}");
        }
        assert_eq!(UsbBus::at("/nowhere/at/all".into()).look(), None);
    }
}
