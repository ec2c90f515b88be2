//! 校准: a reference portrait is measured, other portraits are held against it, and a day that drifts is told.

use std::{fs, sync::Arc};

use caiying::{
    portrait::{
        Decline, Development, Enlarging, ModelFinder, NoReference, Portrait, References, Verdict, calibrate,
        develop, develop_with,
    },
    profile::Profile,
    screens::{DeskView, Place, ReferenceAsk, ReferenceStage, TroubleKind, View},
    settings::Calibration,
    shift::{Setup, Shift},
    shot::{Clock, Moment},
};
use image::{Rgb, RgbImage, imageops::blur};
use serde_json::Value;
use virtual_camera::{Options, VirtualCamera};

use crate::{
    command_line::{Desk, code, one_line, out},
    shifts::{Plain, keep, setup, show, until},
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
    let (good, dark) = (jpeg(&well_seated()), jpeg(&before([93, 184, 238])));
    begin_with(store, calibration, vec![dark.clone(), dark.clone(), dark, good.clone(), good])
}

fn begin_with(store: &tempfile::TempDir, calibration: Option<Calibration>, pictures: Vec<Vec<u8>>) -> Shift {
    let (clock, mut profile) = (Clock::start(), profile());
    profile.drift.portraits = 3;
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

/// How far the reference is that is made at the station.
fn stage(shift: &Shift) -> Option<ReferenceStage> {
    let DeskView::Checkup(checkup) = shift.view_at(Place::Checkup).desk else { panic!("not the checkup") };
    checkup.reference.as_ref().map(|reference| reference.stage.clone())
}

fn until_stage(shift: &mut Shift, what: &str, is: impl Fn(&ReferenceStage) -> bool) -> ReferenceStage {
    let since = std::time::Instant::now();
    loop {
        shift.pump();
        match stage(shift) {
            Some(stage) if is(&stage) => return stage,
            stage => assert!(since.elapsed().as_secs() < 60, "waited in vain until {what}: {stage:?}"),
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

fn ask(shift: &mut Shift, asks: &[ReferenceAsk]) {
    asks.iter().for_each(|ask| shift.reference_asks(*ask));
}

/// Nobody closes the window for it: the reference is shot where students will sit, and the next portrait is held against
/// it. Its shots are nobody's, and kept.
#[test]
fn a_reference_is_made_at_a_station_at_work() {
    use ReferenceAsk::{Begin, Fire};
    let (store, dark) = (tempfile::tempdir().unwrap(), before([93, 184, 238]));
    let (good, dark_file) = (jpeg(&well_seated()), jpeg(&dark));
    let mut shift = begin_with(&store, None, vec![jpeg(&cloth(1400, 1100)), dark_file, good]);
    shift.look_at(Place::Checkup);
    ask(&mut shift, &[Fire]);
    assert_eq!(stage(&shift), None, "nobody asked for one");

    ask(&mut shift, &[Begin, Fire, Fire]);
    let refused = until_stage(&mut shift, "the bare cloth is refused", |stage| {
        matches!(stage, ReferenceStage::Awaited(Some(_)))
    });
    let ReferenceStage::Awaited(Some(words)) = refused else { unreachable!() };
    assert!(words.headline.zh.contains("没有校准"), "{words:?}");
    assert_eq!(shift.measured_reference(), None);

    ask(&mut shift, &[Fire]);
    let made =
        until_stage(&mut shift, "it is measured", |stage| matches!(stage, ReferenceStage::Measured(_)));
    let ReferenceStage::Measured(made) = made else { unreachable!() };
    assert_eq!(made.lines.len(), 4);
    let calibration = shift.measured_reference().unwrap().clone();
    assert_eq!(calibration.cloth, measured(&dark, &profile()).unwrap().cloth);
    until(&mut shift, "both shots are kept as strays", |view| view.tally.strays == 2);
    assert_eq!(shift.heard(), (0, None), "a reference is no stray that anybody need be told of");
    assert!(shift.view().last.is_empty() && shift.view().tally.students == 0);

    // Only what is written down counts.
    assert!(stage(&shift).is_some());
    shift.reference_kept();
    assert_eq!(stage(&shift), None);
    keep(&mut shift, 1);
    let findings = shift.view().portrait.unwrap().findings;
    let pitch = findings.iter().find(|finding| finding.check == "pitch").unwrap().answer.value;
    let against = held_against(&well_seated(), &References::from(&calibration));
    assert_eq!(pitch.to_bits(), value(&against, "pitch").0.to_bits(), "held against the reference");
    assert_ne!(pitch.to_bits(), value(&developed(&well_seated()).outcome.unwrap(), "pitch").0.to_bits());
    (2..=3).for_each(|student| keep(&mut shift, student));
    assert!(told(&shift.view(), TroubleKind::Drift).unwrap().contains("背景比校准时亮了"));
}

/// The shutter that was fired for the reference is nobody's, whoever sits down before its file comes.
#[test]
fn whoever_shows_his_code_meanwhile_sits_down_and_gets_his_own_shots_only() {
    use ReferenceAsk::{Begin, Fire};
    let store = tempfile::tempdir().unwrap();
    let mut shift = begin_with(&store, None, vec![jpeg(&well_seated())]);
    shift.look_at(Place::Checkup);
    ask(&mut shift, &[Begin, Fire]);
    show(&mut shift, 1);
    assert_eq!(stage(&shift), None, "the reference is over");
    let view = until(&mut shift, "its file comes", |view| view.tally.strays == 1);
    assert!(view.portrait.is_none() && view.student.is_some_and(|student| student.takes == 0));
    ask(&mut shift, &[Begin, Fire]);
    assert_eq!(stage(&shift), None, "somebody sits");
    keep(&mut shift, 1);
    assert_eq!(stage(&shift), None);
    // Whoever turns to another screen makes none either, and a passer-by does not.
    ask(&mut shift, &[Begin]);
    assert!(stage(&shift).is_some());
    shift.look_at(Place::Capture);
    assert_eq!(stage(&shift), None);
    shift.look_at(Place::Checkup);
    ask(&mut shift, &[Begin]);
    shift.log_out();
    assert_eq!(stage(&shift), None, "what one began is not the next one's");
    ask(&mut shift, &[Begin]);
    assert_eq!(stage(&shift), None, "nobody has logged in");
}
