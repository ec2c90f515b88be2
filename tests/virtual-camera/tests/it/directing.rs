//! The stagehand's line and the program `virtual-camera`.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use virtual_camera::{Options, VirtualCamera};

use crate::stage::{Ended, heavy_scene};

/// A stagehand: says a line, hears a line.
struct Stagehand(BufReader<TcpStream>);

impl Stagehand {
    fn at(address: &str) -> Result<Self, std::io::Error> {
        Ok(Self(BufReader::new(TcpStream::connect(address)?)))
    }

    fn say(&mut self, words: &[u8]) -> Result<String, std::io::Error> {
        self.0.get_mut().write_all(words)?;
        let mut answer = String::new();
        self.0.read_line(&mut answer)?;
        Ok(answer.trim_end().to_owned())
    }

    fn scene(&mut self, label: &str, jpeg: &[u8]) -> Result<String, std::io::Error> {
        let mut words = format!("SCENE {label} {}\n", jpeg.len()).into_bytes();
        words.extend_from_slice(jpeg);
        self.say(&words)
    }
}

#[test]
fn every_request_has_one_answer() -> Ended {
    let camera = VirtualCamera::start(&Options { stagehand: Some(0), ..Options::default() })?;
    let mut stagehand = Stagehand::at(&camera.stagehand_address().ok_or("no stagehand's port")?)?;
    assert_eq!(stagehand.scene("han-meimei", &heavy_scene(1))?, "OK");
    assert_eq!(stagehand.scene("nonsense", b"not a picture\n")?, "ERR the scene is not a JPEG");
    assert_eq!(stagehand.say(b"PRESS\n")?, "OK 1");
    assert_eq!(stagehand.say(b"UNPLUG\n")?, "OK");
    assert_eq!(stagehand.say(b"PLUG\n")?, "OK");
    assert_eq!(stagehand.say(b"FAULT no-card\n")?, "OK");
    assert_eq!(stagehand.say(b"PRESS\n")?, "ERR there is no card");
    assert_eq!(stagehand.say(b"CLEAR\n")?, "OK");
    assert_eq!(stagehand.say(b"FAULT melt\n")?, "ERR no such fault: melt");
    assert_eq!(stagehand.say(b"CLOCK -90000\n")?, "OK");
    assert_eq!(stagehand.say(b"BATTERY 25\n")?, "OK");
    assert_eq!(stagehand.say(b"PLUG usb:001,043\n")?, "ERR the camera is not on USB");
    assert_eq!(stagehand.say(b"DIAL aperture 5.6\n")?, "OK");
    assert_eq!(stagehand.say(b"DIAL aperture 5.7\n")?, "ERR no such stop: aperture 5.7");
    assert!(stagehand.say(b"SING\n")?.starts_with("ERR"));

    let answer = stagehand.say(b"EXPOSURES\n")?;
    let exposures: serde_json::Value = serde_json::from_str(answer.trim_start_matches("OK "))?;
    let first = exposures.get(0).ok_or("no exposure")?;
    assert_eq!(first.get("label").and_then(|label| label.as_str()), Some("han-meimei"));
    assert_eq!(first.get("trigger").and_then(|trigger| trigger.as_str()), Some("Body"));
    let truth = camera.exposures().first().map(|truth| truth.sha256.clone());
    assert_eq!(first.get("sha256").and_then(|sha256| sha256.as_str()), truth.as_deref());

    assert!(!camera.is_dismissed());
    assert_eq!(stagehand.say(b"QUIT\n")?, "OK");
    assert!(camera.is_dismissed());
    Ok(())
}

/// What may be changed on the body while it is on, and what comes of it.
#[test]
fn dials_are_turned_from_outside() -> Ended {
    let camera = VirtualCamera::start(&Options { stagehand: Some(0), ..Options::default() })?;
    let mut stagehand = Stagehand::at(&camera.stagehand_address().ok_or("no stagehand's port")?)?;
    for words in
        ["SIZE 100000", "DELAY 1", "NUMBER 100 9999", "PRESS", "PRESS", "FORMAT", "NUMBER 100 9999", "PRESS"]
    {
        let answer = stagehand.say(format!("{words}\n").as_bytes())?;
        assert!(answer.starts_with("OK"), "{words}: {answer}");
    }
    let exposures = camera.exposures();
    let places: Vec<(&str, &str)> =
        exposures.iter().map(|it| (it.folder.as_str(), it.name.as_str())).collect();
    let (old, new) = ("/store_00020001/DCIM/100CANON", "/store_00020001/DCIM/101CANON");
    assert_eq!(places, [(old, "IMG_9999.JPG"), (new, "IMG_0001.JPG"), (old, "IMG_9999.JPG")]);
    assert_ne!(exposures.first().map(|it| &it.sha256), exposures.last().map(|it| &it.sha256));
    Ok(())
}

/// On USB the program says what a host needs in its environment, and there is nothing but the io-library there.
#[test]
fn the_program_says_where_its_bus_is() -> Ended {
    let mut program = Command::new(env!("CARGO_BIN_EXE_virtual-camera"))
        .arg("--usb")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut hello = String::new();
    BufReader::new(program.stdout.take().ok_or("no output")?).read_line(&mut hello)?;
    let hello: serde_json::Value = serde_json::from_str(&hello)?;
    assert_eq!(hello.get("port").and_then(|port| port.as_str()), Some("usb:001,042"));
    let of = |name: &str| Some(hello.get("environment")?.get(name)?.as_str()?.to_owned());
    assert!(of("CAIYING_VIRTUAL_USB").is_some_and(|address| address.starts_with("127.0.0.1:")), "{hello}");
    let folder = std::fs::read_dir(of("IOLIBS").ok_or("no IOLIBS")?)?;
    let files: Vec<_> = folder.filter_map(|file| Some(file.ok()?.file_name())).collect();
    assert_eq!(files, ["virtual_usb.so"]);
    drop(program.stdin.take());
    assert!(ended(&mut program)?);
    Ok(())
}

#[test]
fn the_program_ends_with_its_input() -> Ended {
    let (mut program, mut stagehand) = program()?;
    assert_eq!(stagehand.say(b"PRESS\n")?, "OK 1");
    drop(program.stdin.take());
    assert!(ended(&mut program)?);
    Ok(())
}

#[test]
fn the_program_ends_when_sent_home() -> Ended {
    let (mut program, mut stagehand) = program()?;
    assert_eq!(stagehand.say(b"QUIT\n")?, "OK");
    assert!(ended(&mut program)?);
    Ok(())
}

/// The program, started as `caiying rehearse` starts it.
fn program() -> Result<(std::process::Child, Stagehand), Box<dyn std::error::Error>> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_virtual-camera"))
        .args(["--stagehand", "0", "--prefill", "2"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut hello = String::new();
    BufReader::new(program.stdout.take().ok_or("no output")?).read_line(&mut hello)?;
    let hello: serde_json::Value = serde_json::from_str(&hello)?;
    let port = hello.get("port").and_then(|port| port.as_str()).unwrap_or_default();
    assert!(port.starts_with("ptpip:127.0.0.1:"), "{hello}");
    let stagehand = hello.get("stagehand").and_then(|address| address.as_str());
    let stagehand = Stagehand::at(stagehand.ok_or("no stagehand")?)?;
    Ok((program, stagehand))
}

fn ended(program: &mut std::process::Child) -> Result<bool, std::io::Error> {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(5) {
        if let Some(status) = program.try_wait()? {
            return Ok(status.success());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    program.kill()?;
    Ok(false)
}
