//! Everything that goes wrong on a session day.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use gphoto2::error::ErrorKind;
use virtual_camera::{Fault, Options, Refusal, VirtualCamera};

use crate::stage::{Ended, FOLDER, Host, alone, heavy_scene, sha256};

/// PTP operations the faults fall on.
const GET_OBJECT: u16 = 0x1009;
const REMOTE_RELEASE_ON: u16 = 0x9128;

#[test]
fn the_cable_is_pulled() -> Ended {
    alone("failures::the_cable_is_pulled", || {
        let camera = VirtualCamera::start(&Options::default())?;
        let host = Host::connect(&camera)?;
        host.shoot_to_card()?;
        camera.unplug();
        assert!(host.event(100).is_err());
        assert!(host.camera.trigger_capture().wait().is_err());
        camera.press_shutter()?;
        camera.plug()?;
        let host = host.reconnect(&camera)?;
        assert_eq!(host.list(FOLDER)?, ["IMG_0001.JPG"]);
        let bytes = host.download(FOLDER, "IMG_0001.JPG")?;
        assert_eq!(camera.exposures().first().map(|truth| truth.sha256.clone()), Some(sha256(&bytes)));
        camera.unplug();
        assert!(host.reconnect(&camera).is_err());
        Ok(())
    })
}

#[test]
fn the_line_is_cut_mid_transfer() -> Ended {
    alone("failures::the_line_is_cut_mid_transfer", || {
        let camera = VirtualCamera::start(&Options::default())?;
        camera.set_scene("heavy", &heavy_scene(3))?;
        let host = Host::connect(&camera)?;
        host.shoot_to_card()?;
        host.camera.trigger_capture().wait()?;
        let (folder, name) = host.next_file()?;
        camera.faults().set(Fault::Cut { after: 1_500_000 });
        assert!(host.download(&folder, &name).is_err());
        let host = host.reconnect(&camera)?;
        let bytes = host.download(&folder, &name)?;
        assert_eq!(camera.exposures().first().map(|truth| truth.sha256.clone()), Some(sha256(&bytes)));
        Ok(())
    })
}

/// libgphoto2 calls a file complete that is not; only its size tells.
#[test]
fn a_short_read() -> Ended {
    alone("failures::a_short_read", || {
        let camera = VirtualCamera::start(&Options::default())?;
        camera.set_scene("heavy", &heavy_scene(3))?;
        let host = Host::connect(&camera)?;
        host.shoot_to_card()?;
        camera.press_shutter()?;
        let (folder, name) = host.next_file()?;
        camera.faults().set(Fault::Short { at: 1 << 20, times: 1 });
        assert_eq!(host.download(&folder, &name)?.len(), 1 << 20);
        // libgphoto2 keeps what it has downloaded; only a new connection asks the camera again.
        let host = host.reconnect(&camera)?;
        let bytes = host.download(&folder, &name)?;
        assert_eq!(camera.exposures().first().map(|truth| truth.sha256.clone()), Some(sha256(&bytes)));
        Ok(())
    })
}

#[test]
fn it_hangs() -> Ended {
    alone("failures::it_hangs", || {
        let camera = VirtualCamera::start(&Options { prefill: 1, ..Options::default() })?;
        let host = Host::connect(&camera)?;
        camera.faults().set(Fault::Hang { opcode: GET_OBJECT });
        let begun = Instant::now();
        assert!(host.download(FOLDER, "IMG_0001.JPG").is_err());
        assert!(begun.elapsed() > Duration::from_secs(2));
        camera.faults().clear();
        let host = host.reconnect(&camera)?;
        assert!(!host.download(FOLDER, "IMG_0001.JPG")?.is_empty());
        Ok(())
    })
}

#[test]
fn it_is_busy() -> Ended {
    alone("failures::it_is_busy", || {
        let camera = VirtualCamera::start(&Options::default())?;
        let host = Host::connect(&camera)?;
        host.shoot_to_card()?;
        camera.faults().set(Fault::Busy { opcode: REMOTE_RELEASE_ON, times: 2 });
        for _ in 0..2 {
            let refused = host.camera.trigger_capture().wait();
            assert_eq!(refused.map_err(|error| error.kind()), Err(ErrorKind::CameraBusy));
        }
        host.camera.trigger_capture().wait()?;
        assert_eq!(host.next_file()?.1, "IMG_0001.JPG");
        Ok(())
    })
}

#[test]
fn it_refuses() -> Ended {
    alone("failures::it_refuses", || {
        let camera = VirtualCamera::start(&Options::default())?;
        let host = Host::connect(&camera)?;
        host.shoot_to_card()?;
        for (fault, refusal) in [
            (Fault::CardFull, Refusal::CardFull),
            (Fault::NoCard, Refusal::NoCard),
            (Fault::NoFocus, Refusal::NoFocus),
        ] {
            camera.faults().set(fault);
            let refused = host.camera.trigger_capture().wait();
            assert_eq!(refused.map_err(|error| error.kind()), Err(ErrorKind::Other));
            assert_eq!(camera.press_shutter(), Err(refusal));
            camera.faults().clear();
            host.drain()?;
        }
        let denied = Fault::Respond { opcode: REMOTE_RELEASE_ON, code: 0x200F, times: Some(1) };
        camera.faults().set(denied);
        assert!(host.camera.trigger_capture().wait().is_err());
        host.camera.trigger_capture().wait()?;
        assert_eq!(host.next_file()?.1, "IMG_0001.JPG");
        Ok(())
    })
}

#[test]
fn the_card_fills_up() -> Ended {
    alone("failures::the_card_fills_up", || {
        let camera = VirtualCamera::start(&Options { card_bytes: 25_000, ..Options::default() })?;
        let host = Host::connect(&camera)?;
        host.shoot_to_card()?;
        for expected in ["IMG_0001.JPG", "IMG_0002.JPG"] {
            camera.press_shutter()?;
            assert_eq!(host.next_file()?.1, expected);
        }
        assert_eq!(camera.press_shutter(), Err(Refusal::CardFull));
        host.camera.fs().delete_file(FOLDER, "IMG_0001.JPG").wait()?;
        camera.press_shutter()?;
        assert_eq!(host.next_file()?.1, "IMG_0003.JPG");
        Ok(())
    })
}

#[test]
fn the_line_is_slow() -> Ended {
    alone("failures::the_line_is_slow", || {
        let camera = VirtualCamera::start(&Options::default())?;
        camera.set_scene("heavy", &heavy_scene(1))?;
        let host = Host::connect(&camera)?;
        host.shoot_to_card()?;
        camera.press_shutter()?;
        let (folder, name) = host.next_file()?;
        camera.faults().set(Fault::Throttle { bytes_per_second: 1_000_000 });
        let begun = Instant::now();
        let bytes = host.download(&folder, &name)?;
        assert!((900..3000).contains(&begun.elapsed().as_millis()), "{:?}", begun.elapsed());
        assert_eq!(camera.exposures().first().map(|truth| truth.sha256.clone()), Some(sha256(&bytes)));
        Ok(())
    })
}

#[test]
fn strangers_knock() -> Ended {
    alone("failures::strangers_knock", || {
        let camera = VirtualCamera::start(&Options { prefill: 1, ..Options::default() })?;
        let port = camera.gphoto_port();
        let port: u16 = port.rsplit(':').next().unwrap_or_default().parse()?;
        for garbage in [&b"GET / HTTP/1.1\r\n\r\n"[..], &[0xFF; 64], &[8, 0, 0, 0, 6, 0, 0, 0]] {
            TcpStream::connect(("127.0.0.1", port))?.write_all(garbage)?;
        }
        let silent = TcpStream::connect(("127.0.0.1", port))?;
        let host = Host::connect(&camera)?;
        assert_eq!(host.list(FOLDER)?, ["IMG_0001.JPG"]);
        assert!(camera.log().iter().any(|operation| operation.opcode == 0x1002));
        drop(silent);
        Ok(())
    })
}

/// A host that no longer says anything gives way to the next.
#[test]
fn the_last_host_is_forgotten() -> Ended {
    alone("failures::the_last_host_is_forgotten", || {
        let camera = VirtualCamera::start(&Options { prefill: 1, ..Options::default() })?;
        let forgotten = Host::connect(&camera)?;
        let host = Host::connect(&camera)?;
        assert_eq!(host.list(FOLDER)?, ["IMG_0001.JPG"]);
        assert!(forgotten.event(50).is_err());
        Ok(())
    })
}
