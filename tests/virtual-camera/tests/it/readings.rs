//! What the camera says of itself: clock, battery, serial numbers, card, settings.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use gphoto2::widget::{DateWidget, RadioWidget, TextWidget};
use virtual_camera::{Options, VirtualCamera};

use crate::stage::{Ended, FOLDER, Host, alone};

/// Seconds since 1970, by the real clock.
#[expect(clippy::disallowed_methods, reason = "the camera's clock is measured against the real one")]
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

fn date(host: &Host, key: &str) -> Result<i64, Box<dyn std::error::Error>> {
    Ok(host.camera.config_key::<DateWidget>(key).wait()?.timestamp().into())
}

fn text(host: &Host, key: &str) -> Result<String, Box<dyn std::error::Error>> {
    Ok(host.camera.config_key::<TextWidget>(key).wait()?.value())
}

/// `datetimeutc` is the camera's UTC; `datetime` is its wall clock, which libgphoto2 takes for one of
/// this computer's zone. Both are as they were when the session began, and stay so.
#[test]
fn the_clock() -> Ended {
    alone("readings::the_clock", || {
        let camera = VirtualCamera::start(&Options {
            clock_offset_ms: -90_000,
            zone_minutes: 0,
            ..Options::default()
        })?;
        let host = Host::connect(&camera)?;
        let behind = now() - date(&host, "datetimeutc")?;
        assert!((89..=91).contains(&behind), "{behind}");
        if std::env::var_os("TZ").is_none() && is_utc() {
            assert_eq!(date(&host, "datetime")?, date(&host, "datetimeutc")?);
        }

        camera.set_clock_offset_ms(3_600_000);
        host.drain()?;
        let still_behind = now() - date(&host, "datetimeutc")?;
        assert!((89..=93).contains(&still_behind), "{still_behind}");

        let host = host.reconnect(&camera)?;
        let ahead = date(&host, "datetimeutc")? - now();
        assert!((3599..=3601).contains(&ahead), "{ahead}");

        camera.press_shutter()?;
        let (_, _, picture) = host.next_picture()?;
        let taken =
            picture.windows(19).find(|window| window.get(4) == Some(&b':') && window.get(10) == Some(&b' '));
        assert!(taken.is_some_and(|taken| taken.starts_with(b"20")));
        Ok(())
    })
}

fn is_utc() -> bool {
    std::fs::read_link("/etc/localtime").is_ok_and(|zone| zone.ends_with("UTC"))
}

#[test]
fn a_ticking_clock() -> Ended {
    alone("readings::a_ticking_clock", || {
        let camera = VirtualCamera::start(&Options { clock_ticks: true, ..Options::default() })?;
        let host = Host::connect(&camera)?;
        let before = date(&host, "datetimeutc")?;
        std::thread::sleep(Duration::from_millis(1100));
        assert!(date(&host, "datetimeutc")? > before);
        Ok(())
    })
}

#[test]
fn battery_and_numbers() -> Ended {
    alone("readings::battery_and_numbers", || {
        let camera = VirtualCamera::start(&Options {
            battery: 50,
            body_serial: "012345678901".to_owned(),
            ..Options::default()
        })?;
        let host = Host::connect(&camera)?;
        assert_eq!(text(&host, "batterylevel")?, "50%");
        assert_eq!(text(&host, "eosserialnumber")?, "012345678901");
        assert_eq!(text(&host, "serialnumber")?.len(), 32);
        assert_eq!(text(&host, "cameramodel")?, "Canon EOS 80D");
        // libgphoto2 keeps a standard property for two seconds.
        camera.set_battery(0);
        std::thread::sleep(Duration::from_secs(3));
        assert_eq!(text(&host, "batterylevel")?, "0%");

        camera.press_shutter()?;
        let (_, _, picture) = host.next_picture()?;
        assert!(picture.windows(12).any(|window| window == b"012345678901"));
        Ok(())
    })
}

#[test]
fn the_card() -> Ended {
    alone("readings::the_card", || {
        let camera = VirtualCamera::start(&Options {
            card_bytes: 64_000_000_000,
            prefill: 3000,
            ..Options::default()
        })?;
        let host = Host::connect(&camera)?;
        let storages = host.camera.storages().wait()?;
        let card = storages.first().ok_or("no storage")?;
        // The crate's "kb" are bytes.
        assert_eq!(card.capacity_kb(), Some(64_000_000_000));
        assert!(card.free_kb().is_some_and(|free| (63_000_000_000..64_000_000_000).contains(&free)));
        assert_eq!(host.list(FOLDER)?.len(), 3000);
        Ok(())
    })
}

#[test]
fn settings() -> Ended {
    alone("readings::settings", || {
        let camera = VirtualCamera::start(&Options::default())?;
        let host = Host::connect(&camera)?;
        for (key, value, choices) in [
            ("iso", "100", 24),
            ("aperture", "8", 16),
            ("shutterspeed", "1/125", 26),
            ("imageformat", "Large Fine JPEG", 8),
            ("capturetarget", "Internal RAM", 2),
        ] {
            let setting = host.camera.config_key::<RadioWidget>(key).wait()?;
            assert_eq!((key, setting.choice().as_str()), (key, value));
            assert_eq!((key, setting.choices_iter().count()), (key, choices));
        }
        let iso = host.camera.config_key::<RadioWidget>("iso").wait()?;
        iso.set_choice("800")?;
        host.camera.set_config(&iso).wait()?;
        let host = host.reconnect(&camera)?;
        let iso = host.camera.config_key::<RadioWidget>("iso").wait()?;
        assert_eq!(iso.choice(), "800");
        Ok(())
    })
}

/// A dial turned on the body is heard by the host; one that is locked, no host turns.
#[test]
fn dials() -> Ended {
    alone("readings::dials", || {
        let camera = VirtualCamera::start(&Options {
            dials: vec![("shutter".to_owned(), "1/60".to_owned())],
            locked: vec!["iso".to_owned()],
            ..Options::default()
        })?;
        let host = Host::connect(&camera)?;
        let stands = |key: &str| -> Result<String, Box<dyn std::error::Error>> {
            Ok(host.camera.config_key::<RadioWidget>(key).wait()?.choice())
        };
        assert_eq!((stands("shutterspeed")?.as_str(), stands("aperture")?.as_str()), ("1/60", "8"));
        camera.turn("aperture", "5.6")?;
        assert_eq!(stands("aperture")?, "5.6");
        let iso = host.camera.config_key::<RadioWidget>("iso").wait()?;
        iso.set_choice("800")?;
        assert!(host.camera.set_config(&iso).wait().is_err());
        assert_eq!(stands("iso")?, "100");
        camera.turn("iso", "400")?;
        assert_eq!(stands("iso")?, "400");

        camera.press_shutter()?;
        let (_, _, picture) = host.next_picture()?;
        let says = |ratio: [u32; 2]| {
            let bytes: Vec<u8> = ratio.iter().flat_map(|number| number.to_le_bytes()).collect();
            picture.windows(8).any(|window| window == bytes)
        };
        assert!(says([56, 10]) && says([1, 60]) && !says([80, 10]));
        let nowhere =
            VirtualCamera::start(&Options { locked: vec!["zoom".to_owned()], ..Options::default() });
        assert!(nowhere.is_err_and(|err| err.to_string().contains("zoom")));
        Ok(())
    })
}
