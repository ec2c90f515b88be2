//! Where things lie on this machine: settings, profiles, stores.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::Offset as _;

use super::failure::Failure;
use crate::{
    camera::ClockOffset,
    profile::{Families, Family, Profile, ProfileError, Reason, builtin_names, builtin_text},
    screens::trouble,
    settings::{Calibration, HotFolder, Settings},
};

/// A folder of the user's, by the XDG base directory rules.
fn user_folder(variable: &str, below_home: &str) -> PathBuf {
    let named = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || std::env::var_os("HOME").map_or_else(|| PathBuf::from("."), PathBuf::from);
    named.unwrap_or_else(|| home().join(below_home)).join("caiying")
}

/// Where settings and the school's own profiles lie.
fn config_folder() -> PathBuf {
    user_folder("XDG_CONFIG_HOME", ".config")
}

/// Where stores lie.
fn data_folder() -> PathBuf {
    user_folder("XDG_DATA_HOME", ".local/share")
}

/// The store, when nobody says where.
pub(super) fn default_store() -> PathBuf {
    data_folder().join("store")
}

/// The store that is meant: the one that is named, else the one of this machine's settings, else the usual one. The
/// window works on the same.
pub(super) fn store(named: Option<&Path>) -> Result<PathBuf, Failure> {
    match named {
        Some(named) => Ok(named.to_owned()),
        None => Ok(settings(None)?.store.unwrap_or_else(default_store)),
    }
}

/// A new place for a rehearsal's store.
pub(super) fn rehearsal_store() -> PathBuf {
    let name = format!("{}", crate::shot::Clock::start().now().0);
    data_folder().join("rehearsals").join(name)
}

/// Tells libgphoto2 that pictures go to the camera's card, in its own settings, before it connects.
///
/// Without this the very first connection on a computer begins with the host's memory: what is shot on the body
/// until the card is chosen would be nowhere when the connection breaks (facts/camera.md section 2).
pub(super) fn tell_the_driver_about_the_card() -> io::Result<()> {
    const TARGET: &str = "ptp2=capturetarget=";
    const CARD: &str = "ptp2=capturetarget=card";
    let Some(home) = std::env::var_os("HOME").map(PathBuf::from) else { return Ok(()) };
    let (folder, file) = (home.join(".gphoto"), home.join(".gphoto/settings"));
    let known = match fs::read_to_string(&file) {
        Err(err) if err.kind() == io::ErrorKind::NotFound => String::new(),
        known => known?,
    };
    if known.lines().any(|line| line == CARD) {
        return Ok(());
    }
    let others = known.lines().filter(|line| !line.starts_with(TARGET));
    let lines: String = others.chain([CARD]).map(|line| format!("{line}\n")).collect();
    fs::create_dir_all(folder)?;
    fs::write(file, lines)
}

/// This machine's settings; what nobody wrote down is as usual.
pub(super) fn settings(file: Option<&Path>) -> Result<Settings, Failure> {
    let usual = config_folder().join("settings.toml");
    let path = file.unwrap_or(&usual);
    match fs::read_to_string(path) {
        Ok(text) => Ok(Settings::parse(&text)?),
        Err(err) if file.is_none() && err.kind() == io::ErrorKind::NotFound => Ok(Settings::default()),
        Err(err) => Err(Failure::file(path, &err)),
    }
}

/// Whether anybody has written settings down on this machine.
pub(super) fn has_settings() -> bool {
    config_folder().join("settings.toml").exists()
}

/// Writes settings down: first beside their file, then in its place, so that there is always a whole one.
pub(super) fn write_settings(settings: &Settings, file: Option<&Path>) -> Result<(), Failure> {
    let usual = config_folder().join("settings.toml");
    let path = file.unwrap_or(&usual);
    let failed = |err: io::Error| Failure::file(path, &err);
    let text = match fs::read_to_string(path) {
        Err(err) if err.kind() == io::ErrorKind::NotFound => String::new(),
        read => read.map_err(failed)?,
    };
    let text = settings.written_into(&text)?;
    let new = path.with_extension("toml.new");
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let written = fs::File::create(&new).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        // Renamed before its words are on the disk, a power cut would leave an empty file in its place.
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&new, path)).map_err(failed)
}

/// Every profile there is, the school's own first: its name, and the title people know. One that cannot be read is
/// left out here; whoever asks for it by name is told why.
pub(super) fn profiles() -> Vec<(String, String)> {
    let files = fs::read_dir(config_folder().join("profiles")).into_iter().flatten().flatten();
    let own = files.filter_map(|file| file.file_name().to_str()?.strip_suffix(".toml").map(str::to_owned));
    let mut names: Vec<String> = own.collect();
    names.sort_unstable();
    let builtin = builtin_names().map(str::to_owned).filter(|name| !names.contains(name)).collect::<Vec<_>>();
    let titled = |name: String| profile(&name).ok().map(|profile| (name, profile.title.clone()));
    names.into_iter().chain(builtin).filter_map(titled).collect()
}

/// Where the station's calibration lies.
pub(super) fn calibration_file() -> PathBuf {
    config_folder().join("calibration.toml")
}

/// Where the station's calibration lies, unless somebody named another file.
pub(super) fn calibration_at(file: Option<&Path>) -> PathBuf {
    file.map_or_else(calibration_file, Path::to_owned)
}

/// The station's calibration; `None` when none was ever made and nobody named one.
pub(super) fn calibration(file: Option<&Path>) -> Result<Option<Calibration>, Failure> {
    let usual = calibration_file();
    let path = file.unwrap_or(&usual);
    match fs::read_to_string(path) {
        Ok(text) => {
            let refused = |err| Failure::misused(trouble::calibration(path, &err));
            Calibration::parse(&text).map(Some).map_err(refused)
        }
        Err(err) if file.is_none() && err.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(err) => Err(Failure::file(path, &err)),
    }
}

/// The families of cameras: ours, and the operator's own before them.
pub(super) fn families(settings: &Settings) -> Result<Families, Failure> {
    let Some(file) = &settings.camera_family else { return Ok(Families::default()) };
    let path = config_folder().join(file);
    let text = fs::read_to_string(&path).map_err(|err| Failure::file(&path, &err))?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    Ok(Families::default().with(Family::parse(&name, &text)?))
}

/// A profile by name (the school's own first, then those that travel with the program) or by file.
pub(super) fn profile(name_or_file: &str) -> Result<Arc<Profile>, Failure> {
    let is_file = name_or_file.contains(std::path::MAIN_SEPARATOR)
        || Path::new(name_or_file).extension().is_some_and(|extension| extension == "toml");
    let own = config_folder().join("profiles");
    if is_file {
        let path = Path::new(name_or_file);
        let text = fs::read_to_string(path).map_err(|err| Failure::file(path, &err))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let beside = path.parent().unwrap_or(Path::new("."));
        return Ok(Arc::new(parse(&name, &text, &[beside, &own])?));
    }
    let text = match own_text(&[&own], name_or_file)? {
        Some(text) => text,
        None => builtin_text(name_or_file).ok_or_else(|| not_found(name_or_file, &own))?.to_owned(),
    };
    Ok(Arc::new(parse(name_or_file, &text, &[&own])?))
}

/// Reads a profile; what it is based on lies in one of these folders or travels with the program.
fn parse(name: &str, text: &str, folders: &[&Path]) -> Result<Profile, Failure> {
    // A base that is there and cannot be read must not be replaced silently by one that travels with us.
    let unreadable = std::cell::RefCell::new(None);
    let look_up = |base: &str| match own_text(folders, base) {
        Ok(Some(text)) => Some(text),
        Ok(None) => builtin_text(base).map(str::to_owned),
        Err(failure) => {
            *unreadable.borrow_mut() = Some(failure);
            None
        }
    };
    let parsed = Profile::parse(name, text, look_up);
    match unreadable.into_inner() {
        Some(failure) => Err(failure),
        None => Ok(parsed?),
    }
}

/// The text of a school's own profile; `None` when there is none of this name.
fn own_text(folders: &[&Path], name: &str) -> Result<Option<String>, Failure> {
    for folder in folders {
        let path = folder.join(format!("{name}.toml"));
        match fs::read_to_string(&path) {
            Ok(text) => return Ok(Some(text)),
            Err(err) if err.kind() == io::ErrorKind::NotFound => {}
            Err(err) => return Err(Failure::file(&path, &err)),
        }
    }
    Ok(None)
}

/// Nobody knows a profile of this name; these there are, the school's own first.
fn not_found(name: &str, own: &Path) -> ProfileError {
    let mut err = ProfileError::not_found(name);
    if let Reason::NotFound { known } = &mut err.reason {
        let files = fs::read_dir(own).into_iter().flatten().flatten();
        let names =
            files.filter_map(|file| file.file_name().to_str()?.strip_suffix(".toml").map(str::to_owned));
        let mut all: Vec<String> = names.collect();
        all.sort_unstable();
        known.retain(|name| !all.contains(name));
        all.append(known);
        *known = all;
    }
    err
}

/// How far this computer's local time is ahead of UTC now, in milliseconds.
pub(super) fn local_offset_ms() -> i64 {
    let now =
        chrono::DateTime::from_timestamp_millis(crate::shot::Clock::start().now().0).unwrap_or_default();
    i64::from(now.with_timezone(&chrono::Local).offset().fix().local_minus_utc()) * 1000
}

/// What must be taken off the time in a hot folder's files: cameras keep local time.
pub(super) fn clock_offset(hot_folder: HotFolder) -> ClockOffset {
    let HotFolder { clock_ahead_ms, clock_uncertain_ms } = hot_folder;
    let (middle, uncertain) = (local_offset_ms() + clock_ahead_ms, i64::from(clock_uncertain_ms));
    ClockOffset { least: middle - uncertain, most: middle + uncertain }
}
