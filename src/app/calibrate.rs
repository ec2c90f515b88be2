//! `caiying calibrate`: shoots or loads the reference portrait, and writes down what it says of this station.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::json;

use super::{
    camera, cli,
    failure::{Done, Failure},
    places, say,
};
use crate::{
    language::{Language, Phrase},
    portrait::{Change, Enlarging, ModelFinder, calibrate, change, develop, lightness, off_colour},
    screens::trouble,
    settings::{Calibration, Settings},
    shot::{Clock, Moment, Particulars, SittingId},
};

/// The file of the reference portrait, when it was shot and by what.
struct Reference {
    jpeg: Arc<[u8]>,
    taken: Moment,
    camera: Option<String>,
}

/// Measures a reference portrait and keeps what it says.
pub(super) fn run(options: &cli::Calibrate, language: Language) -> Result<Done, Failure> {
    let settings = places::settings(None)?;
    let profile = places::profile(options.profile.as_deref().unwrap_or(&settings.profile))?;
    let broken = |_broken| Failure::trouble(trouble::worker_ended("models"));
    let mut finder = ModelFinder::new().map_err(broken)?;
    let reference = match &options.file {
        Some(file) => load(file)?,
        None => shoot(options, &settings, language)?,
    };
    // As a station that knows nothing would judge it: an old calibration has no say in the new one.
    let development = develop(&reference.jpeg, &profile, &mut finder, Enlarging::Forbidden);
    let Reference { taken, camera, .. } = reference;
    let now = calibrate(&development, &profile, taken, camera)?;
    let path = places::calibration_at(options.out.as_deref());
    let last = last(&path, language);
    write(&path, &now)?;
    let changed = last.as_ref().map(|last| change(last, &now));
    let off = off_colour(now.cloth, &profile.backdrop);
    if options.json {
        say(&json_line(&path, &now, off, changed));
    } else {
        let lines = words(&path, &now, off, changed);
        lines.iter().for_each(|line| say(line.in_language(language)));
    }
    Ok(Done::Well)
}

/// A picture that was shot before; its own clock says when, unless that is still to come.
fn load(file: &Path) -> Result<Reference, Failure> {
    let jpeg = fs::read(file).map_err(|err| Failure::file(file, &err))?;
    let Particulars { taken, model, .. } = Particulars::read(&jpeg);
    let now = Clock::start().now();
    let taken = taken.map_or(now, |taken| Moment(taken.ms - places::local_offset_ms()));
    Ok(Reference { jpeg: jpeg.into(), taken: taken.min(now), camera: model })
}

fn shoot(options: &cli::Calibrate, settings: &Settings, language: Language) -> Result<Reference, Failure> {
    let clock = Clock::start();
    // A choice of camera is any text.
    let choice = options.camera.clone().unwrap_or_else(|| settings.camera.parse().unwrap_or_default());
    let mut body = camera::open(&choice, settings, clock)?;
    let info = camera::connect(&mut *body)?;
    let arrival = camera::one_shot(&mut *body, SittingId(1), language)?;
    let jpeg = arrival.jpeg.0;
    let camera = Particulars::read(&jpeg).model.or(Some(info.model).filter(|model| !model.is_empty()));
    Ok(Reference { jpeg, taken: clock.now(), camera })
}

/// The calibration that is replaced. One that nobody can read is told of, and does not stop a new one.
fn last(path: &Path, language: Language) -> Option<Calibration> {
    if !path.exists() {
        return None;
    }
    match places::calibration(Some(path)) {
        Ok(last) => last,
        Err(failure) => {
            failure.report(language);
            None
        }
    }
}

/// Writes the whole file or nothing; what was there before stays beside it as `.old.toml`.
pub(super) fn write(path: &Path, now: &Calibration) -> Result<(), Failure> {
    let failed = |err| Failure::file(path, &err);
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let new = path.with_extension("new.toml");
    let mut file = fs::File::create(&new).map_err(failed)?;
    file.write_all(now.text().as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    if path.exists() {
        fs::copy(path, old(path)).map_err(failed)?;
    }
    fs::rename(&new, path).map_err(failed)
}

fn old(path: &Path) -> PathBuf {
    path.with_extension("old.toml")
}

fn json_line(path: &Path, now: &Calibration, off: f64, changed: Option<Change>) -> String {
    json!({
        "path": path.display().to_string(),
        "taken": now.taken_at(),
        "camera": now.camera,
        "cloth": now.cloth,
        "lightness": lightness(now.cloth),
        "off_profile": off,
        "focus": now.focus,
        "edges": now.edges,
        "pitch_zero_deg": now.pitch_zero_deg,
        "change": changed.map(|Change { light, cloth, focus, edges, pitch_deg }| json!({
            "light": light, "cloth": cloth, "focus": focus, "edges": edges, "pitch_deg": pitch_deg,
        })),
    })
    .to_string()
}

/// A line for each thing that was measured, with what it was before, and where it is written now.
fn words(path: &Path, now: &Calibration, off: f64, change: Option<Change>) -> Vec<Phrase> {
    let place = path.display();
    let written = if change.is_some() {
        let old = old(path);
        Phrase::new(
            format!("已写入\t{place}（上一份留在 {}）", old.display()),
            format!("written\t{place} (the last one is kept as {})", old.display()),
        )
    } else {
        Phrase::new(format!("已写入\t{place}"), format!("written\t{place}"))
    };
    let line = |[name, value]: [Phrase; 2]| {
        Phrase::new(format!("{}\t{}", name.zh, value.zh), format!("{}\t{}", name.en, value.en))
    };
    trouble::measured(now, off, change).into_iter().map(line).chain([written]).collect()
}
