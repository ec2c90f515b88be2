//! `caiying camera`: list, info, shoot, watch, live; and the camera's own process.

mod cpu;
mod live;

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::json;

use super::{
    cli::{self, CameraAction},
    failure::{Done, Failure},
    import, places, say,
};
use crate::{
    camera::{
        Arrival, Camera, CameraChoice, CameraError, CameraInfo, CameraNews, CameraStatus, Reading,
        farewell::EndOrder, folder::FolderCamera, gphoto::Gphoto, host, link::LinkedCamera,
    },
    crew,
    language::{Language, Phrase},
    screens::{Words, trouble},
    settings::Settings,
    shot::{Clock, Digest, SittingId},
};

/// A camera must be there within this.
const CONNECT_WITHIN: Duration = Duration::from_secs(20);

/// A shot's file must come within this.
const FILE_WITHIN: Duration = Duration::from_secs(20);

/// One look at the camera.
const PATIENCE: Duration = Duration::from_millis(100);

/// The camera's own process: serves until its pipe closes or it is told to end, and takes leave of the camera.
pub(super) fn host() -> Result<Done, Failure> {
    // If it cannot be written, the card is chosen a moment after connecting all the same.
    places::tell_the_driver_about_the_card().ok();
    let served = || {
        let order = Arc::new(EndOrder::listen()?);
        crew::guard(Arc::clone(&order))?;
        host::serve(order.requests(), io::stdout().lock(), &mut Gphoto::default())
    };
    // Nobody reads our words here: the station sees a closed pipe.
    served()
        .map(|()| Done::Well)
        .map_err(|err| Failure::trouble(trouble::camera(&CameraError::HostProcess(err.to_string()))))
}

/// Carries out one of the camera's commands.
pub(super) fn run(options: &cli::Camera, language: Language) -> Result<Done, Failure> {
    let clock = Clock::start();
    if options.action == CameraAction::List {
        return list(options, clock);
    }
    if options.action == CameraAction::Import {
        return import::run(options, language);
    }
    let mut camera = open(&options.camera, &places::settings(None)?, clock)?;
    let info = connect(&mut *camera)?;
    if let Some(out) = &options.out {
        fs::create_dir_all(out).map_err(|err| Failure::file(out, &err))?;
    }
    match options.action {
        CameraAction::Info | CameraAction::List | CameraAction::Import => {
            tell_info(&info, camera.status(), options.json, language);
            tell_notices(&mut *camera, language);
            Ok(Done::Well)
        }
        CameraAction::Shoot => shoot(&mut *camera, options, language),
        CameraAction::Watch => watch(&mut *camera, options, language),
        CameraAction::Live => live::run(&mut *camera, options, language),
    }
}

fn list(options: &cli::Camera, clock: Clock) -> Result<Done, Failure> {
    let found = LinkedCamera::new(program()?, None, clock).discover()?;
    for camera in &found {
        if options.json {
            say(&json!({ "model": camera.model, "port": camera.port }).to_string());
        } else {
            say(&format!("{}\t{}", camera.port, camera.model));
        }
    }
    if found.is_empty() { Err(CameraError::NotFound.into()) } else { Ok(Done::Well) }
}

pub(super) fn program() -> Result<PathBuf, Failure> {
    std::env::current_exe().map_err(|err| Failure::file(Path::new("caiying"), &err))
}

/// A camera as the command line or the settings name it; the rehearsal camera needs a stage and is not one.
pub(super) fn open(
    choice: &CameraChoice,
    settings: &Settings,
    clock: Clock,
) -> Result<Box<dyn Camera>, Failure> {
    Ok(match choice {
        CameraChoice::Auto => Box::new(tethered(None, settings, clock)?),
        CameraChoice::Port(port) => Box::new(tethered(Some(port.clone()), settings, clock)?),
        CameraChoice::Folder(Some(folder)) => {
            let offset = places::clock_offset(settings.hot_folder);
            Box::new(FolderCamera::new(folder.clone(), clock, offset))
        }
        CameraChoice::Folder(None) | CameraChoice::Rehearsal => {
            return Err(Failure::misused(Words {
                headline: Phrase::new("这里不能使用这种相机", "this camera cannot be used here"),
                remedy: Phrase::new(
                    "请用 auto、folder:路径 或 libgphoto2 端口",
                    "use auto, folder:PATH or a libgphoto2 port",
                ),
            }));
        }
    })
}

/// A tethered camera, with the families of this machine.
pub(super) fn tethered(
    port: Option<String>,
    settings: &Settings,
    clock: Clock,
) -> Result<LinkedCamera, Failure> {
    Ok(LinkedCamera::new(program()?, port, clock).with_families(places::families(settings)?))
}

/// Waits until the camera is there, as long as it makes sense.
pub(super) fn connect(camera: &mut dyn Camera) -> Result<CameraInfo, CameraError> {
    let until = Instant::now() + CONNECT_WITHIN;
    let mut last = CameraError::NotFound;
    while Instant::now() < until {
        match camera.next(PATIENCE) {
            CameraNews::Connected(info) => return Ok(info),
            CameraNews::Lost(err) if err.is_permanent() => return Err(err),
            // "Not there" is as certain now as in twenty seconds: nobody plugs a camera in meanwhile.
            CameraNews::Lost(CameraError::NotFound) => return Err(CameraError::NotFound),
            CameraNews::Lost(err) => last = err,
            CameraNews::Quiet | CameraNews::Arrived(_) => {}
        }
    }
    Err(last)
}

/// How far a camera's clock is ahead of this computer's local time, in milliseconds: the middle of what is known.
pub(super) fn clock_ahead_ms(info: &CameraInfo) -> Option<i64> {
    info.clock.map(|clock| i64::midpoint(clock.least, clock.most) - places::local_offset_ms())
}

fn tell_info(info: &CameraInfo, status: Option<CameraStatus>, json: bool, language: Language) {
    let ahead = clock_ahead_ms(info);
    if json {
        say(&json!({
            "model": info.model, "serial": info.serial, "port": info.port, "battery": info.battery,
            "free_bytes": info.free_bytes, "clock_ahead_ms": ahead,
            "clock_uncertain_ms": info.clock.map(|clock| (clock.most - clock.least) / 2),
            "family": status.as_ref().map(|status| &status.family),
            "settings": status.map(|status| settings_json(&status)),
        })
        .to_string());
        return;
    }
    let or_not = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    let free = or_not(info.free_bytes.map(|bytes| format!("{:.1} GB", bytes as f64 / 1e9)));
    let ahead = or_not(ahead.map(|ms| format!("{:+.1} s", ms as f64 / 1000.0)));
    let battery = or_not(info.battery.clone());
    let (model, serial, port) = (&info.model, &info.serial, &info.port);
    say(&match language {
        Language::Chinese => format!(
            "{model}，序列号 {serial}，端口 {port}，电量 {battery}，卡剩余 {free}，时钟比电脑快 {ahead}"
        ),
        Language::English => {
            format!(
                "{model}, serial {serial}, port {port}, battery {battery}, {free} free, clock ahead by {ahead}"
            )
        }
    });
    for Reading { setting, value, .. } in status.into_iter().flat_map(|status| status.settings) {
        let name = trouble::setting(setting);
        say(&format!("  {}\t{}", name.in_language(language), or_not(value)));
    }
}

/// Each setting by its key: what it is, and what it should be when the body refused that.
fn settings_json(status: &CameraStatus) -> serde_json::Value {
    let one = |Reading { setting, value, wanted, .. }: &Reading| {
        (setting.key().to_owned(), json!({ "value": value, "refused": wanted }))
    };
    serde_json::Value::Object(status.settings.iter().map(one).collect())
}

/// Tells what a person should know of a camera that works.
fn tell_notices(camera: &mut dyn Camera, language: Language) {
    while let Some(err) = camera.notice() {
        Failure::from(err).report(language);
    }
}

fn shoot(camera: &mut dyn Camera, options: &cli::Camera, language: Language) -> Result<Done, Failure> {
    for number in 1..=options.number {
        let began = Instant::now();
        let arrival = one_shot(camera, SittingId(u64::from(number)), language)?;
        take(&arrival, options, language, began)?;
    }
    Ok(Done::Well)
}

/// Fires once and waits for the file.
pub(super) fn one_shot(
    camera: &mut dyn Camera,
    sitting: SittingId,
    language: Language,
) -> Result<Arrival, Failure> {
    let began = Instant::now();
    camera.fire(sitting)?;
    loop {
        match camera.next(PATIENCE) {
            CameraNews::Arrived(arrival) => return Ok(arrival),
            CameraNews::Lost(err) => return Err(err.into()),
            CameraNews::Quiet | CameraNews::Connected(_) => {}
        }
        tell_notices(camera, language);
        if began.elapsed() > FILE_WITHIN {
            let doing = "hand over the shot".to_owned();
            return Err(CameraError::NoAnswer { doing, seconds: FILE_WITHIN.as_secs() }.into());
        }
    }
}

fn watch(camera: &mut dyn Camera, options: &cli::Camera, language: Language) -> Result<Done, Failure> {
    loop {
        match camera.next(PATIENCE) {
            CameraNews::Arrived(arrival) => take(&arrival, options, language, Instant::now())?,
            CameraNews::Lost(err) => {
                Failure::from(err).report(language);
            }
            CameraNews::Connected(info) => tell_info(&info, camera.status(), options.json, language),
            CameraNews::Quiet => {}
        }
        tell_notices(camera, language);
    }
}

/// Tells of a file, and writes it where it was asked to be; never over another.
fn take(arrival: &Arrival, options: &cli::Camera, language: Language, since: Instant) -> Result<(), Failure> {
    let (origin, jpeg) = (&arrival.origin, &arrival.jpeg.0);
    let path = options.out.as_ref().map(|out| {
        let folder = origin.folder.rsplit('/').next().unwrap_or_default();
        out.join(file_name(&format!("{}_{folder}_{}", origin.camera, origin.name)))
    });
    if let Some(path) = &path {
        let written = fs::File::create_new(path).and_then(|mut new| new.write_all(jpeg));
        written.map_err(|err| Failure::file(path, &err))?;
    }
    let ms = since.elapsed().as_millis();
    let written = path.map(|path| path.display().to_string());
    if options.json {
        say(&json!({
            "camera": origin.camera, "folder": origin.folder, "name": origin.name, "bytes": jpeg.len(),
            "sha256": Digest::of(jpeg), "trigger": arrival.trigger, "exposed": arrival.exposed,
            "path": written, "ms": ms,
        })
        .to_string());
    } else {
        let name = format!("{}/{}", origin.folder, origin.name);
        let place = written.unwrap_or_default();
        say(&match language {
            Language::Chinese => format!("{name}\t{} 字节\t{ms} 毫秒\t{place}", jpeg.len()),
            Language::English => format!("{name}\t{} bytes\t{ms} ms\t{place}", jpeg.len()),
        });
    }
    Ok(())
}

/// The longest name that every file system takes, in bytes, with room to spare.
const LONGEST_NAME: usize = 120;

/// A camera's words as a file's name: they lead nowhere else, whatever the camera says, and keep their end.
fn file_name(said: &str) -> String {
    let safe = |c: char| if c.is_control() || "/\\:*?\"<>|".contains(c) { '_' } else { c };
    let name: String = said.chars().map(safe).collect();
    let too_long = name.len().saturating_sub(LONGEST_NAME);
    let start = name.char_indices().map(|(at, _)| at).find(|at| *at >= too_long).unwrap_or_default();
    name.get(start..).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cameras_words_lead_nowhere() {
        assert_eq!(file_name("033_100CANON_IMG_0001.JPG"), "033_100CANON_IMG_0001.JPG");
        assert_eq!(file_name("033_100CANON_../../X\n.JPG"), "033_100CANON_.._.._X_.JPG");
        let long = file_name(&format!("{}影.JPG", "影".repeat(90)));
        assert!(long.len() <= LONGEST_NAME && long.ends_with("影.JPG"), "{long}");
    }
}
