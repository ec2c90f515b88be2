//! `virtual-camera`: the camera as a program of its own.
//!
//! It prints one line of JSON, `{"port":"ptpip:127.0.0.1:P:P","stagehand":"127.0.0.1:Q"}`, and runs
//! until its standard input closes, the stagehand says QUIT, or it is terminated. So it never
//! outlives the process that started it with a pipe.

use std::error::Error;
use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread::Builder;
use std::time::Duration;

use virtual_camera::{Options, VirtualCamera};

const USAGE: &str = "virtual-camera [--port P] [--stagehand P] [--scene FILE] [--delay-ms N]
               [--clock-offset-ms N] [--zone-minutes N] [--clock-ticks] [--prefill N]
               [--first-number N] [--card-bytes N] [--battery PERCENT]
               [--raw] [--manual-focus]
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
        "--battery" => options.battery = value.parse()?,
        _ => return Err("no such option".into()),
    }
    Ok(())
}

/// Plays until there is nobody left to play for.
fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let camera = VirtualCamera::start(options)?;
    let hello = serde_json::json!({
        "port": camera.gphoto_port(),
        "stagehand": camera.stagehand_address(),
    });
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
