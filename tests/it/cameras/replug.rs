//! Plugged out and in again, on a bus that the kernel tells of: how soon a camera is back, which one it is, and
//! who has it when we have not.

use caiying::camera::{Holder, NotReleased, usb_bus::UsbCamera};

use super::{doctor::process, *};

/// A pretended `/sys/bus/usb/devices` beside the simulated bus.
struct Sysfs(PathBuf);

impl Sysfs {
    fn plug(&self, port: &str) {
        let camera = UsbCamera::at_port(port).unwrap();
        let (device, interface) = (self.0.join("1-4"), self.0.join("1-4:1.0"));
        for (folder, key, said) in [
            (&device, "busnum", camera.bus.to_string()),
            (&device, "devnum", camera.device.to_string()),
            (&interface, "bInterfaceClass", "06".to_owned()),
            (&interface, "bInterfaceSubClass", "01".to_owned()),
            (&interface, "bInterfaceProtocol", "01".to_owned()),
        ] {
            fs::create_dir_all(folder).unwrap();
            fs::write(folder.join(key), said + "\n").unwrap();
        }
    }

    fn unplug(&self) {
        for name in ["1-4", "1-4:1.0"] {
            fs::remove_dir_all(self.0.join(name)).unwrap();
        }
    }
}

/// A camera on the simulated bus, plugged in.
fn on_a_bus() -> (Tethered, Sysfs) {
    let mut plugged = plugged(&Options::default());
    let root = plugged.home.path();
    let sysfs = Sysfs(root.join("bus"));
    sysfs.plug("usb:001,042");
    let (bus, neighbours) = (UsbBus::at(sysfs.0.clone()), Neighbours::below(root));
    plugged.camera = plugged.camera.with_surroundings(bus, neighbours);
    (plugged, sysfs)
}

/// How long until it is connected; other news are passed over.
fn back(camera: &mut LinkedCamera) -> Duration {
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(60) {
        if let CameraNews::Connected(_) = camera.next(PATIENCE) {
            return since.elapsed();
        }
    }
    panic!("it never came back");
}

/// Somebody may sit before the wrong one.
#[test]
fn the_first_of_several_cameras_is_named() {
    let (mut plugged, sysfs) = on_a_bus();
    Sysfs(sysfs.0.join("../beside")).plug("usb:001,043");
    for name in ["1-4", "1-4:1.0"] {
        fs::rename(sysfs.0.join("../beside").join(name), sysfs.0.join(name.replace('4', "5"))).unwrap();
    }
    back(&mut plugged.camera);
    let told = notices(&mut plugged.camera);
    assert!(matches!(&told[..], [CameraError::SeveralCameras { count: 2, .. }]), "{told:?}");
}

/// However long it was away: a back-off would be at its longest by then.
#[test]
fn a_camera_that_is_plugged_in_again_is_back_at_once() {
    let (mut plugged, sysfs) = on_a_bus();
    connected(&mut plugged.camera);
    let mut slowest = Duration::ZERO;
    for port in ["usb:001,043", "usb:002,007", "usb:001,042"] {
        plugged.body.unplug();
        sysfs.unplug();
        assert!(lost(&mut plugged.camera).is_gone());
        let since = Instant::now();
        while since.elapsed() < Duration::from_secs(6) {
            assert!(!matches!(plugged.camera.next(PATIENCE), CameraNews::Connected(_)));
        }
        let processes = fs::read_to_string(plugged.home.path().join("processes")).unwrap().lines().count();
        plugged.body.plug_in_at(port).unwrap();
        sysfs.plug(port);
        slowest = slowest.max(back(&mut plugged.camera));
        let after = fs::read_to_string(plugged.home.path().join("processes")).unwrap().lines().count();
        assert!(after - processes <= 2, "libgphoto2 was asked {} times", after - processes);
    }
    eprintln!("a camera was back {slowest:?} after it was plugged in, at the slowest of three");
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
}

/// Another body may look at somebody else: the old one has a few seconds to come back, and then it is said.
#[test]
fn another_body_steps_in_after_a_while_and_is_named() {
    let (mut plugged, sysfs) = on_a_bus();
    connected(&mut plugged.camera);
    let address = plugged.body.environment().unwrap().pop().unwrap().1;
    let port = address.to_str().unwrap().rsplit(':').next().unwrap().parse().unwrap();
    for (serial, named) in [("033021001234", 0), ("033021009999", 1)] {
        plugged.body.unplug();
        sysfs.unplug();
        lost(&mut plugged.camera);
        let since = Instant::now();
        let body_serial = serial.to_owned();
        let options = Options { transport: Transport::Usb, port, body_serial, ..Options::default() };
        plugged.body = VirtualCamera::start(&options).unwrap();
        sysfs.plug("usb:001,042");
        back(&mut plugged.camera);
        let mut told = notices(&mut plugged.camera);
        // It is switched on anew, and its dials stand as they do when it is.
        told.retain(|err| !matches!(err, CameraError::SettingsRestored(_)));
        assert_eq!(told.len(), named, "{told:?}");
        assert!(named == 0 || since.elapsed() >= Duration::from_secs(5), "{:?}", since.elapsed());
    }
}

#[test]
fn who_holds_the_camera_is_told_and_never_ended() {
    let (mut plugged, _sysfs) = on_a_bus();
    let (root, holder) =
        (plugged.home.path().to_owned(), Holder::Program { name: "darktable".to_owned(), pid: 4711 });
    process(&root, 4711, 1, "darktable", &root.join("dev/001/042"));
    plugged.body.faults().set(Fault::Claimed);
    assert_eq!(lost(&mut plugged.camera), CameraError::Claimed { by: Some(holder.clone()) });
    let refused = plugged.camera.release();
    assert_eq!(refused, Err(CameraError::NotReleased(NotReleased::Still(holder))));
    plugged.body.faults().clear();
    connected(&mut plugged.camera);
}
