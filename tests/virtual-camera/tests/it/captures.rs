//! Pictures: from the computer, from the body, to the card, to memory, in pairs, and past 9999.

use std::time::Duration;

use gphoto2::camera::CameraEvent;
use gphoto2::widget::RadioWidget;
use virtual_camera::{Fault, Options, Trigger, VirtualCamera};

use crate::stage::{Ended, FOLDER, Host, alone, heavy_scene, sha256};

#[test]
fn on_the_card() -> Ended {
    alone("captures::on_the_card", || {
        let camera = VirtualCamera::start(&Options {
            prefill: 2,
            capture_delay: Duration::from_millis(100),
            ..Options::default()
        })?;
        let host = Host::connect(&camera)?;
        assert_eq!(host.list(FOLDER)?, ["IMG_0001.JPG", "IMG_0002.JPG"]);
        host.shoot_to_card()?;
        for (label, megabytes) in [("small", 0), ("large", 3)] {
            camera.set_scene(label, &heavy_scene(megabytes))?;
            host.camera.trigger_capture().wait()?;
            let (folder, name, bytes) = host.next_picture()?;
            host.drain()?;

            let exposures = camera.exposures();
            let truth = exposures.last().ok_or("no exposure")?;
            assert_eq!((truth.trigger, truth.label.as_str()), (Trigger::Host, label));
            assert_eq!((&truth.folder, &truth.name), (&folder, &name));
            assert_eq!(truth.sha256, sha256(&bytes));
            let info = host.camera.fs().file_info(&folder, &name).wait()?;
            assert_eq!(info.file().size(), Some(bytes.len() as u64));
            assert_eq!(info.file().width(), Some(960));
        }
        assert_eq!(host.list(FOLDER)?.len(), 4);
        Ok(())
    })
}

#[test]
fn by_a_finger() -> Ended {
    alone("captures::by_a_finger", || {
        let camera = VirtualCamera::start(&Options::default())?;
        let host = Host::connect(&camera)?;
        host.shoot_to_card()?;
        assert_eq!(camera.press_shutter(), Ok(1));
        let (_, name, bytes) = host.next_picture()?;
        let exposures = camera.exposures();
        let truth = exposures.first().ok_or("no exposure")?;
        assert_eq!((truth.trigger, &truth.name), (Trigger::Body, &name));
        assert_eq!(truth.sha256, sha256(&bytes));
        Ok(())
    })
}

/// libgphoto2 drops what the camera had to say when the computer releases the shutter: a shot on the
/// body that has not been heard of is never announced. A program must drain events first.
#[test]
fn unheard_of() -> Ended {
    alone("captures::unheard_of", || {
        let camera = VirtualCamera::start(&Options::default())?;
        let host = Host::connect(&camera)?;
        host.shoot_to_card()?;
        camera.press_shutter()?;
        std::thread::sleep(Duration::from_millis(50));
        host.camera.trigger_capture().wait()?;
        assert_eq!(host.next_file()?.1, "IMG_0002.JPG");
        host.drain()?;
        assert_eq!(host.list(FOLDER)?, ["IMG_0001.JPG", "IMG_0002.JPG"]);
        Ok(())
    })
}

#[test]
fn to_memory() -> Ended {
    alone("captures::to_memory", || {
        let camera = VirtualCamera::start(&Options::default())?;
        let host = Host::connect(&camera)?;
        camera.set_scene("memory", &heavy_scene(2))?;
        host.camera.trigger_capture().wait()?;
        let (folder, name, bytes) = host.next_picture()?;
        assert_eq!((folder.as_str(), name.as_str()), ("/", "capt0000.jpg"));
        let exposures = camera.exposures();
        let truth = exposures.first().ok_or("no exposure")?;
        assert_eq!((&truth.folder, &truth.sha256), (&folder, &sha256(&bytes)));
        assert!(host.list("/store_00020001/DCIM")?.is_empty());
        Ok(())
    })
}

#[test]
fn in_pairs() -> Ended {
    alone("captures::in_pairs", || {
        let camera = VirtualCamera::start(&Options { raw_and_jpeg: true, ..Options::default() })?;
        let host = Host::connect(&camera)?;
        host.shoot_to_card()?;
        host.camera.trigger_capture().wait()?;
        let (_, raw_name, raw) = host.next_picture()?;
        let (_, name, jpeg) = host.next_picture()?;
        assert_eq!((raw_name.as_str(), name.as_str()), ("IMG_0001.CR2", "IMG_0001.JPG"));
        let exposures = camera.exposures();
        let truth = exposures.first().ok_or("no exposure")?;
        assert_eq!(truth.sha256, sha256(&jpeg));
        assert_eq!(truth.raw.as_ref().map(|raw| &raw.sha256), Some(&sha256(&raw)));

        let format = host.camera.config_key::<RadioWidget>("imageformat").wait()?;
        let jpeg_only = format.choices_iter().next().ok_or("no image format")?;
        format.set_choice(&jpeg_only)?;
        host.camera.set_config(&format).wait()?;
        host.drain()?;
        host.camera.trigger_capture().wait()?;
        assert_eq!(host.next_file()?.1, "IMG_0002.JPG");
        Ok(())
    })
}

#[test]
fn past_9999() -> Ended {
    alone("captures::past_9999", || {
        let camera = VirtualCamera::start(&Options { prefill: 1, first_number: 9998, ..Options::default() })?;
        let host = Host::connect(&camera)?;
        host.shoot_to_card()?;
        camera.press_shutter()?;
        assert_eq!(host.next_file()?, (FOLDER.to_owned(), "IMG_9999.JPG".to_owned()));
        camera.press_shutter()?;
        let mut folder_came = false;
        let (folder, name) = loop {
            match host.event(500)? {
                CameraEvent::NewFolder(path) => folder_came = path.name() == "101CANON",
                CameraEvent::NewFile(path) => break (path.folder().into_owned(), path.name().into_owned()),
                CameraEvent::Timeout => return Err("no new file".into()),
                CameraEvent::Unknown(_) | CameraEvent::FileChanged(_) | CameraEvent::CaptureComplete => {}
            }
        };
        assert!(folder_came);
        assert_eq!((folder.as_str(), name.as_str()), ("/store_00020001/DCIM/101CANON", "IMG_0001.JPG"));
        assert_eq!(host.list("/store_00020001/DCIM/101CANON")?, ["IMG_0001.JPG"]);
        let bytes = host.download(&folder, &name)?;
        assert_eq!(camera.exposures().last().map(|truth| truth.sha256.clone()), Some(sha256(&bytes)));
        Ok(())
    })
}

#[test]
fn deleted() -> Ended {
    alone("captures::deleted", || {
        let camera = VirtualCamera::start(&Options { prefill: 2, ..Options::default() })?;
        let host = Host::connect(&camera)?;
        host.camera.fs().delete_file(FOLDER, "IMG_0001.JPG").wait()?;
        assert_eq!(host.list(FOLDER)?, ["IMG_0002.JPG"]);
        let host = host.reconnect(&camera)?;
        assert_eq!(host.list(FOLDER)?, ["IMG_0002.JPG"]);
        Ok(())
    })
}

#[test]
fn live_view() -> Ended {
    alone("captures::live_view", || {
        let camera = VirtualCamera::start(&Options::default())?;
        let host = Host::connect(&camera)?;
        let frame = host.camera.capture_preview().wait()?;
        let frame = frame.get_data(&host.context).wait()?;
        assert_eq!(frame.as_ref(), include_bytes!("../../assets/grey.jpg"));
        camera.faults().set(Fault::EmptyFrames { times: 1 });
        let frame = host.camera.capture_preview().wait()?;
        assert_eq!(frame.size(&host.context).wait()?, 0);
        Ok(())
    })
}
