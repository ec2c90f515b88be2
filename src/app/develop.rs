//! `caiying develop`: portraits from files, one line each.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use super::{
    cli,
    failure::{Done, Failure},
    places, say,
};
use crate::{
    language::{Language, Phrase},
    portrait::{
        Development, Enlarging, Expression, Features, Finding, Head, ModelFinder, Portrait, References,
        Verdict, develop_with, explain,
    },
    screens::{Words, trouble},
};

/// Develops each file; a bad one stops none of the others.
pub(super) fn run(options: &cli::Develop, language: Language) -> Result<Done, Failure> {
    let profile = places::profile(&options.profile)?;
    let enlarging = if options.allow_enlarge { Enlarging::ForMeasuring } else { Enlarging::Forbidden };
    let broken = |_broken| Failure::trouble(trouble::worker_ended("models"));
    let mut finder = ModelFinder::new().map_err(broken)?;
    let calibration =
        options.calibration.as_deref().map(|file| places::calibration(Some(file))).transpose()?;
    let references = calibration.flatten().as_ref().map_or_else(References::default, References::from);
    for folder in options.out.iter().chain(&options.explain) {
        fs::create_dir_all(folder).map_err(|err| Failure::file(folder, &err))?;
    }
    let mut done = Done::Well;
    for file in &options.files {
        let jpeg = match fs::read(file) {
            Ok(jpeg) => jpeg,
            Err(err) => {
                Failure::file(file, &err).report(language);
                done = done.max(Done::Misused);
                continue;
            }
        };
        let development = develop_with(&jpeg, &profile, &references, &mut finder, enlarging);
        let path = write_out(options.out.as_deref(), &profile.photo.extension, file, &development)?;
        if let Some(folder) = &options.explain
            && let Ok(drawing) = explain(&jpeg, &profile, &mut finder, enlarging)
        {
            let path = folder.join(file.with_extension("explain.jpg").file_name().unwrap_or_default());
            write_new(&path, &drawing)?;
        }
        if options.json {
            say(&line(file, path.as_deref(), &development, language).to_string());
        } else {
            say(&words(file, &development, language));
        }
        let good = development.outcome.as_ref().is_ok_and(Portrait::is_acceptable);
        done = done.max(if good { Done::Well } else { Done::WithFindings });
    }
    Ok(done)
}

/// Writes a portrait under its shot's name; never over another file.
fn write_out(
    out: Option<&Path>,
    extension: &str,
    file: &Path,
    development: &Development,
) -> Result<Option<PathBuf>, Failure> {
    let (Some(out), Ok(portrait)) = (out, &development.outcome) else { return Ok(None) };
    // What shows more than the lens saw is for measuring, never for keeping.
    if portrait.is_enlarged() {
        return Ok(None);
    }
    let path = out.join(file.with_extension(extension).file_name().unwrap_or_default());
    write_new(&path, &portrait.jpeg)?;
    Ok(Some(path))
}

/// Writes a file that is not there yet, or is there already with the same content.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    let written = fs::File::create_new(path).and_then(|mut new| new.write_all(bytes));
    written.map_err(|err| {
        if err.kind() == std::io::ErrorKind::AlreadyExists { taken(path) } else { Failure::file(path, &err) }
    })
}

fn taken(path: &Path) -> Failure {
    Failure::misused(Words {
        headline: Phrase::new(
            format!("{} 已存在且内容不同", path.display()),
            format!("{} exists with another content", path.display()),
        ),
        remedy: Phrase::new("没有覆盖；请换一个输出文件夹", "nothing was overwritten; use another folder"),
    })
}

/// One JSON object: `face` in portrait pixels, `crop` and `head` in pixels of the upright shot.
fn line(file: &Path, path: Option<&Path>, development: &Development, language: Language) -> Value {
    let times = development.times;
    let round = |ms: f64| (ms * 10.0).round() / 10.0;
    let ms = json!({
        "decode": round(times.decode),
        "find": round(times.find),
        "frame": round(times.frame),
        "encode": round(times.encode),
        "total": round(times.total()),
    });
    let file = file.display().to_string();
    let head = development.head.map(head);
    let features = development.features.as_deref().map(features);
    match &development.outcome {
        Ok(portrait) => {
            let place = portrait.placement;
            let (crop, face) = (place.crop, place.face);
            json!({
                "file": file,
                "outcome": "portrait",
                "reason": null,
                "enlarged": portrait.is_enlarged(),
                "portrait": {
                    "path": path.map(|path| path.display().to_string()),
                    "bytes": portrait.jpeg.len(),
                    "quality": portrait.quality,
                    "sha256": portrait.sha256,
                },
                "crop": { "x": crop.x, "y": crop.y, "width": crop.width, "height": crop.height },
                "scale": place.scale,
                "face": {
                    "hair_top": face.hair_top,
                    "chin": face.chin,
                    "eyes": face.eyes,
                    "width": face.width,
                    "center_x": face.center_x,
                },
                "head": head,
                "features": features,
                "findings": portrait.findings.iter().map(|found| finding(found, language)).collect::<Vec<_>>(),
                "ms": ms,
            })
        }
        Err(why) => json!({
            "file": file,
            "outcome": "declined",
            "reason": why.slug(),
            "advice": why.advice().in_language(language),
            "portrait": null,
            "head": head,
            "features": features,
            "findings": [],
            "ms": ms,
        }),
    }
}

fn head(head: Head) -> Value {
    json!({
        "hair_top": head.hair_top,
        "chin": head.chin,
        "eyes": head.eye_line,
        "width": head.face_width,
        "center_x": head.center_x,
        "roll_deg": head.roll_deg,
    })
}

/// What was measured on the face, before any limit: degrees, shares and pixels of the shot. Pairs are the sitter's
/// right and left; `null` is what could not be measured.
fn features(features: &Features) -> Value {
    let Expression { blink, look_left, look_right, look_up, look_down, jaw_open, smile } =
        features.expression;
    json!({
        "yaw_deg": features.yaw_deg,
        "pitch_deg": features.pitch_deg,
        "nose_aside": features.nose_aside,
        "lid_gaps": features.lid_gaps,
        "lip_gap": features.lip_gap,
        "hair_height": features.hair_height,
        "pupils_px": features.pupils_px,
        "expression": {
            "blink": blink,
            "look_left": look_left,
            "look_right": look_right,
            "look_up": look_up,
            "look_down": look_down,
            "jaw_open": jaw_open,
            "smile": smile,
        },
    })
}

fn finding(finding: &Finding, language: Language) -> Value {
    json!({
        "check": finding.check,
        "verdict": finding.answer.verdict.slug(),
        "value": finding.answer.value,
        "limit": finding.answer.limit,
        "advice": finding.advice.as_ref().map(|advice| advice.in_language(language)),
        "sitter": finding.sitter.as_ref().map(|words| words.in_language(language)),
    })
}

/// One line for people.
fn words(file: &Path, development: &Development, language: Language) -> String {
    let file = file.display();
    match &development.outcome {
        Ok(portrait) => {
            let verdict = match (portrait.verdict(), language) {
                (Verdict::Pass, Language::Chinese) => "合格",
                (Verdict::Warn, Language::Chinese) => "请再看一眼",
                (Verdict::Fail, Language::Chinese) => "需重拍",
                (Verdict::Pass, Language::English) => "good",
                (Verdict::Warn, Language::English) => "look twice",
                (Verdict::Fail, Language::English) => "shoot again",
            };
            let advice: Vec<&str> = portrait
                .findings
                .iter()
                .filter_map(|finding| Some(finding.advice.as_ref()?.in_language(language)))
                .collect();
            let size = format!("{} B, q{}", portrait.jpeg.len(), portrait.quality);
            format!("{file}\t{verdict}\t{size}\t{}", advice.join("；"))
        }
        Err(why) => format!("{file}\t{}\t{}", why.slug(), why.advice().in_language(language)),
    }
}
