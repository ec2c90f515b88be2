//! `caiying doctor`: is everything fit for the day? A table for people, JSON for programs; exit code 1 when
//! somebody must act.

use serde_json::json;

use super::{
    camera, cli,
    failure::{Done, Failure},
    places, say,
};
use crate::{
    camera::{
        CameraChoice, CameraError, CameraInfo,
        doctor::{self, Finding, Verdict},
        holder::Neighbours,
        link::LinkedCamera,
        usb_bus::UsbBus,
    },
    language::Language,
    machine::{self, Room},
    profile::Family,
    screens::doctor as words,
    shot::Clock,
};

/// Examines everything and tells what was found.
pub(super) fn run(options: &cli::Doctor, language: Language) -> Result<Done, Failure> {
    let settings = places::settings(None)?;
    let choice = options.camera.clone().unwrap_or_else(|| settings.camera.parse().unwrap_or_default());
    let store = options.store.clone().or(settings.store).unwrap_or_else(places::default_store);
    let (bus, neighbours) = (UsbBus::system(), Neighbours::here());
    let mut found = Vec::new();
    if options.release {
        let cameras = bus.look().unwrap_or_default().cameras;
        found.push(Finding::Released(neighbours.release(&cameras)));
    }
    found.extend(doctor::of_system(&bus, &neighbours));
    found.extend(examine(&choice, options.set_clock)?);
    let free_bytes = machine::free_bytes(&store);
    let verdict = words::disk_verdict(Room::of(free_bytes));
    found.extend(free_bytes.map(|free_bytes| Finding::Disk { folder: store, free_bytes, verdict }));
    tell(&found, options.json, language);
    let must_act = found.iter().any(|finding| finding.verdict() == Verdict::Act);
    Ok(if must_act { Done::WithFindings } else { Done::Well })
}

/// Connects to the camera and asks it everything, or says why it cannot be used.
fn examine(choice: &CameraChoice, set_clock: bool) -> Result<Vec<Finding>, Failure> {
    let (clock, settings) = (Clock::start(), places::settings(None)?);
    let port = match choice {
        CameraChoice::Auto => None,
        CameraChoice::Port(port) => Some(port.clone()),
        CameraChoice::Folder(_) | CameraChoice::Rehearsal => {
            let info = camera::connect(&mut *camera::open(choice, &settings, clock)?);
            return Ok(vec![info.map_or_else(Finding::Trouble, Finding::Camera)]);
        }
    };
    let mut camera = camera::tethered(port, &settings, clock)?;
    let connected = camera::connect(&mut camera);
    let families = places::families(&settings)?;
    let found = connected
        .and_then(|info| examine_connected(&mut camera, &info, &families.of(&info.model), set_clock));
    Ok(found.unwrap_or_else(|err| {
        let driver = camera.examine().map(|checkup| doctor::of_driver("", &checkup.library));
        [vec![Finding::Trouble(err)], driver.unwrap_or_default()].concat()
    }))
}

fn examine_connected(
    camera: &mut LinkedCamera,
    info: &CameraInfo,
    family: &Family,
    set_clock: bool,
) -> Result<Vec<Finding>, CameraError> {
    let before_ms = camera::clock_ahead_ms(info);
    let (checkup, average) = (camera.examine()?, camera.average_picture()?);
    let mut found = doctor::of_camera(info, before_ms, &checkup, average, family);
    if set_clock {
        found.retain(|finding| !matches!(finding, Finding::Clock { .. }));
        found.push(match camera.set_clock() {
            Ok(()) => {
                let after_ms = camera::clock_ahead_ms(&camera::connect(camera)?);
                Finding::ClockSet { before_ms, after_ms }
            }
            Err(err) => Finding::Trouble(err),
        });
    }
    Ok(found)
}

fn tell(found: &[Finding], json: bool, language: Language) {
    if !json {
        found.iter().for_each(|finding| say(&words::line(finding).line(language)));
        return;
    }
    let worst = found.iter().map(Finding::verdict).max().unwrap_or(Verdict::Good);
    let findings: Vec<_> = found
        .iter()
        .map(|finding| {
            let line = words::line(finding);
            json!({
                "subject": finding.subject(), "verdict": verdict(line.verdict), "value": value(finding),
                "zh": line.said.zh, "en": line.said.en,
                "remedy_zh": line.remedy.as_ref().map(|remedy| &remedy.zh),
                "remedy_en": line.remedy.as_ref().map(|remedy| &remedy.en),
            })
        })
        .collect();
    say(&json!({ "verdict": verdict(worst), "findings": findings }).to_string());
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Good => "good",
        Verdict::Look => "look",
        Verdict::Act => "act",
    }
}

/// The reading itself, for programs.
fn value(finding: &Finding) -> serde_json::Value {
    match finding {
        Finding::Camera(info) => json!({ "model": info.model, "serial": info.serial, "port": info.port }),
        Finding::Trouble(err) => json!(err.to_string()),
        Finding::Battery { said, .. } => json!(said),
        Finding::Card { free_bytes, shots } => json!({ "free_bytes": free_bytes, "shots": shots }),
        Finding::Clock { ahead_ms } => json!({ "ahead_ms": ahead_ms }),
        Finding::ClockSet { before_ms, after_ms } => json!({ "before_ms": before_ms, "after_ms": after_ms }),
        Finding::ImageFormat(said) | Finding::Library(said) => json!(said),
        Finding::Target { said, is_card } => json!({ "said": said, "is_card": is_card }),
        Finding::Access { node, usable } => json!({ "node": node, "usable": usable }),
        Finding::Rules { present } => json!(present),
        Finding::Held(holder) => json!(holder.as_ref().map(ToString::to_string)),
        Finding::Released(done) => json!(done.as_ref().err().map(ToString::to_string)),
        Finding::Known(fault) => json!(fault.name()),
        Finding::Noted(warning) => json!(warning.en),
        Finding::Disk { folder, free_bytes, .. } => json!({ "folder": folder, "free_bytes": free_bytes }),
    }
}
