//! 校准: a reference portrait is measured, other portraits are held against it, and a day that drifts is told.

use std::{fs, sync::Arc};

use caiying::{
    portrait::{
        Decline, Development, Enlarging, ModelFinder, NoReference, Portrait, References, Verdict, calibrate,
        develop, develop_with,
    },
    profile::Profile,
    screens::{TroubleKind, View},
    settings::Calibration,
    shift::{Setup, Shift},
    shot::{Clock, Moment},
};
use image::{Rgb, RgbImage, imageops::blur};
use serde_json::Value;
use virtual_camera::{Options, VirtualCamera};

use crate::{
    command_line::{Desk, code, one_line, out},
    shifts::{Plain, keep, setup, until},
    sitter::{CLOTH, Seat, cloth, jpeg, sit, well_seated},
};

fn profile() -> Profile {
    Profile::builtin("chsi_2017_99").unwrap()
}

/// The person before a cloth of another colour.
fn before(cloth: [u8; 3]) -> RgbImage {
    let mut frame = RgbImage::from_pixel(1400, 1100, Rgb(cloth));
    sit(&mut frame, Seat { x: 219, y: 233 });
    frame
}

fn developed(frame: &RgbImage) -> Development {
    develop(&jpeg(frame), &profile(), &mut ModelFinder::new().unwrap(), Enlarging::Forbidden)
}

fn measured(frame: &RgbImage, profile: &Profile) -> Result<Calibration, NoReference> {
    calibrate(&developed(frame), profile, Moment(1_780_300_800_000), None)
}

fn held_against(frame: &RgbImage, references: &References) -> Portrait {
    let (file, mut finder) = (jpeg(frame), ModelFinder::new().unwrap());
    let development = develop_with(&file, &profile(), references, &mut finder, Enlarging::Forbidden);
    development.outcome.unwrap()
}

fn value(portrait: &Portrait, check: &str) -> (f64, Verdict) {
    let found = portrait.findings.iter().find(|finding| finding.check == check).unwrap();
    (found.answer.value, found.answer.verdict)
}

#[test]
fn a_reference_is_measured_and_others_are_held_against_it() {
    let calibration = measured(&well_seated(), &profile()).unwrap();
    for (seen, hung) in calibration.cloth.into_iter().zip(CLOTH) {
        assert!(seen.abs_diff(hung) <= 2, "{:?}", calibration.cloth);
    }
    let plain = developed(&well_seated());
    assert_eq!(calibration.pitch_zero_deg.to_bits(), plain.features.unwrap().pitch_deg.to_bits());
    let plain = plain.outcome.unwrap();
    assert_eq!(value(&plain, "focus").0.to_bits(), calibration.focus.to_bits());

    let again = held_against(&well_seated(), &References::from(&calibration));
    assert!(value(&again, "pitch").0.abs() < 1e-9, "the reference is straight by itself");
    let tipped = Calibration { pitch_zero_deg: calibration.pitch_zero_deg + 12.0, ..calibration.clone() };
    let (pitch, verdict) = value(&held_against(&well_seated(), &References::from(&tipped)), "pitch");
    assert!((pitch + 12.0).abs() < 1e-9 && verdict == Verdict::Warn, "{pitch}");
    // A cloth that is far from every colour of the standard, and this school's own.
    let green = [120, 170, 120];
    assert_eq!(value(&developed(&before(green)).outcome.unwrap(), "backdrop_colour").1, Verdict::Fail);
    let own = measured(&before(green), &profile()).unwrap();
    let again = held_against(&before(green), &References::from(&own));
    assert_eq!(value(&again, "backdrop_colour").1, Verdict::Pass);
    assert_eq!(
        value(&held_against(&well_seated(), &References::from(&own)), "backdrop_colour").1,
        Verdict::Fail
    );
    // Good enough for every camera, and far below what this one did.
    let sharper = Calibration { focus: 3.0 * calibration.focus, ..calibration };
    assert_eq!(value(&held_against(&well_seated(), &References::from(&sharper)), "focus").1, Verdict::Warn);
}

#[test]
fn what_is_no_reference_is_refused() {
    let nobody = measured(&cloth(1400, 1100), &profile());
    assert!(matches!(nobody, Err(NoReference::Declined(Decline::NoFace))), "{nobody:?}");
    let mut two = cloth(2600, 1100);
    sit(&mut two, Seat { x: 219, y: 233 });
    sit(&mut two, Seat { x: 1419, y: 233 });
    let two = measured(&two, &profile());
    assert!(matches!(two, Err(NoReference::Declined(Decline::ManyFaces { faces: 2 }))), "{two:?}");
    let Err(NoReference::Failed(checks)) = measured(&blur(&well_seated(), 4.0), &profile()) else {
        panic!("a blurred face is no measure of sharpness")
    };
    assert!(checks.iter().any(|check| check.en.contains("focus")), "{checks:?}");
    let mut strict = profile();
    strict.backdrop.may_use_sample = false;
    let green = measured(&before([120, 170, 120]), &strict);
    assert!(matches!(green, Err(NoReference::Failed(_))), "no sample may stand for the colour: {green:?}");
}

#[test]
fn calibrate_writes_what_develop_goes_by() {
    let desk = Desk::new();
    let shot = desk.file("reference.jpg", &jpeg(&well_seated()));
    let first = desk.run(&["calibrate", &shot]);
    assert_eq!(code(&first), 0, "{first:?}");
    assert_eq!(out(&first).lines().count(), 5, "{first:?}");
    let place = desk.path(".config/caiying/calibration.toml");
    let written = Calibration::parse(&fs::read_to_string(&place).unwrap()).unwrap();
    assert!(!out(&first).contains("上次"), "there was none: {first:?}");

    let darker = desk.file("darker.jpg", &jpeg(&before([93, 184, 238])));
    let second = desk.run(&["calibrate", "--json", &darker]);
    let second: Value = serde_json::from_str(&out(&second)).unwrap();
    let light = second["change"]["light"].as_f64().unwrap();
    assert!((-6.0..-3.0).contains(&light), "{second}");
    assert!((2.0..6.0).contains(&second["off_profile"].as_f64().unwrap()), "{second}");
    assert_eq!(second["path"], place.to_str().unwrap());
    let old = fs::read_to_string(desk.path(".config/caiying/calibration.old.toml")).unwrap();
    assert_eq!(Calibration::parse(&old).unwrap(), written, "the last one is kept");

    let pitch = |arguments: &[&str]| {
        let made = desk.run(&[&["develop", "--json"], arguments, &[&shot]].concat());
        let line: Value = serde_json::from_str(&out(&made)).unwrap();
        let findings = line["findings"].as_array().unwrap().clone();
        findings.iter().find(|finding| finding["check"] == "pitch").unwrap()["value"].as_f64().unwrap()
    };
    // The second calibration is of the same person.
    assert!(pitch(&["--calibration", place.to_str().unwrap()]).abs() < 0.5);
    let tipped = Calibration { pitch_zero_deg: written.pitch_zero_deg + 12.0, ..written };
    let tipped = desk.file("tipped.toml", tipped.text().as_bytes());
    assert!((pitch(&["--calibration", &tipped]) + 12.0).abs() < 0.01);
    assert!(pitch(&[]).abs() < 10.0, "by itself it goes by the profile");
}

#[test]
fn a_bad_reference_and_a_spoilt_file_are_refused_in_a_line() {
    let desk = Desk::new();
    let bare = desk.file("bare.jpg", &jpeg(&cloth(1400, 1100)));
    let refused = desk.run(&["calibrate", &bare, "--out", "mine.toml"]);
    assert_eq!(code(&refused), 1, "{refused:?}");
    assert!(one_line(&refused).contains("没有校准"), "{refused:?}");
    assert!(!desk.path("mine.toml").exists());

    let shot = desk.file("reference.jpg", &jpeg(&well_seated()));
    assert_eq!(code(&desk.run(&["calibrate", &shot, "--out", "mine.toml"])), 0);
    let text = fs::read_to_string(desk.path("mine.toml")).unwrap();
    desk.file("mine.toml", text.replace("pitch_zero_deg = ", "pitch_zero_deg = 100").as_bytes());
    let refused = desk.run(&["develop", "--calibration", "mine.toml", &shot]);
    assert_eq!(code(&refused), 2, "{refused:?}");
    let said = one_line(&refused);
    assert!(said.contains("mine.toml") && said.contains("pitch_zero_deg"), "{said}");
    assert_eq!(code(&desk.run(&["develop", "--calibration", "nowhere.toml", &shot])), 2);

    // What cannot be read is told, and gives way to a new one.
    let mended = desk.run(&["calibrate", &shot, "--out", "mine.toml"]);
    assert_eq!(code(&mended), 0);
    assert!(one_line(&mended).contains("pitch_zero_deg"), "{mended:?}");
    assert!(Calibration::parse(&fs::read_to_string(desk.path("mine.toml")).unwrap()).is_ok());
}

#[test]
fn without_a_file_the_camera_shoots_the_reference() {
    let desk = Desk::new();
    let scene = Some(jpeg(&well_seated()));
    let body = VirtualCamera::start(&Options { scene, ..Options::default() }).unwrap();
    let made = desk.run(&["calibrate", "--camera", &body.gphoto_port(), "--out", "mine.toml", "--json"]);
    assert_eq!(code(&made), 0, "{made:?}");
    assert_eq!(body.exposures().len(), 1);
    let written = Calibration::parse(&fs::read_to_string(desk.path("mine.toml")).unwrap()).unwrap();
    assert_eq!(written.camera.as_deref(), Some("Canon EOS 80D"));
    let age_ms = Clock::start().now().0 - written.taken.0;
    assert!((-1000..600_000).contains(&age_ms), "{age_ms}");
}

fn told(view: &View, kind: TroubleKind) -> Option<String> {
    let trouble = view.troubles.iter().find(|trouble| trouble.kind == kind)?;
    Some(trouble.words.headline.zh.clone())
}

fn begin(store: &tempfile::TempDir, calibration: Option<Calibration>) -> Shift {
    let (clock, mut profile) = (Clock::start(), profile());
    profile.drift.portraits = 3;
    let (good, dark) = (jpeg(&well_seated()), jpeg(&before([93, 184, 238])));
    let pictures = vec![dark.clone(), dark.clone(), dark, good.clone(), good];
    let camera = Box::new(Plain::new(clock, pictures));
    let finder = Box::new(|| Ok(Box::new(ModelFinder::new()?) as _));
    let plain = setup(&store.path().join("store"), clock, camera, finder);
    let mut shift = Shift::begin(Setup { profile: Arc::new(profile), calibration, ..plain }).unwrap();
    until(&mut shift, "the camera is there", |view| view.camera.connected);
    shift
}

#[test]
fn a_day_that_drifts_is_told_and_is_quiet_again_when_it_is_mended() {
    let store = tempfile::tempdir().unwrap();
    let calibration = measured(&well_seated(), &profile()).unwrap();
    let hours_old = Moment(Clock::start().now().0 - 30 * 3_600_000);
    let mut shift = begin(&store, Some(Calibration { taken: hours_old, ..calibration }));
    assert!(told(&shift.view(), TroubleKind::Calibration).unwrap().contains("30 小时"), "of yesterday");
    for student in 1..=2 {
        keep(&mut shift, student);
        assert_eq!(told(&shift.view(), TroubleKind::Drift), None, "two portraits are no day");
        assert_eq!(told(&shift.view(), TroubleKind::Calibration), None, "told once");
    }
    keep(&mut shift, 3);
    assert!(told(&shift.view(), TroubleKind::Drift).unwrap().contains("背景比校准时暗了"));
    keep(&mut shift, 4);
    assert!(told(&shift.view(), TroubleKind::Drift).is_some(), "one good one does not mend a day");
    keep(&mut shift, 5);
    assert_eq!(told(&shift.view(), TroubleKind::Drift), None);
}

#[test]
fn without_a_calibration_nothing_is_said() {
    let store = tempfile::tempdir().unwrap();
    let mut shift = begin(&store, None);
    (1..=3).for_each(|student| keep(&mut shift, student));
    let view = shift.view();
    assert_eq!((told(&view, TroubleKind::Drift), told(&view, TroubleKind::Calibration)), (None, None));
}
