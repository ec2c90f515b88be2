//! `virtual-camera`: the camera as a program of its own.
//!
//! It prints one line of JSON, `{"port":"ptpip:127.0.0.1:P:P","stagehand":"127.0.0.1:Q"}`, and runs
//! until its standard input closes, the stagehand says QUIT, or it is terminated. So it never
//! outlives the process that started it with a pipe.
//!
//! With `--usb` the port is `usb:001,042`, and `environment` says what any program must have in its
//! environment whose libgphoto2 is to find the camera by itself. By hand, in two shells:
//!
//! ```text
//! $ cargo run -p virtual-camera -- --usb --stagehand 0
//! export IOLIBS='…/deps/virtual-usb' CAIYING_VIRTUAL_USB='127.0.0.1:40123'     (on standard error)
//! $ export IOLIBS=… CAIYING_VIRTUAL_USB=… HOME=$(mktemp -d)
//! $ caiying camera shoot -n 20 --camera auto --json
//! ```

use std::error::Error;
use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread::Builder;
use std::time::Duration;

use virtual_camera::{Options, Transport, VirtualCamera};

const USAGE: &str = "virtual-camera [--usb] [--port P] [--stagehand P] [--scene FILE] [--delay-ms N]
               [--clock-offset-ms N] [--zone-minutes N] [--clock-ticks] [--prefill N]
               [--first-number N] [--card-bytes N] [--battery PERCENT]
               [--live-warm-up-ms N] [--live-interval-ms N]
               [--raw] [--manual-focus] [--file-bytes N] [--dial NAME=STOP]
               [--lock NAME]
--usb puts the camera on a USB bus, on which libgphoto2 finds it by itself, and says what to set for that.
Ports: 0 takes any free one. Without --stagehand there is no stagehand's port.";

fn main() -> ExitCode {
    match options(std::env::args().skip(1)).and_then(|options| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            writeln!(io::stderr(), "virtual-camera: {error}\n{USAGE}").ok();
            ExitCode::FAILURE
        }
    }
}

/// Reads the command line.
fn options(mut words: impl Iterator<Item = String>) -> Result<Options, Box<dyn Error>> {
    let mut options = Options::default();
    while let Some(flag) = words.next() {
        match flag.as_str() {
            "--clock-ticks" => options.clock_ticks = true,
            "--usb" => options.transport = Transport::Usb,
            "--raw" => options.raw_and_jpeg = true,
            "--manual-focus" => options.manual_focus = true,
            _ => {
                let value = words.next().ok_or_else(|| format!("{flag} wants a value"))?;
                set(&mut options, &flag, &value).map_err(|error| format!("{flag} {value}: {error}"))?;
            }
        }
    }
    Ok(options)
}

/// Sets the option of a flag that takes a value.
fn set(options: &mut Options, flag: &str, value: &str) -> Result<(), Box<dyn Error>> {
    match flag {
        "--port" => options.port = value.parse()?,
        "--stagehand" => options.stagehand = Some(value.parse()?),
        "--scene" => options.scene = Some(std::fs::read(value)?),
        "--delay-ms" => options.capture_delay = Duration::from_millis(value.parse()?),
        "--clock-offset-ms" => options.clock_offset_ms = value.parse()?,
        "--zone-minutes" => options.zone_minutes = value.parse()?,
        "--prefill" => options.prefill = value.parse()?,
        "--first-number" => options.first_number = value.parse()?,
        "--card-bytes" => options.card_bytes = value.parse()?,
        "--file-bytes" => options.file_bytes = value.parse()?,
        "--live-warm-up-ms" => options.live_warm_up = Duration::from_millis(value.parse()?),
        "--live-interval-ms" => options.live_interval = Duration::from_millis(value.parse()?),
        "--battery" => options.battery = value.parse()?,
        "--dial" => {
            let (dial, stop) = value.split_once('=').ok_or("NAME=STOP")?;
            options.dials.push((dial.to_owned(), stop.to_owned()));
        }
        "--lock" => options.locked.push(value.to_owned()),
        _ => return Err("no such option".into()),
    }
    Ok(())
}

/// Plays until there is nobody left to play for.
fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let camera = VirtualCamera::start(options)?;
    let environment: Vec<(&str, String)> = camera
        .environment()?
        .into_iter()
        .map(|(name, value)| (name, value.to_string_lossy().into_owned()))
        .collect();
    let mut hello = serde_json::json!({
        "port": camera.gphoto_port(),
        "stagehand": camera.stagehand_address(),
    });
    if let (Some(hello), false) = (hello.as_object_mut(), environment.is_empty()) {
        hello.insert("environment".to_owned(), environment.iter().cloned().collect());
        let sets = environment.iter().map(|(name, value)| format!(" {name}='{value}'"));
        writeln!(io::stderr(), "export{}", sets.collect::<String>())?;
    }
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{hello}")?;
    stdout.flush()?;

    let (input_ended, ended) = sync_channel::<()>(1);
    Builder::new().name("vcam-stdin".to_owned()).spawn(move || {
        let mut ignored = [0; 256];
        while io::stdin().read(&mut ignored).is_ok_and(|read| read > 0) {}
        drop(input_ended);
    })?;
    while !camera.is_dismissed() {
        match ended.recv_timeout(Duration::from_millis(50)) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    Ok(())
}
